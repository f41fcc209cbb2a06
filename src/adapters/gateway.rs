//! What every payment gateway says, whatever its words for it.

use chrono::{DateTime, Utc};

use crate::kernel::Vnd;

/// What became of a try to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The gateway has the money, in a transaction of its own with this number.
    Paid {
        /// The number.
        transaction: String,
    },
    /// It has not, and will not.
    Failed,
    /// Not known yet.
    Pending,
}

/// A gateway's word on a try to pay: signed, or asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Our key of the try.
    pub reference: String,
    /// What became of it.
    pub outcome: Outcome,
    /// How much it was about.
    pub amount: Vnd,
    /// When, by the gateway's clock; some do not say of a try that failed.
    pub at: Option<DateTime<Utc>>,
}

/// Why a message is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disbelieved {
    /// It is not signed by the gateway.
    Forged,
    /// It cannot be read far enough to see whether it is.
    Malformed,
    /// It is signed, and says what cannot be: that is for a person.
    Unreadable,
}

/// What a gateway knows of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// So much.
    Known(Notice),
    /// Nothing: the buyer never came.
    Nothing,
}

/// Where a buyer is sent, or why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// To this page.
    At(String),
    /// The gateway takes no such payment, and says why.
    Refused(String),
}

/// What became of money to be given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Returned {
    /// It is on its way to the buyer, and the gateway answers for it.
    Done {
        /// The gateway's number of it, if it gave one.
        transaction: Option<String>,
    },
    /// The gateway will not, and says why.
    Declined(String),
    /// Not known yet: ask again with the same key.
    Pending,
}
