//! From a report to the officer's verdict on it.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::model::{Locked, Report, ReportStatus, Review, ReviewStatus};
use super::store;
use super::store::reports::{self, NewReport};
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, Line, ReviewId, ReviewReportId, Text};
use crate::market::cases::{self, CaseKind, Decision, NewCase, Verdict};
use crate::market::catalogue::offers;
use crate::market::sellers::{self, Summary};
use crate::people::access::{self, Provinces};
use crate::people::identity;
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, OrRefuse as _, Problem, Result};
use crate::platform::extract::INVALID;

/// Reporting twice adds nothing.
pub const REPORTED_ALREADY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "reported-already",
    vi: "Bạn đã báo cáo đánh giá này",
    en: "You have reported this review already",
};

/// Nobody reports what they wrote, nor decides on what they wrote or reported.
pub const OWN_REVIEW: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "own-review",
    vi: "Đánh giá này do chính bạn viết hoặc báo cáo",
    en: "You wrote or reported this review yourself",
};

/// The account has as many reports waiting as it may.
pub const TOO_MANY_REPORTS: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "too-many-reports",
    vi: "Bạn có quá nhiều báo cáo đang chờ xử lý",
    en: "Too many of your reports are waiting for a decision",
};

/// Reports of one account that may wait for a decision at a time.
const MOST_OPEN: i64 = 20;

/// What somebody says about a review.
#[derive(Debug)]
pub struct Reporting<'a> {
    pub id: ReviewReportId,
    pub reporter: AccountId,
    pub reason: &'a Line<1, 40>,
    pub words: Option<&'a Text<1, 1000>>,
}

/// Writes the report down. The first one that waits puts the review before the officers of the shop's province; those
/// that follow join it.
pub async fn report(
    conn: &mut PgConnection,
    review: ReviewId,
    reporting: &Reporting<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    identity::lock(conn, reporting.reporter).await?;
    let known = reports::reasons(conn, day_of(now)).await?;
    if !known.iter().any(|reason| reason.code == **reporting.reason) {
        return Err(Error::from(&INVALID)
            .at("reason", "phải là mã lý do đang có hiệu lực / must be the code of a reason in force"));
    }
    let review = store::lock(conn, review).await?.filter(|review| review.status == ReviewStatus::Published);
    let review = review.or_refuse(&NOT_FOUND)?;
    if review.author == reporting.reporter {
        return Err(Error::from(&OWN_REVIEW));
    }
    if reports::count_open(conn, reporting.reporter).await? >= MOST_OPEN {
        return Err(TOO_MANY_REPORTS.because(format!("at most {MOST_OPEN}")));
    }
    let waits = reports::is_any_open(conn, review.id).await?;
    let new = NewReport {
        id: reporting.id,
        review: review.id,
        reporter: reporting.reporter,
        reason: reporting.reason,
        words: reporting.words.map(|words| &**words),
        from_shop: access::is_member(conn, review.seller, reporting.reporter).await?,
    };
    reports::insert(conn, &new, now).await.on_constraint("review_reports_once", &REPORTED_ALREADY)?;
    if !waits {
        let shop = sellers::summary(conn, review.seller).await?;
        cases::open(conn, &case_of(&review, shop, reporting.reporter), now).await?;
    }
    Ok(())
}

/// The case the officers of the shop's province will find in the queue.
fn case_of(review: &Locked, shop: Summary, opened_by: AccountId) -> NewCase {
    NewCase {
        kind: CaseKind::ReportedReview,
        subject: review.id.as_uuid(),
        seller: shop.id,
        province_code: shop.province_code,
        commune_code: shop.commune_code,
        legacy_province_code: Some(shop.legacy_province_code),
        title: format!("{}: đánh giá {} sao của {}", shop.name, review.stars, review.author_name),
        opened_by,
        due_at: None,
    }
}

/// Hides the review (its reports are justified) or lets it stay, for a shop of `provinces`. Reports that came in while
/// the officer was reading are decided with it.
pub async fn decide(conn: &mut PgConnection, id: ReviewId, provinces: &Provinces, decision: &Decision) -> Result<()> {
    let review = lock_in(conn, id, provinces).await?;
    if review.author == decision.by || reports::is_by(conn, id, decision.by).await? {
        return Err(Error::from(&OWN_REVIEW));
    }
    match (decision.verdict, &decision.words) {
        (Verdict::Approve, Some(words)) => {
            store::hide(conn, id, words, decision.at).await?;
            offers::remove_rating(conn, review.listing, review.stars).await?;
            reports::close(conn, id, ReportStatus::Justified).await
        }
        (Verdict::Approve, None) => {
            Err(Error::from(&INVALID).at("words", "phải có: người viết được biết vì sao đánh giá bị ẩn / must be given: the author is told why the review is hidden"))
        }
        (Verdict::Reject, _) => reports::close(conn, id, ReportStatus::Dismissed).await,
        (Verdict::RequestChanges, _) => {
            Err(Error::from(&INVALID).at("verdict", "phải là approve (ẩn) hoặc reject (giữ nguyên) / must be approve (hide it) or reject (it stays)"))
        }
    }
}

/// The review, locked, if its shop lies in `provinces`.
async fn lock_in(conn: &mut PgConnection, id: ReviewId, provinces: &Provinces) -> Result<Locked> {
    let review = store::lock(conn, id).await?.or_refuse(&NOT_FOUND)?;
    let shop = sellers::summary(conn, review.seller).await?;
    if provinces.contains(&shop.province_code) { Ok(review) } else { Err(Error::from(&NOT_FOUND)) }
}

/// What an officer reads before deciding on a reported review.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportedReviewDossier)]
pub struct Dossier {
    /// The review as everybody sees or saw it.
    pub review: Review,
    /// Whether everybody sees it.
    pub status: ReviewStatus,
    /// What was reported, the latest first; at most a hundred.
    pub reports: Vec<Report>,
}

/// The dossier of a review of a shop in `provinces`.
pub async fn dossier(conn: &mut PgConnection, id: ReviewId, provinces: &Provinces) -> Result<Dossier> {
    let status = lock_in(conn, id, provinces).await?.status;
    Ok(Dossier { status, review: store::find(conn, id).await?, reports: reports::latest(conn, id).await? })
}
