//! Listings at every point of their lives, and the officers who decide on them.

use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use super::sellers::{PDF, ShopActor, png};
use super::{Actor, Answer, TestApp};

impl ShopActor {
    /// A picture of the shop.
    pub async fn picture(&self) -> String {
        self.media("picture", png(16, 16)).await
    }

    /// A scan among the shop's papers.
    pub async fn scan(&self) -> String {
        self.media("paper", PDF.to_vec()).await
    }

    /// A complete listing of tea with one pack of that price, not handed in yet.
    pub async fn draft(&self, price: i64) -> Value {
        let content = tea(&[&self.picture().await]);
        let listing = self.post(&self.path("/listings"), content).await.ok();
        let path = self.path(&format!("/listings/{}/variants", id_of(&listing)));
        self.put(&path, packs(&[("HOP-200", price, Some(260))])).await.ok()
    }

    /// The listing as the shop sees it.
    pub async fn listing(&self, id: &str) -> Value {
        self.get(&self.path(&format!("/listings/{id}"))).await.ok()
    }

    /// Writes the listing's content from its present version.
    pub async fn save(&self, listing: &Value, content: Value) -> Answer {
        let tag = format!("\"{}\"", listing["version"]);
        let path = self.path(&format!("/listings/{}/content", id_of(listing)));
        self.put_with(&path, &[("if-match", &tag)], content).await
    }

    /// Hands the listing in.
    pub async fn submit(&self, id: &str) -> Answer {
        self.post(&self.path(&format!("/listings/{id}/submission")), json!({})).await
    }

    /// The shop's case about this certificate or revision that was opened last.
    pub async fn case_about(&self, subject: &str) -> String {
        let cases = self.get(&self.path("/cases")).await.ok();
        let mut cases = cases["items"].as_array().expect("a page").iter();
        let found = cases.find(|case| case["subject_id"] == subject).expect("a case about it");
        id_of(found).to_owned()
    }
}

/// The `id` of a body.
pub fn id_of(body: &Value) -> &str {
    body["id"].as_str().expect("an id")
}

/// The content of a listing of Shan tuyết tea.
pub fn tea(pictures: &[&str]) -> Value {
    json!({
        "set_no": 11,
        "title_vi": "Chè Shan tuyết Tả Lèng",
        "summary_vi": "Chè búp hái từ cây cổ thụ, sao tay.",
        "story_vi": "Những cây chè cổ thụ trên núi Tả Lèng.",
        "label": {
            "ingredients": "100 % búp chè Shan tuyết",
            "net_quantity": "200 g",
            "shelf_life": "24 tháng kể từ ngày sản xuất",
            "storage": "Nơi khô ráo",
            "responsible_name": "Hợp tác xã Chè Tả Lèng",
            "responsible_address": "Xã Tả Lèng, tỉnh Lai Châu",
        },
        "pictures": pictures,
    })
}

/// Packs by sku, price and grams.
pub fn packs(packs: &[(&str, i64, Option<i32>)]) -> Value {
    let variants = packs.iter().map(
        |(sku, price, grams)| json!({ "sku": sku, "name_vi": format!("Gói {sku}"), "price_vnd": price, "grams": grams }),
    );
    json!({ "variants": variants.collect::<Vec<_>>() })
}

impl TestApp {
    /// A published listing of the shop with one pack of that price, so many of them on the shelf.
    pub async fn published_listing(&self, shop: &ShopActor, price: i64, stock: i32) -> Value {
        let listing = shop.draft(price).await;
        let path = shop.path(&format!("/variants/{}/stock", id_of(&listing["variants"][0])));
        shop.put(&path, json!({ "on_hand": stock })).await.ok();
        self.publish(shop, id_of(&listing)).await
    }

    /// Hands the listing in and approves it.
    pub async fn publish(&self, shop: &ShopActor, id: &str) -> Value {
        let submitted = shop.submit(id).await.ok();
        self.decide(shop, id_of(&submitted["revision"]), json!({ "verdict": "approve" })).await;
        shop.listing(id).await
    }

    /// Lets an officer of the shop's province give this verdict on the certificate or revision.
    pub async fn decide(&self, shop: &ShopActor, subject: &str, verdict: Value) {
        let case = shop.case_about(subject).await;
        self.officer_of_shop(shop).await.put(&format!("/admin/v1/cases/{case}/verdict"), verdict).await.ok();
    }

    async fn officer_of_shop(&self, shop: &ShopActor) -> Actor {
        let file = shop.get(&shop.path("")).await.ok();
        let province = file["location"]["province"]["code"].as_str().expect("a province");
        self.officer(province, OfficerRole::Reviewer).await
    }
}
