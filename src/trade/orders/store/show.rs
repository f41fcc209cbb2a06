//! Orders as their buyer and their shop see them. The address stands in `checkouts`.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{NewOrder, Reached};
use crate::kernel::{AccountId, CheckoutId, ListingId, OrderId, OrderLineId, SellerId, VariantId, Vnd};
use crate::platform::db::Scoped;
use crate::platform::error::Result;
use crate::trade::orders::model::{By, CancelReason, OrderStatus};

/// An order without what other slices know of it. Nothing in it tells the shop which account bought.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderFacts {
    /// The order.
    pub id: OrderId,
    /// Its number, for people.
    #[schema(example = "OCOP-261121-7K3QZ8M2XW")]
    pub number: String,
    /// Where it is.
    pub status: OrderStatus,
    /// The shop's address.
    pub seller_slug: String,
    /// The shop's name when it was placed.
    pub seller_name: String,
    /// Who receives it.
    pub recipient: String,
    /// Whom the carrier calls.
    pub phone: String,
    /// Code of the commune.
    pub commune_code: String,
    /// Its name when the order was placed.
    pub commune_name: String,
    /// Name of the province when the order was placed.
    pub province_name: String,
    /// House and street, or hamlet.
    pub street: String,
    /// For whoever brings it.
    pub note: Option<String>,
    /// Sum of the lines.
    pub goods_vnd: Vnd,
    /// What vouchers take off that.
    pub discount_vnd: Vnd,
    /// Price of the parcel.
    pub shipping_vnd: Vnd,
    /// What is left of the goods, and the parcel; VAT included.
    pub total_vnd: Vnd,
    /// Days the parcels were promised to take at least.
    pub days_min: i16,
    /// Days they were promised to take at most.
    pub days_max: i16,
    /// Whether the buyer asked for an invoice, which the shop issues and records.
    pub invoice_wanted: bool,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// When it was paid; of an order paid on delivery, when the carrier collected.
    pub paid_at: Option<DateTime<Utc>>,
    /// When the shop must have accepted it; its time begins with the payment where one pays in advance.
    pub accept_by: Option<DateTime<Utc>>,
    /// When a carrier must have it, once the shop has accepted it.
    pub ship_by: Option<DateTime<Utc>>,
    /// When the shop must have said that it is back, once nobody took it; then it counts as if it were.
    pub back_by: Option<DateTime<Utc>>,
    /// When it arrived.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When it completes, once it has arrived.
    pub complete_at: Option<DateTime<Utc>>,
    /// When it was completed or cancelled, or came back.
    pub closed_at: Option<DateTime<Utc>>,
    /// Why it was cancelled.
    pub cancel_reason: Option<CancelReason>,
    /// Demonstration data.
    pub demo: bool,
}

pub async fn facts(conn: &mut PgConnection, reached: Reached) -> Result<OrderFacts> {
    let facts = sqlx::query_as!(
        OrderFacts,
        r#"select orders.id as "id: OrderId",
                  number,
                  orders.status as "status: OrderStatus",
                  orders.seller_slug,
                  orders.seller_name,
                  recipient,
                  phone,
                  commune_code,
                  commune_name,
                  province_name,
                  street,
                  note,
                  orders.goods_vnd as "goods_vnd: Vnd",
                  orders.discount_vnd as "discount_vnd: Vnd",
                  orders.shipping_vnd as "shipping_vnd: Vnd",
                  orders.total_vnd as "total_vnd: Vnd",
                  days_min,
                  days_max,
                  exists (select 1
                            from invoice_requests
                           where invoice_requests.checkout_id = orders.checkout_id) as "invoice_wanted!",
                  orders.placed_at,
                  paid_at,
                  accept_by,
                  ship_by,
                  back_by,
                  delivered_at,
                  complete_at,
                  closed_at,
                  cancel_reason as "cancel_reason: CancelReason",
                  orders.demo
             from orders
             join checkouts on checkouts.id = orders.checkout_id
             join checkout_parts as part on part.checkout_id = orders.checkout_id and part.seller_id = orders.seller_id
            where orders.id = $1"#,
        reached.id() as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(facts)
}

/// A line of an order, as frozen at placement.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderLine {
    /// The line.
    pub id: OrderLineId,
    /// What was bought.
    pub variant_id: VariantId,
    /// Of which listing.
    pub listing_id: ListingId,
    /// The listing's address.
    pub listing_slug: String,
    /// The listing's title.
    pub title: String,
    /// The variant's name.
    pub variant_name: String,
    /// The shop's own code.
    pub sku: String,
    /// Price of one.
    pub unit_price_vnd: Vnd,
    /// How many.
    pub quantity: i32,
    /// How many of them were refunded.
    pub returned_quantity: i32,
    /// Price of all.
    pub amount_vnd: Vnd,
    /// What vouchers take off that.
    pub discount_vnd: Vnd,
}

pub async fn lines(conn: &mut PgConnection, reached: Reached) -> Result<Vec<OrderLine>> {
    let lines = sqlx::query_as!(
        OrderLine,
        r#"select id as "id: OrderLineId",
                  variant_id as "variant_id: VariantId",
                  listing_id as "listing_id: ListingId",
                  listing_slug,
                  title,
                  variant_name,
                  sku,
                  unit_price_vnd as "unit_price_vnd: Vnd",
                  quantity,
                  coalesce((select returned from returned_units where order_line_id = order_lines.id), 0)
                    as "returned_quantity!",
                  amount_vnd as "amount_vnd: Vnd",
                  discount_vnd as "discount_vnd: Vnd"
             from order_lines
            where order_id = $1
            order by id"#,
        reached.id() as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(lines)
}

/// A turn of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderEvent {
    /// Where it went.
    pub status: OrderStatus,
    /// Who turned it.
    pub by: By,
    /// When.
    pub at: DateTime<Utc>,
}

