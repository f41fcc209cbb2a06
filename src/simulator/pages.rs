//! Small pages with buttons.

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};

use super::gateways::Gateway;
use super::notices::Notice;
use super::partner::Stand;
use super::{Simulator, gateways};
use crate::adapters::disbursement;

/// The list of everything.
pub fn router() -> Router<Simulator> {
    Router::new().route("/", get(overview))
}

/// A page in both languages.
pub fn page(title: &str, body: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="vi" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
            }
            body {
                h1 { (title) }
                p { "Mô phỏng, không có tiền thật. · A simulation; no money moves." }
                (body)
            }
        }
    };
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], page.into_string())
        .into_response()
}

/// A button that posts to the address.
pub fn button(address: &str, says: &str) -> Markup {
    html! { form method="post" action=(address) { button { (says) } } }
}

/// A field of a form or of a query.
pub fn typed(form: &[u8], name: &str) -> Option<String> {
    form_urlencoded::parse(form).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// What was told about something, with a button to tell it again.
pub fn told(notices: &[Notice]) -> Markup {
    html! {
        @for notice in notices {
            p {
                (notice.says) ": "
                @if let Some(told) = notice.told.last() {
                    @if notice.was_taken() { "đã nhận · taken" } @else { "không được nhận · not taken" }
                    " (" (told.status.map_or_else(|| "—".to_owned(), |status| status.to_string())) " " (told.answer) ")"
                } @else {
                    "chưa gửi · held"
                }
            }
            (button(&format!("/control/notices/{}/sending", notice.number), "Gửi (lại) · Send (again)"))
        }
    }
}

async fn overview(axum::extract::State(simulator): axum::extract::State<Simulator>) -> Response {
    let state = simulator.state();
    let body = html! {
        h2 { "VNPay, MoMo" }
        (payments(Gateway::Vnpay.folder(), state.vnpay.all()))
        (payments(Gateway::Momo.folder(), state.momo.all()))
        h2 { "Ngân hàng · Bank" }
        p { a href="/bank" { "Chuyển khoản · Transfer" } }
        h2 { "GHN" }
        ul {
            @for parcel in state.parcels.all() {
                li { a href={ "/ghn/" (parcel.code) } { (parcel.code) } " " (parcel.status.name()) }
            }
        }
        h2 { "Chi hộ · Disbursement" }
        @for payout in state.payouts.all() {
            @let disbursement::Payout { key, reference, amount, bank, .. } = &payout.order;
            p { (reference) ": " (amount) " → " (bank.holder) " " (payout.stand.name()) }
            @if payout.stand == Stand::Pending {
                (button(&format!("/payouts/{key}/succeeded"), "Đã đến · Arrived"))
                (button(&format!("/payouts/{key}/failed"), "Không đến · Failed"))
            }
        }
        h2 { "Thông báo · Notices" }
        (told(state.notices.all()))
    };
    page("Nhà cung cấp mô phỏng · Simulated providers", &body)
}

fn payments<'a>(folder: &str, payments: impl Iterator<Item = &'a gateways::Payment>) -> Markup {
    html! {
        ul {
            @for payment in payments {
                li { a href={ (folder) "/" (payment.reference) } { (payment.reference) } " " (payment.amount) }
            }
        }
    }
}

/// The page of a gateway's payment.
pub fn payment(gateway: Gateway, payment: &gateways::Payment, notices: &[Notice]) -> Response {
    let (folder, title) = match gateway {
        Gateway::Vnpay => (gateway.folder(), "VNPay"),
        Gateway::Momo => (gateway.folder(), "MoMo"),
    };
    let body = html! {
        p { (payment.description) }
        p { strong { (payment.amount) } }
        @match payment.outcome {
            None => {
                @for (_, path, says) in gateways::Deed::BUTTONS {
                    (button(&format!("{folder}/{}/{path}", payment.reference), says))
                }
            }
            Some(outcome) => { p { (outcome.words()) } }
        }
        (told(notices))
    };
    page(title, &body)
}
