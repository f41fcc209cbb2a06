-- Stock (slice inventory), orders, payments.

create table stock (
    variant_id uuid constraint stock_pk primary key constraint stock_variant_fk references variants,
    -- What lies in the shop, what is held for unpaid orders with it.
    on_hand integer not null,
    -- Of that, what unpaid orders hold: the sum of the open stock_holds. The rest is for sale.
    held integer not null default 0,
    -- The shop wants a letter when no more than this is for sale.
    notice_at integer constraint stock_notice_at check (notice_at >= 0),
    -- It was written; until somebody counts more than that.
    noticed boolean not null default false,
    constraint stock_held check (held between 0 and on_hand)
);

create table stock_movements (
    id uuid constraint stock_movements_pk primary key,
    variant_id uuid not null constraint stock_movements_variant_fk references variants,
    kind text not null,
    -- Changes of what is on hand, and of what is held.
    quantity integer not null,
    held integer not null default 0,
    order_id uuid,
    account_id uuid constraint stock_movements_account_fk references accounts,
    at timestamptz not null,
    constraint stock_movements_kind check (
        case kind
            when 'set' then held = 0 and order_id is null
            when 'hold' then quantity = 0 and held > 0 and order_id is not null
            when 'hold_released' then quantity = 0 and held < 0 and order_id is not null
            when 'sale' then quantity < 0 and held in (0, quantity) and order_id is not null
            when 'return_of_cancelled' then quantity > 0 and held = 0 and order_id is not null
            when 'return_of_refused' then quantity > 0 and held = 0 and order_id is not null
            -- What a buyer sent back, in parts.
            when 'return' then quantity > 0 and held = 0 and order_id is not null
            else false
        end)
);
-- An order holds, takes and gives back its stock once; only what a buyer sends back comes in parts.
create unique index stock_movements_once on stock_movements (order_id, variant_id, kind) where kind <> 'return';
create index stock_movements_variant on stock_movements (variant_id, at);
create trigger stock_movements_append_only before update or delete on stock_movements
    for each statement execute function refuse_change();

-- What unpaid orders hold; a hold ends once, sold or released.
create table stock_holds (
    order_id uuid not null,
    variant_id uuid not null constraint stock_holds_variant_fk references stock,
    quantity integer not null constraint stock_holds_quantity check (quantity > 0),
    -- Until when at least; then the order's own deadline is looked at.
    until timestamptz not null,
    ended_at timestamptz,
    constraint stock_holds_pk primary key (order_id, variant_id)
);
create index stock_holds_open on stock_holds (variant_id) where ended_at is null;

create table cart_items (
    account_id uuid not null constraint cart_items_account_fk references accounts on delete cascade,
    variant_id uuid not null constraint cart_items_variant_fk references variants,
    quantity integer not null constraint cart_items_quantity check (quantity between 1 and 999),
    -- The price when it was put in: a cart says when it has changed since.
    seen_price_vnd bigint not null constraint cart_items_seen_price check (seen_price_vnd >= 0),
    added_at timestamptz not null,
    constraint cart_items_pk primary key (account_id, variant_id)
);

create table checkouts (
    id uuid constraint checkouts_pk primary key,
    account_id uuid not null constraint checkouts_account_fk references accounts,
    status text not null default 'quoted' constraint checkouts_status check (status in ('quoted', 'placed')),
    recipient text not null,
    phone text not null,
    province_code text not null,
    commune_code text not null,
    -- The names of that day, as they stand on the parcel.
    province_name text not null,
    commune_name text not null,
    street text not null,
    note text,
    -- What the buyer stated where a sale needs a minimum age.
    stated_age smallint constraint checkouts_stated_age check (stated_age between 1 and 150),
    goods_vnd bigint not null,
    shipping_vnd bigint not null,
    total_vnd bigint not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    placed_at timestamptz,
    constraint checkouts_commune_fk foreign key (commune_code, province_code) references communes (code, province_code),
    constraint checkouts_total check (total_vnd = goods_vnd + shipping_vnd and goods_vnd >= 0 and shipping_vnd >= 0),
    constraint checkouts_placed check ((status = 'placed') = (placed_at is not null))
);
create index checkouts_account on checkouts (account_id, created_at);
create index checkouts_phone on checkouts (phone) where status = 'placed';
create index checkouts_forgettable on checkouts (expires_at) where status = 'quoted';

