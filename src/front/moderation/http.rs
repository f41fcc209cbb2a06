//! What a shop does about the decision of a case: it appeals.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::appeals;
use crate::app::App;
use crate::kernel::{CaseId, SellerId, Text};
use crate::people::access::{ManageShop, Shop};
use crate::people::notify;
use crate::platform::error::Result;
use crate::platform::extract::{Json, Path};

/// The endpoints of the desk for shops.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(appeal_case)).layer(DefaultBodyLimit::max(32 * 1024))
}

/// A case in the path.
#[derive(Debug, Deserialize)]
struct CasePath {
    case_id: CaseId,
}

/// Why the decision is wrong.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "words": "Quyết định 1187/QĐ-UBND có tên sản phẩm của chúng tôi ở dòng 12 phụ lục." }))]
struct AppealForm {
    /// The shop's reasons.
    #[schema(value_type = String, max_length = 4000)]
    words: Text<1, 4000>,
}

/// An appeal in the queue.
#[derive(Debug, Serialize, ToSchema)]
struct FiledAppeal {
    /// The case of the appeal.
    id: CaseId,
    /// Until when it is to be decided.
    due_at: DateTime<Utc>,
}

/// Appeal against a decision, once, until its `appeal_until`, as long as nothing was changed since. Another officer
/// decides; until then nothing else can be asked about the same matter.
#[utoipa::path(post, path = "/shops/{shop_id}/cases/{case_id}/appeal", tag = "moderation",
    security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path), ("case_id" = CaseId, Path)),
    responses((status = CREATED, body = FiledAppeal)))]
async fn appeal_case(
    shop: Shop<ManageShop>,
    Path(path): Path<CasePath>,
    Json(form): Json<AppealForm>,
) -> Result<(StatusCode, Json<FiledAppeal>)> {
    let now = shop.app().clock.now();
    let (appeal, letters) = shop
        .act(async |scope| {
            let (conn, seller) = scope.split();
            appeals::file(conn, (*seller, shop.account), path.case_id, &form.words, now).await
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(shop.app().settings.demo, letter);
    }
    Ok((StatusCode::CREATED, Json(FiledAppeal { id: appeal.id, due_at: appeal.due_at })))
}
