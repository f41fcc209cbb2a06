//! Shops at every point of their lives.

use std::io::Cursor;
use std::ops::Deref;

use image::{ImageFormat, Rgb, RgbImage};
use ocop_market::kernel::{AccountId, SellerId};
use ocop_market::market::sellers::{self, AuthenticationMethod, NewAuthentication};
use ocop_market::people::access::{self, MemberRole, OfficerRole};
use serde_json::{Value, json};

use super::{Actor, TestApp};

/// A shop and its owner; requests are the owner's.
pub struct ShopActor {
    pub actor: Actor,
    pub id: String,
    pub slug: String,
}

impl Deref for ShopActor {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.actor
    }
}

impl Actor {
    /// Reads the operating rules of today and agrees to them.
    pub async fn accept_rules(&self) {
        let rules = self.get("/v1/policies/operating_rules").await.ok();
        let read = json!({ "version": rules["version"] });
        self.put("/v1/me/policy_acceptances/operating_rules", read).await.ok();
    }
}

impl ShopActor {
    /// An address under the shop's.
    pub fn path(&self, below: &str) -> String {
        format!("/v1/shops/{}{below}", self.id)
    }

    /// Uploads a picture or paper and says its id.
    pub async fn media(&self, purpose: &str, bytes: Vec<u8>) -> String {
        let path = self.path(&format!("/media?purpose={purpose}"));
        let uploaded = self.upload(&path, "application/octet-stream", bytes).await.ok();
        uploaded["id"].as_str().unwrap().to_owned()
    }

    /// Adds a paper with a scan of its own.
    pub async fn paper(&self, kind: &str) -> Value {
        let media = self.media("paper", PDF.to_vec()).await;
        self.post(&self.path("/papers"), paper(kind, &media)).await.ok()
    }
}

/// As small as a PDF can be and still say so.
pub const PDF: &[u8] = b"%PDF-1.4\n%%EOF\n";

/// A green picture of that size.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(width, height, Rgb([20, 120, 60])).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// What a paper's form says.
pub fn paper(kind: &str, media: &str) -> Value {
    let mut form = json!({
        "kind": kind,
        "issued_by": "UBND xã Sin Suối Hồ",
        "issued_on": "2024-05-20",
        "media_id": media,
    });
    if kind != "personal_id" {
        form["number"] = json!("62A-000123");
    }
    form
}

/// A commune of the province that had one province before July 2025.
pub fn commune_of(province: &str) -> &'static str {
    match province {
        "01" => "00004",
        "08" => "00691",
        "12" => "03394",
        "15" => "02728",
        "86" => "28756",
        other => panic!("no commune known in province {other}"),
    }
}

/// A cooperative's form, complete but for its papers.
pub fn cooperative(province: &str) -> Value {
    json!({
        "kind": "cooperative",
        "name": "Hợp tác xã Trà Sin Suối Hồ",
        "legal_name": "Hợp tác xã nông nghiệp Sin Suối Hồ",
        "representative": "Vàng A Chỉnh",
        "tax_code": "6200012349",
        "commune_code": commune_of(province),
        "street": "Bản Sin Suối Hồ",
        "phone": "0912 345 678",
    })
}

/// The whole number of [`household`].
pub const PERSONAL_ID: &str = "012090000123";

/// A household's form, complete but for its papers.
pub fn household(province: &str) -> Value {
    json!({
        "kind": "household",
        "name": "Mật ong nhà Mây",
        "legal_name": "Lò Thị Mây",
        "personal_id": PERSONAL_ID,
        "commune_code": commune_of(province),
        "street": "Số 7, bản Thèn Thầu",
        "phone": "0987 654 321",
    })
}

impl TestApp {
    /// A draft of this form.
    pub async fn draft_shop(&self, form: Value) -> ShopActor {
        let actor = self.account("Chủ cửa hàng").await;
        actor.accept_rules().await;
        let created = actor.post("/v1/shops", form).await.ok();
        let text = |field: &str| created[field].as_str().unwrap().to_owned();
        ShopActor { actor, id: text("id"), slug: text("slug") }
    }

    /// A cooperative that waits for the department of the province.
    pub async fn submitted_shop(&self, province: &str) -> ShopActor {
        let shop = self.draft_shop(cooperative(province)).await;
        shop.paper("business_registration").await;
        shop.post(&shop.path("/submission"), json!({})).await.ok();
        shop
    }

    /// A cooperative that the department of the province has approved, and that has proved who it is.
    pub async fn approved_shop(&self, province: &str) -> ShopActor {
        let shop = self.unproved_shop(province).await;
        self.authenticate(shop.id.parse().unwrap(), shop.account()).await;
        shop
    }

    /// Records that a shop has proved who it is.
    pub async fn authenticate(&self, seller: SellerId, by: AccountId) {
        let now = self.clock.now();
        let proof = NewAuthentication {
            method: AuthenticationMethod::Vneid,
            reference: "VNeID-KIEM-THU".to_owned(),
            authenticated_at: now,
        };
        let record = self.app.db.act(async |conn| sellers::authenticate(conn, seller, &proof, by, now).await);
        record.await.unwrap();
    }

    /// A cooperative that the department of the province has approved, without e-authentication.
    pub async fn unproved_shop(&self, province: &str) -> ShopActor {
        let shop = self.submitted_shop(province).await;
        let reviewer = self.officer(province, OfficerRole::Reviewer).await;
        let case = shop.get(&shop.path("/cases")).await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
        reviewer.put(&format!("/admin/v1/cases/{case}/verdict"), json!({ "verdict": "approve" })).await.ok();
        shop
    }

    /// Somebody who works for the shop.
    pub async fn member(&self, shop: &ShopActor, role: MemberRole) -> Actor {
        let actor = self.account("Nhân viên").await;
        let (seller, now) = (shop.id.parse().unwrap(), self.clock.now());
        self.app.db.act(async |conn| access::add_member(conn, seller, actor.account(), role, now).await).await.unwrap();
        actor
    }
}
