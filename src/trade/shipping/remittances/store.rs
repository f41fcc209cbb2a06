//! The tables `remittances`, `remittance_rows` and `cash_receipts`.

pub mod cash;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::model::{Judged, NewRemittance, Outcome, Remittance, RemittanceRow};
use crate::kernel::{OrderId, ParcelId, RemittanceId, RemittanceRowId, SellerId, Vnd};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};

/// A list, as it was handed in first.
pub struct Kept {
    pub id: RemittanceId,
    pub carrier: String,
    pub paid_on: NaiveDate,
}

/// The list of this file: written down now, or locked if the shop sent it before.
pub async fn insert_or_lock(conn: &mut PgConnection, new: &NewRemittance<'_>, now: DateTime<Utc>) -> Result<Kept> {
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
    let kept = sqlx::query_as!(
        Kept,
        r#"select id as "id: RemittanceId", carrier, paid_on
             from remittances
            where seller_id = $1
              and digest = $2
              for update"#,
        new.seller as _,
        new.digest,
    )
    .fetch_one(conn)
    .await?;
    Ok(kept)
}

/// The numbers of the list's rows that are in the books.
pub async fn rows_in_books(conn: &mut PgConnection, id: RemittanceId) -> Result<BTreeSet<i32>> {
    let numbers = sqlx::query_scalar!(
        "select row_number
           from remittance_rows
          where remittance_id = $1
            and outcome in ('remitted', 'fee_only', 'settled')",
        id as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(numbers.into_iter().collect())
}

/// Those of the parcels for which a list of the day has noted a fee and no cash.
pub async fn charged(conn: &mut PgConnection, parcels: &[ParcelId], paid_on: NaiveDate) -> Result<BTreeSet<ParcelId>> {
    let charged = sqlx::query_scalar!(
        r#"select parcel_id as "parcel!: ParcelId"
             from remittance_rows
             join remittances on remittances.id = remittance_id
            where parcel_id = any($1)
              and paid_on = $2
              and outcome = 'fee_only'
              and fee_vnd > 0"#,
        parcels as _,
        paid_on,
    )
    .fetch_all(conn)
    .await?;
    Ok(charged.into_iter().collect())
}

/// Writes down what becomes of the rows that are not in the books, instead of what had become of them.
pub async fn replace_rows(conn: &mut PgConnection, id: RemittanceId, rows: &[Judged<'_>]) -> Result<()> {
    sqlx::query!(
        "delete from remittance_rows
          where remittance_id = $1
            and outcome not in ('remitted', 'fee_only', 'settled')",
        id as _,
    )
    .execute(&mut *conn)
    .await?;
    let ids: Vec<RemittanceRowId> = rows.iter().map(|it| it.id).collect();
    let numbers: Vec<i32> = rows.iter().map(|it| it.row.row_number).collect();
    let code_ats: Vec<String> = rows.iter().map(|it| it.row.code_at.clone()).collect();
    let amount_ats: Vec<String> = rows.iter().map(|it| it.row.amount_at.clone()).collect();
    let codes: Vec<String> = rows.iter().map(|it| it.row.tracking_code.clone()).collect();
    let amounts: Vec<Vnd> = rows.iter().map(|it| it.row.amount).collect();
    let fees: Vec<Option<Vnd>> = rows.iter().map(|it| it.row.fee).collect();
    let outcomes: Vec<Outcome> = rows.iter().map(|it| it.outcome).collect();
    let expected: Vec<Option<Vnd>> = rows.iter().map(|it| it.parcel.map(|parcel| parcel.cod)).collect();
    let parcels: Vec<Option<ParcelId>> = rows.iter().map(|it| it.parcel.map(|parcel| parcel.id)).collect();
    sqlx::query!(
        "insert into remittance_rows (remittance_id, id, row_number, code_at, amount_at, tracking_code, amount_vnd,
                                      fee_vnd, outcome, expected_vnd, parcel_id)
         select $1, id, row_number, code_at, amount_at, tracking_code, amount_vnd, fee_vnd, outcome, expected_vnd, parcel_id
           from unnest($2::uuid[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
                       $9::text[], $10::bigint[], $11::uuid[])
             as listed (id, row_number, code_at, amount_at, tracking_code, amount_vnd, fee_vnd, outcome, expected_vnd,
                        parcel_id)",
        id as _,
        &ids as _,
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
                         coalesce(sum(fee_vnd) filter (where outcome in ('remitted', 'fee_only')), 0)::bigint as fees
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
                         coalesce(sum(fee_vnd) filter (where outcome in ('remitted', 'fee_only')), 0)::bigint as fees
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
