//! Stars and words.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{Invalid, ReviewId};

/// How good it was: 1 to 5. Not to be mixed up with the 3 to 5 stars of an OCOP certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "i64")]
#[schema(value_type = i16, minimum = 1, maximum = 5, example = 5)]
pub struct Stars(i16);

impl Stars {
    /// Their number.
    pub const fn get(self) -> i16 {
        self.0
    }
}

impl TryFrom<i64> for Stars {
    type Error = Invalid;

    fn try_from(stars: i64) -> Result<Self, Invalid> {
        i16::try_from(stars)
            .ok()
            .filter(|stars| (1..=5).contains(stars))
            .map(Self)
            .ok_or(Invalid {
                vi: "phải là số nguyên từ 1 đến 5", en: "must be a whole number between 1 and 5"
            })
    }
}

/// A review, as everybody sees it: of its author only the name they show to others.
#[derive(Debug, Serialize, ToSchema)]
pub struct Review {
    /// The review.
    pub id: ReviewId,
    /// 1 to 5.
    pub stars: i16,
    /// What the buyer says.
    pub text: String,
    /// The name the buyer shows to others.
    pub author: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// What the shop answers.
    pub reply: Option<String>,
    /// When the shop answered last.
    pub replied_at: Option<DateTime<Utc>>,
    /// Demonstration data.
    pub demo: bool,
}
