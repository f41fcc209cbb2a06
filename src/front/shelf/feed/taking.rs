//! Taking in what is new, and building anew.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use sqlx::PgConnection;

use super::super::facts::Batch;
use super::super::store::news::{self, Fresh, News, Position, Subjects};
use super::reading::{self, Pages};
use super::{Seen, Shelf};
use crate::platform::error::Result;

/// Rows taken in at a time, settled and unsettled ones: what changes while a large import commits fits many times.
const ROWS: (i64, i64) = (2_000, 1_000);

/// What follows from fresh rows.
struct Sifted {
    /// What is to be read again.
    subjects: Subjects,
    /// What is seen then.
    seen: Seen,
    /// Whether there may be more to take in at once.
    more: bool,
    /// Whether nothing that is committed was left out.
    whole: bool,
}

impl Shelf {
    /// Takes in everything that is committed when this is called; builds the catalogue if it never was. Says whether
    /// anything was new.
    pub async fn catch_up(&self) -> Result<bool> {
        let _looking = self.0.looking.lock().await;
        if !self.0.gauge.is_built() {
            self.build().await?;
            return Ok(false);
        }
        let mut found = false;
        loop {
            let began = Instant::now();
            let look = self.look().await?;
            let Some((batch, sifted)) = look else {
                tracing::warn!("the catalogue is built anew");
                self.build().await?;
                return Ok(true);
            };
            found |= batch.is_some();
            self.take(batch).await?;
            self.0.seen.send_replace(sifted.seen);
            if !sifted.more {
                if sifted.whole {
                    self.0.gauge.complete(began);
                }
                return Ok(found);
            }
        }
    }

    /// What is new; `None` if the row at our position is not there, or the names of places have changed.
    async fn look(&self) -> Result<Option<(Option<Batch>, Sifted)>> {
        let before = self.0.seen.borrow().clone();
        self.0
            .db
            .see(async |conn| {
                let fresh = news::since(conn, before.settled, ROWS).await?;
                let Some(sifted) = sift(&before, &fresh) else { return Ok(None) };
                let nothing = sifted.subjects.is_empty();
                let batch = if nothing { None } else { Some(reading::read(conn, &sifted.subjects).await?) };
                Ok(Some((batch, sifted)))
            })
            .await
    }

    async fn take(&self, batch: Option<Batch>) -> Result<()> {
        match batch {
            Some(batch) => {
                self.0.gauge.count_taken(&batch);
                self.apply(batch).await
            }
            None => self.turn().await.map(drop),
        }
    }

    /// Reads everything as of one instant into the catalogue, page by page in its place, so that there are never two of
    /// them; then takes out what was on no page. The next page is read while one is applied.
    async fn build(&self) -> Result<()> {
        let began = Instant::now();
        let seen = self.0.db.see(async |conn| {
            let seen = seen_at(conn).await?;
            let mut pages = Pages::default();
            let mut batch = Batch::default();
            loop {
                let (applied, next) = tokio::join!(self.apply(batch), pages.next(conn));
                applied?;
                match next? {
                    Some(next) => batch = next,
                    None => break,
                }
            }
            self.apply(pages.unseen(&self.current())).await?;
            Ok(seen)
        });
        let seen = seen.await?;
        if !self.0.gauge.is_built() {
            self.compact().await?;
        }
        self.0.gauge.built(began);
        self.0.seen.send_replace(seen);
        let seconds = began.elapsed().as_secs_f64();
        tracing::info!(listings = self.current().listings(), seconds, "the catalogue is built");
        Ok(())
    }

    /// Puts the catalogue with the batch, as of today, in the place of the present one.
    async fn apply(&self, batch: Batch) -> Result<()> {
        let _writing = self.0.writing.lock().await;
        let (current, today) = (self.current(), self.0.clock.today());
        // Thousands of listings at once would keep requests waiting on this thread.
        let next = tokio::task::spawn_blocking(move || current.apply(&batch, today)).await??;
        self.0.catalogue.store(Arc::new(next));
        Ok(())
    }

    /// Puts the words of a catalogue nobody has read yet into their best order.
    async fn compact(&self) -> Result<()> {
        let _writing = self.0.writing.lock().await;
        let current = self.current();
        self.0.catalogue.store(Arc::new(tokio::task::spawn_blocking(move || current.compacted()).await?));
        Ok(())
    }
}

/// The rows whose changes the connection's snapshot has.
async fn seen_at(conn: &mut PgConnection) -> Result<Seen> {
    let settled = news::last_settled(conn).await?;
    let fresh = news::since(conn, settled, ROWS).await?;
    Ok(Seen { settled, early: fresh.unsettled.iter().map(|news| news.position).collect() })
}

/// What follows from the fresh rows; `None` if everything is to be read again.
fn sift(before: &Seen, fresh: &Fresh) -> Option<Sifted> {
    let full = |rows: &[News], most: i64| usize::try_from(most).is_ok_and(|most| rows.len() >= most);
    let (more, cut) = (full(&fresh.settled, ROWS.0), full(&fresh.unsettled, ROWS.1));
    let rows = || fresh.settled.iter().chain(&fresh.unsettled);
    let there: BTreeSet<Position> = rows().map(|news| news.position).collect();
    let lost = before.settled.is_some_and(|settled| !there.contains(&settled))
        || (!more && !cut && !before.early.is_subset(&there));
    let mut subjects = Subjects::default();
    subjects.extend(rows().filter(|news| !before.has(news.position)).map(|news| news.subject));
    if lost || subjects.places {
        return None;
    }
    let settled = fresh.settled.last().map(|news| news.position).or(before.settled);
    let early = before.early.iter().copied().chain(fresh.unsettled.iter().map(|news| news.position));
    let early = early.filter(|early| settled.is_none_or(|settled| *early > settled)).collect();
    Some(Sifted { subjects, seen: Seen { settled, early }, more, whole: !cut })
}
