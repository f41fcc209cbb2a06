//! How far behind the catalogue may be, for probes and metrics. Times here are the machine's: they say how the program
//! runs, not when something happened in the marketplace.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::super::facts::Batch;
use super::{SHELF_BEHIND, SHELF_NOT_READY, Shelf};
use crate::platform::error::{Error, Result};

/// Beyond this, the instance asks to be left out, unless something else is configured: longer than a database takes to hand
/// over to its standby and than reading 100,000 listings anew, so that neither takes every instance out.
pub const LAG_LIMIT: Duration = Duration::from_secs(30);

/// What is counted.
pub struct Gauge {
    start: Instant,
    limit: Duration,
    /// When the last look began that left nothing out: milliseconds after `start`, and one. Zero: never.
    complete: AtomicU64,
    builds: AtomicU64,
    build_millis: AtomicU64,
    taken: AtomicU64,
}

impl Gauge {
    /// Begins to count. Beyond the limit, the catalogue is too old.
    pub fn start(limit: Duration) -> Self {
        let zero = AtomicU64::default;
        Self { start: Instant::now(), limit, complete: zero(), builds: zero(), build_millis: zero(), taken: zero() }
    }

    /// Whether the catalogue was ever read.
    pub fn is_built(&self) -> bool {
        self.complete.load(Ordering::Acquire) > 0
    }

    /// The catalogue has everything that was committed at `began`.
    pub fn complete(&self, began: Instant) {
        self.complete.store(millis(began - self.start) + 1, Ordering::Release);
    }

    /// The catalogue was read as of `began`.
    pub fn built(&self, began: Instant) {
        self.builds.fetch_add(1, Ordering::Relaxed);
        self.build_millis.store(millis(began.elapsed()), Ordering::Relaxed);
        self.complete(began);
    }

    /// So much is taken in.
    pub fn count_taken(&self, batch: &Batch) {
        let things = batch.listings.len() + batch.sellers.len() + batch.certificates.len();
        self.taken.fetch_add(things as u64, Ordering::Relaxed);
    }

    /// How long something committed can at most have been waiting: since the last look that left nothing out.
    fn lag(&self) -> Option<Duration> {
        let complete = self.complete.load(Ordering::Acquire).checked_sub(1)?;
        Some(self.start.elapsed().saturating_sub(Duration::from_millis(complete)))
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Shelf {
    /// Refuses until the catalogue is read, and while it is too far behind.
    pub fn ready(&self) -> Result<()> {
        match self.0.gauge.lag() {
            None => Err(Error::from(&SHELF_NOT_READY).retry_after(1)),
            Some(lag) if lag > self.0.gauge.limit => {
                Err(Error::from(&SHELF_BEHIND).fact("lag_seconds", lag.as_secs()).retry_after(1))
            }
            Some(_) => Ok(()),
        }
    }

    /// The counts in the text format of Prometheus.
    pub fn metrics(&self) -> String {
        let gauge = &self.0.gauge;
        let last = self.0.seen.borrow().last;
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed).to_string();
        let seconds = |duration: Duration| format!("{:.3}", duration.as_secs_f64());
        let build = Duration::from_millis(gauge.build_millis.load(Ordering::Relaxed));
        let rows = [
            (
                "shelf_ready",
                "gauge",
                "Whether the catalogue is read and fresh.",
                u8::from(self.ready().is_ok()).to_string(),
            ),
            (
                "shelf_lag_seconds",
                "gauge",
                "Time since the last look at the news that left nothing out; no committed change waits for longer.",
                gauge.lag().map_or_else(|| "NaN".to_owned(), seconds),
            ),
            ("shelf_listings", "gauge", "Published listings in memory.", self.current().listings().to_string()),
            (
                "shelf_position_tx",
                "gauge",
                "Transaction of the last news that are taken in.",
                last.map_or(0, |last| last.tx).to_string(),
            ),
            ("shelf_taken_total", "counter", "Listings, shops and certificates read again.", count(&gauge.taken)),
            ("shelf_builds_total", "counter", "Times the whole catalogue was read.", count(&gauge.builds)),
            ("shelf_build_seconds", "gauge", "How long the last of these took.", seconds(build)),
        ];
        let mut text = String::new();
        for (name, kind, help, value) in rows {
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
        }
        text
    }
}
