//! The whole story, through HTTP: from a cooperative's first sign-up to a buyer's review, and to the day its stars end.

use chrono::{NaiveDate, TimeDelta};
use ocop_market::people::access::OfficerRole;
use serde_json::{Value, json};

use crate::support::catalogue::{id_of, packs, tea};
use crate::support::sellers::{ShopActor, commune_of, cooperative, png};
use crate::support::{Actor, HA_NOI, LAI_CHAU, PASSWORD, TUYEN_QUANG, TestApp};

#[tokio::test]
async fn a_tea_of_lai_chau_from_the_first_sign_up_to_the_first_review_and_the_end_of_its_stars() {
    let app = TestApp::new().await;
    let officer = app.officer(LAI_CHAU, OfficerRole::Reviewer).await;
    let cooperative = open_shop(&app, &officer).await;
    let certificate = prove_stars(&cooperative, &officer).await;
    let tea = publish_tea(&app, &cooperative, &officer, &certificate).await;
    let beekeeper = app.approved_shop(TUYEN_QUANG).await;
    let honey = publish_honey(&app, &beekeeper).await;

    let found = find_tea(&app, &cooperative, &tea).await;
    let buyer = register(&app, "Nguyễn Thị Hoa", "hoa@example.vn", "hoa@example.vn").await;
    confirm(&app, &buyer, "hoa@example.vn").await;
    let orders = buy(&buyer, &found, &honey).await;
    deliver(&cooperative, &orders, "EA000000001VN").await;
    deliver(&beekeeper, &orders, "EA000000002VN").await;
    receive_and_review(&app, &buyer, &cooperative, &orders, &found).await;
    see_the_stars_end(&app, &found).await;
    app.finish().await;
}

/// Opens an account the way a visitor does and signs in. `normal` is the contact in its normal form.
async fn register(app: &TestApp, name: &str, contact: &str, normal: &str) -> Actor {
    let anyone = app.anyone();
    let texts = anyone.get("/v1/consent_texts").await.ok();
    let required = texts.as_array().unwrap().iter().filter(|text| text["required"] == true);
    let consents: Vec<_> =
        required.map(|text| json!({ "purpose": text["purpose"], "version": text["version"] })).collect();
    let registration = json!({ "display_name": name, "contact": contact, "password": PASSWORD, "consents": consents });
    let account = anyone.post("/v1/accounts", registration).await.ok();
    assert_eq!(account["contacts"], json!([{ "value": normal, "confirmed_at": null }]));
    let session = anyone.post("/v1/sessions", json!({ "contact": contact, "password": PASSWORD })).await.ok();
    anyone.signed_in(session["token"].as_str().unwrap(), normal, id_of(&account).parse().unwrap())
}

/// Types in the code that was sent.
async fn confirm(app: &TestApp, person: &Actor, contact: &str) {
    let message = app.last_message(contact).await;
    let code: String = message.chars().take_while(char::is_ascii_digit).collect();
    let account = person.put("/v1/me/contacts/confirmation", json!({ "contact": contact, "code": code })).await.ok();
    assert_eq!(account["contacts"][0]["confirmed_at"], "2026-11-21T02:00:00Z");
}

/// A draft, its papers, the submission, the department's approval.
async fn open_shop(app: &TestApp, officer: &Actor) -> ShopActor {
    let chair = register(app, "Vàng A Chỉnh", "0912 345 678", "+84912345678").await;
    let file = chair.post("/v1/shops", cooperative(LAI_CHAU)).await.ok();
    let slug = file["slug"].as_str().unwrap().to_owned();
    let shop = ShopActor { actor: chair.clone(), id: id_of(&file).to_owned(), slug };
    assert_eq!(file["status"], "draft");
    let missing: Vec<_> = file["missing"].as_array().unwrap().iter().map(|missing| &missing["code"]).collect();
    assert_eq!(missing, ["paper.business_registration"]);

    shop.post(&shop.path("/submission"), json!({})).await.refused(409, "contact-unconfirmed");
    confirm(app, &chair, "+84912345678").await;
    shop.post(&shop.path("/submission"), json!({})).await.refused(409, "policy-not-accepted");
    chair.accept_rules().await;
    shop.post(&shop.path("/submission"), json!({})).await.refused(422, "shop-incomplete");
    assert_eq!(shop.paper("business_registration").await["missing"], json!([]));
    let submitted = shop.post(&shop.path("/submission"), json!({})).await.ok();
    assert_eq!(submitted["status"], "submitted");
    app.anyone().get(&format!("/v1/sellers/{}", shop.slug)).await.refused(404, "not-found");

    let dossier = approve_next(officer, "seller_application").await;
    assert_eq!(dossier["seller"]["legal_name"], "Hợp tác xã nông nghiệp Sin Suối Hồ");
    let scan = dossier["seller"]["papers"][0]["media_id"].as_str().unwrap();
    assert_eq!(officer.get(&format!("/admin/v1/media/{scan}")).await.status, 200);
    let page = app.anyone().get(&format!("/v1/sellers/{}", shop.slug)).await.ok();
    assert_eq!(page["tax_code"], "6200012349");
    assert_eq!(page["province"]["name"], "Lai Châu");
    shop
}

