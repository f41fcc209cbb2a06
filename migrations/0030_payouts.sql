-- Payouts (slice payouts): money gateways hold, on its way to the shops whose it is.

-- What a payout must come to, and what it costs the shop.
create table payout_rules (
    effective_from date constraint payout_rules_pk primary key,
    effective_to date,
    minimum_vnd bigint not null constraint payout_rules_minimum check (minimum_vnd > 0),
    fee_vnd bigint not null constraint payout_rules_fee check (fee_vnd >= 0),
    legal_basis text not null,
    constraint payout_rules_order check (effective_to is null or effective_to > effective_from)
);
insert into payout_rules (effective_from, minimum_vnd, fee_vnd, legal_basis)
values ('2026-07-01', 50000, 0, 'Quy chế sàn (đối soát với đơn vị trung gian thanh toán; Nghị định 52/2024/NĐ-CP)');

insert into deadlines (kind, effective_from, hours, legal_basis)
values ('payout.account_reminder', '2026-07-01', 168, 'Quy chế sàn (nhắc gian hàng khai tài khoản nhận tiền)');

-- The row is the intent: it is committed before the partner is asked, and its id is the key there.
create table payouts (
    id uuid constraint payouts_pk primary key,
    seller_id uuid not null constraint payouts_seller_fk references sellers,
    provider text not null constraint payouts_provider check (provider in ('vnpay', 'momo')),
    -- What its orders bring.
    gross_vnd bigint not null constraint payouts_gross check (gross_vnd > 0),
    -- What of it pays for what the shop owed.
    offset_vnd bigint not null constraint payouts_offset check (offset_vnd between 0 and gross_vnd),
    fee_vnd bigint not null constraint payouts_fee check (fee_vnd >= 0),
    -- What is sent.
    amount_vnd bigint not null,
    -- Where it is sent; none where all of it was set off.
    bank_account_id uuid constraint payouts_account_fk references bank_accounts,
    -- sending: nobody knows yet whether it has arrived; failed: it came back, and its orders wait for another payout.
    status text not null constraint payouts_status check (status in ('sending', 'succeeded', 'failed')),
    -- In the partner's words.
    reason text,
    -- How often the partner was asked, and when last.
    tries integer not null default 0,
    asked_at timestamptz,
    created_at timestamptz not null,
    settled_at timestamptz,
    -- The payout an officer had made in its place.
    replaced_by uuid constraint payouts_replaced_key unique constraint payouts_replaced_fk references payouts,
    constraint payouts_sum check (amount_vnd = gross_vnd - offset_vnd - fee_vnd and amount_vnd >= 0),
    constraint payouts_account check ((amount_vnd > 0) = (bank_account_id is not null)),
    constraint payouts_settled check ((status = 'sending') = (settled_at is null)),
    constraint payouts_reason check ((status = 'failed') = (reason is not null)),
    constraint payouts_replaced check (replaced_by is null or status = 'failed')
);
create index payouts_seller on payouts (seller_id, id desc);
create index payouts_sending on payouts (asked_at) where status = 'sending';
-- One at a time: the next one waits until it is known what became of this one.
create unique index payouts_one_at_a_time on payouts (seller_id, provider) where status = 'sending';

-- What a payout carries of an order's money. Less than nothing where more had been paid out than is left after a refund.
create table payout_items (
    payout_id uuid not null constraint payout_items_payout_fk references payouts,
    order_id uuid not null constraint payout_items_order_fk references orders,
    amount_vnd bigint not null constraint payout_items_amount check (amount_vnd <> 0),
    constraint payout_items_pk primary key (payout_id, order_id)
);
create index payout_items_order on payout_items (order_id);
create trigger payout_items_append_only before update or delete on payout_items
    for each statement execute function refuse_change();

-- When a shop was last asked for an account to pay to.
create table payout_reminders (
    seller_id uuid constraint payout_reminders_pk primary key constraint payout_reminders_seller_fk references sellers,
    told_at timestamptz not null
);
