//! Row versions as entity tags: who changes a private resource says which state of it they saw (RFC 9110 §13.1.1).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::error::{Error, Problem, Result};
use super::extract::Json;

/// The change does not say what it is a change of.
pub const IF_MATCH_MISSING: Problem = Problem {
    status: StatusCode::PRECONDITION_REQUIRED,
    code: "if-match-missing",
    vi: "Thiếu tiêu đề If-Match",
    en: "The If-Match header is missing",
};

/// Somebody else changed it meanwhile.
pub const STALE: Problem = Problem {
    status: StatusCode::PRECONDITION_FAILED,
    code: "stale",
    vi: "Dữ liệu đã được thay đổi, xin tải lại",
    en: "It has been changed meanwhile; please load it again",
};

/// The `If-Match` header of a change: entity tags separated by commas, or `*` for any state.
#[derive(Debug, Clone)]
pub struct IfMatch(String);

impl IfMatch {
    /// Refuses with [`STALE`] unless the row still has a version that the caller saw.
    pub fn check(&self, version: i64) -> Result<()> {
        let current = entity_tag(version);
        let seen = self.0.split(',').map(str::trim).any(|tag| tag == "*" || tag == current);
        if seen { Ok(()) } else { Err(Error::from(&STALE)) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let tags = parts.headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok());
        tags.map(|tags| Self(tags.to_owned())).ok_or_else(|| Error::from(&IF_MATCH_MISSING))
    }
}

/// A private, editable resource with its version: the `ETag` to send back as `If-Match`.
#[derive(Debug)]
pub struct Versioned<T> {
    /// The row's version.
    pub version: i64,
    /// The body.
    pub body: T,
}

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let headers =
            [(header::ETAG, entity_tag(self.version)), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
        (headers, Json(self.body)).into_response()
    }
}

fn entity_tag(version: i64) -> String {
    format!("\"{version}\"")
}
