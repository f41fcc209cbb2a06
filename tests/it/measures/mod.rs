//! What officers do to what is already on the marketplace.
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside the functions marked as tests")]

mod appeals;
mod authentication;
mod information;
mod suspensions;
mod takedowns;
mod withdrawals;

use chrono::TimeDelta;
use ocop_market::market::cases::{self, Case};
use ocop_market::people::access::{self, MemberRole, Provinces};
use serde_json::{Value, json};

use crate::support::sellers::ShopActor;
use crate::support::{Actor, Answer, TestApp, Ware};

/// Why something is withdrawn.
fn grounds() -> Value {
    json!({ "reason_codes": ["withdrawal.misleading"], "words": "Bài viết hứa chữa bệnh." })
}

async fn withdraw(officer: &Actor, listing: &str) -> Answer {
    officer.put(&format!("/admin/v1/listings/{listing}/withdrawal"), grounds()).await
}

/// An authority's order that arrived an hour ago.
fn order(app: &TestApp, number: &str) -> Value {
    json!({
        "authority": "Cục Thương mại điện tử và Kinh tế số",
        "document_number": number,
        "legal_basis": "Nghị định 248/2026/NĐ-CP, Điều 17",
        "received_at": app.clock.now() - TimeDelta::hours(1),
    })
}

/// An order to take the listing down.
fn takedown(app: &TestApp, number: &str, listing: &str) -> Value {
    let mut order = order(app, number);
    order["listing_id"] = json!(listing);
    order
}

/// The same, to be carried out at once.
fn at_once(mut order: Value) -> Value {
    order["carry_out"] = json!(true);
    order["words"] = json!("Đã gỡ, ảnh chụp màn hình lưu kèm.");
    order
}

async fn verdict(officer: &Actor, case: &Value, verdict: Value) -> Answer {
    officer.put(&format!("/admin/v1/cases/{}/verdict", case.as_str().unwrap()), verdict).await
}

async fn status(shop: &ShopActor, listing: &str) -> String {
    shop.listing(listing).await["status"].as_str().unwrap().to_owned()
}

/// Whether the public sees the listing: on its page and in the list.
async fn is_shown(app: &TestApp, slug: &str) -> bool {
    let page = app.anyone().get(&format!("/v1/listings/{slug}")).await;
    let list = app.anyone().get("/v1/listings?limit=100").await.ok();
    let listed = list["items"].as_array().unwrap().iter().any(|card| card["slug"] == slug);
    assert_eq!(page.status, if listed { 200 } else { 404 }, "page and list agree about {slug}");
    listed
}

/// The shop's newest case of a kind, as the desk knows it.
async fn case_of(app: &TestApp, shop: &ShopActor, kind: &str) -> Case {
    let inbox = shop.get(&shop.path("/cases")).await.ok();
    let found = inbox["items"].as_array().unwrap().iter().find(|case| case["kind"] == kind).unwrap().clone();
    let id = found["id"].as_str().unwrap().parse().unwrap();
    let everywhere = Provinces::new((1..=96).map(|code| format!("{code:02}")).collect());
    app.app.db.see(async |conn| cases::find(conn, &everywhere, id).await).await.unwrap().unwrap()
}

/// Lets an officer also belong to the shop.
async fn joins(app: &TestApp, shop: &ShopActor, officer: &Actor) {
    let (seller, account, now) = (shop.id.parse().unwrap(), officer.account(), app.clock.now());
    let join = app.app.db.act(async |conn| access::add_member(conn, seller, account, MemberRole::Packer, now).await);
    join.await.unwrap();
}

/// The first pack of a listing, to order it by.
fn ware(listing: &Value) -> Ware {
    Ware {
        listing: listing["id"].as_str().unwrap().parse().unwrap(),
        slug: listing["slug"].as_str().unwrap().to_owned(),
        variant: listing["variants"][0]["id"].as_str().unwrap().parse().unwrap(),
    }
}
