//! Shops that are open, and what they sell.

use std::io::Cursor;
use std::ops::Deref;

use image::{ImageFormat, Rgb, RgbImage};
use ocop_market::kernel::{CaseId, SellerId};
use ocop_market::market::cases::{self, CaseKind, Decision, Verdict};
use ocop_market::market::sellers::{self, NewSeller, Profile, Seat, SellerKind};
use ocop_market::market::{catalogue, certification};
use ocop_market::people::access::{self, MemberRole, Provinces};
use ocop_market::places;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Actor, TestApp};

/// The owner of an approved shop.
pub struct ShopActor {
    owner: Actor,
    pub id: SellerId,
    pub province: String,
}

impl Deref for ShopActor {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.owner
    }
}

impl ShopActor {
    /// A path in the shop's back office.
    pub fn path(&self, rest: &str) -> String {
        format!("/v1/shops/{}/{rest}", self.id)
    }

    /// The same owner with a new session: the old one has ended.
    pub async fn signed_in_again(self, app: &TestApp) -> Self {
        Self { owner: app.sign_in(self.contact()).await, ..self }
    }

    /// A picture of the shop.
    pub async fn picture(&self) -> String {
        self.file("picture").await
    }

    /// A paper of the shop.
    pub async fn paper(&self) -> String {
        self.file("paper").await
    }

    async fn file(&self, purpose: &str) -> String {
        let mut png = Cursor::new(Vec::new());
        RgbImage::from_pixel(16, 16, Rgb([40, 120, 60])).write_to(&mut png, ImageFormat::Png).expect("a picture");
        let path = self.path(&format!("media?purpose={purpose}"));
        let uploaded = self.upload(&path, "image/png", png.into_inner()).await.ok();
        uploaded["id"].as_str().expect("an id").to_owned()
    }

    /// A complete listing of tea, not handed in yet.
    pub async fn draft(&self, price: i64) -> Value {
        let content = tea(&[&self.picture().await]);
        let listing = self.post(&self.path("listings"), content).await.ok();
        let path = self.path(&format!("listings/{}/variants", id_of(&listing)));
        self.put(&path, packs(&[("HOP-200", price, Some(260))])).await.ok()
    }

    /// The listing as the shop sees it.
    pub async fn listing(&self, id: &str) -> Value {
        self.get(&self.path(&format!("listings/{id}"))).await.ok()
    }

    /// Writes the listing's content from its present version.
    pub async fn save(&self, listing: &Value, content: Value) -> super::Answer {
        let tag = format!("\"{}\"", listing["version"]);
        let path = self.path(&format!("listings/{}/content", id_of(listing)));
        self.put_with(&path, &[("if-match", &tag)], content).await
    }

    /// Hands the listing in.
    pub async fn submit(&self, id: &str) -> super::Answer {
        self.post(&self.path(&format!("listings/{id}/submission")), json!({})).await
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
    /// An approved cooperative of the province, with its owner.
    pub async fn open_shop(&self, province: &str) -> ShopActor {
        let owner = self.account("Chủ gian hàng").await;
        let now = self.clock.now();
        let act = self.app.db.act(async |conn| {
            let commune = first_commune(conn, province).await?;
            let before = places::legacy_provinces_of(conn, &commune).await?;
            let new = NewSeller {
                profile: cooperative(Seat {
                    province_code: province.to_owned(),
                    commune_code: commune,
                    legacy_province_code: before[0].code.clone(),
                    street: Some("Bản Một".to_owned()),
                }),
                personal_id: None,
                demo: false,
            };
            let id = sellers::create(conn, &self.app.seal, &new, now).await?;
            access::add_member(conn, id, owner.account(), MemberRole::Owner, now).await?;
            Ok(id)
        });
        let id = act.await.expect("an approved shop");
        ShopActor { owner, id, province: province.to_owned() }
    }

    /// A published listing of the shop with one pack of that price.
    pub async fn published_listing(&self, shop: &ShopActor, price: i64) -> Value {
        let listing = shop.draft(price).await;
        self.publish(shop, id_of(&listing)).await
    }

    /// Hands the listing in and approves it.
    pub async fn publish(&self, shop: &ShopActor, id: &str) -> Value {
        let submitted = shop.submit(id).await.ok();
        self.decide(shop, id_of(&submitted["revision"]), Verdict::Approve).await;
        shop.listing(id).await
    }

    /// Decides the open case on the subject, as the officers' desk does.
    pub async fn decide(&self, shop: &ShopActor, subject: &str, verdict: Verdict) {
        let officer = self.account("Cán bộ").await;
        let provinces = Provinces::new(vec![shop.province.clone()]);
        let subject: Uuid = subject.parse().expect("an id");
        let reason_codes = if verdict == Verdict::Approve { vec![] } else { vec!["listing.poor_picture".to_owned()] };
        let words = (verdict != Verdict::Approve).then(|| "Ảnh mờ quá.".to_owned());
        let decision = Decision { verdict, reason_codes, words, by: officer.account(), at: self.clock.now() };
        let act = self.app.db.act(async |conn| {
            let case = sqlx::query_scalar::<_, Uuid>("select id from cases where subject_id = $1 and status = 'open'")
                .bind(subject)
                .fetch_one(&mut *conn)
                .await?;
            let case = cases::lock(conn, &provinces, CaseId::from(case)).await?.expect("a case of the province");
            match case.kind {
                CaseKind::SellerApplication => panic!("shops are approved from the start here"),
                CaseKind::CertificateClaim => {
                    certification::decide(conn, subject.into(), &provinces, &decision).await?;
                }
                CaseKind::ListingRevision => catalogue::decide(conn, subject.into(), &provinces, &decision).await?,
            }
            cases::record(conn, case.id, &decision).await
        });
        act.await.expect("a verdict");
    }
}

async fn first_commune(conn: &mut sqlx::PgConnection, province: &str) -> ocop_market::platform::error::Result<String> {
    let commune = sqlx::query_scalar("select code from communes where province_code = $1 order by code limit 1");
    Ok(commune.bind(province).fetch_one(conn).await?)
}

fn cooperative(seat: Seat) -> Profile {
    Profile {
        kind: SellerKind::Cooperative,
        name: "Hợp tác xã Chè Tả Lèng".to_owned(),
        legal_name: Some("Hợp tác xã nông nghiệp Tả Lèng".to_owned()),
        representative: Some("Vàng A Chỉnh".to_owned()),
        tax_code: None,
        seat,
        phone: None,
        email: None,
        public_contact: true,
        about_vi: None,
        about_en: None,
    }
}
