//! A quote becomes orders: one per shop, all or none.
//!
//! Locks are taken in the order of the house: checkout, payment, orders, stock; the stock last, because everybody who
//! buys the same thing waits for it.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::model::{BUYER_CAP, NOT_FOR_SALE, Part, Quote, Wanted, admit};
use super::paying;
use super::store::{self, Checkout, CheckoutStatus};
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, CheckoutId, OrderId, SellerId, VariantId, Vnd};
use crate::market::catalogue::offers;
use crate::people::access;
use crate::platform::error::{Error, Problem, Result};
use crate::trade::inventory::{self, Taking};
use crate::trade::orders::{self, Borne, NewLine, NewOrder, PlacedOrder, Terms, cart};
use crate::trade::payments::{DuePayment, Method};
use crate::trade::shipping;
use crate::trade::vouchers::{self, LineFacts, User, VoucherCode};

/// A quote holds for an hour (deadline row `checkout.quote`).
pub const QUOTE_EXPIRED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "quote-expired",
    vi: "Báo giá đã hết hạn, xin xem lại đơn hàng",
    en: "The quote has expired; please look at the order again",
};

/// A price or the shipping changed since the buyer looked. The fact `total_vnd` is the total of now: whoever agrees
/// sends it.
pub const TOTAL_CHANGED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "total-changed",
    vi: "Tổng tiền đã thay đổi, xin xác nhận lại",
    en: "The total has changed; please confirm again",
};

/// The checkout became orders before, under another key. The fact `orders` names them.
pub const PLACED_ALREADY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "placed-already",
    vi: "Đơn hàng này đã được đặt",
    en: "This checkout has been placed already",
};

/// Members of a shop do not buy from it, nor judge what it sells: that would only feed its rating.
pub const OWN_GOODS: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "own-goods",
    vi: "Không thể mua hay đánh giá hàng của chính gian hàng mình",
    en: "You cannot buy or review the goods of your own shop",
};

/// What the buyer agrees to.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "total_vnd": 205_000, "method": "cod" }))]
pub struct Agreement {
    /// The total they saw.
    pub total_vnd: Vnd,
    /// How they will pay.
    pub method: Method,
}

/// What a checkout became.
#[derive(Serialize, ToSchema)]
pub struct Placed {
    /// The checkout.
    checkout_id: CheckoutId,
    /// What to pay in all.
    total_vnd: Vnd,
    /// One order per shop.
    orders: Vec<PlacedOrder>,
    /// What is to be paid now, or on delivery.
    payments: Vec<DuePayment>,
}

/// Places the account's checkout, or refuses and leaves everything as it was.
///
/// The statements are as many for one line of one shop as for fifty lines of twenty shops.
pub async fn place(
    conn: &mut PgConnection,
    account: AccountId,
    id: CheckoutId,
    (agreement, gateways): (Agreement, &[Method]),
    now: DateTime<Utc>,
) -> Result<(StatusCode, Placed)> {
    let checkout = store::lock(conn, account, id).await?;
    require_open(conn, &checkout, now).await?;
    let quoted = store::quote(conn, id).await?;
    let quote = quote_again(conn, account, &checkout, &quoted, now).await?;
    require_strangers(conn, account, &quote).await?;
    if quote.total_vnd != agreement.total_vnd {
        return Err(Error::from(&TOTAL_CHANGED).fact("total_vnd", quote.total_vnd.get()));
    }
    paying::require_offered(conn, &quote, (agreement.method, gateways), now).await?;
    if quote != quoted {
        store::replace_quote(conn, id, &quote).await?;
    }
    store::set_placed(conn, id, now).await?;
    let terms = paying::terms(conn, (id, account), agreement.method, now).await?;
    let mut orders: Vec<NewOrder> = quote.parts.iter().map(|part| order_of(part, now)).collect();
    orders::open(conn, &mut orders, &terms, now).await?;
    let payments = paying::open(conn, &orders, &terms, now).await?;
    redeem(conn, (&quote, &orders), &terms, &checkout.phone, now).await?;
    take(conn, &orders, &terms, now).await?;
    require_within_caps(conn, &checkout, &orders, &terms, now).await?;
    let placed = Placed {
        checkout_id: id,
        total_vnd: quote.total_vnd,
        orders: orders.iter().map(PlacedOrder::from).collect(),
        payments,
    };
    Ok((StatusCode::CREATED, placed))
}

