//! Statements of a shop.

use axum::http::StatusCode;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::kernel::clock::{day_of, start_of_day};
use crate::kernel::{Month, OrderId, SellerId, Vnd};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::extract::INVALID;
use crate::trade::ledger::{Account, TransferKind};

/// A file nobody reads: a shorter period tells the same.
pub const STATEMENT_TOO_LONG: Problem = Problem {
    status: StatusCode::UNPROCESSABLE_ENTITY,
    code: "statement-too-long",
    vi: "Sao kê quá dài, xin chọn thời gian ngắn hơn",
    en: "The statement is too long; please choose a shorter period",
};

/// Days a statement may cover.
const MOST_DAYS: i64 = 366;

/// Of which time: a month, or days.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PeriodQuery {
    /// A month; the running one if nothing is said.
    #[param(value_type = Option<String>, example = "2026-11")]
    month: Option<Month>,
    /// The first day, instead of a month.
    #[param(example = "2026-11-01")]
    from: Option<NaiveDate>,
    /// The last day.
    #[param(example = "2026-11-15")]
    to: Option<NaiveDate>,
    /// As a file to download; JSON if nothing is said.
    pub format: Option<crate::platform::sheets::Format>,
}

impl PeriodQuery {
    /// The period asked for; refuses what lies ahead, what ends before it begins, and more than a year.
    pub fn period(&self, today: NaiveDate) -> Result<Period> {
        let (from, to) = match (self.month, self.from, self.to) {
            (month, None, None) => {
                let month = month.unwrap_or_else(|| Month::of(today));
                (month.first_day(), month.next().first_day() - Days::new(1))
            }
            (None, Some(from), Some(to)) if from <= to && (to - from).num_days() < MOST_DAYS => (from, to),
            (None, ..) => {
                let why = "cần cả `from` và `to`, nhiều nhất 366 ngày / takes `from` and `to`, of at most 366 days";
                return Err(Error::from(&INVALID).at("to", why));
            }
            _ => {
                let why = "chọn `month`, hoặc `from` và `to` / is either a month, or days";
                return Err(Error::from(&INVALID).at("month", why));
            }
        };
        if from > today {
            return Err(Error::from(&INVALID).at("month", "chưa đến thời gian này / must not lie in the future"));
        }
        Ok(Period { from, to })
    }
}

/// Whole days in Viet Nam, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Period {
    /// Its first instant.
    pub fn start(self) -> DateTime<Utc> {
        start_of_day(self.from)
    }

    /// The first instant after it.
    pub fn end(self) -> DateTime<Utc> {
        start_of_day(self.to + Days::new(1))
    }
}

/// The accounts a shop's statement is made of.
pub struct ShopAccounts {
    pub balance: Account,
    pub receivable: Account,
    pub sales: Account,
    pub carrier_fees: Account,
    pub carrier_difference: Account,
}

impl ShopAccounts {
    /// Those of the shop.
    pub const fn of(seller: SellerId) -> Self {
        Self {
            balance: Account::SellerBalance(seller),
            receivable: Account::SellerReceivable(seller),
            sales: Account::SellerSales(seller),
            carrier_fees: Account::CarrierFees(seller),
            carrier_difference: Account::CarrierDifference(seller),
        }
    }

    /// Their names, as the books have them.
    pub fn names(&self) -> [String; 5] {
        [&self.balance, &self.receivable, &self.sales, &self.carrier_fees, &self.carrier_difference]
            .map(ToString::to_string)
    }
}

/// Where a shop stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Position {
    /// Its money at the gateways, to be paid out.
    pub balance_vnd: Vnd,
    /// What it owes for sales it was paid for directly; negative: what it is owed for them.
    pub owed_vnd: Vnd,
}

