//! The fictional cooperative: from its first paper to its buyers' reviews, through the API, on a clock in the past.

use axum::Router;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::desk;
use super::officers::{account, reviewer_of};
use super::pictures::{Palette, draw};
use super::visitor::{Visitor, text};
use crate::app::App;
use crate::front::shelf::feed::Shelf;
use crate::platform::error::{Error, Result};
use crate::{routes, worker};

/// The cooperative's name to sign in with.
pub const COOPERATIVE: &str = "htx@demo.ocop.example";
/// A buyer's name to sign in with.
pub const BUYER: &str = "nguoi-mua-1@demo.ocop.example";

/// An empty page: the shortest paper that is one.
const PAPER: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n\
    trailer<</Root 1 0 R>>\n%%EOF\n";

/// What the cooperative sells.
struct Goods {
    certified_as: &'static str,
    set_no: i16,
    stars: i16,
    decision: (&'static str, &'static str),
    palette: Palette,
    listing: Value,
    variants: Value,
    stock: &'static [i32],
}

/// Tells the story.
pub async fn tell(app: &App, password_hash: &str) -> Result<()> {
    let people = [
        (COOPERATIVE, "Giàng Thị Mỷ"),
        (BUYER, "Nguyễn Thu Hà"),
        ("nguoi-mua-2@demo.ocop.example", "Trần Minh Quân"),
        ("nguoi-mua-3@demo.ocop.example", "Lê Ngọc Ánh"),
    ];
    app.db
        .act(async |conn| {
            for (contact, name) in people {
                account(app, conn, contact, name, password_hash).await?;
            }
            Ok(())
        })
        .await?;
    let shelf = Shelf::new(app.db.clone(), app.clock.clone());
    let router = routes::everything(app, &shelf);
    let shop = Shop::open(app, &router).await?;
    let mut slugs = Vec::new();
    for goods in goods() {
        slugs.push(shop.offer(app, &goods).await?);
    }
    // The buyers see what the shop has on the shelf by now.
    shelf.catch_up().await?;
    orders(app, &router, &shop, &slugs).await?;
    let tea = slugs.first().ok_or_else(|| Error::fault("no goods"))?;
    desk::fill(&router, &shop, tea).await
}

/// The cooperative's back office.
pub struct Shop {
    pub owner: Visitor,
    router: Router,
    id: String,
}

impl Shop {
    async fn open(app: &App, router: &Router) -> Result<Self> {
        let owner = Visitor::sign_in(router, COOPERATIVE).await?;
        let draft = json!({
            "kind": "cooperative",
            "name": "Hợp tác xã Chè cổ thụ Mây Ngàn",
            "legal_name": "Hợp tác xã Chè cổ thụ Mây Ngàn (hư cấu)",
            "representative": "Giàng Thị Mỷ",
            "tax_code": "6200123458",
            "commune_code": "03405",
            "street": "Bản Lùng Than",
            "phone": "0912 345 678",
            "email": "may-ngan@demo.ocop.example",
            "about_vi": "Hợp tác xã hư cấu của phần trình diễn: chè Shan tuyết cổ thụ và sâm Lai Châu trồng dưới tán rừng.",
            "about_en": "A fictional cooperative of the demonstration: ancient-tree Shan tuyết tea and Lai Châu ginseng grown under the forest."
        });
        let id = text(&owner.post("/v1/shops", draft).await?, "id")?;
        let shop = Self { owner, router: router.clone(), id };
        let paper = shop.owner.upload(&shop.path("/media?purpose=paper"), PAPER.to_vec()).await?;
        let registration = json!({
            "kind": "business_registration",
            "number": "DEMO-62G8-000001",
            "issued_by": "UBND xã Tả Lèng",
            "issued_on": "2023-03-15",
            "media_id": paper
        });
        shop.owner.post(&shop.path("/papers"), registration).await?;
        let rules = shop.owner.get("/v1/policies/operating_rules").await?;
        let read = json!({ "version": rules["version"] });
        shop.owner.put("/v1/me/policy_acceptances/operating_rules", read).await?;
        shop.owner.post(&shop.path("/submission"), Value::Null).await?;
        app.clock.advance(TimeDelta::hours(20));
        let officer = shop.approve(app).await?;
        let proof = json!({
            "method": "business_register",
            "reference": "DEMO-62G8-000001",
            "authenticated_at": app.clock.now()
        });
        officer.put(&format!("/admin/v1/sellers/{}/authentication", shop.id), proof).await?;
        // Where buyers pay by transfer, and where gateway money is sent.
        let account = json!({ "bin": "970405", "number": "7800205000001", "holder": "GIANG THI MY" });
        shop.owner.put(&shop.path("/bank_account"), account).await?;
        Ok(shop)
    }

