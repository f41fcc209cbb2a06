//! Writing placed orders down: as many statements for one order of one line as for twenty of fifty.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::clock::VIET_NAM;
use crate::kernel::{AccountId, CheckoutId, ListingId, OrderId, OrderLineId, Rate, SellerId, VariantId, Vnd};
use crate::platform::error::{Error, Result};
use crate::platform::tokens::random_letters;
use crate::trade::orders::model::{By, OrderStatus};
use crate::trade::payments::Method;
use crate::trade::rates::Charges;

/// A line to order, as it is frozen.
#[derive(Debug, Clone)]
pub struct NewLine {
    /// What.
    pub variant: VariantId,
    /// Of which listing.
    pub listing: ListingId,
    /// The listing's address.
    pub listing_slug: String,
    /// The listing's title.
    pub title: String,
    /// The variant's name.
    pub variant_name: String,
    /// The shop's own code.
    pub sku: String,
    /// Price of one.
    pub unit_price: Vnd,
    /// How many.
    pub quantity: i32,
    /// Price of all.
    pub amount: Vnd,
    /// What vouchers take off that.
    pub discount: Vnd,
    /// What of that the shop itself bears.
    pub discount_by_seller: Vnd,
    /// Its share of the order's shipping.
    pub shipping_share: Vnd,
}

impl NewLine {
    /// What the shop is to receive for the goods, which it is charged on.
    pub fn basis(&self) -> Vnd {
        // A discount never exceeds its line.
        self.amount.checked_sub(self.discount_by_seller).unwrap_or(Vnd::ZERO)
    }
}

/// An order to write down.
#[derive(Debug, Clone)]
pub struct NewOrder {
    /// The order.
    pub id: OrderId,
    /// Its number, for people; given when it is written down.
    pub number: String,
    /// Who delivers.
    pub seller: SellerId,
    /// The shop's address of that day.
    pub seller_slug: String,
    /// The shop's name of that day.
    pub seller_name: String,
    /// The shop's province of that day.
    pub province: String,
    /// Sum of the lines.
    pub goods: Vnd,
    /// What vouchers take off that.
    pub discount: Vnd,
    /// Price of the parcel.
    pub shipping: Vnd,
    /// What is left of the goods, and the parcel.
    pub total: Vnd,
    /// Demonstration data.
    pub demo: bool,
    /// The lines.
    pub lines: Vec<NewLine>,
}

/// What the orders of one checkout have in common.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Which checkout placed them.
    pub checkout: CheckoutId,
    /// Who ordered.
    pub buyer: AccountId,
    /// How they are paid.
    pub method: Method,
    /// When the shops must have accepted them; none while they are not paid.
    pub accept_by: Option<DateTime<Utc>>,
    /// When they must be paid; none in cash.
    pub pay_by: Option<DateTime<Utc>>,
}

impl Terms {
    /// Where the orders begin.
    pub const fn status(&self) -> OrderStatus {
        if self.method.is_in_advance() { OrderStatus::AwaitingPayment } else { OrderStatus::Placed }
    }
}

/// Writes the orders under free numbers such as `OCOP-261121-7K3QZ8M2XW`. The letters keep shops from counting each
/// other's orders, and with the phone number they let a guest see the order: 50 random bits.
pub async fn insert(conn: &mut PgConnection, orders: &mut [NewOrder], terms: &Terms, now: DateTime<Utc>) -> Result<()> {
    const TRIES: usize = 8;
    let day = now.with_timezone(&VIET_NAM).format("%y%m%d");
    let mut waiting: Vec<&mut NewOrder> = orders.iter_mut().collect();
    for _ in 0..TRIES {
        for order in &mut waiting {
            order.number = format!("OCOP-{day}-{}", random_letters(10)?);
        }
        let written = insert_numbered(conn, &waiting, terms, now).await?;
        waiting.retain(|order| !written.contains(&order.id));
        if waiting.is_empty() {
            return Ok(());
        }
    }
    Err(Error::fault(format!("no free order number after {TRIES} tries")))
}

/// Writes those whose number is free, and says which they are.
async fn insert_numbered(
    conn: &mut PgConnection,
    orders: &[&mut NewOrder],
    terms: &Terms,
    now: DateTime<Utc>,
) -> Result<Vec<OrderId>> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    let numbers: Vec<String> = orders.iter().map(|order| order.number.clone()).collect();
    let sellers: Vec<SellerId> = orders.iter().map(|order| order.seller).collect();
    let slugs: Vec<String> = orders.iter().map(|order| order.seller_slug.clone()).collect();
    let names: Vec<String> = orders.iter().map(|order| order.seller_name.clone()).collect();
    let provinces: Vec<String> = orders.iter().map(|order| order.province.clone()).collect();
    let goods: Vec<Vnd> = orders.iter().map(|order| order.goods).collect();
    let discounts: Vec<Vnd> = orders.iter().map(|order| order.discount).collect();
    let shipping: Vec<Vnd> = orders.iter().map(|order| order.shipping).collect();
    let totals: Vec<Vnd> = orders.iter().map(|order| order.total).collect();
    let demos: Vec<bool> = orders.iter().map(|order| order.demo).collect();
    let written = sqlx::query_scalar!(
        r#"insert into orders (id, number, checkout_id, seller_id, seller_slug, seller_name, province_code, account_id,
                               status, method, goods_vnd, discount_vnd, shipping_vnd, total_vnd, demo, placed_at,
                               accept_by)
           select id, number, $1, seller_id, seller_slug, seller_name, province_code, $2, $3, $4, goods_vnd,
                  discount_vnd, shipping_vnd, total_vnd, demo, $5, $6
             from unnest($7::uuid[], $8::text[], $9::uuid[], $10::text[], $11::text[], $12::text[], $13::bigint[],
                         $14::bigint[], $15::bigint[], $16::bigint[], $17::boolean[])
               as new (id, number, seller_id, seller_slug, seller_name, province_code, goods_vnd, discount_vnd,
                       shipping_vnd, total_vnd, demo)
           on conflict on constraint orders_number_key do nothing
        returning id as "id: OrderId""#,
        terms.checkout as _,
        terms.buyer as _,
        terms.status() as _,
        terms.method as _,
        now,
        terms.accept_by,
        &ids as _,
        &numbers,
        &sellers as _,
        &slugs,
        &names,
        &provinces,
        &goods as _,
        &discounts as _,
        &shipping as _,
        &totals as _,
        &demos,
    )
    .fetch_all(conn)
    .await?;
    Ok(written)
}

