//! The endpoints of the desk.

mod bulk;
mod hands;
mod notes;
mod queue;
mod verdict;

use axum::extract::DefaultBodyLimit;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::eligibility::Matter;
use super::subjects;
use crate::app::{App, Public};
use crate::kernel::{CaseId, Clock, MediaId};
use crate::market::cases::{self, Case, CaseNote, Lease, Reason};
use crate::market::media::{self, OpenedPaper, evidence};
use crate::market::sellers::{self, ShopFile};
use crate::people::access::{Officer, Provinces, ReadCases};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, Path};

/// The endpoints of the desk.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(queue::router())
        .merge(hands::router())
        .merge(notes::router())
        .merge(verdict::router())
        .merge(bulk::router())
        .routes(routes!(read_case))
        .routes(routes!(read_paper))
        .routes(routes!(read_case_photo))
        .routes(routes!(list_verdict_reasons))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// A case on the desk.
#[derive(Debug, Serialize, ToSchema)]
struct DeskCase {
    /// The case.
    #[serde(flatten)]
    case: Case,
    /// Whether it still waits although its time has passed.
    late: bool,
    /// Who works on it, and until when nobody else may.
    lease: Option<Lease>,
}

impl DeskCase {
    fn new(case: Case, now: DateTime<Utc>) -> Self {
        Self { late: case.is_late(now), lease: case.lease(now), case }
    }
}

/// Everything there is to judge a case by.
#[derive(Debug, Serialize, ToSchema)]
struct Dossier {
    /// The case.
    case: DeskCase,
    /// The seller's file with its papers; of a personal ID the last digits.
    seller: ShopFile,
    /// The certificate or listing revision to decide on; null where it is the seller. Of an appeal, what the case
    /// appealed against was about.
    #[schema(value_type = Option<Object>)]
    subject: Option<Value>,
    /// Of an appeal: the case it is against, with its decision.
    appealed: Option<DeskCase>,
    /// The appeal against this case.
    appeal: Option<DeskCase>,
    /// The other cases about the same matter with what was decided on them, the oldest first.
    same_matter: Vec<DeskCase>,
    /// What was said: among officers, to the shop, by the shop; in order.
    notes: Vec<CaseNote>,
    /// The seller's other cases, newest first.
    other_cases: Vec<DeskCase>,
}

/// A case in the path.
#[derive(Debug, Deserialize)]
struct CasePath {
    case_id: CaseId,
}

/// Open the dossier of a case. That is recorded.
#[utoipa::path(get, path = "/cases/{case_id}", tag = "moderation", security(("session" = ["cases.read"])),
    params(("case_id" = CaseId, Path)), responses((status = OK, body = Dossier)))]
async fn read_case(officer: Officer<ReadCases>, Path(path): Path<CasePath>) -> Result<Json<Dossier>> {
    let clock = &officer.app().clock;
    officer
        .act(path.case_id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let case = cases::find(conn, provinces, path.case_id).await?.or_refuse(&NOT_FOUND)?;
            Ok(Json(dossier(conn, provinces, case, clock).await?))
        })
        .await
}

async fn dossier(conn: &mut PgConnection, provinces: &Provinces, case: Case, clock: &Clock) -> Result<Dossier> {
    let now = clock.now();
    let on_desk = |case| DeskCase::new(case, now);
    let appeal = cases::appeal_against(conn, case.id).await?.map(on_desk);
    let same_matter = cases::others_about(conn, provinces, &case).await?;
    let others = cases::others_of_seller(conn, provinces, case.seller_id, case.id).await?;
    let notes = cases::notes(conn, case.id).await?;
    let matter = Matter::of(conn, case).await?;
    let (seller, subject) = subjects::papers_of(conn, matter.judged(), provinces, clock.today()).await?;
    Ok(Dossier {
        case: on_desk(matter.case),
        seller,
        subject,
        appealed: matter.appealed.map(on_desk),
        appeal,
        same_matter: same_matter.into_iter().map(on_desk).collect(),
        notes,
        other_cases: others.into_iter().map(on_desk).collect(),
    })
}

/// A paper in the path.
#[derive(Debug, Deserialize)]
struct MediaPath {
    media_id: MediaId,
}

/// Read a paper of a seller who has handed something in. That is recorded.
#[utoipa::path(get, path = "/media/{media_id}", tag = "moderation", security(("session" = ["cases.read"])),
    params(("media_id" = MediaId, Path)),
    responses((status = OK, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn read_paper(officer: Officer<ReadCases>, Path(path): Path<MediaPath>) -> Result<OpenedPaper> {
    let id = path.media_id;
    let paper = officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let paper = media::find_paper(conn, id).await?.or_refuse(&NOT_FOUND)?;
            let seller = sellers::summary(conn, paper.seller).await?;
            // A draft is nobody's business before it is handed in.
            let shown =
                provinces.contains(&seller.province_code) && cases::concern(conn, provinces, paper.seller).await?;
            if shown { Ok(paper) } else { Err(Error::from(&NOT_FOUND)) }
        })
        .await?;
    media::open_paper(&officer.app().files, &paper).await
}

/// A picture of a case in the path.
#[derive(Debug, Deserialize)]
struct PhotoPath {
    case_id: CaseId,
    media_id: MediaId,
}

/// Look at a picture a buyer attached to a complaint or a return. That is recorded.
#[utoipa::path(get, path = "/cases/{case_id}/photos/{media_id}", tag = "moderation",
    security(("session" = ["cases.read"])), params(("case_id" = CaseId, Path), ("media_id" = MediaId, Path)),
    responses((status = OK, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn read_case_photo(officer: Officer<ReadCases>, Path(path): Path<PhotoPath>) -> Result<OpenedPaper> {
    let photo = officer
        .act(path.media_id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let case = cases::find(conn, provinces, path.case_id).await?.or_refuse(&NOT_FOUND)?;
            subjects::photo_of(conn, &case, provinces, path.media_id).await
        })
        .await?;
    evidence::open(&officer.app().files, &photo).await
}

/// The reasons a verdict may give today, by kind of case.
#[utoipa::path(get, path = "/verdict_reasons", tag = "moderation", security(("session" = ["cases.read"])),
    responses((status = OK, body = Vec<Reason>)))]
async fn list_verdict_reasons(_officer: Officer<ReadCases>, public: Public) -> Result<Json<Vec<Reason>>> {
    let today = public.app().clock.today();
    public.see(async |conn| Ok(Json(cases::reasons(conn, today).await?))).await
}
