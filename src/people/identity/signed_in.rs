//! [`SignedIn`]: proof that the caller holds a living session of an account; [`Buyer`]: or of a guest.

use std::ops::Deref;

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

/// A guest can buy and, of what was bought, send back and complain; nothing else.
pub const ACCOUNT_NEEDED: Problem = Problem {
    status: StatusCode::FORBIDDEN,
    code: "account-needed",
    vi: "Cần có tài khoản để thực hiện việc này",
    en: "This needs an account",
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

/// Somebody who may buy: with an account, or as a guest, whose account is the purchase's only.
pub struct Buyer {
    signed_in: SignedIn,
    /// Whether it is a guest.
    pub guest: bool,
}

impl Buyer {
    /// A change, bound to the caller's account. What buyers do begins with the keys of a few things, their own and those
    /// they buy.
    pub async fn act<T>(&self, work: impl AsyncFnOnce(&mut Scoped<'_, AccountId>) -> Result<T> + Clone) -> Result<T> {
        self.app.db.act_by_keys(async |conn| work(&mut Scoped::new(conn, self.account)).await).await
    }
}

impl Deref for Buyer {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.signed_in
    }
}

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let (found, guest) = Self::find(parts, state).await?;
        if guest { Err(Error::from(&ACCOUNT_NEEDED)) } else { Ok(found) }
    }
}

impl<S> FromRequestParts<S> for Buyer
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let (signed_in, guest) = SignedIn::find(parts, state).await?;
        Ok(Self { signed_in, guest })
    }
}

impl SignedIn {
    /// Whose living session the request names, and whether it is a guest's.
    async fn find<S>(parts: &Parts, state: &S) -> Result<(Self, bool)>
    where
        App: FromRef<S>,
    {
        let app = App::from_ref(state);
        let token = bearer(parts).ok_or(&SIGN_IN_FIRST)?;
        let hash = token_hash(token);
        let now = app.clock.now();
        let session = app.db.glance(async |conn| store::find_session(conn, &hash, now).await).await?;
        let session = session.ok_or(&SIGN_IN_FIRST)?;
        Ok((Self { app, account: session.account_id, session: session.id, desk: session.desk }, session.guest))
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
