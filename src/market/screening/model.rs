//! Rules, word lists and findings.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{ListingId, ScreeningRuleId, Vnd};
use crate::market::certification::Stars;
use crate::market::sellers::{Missing, Paper, PaperKind};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::extract::INVALID;

/// The row has ended: another one took its place, or none did.
pub const ROW_ENDED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "screening-row-ended",
    vi: "Quy tắc hoặc từ ngữ này đã hết hiệu lực, hãy xem bản mới nhất",
    en: "This rule or phrase is no longer in force; look at the latest version",
};

/// There is a rule of that code, or that phrase in the list, already.
pub const ROW_EXISTS: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "screening-row-exists",
    vi: "Quy tắc hoặc từ ngữ này đã có",
    en: "There is such a rule or phrase already",
};

/// How much an officer should care. It decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Severity {
    /// Worth a look.
    Notice,
    /// Probably to be mended.
    Warning,
    /// Against the law, if it is what it seems.
    Serious,
}

/// What a rule looks for, with its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = ScreeningTest)]
pub enum Test {
    /// Phrases of the rule's list that no valid paper of the shop backs.
    Words {},
    /// Phrases that claim more stars than the certificate carries today.
    StarClaim {},
    /// Phone numbers, e-mail addresses, links, names on social networks, and phrases of the rule's list.
    ContactData {},
    /// A price so many times above or below the median of other shops' listings in the set, per kilogram where goods
    /// are weighed.
    PriceOutlier {
        /// How many times.
        #[schema(minimum = 2, maximum = 1000)]
        times: u16,
        /// With fewer listings of other shops there is no telling.
        #[schema(minimum = 1, maximum = 1000)]
        least_listings: u16,
    },
    /// Something the law wants on the label.
    MissingLabel {},
    /// A paper or certificate the shop needs and lacks, or that has expired or was revoked.
    MissingPaper {},
    /// Texts so many per cent like those of another shop's published listing.
    NearDuplicate {
        /// How many.
        #[schema(minimum = 30, maximum = 100)]
        percent: u8,
    },
}

impl Test {
    /// Refuses parameters out of bounds.
    pub fn check(&self) -> Result<()> {
        let wrong = |field: &str, must: &str| Err(Error::from(&INVALID).at(format!("test.{field}"), must));
        match self {
            Self::PriceOutlier { times, .. } if !(2..=1000).contains(times) => {
                wrong("times", "phải từ 2 đến 1000 / must be 2 to 1000")
            }
            Self::PriceOutlier { least_listings, .. } if !(1..=1000).contains(least_listings) => {
                wrong("least_listings", "phải từ 1 đến 1000 / must be 1 to 1000")
            }
            Self::NearDuplicate { percent } if !(30..=100).contains(percent) => {
                wrong("percent", "phải từ 30 đến 100 / must be 30 to 100")
            }
            _ => Ok(()),
        }
    }

    /// Whether the rule has a word list.
    pub const fn has_terms(&self) -> bool {
        matches!(self, Self::Words {} | Self::StarClaim {} | Self::ContactData {})
    }
}

/// A version of a rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ScreeningRule)]
pub struct Rule {
    /// This version.
    pub id: ScreeningRuleId,
    /// The rule, whatever its version.
    #[schema(example = "organic_claim")]
    pub code: String,
    /// What it looks for.
    pub test: Test,
    /// How much it matters.
    pub severity: Severity,
    /// Why it is a finding.
    #[schema(example = "Nêu số sao OCOP cao hơn giấy chứng nhận còn hiệu lực")]
    pub why_vi: String,
    /// Why it is a finding.
    pub why_en: String,
    /// Where that is written.
    pub legal_basis: String,
    /// First day.
    pub effective_from: NaiveDate,
    /// First day on which it no longer holds; null until further notice.
    pub effective_to: Option<NaiveDate>,
}

