//! Accounts and what they are made of.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ObjectBuilder, Schema};
use utoipa::openapi::{RefOr, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::kernel::{AccountId, Email, Invalid, Line, Phone};
use crate::people::notify::Channel;

/// How a person can be reached, and the name they sign in with: an e-mail address or a Vietnamese mobile number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Contact {
    /// An e-mail address.
    Email(Email),
    /// A mobile number.
    Phone(Phone),
}

impl Contact {
    /// In normal form: lower-cased address or `+84…`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(email) => email.as_ref(),
            Self::Phone(phone) => phone.as_ref(),
        }
    }

    /// How a message gets there.
    pub fn channel(&self) -> Channel {
        match self {
            Self::Email(_) => Channel::Email,
            Self::Phone(_) => Channel::Sms,
        }
    }

    /// The kind as stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Email(_) => "email",
            Self::Phone(_) => "phone",
        }
    }
}

impl TryFrom<String> for Contact {
    type Error = Invalid;

    fn try_from(typed: String) -> Result<Self, Invalid> {
        if typed.contains('@') {
            Email::try_from(typed).map(Self::Email)
        } else {
            Phone::try_from(typed).map(Self::Phone)
        }
    }
}

impl From<Contact> for String {
    fn from(contact: Contact) -> Self {
        contact.as_str().to_owned()
    }
}

/// A password as typed: 10 to 128 characters, nothing else asked (NIST SP 800-63B §5.1.1). Never shown.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Password(SecretString);

impl Password {
    /// The secret itself.
    pub fn secret(&self) -> &SecretString {
        &self.0
    }
}

impl TryFrom<String> for Password {
    type Error = Invalid;

    fn try_from(typed: String) -> Result<Self, Invalid> {
        let length = typed.chars().count();
        if (10..=128).contains(&length) {
            Ok(Self(typed.into()))
        } else {
            Err(Invalid { vi: "phải có từ 10 đến 128 ký tự", en: "must have 10 to 128 characters" })
        }
    }
}

impl PartialSchema for Password {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(10)).max_length(Some(128)).into()
    }
}

impl ToSchema for Password {}

/// A person's yes to one purpose, in the wording of one version.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConsentGiven, example = json!({ "purpose": "news", "version": "2026-07" }))]
pub struct Consent {
    /// What the data is used for.
    #[schema(value_type = String, example = "account")]
    pub purpose: Line<1, 40>,
    /// Which text was shown.
    #[schema(value_type = String, example = "2026-07")]
    pub version: Line<1, 40>,
}

/// What somebody says to open an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "display_name": "Lò Thị Mây",
    "contact": "may@example.vn",
    "password": "mat khau rat dai",
    "consents": [{ "purpose": "account", "version": "2026-07" }]
}))]
pub struct Registration {
    /// The name others see, on reviews for instance.
    #[schema(value_type = String)]
    pub display_name: Line<1, 80>,
    /// E-mail address or Vietnamese mobile number; also the name to sign in with.
    #[schema(value_type = String)]
    pub contact: Contact,
    /// 10 to 128 characters.
    #[schema(value_type = String, format = Password, min_length = 10, max_length = 128)]
    pub password: Password,
    /// The yes to each purpose; nothing is assumed. The purpose `account` is required.
    #[schema(max_items = 20)]
    pub consents: Vec<Consent>,
}

/// An account as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// The name others see.
    pub display_name: String,
    /// How its owner can be reached.
    pub contacts: Vec<ContactState>,
    /// What its owner agreed to and has not withdrawn.
    pub consents: Vec<ConsentState>,
    /// Since when an authenticator app is set up; officers need one.
    pub second_factor_since: Option<DateTime<Utc>>,
    /// Made for the demonstration.
    pub demo: bool,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
}

/// A contact and whether its owner has proved it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactState {
    /// The address or number in normal form.
    #[schema(example = "+84912345678")]
    pub value: String,
    /// Since when it counts as proved.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// A consent that holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentState {
    /// What for.
    pub purpose: String,
    /// In which wording.
    pub version: String,
    /// Since when.
    pub given_at: DateTime<Utc>,
}

/// A text somebody can agree to.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentText {
    /// What the data is used for.
    #[schema(example = "account")]
    pub purpose: String,
    /// Names this wording.
    #[schema(example = "2026-07")]
    pub version: String,
    /// Without it there can be no account.
    pub required: bool,
    /// The wording in Vietnamese.
    pub text_vi: String,
    /// The wording in English.
    pub text_en: String,
}
