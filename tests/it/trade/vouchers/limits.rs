//! How often, by whom and up to which sum a voucher is used, and what it says of a use it refuses.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use ocop_market::kernel::{AccountId, CheckoutId, OrderId, Vnd};
use ocop_market::platform::error::{Error, Result};
use ocop_market::trade::vouchers::{self, LineFacts, User, VOUCHER_EXHAUSTED, VoucherCode};
use serde_json::json;
use tokio::task::JoinSet;

use super::{form, off, offer, read};
use crate::support::{Actor, Goods, HONEY, LAI_CHAU, Stall, TEA, TestApp, Ware, order_form};
use crate::trade::guests::guest;

/// An order somebody has placed, to be discounted as if a moment earlier.
#[derive(Clone, Copy)]
struct Bought {
    buyer: AccountId,
    checkout: CheckoutId,
    order: OrderId,
}

async fn bought(app: &TestApp, buyer: &Actor, ware: &Ware) -> Bought {
    let quote = buyer.quote(&[(ware, 1)]).await;
    let checkout = quote["id"].as_str().unwrap();
    let placed = buyer.place(&quote, checkout).await.ok();
    app.run_jobs().await;
    Bought {
        buyer: buyer.account(),
        checkout: checkout.parse().unwrap(),
        order: placed["orders"][0]["id"].as_str().unwrap().parse().unwrap(),
    }
}

fn tea_of(stall: &Stall, ware: &Ware) -> LineFacts {
    LineFacts {
        variant: ware.variant,
        seller: stall.id,
        province: LAI_CHAU.to_owned(),
        set_no: read(json!(10)),
        amount: Vnd::new(185_000),
    }
}

/// Who buys; all with an account, so that the phone says nothing.
fn user(buyer: AccountId) -> User<'static> {
    User { account: buyer, phone: "0912345678" }
}

/// Each buys with the voucher, all at once; how many came through, and which limit stopped the others.
async fn all_use(app: &TestApp, code: &str, line: &LineFacts, all: &[Bought]) -> (usize, BTreeMap<String, usize>) {
    let mut uses = JoinSet::new();
    for bought in all.iter().copied() {
        let (db, now, line, code) = (app.app.db.clone(), app.clock.now(), line.clone(), code.to_owned());
        uses.spawn(async move {
            db.act(async |conn| {
                let codes = [read::<VoucherCode>(json!(code))];
                let applied = vouchers::quote(conn, bought.buyer, &codes, std::slice::from_ref(&line), now).await?;
                let orders = [(line.seller, bought.order)];
                vouchers::redeem(conn, bought.checkout, user(bought.buyer), &applied, &orders, now).await
            })
            .await
        });
    }
    let mut refused = BTreeMap::new();
    let mut through = 0;
    for done in uses.join_all().await {
        match done {
            Ok(()) => through += 1,
            Err(error) => {
                assert!(error.is(&VOUCHER_EXHAUSTED), "{error:?}");
                *refused.entry(limit_of(&error)).or_default() += 1;
            }
        }
    }
    (through, refused)
}

fn limit_of(error: &Error) -> String {
    let told = format!("{error:?}");
    ["total", "per_buyer", "per_shop", "budget"]
        .into_iter()
        .find(|limit| told.contains(&format!("String(\"{limit}\")")))
        .unwrap_or_default()
        .to_owned()
}

