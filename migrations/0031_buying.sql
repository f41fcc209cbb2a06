-- Buying: guests (slice identity), saved addresses and invoices (rooms of slice orders), prices by quantity and caps
-- (slice catalogue's offers).

-- A guest has no contact and no password: one session, in which to buy and nothing else.
alter table accounts
    add column guest boolean not null default false,
    alter column password_hash drop not null,
    add constraint accounts_password check (guest = (password_hash is null));
create index accounts_guests on accounts (created_at) where guest;
insert into deadlines (kind, effective_from, hours, legal_basis)
-- Longer than an order takes: to the end of the time to ask for a return, and of what follows from it.
values ('session.guest', '2026-07-01', 1440, 'Quy chế sàn (phiên mua hàng của khách không có tài khoản)');

create table addresses (
    id uuid constraint addresses_pk primary key,
    account_id uuid not null constraint addresses_account_fk references accounts on delete cascade,
    recipient text not null,
    phone text not null,
    commune_code text not null,
    province_code text not null,
    street text not null,
    -- The one a checkout takes unless it names another.
    is_default boolean not null,
    created_at timestamptz not null,
    constraint addresses_commune_fk foreign key (commune_code, province_code) references communes (code, province_code)
);
create index addresses_account on addresses (account_id, id);
create unique index addresses_one_default on addresses (account_id) where is_default;

-- Whom the buyer wants invoices made out to, as asked for with the quote.
create table invoice_requests (
    checkout_id uuid constraint invoice_requests_pk primary key
        constraint invoice_requests_checkout_fk references checkouts on delete cascade,
    name text not null,
    tax_code text constraint invoice_requests_tax_code check (tax_code ~ '^[0-9]{10}(-[0-9]{3})?$'),
    -- Of a person, who has no tax code.
    personal_id_sealed bytea,
    email text not null,
    address text,
    constraint invoice_requests_one_number check (num_nonnulls(tax_code, personal_id_sealed) = 1)
);
-- The invoice the shop made out for its order.
create table invoices (
    order_id uuid constraint invoices_pk primary key constraint invoices_order_fk references orders,
    number text not null,
    issued_on date not null,
    recorded_by uuid not null constraint invoices_recorded_by_fk references accounts,
    recorded_at timestamptz not null
);

-- From so many on one costs less.
create table variant_price_breaks (
    variant_id uuid not null constraint variant_price_breaks_variant_fk references variants,
    from_quantity integer not null constraint variant_price_breaks_quantity check (from_quantity between 2 and 999),
    price_vnd bigint not null constraint variant_price_breaks_price check (price_vnd >= 0),
    constraint variant_price_breaks_pk primary key (variant_id, from_quantity)
);

-- How many one buyer gets, with one order and within so many days.
create table variant_caps (
    variant_id uuid constraint variant_caps_pk primary key constraint variant_caps_variant_fk references variants,
    per_order integer constraint variant_caps_per_order check (per_order > 0),
    per_period integer constraint variant_caps_per_period check (per_period > 0),
    period_days integer constraint variant_caps_days check (period_days between 1 and 365),
    constraint variant_caps_period check ((per_period is null) = (period_days is null)),
    constraint variant_caps_some check (num_nonnulls(per_order, per_period) > 0)
);
