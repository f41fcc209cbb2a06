//! Cash that carriers have, and what the shop said to have got of it: the table `cash_receipts`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, CashReceiptId, OrderId, ParcelId, RemittanceId, SellerId, Vnd};
use crate::platform::db::Scoped;
use crate::platform::error::Result;
use crate::trade::ledger::Carrier;
use crate::trade::shipping::remittances::model::{CarrierCash, CashReceipt, CashReceiptForm, OutstandingCash};

/// The shop's parcels whose cash their carriers have, or this carrier's, the oldest first.
pub async fn outstanding(
    scope: &mut Scoped<'_, SellerId>,
    carrier: Option<&Carrier>,
    after: Option<ParcelId>,
    limit: i64,
) -> Result<Vec<OutstandingCash>> {
    let (conn, seller) = scope.split();
    let outstanding = sqlx::query_as!(
        OutstandingCash,
        r#"select parcels.id as "parcel_id: ParcelId", parcels.order_id as "order_id: OrderId",
                  orders.number as order_number, carrier, parcels.tracking_code as "tracking_code!",
                  shares.captured_vnd as "amount_vnd: Vnd", collected_at as "collected_at!",
                  listed.remittance_id as "remittance_id?: RemittanceId", listed.amount_vnd as "listed_vnd?: Vnd"
             from parcels
             join payment_allocations as shares on shares.order_id = parcels.order_id
             join orders on orders.id = parcels.order_id
             left join lateral (
                  select remittance_id, amount_vnd
                    from remittance_rows
                   where parcel_id = parcels.id
                     and outcome = 'amount_differs'
                   order by remittance_id desc
                   limit 1) as listed on true
            where parcels.seller_id = $1
              and collected_at is not null
              and remitted_at is null
              and ($2::text is null or carrier_slug = $2)
              and ($3::uuid is null or parcels.id > $3)
            order by parcels.id
            limit $4"#,
        *seller as _,
        carrier.map(AsRef::as_ref),
        after as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(outstanding)
}

/// What each carrier has of the shop's cash, whoever has it longest first.
pub async fn carriers(scope: &mut Scoped<'_, SellerId>) -> Result<Vec<CarrierCash>> {
    let (conn, seller) = scope.split();
    let carriers = sqlx::query_as!(
        CarrierCash,
        r#"select min(carrier) as "carrier!", count(*) as "parcels!", sum(captured_vnd)::bigint as "amount_vnd!: Vnd",
                  min(collected_at) as "since!"
             from parcels
             join payment_allocations as shares on shares.order_id = parcels.order_id
            where parcels.seller_id = $1
              and collected_at is not null
              and remitted_at is null
            group by carrier_slug
            order by 4"#,
        *seller as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(carriers)
}

/// Writes down what the shop says to have got of the parcel's cash.
pub async fn insert(
    conn: &mut PgConnection,
    (id, parcel): (CashReceiptId, ParcelId),
    form: &CashReceiptForm,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into cash_receipts (id, parcel_id, seq, received_vnd, fee_vnd, words, by, at)
         select $1, $2, coalesce(max(seq), 0) + 1, $3, $4, $5, $6, $7
           from cash_receipts
          where parcel_id = $2",
        id as _,
        parcel as _,
        form.received_vnd.vnd() as _,
        form.fee() as _,
        form.words.as_deref(),
        by as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What the shop said last to have got of the parcel's cash, if it did.
pub async fn find(conn: &mut PgConnection, parcel: ParcelId) -> Result<Option<CashReceipt>> {
    let receipt = sqlx::query_as!(
        CashReceipt,
        r#"select parcel_id as "parcel_id: ParcelId", parcels.order_id as "order_id: OrderId",
                  captured_vnd as "collected_vnd: Vnd", received_vnd as "received_vnd: Vnd", fee_vnd as "fee_vnd: Vnd",
                  captured_vnd - received_vnd - fee_vnd as "difference_vnd!: Vnd", words, at as recorded_at
             from cash_receipts
             join parcels on parcels.id = parcel_id
             join payment_allocations on payment_allocations.order_id = parcels.order_id
            where parcel_id = $1
            order by seq desc
            limit 1"#,
        parcel as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(receipt)
}

/// Lists that said another amount of the parcel are no difference any more.
pub async fn settle_rows(conn: &mut PgConnection, parcel: ParcelId) -> Result<()> {
    sqlx::query!(
        "update remittance_rows set outcome = 'settled' where parcel_id = $1 and outcome = 'amount_differs'",
        parcel as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
