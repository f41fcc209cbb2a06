//! [`SignedIn`]: proof that the caller holds a living session.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};

use super::store::{self, Desk};
use crate::app::App;
use crate::kernel::{AccountId, SessionId};
use crate::platform::db::Scoped;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::tokens::token_hash;

/// No token, or one that is not (any longer) a session.
pub const SIGN_IN_FIRST: Problem =
    Problem {
        status: StatusCode::UNAUTHORIZED, code: "sign-in-first", vi: "Cần đăng nhập", en: "Please sign in"
    };

/// Somebody with a living session; sees and changes their own account only.
pub struct SignedIn {
    app: App,
    /// Whose session it is.
    pub account: AccountId,
    /// Which session it is.
    pub session: SessionId,
    /// As far as it is an officer's.
    pub(super) desk: Option<Desk>,
}

impl SignedIn {
    /// The shared parts that are not data.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// A read-only look, bound to the caller's account.
    pub async fn see<T>(&self, work: impl AsyncFnOnce(&mut Scoped<'_, AccountId>) -> Result<T>) -> Result<T> {
        self.app.db.see(async |conn| work(&mut Scoped::new(conn, self.account)).await).await
    }

    /// A change, bound to the caller's account.
    pub async fn act<T>(&self, work: impl AsyncFnOnce(&mut Scoped<'_, AccountId>) -> Result<T> + Clone) -> Result<T> {
        self.app.db.act(async |conn| work(&mut Scoped::new(conn, self.account)).await).await
    }
}

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let app = App::from_ref(state);
        let token = bearer(parts).ok_or(&SIGN_IN_FIRST)?;
        let hash = token_hash(token);
        let now = app.clock.now();
        let session = app.db.see(async |conn| store::find_session(conn, &hash, now).await).await?;
        let session = session.ok_or(&SIGN_IN_FIRST)?;
        Ok(Self { app, account: session.account_id, session: session.id, desk: session.desk })
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