/// A phrase of a rule's list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ScreeningTerm)]
pub struct Term {
    /// This version.
    pub id: ScreeningRuleId,
    /// Of which rule's list.
    #[schema(example = "organic_claim")]
    pub rule_code: String,
    /// The phrase; a drawn star reads as "sao".
    #[schema(example = "hữu cơ")]
    pub phrase: String,
    /// Whether it is found only with exactly these accents.
    pub accents_matter: bool,
    /// Longer phrases that hold it without its meaning.
    #[schema(example = json!(["phân bón hữu cơ"]))]
    pub exceptions: Vec<String>,
    /// Kinds of papers of which one, valid, backs it; if empty, nothing does.
    pub backed_by: Vec<PaperKind>,
    /// The stars it claims.
    pub stars: Option<Stars>,
    /// What an officer should know; of a protected name its registration.
    pub note_vi: Option<String>,
    /// What an officer should know.
    pub note_en: Option<String>,
    /// Where that is written.
    pub legal_basis: String,
    /// First day.
    pub effective_from: NaiveDate,
    /// First day on which it no longer holds; null until further notice.
    pub effective_to: Option<NaiveDate>,
}

/// The rules in force on a day, each with its list.
#[derive(Debug, Clone)]
pub struct Rules(pub Vec<(Rule, Vec<Term>)>);

/// Something an officer should look at. A finding never decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// The version of the rule that made it.
    pub rule_id: ScreeningRuleId,
    /// The rule.
    #[schema(example = "organic_claim")]
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// JSON path of the value.
    #[schema(example = "content.story_vi")]
    pub place: String,
    /// The words, with a little of what stands around them.
    #[schema(example = "…chè hữu cơ của bản…")]
    pub excerpt: Option<String>,
    /// Why.
    pub why_vi: String,
    /// Why.
    pub why_en: String,
    /// What is particular about this case.
    pub detail_vi: Option<String>,
    /// What is particular about this case.
    pub detail_en: Option<String>,
    /// Where the rule is written.
    pub legal_basis: String,
}

/// What the screening found, and when it looked: papers and prices change after that.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Screening {
    /// When it looked.
    pub made_at: DateTime<Utc>,
    /// What it found, what matters most first; empty if nothing.
    pub findings: Vec<Finding>,
}

/// A text and where it stands.
#[derive(Debug, Clone)]
pub struct Written<'a> {
    /// JSON path.
    pub place: String,
    /// The text.
    pub text: &'a str,
}

/// A pack's price.
#[derive(Debug, Clone)]
pub struct Asked {
    /// JSON path.
    pub place: String,
    /// For one pack.
    pub price: Vnd,
    /// Weight of one pack, where goods are weighed.
    pub grams: Option<i32>,
}

/// What goods of the set cost with other shops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsualPrice {
    /// Whether `median` is that of a kilogram; of a pack otherwise.
    pub per_kilogram: bool,
    /// The median over listings, each with its cheapest pack.
    pub median: Vnd,
    /// Of how many listings.
    pub listings: i64,
}

/// A published listing of another shop that reads alike.
#[derive(Debug, Clone)]
pub struct Twin {
    /// The listing.
    pub listing: ListingId,
    /// Its name in addresses.
    pub slug: String,
    /// How alike, in per cent.
    pub percent: u8,
}

/// A certificate that is named but carries no stars any more.
#[derive(Debug, Clone)]
pub struct VoidCertificate {
    /// JSON path.
    pub place: String,
    /// Its state as a sentence.
    pub sentence_vi: String,
    /// Its state as a sentence.
    pub sentence_en: String,
}

/// Everything the screening looks at, as it is on the day.
#[derive(Debug, Clone, Default)]
pub struct Screened<'a> {
    /// What buyers will read.
    pub texts: Vec<Written<'a>>,
    /// The stars the named certificate carries today.
    pub stars_today: Option<Stars>,
    /// The named certificate, if it expired or was revoked or replaced.
    pub void_certificate: Option<VoidCertificate>,
    /// The shop's papers, expired ones too.
    pub papers: &'a [Paper],
    /// What label and shop lack.
    pub missing: Vec<Missing>,
    /// The prices asked.
    pub prices: Vec<Asked>,
    /// What they are compared with.
    pub usual: Option<UsualPrice>,
    /// Listings of others that read alike.
    pub twins: Vec<Twin>,
}
