//! E-mail addresses, conservatively.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Invalid;

/// The longest address (RFC 5321 §4.5.3.1.3, less the angle brackets), its local part and a label of its domain.
const ADDRESS_MAX: usize = 254;
const LOCAL_MAX: usize = 64;
const LABEL_MAX: usize = 63;

const NOT_AN_ADDRESS: Invalid = Invalid {
    vi: "phải là địa chỉ thư điện tử, ví dụ htx@example.vn",
    en: "must be an e-mail address such as htx@example.vn",
};

/// An e-mail address, kept in lower case: no mail service in use tells `An@` from `an@`, and two accounts must not.
///
/// Narrower than RFC 5321 on purpose: ASCII, no quotes or comments, a domain with a dot. What it admits every mail
/// relay takes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(try_from = "String")]
#[sqlx(transparent)]
#[schema(value_type = String, format = "email", max_length = 254, example = "htx@example.vn")]
pub struct Email(String);

reads_as_str!(Email);

impl TryFrom<String> for Email {
    type Error = Invalid;

    fn try_from(typed: String) -> Result<Self, Invalid> {
        let address = typed.trim().to_ascii_lowercase();
        match address.split_once('@') {
            Some((local, domain)) if address.len() <= ADDRESS_MAX && is_local(local) && is_domain(domain) => {
                Ok(Self(address))
            }
            _ => Err(NOT_AN_ADDRESS),
        }
    }
}

/// A dot-atom (RFC 5322 §3.2.3).
fn is_local(local: &str) -> bool {
    let is_atom = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&c);
    local.len() <= LOCAL_MAX && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom))
}

/// Two labels or more, the last of them no number (which would be an IP address).
fn is_domain(domain: &str) -> bool {
    let top = domain.rsplit('.').next().unwrap_or(domain);
    domain.contains('.')
        && domain.split('.').all(is_label)
        && top.len() >= 2
        && top.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn is_label(label: &str) -> bool {
    (1..=LABEL_MAX).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
}
