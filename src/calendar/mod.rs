//! Days nobody works, and how long things may take: dated rows with their legal basis.

mod store;

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc, Weekday};
use sqlx::PgConnection;

use crate::kernel::Lang;
use crate::kernel::clock::{day_of, start_of_day};
use crate::platform::error::{Error, Result};

/// How long something may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowance {
    /// By the clock, in minutes.
    Minutes(i32),
    /// By the clock.
    Hours(i32),
    /// By working days: Monday to Friday but for holidays. The day it starts does not count, and the last one counts
    /// to its end (Civil Code 91/2015/QH13, articles 147 and 148).
    WorkingDays(i32),
}

impl Allowance {
    /// The first instant that is too late.
    pub fn ends(self, from: DateTime<Utc>, holidays: &BTreeSet<NaiveDate>) -> DateTime<Utc> {
        match self {
            Self::Minutes(minutes) => from + TimeDelta::minutes(i64::from(minutes)),
            Self::Hours(hours) => from + TimeDelta::hours(i64::from(hours)),
            Self::WorkingDays(days) => {
                let mut day = day_of(from);
                let mut left = days;
                while left > 0 {
                    day += TimeDelta::days(1);
                    if is_working_day(day, holidays) {
                        left -= 1;
                    }
                }
                start_of_day(day + TimeDelta::days(1))
            }
        }
    }

    /// The latest start of which the time is over at the instant.
    pub fn latest_start(self, at: DateTime<Utc>, holidays: &BTreeSet<NaiveDate>) -> DateTime<Utc> {
        match self {
            Self::Minutes(minutes) => at - TimeDelta::minutes(i64::from(minutes)),
            Self::Hours(hours) => at - TimeDelta::hours(i64::from(hours)),
            Self::WorkingDays(_) => {
                let mut day = day_of(at);
                // The end depends on the day of the start alone, and an earlier day never ends later.
                while self.ends(start_of_day(day), holidays) > at {
                    day -= TimeDelta::days(1);
                }
                start_of_day(day + TimeDelta::days(1)) - TimeDelta::microseconds(1)
            }
        }
    }

    /// In words: `48 giờ`, `7 working days`.
    pub fn words(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Minutes(minutes), Lang::Vi) => format!("{minutes} phút"),
            (Self::Minutes(1), Lang::En) => "1 minute".to_owned(),
            (Self::Minutes(minutes), Lang::En) => format!("{minutes} minutes"),
            (Self::Hours(hours), Lang::Vi) => format!("{hours} giờ"),
            (Self::Hours(1), Lang::En) => "1 hour".to_owned(),
            (Self::Hours(hours), Lang::En) => format!("{hours} hours"),
            (Self::WorkingDays(days), Lang::Vi) => format!("{days} ngày làm việc"),
            (Self::WorkingDays(1), Lang::En) => "1 working day".to_owned(),
            (Self::WorkingDays(days), Lang::En) => format!("{days} working days"),
        }
    }
}

fn is_working_day(day: NaiveDate, holidays: &BTreeSet<NaiveDate>) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !holidays.contains(&day)
}

/// How long something of `kind` may take, by the row in force on the day.
pub async fn allowance(conn: &mut PgConnection, kind: &str, on: NaiveDate) -> Result<Allowance> {
    let allowance = store::allowance(conn, kind, on).await?;
    allowance.ok_or_else(|| Error::fault(format!("no deadline row for `{kind}` on {on}")))
}

/// When something of `kind` that starts at `from` is too late, by the row in force on that day.
pub async fn due(conn: &mut PgConnection, kind: &str, from: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let today = day_of(from);
    let allowance = allowance(conn, kind, today).await?;
    let holidays = holidays_for(conn, allowance, today).await?;
    Ok(allowance.ends(from, &holidays))
}

/// The holidays that count for the allowance, from the day on: by the clock none does.
async fn holidays_for(conn: &mut PgConnection, allowance: Allowance, from: NaiveDate) -> Result<BTreeSet<NaiveDate>> {
    match allowance {
        Allowance::Minutes(_) | Allowance::Hours(_) => Ok(BTreeSet::new()),
        Allowance::WorkingDays(_) => store::holidays_from(conn, from).await,
    }
}

/// The day itself, if people work on it, or else the next working day (Civil Code 91/2015/QH13, article 148.5).
pub async fn working_day_from(conn: &mut PgConnection, day: NaiveDate) -> Result<NaiveDate> {
    let holidays = store::holidays_from(conn, day).await?;
    let first = day.iter_days().find(|day| is_working_day(*day, &holidays));
    first.ok_or_else(|| Error::fault(format!("nobody works from {day} on")))
}

/// The latest start of something of `kind` that is over at the instant, by the row in force then.
pub async fn latest_start(conn: &mut PgConnection, kind: &str, at: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let today = day_of(at);
    let allowance = allowance(conn, kind, today).await?;
    // Every holiday that can lie between: no allowance is counted in years.
    let holidays = holidays_for(conn, allowance, today - TimeDelta::days(366)).await?;
    Ok(allowance.latest_start(at, &holidays))
}
