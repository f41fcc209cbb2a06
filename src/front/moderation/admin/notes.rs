//! What officers say beside a case: to each other, and to the shop.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::{eligibility, letters};
use super::CasePath;
use crate::app::App;
use crate::kernel::{CaseId, Text};
use crate::market::cases::{self, CaseNote, Voice};
use crate::people::access::{DecideCases, Officer};
use crate::people::notify;
use crate::platform::error::{Error, Result};
use crate::platform::extract::{INVALID, Json, Path};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(add_note))
}

/// Who is to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Audience {
    /// Officers only.
    Desk,
    /// The shop, too: in its inbox, without the officer's name.
    Seller,
}

/// Something to say beside a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "audience": "desk", "words": "Đã gọi UBND xã: cơ sở đang hoạt động." }))]
struct NoteForm {
    /// Who is to read it.
    audience: Audience,
    /// What.
    #[schema(value_type = String, max_length = 2000)]
    words: Text<1, 2000>,
}

/// Note something beside a case, or say something to its shop while it is open and nobody else works on it.
#[utoipa::path(post, path = "/cases/{case_id}/notes", tag = "moderation", security(("session" = ["cases.decide"])),
    params(("case_id" = CaseId, Path)), responses((status = CREATED, body = CaseNote)))]
async fn add_note(
    officer: Officer<DecideCases>,
    Path(path): Path<CasePath>,
    Json(form): Json<NoteForm>,
) -> Result<(StatusCode, Json<CaseNote>)> {
    let app = officer.app();
    let now = app.clock.now();
    let (note, letters) = officer
        .act(path.case_id.as_uuid(), async |scope| {
            let (conn, reach) = scope.split();
            let (matter, _) = eligibility::lock_to_decide(conn, reach, &officer, path.case_id).await?;
            let case = matter.case;
            if form.audience == Audience::Desk {
                let note = cases::say(conn, case.id, Voice::Internal, officer.account, &form.words, now).await?;
                return Ok((note, Vec::new()));
            }
            if !case.kind.is_shown_to_shop() {
                return Err(Error::from(&INVALID).at("audience", "must be desk: the shop does not hear of this case"));
            }
            case.require_open()?;
            case.require_free_for(officer.account, now)?;
            let note = cases::say(conn, case.id, Voice::ToSeller, officer.account, &form.words, now).await?;
            Ok((note, letters::ask(conn, &case, &form.words, now).await?))
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
    Ok((StatusCode::CREATED, Json(note)))
}
