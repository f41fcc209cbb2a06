//! Who sells: cooperatives, companies, households, groups and farms, each with what it mainly makes.

use chrono::{DateTime, TimeDelta, Utc};
use ocop_market::kernel::text::fold;
use sqlx::PgConnection;
use uuid::Uuid;

use super::dice::{Dice, Ranked};
use super::places::Place;
use super::rows::Rows;
use super::slugs::Slugs;
use super::words::{Noun, Words, person};

/// An approved shop.
pub struct Shop {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    /// Where it stands, by its place in the list.
    pub place: usize,
    /// What it calls its goods.
    pub brand: String,
    /// What it makes.
    pub nouns: Vec<Noun>,
    /// The paper all its certificates are scanned on.
    pub scan: Uuid,
    kind: &'static str,
    opened: DateTime<Utc>,
}

/// How many shops so many listings belong to: 2,000 sell 10,000, and 12,000 sell 100,000.
pub fn count(listings: usize) -> usize {
    listings.min(10_000) / 5 + listings.saturating_sub(10_000) * 10 / 90
}

/// A country has fewer tea communes than communes.
pub fn make(count: usize, words: &Words, places: &[Place], dice: &mut Dice, now: DateTime<Utc>) -> Vec<Shop> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    dice.shuffle(&mut order);
    let order = Ranked::new(order);
    let mut slugs = Slugs::default();
    (0..count)
        .map(|_| {
            let place = if dice.happens(40) { *order.draw(dice) } else { dice.below(places.len()) };
            let brand = if dice.happens(30) { places[place].commune.clone() } else { words.brand(dice) };
            let (kind, name) = name(&brand, &places[place], dice);
            let opened = now - TimeDelta::hours(dice.between(24, 24 * 900));
            Shop {
                id: dice.id(opened),
                slug: slugs.of(&name),
                nouns: (0..=dice.below(4)).map(|_| words.nouns.draw(dice).clone()).collect(),
                scan: dice.id(opened),
                name,
                place,
                brand,
                kind,
                opened,
            }
        })
        .collect()
}

fn name(brand: &str, place: &Place, dice: &mut Dice) -> (&'static str, String) {
    let commune = &place.commune;
    match dice.below(100) {
        0..35 => {
            let work = dice.pick(&["", "nông nghiệp ", "nông sản sạch ", "dịch vụ nông nghiệp ", "nông dược "]);
            ("cooperative", format!("Hợp tác xã {work}{brand}"))
        }
        35..65 => {
            let form = dice.pick(&["Công ty TNHH", "Công ty Cổ phần", "Công ty TNHH Thực phẩm", "Công ty TNHH MTV"]);
            ("enterprise", format!("{form} {brand}"))
        }
        65..90 => ("household", format!("Hộ kinh doanh {}", person(dice))),
        90..95 => ("cooperative_group", format!("Tổ hợp tác {brand} {commune}")),
        _ => ("farm", format!("Trang trại {}", person(dice))),
    }
}

/// Writes them, with their owner and proof of who they are.
pub async fn write(
    shops: &[Shop],
    places: &[Place],
    owner: Uuid,
    dice: &mut Dice,
    conn: &mut PgConnection,
) -> Result<(), sqlx::Error> {
    let mut sellers = Rows::new(
        "sellers (id, slug, status, kind, name, legal_name, representative, tax_code, phone, email, public_contact,
                  province_code, commune_code, legacy_province_code, about_vi, about_en, search_text, created_at,
                  approved_at)",
    );
    let mut members = Rows::new("members (id, seller_id, account_id, role, created_at, accepted_at)");
    let mut proofs =
        Rows::new("seller_authentications (seller_id, method, reference, authenticated_at, recorded_at, recorded_by)");
    let mut papers = Rows::new("media (id, seller_id, uploaded_by, purpose, name, mime, bytes, created_at)");
    for (number, shop) in shops.iter().enumerate() {
        let (place, household) = (&places[shop.place], shop.kind == "household");
        let public = !household && dice.happens(60);
        let representative = (!household).then(|| person(dice));
        let about = format!("{} ở {}, {}.", shop.name, place.commune, place.province);
        let about_en = dice.happens(33).then(|| format!("A producer of {}, {}.", place.commune_en, place.province_en));
        sellers.add(&[
            &shop.id,
            &shop.slug,
            &"approved",
            &shop.kind,
            &shop.name,
            &shop.name,
            &representative,
            &(!household).then(|| tax_code(number)),
            &format!("+849{:08}", dice.below(100_000_000)),
            &dice.happens(50).then(|| format!("lien-he-{number}@shop.example")),
            &public,
            &place.province_code,
            &place.code,
            &place.former_code,
            &about,
            &about_en,
            &fold(&format!("{0} {0}", shop.name)),
            &shop.opened,
            &shop.opened,
        ]);
        members.add(&[&dice.id(shop.opened), &shop.id, &owner, &"owner", &shop.opened, &shop.opened]);
        if dice.happens(90) {
            proofs.add(&[&shop.id, &"vneid", &"bench", &shop.opened, &shop.opened, &owner]);
        }
        let size = dice.between(50_000, 900_000);
        let name = dice.name();
        papers.add(&[&shop.scan, &shop.id, &owner, &"paper", &name, &"application/pdf", &size, &shop.opened]);
    }
    for rows in [&mut sellers, &mut members, &mut proofs, &mut papers] {
        rows.flush(conn).await?;
    }
    Ok(())
}

/// Ten digits, the last a check digit (Circular 105/2020/TT-BTC).
fn tax_code(number: usize) -> String {
    const WEIGHTS: [usize; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    // A number whose check digit would be 10 is never issued.
    (0..10)
        .find_map(|last| {
            let unit = format!("4{number:07}{last}");
            let digits = unit.bytes().map(|digit| usize::from(digit - b'0'));
            let check = 10 - digits.zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum::<usize>() % 11;
            (check < 10).then(|| format!("{unit}{check}"))
        })
        .unwrap_or_default()
}
