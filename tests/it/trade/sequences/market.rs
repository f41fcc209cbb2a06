//! Where the sequences happen: three shops, their goods and vouchers, and everybody at the other end of a wire.

use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::super::payments::gateway::FakeGateway;
use super::acts::{VOUCHERS, WARES};
use crate::support::{Actor, Goods, HA_NOI, HONEY, LAI_CHAU, Providers, Stall, TEA, TestApp, Ware};

/// A shop with the officer of its province.
pub struct Shop {
    pub stall: Stall,
    pub officer: Actor,
}

/// The marketplace of many sequences, one after the other.
pub struct Market {
    pub app: TestApp,
    pub gateway: FakeGateway,
    pub providers: Providers,
    pub operator: Actor,
    /// A household, a cooperative and an enterprise.
    pub shops: [Shop; 3],
    /// With the number of their shops.
    pub wares: Vec<(usize, Ware)>,
    pub buyers: Vec<Actor>,
}

/// What a scarce ware is filled up to.
const SCARCE: i32 = 5;

impl Market {
    pub async fn open() -> Self {
        let gateway = FakeGateway::start().await;
        let (app, providers) = gateway.marketplace().await;
        let operator = app.operator().await;
        let shops = [
            shop(&app, "Mật ong nhà Mây", LAI_CHAU).await,
            shop(&app, "Hợp tác xã Ba Đình", HA_NOI).await,
            shop(&app, "Công ty Chè Ba Vì", HA_NOI).await,
        ];
        let wares = wares(&app, &shops).await;
        let mut buyers = Vec::new();
        for name in ["Hoa", "Lan", "Mai"] {
            buyers.push(app.account(name).await);
        }
        let market = Self { app, gateway, providers, operator, shops, wares, buyers };
        market.set_terms().await;
        market.offer_vouchers().await;
        market.rest_rounds().await;
        market
    }

    /// What the shops agree to, and what they are charged.
    async fn set_terms(&self) {
        self.app
            .sql(
                "update sellers set kind = 'household' where name = 'Mật ong nhà Mây';
                 update sellers set kind = 'enterprise' where name = 'Công ty Chè Ba Vì';
                 -- Nobody signs in again in the years the sequences take.
                 update sessions set expires_at = expires_at + interval '500 years'",
            )
            .await;
        let today = self.app.clock.today();
        for (priority, shop, rate_bps) in [(500, None, 333), (400, Some(&self.shops[1]), 1_250)] {
            let rule = json!({
                "priority": priority, "seller_id": shop.map(|shop| shop.stall.id), "rate_bps": rate_bps,
                "effective_from": today, "legal_basis": "Biểu phí của sàn",
            });
            self.operator.post("/admin/v1/commission_rules", rule).await.ok();
        }
        for (shop, free_from) in self.shops.iter().zip([Value::Null, json!(400_000), json!(0)]) {
            let path = |what: &str| format!("/v1/shops/{}/{what}", shop.stall.id);
            let terms = json!({ "free_from_vnd": free_from, "handling_days": 1 });
            shop.stall.owner.put(&path("shipping"), terms).await.ok();
            shop.stall.owner.put(&path("return_policy"), json!({ "changed_mind_days": 5 })).await.ok();
        }
    }

    /// One of a shop alone, one of the marketplace and the shops, one of a province within a budget, one that leaves
    /// nothing to pay for the goods, and one for three checkouts.
    async fn offer_vouchers(&self) {
        let form = |code: &str, discount: Value, limits: Value| {
            json!({
                "code": code, "title_vi": "Giảm giá", "discount": discount, "limits": limits,
                "valid_from": self.app.clock.today(), "valid_to": "2900-12-31",
            })
        };
        let off = |amount: i64| json!({ "kind": "amount", "amount_vnd": amount });
        let percent = json!({ "kind": "percent", "rate_bps": 1_111, "cap_vnd": 60_000 });
        let household = &self.shops[0].stall;
        let own = form(VOUCHERS[0], percent, json!({}));
        household.owner.post(&format!("/v1/shops/{}/vouchers", household.id), own).await.ok();
        let budget = json!({ "budget_vnd": 400_000 });
        for (province, bearers, voucher) in [
            (None, [6_000, 0, 4_000], form(VOUCHERS[1], off(25_001), json!({}))),
            (Some(LAI_CHAU), [0, 7_000, 3_000], form(VOUCHERS[2], off(33_333), budget)),
            (None, [10_000, 0, 0], form(VOUCHERS[3], off(90_000_000), json!({}))),
            (None, [10_000, 0, 0], form(VOUCHERS[4], off(10_000), json!({ "total": 3 }))),
        ] {
            let [platform, of_province, shop] = bearers;
            let mut promise = json!({
                "bearers": { "platform_bps": platform, "province_bps": of_province, "shop_bps": shop },
                "voucher": voucher,
            });
            if let Some(province) = province {
                promise["province_code"] = json!(province);
            }
            let made = self.operator.post("/admin/v1/vouchers", promise).await.ok();
            for shop in self.shops[..2].iter().filter(|_| shop > 0) {
                let joined = format!("/v1/shops/{}/voucher_programmes/{}", shop.stall.id, made["id"].as_str().unwrap());
                // A province's programme is not open to others.
                shop.stall.owner.put(&joined, json!({})).await;
            }
        }
    }

    /// Fills the shelves for the next sequence; the scarce ware only so far.
    pub async fn fill_up(&self) {
        let (shop, ware) = &self.wares[WARES - 1];
        self.app.stock(&self.shops[*shop].stall, ware, SCARCE).await;
    }

    /// What recurs (the daily jobs, and the rounds that look for forgotten work) is not due any more: the sequences
    /// would otherwise do it after every few hours.
    async fn rest_rounds(&self) {
        self.app.run_jobs().await;
        self.app.sql("update jobs set run_at = '2900-01-01' where key is not null").await;
    }

    /// Everything that recurs is done now.
    pub async fn do_rounds(&self) {
        self.app.sql("update jobs set run_at = '2026-01-01' where key is not null").await;
        self.rest_rounds().await;
    }

    pub fn shop_of(&self, seller: &str) -> &Shop {
        self.shops.iter().find(|shop| shop.stall.id.to_string() == seller).unwrap()
    }
}

async fn shop(app: &TestApp, name: &str, province: &str) -> Shop {
    let stall = app.stall(name, province).await;
    app.takes_transfers(&stall).await;
    Shop { stall, officer: app.officer(province, OfficerRole::Reviewer).await }
}

/// Goods of odd prices, so that every share is rounded.
async fn wares(app: &TestApp, shops: &[Shop; 3]) -> Vec<(usize, Ware)> {
    let mut wares = Vec::new();
    for (shop, goods, price_vnd, on_hand) in [
        (0, HONEY, 333_333, 90_000),
        (0, TEA, 17, 90_000),
        (1, TEA, 185_001, 90_000),
        (1, HONEY, 99_999, 90_000),
        (2, TEA, 1_234_567, 90_000),
        (2, HONEY, 70_003, SCARCE),
    ] {
        let goods = Goods { price_vnd, on_hand, ..goods };
        wares.push((shop, app.shelve(&shops[shop].stall, goods).await));
    }
    assert_eq!(wares.len(), WARES);
    wares
}
