//! The number of the decision that gave the stars.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::Invalid;

const NOT_A_DECISION: Invalid = Invalid {
    vi: "phải là số quyết định công nhận, ví dụ 3981/QĐ-UBND",
    en: "must be the number of the recognising decision, such as 3981/QĐ-UBND",
};

/// The number of a decision that recognises products, kept as `3981/QĐ-UBND`, `2890/QĐ-BNN-VPĐP` or `377/QĐ-BNNMT`
/// whatever way it was typed: with spaces, in lower case, with D or Ð where Đ is meant.
///
/// Numbers start again every year and in every province, so a number names a decision only together with its date and
/// authority. `DEMO-…` numbers of demo data are made by [`DecisionNumber::demo`] and accepted from nobody.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(try_from = "String")]
#[sqlx(transparent)]
#[schema(value_type = String, example = "3981/QĐ-UBND", max_length = 40)]
pub struct DecisionNumber(String);

impl DecisionNumber {
    /// A number for a certificate of demo data whose source names no decision; `source` tells it from the others.
    pub fn demo(source: &str) -> Self {
        Self(format!("DEMO-{source}"))
    }

    /// The number as kept.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for DecisionNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for DecisionNumber {
    type Error = Invalid;

    fn try_from(typed: String) -> Result<Self, Invalid> {
        let plain: String = typed.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
        let (serial, rest) = plain.split_once('/').ok_or(NOT_A_DECISION)?;
        let symbol = rest.replace(['–', '—'], "-");
        let mut parts = symbol.split('-').map(with_real_d);
        let decides = parts.next().is_some_and(|kind| kind == "QĐ");
        let issuers: Vec<String> = parts.collect();
        let issued = (1..=3).contains(&issuers.len()) && issuers.iter().all(|issuer| is_abbreviation(issuer));
        if is_serial(serial) && decides && issued {
            Ok(Self(format!("{serial}/QĐ-{}", issuers.join("-"))))
        } else {
            Err(NOT_A_DECISION)
        }
    }
}

/// One to six digits that do not start with zero.
fn is_serial(serial: &str) -> bool {
    (1..=6).contains(&serial.len()) && !serial.starts_with('0') && serial.bytes().all(|digit| digit.is_ascii_digit())
}

/// Two to ten capitals: UBND, BNN, BNNMT, VPĐP.
fn is_abbreviation(issuer: &str) -> bool {
    (2..=10).contains(&issuer.chars().count()) && issuer.chars().all(|c| c.is_ascii_uppercase() || c == 'Đ')
}

/// The part with Đ for its look-alike Ð, and for the D of keyboards without Đ where the abbreviation is a known one.
fn with_real_d(part: &str) -> String {
    match part {
        "QD" => "QĐ".to_owned(),
        "VPDP" => "VPĐP".to_owned(),
        other => other.replace('Ð', "Đ"),
    }
}
