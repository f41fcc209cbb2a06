//! The two ways a request can fail, and how both look on the wire (RFC 9457).
//!
//! A **refusal** is planned: a `const` [`Problem`] of the slice that refuses. Everything else is a **fault**: it is
//! logged once with its causes and answered with a bare 500, so that no internal text ever reaches a visitor.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::kernel::{Lang, Sentence};

/// The result of everything a request can do.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A planned refusal: one constant per reason, owned by the slice that refuses.
#[derive(Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Last segment of the problem's `type`, unique in the whole program.
    pub code: &'static str,
    /// Title in Vietnamese, the default language.
    pub vi: &'static str,
    /// Title in English.
    pub en: &'static str,
}

impl Problem {
    /// This problem with the caller's own circumstances.
    pub fn because(&'static self, detail: impl Into<Sentence>) -> Error {
        Error::from(self).detail(detail)
    }
}

/// One wrong value of the input, as the caller reads it.
#[derive(Debug, Serialize, ToSchema)]
struct FieldError {
    /// JSON path of the value (`lines[0].quantity`), or the name of a query parameter.
    #[schema(example = "lines[0].quantity")]
    at: String,
    /// What is wrong with it, in the language of `Accept-Language` (vi default, en).
    #[schema(example = "phải là số nguyên từ 1 đến 99")]
    message: String,
}

/// A [`Problem`] with the circumstances of one request.
#[derive(Debug)]
pub struct Refusal {
    problem: &'static Problem,
    detail: Option<Sentence>,
    /// Each wrong value's path, and what is wrong with it.
    errors: Vec<(String, Sentence)>,
    retry_after_seconds: Option<u64>,
    facts: serde_json::Map<String, serde_json::Value>,
}

/// Why a request was not carried out.
#[derive(Debug)]
pub enum Error {
    /// Planned: shown to the caller.
    Refused(Box<Refusal>),
    /// Not planned: logged, never shown.
    Fault(anyhow::Error),
}

impl Error {
    /// A fault that starts here.
    pub fn fault(why: impl Into<Cow<'static, str>>) -> Self {
        Self::Fault(anyhow::Error::msg(why.into()))
    }

    /// Adds a sentence about this very case.
    #[must_use]
    pub fn detail(self, detail: impl Into<Sentence>) -> Self {
        self.with(|refusal| refusal.detail = Some(detail.into()))
    }

    /// Names one wrong value and what is wrong with it.
    #[must_use]
    pub fn at(self, at: impl Into<String>, why: impl Into<Sentence>) -> Self {
        self.with(|refusal| refusal.errors.push((at.into(), why.into())))
    }

    /// Says when a retry may succeed.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with(|refusal| refusal.retry_after_seconds = Some(seconds))
    }

    /// Adds an extension member (RFC 9457 §3.2) the caller's program can act upon.
    #[must_use]
    pub fn fact(self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        let value = value.into();
        self.with(|refusal| {
            refusal.facts.insert(name.to_owned(), value);
        })
    }

    /// Whether this is the given refusal.
    pub fn is(&self, problem: &'static Problem) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.problem.code == problem.code)
    }

    /// The SQLSTATE of the database error behind a fault, if there is one.
    pub fn sqlstate(&self) -> Option<String> {
        let Self::Fault(fault) = self else { return None };
        let database = fault.downcast_ref::<sqlx::Error>()?.as_database_error()?;
        database.code().map(Cow::into_owned)
    }

    fn with(mut self, change: impl FnOnce(&mut Refusal)) -> Self {
        if let Self::Refused(refusal) = &mut self {
            change(refusal);
        }
        self
    }

    /// The refusal to show, and what the log should know of a fault: an overloaded database is the visitor's business,
    /// any other fault is not.
    fn into_refusal(self) -> (Refusal, Option<Fault>) {
        let sqlstate = self.sqlstate().unwrap_or_default();
        let fault = match self {
            Self::Refused(refusal) => return (*refusal, None),
            Self::Fault(fault) => fault,
        };
        let starved =
            matches!(fault.downcast_ref::<sqlx::Error>(), Some(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)));
        let (refusal, kind) = if starved || BUSY_SQLSTATES.contains(&sqlstate.as_str()) {
            (Refusal { retry_after_seconds: Some(1), ..Refusal::of(&OVERLOADED) }, FaultKind::Overloaded)
        } else if OUT_OF_RANGE_SQLSTATES.contains(&sqlstate.as_str()) {
            (Refusal::of(&INVALID), FaultKind::OutOfRange)
        } else {
            (Refusal::of(&FAULT), FaultKind::Unplanned)
        };
        (refusal, Some(Fault { kind, causes: format!("{fault:#}") }))
    }
}

