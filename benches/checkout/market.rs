//! Three shops with 400 things each, 64 buyers who are signed in, and what must hold afterwards.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, ensure};
use ocop_market::kernel::{Clock, SellerId};
use ocop_market::market::catalogue::{self, Content, NewVariant};
use ocop_market::market::sellers::{self, NewSeller, Profile, Seat, SellerKind};
use ocop_market::platform::db::Db;
use ocop_market::platform::seal::Seal;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _};

use super::support::home::{Home, fault};

/// Buyers at once.
pub const BUYERS: usize = 64;
/// Things of each shop.
pub const THINGS: usize = 400;
/// Shops of a purchase.
pub const SHOPS: usize = 3;
/// More than can be sold.
const PLENTY: i32 = 1_000_000;
const COMMUNE: &str = "00004";
/// What every thing costs.
pub const PRICE_VND: i64 = 185_000;

/// A filled marketplace on a PostgreSQL of its own.
pub struct Market {
    /// Where it is.
    pub home: Home,
    /// Things by shop; the first of each are the hot ones.
    pub things: Vec<Vec<String>>,
}

impl Market {
    /// Makes and fills it.
    pub async fn open() -> anyhow::Result<Self> {
        let mut things = Vec::new();
        let fill = async |options, seal: &Seal| {
            things = fill(Db::new(options, 2), seal).await?;
            Ok(())
        };
        let home = Home::open(fill).await?;
        Ok(Self { home, things })
    }

    /// What a buyer's session is proved by.
    pub fn token(buyer: usize) -> String {
        format!("{:064x}", buyer + 1)
    }

    /// The file PostgreSQL writes its log to.
    pub async fn log(&self) -> anyhow::Result<PathBuf> {
        let mut conn = self.home.connect().await?;
        let cluster: String = sqlx::query_scalar("show data_directory").fetch_one(&mut conn).await?;
        conn.close().await?;
        let home = Path::new(&cluster).parent().ok_or_else(|| anyhow!("no folder above {cluster}"))?;
        Ok(home.join("log"))
    }

    /// Counts what must be nothing, whatever happened.
    pub async fn verify(&self) -> anyhow::Result<()> {
        let mut conn = self.home.connect().await?;
        for &(what, count) in INVARIANTS {
            let wrong: i64 = sqlx::query_scalar(count).fetch_one(&mut conn).await?;
            ensure!(wrong == 0, "{wrong} × {what}");
        }
        println!("{} invariants of orders, payments, stock and books hold", INVARIANTS.len());
        Ok(conn.close().await?)
    }
}

/// What may not be found, with the statement that counts it.
const INVARIANTS: &[(&str, &str)] = &[
    (
        "orders whose lines do not sum to them",
        "select count(*) from orders where goods_vnd <> (select sum(amount_vnd) from order_lines where order_id = orders.id)",
    ),
    (
        "checkouts whose orders do not sum to them",
        "select count(*) from checkouts where status = 'placed' and total_vnd is distinct from (select sum(total_vnd) from orders where checkout_id = checkouts.id)",
    ),
    (
        "placed checkouts without a payment for the whole",
        "select count(*) from checkouts where status = 'placed' and total_vnd is distinct from (select sum(amount_vnd) from payments where checkout_id = checkouts.id)",
    ),
    (
        "payments whose shares do not sum to them",
        "select count(*) from payments where amount_vnd is distinct from (select sum(amount_vnd) from payment_allocations where payment_id = payments.id)",
    ),
    (
        "orders of a checkout that was not placed",
        "select count(*) from orders join checkouts on checkouts.id = checkout_id where checkouts.status <> 'placed'",
    ),
    (
        "variants whose stock is not the sum of its movements",
        "select count(*) from stock where on_hand is distinct from (select sum(quantity) from stock_movements where variant_id = stock.variant_id)",
    ),
    ("variants with less than nothing", "select count(*) from stock where on_hand < 0"),
    (
        "order lines that took no stock",
        "select count(*) from order_lines where not exists (select from stock_movements where order_id = order_lines.order_id and variant_id = order_lines.variant_id and kind = 'sale')",
    ),
    (
        "captured money the books do not know",
        "select abs(coalesce((select sum(captured_vnd) from payment_allocations), 0) - coalesce((select sum(amount_vnd) from ledger_entries where credit = 'buyer_funds' and transfer_id in (select id from ledger_transfers where kind = 'capture')), 0))::bigint",
    ),
];

