//! How long after its commit a change is seen, on both of two instances: asked again and again for the listing's page.

use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use http_body_util::Full;
use hyper::{Request, StatusCode};
use ocop_market::kernel::{AccountId, Clock, ListingId, SellerId, VariantId};
use ocop_market::market::catalogue::{self, Content, NewVariant};
use ocop_market::market::sellers;
use ocop_market::platform::db::Db;
use ocop_market::trade::inventory::{self, OnHand};
use serde_json::{Value, json};
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::changes::Priced;
use super::goods::{Card, Dice, Goods};
use super::support::home::{Home, fault};
use super::support::http::Connection;
use super::support::server::Server;

/// Somebody who waits longer would not believe it.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at an instance.
const PAUSE: Duration = Duration::from_millis(2);

/// Something the public must see within a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Price,
    SoldOut,
    Published,
    Suspended,
    Revoked,
    TakenDown,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Price => "price",
            Self::SoldOut => "sold out",
            Self::Published => "published",
            Self::Suspended => "shop suspended",
            Self::Revoked => "certificate revoked",
            Self::TakenDown => "taken down",
        })
    }
}

impl Change {
    pub const ALL: [Self; 6] =
        [Self::Price, Self::SoldOut, Self::Published, Self::Suspended, Self::Revoked, Self::TakenDown];

    /// Prices change most, and are measured most; a suspension takes a whole shop away.
    const fn times(self, prices: usize) -> usize {
        if matches!(self, Self::Price) { prices } else { prices.div_ceil(5) }
    }

    fn can_happen_to(self, card: &Card) -> bool {
        let seen = match self {
            Self::SoldOut => card.in_stock,
            Self::Revoked => card.certificate.is_some(),
            _ => true,
        };
        seen && card.minimum_age.is_none()
    }

    /// Whether the page shows it.
    fn is_seen(self, status: StatusCode, page: &Value, price_vnd: i64) -> bool {
        match self {
            Self::Price => page["price_vnd"] == price_vnd,
            Self::SoldOut => page["in_stock"] == false,
            Self::Published => status == StatusCode::OK,
            Self::Suspended | Self::TakenDown => status == StatusCode::NOT_FOUND,
            Self::Revoked => page["stars"].is_null() && status == StatusCode::OK,
        }
    }
}

/// The delays of a kind of change, the shortest first.
pub struct Delays {
    pub change: Change,
    pub delays: Vec<Duration>,
}

impl Delays {
    /// The delay that so many of a hundred do not exceed.
    pub fn percentile(&self, percent: usize) -> Duration {
        self.delays[(self.delays.len() * percent).div_ceil(100).clamp(1, self.delays.len()) - 1]
    }
}

/// Two instances beside each other, and somebody who changes things.
pub struct Watch<'a> {
    pub home: &'a Home,
    pub goods: &'a Goods,
    pub instances: [&'a Server; 2],
}