/// What happened with one order, or in one payout, within the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatementRow {
    /// The order; null for what is about none.
    pub order_id: Option<OrderId>,
    /// Its number, for people.
    #[schema(example = "OCOP-261121-7K3QZ")]
    pub order_number: Option<String>,
    /// Of what is about no order: what it was.
    pub kind: Option<TransferKind>,
    /// When it began, within the period.
    pub at: DateTime<Utc>,
    /// What the buyer paid.
    pub sale_vnd: Vnd,
    /// Discounts others bear, made good to the shop.
    pub vouchers_vnd: Vnd,
    /// The marketplace's commission, less what was given back of it.
    pub commission_vnd: Vnd,
    /// Value-added tax withheld, less what was offset.
    pub vat_vnd: Vnd,
    /// Personal income tax withheld, less what was offset.
    pub pit_vnd: Vnd,
    /// What goes back to the buyer.
    pub refunds_vnd: Vnd,
    /// What partners charge: payouts cost, and carriers keep of the cash they bring.
    pub fees_vnd: Vnd,
    /// What the shop was paid directly, by bank transfer or by the carrier, less what it gives back and what carriers
    /// kept or never brought.
    pub received_directly_vnd: Vnd,
    /// What was paid out.
    pub paid_out_vnd: Vnd,
    /// Anything else a person put right, such as cash a carrier never brought.
    pub corrections_vnd: Vnd,
    /// By how much the shop's money at the gateways grew.
    pub balance_change_vnd: Vnd,
    /// By how much its debt grew.
    pub owed_change_vnd: Vnd,
}

impl StatementRow {
    /// Whether the columns explain the changes.
    pub fn is_explained(&self) -> bool {
        let gains = [self.sale_vnd, self.vouchers_vnd, self.corrections_vnd, self.owed_change_vnd];
        let losses = [
            self.commission_vnd,
            self.vat_vnd,
            self.pit_vnd,
            self.refunds_vnd,
            self.fees_vnd,
            self.received_directly_vnd,
            self.paid_out_vnd,
            self.balance_change_vnd,
        ];
        let (gained, lost) = (Vnd::checked_sum(gains), Vnd::checked_sum(losses));
        gained.is_some() && gained == lost
    }
}

/// A shop's statement. `opening` and the changes of all rows make `closing`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Statement {
    /// The days it covers.
    pub period: Period,
    /// Whether nothing of it can change any more: its last month is closed.
    pub closed: bool,
    /// Before the first day.
    pub opening: Position,
    /// After the last day, or now.
    pub closing: Position,
    /// Order by order, then payout by payout, in the order they began.
    #[schema(max_items = 5000)]
    pub rows: Vec<StatementRow>,
}

impl Statement {
    /// Whether the rows explain how the closing came out of the opening.
    pub fn adds_up(&self) -> bool {
        let sum = |first: Vnd, of: fn(&StatementRow) -> Vnd| {
            Vnd::checked_sum([first].into_iter().chain(self.rows.iter().map(of)))
        };
        self.rows.iter().all(StatementRow::is_explained)
            && sum(self.opening.balance_vnd, |row| row.balance_change_vnd) == Some(self.closing.balance_vnd)
            && sum(self.opening.owed_vnd, |row| row.owed_change_vnd) == Some(self.closing.owed_vnd)
    }
}

/// A month a shop has a statement of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatementMonth {
    /// The month.
    #[schema(value_type = String, example = "2026-11")]
    pub month: Month,
    /// Whether nothing of it can change any more.
    pub closed: bool,
}

impl StatementMonth {
    /// The month of a day; `closed_until` is the end of the last closed one.
    pub fn of(day: NaiveDate, closed_until: Option<DateTime<Utc>>) -> Self {
        let month = Month::of(day);
        Self { month, closed: closed_until.is_some_and(|until| month.end() <= until) }
    }
}

/// Whether the period's last day lies in a closed month.
pub fn is_closed(period: Period, closed_until: Option<DateTime<Utc>>) -> bool {
    closed_until.is_some_and(|until| day_of(until) > period.to)
}
