//! Accounts, and what becomes of money that arrives.

mod review;

use std::fmt;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};
use utoipa::{PartialSchema, ToSchema};

pub use review::{Outcome, Resolution, TransferException};

use super::vietqr::{self, VietQr};
use crate::kernel::text::fold;
use crate::kernel::{AccountId, BankAccountId, Invalid, Line, OrderId, PaymentId, SellerId, Vnd};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::seal::Seal;
use crate::trade::payments::AllocationStatus;

/// Nobody can pay a shop by transfer that has not said to which account.
pub const NO_BANK_ACCOUNT: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "no-bank-account",
    vi: "Cửa hàng chưa có tài khoản nhận chuyển khoản",
    en: "The shop has no bank account to pay to",
};

/// The order is paid, or will not be: the fact `payment_status` says which.
pub const NOT_DUE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "transfer-not-due",
    vi: "Đơn hàng không chờ chuyển khoản",
    en: "The order does not wait for a transfer",
};

/// Somebody has said otherwise what became of this money.
pub const RESOLVED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "transfer-exception-resolved",
    vi: "Khoản tiền này đã được xử lý",
    en: "It has been decided what becomes of this money",
};

/// The money does not pay the order; the facts `received_vnd` and `amount_vnd` say how far.
pub const NOT_ENOUGH: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "transfer-not-enough",
    vi: "Số tiền nhận được chưa đủ trả đơn hàng",
    en: "The money received does not pay the order",
};

/// The number of a bank account: 6 to 19 letters and digits, the most a VietQR code can carry. Nothing prints it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct AccountNumber(String);

impl AccountNumber {
    /// The number in full: to be sealed, digested or shown to who pays.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Its last four characters, by which its owner recognises it.
    pub fn last(&self) -> &str {
        &self.0[self.0.len() - 4..]
    }

    /// What finds the account of this bank and number again without telling either.
    pub fn digest(&self, seal: &Seal, bin: &str) -> [u8; 32] {
        seal.digest(&format!("{bin} {}", self.0), "bank account")
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "•{}", self.last())
    }
}

impl TryFrom<String> for AccountNumber {
    type Error = Invalid;

    fn try_from(typed: String) -> Result<Self, Invalid> {
        let between = |c: char| c.is_whitespace() || matches!(c, '.' | '-');
        let number: String = typed.chars().filter(|c| !between(*c)).map(|c| c.to_ascii_uppercase()).collect();
        if (6..=19).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self(number))
        } else {
            Err(Invalid {
                vi: "phải là số tài khoản từ 6 đến 19 chữ số hoặc chữ cái",
                en: "must be an account number of 6 to 19 digits or letters",
            })
        }
    }
}

impl PartialSchema for AccountNumber {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).min_length(Some(6)).max_length(Some(40)).into()
    }
}

impl ToSchema for AccountNumber {}

/// A bank account as it is said.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "bin": "970405", "number": "7800 2051 2345", "holder": "LO THI MAY" }))]
pub struct AccountForm {
    /// The bank, by its number in `GET /v1/banks`.
    #[schema(value_type = String, min_length = 6, max_length = 6)]
    pub bin: Line<6, 6>,
    /// The account's number.
    pub number: AccountNumber,
    /// Whose it is, as the bank writes it.
    #[schema(value_type = String, min_length = 2, max_length = 120)]
    pub holder: Line<2, 120>,
}

/// A bank that takes transfers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Bank {
    /// Bank identification number.
    #[schema(example = "970405")]
    pub bin: String,
    /// Short code.
    #[schema(example = "AGRIBANK")]
    pub code: String,
    /// As people call it.
    #[schema(example = "Agribank")]
    pub short_name: String,
    /// In full.
    #[schema(example = "Ngân hàng Nông nghiệp và Phát triển Nông thôn Việt Nam")]
    pub name_vi: String,
}

/// A shop's account.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ShopBankAccount)]
pub struct BankAccount {
    #[serde(skip)]
    pub id: BankAccountId,
    #[serde(skip)]
    pub digest: Vec<u8>,
    /// The bank, by its number.
    #[schema(example = "970405")]
    pub bin: String,
    /// The bank's name.
    #[schema(example = "Agribank")]
    pub bank: String,
    /// The account number's last four characters.
    #[schema(example = "2345")]
    pub number_last: String,
    /// Whose it is.
    pub holder: String,
    /// When somebody said so.
    pub set_at: DateTime<Utc>,
    /// From when on buyers pay to it.
    pub effective_from: DateTime<Utc>,
}

/// How banks shorten what registers write in full.
const SHORTENED: [(&str, &str); 4] =
    [("htx", "hop tac xa"), ("cty", "cong ty"), ("tnhh", "trach nhiem huu han"), ("cp", "co phan")];