-- What was quoted: one order per seller, one line per variant.
create table checkout_parts (
    checkout_id uuid not null constraint checkout_parts_checkout_fk references checkouts on delete cascade,
    seller_id uuid not null constraint checkout_parts_seller_fk references sellers,
    seller_slug text not null,
    seller_name text not null,
    province_code text not null,
    grams integer not null,
    parcels smallint not null constraint checkout_parts_parcels check (parcels > 0),
    shipping_vnd bigint not null,
    -- What the shop bears of the shipping besides.
    shipping_waived_vnd bigint not null constraint checkout_parts_waived check (shipping_waived_vnd >= 0),
    days_min smallint not null,
    days_max smallint not null,
    demo boolean not null,
    constraint checkout_parts_pk primary key (checkout_id, seller_id)
);
create table checkout_lines (
    checkout_id uuid not null constraint checkout_lines_checkout_fk references checkouts on delete cascade,
    variant_id uuid not null constraint checkout_lines_variant_fk references variants,
    seller_id uuid not null,
    listing_id uuid not null constraint checkout_lines_listing_fk references listings,
    listing_slug text not null,
    title text not null,
    variant_name text not null,
    sku text not null,
    quantity integer not null constraint checkout_lines_quantity check (quantity between 1 and 999),
    unit_price_vnd bigint not null,
    cash_allowed boolean not null,
    constraint checkout_lines_pk primary key (checkout_id, variant_id),
    constraint checkout_lines_part_fk foreign key (checkout_id, seller_id) references checkout_parts on delete cascade
);

create table orders (
    id uuid constraint orders_pk primary key,
    -- For people, on parcels and on the phone.
    number text not null constraint orders_number_key unique,
    checkout_id uuid not null constraint orders_checkout_fk references checkouts,
    seller_id uuid not null constraint orders_seller_fk references sellers,
    seller_slug text not null,
    seller_name text not null,
    account_id uuid not null constraint orders_account_fk references accounts,
    status text not null constraint orders_status
        check (status in ('awaiting_payment', 'placed', 'accepted', 'packed', 'shipped', 'delivered', 'completed',
                          'cancelled', 'returning', 'returned')),
    method text not null default 'cod' constraint orders_method check (method in ('cod', 'vietqr', 'vnpay', 'momo')),
    -- The shop's province of that day: whose officers and whose tax return it belongs to.
    province_code text not null constraint orders_province_fk references provinces,
    goods_vnd bigint not null,
    -- What vouchers took off the goods, whoever bears it.
    discount_vnd bigint not null default 0,
    shipping_vnd bigint not null,
    total_vnd bigint not null,
    demo boolean not null default false,
    placed_at timestamptz not null,
    -- When it was paid; of an order paid on delivery: when the carrier collected.
    paid_at timestamptz,
    -- The time to accept begins once a shop may act: at placement in cash, else with the payment.
    accept_by timestamptz,
    ship_by timestamptz,
    -- When the shop must have said that what nobody took is back.
    back_by timestamptz,
    -- When the shop was told that it can be accepted.
    shop_told_at timestamptz,
    -- When both sides were asked whether it arrived.
    arrival_asked_at timestamptz,
    -- Which deadline the shop was reminded of last.
    reminded_of text constraint orders_reminded_of check (reminded_of in ('acceptance', 'shipment', 'receipt')),
    delivered_at timestamptz,
    complete_at timestamptz,
    closed_at timestamptz,
    cancel_reason text constraint orders_cancel_reason check (cancel_reason in ('buyer', 'seller', 'not_accepted', 'not_shipped', 'not_paid', 'taken_down')),
    constraint orders_once_per_seller unique (checkout_id, seller_id),
    constraint orders_total check (total_vnd = goods_vnd - discount_vnd + shipping_vnd and goods_vnd >= 0
                                   and shipping_vnd >= 0 and discount_vnd between 0 and goods_vnd),
    constraint orders_cancelled check ((status = 'cancelled') = (cancel_reason is not null)),
    -- Only what was to be paid in advance ever waits for money, and a shop acts only when its time has begun.
    constraint orders_awaiting check (status <> 'awaiting_payment' or method <> 'cod'),
    constraint orders_accept_by check (status in ('awaiting_payment', 'cancelled') or accept_by is not null),
    constraint orders_ship_by check (status not in ('accepted', 'packed') or ship_by is not null),
    constraint orders_back_by check (status <> 'returning' or back_by is not null),
    constraint orders_paid check (paid_at is not null or method = 'cod' or status in ('awaiting_payment', 'cancelled')),
    constraint orders_delivered check (status not in ('delivered', 'completed')
                                       or delivered_at is not null and paid_at is not null)
);
create index orders_account on orders (account_id, id desc);
create index orders_seller on orders (seller_id, id desc);
alter table stock_movements add constraint stock_movements_order_fk foreign key (order_id) references orders;
alter table stock_holds add constraint stock_holds_order_fk foreign key (order_id) references orders;
-- What somebody agreed to pay never changes.
create trigger orders_agreed
    before update of checkout_id, seller_id, account_id, number, method, province_code, goods_vnd, discount_vnd,
                     shipping_vnd, total_vnd or delete on orders
    for each statement execute function refuse_change();

