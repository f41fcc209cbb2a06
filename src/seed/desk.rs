//! What waits on the Lai Châu desk when the demonstration begins: a listing in which the screening found something, and
//! a buyer's complaint.

use axum::Router;
use serde_json::{Value, json};

use super::pictures::{Palette, draw};
use super::story::{BUYER, RESPONSIBLE, Shop};
use super::visitor::{Visitor, text};
use crate::platform::error::Result;

/// Hands both in.
pub async fn fill(router: &Router, shop: &Shop, slug: &str) -> Result<()> {
    boastful_listing(shop).await?;
    let complaint = json!({
        "against": { "listing": slug },
        "kind": "not_as_described",
        "words": "Trong bài đăng là chè một tôm hai lá, hộp tôi nhận được có cả cuộng. Xin cửa hàng giải thích."
    });
    Visitor::sign_in(router, BUYER).await?.post("/v1/complaints", complaint).await?;
    Ok(())
}

/// Stars, "organic" and a telephone number in the text, with nothing to back the first two.
async fn boastful_listing(shop: &Shop) -> Result<()> {
    let palette =
        Palette { sky: [226, 236, 240], sun: [246, 214, 150], ridge: [110, 132, 128], terraces: [92, 140, 96] };
    let picture = shop.owner.upload(&shop.path("/media?purpose=picture"), draw(&palette)?).await?;
    let content = json!({
        "set_no": 11,
        "title_vi": "Hồng trà Shan tuyết hữu cơ 5 sao Mây Ngàn",
        "title_en": "Mây Ngàn five-star organic Shan tuyết black tea",
        "summary_vi": "Hồng trà lên men toàn phần từ búp chè cổ thụ. Gọi 0912 345 678 để có giá tốt hơn.",
        "summary_en": "Fully oxidised tea from ancient trees.",
        "story_vi": "Câu chuyện hư cấu của phần trình diễn: búp hái sáng sớm, vò bằng tay, ủ qua đêm bên bếp lửa.",
        "pictures": [picture],
        "label": {
            "ingredients": "100 % búp chè Shan tuyết",
            "net_quantity": "100 g",
            "shelf_life": "24 tháng kể từ ngày sản xuất",
            "storage": "Nơi khô ráo",
            "usage": "Pha 5 g với 200 ml nước sôi trong 3 phút",
            "responsible_name": RESPONSIBLE.0,
            "responsible_address": RESPONSIBLE.1
        }
    });
    let listing = shop.owner.post(&shop.path("/listings"), content).await?;
    let below = shop.path(&format!("/listings/{}", text(&listing, "id")?));
    let pack = json!({ "sku": "HONG-100", "name_vi": "Hộp 100 g", "name_en": "Box, 100 g", "price_vnd": 210_000, "grams": 180 });
    shop.owner.put(&format!("{below}/variants"), json!({ "variants": [pack] })).await?;
    shop.owner.post(&format!("{below}/submission"), Value::Null).await?;
    Ok(())
}
