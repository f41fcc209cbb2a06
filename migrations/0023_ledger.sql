-- The books (slice ledger): double entry, written once. An entry moves an amount from one account to another, so every
-- transfer sums to zero by its shape, and a balance is a fold.

create table ledger_transfers (
    id uuid constraint ledger_transfers_pk primary key,
    kind text not null constraint ledger_transfers_kind
        check (kind in ('capture', 'sale', 'reversal', 'refund', 'remittance', 'payout', 'payout_settlement',
                        'payout_return', 'offset', 'correction')),
    -- What caused it: a payment's capture, an order, a refund, a remittance line, a payout.
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
create trigger ledger_transfers_append_only before update or delete on ledger_transfers
    for each statement execute function refuse_change();
create trigger ledger_entries_append_only before update or delete on ledger_entries
    for each statement execute function refuse_change();
