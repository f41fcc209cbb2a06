//! The tables `ledger_transfers`, `ledger_entries`, `ledger_months` and `ledger_snapshots`.

pub mod balances;
pub mod months;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Account, Transfer, TransferKind};
use crate::kernel::{OrderId, OrderLineId, TransferId, Vnd};
use crate::platform::error::Result;

/// Posts the transfers, however many they are, in two statements. One without entries is left out. A transfer that was
/// posted before breaks `ledger_transfers_once`, which is a fault: whoever posts holds the lock of its cause.
pub async fn post(conn: &mut PgConnection, transfers: &[Transfer], now: DateTime<Utc>) -> Result<()> {
    let moving: Vec<(TransferId, &Transfer)> = transfers
        .iter()
        .filter(|transfer| !transfer.entries.is_empty())
        .map(|transfer| (TransferId::new(now), transfer))
        .collect();
    if moving.is_empty() {
        return Ok(());
    }
    let ids: Vec<TransferId> = moving.iter().map(|(id, _)| *id).collect();
    let kinds: Vec<TransferKind> = moving.iter().map(|(_, transfer)| transfer.kind).collect();
    let subjects: Vec<Uuid> = moving.iter().map(|(_, transfer)| transfer.subject).collect();
    sqlx::query!(
        "insert into ledger_transfers (id, kind, subject_id, at)
         select id, kind, subject_id, $4
           from unnest($1::uuid[], $2::text[], $3::uuid[]) as transfer (id, kind, subject_id)",
        &ids as _,
        &kinds as _,
        &subjects,
        now,
    )
    .execute(&mut *conn)
    .await?;
    insert_entries(conn, &moving, now).await
}

/// What stands on the account for one order: its debits less its credits, as in every balance.
pub async fn balance_of_order(conn: &mut PgConnection, account: &Account, order: OrderId) -> Result<Vnd> {
    let balance = sqlx::query_scalar!(
        r#"select coalesce(sum(case when debit = $2 then amount_vnd else -amount_vnd end), 0)::bigint as "balance!: Vnd"
             from ledger_entries
            where order_id = $1
              and $2 in (debit, credit)"#,
        order as _,
        account.to_string(),
    )
    .fetch_one(conn)
    .await?;
    Ok(balance)
}

async fn insert_entries(conn: &mut PgConnection, moving: &[(TransferId, &Transfer)], now: DateTime<Utc>) -> Result<()> {
    let entries = || {
        moving
            .iter()
            .flat_map(|(id, transfer)| transfer.entries.iter().zip(0_i16..).map(move |(entry, seq)| (*id, seq, entry)))
    };
    let transfers: Vec<TransferId> = entries().map(|(id, ..)| id).collect();
    let seqs: Vec<i16> = entries().map(|(_, seq, _)| seq).collect();
    let debits: Vec<String> = entries().map(|(.., entry)| entry.debit.to_string()).collect();
    let credits: Vec<String> = entries().map(|(.., entry)| entry.credit.to_string()).collect();
    let amounts: Vec<Vnd> = entries().map(|(.., entry)| entry.amount).collect();
    let orders: Vec<Option<OrderId>> = entries().map(|(.., entry)| entry.order).collect();
    let lines: Vec<Option<OrderLineId>> = entries().map(|(.., entry)| entry.line).collect();
    sqlx::query!(
        "insert into ledger_entries (transfer_id, seq, debit, credit, amount_vnd, order_id, order_line_id, at)
         select transfer_id, seq, debit, credit, amount_vnd, order_id, order_line_id, $8
           from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::bigint[], $6::uuid[], $7::uuid[])
             as entry (transfer_id, seq, debit, credit, amount_vnd, order_id, order_line_id)",
        &transfers as _,
        &seqs,
        &debits,
        &credits,
        &amounts as _,
        &orders as _,
        &lines as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
