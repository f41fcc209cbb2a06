//! Extractors that answer bad input with problem documents naming the wrong value.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use super::error::INVALID;
use super::error::{Error, NOT_FOUND, Problem};
use crate::kernel::{Cursor, Lang, Sentence};

/// The body or query cannot be read at all.
pub const MALFORMED: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    code: "malformed",
    vi: "Yêu cầu sai cú pháp",
    en: "The request is malformed",
};

/// The body is larger than this operation takes.
pub const TOO_LARGE: Problem = Problem {
    status: StatusCode::PAYLOAD_TOO_LARGE,
    code: "too-large",
    vi: "Dữ liệu gửi lên quá lớn",
    en: "The request body is too large",
};

/// The body is not of a type this operation takes.
pub const UNSUPPORTED_TYPE: Problem = Problem {
    status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
    code: "unsupported-type",
    vi: "Kiểu dữ liệu không được hỗ trợ",
    en: "The content type is not supported",
};

/// JSON in and out.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let is_json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("application/json"));
        if !is_json {
            return Err(UNSUPPORTED_TYPE.because("send application/json"));
        }
        let bytes = read_body(request, state).await?;
        parse_json(&bytes).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response(),
            Err(fault) => Error::from(fault).into_response(),
        }
    }
}

/// Parses JSON; bad syntax is 400, a wrong value 422 with its path.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let mut source = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut source).map_err(|error| {
        let at = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() {
            // The position in the text helps nobody who sent an object from a program.
            let message = inner.to_string();
            let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(before, _)| before);
            Error::from(&INVALID).at(at, Sentence::from_wire(message))
        } else {
            MALFORMED.because(inner.to_string())
        }
    })?;
    source.end().map_err(|error| MALFORMED.because(error.to_string()))?;
    Ok(value)
}

/// The whole body, bounded by the route's body limit.
pub async fn read_body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Error> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Error::from(&TOO_LARGE)
        } else {
            MALFORMED.because(rejection.body_text())
        }
    })
}

/// The body as it came, bounded by the route's body limit; its declared type is not looked at.
#[derive(Debug, Clone)]
pub struct RawBody(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        read_body(request, state).await.map(Self)
    }
}

/// The query string.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let query = parts.uri.query().unwrap_or_default();
        let source = || serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        // Noting the path on the way costs as much as reading: only who has to be told where it went wrong pays.
        T::deserialize(source()).or_else(|_| serde_path_to_error::deserialize(source())).map(Self).map_err(|error| {
            let at = error.path().to_string();
            Error::from(&INVALID).at(at, Sentence::from_wire(&error.into_inner().to_string()))
        })
    }
}

/// The path's parameters. One that cannot be an id names nothing, so it is *not found* like any other missing thing.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        #[expect(clippy::disallowed_types, reason = "this is the wrapper the ban points to")]
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Error::from(&NOT_FOUND)),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Lang {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(lang_of(&parts.headers))
    }
}

/// The language the caller asks for.
pub fn lang_of(headers: &axum::http::HeaderMap) -> Lang {
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map_or(Lang::Vi, Lang::from_accept_language)
}

/// What `skip_serializing_if` asks of a parameter that says how to read a list, not which list it is: it is no part of
/// the binding of [`after`]'s cursors. (Plain `skip_serializing` would take it out of the document.)
pub fn not_of_the_list<T>(_: &T) -> bool {
    true
}

/// Where a page begins: the position in the cursor `after`, refused unless it was made for this very list (`binding`).
pub fn after<T: DeserializeOwned>(binding: &[u8], after: Option<&str>) -> Result<Option<T>, Error> {
    after
        .map(|cursor| Cursor::decode(binding, cursor))
        .transpose()
        .map_err(|invalid| Error::from(&INVALID).at("after", invalid))
}
