//! What shops are told about their money.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Payout, PayoutStatus};
use crate::kernel::SellerId;
use crate::people::access;
use crate::people::notify::Message;
use crate::platform::error::Result;

/// Asks a shop where its money shall go.
pub async fn tell_no_account(conn: &mut PgConnection, seller: SellerId, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let body = "Có tiền bán hàng chờ chi cho cửa hàng, nhưng cửa hàng chưa khai tài khoản ngân hàng. Xin khai tài \
                khoản trong mục tài khoản nhận tiền. / Money of your sales waits to be paid out, but the shop has not \
                named a bank account. Please name one among the shop's accounts.";
    access::write_to_members(conn, seller, "Chưa có tài khoản nhận tiền / No account to pay to", body, now).await
}

/// Tells a shop that its money has been sent, or that it came back.
pub async fn tell_settled(
    conn: &mut PgConnection,
    payout: &Payout,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let amount = payout.amount_vnd;
    if payout.status == PayoutStatus::Succeeded {
        let body = format!(
            "{amount} tiền bán hàng đã được chuyển vào tài khoản của cửa hàng. / {amount} of your sales have been sent \
             to the shop's account."
        );
        return access::write_to_members(conn, payout.seller, "Đã chi tiền bán hàng / Paid out", &body, now).await;
    }
    let reason = reason.unwrap_or_default();
    let body = format!(
        "Khoản chi {amount} không đến được tài khoản của cửa hàng: {reason}. Xin kiểm tra tài khoản nhận tiền; tiền vẫn \
         của cửa hàng và sẽ được chi lại. / A payout of {amount} did not reach the shop's account: {reason}. Please \
         check the account; the money is still the shop's and will be sent again."
    );
    access::write_to_members(conn, payout.seller, "Khoản chi bị trả về / A payout came back", &body, now).await
}
