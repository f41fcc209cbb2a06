//! Making a complaint, answering it, taking it back.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::letters;
use super::model::{ANSWER_DEADLINE, Against, Complaint, ComplaintStatus, Kind, Target};
use super::store::{self, End, NewComplaint};
use crate::calendar;
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, ComplaintId, MediaId, SellerId};
use crate::market::cases::{self, CaseKind, NewCase};
use crate::market::catalogue::offers;
use crate::market::media::evidence;
use crate::market::sellers::http::CONTACT_UNCONFIRMED;
use crate::market::sellers::{self, Summary};
use crate::people::identity;
use crate::people::notify::Message;
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, OrRefuse as _, Problem, Result};
use crate::platform::extract::INVALID;
use crate::trade::orders;

/// One thing is complained about once at a time: a second click opens nothing.
pub const COMPLAINT_OPEN: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "complaint-open",
    vi: "Bạn đang có khiếu nại cùng loại về việc này",
    en: "You have an open complaint of this kind about it already",
};

/// The account has as many open complaints as it may.
pub const TOO_MANY_COMPLAINTS: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "too-many-complaints",
    vi: "Bạn có quá nhiều khiếu nại đang chờ kết quả",
    en: "Too many of your complaints are waiting for a result",
};

/// Complaints of one account that may be open at a time.
const MOST_OPEN: i64 = 20;

/// What somebody complains about.
#[derive(Debug)]
pub struct Filing<'a> {
    pub id: ComplaintId,
    pub account: AccountId,
    pub guest: bool,
    pub against: &'a Against,
    pub kind: &'a str,
    pub words: &'a str,
    pub photos: &'a [MediaId],
}

/// Writes the complaint down, opens its case in the shop's province and tells the shop.
pub async fn file(conn: &mut PgConnection, filing: &Filing<'_>, now: DateTime<Utc>) -> Result<Vec<Message>> {
    identity::lock(conn, filing.account).await?;
    let guest_with_order = filing.guest && matches!(filing.against, Against::Order(_));
    if !guest_with_order && !identity::has_confirmed_contact(conn, filing.account).await? {
        return Err(Error::from(&CONTACT_UNCONFIRMED));
    }
    let target = find_target(conn, filing).await?;
    let kind = find_kind(conn, filing.kind, &target, now).await?;
    if store::count_open(conn, filing.account).await? >= MOST_OPEN {
        return Err(TOO_MANY_COMPLAINTS.because(format!("at most {MOST_OPEN}")));
    }
    let shop = sellers::summary(conn, target.seller).await?;
    let new = NewComplaint {
        id: filing.id,
        account: filing.account,
        kind: &kind.code,
        target: &target,
        seller_name: &shop.name,
        words: filing.words,
        due_at: calendar::due(conn, &kind.deadline(), now).await?,
        answer_due_at: calendar::due(conn, ANSWER_DEADLINE, now).await?,
    };
    store::insert(conn, &new, now).await.on_constraint("complaints_one_open", &COMPLAINT_OPEN)?;
    evidence::attach(conn, filing.account, filing.id.as_uuid(), filing.photos).await?;
    let reached = store::of_account(conn, filing.account, filing.id).await?;
    let complaint = store::find(conn, reached).await?;
    cases::open(conn, &case_of(&complaint, shop), now).await?;
    letters::tell_opened(conn, &complaint, now).await
}

/// What the complaint is against: a listing the public saw, a shop it sees, an order of the complainant's own.
async fn find_target(conn: &mut PgConnection, filing: &Filing<'_>) -> Result<Target> {
    match filing.against {
        Against::Listing(slug) => {
            let listing = offers::shown(conn, slug).await?.or_refuse(&NOT_FOUND)?;
            let about = Some(listing.title);
            Ok(Target { seller: listing.seller, listing: Some(listing.listing), order: None, about })
        }
        Against::Seller(slug) => {
            let seller = sellers::shown(conn, slug).await?.or_refuse(&NOT_FOUND)?;
            Ok(Target { seller, listing: None, order: None, about: None })
        }
        Against::Order(id) => {
            let order = orders::dealing_of_buyer(conn, filing.account, *id).await?.or_refuse(&NOT_FOUND)?;
            Ok(Target { seller: order.seller_id, listing: None, order: Some(order.id), about: Some(order.number) })
        }
    }
}

/// The kind of that code, if it is in force and can be complained about of such a target.
async fn find_kind(conn: &mut PgConnection, code: &str, target: &Target, now: DateTime<Utc>) -> Result<Kind> {
    let kinds = store::kinds(conn, day_of(now)).await?;
    let fits = |kind: &Kind| kind.code == code && kind.targets.contains(&target.kind());
    kinds
        .into_iter()
        .find(fits)
        .ok_or_else(|| Error::from(&INVALID).at("kind", "phải là loại đang có hiệu lực và hợp với đối tượng bị phản ánh / must be a kind in force that fits what it is against"))
}

/// The case the officers of the shop's province will find in the queue, due when the complainant was promised.
fn case_of(complaint: &Complaint, shop: Summary) -> NewCase {
    NewCase {
        kind: CaseKind::Complaint,
        subject: complaint.id.as_uuid(),
        seller: shop.id,
        province_code: shop.province_code,
        commune_code: shop.commune_code,
        legacy_province_code: Some(shop.legacy_province_code),
        title: format!("{}: {}", complaint.kind_vi, complaint.about),
        opened_by: complaint.account,
        due_at: Some(complaint.due_at),
    }
}

/// Writes down what the shop answers and tells the complainant. The same words again change nothing; other words
/// replace them until there is a result. A late answer counts, and shows as late.
pub async fn answer(
    conn: &mut PgConnection,
    seller: SellerId,
    id: ComplaintId,
    by: AccountId,
    words: &str,
    now: DateTime<Utc>,
) -> Result<(Complaint, Vec<Message>)> {
    let reached = store::of_shop(conn, seller, id).await?;
    let before = store::lock(conn, reached).await?;
    if before.answer.as_deref() == Some(words) {
        return Ok((before, Vec::new()));
    }
    if !store::set_answer(conn, reached, words, by, now).await? {
        return Err(Error::from(&cases::NOT_OPEN));
    }
    let letters = letters::tell_answered(conn, &before, words, now).await?;
    Ok((store::find(conn, reached).await?, letters))
}

/// Takes an open complaint back, with its case, and tells the shop. What is withdrawn already stays so.
pub async fn withdraw(
    conn: &mut PgConnection,
    account: AccountId,
    id: ComplaintId,
    now: DateTime<Utc>,
) -> Result<(Complaint, Vec<Message>)> {
    let reached = store::of_account(conn, account, id).await?;
    let withdrawn = cases::withdraw(conn, CaseKind::Complaint, id.as_uuid()).await;
    if let Err(refused) = withdrawn {
        let complaint = store::find(conn, reached).await?;
        return if complaint.status == ComplaintStatus::Withdrawn { Ok((complaint, Vec::new())) } else { Err(refused) };
    }
    let end = End { status: ComplaintStatus::Withdrawn, result: None, reason_codes: &[], at: now };
    if !store::close(conn, reached, &end).await? {
        return Err(Error::fault(format!("complaint {id} had an open case but is closed")));
    }
    let complaint = store::find(conn, reached).await?;
    let letters = letters::tell_withdrawn(conn, &complaint, now).await?;
    Ok((complaint, letters))
}
