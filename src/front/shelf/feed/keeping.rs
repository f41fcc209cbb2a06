//! The background of `serve`: looking, listening, announcing.

use std::time::Duration;

use tokio::time::sleep;

use super::Shelf;
use crate::platform::error::{Error, Result};

/// How long at most until an instance looks for news: a tenth of what is promised.
pub const LOOK: Duration = Duration::from_millis(100);
/// How long at least: of a burst of commits, every fiftieth of a second is one look.
const BREATH: Duration = Duration::from_millis(20);
/// How long at most while the database does not answer.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often what nobody found is written down.
const MISSES: Duration = Duration::from_secs(10);
/// Where news are announced.
pub const CHANNEL: &str = "shelf";

/// What an instance looks because of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Woken {
    /// Another instance has found something.
    Told,
    /// It was time, or this process has committed something.
    Itself,
}

impl Shelf {
    /// Builds the catalogue and keeps it fresh until `stop` is done.
    pub async fn keep_fresh(&self, stop: impl Future<Output = ()>) {
        tokio::select! {
            () = stop => {}
            () = self.look_again_and_again() => {}
            () = self.listen() => {}
            () = self.write_misses() => {}
        }
        self.flush_misses().await;
    }

    async fn look_again_and_again(&self) {
        let (mut woken, mut pause) = (Woken::Itself, LOOK);
        loop {
            pause = match self.follow(woken).await {
                Ok(()) => LOOK,
                Err(error) => {
                    warn("the catalogue could not be brought up to date", &error);
                    (pause * 2).min(LONGEST_PAUSE)
                }
            };
            sleep(BREATH).await;
            woken = self.woken(pause.saturating_sub(BREATH)).await;
        }
    }

    async fn woken(&self, pause: Duration) -> Woken {
        tokio::select! {
            () = self.0.told.notified() => Woken::Told,
            () = self.0.db.committed() => Woken::Itself,
            () = sleep(pause) => Woken::Itself,
        }
    }

    /// One look, and an announcement of what nobody has told us. Where that is not heard, it is found a [`LOOK`] later.
    async fn follow(&self, woken: Woken) -> Result<()> {
        let found = self.catch_up().await?;
        if found
            && woken == Woken::Itself
            && let Err(error) = self.0.db.announce(CHANNEL).await
        {
            warn("news are not announced", &error);
        }
        Ok(())
    }

    /// Listens on a connection of its own, and on another one when that is lost.
    async fn listen(&self) {
        let mut pause = LOOK;
        loop {
            match self.0.db.listen(CHANNEL).await {
                Ok(mut listener) => {
                    pause = LOOK;
                    // What was announced while nobody listened.
                    self.0.told.notify_one();
                    let lost = loop {
                        match self.0.db.hear(&mut listener).await {
                            Ok(()) => self.0.told.notify_one(),
                            Err(error) => break error,
                        }
                    };
                    warn("the connection that listens for news is lost", &lost);
                }
                Err(error) => warn("nobody listens for news", &error),
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn write_misses(&self) {
        loop {
            sleep(MISSES).await;
            self.flush_misses().await;
        }
    }

    /// Writes down what nobody found since the last time.
    pub async fn flush_misses(&self) {
        if let Err(error) = self.0.misses.flush(&self.0.db).await {
            warn("queries without result are not written down", &error);
        }
    }
}

fn warn(what: &str, error: &Error) {
    tracing::warn!(?error, "{what}");
}
