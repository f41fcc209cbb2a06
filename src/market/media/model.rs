//! What an upload is, what it is called in the store, and how it is served.

use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use image::ImageFormat;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{MediaId, SellerId};

/// Widths of a public picture, in pixels: for looking at, and for lists. A smaller original is never enlarged.
pub const WIDTHS: [u32; 2] = [1200, 480];

/// What a file is uploaded for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Purpose {
    /// To be shown to everybody.
    Picture,
    /// To be read by the shop and its officers.
    Paper,
    /// A buyer's picture of what arrived: for the two sides of a matter and its officers.
    Evidence,
}

/// What an upload turns out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// An image of this format.
    Image(ImageFormat),
    /// A PDF document.
    Pdf,
}

impl Content {
    /// What the first bytes say; `None` for anything we do not take.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Image(ImageFormat::Jpeg)),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Image(ImageFormat::Png)),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Image(ImageFormat::WebP)),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            _ => None,
        }
    }
}

/// What a stored file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[sqlx(type_name = "text")]
pub enum Mime {
    /// Every image, once written anew.
    #[serde(rename = "image/jpeg")]
    #[sqlx(rename = "image/jpeg")]
    Jpeg,
    /// A document, as it came.
    #[serde(rename = "application/pdf")]
    #[sqlx(rename = "application/pdf")]
    Pdf,
}

impl Mime {
    const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Pdf => "application/pdf",
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Pdf => "pdf",
        }
    }
}

/// The last part of a picture's address, and its name in the store's folder of pictures.
fn picture_name(name: &str, width: u32) -> String {
    format!("{name}-{width}.jpg")
}

/// Where the store keeps a picture.
pub fn picture_file(name: &str, width: u32) -> String {
    format!("pictures/{}", picture_name(name, width))
}

/// Where the store keeps the picture of this address; `None` if no picture can have it.
pub fn picture_file_of_address(address: &str) -> Option<String> {
    let (name, width) = address.strip_suffix(".jpg")?.split_once('-')?;
    let is_name = name.len() == 32 && name.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    let width = WIDTHS.into_iter().find(|known| known.to_string() == width)?;
    is_name.then(|| picture_file(name, width))
}

/// Where the store keeps a paper.
pub fn paper_file(name: &str, mime: Mime) -> String {
    format!("papers/{name}.{}", mime.extension())
}

/// Where the store keeps a buyer's picture, which is never public.
pub fn evidence_file(name: &str) -> String {
    format!("evidence/{name}.jpg")
}

/// Where everybody finds a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PictureUrls {
    /// At most 480 pixels wide.
    #[schema(example = "/v1/media/00112233445566778899aabbccddeeff-480.jpg")]
    pub small: String,
    /// At most 1200 pixels wide.
    #[schema(example = "/v1/media/00112233445566778899aabbccddeeff-1200.jpg")]
    pub large: String,
}

/// Where everybody finds the picture of this name.
pub fn picture_urls(name: &str) -> PictureUrls {
    let [large, small] = WIDTHS.map(|width| format!("/v1/media/{}", picture_name(name, width)));
    PictureUrls { small, large }
}

/// An uploaded paper.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The upload.
    pub id: MediaId,
    /// Whose it is.
    pub seller: SellerId,
    /// What it is.
    pub mime: Mime,
    /// Its name in the store, without extension.
    pub(super) name: String,
}

/// A buyer's picture in the store.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The upload.
    pub id: MediaId,
    /// Its name in the store, without extension.
    pub(super) name: String,
}

/// A paper, or a buyer's picture, on its way to somebody entitled to it: to be saved, not shown as a page of ours, and kept by no cache.
#[derive(Debug)]
pub struct OpenedPaper {
    mime: Mime,
    disposition: String,
    bytes: Bytes,
}

impl OpenedPaper {
    pub(super) fn new(id: MediaId, mime: Mime, bytes: Bytes) -> Self {
        let disposition = format!("attachment; filename=\"{id}.{}\"", mime.extension());
        Self { mime, disposition, bytes }
    }
}

impl IntoResponse for OpenedPaper {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, self.mime.name().to_owned()),
            (header::CONTENT_DISPOSITION, self.disposition),
            (header::CACHE_CONTROL, "private, no-store".to_owned()),
        ];
        (headers, self.bytes).into_response()
    }
}

/// A public picture. Its name is its content's for ever, so a cache may keep it.
#[derive(Debug)]
pub struct OpenedPicture(pub Bytes);

impl IntoResponse for OpenedPicture {
    fn into_response(self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
            (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        ];
        (headers, self.0).into_response()
    }
}
