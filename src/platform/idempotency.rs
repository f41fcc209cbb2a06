//! `Idempotency-Key`: the same request twice, done once.
//!
//! The key's row and the answer commit with the work, so a crash leaves nothing and a retry finds either the whole
//! result or none of it. An advisory lock, taken first and only tried, answers 409 to a twin that is still running.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::error::{Error, Problem, Result};
use super::extract::Json;

/// How long a key is remembered; a row's promise to clients is 24 hours.
pub const KEPT: TimeDelta = TimeDelta::hours(48);

/// The operation takes a key and none came.
pub const KEY_MISSING: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    code: "idempotency-key-missing",
    vi: "Thiếu hoặc sai tiêu đề Idempotency-Key",
    en: "The Idempotency-Key header is missing or malformed",
};

/// The first request with this key is still running.
pub const IN_PROGRESS: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "idempotency-in-progress",
    vi: "Yêu cầu trước đó với cùng khóa đang được xử lý",
    en: "The first request with this key is still running",
};

/// The key was used for something else.
pub const KEY_REUSED: Problem = Problem {
    status: StatusCode::UNPROCESSABLE_ENTITY,
    code: "idempotency-key-reused",
    vi: "Khóa này đã được dùng cho một yêu cầu khác",
    en: "This key was used for a different request",
};

/// The `Idempotency-Key` header: 1 to 64 visible ASCII characters.
#[derive(Debug, Clone)]
pub struct IdempotencyKey(String);

static HEADER: HeaderName = HeaderName::from_static("idempotency-key");

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let key = parts.headers.get(&HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let fits = (1..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(key.to_owned())) } else { Err(Error::from(&KEY_MISSING)) }
    }
}

/// What an idempotent operation answered, now or the first time.
pub struct Answer {
    status: StatusCode,
    body: serde_json::Value,
    replayed: bool,
}

impl Answer {
    /// What the work answered, now or the first time.
    pub const fn body(&self) -> &serde_json::Value {
        &self.body
    }

    /// The same answer, saying also what became known after the work was committed.
    pub fn with_body(self, body: impl Serialize) -> Result<Self> {
        Ok(Self { body: serde_json::to_value(body)?, ..self })
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if self.replayed {
            response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
        }
        response
    }
}

/// Does `work` once per `(scope, route, key)`. `scope` is who asks, so that nobody replays another's answer; `request`
/// is whatever makes two requests the same.
pub async fn once<T: Serialize>(
    conn: &mut PgConnection,
    (scope, route, key): (Uuid, &str, &IdempotencyKey),
    request: &impl Serialize,
    now: DateTime<Utc>,
    work: impl AsyncFnOnce(&mut PgConnection) -> Result<(StatusCode, T)>,
) -> Result<Answer> {
    let identity = Sha256::digest(format!("{scope} {route} {}", key.0));
    let mut low = [0; 8];
    low.copy_from_slice(&identity[..8]);
    let locked = sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock($1) as "locked!""#, i64::from_be_bytes(low))
        .fetch_one(&mut *conn)
        .await?;
    if !locked {
        return Err(Error::from(&IN_PROGRESS).retry_after(1));
    }
    let fingerprint = Sha256::digest(serde_json::to_vec(request)?).to_vec();
    if let Some(answer) = find(conn, &identity, &fingerprint).await? {
        return Ok(answer);
    }
    let (status, value) = work(conn).await?;
    let body = serde_json::to_value(value)?;
    sqlx::query!(
        "insert into idempotency_keys (identity, fingerprint, status, body, forget_at)
         values ($1, $2, $3, $4, $5)",
        identity.as_slice(),
        fingerprint,
        i16::try_from(status.as_u16())?,
        body,
        now + KEPT,
    )
    .execute(conn)
    .await?;
    Ok(Answer { status, body, replayed: false })
}

async fn find(conn: &mut PgConnection, identity: &[u8], fingerprint: &[u8]) -> Result<Option<Answer>> {
    let Some(row) =
        sqlx::query!("select fingerprint, status, body from idempotency_keys where identity = $1", identity)
            .fetch_optional(conn)
            .await?
    else {
        return Ok(None);
    };
    if row.fingerprint != fingerprint {
        return Err(Error::from(&KEY_REUSED));
    }
    let status = StatusCode::from_u16(u16::try_from(row.status)?)?;
    Ok(Some(Answer { status, body: row.body, replayed: true }))
}

/// The nightly job that calls [`forget`].
#[derive(Debug, Default, Serialize, serde::Deserialize)]
pub struct ForgetKeys {}

impl super::jobs::Job for ForgetKeys {
    const KIND: &'static str = "idempotency.forget";
}

/// Forgets the keys whose time has passed.
pub async fn forget(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<u64> {
    let done = sqlx::query!("delete from idempotency_keys where forget_at <= $1", now).execute(conn).await?;
    Ok(done.rows_affected())
}
