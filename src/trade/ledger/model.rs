//! Accounts, entries and transfers.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::text::slugify;
use crate::kernel::{OrderId, OrderLineId, SellerId, Vnd};

/// A licensed intermediary that holds buyers' money until it is paid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Provider {
    /// VNPay.
    Vnpay,
    /// MoMo.
    Momo,
}

impl Provider {
    /// Every provider.
    pub const ALL: [Self; 2] = [Self::Vnpay, Self::Momo];

    /// As in JSON and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vnpay => "vnpay",
            Self::Momo => "momo",
        }
    }
}

/// Who pays for a discount that the shop does not bear.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Bearer {
    /// The marketplace.
    Platform,
    /// A province's programme, by the province's code.
    Province(String),
}

/// As in the database: `platform`, or the province's code.
impl fmt::Display for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Platform => "platform",
            Self::Province(code) => code,
        })
    }
}

/// A carrier as the books know it: its name in plain letters, so that it is one account however the shops write it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Carrier(String);

impl Carrier {
    /// A name without a Latin letter or digit.
    const UNREADABLE: &str = "other";

    /// The carrier of that name, whether its words are written apart or together.
    pub fn named(name: &str) -> Self {
        let slug = slugify(name).replace('-', "");
        Self(if slug.is_empty() { Self::UNREADABLE.to_owned() } else { slug })
    }
}

impl AsRef<str> for Carrier {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Carrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An account of the books; its text is what the database keeps.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Account {
    /// Money a gateway holds.
    Clearing(Provider),
    /// Cash a carrier has collected and not yet remitted.
    CarrierCash(Carrier),
    /// Money of buyers that is not attributed to a sale: captured a moment ago, or about to be given back.
    BuyerFunds,
    /// Gateway money that is a shop's.
    SellerBalance(SellerId),
    /// What a shop that was paid directly owes: commission and withheld taxes.
    SellerReceivable(SellerId),
    /// Money a shop has received directly.
    SellerCash(SellerId),
    /// What a shop has sold for money that went to it directly.
    SellerSales(SellerId),
    /// The marketplace's commission.
    Commission,
    /// Value-added tax withheld for a shop.
    VatWithheld(SellerId),
    /// Personal income tax withheld for a shop.
    PitWithheld(SellerId),
    /// Discounts somebody other than the shop bears.
    VoucherExpense(Bearer),
    /// Gateway money on its way to shops.
    PayoutsInTransit(Provider),
    /// What partners charge.
    Fees,
    /// What carriers kept of a shop's cash for their services.
    CarrierFees(SellerId),
    /// A shop's cash that its carriers never brought, less what they brought too much.
    CarrierDifference(SellerId),
    /// Bank transfers a shop received that fit no order by themselves, until somebody says what they are.
    Suspense(SellerId),
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clearing(provider) => write!(f, "clearing:{}", provider.name()),
            Self::CarrierCash(carrier) => write!(f, "carrier_cash:{carrier}"),
            Self::BuyerFunds => f.write_str("buyer_funds"),
            Self::SellerBalance(seller) => write!(f, "seller_balance:{seller}"),
            Self::SellerReceivable(seller) => write!(f, "seller_receivable:{seller}"),
            Self::SellerCash(seller) => write!(f, "seller_cash:{seller}"),
            Self::SellerSales(seller) => write!(f, "seller_sales:{seller}"),
            Self::Commission => f.write_str("commission"),
            Self::VatWithheld(seller) => write!(f, "vat_withheld:{seller}"),
            Self::PitWithheld(seller) => write!(f, "pit_withheld:{seller}"),
            Self::VoucherExpense(bearer) => write!(f, "voucher_expense:{bearer}"),
            Self::PayoutsInTransit(provider) => write!(f, "payouts_in_transit:{}", provider.name()),
            Self::Fees => f.write_str("fees"),
            Self::CarrierFees(seller) => write!(f, "carrier_fees:{seller}"),
            Self::CarrierDifference(seller) => write!(f, "carrier_difference:{seller}"),
            Self::Suspense(seller) => write!(f, "suspense:{seller}"),
        }
    }
}

/// What caused a transfer; with its subject it names the transfer, so that nothing is posted twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum TransferKind {
    /// Money arrived; the subject is the payment's capture.
    Capture,
    /// An order is paid; the subject is the order.
    Sale,
    /// Goods are taken back or an order is cancelled; the subject is the refund.
    Reversal,
    /// A refund reached the buyer; the subject is the refund.
    Refund,
    /// A carrier remitted the cash of a parcel; the subject is the parcel.
    Remittance,
    /// A carrier kept a fee for a parcel that brought no cash; the subject is the row of its list.
    CarrierFee,
    /// A transfer that fits no order reached a shop; the subject is its entry on the review list.
    Suspense,
    /// … and somebody said what it is; the subject is the same.
    SuspenseRelease,
    /// Gateway money is sent to a shop; the subject is the payout.
    Payout,
    /// … and arrived; the subject is the payout.
    PayoutSettlement,
    /// … or came back; the subject is the payout.
    PayoutReturn,
    /// What a shop owes is set off against what it is owed; the subject is the payout.
    Offset,
    /// A person put something right; the subject is what it is about.
    Correction,
}

/// An amount that moves from one account to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which account is debited.
    pub debit: Account,
    /// Which account is credited.
    pub credit: Account,
    /// How much; positive.
    pub amount: Vnd,
    /// For which order.
    pub order: Option<OrderId>,
    /// For which of its lines.
    pub line: Option<OrderLineId>,
}

/// Entries that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// What caused it.
    pub kind: TransferKind,
    /// Of what.
    pub subject: Uuid,
    /// What moves.
    pub entries: Vec<Entry>,
}

impl Transfer {
    /// A transfer that moves nothing yet.
    pub const fn new(kind: TransferKind, subject: Uuid) -> Self {
        Self { kind, subject, entries: Vec::new() }
    }

    /// Moves `amount` too, for an order or one of its lines. Nothing moves nothing; a negative amount moves the other way.
    #[must_use]
    pub fn entry(
        mut self,
        (debit, credit): (Account, Account),
        amount: Vnd,
        of: (Option<OrderId>, Option<OrderLineId>),
    ) -> Self {
        let (order, line) = of;
        if amount > Vnd::ZERO {
            self.entries.push(Entry { debit, credit, amount, order, line });
        } else if let Some(mirrored) = Vnd::ZERO.checked_sub(amount).filter(|mirrored| *mirrored > Vnd::ZERO) {
            self.entries.push(Entry { debit: credit, credit: debit, amount: mirrored, order, line });
        }
        self
    }
}
