//! Shops and who stands behind them: `draft → submitted → approved | changes_requested | rejected`.
//!
//! A shop is prepared by its members, judged by the department of its province, and shown to everybody once approved.
//! What a kind of seller must say and show is the law's (Decree 248/2026/NĐ-CP, art. 18) and stands in rows; a draft
//! always says what it still lacks. A personal ID is sealed on arrival and read back in full for an authority only.
//!
//! `approved ⇄ suspended` are moves of `market::measures`, which has their grounds. Nobody sells without recorded
//! e-authentication from the day of a row of `selling_rules` on; the SQL function `authenticated_sellers` is the one
//! definition of that.

pub mod admin;
mod authentication;
mod file;
pub mod http;
pub mod jobs;
mod model;
mod papers;
mod store;

pub use authentication::{Authentication, AuthenticationMethod, NewAuthentication};
pub use file::ShopFile;
pub use model::{
    Holder, IDENTITY_LOCKED, LOCKED, NOT_A_DRAFT, NOT_APPROVED, NOT_SUSPENDED, NOT_WAITING, OWN_SHOP, Profile, Seat,
    Seller, SellerKind, SellerStatus, Summary, is_paused,
};
pub use papers::{Missing, Paper, PaperKind};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::kernel::text::slugify;
use crate::kernel::{AccountId, PersonalId, SellerId, TaxCode};
use crate::market::cases::{self, Decision, Verdict};
use crate::people::access::{self, Provinces};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::seal::Seal;
use model::SealedId;
use papers::PaperRule;
use store::NewRow;

/// What others need to know of the shop.
pub async fn summary(conn: &mut PgConnection, id: SellerId) -> Result<Summary> {
    store::summaries(conn, &[id]).await?.pop().or_refuse(&NOT_FOUND)
}

/// The shop of that address, if the public sees it.
pub async fn shown(conn: &mut PgConnection, slug: &str) -> Result<Option<SellerId>> {
    store::find_approved(conn, slug).await
}

/// Those of the shops that the public sees, whole.
pub async fn all_shown(conn: &mut PgConnection, ids: &[SellerId]) -> Result<Vec<Seller>> {
    store::approved(conn, ids).await
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

/// Everything about the shop on the day: what judges it takes its papers and what it lacks from here.
pub async fn file(conn: &mut PgConnection, id: SellerId, today: NaiveDate) -> Result<ShopFile> {
    file::read(conn, id, today).await
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
    store::set_decided(conn, id, status, approved_at).await
}

/// Refuses a shop that is not as a verdict other than an approval left it; it stays so until the transaction ends.
pub async fn require_unmoved(conn: &mut PgConnection, id: SellerId) -> Result<()> {
    let seller = store::lock(conn, id).await?.or_refuse(&NOT_FOUND)?;
    seller.status.reverse()?;
    if seller.decided_version == Some(seller.version) { Ok(()) } else { Err(Error::from(&cases::MOVED_ON)) }
}

/// Approves a shop in `provinces` that was not approved: an appeal was upheld.
pub async fn reverse(conn: &mut PgConnection, id: SellerId, provinces: &Provinces, decision: &Decision) -> Result<()> {
    let seller = store::lock(conn, id).await?.filter(|seller| provinces.contains(&seller.province_code));
    let status = seller.or_refuse(&NOT_FOUND)?.status.reverse()?;
    store::set_decided(conn, id, status, Some(decision.at)).await
}

/// The shop, locked until the transaction ends, if it lies in `provinces` and somebody who is no member of it asks.
pub async fn lock_to_judge(
    conn: &mut PgConnection,
    id: SellerId,
    provinces: &Provinces,
    judge: AccountId,
) -> Result<Summary> {
    let seller = store::lock(conn, id).await?.filter(|seller| provinces.contains(&seller.province_code));
    let seller = seller.or_refuse(&NOT_FOUND)?;
    if access::is_member(conn, seller.id, judge).await? {
        return Err(Error::from(&OWN_SHOP));
    }
    summary(conn, seller.id).await
}

/// Locks the shop until the transaction ends: whoever moves it comes one after another.
pub async fn lock(conn: &mut PgConnection, id: SellerId) -> Result<()> {
    store::lock(conn, id).await?.or_refuse(&NOT_FOUND).map(drop)
}

/// Closes an approved shop for the time being, or opens a suspended one again; what it has running is not touched.
pub async fn set_suspended(conn: &mut PgConnection, id: SellerId, suspended: bool) -> Result<()> {
    let status = store::lock(conn, id).await?.or_refuse(&NOT_FOUND)?.status;
    let status = if suspended { status.suspend()? } else { status.reinstate()? };
    store::set_status(conn, id, status, None).await
}

/// A household's personal ID in full, for the authority that asked. Whoever reads it is recorded by the caller.
pub async fn personal_id(conn: &mut PgConnection, seal: &Seal, id: SellerId) -> Result<Option<String>> {
    let sealed = store::sealed_id(conn, id).await?;
    sealed.map(|sealed| seal.open(&sealed, &sealing_context(id))).transpose()
}

/// Notes how the shop proved who it is.
pub async fn authenticate(
    conn: &mut PgConnection,
    id: SellerId,
    new: &NewAuthentication,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    store::authentication::insert(conn, id, new, by, now).await
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
    let sealed = seal.seal(number.expose(), &sealing_context(id))?;
    Ok(SealedId { sealed, last: number.last_digits().to_owned() })
}

fn sealing_context(id: SellerId) -> String {
    format!("sellers.personal_id:{id}")
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