/// Writes the orders' lines with what each is charged, in their order.
pub async fn insert_lines(
    conn: &mut PgConnection,
    orders: &[NewOrder],
    charges: &[Charges],
    now: DateTime<Utc>,
) -> Result<()> {
    let lines = || orders.iter().flat_map(|order| order.lines.iter().map(move |line| (order.id, line)));
    let ids: Vec<OrderLineId> = lines().map(|_| OrderLineId::new(now)).collect();
    let order_ids: Vec<OrderId> = lines().map(|(order, _)| order).collect();
    let variants: Vec<VariantId> = lines().map(|(_, line)| line.variant).collect();
    let listings: Vec<ListingId> = lines().map(|(_, line)| line.listing).collect();
    let slugs: Vec<String> = lines().map(|(_, line)| line.listing_slug.clone()).collect();
    let titles: Vec<String> = lines().map(|(_, line)| line.title.clone()).collect();
    let names: Vec<String> = lines().map(|(_, line)| line.variant_name.clone()).collect();
    let skus: Vec<String> = lines().map(|(_, line)| line.sku.clone()).collect();
    let prices: Vec<Vnd> = lines().map(|(_, line)| line.unit_price).collect();
    let quantities: Vec<i32> = lines().map(|(_, line)| line.quantity).collect();
    let amounts: Vec<Vnd> = lines().map(|(_, line)| line.amount).collect();
    let discounts: Vec<Vnd> = lines().map(|(_, line)| line.discount).collect();
    let by_sellers: Vec<Vnd> = lines().map(|(_, line)| line.discount_by_seller).collect();
    let shares: Vec<Vnd> = lines().map(|(_, line)| line.shipping_share).collect();
    let bases: Vec<Vnd> = lines().map(|(_, line)| line.basis()).collect();
    let columns = Charged::of(charges);
    sqlx::query!(
        "insert into order_lines (id, order_id, variant_id, listing_id, listing_slug, title, variant_name, sku,
                                  unit_price_vnd, quantity, amount_vnd, discount_vnd, discount_by_seller_vnd,
                                  shipping_share_vnd, basis_vnd, commission_bps, commission_vnd, vat_bps, vat_vnd,
                                  pit_bps, pit_vnd, tax_basis, tax_provisional)
         select *
           from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
                       $9::bigint[], $10::integer[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[],
                       $15::bigint[], $16::integer[], $17::bigint[], $18::integer[], $19::bigint[], $20::integer[],
                       $21::bigint[], $22::text[], $23::boolean[])",
        &ids as _,
        &order_ids as _,
        &variants as _,
        &listings as _,
        &slugs,
        &titles,
        &names,
        &skus,
        &prices as _,
        &quantities,
        &amounts as _,
        &discounts as _,
        &by_sellers as _,
        &shares as _,
        &bases as _,
        &columns.commission_rates as _,
        &columns.commissions as _,
        &columns.vat_rates as _,
        &columns.vats as _,
        &columns.pit_rates as _,
        &columns.pits as _,
        &columns.tax_bases as _,
        &columns.provisional,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Charges, column by column.
struct Charged {
    commission_rates: Vec<Rate>,
    commissions: Vec<Vnd>,
    vat_rates: Vec<Rate>,
    vats: Vec<Vnd>,
    pit_rates: Vec<Rate>,
    pits: Vec<Vnd>,
    tax_bases: Vec<Option<String>>,
    provisional: Vec<bool>,
}

impl Charged {
    fn of(charges: &[Charges]) -> Self {
        Self {
            commission_rates: charges.iter().map(|line| line.commission_rate).collect(),
            commissions: charges.iter().map(|line| line.commission).collect(),
            vat_rates: charges.iter().map(|line| line.vat_rate).collect(),
            vats: charges.iter().map(|line| line.vat).collect(),
            pit_rates: charges.iter().map(|line| line.pit_rate).collect(),
            pits: charges.iter().map(|line| line.pit).collect(),
            tax_bases: charges.iter().map(|line| line.tax_basis.clone()).collect(),
            provisional: charges.iter().map(|line| line.tax_provisional).collect(),
        }
    }
}

/// Notes where the new orders begin.
pub async fn insert_beginnings(
    conn: &mut PgConnection,
    orders: &[NewOrder],
    terms: &Terms,
    now: DateTime<Utc>,
) -> Result<()> {
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    sqlx::query!(
        "insert into order_events (order_id, seq, status, by, account_id, at)
         select order_id, 1, $2, $3, $4, $5
           from unnest($1::uuid[]) as new (order_id)",
        &ids as _,
        terms.status() as _,
        By::Buyer as _,
        terms.buyer as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
