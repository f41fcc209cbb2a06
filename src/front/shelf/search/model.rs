//! Rows an operator edits.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The number of a row of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(transparent)]
#[sqlx(transparent)]
#[schema(value_type = i32, example = 7)]
pub struct WordId(i32);

/// Words that mean the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchWord {
    /// The row.
    pub id: WordId,
    /// Who types this …
    #[schema(example = "lợn")]
    pub typed: String,
    /// … is also answered by this.
    #[schema(example = "heo")]
    pub means: String,
    /// Whether it holds the other way round, too.
    pub mutual: bool,
    /// Why it is there.
    pub note: Option<String>,
}

/// A weight of the ranking, on the days from its first on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SearchWeight {
    /// Its name.
    #[schema(example = "star")]
    pub name: String,
    /// How much it counts.
    pub value: i32,
    /// First day.
    pub effective_from: NaiveDate,
    /// First day no longer; null until another value is set.
    pub effective_to: Option<NaiveDate>,
    /// What it is for.
    pub why_vi: String,
    /// The same in English.
    pub why_en: String,
}

/// A weight of the ranking, and what it may be.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoundedWeight {
    /// The weight.
    #[serde(flatten)]
    pub weight: SearchWeight,
    /// The least it may be; null if the ranking no longer has it.
    pub least: Option<i32>,
    /// The most it may be; null if the ranking no longer has it.
    pub most: Option<i32>,
}

/// Words nobody found anything by.
#[derive(Debug, Serialize, ToSchema)]
pub struct SearchMiss {
    /// Code of the province that was asked for; null: none in particular.
    #[schema(example = "12")]
    pub province_code: Option<String>,
    /// The words, without accents and long numbers.
    #[schema(example = "ruou can")]
    pub words: String,
    /// How often.
    pub count: i64,
}

/// Fewer than so many searches are not shown, and not kept beyond the week: what a single person typed is nobody's
/// business (Law 91/2025/QH15 on personal data).
pub const FEWEST_SEARCHES: i32 = 5;