/// Uses the quote's vouchers for its orders, and writes down who bears what they take off.
async fn redeem(
    conn: &mut PgConnection,
    (quote, orders): (&Quote, &[NewOrder]),
    terms: &Terms,
    phone: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let by_shop: Vec<(SellerId, OrderId)> = orders.iter().map(|order| (order.seller, order.id)).collect();
    let borne = borne(quote, &by_shop);
    orders::insert_borne(conn, &borne).await?;
    vouchers::redeem(conn, terms.checkout, User { account: terms.buyer, phone }, &quote.vouchers, &by_shop, now).await
}

/// Takes what the orders need out of the cart, and takes or holds it.
async fn take(conn: &mut PgConnection, orders: &[NewOrder], terms: &Terms, now: DateTime<Utc>) -> Result<()> {
    let lines = orders.iter().flat_map(|order| order.lines.iter().map(move |line| (order.id, line)));
    let takings: Vec<Taking> =
        lines.map(|(order, line)| Taking { order, variant: line.variant, quantity: line.quantity }).collect();
    let variants: Vec<VariantId> = takings.iter().map(|taking| taking.variant).collect();
    cart::remove(conn, terms.buyer, &variants).await?;
    match terms.pay_by {
        Some(pay_by) => inventory::hold(conn, &takings, pay_by, terms.buyer, now).await,
        None => inventory::take(conn, &takings, terms.buyer, now).await,
    }
}

/// Refuses with [`BUYER_CAP`] more of a variant than its shop sells one buyer within its period. The stock's locks, which
/// are held, let one placement at a time look.
async fn require_within_caps(
    conn: &mut PgConnection,
    checkout: &Checkout,
    orders: &[NewOrder],
    terms: &Terms,
    now: DateTime<Utc>,
) -> Result<()> {
    let variants: Vec<VariantId> =
        orders.iter().flat_map(|order| order.lines.iter().map(|line| line.variant)).collect();
    let over = store::over_cap(conn, terms.buyer, &checkout.phone, &variants, now).await?;
    if over.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = over.iter().map(ToString::to_string).collect();
    Err(Error::from(&BUYER_CAP).fact("variants", named))
}

async fn require_open(conn: &mut PgConnection, checkout: &Checkout, now: DateTime<Utc>) -> Result<()> {
    if checkout.status == CheckoutStatus::Placed {
        let orders = orders::of_checkout(conn, checkout.id).await?;
        return Err(Error::from(&PLACED_ALREADY).fact("orders", serde_json::to_value(orders)?));
    }
    if checkout.expires_at <= now { Err(Error::from(&QUOTE_EXPIRED)) } else { Ok(()) }
}

/// Refuses with [`OWN_GOODS`] to buy from a shop the buyer belongs to.
pub async fn require_strangers(conn: &mut PgConnection, account: AccountId, quote: &Quote) -> Result<()> {
    let own: Vec<SellerId> = access::shops_of(conn, account).await?.into_iter().map(|(seller, _)| seller).collect();
    match quote.parts.iter().find(|part| own.contains(&part.seller_id)) {
        Some(part) => Err(Error::from(&OWN_GOODS).fact("seller_slug", part.seller_slug.as_str())),
        None => Ok(()),
    }
}

/// The same lines at the prices and rates of now.
async fn quote_again(
    conn: &mut PgConnection,
    account: AccountId,
    checkout: &Checkout,
    quoted: &Quote,
    now: DateTime<Utc>,
) -> Result<Quote> {
    let lines = quoted.parts.iter().flat_map(|part| &part.lines);
    let lines: Vec<(VariantId, i32)> = lines.map(|line| (line.variant_id, line.quantity)).collect();
    let codes = quoted.codes();
    let asked = checkout.asked(&lines);
    quote(conn, account, asked, &codes, now).await
}

