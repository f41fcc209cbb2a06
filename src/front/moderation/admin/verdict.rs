//! The verdict on one case.

use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::eligibility::{self, Matter};
use super::super::{appeals, letters, subjects};
use super::{CasePath, DeskCase};
use crate::app::App;
use crate::kernel::{CaseId, Line, Text};
use crate::market::cases::{self, Case, Decision, Reason, Verdict};
use crate::people::access::{DecideCases, Officer, Provinces};
use crate::people::notify::{self, Message};
use crate::platform::db::Scoped;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{INVALID, Json, Path};
use crate::trade::returns::RefundOrder;

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
pub struct VerdictForm {
    /// What is decided.
    pub verdict: Verdict,
    /// Codes of reasons of the case's kind: at least one unless it is an approval, which has none.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 10)]
    pub reason_codes: Vec<Line<1, 80>>,
    /// What the seller should know or do; needed unless it is an approval.
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub words: Option<Text<1, 2000>>,
    /// Of a disputed refund that is approved: what the buyer should have back; everything asked for if left out.
    pub refund: Option<RefundOrder>,
}

impl VerdictForm {
    /// Refuses a verdict without grounds, or with grounds that are none for this kind of case today.
    fn check(&self, case: &Case, reasons: &[Reason]) -> Result<()> {
        let wrong = |at: String, why: &str| Err(Error::from(&INVALID).at(at, why));
        let grounds_needed = self.verdict != Verdict::Approve;
        if self.reason_codes.len() > MOST_REASONS {
            return wrong("reason_codes".to_owned(), "không quá mười / must be at most ten");
        }
        if grounds_needed == self.reason_codes.is_empty() {
            return wrong(
                "reason_codes".to_owned(),
                "phải có, trừ khi duyệt / must be given, unless it is an approval",
            );
        }
        if grounds_needed && self.words.is_none() {
            return wrong("words".to_owned(), "phải có, trừ khi duyệt / must be given, unless it is an approval");
        }
        let known = |code: &Line<1, 80>| reasons.iter().any(|known| known.kind == case.kind && known.code == **code);
        match self.reason_codes.iter().position(|code| !known(code)) {
            Some(at) => wrong(
                format!("reason_codes[{at}]"),
                "phải là lý do dành cho loại hồ sơ này / must be a reason for this kind of case",
            ),
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

/// Decide on a case: once, within one's provinces, with the permission of its kind, not on one's own shop, not against
/// one's own decision, and not while another officer works on it.
#[utoipa::path(put, path = "/cases/{case_id}/verdict", tag = "moderation", security(("session" = ["cases.decide"])),
    params(("case_id" = CaseId, Path)), responses((status = OK, body = DeskCase)))]
async fn decide_case(
    officer: Officer<DecideCases>,
    Path(path): Path<CasePath>,
    Json(form): Json<VerdictForm>,
) -> Result<Json<DeskCase>> {
    let case = form.give(&officer, path.case_id).await?;
    Ok(Json(DeskCase::new(case, officer.app().clock.now())))
}

/// What the record remembers of a verdict: not its words, which may name people.
fn facts(case: &Case, decision: &Decision) -> Value {
    json!({ "case_kind": case.kind, "verdict": decision.verdict, "reason_codes": decision.reason_codes })
}

impl VerdictForm {
    /// Decides on the case in a transaction of its own, with its audit row, which says what was decided.
    pub async fn give(&self, officer: &Officer<DecideCases>, id: CaseId) -> Result<Case> {
        let decision = self.decision(officer);
        let (case, letters) = officer
            .act_noting(id.as_uuid(), async |scope| {
                let (case, letters) = self.carry_out(scope, officer, id, &decision).await?;
                let facts = facts(&case, &decision);
                Ok(((case, letters), facts))
            })
            .await?;
        for letter in &letters {
            notify::show_in_demo(officer.app().settings.demo, letter);
        }
        Ok(case)
    }

    async fn carry_out(
        &self,
        scope: &mut Scoped<'_, Provinces>,
        officer: &Officer<DecideCases>,
        id: CaseId,
        decision: &Decision,
    ) -> Result<(Case, Vec<Message>)> {
        let (conn, reach) = scope.split();
        let (matter, provinces) = eligibility::lock_to_decide(conn, reach, officer, id).await?;
        let Matter { case, appealed } = matter;
        case.require_open()?;
        case.require_free_for(officer.account, decision.at)?;
        self.check(&case, &cases::reasons(conn, officer.app().clock.today()).await?)?;
        cases::record(conn, id, decision).await?;
        match &appealed {
            Some(appealed) => appeals::decide(conn, appealed, &provinces, decision).await?,
            None => subjects::decide(conn, &case, &provinces, decision, self.refund.as_ref()).await?,
        }
        let letters = letters::tell(conn, &case, decision).await?;
        Ok((cases::find(conn, reach, id).await?.or_refuse(&NOT_FOUND)?, letters))
    }
}
