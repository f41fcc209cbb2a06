//! A shop's inbox: what its officers have to decide and what they decided.

use axum::extract::DefaultBodyLimit;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Case, CaseKind, CaseStatus, Reason, Verdict};
use super::store;
use crate::app::App;
use crate::kernel::{CaseId, Lang, Limit, Page, SellerId};
use crate::people::access::{ReadShop, Shop};
use crate::platform::error::Result;
use crate::platform::extract::{Json, Query, after};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_shop_cases)).layer(DefaultBodyLimit::max(16 * 1024))
}

/// Where a page of the inbox begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct InboxPage {
    /// Cases on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// A case as the shop sees it: no officer's name.
#[derive(Debug, Serialize, ToSchema)]
struct InboxCase {
    /// The case.
    id: CaseId,
    /// What is to be decided.
    kind: CaseKind,
    /// On what: the shop, certificate or listing revision.
    subject_id: Uuid,
    /// In short.
    title: String,
    /// Where it stands.
    status: CaseStatus,
    /// Since when it waits.
    opened_at: DateTime<Utc>,
    /// Until when the department means to decide.
    due_at: DateTime<Utc>,
    /// What was decided.
    verdict: Option<Verdict>,
    /// Why.
    reasons: Vec<ReasonGiven>,
    /// What the officer says.
    words: Option<String>,
    /// When it was decided.
    decided_at: Option<DateTime<Utc>>,
}

/// A reason in the reader's language.
#[derive(Debug, Serialize, ToSchema)]
struct ReasonGiven {
    /// Stable name.
    #[schema(example = "seller.paper_missing")]
    code: String,
    /// In words.
    #[schema(example = "Thiếu giấy tờ bắt buộc")]
    text: String,
}

impl InboxCase {
    fn new(case: Case, reasons: &[Reason], lang: Lang) -> Self {
        let given = reasons.iter().filter(|reason| case.reason_codes.contains(&reason.code));
        Self {
            id: case.id,
            kind: case.kind,
            subject_id: case.subject_id,
            title: case.title,
            status: case.status,
            opened_at: case.opened_at,
            due_at: case.due_at,
            verdict: case.verdict,
            reasons: given
                .map(|reason| ReasonGiven { code: reason.code.clone(), text: reason.text(lang).to_owned() })
                .collect(),
            words: case.words,
            decided_at: case.decided_at,
        }
    }
}

/// The shop's inbox, newest first: what waits for an officer until when, and every verdict with its reasons.
#[utoipa::path(get, path = "/shops/{shop_id}/cases", tag = "cases", security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path), InboxPage), responses((status = OK, body = Page<InboxCase>)))]
async fn list_shop_cases(
    shop: Shop<ReadShop>,
    lang: Lang,
    Query(page): Query<InboxPage>,
) -> Result<Json<Page<InboxCase>>> {
    let binding = format!("shop_cases {}", shop.seller);
    let before = after::<CaseId>(binding.as_bytes(), page.after.as_deref())?;
    shop.see(async |scope| {
        let (cases, reasons) = store::page_of_seller(scope, before, page.limit.fetch()).await?;
        let cut = Page::cut(cases, page.limit, binding.as_bytes(), |case| case.id)?;
        Ok(Json(cut.map(|case| InboxCase::new(case, &reasons, lang))))
    })
    .await
}