/// Opens the only case of the kind in the officer's queue, reads its dossier, approves it.
async fn approve_next(officer: &Actor, kind: &str) -> Value {
    let queue = officer.get(&format!("/admin/v1/cases?kind={kind}")).await.ok();
    let cases = queue["items"].as_array().unwrap();
    assert_eq!(cases.len(), 1, "{queue}");
    let case = format!("/admin/v1/cases/{}", id_of(&cases[0]));
    let dossier = officer.get(&case).await.ok();
    let decided = officer.put(&format!("{case}/verdict"), json!({ "verdict": "approve" })).await.ok();
    assert_eq!(decided["status"], "decided");
    dossier
}

/// A certificate claimed with its scan, and verified.
async fn prove_stars(shop: &ShopActor, officer: &Actor) -> String {
    let claim = json!({
        "product_name": "Chè Shan tuyết cổ thụ",
        "set_no": 11,
        "stars": 4,
        "decision_number": "1187/QĐ-UBND",
        "decision_date": "2025-06-25",
        "authority": "UBND tỉnh Lai Châu",
        "issued_on": "2025-06-30",
        "scan_id": shop.scan().await,
    });
    let claimed = shop.post(&shop.path("/certificates"), claim).await.ok();
    assert_eq!((&claimed["state"], &claimed["stars_today"]), (&json!("claimed"), &Value::Null));
    approve_next(officer, "certificate_claim").await;
    let verified = shop.get(&shop.path("/certificates")).await.ok()["items"][0].clone();
    assert_eq!((&verified["state"], &verified["stars_today"]), (&json!("valid"), &json!(4)));
    id_of(&verified).to_owned()
}

/// A listing with two pictures and two packs, submitted, not to be seen before it is approved.
async fn publish_tea(app: &TestApp, shop: &ShopActor, officer: &Actor, certificate: &str) -> String {
    let (front, garden) = (shop.media("picture", png(1600, 1200)).await, shop.media("picture", png(320, 240)).await);
    let mut content = tea(&[&front, &garden]);
    content["title_vi"] = json!("Chè Shan tuyết cổ thụ Sin Suối Hồ");
    content["certificate_id"] = json!(certificate);
    let draft = shop.post(&shop.path("/listings"), content).await.ok();
    let listing = id_of(&draft).to_owned();
    shop.submit(&listing).await.refused(422, "listing-incomplete");
    let variants = packs(&[("SHAN-200", 185_000, Some(260)), ("SHAN-500", 420_000, Some(620))]);
    let packed = shop.put(&shop.path(&format!("/listings/{listing}/variants")), variants).await.ok();
    for pack in packed["variants"].as_array().unwrap() {
        shop.put(&shop.path(&format!("/variants/{}/stock", id_of(pack))), json!({ "on_hand": 10 })).await.ok();
    }
    shop.submit(&listing).await.ok();
    let slug = draft["slug"].as_str().unwrap().to_owned();
    assert_eq!(slug, "che-shan-tuyet-co-thu-sin-suoi-ho");
    app.anyone().get(&format!("/v1/listings/{slug}")).await.refused(404, "not-found");
    approve_next(officer, "listing_revision").await;
    slug
}

/// Something of another seller, in another province; the pack to put into a cart.
async fn publish_honey(app: &TestApp, shop: &ShopActor) -> String {
    let mut content = tea(&[&shop.picture().await]);
    content["set_no"] = json!(8);
    content["title_vi"] = json!("Mật ong bạc hà Mèo Vạc");
    let draft = shop.post(&shop.path("/listings"), content).await.ok();
    let path = shop.path(&format!("/listings/{}/variants", id_of(&draft)));
    let packed = shop.put(&path, packs(&[("MO-500", 320_000, Some(700))])).await.ok();
    let pack = id_of(&packed["variants"][0]).to_owned();
    shop.put(&shop.path(&format!("/variants/{pack}/stock")), json!({ "on_hand": 10 })).await.ok();
    app.publish(shop, id_of(&draft)).await;
    pack
}

