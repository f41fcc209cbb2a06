//! One of everything that belongs to somebody, made the way people make it.

mod buying;
mod parcels;
mod payments;
mod payouts;
mod register;
mod transfers;

use axum::body::Bytes;
use axum::http::Method;
use ocop_market::people::access::{self, MemberRole, OfficerRole};
pub use parcels::REMITTANCE;
pub use register::LIST;
use serde_json::{Value, json};

use crate::support::catalogue::{id_of, packs, tea};
use crate::support::sellers::{PERSONAL_ID, ShopActor, commune_of, cooperative, household, paper, png};
use crate::support::{Actor, HA_NOI, LAI_CHAU, TestApp};

const PAPER_NUMBER: &str = "77B-000777";
const WAITING_DECISION: &str = "99/QĐ-UBND";
const RECIPIENT: &str = "Hoàng Thị Riêng";
const RETURN: &str = "Hộp chè vỡ, xin trả lại";
const COMPLAINT: &str = "Người bán nói năng thô lỗ với tôi";
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

    /// The household's approved shop, one that waits for its department, and a draft.
    async fn shops(&mut self, app: &TestApp, [owner, buyer, packer]: [&Actor; 3]) -> ShopActor {
        let shop = begin(owner, household(LAI_CHAU)).await;
        let waiting = begin(owner, cooperative(LAI_CHAU)).await;
        let draft = begin(owner, cooperative(LAI_CHAU)).await;
        for each in [&shop, &waiting, &draft] {
            self.add_packer(app, each, packer).await;
            self.keep_secret(&each.id);
            self.shops.push(each.id.clone());
        }
        self.add_paper(&shop, "personal_id").await;
        let read_by_officers = self.add_paper(&shop, "business_registration").await;
        shop.post(&shop.path("/submission"), json!({})).await.ok();
        app.decide(&shop, &shop.id, json!({ "verdict": "approve" })).await;
        self.add_paper(&waiting, "business_registration").await;
        waiting.post(&waiting.path("/submission"), json!({})).await.ok();
        self.add_paper(&draft, "business_registration").await;

        self.note("shop_id", &shop.id);
        self.note_for("/v1/shops/{shop_id}/submission", "shop_id", &waiting.id);
        self.note_for("/v1/shops/{shop_id}/papers/{paper_id}", "shop_id", &draft.id);
        let file = draft.get(&draft.path("")).await.ok();
        self.note("paper_id", id_of(&file["papers"][0]));
        self.note("media_id", read_by_officers);
        self.note("case_id", waiting.case_about(&waiting.id).await);
        self.note_for("/v1/sellers/{slug}", "slug", &shop.slug);
        let members = shop.get(&shop.path("/members")).await.ok();
        let members = members.as_array().unwrap();
        let packs = members.iter().find(|member| member["account_id"] == json!(packer.account())).unwrap();
        self.note("member_id", id_of(packs));
        let asked = json!({ "contact": buyer.contact(), "role": "accountant" });
        let listed = draft.post(&draft.path("/members"), asked).await.ok();
        let invited = listed.as_array().unwrap().iter().find(|member| member["accepted_at"].is_null()).unwrap();
        for path in ["/v1/me/invitations/{member_id}", "/v1/me/memberships/{member_id}"] {
            self.note_for(path, "member_id", id_of(invited));
        }
        for secret in
            [PAPER_NUMBER, PERSONAL_ID, &format!("•{}", &PERSONAL_ID[9..]), "Số 7, bản Thèn Thầu", "+84987654321"]
        {
            self.keep_secret(secret);
        }
        self.picture = shop.picture().await;
        self.spare_paper = shop.scan().await;
        self.keep_secret(self.spare_paper.clone());
        shop
    }

    async fn add_packer(&self, app: &TestApp, shop: &ShopActor, packer: &Actor) {
        let (seller, now) = (shop.id.parse().unwrap(), app.clock.now());
        let account = packer.account();
        app.app
            .db
            .act(async |conn| access::add_member(conn, seller, account, MemberRole::Packer, now).await)
            .await
            .unwrap();
    }

    /// Adds a paper with a number of its own and says which file it is.
    async fn add_paper(&mut self, shop: &ShopActor, kind: &str) -> String {
        let media = shop.scan().await;
        let mut form = paper(kind, &media);
        if kind != "personal_id" {
            form["number"] = json!(PAPER_NUMBER);
        }
        shop.post(&shop.path("/papers"), form).await.ok();
        self.keep_secret(&media);
        media
    }

    /// A verified certificate, and a claim that waits.
    async fn certificates(&mut self, app: &TestApp, shop: &ShopActor) {
        let verified = claim(shop, "8/QĐ-UBND").await;
        app.decide(shop, id_of(&verified), json!({ "verdict": "approve" })).await;
        let waiting = claim(shop, WAITING_DECISION).await;
        self.note("certificate_id", id_of(&waiting));
        let case = shop.case_about(id_of(&waiting)).await;
        self.note("case_id", &case);
        for path in ["/v1/shops/{shop_id}/cases/{case_id}", "/v1/shops/{shop_id}/cases/{case_id}/words"] {
            self.note_for(path, "case_id", &case);
        }
        self.keep_secret(id_of(&waiting));
        self.keep_secret(WAITING_DECISION);

        let refused = claim(shop, "11/QĐ-UBND").await;
        let rejection =
            json!({ "verdict": "reject", "reason_codes": ["certificate.not_found"], "words": "Không tìm thấy." });
        app.decide(shop, id_of(&refused), rejection).await;
        self.note_for("/v1/shops/{shop_id}/cases/{case_id}/appeal", "case_id", shop.case_about(id_of(&refused)).await);
    }

    /// A published listing on the shelf, one that waits, one to hand in, one to give up; the published one's pack.
    async fn listings(&mut self, app: &TestApp, shop: &ShopActor) -> String {
        let published = self.listing(shop, "Chè Shan tuyết công khai").await;
        let variant = id_of(&published["variants"][0]).to_owned();
        shop.put(&shop.path(&format!("/variants/{variant}/stock")), json!({ "on_hand": 100 })).await.ok();
        let published = app.publish(shop, id_of(&published)).await;
        self.note("listing_id", id_of(&published));
        id_of(&published).clone_into(&mut self.listing);
        self.note("variant_id", &variant);
        let slug = published["slug"].as_str().unwrap();
        self.note_for("/v1/listings/{slug}", "slug", slug);
        self.note_for("/v1/listings/{slug}/reviews", "slug", slug);
        let page = app.anyone().get(&format!("/v1/listings/{slug}")).await.ok();
        self.note("name", page["pictures"][0]["small"].as_str().unwrap().rsplit('/').next().unwrap());

        let waiting = self.listing(shop, "Chè nháp đang chờ duyệt").await;
        let waiting = shop.submit(id_of(&waiting)).await.ok();
        self.note("case_id", shop.case_about(id_of(&waiting["revision"])).await);
        for (path, title) in [
            ("/v1/shops/{shop_id}/listings/{listing_id}/submission", "Chè nháp sắp gửi"),
            ("/v1/shops/{shop_id}/listings/{listing_id}/archive", "Chè nháp sắp bỏ"),
        ] {
            let draft = self.listing(shop, title).await;
            self.note_for(path, "listing_id", id_of(&draft));
        }
        self.keep_secret("Chè nháp");
        variant
    }

    async fn listing(&self, shop: &ShopActor, title: &str) -> Value {
        let mut content = tea(&[&self.picture]);
        content["title_vi"] = json!(title);
        let listing = shop.post(&shop.path("/listings"), content).await.ok();
        let path = shop.path(&format!("/listings/{}/variants", id_of(&listing)));
        let mut packs = packs(&[("SHAN-200", 185_000, Some(260))]);
        // As in the example, which may not rename it.
        packs["variants"][0]["name_vi"] = json!("Hộp 200 g");
        shop.put(&path, packs).await.ok()
    }

    /// A quote the buyer has not placed.
    async fn checkout(&mut self, buyer: &Actor, variant: &str) {
        let quote = quote(buyer, variant).await;
        self.note("checkout_id", id_of(&quote));
        self.total_vnd = quote["total_vnd"].clone();
        for secret in [id_of(&quote), RECIPIENT, STREET, "+84977123456"] {
            self.keep_secret(secret);
        }
    }

    /// An order for every step somebody can take, brought to where it can be taken.
    async fn orders(&mut self, shop: &ShopActor, buyer: &Actor, variant: &str) {
        const STEPS: [&str; 4] = ["acceptance", "packing", "shipment", "delivery"];
        for (path, steps) in [
            ("", 0),
            ("/v1/orders/{order_id}/cancellation", 0),
            ("/v1/orders/{order_id}/delivery", 3),
            ("/v1/orders/{order_id}/lines/{line_id}/review", 4),
            ("/v1/shops/{shop_id}/orders/{order_id}/acceptance", 0),
            ("/v1/shops/{shop_id}/orders/{order_id}/packing", 1),
            ("/v1/shops/{shop_id}/orders/{order_id}/shipment", 2),
            ("/v1/shops/{shop_id}/orders/{order_id}/delivery", 3),
            ("/v1/shops/{shop_id}/orders/{order_id}/cancellation", 1),
            ("/v1/shops/{shop_id}/orders/{order_id}/refusal", 3),
            ("/v1/shops/{shop_id}/orders/{order_id}/refusal/receipt", 3),
        ] {
            let order = self.order(shop, buyer, variant, &STEPS[..steps]).await;
            if path.ends_with("receipt") {
                shop.put(&shop.path(&format!("/orders/{}/refusal", id_of(&order))), json!({})).await.ok();
            }
            self.note_for(path, "order_id", id_of(&order));
            if path.ends_with("review") {
                self.note("line_id", id_of(&order["lines"][0]));
            }
        }
    }

    /// Something delivered, and what the buyer said of it.
    async fn reviewed(&mut self, path: &'static str, shop: &ShopActor, buyer: &Actor, variant: &str) {
        let order = self.order(shop, buyer, variant, &["acceptance", "packing", "shipment", "delivery"]).await;
        let line = format!("/v1/orders/{}/lines/{}/review", id_of(&order), id_of(&order["lines"][0]));
        let review = buyer.post(&line, json!({ "stars": 4, "text": "Thơm." })).await.ok();
        self.note_for(path, "review_id", id_of(&review));
    }

    /// A complaint that waits, one to answer, one to take back.
    async fn complaints(&mut self, shop: &ShopActor, buyer: &Actor) {
        for (path, kind) in [
            ("", "other"),
            ("/v1/shops/{shop_id}/complaints/{complaint_id}/answer", "unfair_conduct"),
            ("/v1/complaints/{complaint_id}/withdrawal", "personal_data"),
        ] {
            let complaint = json!({ "against": { "seller": shop.slug }, "kind": kind, "words": COMPLAINT });
            let made = buyer.post("/v1/complaints", complaint).await.ok();
            self.note_for(path, "complaint_id", id_of(&made));
            self.keep_secret(id_of(&made));
        }
        self.keep_secret(COMPLAINT);
    }

    /// A return for every step somebody can take, brought to where it can be taken.
    async fn returns(&mut self, app: &TestApp, shop: &ShopActor, buyer: &Actor, variant: &str) {
        const DELIVERED: [&str; 4] = ["acceptance", "packing", "shipment", "delivery"];
        let photo = buyer.upload("/v1/me/evidence", "image/png", png(8, 8)).await.ok();
        for path in [
            "/v1/me/evidence/{media_id}",
            "/v1/shops/{shop_id}/returns/{return_id}/photos/{media_id}",
            "/v1/shops/{shop_id}/complaints/{complaint_id}/photos/{media_id}",
            "/admin/v1/cases/{case_id}/photos/{media_id}",
        ] {
            self.note_for(path, "media_id", id_of(&photo));
        }
        self.keep_secret(id_of(&photo));
        self.keep_secret(RETURN);
        let policy = json!({ "changed_mind_days": 60 });
        shop.put(&shop.path("/return_policy"), policy).await.ok();
        self.note_for("/v1/sellers/{slug}/return_policy", "slug", &shop.slug);
        let asked = self.order(shop, buyer, variant, &DELIVERED).await;
        self.note_for("/v1/orders/{order_id}/returns", "order_id", id_of(&asked));
        id_of(&asked["lines"][0]).clone_into(&mut self.returned_line);
        let (accept, parcel) = (json!({ "answer": "accept" }), json!({ "carrier": "VNPost", "tracking_code": "EA-9" }));
        let refuse = json!({ "answer": "refuse", "words": "Không." });
        let offer = json!({ "answer": "offer", "goods_back": false, "words": "Một." });
        for (path, reason, answer, sent) in [
            ("", "damaged", Some(&refuse), false),
            ("/v1/returns/{return_id}/offer_acceptance", "damaged", Some(&offer), false),
            ("/v1/returns/{return_id}/shipment", "damaged", Some(&accept), false),
            ("/v1/returns/{return_id}/escalation", "changed_mind", Some(&refuse), false),
            ("/v1/returns/{return_id}/withdrawal", "damaged", None, false),
            ("/v1/shops/{shop_id}/returns/{return_id}/answer", "damaged", None, false),
            ("/v1/shops/{shop_id}/returns/{return_id}/receipt", "damaged", Some(&accept), true),
            ("/v1/shops/{shop_id}/returns/{return_id}/objection", "damaged", Some(&accept), true),
            ("/v1/shops/{shop_id}/returns/{return_id}/compliance", "damaged", Some(&refuse), false),
        ] {
            let order = self.order_of(shop, buyer, (variant, 2), &DELIVERED).await;
            let line = |quantity: i32| json!([{ "order_line_id": order["lines"][0]["id"], "quantity": quantity }]);
            let wish = json!({ "lines": line(2), "reason": reason, "words": RETURN, "photos": [photo["id"]] });
            let made = ask(buyer, id_of(&order), &wish).await;
            let own = shop.path(&format!("/returns/{}", id_of(&made)));
            if let Some(answer) = answer {
                let mut answer = answer.clone();
                if answer["answer"] == "offer" {
                    answer["lines"] = line(1);
                }
                shop.put(&format!("{own}/answer"), answer).await.ok();
            }
            if sent {
                buyer.put(&format!("/v1/returns/{}/shipment", id_of(&made)), parcel.clone()).await.ok();
            }
            if path.ends_with("compliance") {
                app.decide(shop, id_of(&made), json!({ "verdict": "approve", "words": "Hoàn tiền." })).await;
            }
            if path.is_empty() {
                let case = shop.case_about(id_of(&made)).await;
                self.note_for("/admin/v1/cases/{case_id}/photos/{media_id}", "case_id", case);
            }
            self.note_for(path, "return_id", id_of(&made));
            self.keep_secret(id_of(&made));
        }
        self.complaint_with(shop, buyer, &photo["id"]).await;
    }

    /// A complaint that shows a picture.
    async fn complaint_with(&mut self, shop: &ShopActor, buyer: &Actor, photo: &Value) {
        let complaint = json!({
            "against": { "seller": shop.slug }, "kind": "counterfeit_or_false_stars", "words": COMPLAINT,
            "photos": [photo],
        });
        let made = buyer.post("/v1/complaints", complaint).await.ok();
        let path = "/v1/shops/{shop_id}/complaints/{complaint_id}/photos/{media_id}";
        self.note_for(path, "complaint_id", id_of(&made));
        self.keep_secret(id_of(&made));
    }

    async fn order(&mut self, shop: &ShopActor, buyer: &Actor, variant: &str, steps: &[&str]) -> Value {
        self.order_by("cod", (shop, buyer), (variant, 1), steps).await
    }

    async fn order_of(&mut self, shop: &ShopActor, buyer: &Actor, goods: (&str, i32), steps: &[&str]) -> Value {
        self.order_by("cod", (shop, buyer), goods, steps).await
    }

    async fn order_by(
        &mut self,
        method: &str,
        (shop, buyer): (&ShopActor, &Actor),
        goods: (&str, i32),
        steps: &[&str],
    ) -> Value {
        let quote = quote_of(buyer, goods).await;
        let placed = buyer.place_by(method, &quote, id_of(&quote)).await.ok();
        let id = id_of(&placed["orders"][0]).to_owned();
        for step in steps {
            let parcel = json!({ "carrier": "VNPost", "tracking_code": format!("EA-{}", &id[24..]) });
            let body = if *step == "shipment" { parcel } else { json!({}) };
            shop.put(&shop.path(&format!("/orders/{id}/{step}")), body).await.ok();
        }
        let order = buyer.get(&format!("/v1/orders/{id}")).await.ok();
        self.keep_secret(&id);
        self.keep_secret(order["number"].as_str().unwrap());
        order
    }

    /// A rule and a phrase of the screening, and the shop's province, which can be switched.
    pub async fn screening(&mut self, operator: &Actor) {
        let rules = operator.get("/admin/v1/screening_rules").await.ok();
        let rule = rules.as_array().unwrap().iter().find(|rule| rule["code"] == "price_outlier").unwrap();
        self.note("rule_id", id_of(rule));
        let commission = operator.get("/admin/v1/commission_rules").await.ok();
        self.note("month", "2026-11");
        self.note("year", "2026");
        self.note_for("/admin/v1/commission_rules/{rule_id}/end", "rule_id", id_of(&commission["items"][0]));
        let terms = operator.get("/admin/v1/screening_terms?rule=protected_name").await.ok();
        self.note("term_id", id_of(&terms["items"][0]));
        let words = operator.get("/admin/v1/search_words").await.ok();
        self.note("word_id", words["items"][0]["id"].to_string());
        self.note_for("/admin/v1/search_weights/{name}", "name", "star");
        self.note_for("/admin/v1/provinces/{code}/trusted_publishing", "code", LAI_CHAU);
        self.note("seller_id", self.shops[0].clone());
    }

    /// What officers of the province may do something about: shops, listings, orders of authorities.
    async fn measures(&mut self, app: &TestApp, shop: &ShopActor, head: &Actor) {
        self.note("seller_id", &shop.id);
        let other = app.approved_shop(LAI_CHAU).await;
        let suspended = app.approved_shop(LAI_CHAU).await;
        for (path, seller) in [
            ("/admin/v1/sellers/{seller_id}/suspensions", &other),
            ("/admin/v1/sellers/{seller_id}/reinstatement", &suspended),
        ] {
            self.note_for(path, "seller_id", &seller.id);
            self.keep_secret(&seller.id);
        }
        let suspension =
            json!({ "basis": "breach", "reason_codes": ["suspension.fraud"], "words": "Có dấu hiệu gian lận." });
        head.post(&format!("/admin/v1/sellers/{}/suspensions", suspended.id), suspension).await.ok();

        let withdrawable = app.published_listing(&other, 150_000, 5).await;
        self.note_for("/admin/v1/listings/{listing_id}/withdrawal", "listing_id", id_of(&withdrawable));
        let gone = app.published_listing(&other, 150_000, 5).await;
        let mut order = json!({
            "authority": "Chi cục Quản lý thị trường",
            "document_number": "KIN-01/QLTT",
            "legal_basis": "Nghị định 248/2026/NĐ-CP, Điều 17",
            "received_at": app.clock.now(),
        });
        order["listing_id"] = gone["id"].clone();
        order["carry_out"] = json!(true);
        let taken_down = head.post("/admin/v1/takedown_orders", order.clone()).await.ok();
        self.note("takedown_order_id", id_of(&taken_down));
        for field in ["listing_id", "carry_out"] {
            order.as_object_mut().unwrap().remove(field);
        }
        order["seller_id"] = json!(shop.id);
        order["asked"] = json!("Thông tin định danh của cửa hàng.");
        let request = head.post("/admin/v1/information_requests", order).await.ok();
        self.note("information_request_id", id_of(&request));
        self.keep_secret("KIN-01/QLTT");
    }

    /// What the shop thinks of a product, and what the marketplace attests of its sales.
    async fn assessed(&mut self, shop: &ShopActor) {
        let form = json!({ "product_name": "Chè tự đánh giá", "set_no": 11, "answers": [] });
        let assessment = shop.post(&shop.path("/assessments"), form).await.ok();
        self.note("seller_id", &shop.id);
        self.note("set_no", "11");
        self.note("assessment_id", id_of(&assessment));
        self.keep_secret(id_of(&assessment));
        self.keep_secret("Chè tự đánh giá");
        let period = json!({ "from": "2026-01-01", "to": "2026-11-20" });
        let certificate = shop.post(&shop.path("/sales_certificates"), period).await.ok();
        self.note("sales_certificate_id", id_of(&certificate["statement"]));
    }

    /// The auditor's permission, which the head can end.
    async fn grant(&mut self, [head, auditor]: [&Actor; 2]) {
        let grants = head.get("/admin/v1/grants").await.ok();
        let grants = grants.as_array().unwrap();
        let audits = grants.iter().find(|grant| grant["account_id"] == json!(auditor.account())).unwrap();
        self.note("id", id_of(audits));
        self.keep_secret(id_of(audits));
    }
}

