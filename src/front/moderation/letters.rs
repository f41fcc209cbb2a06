//! What the shop's members are told when a case has its verdict; the inbox has it in full.

use sqlx::PgConnection;

use crate::market::cases::{Case, Decision, Verdict};
use crate::people::notify::{self, Message};
use crate::people::{access, identity};
use crate::platform::error::Result;

/// Writes to every confirmed contact of every member.
pub async fn tell(conn: &mut PgConnection, case: &Case, decision: &Decision) -> Result<Vec<Message>> {
    let mut written = Vec::new();
    for member in access::members_of(conn, case.seller_id).await? {
        for contact in identity::confirmed_contacts(conn, member).await? {
            let message = Message {
                channel: contact.channel(),
                recipient: contact.as_str().to_owned(),
                subject: "Kết quả duyệt hồ sơ / Your case was decided".to_owned(),
                body: body(&case.title, decision.verdict),
            };
            notify::send(conn, &message, decision.at).await?;
            written.push(message);
        }
    }
    Ok(written)
}

fn body(title: &str, verdict: Verdict) -> String {
    let (vi, en) = match verdict {
        Verdict::Approve => ("đã được duyệt", "was approved"),
        Verdict::RequestChanges => ("cần được bổ sung", "needs changes"),
        Verdict::Reject => ("không được duyệt", "was not approved"),
    };
    format!(
        "Hồ sơ “{title}” {vi}. Xin xem chi tiết trong hộp thư của cửa hàng. / \
         “{title}” {en}. Please see your shop's inbox for details."
    )
}
