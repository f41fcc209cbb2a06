//! Vietnamese mobile numbers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Invalid;

const NOT_A_MOBILE: Invalid = Invalid {
    vi: "phải là số điện thoại di động Việt Nam, ví dụ 0912 345 678",
    en: "must be a Vietnamese mobile number such as 0912 345 678",
};

/// A Vietnamese mobile number, kept as `+84…` whatever way it was typed: with 0, 84, +84 or 0084 in front, with spaces,
/// dots, dashes or brackets inside.
///
/// Nine digits follow the country code, the first of them 3, 5, 7, 8 or 9; which prefixes are in use changes too often
/// to be checked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(try_from = "String")]
#[sqlx(transparent)]
#[schema(value_type = String, pattern = r"^\+84[35789]\d{8}$", example = "+84912345678")]
pub struct Phone(String);

reads_as_str!(Phone);

impl TryFrom<String> for Phone {
    type Error = Invalid;

    fn try_from(typed: String) -> Result<Self, Invalid> {
        let dialled: String =
            typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '(' | ')')).collect();
        let national = national(&dialled).ok_or(NOT_A_MOBILE)?;
        Ok(Self(format!("+84{national}")))
    }
}

/// The nine digits of a mobile number after its country code or trunk zero. A zero kept behind the country code
/// (`+84 (0)912…`) is dropped.
fn national(dialled: &str) -> Option<&str> {
    let abroad = ["+84", "0084", "84"].into_iter().find_map(|code| dialled.strip_prefix(code));
    let candidates = [dialled.strip_prefix('0'), abroad, abroad.and_then(|rest| rest.strip_prefix('0'))];
    candidates.into_iter().flatten().find(|digits| is_mobile(digits))
}

fn is_mobile(national: &str) -> bool {
    national.len() == 9
        && national.starts_with(['3', '5', '7', '8', '9'])
        && national.bytes().all(|digit| digit.is_ascii_digit())
}
