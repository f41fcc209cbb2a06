//! What banks report about money that came in, through a reconciliation service that signs it.
//!
//! There is no free notice from banks themselves; whoever reads a shop's account sends this generic form. Its bytes are
//! kept first; it is believed if signed and fresh, and applied once per account and transaction, however often and in
//! whatever order it comes.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::model::{AccountNumber, ExceptionKind, Fit, Source, Transfer, TransferException, fit};
use super::store::accounts;
use super::store::exceptions::{self, From, NewException};
use super::store::notices::{self as store, NewNotice};
use super::store::transfers::{self, NewReceipt};
use super::{letters, paying, reference, suspense};
use crate::app::App;
use crate::kernel::{ExceptionId, Line, Price, SellerId, Vnd, WebhookId};
use crate::people::notify::Message;
use crate::platform::error::{Error, INVALID, Problem, Result};
use crate::platform::extract::parse_json;
use crate::platform::seal::Seal;
use crate::trade::payments;
use crate::trade::payments::exceptions as strays;
use crate::trade::webhooks::{self, Heard, Source as Sender};

/// Nobody who has the key sent this.
pub const FORGED: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    code: "bank-notice-unsigned",
    vi: "Chữ ký của thông báo không đúng",
    en: "The notice's signature is wrong",
};

/// Somebody may have kept it to send it again.
pub const STALE: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    code: "bank-notice-stale",
    vi: "Thông báo đã quá cũ",
    en: "The notice is too old",
};

/// How far from now, in either direction, a notice may have been signed.
const STALE_AFTER: &str = "webhook.stale";

/// The longest words of a transfer that are kept.
const LONGEST_CONTENT: usize = 500;

/// Money that came into an account.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = BankNotice, example = json!({
    "transaction_id": "FT26325123456",
    "bin": "970405",
    "account": "7800205123456",
    "amount": 205_000,
    "content": "OCOP2611217K3QZ8M2XW chuyen tien mua che",
    "at": "2026-11-21T09:30:00+07:00"
}))]
pub struct Notice {
    /// What the bank calls the transaction; unique for the account.
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    pub transaction_id: Line<1, 100>,
    /// The bank.
    #[schema(value_type = String, min_length = 6, max_length = 6)]
    pub bin: Line<6, 6>,
    /// The account that received it.
    pub account: AccountNumber,
    /// How much came in, in đồng.
    pub amount: Price,
    /// The payer's words.
    pub content: String,
    /// When the bank booked it.
    pub at: DateTime<Utc>,
}

/// What a notice meant when it first came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = BankNoticeOutcome)]
pub enum NoticeOutcome {
    /// It paid an order.
    Captured,
    /// It is money the shop had reported before.
    Confirmed,
    /// The shop must look at it.
    Review,
    /// No shop has such an account.
    Stray,
}

/// What a notice is about.
struct Meaning {
    outcome: NoticeOutcome,
    seller: Option<SellerId>,
    transfer: Option<Transfer>,
    /// Why it waits, if it does.
    kind: ExceptionKind,
    /// What the shop reported of the same transaction, and waits with another amount.
    superseded: Option<TransferException>,
}

/// What a notice meant, if its transaction was not reported before, and the letters that follow.
pub type Meant = (Option<NoticeOutcome>, Vec<Message>);

/// Hears a notice; `signed_at` is when its sender signed it, in seconds since 1970, if the signature held. Its bytes are
/// committed first, whatever becomes of it.
///
/// # Errors
/// [`FORGED`], [`STALE`], or `INVALID` where it cannot be read or brings no money.
pub async fn hear(app: &App, raw: &[u8], signed_at: Option<&str>) -> Result<Meant> {
    let now = app.clock.now();
    let message = webhooks::Message { source: Sender::Bank, raw, seal: Some(&app.seal) };
    let Some(signed_at) = signed_at else {
        webhooks::keep_unbelieved(app, &message, Heard::Forged).await?;
        return Err(Error::from(&FORGED));
    };
    let id = webhooks::keep(app, &message).await?;
    let believed = if is_fresh(app, signed_at, now).await? {
        parse(raw).map_err(|why| (Heard::Malformed, why))
    } else {
        Err((Heard::Stale, Error::from(&STALE)))
    };
    match believed {
        Ok(notice) => app.db.act(async |conn| apply(conn, (&app.seal, id), &notice, now).await).await,
        Err((heard, why)) => {
            app.db.act(async |conn| webhooks::note(conn, id, heard).await).await?;
            Err(why)
        }
    }
}

fn parse(raw: &[u8]) -> Result<Notice> {
    let notice: Notice = parse_json(raw)?;
    if notice.amount.vnd() > Vnd::ZERO {
        Ok(notice)
    } else {
        Err(Error::from(&INVALID).at("amount", "phải lớn hơn 0 / must be more than nothing"))
    }
}

/// Whether it was signed neither too long ago, nor by a clock that is as far ahead.
async fn is_fresh(app: &App, signed_at: &str, now: DateTime<Utc>) -> Result<bool> {
    let signed_at = signed_at.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let Some(signed_at) = signed_at else { return Ok(false) };
    app.db.see(async |conn| webhooks::is_fresh(conn, STALE_AFTER, signed_at, now).await).await
}

