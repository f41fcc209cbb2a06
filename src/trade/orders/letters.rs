//! Words to the two sides of an order. A guest, who has no contact, finds the same in the order.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::invoices;
use super::model::{CancelReason, Deadline};
use super::store::{self, Cancelled, Parties, Reached};
use crate::app::App;
use crate::kernel::clock::VIET_NAM;
use crate::kernel::{AccountId, SellerId};
use crate::people::access;
use crate::people::notify::{self, Message};
use crate::platform::error::Result;

/// Shows what was written in the demonstration's log.
pub fn show(app: &App, letters: &[Message]) {
    for letter in letters {
        notify::show_in_demo(app.settings.demo, letter);
    }
}

/// Tells the shop's members of an order they may accept.
pub async fn tell_came(
    conn: &mut PgConnection,
    order: Reached,
    due: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let Parties { number, seller, .. } = store::parties(conn, order).await?;
    let due = due.with_timezone(&VIET_NAM).format("%H:%M %d/%m/%Y");
    let (invoice, invoice_en) = if invoices::wanted_since(conn, order).await?.is_some() {
        (" Người mua yêu cầu xuất hóa đơn.", " The buyer asks for an invoice.")
    } else {
        ("", "")
    };
    let body = format!(
        "Gian hàng có đơn mới {number}. Xin nhận đơn trước {due}.{invoice} / The shop has a new order, {number}. Please \
         accept it by {due}.{invoice_en}"
    );
    access::write_to_members(conn, seller, "Đơn hàng mới / A new order", &body, now).await
}

