//! GHN's status messages: kept as they came, believed only if signed and fresh, applied once.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::jobs::AskAboutParcel;
use super::{News, ParcelStatus, store};
use crate::adapters::ghn::StatusMessage;
use crate::app::App;
use crate::kernel::WebhookId;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::extract::parse_json;
use crate::platform::jobs::Job as _;
use crate::trade::webhooks::{self, Heard, Message, Source};

/// The message is not signed with the secret the carrier has.
pub const NOT_THE_CARRIER: Problem = Problem {
    status: StatusCode::UNAUTHORIZED,
    code: "not-the-carrier",
    vi: "Chữ ký của đơn vị vận chuyển không đúng",
    en: "The carrier's signature is wrong",
};

/// Somebody may have kept it to send it again; GHN is asked where the parcel is.
pub const CARRIER_MESSAGE_STALE: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    code: "carrier-message-stale",
    vi: "Thông báo của đơn vị vận chuyển đã quá cũ",
    en: "The carrier's message is too old",
};

/// How far from now, in either direction, GHN's own time of a message may lie: GHN repeats for hours what was not heard.
const STALE_AFTER: &str = "webhook.carrier_stale";

/// Hears a message. Its bytes are committed first, whatever becomes of it.
///
/// # Errors
/// [`NOT_THE_CARRIER`], [`CARRIER_MESSAGE_STALE`], or `INVALID` where it cannot be read.
pub async fn hear(app: &App, raw: &[u8], is_genuine: bool) -> Result<()> {
    let now = app.clock.now();
    let message = Message { source: Source::Ghn, raw, seal: None };
    if !is_genuine {
        webhooks::keep_unbelieved(app, &message, Heard::Forged).await?;
        return Err(Error::from(&NOT_THE_CARRIER));
    }
    let id = webhooks::keep(app, &message).await?;
    match parse_json(raw) {
        Ok(message) => match app.db.act(async |conn| judge(conn, id, &message, now).await).await? {
            Heard::Stale => Err(Error::from(&CARRIER_MESSAGE_STALE)),
            _ => Ok(()),
        },
        Err(why) => {
            app.db.act(async |conn| webhooks::note(conn, id, Heard::Malformed).await).await?;
            Err(why)
        }
    }
}

/// Applies a genuine message unless it was applied before, and notes what became of it.
async fn judge(conn: &mut PgConnection, id: WebhookId, message: &StatusMessage, now: DateTime<Utc>) -> Result<Heard> {
    let before = webhooks::lock(conn, id).await?;
    if before == Some(Heard::Applied) {
        return Ok(Heard::Duplicate);
    }
    let known = store::find_by_ghn_code(conn, &message.order_code, &message.client_order_code).await?;
    let heard = match known {
        None => Heard::Unknown,
        Some(parcel) => {
            store::set_code(conn, parcel, &message.order_code).await?;
            if webhooks::is_fresh(conn, STALE_AFTER, message.time, now).await? {
                super::hear(conn, parcel, &news(message, id), now).await?;
                Heard::Applied
            } else {
                // However often it is repeated, GHN is asked once.
                if before != Some(Heard::Stale) {
                    AskAboutParcel { parcel }.enqueue(conn, now).await?;
                }
                Heard::Stale
            }
        }
    };
    webhooks::note(conn, id, heard).await?;
    Ok(heard)
}

fn news(message: &StatusMessage, id: WebhookId) -> News<'_> {
    News {
        said: &message.status,
        status: ParcelStatus::of_ghn(&message.status),
        note: message.reason.as_deref().filter(|reason| !reason.is_empty()),
        at: message.time,
        message: Some(id),
    }
}