    /// An address below the shop's own.
    pub fn path(&self, rest: &str) -> String {
        format!("/v1/shops/{}{rest}", self.id)
    }

    /// An officer sits down, approves whatever of the shop waits, and is still there.
    async fn approve(&self, app: &App) -> Result<Visitor> {
        let officer = Visitor::sign_in_as_officer(&self.router, &app.clock, &reviewer_of("lai-chau")).await?;
        let queue = officer.get("/admin/v1/cases").await?;
        for case in queue["items"].as_array().into_iter().flatten() {
            let verdict = format!("/admin/v1/cases/{}/verdict", text(case, "id")?);
            officer.put(&verdict, json!({ "verdict": "approve" })).await?;
        }
        Ok(officer)
    }

    /// Claims the certificate, writes the listing, has both approved; answers the listing's slug.
    async fn offer(&self, app: &App, goods: &Goods) -> Result<String> {
        let scan = self.owner.upload(&self.path("/media?purpose=paper"), PAPER.to_vec()).await?;
        let claim = json!({
            "product_name": goods.certified_as,
            "set_no": goods.set_no,
            "stars": goods.stars,
            "decision_number": goods.decision.0,
            "decision_date": goods.decision.1,
            "issued_on": goods.decision.1,
            "authority": "UBND tỉnh Lai Châu",
            "scan_id": scan
        });
        let certificate = text(&self.owner.post(&self.path("/certificates"), claim).await?, "id")?;
        app.clock.advance(TimeDelta::hours(6));
        self.approve(app).await?;
        let picture = draw(&goods.palette)?;
        let picture = self.owner.upload(&self.path("/media?purpose=picture"), picture).await?;
        let mut content = goods.listing.clone();
        content["pictures"] = json!([picture]);
        content["certificate_id"] = json!(certificate);
        let listing = self.owner.post(&self.path("/listings"), content).await?;
        let below = self.path(&format!("/listings/{}", text(&listing, "id")?));
        let listing = self.owner.put(&format!("{below}/variants"), json!({ "variants": goods.variants })).await?;
        for (variant, on_hand) in listing["variants"].as_array().into_iter().flatten().zip(goods.stock) {
            let stock = self.path(&format!("/variants/{}/stock", text(variant, "id")?));
            self.owner.put(&stock, json!({ "on_hand": on_hand })).await?;
        }
        self.owner.post(&format!("{below}/submission"), Value::Null).await?;
        app.clock.advance(TimeDelta::hours(6));
        self.approve(app).await?;
        text(&listing, "slug")
    }

    /// The parcel's way, up to the step named last.
    async fn send(&self, app: &App, order: &str, number: usize, until: &str) -> Result<()> {
        let below = self.path(&format!("/orders/{order}"));
        let parcel = json!({ "carrier": "VNPost", "tracking_code": format!("DEMO{number:07}VN") });
        for (step, body) in
            [("acceptance", Value::Null), ("packing", Value::Null), ("shipment", parcel), ("delivery", Value::Null)]
        {
            app.clock.advance(TimeDelta::hours(9));
            self.owner.put(&format!("{below}/{step}"), body).await?;
            if step == until {
                break;
            }
        }
        Ok(())
    }
}

