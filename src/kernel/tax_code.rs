//! The numbers by which the tax office knows a seller: tax codes, and personal ids that replace them for people.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;

use super::Invalid;

const NOT_A_TAX_CODE: Invalid = Invalid {
    vi: "phải là mã số thuế gồm 10 chữ số đúng số kiểm tra, có thể kèm -001 đến -999",
    en: "must be a tax code: ten digits with a valid check digit, perhaps followed by -001 to -999",
};

const NOT_A_PERSONAL_ID: Invalid = Invalid {
    vi: "phải là số định danh cá nhân gồm 12 chữ số",
    en: "must be a personal identification number of 12 digits",
};

/// A tax code (mã số thuế) of an organisation, household or branch: ten digits, the last a check digit, and for a
/// branch or dependent unit `-001` to `-999` (Circular 105/2020/TT-BTC). A cooperative's business code is the same
/// number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(try_from = "String")]
#[sqlx(transparent)]
#[schema(value_type = String, pattern = r"^\d{10}(-\d{3})?$", example = "0100109106")]
pub struct TaxCode(String);

reads_as_str!(TaxCode);

impl TryFrom<String> for TaxCode {
    type Error = Invalid;

    fn try_from(typed: String) -> Result<Self, Invalid> {
        let code: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let (unit, branch) = code.split_once('-').map_or((code.as_str(), None), |(unit, branch)| (unit, Some(branch)));
        if has_check_digit(unit) && branch.is_none_or(is_branch) { Ok(Self(code)) } else { Err(NOT_A_TAX_CODE) }
    }
}

/// Ten digits `d₁…d₉c` with c = 10 − (Σ wᵢdᵢ mod 11). Where that gives 10, the first nine digits are never issued.
fn has_check_digit(unit: &str) -> bool {
    const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let Some(digits) = digits::<10>(unit) else {
        return false;
    };
    let sum: u32 = WEIGHTS.iter().zip(digits).map(|(weight, digit)| weight * digit).sum();
    sum % 11 + digits[9] == 10
}

fn is_branch(branch: &str) -> bool {
    branch != "000" && digits::<3>(branch).is_some()
}

/// The digits of a text that is exactly `N` ASCII digits.
fn digits<const N: usize>(text: &str) -> Option<[u32; N]> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(10)).collect();
    digits?.try_into().ok()
}

/// A person's identification number (số định danh cá nhân, the number of the ID card), which stands for the tax code of
/// households and individuals since 1 July 2025.
///
/// Twelve digits: three for the province where the birth was registered (the 63 codes in use before July 2025, of which
/// the 34 of today are a part), one for century and sex, two for the year, six at random (Circular 59/2021/TT-BCA
/// Art. 4). There is no check digit, so only the structure can be checked. Numbers of births registered abroad begin
/// with a country's code and are refused, because no list of those codes is at hand.
///
/// Personal data to be encrypted at rest: it cannot be serialised, displayed or bound to a query, and its `Debug` shows
/// nothing.
#[derive(Clone, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, pattern = r"^0\d{2}[0-3]\d{8}$", example = "001090000001")]
pub struct PersonalId(String);

impl PersonalId {
    /// The whole number, for encrypting it and for the officer entitled to read it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last three digits: enough for its owner to recognise it, not enough to find the owner.
    pub fn last_digits(&self) -> &str {
        &self.0[9..]
    }
}

impl TryFrom<String> for PersonalId {
    type Error = Invalid;

    fn try_from(typed: String) -> Result<Self, Invalid> {
        let number: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let [a, b, c, century_and_sex, ..] = digits::<12>(&number).ok_or(NOT_A_PERSONAL_ID)?;
        // 0 and 1 are men and women born in the 1900s, 2 and 3 in the 2000s; higher digits are centuries to come.
        if BIRTHPLACES.contains(&(a * 100 + b * 10 + c)) && century_and_sex <= 3 {
            Ok(Self(number))
        } else {
            Err(NOT_A_PERSONAL_ID)
        }
    }
}

/// Says nothing of what was sent: the usual error quotes a number that came without quotation marks.
impl<'de> Deserialize<'de> for PersonalId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)
            .map_err(|_| NOT_A_PERSONAL_ID)
            .and_then(Self::try_from)
            .map_err(de::Error::custom)
    }
}

impl fmt::Debug for PersonalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalId(…)")
    }
}

/// Codes of the 63 provinces before the merger of July 2025.
const BIRTHPLACES: [u32; 63] = [
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45,
    46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92,
    93, 94, 95, 96,
];
