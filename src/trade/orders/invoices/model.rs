//! Whom invoices are made out to.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;

use crate::kernel::{Email, Invalid, Line, PersonalId, TaxCode};

const NOT_A_TAX_NUMBER: Invalid = Invalid {
    vi: "phải là mã số thuế gồm 10 chữ số đúng số kiểm tra, có thể kèm -001 đến -999, hoặc số định danh cá nhân gồm 12 \
         chữ số",
    en: "must be a tax code (ten digits with a valid check digit, perhaps followed by -001 to -999) or a personal \
         identification number of 12 digits",
};

/// By which number the tax office knows a buyer: since 1 July 2025 that of a person is their personal id (Law on Tax
/// Administration 38/2019/QH14 Art. 35(7)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaxNumber {
    /// Of an organisation or household.
    Code(TaxCode),
    /// Of a person: sealed at rest.
    Person(PersonalId),
}

impl TryFrom<String> for TaxNumber {
    type Error = Invalid;

    fn try_from(typed: String) -> Result<Self, Invalid> {
        let code = TaxCode::try_from(typed.clone()).map(Self::Code);
        code.or_else(|_| PersonalId::try_from(typed).map(Self::Person)).map_err(|_| NOT_A_TAX_NUMBER)
    }
}

/// Says nothing of what was sent, as with [`PersonalId`].
impl<'de> Deserialize<'de> for TaxNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let typed = String::deserialize(deserializer).map_err(|_| NOT_A_TAX_NUMBER);
        typed.and_then(Self::try_from).map_err(de::Error::custom)
    }
}

/// Whom invoices are made out to.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvoiceRequest)]
pub struct Request {
    /// Name of the organisation or person.
    #[schema(value_type = String, min_length = 2, max_length = 200)]
    pub name: Line<2, 200>,
    /// Their tax code, or a person's identification number.
    #[schema(value_type = String, pattern = r"^(\d{10}(-\d{3})?|\d{12})$", example = "0100109106")]
    pub tax_code: TaxNumber,
    /// Where the invoice is sent.
    pub email: Email,
    /// Their address, if it is not the one the tax office has.
    #[schema(value_type = Option<String>, min_length = 5, max_length = 300)]
    pub address: Option<Line<5, 300>>,
}

/// The invoice of an order, wanted and perhaps issued.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invoice {
    /// Whom it is made out to.
    pub name: String,
    /// Their tax code, or a person's identification number.
    pub tax_code: String,
    /// Where it is sent.
    pub email: String,
    /// Their address; null: as the tax office has it.
    pub address: Option<String>,
    /// Its number, once the shop has issued it.
    pub number: Option<String>,
    /// The day on it.
    pub issued_on: Option<NaiveDate>,
    /// When the shop recorded that.
    pub recorded_at: Option<DateTime<Utc>>,
    /// Whether its tax code is a person's, so that reading it is recorded.
    #[serde(skip)]
    pub names_person: bool,
}

/// What the shop recorded of an invoice it issued.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedInvoice {
    /// Its symbol and number.
    #[schema(example = "1C26THT-00000123")]
    pub number: String,
    /// The day on it.
    pub issued_on: NaiveDate,
    /// When the shop recorded it last.
    pub recorded_at: DateTime<Utc>,
}
