//! Rates, rules, and what they come to.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::{CommissionRuleId, ListingId, Rate, SellerId, Vnd};

/// How a checkout is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Method {
    /// Cash to the carrier, who remits it to the shop.
    Cod,
    /// A bank transfer straight to the shop's own account, order by order.
    Vietqr,
    /// VNPay, once for the whole checkout.
    Vnpay,
    /// MoMo, once for the whole checkout.
    Momo,
}

/// Whether a row is settled law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Standing {
    /// The text says so.
    Confirmed,
    /// Applied until the text is clear.
    Provisional,
}

/// A line that is about to be sold.
#[derive(Debug, Clone, Copy)]
pub struct Chargeable {
    /// By whom.
    pub seller: SellerId,
    /// Of which listing.
    pub listing: ListingId,
    /// How it will be paid.
    pub method: Method,
    /// What the shop is to receive for the goods: the amount without the discounts it bears itself.
    pub basis: Vnd,
}

/// What a line is charged, to be frozen on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charges {
    /// The marketplace's share.
    pub commission_rate: Rate,
    /// … in đồng.
    pub commission: Vnd,
    /// Value-added tax withheld.
    pub vat_rate: Rate,
    /// … in đồng.
    pub vat: Vnd,
    /// Personal income tax withheld.
    pub pit_rate: Rate,
    /// … in đồng.
    pub pit: Vnd,
    /// What says that tax is withheld, and how much; none where nothing is.
    pub tax_basis: Option<String>,
    /// Whether that is not settled yet.
    pub tax_provisional: bool,
}

/// What the rows say about a line.
#[derive(Debug)]
pub(super) struct Terms {
    pub commission: Rate,
    pub vat: Rate,
    pub pit: Rate,
    pub tax_basis: Option<String>,
    pub tax_provisional: bool,
}

impl Terms {
    /// What they come to on `basis`; each amount is rounded on its own.
    pub fn on(self, basis: Vnd) -> Charges {
        Charges {
            commission_rate: self.commission,
            commission: self.commission.of(basis),
            vat_rate: self.vat,
            vat: self.vat.of(basis),
            pit_rate: self.pit,
            pit: self.pit.of(basis),
            tax_basis: self.tax_basis,
            tax_provisional: self.tax_provisional,
        }
    }
}

/// What the marketplace charges for what fits; nothing said fits everything.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommissionRule {
    /// The rule.
    pub id: CommissionRuleId,
    /// The rule of the lowest priority that fits decides; of several such the one that began last.
    #[schema(minimum = 1, maximum = 1000)]
    pub priority: i16,
    /// Only products of this set.
    #[schema(minimum = 1, maximum = 26)]
    pub set_no: Option<i16>,
    /// Only this shop.
    pub seller_id: Option<SellerId>,
    /// Only shops of this province.
    #[schema(example = "12")]
    pub province_code: Option<String>,
    /// Share of the goods' price, less the discounts the shop bears.
    pub rate_bps: Rate,
    /// The first day in force.
    pub effective_from: NaiveDate,
    /// The first day no longer in force; the first day itself if it was taken back before it began.
    pub effective_to: Option<NaiveDate>,
    /// Where it is published or agreed.
    pub legal_basis: String,
}

/// The taxes withheld from a kind of sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaxRate {
    /// `goods`, `services`, `transport`, or `unknown`.
    #[schema(example = "goods")]
    pub kind: String,
    /// `resident` or `non_resident`.
    #[schema(example = "resident")]
    pub residency: String,
    /// Value-added tax.
    pub vat_bps: Rate,
    /// Personal income tax.
    pub pit_bps: Rate,
    /// The first day in force.
    pub effective_from: NaiveDate,
    /// The first day no longer in force.
    pub effective_to: Option<NaiveDate>,
    /// What says so.
    pub legal_basis: String,
    /// Whether that is settled.
    pub status: Standing,
}

/// Whether tax is withheld from a kind of seller.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaxSubject {
    /// Kind of seller.
    #[schema(example = "household")]
    pub seller_kind: String,
    /// Whether it is.
    pub withheld: bool,
    /// The first day in force.
    pub effective_from: NaiveDate,
    /// The first day no longer in force.
    pub effective_to: Option<NaiveDate>,
    /// What says so.
    pub legal_basis: String,
    /// Whether that is settled.
    pub status: Standing,
}

/// Whether tax is withheld when the buyer pays in this way.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithholdingRule {
    /// The way of paying.
    pub method: Method,
    /// Of sellers whose revenue of the year is below the threshold, or of the others.
    pub below_threshold: bool,
    /// Whether it is.
    pub withheld: bool,
    /// The first day in force.
    pub effective_from: NaiveDate,
    /// The first day no longer in force.
    pub effective_to: Option<NaiveDate>,
    /// What says so.
    pub legal_basis: String,
    /// Whether that is settled.
    pub status: Standing,
}

/// The yearly revenue up to which households and individuals owe neither tax.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaxThreshold {
    /// The revenue.
    pub yearly_vnd: Vnd,
    /// The first day in force.
    pub effective_from: NaiveDate,
    /// The first day no longer in force.
    pub effective_to: Option<NaiveDate>,
    /// What says so.
    pub legal_basis: String,
    /// Whether that is settled.
    pub status: Standing,
}
