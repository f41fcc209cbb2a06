//! A shop is closed for the time being: by an authority's order at once, for a breach after notice.
//!
//! Its listings are hidden with it and nothing new can be ordered; what runs is finished, and its members read and
//! answer. Nothing of carts, orders or listings is touched, so that nothing is stuck when it opens again.
//!
//! Whoever moves a suspension holds the lock on its shop.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::jobs::{SuspensionDue, SuspensionOver};
use super::letters;
use super::model::{Basis, NewSuspension, SUSPENDED_ALREADY, Suspension, SuspensionState};
use super::store::suspensions as store;
use crate::calendar;
use crate::kernel::clock::{day_of, start_of_day};
use crate::kernel::{AccountId, SellerId, SuspensionId};
use crate::market::cases::{self, CaseKind, MOVED_ON, NewCase};
use crate::market::sellers::{self, NOT_APPROVED, NOT_SUSPENDED, SellerStatus, Summary};
use crate::people::access::Provinces;
use crate::people::notify::Message;
use crate::platform::error::{Error, OnConstraint as _, OrRefuse as _, Result};
use crate::platform::jobs::Job as _;

/// Decides a suspension of a shop of `provinces`: in force at once by an order, after notice for a breach.
///
/// An order does not wait for a breach: a suspension for a breach, noticed or in force, ends and the order takes its
/// place.
///
/// # Errors
/// Refuses a shop that is not open, and any other second suspension while one is in force or noticed.
pub async fn suspend(
    conn: &mut PgConnection,
    seller: SellerId,
    provinces: &Provinces,
    new: &NewSuspension,
    by: (AccountId, DateTime<Utc>),
) -> Result<(SuspensionId, Vec<Message>)> {
    let (officer, now) = by;
    let shop = sellers::lock_to_judge(conn, seller, provinces, officer).await?;
    let superseded = superseded_by(conn, seller, new.basis).await?;
    if shop.status != SellerStatus::Approved && superseded.is_none() {
        return Err(Error::from(&NOT_APPROVED));
    }
    let effective_at = match new.basis {
        Basis::Order => now,
        Basis::Breach => calendar::due(conn, "suspension.notice", now).await?,
    };
    new.check(effective_at)?;
    let reasons = cases::reasons(conn, day_of(now)).await?;
    let decision = new.grounds.decision(CaseKind::Suspension, &reasons, officer, now)?;
    let id = SuspensionId::new(now);
    let case = cases::open_decided(conn, &case_of(id, &shop, officer), &decision).await?;
    if let Some(earlier) = &superseded {
        store::set_ended(conn, earlier.id, now, Some(officer), None).await?;
    }
    let row = store::NewRow { id, seller, new, case, recorded_by: officer, recorded_at: now, effective_at };
    store::insert(conn, &row).await.on_constraint("suspensions_one", &SUSPENDED_ALREADY)?;
    if let Some(until) = new.until {
        SuspensionOver { suspension: id }.enqueue(conn, start_of_day(until + TimeDelta::days(1))).await?;
    }
    let suspension = find(conn, id).await?;
    match new.basis {
        // A breach is the department's own judgement; an order is the authority's.
        Basis::Order => {
            cases::set_final(conn, case).await?;
            begin(conn, &suspension, now).await?;
        }
        Basis::Breach => SuspensionDue { suspension: id }.enqueue(conn, effective_at).await?,
    }
    let letters = letters::suspended(conn, &suspension, &shop.name, now).await?;
    Ok((id, letters))
}

/// The suspension for a breach whose place one on the basis takes, if the shop has any.
async fn superseded_by(conn: &mut PgConnection, seller: SellerId, basis: Basis) -> Result<Option<Suspension>> {
    match store::current(conn, seller).await? {
        Some(current) if basis == Basis::Breach || current.basis == Basis::Order => {
            Err(Error::from(&SUSPENDED_ALREADY))
        }
        current => Ok(current),
    }
}

fn case_of(id: SuspensionId, shop: &Summary, officer: AccountId) -> NewCase {
    NewCase {
        kind: CaseKind::Suspension,
        subject: id.as_uuid(),
        seller: shop.id,
        province_code: shop.province_code.clone(),
        commune_code: shop.commune_code.clone(),
        legacy_province_code: Some(shop.legacy_province_code.clone()),
        title: shop.name.clone(),
        opened_by: officer,
        due_at: None,
    }
}

