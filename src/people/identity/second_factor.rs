//! The second factor of whoever works for the state: codes of an authenticator app ([`TotpSecret`]).
//!
//! An account enrols with its password and counts as enrolled once it has shown a code. A code shown in a session
//! *raises* the session: officers' functions may be used in it for some hours, and only while they are used (rows
//! `session.officer` and `session.officer_idle` of the calendar). No code counts twice.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::codes::WRONG_CODE;
use super::signed_in::SignedIn;
use super::store::{self, Desk};
use crate::calendar;
use crate::kernel::{AccountId, SessionId};
use crate::platform::error::{Error, OrRefuse as _, Problem, Result};
use crate::platform::seal::Seal;
use crate::platform::totp::TotpSecret;

/// Officers' functions need a second factor, and the account has none.
pub const SECOND_FACTOR_MISSING: Problem = Problem {
    status: StatusCode::FORBIDDEN,
    code: "second-factor-missing",
    vi: "Cán bộ phải đăng ký ứng dụng tạo mã xác thực trước khi làm việc",
    en: "Officers must set up an authenticator app before they can work",
};

/// Officers' functions need a code of the second factor in this session: none was shown, or too long ago.
pub const SECOND_FACTOR_NEEDED: Problem = Problem {
    status: StatusCode::FORBIDDEN,
    code: "second-factor-needed",
    vi: "Cần nhập mã của ứng dụng xác thực để tiếp tục làm việc",
    en: "A code of your authenticator app is needed to go on",
};

/// There is nothing a code could be of.
pub const NO_SECOND_FACTOR: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "no-second-factor",
    vi: "Tài khoản chưa đăng ký ứng dụng tạo mã xác thực",
    en: "The account has no authenticator app set up",
};

/// The account has one already; it is removed with a code of it, or reset by whoever manages the officer.
pub const SECOND_FACTOR_EXISTS: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "second-factor-exists",
    vi: "Tài khoản đã đăng ký ứng dụng tạo mã xác thực",
    en: "The account has an authenticator app set up already",
};

/// The name of the house in authenticator apps.
pub const ISSUER: &str = "ocop-market";

/// The use of officers' functions is noted this exactly: not every request writes.
const NOTED: TimeDelta = TimeDelta::minutes(1);

/// How long a session is raised.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Raised {
    /// Officers' functions may be used in the session until then …
    pub second_factor_until: DateTime<Utc>,
    /// … but no longer than until then unless they are used meanwhile.
    pub idle_until: DateTime<Utc>,
}

/// What the secret is sealed to.
fn context(account: AccountId) -> String {
    format!("second_factors.sealed_secret:{account}")
}

/// A new secret for the account, which counts once [`confirm`] has seen a code of it. Refuses with
/// [`SECOND_FACTOR_EXISTS`] where one counts already.
pub async fn enrol(conn: &mut PgConnection, seal: &Seal, account: AccountId, now: DateTime<Utc>) -> Result<TotpSecret> {
    let secret = TotpSecret::random()?;
    let sealed = seal.seal(&secret.to_hex(), &context(account))?;
    let put = store::put_second_factor(conn, account, &sealed, now, None).await?;
    if put { Ok(secret) } else { Err(Error::from(&SECOND_FACTOR_EXISTS)) }
}

/// Gives the account a secret that counts at once: for accounts that are not made by their owners.
pub async fn give(
    conn: &mut PgConnection,
    seal: &Seal,
    account: AccountId,
    secret: &TotpSecret,
    now: DateTime<Utc>,
) -> Result<()> {
    let sealed = seal.seal(&secret.to_hex(), &context(account))?;
    let put = store::put_second_factor(conn, account, &sealed, now, Some(now)).await?;
    if put { Ok(()) } else { Err(Error::from(&SECOND_FACTOR_EXISTS)) }
}