/// What a visitor finds by province, stars and words without accents, and who vouches for it.
async fn find_tea(app: &TestApp, shop: &ShopActor, slug: &str) -> Value {
    let visitor = app.anyone();
    let search = "/v1/listings?province=lai-chau&stars_min=4&q=che%20shan%20tuyet&facets=stars";
    let found = visitor.get(search).await.ok();
    assert_eq!(found["facets"]["stars"], json!([{ "value": "4", "count": 1 }]));
    let card = &found["items"][0];
    let shown = json!({
        "slug": card["slug"],
        "title": card["title"],
        "stars": card["stars"],
        "state": card["certificate_state"],
        "province": card["province"],
        "seller": card["seller"],
        "price_vnd": card["price_vnd"],
        "rating": card["rating"],
        "in_stock": card["in_stock"],
        "ships_to": card["ships_to"],
    });
    assert_eq!(
        shown,
        json!({
            "slug": slug,
            "title": "Chè Shan tuyết cổ thụ Sin Suối Hồ",
            "stars": 4,
            "state": "valid",
            "province": { "code": "12", "slug": "lai-chau", "name": "Lai Châu" },
            "seller": { "slug": shop.slug, "name": "Hợp tác xã Trà Sin Suối Hồ", "kind": "cooperative" },
            "price_vnd": 185_000,
            "rating": { "average": null, "count": 0 },
            "in_stock": true,
            "ships_to": "nationwide",
        })
    );
    let none = visitor.get("/v1/listings?province=ha-noi&stars_min=4&q=che%20shan%20tuyet").await.ok();
    assert_eq!(none["items"], json!([]));
    let page = visitor.get(&format!("/v1/listings/{slug}")).await.ok();
    vouched_for(&page["certificate"], "valid", "Còn hiệu lực đến hết ngày 30/06/2028");
    see_pictures(&visitor, &page).await;
    page
}

/// What the page says of the certificate.
#[track_caller]
fn vouched_for(certificate: &Value, state: &str, sentence: &str) {
    for (field, value) in [
        ("decision_number", "1187/QĐ-UBND"),
        ("authority", "UBND tỉnh Lai Châu"),
        ("decision_date", "2025-06-25"),
        ("issued_on", "2025-06-30"),
        ("expires_on", "2028-06-30"),
        ("state", state),
        ("sentence_vi", sentence),
    ] {
        assert_eq!(certificate[field], value, "{field}");
    }
}

/// Both pictures, in both widths.
async fn see_pictures(visitor: &Actor, page: &Value) {
    let mut sizes = Vec::new();
    for picture in page["pictures"].as_array().unwrap() {
        for width in ["small", "large"] {
            let shown = visitor.get(picture[width].as_str().unwrap()).await;
            assert_eq!(shown.header("content-type"), Some("image/jpeg"));
            let image = image::load_from_memory(&shown.bytes).unwrap();
            sizes.push((image.width(), image.height()));
        }
    }
    assert_eq!(sizes, [(480, 360), (1200, 900), (320, 240), (320, 240)]);
}

/// Two packs of tea and one of honey: a cart, a quote, one placement, an order for each shop.
async fn buy(buyer: &Actor, tea: &Value, honey: &str) -> Vec<Value> {
    let tea = id_of(&tea["variants"][0]);
    buyer.put(&format!("/v1/cart/items/{tea}"), json!({ "quantity": 2 })).await.ok();
    buyer.put(&format!("/v1/cart/items/{honey}"), json!({ "quantity": 1 })).await.ok();
    let to = json!({
        "recipient": "Nguyễn Thị Hoa",
        "phone": "0977 123 456",
        "commune": commune_of(HA_NOI),
        "street": "12 phố Phan Đình Phùng",
    });
    let quote = buyer.post("/v1/checkouts", to).await.ok();
    assert_eq!(quote["parts"].as_array().unwrap().len(), 2);
    let sums = ["goods_vnd", "shipping_vnd", "total_vnd"].map(|sum| quote[sum].as_i64().unwrap());
    assert_eq!(sums, [2 * 185_000 + 320_000, 2 * 35_000, 760_000]);
    let placed = buyer.place(&quote, "mua-lan-dau").await.ok();
    assert_eq!(placed["total_vnd"], 760_000);
    let again = buyer.place(&quote, "mua-lan-dau").await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.ok(), placed);
    let orders = placed["orders"].as_array().unwrap().clone();
    assert_eq!(orders.len(), 2);
    orders
}

