//! Self-assessment (*tự đánh giá*): the 26 score sheets of the programme, and what shops make of their products on them.
//!
//! A sheet is scored purely ([`score()`]): points by part, stars = min(band, gates), and what is missing for the next star.
//! Assessments are saved as versions that never change; the officers of the shop's province see those of shops that have
//! put something before them. One and two stars get no certificate (Decision 26/2026/QĐ-TTg, art. 4). Nothing of an
//! assessment is public: its answers tell of people too (3.2 asks for the representative's sex, ethnicity, disability).

pub mod admin;
mod answers;
pub mod http;
mod report;
mod score;
mod sheet;
mod store;
mod view;

pub use answers::{Answer, AssessmentForm, marks};
pub use score::{Marks, MissingGate, NextStar, PartScore, Score, SectionScore, score};
pub use sheet::{Band, Choice, EMBEDDED_VERSION, Edition, Item, LineKind, Note, Sheet, SheetLine, Variant, embedded};
pub use view::{Answered, Assessment, AssessmentSummary, Evidence, EvidenceKind};

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, AssessmentId, SellerId};
use crate::market::cases;
use crate::market::certification::{self, SetNo};
use crate::market::media::{self, Purpose};
use crate::market::sellers::{self, SellerStatus};
use crate::people::access::Provinces;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::extract::INVALID;
use crate::platform::versions::IfMatch;
use store::{NewVersion, VersionRow};

/// A closed shop assesses nothing any more.
pub const SHOP_CLOSED: Problem =
    Problem {
        status: StatusCode::CONFLICT, code: "shop-closed", vi: "Gian hàng đã đóng", en: "The shop is closed"
    };

/// The shop has as many assessments, or the assessment as many versions, as there may be.
pub const ASSESSMENTS_FULL: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "assessments-full",
    vi: "Đã đạt số bản tự đánh giá tối đa",
    en: "There are as many self-assessments as there may be",
};

/// Assessments of a shop, at most: more than any shop has products.
const MOST_ASSESSMENTS: i64 = 500;
/// Versions of an assessment, at most.
const MOST_VERSIONS: i32 = 200;

/// Loads the embedded sheets, each checked as a whole; running it again changes nothing. The product sets come first.
pub async fn load_sheets(conn: &mut PgConnection) -> Result<()> {
    sheet::embedded()?;
    store::upsert_lines(conn, EMBEDDED_VERSION, &sheet::embedded_lines()?).await
}

/// The edition of the sheets in force on the day.
pub async fn edition(conn: &mut PgConnection, today: NaiveDate) -> Result<Edition> {
    let version = store::edition_on(conn, today).await?;
    let version = version.ok_or_else(|| Error::fault(format!("no score sheets are in force on {today}")))?;
    store::edition(conn, &version).await
}

/// The sheet of a set in that edition.
pub async fn sheet(conn: &mut PgConnection, version: &str, set_no: SetNo) -> Result<Sheet> {
    Sheet::new(set_no, &store::lines(conn, version, set_no).await?)
}

