//! Shops with goods on the shelf, and buyers who order them: what stories about trade start from.

use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use ocop_market::adapters::{BANK_NOTICE_SIGNATURE, BANK_NOTICE_TIMESTAMP, BankNotices};
use ocop_market::kernel::{ListingId, SellerId, VariantId};
use ocop_market::market::catalogue::{self, Content, NewVariant};
use ocop_market::market::sellers::{self, NewSeller, Profile, Seat, SellerKind};
use ocop_market::people::access::{self, MemberRole};
use ocop_market::trade::payments::transfers;
use ocop_market::trade::statements::checks::verify;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::sellers::commune_of;
use super::{Actor, Answer, HA_NOI, Providers, TestApp, bank_keys};

/// An open shop and its owner.
pub struct Stall {
    pub id: SellerId,
    pub slug: String,
    pub owner: Actor,
}

/// What is put on the shelf.
#[derive(Debug, Clone, Copy)]
pub struct Goods<'a> {
    pub title: &'a str,
    pub set_no: i16,
    pub price_vnd: i64,
    pub grams: Option<i32>,
    pub on_hand: i32,
}

pub const TEA: Goods<'static> =
    Goods { title: "Trà Shan tuyết", set_no: 10, price_vnd: 185_000, grams: Some(250), on_hand: 10 };
pub const HONEY: Goods<'static> =
    Goods { title: "Mật ong bạc hà", set_no: 8, price_vnd: 320_000, grams: Some(700), on_hand: 10 };

/// Something on the shelf.
#[derive(Debug, Clone)]
pub struct Ware {
    pub listing: ListingId,
    pub slug: String,
    pub variant: VariantId,
}

impl TestApp {
    /// Runs statements no endpoint has: what the world does around the marketplace.
    pub async fn sql(&self, statement: &'static str) {
        self.app
            .db
            .act(async |conn| {
                sqlx::raw_sql(statement).execute(conn).await?;
                Ok(())
            })
            .await
            .unwrap();
    }

    /// One number out of the database, for invariants no endpoint shows.
    pub async fn count(&self, query: &'static str) -> i64 {
        self.app.db.see(async |conn| Ok(sqlx::query_scalar::<_, i64>(query).fetch_one(conn).await?)).await.unwrap()
    }

    /// What became of what providers sent.
    pub async fn outcomes_of_webhooks(&self) -> Vec<String> {
        const OUTCOMES: &str = "select coalesce(outcome, 'none') from webhooks order by id";
        self.app.db.see(async |conn| Ok(sqlx::query_scalar(OUTCOMES).fetch_all(conn).await?)).await.unwrap()
    }

    /// Whether the books agree with themselves and with what happened.
    pub async fn books_agree(&self) {
        let books = self.app.db.see(async |conn| verify(conn).await).await.unwrap();
        assert!(books.agrees, "{:?}", books.findings);
    }

    /// An approved shop of that name and province, which has proved who it is.
    pub async fn stall(&self, name: &str, province: &str) -> Stall {
        let owner = self.account("Chủ gian hàng").await;
        let now = self.clock.now();
        let profile = Profile {
            kind: SellerKind::Cooperative,
            name: name.to_owned(),
            legal_name: None,
            representative: None,
            tax_code: None,
            seat: Seat {
                province_code: province.to_owned(),
                commune_code: commune_of(province).to_owned(),
                legacy_province_code: province.to_owned(),
                street: None,
            },
            phone: None,
            email: None,
            public_contact: false,
            about_vi: None,
            about_en: None,
        };
        let new = NewSeller { profile, personal_id: None, demo: false };
        let summary = self
            .app
            .db
            .act(async |conn| {
                let id = sellers::create(conn, &self.app.seal, &new, now).await?;
                access::add_member(conn, id, owner.account(), MemberRole::Owner, now).await?;
                sellers::summary(conn, id).await
            })
            .await
            .unwrap();
        self.authenticate(summary.id, owner.account()).await;
        Stall { id: summary.id, slug: summary.slug, owner }
    }

    /// Lets somebody become a member of the shop.
    pub async fn joins(&self, stall: &Stall, actor: &Actor) {
        self.joins_as(stall, actor, MemberRole::Packer).await;
    }

    /// Lets somebody become a member of the shop, as that.
    pub async fn joins_as(&self, stall: &Stall, actor: &Actor, role: MemberRole) {
        let (seller, account, now) = (stall.id, actor.account(), self.clock.now());
        let join = async |conn: &mut PgConnection| access::add_member(conn, seller, account, role, now).await;
        self.app.db.act(join).await.unwrap();
    }

