//! The endpoints of the desk.

mod queue;
mod verdict;

use axum::extract::DefaultBodyLimit;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::subjects;
use crate::app::{App, Public};
use crate::kernel::{CaseId, MediaId};
use crate::market::cases::{self, Case, Reason};
use crate::market::media::{self, OpenedPaper};
use crate::market::sellers::{self, ShopFile};
use crate::people::access::{Officer, ReadCases};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, Path};

/// The endpoints of the desk.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(queue::router())
        .merge(verdict::router())
        .routes(routes!(read_case))
        .routes(routes!(read_paper))
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
}

impl DeskCase {
    fn new(case: Case, now: DateTime<Utc>) -> Self {
        Self { late: case.is_late(now), case }
    }
}

/// Everything there is to judge a case by.
#[derive(Debug, Serialize, ToSchema)]
struct Dossier {
    /// The case.
    case: DeskCase,
    /// The seller's file with its papers; of a personal ID the last digits.
    seller: ShopFile,
    /// The certificate or listing revision to decide on; null where it is the seller.
    #[schema(value_type = Option<Object>)]
    subject: Option<Value>,
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
    let id = path.case_id;
    officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let case = cases::find(conn, provinces, id).await?.or_refuse(&NOT_FOUND)?;
            let (seller, subject) = subjects::papers_of(conn, &case, provinces, clock.today()).await?;
            let others = cases::others_of_seller(conn, provinces, case.seller_id, id).await?;
            let on_desk = |case| DeskCase::new(case, clock.now());
            let other_cases = others.into_iter().map(on_desk).collect();
            Ok(Json(Dossier { case: on_desk(case), seller, subject, other_cases }))
        })
        .await
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

/// The reasons a verdict may give today, by kind of case.
#[utoipa::path(get, path = "/verdict_reasons", tag = "moderation", security(("session" = ["cases.read"])),
    responses((status = OK, body = Vec<Reason>)))]
async fn list_verdict_reasons(_officer: Officer<ReadCases>, public: Public) -> Result<Json<Vec<Reason>>> {
    let today = public.app().clock.today();
    public.see(async |conn| Ok(Json(cases::reasons(conn, today).await?))).await
}
