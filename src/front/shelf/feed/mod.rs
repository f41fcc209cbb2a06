//! How the model gets and stays fresh.
//!
//! PostgreSQL is the only truth. Triggers write what is new to `shelf_news` in the transaction that makes it so; every
//! instance reads that table for itself, reads the changed subjects again as they stand, and puts the next
//! [`Catalogue`] in the place of the present one. Readers take whatever stands there: no lock, no waiting. To take the
//! same news twice changes nothing.
//!
//! **What counts as read.** Everything up to the last row that was committed, in the order of `(tx, id)`, but for the rows
//! of older transactions that were under way then; so a number that is never used, or a transaction that commits after a
//! younger one, is never passed over, one slow import does not delay a takedown, and nothing is read twice. The row we
//! stand at is looked for with every look, and so is the server's timeline: if either has changed, this is another
//! history (a restored backup, a failover that may have lost something) or we were away for longer than news are kept,
//! and the model is built anew, in its place.
//!
//! **Who waits how long.** For each answer of the database as long as [`PATIENCE`](crate::platform::db::PATIENCE); then
//! the connection is given up, and the next look asks on another one.
//!
//! **Who wakes whom.** Every instance looks each [`LOOK`], and at once when its own process has committed something.
//! What an instance finds by itself it announces with one `NOTIFY` in no transaction, and whoever hears it looks at once.
//! Who was told announces nothing, and nothing is found twice, so that an announcement cannot cause another one. A
//! `NOTIFY` that is lost, with its connection or otherwise, costs one [`LOOK`].

mod gauge;
mod keeping;
mod misses;
mod reading;
mod taking;

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::http::StatusCode;
use chrono::NaiveDate;
use sqlx::PgConnection;
use tokio::sync::{Mutex, Notify, watch};

use super::catalogue::Catalogue;
use super::store::news::{self, Seen};
use crate::kernel::Clock;
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use gauge::{Gauge, LAG_LIMIT};
use misses::Misses;

pub use keeping::{CHANNEL, LOOK};
pub use news::Position;

/// The catalogue is not read from the database yet.
pub const SHELF_NOT_READY: Problem = Problem {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "shelf-not-ready",
    vi: "Danh mục đang được nạp, vui lòng thử lại sau giây lát",
    en: "The catalogue is being loaded; please try again in a moment",
};

/// The catalogue is too old to be shown by choice. The fact `lag_seconds` says how old.
pub const SHELF_BEHIND: Problem = Problem {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "shelf-behind",
    vi: "Danh mục chậm hơn cơ sở dữ liệu",
    en: "The catalogue lags behind the database",
};

/// The catalogue in memory, and what keeps it fresh; cheap to clone.
#[derive(Clone)]
pub struct Shelf(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Clock,
    catalogue: ArcSwap<Catalogue>,
    /// Whoever holds this looks for news; it takes as long as the database does.
    looking: Mutex<()>,
    /// Whoever holds this replaces the catalogue; it takes as long as making the next one.
    writing: Mutex<()>,
    /// Which news are in the catalogue.
    seen: watch::Sender<Seen>,
    told: Notify,
    gauge: Gauge,
    misses: Misses,
}

impl Shelf {
    /// An empty shelf. It is filled by the first [`catch_up`](Self::catch_up), or by [`keep_fresh`](Self::keep_fresh).
    pub fn new(db: Db, clock: Clock) -> Self {
        Self::with_lag_limit(db, clock, LAG_LIMIT)
    }

    /// One that is [not ready](Self::ready) while it lags behind by more than that.
    pub fn with_lag_limit(db: Db, clock: Clock, lag_limit: Duration) -> Self {
        let catalogue = ArcSwap::from_pointee(Catalogue::empty(clock.today()));
        let (seen, _) = watch::channel(Seen::default());
        Self(Arc::new(Inner {
            db,
            clock,
            catalogue,
            looking: Mutex::default(),
            writing: Mutex::default(),
            seen,
            told: Notify::new(),
            gauge: Gauge::start(lag_limit),
            misses: Misses::default(),
        }))
    }

    /// What is read now, whatever day it was made for; empty until it was read for the first time.
    pub fn current(&self) -> Arc<Catalogue> {
        self.0.catalogue.load_full()
    }

    /// What is read now, as of today: if the day has come on which an answer changes, the turn is awaited.
    ///
    /// # Errors
    /// [`SHELF_NOT_READY`] until the catalogue was read for the first time.
    pub async fn at_today(&self) -> Result<Arc<Catalogue>> {
        if !self.0.gauge.is_built() {
            return Err(Error::from(&SHELF_NOT_READY).retry_after(1));
        }
        let (current, today) = (self.current(), self.0.clock.today());
        if is_due(&current, today) { self.turn().await } else { Ok(current) }
    }

    /// Turns the catalogue to today, unless somebody else was faster. Needs no database.
    async fn turn(&self) -> Result<Arc<Catalogue>> {
        let _writing = self.0.writing.lock().await;
        let (current, today) = (self.current(), self.0.clock.today());
        if !is_due(&current, today) {
            return Ok(current);
        }
        let next = Arc::new(tokio::task::spawn_blocking(move || current.turn(today)).await??);
        self.0.catalogue.store(Arc::clone(&next));
        Ok(next)
    }

    /// Waits until the row at the position is in the catalogue, with everything that was committed before it.
    pub async fn caught_up_to(&self, position: Position) {
        let mut seen = self.0.seen.subscribe();
        // The sender lives as long as `self`.
        let _ = seen.wait_for(|seen| seen.has(position)).await;
    }

    /// The last row of news that is committed.
    pub async fn position_of_server(conn: &mut PgConnection) -> Result<Position> {
        news::last(conn).await?.ok_or_else(|| Error::fault("there are no news at all, not even the first row"))
    }

    /// Notes that nothing was found for these words, looked for in this province or anywhere. No query waits for it.
    pub fn note_miss(&self, province: Option<&str>, typed: &str) {
        self.0.misses.note(self.0.clock.today(), province, typed);
    }
}

/// Whether an answer of the catalogue has changed by the day.
fn is_due(catalogue: &Catalogue, today: NaiveDate) -> bool {
    catalogue.turns_on().is_some_and(|day| day <= today)
}
