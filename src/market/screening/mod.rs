//! The automatic screening: what an officer should look at before deciding, found by rules and word lists that are rows.
//!
//! [`screen()`] is pure: texts, prices, papers and [`Rules`] in, [`Finding`]s out. A finding names the version of its rule,
//! the place and the reason; it never decides. What was found when a revision was handed in is written down
//! ([`record`]), with the time, because papers and prices change.
//!
//! Only one thing hangs on it: an edit in which nothing was found may go onto the shelf at once, if the shop is trusted
//! and its province wants that ([`trust`]).

pub mod admin;
mod contacts;
mod model;
mod reading;
mod screen;
mod store;
pub mod trust;
mod twins;

pub use model::{
    Asked, Finding, Rule, Rules, Screened, Screening, Severity, Term, Test, Twin, UsualPrice, VoidCertificate, Written,
};
pub use screen::screen;
pub use twins::Fingerprint;

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::kernel::{ListingId, SellerId};
use crate::market::sellers::ShopFile;
use crate::platform::error::Result;

/// The rules in force on the day, with their lists.
pub async fn rules(conn: &mut PgConnection, today: NaiveDate) -> Result<Rules> {
    let terms = store::terms::in_force(conn, today).await?;
    let list = |code: &str| terms.iter().filter(|term| term.rule_code == code).cloned().collect();
    let rules = store::rules::in_force(conn, today).await?;
    Ok(Rules(rules.into_iter().map(|rule| (list(&rule.code), rule)).map(|(terms, rule)| (rule, terms)).collect()))
}

/// Writes down what was found in what was handed in, in the place of what was found before.
pub async fn record(conn: &mut PgConnection, subject: Uuid, screening: &Screening) -> Result<()> {
    store::findings::replace(conn, subject, screening).await
}

/// What was found when the subject was last handed in; none if it never was.
pub async fn recorded(conn: &mut PgConnection, subject: Uuid) -> Result<Option<Screening>> {
    store::findings::find(conn, subject).await
}

/// What there is to find in a shop's own words and papers today.
pub async fn of_shop(conn: &mut PgConnection, file: &ShopFile, today: NaiveDate) -> Result<Vec<Finding>> {
    let texts = [
        ("name", Some(file.name.as_str())),
        ("legal_name", file.legal_name.as_deref()),
        ("about_vi", file.about_vi.as_deref()),
        ("about_en", file.about_en.as_deref()),
    ];
    let input = Screened {
        texts: texts
            .into_iter()
            .filter_map(|(place, text)| Some(Written { place: place.to_owned(), text: text? }))
            .collect(),
        papers: &file.papers,
        missing: file.missing.clone(),
        ..Screened::default()
    };
    Ok(screen(&input, &rules(conn, today).await?, today))
}

/// Notes what a listing's published texts sound like.
pub async fn remember_texts(
    conn: &mut PgConnection,
    listing: ListingId,
    seller: SellerId,
    texts: &[&str],
) -> Result<()> {
    store::fingerprints::put(conn, listing, seller, Fingerprint::of(texts).as_ref()).await
}

/// Listings of other shops whose published texts are like these, and how alike in per cent, the most alike first.
pub async fn alike(conn: &mut PgConnection, seller: SellerId, texts: &[&str]) -> Result<Vec<(ListingId, u8)>> {
    let Some(fingerprint) = Fingerprint::of(texts) else { return Ok(Vec::new()) };
    let candidates = store::fingerprints::candidates(conn, seller, &fingerprint).await?;
    let mut alike: Vec<(ListingId, u8)> =
        candidates.into_iter().map(|(listing, other)| (listing, fingerprint.likeness(&other))).collect();
    alike.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    Ok(alike)
}
