//! Answers that anybody may keep, as long as they ask each time whether they still hold.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::super::catalogue::{Catalogue, Tag};
use super::ShelfState;
use super::packing::{Coding, WORTHWHILE};
use crate::kernel::Lang;
use crate::platform::error::{Error, Result};
use crate::platform::etag::Known;
use crate::platform::extract::lang_of;

/// Somebody who reads the catalogue: as it stands today, in their language. The same catalogue until the answer is
/// written, whatever happens meanwhile.
pub struct Reader {
    pub catalogue: Arc<Catalogue>,
    pub lang: Lang,
    state: ShelfState,
    known: Known,
    coding: Option<Coding>,
}

impl FromRequestParts<ShelfState> for Reader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &ShelfState) -> Result<Self> {
        Ok(Self {
            catalogue: state.shelf.at_today().await?,
            lang: lang_of(&parts.headers),
            state: state.clone(),
            known: Known::among(&parts.headers),
            coding: Coding::accepted(&parts.headers),
        })
    }
}

impl Reader {
    /// The answer of this tag: 304 for who has it already, else what `write` adds to an empty body with room for about
    /// so many bytes.
    ///
    /// The tag is weak (RFC 9110 §8.8.1): it names the content, not the bytes, which may be packed in several ways and
    /// harder when many ask. Nothing here needs a strong one, as there are neither ranges nor `If-Match`; and who comes
    /// back with another coding, or through a proxy that packs anew, still has the content.
    pub fn answer(&self, tag: Tag, room: usize, write: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<Response> {
        let tag = tag.finish();
        let mut named = *b"W/\"00000000000000000000000000000000\"";
        hex::encode_to_slice(tag, &mut named[3..35])?;
        let named = HeaderValue::from_bytes(&named)?;
        if self.known.contain(named.to_str()?) {
            return Ok(self.response(StatusCode::NOT_MODIFIED, named, None, Body::empty()));
        }
        let packed = self.coding.and_then(|coding| Some((coding, self.state.packing.find(tag, coding)?)));
        if let Some((coding, packed)) = packed {
            return Ok(self.response(StatusCode::OK, named, Some(coding), packed.into()));
        }
        let mut json = Vec::with_capacity(room);
        write(&mut json)?;
        let json = Bytes::from(json);
        Ok(match self.coding.filter(|_| json.len() >= WORTHWHILE) {
            Some(coding) => {
                let packed = self.state.packing.pack(tag, coding, json);
                self.response(StatusCode::OK, named, Some(coding), packed.into())
            }
            None => self.response(StatusCode::OK, named, None, json.into()),
        })
    }

    /// The answer of this form that is written already.
    pub fn answer_with(&self, form: &str, body: Vec<u8>) -> Result<Response> {
        let mut tag = Tag::new(form, self.lang);
        tag.add(&body);
        self.answer(tag, 0, |json| {
            *json = body;
            Ok(())
        })
    }

    /// Nothing was found for these words.
    pub fn note_miss(&self, province: Option<&str>, typed: &str) {
        self.state.shelf.note_miss(province, typed);
    }

    fn response(&self, status: StatusCode, tag: HeaderValue, coding: Option<Coding>, body: Body) -> Response {
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.reserve(HEADERS);
        headers.insert(header::ETAG, tag);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-language, accept-encoding"));
        if status == StatusCode::OK {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.lang.code()));
        }
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        }
        response
    }
}

/// Room for the headers of an answer, those of the frame included.
const HEADERS: usize = 12;

/// Bytes of most cards, with what holds them together.
pub const CARD: usize = 1200;

/// Bytes of most pages of listings and shops.
pub const PAGE: usize = 4096;
