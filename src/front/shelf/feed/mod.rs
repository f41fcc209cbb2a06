//! The catalogue that is read.

use std::sync::{Arc, Mutex, PoisonError};

use super::catalogue::Catalogue;
use crate::kernel::Clock;
use crate::platform::error::Result;

/// The catalogue in memory; cheap to clone.
#[derive(Clone)]
pub struct Shelf(Arc<(Mutex<Arc<Catalogue>>, Clock)>);

impl Shelf {
    /// An empty shelf.
    pub fn new(clock: Clock) -> Self {
        Self(Arc::new((Mutex::new(Arc::new(Catalogue::empty(clock.today()))), clock)))
    }

    /// What is read now.
    pub fn current(&self) -> Arc<Catalogue> {
        Arc::clone(&self.0.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another catalogue in its place.
    pub fn store(&self, catalogue: Catalogue) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(catalogue);
    }

    /// What is read now, as of today.
    pub async fn at_today(&self) -> Result<Arc<Catalogue>> {
        let today = self.0.1.today();
        if self.current().turns_on().is_some_and(|day| day <= today) {
            let next = self.current().turn(today)?;
            self.store(next);
        }
        Ok(self.current())
    }

    /// Nothing was found for these words.
    pub fn note_miss(&self, province: Option<&str>, typed: &str) {
        tracing::debug!(province, typed, "nothing found");
    }
}
