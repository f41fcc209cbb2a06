//! Verdicts on many cases at once.

use std::collections::HashSet;

use axum::extract::DefaultBodyLimit;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::verdict::VerdictForm;
use crate::app::App;
use crate::kernel::{CaseId, Lang, Line, Text};
use crate::market::cases::Verdict;
use crate::people::access::{DecideCases, Officer};
use crate::platform::error::{Error, ItemProblem, Result};
use crate::platform::extract::{INVALID, Json};

/// Verdicts in one request.
const MOST_VERDICTS: usize = 100;

pub fn router() -> OpenApiRouter<App> {
    // A hundred verdicts of two thousand characters each, most of them two or three bytes.
    OpenApiRouter::new().routes(routes!(decide_cases)).layer(DefaultBodyLimit::max(1024 * 1024))
}

/// Up to a hundred verdicts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "verdicts": [
    { "case_id": "0193f2a4-6c00-7000-8000-000000000001", "verdict": "approve" },
    {
        "case_id": "0193f2a4-6c00-7000-8000-000000000002",
        "verdict": "request_changes",
        "reason_codes": ["seller.paper_unreadable"],
        "words": "Ảnh giấy đăng ký kinh doanh bị mờ, xin chụp lại."
    }
] }))]
struct ManyVerdicts {
    /// Each about another case.
    #[schema(min_items = 1, max_items = 100)]
    verdicts: Vec<OneVerdict>,
}

/// A verdict on one of many cases.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OneVerdict {
    /// Which case.
    case_id: CaseId,
    /// What is decided.
    verdict: Verdict,
    /// Codes of reasons, as for a single verdict.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 10)]
    reason_codes: Vec<Line<1, 80>>,
    /// What the seller should know or do, as for a single verdict.
    #[schema(value_type = Option<String>, max_length = 2000)]
    words: Option<Text<1, 2000>>,
}

impl ManyVerdicts {
    /// Refuses none, too many, and two verdicts on one case: the second could only be refused, or be meant instead.
    fn check(&self) -> Result<()> {
        if self.verdicts.is_empty() || self.verdicts.len() > MOST_VERDICTS {
            return Err(Error::from(&INVALID)
                .at("verdicts", format!("phải từ một đến {MOST_VERDICTS} / must be one to {MOST_VERDICTS}")));
        }
        let mut seen = HashSet::new();
        match self.verdicts.iter().position(|verdict| !seen.insert(verdict.case_id)) {
            Some(at) => Err(Error::from(&INVALID)
                .at(format!("verdicts[{at}].case_id"), "không được lặp lại / must not be named twice")),
            None => Ok(()),
        }
    }
}

/// What became of a verdict.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// It was given.
    Decided,
    /// It was not: see `problem`.
    Refused,
}

/// What became of one of many verdicts.
#[derive(Debug, Serialize, ToSchema)]
struct VerdictResult {
    /// Which case.
    case_id: CaseId,
    /// Whether it is decided now.
    status: Outcome,
    /// Why it was refused.
    problem: Option<ItemProblem>,
}

/// What became of many verdicts, in the order they were asked for.
#[derive(Debug, Serialize, ToSchema)]
struct VerdictResults {
    /// One for each.
    items: Vec<VerdictResult>,
}

/// Decide on up to a hundred cases, each by itself: one that is refused holds none of the others up.
#[utoipa::path(post, path = "/verdicts", tag = "moderation", security(("session" = ["cases.decide"])),
    responses((status = OK, body = VerdictResults)))]
async fn decide_cases(
    officer: Officer<DecideCases>,
    lang: Lang,
    Json(many): Json<ManyVerdicts>,
) -> Result<Json<VerdictResults>> {
    many.check()?;
    let mut items = Vec::with_capacity(many.verdicts.len());
    for OneVerdict { case_id, verdict, reason_codes, words } in many.verdicts {
        let given = VerdictForm { verdict, reason_codes, words, refund: None }.give(&officer, case_id).await;
        let problem = given.err().map(|error| ItemProblem::of(error, lang));
        let status = if problem.is_none() { Outcome::Decided } else { Outcome::Refused };
        items.push(VerdictResult { case_id, status, problem });
    }
    Ok(Json(VerdictResults { items }))
}
