//! Making a payout: reckoned and committed with its transfer, before anybody is asked to send anything.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::jobs::SendPayout;
use super::letters;
use super::model::{Item, Payout, PayoutStatus, Split};
use super::store::{self, NewPayout};
use crate::calendar;
use crate::kernel::clock::day_of;
use crate::kernel::{BankAccountId, OrderId, PayoutId, SellerId, Vnd};
use crate::market::measures;
use crate::people::notify::Message;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::jobs::Job as _;
use crate::trade::ledger::{self, Account, Provider, Transfer, TransferKind};
use crate::trade::payments::{self, transfers};

/// How long after an order is closed its money stays where it is.
pub const AFTER_COMPLETION: &str = "payout.after_completion";
/// How long a shop is not asked for its account again.
const REMINDER: &str = "payout.account_reminder";

/// Only what came back can be sent anew.
pub const PAYOUT_NOT_FAILED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "payout-not-failed",
    vi: "Chỉ chi lại được khoản chi đã bị trả về",
    en: "Only a payout that came back can be made again",
};

/// There is nothing (any more) to be paid out.
pub const NOTHING_TO_PAY_OUT: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "nothing-to-pay-out",
    vi: "Không còn khoản nào đủ để chi cho cửa hàng",
    en: "There is nothing, or too little, to pay out to the shop",
};

/// The shop has not said where to.
pub const NO_PAYOUT_ACCOUNT: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "no-payout-account",
    vi: "Cửa hàng chưa có tài khoản ngân hàng đang hiệu lực",
    en: "The shop has no bank account in force",
};

/// An authority's order keeps the shop closed, and its money where it is.
pub const PAYOUTS_HELD: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "payouts-held",
    vi: "Cửa hàng đang bị đình chỉ theo yêu cầu của cơ quan có thẩm quyền nên tạm giữ khoản chi",
    en: "An authority's order keeps the shop closed; nothing is paid out meanwhile",
};

/// What came of trying to make a payout.
pub enum Made {
    /// It is made.
    Payout(PayoutId),
    /// There is nothing to pay, or too little, or one is on its way.
    Nothing,
    /// The shop has no account to pay to.
    NoAccount,
    /// The last one to this very account came back; an officer must look at it first.
    Stopped,
    /// An authority's order keeps the shop closed.
    Held,
}

/// Makes the payout of a shop's money at a gateway, if there is one to be made. A shop without an account is asked for
/// it, from time to time.
pub async fn make_if_due(
    conn: &mut PgConnection,
    (seller, provider): (SellerId, Provider),
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    match make(conn, (seller, provider), None, now).await? {
        Made::NoAccount => {
            let before = calendar::latest_start(conn, REMINDER, now).await?;
            if store::note_reminder(conn, seller, before, now).await? {
                letters::tell_no_account(conn, seller, now).await
            } else {
                Ok(Vec::new())
            }
        }
        Made::Payout(_) | Made::Nothing | Made::Stopped | Made::Held => Ok(Vec::new()),
    }
}

/// Makes a payout in the place of one that came back, as an officer asks for. Asked again, it is the same one.
pub async fn make_again(conn: &mut PgConnection, failed: PayoutId, now: DateTime<Utc>) -> Result<PayoutId> {
    let seller = store::find(conn, failed).await?.seller;
    store::lock_seller(conn, seller).await?;
    let failed = store::find(conn, failed).await?;
    if let Some(replacement) = failed.replaced_by {
        return Ok(replacement);
    }
    if failed.status != PayoutStatus::Failed {
        return Err(Error::from(&PAYOUT_NOT_FAILED));
    }
    match make(conn, (seller, failed.provider), Some(&failed), now).await? {
        Made::Payout(replacement) => {
            store::set_replaced(conn, failed.id, replacement).await?;
            Ok(replacement)
        }
        Made::Nothing | Made::Stopped => Err(Error::from(&NOTHING_TO_PAY_OUT)),
        Made::NoAccount => Err(Error::from(&NO_PAYOUT_ACCOUNT)),
        Made::Held => Err(Error::from(&PAYOUTS_HELD)),
    }
}

/// The shop's lock lets one payout be made at a time; the orders' locks make a refund come before it or after it.
async fn make(
    conn: &mut PgConnection,
    (seller, provider): (SellerId, Provider),
    again: Option<&Payout>,
    now: DateTime<Utc>,
) -> Result<Made> {
    store::lock_seller(conn, seller).await?;
    if measures::is_closed_by_order(conn, seller).await? {
        return Ok(Made::Held);
    }
    if store::is_one_sending(conn, seller, provider).await? {
        return Ok(Made::Nothing);
    }
    let closed_by = calendar::latest_start(conn, AFTER_COMPLETION, now).await?;
    let whose = (seller, provider);
    let orders = store::orders_with_money(conn, whose, closed_by).await?;
    store::lock_orders(conn, &orders).await?;
    let items = store::items(conn, whose, &orders, closed_by).await?;
    let gross = Vnd::checked_sum(items.iter().map(|item| item.amount));
    let gross = gross.ok_or_else(|| Error::fault(format!("the money of shop {seller} does not fit")))?;
    let owed = store::owed(conn, seller).await?;
    let Some(split) = store::rule(conn, day_of(now)).await?.split(gross, owed) else { return Ok(Made::Nothing) };
    let account = match split.amount {
        Vnd::ZERO => None,
        _ => match transfers::account_of(conn, seller, now).await? {
            Some(account) => Some(account),
            None => return Ok(Made::NoAccount),
        },
    };
    if again.is_none() && store::came_back_from(conn, whose, account).await? {
        return Ok(Made::Stopped);
    }
    write_down(conn, whose, (&items, split, account), now).await.map(Made::Payout)
}

async fn write_down(
    conn: &mut PgConnection,
    (seller, provider): (SellerId, Provider),
    (items, split, account): (&[Item], Split, Option<BankAccountId>),
    now: DateTime<Utc>,
) -> Result<PayoutId> {
    let id = PayoutId::new(now);
    store::insert(conn, &NewPayout { id, seller, provider, split, account }, now).await?;
    store::insert_items(conn, id, items).await?;
    let carried: Vec<(OrderId, Vnd)> = items.iter().map(|item| (item.order, item.amount)).collect();
    payments::add_paid_out(conn, &carried).await?;
    let (balance, in_transit) = (Account::SellerBalance(seller), Account::PayoutsInTransit(provider));
    let nothing_more = (None, None);
    let offset = Transfer::new(TransferKind::Offset, id.as_uuid()).entry(
        (balance.clone(), Account::SellerReceivable(seller)),
        split.offset,
        nothing_more,
    );
    let payout = Transfer::new(TransferKind::Payout, id.as_uuid())
        .entry((balance.clone(), in_transit), split.amount, nothing_more)
        .entry((balance, Account::Fees), split.fee, nothing_more);
    ledger::post(conn, &[offset, payout], now).await?;
    if account.is_some() {
        SendPayout { payout: id }.enqueue(conn, now).await?;
    }
    Ok(id)
}
