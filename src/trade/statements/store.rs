//! Folds of `ledger_entries` for people.

pub mod checks;
pub mod taxes;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::model::{Period, Position, ShopAccounts, StatementRow};
use crate::kernel::{OrderId, Vnd};
use crate::platform::error::{Error, Result};
use crate::trade::ledger::{self, TransferKind};

/// Where the shop stood before that instant.
pub async fn position(conn: &mut PgConnection, accounts: &ShopAccounts, until: DateTime<Utc>) -> Result<Position> {
    let credit = ledger::balance_before(conn, &accounts.balance, until).await?;
    let balance_vnd = Vnd::ZERO.checked_sub(credit).ok_or_else(|| Error::fault("a balance does not fit"))?;
    Ok(Position { balance_vnd, owed_vnd: ledger::balance_before(conn, &accounts.receivable, until).await? })
}

/// What moved on the shop's accounts within the period: by order, and what is about none by its cause; the first to
/// begin first.
#[expect(clippy::too_many_lines, reason = "one query, and a line for each of its columns and parameters")]
pub async fn rows(
    conn: &mut PgConnection,
    accounts: &ShopAccounts,
    period: Period,
    limit: i64,
) -> Result<Vec<StatementRow>> {
    let rows = sqlx::query_as!(
        StatementRow,
        r#"with moved as (
               select transfer_id, order_id, at, debit as own, credit as other, -amount_vnd as amount_vnd
                 from ledger_entries
                where debit = any($1)
                  and at >= $6
                  and at < $7
                union all
               select transfer_id, order_id, at, credit, debit, amount_vnd
                 from ledger_entries
                where credit = any($1)
                  and at >= $6
                  and at < $7
           ),
           known as (
               select moved.*,
                      kind,
                      subject_id,
                      case
                          when own = $4 then 'fees'
                          when own = $5 then 'corrections'
                          when other = any($1) then 'own'
                          when other = 'buyer_funds' and kind = 'reversal' then 'refund'
                          when other = 'buyer_funds' then 'sale'
                          when other = 'fees' then 'fees'
                          else split_part(other, ':', 1)
                      end as matter
                 from moved
                 join ledger_transfers on ledger_transfers.id = transfer_id
           )
           select known.order_id as "order_id: OrderId",
                  orders.number as "order_number?",
                  case when known.order_id is null then min(known.kind) end as "kind: TransferKind",
                  min(known.at) as "at!",
                  coalesce(sum(amount_vnd) filter (where matter = 'sale'), 0)::bigint as "sale_vnd!: Vnd",
                  coalesce(sum(amount_vnd) filter (where matter = 'voucher_expense'), 0)::bigint as "vouchers_vnd!: Vnd",
                  coalesce(sum(-amount_vnd) filter (where matter = 'commission'), 0)::bigint as "commission_vnd!: Vnd",
                  coalesce(sum(-amount_vnd) filter (where matter = 'vat_withheld'), 0)::bigint as "vat_vnd!: Vnd",
                  coalesce(sum(-amount_vnd) filter (where matter = 'pit_withheld'), 0)::bigint as "pit_vnd!: Vnd",
                  coalesce(sum(-amount_vnd) filter (where matter = 'refund'), 0)::bigint as "refunds_vnd!: Vnd",
                  coalesce(sum(-amount_vnd) filter (where matter = 'fees'), 0)::bigint as "fees_vnd!: Vnd",
                  coalesce(sum(amount_vnd) filter (where own not in ($2, $3)), 0)::bigint as "received_directly_vnd!: Vnd",
                  coalesce(sum(-amount_vnd) filter (where matter = 'payouts_in_transit'), 0)::bigint as "paid_out_vnd!: Vnd",
                  coalesce(sum(amount_vnd) filter (
                      where matter not in ('own', 'sale', 'voucher_expense', 'commission', 'vat_withheld', 'pit_withheld',
                                           'refund', 'fees', 'payouts_in_transit')), 0)::bigint as "corrections_vnd!: Vnd",
                  coalesce(sum(amount_vnd) filter (where own = $2), 0)::bigint as "balance_change_vnd!: Vnd",
                  coalesce(sum(-amount_vnd) filter (where own = $3), 0)::bigint as "owed_change_vnd!: Vnd"
             from known
             left join orders on orders.id = known.order_id
            group by known.order_id, orders.number, case when known.order_id is null then known.subject_id end
            order by min(known.at), min(known.transfer_id::text)
            limit $8"#,
        &accounts.names(),
        accounts.balance.to_string(),
        accounts.receivable.to_string(),
        accounts.carrier_fees.to_string(),
        accounts.carrier_difference.to_string(),
        period.start(),
        period.end(),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows)
}

/// The first days of the months in which something moved on the shop's accounts, the latest first.
pub async fn months(conn: &mut PgConnection, accounts: &ShopAccounts) -> Result<Vec<NaiveDate>> {
    let months = sqlx::query_scalar!(
        r#"with moved as (
               select at from ledger_entries where debit = any($1)
                union all
               select at from ledger_entries where credit = any($1)
           )
           select distinct date_trunc('month', at at time zone 'Asia/Ho_Chi_Minh')::date as "month!"
             from moved
            order by 1 desc"#,
        &accounts.names(),
    )
    .fetch_all(conn)
    .await?;
    Ok(months)
}
