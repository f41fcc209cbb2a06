//! Heavy work, a bounded amount of it: only so much at once, only so much waiting, and anything beyond is answered 503
//! at once.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::error::{Error, OVERLOADED, Result};

/// Places for one kind of heavy work.
#[derive(Debug, Clone)]
pub struct Bounded {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

impl Bounded {
    /// Room for `at_once` pieces of work, and for `waiting` more that want to begin.
    pub fn new(at_once: usize, waiting: usize) -> Self {
        Self { running: Arc::new(Semaphore::new(at_once)), admitted: Arc::new(Semaphore::new(at_once + waiting)) }
    }

    /// Does the work on a thread where it holds nobody up, or refuses with [`OVERLOADED`].
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let Ok(_admitted) = self.admitted.try_acquire() else {
            return Err(Error::from(&OVERLOADED).retry_after(1));
        };
        let place = Arc::clone(&self.running).acquire_owned().await?;
        // The place goes with the work: a caller who hangs up must not free it while the work still runs.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        });
        Ok(done.await?)
    }
}
