//! What becomes of money that fits no order by itself.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::model::{ExceptionKind, NOT_ENOUGH, Outcome, RESOLVED, Resolution, Source, Transfer, TransferException};
use super::paying;
use super::store::exceptions::{self as store, From, NewException, Resolved};
use super::store::transfers::{self, NewReceipt};
use super::{letters, suspense};
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, ExceptionId, MediaId, OrderId, SellerId, Vnd};
use crate::market::media::{self, Purpose};
use crate::people::notify::Message;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::INVALID;
use crate::trade::payments;

/// Other entries an assignment may take.
const MOST_TOGETHER: usize = 20;
/// How long ago money may have been sent back that is written down today.
const LONGEST_AGO: TimeDelta = TimeDelta::days(366);

/// Says what becomes of an entry of the shop's review list. The same said again changes nothing; something else is
/// refused with [`RESOLVED`].
pub async fn resolve(
    conn: &mut PgConnection,
    (seller, by): (SellerId, AccountId),
    id: ExceptionId,
    resolution: &Resolution,
    now: DateTime<Utc>,
) -> Result<(TransferException, Vec<Message>)> {
    let letters = match resolution {
        Resolution::Assigned { order_id, together_with } => {
            let mut ids = vec![id];
            ids.extend(together_with.iter().copied().filter(|other| *other != id));
            ids.sort_unstable();
            ids.dedup();
            if ids.len() > MOST_TOGETHER + 1 {
                let message = format!("không quá {MOST_TOGETHER} khoản / at most {MOST_TOGETHER} entries");
                return Err(Error::from(&INVALID).at("together_with", message));
            }
            assign(conn, (seller, by), &ids, *order_id, now).await?
        }
        Resolution::Returned { .. } | Resolution::Other { .. } => {
            close(conn, (seller, by), id, resolution, now).await?;
            Vec::new()
        }
    };
    let resolved = store::lock(conn, seller, &[id]).await?.pop().or_refuse(&NOT_FOUND)?;
    Ok((resolved, letters))
}

/// Pays an order that is due with the sum of these entries; what is left over waits as an entry of its own.
async fn assign(
    conn: &mut PgConnection,
    (seller, by): (SellerId, AccountId),
    ids: &[ExceptionId],
    order: OrderId,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    transfers::of_shop(conn, seller, order).await?;
    payments::lock(conn, order).await?;
    let transfer = transfers::of_shop(conn, seller, order).await?;
    let entries = lock_all(conn, seller, ids).await?;
    if entries.iter().all(|entry| entry.assigned_to == Some(order)) {
        return Ok(Vec::new());
    }
    if entries.iter().any(|entry| entry.resolution.is_some()) {
        return Err(Error::from(&RESOLVED));
    }
    transfer.require_due()?;
    let left_over = left_over(&transfer, &entries)?;
    let bank_reference = entries.first().map(|entry| entry.bank_reference.as_str()).or_refuse(&NOT_FOUND)?;
    let receipt = NewReceipt { order, source: Source::Review, amount: transfer.amount, bank_reference, by: Some(by) };
    suspense::assign(conn, seller, &entries, (order, by), now).await?;
    let mut letters = paying::take(conn, &transfer, &receipt, now).await?;
    if left_over > Vnd::ZERO {
        keep(conn, seller, (&entries, left_over), now).await?;
        letters.extend(letters::tell_exception(conn, seller, (bank_reference, left_over), now).await?);
    }
    Ok(letters)
}

/// The entries, locked; refused as missing unless all are the shop's.
async fn lock_all(conn: &mut PgConnection, seller: SellerId, ids: &[ExceptionId]) -> Result<Vec<TransferException>> {
    let entries = store::lock(conn, seller, ids).await?;
    if entries.len() == ids.len() { Ok(entries) } else { Err(Error::from(&NOT_FOUND)) }
}

/// How much more came than the order costs; refused with [`NOT_ENOUGH`] if it is less.
fn left_over(transfer: &Transfer, entries: &[TransferException]) -> Result<Vnd> {
    let received = Vnd::checked_sum(entries.iter().map(|entry| entry.amount_vnd))
        .ok_or_else(|| Error::fault("the entries of a review list do not sum"))?;
    received.checked_sub(transfer.amount).filter(|left| *left >= Vnd::ZERO).ok_or_else(|| {
        Error::from(&NOT_ENOUGH).fact("received_vnd", received.get()).fact("amount_vnd", transfer.amount.get())
    })
}

/// What is left over waits as the excess of the last entry, which is the one nobody else has an excess of.
async fn keep(
    conn: &mut PgConnection,
    seller: SellerId,
    (entries, left_over): (&[TransferException], Vnd),
    now: DateTime<Utc>,
) -> Result<()> {
    let of = entries.last().or_refuse(&NOT_FOUND)?;
    let excess = NewException {
        id: ExceptionId::new(now),
        seller,
        kind: ExceptionKind::Excess,
        amount: left_over,
        bank_reference: &of.bank_reference,
        content: of.content.as_deref(),
        order: of.order_id,
        from: From::Exception(of.id),
    };
    suspense::hold(conn, &excess, now).await
}

/// Writes down that the money was sent back, or what it is.
async fn close(
    conn: &mut PgConnection,
    (seller, by): (SellerId, AccountId),
    id: ExceptionId,
    resolution: &Resolution,
    now: DateTime<Utc>,
) -> Result<()> {
    let resolved = match resolution {
        Resolution::Assigned { .. } => return Err(Error::fault("an assignment takes the order's lock first")),
        Resolution::Returned { bank_reference, on, proof_id } => {
            check_sent("on", *on, now)?;
            require_own_paper(conn, seller, *proof_id).await?;
            let returned = Some((&**bank_reference, *on));
            Resolved { outcome: Outcome::Returned, assigned_to: None, returned, proof: *proof_id, words: None, by }
        }
        Resolution::Other { words } => {
            Resolved { outcome: Outcome::Other, assigned_to: None, returned: None, proof: None, words: Some(words), by }
        }
    };
    let entries = lock_all(conn, seller, &[id]).await?;
    let entry = entries.first().or_refuse(&NOT_FOUND)?;
    if entry.resolution.is_none() {
        store::resolve(conn, &[id], &resolved, now).await?;
        return suspense::release(conn, seller, &entries, now).await;
    }
    let same = entry.resolution == Some(resolved.outcome)
        && entry.returned_reference.as_deref() == resolved.returned.map(|returned| returned.0)
        && entry.returned_on == resolved.returned.map(|returned| returned.1)
        && entry.words.as_deref() == resolved.words;
    if same { Ok(()) } else { Err(Error::from(&RESOLVED)) }
}

/// Refuses a day on which nobody can have sent money back.
pub fn check_sent(field: &'static str, on: chrono::NaiveDate, now: DateTime<Utc>) -> Result<()> {
    let today = day_of(now);
    let earliest = today - LONGEST_AGO;
    if (earliest..=today).contains(&on) {
        return Ok(());
    }
    let message = format!("phải từ {earliest} đến {today} / must lie between {earliest} and {today}");
    Err(Error::from(&INVALID).at(field, message))
}

/// Refuses a proof that is no paper the shop uploaded.
pub async fn require_own_paper(conn: &mut PgConnection, seller: SellerId, proof: Option<MediaId>) -> Result<()> {
    let Some(proof) = proof else { return Ok(()) };
    if media::owned(conn, proof, seller, Purpose::Paper).await? {
        return Ok(());
    }
    Err(Error::from(&INVALID).at("proof_id", "phải là giấy tờ do cửa hàng tải lên / must be a paper the shop uploaded"))
}
