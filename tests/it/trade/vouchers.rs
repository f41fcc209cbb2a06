//! Vouchers: who promises what, what it takes off, and that no race passes a limit.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use ocop_market::kernel::{AccountId, CheckoutId, OrderId, SellerId, VariantId, Vnd};
use ocop_market::people::access::OfficerRole;
use ocop_market::platform::error::{Error, Result};
use ocop_market::trade::vouchers::{
    self, Counts, Issuer, Limits, LineFacts, Promise, Scope, VOUCHER_EXHAUSTED, Voucher, VoucherCode, apply,
};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Actor, Goods, HA_NOI, HONEY, LAI_CHAU, LAO_CAI, Stall, TEA, TestApp, Ware, order_form, start};

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn id<T: From<uuid::Uuid>>(number: u128) -> T {
    uuid::Uuid::from_u128(number).into()
}

/// A voucher of that day without limits.
fn voucher(number: u128, issuer: Issuer, bearers: [i32; 3], discount: Value) -> Voucher {
    let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let [platform, province, shop] = bearers;
    Voucher {
        id: id(number),
        promise: Promise {
            code: read(json!(format!("MA-{number}"))),
            title_vi: "Giảm giá".to_owned(),
            title_en: None,
            issuer,
            bearers: read(json!({ "platform_bps": platform, "province_bps": province, "shop_bps": shop })),
            discount: read(discount),
            minimum_vnd: Vnd::ZERO,
            scope: Scope::default(),
            valid_from: day,
            valid_to: day,
            limits: Limits::default(),
        },
        uses: 0,
        spent_vnd: Vnd::ZERO,
        created_at: start(),
        ended_at: None,
        participants: Vec::new(),
    }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

fn line(number: u128, seller: u128, amount: i64) -> LineFacts {
    LineFacts {
        variant: id(number),
        seller: id(seller),
        province: LAI_CHAU.to_owned(),
        set_no: read(json!(10)),
        amount: Vnd::new(amount),
    }
}

/// A percentage or an amount, of whatever size.
fn some_discount() -> impl Strategy<Value = Value> {
    prop_oneof![
        (1..=10_000_i32, 1..=2_000_000_i64)
            .prop_map(|(rate, cap)| json!({ "kind": "percent", "rate_bps": rate, "cap_vnd": cap })),
        (1..=2_000_000_i64).prop_map(|amount| json!({ "kind": "amount", "amount_vnd": amount })),
    ]
}

proptest! {
    #[test]
    fn every_part_sums_and_no_line_costs_less_than_nothing(
        amounts in prop::collection::vec((0..=3_u128, 0..=900_000_i64), 1..20),
        of_shops in prop::collection::vec(some_discount(), 4),
        on_top in some_discount(),
        province_bps in 1..=10_000_i32,
    ) {
        let lines: Vec<LineFacts> =
            amounts.iter().zip(1..).map(|((seller, amount), number)| line(number, *seller, *amount)).collect();
        let mut programme = voucher(1, Issuer::Province { code: LAI_CHAU.to_owned() },
                                    [0, province_bps, 10_000 - province_bps], on_top);
        programme.participants = (0..4).map(id).collect();
        let of_shops = (0..4_u128).zip(of_shops).map(|(seller, discount)| {
            voucher(100 + seller, Issuer::Shop { seller_id: id(seller) }, [0, 0, 10_000], discount)
        });
        // Those that find something to take off.
        let mut all: Vec<Voucher> = Vec::new();
        for each in of_shops.chain([programme.clone()]) {
            all.push(each);
            if apply(all.clone(), &Counts::default(), &lines, today()).is_err() {
                all.pop();
            }
        }
        let applied = apply(all, &Counts::default(), &lines, today()).unwrap();
        let mut left: BTreeMap<VariantId, i64> =
            lines.iter().map(|line| (line.variant, line.amount.get())).collect();
        for each in &applied {
            let found = each.lines.iter().map(|line| line.total().get());
            let promised = |goods: i64| if each.voucher_id == programme.id {
                programme.discount.of(Vnd::new(goods)).get()
            } else {
                found.clone().sum()
            };
            let goods: i64 = lines.iter()
                .filter(|line| each.issuer.seller().is_none_or(|seller| seller == line.seller))
                .map(|line| left[&line.variant]).sum();
            prop_assert_eq!(found.clone().sum::<i64>(), promised(goods));
            for line in &each.lines {
                prop_assert!(line.total() > Vnd::ZERO);
                let rest = left.get_mut(&line.variant_id).unwrap();
                *rest -= line.total().get();
                prop_assert!(*rest >= 0);
            }
        }
    }
}

#[test]
fn a_discount_is_shared_over_lines_and_bearers_by_the_largest_remainder() {
    let mut programme = voucher(
        1,
        Issuer::Province { code: LAI_CHAU.to_owned() },
        [0, 7_000, 3_000],
        json!({ "kind": "amount", "amount_vnd": 10_001 }),
    );
    let lines = [line(1, 7, 100_000), line(2, 7, 200_000), line(3, 8, 300_000)];
    let refused = apply(vec![programme.clone()], &Counts::default(), &lines, today()).unwrap_err();
    assert!(format!("{refused:?}").contains("voucher-not-applicable"), "no shop has agreed to bear anything");
    programme.participants = vec![id(7)];
    let applied = apply(vec![programme], &Counts::default(), &lines, today()).unwrap();
    let parts: Vec<[i64; 3]> = applied[0]
        .lines
        .iter()
        .map(|line| [line.by_platform_vnd, line.by_province_vnd, line.by_seller_vnd].map(Vnd::get))
        .collect();
    assert_eq!(parts, [[0, 2_334, 1_000], [0, 4_667, 2_000]]);
}

#[test]
fn a_shops_voucher_comes_first_and_the_other_takes_its_share_of_the_rest() {
    let shops = voucher(
        9,
        Issuer::Shop { seller_id: id(7) },
        [0, 0, 10_000],
        json!({ "kind": "amount", "amount_vnd": 50_000 }),
    );
    let platforms = voucher(
        1,
        Issuer::Platform,
        [10_000, 0, 0],
        json!({ "kind": "percent", "rate_bps": 1_000, "cap_vnd": 1_000_000 }),
    );
    let lines = [line(1, 7, 150_000), line(2, 8, 100_000)];
    let applied = apply(vec![platforms, shops], &Counts::default(), &lines, today()).unwrap();
    assert_eq!(applied.iter().map(|each| each.spent().unwrap().get()).collect::<Vec<_>>(), [50_000, 20_000]);
}

#[test]
fn a_code_reads_alike_however_it_is_typed() {
    let printed: VoucherCode = read(json!("Tết-2027"));
    for typed in ["TẾT 2027", "tet2027", "  TET–2027 ", "te\u{302}\u{301}t_2027"] {
        assert!(read::<VoucherCode>(json!(typed)).is(&printed), "{typed}");
    }
    assert!(!read::<VoucherCode>(json!("TET2028")).is(&printed));
    for wrong in ["", "T2", "--------", "茶茶茶茶", "A234567890123456789012345678901"] {
        assert!(serde_json::from_value::<VoucherCode>(json!(wrong)).is_err(), "{wrong}");
    }
}

#[expect(clippy::needless_pass_by_value, reason = "callers write the values in place")]
fn form(code: &str, discount: Value, limits: Value) -> Value {
    json!({
        "code": code,
        "title_vi": "Giảm giá mùa Tết",
        "discount": discount,
        "valid_from": "2026-11-21",
        "valid_to": "2026-12-31",
        "limits": limits,
    })
}

fn off(amount: i64) -> Value {
    json!({ "kind": "amount", "amount_vnd": amount })
}

async fn offer(stall: &Stall, form: Value) -> Value {
    stall.owner.post(&format!("/v1/shops/{}/vouchers", stall.id), form).await.ok()
}

#[tokio::test]
async fn a_shop_offers_vouchers_and_ends_them_but_never_changes_what_it_promised() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let made = offer(&stall, form("Chè-Tết", off(20_000), json!({ "per_buyer": 1 }))).await;
    assert_eq!((&made["code"], &made["uses"]), (&json!("CHÈ-TẾT"), &json!(0)));
    assert_eq!(made["bearers"], json!({ "platform_bps": 0, "province_bps": 0, "shop_bps": 10_000 }));
    let path = format!("/v1/shops/{}/vouchers", stall.id);
    let twin = form("che tet", off(10_000), json!({}));
    stall.owner.post(&path, twin).await.refused(409, "voucher-code-taken");
    for (at, wrong) in [
        ("discount.amount_vnd", form("SAI-1", off(0), json!({}))),
        ("limits.total", form("SAI-2", off(1), json!({ "total": 0 }))),
        ("valid_to", {
            let mut wrong = form("SAI-3", off(1), json!({}));
            wrong["valid_to"] = json!("2026-11-20");
            wrong
        }),
    ] {
        let refused = stall.owner.post(&path, wrong).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at);
    }
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    assert_eq!(stall.owner.delete(&one).await.status, 204);
    assert_eq!(stall.owner.delete(&one).await.status, 204);
    let listed = stall.owner.get(&path).await.ok();
    assert_eq!((listed["items"].as_array().unwrap().len(), listed["items"][0]["ended_at"].is_string()), (1, true));
    let changed = app.app.db.act(async |conn| {
        sqlx::query("update vouchers set amount_vnd = 1").execute(conn).await?;
        Ok(())
    });
    assert!(changed.await.is_err(), "a promise was changed");
    app.finish().await;
}

