-- The books (slice ledger): double entry, written once. An entry moves an amount from one account to another, so every
-- transfer sums to zero by its shape, and a balance is a fold.

create table ledger_transfers (
    id uuid constraint ledger_transfers_pk primary key,
    kind text not null constraint ledger_transfers_kind
        check (kind in ('capture', 'sale', 'reversal', 'refund', 'remittance', 'carrier_fee', 'suspense', 'suspense_release',
                        'payout', 'payout_settlement', 'payout_return', 'offset', 'correction')),
    -- What caused it: a payment's capture, an order, a refund, a parcel, a row of a carrier's list, an entry
    -- of a review list, a payout.
    subject_id uuid not null,
    at timestamptz not null,
    constraint ledger_transfers_once unique (kind, subject_id)
);

create table ledger_entries (
    transfer_id uuid not null constraint ledger_entries_transfer_fk references ledger_transfers,
    seq smallint not null,
    debit text not null constraint ledger_entries_debit check (debit ~ '^[a-z_]+(:[a-z0-9-]+)?$'),
    credit text not null constraint ledger_entries_credit check (credit ~ '^[a-z_]+(:[a-z0-9-]+)?$'),
    amount_vnd bigint not null constraint ledger_entries_amount check (amount_vnd > 0),
    order_id uuid constraint ledger_entries_order_fk references orders,
    order_line_id uuid constraint ledger_entries_order_line_fk references order_lines,
    -- That of the transfer, where the folds look for it.
    at timestamptz not null,
    constraint ledger_entries_pk primary key (transfer_id, seq),
    constraint ledger_entries_two_accounts check (debit <> credit)
);
create index ledger_entries_debit on ledger_entries (debit, at);
create index ledger_entries_credit on ledger_entries (credit, at);
create index ledger_entries_order on ledger_entries (order_id) where order_id is not null;
create trigger ledger_transfers_append_only before update or delete or truncate on ledger_transfers
    for each statement execute function refuse_change();
create trigger ledger_entries_append_only before update or delete or truncate on ledger_entries
    for each statement execute function refuse_change();

-- Months that are closed, by the first instant after them. Nothing is posted into one any more, so what was read from it
-- (a statement, a return) stays true.
create table ledger_months (
    until timestamptz constraint ledger_months_pk primary key,
    closed_at timestamptz not null,
    constraint ledger_months_over check (closed_at >= until)
);
-- What stood on each account at the end of a closed month: debits less credits of everything before; nothing is no row.
create table ledger_snapshots (
    until timestamptz not null constraint ledger_snapshots_month_fk references ledger_months,
    account text not null,
    balance_vnd bigint not null constraint ledger_snapshots_balance check (balance_vnd <> 0),
    constraint ledger_snapshots_pk primary key (until, account)
);
create trigger ledger_months_append_only before update or delete or truncate on ledger_months
    for each statement execute function refuse_change();
create trigger ledger_snapshots_append_only before update or delete or truncate on ledger_snapshots
    for each statement execute function refuse_change();

create function refuse_closed_month() returns trigger language plpgsql as $$
begin
    if exists (select 1 from posted where at < (select max(until) from ledger_months)) then
        raise exception 'the month is closed' using errcode = 'integrity_constraint_violation';
    end if;
    return null;
end
$$;
create trigger ledger_transfers_open_month after insert on ledger_transfers
    referencing new table as posted for each statement execute function refuse_closed_month();
create trigger ledger_entries_open_month after insert on ledger_entries
    referencing new table as posted for each statement execute function refuse_closed_month();

-- What the books say about the buyer's money of an order: what came, what became the shop's, what was taken back from the
-- shop, and what went back to the buyer.
create view order_books as
select order_id,
       coalesce(sum(amount_vnd) filter (where kind = 'capture' and credit = 'buyer_funds'), 0)::bigint as captured_vnd,
       coalesce(sum(amount_vnd) filter (where kind = 'sale' and debit = 'buyer_funds'), 0)::bigint as sold_vnd,
       coalesce(sum(amount_vnd) filter (where kind = 'reversal' and credit = 'buyer_funds'), 0)::bigint as taken_back_vnd,
       coalesce(sum(amount_vnd) filter (where kind = 'refund' and debit = 'buyer_funds'), 0)::bigint as given_back_vnd
  from ledger_entries
  join ledger_transfers on ledger_transfers.id = transfer_id
 where order_id is not null
   and 'buyer_funds' in (debit, credit)
 group by order_id;
