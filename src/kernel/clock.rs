//! The time: one clock for the whole app, which a test can advance.
//!
//! Instants are UTC to the microsecond, as PostgreSQL keeps them. Days are days in Viet Nam: UTC+7 all year, since 1975
//! without daylight saving.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Utc};

/// The offset of `Asia/Ho_Chi_Minh`.
pub const VIET_NAM: FixedOffset = match FixedOffset::east_opt(7 * 3600) {
    Some(offset) => offset,
    None => panic!("seven hours are an offset"),
};

/// Tells the time. Clones tell the same time.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Manual(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `start` until it is advanced.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self(Source::Manual(Arc::new(Mutex::new(start))))
    }

    /// The present instant, to the microsecond.
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "this is the clock everybody else asks")]
            Source::System => Utc::now(),
            Source::Manual(now) => *now.lock().unwrap_or_else(PoisonError::into_inner),
        };
        now.trunc_subsecs(6)
    }

    /// The present day in Viet Nam.
    pub fn today(&self) -> NaiveDate {
        day_of(self.now())
    }

    /// Moves a manual clock, and all its clones.
    ///
    /// # Panics
    /// On the system clock: nobody moves that.
    pub fn advance(&self, by: TimeDelta) {
        match &self.0 {
            Source::System => panic!("the system clock cannot be advanced"),
            Source::Manual(now) => *now.lock().unwrap_or_else(PoisonError::into_inner) += by,
        }
    }
}

/// The day in Viet Nam on which the instant falls.
pub fn day_of(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&VIET_NAM).date_naive()
}

/// The instant at which the day begins in Viet Nam: 17:00 UTC of the day before.
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    (day.and_time(NaiveTime::MIN) - VIET_NAM).and_utc()
}