#[tokio::test]
async fn a_programme_is_its_provinces_own_and_the_marketplaces_voucher_the_national_desks() {
    let app = TestApp::new().await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let neighbour = app.officer(LAO_CAI, OfficerRole::Head).await;
    let operator = app.operator().await;
    let mut programme = json!({
        "province_code": LAI_CHAU,
        "bearers": { "platform_bps": 0, "province_bps": 7_000, "shop_bps": 3_000 },
        "voucher": form("LAI-CHAU", off(30_000), json!({ "budget_vnd": 1_000_000 })),
    });
    neighbour.post("/admin/v1/vouchers", programme.clone()).await.refused(404, "not-found");
    let made = head.post("/admin/v1/vouchers", programme.clone()).await.ok();
    let path = format!("/admin/v1/vouchers/{}", made["id"].as_str().unwrap());
    neighbour.get(&path).await.refused(404, "not-found");
    neighbour.delete(&path).await.refused(404, "not-found");
    assert_eq!(head.get(&path).await.ok()["shops"], json!([]));

    programme["voucher"]["code"] = json!("LAI-CHAU-2");
    for (field, value, at) in [
        ("bearers", json!({ "platform_bps": 0, "province_bps": 7_000, "shop_bps": 2_999 }), "bearers"),
        ("bearers", json!({ "platform_bps": 0, "province_bps": 0, "shop_bps": 10_000 }), "bearers.province_bps"),
        ("voucher", form("LAI-CHAU-2", off(30_000), json!({})), "voucher.limits.budget_vnd"),
        ("sellers", json!([SellerId::new(app.clock.now())]), "sellers"),
    ] {
        let mut wrong = programme.clone();
        wrong[field] = value;
        let refused = head.post("/admin/v1/vouchers", wrong).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["at"], at);
    }
    programme["bearers"] = json!({ "platform_bps": 5_000, "province_bps": 5_000, "shop_bps": 0 });
    head.post("/admin/v1/vouchers", programme.clone()).await.refused(403, "not-your-function");
    operator.post("/admin/v1/vouchers", programme).await.ok();

    let platforms = json!({
        "bearers": { "platform_bps": 10_000, "province_bps": 0, "shop_bps": 0 },
        "provinces": [LAI_CHAU],
        "voucher": form("SAN-OCOP", off(15_000), json!({})),
    });
    head.post("/admin/v1/vouchers", platforms.clone()).await.refused(403, "not-your-function");
    operator.post("/admin/v1/vouchers", platforms).await.ok();
    let of = async |officer: &Actor| officer.get("/admin/v1/vouchers").await.ok()["items"].as_array().unwrap().len();
    assert_eq!([of(&operator).await, of(&head).await, of(&neighbour).await], [3, 2, 0]);
    app.finish().await;
}