    /// The shop says to which account its buyers pay.
    pub async fn takes_transfers(&self, stall: &Stall) {
        let holder = stall.slug.replace('-', " ").to_uppercase();
        let account = json!({ "bin": "970405", "number": "7800205123456", "holder": holder });
        let form = serde_json::from_value(account).unwrap();
        let (whose, now) = ((stall.id, stall.owner.account()), self.clock.now());
        let set = async |conn: &mut PgConnection| transfers::set_account(conn, &self.app.seal, whose, &form, now).await;
        self.app.db.act(set).await.map(drop).unwrap();
    }

    /// What the service that reports transfers sends.
    pub async fn bank_notice(&self, notice: &Value) -> Answer {
        self.bank_notice_signed(&bank_keys(), notice).await
    }

    /// The same with keys of somebody's own.
    pub async fn bank_notice_signed(&self, keys: &BankNotices, notice: &Value) -> Answer {
        let (timestamp, body) = (self.clock.now().timestamp().to_string(), notice.to_string());
        let signature = keys.sign(&timestamp, body.as_bytes());
        let headers = [(BANK_NOTICE_TIMESTAMP, timestamp.as_str()), (BANK_NOTICE_SIGNATURE, signature.as_str())];
        self.anyone().send(Method::POST, "/v1/payments/bank_notices", &headers, body.into()).await
    }

    /// Goods of the shop, published and counted.
    pub async fn shelve(&self, stall: &Stall, goods: Goods<'_>) -> Ware {
        self.shelve_packs(stall, goods, 1).await.remove(0)
    }

    /// Goods of the shop in several packs, published and counted.
    pub async fn shelve_packs(&self, stall: &Stall, goods: Goods<'_>, packs: usize) -> Vec<Ware> {
        let now = self.clock.now();
        let content = json!({
            "set_no": goods.set_no, "title_vi": goods.title, "summary_vi": goods.title, "story_vi": goods.title,
        });
        let content: Content = serde_json::from_value(content).unwrap();
        let pack = |number| {
            let sku = format!("goi-{number}");
            let pack = json!({ "sku": sku, "name_vi": sku, "price_vnd": goods.price_vnd, "grams": goods.grams });
            serde_json::from_value(pack).unwrap()
        };
        let variants: Vec<NewVariant> = (0..packs).map(pack).collect();
        let listing = self
            .app
            .db
            .act(async |conn| catalogue::publish_demo(conn, stall.id, &content, &variants, now).await)
            .await
            .unwrap();
        let stock = stall.owner.get(&format!("/v1/shops/{}/stock?limit=100", stall.id)).await.ok();
        let lines = stock["items"].as_array().unwrap().iter().filter(|line| line["listing_id"] == json!(listing));
        let mut wares: Vec<Ware> = lines.map(Ware::of).collect();
        wares.sort_by_key(|ware| ware.variant);
        assert_eq!(wares.len(), packs);
        for ware in &wares {
            self.stock(stall, ware, goods.on_hand).await.ok();
        }
        wares
    }

    /// The shop counts.
    pub async fn stock(&self, stall: &Stall, ware: &Ware, on_hand: i32) -> Answer {
        let path = format!("/v1/shops/{}/variants/{}/stock", stall.id, ware.variant);
        stall.owner.put(&path, json!({ "on_hand": on_hand })).await
    }

    /// How many are left.
    pub async fn left(&self, stall: &Stall, ware: &Ware) -> i64 {
        let page = stall.owner.get(&format!("/v1/shops/{}/stock?limit=100", stall.id)).await.ok();
        let lines = page["items"].as_array().unwrap();
        let line = lines.iter().find(|line| line["variant_id"] == json!(ware.variant)).unwrap();
        line["on_hand"].as_i64().unwrap()
    }

    /// A rule of today for a product set, as a decree would bring it.
    pub async fn sale_rule(&self, set_no: i16, orderable: bool, cash_allowed: bool, minimum_age: Option<i16>) {
        let today = self.clock.today();
        self.app
            .db
            .act(async |conn| {
                sqlx::query(
                    "insert into sale_rules (id, set_no, orderable, cash_allowed, minimum_age, effective_from,
                                             legal_basis)
                     select coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, 'Bài kiểm thử' from sale_rules",
                )
                .bind(set_no)
                .bind(orderable)
                .bind(cash_allowed)
                .bind(minimum_age)
                .bind(today)
                .execute(conn)
                .await?;
                Ok(())
            })
            .await
            .unwrap();
    }
}

impl Ware {
    /// From a line of the shop's stock.
    fn of(line: &Value) -> Self {
        Self {
            listing: line["listing_id"].as_str().unwrap().parse().unwrap(),
            slug: line["listing_slug"].as_str().unwrap().to_owned(),
            variant: line["variant_id"].as_str().unwrap().parse().unwrap(),
        }
    }
}