-- Everything a line says is frozen at placement.
create table order_lines (
    id uuid constraint order_lines_pk primary key,
    order_id uuid not null constraint order_lines_order_fk references orders,
    variant_id uuid not null constraint order_lines_variant_fk references variants,
    listing_id uuid not null constraint order_lines_listing_fk references listings,
    listing_slug text not null,
    title text not null,
    variant_name text not null,
    sku text not null,
    unit_price_vnd bigint not null,
    quantity integer not null constraint order_lines_quantity check (quantity between 1 and 999),
    -- Before discounts.
    amount_vnd bigint not null,
    -- What vouchers took off, and how much of that the shop itself bears; see order_line_discounts for the others.
    discount_vnd bigint not null default 0,
    discount_by_seller_vnd bigint not null default 0,
    -- Its share of the order's shipping.
    shipping_share_vnd bigint not null default 0,
    -- Charges and their basis, as of placement: `amount_vnd - discount_by_seller_vnd`.
    basis_vnd bigint not null default 0,
    commission_bps integer not null default 0,
    commission_vnd bigint not null default 0,
    vat_bps integer not null default 0,
    vat_vnd bigint not null default 0,
    pit_bps integer not null default 0,
    pit_vnd bigint not null default 0,
    -- What says so, and whether it is settled law; null where nothing is withheld.
    tax_basis text,
    tax_provisional boolean not null default false,
    constraint order_lines_discount check (discount_vnd between 0 and amount_vnd
                                           and discount_by_seller_vnd between 0 and discount_vnd),
    constraint order_lines_once unique (order_id, variant_id),
    constraint order_lines_amount check (amount_vnd = unit_price_vnd * quantity)
);
create index order_lines_listing on order_lines (listing_id);
create trigger order_lines_frozen before update or delete on order_lines
    for each statement execute function refuse_change();

-- What a bearer other than the shop pays of a line's discount.
create table order_line_discounts (
    order_line_id uuid not null constraint order_line_discounts_line_fk references order_lines,
    -- 'platform', or the code of the province whose programme it is.
    bearer text not null,
    amount_vnd bigint not null constraint order_line_discounts_amount check (amount_vnd > 0),
    constraint order_line_discounts_pk primary key (order_line_id, bearer)
);
create trigger order_line_discounts_frozen before update or delete on order_line_discounts
    for each statement execute function refuse_change();

create table order_events (
    order_id uuid not null constraint order_events_order_fk references orders,
    seq smallint not null,
    status text not null,
    by text not null constraint order_events_by check (by in ('buyer', 'seller', 'system', 'authority', 'carrier', 'bank')),
    account_id uuid constraint order_events_account_fk references accounts,
    at timestamptz not null,
    constraint order_events_pk primary key (order_id, seq)
);
create trigger order_events_append_only before update or delete on order_events
    for each statement execute function refuse_change();

-- A payment is one act of paying: of a whole checkout in cash or at a gateway, of a single order by bank transfer.
create table payments (
    id uuid constraint payments_pk primary key,
    checkout_id uuid not null constraint payments_checkout_fk references checkouts,
    method text not null constraint payments_method check (method in ('cod', 'vietqr', 'vnpay', 'momo')),
    amount_vnd bigint not null constraint payments_amount check (amount_vnd >= 0),
    -- What it stands at a provider or in a bank transfer's words by; none in cash.
    reference text constraint payments_reference_key unique,
    pay_by timestamptz,
    created_at timestamptz not null
);
create index payments_checkout on payments (checkout_id);

create table payment_allocations (
    payment_id uuid not null constraint payment_allocations_payment_fk references payments,
    order_id uuid not null constraint payment_allocations_order_fk references orders,
    amount_vnd bigint not null constraint payment_allocations_amount check (amount_vnd >= 0),
    -- due: to be paid; captured: a gateway or the shop has it; collected: the carrier has it; remitted: the carrier gave
    -- it to the shop; void: never to be paid.
    status text not null constraint payment_allocations_status
        check (status in ('due', 'captured', 'collected', 'remitted', 'void')),
    captured_vnd bigint not null default 0,
    -- Promised back, whether it has arrived or not: refunds are counted here under the payment's lock.
    refunded_vnd bigint not null default 0,
    -- What of it payouts have carried to the shop, less charges: while that is less than the shop's balance of the order,
    -- the gateway has money of it.
    paid_out_vnd bigint not null default 0,
    paid_at timestamptz,
    constraint payment_allocations_pk primary key (payment_id, order_id),
    constraint payment_allocations_captured check (captured_vnd in (0, amount_vnd)),
    constraint payment_allocations_refunded check (refunded_vnd between 0 and captured_vnd)
);
create unique index payment_allocations_order on payment_allocations (order_id);