#[tokio::test]
async fn a_shop_bears_a_share_of_a_programme_only_if_it_agrees() {
    let app = TestApp::new().await;
    let (stall, elsewhere) =
        (app.stall("Hợp tác xã Mường Than", LAI_CHAU).await, app.stall("Nhà vườn Ba Đình", HA_NOI).await);
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let programme = json!({
        "province_code": LAI_CHAU,
        "bearers": { "platform_bps": 0, "province_bps": 7_000, "shop_bps": 3_000 },
        "voucher": form("LAI-CHAU", off(30_000), json!({ "budget_vnd": 1_000_000 })),
    });
    let made = head.post("/admin/v1/vouchers", programme).await.ok();
    let voucher = made["id"].as_str().unwrap();
    let open = format!("/v1/shops/{}/voucher_programmes", stall.id);
    assert_eq!(stall.owner.get(&open).await.ok()[0]["takes_part"], false);
    let none = elsewhere.owner.get(&format!("/v1/shops/{}/voucher_programmes", elsewhere.id)).await.ok();
    assert_eq!(none, json!([]));
    let elsewheres = format!("/v1/shops/{}/voucher_programmes/{voucher}", elsewhere.id);
    elsewhere.owner.put(&elsewheres, json!({})).await.refused(404, "not-found");
    for _ in 0..2 {
        assert_eq!(stall.owner.put(&format!("{open}/{voucher}"), json!({})).await.status, 204);
    }
    assert_eq!(stall.owner.get(&open).await.ok()[0]["takes_part"], true);
    assert_eq!(stall.owner.delete(&format!("{open}/{voucher}")).await.status, 204);
    assert_eq!(stall.owner.get(&open).await.ok()[0]["takes_part"], false);
    app.finish().await;
}

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
                vouchers::redeem(conn, bought.checkout, bought.buyer, &applied, &orders, now).await
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
            vouchers::redeem(conn, others.checkout, others.buyer, &applied, &[(stall.id, others.order)], now).await
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

