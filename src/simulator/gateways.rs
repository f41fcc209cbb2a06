//! What VNPay and MoMo have in common: a payment waits on a page until somebody decides how it goes.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::State;
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use form_urlencoded::Serializer;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::notices::{News, Notice, Teller, Wire, spoiled};
use super::{Refused, Simulator, State as Everything, momo, pages, vnpay};
use crate::kernel::Vnd;
use crate::platform::extract::{Json, Path};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gateway {
    Vnpay,
    Momo,
}

impl Gateway {
    /// Where its payments' pages are.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Vnpay => "/vnpay",
            Self::Momo => "/momo",
        }
    }

    const fn teller(self) -> Teller {
        match self {
            Self::Vnpay => Teller::Vnpay,
            Self::Momo => Teller::Momo,
        }
    }

    fn payments(self, state: &mut Everything) -> &mut Payments {
        match self {
            Self::Vnpay => &mut state.vnpay,
            Self::Momo => &mut state.momo,
        }
    }
}

pub fn router() -> Router<Simulator> {
    let pages = |gateway: Gateway| {
        Router::new()
            .route("/{reference}", get(async move |simulator, path| show_payment(gateway, simulator, path).await))
            .route(
                "/{reference}/{deed}",
                post(async move |simulator, path| play_by_button(gateway, simulator, path).await),
            )
    };
    Router::new()
        .nest(Gateway::Vnpay.folder(), pages(Gateway::Vnpay))
        .nest(Gateway::Momo.folder(), pages(Gateway::Momo))
        .route("/control/{gateway}/payments/{reference}/{deed}", post(play))
}

#[expect(clippy::unused_async, reason = "handlers are asynchronous")]
async fn show_payment(
    gateway: Gateway,
    State(simulator): State<Simulator>,
    Path(reference): Path<String>,
) -> Result<Response, Refused> {
    let payment = gateway.payments(&mut simulator.state()).find(&reference)?.clone();
    Ok(simulator.payment_page(gateway, &payment))
}

/// The browser goes back to the shop, with what the gateway says.
async fn play_by_button(
    gateway: Gateway,
    State(simulator): State<Simulator>,
    Path((reference, deed)): Path<(String, Deed)>,
) -> Result<Redirect, Refused> {
    let played = simulator.play(gateway, &reference, deed).await?;
    Ok(Redirect::to(&played.return_url))
}

async fn play(
    State(simulator): State<Simulator>,
    Path((gateway, reference, deed)): Path<(Gateway, String, Deed)>,
) -> Result<Json<Played>, Refused> {
    simulator.play(gateway, &reference, deed).await.map(Json)
}

/// What came of a deed.
#[derive(Debug, Serialize)]
pub struct Played {
    /// Where the browser is sent.
    return_url: String,
    /// What the marketplace was told, or will be.
    notices: Vec<Notice>,
}

/// What somebody at the payment page can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Pays; the marketplace is told at once.
    Pay,
    /// The bank declines.
    Fail,
    /// The buyer goes back.
    Cancel,
    /// Pays; the marketplace is not told until the notice is sent by hand.
    Delay,
    /// Pays; the marketplace is told twice.
    Duplicate,
    /// Pays a đồng too little.
    WrongAmount,
    /// Does not pay; somebody without the key says that it was paid.
    Forge,
    /// Pays at the second try; the marketplace hears of the success before it hears of the failure.
    Reorder,
}

impl Deed {
    /// Every button of the page, in its order, with what it says.
    pub const BUTTONS: [(Self, &'static str, &'static str); 8] = [
        (Self::Pay, "pay", "Thanh toán · Pay"),
        (Self::Fail, "fail", "Ngân hàng từ chối · Fail"),
        (Self::Cancel, "cancel", "Hủy · Cancel"),
        (Self::Delay, "delay", "Trả tiền, báo sau · Pay, tell later"),
        (Self::Duplicate, "duplicate", "Trả tiền, báo hai lần · Pay, tell twice"),
        (Self::WrongAmount, "wrong_amount", "Trả sai số tiền · Pay a wrong amount"),
        (Self::Forge, "forge", "Giả mạo thông báo · Forge a notice"),
        (Self::Reorder, "reorder", "Báo ngược thứ tự · Tell in the wrong order"),
    ];

    /// How the payment ends; `None` if the provider has no part in it.
    pub fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Pay | Self::Delay | Self::Duplicate | Self::WrongAmount | Self::Reorder => Some(Outcome::Paid),
            Self::Fail => Some(Outcome::Failed),
            Self::Cancel => Some(Outcome::Cancelled),
            Self::Forge => None,
        }
    }

    /// Whether what is said afterwards is the gateway's word.
    pub fn is_genuine(self) -> bool {
        self != Self::Forge
    }

    /// How often the news of how it ended is sent at once.
    pub fn times(self) -> usize {
        match self {
            Self::Delay => 0,
            Self::Duplicate => 2,
            _ => 1,
        }
    }
}

/// How a payment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Paid,
    Failed,
    Cancelled,
}

impl Outcome {
    /// On the page.
    pub fn words(self) -> &'static str {
        match self {
            Self::Paid => "Đã trả · Paid",
            Self::Failed => "Không thành công · Failed",
            Self::Cancelled => "Đã hủy · Cancelled",
        }
    }
}

/// A payment as its gateway knows it.
#[derive(Debug, Clone, Serialize)]
pub struct Payment {
    /// The merchant's name for it.
    pub reference: String,
    /// What was asked for.
    pub amount: Vnd,
    /// What it says it is for.
    pub description: String,
    /// Where the buyer is sent back to.
    pub return_url: String,
    /// Where the merchant wants to be told.
    pub notify_url: String,
    /// The merchant's name for the request that opened it.
    pub request_id: String,
    /// The merchant's own words, sent back to it.
    pub extra: String,
    /// How it ended, once it has.
    pub outcome: Option<Outcome>,
    /// What was paid; nothing before.
    pub paid: Vnd,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The gateway's own number.
    pub transaction: i64,
    /// What was given back, by the merchant's name for the request.
    pub refunds: BTreeMap<String, Refund>,
}

