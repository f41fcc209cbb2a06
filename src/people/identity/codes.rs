//! Single-use codes: six digits sent to a contact, good for one purpose, a quarter of an hour and five tries.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use subtle::ConstantTimeEq as _;

use super::model::Contact;
use super::store;
use crate::people::notify::{self, Message};
use crate::platform::error::{Problem, Result};
use crate::platform::tokens::{code_hash, random_code};

/// The code is wrong, used, or too old.
pub const WRONG_CODE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "wrong-code",
    vi: "Mã không đúng hoặc đã hết hạn",
    en: "The code is wrong or has expired",
};

const LIFETIME: TimeDelta = TimeDelta::minutes(15);
const TRIES: i32 = 5;

/// What a code proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Purpose {
    /// The contact belongs to the account.
    Confirm,
    /// The account's owner forgot the password.
    Recover,
}

/// Makes a new code, which replaces an earlier one of the same purpose, and writes the message that carries it.
pub async fn send(conn: &mut PgConnection, contact: &Contact, purpose: Purpose, now: DateTime<Utc>) -> Result<Message> {
    let code = random_code()?;
    store::set_code(conn, contact, purpose, &code_hash(&code, contact.as_str()), now, now + LIFETIME).await?;
    let message = Message {
        channel: contact.channel(),
        recipient: contact.as_str().to_owned(),
        subject: "Mã xác nhận OCOP / OCOP code".to_owned(),
        body: match purpose {
            Purpose::Confirm => format!("{code} là mã xác nhận liên hệ của bạn. / {code} confirms your contact."),
            Purpose::Recover => format!("{code} là mã đặt lại mật khẩu của bạn. / {code} resets your password."),
        },
    };
    notify::send(conn, &message, now).await?;
    Ok(message)
}

/// Uses the code up, right or wrong: a right one is deleted, a wrong one counted. The caller must commit either way,
/// so the answer is a value and not an error.
pub async fn redeem(
    conn: &mut PgConnection,
    contact: &Contact,
    purpose: Purpose,
    code: &str,
    now: DateTime<Utc>,
) -> Result<bool> {
    let Some(stored) = store::try_code(conn, contact, purpose).await? else { return Ok(false) };
    let same: bool = stored.code_hash.ct_eq(&code_hash(code, contact.as_str())).into();
    let right = same && stored.tries <= TRIES && now < stored.expires_at;
    if right {
        store::delete_code(conn, contact, purpose).await?;
    }
    Ok(right)
}
