//! What providers send us unasked, as it came. What they signed is committed before anybody judges it, so that nothing a
//! provider said is lost with the judgement; what stays unjudged is reported the next night. The beginning of what is not
//! believed is kept too, up to a number in an hour, and forgotten after a while.

pub mod jobs;
mod store;

pub use store::{lock, note};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use crate::app::App;
use crate::calendar;
use crate::kernel::WebhookId;
use crate::platform::error::Result;
use crate::platform::seal::Seal;
use crate::trade::ledger::Provider;

/// Who sends messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Source {
    /// VNPay.
    Vnpay,
    /// MoMo.
    Momo,
    /// Whoever reads the shops' bank accounts.
    Bank,
    /// GHN.
    Ghn,
}

impl From<Provider> for Source {
    fn from(provider: Provider) -> Self {
        match provider {
            Provider::Vnpay => Self::Vnpay,
            Provider::Momo => Self::Momo,
        }
    }
}

/// A message as it came.
#[derive(Clone, Copy)]
pub struct Message<'a> {
    /// Who is said to have sent it.
    pub source: Source,
    /// Its bytes.
    pub raw: &'a [u8],
    /// What seals it, where it names people.
    pub seal: Option<&'a Seal>,
}

impl Message<'_> {
    /// A part of it as it is kept: sealed text, or base64 of what is no text.
    fn kept(&self, id: WebhookId, part: &[u8]) -> Result<Vec<u8>> {
        let Some(seal) = self.seal else { return Ok(part.to_vec()) };
        let text = str::from_utf8(part).map_or_else(|_| STANDARD.encode(part), str::to_owned);
        seal.seal(&text, &format!("webhooks.raw:{id}"))
    }

    /// What tells it from others. Who holds no key learns from that of a sealed message as little as from the message.
    fn digest(&self) -> Vec<u8> {
        let digest = Sha256::digest(self.raw);
        self.seal.map_or_else(|| digest.to_vec(), |seal| seal.digest(&hex::encode(digest), "webhooks.digest").to_vec())
    }
}

/// Keeps a message its sender signed, as it came, and commits that before anybody judges it.
pub async fn keep(app: &App, message: &Message<'_>) -> Result<WebhookId> {
    let now = app.clock.now();
    app.db.act(async |conn| store::insert(conn, message, now).await).await
}

/// Keeps the beginning of a message that is not believed, with why; beyond a number in an hour nothing is kept.
pub async fn keep_unbelieved(app: &App, message: &Message<'_>, why: Heard) -> Result<()> {
    let now = app.clock.now();
    tracing::warn!(source = ?message.source, ?why, "a provider's message is not believed");
    app.db.act(async |conn| store::insert_unbelieved(conn, message, why, now).await).await
}

/// Whether what its sender dates so is neither too old nor as far ahead, by that row of the deadlines.
pub async fn is_fresh(conn: &mut PgConnection, row: &str, at: DateTime<Utc>, now: DateTime<Utc>) -> Result<bool> {
    let until = calendar::due(conn, row, now).await?;
    Ok((now - at).abs() < until - now)
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Heard {
    /// What it says has happened here.
    Applied,
    /// It was known.
    Duplicate,
    /// Money came that waits for a person: it does not fit.
    Held,
    /// Money that was tried to be paid will not come.
    Failed,
    /// It says that nothing is decided.
    Pending,
    /// Whoever is said to have sent it did not sign it.
    Forged,
    /// It cannot be read.
    Malformed,
    /// It is too old, or from the future; the provider is asked instead, where it can be.
    Stale,
    /// It is about nothing that is known here.
    Unknown,
}
