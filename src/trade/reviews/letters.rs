//! What the author of a reported review is told.

use sqlx::PgConnection;

use super::store;
use crate::kernel::ReviewId;
use crate::kernel::text::sentence;
use crate::market::cases::{Decision, Verdict};
use crate::people::access;
use crate::people::notify::Message;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};

/// Tells the author that the review was hidden, and why; one that stays needs no words.
pub async fn tell(conn: &mut PgConnection, id: ReviewId, decision: &Decision) -> Result<Vec<Message>> {
    if decision.verdict != Verdict::Approve {
        return Ok(Vec::new());
    }
    let review = store::lock(conn, id).await?.or_refuse(&NOT_FOUND)?;
    let why = sentence(decision.words.as_deref().unwrap_or_default());
    let body = format!(
        "Đánh giá {stars} sao của bạn đã bị ẩn sau khi bị báo cáo. Lý do của cán bộ: {why} Bạn xem lại đánh giá và lý \
         do trong mục đánh giá của tôi. / Your {stars}-star review was hidden after a report. The officer's reason: \
         {why} You find the review and the reason among your reviews.",
        stars = review.stars,
    );
    access::write(conn, &[review.author], "Đánh giá bị ẩn / Your review was hidden", &body, decision.at).await
}