/// What happened instead of an answer, with all its causes: for the log, and for nobody else.
struct Fault {
    kind: FaultKind,
    causes: String,
}

enum FaultKind {
    Overloaded,
    OutOfRange,
    Unplanned,
}

impl Fault {
    fn log(&self) {
        let error = &self.causes;
        match self.kind {
            FaultKind::Overloaded => tracing::warn!(error, "overloaded"),
            FaultKind::OutOfRange => tracing::warn!(error, "a value only the database refused"),
            FaultKind::Unplanned => tracing::error!(error, "fault"),
        }
    }
}

/// Serialization failure, deadlock, lock timeout, statement timeout, too many connections, shutting down, starting up.
const BUSY_SQLSTATES: [&str; 7] = ["40001", "40P01", "55P03", "57014", "53300", "57P01", "57P03"];

/// A number, a date or a character PostgreSQL cannot keep: a value of the caller's that no newtype stopped.
const OUT_OF_RANGE_SQLSTATES: [&str; 3] = ["22003", "22008", "22021"];

impl Refusal {
    fn of(problem: &'static Problem) -> Self {
        Self { problem, detail: None, errors: Vec::new(), retry_after_seconds: None, facts: serde_json::Map::new() }
    }

    /// The problem document in the caller's language.
    fn document(&self, lang: Lang, trace_id: &str) -> ProblemDocument {
        ProblemDocument {
            kind: format!("/problems/{}", self.problem.code),
            title: match lang {
                Lang::Vi => self.problem.vi,
                Lang::En => self.problem.en,
            }
            .to_owned(),
            status: self.problem.status.as_u16(),
            detail: self.detail.as_ref().map(|detail| detail.in_lang(lang).to_owned()),
            errors: self
                .errors
                .iter()
                .map(|(at, why)| FieldError { at: at.clone(), message: why.in_lang(lang).to_owned() })
                .collect(),
            trace_id: trace_id.to_owned(),
            facts: self.facts.clone(),
        }
    }
}

/// The body of every answer that is not a success (RFC 9457, `application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// Names the problem; stable.
    #[serde(rename = "type")]
    #[schema(example = "/problems/not-found")]
    kind: String,
    /// The problem in the language of `Accept-Language` (vi default, en).
    #[schema(example = "Không tìm thấy")]
    title: String,
    /// The HTTP status again.
    #[schema(example = 404)]
    status: u16,
    /// What is particular about this case.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Each wrong value with its path.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// Quote this to the operator: it finds the request in the logs.
    trace_id: String,
    /// Extension members of some problems, such as the new total when a price has changed.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    facts: serde_json::Map<String, serde_json::Value>,
}

/// Why one item of a request with many was refused; the answer as a whole carries the trace id.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemProblem {
    /// Names the problem; stable.
    #[serde(rename = "type")]
    #[schema(example = "/problems/not-found")]
    kind: String,
    /// The problem in the language of `Accept-Language` (vi default, en).
    #[schema(example = "Không tìm thấy")]
    title: String,
    /// The HTTP status the item would have had by itself.
    #[schema(example = 404)]
    status: u16,
    /// What is particular about this item.
    detail: Option<String>,
    /// Each wrong value of the item with its path.
    errors: Vec<FieldError>,
}

impl ItemProblem {
    /// Why the item was refused; a fault is logged, as always.
    pub fn of(error: Error, lang: Lang) -> Self {
        let (refusal, fault) = error.into_refusal();
        fault.iter().for_each(Fault::log);
        let document = refusal.document(lang, "");
        let ProblemDocument { kind, title, status, detail, errors, .. } = document;
        Self { kind, title, status, detail, errors }
    }
}

