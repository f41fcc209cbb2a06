//! A catalogue of any size, the same at every run: names recombined from the real products' and communes' names, so that
//! few words are frequent and new ones keep coming; written as the program would write it, but set by set.
//!
//! Left out is what no reader of the catalogue sees: cases, letters, fingerprints of texts.

mod dice;
mod listings;
mod packs;
mod places;
mod rows;
mod sets;
mod shops;
mod slugs;
mod texts;
mod words;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use ocop_market::kernel::Clock;
use ocop_market::platform::db::Db;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use uuid::Uuid;

use super::support::home::fault;
pub use dice::Dice;
use listings::{Tables, Workshop};
pub use places::Place;
use sets::Sets;
use slugs::Slugs;
use words::Words;

/// Listings written at once.
const CHUNK: usize = 2_000;

/// A listing on the shelf, as far as questions about it need to know it.
pub struct Card {
    pub id: Uuid,
    /// Its first pack.
    pub variant: Uuid,
    pub seller: Uuid,
    pub seller_slug: String,
    /// A certificate that is valid today.
    pub certificate: Option<Uuid>,
    pub stars: Option<i16>,
    pub slug: String,
    pub title: String,
    /// Where it comes from, by its place in [`Goods::places`].
    pub place: usize,
    pub set_no: i16,
    pub group: String,
    pub minimum_age: Option<i16>,
    pub price_vnd: i64,
    pub in_stock: bool,
    /// The numbers of its words, each once, in order.
    pub words: Vec<u32>,
}

/// Numbers for folded words.
#[derive(Default)]
pub struct Vocabulary(HashMap<String, u32>);

impl Vocabulary {
    fn numbers(&mut self, folded: &str) -> Vec<u32> {
        let mut numbers: Vec<u32> = folded
            .split(' ')
            .map(|word| {
                let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
                *self.0.entry(word.to_owned()).or_insert(next)
            })
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// The number of a folded word.
    pub fn number(&self, folded: &str) -> Option<u32> {
        self.0.get(folded).copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// What is on the shelf.
pub struct Goods {
    pub cards: Vec<Card>,
    pub places: Vec<Place>,
    pub vocabulary: Vocabulary,
    pub shops: usize,
}

/// Fills an empty database with so many listings on the shelf, and one paused for every fifty.
pub async fn fill(options: PgConnectOptions, count: usize) -> anyhow::Result<Goods> {
    let now = Clock::system().now();
    let db = Db::new(options.clone(), 1);
    ocop_market::cli::prepare_database(&db, now).await.map_err(fault)?;
    db.close().await;
    let mut conn = options.connect().await?;
    let goods = write(&mut conn, count, now).await?;
    sqlx::raw_sql("vacuum (analyze)").execute(&mut conn).await?;
    conn.close().await?;
    Ok(goods)
}

/// A listing names its revision and the revision its listing: the first is checked once both are there. And what nobody
/// reads yet is no news to anybody.
const BEFORE: &str = "alter table listings drop constraint listings_published_revision_fk;
     alter table listings disable trigger user;
     alter table variants disable trigger user;
     alter table stock disable trigger user;
     alter table variant_price_breaks disable trigger user;
     alter table variant_caps disable trigger user;
     alter table sellers disable trigger user;
     alter table seller_authentications disable trigger user";
const AFTER: &str = "alter table listings add constraint listings_published_revision_fk
                         foreign key (published_revision) references listing_revisions;
     alter table listings enable trigger user;
     alter table variants enable trigger user;
     alter table stock enable trigger user;
     alter table variant_price_breaks enable trigger user;
     alter table variant_caps enable trigger user;
     alter table sellers enable trigger user;
     alter table seller_authentications enable trigger user";

async fn write(conn: &mut PgConnection, count: usize, now: DateTime<Utc>) -> anyhow::Result<Goods> {
    let (mut dice, words) = (Dice::new(2026), Words::read()?);
    let (places, sets) = (places::read(conn).await?, Sets::read(conn).await?);
    let shops = shops::make(shops::count(count), &words, &places, &mut dice, now);
    let mut tx = conn.begin().await?;
    sqlx::raw_sql(BEFORE).execute(&mut *tx).await?;
    let owner = open_account(&mut tx, now).await?;
    shops::write(&shops, &places, owner, &mut dice, &mut tx).await?;
    let (slugs, vocabulary, tables) = (Slugs::default(), Vocabulary::default(), Tables::new());
    let mut workshop =
        Workshop { words: &words, places: &places, sets: &sets, owner, now, dice, slugs, vocabulary, tables };
    let mut cards = Vec::with_capacity(count);
    for number in 0..count + count / 50 {
        // Every shop sells something, and the busiest about ten times as much as the average.
        let busy = workshop.dice.below(shops.len()) * workshop.dice.below(shops.len()) / shops.len();
        let paused = number >= count;
        let card = workshop.make(shops.get(number).unwrap_or(&shops[busy]), paused)?;
        if !paused {
            cards.push(card);
        }
        if number % CHUNK == CHUNK - 1 {
            flush(&mut workshop.tables, &mut tx).await?;
        }
    }
    flush(&mut workshop.tables, &mut tx).await?;
    let vocabulary = workshop.vocabulary;
    sqlx::raw_sql(AFTER).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(Goods { cards, places, vocabulary, shops: shops.len() })
}

async fn flush(tables: &mut Tables, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    for rows in tables.in_order() {
        rows.flush(conn).await?;
    }
    Ok(())
}

/// Somebody who owns all the shops.
async fn open_account(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Uuid, sqlx::Error> {
    let account = ocop_market::kernel::AccountId::new(now).as_uuid();
    sqlx::query("insert into accounts (id, display_name, password_hash, created_at) values ($1, 'bench', 'none', $2)")
        .bind(account)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(account)
}