/// Begins an assessment with its first version.
async fn begin(
    conn: &mut PgConnection,
    seller: SellerId,
    form: &AssessmentForm,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<AssessmentId> {
    if store::count(conn, seller).await? >= MOST_ASSESSMENTS {
        return Err(ASSESSMENTS_FULL.because(format!("at most {MOST_ASSESSMENTS}")));
    }
    let id = AssessmentId::new(now);
    store::insert(conn, id, seller, now).await?;
    save(conn, seller, (id, 1), form, (by, now)).await?;
    Ok(id)
}

/// Adds a version to the shop's assessment; the caller says which one they have seen, so that nobody writes over what
/// somebody else has just saved.
async fn revise(
    conn: &mut PgConnection,
    seller: SellerId,
    id: AssessmentId,
    seen: &IfMatch,
    form: &AssessmentForm,
    (by, now): (AccountId, DateTime<Utc>),
) -> Result<()> {
    let latest = store::lock(conn, seller, id).await?.or_refuse(&NOT_FOUND)?;
    seen.check(latest.into())?;
    if latest >= MOST_VERSIONS {
        return Err(ASSESSMENTS_FULL.because(format!("at most {MOST_VERSIONS} versions")));
    }
    save(conn, seller, (id, latest + 1), form, (by, now)).await
}

/// Scores the answers on the sheet of the day and writes them down.
async fn save(
    conn: &mut PgConnection,
    seller: SellerId,
    (assessment, version): (AssessmentId, i32),
    form: &AssessmentForm,
    (saved_by, saved_at): (AccountId, DateTime<Utc>),
) -> Result<()> {
    if sellers::summary(conn, seller).await?.status == SellerStatus::Closed {
        return Err(Error::from(&SHOP_CLOSED));
    }
    let edition = edition(conn, day_of(saved_at)).await?;
    let sheet = sheet(conn, &edition.version, form.set_no).await?;
    let marks = answers::marks(&sheet, form.variant, &form.answers)?;
    check_scans(conn, seller, &form.answers).await?;
    let score = score(&sheet, &edition.bands, form.variant, &marks);
    let new = NewVersion {
        assessment,
        version,
        sheet_version: &edition.version,
        set_no: form.set_no,
        variant: form.variant,
        product_name: &form.product_name,
        answers: &form.answers,
        points: score.points,
        stars: score.stars,
        saved_by,
        saved_at,
    };
    store::insert_version(conn, &new).await
}

/// Refuses a scan that is no paper of the shop.
async fn check_scans(conn: &mut PgConnection, seller: SellerId, answers: &[Answer]) -> Result<()> {
    for (at, answer) in answers.iter().enumerate() {
        for (scan, id) in answer.scan_ids.iter().enumerate() {
            if !media::owned(conn, *id, seller, Purpose::Paper).await? {
                let path = format!("answers[{at}].scan_ids[{scan}]");
                return Err(
                    Error::from(&INVALID).at(path, "phải là giấy tờ do cửa hàng tải lên / must be a paper of the shop")
                );
            }
        }
    }
    Ok(())
}

/// A version of the shop's assessment, the newest unless told which.
async fn find_own(
    conn: &mut PgConnection,
    seller: SellerId,
    id: AssessmentId,
    version: Option<i32>,
) -> Result<Assessment> {
    let saved = store::find(conn, id, version).await?.filter(|saved| saved.seller_id == seller);
    view(conn, saved.or_refuse(&NOT_FOUND)?).await
}

/// A version of an assessment that concerns `provinces`.
async fn find_for(
    conn: &mut PgConnection,
    provinces: &Provinces,
    id: AssessmentId,
    version: Option<i32>,
) -> Result<Assessment> {
    let saved = store::find(conn, id, version).await?.or_refuse(&NOT_FOUND)?;
    require_concern(conn, provinces, saved.seller_id).await?;
    view(conn, saved).await
}

/// Refuses unless the shop is one of `provinces` and has put something before their officers: a draft is nobody's
/// business before it is handed in.
async fn require_concern(conn: &mut PgConnection, provinces: &Provinces, seller: SellerId) -> Result<()> {
    let shop = sellers::summary(conn, seller).await?;
    let shown = provinces.contains(&shop.province_code) && cases::concern(conn, provinces, seller).await?;
    if shown { Ok(()) } else { Err(Error::from(&NOT_FOUND)) }
}

async fn view(conn: &mut PgConnection, saved: VersionRow) -> Result<Assessment> {
    let edition = store::edition(conn, &saved.sheet_version).await?;
    let sheet = sheet(conn, &edition.version, saved.set_no).await?;
    let evidence = store::evidence(conn, &edition.version, saved.set_no).await?;
    let answers = &saved.answers.0;
    let marks = answers::marks(&sheet, saved.variant, answers)?;
    let answered = |question: &Item| Answered::new(question, answers, &marks, &evidence);
    Ok(Assessment {
        id: saved.assessment_id,
        seller_id: saved.seller_id,
        seller_name: sellers::summary(conn, saved.seller_id).await?.name,
        version: saved.version,
        latest_version: saved.latest,
        saved_at: saved.saved_at,
        product_name: saved.product_name,
        set_no: saved.set_no,
        set_name_vi: certification::product_set(conn, saved.set_no).await?.name_vi,
        sheet_version: edition.version,
        variant: saved.variant,
        score: score(&sheet, &edition.bands, saved.variant, &marks),
        criteria: sheet.questions().into_iter().map(answered).collect(),
        sheet,
    })
}