impl From<&'static Problem> for Error {
    fn from(problem: &'static Problem) -> Self {
        Self::Refused(Box::new(Refusal::of(problem)))
    }
}

/// Anything nobody planned for is a fault.
impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(fault: E) -> Self {
        Self::Fault(fault.into())
    }
}

/// A refusal on its way out, waiting for the language and trace id that [`render`] adds.
#[derive(Clone)]
struct Unrendered(Arc<(Refusal, Option<Fault>)>);

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let refused = self.into_refusal();
        let mut response = refused.0.problem.status.into_response();
        response.extensions_mut().insert(Unrendered(refused.into()));
        response
    }
}

/// Gives a refused response its body, and logs the fault behind it; called once, by the outermost middleware, in the
/// span that has the trace id.
pub fn render(response: &mut Response, lang: Lang, trace_id: &str) {
    let Some(Unrendered(refused)) = response.extensions_mut().remove::<Unrendered>() else { return };
    let (refusal, fault) = refused.as_ref();
    fault.iter().for_each(Fault::log);
    let document = refusal.document(lang, trace_id);
    let body = serde_json::to_vec(&document).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_LENGTH, body.len().into());
    headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(match lang {
            Lang::Vi => "vi",
            Lang::En => "en",
        }),
    );
    if let Some(seconds) = refusal.retry_after_seconds {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if refusal.problem.status == StatusCode::UNAUTHORIZED {
        headers.insert(HeaderName::from_static("www-authenticate"), HeaderValue::from_static("Bearer"));
    }
    *response.body_mut() = Body::from(body);
}

/// Turns what is missing into a refusal.
pub trait OrRefuse<T> {
    /// The value, or `problem`.
    fn or_refuse(self, problem: &'static Problem) -> Result<T>;
}

impl<T> OrRefuse<T> for Option<T> {
    fn or_refuse(self, problem: &'static Problem) -> Result<T> {
        self.ok_or_else(|| problem.into())
    }
}

/// Turns the violation of a named constraint into a refusal, instead of checking first and inserting later.
pub trait OnConstraint<T> {
    /// `problem` if the constraint of that name refused the row; any other database error stays a fault.
    fn on_constraint(self, name: &str, problem: &'static Problem) -> Result<T>;
}

impl<T, E: Into<Error>> OnConstraint<T> for std::result::Result<T, E> {
    fn on_constraint(self, name: &str, problem: &'static Problem) -> Result<T> {
        self.map_err(|error| {
            let error = error.into();
            let Error::Fault(fault) = &error else { return error };
            let violated = fault
                .downcast_ref::<sqlx::Error>()
                .and_then(sqlx::Error::as_database_error)
                .is_some_and(|database| database.constraint() == Some(name));
            if violated { problem.into() } else { error }
        })
    }
}

/// What is not there, and what is not yours: the same answer.
pub const NOT_FOUND: Problem =
    Problem { status: StatusCode::NOT_FOUND, code: "not-found", vi: "Không tìm thấy", en: "Not found" };

/// It can be read, but a value in it is wrong.
pub const INVALID: Problem = Problem {
    status: StatusCode::UNPROCESSABLE_ENTITY,
    code: "invalid",
    vi: "Dữ liệu không hợp lệ",
    en: "A value is not valid",
};

/// Nobody planned for this.
pub const FAULT: Problem = Problem {
    status: StatusCode::INTERNAL_SERVER_ERROR,
    code: "fault",
    vi: "Hệ thống gặp lỗi, chúng tôi đã ghi nhận",
    en: "Something went wrong on our side; it has been recorded",
};

/// Too much at once.
pub const OVERLOADED: Problem = Problem {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "overloaded",
    vi: "Hệ thống đang bận, xin thử lại sau giây lát",
    en: "The system is busy; please try again in a moment",
};

/// The request took longer than it may.
pub const DEADLINE_PASSED: Problem = Problem {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "deadline-passed",
    vi: "Yêu cầu mất quá nhiều thời gian",
    en: "The request took too long",
};