async fn find(conn: &mut PgConnection, id: SuspensionId) -> Result<Suspension> {
    store::find(conn, id).await?.ok_or_else(|| Error::fault(format!("there is no suspension {id}")))
}

/// Closes the shop, unless a suspension that this one takes the place of has.
async fn begin(conn: &mut PgConnection, suspension: &Suspension, now: DateTime<Utc>) -> Result<()> {
    if sellers::summary(conn, suspension.seller_id).await?.status == SellerStatus::Approved {
        sellers::set_suspended(conn, suspension.seller_id, true).await?;
    }
    store::set_began(conn, suspension.id, now).await
}

/// The notice is over: closes the shop, unless the suspension was called off or the shop is not open any more.
pub async fn take_hold(conn: &mut PgConnection, id: SuspensionId, now: DateTime<Utc>) -> Result<()> {
    let suspension = lock(conn, id).await?;
    if suspension.state() != SuspensionState::Noticed || suspension.effective_at > now {
        return Ok(());
    }
    if sellers::summary(conn, suspension.seller_id).await?.status == SellerStatus::Approved {
        begin(conn, &suspension, now).await
    } else {
        store::set_ended(conn, id, now, None, None).await
    }
}

/// The last day is over: opens the shop again, unless that happened before.
pub async fn run_out(conn: &mut PgConnection, id: SuspensionId, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let suspension = lock(conn, id).await?;
    if suspension.ended_at.is_some() { Ok(Vec::new()) } else { end(conn, &suspension, None, None, now).await }
}

/// The suspension as it stands under the lock on its shop.
async fn lock(conn: &mut PgConnection, id: SuspensionId) -> Result<Suspension> {
    let seller = find(conn, id).await?.seller_id;
    sellers::lock(conn, seller).await?;
    find(conn, id).await
}

/// Ends the suspension of a shop of `provinces`, or calls it off while it is only noticed.
pub async fn reinstate(
    conn: &mut PgConnection,
    seller: SellerId,
    provinces: &Provinces,
    words: &str,
    by: (AccountId, DateTime<Utc>),
) -> Result<(SuspensionId, Vec<Message>)> {
    let (officer, now) = by;
    sellers::lock_to_judge(conn, seller, provinces, officer).await?;
    let suspension = store::current(conn, seller).await?.or_refuse(&NOT_SUSPENDED)?;
    let letters = end(conn, &suspension, Some(officer), Some(words), now).await?;
    Ok((suspension.id, letters))
}

/// Whether the shop is closed at the moment because an authority ordered it. Whoever holds the shop's lock finds it so until
/// they are done.
pub async fn is_closed_by_order(conn: &mut PgConnection, seller: SellerId) -> Result<bool> {
    store::is_by_order(conn, seller).await
}

/// Ends the suspension because an appeal against it was upheld. Where it has ended before, nothing changes.
pub async fn reverse(conn: &mut PgConnection, id: SuspensionId, by: AccountId, now: DateTime<Utc>) -> Result<()> {
    let suspension = lock(conn, id).await?;
    if suspension.ended_at.is_none() {
        end(conn, &suspension, Some(by), None, now).await?;
    }
    Ok(())
}

async fn end(
    conn: &mut PgConnection,
    suspension: &Suspension,
    by: Option<AccountId>,
    words: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    store::set_ended(conn, suspension.id, now, by, words).await?;
    let shop = sellers::summary(conn, suspension.seller_id).await?;
    if suspension.state() == SuspensionState::InForce && shop.status == SellerStatus::Suspended {
        sellers::set_suspended(conn, shop.id, false).await?;
    }
    letters::reinstated(conn, shop.id, &shop.name, words, now).await
}

/// Refuses an appeal against a suspension that has ended; what it is stays until the transaction ends.
pub async fn require_unmoved(conn: &mut PgConnection, id: SuspensionId) -> Result<()> {
    if lock(conn, id).await?.ended_at.is_none() { Ok(()) } else { Err(Error::from(&MOVED_ON)) }
}