/// One order: who, where to, which pack of which goods, how far the parcel got, and what the buyer wrote.
struct Order {
    buyer: &'static str,
    recipient: &'static str,
    commune: &'static str,
    goods: usize,
    pack: usize,
    quantity: i32,
    until: &'static str,
    review: Option<(i16, &'static str)>,
}

async fn orders(app: &App, router: &Router, shop: &Shop, slugs: &[String]) -> Result<()> {
    for (number, order) in ORDERS.iter().enumerate() {
        let buyer = Visitor::sign_in(router, order.buyer).await?;
        let slug = slugs.get(order.goods).ok_or_else(|| Error::fault("no such goods"))?;
        let page = buyer.get(&format!("/v1/listings/{slug}")).await?;
        let pack = text(&page["variants"][order.pack], "id")?;
        buyer.put(&format!("/v1/cart/items/{pack}"), json!({ "quantity": order.quantity })).await?;
        let quote = json!({
            "recipient": order.recipient,
            "phone": "0987 654 321",
            "commune": order.commune,
            "street": "Số 1, phố Trình Diễn"
        });
        let checkout = buyer.post("/v1/checkouts", quote).await?;
        let placement = format!("/v1/checkouts/{}/placement", text(&checkout, "id")?);
        let seen = json!({ "method": "cod", "total_vnd": checkout["total_vnd"] });
        let placed = buyer.put(&placement, seen).await?;
        let id = text(&placed["orders"][0], "id")?;
        shop.send(app, &id, number + 1, order.until).await?;
        if let Some((stars, words)) = order.review {
            app.clock.advance(TimeDelta::hours(5));
            let delivered = buyer.get(&format!("/v1/orders/{id}")).await?;
            let line = text(&delivered["lines"][0], "id")?;
            let review = json!({ "stars": stars, "text": words });
            let review = buyer.post(&format!("/v1/orders/{id}/lines/{line}/review"), review).await?;
            let reply = shop.path(&format!("/reviews/{}/reply", text(&review, "id")?));
            shop.owner.put(&reply, json!({ "text": "Hợp tác xã cảm ơn anh chị!" })).await?;
        }
    }
    // What became due meanwhile, on the story's own clock: delivered orders are completed.
    let worker = worker::worker();
    while worker.run_due(app, &app.db, &app.clock).await? > 0 {}
    Ok(())
}

const ORDERS: [Order; 5] = [
    Order {
        buyer: BUYER,
        recipient: "Nguyễn Thu Hà",
        commune: "00004",
        goods: 0,
        pack: 0,
        quantity: 2,
        until: "delivery",
        review: Some((5, "Trà thơm, nước vàng sánh, hậu ngọt rất lâu. Đóng gói cẩn thận.")),
    },
    Order {
        buyer: "nguoi-mua-2@demo.ocop.example",
        recipient: "Trần Minh Quân",
        commune: "03394",
        goods: 0,
        pack: 1,
        quantity: 1,
        until: "delivery",
        review: Some((4, "Chè ngon, giao hơi chậm vì mưa.")),
    },
    Order {
        buyer: "nguoi-mua-3@demo.ocop.example",
        recipient: "Lê Ngọc Ánh",
        commune: "00004",
        goods: 1,
        pack: 0,
        quantity: 1,
        until: "delivery",
        review: Some((5, "Củ sâm chắc, thơm, có mã vùng trồng rõ ràng.")),
    },
    Order {
        buyer: BUYER,
        recipient: "Nguyễn Thu Hà",
        commune: "00004",
        goods: 1,
        pack: 0,
        quantity: 1,
        until: "shipment",
        review: None,
    },
    Order {
        buyer: "nguoi-mua-2@demo.ocop.example",
        recipient: "Trần Minh Quân",
        commune: "03394",
        goods: 0,
        pack: 0,
        quantity: 3,
        until: "acceptance",
        review: None,
    },
];

/// Who stands behind the goods, and where.
pub const RESPONSIBLE: (&str, &str) =
    ("Hợp tác xã Chè cổ thụ Mây Ngàn (hư cấu)", "Bản Lùng Than, xã Tả Lèng, tỉnh Lai Châu");

fn goods() -> [Goods; 2] {
    [tea(), ginseng()]
}

fn tea() -> Goods {
    Goods {
        certified_as: "Chè Shan tuyết cổ thụ Mây Ngàn",
        set_no: 11,
        stars: 4,
        decision: ("1450/QĐ-UBND", "2025-12-22"),
        palette: Palette { sky: [214, 232, 226], sun: [250, 224, 140], ridge: [96, 140, 120], terraces: [66, 128, 72] },
        listing: json!({
            "set_no": 11,
            "title_vi": "Chè Shan tuyết cổ thụ Mây Ngàn",
            "title_en": "Mây Ngàn ancient-tree Shan tuyết tea",
            "summary_vi": "Chè búp một tôm hai lá từ cây cổ thụ trên 1.400 mét, sao tay trên chảo gang.",
            "summary_en": "One bud, two leaves from ancient trees above 1,400 metres, pan-fired by hand.",
            "story_vi": "Câu chuyện hư cấu của phần trình diễn: mỗi mùa xuân, người Mông và người Dao ở Tả Lèng leo lên những cây chè hàng trăm năm tuổi, hái búp còn phủ lông tuyết trắng, sao ngay trong đêm để giữ hương núi.",
            "story_en": "A fictional story of the demonstration: every spring the Mông and Dao of Tả Lèng climb tea trees hundreds of years old, pick buds still white with down, and fire them the same night to keep the scent of the mountain.",
            "label": {
                "ingredients": "100 % búp chè Shan tuyết",
                "net_quantity": "100 g; 250 g",
                "shelf_life": "24 tháng kể từ ngày sản xuất",
                "storage": "Nơi khô ráo, tránh ánh nắng và mùi lạ",
                "usage": "Pha 5 g với 200 ml nước 85–90 °C trong 2 phút",
                "responsible_name": RESPONSIBLE.0,
                "responsible_address": RESPONSIBLE.1
            }
        }),
        variants: json!([
            { "sku": "SHAN-100", "name_vi": "Hộp 100 g", "name_en": "Box, 100 g", "price_vnd": 180_000, "grams": 180 },
            { "sku": "SHAN-250", "name_vi": "Túi 250 g", "name_en": "Bag, 250 g", "price_vnd": 420_000, "grams": 300 }
        ]),
        stock: &[120, 60],
    }
}

fn ginseng() -> Goods {
    Goods {
        certified_as: "Sâm Lai Châu trồng Mây Ngàn",
        set_no: 20,
        stars: 3,
        decision: ("412/QĐ-UBND", "2026-04-10"),
        palette: Palette {
            sky: [236, 226, 212],
            sun: [240, 150, 110],
            ridge: [120, 104, 92],
            terraces: [150, 110, 70],
        },
        listing: json!({
            "set_no": 20,
            "title_vi": "Sâm Lai Châu trồng dưới tán rừng Mây Ngàn",
            "title_en": "Mây Ngàn cultivated Lai Châu ginseng",
            "summary_vi": "Củ sâm Lai Châu trồng 5 năm dưới tán rừng, sấy lạnh, kèm mã số vùng trồng.",
            "summary_en": "Lai Châu ginseng grown five years under the forest, cold-dried, with its growing-area code.",
            "story_vi": "Câu chuyện hư cấu của phần trình diễn: sâm được gieo từ hạt của cây mẹ trong vườn, trồng trong mùn lá dưới tán rừng già, mỗi củ một nhãn ghi năm trồng và lô đất. Không lấy từ tự nhiên.",
            "story_en": "A fictional story of the demonstration: sown from the garden's own mother plants, grown in leaf mould under old forest, every root labelled with its year and plot. Nothing is taken from the wild.",
            "label": {
                "ingredients": "100 % củ sâm Lai Châu (Panax vietnamensis var. fuscidiscus) trồng",
                "net_quantity": "50 g",
                "shelf_life": "12 tháng kể từ ngày sản xuất",
                "storage": "Nơi khô ráo, dưới 25 °C",
                "warnings": "Không dùng cho trẻ em và phụ nữ có thai. Sản phẩm này không phải là thuốc.",
                "responsible_name": RESPONSIBLE.0,
                "responsible_address": RESPONSIBLE.1
            }
        }),
        variants: json!([
            { "sku": "SAM-50", "name_vi": "Hộp 50 g", "name_en": "Box, 50 g", "price_vnd": 1_900_000, "grams": 120 }
        ]),
        stock: &[24],
    }
}
