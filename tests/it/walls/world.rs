//! Everybody who tries a door, and what they find in the paths and bodies of the document.

use std::collections::BTreeMap;
use std::sync::Mutex;

use axum::http::Method;
use ocop_market::adapters::Adapters;
use ocop_market::people::access::OfficerRole;
use serde_json::json;

use super::fixtures::{Fixtures, LIST, REMITTANCE, begin};
use super::plan::{Operation, Policy};
use crate::support::ghn::FakeGhn;
use crate::support::sellers::{PDF, cooperative, household, png};
use crate::support::{Actor, Answer, LAI_CHAU, LAO_CAI, PASSWORD, TestApp, bank_keys};
use crate::trade::payments::gateway::FakeGateway;

/// Who tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Person {
    /// Did not say who they are.
    Nobody,
    /// Has an account and nothing else.
    OtherBuyer,
    /// Owns an approved shop in another province.
    OtherShop,
    /// Packs in the shop, and may not run it.
    Packer,
    /// Audits the shop's province, and may not decide.
    WrongRole,
    /// Holds every permission in another province.
    OtherProvince,
    /// Whose orders they are.
    Buyer,
    /// Whose shop it is.
    Owner,
    /// Holds every permission in the shop's province.
    Head,
    /// Holds every permission in every province.
    Operator,
}

impl Person {
    /// Those who must not get through.
    pub const WRONG: [Self; 6] =
        [Self::Nobody, Self::OtherBuyer, Self::OtherShop, Self::Packer, Self::WrongRole, Self::OtherProvince];

    /// Who must get through.
    pub fn right_for(operation: &Operation) -> Self {
        match operation.policy {
            Policy::Public => Self::Nobody,
            Policy::Account => Self::Buyer,
            Policy::Shop(_) => Self::Owner,
            Policy::Officer(_) if operation.is_national() => Self::Operator,
            Policy::Officer(_) => Self::Head,
        }
    }

    /// Whether somebody who is wrong elsewhere may do this by right.
    pub fn may(self, operation: &Operation) -> bool {
        match (&operation.policy, self) {
            (Policy::Shop(function), Self::Packer) => ["shop.read", "shop.orders"].contains(&function.as_str()),
            (Policy::Officer(permission), Self::WrongRole) => {
                OfficerRole::Auditor.usual_permissions().contains(permission)
            }
            _ => false,
        }
    }
}

/// An empty marketplace with every provider.
pub async fn marketplace() -> TestApp {
    let gateway = FakeGateway::start().await;
    let adapters = Adapters { ghn: Some(FakeGhn::start().await.client()), ..gateway.adapters() };
    TestApp::with(adapters, Some("https://cho.example.vn".parse().unwrap())).await
}

/// A marketplace with one of everything, and everybody.
pub struct World<'a> {
    app: &'a TestApp,
    people: Mutex<BTreeMap<Person, Actor>>,
    fixtures: Fixtures,
    /// The approved shop of [`Person::OtherShop`].
    other_shop: String,
    /// And their draft: only there papers can be taken away.
    other_draft: String,
    /// A contact of an account without any part in the world.
    visitor: String,
}

impl<'a> World<'a> {
    pub async fn new(app: &'a TestApp) -> Self {
        let owner = app.account("Chủ cửa hàng").await;
        let buyer = app.account("Người mua").await;
        let packer = app.account("Người đóng gói").await;
        let auditor = app.officer(LAI_CHAU, OfficerRole::Auditor).await;
        let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
        let operator = app.operator().await;
        let other_shop = app.approved_shop(LAO_CAI).await;
        let other_draft = begin(&other_shop, cooperative(LAO_CAI)).await.id;
        let mut fixtures = Fixtures::build(app, [&owner, &buyer, &packer], [&head, &auditor]).await;
        fixtures.screening(&operator).await;
        let people = BTreeMap::from([
            (Person::OtherBuyer, app.account("Người mua khác").await),
            (Person::OtherShop, other_shop.actor),
            (Person::Packer, packer),
            (Person::WrongRole, auditor),
            (Person::OtherProvince, app.officer(LAO_CAI, OfficerRole::Head).await),
            (Person::Buyer, buyer),
            (Person::Owner, owner),
            (Person::Head, head),
            (Person::Operator, operator),
        ]);
        let visitor = app.account("Khách").await.contact().to_owned();
        Self { app, people: Mutex::new(people), fixtures, other_shop: other_shop.id, other_draft, visitor }
    }

    /// The person, signed in: some operations end sessions.
    pub async fn actor(&self, person: Person) -> Actor {
        let known = self.people.lock().unwrap().get(&person).cloned();
        let Some(known) = known else { return self.app.anyone() };
        if known.get("/v1/me").await.status == 200 {
            return known;
        }
        let again = self.app.sign_in(known.contact()).await;
        self.people.lock().unwrap().insert(person, again.clone());
        again
    }

    /// The addresses to try: one for each fixture that fits, the one that fits the example first.
    ///
    /// The owner of another shop also tries what is below the shop under the name of their own.
    pub fn paths(&self, operation: &Operation, person: Person) -> Vec<String> {
        let mut paths = self.fill(operation, &BTreeMap::new());
        // A year is nobody's: with their own shop in the path, it is their own that they read.
        let below = operation.params.len() > 1 && operation.params[0] == "shop_id" && operation.params[1] != "year";
        if person == Person::OtherShop && below {
            let own = if operation.path.ends_with("/papers/{paper_id}") { &self.other_draft } else { &self.other_shop };
            paths.extend(self.fill(operation, &BTreeMap::from([("shop_id", own.as_str())])));
        }
        paths
    }

