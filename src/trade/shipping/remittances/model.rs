//! A carrier's list: its columns, what its rows come to.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{AccountId, Invalid, OrderId, ParcelId, Price, RemittanceId, RemittanceRowId, SellerId, Text, Vnd};
use crate::platform::error::{Error, INVALID, Result};
use crate::platform::sheets::{CellError, Columns, Limits, Line, Wanted};
use crate::trade::payments::AllocationStatus;
use crate::trade::shipping::parcels::{Known, ParcelStatus};

/// The most a list may hold: a shop's parcels of some weeks, matched in one transaction.
pub const LIMITS: Limits = Limits { rows: 520, ..Limits::IMPORT };

/// What carriers' lists are made of.
pub static WANTED: [Wanted; 3] = [
    Wanted {
        key: "code",
        names: &["Mã vận đơn", "Mã đơn", "Mã đơn hàng", "Mã đơn GHN", "Mã vận đơn GHN", "Số hiệu", "Tracking code"],
        required: true,
    },
    Wanted {
        key: "amount",
        names: &["Tiền thu hộ", "Số tiền thu hộ", "Thu hộ", "Tiền COD", "COD", "Tiền thu hộ (COD)", "COD amount"],
        required: true,
    },
    Wanted {
        key: "fee",
        names: &["Tổng phí", "Phí dịch vụ", "Phí vận chuyển", "Cước", "Cước phí", "Phí", "Fee"],
        required: false,
    },
];

const NOT_MONEY: Invalid = Invalid {
    vi: "phải là số tiền nguyên theo đồng, ví dụ 185000 hoặc 185.000",
    en: "must be a whole amount in đồng, such as 185000 or 185.000",
};

/// Cells named in a refusal at most: whoever sees fifty knows what is wrong with the file.
const MOST_NAMED: usize = 50;

/// A row of a carrier's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its number in the file.
    pub row_number: i32,
    /// Where its code stands.
    pub code_at: String,
    /// Where its amount stands.
    pub amount_at: String,
    /// The carrier's number of the parcel.
    pub tracking_code: String,
    /// What the carrier says to have collected.
    pub amount: Vnd,
    /// What it kept for its services.
    pub fee: Option<Vnd>,
}

/// The rows of a list that name a parcel; a row without a code is a title or a sum.
///
/// # Errors
/// `INVALID` naming the cells that hold no amount.
pub fn read(file: &Columns) -> Result<Vec<Listed>> {
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    for line in file.lines() {
        match listed(&line) {
            Ok(row) => rows.extend(row),
            Err(error) => wrong.push(error),
        }
    }
    if wrong.is_empty() {
        return Ok(rows);
    }
    let named = wrong.into_iter().take(MOST_NAMED);
    Err(named.fold(Error::from(&INVALID), |error, cell| error.at(cell.at, (cell.vi, cell.en))))
}

fn listed(line: &Line<'_>) -> Result<Option<Listed>, CellError> {
    let Some(code) = line.text("code") else { return Ok(None) };
    let money = |key: &str| line.text(key).map(|text| amount(&text).map_err(|why| line.wrong(key, why))).transpose();
    let Some(amount) = money("amount")? else { return Err(line.wrong("amount", NOT_MONEY)) };
    Ok(Some(Listed {
        row_number: i32::try_from(line.number()).unwrap_or(i32::MAX),
        code_at: line.at("code"),
        amount_at: line.at("amount"),
        tracking_code: code.into_owned(),
        amount,
        fee: money("fee")?,
    }))
}

/// An amount as people and programs write it: bare digits, or thousands apart by dots or by commas.
fn amount(text: &str) -> Result<Vnd, Invalid> {
    let bare = text.trim_end_matches(|it: char| it.is_alphabetic() || it.is_whitespace() || it == '₫');
    let mut groups = bare.split(if bare.contains('.') { '.' } else { ',' });
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let is_grouped = (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    let digits = [&[first], rest.as_slice()].concat().concat();
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits || !rest.is_empty() && !is_grouped {
        return Err(NOT_MONEY);
    }
    digits.parse::<i64>().map_err(|_| NOT_MONEY).and_then(|dong| Vnd::try_from(dong).map_err(|_| NOT_MONEY))
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = RemittanceOutcome)]
pub enum Outcome {
    /// It fits: the parcel's cash is with the shop.
    Remitted,
    /// No parcel of the shop goes by this code with this carrier.
    UnknownCode,
    /// The parcel was to bring another amount.
    AmountDiffers,
    /// The parcel has not arrived, as far as we know.
    NotDelivered,
    /// The cash came with another row or list.
    RemittedBefore,
    /// No cash was to be collected with the parcel.
    NoCash,
    /// The parcel has arrived, and the rest of its order has not: its cash is noted with the whole order.
    OrderUnderWay,
    /// It brought no cash, as was to be expected: the row only says what was kept for it.
    FeeOnly,
    /// Its fee was noted with another row of that day.
    FeeBefore,
    /// The amount differed, and the shop has said what it got.
    Settled,
}