/// An address in Ha Noi, for these lines; without lines, for the cart.
pub fn order_form(lines: &[(&Ware, i32)]) -> Value {
    let mut form = json!({
        "recipient": "Nguyễn Thị Hoa",
        "phone": "0912 345 678",
        "commune": commune_of(HA_NOI),
        "street": "12 phố Phan Đình Phùng",
    });
    if !lines.is_empty() {
        let lines = lines.iter().map(|(ware, quantity)| json!({ "variant_id": ware.variant, "quantity": quantity }));
        form["lines"] = lines.collect();
    }
    form
}

impl Actor {
    /// Asks for a quote.
    pub async fn quote(&self, lines: &[(&Ware, i32)]) -> Value {
        self.post("/v1/checkouts", order_form(lines)).await.ok()
    }

    /// Places a quote for the total it shows, to be paid on delivery.
    pub async fn place(&self, quote: &Value, key: &str) -> Answer {
        self.place_by("cod", quote, key).await
    }

    /// Places a quote for the total it shows, to be paid so.
    pub async fn place_by(&self, method: &str, quote: &Value, key: &str) -> Answer {
        let agreement = json!({ "total_vnd": quote["total_vnd"], "method": method });
        let path = format!("/v1/checkouts/{}/placement", quote["id"].as_str().unwrap());
        self.put_with(&path, &[("idempotency-key", key)], agreement).await
    }

    /// Buys these lines, to be paid on delivery; answers with the orders' ids, by shop.
    pub async fn buy(&self, lines: &[(&Ware, i32)]) -> Vec<String> {
        self.buy_by(lines, "cod").await
    }

    /// Buys these lines, to be paid so; answers with the orders' ids, by shop.
    pub async fn buy_by(&self, lines: &[(&Ware, i32)], method: &str) -> Vec<String> {
        let quote = self.quote(lines).await;
        let placed = self.place_by(method, &quote, quote["id"].as_str().unwrap()).await;
        assert_eq!(placed.status, StatusCode::CREATED.as_u16(), "{}", placed.body);
        let orders = placed.body["orders"].as_array().unwrap().clone();
        orders.iter().map(|order| order["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Buys these lines and pays for them at the gateway's page; answers with the orders' ids, by shop.
    pub async fn buy_at(&self, providers: &Providers, method: &str, lines: &[(&Ware, i32)]) -> Vec<String> {
        let quote = self.quote(lines).await;
        let key = quote["id"].as_str().unwrap();
        let placed = self.place_by(method, &quote, key).await.ok();
        let path = format!("/v1/payments/{}/attempts", placed["payments"][0]["payment_id"].as_str().unwrap());
        let attempt = self.send(Method::POST, &path, &[("idempotency-key", key)], Bytes::new()).await.ok();
        assert_eq!(providers.get(attempt["pay_url"].as_str().unwrap()).await.0, 200);
        let reference = attempt["id"].as_str().unwrap().replace('-', "");
        let (status, answer) = providers.post(&format!("/control/{method}/payments/{reference}/pay"), json!({})).await;
        assert_eq!(status, 200, "{answer}");
        let told = answer["notices"][0]["told"][0]["status"].as_u64().unwrap();
        assert!((200..300).contains(&told), "{answer}");
        let orders = placed["orders"].as_array().unwrap();
        orders.iter().map(|order| order["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Turns the buyer's own order.
    pub async fn turn(&self, order: &str, step: &str) -> Answer {
        self.put(&format!("/v1/orders/{order}/{step}"), json!({})).await
    }
}

impl Stall {
    /// Turns an order of the shop.
    pub async fn turn(&self, order: &str, step: &str) -> Answer {
        let body = if step == "shipment" {
            json!({ "carrier": "VNPost", "tracking_code": format!("EA-{}", &order[24..]) })
        } else {
            json!({})
        };
        self.owner.put(&format!("/v1/shops/{}/orders/{order}/{step}", self.id), body).await
    }

    /// Says that the transfer of an order is there.
    pub async fn confirm_payment(&self, order: &str) -> Answer {
        let path = format!("/v1/shops/{}/orders/{order}", self.id);
        let total = self.owner.get(&path).await.ok()["total_vnd"].clone();
        let received = json!({ "amount_vnd": total, "bank_reference": format!("FT{order}") });
        self.owner.put(&format!("{path}/payment/confirmation"), received).await
    }

    /// Brings an order to the buyer.
    pub async fn deliver(&self, order: &str) {
        for step in ["acceptance", "packing", "shipment", "delivery"] {
            self.turn(order, step).await.ok();
        }
    }
}
