//! What shops and buyers are told about transfers. No letter names an account in full.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{AccountForm, BankAccount, Transfer};
use super::store::refunds::Task;
use crate::kernel::clock::VIET_NAM;
use crate::kernel::{SellerId, Vnd};
use crate::people::access;
use crate::people::notify::Message;
use crate::platform::error::Result;

/// Tells every member that buyers will pay to another account, while there is time to stop it.
pub async fn tell_account_set(
    conn: &mut PgConnection,
    (seller, shop): (SellerId, &str),
    form: &AccountForm,
    from: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let (last, holder, from) = (form.number.last(), &form.holder, in_viet_nam(from));
    let body = format!(
        "Tài khoản nhận tiền của {shop} là số •{last} của {holder}, từ {from}. Nếu không phải người của cửa hàng đặt, \
         xin đặt lại tài khoản cũ trước lúc đó và đổi mật khẩu. / From {from} on, buyers of {shop} pay to account \
         •{last} of {holder}. If nobody of the shop said so, set the former account again before that, and change the \
         password."
    );
    access::write_to_members(conn, seller, "Tài khoản nhận tiền / The account buyers pay to", &body, now).await
}

/// Tells every member that the account stays as it is.
pub async fn tell_change_withdrawn(
    conn: &mut PgConnection,
    (seller, shop): (SellerId, &str),
    account: &BankAccount,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let last = &account.number_last;
    let body = format!(
        "Việc đổi tài khoản nhận tiền của {shop} đã được hủy; người mua tiếp tục trả vào số •{last}. / The change of \
         {shop}'s account was taken back; buyers go on paying to •{last}."
    );
    access::write_to_members(conn, seller, "Tài khoản nhận tiền / The account buyers pay to", &body, now).await
}

/// Tells the shop to look whether the buyer's money is there.
pub async fn tell_claimed(
    conn: &mut PgConnection,
    transfer: &Transfer,
    pay_by: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let Transfer { number, amount, reference, .. } = transfer;
    let until = in_viet_nam(pay_by);
    let body = format!(
        "Người mua báo đã chuyển {amount} cho đơn {number}, nội dung {reference}. Xin kiểm tra tài khoản và xác nhận \
         trước {until}. / The buyer of order {number} says to have transferred {amount} as {reference}. Please look \
         into the account and confirm before {until}."
    );
    let subject = "Người mua báo đã chuyển khoản / A buyer says to have paid";
    access::write_to_members(conn, transfer.seller, subject, &body, now).await
}

/// Tells the shop of money that fits nothing by itself.
pub async fn tell_exception(
    conn: &mut PgConnection,
    seller: SellerId,
    (reference, amount): (&str, Vnd),
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let body = format!(
        "Khoản tiền {amount} (mã giao dịch {reference}) không khớp đơn hàng nào. Xin xử lý trong mục tiền chờ đối soát \
         của cửa hàng. / {amount} (transaction {reference}) fits no order by itself. Please say in your shop's review \
         list what becomes of it."
    );
    access::write_to_members(conn, seller, "Tiền chờ đối soát / Money to look at", &body, now).await
}

/// Tells the buyer that what came is not what was to be paid, and until when the order waits.
pub async fn tell_misfit(
    conn: &mut PgConnection,
    transfer: &Transfer,
    (came, pay_by): (Vnd, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let Transfer { number, amount, shop, .. } = transfer;
    let until = in_viet_nam(pay_by);
    let (then_vi, then_en) = if came < *amount {
        ("bạn có thể chuyển phần còn thiếu với cùng nội dung", "you can transfer what is missing with the same words")
    } else {
        ("không cần chuyển thêm", "you need not transfer anything more")
    };
    let body = format!(
        "{shop} nhận được {came} cho đơn {number}, khác với {amount} phải trả. Đơn được giữ đến {until} để gian hàng xem \
         xét; {then_vi}, hoặc liên hệ gian hàng. / {shop} received {came} for order {number}, which is not the {amount} \
         to be paid. The order is kept until {until} so that the shop can look; {then_en}, or turn to the shop."
    );
    access::write(conn, &[transfer.buyer], "Số tiền chuyển không khớp / An amount that does not fit", &body, now).await
}

/// Tells the buyer that the shop has the money.
pub async fn tell_received(conn: &mut PgConnection, transfer: &Transfer, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let Transfer { number, amount, shop, .. } = transfer;
    let body = format!("{shop} đã nhận {amount} của đơn {number}. / {shop} has received {amount} for order {number}.");
    access::write(conn, &[transfer.buyer], "Đã nhận tiền / Payment received", &body, now).await
}

/// Tells the buyer that the shop sent money back.
pub async fn tell_refunded(conn: &mut PgConnection, task: &Task, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let Task { number, amount_vnd: amount, shop, .. } = task;
    let body = format!(
        "{shop} báo đã chuyển trả {amount} của đơn {number}. Nếu chưa nhận được, bạn có thể khiếu nại trong mục đơn \
         hàng. / {shop} says to have sent {amount} of order {number} back. If it does not arrive, you can complain \
         about the order."
    );
    access::write(conn, &[task.buyer], "Hoàn tiền / Refund", &body, now).await
}

/// Reminds the shop of money it owes back, and tells the buyer whom to turn to.
pub async fn tell_refund_late(conn: &mut PgConnection, task: &Task, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let Task { number, amount_vnd: amount, shop, .. } = task;
    let subject = "Hoàn tiền quá hạn / A refund is late";
    let to_shop = format!(
        "Cửa hàng chưa hoàn {amount} của đơn {number}, thời hạn đã hết. Xin chuyển trả ngay và ghi lại mã giao dịch. / \
         {amount} of order {number} is not sent back yet, and the time is over. Please send it now and note the \
         transaction."
    );
    let to_buyer = format!(
        "{shop} chưa hoàn {amount} của đơn {number} trong thời hạn. Bạn có thể khiếu nại về đơn hàng (loại “Chưa được \
         hoàn tiền”). / {shop} has not sent {amount} of order {number} back in time. You can complain about the order \
         (kind “The refund has not come”)."
    );
    let mut letters = access::write_to_members(conn, task.seller_id, subject, &to_shop, now).await?;
    letters.extend(access::write(conn, &[task.buyer], subject, &to_buyer, now).await?);
    Ok(letters)
}

/// Tells the shop where the buyer wants the money back to.
pub async fn tell_refund_account(conn: &mut PgConnection, task: &Task, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let number = &task.number;
    let body = format!(
        "Người mua đơn {number} đã cho biết tài khoản nhận tiền hoàn; xin xem trong mục hoàn tiền. / The buyer of order \
         {number} said where the refund goes to; you find it among your refunds."
    );
    access::write_to_members(conn, task.seller_id, "Tài khoản hoàn tiền / Where a refund goes", &body, now).await
}

/// A clock on the wall in Viet Nam: `17:00 24/11/2026`.
fn in_viet_nam(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&VIET_NAM).format("%H:%M %d/%m/%Y").to_string()
}
