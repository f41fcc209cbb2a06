//! An officer takes a published listing back.
//!
//! The withdrawal is a decided case; the listing says which one holds it. It ends when an officer lifts it, when an
//! appeal is won, or when content handed in afterwards is approved.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::letters;
use super::model::Grounds;
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, ListingId};
use crate::market::cases::{self, Case, CaseKind, MOVED_ON, NewCase};
use crate::market::catalogue::{self, ListingOutline, NOT_WITHDRAWN};
use crate::market::sellers::{self, Summary};
use crate::people::access::Provinces;
use crate::people::notify::Message;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};

/// The listing and its shop, locked, if the shop lies in `provinces` and is not the officer's own.
pub async fn lock_listing(
    conn: &mut PgConnection,
    id: ListingId,
    provinces: &Provinces,
    officer: AccountId,
) -> Result<(ListingOutline, Summary)> {
    let listing = catalogue::outline(conn, id).await?.or_refuse(&NOT_FOUND)?;
    let shop = sellers::lock_to_judge(conn, listing.seller_id, provinces, officer).await?;
    Ok((listing, shop))
}

/// What the public calls the listing.
pub fn title_of(listing: &ListingOutline) -> String {
    listing.title_vi.clone().unwrap_or_else(|| listing.slug.clone())
}

/// Hides the listing at once and tells its shop why.
pub async fn withdraw(
    conn: &mut PgConnection,
    id: ListingId,
    provinces: &Provinces,
    grounds: &Grounds,
    officer: AccountId,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let (listing, shop) = lock_listing(conn, id, provinces, officer).await?;
    let reasons = cases::reasons(conn, day_of(now)).await?;
    let decision = grounds.decision(CaseKind::ListingWithdrawal, &reasons, officer, now)?;
    let title = title_of(&listing);
    let case = NewCase {
        kind: CaseKind::ListingWithdrawal,
        subject: id.as_uuid(),
        seller: shop.id,
        province_code: shop.province_code,
        commune_code: shop.commune_code,
        legacy_province_code: Some(shop.legacy_province_code),
        title: title.clone(),
        opened_by: officer,
        due_at: None,
    };
    let case = cases::open_decided(conn, &case, &decision).await?;
    catalogue::withdraw(conn, shop.id, id, case, now).await?;
    letters::withdrawn(conn, shop.id, &title, now).await
}

/// Puts a withdrawn listing back where it stood.
pub async fn lift(
    conn: &mut PgConnection,
    id: ListingId,
    provinces: &Provinces,
    officer: AccountId,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let (listing, shop) = lock_listing(conn, id, provinces, officer).await?;
    if !catalogue::lift_withdrawal(conn, shop.id, id, None).await? {
        return Err(Error::from(&NOT_WITHDRAWN));
    }
    letters::withdrawal_lifted(conn, shop.id, &title_of(&listing), now).await
}

/// Undoes the withdrawal decided by `case`, because an appeal against it was upheld. Where it has ended by itself, or
/// another decision holds the listing by now, nothing changes.
pub async fn reverse(conn: &mut PgConnection, case: &Case, now: DateTime<Utc>) -> Result<()> {
    let id = ListingId::from(case.subject_id);
    if catalogue::lift_withdrawal(conn, case.seller_id, id, Some(case.id)).await? {
        letters::withdrawal_lifted(conn, case.seller_id, &case.title, now).await?;
    }
    Ok(())
}

/// Refuses an appeal against a withdrawal that does not hold the listing any more; it stays so until the transaction
/// ends.
pub async fn require_unmoved(conn: &mut PgConnection, case: &Case) -> Result<()> {
    let id = ListingId::from(case.subject_id);
    let holds = catalogue::is_withdrawn_by(conn, case.seller_id, id, case.id).await?;
    if holds { Ok(()) } else { Err(Error::from(&MOVED_ON)) }
}