/// Money given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Refund {
    /// How much.
    pub amount: Vnd,
    /// The gateway's own number.
    pub transaction: i64,
}

impl Payment {
    /// Ends it as the deed says. A payment ends once.
    pub fn end(&mut self, deed: Deed, now: DateTime<Utc>) -> Result<(), Refused> {
        if self.outcome.is_some() {
            return Err(Refused::conflict("this payment has ended; its notices can be sent again"));
        }
        self.outcome = deed.outcome();
        self.ended_at = self.outcome.map(|_| now);
        if self.outcome == Some(Outcome::Paid) {
            let less = if deed == Deed::WrongAmount { Vnd::new(1) } else { Vnd::ZERO };
            self.paid = self.amount.checked_sub(less).ok_or_else(|| Refused::bad("no such amount"))?;
        }
        Ok(())
    }

    /// How much the gateway, or whoever plays it, says was paid.
    pub fn claimed(&self) -> Vnd {
        if self.paid == Vnd::ZERO { self.amount } else { self.paid }
    }

    /// Gives money back; asked again by the same name, it gives nothing again. `None` if there is not so much left.
    pub fn refund(&mut self, request: &str, amount: Vnd, transaction: i64) -> Option<Refund> {
        if let Some(done) = self.refunds.get(request) {
            return (done.amount == amount).then_some(*done);
        }
        let given = Vnd::checked_sum(self.refunds.values().map(|refund| refund.amount))?;
        let is_left = amount > Vnd::ZERO && given.checked_add(amount)? <= self.paid;
        let refund = Refund { amount, transaction };
        is_left.then(|| *self.refunds.entry(request.to_owned()).or_insert(refund))
    }
}

/// The payments of a gateway by their reference.
#[derive(Debug, Default)]
pub struct Payments(BTreeMap<String, Payment>);

impl Payments {
    /// Opens the payment. Opened again, it is the one it was.
    pub fn open(&mut self, payment: Payment) -> &Payment {
        self.0.entry(payment.reference.clone()).or_insert(payment)
    }

    /// The payment of that reference.
    pub fn find(&mut self, reference: &str) -> Result<&mut Payment, Refused> {
        self.0.get_mut(reference).ok_or_else(|| Refused::not_found(format!("payment {reference}")))
    }

    /// The payment the gateway has given that number.
    pub fn by_transaction(&mut self, transaction: i64) -> Option<&mut Payment> {
        self.0.values_mut().find(|payment| payment.transaction == transaction && payment.outcome == Some(Outcome::Paid))
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Payment> {
        self.0.values()
    }
}

impl Simulator {
    /// The page of a payment.
    pub(super) fn payment_page(&self, gateway: Gateway, payment: &Payment) -> Response {
        let notices = self.state().notices.about(gateway.teller(), &payment.reference);
        pages::payment(gateway, payment, &notices)
    }

    async fn play(&self, gateway: Gateway, reference: &str, deed: Deed) -> Result<Played, Refused> {
        let payment = {
            let mut state = self.state();
            let payment = gateway.payments(&mut state).find(reference)?;
            payment.end(deed, self.0.clock.now())?;
            payment.clone()
        };
        // A forger says that it was paid.
        let outcome = deed.outcome().unwrap_or(Outcome::Paid);
        let said = self.said(gateway, &payment, outcome, deed.is_genuine());
        let return_url = with_query(&payment.return_url, &said);
        let mut news = vec![news(gateway, &payment, outcome, said, deed.times())];
        if deed == Deed::Reorder {
            let first_try = self.said(gateway, &payment, Outcome::Failed, true);
            news.push(self::news(gateway, &payment, Outcome::Failed, first_try, 1));
        }
        Ok(Played { return_url, notices: self.tell(news).await })
    }

    /// What the gateway says of the payment, with its signature last.
    fn said(&self, gateway: Gateway, payment: &Payment, outcome: Outcome, is_genuine: bool) -> Vec<(String, Value)> {
        let mut said = match gateway {
            Gateway::Vnpay => vnpay::said(self, payment, outcome)
                .into_iter()
                .map(|(name, value)| (name, Value::String(value)))
                .collect(),
            Gateway::Momo => momo::said(self, payment, outcome),
        };
        if let Some((_, signature)) = said.last_mut().filter(|_| !is_genuine) {
            *signature = spoiled(&momo::text_of(signature)).into();
        }
        said
    }
}

/// VNPay tells by query string, MoMo by JSON.
fn news(gateway: Gateway, payment: &Payment, outcome: Outcome, said: Vec<(String, Value)>, times: usize) -> News {
    let url = payment.notify_url.clone();
    let wire = match gateway {
        Gateway::Vnpay => Wire::Get { url: with_query(&url, &said) },
        Gateway::Momo => {
            let body = Value::Object(said.into_iter().collect()).to_string();
            Wire::Post { url, headers: Vec::new(), body }
        }
    };
    let about = payment.reference.clone();
    News { teller: gateway.teller(), about, says: outcome.words().to_owned(), wire, times }
}

/// The address, which may have a query of its own, with what is said.
fn with_query(url: &str, said: &[(String, Value)]) -> String {
    let said = said.iter().map(|(name, value)| (name, momo::text_of(value)));
    let query = Serializer::new(String::new()).extend_pairs(said).finish();
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}{query}")
}
