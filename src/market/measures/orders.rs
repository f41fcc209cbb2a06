//! Orders and requests of authorities: recorded with their deadline, carried out or refused by a verdict, lifted by the
//! authority.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::jobs::TakenDown;
use super::letters;
use super::model::{
    AuthorityOrder, AuthorityOrderKind, AuthorityOrderStatus, Document, Matter, ORDER_NOT_DONE, ORDER_RECORDED,
};
use super::store::orders::{self as store, NewRow};
use super::withdrawals::title_of;
use crate::calendar;
use crate::kernel::{AccountId, AuthorityOrderId, ListingId};
use crate::market::cases::{self, CaseKind, Decision, NewCase, Verdict};
use crate::market::catalogue;
use crate::market::sellers::{self, Summary};
use crate::people::access::Provinces;
use crate::people::notify::Message;
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, OrRefuse as _, Result};
use crate::platform::extract::INVALID;
use crate::platform::jobs::Job as _;

/// A placement that began before the listing went has ended by then: requests may take 20 seconds.
const SECOND_LOOK: TimeDelta = TimeDelta::minutes(1);

/// The kind of case an order becomes.
const fn case_kind(kind: AuthorityOrderKind) -> CaseKind {
    match kind {
        AuthorityOrderKind::Takedown => CaseKind::TakedownOrder,
        AuthorityOrderKind::Information => CaseKind::InformationRequest,
    }
}

/// Records what an authority wants of the locked `shop` and puts it into the queue of the shop's province.
pub async fn record(
    conn: &mut PgConnection,
    shop: &Summary,
    document: &Document,
    matter: &Matter,
    subject: &str,
    by: (AccountId, DateTime<Utc>),
) -> Result<AuthorityOrderId> {
    let (officer, now) = by;
    document.check(now)?;
    let kind = case_kind(matter.kind());
    let due_at = calendar::due(conn, kind.deadline(), document.received_at).await?;
    let id = AuthorityOrderId::new(now);
    let case = NewCase {
        kind,
        subject: id.as_uuid(),
        seller: shop.id,
        province_code: shop.province_code.clone(),
        commune_code: shop.commune_code.clone(),
        legacy_province_code: Some(shop.legacy_province_code.clone()),
        title: format!("{} – {subject}", document.number),
        opened_by: officer,
        due_at: Some(due_at),
    };
    let case = cases::open(conn, &case, now).await?;
    let row = NewRow { id, document, matter, shop, due_at, case, recorded_by: officer, recorded_at: now };
    store::insert(conn, &row).await.on_constraint("authority_orders_once", &ORDER_RECORDED)?;
    Ok(id)
}

/// Carries a recorded takedown out without waiting for a verdict: its case is decided in the same transaction.
pub async fn carry_out_at_once(
    conn: &mut PgConnection,
    id: AuthorityOrderId,
    provinces: &Provinces,
    decision: &Decision,
) -> Result<Vec<Message>> {
    let order = store::lock(conn, id, provinces).await?.or_refuse(&NOT_FOUND)?;
    cases::record(conn, order.case_id, decision).await?;
    carry_out(conn, &order, decision).await
}

/// Applies the verdict to an order of `provinces`: an approval carries it out or says that it was answered.
///
/// # Errors
/// An authority is not asked for changes: such a verdict is refused.
pub async fn decide(
    conn: &mut PgConnection,
    id: AuthorityOrderId,
    provinces: &Provinces,
    decision: &Decision,
) -> Result<()> {
    let order = store::lock(conn, id, provinces).await?.or_refuse(&NOT_FOUND)?;
    if order.status != AuthorityOrderStatus::Open {
        return Err(Error::fault(format!("order {id} has an open case but is {:?}", order.status)));
    }
    match decision.verdict {
        Verdict::Approve => carry_out(conn, &order, decision).await.map(drop),
        Verdict::Reject => store::set_refused(conn, id).await,
        Verdict::RequestChanges => {
            Err(Error::from(&INVALID).at("verdict", "phải là approve hoặc reject: không yêu cầu cơ quan bổ sung / must be approve or reject: an authority is not asked for changes"))
        }
    }
}

/// Does what the locked order says. Of a request for information only the answer is noted.
async fn carry_out(conn: &mut PgConnection, order: &AuthorityOrder, decision: &Decision) -> Result<Vec<Message>> {
    store::set_done(conn, order.id, decision).await?;
    let Some(listing) = order.listing_id else { return Ok(Vec::new()) };
    catalogue::take_down(conn, order.seller_id, listing).await?;
    if order.stop_orders {
        for at in [decision.at, decision.at + SECOND_LOOK] {
            TakenDown { order: order.id }.enqueue(conn, at).await?;
        }
    }
    let title = title(conn, listing).await?;
    letters::taken_down(conn, order, &title, decision.at).await
}

async fn title(conn: &mut PgConnection, listing: ListingId) -> Result<String> {
    let listing = catalogue::outline(conn, listing).await?.or_refuse(&NOT_FOUND)?;
    Ok(title_of(&listing))
}

/// Ends a takedown by the authority's own document. The listing comes back unless something else holds it.
pub async fn lift(
    conn: &mut PgConnection,
    id: AuthorityOrderId,
    provinces: &Provinces,
    document: &str,
    by: (AccountId, DateTime<Utc>),
) -> Result<Vec<Message>> {
    let order = store::lock(conn, id, provinces).await?.or_refuse(&NOT_FOUND)?;
    sellers::lock_to_judge(conn, order.seller_id, provinces, by.0).await?;
    let Some(listing) = order.listing_id.filter(|_| order.status == AuthorityOrderStatus::Done) else {
        return Err(Error::from(&ORDER_NOT_DONE));
    };
    catalogue::lock_listing(conn, order.seller_id, listing).await?;
    store::set_lifted(conn, id, document, by).await?;
    if !store::holds(conn, listing).await? {
        catalogue::lift_takedown(conn, order.seller_id, listing).await?;
    }
    let title = title(conn, listing).await?;
    letters::takedown_lifted(conn, &order, &title, by.1).await
}

/// The listing whose running orders an order stops: none unless it was carried out and still holds.
pub async fn listing_to_stop(conn: &mut PgConnection, id: AuthorityOrderId) -> Result<Option<ListingId>> {
    store::listing_to_stop(conn, id).await
}
