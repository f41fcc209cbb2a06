//! Shops with goods on the shelf, and buyers who order them: what stories about trade start from.

use axum::http::StatusCode;
use ocop_market::kernel::{ListingId, RevisionId, SellerId, VariantId};
use ocop_market::people::access::{self, MemberRole};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{Actor, Answer, HA_NOI, LAI_CHAU, TestApp};

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

/// A commune of each province the stories play in.
pub fn commune_of(province: &str) -> &'static str {
    match province {
        HA_NOI => "00004",
        LAI_CHAU => "03618",
        _ => panic!("no commune noted for {province}"),
    }
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

    /// An approved shop in that province.
    pub async fn stall(&self, name: &str, province: &str) -> Stall {
        let owner = self.account("Chủ gian hàng").await;
        let now = self.clock.now();
        let id = SellerId::new(now);
        let slug = format!("{}-{}", ocop_market::kernel::text::slugify(name), &id.to_string()[24..]);
        self.app
            .db
            .act(async |conn| {
                sqlx::query(
                    "insert into sellers (id, slug, kind, status, name, province_code, commune_code,
                                          legacy_province_code, created_at, approved_at)
                     select $1, $2, 'cooperative', 'approved', $3, $4, $5, code, $6, $6
                       from legacy_provinces
                      where successor_code = $4
                      limit 1",
                )
                .bind(id)
                .bind(&slug)
                .bind(name)
                .bind(province)
                .bind(commune_of(province))
                .bind(now)
                .execute(&mut *conn)
                .await?;
                access::add_member(conn, id, owner.account(), MemberRole::Owner, now).await
            })
            .await
            .unwrap();
        Stall { id, slug, owner }
    }

    /// Goods of the shop, published and counted.
    pub async fn shelve(&self, stall: &Stall, goods: Goods<'_>) -> Ware {
        let now = self.clock.now();
        let (listing, variant) = (ListingId::new(now), VariantId::new(now));
        let slug = format!("{}-{}", ocop_market::kernel::text::slugify(goods.title), &listing.to_string()[24..]);
        self.app
            .db
            .act(async |conn| {
                insert_listing(conn, stall.id, listing, &slug, goods, now).await?;
                insert_variant(conn, listing, variant, "goi", goods, now).await
            })
            .await
            .unwrap();
        let ware = Ware { listing, slug, variant };
        self.stock(stall, &ware, goods.on_hand).await.ok();
        ware
    }

    /// One more variant of something on the shelf.
    pub async fn shelve_variant(&self, stall: &Stall, ware: &Ware, sku: &str, goods: Goods<'_>) -> Ware {
        let now = self.clock.now();
        let variant = VariantId::new(now);
        self.app.db.act(async |conn| insert_variant(conn, ware.listing, variant, sku, goods, now).await).await.unwrap();
        let ware = Ware { variant, ..ware.clone() };
        self.stock(stall, &ware, goods.on_hand).await.ok();
        ware
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
                insert_set(conn, set_no).await?;
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

async fn insert_set(conn: &mut PgConnection, set_no: i16) -> ocop_market::platform::error::Result<()> {
    sqlx::query(
        r#"insert into product_sets (set_no, name_vi, "group", group_vi, managing_agency, sample_required)
           values ($1, 'Bộ sản phẩm', 'food', 'Thực phẩm', 'Sở', false)
           on conflict do nothing"#,
    )
    .bind(set_no)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "insert into sale_rules (id, orderable, cash_allowed, effective_from, legal_basis)
         select 1, true, true, '2026-07-01', 'Bài kiểm thử'
          where not exists (select 1 from sale_rules)",
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert_listing(
    conn: &mut PgConnection,
    seller: SellerId,
    listing: ListingId,
    slug: &str,
    goods: Goods<'_>,
    now: chrono::DateTime<chrono::Utc>,
) -> ocop_market::platform::error::Result<()> {
    insert_set(conn, goods.set_no).await?;
    sqlx::query("insert into listings (id, seller_id, slug, created_at) values ($1, $2, $3, $4)")
        .bind(listing)
        .bind(seller)
        .bind(slug)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    let revision = RevisionId::new(now);
    sqlx::query(
        "insert into listing_revisions (id, listing_id, number, status, content, created_at, changed_at)
         values ($1, $2, 1, 'approved', '{}', $3, $3)",
    )
    .bind(revision)
    .bind(listing)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "update listings
            set status = 'published',
                published_at = $2,
                published_revision = $3,
                set_no = $4,
                title_vi = $5,
                summary_vi = $5,
                search_text = '',
                price_vnd = $6,
                province_code = sellers.province_code,
                commune_code = sellers.commune_code,
                legacy_province_code = sellers.legacy_province_code
           from sellers
          where listings.id = $1
            and sellers.id = listings.seller_id",
    )
    .bind(listing)
    .bind(now)
    .bind(revision)
    .bind(goods.set_no)
    .bind(goods.title)
    .bind(goods.price_vnd)
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert_variant(
    conn: &mut PgConnection,
    listing: ListingId,
    variant: VariantId,
    sku: &str,
    goods: Goods<'_>,
    now: chrono::DateTime<chrono::Utc>,
) -> ocop_market::platform::error::Result<()> {
    sqlx::query(
        "insert into variants (id, listing_id, sku, name_vi, price_vnd, grams, position, created_at)
         values ($1, $2, $3, $3, $4, $5, 1, $6)",
    )
    .bind(variant)
    .bind(listing)
    .bind(sku)
    .bind(goods.price_vnd)
    .bind(goods.grams)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
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

    /// Places a quote for the total it shows.
    pub async fn place(&self, quote: &Value, key: &str) -> Answer {
        let agreement = json!({ "total_vnd": quote["total_vnd"], "method": "cod" });
        let path = format!("/v1/checkouts/{}/placement", quote["id"].as_str().unwrap());
        self.put_with(&path, &[("idempotency-key", key)], agreement).await
    }

    /// Buys these lines; answers with the orders' ids, by shop.
    pub async fn buy(&self, lines: &[(&Ware, i32)]) -> Vec<String> {
        let quote = self.quote(lines).await;
        let placed = self.place(&quote, quote["id"].as_str().unwrap()).await;
        assert_eq!(placed.status, StatusCode::CREATED.as_u16(), "{}", placed.body);
        let orders = placed.body["orders"].as_array().unwrap().clone();
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

    /// Brings an order to the buyer.
    pub async fn deliver(&self, order: &str) {
        for step in ["acceptance", "packing", "shipment", "delivery"] {
            self.turn(order, step).await.ok();
        }
    }
}