/// Applies a notice that is believed, and notes what became of it.
async fn apply(
    conn: &mut PgConnection,
    (seal, webhook): (&Seal, WebhookId),
    notice: &Notice,
    now: DateTime<Utc>,
) -> Result<Meant> {
    let digest = notice.account.digest(seal, &notice.bin);
    let meaning = read(conn, notice, &digest, now).await?;
    let id = WebhookId::new(now);
    let new = NewNotice {
        id,
        account_digest: &digest,
        transaction_id: &notice.transaction_id,
        seller: meaning.seller,
        order: meaning.transfer.as_ref().map(|transfer| transfer.order),
        amount: notice.amount.vnd(),
        booked_at: notice.at,
        webhook,
        outcome: meaning.outcome,
    };
    if !store::insert(conn, &new, now).await? {
        webhooks::note(conn, webhook, Heard::Duplicate).await?;
        return Ok((None, Vec::new()));
    }
    let letters = follow(conn, notice, id, &meaning, now).await?;
    let heard = match meaning.outcome {
        NoticeOutcome::Captured | NoticeOutcome::Confirmed => Heard::Applied,
        NoticeOutcome::Review | NoticeOutcome::Stray => Heard::Held,
    };
    webhooks::note(conn, webhook, heard).await?;
    Ok((Some(meaning.outcome), letters))
}

/// What the notice means now. If it names an order, the order's payment is locked from here on.
async fn read(conn: &mut PgConnection, notice: &Notice, digest: &[u8], now: DateTime<Utc>) -> Result<Meaning> {
    let (amount, bank_reference) = (notice.amount.vnd(), &*notice.transaction_id);
    let named = reference::candidates(&notice.content);
    let mut named = transfers::of_references(conn, &named, digest).await?;
    let named = named.pop().filter(|_| named.is_empty());
    let seller = match &named {
        Some(transfer) => Some(transfer.seller),
        None => accounts::holder_of(conn, digest, now).await?,
    };
    let reported = match seller {
        Some(seller) => transfers::of_report(conn, seller, (bank_reference, amount)).await?,
        None => None,
    };
    let is_claimed_elsewhere =
        named.as_ref().zip(reported.as_ref()).is_some_and(|(one, other)| one.order != other.order);
    // Without words it is what the shop reported under this name.
    let Some(named) = named.or(reported) else {
        let outcome = if seller.is_some() { NoticeOutcome::Review } else { NoticeOutcome::Stray };
        return Ok(Meaning { outcome, seller, transfer: None, kind: ExceptionKind::Unknown, superseded: None });
    };
    payments::lock(conn, named.order).await?;
    let transfer = transfers::of_shop(conn, named.seller, named.order).await?;
    let receipt = transfers::find_receipt(conn, transfer.order).await?;
    let reported = exceptions::find_by_member(conn, transfer.seller, transfer.order, bank_reference).await?;
    let is_same = reported.as_ref().is_some_and(|entry| entry.amount_vnd == amount);
    let came = (Source::Notice, amount, bank_reference);
    let (outcome, kind) = match fit((transfer.status, transfer.amount), receipt.as_ref(), came) {
        // The shop has paid another order with it: only a person can tell.
        _ if is_claimed_elsewhere => (NoticeOutcome::Review, ExceptionKind::Again),
        Fit::Pays => (NoticeOutcome::Captured, ExceptionKind::Unknown),
        Fit::Known => (NoticeOutcome::Confirmed, ExceptionKind::Unknown),
        Fit::Waits(kind) => (if is_same { NoticeOutcome::Confirmed } else { NoticeOutcome::Review }, kind),
    };
    let superseded = reported.filter(|entry| !is_same && entry.resolution.is_none());
    Ok(Meaning { outcome, seller: Some(transfer.seller), transfer: Some(transfer), kind, superseded })
}

/// Does what follows from a notice that came for the first time.
async fn follow(
    conn: &mut PgConnection,
    notice: &Notice,
    id: WebhookId,
    meaning: &Meaning,
    now: DateTime<Utc>,
) -> Result<Vec<Message>> {
    let (amount, bank_reference) = (notice.amount.vnd(), &*notice.transaction_id);
    if let (Some(seller), Some(reported)) = (meaning.seller, &meaning.superseded) {
        suspense::supersede(conn, seller, reported, now).await?;
    }
    match (meaning.outcome, meaning.seller, &meaning.transfer) {
        (NoticeOutcome::Captured, _, Some(transfer)) => {
            let order = transfer.order;
            let receipt = NewReceipt { order, source: Source::Notice, amount, bank_reference, by: None };
            paying::take(conn, transfer, &receipt, now).await
        }
        (NoticeOutcome::Review, Some(seller), transfer) => {
            let new = NewException {
                id: ExceptionId::new(now),
                seller,
                kind: meaning.kind,
                amount,
                bank_reference,
                content: Some(&kept(&notice.content)),
                order: transfer.as_ref().map(|transfer| transfer.order),
                from: From::Notice(id),
            };
            suspense::hold(conn, &new, now).await?;
            let mut letters = letters::tell_exception(conn, seller, (bank_reference, amount), now).await?;
            if let Some(transfer) = transfer {
                letters.extend(paying::misfit(conn, transfer, amount, now).await?);
            }
            Ok(letters)
        }
        (NoticeOutcome::Stray, ..) => {
            // Whoever reads that account for us must be told which it is.
            let reference = format!("{} •{} {bank_reference}", &*notice.bin, notice.account.last());
            strays::open_stray(conn, &reference, amount, now).await.map(|()| Vec::new())
        }
        _ => Ok(Vec::new()),
    }
}

/// The payer's words without what no text may hold: a strange character is no reason to lose money.
fn kept(content: &str) -> String {
    content.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_CONTENT).collect()
}