/// The shop finds its own order only, accepts, packs and ships it.
async fn deliver(shop: &ShopActor, orders: &[Value], tracking_code: &str) {
    let waiting = shop.get(&shop.path("/orders?status=placed")).await.ok();
    let waiting = waiting["items"].as_array().unwrap();
    assert_eq!(waiting.len(), 1);
    let mine = orders.iter().find(|order| order["seller_slug"] == json!(shop.slug)).unwrap();
    assert_eq!(waiting[0]["id"], mine["id"]);
    let order = shop.path(&format!("/orders/{}", id_of(mine)));
    shop.put(&format!("{order}/acceptance"), json!({})).await.ok();
    shop.put(&format!("{order}/packing"), json!({})).await.ok();
    let parcel = json!({ "carrier": "VNPost", "tracking_code": tracking_code });
    let shipped = shop.put(&format!("{order}/shipment"), parcel).await.ok();
    assert_eq!(shipped["status"], "shipped");
    assert_eq!(shipped["payment"]["status"], "due");
}

/// One parcel the shop sees delivered, the other the buyer; then the review, its average, and the end of the orders.
async fn receive_and_review(app: &TestApp, buyer: &Actor, shop: &ShopActor, orders: &[Value], tea: &Value) {
    app.clock.advance(TimeDelta::days(3));
    let (of_tea, others): (Vec<&Value>, Vec<&Value>) =
        orders.iter().partition(|order| order["seller_slug"] == json!(shop.slug));
    let line = {
        let order = buyer.get(&format!("/v1/orders/{}", id_of(of_tea[0]))).await.ok();
        format!("/v1/orders/{}/lines/{}/review", id_of(&order), id_of(&order["lines"][0]))
    };
    let praise = json!({ "stars": 5, "text": "Trà thơm, nước xanh, giao nhanh." });
    buyer.post(&line, praise.clone()).await.refused(409, "not-delivered");
    shop.put(&shop.path(&format!("/orders/{}/delivery", id_of(of_tea[0]))), json!({})).await.ok();
    let arrived = buyer.put(&format!("/v1/orders/{}/delivery", id_of(others[0])), json!({})).await.ok();
    let payment = &arrived["payment"];
    assert_eq!((&payment["method"], &payment["status"]), (&json!("cod"), &json!("collected")));
    assert_eq!((&payment["amount_vnd"], &payment["captured_vnd"]), (&json!(355_000), &json!(355_000)));

    let review = buyer.post(&line, praise.clone()).await.ok();
    buyer.post(&line, praise).await.refused(409, "reviewed-already");
    let thanks = json!({ "text": "Hợp tác xã cảm ơn chị!" });
    shop.put(&shop.path(&format!("/reviews/{}/reply", id_of(&review))), thanks).await.ok();
    let slug = tea["slug"].as_str().unwrap();
    let shown = app.anyone().get(&format!("/v1/listings/{slug}/reviews")).await.ok();
    assert_eq!(shown["items"][0]["author"], "Nguyễn Thị Hoa");
    assert_eq!(shown["items"][0]["reply"], "Hợp tác xã cảm ơn chị!");
    let best = app.anyone().get("/v1/listings?sort=rating").await.ok();
    assert_eq!(best["items"][0]["slug"], slug);
    assert_eq!(best["items"][0]["rating"], json!({ "average": 5.0, "count": 1 }));

    app.clock.advance(TimeDelta::hours(72));
    app.run_jobs().await;
    for order in orders {
        let closed = buyer.get(&format!("/v1/orders/{}", id_of(order))).await.ok();
        assert_eq!(closed["status"], "completed");
    }
}

/// The last day of the certificate still has its stars, the next has none and says why.
async fn see_the_stars_end(app: &TestApp, tea: &Value) {
    let visitor = app.anyone();
    let path = format!("/v1/listings/{}", tea["slug"].as_str().unwrap());
    let last_day: NaiveDate = "2028-06-30".parse().unwrap();
    app.clock.advance(last_day - app.clock.today());
    let page = visitor.get(&path).await.ok();
    assert_eq!(page["stars"], 4);
    vouched_for(&page["certificate"], "renewal_overdue", "Còn hiệu lực đến hết ngày 30/06/2028");

    app.clock.advance(TimeDelta::days(1));
    app.run_jobs().await;
    let page = visitor.get(&path).await.ok();
    assert_eq!((&page["stars"], &page["certificate_state"]), (&Value::Null, &json!("expired")));
    vouched_for(&page["certificate"], "expired", "Hết hạn ngày 30/06/2028");
    assert_eq!(page["rating"]["average"], 5.0);
    let starred = visitor.get("/v1/listings?province=lai-chau&stars_min=3").await.ok();
    assert_eq!(starred["items"], json!([]));
    let all = visitor.get("/v1/listings?province=lai-chau").await.ok();
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
}
