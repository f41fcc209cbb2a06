-- Payments at gateways: tries, messages, what was taken, what goes back (slice payments).

-- One try to pay, committed before anybody is sent to the provider: its id is the provider's key.
create table payment_attempts (
    id uuid constraint payment_attempts_pk primary key,
    payment_id uuid not null constraint payment_attempts_payment_fk references payments,
    provider text not null constraint payment_attempts_provider check (provider in ('vnpay', 'momo')),
    -- What was due when the buyer was sent there.
    amount_vnd bigint not null constraint payment_attempts_amount check (amount_vnd > 0),
    -- open: nobody knows yet; captured: the provider took money; failed: it says that it did not and will not.
    status text not null default 'open' constraint payment_attempts_status
        check (status in ('open', 'captured', 'failed')),
    -- Where the buyer pays; null until the provider has said so.
    pay_url text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    -- When its result was last asked for, and how often.
    queried_at timestamptz,
    queries integer not null default 0,
    decided_at timestamptz,
    constraint payment_attempts_decided check ((status = 'open') = (decided_at is null))
);
create index payment_attempts_payment on payment_attempts (payment_id, id);

-- Money a provider took: one transaction there.
create table payment_captures (
    id uuid constraint payment_captures_pk primary key,
    attempt_id uuid not null constraint payment_captures_attempt_fk references payment_attempts,
    provider text not null constraint payment_captures_provider check (provider in ('vnpay', 'momo')),
    -- Its number there.
    provider_ref text not null,
    amount_vnd bigint not null constraint payment_captures_amount check (amount_vnd > 0),
    -- Promised back, whether it has arrived or not: counted under the payment's lock.
    refunded_vnd bigint not null default 0,
    at timestamptz not null,
    constraint payment_captures_once unique (provider, provider_ref),
    constraint payment_captures_refunded check (refunded_vnd between 0 and amount_vnd)
);
create index payment_captures_attempt on payment_captures (attempt_id);

-- Which of them paid an order's share, where a gateway did.
alter table payment_allocations
    add column capture_id uuid constraint payment_allocations_capture_fk references payment_captures;

-- Money to be given back; its id is the provider's key.
create table refunds (
    id uuid constraint refunds_pk primary key,
    payment_id uuid not null constraint refunds_payment_fk references payments,
    -- None for money that paid no order.
    order_id uuid constraint refunds_order_fk references orders,
    -- From which capture a gateway gives it back; none where the shop has the money.
    capture_id uuid constraint refunds_capture_fk references payment_captures,
    channel text not null constraint refunds_channel check (channel in ('gateway', 'shop')),
    amount_vnd bigint not null constraint refunds_amount check (amount_vnd >= 0),
    reason text not null constraint refunds_reason check (reason in ('cancelled', 'returned', 'dispute', 'excess')),
    -- promised; arrived: the buyer has it; stuck: the provider refuses, a person must look at it.
    status text not null constraint refunds_status check (status in ('promised', 'arrived', 'stuck')),
    -- By when the shop must have given it back.
    due_at timestamptz,
    -- When the provider was last told, and how often.
    sent_at timestamptz,
    tries integer not null default 0,
    -- The provider was told and may have carried it out without our knowing.
    in_doubt boolean not null default false,
    provider_ref text,
    created_at timestamptz not null,
    arrived_at timestamptz,
    constraint refunds_gateway check ((channel = 'gateway') = (capture_id is not null)),
    constraint refunds_arrived check ((status = 'arrived') = (arrived_at is not null)),
    constraint refunds_in_doubt check (not in_doubt or channel = 'gateway' and status <> 'arrived')
);
-- Asked about a sale, a provider may tell of its latest refund only: while one is in doubt, no other is sent.
create unique index refunds_one_in_doubt on refunds (capture_id) where in_doubt;
create index refunds_payment on refunds (payment_id);
create index refunds_order on refunds (order_id, id);

-- What fits nothing by itself and waits for a person.
create table payment_exceptions (
    id uuid constraint payment_exceptions_pk primary key,
    kind text not null constraint payment_exceptions_kind
        check (kind in ('amount_mismatch', 'unknown_attempt', 'refund_stuck', 'stray_transfer')),
    -- Null where a bank has the money.
    provider text constraint payment_exceptions_provider check (provider in ('vnpay', 'momo')),
    provider_ref text not null,
    amount_vnd bigint not null,
    -- Money that is held.
    capture_id uuid constraint payment_exceptions_capture_key unique
        constraint payment_exceptions_capture_fk references payment_captures,
    -- Money that does not go back.
    refund_id uuid constraint payment_exceptions_refund_fk references refunds,
    opened_at timestamptz not null,
    resolution text constraint payment_exceptions_resolution check (resolution in ('apply', 'refund', 'arrived', 'note')),
    words text,
    resolved_by uuid constraint payment_exceptions_officer_fk references accounts,
    resolved_at timestamptz,
    constraint payment_exceptions_resolved
        check (num_nonnulls(resolution, words, resolved_by, resolved_at) in (0, 4)),
    constraint payment_exceptions_subject
        check (case kind when 'amount_mismatch' then capture_id is not null and refund_id is null
                         when 'refund_stuck' then refund_id is not null and capture_id is null
                         else capture_id is null and refund_id is null end),
    constraint payment_exceptions_stray check ((kind = 'stray_transfer') = (provider is null))
);
create unique index payment_exceptions_unknown on payment_exceptions (provider, provider_ref)
    where kind = 'unknown_attempt';
create index payment_exceptions_open on payment_exceptions (id) where resolved_at is null;
