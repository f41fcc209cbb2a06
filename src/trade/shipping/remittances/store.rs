//! The tables `remittances`, `remittance_rows` and `cash_receipts`.

pub mod cash;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Listed, NewRemittance, Outcome, Remittance, RemittanceRow};
use crate::kernel::{OrderId, ParcelId, RemittanceId, SellerId, Vnd};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::trade::shipping::parcels::Known;

/// The list of this file: written down now, or locked if the shop sent it before.
pub async fn insert_or_lock(
    conn: &mut PgConnection,
    new: &NewRemittance<'_>,
    now: DateTime<Utc>,
) -> Result<RemittanceId> {
    sqlx::query!(
        "insert into remittances (id, seller_id, carrier, paid_on, digest, account_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict on constraint remittances_file do nothing",
        new.id as _,
        new.seller as _,
        new.carrier,
        new.paid_on,
        new.digest,
        new.by as _,
        now,
    )
    .execute(&mut *conn)
    .await?;
    let id = sqlx::query_scalar!(
        r#"select id as "id: RemittanceId" from remittances where seller_id = $1 and digest = $2 for update"#,
        new.seller as _,
        new.digest,
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// The rows of the list that count already, with what became of them.
pub async fn counted_rows(conn: &mut PgConnection, id: RemittanceId) -> Result<BTreeMap<i32, Outcome>> {
    let rows = sqlx::query!(
        r#"select row_number, outcome as "outcome: Outcome"
             from remittance_rows
            where remittance_id = $1
              and outcome in ('remitted', 'fee_only', 'settled')"#,
        id as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.row_number, row.outcome)).collect())
}

/// Those of the parcels whose cash or fee was counted with some list.
pub async fn counted_parcels(conn: &mut PgConnection, parcels: &[ParcelId]) -> Result<BTreeSet<ParcelId>> {
    let counted = sqlx::query_scalar!(
        r#"select parcel_id as "parcel!: ParcelId"
             from remittance_rows
            where parcel_id = any($1)
              and outcome in ('remitted', 'fee_only', 'settled')"#,
        parcels as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(counted.into_iter().collect())
}

/// Writes down what became of the rows, instead of what had become of them.
pub async fn replace_rows(
    conn: &mut PgConnection,
    id: RemittanceId,
    rows: &[(&Listed, Outcome, Option<&Known>)],
) -> Result<()> {
    sqlx::query!("delete from remittance_rows where remittance_id = $1", id as _).execute(&mut *conn).await?;
    let numbers: Vec<i32> = rows.iter().map(|(row, ..)| row.row_number).collect();
    let code_ats: Vec<String> = rows.iter().map(|(row, ..)| row.code_at.clone()).collect();
    let amount_ats: Vec<String> = rows.iter().map(|(row, ..)| row.amount_at.clone()).collect();
    let codes: Vec<String> = rows.iter().map(|(row, ..)| row.tracking_code.clone()).collect();
    let amounts: Vec<Vnd> = rows.iter().map(|(row, ..)| row.amount).collect();
    let fees: Vec<Option<Vnd>> = rows.iter().map(|(row, ..)| row.fee).collect();
    let outcomes: Vec<Outcome> = rows.iter().map(|(_, outcome, _)| *outcome).collect();
    let expected: Vec<Option<Vnd>> = rows.iter().map(|(.., parcel)| parcel.map(|it| it.cod)).collect();
    let parcels: Vec<Option<ParcelId>> = rows.iter().map(|(.., parcel)| parcel.map(|it| it.id)).collect();
    sqlx::query!(
        "insert into remittance_rows (remittance_id, row_number, code_at, amount_at, tracking_code, amount_vnd, fee_vnd,
                                      outcome, expected_vnd, parcel_id)
         select $1, row_number, code_at, amount_at, tracking_code, amount_vnd, fee_vnd, outcome, expected_vnd, parcel_id
           from unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[],
                       $9::bigint[], $10::uuid[])
             as listed (row_number, code_at, amount_at, tracking_code, amount_vnd, fee_vnd, outcome, expected_vnd,
                        parcel_id)",
        id as _,
        &numbers,
        &code_ats,
        &amount_ats,
        &codes,
        &amounts as _,
        &fees as _,
        &outcomes as _,
        &expected as _,
        &parcels as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The shop's lists, newest first.
pub async fn page(
    conn: &mut PgConnection,
    seller: SellerId,
    before: Option<RemittanceId>,
    limit: i64,
) -> Result<Vec<Remittance>> {
    let lists = sqlx::query_as!(
        Remittance,
        r#"select id as "id: RemittanceId", carrier, paid_on, created_at,
                  sums.rows as "rows!", sums.differences as "differences!", sums.remitted as "remitted_vnd!: Vnd",
                  sums.fees as "fees_vnd!: Vnd"
             from remittances
            cross join lateral (
                  select count(*) as rows,
                         count(*) filter (where outcome not in ('remitted', 'fee_only', 'settled')) as differences,
                         coalesce(sum(amount_vnd) filter (where outcome = 'remitted'), 0)::bigint as remitted,
                         coalesce(sum(fee_vnd), 0)::bigint as fees
                    from remittance_rows
                   where remittance_id = remittances.id) sums
            where seller_id = $1
              and ($2::uuid is null or id < $2)
            order by id desc
            limit $3"#,
        seller as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(lists)
}

/// One of the shop's lists.
pub async fn find(conn: &mut PgConnection, seller: SellerId, id: RemittanceId) -> Result<Remittance> {
    let list = sqlx::query_as!(
        Remittance,
        r#"select id as "id: RemittanceId", carrier, paid_on, created_at,
                  sums.rows as "rows!", sums.differences as "differences!", sums.remitted as "remitted_vnd!: Vnd",
                  sums.fees as "fees_vnd!: Vnd"
             from remittances
            cross join lateral (
                  select count(*) as rows,
                         count(*) filter (where outcome not in ('remitted', 'fee_only', 'settled')) as differences,
                         coalesce(sum(amount_vnd) filter (where outcome = 'remitted'), 0)::bigint as remitted,
                         coalesce(sum(fee_vnd), 0)::bigint as fees
                    from remittance_rows
                   where remittance_id = remittances.id) sums
            where seller_id = $1
              and id = $2"#,
        seller as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    list.or_refuse(&NOT_FOUND)
}

/// The rows of a list, in the order of the file.
pub async fn rows(conn: &mut PgConnection, id: RemittanceId) -> Result<Vec<RemittanceRow>> {
    let rows = sqlx::query!(
        r#"select row_number, code_at, amount_at, remittance_rows.tracking_code, amount_vnd as "amount: Vnd",
                  expected_vnd as "expected: Vnd", remittance_rows.fee_vnd as "fee: Vnd", outcome as "outcome: Outcome",
                  order_id as "order?: OrderId"
             from remittance_rows
             left join parcels on parcels.id = parcel_id
            where remittance_id = $1
            order by row_number"#,
        id as _,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter().map(|row| RemittanceRow {
        row_number: row.row_number,
        tracking_code: row.tracking_code,
        amount_vnd: row.amount,
        expected_vnd: row.expected,
        fee_vnd: row.fee,
        outcome: row.outcome,
        order_id: row.order,
        difference: RemittanceRow::difference(row.outcome, row.code_at, row.amount_at),
    });
    Ok(rows.collect())
}
