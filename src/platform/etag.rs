//! Catalogue reads a browser may keep but asks about each time (RFC 9110 §8.8.3, §13.1.2): an entity tag that is a hash
//! of the body, and 304 for who has that body already.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::error::Error;

/// A JSON answer anybody may cache, for each language, as long as they revalidate it.
///
/// The tag is weak: the layers outside may compress the same body in several ways.
#[derive(Debug, Clone, Copy)]
pub struct Cacheable<T>(pub T);

impl<T: Serialize> IntoResponse for Cacheable<T> {
    fn into_response(self) -> Response {
        let tagged = serde_json::to_vec(&self.0).map_err(Error::from).and_then(|body| {
            let hash = hex::encode(&Sha256::digest(&body)[..16]);
            Ok((HeaderValue::try_from(format!("W/\"{hash}\""))?, body))
        });
        match tagged {
            Ok((tag, body)) => (
                [
                    (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
                    (header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache")),
                    (header::VARY, HeaderValue::from_static("accept-language")),
                    (header::ETAG, tag),
                ],
                body,
            )
                .into_response(),
            Err(fault) => fault.into_response(),
        }
    }
}

/// The tags of the bodies a caller has (`If-None-Match`).
pub struct Known(Vec<HeaderValue>);

impl Known {
    /// What the request names; nothing unless it is a read.
    pub fn of(request: &Request) -> Self {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        if reads { Self::among(request.headers()) } else { Self(Vec::new()) }
    }

    /// What the headers of a read name.
    pub fn among(headers: &HeaderMap) -> Self {
        Self(headers.get_all(header::IF_NONE_MATCH).iter().cloned().collect())
    }

    /// Leaves the body out of an answer the caller has already.
    ///
    /// Only where the tag is one of [`Cacheable`], hence weak: a strong one is the version an editor started from
    /// (`If-Match`), and more than that version may be in the body.
    pub fn revalidate(&self, response: &mut Response) {
        let Some(tag) = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()) else { return };
        if response.status() == StatusCode::OK && tag.starts_with("W/") && self.contain(tag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.body_mut() = Body::empty();
            for about_the_body in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING] {
                response.headers_mut().remove(about_the_body);
            }
        }
    }

    /// Whether the tag is among them. Weak comparison (RFC 9110 §8.8.3.2); our own tags hold no comma.
    pub fn contain(&self, tag: &str) -> bool {
        let mut named = self.0.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
        named.any(|named| opaque(named) == "*" || opaque(named) == opaque(tag))
    }
}

/// The tag without the mark of weakness.
fn opaque(tag: &str) -> &str {
    tag.trim().trim_start_matches("W/")
}
