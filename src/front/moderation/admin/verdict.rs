//! The verdict.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::{letters, subjects};
use super::{CasePath, DeskCase};
use crate::app::App;
use crate::kernel::{CaseId, Line, Text};
use crate::market::cases::{self, Case, Decision, Reason, Verdict};
use crate::people::access::{self, DecideCases, NOT_YOUR_FUNCTION, Officer, Permission as _, Provinces, ReadCases};
use crate::people::notify;
use crate::platform::db::Scoped;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::extract::{INVALID, Json, Path};

/// Nobody decides on a shop they belong to.
pub const OWN_CASE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "own-case",
    vi: "Không thể tự quyết định hồ sơ của cửa hàng mình",
    en: "You cannot decide on a shop you belong to",
};

/// Reasons a verdict may give.
const MOST_REASONS: usize = 10;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(decide_case))
}

/// A verdict with its grounds.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "verdict": "request_changes",
    "reason_codes": ["seller.paper_unreadable"],
    "words": "Ảnh giấy đăng ký kinh doanh bị mờ, xin chụp lại."
}))]
struct VerdictForm {
    /// What is decided.
    verdict: Verdict,
    /// Codes of reasons of the case's kind: at least one unless it is an approval, which has none.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 10)]
    reason_codes: Vec<Line<1, 80>>,
    /// What the seller should know or do; needed unless it is an approval.
    #[schema(value_type = Option<String>, max_length = 2000)]
    words: Option<Text<1, 2000>>,
}

impl VerdictForm {
    /// Refuses a verdict without grounds, or with grounds that are none for this kind of case today.
    fn check(&self, case: &Case, reasons: &[Reason]) -> Result<()> {
        let wrong = |at: String, why: &str| Err(Error::from(&INVALID).at(at, why));
        let grounds_needed = self.verdict != Verdict::Approve;
        if self.reason_codes.len() > MOST_REASONS {
            return wrong("reason_codes".to_owned(), "must be at most ten");
        }
        if grounds_needed == self.reason_codes.is_empty() {
            return wrong("reason_codes".to_owned(), "must be given, unless it is an approval");
        }
        if grounds_needed && self.words.is_none() {
            return wrong("words".to_owned(), "must be given, unless it is an approval");
        }
        let known = |code: &Line<1, 80>| reasons.iter().any(|known| known.kind == case.kind && known.code == **code);
        match self.reason_codes.iter().position(|code| !known(code)) {
            Some(at) => wrong(format!("reason_codes[{at}]"), "must be a reason for this kind of case"),
            None => Ok(()),
        }
    }

    fn decision(&self, officer: &Officer<DecideCases>) -> Decision {
        Decision {
            verdict: self.verdict,
            reason_codes: self.reason_codes.iter().map(ToString::to_string).collect(),
            words: self.words.as_ref().map(ToString::to_string),
            by: officer.account,
            at: officer.app().clock.now(),
        }
    }
}

/// Decide on a case: once, within one's provinces, with the permission of its kind, not on one's own shop.
#[utoipa::path(put, path = "/cases/{case_id}/verdict", tag = "moderation", security(("session" = ["cases.decide"])),
    params(("case_id" = CaseId, Path)), responses((status = OK, body = DeskCase)))]
async fn decide_case(
    officer: Officer<DecideCases>,
    Path(path): Path<CasePath>,
    Json(form): Json<VerdictForm>,
) -> Result<Json<DeskCase>> {
    let app = officer.app();
    let decision = form.decision(&officer);
    let (case, letters) = officer
        .act(path.case_id.as_uuid(), async |scope| {
            let (case, provinces) = lock_to_decide(scope, &officer, path.case_id).await?;
            let (conn, readable) = scope.split();
            form.check(&case, &cases::reasons(conn, app.clock.today()).await?)?;
            cases::record(conn, case.id, &decision).await?;
            subjects::decide(conn, &case, &provinces, &decision).await?;
            let letters = letters::tell(conn, &case, &decision).await?;
            Ok((cases::find(conn, readable, case.id).await?.or_refuse(&NOT_FOUND)?, letters))
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok(Json(DeskCase::new(case, decision.at)))
}

/// The case, locked, and the provinces in which the officer may decide on its kind. A case the officer cannot even see
/// is not there; one that is seen but of another function or another's desk is refused as such.
async fn lock_to_decide(
    scope: &mut Scoped<'_, Provinces>,
    officer: &Officer<DecideCases>,
    id: CaseId,
) -> Result<(Case, Provinces)> {
    let (conn, deciding) = scope.split();
    let visible = deciding.and(&officer.provinces_for(ReadCases::NAME));
    let case = cases::lock(conn, &visible, id).await?.or_refuse(&NOT_FOUND)?;
    let provinces = officer.provinces_for(subjects::permission(case.kind));
    if !provinces.contains(&case.province_code) {
        return Err(Error::from(&NOT_YOUR_FUNCTION));
    }
    if access::is_member(conn, case.seller_id, officer.account).await? {
        return Err(Error::from(&OWN_CASE));
    }
    Ok((case, provinces))
}
