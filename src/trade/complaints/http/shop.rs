//! What concerns a shop: reading complaints and answering them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ComplaintPath, ComplaintsPage, shown};
use crate::kernel::{ComplaintId, Lang, MediaId, Page, SellerId, Text};
use crate::market::media::{OpenedPaper, evidence};
use crate::people::access::{ManageShop, ReadShop, Shop};
use crate::people::notify;
use crate::platform::error::Result;
use crate::platform::extract::{Json, Path, Query, after};
use crate::trade::complaints::view::View;
use crate::trade::complaints::{filing, store};

/// A complaint as the shop sees it: of the complainant only the name they show to others.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShopComplaint {
    /// The complaint.
    #[serde(flatten)]
    complaint: View,
    /// The name the complainant shows to others.
    complainant: String,
}

/// The complaints that concern the shop, newest first.
#[utoipa::path(get, path = "/shops/{shop_id}/complaints", tag = "complaints", security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path), ComplaintsPage), responses((status = OK, body = Page<ShopComplaint>)))]
pub async fn list_shop_complaints(
    shop: Shop<ReadShop>,
    lang: Lang,
    Query(query): Query<ComplaintsPage>,
) -> Result<Json<Page<ShopComplaint>>> {
    let now = shop.app().clock.now();
    let binding = serde_json::to_vec(&("shop_complaints", shop.seller, query.status))?;
    let before = after::<ComplaintId>(&binding, query.after.as_deref())?;
    shop.see(async |scope| {
        let (rows, around) = store::page_of_shop(scope, query.status, before, query.limit.fetch()).await?;
        let page = Page::cut(rows, query.limit, &binding, |complaint| complaint.id)?;
        Ok(Json(page.map(|complaint| ShopComplaint {
            complainant: complaint.complainant.clone(),
            complaint: View::new(complaint, &around, lang, now),
        })))
    })
    .await
}

/// A picture in the path.
#[derive(Debug, Deserialize)]
pub struct PhotoPath {
    complaint_id: ComplaintId,
    media_id: MediaId,
}

/// Look at a picture the complainant attached.
#[utoipa::path(get, path = "/shops/{shop_id}/complaints/{complaint_id}/photos/{media_id}", tag = "complaints",
    security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path), ("complaint_id" = ComplaintId, Path), ("media_id" = MediaId, Path)),
    responses((status = OK, body = Vec<u8>, content_type = "application/octet-stream")))]
pub async fn read_complaint_photo(shop: Shop<ReadShop>, Path(path): Path<PhotoPath>) -> Result<OpenedPaper> {
    let photo = shop
        .see(async |scope| {
            let (conn, seller) = scope.split();
            store::of_shop(conn, *seller, path.complaint_id).await?;
            evidence::find(conn, path.complaint_id.as_uuid(), path.media_id).await
        })
        .await?;
    evidence::open(&shop.app().files, &photo).await
}

/// What the shop answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ComplaintAnswerRequest, example = json!({
    "words": "Hợp tác xã xin lỗi, chúng tôi sẽ gửi bù hộp đúng khối lượng."
}))]
pub struct AnswerRequest {
    /// In the shop's words.
    #[schema(value_type = String, min_length = 1, max_length = 4000)]
    words: Text<1, 4000>,
}

/// Answer a complaint while it has no result; a new answer replaces the old one. The complainant is told.
#[utoipa::path(put, path = "/shops/{shop_id}/complaints/{complaint_id}/answer", tag = "complaints",
    security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path), ("complaint_id" = ComplaintId, Path)),
    responses((status = OK, body = ShopComplaint)))]
pub async fn answer_complaint(
    shop: Shop<ManageShop>,
    lang: Lang,
    Path(path): Path<ComplaintPath>,
    Json(request): Json<AnswerRequest>,
) -> Result<Json<ShopComplaint>> {
    let now = shop.app().clock.now();
    let (id, member) = (path.complaint_id, shop.account);
    let (answered, letters) = shop
        .act(async |scope| {
            let (conn, seller) = scope.split();
            let (complaint, letters) = filing::answer(conn, *seller, id, member, &request.words, now).await?;
            let complainant = complaint.complainant.clone();
            Ok((ShopComplaint { complainant, complaint: shown(conn, complaint, lang, now).await? }, letters))
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(shop.app().settings.demo, letter);
    }
    Ok(Json(answered))
}