/// A new shop of somebody who may have others.
pub async fn begin(owner: &Actor, form: Value) -> ShopActor {
    owner.accept_rules().await;
    let file = owner.post("/v1/shops", form).await.ok();
    let slug = file["slug"].as_str().unwrap().to_owned();
    ShopActor { actor: owner.clone(), id: id_of(&file).to_owned(), slug }
}

async fn claim(shop: &ShopActor, decision: &str) -> Value {
    let claim = json!({
        "product_name": "Chè Shan tuyết",
        "set_no": 11,
        "stars": 4,
        "decision_number": decision,
        "decision_date": "2025-06-25",
        "authority": "UBND tỉnh Lai Châu",
        "issued_on": "2025-06-30",
        "scan_id": shop.scan().await,
    });
    shop.post(&shop.path("/certificates"), claim).await.ok()
}

async fn quote(buyer: &Actor, variant: &str) -> Value {
    quote_of(buyer, (variant, 1)).await
}

async fn quote_of(buyer: &Actor, (variant, quantity): (&str, i32)) -> Value {
    let form = json!({
        "recipient": RECIPIENT,
        "phone": "0977 123 456",
        "commune": commune_of(HA_NOI),
        "street": STREET,
        "lines": [{ "variant_id": variant, "quantity": quantity }],
    });
    buyer.post("/v1/checkouts", form).await.ok()
}

async fn ask(buyer: &Actor, order: &str, wish: &Value) -> Value {
    let headers = [("idempotency-key", order), ("content-type", "application/json")];
    let path = format!("/v1/orders/{order}/returns");
    buyer.send(Method::POST, &path, &headers, Bytes::from(wish.to_string())).await.ok()
}
