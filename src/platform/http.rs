//! The frame around every request, as one layer of our own (a stack of ready-made ones costs 40 % of a bare hello):
//! trace id, language, deadline, problem documents, revalidation, a log line.

use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;
use uuid::Uuid;

use super::error::{self, DEADLINE_PASSED, Error, NOT_FOUND, Problem};
use super::etag::Known;
use super::extract::lang_of;
use crate::kernel::{Clock, RequestId};

/// The path exists, but not with this method.
pub const METHOD_NOT_ALLOWED: Problem = Problem {
    status: StatusCode::METHOD_NOT_ALLOWED,
    code: "method-not-allowed",
    vi: "Phương thức không được hỗ trợ",
    en: "This method is not supported here",
};

/// Names the request, as the log does.
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the frame needs to know.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Where request ids get their time.
    pub clock: Clock,
    /// How long a request to a route may take.
    pub deadline: fn(&str) -> Duration,
}

/// Wraps a request; mounted once, outermost.
pub async fn frame(State(frame): State<Frame>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let trace_id = RequestId::new(frame.clock.now()).to_string();
    let lang = lang_of(request.headers());
    let method = request.method().clone();
    let known = Known::of(&request);
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", trace_id, %method, route);
    let answer = tokio::time::timeout((frame.deadline)(&route), next.run(request).instrument(span.clone())).await;
    let mut response = answer.unwrap_or_else(|_| Error::from(&DEADLINE_PASSED).retry_after(5).into_response());
    span.in_scope(|| error::render(&mut response, lang, &trace_id));
    known.revalidate(&mut response);
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&trace_id) {
        headers.insert(X_REQUEST_ID, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let elapsed_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::info!(parent: &span, status = response.status().as_u16(), elapsed_us, "answered");
    response
}

/// Wraps a read of the catalogue, for endpoints that settle revalidation, compression and caching themselves and are
/// asked so often that a span and a log line for each would cost as much as the answer: only a refusal is logged, in a
/// span made for it.
pub async fn thin(State(frame): State<Frame>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let trace_id = RequestId::new(frame.clock.now());
    let lang = lang_of(request.headers());
    let uri = request.uri().clone();
    let answer = tokio::time::timeout((frame.deadline)(""), next.run(request)).await;
    let mut response = answer.unwrap_or_else(|_| Error::from(&DEADLINE_PASSED).retry_after(5).into_response());
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = Error::from(&METHOD_NOT_ALLOWED).into_response();
    }
    let mut text = Uuid::encode_buffer();
    let trace_id: &str = trace_id.as_uuid().hyphenated().encode_lower(&mut text);
    let status = response.status();
    if !status.is_success() && status != StatusCode::NOT_MODIFIED {
        let span = tracing::info_span!("read", trace_id, path = uri.path());
        span.in_scope(|| error::render(&mut response, lang, trace_id));
        tracing::info!(parent: &span, status = status.as_u16(), elapsed = ?started.elapsed(), "refused");
    }
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(trace_id) {
        headers.insert(X_REQUEST_ID, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// The answer where no route matches.
pub async fn no_such_route() -> Error {
    Error::from(&NOT_FOUND)
}

/// The answer where a route exists with other methods.
pub async fn no_such_method(method: Method) -> Error {
    METHOD_NOT_ALLOWED.because(format!("{method} is not supported here"))
}
