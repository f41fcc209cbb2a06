//! Shops and who stands behind them: `draft → submitted → approved | changes_requested | rejected`.
//!
//! A shop is prepared by its members, judged by the department of its province, and shown to everybody once approved.
//! What a kind of seller must say and show is the law's (Decree 248/2026/NĐ-CP, art. 18) and stands in rows; a draft
//! always says what it still lacks. A personal ID is sealed on arrival and never read back in full.

mod file;
pub mod http;
mod model;
mod papers;
mod store;

pub use file::ShopFile;
pub use model::{
    Holder, IDENTITY_LOCKED, LOCKED, NOT_A_DRAFT, NOT_APPROVED, NOT_WAITING, Profile, Seat, SellerKind, SellerStatus,
    Summary, is_paused,
};
pub use papers::{Missing, Paper, PaperKind};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::kernel::text::slugify;
use crate::kernel::{PersonalId, SellerId, TaxCode};
use crate::market::cases::{Decision, Verdict};
use crate::people::access::Provinces;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::seal::Seal;
use model::SealedId;
use papers::PaperRule;
use store::NewRow;

/// What others need to know of the shop.
pub async fn summary(conn: &mut PgConnection, id: SellerId) -> Result<Summary> {
    store::summaries(conn, &[id]).await?.pop().or_refuse(&NOT_FOUND)
}

/// Whether there is no shop at all, not even a draft.
pub async fn is_empty(conn: &mut PgConnection) -> Result<bool> {
    store::is_empty(conn).await
}

/// The shop, refused with [`NOT_APPROVED`] unless its department approved it.
pub async fn approved(conn: &mut PgConnection, id: SellerId) -> Result<Summary> {
    let shop = summary(conn, id).await?;
    if shop.status == SellerStatus::Approved { Ok(shop) } else { Err(Error::from(&NOT_APPROVED)) }
}

/// The approved shops with one of these tax codes; two shops may have the same.
pub async fn holders_of(conn: &mut PgConnection, tax_codes: &[TaxCode]) -> Result<Vec<Holder>> {
    store::holders_of(conn, tax_codes).await
}

/// What the shop lacks if it must hold one of these papers; none if it holds one that is valid on the day, or if no
/// kinds are named.
pub async fn missing_paper(
    conn: &mut PgConnection,
    id: SellerId,
    any_of: &[PaperKind],
    legal_basis: &str,
    today: NaiveDate,
) -> Result<Option<Missing>> {
    let rule = PaperRule { any_of: any_of.to_vec(), legal_basis: legal_basis.to_owned() };
    let papers = store::papers::list(conn, id).await?;
    Ok((!any_of.is_empty() && !rule.is_met(&papers, today)).then(|| papers::missing_paper(&rule)))
}

/// The file of a shop in `provinces`, for its officers. Reading it is an act to be recorded.
pub async fn dossier(
    conn: &mut PgConnection,
    id: SellerId,
    provinces: &Provinces,
    today: NaiveDate,
) -> Result<ShopFile> {
    let file = file::read(conn, id, today).await?;
    Some(file).filter(|file| provinces.contains(&file.location.province.code)).or_refuse(&NOT_FOUND)
}

/// Applies the verdict to a shop in `provinces` that waits for one.
pub async fn decide(conn: &mut PgConnection, id: SellerId, provinces: &Provinces, decision: &Decision) -> Result<()> {
    let seller = store::lock(conn, id).await?.filter(|seller| provinces.contains(&seller.province_code));
    let status = seller.or_refuse(&NOT_FOUND)?.status.decide(decision.verdict)?;
    let approved_at = (decision.verdict == Verdict::Approve).then_some(decision.at);
    store::set_status(conn, id, status, approved_at).await
}

/// A shop that is open from the start: the demonstration's.
#[derive(Debug)]
pub struct NewSeller {
    /// What it says about itself.
    pub profile: Profile,
    /// A household's ID.
    pub personal_id: Option<PersonalId>,
    /// Made for the demonstration.
    pub demo: bool,
}

/// Creates an approved shop without members.
pub async fn create(conn: &mut PgConnection, seal: &Seal, new: &NewSeller, now: DateTime<Utc>) -> Result<SellerId> {
    let id = SellerId::new(now);
    let personal_id = new.personal_id.as_ref().map(|number| seal_id(seal, id, number)).transpose()?;
    let row = NewRow {
        id,
        status: SellerStatus::Approved,
        profile: &new.profile,
        personal_id: personal_id.as_ref(),
        demo: new.demo,
        created_at: now,
        approved_at: Some(now),
    };
    insert(conn, &row).await?;
    Ok(id)
}

/// Seals a personal ID to the row of its shop.
fn seal_id(seal: &Seal, id: SellerId, number: &PersonalId) -> Result<SealedId> {
    let sealed = seal.seal(number.expose(), &format!("sellers.personal_id:{id}"))?;
    Ok(SealedId { sealed, last: number.last_digits().to_owned() })
}

/// Writes the row under a free slug made of the shop's name: itself, then with `-2` and `-3`, then with the random end
/// of its id.
async fn insert(conn: &mut PgConnection, row: &NewRow<'_>) -> Result<()> {
    let slug = Some(slugify(&row.profile.name)).filter(|slug| !slug.is_empty()).unwrap_or("gian-hang".to_owned());
    let digits = row.id.as_uuid().simple().to_string();
    let unique = format!("{slug}-{}", &digits[digits.len() - 8..]);
    for candidate in [&slug, &format!("{slug}-2"), &format!("{slug}-3"), &unique] {
        if store::insert(conn, candidate, row).await? {
            return Ok(());
        }
    }
    Err(Error::fault(format!("slug {unique} is taken")))
}
