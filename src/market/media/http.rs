//! Uploading, looking at pictures, reading one's own papers.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::intake::{Stored, take_in};
use super::model::{Mime, OpenedPaper, OpenedPicture, PictureUrls, Purpose, picture_file_of_address, picture_urls};
use super::{evidence, store};
use crate::app::{App, Public};
use crate::kernel::{MediaId, SellerId};
use crate::people::access::{Buyer, EditListings, ManageShop, Shop};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::extract::{INVALID, Json, Path, Query, RawBody};

/// The shop has `MOST_FILES` files.
pub const MEDIA_FULL: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "media-full",
    vi: "Cửa hàng đã tải lên số tệp tối đa",
    en: "The shop has uploaded as many files as it may",
};

/// The buyer has `MOST_EVIDENCE` pictures.
pub const EVIDENCE_FULL: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "evidence-full",
    vi: "Bạn đã tải lên số ảnh tối đa",
    en: "You have uploaded as many pictures as you may",
};

/// Pictures a buyer may have uploaded.
const MOST_EVIDENCE: i64 = 300;
/// Files a shop may have. Uploads at the same instant may pass it by a few.
const MOST_FILES: i64 = 2_000;
/// 10 MB: an original of a good telephone.
const LARGEST_UPLOAD: usize = 10 * 1024 * 1024;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(upload_media))
        .routes(routes!(read_own_paper))
        .routes(routes!(upload_evidence))
        .routes(routes!(read_own_evidence))
        .routes(routes!(show_picture))
        .layer(DefaultBodyLimit::max(LARGEST_UPLOAD))
}

/// What the upload is for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Upload {
    /// `picture` for everybody, `paper` for the shop and its officers.
    purpose: Purpose,
}

/// An uploaded file.
#[derive(Debug, Serialize, ToSchema)]
struct Uploaded {
    /// The upload, to name it in listings, papers and claims.
    id: MediaId,
    /// What for.
    purpose: Purpose,
    /// What it was stored as.
    mime: Mime,
    /// Size of the largest stored file.
    bytes: usize,
    /// Width of the largest stored file in pixels; null for a PDF.
    width: Option<u32>,
    /// Height of the same.
    height: Option<u32>,
    /// Where everybody finds it; null for a paper.
    urls: Option<PictureUrls>,
    /// When it was uploaded.
    created_at: DateTime<Utc>,
}

impl Uploaded {
    fn new(id: MediaId, stored: &Stored, created_at: DateTime<Utc>) -> Self {
        let (width, height) = stored.size.unzip();
        Self {
            id,
            purpose: stored.purpose,
            mime: stored.mime,
            bytes: stored.bytes,
            width,
            height,
            urls: (stored.purpose == Purpose::Picture).then(|| picture_urls(&stored.name)),
            created_at,
        }
    }
}

/// Upload a picture or a paper, as the bare file in the body.
///
/// JPEG, PNG, WebP, for papers also PDF; at most 10 MB, 40 megapixels, 12,000 pixels a side. The content decides what
/// it is. Images are stored upright and without their metadata, pictures at most 480 and 1200 pixels wide.
#[utoipa::path(post, path = "/shops/{shop_id}/media", tag = "media", security(("session" = ["shop.listings"])),
    params(("shop_id" = SellerId, Path), Upload),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file itself"),
    responses((status = CREATED, body = Uploaded)))]
async fn upload_media(
    shop: Shop<EditListings>,
    Query(upload): Query<Upload>,
    RawBody(bytes): RawBody,
) -> Result<(StatusCode, Json<Uploaded>)> {
    let app = shop.app();
    if upload.purpose == Purpose::Evidence {
        let why = "phải là picture hoặc paper / must be picture or paper";
        return Err(Error::from(&INVALID).at("purpose", why));
    }
    if shop.see(store::count).await? >= MOST_FILES {
        return Err(MEDIA_FULL.because(format!("at most {MOST_FILES}")));
    }
    let stored = take_in(app, upload.purpose, bytes).await?;
    let now = app.clock.now();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let id = super::add(conn, *seller, shop.account, &stored, now).await?;
        Ok((StatusCode::CREATED, Json(Uploaded::new(id, &stored, now))))
    })
    .await
}

/// A file in the path.
#[derive(Debug, Deserialize)]
struct MediaPath {
    media_id: MediaId,
}

/// Read one of the shop's papers.
#[utoipa::path(get, path = "/shops/{shop_id}/media/{media_id}", tag = "media", security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path), ("media_id" = MediaId, Path)),
    responses((status = OK, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn read_own_paper(shop: Shop<ManageShop>, Path(path): Path<MediaPath>) -> Result<OpenedPaper> {
    let paper = shop.see(async |scope| store::find_own_paper(scope, path.media_id).await).await?;
    super::open_paper(&shop.app().files, &paper.or_refuse(&NOT_FOUND)?).await
}

/// Upload a picture of what arrived, to attach to a return or a complaint, as the bare file in the body.
///
/// JPEG, PNG, WebP; at most 10 MB, 40 megapixels, 12,000 pixels a side. It is stored upright and without its metadata, and
/// shown to nobody but the uploader until it is attached; then to the shop and the officers of that matter too.
#[utoipa::path(post, path = "/me/evidence", tag = "media", security(("session" = ["account"])),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file itself"),
    responses((status = CREATED, body = Uploaded)))]
async fn upload_evidence(buyer: Buyer, RawBody(bytes): RawBody) -> Result<(StatusCode, Json<Uploaded>)> {
    let app = buyer.app();
    if buyer.see(store::count_evidence).await? >= MOST_EVIDENCE {
        return Err(EVIDENCE_FULL.because(format!("at most {MOST_EVIDENCE}")));
    }
    let stored = take_in(app, Purpose::Evidence, bytes).await?;
    let now = app.clock.now();
    buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            let id = evidence::add(conn, *account, &stored, now).await?;
            Ok((StatusCode::CREATED, Json(Uploaded::new(id, &stored, now))))
        })
        .await
}

/// Look at a picture the caller uploaded for a return or a complaint.
#[utoipa::path(get, path = "/me/evidence/{media_id}", tag = "media", security(("session" = ["account"])),
    params(("media_id" = MediaId, Path)),
    responses((status = OK, body = Vec<u8>, content_type = "application/octet-stream")))]
async fn read_own_evidence(buyer: Buyer, Path(path): Path<MediaPath>) -> Result<OpenedPaper> {
    let found = buyer.see(async |scope| store::find_own_evidence(scope, path.media_id).await).await?;
    evidence::open(&buyer.app().files, &found.or_refuse(&NOT_FOUND)?).await
}

/// Look at a picture.
#[utoipa::path(get, path = "/media/{name}", tag = "media", security(()),
    params(("name" = String, Path, example = "00112233445566778899aabbccddeeff-480.jpg")),
    responses((status = OK, body = Vec<u8>, content_type = "image/jpeg")))]
async fn show_picture(public: Public, Path(name): Path<String>) -> Result<OpenedPicture> {
    let file = picture_file_of_address(&name).or_refuse(&NOT_FOUND)?;
    Ok(OpenedPicture(public.app().files.get(&file).await?.or_refuse(&NOT_FOUND)?))
}
