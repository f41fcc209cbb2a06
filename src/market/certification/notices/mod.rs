//! Reminders to shops whose certificates expire: which and when are rows; each is sent once per certificate.

pub mod jobs;
mod store;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::DecisionNumber;
use crate::kernel::clock::day_of;
use crate::kernel::{CertificateId, SellerId};
use crate::people::access;
use crate::platform::error::Result;

/// A reminder that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentNotice {
    /// Days before the last day of validity it is meant for; -1 is the day after it.
    #[schema(example = 60)]
    pub days_before: i16,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
}

/// The reminders sent about the certificate, the latest first.
pub(super) async fn of(conn: &mut PgConnection, certificate: CertificateId) -> Result<Vec<SentNotice>> {
    store::list(conn, certificate).await
}

/// A reminder to be sent.
struct DueNotice {
    certificate: CertificateId,
    seller: SellerId,
    product_name: String,
    decision_number: DecisionNumber,
    expires_on: NaiveDate,
    days_before: i16,
    text_vi: String,
    text_en: String,
}

impl DueNotice {
    fn body(&self, today: NaiveDate) -> String {
        let days = (self.expires_on - today).num_days().to_string();
        let filled = |text: &str| {
            let day = self.expires_on.format("%d/%m/%Y").to_string();
            let named = text.replace("{decision}", self.decision_number.as_str()).replace("{last_day}", &day);
            // The shop's own words last: they may hold braces.
            named.replace("{days}", &days).replace("{product}", &self.product_name)
        };
        format!("{} / {}", filled(&self.text_vi), filled(&self.text_en))
    }
}

/// Sends the reminders due on the day, at most so many; answers how many there were.
///
/// Of several that are due for a certificate, because nobody ran the job for a while, only the one nearest to expiry is
/// sent.
async fn send_due(conn: &mut PgConnection, now: DateTime<Utc>, limit: i64) -> Result<usize> {
    const SUBJECT: &str = "Giấy chứng nhận OCOP sắp hết hạn / Your OCOP certificate expires";
    let today = day_of(now);
    let due = store::due(conn, today, limit).await?;
    for notice in &due {
        if store::insert(conn, notice.certificate, notice.days_before, now).await? {
            access::write_to_members(conn, notice.seller, SUBJECT, &notice.body(today), now).await?;
        }
    }
    Ok(due.len())
}
