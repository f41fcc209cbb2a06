//! A buyer's bank, and the service that tells the marketplace of what arrives on shops' accounts.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use maud::html;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::notices::{News, Notice, Teller, Telling, Wire, spoiled};
use super::pages::{page, told, typed};
use super::{Refused, Simulator};
use crate::adapters::{BankNotices, Unreachable};
use crate::kernel::Vnd;
use crate::platform::extract::Json;

/// Where the marketplace hears of transfers.
const NOTICES: &str = "/v1/payments/bank_notices";

/// What somebody types into their bank's app.
#[derive(Debug, Clone, Deserialize)]
struct TransferForm {
    bin: String,
    account: String,
    amount: Vnd,
    content: String,
    #[serde(default)]
    telling: Telling,
}

/// A transfer that was made.
#[derive(Debug, Clone, Serialize)]
pub struct Transfer {
    transaction_id: String,
    bin: String,
    account: String,
    amount: Vnd,
    content: String,
    at: DateTime<Utc>,
}

/// What is typed, with what the page says.
const FIELDS: [(&str, &str); 4] = [
    ("bin", "BIN"),
    ("account", "Số tài khoản · Account"),
    ("amount", "Số tiền · Amount"),
    ("content", "Nội dung · Content"),
];

pub fn router() -> Router<Simulator> {
    Router::new()
        .route("/bank", get(show_bank).post(transfer_by_button))
        .route("/control/bank/transfers", post(transfer))
}

/// What the marketplace shows under its QR code can be handed over in the address.
async fn show_bank(State(simulator): State<Simulator>, uri: axum::http::Uri) -> Response {
    let value = |name: &str| typed(uri.query().unwrap_or_default().as_bytes(), name).unwrap_or_default();
    let state = simulator.state();
    let body = html! {
        form method="post" action="/bank" {
            @for (name, says) in FIELDS {
                p { label { (says) " " input name=(name) value=(value(name)) required; } }
            }
            @for (telling, says) in Telling::CHOICES {
                button name="telling" value=(telling) { (says) }
            }
        }
        @for transfer in state.transfers.iter().rev() {
            p { (transfer.amount) " → " (transfer.bin) " " (transfer.account) " “" (transfer.content) "”" }
            (told(&state.notices.about(Teller::Bank, &transfer.transaction_id)))
        }
    };
    page("Chuyển khoản · Transfer", &body)
}

async fn transfer_by_button(State(simulator): State<Simulator>, body: Bytes) -> Result<Redirect, Refused> {
    let text = |name| typed(&body, name);
    let amount: Option<i64> = text("amount").and_then(|amount| amount.parse().ok());
    let form = json!({
        "bin": text("bin"),
        "account": text("account"),
        "amount": amount,
        "content": text("content"),
        "telling": text("telling"),
    });
    let form: TransferForm = serde_json::from_value(form).map_err(Refused::bad)?;
    simulator.transfer(form).await?;
    Ok(Redirect::to("/bank"))
}

async fn transfer(
    State(simulator): State<Simulator>,
    Json(form): Json<TransferForm>,
) -> Result<Json<Vec<Notice>>, Refused> {
    simulator.transfer(form).await.map(Json)
}

impl Simulator {
    async fn transfer(&self, form: TransferForm) -> Result<Vec<Notice>, Refused> {
        let TransferForm { bin, account, amount, content, telling } = form;
        if amount <= Vnd::ZERO {
            return Err(Refused::bad("nobody transfers nothing"));
        }
        let transfer = {
            let mut state = self.state();
            let transaction_id = format!("FT{}", state.number());
            let transfer = Transfer { transaction_id, bin, account, amount, content, at: self.0.clock.now() };
            if telling.is_true() {
                state.transfers.push(transfer.clone());
            }
            transfer
        };
        let news = News {
            teller: Teller::Bank,
            about: transfer.transaction_id.clone(),
            says: format!("{} “{}”", transfer.amount, transfer.content),
            wire: Wire::BankNotice {
                url: format!("{}{NOTICES}", self.0.contracts.marketplace),
                body: json!(transfer).to_string(),
                genuine: telling.is_true(),
            },
            times: telling.times(),
        };
        Ok(self.tell(vec![news]).await)
    }

    /// The instant and the signature a notice is sent with.
    pub(super) fn sign_bank_notice(&self, body: &str, is_genuine: bool) -> Result<(String, String), Unreachable> {
        let timestamp = self.0.clock.now().timestamp().to_string();
        let keys = BankNotices::new(&self.0.contracts.bank_secret, None).map_err(Unreachable)?;
        let signature = keys.sign(&timestamp, body.as_bytes());
        Ok((timestamp, if is_genuine { signature } else { spoiled(&signature) }))
    }
}