/// Reminds the shop's members of what they have to do.
pub async fn remind(
    conn: &mut PgConnection,
    order: Reached,
    (deadline, due): (Deadline, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let Parties { number, seller, .. } = store::parties(conn, order).await?;
    let (subject, body) = reminder(deadline, &number, due);
    access::write_to_members(conn, seller, subject, &body, now).await
}

fn reminder(deadline: Deadline, number: &str, due: DateTime<Utc>) -> (&'static str, String) {
    let due = due.with_timezone(&VIET_NAM).format("%H:%M %d/%m/%Y");
    match deadline {
        Deadline::Acceptance => (
            "Đơn hàng chờ xác nhận / An order waits for you",
            format!(
                "Đơn hàng {number} cần được nhận trước {due}, nếu không sẽ tự hủy. / Order {number} must be accepted by \
                 {due}, or it is cancelled."
            ),
        ),
        Deadline::Shipment => (
            "Đơn hàng chờ gửi / An order is to be shipped",
            format!(
                "Đơn hàng {number} cần được giao cho đơn vị vận chuyển trước {due}, nếu không sẽ tự hủy. / Order \
                 {number} must be with a carrier by {due}, or it is cancelled."
            ),
        ),
        Deadline::Receipt => (
            "Hàng bị từ chối đang quay về / A refused parcel is coming back",
            format!(
                "Xin xác nhận đã nhận lại hàng của đơn {number} trước {due}. Sau đó đơn được coi là đã hoàn về và tiền \
                 hàng đã trả trước được hoàn cho người mua. / Please say that the goods of order {number} are back by \
                 {due}. After that they count as if they were, and what was paid for them in advance goes back."
            ),
        ),
    }
}

/// Tells whoever did not cancel the order that it is: the buyer, and the shop if it ever saw it.
pub async fn tell_cancelled(conn: &mut PgConnection, order: Reached, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let Some(Cancelled { number, buyer, seller, reason, was_seen }) = store::cancelled(conn, order).await? else {
        return Ok(Vec::new());
    };
    let subject = "Đơn hàng bị hủy / Order cancelled";
    let (vi, en) = why(reason);
    let (money_vi, money_en) = match reason {
        // What comes by bank transfer now waits on the shop's review list.
        CancelReason::NotPaid => (
            "Tiền đến muộn không mất: được hoàn lại, hoặc chờ gian hàng xem xét",
            "Money that comes late is not lost: it goes back, or the shop looks at it",
        ),
        _ => ("Tiền đã trả được hoàn lại", "What was paid goes back"),
    };
    let body = format!(
        "Đơn hàng {number} bị hủy vì {vi}. Người mua không phải trả gì cho đơn này. {money_vi}. / Order {number} was \
         cancelled because {en}. Nothing is owed for it. {money_en}."
    );
    let mut letters = Vec::new();
    if reason != CancelReason::Buyer {
        letters.extend(access::write(conn, &[buyer], subject, &body, now).await?);
    }
    if reason != CancelReason::Seller && was_seen {
        letters.extend(access::write_to_members(conn, seller, subject, &body, now).await?);
    }
    Ok(letters)
}

const fn why(reason: CancelReason) -> (&'static str, &'static str) {
    match reason {
        CancelReason::Buyer => ("người mua không muốn mua nữa", "the buyer no longer wants it"),
        CancelReason::Seller => ("gian hàng không giao được", "the shop cannot deliver it"),
        CancelReason::NotPaid => ("không được thanh toán đúng hạn", "it was not paid in time"),
        CancelReason::NotAccepted => ("gian hàng không nhận đúng hạn", "the shop did not accept it in time"),
        CancelReason::NotShipped => {
            ("gian hàng không giao cho đơn vị vận chuyển đúng hạn", "the shop did not hand it to a carrier in time")
        }
        CancelReason::TakenDown => (
            "cơ quan có thẩm quyền yêu cầu gỡ một sản phẩm trong đơn",
            "an authority had one of its products taken down",
        ),
    }
}

/// Tells both sides that a refused order counts as back, because the shop did not say so in time.
pub async fn tell_counted_as_back(conn: &mut PgConnection, order: Reached, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let Parties { number, buyer, seller, .. } = store::parties(conn, order).await?;
    let subject = "Đơn hàng bị từ chối đã kết thúc / A refused order has ended";
    let body = format!(
        "Gian hàng chưa xác nhận nhận lại hàng của đơn {number} trong thời hạn, nên đơn được coi là đã hoàn về. Tiền hàng \
         đã trả trước được hoàn cho người mua. Khi hàng về, gian hàng xác nhận để hàng được bán lại. / The shop did not \
         say in time that the goods of order {number} are back, so they count as if they were. What was paid for them in \
         advance goes back. Once they arrive, the shop says so, and they are for sale again."
    );
    to_both(conn, (buyer, seller), subject, &body, now).await
}

/// Tells both sides that a parcel came back while the rest of its order has not.
pub async fn tell_part_is_back(conn: &mut PgConnection, order: Reached, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let Parties { number, buyer, seller, .. } = store::parties(conn, order).await?;
    let subject = "Một kiện hàng đã quay về gian hàng / A parcel came back to the shop";
    let body = format!(
        "Một kiện hàng của đơn {number} đã quay về gian hàng, phần còn lại thì chưa. Gian hàng gửi lại kiện này, hoặc \
         người mua yêu cầu hoàn tiền cho phần còn thiếu khi đơn đã giao. / A parcel of order {number} came back to the \
         shop, and the rest has not. The shop sends it again, or the buyer asks for the money of what is missing once the \
         order is delivered."
    );
    to_both(conn, (buyer, seller), subject, &body, now).await
}

/// Asks both sides where an order is that should have arrived.
pub async fn ask_arrival(conn: &mut PgConnection, order: Reached, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let Parties { number, buyer, seller, .. } = store::parties(conn, order).await?;
    let subject = "Đơn hàng đã đến chưa? / Has the order arrived?";
    let body = format!(
        "Đơn hàng {number} đã gửi đi nhiều ngày mà chưa ai báo đã giao. Người mua đã nhận hàng thì xin xác nhận, chưa nhận \
         thì có thể khiếu nại; gian hàng xin hỏi đơn vị vận chuyển và ghi lại kết quả. / Order {number} left many days \
         ago, and nobody has said that it arrived. If the buyer has it, please say so; if not, they may complain. The \
         shop should ask its carrier and record the answer."
    );
    to_both(conn, (buyer, seller), subject, &body, now).await
}

/// Tells both sides that the carrier lost a parcel, or broke it.
pub async fn tell_parcel_failed(
    conn: &mut PgConnection,
    order: Reached,
    is_lost: bool,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let Parties { number, buyer, seller, .. } = store::parties(conn, order).await?;
    let (vi, en) = if is_lost { ("làm mất", "lost") } else { ("làm hỏng", "broke") };
    let subject = "Kiện hàng gặp sự cố / A parcel met with an accident";
    let body = format!(
        "Đơn vị vận chuyển {vi} một kiện hàng của đơn {number}. Gian hàng sẽ gửi lại hoặc hoàn tiền, và đòi bồi thường \
         từ đơn vị vận chuyển; người mua không chịu thiệt hại. / The carrier {en} a parcel of order {number}. The shop \
         sends its goods again or gives the money back, and has a claim against the carrier; the buyer does not bear \
         the loss."
    );
    to_both(conn, (buyer, seller), subject, &body, now).await
}

async fn to_both(
    conn: &mut PgConnection,
    (buyer, seller): (AccountId, SellerId),
    subject: &str,
    body: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let mut letters = access::write(conn, &[buyer], subject, body, now).await?;
    letters.extend(access::write_to_members(conn, seller, subject, body, now).await?);
    Ok(letters)
}
