//! Stars and words.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{AccountId, Invalid, Lang, ListingId, ReviewId, ReviewReportId, SellerId};

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

/// Whether everybody sees a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ReviewStatus {
    /// Everybody does.
    Published,
    /// A report of it was justified: nobody does but its author and officers, and its stars do not count.
    Hidden,
}

/// A review under its row's lock.
#[derive(Debug)]
pub struct Locked {
    pub id: ReviewId,
    pub listing: ListingId,
    pub seller: SellerId,
    pub author: AccountId,
    pub author_name: String,
    pub stars: i16,
    pub status: ReviewStatus,
}

/// A reason in both languages: why a review may be reported.
#[derive(Debug, Clone)]
pub struct ReportReason {
    pub code: String,
    pub text_vi: String,
    pub text_en: String,
}

impl ReportReason {
    /// In the reader's language.
    pub fn told(&self, lang: Lang) -> ReasonTold {
        let text = match lang {
            Lang::Vi => &self.text_vi,
            Lang::En => &self.text_en,
        };
        ReasonTold { code: self.code.clone(), text: text.clone() }
    }
}

/// Why a review may be reported, or was hidden.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReviewReportReason)]
pub struct ReasonTold {
    /// Stable name.
    #[schema(example = "personal_data")]
    pub code: String,
    /// In words.
    #[schema(example = "Tiết lộ dữ liệu cá nhân")]
    pub text: String,
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ReviewReportStatus)]
pub enum ReportStatus {
    /// An officer has not decided yet.
    Open,
    /// The review was hidden.
    Justified,
    /// The review stays.
    Dismissed,
}

/// A report as an officer sees it: who made it is not the officer's business, whether the shop did is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReviewReport)]
pub struct Report {
    /// The report.
    pub id: ReviewReportId,
    /// Why.
    #[schema(example = "personal_data")]
    pub reason: String,
    /// In the reporter's words.
    pub words: Option<String>,
    /// Whether the reporter belongs to the shop.
    pub from_shop: bool,
    /// What became of it.
    pub status: ReportStatus,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}