/// Lets the secret of [`enrol`] count from now on, by its first code.
pub async fn confirm(
    conn: &mut PgConnection,
    seal: &Seal,
    account: AccountId,
    code: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let stored = store::lock_second_factor(conn, account).await?.or_refuse(&NO_SECOND_FACTOR)?;
    if stored.confirmed_at.is_some() {
        return Err(Error::from(&SECOND_FACTOR_EXISTS));
    }
    accept(conn, seal, account, &stored, code, now).await?;
    store::confirm_second_factor(conn, account, now).await
}

/// Uses a code up. Refuses with [`WRONG_CODE`] if it is wrong, too old or used; the caller has counted the attempt.
pub async fn show(
    conn: &mut PgConnection,
    seal: &Seal,
    account: AccountId,
    code: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let stored = store::lock_second_factor(conn, account).await?.filter(|stored| stored.confirmed_at.is_some());
    accept(conn, seal, account, &stored.or_refuse(&NO_SECOND_FACTOR)?, code, now).await
}

async fn accept(
    conn: &mut PgConnection,
    seal: &Seal,
    account: AccountId,
    stored: &store::SecondFactor,
    code: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let secret = TotpSecret::from_hex(&seal.open(&stored.sealed_secret, &context(account))?)?;
    let step = secret.accepts(code, now, stored.last_step)?.or_refuse(&WRONG_CODE)?;
    store::set_last_step(conn, account, step).await
}

/// Raises the session, in which a code has just been shown.
pub async fn raise(conn: &mut PgConnection, session: SessionId, now: DateTime<Utc>) -> Result<Raised> {
    let second_factor_until = calendar::due(conn, "session.officer", now).await?;
    let idle_until = calendar::due(conn, "session.officer_idle", now).await?;
    store::raise_session(conn, session, &Desk { raised_until: second_factor_until, idle_until, used_at: now }).await?;
    Ok(Raised { second_factor_until, idle_until })
}

/// Takes the second factor from the account and ends its sessions: its owner enrols anew. Whether there was one.
pub async fn remove(conn: &mut PgConnection, account: AccountId, now: DateTime<Utc>) -> Result<bool> {
    const SUBJECT: &str = "Mã xác thực OCOP / OCOP authenticator";
    const WORDS: &str = "Ứng dụng tạo mã xác thực đã được gỡ khỏi tài khoản của bạn; mọi phiên đăng nhập đã kết thúc. \
                         Nếu bạn không yêu cầu, hãy báo ngay cho lãnh đạo đơn vị. / The authenticator app was removed \
                         from your account and every session has ended. If you did not ask for it, tell your head of \
                         department at once.";
    let removed = store::delete_second_factor(conn, account).await?;
    if removed {
        store::end_sessions(conn, account).await?;
        super::write(conn, account, SUBJECT, WORDS, now).await?;
    }
    Ok(removed)
}

impl SignedIn {
    /// Refuses unless officers' functions may be used in this session now, and notes that they are.
    pub async fn require_second_factor(&self) -> Result<()> {
        let now = self.app().clock.now();
        let Some(desk) = self.desk.filter(|desk| now < desk.raised_until && now < desk.idle_until) else {
            let enrolled = self.see(async |scope| store::is_enrolled(scope).await).await?;
            return Err(Error::from(if enrolled { &SECOND_FACTOR_NEEDED } else { &SECOND_FACTOR_MISSING })
                .detail(if enrolled { HOW_TO_RAISE } else { HOW_TO_ENROL }));
        };
        if now < desk.used_at + NOTED {
            return Ok(());
        }
        let session = self.session;
        self.act(async |scope| {
            let (conn, account) = scope.split();
            let idle_until = calendar::due(conn, "session.officer_idle", now).await?;
            store::note_use(conn, *account, session, idle_until, now).await
        })
        .await
    }
}

const HOW_TO_ENROL: &str =
    "POST /v1/me/second_factor, then PUT /v1/me/second_factor/confirmation with a code of the app";
const HOW_TO_RAISE: &str = "POST /v1/sessions/current/second_factor with a code of the app";