async fn fill(db: Db, seal: &Seal) -> anyhow::Result<Vec<Vec<String>>> {
    let clock = Clock::system();
    ocop_market::cli::prepare_database(&db, clock.now()).await.map_err(fault)?;
    for number in 0..SHOPS {
        let shop = shop(&db, seal, number, &clock).await?;
        for thing in 0..THINGS {
            shelve(&db, shop, thing, &clock).await?;
        }
    }
    db.act(async |conn| {
        sqlx::raw_sql(AssertSqlSafe(people_and_stock())).execute(conn).await?;
        Ok(())
    })
    .await
    .map_err(fault)?;
    let things = db.see(async |conn| Ok(sqlx::query_scalar(THINGS_BY_SHOP).fetch_all(conn).await?)).await;
    db.close().await;
    things.map_err(fault)
}

const THINGS_BY_SHOP: &str = "select array_agg(variants.id::text order by variants.id)
                                from variants
                                join listings on listings.id = listing_id
                               group by seller_id
                               order by seller_id";

/// Buyers with a session each, and plenty of everything.
fn people_and_stock() -> String {
    format!(
        "insert into stock (variant_id, on_hand) select id, {PLENTY} from variants;
         insert into stock_movements (id, variant_id, kind, quantity, at)
         select gen_random_uuid(), id, 'set', {PLENTY}, now() from variants;
         update listings set in_stock = true;
         insert into accounts (id, display_name, password_hash, created_at)
         select gen_random_uuid(), n::text, 'none', now() from generate_series(1, {BUYERS}) as n;
         insert into sessions (id, account_id, token_hash, user_agent, created_at, expires_at)
         select gen_random_uuid(), id, sha256(lpad(to_hex(display_name::integer), 64, '0')::bytea), 'bench', now(),
                now() + interval '1 day'
           from accounts;
         analyze"
    )
}

async fn shop(db: &Db, seal: &Seal, number: usize, clock: &Clock) -> anyhow::Result<SellerId> {
    let profile = Profile {
        kind: SellerKind::Cooperative,
        name: format!("Hợp tác xã {number}"),
        legal_name: None,
        representative: None,
        tax_code: None,
        seat: Seat {
            province_code: "01".to_owned(),
            commune_code: COMMUNE.to_owned(),
            legacy_province_code: "01".to_owned(),
            street: None,
        },
        phone: None,
        email: None,
        public_contact: false,
        about_vi: None,
        about_en: None,
    };
    let new = NewSeller { profile, personal_id: None, demo: false };
    let now = clock.now();
    db.act(async |conn| sellers::create(conn, seal, &new, now).await).await.map_err(fault)
}

async fn shelve(db: &Db, shop: SellerId, thing: usize, clock: &Clock) -> anyhow::Result<()> {
    let content: Content = serde_json::from_value(json!({
        "set_no": 10, "title_vi": format!("Trà Shan tuyết {thing}"), "summary_vi": "Trà", "story_vi": "Trà",
    }))?;
    let variant: NewVariant = serde_json::from_value(
        json!({ "sku": "goi-1", "name_vi": "Gói 250 g", "price_vnd": PRICE_VND, "grams": 250 }),
    )?;
    let now = clock.now();
    let variants = [variant];
    db.act(async |conn| catalogue::publish_demo(conn, shop, &content, &variants, now).await).await.map_err(fault)?;
    Ok(())
}