pub async fn events(conn: &mut PgConnection, reached: Reached) -> Result<Vec<OrderEvent>> {
    let events = sqlx::query_as!(
        OrderEvent,
        r#"select status as "status: OrderStatus", by as "by: By", at
             from order_events
            where order_id = $1
            order by seq"#,
        reached.id() as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(events)
}

/// A line of an order, as far as reviews need it.
#[derive(Debug, Clone)]
pub struct BoughtLine {
    /// The line.
    pub line: OrderLineId,
    /// Of which listing.
    pub listing: ListingId,
    /// Who sold it.
    pub seller: SellerId,
    /// Where its order is.
    pub status: OrderStatus,
    /// Demonstration data.
    pub demo: bool,
}

/// The line of the buyer's own order, with where that order is.
pub async fn line_of_buyer(
    scope: &mut Scoped<'_, AccountId>,
    order: OrderId,
    line: OrderLineId,
) -> Result<Option<BoughtLine>> {
    let (conn, account) = scope.split();
    let found = sqlx::query_as!(
        BoughtLine,
        r#"select order_lines.id as "line: OrderLineId",
                  listing_id as "listing: ListingId",
                  seller_id as "seller: SellerId",
                  status as "status: OrderStatus",
                  demo
             from order_lines
             join orders on orders.id = order_id
            where order_lines.id = $1
              and orders.id = $2
              and account_id = $3"#,
        line as _,
        order as _,
        *account as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found)
}

/// An order as its checkout shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlacedOrder {
    /// The order.
    pub id: OrderId,
    /// Its number, for people.
    #[schema(example = "OCOP-261121-7K3QZ8M2XW")]
    pub number: String,
    /// The shop's address.
    pub seller_slug: String,
    /// What to pay.
    pub total_vnd: Vnd,
}

impl From<&NewOrder> for PlacedOrder {
    fn from(order: &NewOrder) -> Self {
        Self {
            id: order.id,
            number: order.number.clone(),
            seller_slug: order.seller_slug.clone(),
            total_vnd: order.total,
        }
    }
}

/// The orders a checkout became, by shop.
pub async fn of_checkout(conn: &mut PgConnection, checkout: CheckoutId) -> Result<Vec<PlacedOrder>> {
    let orders = sqlx::query_as!(
        PlacedOrder,
        r#"select id as "id: OrderId", number, seller_slug, total_vnd as "total_vnd: Vnd"
             from orders
            where checkout_id = $1
            order by seller_id"#,
        checkout as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(orders)
}

/// An order in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderSummary {
    /// The order.
    pub id: OrderId,
    /// Its number, for people.
    #[schema(example = "OCOP-261121-7K3QZ8M2XW")]
    pub number: String,
    /// Where it is.
    pub status: OrderStatus,
    /// The shop's address.
    pub seller_slug: String,
    /// The shop's name.
    pub seller_name: String,
    /// Who receives it.
    pub recipient: String,
    /// What to pay.
    pub total_vnd: Vnd,
    /// How many pieces.
    pub pieces: i64,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// When the shop must have accepted it; its time begins with the payment where one pays in advance.
    pub accept_by: Option<DateTime<Utc>>,
    /// When a carrier must have it, once the shop has accepted it.
    pub ship_by: Option<DateTime<Utc>>,
}

/// The buyer's orders in any of these states, newest first.
pub async fn page_of_buyer(
    scope: &mut Scoped<'_, AccountId>,
    statuses: &[OrderStatus],
    before: Option<OrderId>,
    limit: i64,
) -> Result<Vec<OrderSummary>> {
    let (conn, account) = scope.split();
    let orders = sqlx::query_as!(
        OrderSummary,
        r#"select orders.id as "id: OrderId",
                  number,
                  orders.status as "status: OrderStatus",
                  seller_slug,
                  seller_name,
                  recipient,
                  orders.total_vnd as "total_vnd: Vnd",
                  (select sum(quantity) from order_lines where order_id = orders.id) as "pieces!",
                  orders.placed_at,
                  accept_by,
                  ship_by
             from orders
             join checkouts on checkouts.id = checkout_id
            where orders.account_id = $1
              and orders.status = any($2)
              and ($3::uuid is null or orders.id < $3)
            order by orders.id desc
            limit $4"#,
        *account as _,
        statuses as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(orders)
}

/// The shop's orders in any of these states, newest first.
pub async fn page_of_shop(
    scope: &mut Scoped<'_, SellerId>,
    statuses: &[OrderStatus],
    before: Option<OrderId>,
    limit: i64,
) -> Result<Vec<OrderSummary>> {
    let (conn, seller) = scope.split();
    let orders = sqlx::query_as!(
        OrderSummary,
        r#"select orders.id as "id: OrderId",
                  number,
                  orders.status as "status: OrderStatus",
                  seller_slug,
                  seller_name,
                  recipient,
                  orders.total_vnd as "total_vnd: Vnd",
                  (select sum(quantity) from order_lines where order_id = orders.id) as "pieces!",
                  orders.placed_at,
                  accept_by,
                  ship_by
             from orders
             join checkouts on checkouts.id = checkout_id
            where orders.seller_id = $1
              and orders.status = any($2)
              and ($3::uuid is null or orders.id < $3)
            order by orders.id desc
            limit $4"#,
        *seller as _,
        statuses as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(orders)
}
