//! Having a payout sent: the partner is asked by the payout's id until it answers, and its answer is booked once.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::letters;
use super::model::{Payout, PayoutStatus};
use super::store;
use crate::adapters::Unreachable;
use crate::adapters::disbursement::{self, Disbursement, Outcome};
use crate::kernel::PayoutId;
use crate::people::notify::Message;
use crate::platform::error::Result;
use crate::platform::seal::Seal;
use crate::trade::ledger::{self, Account, Transfer, TransferKind};
use crate::trade::payments::{self, transfers};

/// A payout to be sent, with everything the partner needs.
pub struct Order {
    wire: disbursement::Payout,
    /// Whether the partner may know of it already.
    may_be_known: bool,
}

/// Notes that the partner is about to be asked; `None` if the payout has ended.
pub async fn begin(conn: &mut PgConnection, seal: &Seal, id: PayoutId, now: DateTime<Utc>) -> Result<Option<Order>> {
    let Some(asked) = store::note_asked(conn, id, now).await? else { return Ok(None) };
    let to = transfers::open_account(conn, seal, asked.account).await?;
    let wire = disbursement::Payout {
        key: id.to_string(),
        provider: asked.provider.name().to_owned(),
        bank: disbursement::Recipient { bin: to.bin, account: to.number, holder: to.holder },
        amount: asked.amount,
        reference: reference(id),
    };
    Ok(Some(Order { wire, may_be_known: asked.tries > 1 }))
}

/// What the shop reads in its bank statement: letters and digits only.
fn reference(id: PayoutId) -> String {
    format!("OCOP {}", id.as_uuid().simple())
}

/// Asks the partner: what became of the payout, if it may know of it, and otherwise to send it.
pub async fn ask(partner: &Disbursement, order: &Order, now: DateTime<Utc>) -> Result<Outcome, Unreachable> {
    if order.may_be_known
        && let Some(outcome) = partner.find(&order.wire.key, now).await?
    {
        return Ok(outcome);
    }
    partner.send(&order.wire, now).await
}

/// Books what became of the payout, once. Of one that came back everything is undone, so that its orders' money, and
/// what the shop owed, are there again.
pub async fn settle(
    conn: &mut PgConnection,
    id: PayoutId,
    outcome: &Outcome,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let (status, reason) = match outcome {
        Outcome::Pending => return Ok(Vec::new()),
        Outcome::Succeeded => (PayoutStatus::Succeeded, None),
        Outcome::Failed { reason } => (PayoutStatus::Failed, Some(reason.as_str())),
    };
    let Some(payout) = store::set_settled(conn, id, (status, reason), now).await? else { return Ok(Vec::new()) };
    if payout.status == PayoutStatus::Failed {
        let carried_back = store::carried_back(conn, id).await?;
        payments::add_paid_out(conn, &carried_back).await?;
    }
    ledger::post(conn, &[transfer(&payout)], now).await?;
    letters::tell_settled(conn, &payout, reason, now).await
}

fn transfer(payout: &Payout) -> Transfer {
    let Payout { id, seller, provider, offset_vnd, fee_vnd, amount_vnd, status, .. } = *payout;
    let (in_transit, balance) = (Account::PayoutsInTransit(provider), Account::SellerBalance(seller));
    let nothing_more = (None, None);
    if status == PayoutStatus::Succeeded {
        return Transfer::new(TransferKind::PayoutSettlement, id.as_uuid()).entry(
            (in_transit, Account::Clearing(provider)),
            amount_vnd,
            nothing_more,
        );
    }
    Transfer::new(TransferKind::PayoutReturn, id.as_uuid())
        .entry((in_transit, balance.clone()), amount_vnd, nothing_more)
        .entry((Account::Fees, balance.clone()), fee_vnd, nothing_more)
        .entry((Account::SellerReceivable(seller), balance), offset_vnd, nothing_more)
}
