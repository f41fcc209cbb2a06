//! The age somebody states.

use serde::{Deserialize, Serialize};

use super::Invalid;

/// An age in whole years, 0 to 150: what callers state about themselves to see goods with a minimum age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i16")]
pub struct Age(i16);

impl Age {
    /// In whole years.
    pub const fn years(self) -> i16 {
        self.0
    }
}

impl TryFrom<i16> for Age {
    type Error = Invalid;

    fn try_from(years: i16) -> Result<Self, Invalid> {
        if (0..=150).contains(&years) {
            Ok(Self(years))
        } else {
            Err(Invalid { vi: "phải là tuổi từ 0 đến 150", en: "must be an age of 0 to 150 years" })
        }
    }
}