impl Outcome {
    /// What the shop should know; none where everything fits.
    const fn says(self) -> Option<Invalid> {
        Some(match self {
            Self::Remitted | Self::FeeOnly | Self::Settled => return None,
            Self::UnknownCode => Invalid {
                vi: "không có kiện hàng nào của gian hàng mang mã này",
                en: "no parcel of the shop goes by this code",
            },
            Self::AmountDiffers => Invalid {
                vi: "khác số tiền phải thu của kiện hàng",
                en: "differs from what the parcel was to bring",
            },
            Self::NotDelivered => Invalid {
                vi: "kiện hàng chưa được ghi nhận là đã giao",
                en: "the parcel is not known to have arrived",
            },
            Self::RemittedBefore => Invalid {
                vi: "tiền của kiện hàng này đã được ghi nhận trước đó",
                en: "the cash of this parcel was noted before",
            },
            Self::OrderUnderWay => Invalid {
                vi: "kiện hàng đã giao nhưng đơn chưa giao đủ; xin nộp lại tệp khi cả đơn đã giao",
                en: "has arrived, but not the whole order; please hand the file in again once it has",
            },
            Self::FeeBefore => Invalid {
                vi: "phí của kiện hàng này trong ngày đã được ghi nhận",
                en: "its fee of that day was noted before",
            },
            Self::NoCash => Invalid {
                vi: "kiện hàng này không thu hộ tiền",
                en: "no cash was to be collected with this parcel",
            },
        })
    }

    /// Whether it is the amount that is wrong, and not the parcel.
    const fn is_about_money(self) -> bool {
        matches!(self, Self::AmountDiffers | Self::NoCash)
    }
}

/// The parcel a row names.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// Where it is.
    pub status: ParcelStatus,
    /// What it was to bring.
    pub cod: Vnd,
    /// How far its order's payment is.
    pub payment: AllocationStatus,
    /// Whether its order's cash was collected with it.
    pub collected: bool,
    /// Whether a row of that day has noted a fee for it.
    pub charged: bool,
}

impl Found {
    /// What becomes of a row that says `amount` of it.
    pub fn outcome(&self, amount: Vnd) -> Outcome {
        let brings_nothing = match self.payment {
            AllocationStatus::Void => true,
            _ => self.cod == Vnd::ZERO || self.status.has_failed() && !self.collected,
        };
        match self.payment {
            _ if brings_nothing && amount == Vnd::ZERO => {
                if self.charged {
                    Outcome::FeeBefore
                } else {
                    Outcome::FeeOnly
                }
            }
            _ if self.cod == Vnd::ZERO => Outcome::NoCash,
            AllocationStatus::Void | AllocationStatus::Captured => Outcome::NoCash,
            AllocationStatus::Due if self.status == ParcelStatus::Delivered => Outcome::OrderUnderWay,
            _ if !self.collected => Outcome::NotDelivered,
            AllocationStatus::Remitted => Outcome::RemittedBefore,
            AllocationStatus::Due | AllocationStatus::Collected if amount != self.cod => Outcome::AmountDiffers,
            AllocationStatus::Due | AllocationStatus::Collected => Outcome::Remitted,
        }
    }
}

/// A list as it is sent.
#[derive(Debug, Clone, Copy)]
pub struct NewRemittance<'a> {
    /// The list, if it was not sent before.
    pub id: RemittanceId,
    /// Whose.
    pub seller: SellerId,
    /// Which carrier's.
    pub carrier: &'a str,
    /// The day of the money.
    pub paid_on: NaiveDate,
    /// What tells the file from others.
    pub digest: &'a [u8],
    /// Who sent it.
    pub by: AccountId,
}