    fn fill(&self, operation: &Operation, instead: &BTreeMap<&str, &str>) -> Vec<String> {
        let mut paths = vec![operation.path.clone()];
        for param in &operation.params {
            let values = match instead.get(param.as_str()) {
                Some(value) => vec![*value],
                None => self.fixtures.values(param, &operation.path),
            };
            assert!(!values.is_empty(), "{operation}: no fixture for {{{param}}}");
            let named = format!("{{{param}}}");
            paths = values.iter().flat_map(|value| paths.iter().map(|path| path.replace(&named, value))).collect();
        }
        let query = match operation.path.as_str() {
            "/v1/payments/vnpay/return" => &self.fixtures.vnpay_return,
            "/v1/payments/momo/return" => &self.fixtures.momo_return,
            "/v1/shops/{shop_id}/media" => "?purpose=paper",
            "/v1/places" => "?q=ben%20tre",
            "/v1/suggestions" => "?q=che",
            "/v1/shops/{shop_id}/remittances" if operation.method == Method::POST => "?carrier=VNPost&date=2026-11-21",
            "/v1/certificate_checks" => "?decision_number=8/Q%C4%90-UBND",
            "/admin/v1/certificates/export" => "?format=csv",
            _ => "",
        };
        paths.into_iter().map(|path| path + query).collect()
    }

    /// The example of the document, naming this world's things instead of its own.
    pub fn body(&self, operation: &Operation) -> Vec<u8> {
        if operation.path == "/v1/payments/momo/ipn" {
            return self.fixtures.momo_notice.to_string().into_bytes();
        }
        let Some(example) = &operation.example else { return Vec::new() };
        if operation.content_type != "application/json" {
            return match operation.path.as_str() {
                "/admin/v1/certificate_imports" => LIST.into(),
                "/v1/me/evidence" => png(8, 8),
                "/v1/shops/{shop_id}/remittances" => REMITTANCE.into(),
                _ => PDF.to_vec(),
            };
        }
        // The document's example is a cooperative, the shop a household.
        if operation.method == Method::PUT && operation.path == "/v1/shops/{shop_id}" {
            let mut form = household(LAI_CHAU);
            form.as_object_mut().unwrap().remove("personal_id");
            return form.to_string().into_bytes();
        }
        if operation.path == "/v1/order_lookups" {
            return self.fixtures.looked_up.to_string().into_bytes();
        }
        let mut body = example.clone();
        if operation.path == "/v1/orders/{order_id}/returns" {
            body["lines"][0]["order_line_id"] = json!(self.fixtures.returned_line);
        }
        // The example stands in a row of its own by now.
        if operation.path == "/admin/v1/search_words/{word_id}" {
            body["typed"] = json!("bắp nếp non");
        }
        // A contact is to be new where one is added, known everywhere else.
        let adds_contact = ["/v1/accounts", "/v1/me/contacts"].iter().any(|path| operation.path.starts_with(path));
        for (field, value) in [
            ("contact", json!(self.visitor)),
            ("password", json!(PASSWORD)),
            ("current", json!(PASSWORD)),
            ("new", json!(PASSWORD)),
            ("department", json!(format!("so-cong-thuong-{LAI_CHAU}"))),
            ("media_id", json!(self.fixtures.spare_paper)),
            ("scan_id", json!(self.fixtures.spare_paper)),
            ("pictures", json!([self.fixtures.picture])),
            ("account_id", json!(self.fixtures.colleague)),
            ("against", json!({ "listing": self.fixtures.values("slug", "/v1/listings/{slug}")[0] })),
            ("listing_id", json!(self.fixtures.listing)),
            ("seller_id", json!(self.fixtures.shops[0])),
            ("total_vnd", self.fixtures.total_vnd.clone()),
        ] {
            if body.get(field).is_some() && !(field == "contact" && adds_contact) {
                body[field] = value;
            }
        }
        body.to_string().into_bytes()
    }

    /// When a body was sent, and its signature by the service that reports transfers.
    pub fn signed_notice(&self, body: &[u8]) -> (String, String) {
        let timestamp = self.app.clock.now().timestamp().to_string();
        let signature = bank_keys().sign(&timestamp, body);
        (timestamp, signature)
    }

    /// What the answer tells a wrong person although it is none of their business.
    pub fn leak(&self, person: Person, answer: &Answer) -> Option<&str> {
        let text = String::from_utf8_lossy(&answer.bytes);
        let mut told = self.fixtures.secrets.iter().filter(|secret| text.contains(secret.as_str()));
        told.find(|secret| !self.knows(person, secret)).map(String::as_str)
    }

    /// Everybody knows themselves, the auditor their own grant; a packer knows in which shops they pack.
    fn knows(&self, person: Person, secret: &String) -> bool {
        let people = self.people.lock().unwrap();
        let own =
            people.get(&person).is_some_and(|own| own.contact() == secret || own.account().to_string() == *secret);
        let own_grant = person == Person::WrongRole && self.fixtures.values("id", "").contains(&secret.as_str());
        own || own_grant || person == Person::Packer && self.fixtures.shops.contains(secret)
    }
}

/// Whether this refusal only says that a code from a message or an app was not the right one.
pub fn lacks_a_code(answer: &Answer) -> bool {
    let kind = answer.body["type"].as_str().unwrap_or_default();
    ["/problems/wrong-code", "/problems/no-second-factor"].contains(&kind)
}