/// What somebody asks the price of.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What, and how many.
    pub lines: &'a [(VariantId, i32)],
    /// Code of the commune it goes to.
    pub to_commune: &'a str,
    /// How old they say to be.
    pub stated_age: Option<i16>,
}

impl Checkout {
    /// These lines, sent where it goes.
    pub fn asked<'a>(&'a self, lines: &'a [(VariantId, i32)]) -> Asked<'a> {
        Asked { lines, to_commune: &self.commune_code, stated_age: self.stated_age }
    }
}

/// What that costs the account now, with the vouchers of these codes.
pub async fn quote(
    conn: &mut PgConnection,
    account: AccountId,
    Asked { lines, to_commune, stated_age }: Asked<'_>,
    codes: &[VoucherCode],
    now: DateTime<Utc>,
) -> Result<Quote> {
    let today = day_of(now);
    let variants: Vec<VariantId> = lines.iter().map(|line| line.0).collect();
    let offers = offers::find(conn, &variants, today).await?;
    let mut wanted = Vec::with_capacity(lines.len());
    for &(variant, quantity) in lines {
        let Some(offer) = offers.iter().find(|offer| offer.variant == variant).cloned() else {
            return Err(Error::from(&NOT_FOR_SALE).fact("variants", vec![variant.to_string()]));
        };
        wanted.push(Wanted { offer, quantity });
    }
    admit(&wanted, stated_age, today)?;
    let sellers: Vec<SellerId> = wanted.iter().map(|line| line.offer.seller).collect();
    let (tariff, to) = shipping::tariff(conn, &sellers, to_commune, today).await?;
    let quote = Quote::of(&wanted, &tariff, &to)?;
    let facts: Vec<LineFacts> = wanted.iter().map(Wanted::facts).collect::<Result<_>>()?;
    quote.discounted(vouchers::quote(conn, account, codes, &facts, now).await?)
}

fn order_of(part: &Part, now: DateTime<Utc>) -> NewOrder {
    // Prices are never negative.
    let weights: Vec<u64> = part.lines.iter().map(|line| line.amount_vnd.get().unsigned_abs()).collect();
    let lines = part.lines.iter().zip(part.shipping_vnd.split(&weights)).map(|(line, shipping_share)| NewLine {
        variant: line.variant_id,
        listing: line.listing_id,
        listing_slug: line.listing_slug.clone(),
        title: line.title.clone(),
        variant_name: line.variant_name.clone(),
        sku: line.sku.clone(),
        unit_price: line.unit_price_vnd,
        quantity: line.quantity,
        amount: line.amount_vnd,
        discount: line.discount_vnd,
        discount_by_seller: line.discount_by_seller_vnd,
        shipping_share,
    });
    NewOrder {
        id: OrderId::new(now),
        number: String::new(),
        seller: part.seller_id,
        seller_slug: part.seller_slug.clone(),
        seller_name: part.seller_name.clone(),
        province: part.province_code.clone(),
        goods: part.goods_vnd,
        discount: part.discount_vnd,
        shipping: part.shipping_vnd,
        total: part.total_vnd,
        demo: part.demo,
        lines: lines.collect(),
    }
}

/// What others than the shops bear of the orders' lines.
fn borne(quote: &Quote, by_shop: &[(SellerId, OrderId)]) -> Vec<Borne> {
    let lines = quote.vouchers.iter().flat_map(|voucher| voucher.lines.iter().map(move |line| (voucher, line)));
    let orders = lines.filter_map(|(voucher, line)| {
        let (_, order) = by_shop.iter().find(|(seller, _)| *seller == line.seller)?;
        Some((*order, voucher, line))
    });
    orders
        .flat_map(|(order, voucher, line)| {
            let others = line.borne_by_others(&voucher.issuer).into_iter();
            others.map(move |(bearer, amount)| Borne { order, variant: line.variant_id, bearer, amount })
        })
        .collect()
}
