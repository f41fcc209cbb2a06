//! What a carrier must know of a parcel: who, where, what.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::adapters::ghn::{Item, NewOrder, Party};
use crate::kernel::clock::day_of;
use crate::kernel::{SellerId, Vnd};
use crate::market::sellers;
use crate::places::{self, FormerPlace};
use crate::platform::error::{Error, Result};
use crate::trade::orders::store::{self, OrderFacts, OrderLine, Reached};
use crate::trade::shipping::CarrierRule;
use crate::trade::shipping::parcels::{Booking, Packed};

/// The parcel as GHN takes it. Carriers still sort by the places of before July 2025: their names go as ward, district
/// and province, today's with the street.
pub async fn order_for_ghn(
    conn: &mut PgConnection,
    booking: &Booking,
    rule: &CarrierRule,
    now: DateTime<Utc>,
) -> Result<NewOrder> {
    let reached = Reached::by_parcel(booking.order);
    let facts = store::facts(conn, reached).await?;
    let lines = store::lines(conn, reached).await?;
    let items = items(&lines, &booking.lines)?;
    let worth = Vnd::checked_sum(items.iter().map(|item| Vnd::new(item.price * i64::from(item.quantity))));
    let worth = worth.ok_or_else(|| Error::fault("the worth of a parcel does not fit"))?;
    Ok(NewOrder {
        client_order_code: booking.id.to_string(),
        from: sender(conn, booking.seller, now).await?,
        to: recipient(conn, &facts).await?,
        grams: booking.measured.grams,
        millimetres: booking.measured.millimetres(),
        cod: booking.cod.get(),
        insured: worth.min(rule.most_insured).get(),
        inspection: booking.measured.inspection.into(),
        note: facts.note,
        items,
    })
}

fn items(lines: &[OrderLine], packed: &[Packed]) -> Result<Vec<Item>> {
    let item = |packed: &Packed| {
        let line = lines.iter().find(|line| line.id == packed.line_id);
        let line = line.ok_or_else(|| Error::fault("a parcel with a line of another order"))?;
        Ok(Item {
            name: format!("{} – {}", line.title, line.variant_name),
            code: line.sku.clone(),
            quantity: packed.quantity,
            price: line.unit_price_vnd.get(),
        })
    };
    packed.iter().map(item).collect()
}

async fn sender(conn: &mut PgConnection, seller: SellerId, now: DateTime<Utc>) -> Result<Party> {
    let shop = sellers::file(conn, seller, day_of(now)).await?;
    let place = (&shop.location.commune.code, &shop.location.commune.name, &shop.location.province.name);
    party(conn, (&shop.name, shop.phone.as_deref().unwrap_or_default()), shop.street.as_deref(), place).await
}

async fn recipient(conn: &mut PgConnection, facts: &OrderFacts) -> Result<Party> {
    let place = (&facts.commune_code, &facts.commune_name, &facts.province_name);
    party(conn, (&facts.recipient, &facts.phone), Some(&facts.street), place).await
}

async fn party(
    conn: &mut PgConnection,
    (name, phone): (&str, &str),
    street: Option<&str>,
    (commune_code, commune, province): (&String, &String, &String),
) -> Result<Party> {
    let former = places::former_place(conn, commune_code).await?;
    let FormerPlace { commune: ward, district, province: former_province } = former.unwrap_or_else(|| FormerPlace {
        commune: commune.clone(),
        district: String::new(),
        province: province.clone(),
    });
    let address: Vec<&str> = street.into_iter().chain([commune.as_str(), province.as_str()]).collect();
    Ok(Party {
        name: name.to_owned(),
        // As GHN writes numbers: 0912345678.
        phone: phone.strip_prefix("+84").map_or_else(|| phone.to_owned(), |rest| format!("0{rest}")),
        address: address.join(", "),
        ward,
        district,
        province: former_province,
    })
}
