//! Refunds a shop sends from its own account: where to, by when, and the proof.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::model::AccountForm;
use super::store::refunds::{self as store, NewProof, Task};
use super::{accounts, letters, review};
use crate::kernel::{AccountId, MediaId, OrderId, RefundId, SellerId};
use crate::people::notify::Message;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::seal::Seal;
use crate::trade::payments::{self, RefundStatus};

/// The shop has shown another proof before.
pub const REFUND_SETTLED: Problem = Problem {
    status: axum::http::StatusCode::CONFLICT,
    code: "refund-settled",
    vi: "Khoản hoàn tiền này đã có chứng từ khác",
    en: "Another proof of this refund is on record",
};

/// What a sealed number is bound to.
fn sealing_context(order: OrderId) -> String {
    format!("refund_accounts.number:{order}")
}

/// The buyer says where money of the order goes back to. A shop that owes some is told.
pub async fn set_account(
    conn: &mut PgConnection,
    seal: &Seal,
    (buyer, order): (AccountId, OrderId),
    form: &AccountForm,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    store::require_paid_to_shop(conn, buyer, order).await?;
    accounts::require_bank(conn, &form.bin, now).await?;
    let context = sealing_context(order);
    if let Some(known) = store::find_account(conn, order).await? {
        let same_number = seal.open(&known.number_sealed, &context)? == form.number.reveal();
        if same_number && known.bin == form.bin.as_str() && known.holder == form.holder.as_str() {
            return Ok(Vec::new());
        }
    }
    let sealed = seal.seal(form.number.reveal(), &context)?;
    store::set_account(conn, order, form, &sealed, now).await?;
    match store::promised_of_order(conn, order).await? {
        Some(task) => letters::tell_refund_account(conn, &task, now).await,
        None => Ok(Vec::new()),
    }
}

/// The number a shop sends an order's refund to, in full.
pub fn open_number(seal: &Seal, order: OrderId, sealed: &[u8]) -> Result<String> {
    seal.open(sealed, &sealing_context(order))
}

/// How the shop sent the money.
pub struct Proof<'a> {
    pub bank_reference: &'a str,
    pub sent_on: NaiveDate,
    pub paper: Option<MediaId>,
}

/// The shop shows that it sent a refund: the books say so, and the buyer is told. The same proof again changes nothing.
pub async fn settle(
    conn: &mut PgConnection,
    (seller, by): (SellerId, AccountId),
    id: RefundId,
    proof: &Proof<'_>,
    now: DateTime<Utc>,
) -> Result<(Task, Vec<Message>)> {
    let order = store::of_shop(conn, seller, id).await?.order_id;
    payments::lock(conn, order).await?;
    let task = store::of_shop(conn, seller, id).await?;
    if task.status == RefundStatus::Arrived {
        let known = (task.bank_reference.as_deref(), task.sent_on);
        let same = known == (Some(proof.bank_reference), Some(proof.sent_on));
        return if same { Ok((task, Vec::new())) } else { Err(Error::from(&REFUND_SETTLED)) };
    }
    review::check_sent("sent_on", proof.sent_on, now)?;
    review::require_own_paper(conn, seller, proof.paper).await?;
    let Proof { bank_reference, sent_on, paper } = *proof;
    store::insert_proof(conn, &NewProof { refund: id, bank_reference, sent_on, paper, by }, now).await?;
    if !payments::arrive(conn, id, now).await? {
        return Err(Error::fault(format!("refund {id} arrived behind its lock")));
    }
    let letters = letters::tell_refunded(conn, &task, now).await?;
    Ok((store::of_shop(conn, seller, id).await?, letters))
}