fn with_vouchers(lines: &[(&Ware, i32)], codes: &[&str]) -> Value {
    let mut form = order_form(lines);
    form["vouchers"] = json!(codes);
    form
}

#[tokio::test]
async fn a_checkout_shows_what_each_voucher_takes_off_and_its_orders_keep_it() {
    let app = TestApp::new().await;
    let (stall, elsewhere) =
        (app.stall("Hợp tác xã Mường Than", LAI_CHAU).await, app.stall("Nhà vườn Ba Đình", HA_NOI).await);
    let (tea, honey) = (app.shelve(&stall, TEA).await, app.shelve(&elsewhere, HONEY).await);
    offer(&stall, form("CHE-20", off(20_000), json!({}))).await;
    let head = app.officer(LAI_CHAU, OfficerRole::Head).await;
    let programme = json!({
        "province_code": LAI_CHAU,
        "bearers": { "platform_bps": 0, "province_bps": 7_000, "shop_bps": 3_000 },
        "voucher": form("LAI-CHAU", json!({ "kind": "percent", "rate_bps": 1_000, "cap_vnd": 100_000 }),
                        json!({ "budget_vnd": 1_000_000 })),
    });
    let programme = head.post("/admin/v1/vouchers", programme).await.ok();
    let taking_part = format!("/v1/shops/{}/voucher_programmes/{}", stall.id, programme["id"].as_str().unwrap());
    stall.owner.put(&taking_part, json!({})).await.ok();

    let buyer = app.account("Hoa").await;
    let lines = [(&tea, 2), (&honey, 1)];
    let twice = buyer.post("/v1/checkouts", with_vouchers(&lines, &["che 20", "CHÈ-20"])).await;
    assert_eq!(twice.refused(422, "invalid")["errors"][0]["at"], "vouchers[1]");
    let quote = buyer.post("/v1/checkouts", with_vouchers(&lines, &["lai chau", "chè 20"])).await.ok();
    // 370,000 less 20,000 of the shop, less a tenth of the rest; the honey is from elsewhere.
    assert_eq!((&quote["goods_vnd"], &quote["discount_vnd"]), (&json!(690_000), &json!(55_000)));
    let vouchers = quote["vouchers"].as_array().unwrap();
    assert_eq!([&vouchers[0]["code"], &vouchers[1]["code"]], ["CHE-20", "LAI-CHAU"]);
    assert_eq!(
        (&vouchers[1]["lines"][0]["by_province_vnd"], &vouchers[1]["lines"][0]["by_seller_vnd"]),
        (&json!(24_500), &json!(10_500))
    );
    let path = format!("/v1/checkouts/{}", quote["id"].as_str().unwrap());
    assert_eq!(buyer.get(&path).await.ok(), quote);

    let placed = buyer.place(&quote, "one").await.ok();
    assert_eq!(placed["total_vnd"], quote["total_vnd"]);
    let order = placed["orders"][0]["id"].as_str().unwrap();
    let shown = buyer.get(&format!("/v1/orders/{order}")).await.ok();
    assert_eq!((&shown["discount_vnd"], &shown["lines"][0]["discount_vnd"]), (&json!(55_000), &json!(55_000)));
    let frozen = "select discount_vnd - discount_by_seller_vnd from order_lines where discount_vnd > 0";
    assert_eq!(app.count(frozen).await, 24_500);
    assert_eq!(app.count("select amount_vnd from order_line_discounts where bearer = '12'").await, 24_500);
    let figures = head.get(&format!("/admin/v1/vouchers/{}", programme["id"].as_str().unwrap())).await.ok();
    assert_eq!((&figures["uses"], &figures["spent_vnd"]), (&json!(1), &json!(24_500)));
    assert_eq!((&figures["participants"], &figures["shops"][0]["discount_vnd"]), (&json!(1), &json!(35_000)));

    buyer.turn(order, "cancellation").await.ok();
    let figures = head.get(&format!("/admin/v1/vouchers/{}", programme["id"].as_str().unwrap())).await.ok();
    assert_eq!((&figures["uses"], &figures["spent_vnd"], &figures["shops"]), (&json!(0), &json!(0), &json!([])));
    app.run_jobs().await;
    app.finish().await;
}

