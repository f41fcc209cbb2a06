//! What the two sides of a return are told. The shop learns of the buyer the display name.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Return, ReturnStatus, Side};
use crate::kernel::Lang;
use crate::kernel::clock::VIET_NAM;
use crate::market::cases;
use crate::people::access;
use crate::people::notify::Message;
use crate::platform::error::Result;

/// Whom a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    Buyer,
    Shop,
    Both,
}

/// Tells whom it concerns where the return stands now, and what is theirs to do until when.
pub async fn tell(conn: &mut PgConnection, of: &Return, now: DateTime<Utc>) -> Result<Vec<Message>> {
    let (to, vi, en) = news(of);
    let subject = "Yêu cầu trả hàng / A return";
    let number = &of.order_number;
    let body = format!("Đơn hàng {number}: {vi} / Order {number}: {en}");
    let mut letters = Vec::new();
    if to != To::Shop {
        letters.extend(access::write(conn, &[of.account], subject, &body, now).await?);
    }
    if to != To::Buyer {
        letters.extend(access::write_to_members(conn, of.seller, subject, &body, now).await?);
    }
    Ok(letters)
}

/// For whom, in Vietnamese, in English.
fn news(of: &Return) -> (To, String, String) {
    let until = of.due_at.map(in_viet_nam).unwrap_or_default();
    let ((why_vi, why_en), name, shop) = (of.reason.words(), &of.buyer_name, &of.seller_name);
    let said = of.answer_words.as_deref().unwrap_or("—");
    match of.status {
        ReturnStatus::Requested => (
            To::Shop,
            format!(
                "{name} muốn trả hàng ({why_vi}). Xin trả lời trước {until}; quá hạn, việc được chuyển đến Sở Công Thương."
            ),
            format!(
                "{name} wants to give goods back ({why_en}). Please answer before {until}; after that the matter goes to the province's department."
            ),
        ),
        ReturnStatus::Offered => (
            To::Buyer,
            format!(
                "{shop} đề nghị hoàn một phần: {said}. Xin nhận đề nghị, hoặc chuyển đến Sở Công Thương, trước {until}."
            ),
            format!(
                "{shop} offers to refund a part: {said}. Please take it, or turn to the department, before {until}."
            ),
        ),
        ReturnStatus::Refused => (
            To::Buyer,
            format!("{shop} không nhận trả hàng: {said}. Bạn có thể chuyển đến Sở Công Thương trước {until}."),
            format!("{shop} does not take the goods back: {said}. You may turn to the department before {until}."),
        ),
        ReturnStatus::AwaitingGoods => (
            To::Both,
            format!("người mua gửi trả hàng và báo mã vận đơn trước {until}."),
            format!("the buyer is to send the goods back, and to state the tracking code, before {until}."),
        ),
        ReturnStatus::GoodsSent => sent(of, &until),
        ReturnStatus::Disputed => disputed(of),
        ReturnStatus::Recommended | ReturnStatus::Unheeded | ReturnStatus::NotUpheld => result(of, &until),
        ReturnStatus::Refunded => refunded(of),
        ReturnStatus::Withdrawn => {
            (To::Shop, format!("{name} đã rút yêu cầu trả hàng."), format!("{name} withdrew the return."))
        }
        ReturnStatus::Lapsed => (
            To::Both,
            "yêu cầu trả hàng đã hết hạn vì người mua không thực hiện bước tiếp theo.".to_owned(),
            "the return lapsed: the buyer did not go on with it in time.".to_owned(),
        ),
    }
}

fn sent(of: &Return, until: &str) -> (To, String, String) {
    let parcel =
        format!("{} {}", of.carrier.as_deref().unwrap_or_default(), of.tracking_code.as_deref().unwrap_or_default());
    let postage = of.postage.filter(|_| of.reason.is_fault());
    let (vi, en) = postage.map_or_else(Default::default, |paid| {
        (
            format!(" Phí gửi trả {paid} do cửa hàng chịu, xin hoàn trực tiếp cho người mua."),
            format!(" Sending it cost {paid}, which is the shop's to bear; please repay it to the buyer directly."),
        )
    });
    (
        To::Shop,
        format!("hàng trả đã gửi ({parcel}). Xin xác nhận đã nhận, hoặc nêu ý kiến, trước {until}.{vi}"),
        format!(
            "the goods were sent back ({parcel}). Please confirm that they arrived, or object, before {until}.{en}"
        ),
    )
}

fn disputed(of: &Return) -> (To, String, String) {
    let words = of.dispute_words.as_deref().unwrap_or("—");
    let (vi, en) = match of.disputed_by {
        Some(Side::Buyer) => ("người mua đề nghị", "the buyer asked for it"),
        Some(Side::Seller) => ("cửa hàng không đồng ý", "the shop contests it"),
        Some(Side::System) | None => ("cửa hàng không trả lời đúng hạn", "the shop did not answer in time"),
    };
    (
        To::Both,
        format!("việc trả hàng được chuyển đến Sở Công Thương của tỉnh ({vi}): {words}"),
        format!("the return went to the province's department of industry and trade ({en}): {words}"),
    )
}

fn result(of: &Return, until: &str) -> (To, String, String) {
    let result = of.result.as_deref().unwrap_or_default();
    let (vi, en) = match of.status {
        ReturnStatus::NotUpheld => {
            ("yêu cầu hoàn tiền không được chấp nhận".to_owned(), "the refund was not upheld".to_owned())
        }
        ReturnStatus::Unheeded => (
            "cửa hàng chưa thực hiện kiến nghị hoàn tiền đúng hạn; người mua có thể khiếu nại".to_owned(),
            "the shop has not followed the recommended refund in time; the buyer may complain".to_owned(),
        ),
        _ => (
            format!("cán bộ kiến nghị cửa hàng hoàn tiền; cửa hàng xác nhận trước {until}"),
            format!("the officer recommends that the shop refunds; the shop is to confirm before {until}"),
        ),
    };
    let (recourse_vi, recourse_en) = (cases::recourse(Lang::Vi), cases::recourse(Lang::En));
    (
        To::Both,
        format!("{vi}. Kết quả của cán bộ: {result} {recourse_vi}"),
        format!("{en}. The officer's result: {result} {recourse_en}"),
    )
}

fn refunded(of: &Return) -> (To, String, String) {
    let amount = of.refunded.unwrap_or_default();
    let (vi, en) = match &of.result {
        Some(result) => (format!(" Kết quả của cán bộ: {result}"), format!(" The officer's result: {result}")),
        None => Default::default(),
    };
    (
        To::Both,
        format!("yêu cầu trả hàng được chấp nhận, {amount} được hoàn cho người mua.{vi}"),
        format!("the return was granted, {amount} goes back to the buyer.{en}"),
    )
}

/// A clock on the wall in Viet Nam: `17:00 24/11/2026`.
fn in_viet_nam(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&VIET_NAM).format("%H:%M %d/%m/%Y").to_string()
}
