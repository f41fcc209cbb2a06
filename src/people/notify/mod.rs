//! What is said to people outside the app: e-mails and text messages, written in the transaction that causes them.
//!
//! Sending adapters come later; until then the row is the message, and the demo's log shows it.

mod store;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::kernel::MessageId;
use crate::platform::error::Result;

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Channel {
    /// Electronic mail.
    Email,
    /// A text message to a mobile number.
    Sms,
}

/// Something to say to somebody.
#[derive(Debug, Clone)]
pub struct Message {
    /// How.
    pub channel: Channel,
    /// To whom: an address or number in its normal form.
    pub recipient: String,
    /// One line; text messages have none on the wire.
    pub subject: String,
    /// The words, Vietnamese first.
    pub body: String,
}

/// Writes the message down, to be sent once the transaction has committed.
pub async fn send(conn: &mut PgConnection, message: &Message, now: DateTime<Utc>) -> Result<()> {
    store::insert(conn, MessageId::new(now), message, now).await
}

/// Tells whoever runs a demo what a person would have received.
pub fn show_in_demo(demo: bool, message: &Message) {
    if demo {
        tracing::info!(to = message.recipient, subject = message.subject, body = message.body, "message");
    }
}

/// Messages are kept so long, for whoever must find out what was said; codes in them are long void.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Deletes the messages whose time has passed.
pub async fn forget(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<()> {
    store::delete_before(conn, now - KEPT).await
}
