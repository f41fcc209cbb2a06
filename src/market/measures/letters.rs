//! What the members of a shop are told of a measure; the inbox has the reasons in full.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{AuthorityOrder, Suspension};
use crate::kernel::SellerId;
use crate::kernel::clock::VIET_NAM;
use crate::people::access;
use crate::people::notify::Message;
use crate::platform::error::Result;

/// A listing is hidden by an officer.
pub async fn withdrawn(
    conn: &mut PgConnection,
    seller: SellerId,
    title: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let body = format!(
        "Sản phẩm “{title}” đã bị gỡ. Lý do và cách khiếu nại có trong hộp thư của cửa hàng; cửa hàng có thể sửa nội \
         dung và gửi duyệt lại. / “{title}” was withdrawn. The reasons and how to appeal are in your shop's inbox; you \
         can change it and hand it in again."
    );
    access::write_to_members(conn, seller, "Sản phẩm bị gỡ / Listing withdrawn", &body, now).await
}

/// A withdrawn listing is back.
pub async fn withdrawal_lifted(
    conn: &mut PgConnection,
    seller: SellerId,
    title: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let body = format!("Việc gỡ sản phẩm “{title}” đã được hủy bỏ. / The withdrawal of “{title}” was lifted.");
    access::write_to_members(conn, seller, "Sản phẩm được khôi phục / Listing restored", &body, now).await
}

/// A listing is hidden for an authority, who alone can be asked about it.
pub async fn taken_down(
    conn: &mut PgConnection,
    order: &AuthorityOrder,
    title: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let (authority, number) = (&order.authority, &order.document_number);
    let body = format!(
        "Sản phẩm “{title}” đã bị gỡ theo văn bản {number} của {authority}. Mọi ý kiến xin gửi cơ quan này. / “{title}” \
         was taken down by order {number} of {authority}. Please turn to this authority."
    );
    access::write_to_members(conn, order.seller_id, "Gỡ theo yêu cầu / Taken down by order", &body, now).await
}

/// An authority's order holds a listing no longer.
pub async fn takedown_lifted(
    conn: &mut PgConnection,
    order: &AuthorityOrder,
    title: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let number = &order.document_number;
    let body = format!(
        "Yêu cầu gỡ sản phẩm “{title}” theo văn bản {number} đã được chấm dứt. / The order {number} to take “{title}” \
         down was lifted."
    );
    access::write_to_members(conn, order.seller_id, "Chấm dứt yêu cầu gỡ / Order lifted", &body, now).await
}

/// The shop is closed for the time being, or will be.
pub async fn suspended(
    conn: &mut PgConnection,
    suspension: &Suspension,
    shop: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let since = suspension.effective_at.with_timezone(&VIET_NAM).format("%H:%M %d/%m/%Y");
    let body = format!(
        "Cửa hàng “{shop}” bị tạm ngừng từ {since}. Lý do có trong hộp thư của cửa hàng; các đơn đang thực hiện vẫn được \
         hoàn tất. / The shop “{shop}” is suspended from {since} (Viet Nam time, day/month/year). The reasons are in \
         your shop's inbox; running orders can be finished."
    );
    access::write_to_members(conn, suspension.seller_id, "Tạm ngừng cửa hàng / Shop suspended", &body, now).await
}

/// The shop is open again, or will not be closed after all.
pub async fn reinstated(
    conn: &mut PgConnection,
    seller: SellerId,
    shop: &str,
    words: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let mut body =
        format!("Việc tạm ngừng cửa hàng “{shop}” đã chấm dứt. / The suspension of the shop “{shop}” has ended.");
    if let Some(words) = words {
        body.push_str("\n\n");
        body.push_str(words);
    }
    access::write_to_members(conn, seller, "Cửa hàng hoạt động trở lại / Shop reinstated", &body, now).await
}
