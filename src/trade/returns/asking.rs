//! What the buyer does: ask, take an offer, send back, turn to the desk, give up.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{
    Answer, Deadlines, NOT_RETURNABLE, Next, Policy, RETURN_MOVED_ON, Reason, Return, ReturnStatus, Side, Step,
    require_returnable,
};
use super::settling::{self, settle_and_tell};
use super::store::{self, NewReturn, Reached, Sending};
use crate::calendar;
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, MediaId, OrderId, OrderLineId, ReturnId};
use crate::market::cases::{self, CaseKind};
use crate::market::media::evidence;
use crate::people::notify::Message;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::trade::orders;

/// So often something of one order was asked back that a person should look at it: a complaint is the way.
pub const TOO_MANY_RETURNS: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "too-many-returns",
    vi: "Đơn hàng này đã có quá nhiều yêu cầu trả hàng, xin gửi khiếu nại",
    en: "There were too many returns of this order; please complain instead",
};

/// Returns of one order, whatever became of them.
const MOST_RETURNS: i64 = 10;

/// What a buyer wants to give back.
#[derive(Debug)]
pub struct Wish<'a> {
    pub id: ReturnId,
    pub order: OrderId,
    pub reason: Reason,
    pub words: &'a str,
    /// Units of each line.
    pub asked: &'a BTreeMap<OrderLineId, i32>,
    pub photos: &'a [MediaId],
}

/// Writes the wish down and asks the shop for its answer.
pub async fn request(
    conn: &mut PgConnection,
    account: AccountId,
    wish: &Wish<'_>,
    now: DateTime<Utc>,
) -> Result<(Return, Vec<Message>)> {
    let order = orders::lock_returnable(conn, account, wish.order).await?.or_refuse(&NOT_FOUND)?;
    let Some(delivered_at) = order.delivered_at.filter(|_| order.status.is_delivered()) else {
        return Err(NOT_RETURNABLE.because("đơn hàng chưa được giao / the order has not been delivered"));
    };
    if store::count_of_order(conn, wish.order).await? >= MOST_RETURNS {
        return Err(Error::from(&TOO_MANY_RETURNS));
    }
    let shop = store::policy_at(conn, order.seller, order.placed_at).await?;
    let policy = Policy { changed_mind_days: shop.map_or(0, |shop| shop.changed_mind_days) };
    let request_until = calendar::due(conn, "return.request", delivered_at).await?;
    let lines = store::wanted(conn, wish.order, day_of(now)).await?;
    require_returnable((wish.reason, wish.asked), &lines, policy, &Deadlines { delivered_at, request_until }, now)?;
    let (id, seller) = (wish.id, order.seller);
    let new = NewReturn { id, order: wish.order, seller, account, reason: wish.reason, words: wish.words };
    store::insert(conn, &new, now).await?;
    store::insert_lines(conn, id, wish.asked).await?;
    evidence::attach(conn, account, id.as_uuid(), wish.photos).await?;
    let reached = store::of_account(conn, account, id).await?;
    settle_and_tell(conn, reached, Next::Stand(ReturnStatus::Requested), now).await
}

/// What the buyer does with a return.
#[derive(Debug, Clone, Copy)]
pub enum Act<'a> {
    /// Take what the shop offers.
    TakeOffer,
    /// Send the goods back.
    SendBack(Sending<'a>),
    /// Turn to the desk, with these words.
    Escalate(&'a str),
    /// Give up.
    Withdraw,
}

/// Does it, with what follows from it. The same again changes nothing.
pub async fn act(
    conn: &mut PgConnection,
    reached: Reached,
    act: Act<'_>,
    now: DateTime<Utc>,
) -> Result<(Return, Vec<Message>)> {
    match act {
        Act::TakeOffer => take_offer(conn, reached, now).await,
        Act::SendBack(sending) => send_back(conn, reached, sending, now).await,
        Act::Escalate(words) => escalate(conn, reached, words, now).await,
        Act::Withdraw => withdraw(conn, reached, now).await,
    }
}

/// Takes what the shop offers instead of everything asked for.
async fn take_offer(conn: &mut PgConnection, reached: Reached, now: DateTime<Utc>) -> Result<(Return, Vec<Message>)> {
    let before = settling::lock_with_money(conn, reached).await?;
    let taken = before.answer == Some(Answer::Offer)
        && before.disputed_at.is_none()
        && matches!(before.status, ReturnStatus::AwaitingGoods | ReturnStatus::GoodsSent | ReturnStatus::Refunded);
    if taken {
        return Ok((before, Vec::new()));
    }
    let next = before.after(Step::TakeOffer { goods_back: before.goods_back.unwrap_or(true) })?;
    settle_and_tell(conn, reached, next, now).await
}

/// Writes down how the goods go back. The same parcel again changes nothing.
async fn send_back(
    conn: &mut PgConnection,
    reached: Reached,
    sending: Sending<'_>,
    now: DateTime<Utc>,
) -> Result<(Return, Vec<Message>)> {
    let before = store::lock(conn, reached).await?;
    if before.carrier.as_deref() == Some(sending.carrier)
        && before.tracking_code.as_deref() == Some(sending.tracking_code)
    {
        return Ok((before, Vec::new()));
    }
    let next = before.after(Step::SendBack)?;
    store::set_sent(conn, reached, sending, now).await?;
    settle_and_tell(conn, reached, next, now).await
}

/// Puts what the shop refused, or offers too little of, before the desk.
async fn escalate(
    conn: &mut PgConnection,
    reached: Reached,
    words: &str,
    now: DateTime<Utc>,
) -> Result<(Return, Vec<Message>)> {
    let before = store::lock(conn, reached).await?;
    if before.status == ReturnStatus::Disputed && before.disputed_by == Some(Side::Buyer) {
        return Ok((before, Vec::new()));
    }
    let next = before.after(Step::Escalate)?;
    settling::dispute(conn, reached, (Side::Buyer, before.account, Some(words)), now).await?;
    settle_and_tell(conn, reached, next, now).await
}

/// Gives up, unless the goods are on their way. What lies on the desk is taken from there first, as a verdict takes its
/// locks: the case, then the return.
async fn withdraw(conn: &mut PgConnection, reached: Reached, now: DateTime<Utc>) -> Result<(Return, Vec<Message>)> {
    let on_desk = store::find(conn, reached).await?.status == ReturnStatus::Disputed;
    if on_desk {
        cases::withdraw(conn, CaseKind::RefundDispute, reached.id().as_uuid()).await?;
    }
    let before = store::lock(conn, reached).await?;
    if before.status == ReturnStatus::Withdrawn {
        return Ok((before, Vec::new()));
    }
    let next = before.after(Step::Withdraw)?;
    if before.status == ReturnStatus::Disputed && !on_desk {
        return Err(RETURN_MOVED_ON
            .because("vừa được chuyển đến cán bộ, xin thử lại / it went to the desk a moment ago; please ask again"));
    }
    settle_and_tell(conn, reached, next, now).await
}
