//! What the shop does: answer, say what came back, contest it, follow the desk.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Answer, Next, Return, ReturnLine, ReturnStatus, Side, Step};
use super::settling::{self, settle_and_tell};
use super::store::{self, Reached};
use crate::kernel::{AccountId, OrderLineId};
use crate::people::notify::Message;
use crate::platform::error::{Error, Result};
use crate::platform::extract::INVALID;

/// What the shop does with a return.
#[derive(Debug, Clone, Copy)]
pub enum Act<'a> {
    /// Answer it.
    Answer(Reply<'a>),
    /// Confirm that the goods are back; of each line whether it is for sale again.
    Receive(&'a BTreeMap<OrderLineId, bool>),
    /// Contest what came back, in this member's words.
    Object(AccountId, &'a str),
    /// Follow what the desk recommends.
    Follow,
}

/// Does it, with what follows from it. The same again changes nothing.
pub async fn act(
    conn: &mut PgConnection,
    reached: Reached,
    act: Act<'_>,
    now: DateTime<Utc>,
) -> Result<(Return, Vec<Message>)> {
    match act {
        Act::Answer(reply) => answer(conn, reached, &reply, now).await,
        Act::Receive(restocked) => receive(conn, reached, restocked, now).await,
        Act::Object(by, words) => object(conn, reached, (by, words), now).await,
        Act::Follow => follow(conn, reached, now).await,
    }
}

/// What a shop answers.
#[derive(Debug, Clone, Copy)]
pub struct Reply<'a> {
    pub answer: Answer,
    /// Whether it refunds only once the goods are back.
    pub goods_back: bool,
    /// Of an offer: how many units of each line.
    pub offered: Option<&'a BTreeMap<OrderLineId, i32>>,
    pub words: Option<&'a str>,
    pub by: AccountId,
}

/// Writes down what the shop answers, with what follows from it. The same answer again changes nothing.
async fn answer(
    conn: &mut PgConnection,
    reached: Reached,
    reply: &Reply<'_>,
    now: DateTime<Utc>,
) -> Result<(Return, Vec<Message>)> {
    let before = settling::lock_with_money(conn, reached).await?;
    let lines = store::lines(conn, reached).await?;
    let granted = granted_by(reply, &lines)?;
    if before.answer == Some(reply.answer)
        && before.answer_words.as_deref() == reply.words
        && is_granted(&lines, &granted)
    {
        return Ok((before, Vec::new()));
    }
    let next = before.after(Step::Answer { answer: reply.answer, goods_back: reply.goods_back })?;
    store::set_answer(conn, reached, (reply.answer, reply.words), reply.by, now).await?;
    if reply.answer != Answer::Refuse {
        store::set_granted(conn, reached, &granted).await?;
        store::set_goods_back(conn, reached, reply.goods_back && before.reason.can_come_back()).await?;
    }
    if next == Next::Stand(ReturnStatus::Disputed) {
        settling::dispute(conn, reached, (Side::Seller, reply.by, reply.words), now).await?;
    }
    settle_and_tell(conn, reached, next, now).await
}

/// The units of every line that the answer grants; of a refusal none.
fn granted_by(reply: &Reply<'_>, lines: &[ReturnLine]) -> Result<BTreeMap<OrderLineId, i32>> {
    match (reply.answer, reply.offered) {
        (Answer::Accept, _) => Ok(lines.iter().map(|line| (line.line, line.asked)).collect()),
        (Answer::Offer, Some(offered)) => part_of(offered, lines, true),
        (Answer::Offer, None) => {
            Err(Error::from(&INVALID).at("lines", "phải nêu phần đề nghị hoàn / must say what is offered"))
        }
        (Answer::Refuse, _) => Ok(BTreeMap::new()),
    }
}

/// The units of every line, none where nothing is said; more than were asked for, nothing at all, or (if it is to be less
/// than was asked for) everything is refused at `lines`.
pub fn part_of(
    units: &BTreeMap<OrderLineId, i32>,
    lines: &[ReturnLine],
    only_less: bool,
) -> Result<BTreeMap<OrderLineId, i32>> {
    let wrong = |why: &str| Err(Error::from(&INVALID).at("lines", why));
    let asked: BTreeMap<OrderLineId, i32> = lines.iter().map(|line| (line.line, line.asked)).collect();
    if units.iter().any(|(line, units)| asked.get(line).is_none_or(|asked| asked < units)) {
        return wrong(
            "phải là các dòng của yêu cầu, không quá số lượng muốn trả / must be lines of the return, and not more than was asked for",
        );
    }
    let part: BTreeMap<OrderLineId, i32> =
        asked.keys().map(|line| (*line, units.get(line).copied().unwrap_or(0))).collect();
    if part.values().all(|units| *units == 0) {
        return wrong("phải có ít nhất một đơn vị / must be at least one unit");
    }
    if only_less && part == asked {
        return wrong(
            "phải ít hơn số được yêu cầu; nếu đồng ý tất cả, xin trả lời accept / must be less than was asked for; to grant everything, answer accept",
        );
    }
    Ok(part)
}

fn is_granted(lines: &[ReturnLine], granted: &BTreeMap<OrderLineId, i32>) -> bool {
    lines.iter().all(|line| line.granted == granted.get(&line.line).copied())
}

/// The goods are back: they are refunded, and what is whole is for sale again. Asked again, it changes nothing.
async fn receive(
    conn: &mut PgConnection,
    reached: Reached,
    restocked: &BTreeMap<OrderLineId, bool>,
    now: DateTime<Utc>,
) -> Result<(Return, Vec<Message>)> {
    let before = settling::lock_with_money(conn, reached).await?;
    if before.received_at.is_some() {
        return Ok((before, Vec::new()));
    }
    let next = before.after(Step::Receive)?;
    let lines = store::lines(conn, reached).await?;
    if restocked.keys().any(|named| lines.iter().all(|line| line.line != *named)) {
        return Err(Error::from(&INVALID).at("lines", "phải là các dòng của yêu cầu / must be lines of the return"));
    }
    let whole = lines.iter().map(|line| (line.line, restocked.get(&line.line).copied().unwrap_or(false))).collect();
    store::set_restocked(conn, reached, &whole).await?;
    store::set_received(conn, reached, now).await?;
    settle_and_tell(conn, reached, next, now).await
}

/// Contests what came back, or that it came: the desk decides.
async fn object(
    conn: &mut PgConnection,
    reached: Reached,
    (by, words): (AccountId, &str),
    now: DateTime<Utc>,
) -> Result<(Return, Vec<Message>)> {
    let before = store::lock(conn, reached).await?;
    if before.status == ReturnStatus::Disputed && before.disputed_by == Some(Side::Seller) {
        return Ok((before, Vec::new()));
    }
    let next = before.after(Step::Object)?;
    settling::dispute(conn, reached, (Side::Seller, by, Some(words)), now).await?;
    settle_and_tell(conn, reached, next, now).await
}

/// Follows what the desk recommends; late is better than never. Asked again, it changes nothing.
async fn follow(conn: &mut PgConnection, reached: Reached, now: DateTime<Utc>) -> Result<(Return, Vec<Message>)> {
    let before = settling::lock_with_money(conn, reached).await?;
    let followed = before.result.is_some()
        && matches!(before.status, ReturnStatus::AwaitingGoods | ReturnStatus::GoodsSent | ReturnStatus::Refunded);
    if followed {
        return Ok((before, Vec::new()));
    }
    let next = before.after(Step::Follow { goods_back: before.goods_back.unwrap_or(false) })?;
    settle_and_tell(conn, reached, next, now).await
}