async fn sixty_buyers(app: &TestApp, tea: &Ware) -> Vec<Bought> {
    let mut all = Vec::new();
    for _ in 0..60 {
        let buyer = app.account("Người mua").await;
        all.push(bought(app, &buyer, tea).await);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_race_passes_the_total_the_shops_uses_or_the_budget() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, Goods { on_hand: 100, ..TEA }).await;
    let line = tea_of(&stall, &tea);
    let all = sixty_buyers(&app, &tea).await;
    let operator = app.operator().await;
    for (code, limit, limits, passes) in [
        ("TONG", "total", json!({ "total": 7 }), 7),
        ("GIAN-HANG", "per_shop", json!({ "per_shop": 9 }), 9),
        // Twelve times 15,000 fit, a thirteenth does not.
        ("NGAN-SACH", "budget", json!({ "budget_vnd": 190_000 }), 12),
    ] {
        let voucher = json!({
            "bearers": { "platform_bps": 10_000, "province_bps": 0, "shop_bps": 0 },
            "voucher": form(code, off(15_000), limits),
        });
        operator.post("/admin/v1/vouchers", voucher).await.ok();
        let seen = all_use(&app, code, &line, &all).await;
        assert_eq!(seen, (passes, BTreeMap::from([(limit.to_owned(), 60 - passes)])));
    }
    let uncounted = app
        .count(
            "select count(*)
               from vouchers
              where uses <> (select count(*) from voucher_redemptions where voucher_id = vouchers.id)
                 or spent_vnd <> (select sum(part.spent_vnd)
                                    from voucher_redemption_parts as part
                                    join voucher_redemptions as redemption on redemption.id = redemption_id
                                   where voucher_id = vouchers.id)",
        )
        .await;
    assert_eq!((uncounted, app.count("select count(*) from voucher_redemptions").await), (0, 28));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_race_passes_a_buyers_uses_and_one_checkout_is_one_use() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, Goods { on_hand: 100, ..TEA }).await;
    let line = tea_of(&stall, &tea);
    offer(&stall, form("MOI-NGUOI", off(15_000), json!({ "per_buyer": 3 }))).await;
    let buyer = app.account("Hoa").await;
    let mut all = Vec::new();
    for _ in 0..50 {
        all.push(bought(&app, &buyer, &tea).await);
    }
    let seen = all_use(&app, "MOI-NGUOI", &line, &all).await;
    assert_eq!(seen, (3, BTreeMap::from([("per_buyer".to_owned(), 47)])));
    let other = app.account("Lan").await;
    let others = bought(&app, &other, &tea).await;
    assert_eq!(all_use(&app, "moi nguoi", &line, &[others]).await.0, 1);
    let once = "select count(*) from voucher_redemptions";
    assert_eq!(app.count(once).await, 4);
    let twice: Result<()> = app
        .app
        .db
        .act(async |conn| {
            let codes = [read::<VoucherCode>(json!("MOI-NGUOI"))];
            let now = app.clock.now();
            let applied = vouchers::quote(conn, others.buyer, &codes, std::slice::from_ref(&line), now).await?;
            vouchers::redeem(conn, others.checkout, user(others.buyer), &applied, &[(stall.id, others.order)], now)
                .await
        })
        .await;
    assert!(format!("{:?}", twice.unwrap_err()).contains("voucher_redemptions_once"));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_never_paid_is_given_back_once_however_often_it_is_asked() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, Goods { on_hand: 100, ..TEA }).await;
    let line = tea_of(&stall, &tea);
    let limits = json!({ "total": 1, "per_buyer": 1, "per_shop": 1, "budget_vnd": 15_000 });
    offer(&stall, form("MOT-LAN", off(15_000), limits)).await;
    let buyer = app.account("Hoa").await;
    let first = bought(&app, &buyer, &tea).await;
    let second = bought(&app, &buyer, &tea).await;
    assert_eq!(all_use(&app, "MOT-LAN", &line, &[first]).await.0, 1);
    assert_eq!(all_use(&app, "MOT-LAN", &line, &[second]).await.0, 0);
    let mut releases = JoinSet::new();
    for _ in 0..50 {
        let (db, now) = (app.app.db.clone(), app.clock.now());
        releases.spawn(async move { db.act(async |conn| vouchers::release(conn, first.order, now).await).await });
    }
    for done in releases.join_all().await {
        done.unwrap();
    }
    assert_eq!(app.count("select uses + spent_vnd::bigint from vouchers").await, 0);
    assert_eq!(
        app.count("select (select sum(uses) from voucher_buyers) + (select sum(uses) from voucher_shops)").await,
        0
    );
    assert_eq!(all_use(&app, "MOT-LAN", &line, &[second]).await.0, 1);
    app.finish().await;
}

#[tokio::test]
async fn a_voucher_that_cannot_be_used_says_why() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let mut later = form("SAP-TOI", off(1_000), json!({}));
    later["valid_from"] = json!("2026-12-01");
    offer(&stall, later).await;
    let mut dear = form("TU-MOT-TRIEU", off(1_000), json!({}));
    dear["minimum_vnd"] = json!(1_000_000);
    offer(&stall, dear).await;
    let mut honeys = form("MAT-ONG", off(1_000), json!({}));
    honeys["sets"] = json!([HONEY.set_no]);
    offer(&stall, honeys).await;
    offer(&stall, form("CHE", off(1_000), json!({}))).await;
    let buyer = app.account("Hoa").await;
    let line = tea_of(&stall, &tea);
    let quote = async |codes: &[&str]| {
        let codes: Vec<VoucherCode> = codes.iter().map(|code| read(json!(code))).collect();
        let now = app.clock.now();
        let work = async |conn: &mut sqlx::PgConnection| {
            vouchers::quote(conn, buyer.account(), &codes, std::slice::from_ref(&line), now).await
        };
        format!("{:?}", app.app.db.see(work).await.unwrap_err())
    };
    for (codes, problem, fact) in [
        (&["KHONG-CO"][..], "voucher-unknown", "KHONG-CO"),
        (&["SAP-TOI"], "voucher-not-running", "2026-12-01"),
        (&["TU-MOT-TRIEU"], "voucher-below-minimum", "1000000"),
        (&["MAT-ONG"], "voucher-not-applicable", "MAT-ONG"),
        (&["CHE", "MAT-ONG"], "vouchers-not-combinable", "CHE"),
    ] {
        let told = quote(codes).await;
        assert!(told.contains(problem) && told.contains(fact), "{told}");
    }
    app.clock.advance(TimeDelta::days(50));
    assert!(quote(&["CHE"]).await.contains("voucher-not-running"));
    app.finish().await;
}

#[tokio::test]
async fn whoever_comes_back_as_another_guest_is_known_by_the_phone() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    offer(&stall, form("MOT-LAN", off(15_000), json!({ "per_buyer": 1 }))).await;
    let asked = |phone: &str| {
        let mut asked = order_form(&[(&tea, 1)]);
        asked["vouchers"] = json!(["MOT-LAN"]);
        asked["phone"] = json!(phone);
        asked
    };
    let [first, second, third] = [guest(&app).await, guest(&app).await, guest(&app).await];
    let quote = first.post("/v1/checkouts", asked("0912 345 678")).await.ok();
    first.place(&quote, "mot").await.ok();
    // A quote tells nothing of a number: it takes an order to learn of it.
    let again = second.post("/v1/checkouts", asked("+84 912 345 678")).await.ok();
    let refused = second.place(&again, "hai").await.refused(409, "voucher-exhausted");
    assert_eq!(refused["limit"], "per_buyer");
    let other = third.post("/v1/checkouts", asked("0912 345 679")).await.ok();
    third.place(&other, "ba").await.ok();
    // Whoever has an account is known by that; somebody else may have typed the number.
    let buyer = app.account("Hoa").await;
    let own = buyer.post("/v1/checkouts", asked("0912 345 678")).await.ok();
    buyer.place(&own, "bon").await.ok();
    app.run_jobs().await;
    app.finish().await;
}