/// Whether the account's holder is one of these names; case, diacritics and the usual abbreviations do not matter.
pub fn holder_is_one_of(holder: &str, names: &[&str]) -> bool {
    let holder = in_full(holder);
    names.iter().any(|name| in_full(name) == holder)
}

fn in_full(name: &str) -> String {
    let folded = fold(name);
    let words = folded.split(' ').map(|word| {
        let known = SHORTENED.iter().find(|(short, _)| *short == word);
        known.map_or(word, |(_, full)| full)
    });
    words.collect::<Vec<_>>().join(" ")
}

/// An order that is paid by transfer, with the account frozen at its placement.
#[derive(Debug, Clone)]
pub struct Transfer {
    pub order: OrderId,
    pub payment: PaymentId,
    pub number: String,
    pub seller: SellerId,
    pub shop: String,
    pub buyer: AccountId,
    pub reference: String,
    pub amount: Vnd,
    pub status: AllocationStatus,
    pub pay_by: Option<DateTime<Utc>>,
    pub claimed_at: Option<DateTime<Utc>>,
    pub misfit_at: Option<DateTime<Utc>>,
    pub account: BankAccountId,
    pub bin: String,
    pub bank: String,
    pub number_sealed: Vec<u8>,
    pub number_last: String,
    pub holder: String,
}

impl Transfer {
    /// Refuses with [`NOT_DUE`] what is paid, or never will be.
    pub fn require_due(&self) -> Result<()> {
        if self.status == AllocationStatus::Due {
            return Ok(());
        }
        let status = serde_json::to_value(self.status)?;
        Err(Error::from(&NOT_DUE).fact("payment_status", status))
    }

    /// As a code to scan.
    pub fn vietqr(&self, account: String) -> VietQr {
        let purpose = Some(vietqr::purpose(&self.reference));
        VietQr { bin: self.bin.clone(), account, amount: Some(self.amount), purpose }
    }
}

/// How it became known that the shop has an order's money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = TransferReceiptSource)]
pub enum Source {
    /// A bank reported it.
    Notice,
    /// The shop said so.
    Shop,
    /// The shop put it together from its review list.
    Review,
}

/// That the shop has an order's money.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Who said so.
    pub source: Source,
    /// How much it is.
    pub amount: Vnd,
    /// What the bank calls the transaction, as far as who said so knew.
    pub bank_reference: String,
    /// Whether a bank's notice speaks of this very money.
    pub reported: bool,
}

/// Why money waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = TransferExceptionKind)]
pub enum ExceptionKind {
    /// More than was to be paid.
    Over,
    /// Less than was to be paid.
    Under,
    /// The order was cancelled before.
    Late,
    /// The order was paid before.
    Again,
    /// It names no order, or more than one.
    Unknown,
    /// What was left over when other money was assigned to an order.
    Excess,
}

/// What arriving money means for the order it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It pays the order.
    Pays,
    /// It is the money the order was paid with, reported a second time.
    Known,
    /// It fits nothing by itself.
    Waits(ExceptionKind),
}

/// What `amount` means for an order of which `due` was to be paid and `receipt` was received.
pub fn fit(
    (status, due): (AllocationStatus, Vnd),
    receipt: Option<&Receipt>,
    (source, amount, bank_reference): (Source, Vnd, &str),
) -> Fit {
    use std::cmp::Ordering;
    match status {
        AllocationStatus::Due => match amount.cmp(&due) {
            Ordering::Equal => Fit::Pays,
            Ordering::Greater => Fit::Waits(ExceptionKind::Over),
            Ordering::Less => Fit::Waits(ExceptionKind::Under),
        },
        AllocationStatus::Void => Fit::Waits(ExceptionKind::Late),
        AllocationStatus::Captured | AllocationStatus::Collected | AllocationStatus::Remitted => {
            if receipt.is_some_and(|receipt| receipt.is(source, amount, bank_reference)) {
                Fit::Known
            } else {
                Fit::Waits(ExceptionKind::Again)
            }
        }
    }
}

impl Receipt {
    /// Whether what is reported now is this very money. Shop and bank may name it differently, so the other's first
    /// report of the same amount is; the same one's second report only by the same name.
    fn is(&self, source: Source, amount: Vnd, bank_reference: &str) -> bool {
        if self.amount != amount {
            return false;
        }
        let heard_from_the_other = match source {
            Source::Notice => self.source == Source::Shop && !self.reported,
            Source::Shop | Source::Review => self.source == Source::Notice,
        };
        heard_from_the_other || self.bank_reference == bank_reference
    }
}