#[tokio::test]
async fn a_voucher_that_ended_since_the_quote_takes_nothing_and_places_nothing() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, TEA).await;
    let voucher = offer(&stall, form("CHE-20", off(20_000), json!({}))).await;
    let buyer = app.account("Hoa").await;
    let quote = buyer.post("/v1/checkouts", with_vouchers(&[(&tea, 1)], &["CHE-20"])).await.ok();
    stall.owner.delete(&format!("/v1/shops/{}/vouchers/{}", stall.id, voucher["id"].as_str().unwrap())).await;
    buyer.place(&quote, "one").await.refused(409, "voucher-not-running");
    assert_eq!((app.left(&stall, &tea).await, app.count("select count(*) from orders").await), (10, 0));
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_checkouts_use_a_voucher_for_ten() {
    let app = TestApp::new().await;
    let stall = app.stall("Hợp tác xã Mường Than", LAI_CHAU).await;
    let tea = app.shelve(&stall, Goods { on_hand: 100, ..TEA }).await;
    offer(&stall, form("MUOI-LUOT", off(20_000), json!({ "total": 10 }))).await;
    let mut quoted = Vec::new();
    for _ in 0..64 {
        let buyer = app.account("Người mua").await;
        let quote = buyer.post("/v1/checkouts", with_vouchers(&[(&tea, 1)], &["MUOI-LUOT"])).await.ok();
        quoted.push((buyer, quote));
    }
    let mut requests = JoinSet::new();
    for (buyer, quote) in quoted {
        requests.spawn(async move { buyer.place(&quote, "one").await });
    }
    let mut placed = 0;
    for answer in requests.join_all().await {
        if answer.status == 201 {
            placed += 1;
        } else {
            assert_eq!(answer.refused(409, "voucher-exhausted")["limit"], "total");
        }
    }
    assert_eq!((placed, app.left(&stall, &tea).await), (10, 90));
    assert_eq!(app.count("select count(*) from orders where discount_vnd = 20000").await, 10);
    app.finish().await;
}
