//! The words everybody uses: ids, money, text, time, pages.
//!
//! Pure code on the lowest floor: no async, no SQL, no I/O but the system clock and random bits. A newtype here has a
//! private field and one way in; the way in cleans up what people type and refuses with an [`Invalid`]. What the
//! database hands back went through that way once and is not parsed again.

/// What every newtype over a `String` offers beside `TryFrom<String>`: reading it, and parsing from a `&str`.
macro_rules! reads_as_str {
    ($name:ident $(<$(const $length:ident),+>)?) => {
        impl $(<$(const $length: usize),+>)? $name $(<$($length),+>)? {
            /// The text as kept.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text as kept, owned.
            pub fn into_inner(self) -> String {
                self.0
            }
        }

        impl $(<$(const $length: usize),+>)? AsRef<str> for $name $(<$($length),+>)? {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl $(<$(const $length: usize),+>)? std::fmt::Display for $name $(<$($length),+>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl $(<$(const $length: usize),+>)? std::str::FromStr for $name $(<$($length),+>)? {
            type Err = $crate::kernel::Invalid;

            fn from_str(typed: &str) -> Result<Self, Self::Err> {
                Self::try_from(typed.to_owned())
            }
        }
    };
}

pub mod age;
pub mod clock;
pub mod cursor;
pub mod email;
pub mod ids;
pub mod invalid;
pub mod lang;
pub mod money;
pub mod month;
pub mod phone;
pub mod tax_code;
pub mod text;

pub use age::Age;
pub use clock::Clock;
pub use cursor::{Cursor, Limit, Page};
pub use email::Email;
pub use ids::*;
pub use invalid::{Invalid, Sentence};
pub use lang::Lang;
pub use money::{Price, Rate, Vnd};
pub use month::Month;
pub use phone::Phone;
pub use tax_code::{PersonalId, TaxCode};
pub use text::{Line, Text};
