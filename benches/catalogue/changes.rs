//! Prices that change while others read: through the same function as the endpoint for shops, in transactions of our own,
//! so that the process that is measured only reads.

use std::time::{Duration, Instant};

use ocop_market::kernel::{ListingId, Price, SellerId, VariantId};
use ocop_market::market::catalogue;
use ocop_market::platform::db::Db;
use sqlx::postgres::PgConnectOptions;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::interval;

use super::goods::{Card, Dice, Goods};
use super::support::home::fault;
use super::wrk::count;

/// Changes a second.
pub const RATE: f64 = 100.0;
/// One changes every 40 ms, so that together they are [`RATE`] even if a commit takes longer than 10 ms.
const WRITERS: u64 = 4;
const PAUSE: Duration = Duration::from_millis(40);

/// A pack whose price can change.
#[derive(Debug, Clone, Copy)]
pub struct Priced {
    seller: SellerId,
    listing: ListingId,
    variant: VariantId,
    price_vnd: i64,
}

impl Priced {
    pub fn of(card: &Card) -> Self {
        Self {
            seller: card.seller.into(),
            listing: card.id.into(),
            variant: card.variant.into(),
            price_vnd: card.price_vnd,
        }
    }

    /// Gives it this price.
    pub async fn set(self, db: &Db, price_vnd: i64) -> anyhow::Result<()> {
        let price = Price::try_from(price_vnd)?;
        let Self { seller, listing, variant, .. } = self;
        db.act(async |conn| catalogue::set_price(conn, seller, listing, variant, price).await).await.map_err(fault)
    }
}

/// Writers at work.
pub struct Changes {
    stop: watch::Sender<bool>,
    writers: JoinSet<anyhow::Result<u64>>,
    begun: Instant,
}

impl Changes {
    /// Begins to change prices of any listings.
    pub fn begin(options: &PgConnectOptions, goods: &Goods) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut writers = JoinSet::new();
        for number in 0..WRITERS {
            let mut dice = Dice::new(number);
            let packs: Vec<Priced> = (0..1_000).map(|_| Priced::of(dice.pick(&goods.cards))).collect();
            writers.spawn(change(Db::new(options.clone(), 1), packs, dice, stopped.clone()));
        }
        Self { stop, writers, begun: Instant::now() }
    }

    /// Ends it; how many prices changed a second.
    pub async fn end(mut self) -> anyhow::Result<f64> {
        self.stop.send_replace(true);
        let elapsed = self.begun.elapsed();
        let mut done = 0;
        while let Some(writer) = self.writers.join_next().await {
            done += writer??;
        }
        Ok(count(done) / elapsed.as_secs_f64())
    }
}

async fn change(db: Db, packs: Vec<Priced>, mut dice: Dice, stopped: watch::Receiver<bool>) -> anyhow::Result<u64> {
    let mut clock = interval(PAUSE);
    let mut done = 0;
    while !*stopped.borrow() {
        clock.tick().await;
        let pack = dice.pick(&packs);
        pack.set(&db, pack.price_vnd + dice.between(1, 50) * 1_000).await?;
        done += 1;
    }
    db.close().await;
    Ok(done)
}
