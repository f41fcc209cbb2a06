//! Tax returns of a month, and certificates of a year.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::kernel::{Month, SellerId, Vnd};

/// What was withheld, and on what; offsets are what was taken back of it for cancelled and returned goods.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "amounts are named with their unit, as everywhere in the document")]
pub struct Withheld {
    /// Revenue of the sales.
    pub revenue_vnd: Vnd,
    /// Revenue of what was cancelled or came back.
    pub revenue_offset_vnd: Vnd,
    /// Value-added tax on the sales.
    pub vat_vnd: Vnd,
    /// Value-added tax offset.
    pub vat_offset_vnd: Vnd,
    /// Personal income tax on the sales.
    pub pit_vnd: Vnd,
    /// Personal income tax offset.
    pub pit_offset_vnd: Vnd,
    /// What is due: both taxes less both offsets. Negative: more came back than was sold, to be carried forward.
    pub due_vnd: Vnd,
}

impl Withheld {
    /// Everything together, unless it does not fit.
    pub fn sum<'a>(all: impl IntoIterator<Item = &'a Self, IntoIter: Clone>) -> Option<Self> {
        let all = all.into_iter();
        let of = |part: fn(&Self) -> Vnd| Vnd::checked_sum(all.clone().map(part));
        Some(Self {
            revenue_vnd: of(|one| one.revenue_vnd)?,
            revenue_offset_vnd: of(|one| one.revenue_offset_vnd)?,
            vat_vnd: of(|one| one.vat_vnd)?,
            vat_offset_vnd: of(|one| one.vat_offset_vnd)?,
            pit_vnd: of(|one| one.pit_vnd)?,
            pit_offset_vnd: of(|one| one.pit_offset_vnd)?,
            due_vnd: of(|one| one.due_vnd)?,
        })
    }
}

/// A seller's line of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaxReturnRow {
    /// Code of the province the orders belonged to.
    #[schema(example = "12")]
    pub province_code: String,
    /// Its name.
    #[schema(example = "Lai Châu")]
    pub province: String,
    /// The seller.
    pub seller_id: SellerId,
    /// The name in the register, or else the shop's.
    pub seller: String,
    /// The tax code; of a household its personal ID, of which only the last digits are shown unless asked for.
    #[schema(example = "•••••••••123")]
    pub tax_code: Option<String>,
    /// What was withheld.
    #[serde(flatten)]
    pub withheld: Withheld,
}

/// The return of a month for one's provinces.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaxReturn {
    /// The month.
    #[schema(value_type = String, example = "2026-11")]
    pub month: Month,
    /// The last day to file and pay.
    pub due_on: NaiveDate,
    /// What the filing rests on.
    pub legal_basis: String,
    /// Whether the month is closed, and nothing of it can change any more.
    pub closed: bool,
    /// All sellers together.
    pub total: Withheld,
    /// By province and seller.
    pub rows: Vec<TaxReturnRow>,
}

/// What was withheld in a month of a certificate's year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct CertifiedMonth {
    /// The month.
    #[schema(value_type = String, example = "2026-11")]
    pub month: Month,
    /// What was withheld.
    #[serde(flatten)]
    pub withheld: Withheld,
}

/// A certificate of the taxes withheld from a seller in a year, after the model of form 01/CTKT-TMĐT.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaxCertificate {
    /// The year.
    #[schema(example = 2026)]
    pub year: i32,
    /// The name in the register, or else the shop's.
    pub seller: String,
    /// The tax code; of a household the last digits of its personal ID.
    #[schema(example = "•••••••••123")]
    pub tax_code: Option<String>,
    /// Where the shop is.
    pub province: String,
    /// What the withholding rests on, by the order lines of the year.
    pub legal_basis: Vec<String>,
    /// Whether any of it rests on a provisional row.
    pub provisional: bool,
    /// Whether the year is over and its last month closed.
    pub closed: bool,
    /// The whole year.
    pub total: Withheld,
    /// Month by month; one without sales and offsets is left out.
    pub months: Vec<CertifiedMonth>,
    /// Demonstration data.
    pub demo: bool,
}
