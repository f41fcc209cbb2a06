//! Signing in.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};

use super::http::Credentials;
use super::second_factor::{self, Raised};
use super::store;
use super::throttle::{self, Attempt};
use crate::app::Public;
use crate::calendar;
use crate::kernel::{AccountId, SessionId};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::tokens::{random_token, token_hash};

/// Unknown account or wrong password: nobody learns which.
pub const WRONG_CREDENTIALS: Problem = Problem {
    status: StatusCode::UNAUTHORIZED,
    code: "wrong-credentials",
    vi: "Tên đăng nhập hoặc mật khẩu không đúng",
    en: "The name or the password is wrong",
};

const LIFETIME: TimeDelta = TimeDelta::days(30);

/// A new session; the token is shown once.
pub struct Opened {
    pub token: SecretString,
    pub account: AccountId,
    pub expires_at: DateTime<Utc>,
    /// How far it is an officer's; `None` without a code.
    pub raised: Option<Raised>,
}

/// Makes a guest and opens their session, which cannot be opened again.
pub async fn open_guest(public: &Public, user_agent: &str) -> Result<Opened> {
    const NAME: &str = "Khách";
    let app = public.app();
    let now = app.clock.now();
    throttle::count_guest(app, public.address, now).await?;
    let (account, token) = (AccountId::new(now), random_token()?);
    let hash = token_hash(token.expose_secret());
    let expires_at = public
        .act(async |conn| {
            let expires_at = calendar::due(conn, "session.guest", now).await?;
            let session = store::NewSession {
                id: SessionId::new(now),
                account_id: account,
                token_hash: &hash,
                user_agent,
                created_at: now,
                expires_at,
            };
            store::insert_guest(conn, NAME, &session).await?;
            Ok(expires_at)
        })
        .await?;
    Ok(Opened { token, account, expires_at, raised: None })
}

/// Checks the password, and the code if there is one, and opens a session.
pub async fn open(public: &Public, credentials: &Credentials, user_agent: &str) -> Result<Opened> {
    let app = public.app();
    let now = app.clock.now();
    let Credentials { contact, password, code } = credentials;
    throttle::count(app, Attempt::Password, contact.as_str(), public.address, now).await?;
    let found = public.see(async |conn| store::find_by_contact(conn, contact).await).await?;
    let stored = found.as_ref().map(|account| account.password_hash.as_str());
    let right = app.passwords.verify(password.secret(), stored).await?;
    let Some(account) = found.filter(|_| right) else { return Err(Error::from(&WRONG_CREDENTIALS)) };
    throttle::forgive(app, Attempt::Password, contact.as_str()).await?;
    let name = account.account_id.to_string();
    if code.is_some() {
        throttle::count(app, Attempt::SecondFactor, &name, public.address, now).await?;
    }
    let token = random_token()?;
    let hash = token_hash(token.expose_secret());
    let session = store::NewSession {
        id: SessionId::new(now),
        account_id: account.account_id,
        token_hash: &hash,
        user_agent,
        created_at: now,
        expires_at: now + LIFETIME,
    };
    let raised = public
        .act(async |conn| {
            // The password may have changed while we hashed: the session is refused unless the hash is still the same.
            if !store::insert_session(conn, &session, &account.password_hash).await? {
                return Err(Error::from(&WRONG_CREDENTIALS));
            }
            let Some(code) = code else { return Ok(None) };
            second_factor::show(conn, &app.seal, account.account_id, code.as_ref(), now).await?;
            second_factor::raise(conn, session.id, now).await.map(Some)
        })
        .await?;
    if raised.is_some() {
        throttle::forgive(app, Attempt::SecondFactor, &name).await?;
    }
    Ok(Opened { token, account: account.account_id, expires_at: session.expires_at, raised })
}
