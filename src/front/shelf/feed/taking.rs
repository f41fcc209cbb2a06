//! Taking in what is new, and building anew.

use std::sync::Arc;
use std::time::Instant;

use super::super::catalogue::Catalogue;
use super::super::facts::Batch;
use super::super::store::listings;
use super::super::store::news::{self, Seen, Subjects};
use super::Shelf;
use super::reading::{self, Pages};
use crate::platform::error::Result;

/// News taken in at a time: what changes while a large import commits fits many times.
const PAGE: usize = 2_000;

impl Shelf {
    /// Takes in everything that is committed when this is called; builds the catalogue if it never was. Says whether
    /// anything was new.
    pub async fn catch_up(&self) -> Result<bool> {
        let _looking = self.0.looking.lock().await;
        if !self.0.gauge.is_built() {
            self.build().await?;
            return Ok(false);
        }
        let (began, db) = (Instant::now(), &self.0.db);
        let before = self.0.seen.borrow().clone();
        let look = db.glance(async |conn| db.within(news::look(conn, &before)).await).await?;
        let seen = match (look.continues(&before), look.news) {
            (true, false) => Some(look.seen),
            (true, true) => self.take(&before).await?,
            (false, _) => None,
        };
        let Some(seen) = seen else {
            tracing::warn!("the catalogue is built anew");
            self.build().await?;
            return Ok(true);
        };
        // The day may have changed though nothing else has.
        self.turn().await?;
        self.0.seen.send_replace(seen);
        self.0.gauge.complete(began);
        Ok(look.news)
    }

    /// Takes in what is new in one snapshot, page by page. Answers what is seen then; `None` if everything is to be read
    /// again, because what was seen before does not hold any longer, or because what everything carries has changed.
    async fn take(&self, before: &Seen) -> Result<Option<Seen>> {
        let db = &self.0.db;
        let taken = db.watch(async |conn| {
            let look = db.within(news::look(conn, before)).await?;
            if !look.continues(before) {
                return Ok(None);
            }
            let mut after = None;
            loop {
                let fresh = db.within(news::fresh(conn, before, after, PAGE.try_into()?)).await?;
                let mut subjects = Subjects::default();
                subjects.extend(fresh.iter().map(|news| news.subject));
                if subjects.places {
                    return Ok(None);
                }
                let batch = db.within(reading::read(conn, &subjects)).await?;
                self.0.gauge.count_taken(&batch);
                self.apply(batch).await?;
                if fresh.len() < PAGE {
                    return Ok(Some(look.seen));
                }
                after = fresh.last().map(|news| news.position);
            }
        });
        taken.await
    }

    /// Reads everything as of one instant into the catalogue, page by page in its place, so that there are never two of
    /// them; then takes out what was on no page. The next page is read while one is applied. The first one nobody reads
    /// until it is whole.
    async fn build(&self) -> Result<()> {
        let began = Instant::now();
        let db = &self.0.db;
        let built = db.watch(async |conn| {
            let look = db.within(news::look(conn, &Seen::default())).await?;
            let mut first = None;
            if !self.0.gauge.is_built() {
                let listings = db.within(listings::count(conn)).await?;
                first = Some(Catalogue::for_about(usize::try_from(listings)?, self.0.clock.today()));
            }
            let mut pages = Pages::default();
            let mut batch = Batch::default();
            loop {
                let (applied, next) = tokio::join!(self.apply_to(&mut first, batch), db.within(pages.next(conn)));
                applied?;
                match next? {
                    Some(next) => batch = next,
                    None => break,
                }
            }
            if first.is_none() {
                self.apply(pages.unseen(&self.current())).await?;
            }
            Ok((look.seen, first))
        });
        let (seen, first) = built.await?;
        if let Some(first) = first {
            let compacted = tokio::task::spawn_blocking(move || first.compacted()).await?;
            let _writing = self.0.writing.lock().await;
            self.0.catalogue.store(Arc::new(compacted));
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

    /// Puts the next one in the place of the caller's own, which is gone if that fails, so that the caller must begin
    /// again; without one, in the place of the [present one](Self::apply).
    async fn apply_to(&self, own: &mut Option<Catalogue>, batch: Batch) -> Result<()> {
        let Some(catalogue) = own.take() else { return self.apply(batch).await };
        let today = self.0.clock.today();
        *own = Some(tokio::task::spawn_blocking(move || catalogue.into_next(&batch, today)).await??);
        Ok(())
    }
}