impl Watch<'_> {
    /// Makes changes one after another, so many of prices, and waits for each.
    pub async fn measure(&self, prices: usize) -> anyhow::Result<Vec<Delays>> {
        let db = Db::new(self.home.options(), 1);
        let mut dice = Dice::new(1);
        let mut measured = Vec::new();
        for change in Change::ALL {
            let mut delays = Vec::new();
            for _ in 0..change.times(prices) {
                let card = self.choose(change, &mut dice).await?;
                delays.push(self.time(change, card, &db).await.with_context(|| format!("{change}: {}", card.slug))?);
            }
            delays.sort_unstable();
            measured.push(Delays { change, delays });
        }
        db.close().await;
        Ok(measured)
    }

    /// A listing that is still there and does not show the change yet.
    async fn choose(&self, change: Change, dice: &mut Dice) -> anyhow::Result<&Card> {
        loop {
            let card = dice.pick(&self.goods.cards);
            if !change.can_happen_to(card) {
                continue;
            }
            let mut instance = Connection::open(self.instances[0].address).await?;
            let (status, page) = look(&mut instance, &card.slug).await?;
            if status == StatusCode::OK
                && (change == Change::Published || !change.is_seen(status, &page, new_price(card)))
            {
                return Ok(card);
            }
        }
    }

    /// From the commit to the later of the two instances.
    async fn time(&self, change: Change, card: &Card, db: &Db) -> anyhow::Result<Duration> {
        let [one, other] = self.instances;
        let (mut one, mut other) = (Connection::open(one.address).await?, Connection::open(other.address).await?);
        let slug = self.make(change, card, db).await?;
        let committed = Instant::now();
        let price = new_price(card);
        tokio::try_join!(until(&mut one, &slug, change, price), until(&mut other, &slug, change, price))?;
        Ok(committed.elapsed())
    }

    /// Makes the change with the program's own functions; the slug of the page that will show it.
    async fn make(&self, change: Change, card: &Card, db: &Db) -> anyhow::Result<String> {
        let (listing, seller) = (ListingId::from(card.id), SellerId::from(card.seller));
        match change {
            Change::Price => Priced::of(card).set(db, new_price(card)).await?,
            Change::SoldOut => self.sell_out(card, db).await?,
            Change::Published => return self.publish(card, db).await,
            Change::Suspended => {
                db.act(async |conn| sellers::set_suspended(conn, seller, true).await).await.map_err(fault)?;
            }
            Change::Revoked => self.revoke(card).await?,
            Change::TakenDown => {
                db.act(async |conn| catalogue::take_down(conn, seller, listing).await).await.map_err(fault)?;
            }
        }
        Ok(card.slug.clone())
    }

    async fn sell_out(&self, card: &Card, db: &Db) -> anyhow::Result<()> {
        let mut conn = self.home.connect().await?;
        let packs: Vec<Uuid> = sqlx::query_scalar("select id from variants where listing_id = $1")
            .bind(card.id)
            .fetch_all(&mut conn)
            .await?;
        let account = account(&mut conn).await?;
        conn.close().await?;
        let (nothing, now) = (OnHand::try_from(0)?, Clock::system().now());
        let packs = packs.as_slice();
        db.act(async |conn| {
            for pack in packs {
                inventory::count(conn, VariantId::from(*pack), nothing, account, now).await?;
            }
            Ok(())
        })
        .await
        .map_err(fault)
    }

    /// Another listing of the same content.
    async fn publish(&self, card: &Card, db: &Db) -> anyhow::Result<String> {
        let mut conn = self.home.connect().await?;
        let content: Json<Content> = sqlx::query_scalar("select content from listing_revisions where listing_id = $1")
            .bind(card.id)
            .fetch_one(&mut conn)
            .await?;
        let pack: NewVariant = serde_json::from_value(json!({
            "sku": "SP-1", "name_vi": "Gói 250 g", "price_vnd": card.price_vnd, "grams": 290,
        }))?;
        let (seller, now, packs) = (SellerId::from(card.seller), Clock::system().now(), [pack]);
        let made = db.act(async |conn| catalogue::publish_demo(conn, seller, &content, &packs, now).await).await;
        let slug = sqlx::query_scalar("select slug from listings where id = $1")
            .bind(made.map_err(fault)?)
            .fetch_one(&mut conn)
            .await?;
        conn.close().await?;
        Ok(slug)
    }

    /// What the confirmation by a second officer does to the certificate.
    async fn revoke(&self, card: &Card) -> anyhow::Result<()> {
        let mut conn = self.home.connect().await?;
        sqlx::query("update certificates set revoked_on = $2 where id = $1")
            .bind(card.certificate)
            .bind(Clock::system().today())
            .execute(&mut conn)
            .await?;
        Ok(conn.close().await?)
    }
}

const fn new_price(card: &Card) -> i64 {
    card.price_vnd / 2 + 1
}

async fn account(conn: &mut PgConnection) -> anyhow::Result<AccountId> {
    Ok(sqlx::query_scalar("select id from accounts where display_name = 'bench'").fetch_one(conn).await?)
}

/// Looks until the change is seen.
async fn until(instance: &mut Connection, slug: &str, change: Change, price_vnd: i64) -> anyhow::Result<()> {
    let begun = Instant::now();
    loop {
        let (status, page) = look(instance, slug).await?;
        if change.is_seen(status, &page, price_vnd) {
            return Ok(());
        }
        ensure!(begun.elapsed() < PATIENCE, "not seen after {PATIENCE:?}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// The listing's page as it is now.
async fn look(instance: &mut Connection, slug: &str) -> anyhow::Result<(StatusCode, Value)> {
    let path = format!("/v1/listings/{slug}");
    let (status, body) = instance.send(Request::get(path).body(Full::default())?).await?;
    Ok((status, serde_json::from_slice(&body)?))
}
