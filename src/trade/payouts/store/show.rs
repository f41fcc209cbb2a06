//! Payouts as they are shown.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::kernel::{OrderId, PayoutId, SellerId, Vnd};
use crate::platform::db::Scoped;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::trade::ledger::Provider;
use crate::trade::payouts::model::PayoutStatus;

/// A payout as its shop sees it: its parts sum to what its orders bring.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShopPayout {
    /// The payout; in the shop's bank statement it stands as `OCOP` with these letters and digits.
    pub id: PayoutId,
    /// The gateway that had the money.
    pub provider: Provider,
    /// How far it is.
    pub status: PayoutStatus,
    /// What its orders bring.
    pub gross_vnd: Vnd,
    /// What of it pays for what the shop owed.
    pub offset_vnd: Vnd,
    /// What the payout costs.
    pub fee_vnd: Vnd,
    /// What is sent.
    pub amount_vnd: Vnd,
    /// The bank it is sent to; none where all was set off.
    #[schema(example = "Agribank")]
    pub bank: Option<String>,
    /// The account's last four characters.
    #[schema(example = "2345")]
    pub account_last: Option<String>,
    /// Why it came back, in the partner's words.
    pub reason: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it arrived, or came back.
    pub settled_at: Option<DateTime<Utc>>,
}

/// A payout as the operator sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PayoutRow {
    /// The payout.
    pub id: PayoutId,
    /// Whose it is.
    pub seller_id: SellerId,
    /// The shop's name.
    #[schema(example = "Hợp tác xã Mường Than")]
    pub seller_name: String,
    /// The gateway that had the money.
    pub provider: Provider,
    /// How far it is.
    pub status: PayoutStatus,
    /// What its orders bring.
    pub gross_vnd: Vnd,
    /// What of it pays for what the shop owed.
    pub offset_vnd: Vnd,
    /// What the payout costs.
    pub fee_vnd: Vnd,
    /// What is sent.
    pub amount_vnd: Vnd,
    /// Why it came back, in the partner's words.
    pub reason: Option<String>,
    /// How often the partner was asked.
    pub tries: i32,
    /// When the partner was last asked.
    pub asked_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it arrived, or came back.
    pub settled_at: Option<DateTime<Utc>>,
    /// The payout made in its place.
    pub replaced_by: Option<PayoutId>,
}

/// What a payout carries of an order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PayoutItem {
    /// Which order.
    pub order_id: OrderId,
    /// Its number.
    #[schema(example = "OCOP-7KQ2M9XA")]
    pub number: String,
    /// How much; less than nothing where more had been paid out than is left after a refund.
    pub amount_vnd: Vnd,
}

/// The shop's payouts, newest first.
pub async fn page_of_shop(
    scope: &mut Scoped<'_, SellerId>,
    before: Option<PayoutId>,
    limit: i64,
) -> Result<Vec<ShopPayout>> {
    let (conn, seller) = scope.split();
    let payouts = sqlx::query_as!(
        ShopPayout,
        r#"select payouts.id as "id: PayoutId", provider as "provider: Provider", status as "status: PayoutStatus",
                  gross_vnd as "gross_vnd: Vnd", offset_vnd as "offset_vnd: Vnd", fee_vnd as "fee_vnd: Vnd",
                  amount_vnd as "amount_vnd: Vnd", short_name as "bank?", number_last as "account_last?", reason,
                  created_at, settled_at
             from payouts
             left join bank_accounts on bank_accounts.id = bank_account_id
             left join banks using (bin)
            where payouts.seller_id = $1
              and ($2::uuid is null or payouts.id < $2)
            order by payouts.id desc
            limit $3"#,
        *seller as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(payouts)
}

/// One of the shop's payouts.
pub async fn of_shop(scope: &mut Scoped<'_, SellerId>, id: PayoutId) -> Result<ShopPayout> {
    let (conn, seller) = scope.split();
    let payout = sqlx::query_as!(
        ShopPayout,
        r#"select payouts.id as "id: PayoutId", provider as "provider: Provider", status as "status: PayoutStatus",
                  gross_vnd as "gross_vnd: Vnd", offset_vnd as "offset_vnd: Vnd", fee_vnd as "fee_vnd: Vnd",
                  amount_vnd as "amount_vnd: Vnd", short_name as "bank?", number_last as "account_last?", reason,
                  created_at, settled_at
             from payouts
             left join bank_accounts on bank_accounts.id = bank_account_id
             left join banks using (bin)
            where payouts.seller_id = $1
              and payouts.id = $2"#,
        *seller as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    payout.or_refuse(&NOT_FOUND)
}

/// What the shop's payout carries, the largest first.
pub async fn items_of(scope: &mut Scoped<'_, SellerId>, payout: PayoutId) -> Result<Vec<PayoutItem>> {
    let (conn, seller) = scope.split();
    let items = sqlx::query_as!(
        PayoutItem,
        r#"select order_id as "order_id: OrderId", number, amount_vnd as "amount_vnd: Vnd"
             from payout_items
             join orders on orders.id = order_id
            where payout_id = $1
              and seller_id = $2
            order by amount_vnd desc, order_id"#,
        payout as _,
        *seller as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(items)
}

/// Everybody's payouts, newest first.
pub async fn page(
    conn: &mut PgConnection,
    (status, seller): (Option<PayoutStatus>, Option<SellerId>),
    before: Option<PayoutId>,
    limit: i64,
) -> Result<Vec<PayoutRow>> {
    let payouts = sqlx::query_as!(
        PayoutRow,
        r#"select payouts.id as "id: PayoutId", seller_id as "seller_id: SellerId", name as seller_name,
                  provider as "provider: Provider", payouts.status as "status: PayoutStatus",
                  gross_vnd as "gross_vnd: Vnd", offset_vnd as "offset_vnd: Vnd", fee_vnd as "fee_vnd: Vnd",
                  amount_vnd as "amount_vnd: Vnd", reason, tries, asked_at, payouts.created_at, settled_at,
                  replaced_by as "replaced_by: PayoutId"
             from payouts
             join sellers on sellers.id = seller_id
            where ($1::text is null or payouts.status = $1)
              and ($2::uuid is null or seller_id = $2)
              and ($3::uuid is null or payouts.id < $3)
            order by payouts.id desc
            limit $4"#,
        status as _,
        seller as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(payouts)
}
