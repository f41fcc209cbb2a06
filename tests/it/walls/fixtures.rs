//! One of everything that belongs to somebody, made the way people make it.

mod buying;
mod listings;
mod officers;
mod orders;
mod parcels;
mod payments;
mod payouts;
mod register;
mod returns;
mod shops;
mod transfers;

use ocop_market::people::access::OfficerRole;
pub use parcels::REMITTANCE;
pub use register::LIST;
use serde_json::Value;
pub use shops::begin;

use crate::support::{Actor, LAI_CHAU, TestApp};

const RECIPIENT: &str = "Hoàng Thị Riêng";
const STREET: &str = "Ngõ 9 phố Hàng Kín";

/// What paths and bodies name, and what no wrong person may read.
pub struct Fixtures {
    /// Parameter, the one path it is for (or any, if empty), value.
    named: Vec<(&'static str, &'static str, String)>,
    /// What no answer to a wrong person may contain.
    pub secrets: Vec<String>,
    /// The shops.
    pub shops: Vec<String>,
    /// The listing on the shelf.
    pub listing: String,
    /// A picture of the shop.
    pub picture: String,
    /// A paper of the shop that nothing names yet.
    pub spare_paper: String,
    /// An officer who may decide on the shop's cases.
    pub colleague: String,
    /// The line of the order of which something can be given back.
    pub returned_line: String,
    /// The total of the quoted checkout.
    pub total_vnd: Value,
    /// What finds an order that is no secret.
    pub looked_up: Value,
    /// With what buyers come back from gateways, as query strings with their question mark.
    pub vnpay_return: String,
    pub momo_return: String,
    /// What MoMo says of a payment.
    pub momo_notice: Value,
}

impl Fixtures {
    /// Values for a parameter of the path: those noted for this very path, otherwise those for any.
    pub fn values(&self, param: &str, path: &str) -> Vec<&str> {
        let noted = |at: &str| -> Vec<&str> {
            let fitting = self.named.iter().filter(|(name, only, _)| *name == param && *only == at);
            fitting.map(|(_, _, value)| value.as_str()).collect()
        };
        let own = noted(path);
        if own.is_empty() { noted("") } else { own }
    }

    fn note(&mut self, param: &'static str, value: impl Into<String>) {
        self.note_for("", param, value);
    }

    fn note_for(&mut self, path: &'static str, param: &'static str, value: impl Into<String>) {
        self.named.push((param, path, value.into()));
    }

    fn keep_secret(&mut self, secret: impl Into<String>) {
        self.secrets.push(secret.into());
    }

    pub async fn build(app: &TestApp, people: [&Actor; 3], officers: [&Actor; 2]) -> Self {
        let [_, buyer, _] = people;
        let mut fixtures = Self {
            named: Vec::new(),
            secrets: Vec::new(),
            shops: Vec::new(),
            listing: String::new(),
            picture: String::new(),
            spare_paper: String::new(),
            colleague: officers[0].account().to_string(),
            total_vnd: Value::Null,
            returned_line: String::new(),
            looked_up: Value::Null,
            vnpay_return: String::new(),
            momo_return: String::new(),
            momo_notice: Value::Null,
        };
        for person in people.iter().chain(&officers) {
            fixtures.keep_secret(person.account().to_string());
            fixtures.keep_secret(person.contact());
        }
        let shop = fixtures.shops(app, people).await;
        fixtures.certificates(app, &shop).await;
        fixtures.register(app, &shop).await;
        let variant = fixtures.listings(app, &shop).await;
        fixtures.checkout(buyer, &variant).await;
        fixtures.orders(&shop, buyer, &variant).await;
        fixtures.vouchers(&shop, officers[0]).await;
        fixtures.buying(app, buyer, &variant).await;
        fixtures.payments(app, buyer, &variant).await;
        fixtures.parcels(app, &shop, buyer, &variant).await;
        fixtures.reviewed("", &shop, buyer, &variant).await;
        let reader = app.account("Người mua trước").await;
        fixtures.reviewed("/v1/reviews/{review_id}/reports", &shop, &reader, &variant).await;
        fixtures.transfers(app, &shop, buyer, &variant).await;
        fixtures.payouts(app, &shop).await;
        fixtures.complaints(&shop, buyer).await;
        fixtures.returns(app, &shop, buyer, &variant).await;
        fixtures.assessed(&shop).await;
        fixtures.grant(officers).await;
        let lost_the_phone = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
        fixtures.note_for("/admin/v1/departments/{slug}/provinces", "slug", "so-cong-thuong-12");
        fixtures.note("account_id", lost_the_phone.account().to_string());
        fixtures.measures(app, &shop, officers[0]).await;
        for (param, value) in
            [("slug", "lai-chau"), ("code", "03394"), ("purpose", "news"), ("kind", "operating_rules")]
        {
            fixtures.note(param, value);
        }
        fixtures
    }
}