/// A row of a list, with what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RemittanceRow {
    /// Its number in the file.
    pub row_number: i32,
    /// The carrier's number of the parcel.
    pub tracking_code: String,
    /// What the carrier says to have collected.
    pub amount_vnd: Vnd,
    /// What the parcel was to bring; null where there is none.
    pub expected_vnd: Option<Vnd>,
    /// What the carrier kept.
    pub fee_vnd: Option<Vnd>,
    /// What became of it.
    pub outcome: Outcome,
    /// Which order it belongs to.
    pub order_id: Option<OrderId>,
    /// The cell that differs, and how; null where everything fits.
    pub difference: Option<CellError>,
}

impl RemittanceRow {
    /// The cell that differs, of the two addresses.
    pub fn difference(outcome: Outcome, code_at: String, amount_at: String) -> Option<CellError> {
        let at = if outcome.is_about_money() { amount_at } else { code_at };
        outcome.says().map(|why| CellError::new(at, why))
    }
}

/// A list, without its rows.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Remittance {
    /// The list.
    pub id: RemittanceId,
    /// Which carrier's.
    #[schema(example = "GHN")]
    pub carrier: String,
    /// The day of the money.
    pub paid_on: NaiveDate,
    /// When it was sent for the first time.
    pub created_at: DateTime<Utc>,
    /// Rows in it.
    pub rows: i64,
    /// Rows that do not fit.
    pub differences: i64,
    /// Cash of the rows that fit.
    pub remitted_vnd: Vnd,
    /// What the carrier kept, of the rows that fit.
    pub fees_vnd: Vnd,
}

/// A row with what becomes of it now.
#[derive(Debug)]
pub struct Judged<'a> {
    /// What it is posted under.
    pub id: RemittanceRowId,
    /// As it stands in the file.
    pub row: &'a Listed,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The parcel it names.
    pub parcel: Option<&'a Known>,
}

/// Cash of a delivered order that its carrier has not brought.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutstandingCash {
    /// The parcel.
    pub parcel_id: ParcelId,
    /// Its order.
    pub order_id: OrderId,
    /// The order's number, for people.
    #[schema(example = "OCOP-261121-7K3QZ8M2XW")]
    pub order_number: String,
    /// Who has the cash.
    #[schema(example = "VNPost")]
    pub carrier: String,
    /// The carrier's number of the parcel.
    #[schema(example = "EA123456789VN")]
    pub tracking_code: String,
    /// How much is to come.
    pub amount_vnd: Vnd,
    /// Since when the carrier has it.
    pub collected_at: DateTime<Utc>,
    /// The last list that says another amount, if there is one.
    pub remittance_id: Option<RemittanceId>,
    /// What it says.
    pub listed_vnd: Option<Vnd>,
}

/// What one carrier has of the shop's cash.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CarrierCash {
    /// Which carrier.
    #[schema(example = "VNPost")]
    pub carrier: String,
    /// Of how many parcels.
    pub parcels: i64,
    /// How much.
    pub amount_vnd: Vnd,
    /// Since when it has the oldest of it.
    pub since: DateTime<Utc>,
}

/// What the shop got of a parcel's cash.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "received_vnd": 205_000, "fee_vnd": 15_000, "words": "Bưu cục nộp theo bảng kê" }))]
pub struct CashReceiptForm {
    /// What is in the shop's hands or on its account.
    pub received_vnd: Price,
    /// What the carrier kept for its services; nothing if left out.
    pub fee_vnd: Option<Price>,
    /// Why the two are not what was collected; needed where they are not.
    #[schema(value_type = Option<String>, min_length = 3, max_length = 1000)]
    pub words: Option<Text<3, 1000>>,
}

impl CashReceiptForm {
    /// What the carrier kept.
    pub fn fee(&self) -> Vnd {
        self.fee_vnd.map_or(Vnd::ZERO, Price::vnd)
    }

    /// Whether it says what was noted.
    pub fn says(&self, noted: &CashReceipt) -> bool {
        (self.received_vnd.vnd(), self.fee(), self.words.as_deref())
            == (noted.received_vnd, noted.fee_vnd, noted.words.as_deref())
    }
}

/// What the shop noted of a parcel's cash.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CashReceipt {
    /// The parcel.
    pub parcel_id: ParcelId,
    /// Its order.
    pub order_id: OrderId,
    /// What the carrier collected.
    pub collected_vnd: Vnd,
    /// What the shop got.
    pub received_vnd: Vnd,
    /// What the carrier kept.
    pub fee_vnd: Vnd,
    /// What never came; negative: what came too much.
    pub difference_vnd: Vnd,
    /// Why.
    pub words: Option<String>,
    /// When it was noted.
    pub recorded_at: DateTime<Utc>,
}
