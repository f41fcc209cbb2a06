//! Counting attempts, before anything dear is done for the one who tries.

use std::net::IpAddr;

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};

use super::store;
use crate::app::App;
use crate::kernel::AccountId;
use crate::platform::error::{Error, Problem, Result};

/// Too many attempts for this name or from this address.
pub const TOO_MANY_ATTEMPTS: Problem = Problem {
    status: StatusCode::TOO_MANY_REQUESTS,
    code: "too-many-attempts",
    vi: "Thử quá nhiều lần, xin đợi ít phút",
    en: "Too many attempts; please wait a few minutes",
};

/// Invitations in a window from one account: a big household, no address book.
const INVITATIONS: i32 = 20;
/// Guests in a window from one address: a commune's post office or school shares one.
const GUESTS: i32 = 50;
/// Attempts are counted over so long a window.
const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// What is attempted, with how often it may be.
#[derive(Debug, Clone, Copy)]
pub enum Attempt {
    /// A sign-in or password change.
    Password,
    /// A code typed in or asked for.
    Code,
    /// A new account.
    Registration,
    /// A code of the second factor.
    SecondFactor,
    /// An order asked for by its number and phone.
    OrderLookup,
}

impl Attempt {
    const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::Registration => "registration",
            Self::SecondFactor => "second_factor",
            Self::OrderLookup => "order_lookup",
        }
    }

    /// Attempts in a window from one address; a commune's post office or school shares one.
    const fn per_address(self) -> i32 {
        match self {
            Self::Password => 100,
            Self::Code | Self::Registration | Self::SecondFactor | Self::OrderLookup => 50,
        }
    }

    /// Attempts in a window for one claimed name. Three of a million codes are right at any moment, and whoever guesses
    /// them has the password already.
    const fn per_name(self) -> i32 {
        match self {
            Self::Password | Self::Code | Self::Registration | Self::OrderLookup => 10,
            Self::SecondFactor => 5,
        }
    }
}

/// Counts the attempt, in a transaction of its own so that a refusal later does not uncount it.
pub async fn count(app: &App, attempt: Attempt, name: &str, address: IpAddr, now: DateTime<Utc>) -> Result<()> {
    let what = attempt.name();
    let by_name = format!("{what}:name:{name}");
    let by_address = format!("{what}:address:{address}");
    let (names, addresses) = app
        .db
        .act(async |conn| {
            let names = store::count_attempt(conn, &by_name, now, WINDOW).await?;
            let addresses = store::count_attempt(conn, &by_address, now, WINDOW).await?;
            Ok((names, addresses))
        })
        .await?;
    refuse_if(names > attempt.per_name() || addresses > attempt.per_address())
}

/// Counts an invitation by the account, because its answer tells whether a contact has an account. In a transaction of
/// its own so that a refusal later does not uncount it.
pub async fn count_invitation(app: &App, inviter: AccountId, now: DateTime<Utc>) -> Result<()> {
    let subject = format!("invitation:account:{inviter}");
    let invitations = app.db.act(async |conn| store::count_attempt(conn, &subject, now, WINDOW).await).await?;
    refuse_if(invitations > INVITATIONS)
}

/// Counts an attempt to see an order by its number and phone: whoever guesses is soon told to wait.
pub async fn count_order_lookup(app: &App, number: &str, address: IpAddr, now: DateTime<Utc>) -> Result<()> {
    count(app, Attempt::OrderLookup, number, address, now).await
}

/// Counts a guest's session, which costs whoever opens it nothing.
pub async fn count_guest(app: &App, address: IpAddr, now: DateTime<Utc>) -> Result<()> {
    let subject = format!("guest:address:{address}");
    let guests = app.db.act(async |conn| store::count_attempt(conn, &subject, now, WINDOW).await).await?;
    refuse_if(guests > GUESTS)
}

fn refuse_if(too_many: bool) -> Result<()> {
    if too_many {
        let seconds = u64::try_from(WINDOW.num_seconds())?;
        return Err(Error::from(&TOO_MANY_ATTEMPTS).retry_after(seconds));
    }
    Ok(())
}

/// Forgets the attempts for a name that has just proved itself.
pub async fn forgive(app: &App, attempt: Attempt, name: &str) -> Result<()> {
    let subject = format!("{}:name:{name}", attempt.name());
    app.db.act(async |conn| store::forget_attempts(conn, &subject).await).await
}
