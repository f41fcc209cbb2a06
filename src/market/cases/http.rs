//! A shop's inbox: what its officers have to decide, what they decided, and what both sides say meanwhile.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{Case, CaseKind, CaseNote, CaseStatus, Reason, Verdict, Voice};
use super::{notes, store};
use crate::app::App;
use crate::kernel::{CaseId, Lang, Limit, NoteId, Page, SellerId, Text};
use crate::people::access::{self, ManageShop, ReadShop, Shop};
use crate::people::notify::{self, Message};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, Path, Query, after};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_shop_cases))
        .routes(routes!(read_shop_case))
        .routes(routes!(answer_officer))
        .layer(DefaultBodyLimit::max(32 * 1024))
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
    /// On what: the shop, certificate, listing revision, or the case appealed against.
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
    /// What the officer says. Beside an authority's order, where it is evidence of what was done, that stays with the
    /// department.
    words: Option<String>,
    /// When it was decided.
    decided_at: Option<DateTime<Utc>>,
    /// The first instant that is too late for an appeal; null where the decision cannot be appealed against.
    appeal_until: Option<DateTime<Utc>>,
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
            words: case.words.filter(|_| case.kind != CaseKind::TakedownOrder),
            decided_at: case.decided_at,
            appeal_until: case.appeal_until,
        }
    }
}

/// Words between the shop and its officers; officers are not named.
#[derive(Debug, Serialize, ToSchema)]
struct InboxWords {
    /// The words.
    id: NoteId,
    /// Whether the shop says them, or an officer.
    from_shop: bool,
    /// What.
    #[schema(example = "Xin bổ sung trang 2 của giấy đăng ký.")]
    words: String,
    /// When.
    at: DateTime<Utc>,
}

impl InboxWords {
    fn new(note: CaseNote) -> Self {
        Self { id: note.id, from_shop: note.voice == Voice::FromSeller, words: note.words, at: note.at }
    }
}

/// A case as the shop sees it, with everything said.
#[derive(Debug, Serialize, ToSchema)]
struct InboxCaseInFull {
    /// The case.
    #[serde(flatten)]
    case: InboxCase,
    /// The appeal against it.
    appeal_id: Option<CaseId>,
    /// What was said, in order.
    conversation: Vec<InboxWords>,
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

/// A case in the path.
#[derive(Debug, Deserialize)]
struct CasePath {
    case_id: CaseId,
}

/// One case of the inbox, with everything said, and until when an appeal is possible.
#[utoipa::path(get, path = "/shops/{shop_id}/cases/{case_id}", tag = "cases", security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path), ("case_id" = CaseId, Path)),
    responses((status = OK, body = InboxCaseInFull)))]
async fn read_shop_case(shop: Shop<ReadShop>, lang: Lang, Path(path): Path<CasePath>) -> Result<Json<InboxCaseInFull>> {
    shop.see(async |scope| {
        let (case, reasons) = store::find_of_seller(scope, path.case_id).await?.or_refuse(&NOT_FOUND)?;
        let said = store::conversation(scope, case.id).await?;
        let appeal = store::appeal_of_seller(scope, case.id).await?;
        Ok(Json(InboxCaseInFull {
            case: InboxCase::new(case, &reasons, lang),
            appeal_id: appeal,
            conversation: said.into_iter().map(InboxWords::new).collect(),
        }))
    })
    .await
}

/// Words to the officers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "words": "Chúng tôi đã chụp lại giấy đăng ký, xin xem ở mục giấy tờ." }))]
struct Answer {
    /// What the shop says.
    #[schema(value_type = String, max_length = 2000)]
    words: Text<1, 2000>,
}

/// Say something to the officers while a case is open. Who works on it is told.
#[utoipa::path(post, path = "/shops/{shop_id}/cases/{case_id}/words", tag = "cases",
    security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path), ("case_id" = CaseId, Path)),
    responses((status = CREATED, body = InboxWords)))]
async fn answer_officer(
    shop: Shop<ManageShop>,
    Path(path): Path<CasePath>,
    Json(answer): Json<Answer>,
) -> Result<(StatusCode, Json<InboxWords>)> {
    let now = shop.app().clock.now();
    let (words, letters) = shop
        .act(async |scope| {
            let (conn, seller) = scope.split();
            let case = store::lock_of_seller(conn, *seller, path.case_id).await?.or_refuse(&NOT_FOUND)?;
            case.require_open()?;
            let note = notes::say(conn, case.id, Voice::FromSeller, shop.account, &answer.words, now).await?;
            Ok((note, tell_holder(conn, &case, now).await?))
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(shop.app().settings.demo, letter);
    }
    Ok((StatusCode::CREATED, Json(InboxWords::new(words))))
}

/// Writes to the officer who works on the case.
async fn tell_holder(conn: &mut PgConnection, case: &Case, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let Some(lease) = case.lease(now) else { return Ok(Vec::new()) };
    let subject = "Cơ sở trả lời / A shop has answered";
    let title = &case.title;
    let body = format!("Có trao đổi mới về hồ sơ “{title}”. / The shop has answered about the case “{title}”.");
    access::write(conn, &[lease.account_id], subject, &body, now).await
}
