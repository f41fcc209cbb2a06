//! Whether the books agree with themselves, and with what happened.
//!
//! That debits equal credits follows from the shape of an entry; what can still be wrong is a row the database was made to
//! take around the program, a snapshot that is not the fold it claims to be, or an event without its transfer.

use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::store::checks::{self as store, direct};
use crate::kernel::Vnd;
use crate::platform::error::Result;
use crate::trade::ledger;

/// What was found to be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Disagreement {
    /// A transfer without entries, or an entry that moves nothing, goes nowhere, or is dated otherwise than its transfer.
    BrokenTransfer,
    /// What was noted at a month's end is not the sum of the entries.
    Snapshot,
    /// An order's share was paid, and the books say something else.
    Capture,
    /// What was attributed to the shop is not the total of the order.
    Sale,
    /// What was taken back is not what was promised to the buyer.
    Reversal,
    /// Buyers' money of an order that neither waits for its sale nor is on its way back.
    BuyerFunds,
    /// The promised refunds are not what is counted, or more than was paid.
    Refunds,
    /// The money with a gateway is not what it took, less what it gave back and what was paid out of it.
    Clearing,
    /// The cash with carriers is not what they collected and did not remit.
    CarrierCash,
    /// A shop's cash is not what it received directly, less what it gave back.
    SellerCash,
    /// What a carrier brought of a parcel's cash, or kept, is not what its list or the shop said.
    Remittances,
    /// A shop's suspense account is not what waits on its review list.
    Suspense,
    /// What a payout carries, sent or brought back is not what the books say of it.
    Payouts,
    /// An account stands on the side it never should: more was paid out, refunded or taken back than there was.
    WrongSide,
}

impl Disagreement {
    /// In words, Vietnamese first.
    pub const fn words(self) -> &'static str {
        match self {
            Self::BrokenTransfer => "bút toán không hợp lệ / is no proper transfer",
            Self::Snapshot => "số dư chốt tháng khác tổng bút toán / is not the sum of the entries",
            Self::Capture => "số đã thu khác sổ / was captured otherwise than posted",
            Self::Sale => "doanh thu ghi sổ khác tổng đơn hàng / was sold otherwise than posted",
            Self::Reversal => "số ghi giảm khác số hoàn / was taken back otherwise than refunded",
            Self::BuyerFunds => "tiền của người mua không giải thích được / holds unexplained money of the buyer",
            Self::Refunds => "số hoàn khác số đã đếm / has other refunds than counted",
            Self::Clearing => "tiền ở cổng thanh toán khác sổ / is not what the gateway still holds",
            Self::CarrierCash => "tiền thu hộ khác sổ / is not what carriers still hold",
            Self::SellerCash => "tiền gian hàng nhận trực tiếp khác sổ / is not what the shop received",
            Self::Remittances => "tiền thu hộ nộp về khác sổ / was remitted otherwise than posted",
            Self::Suspense => "tiền chờ xử lý khác sổ / is not what waits on the review list",
            Self::Payouts => "khoản chi khác sổ / is a payout otherwise than posted",
            Self::WrongSide => "tài khoản ở sai bên / stands on the wrong side",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// What.
    pub wrong: Disagreement,
    /// In words, Vietnamese and English.
    pub words: &'static str,
    /// The transfer, order or account.
    pub subject: String,
}

/// The outcome.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verification {
    /// Whether nothing is wrong.
    pub agrees: bool,
    /// Entries in the books.
    pub entries: i64,
    /// Closed months.
    pub months: i64,
    /// What is wrong, up to a hundred of each kind.
    #[schema(max_items = 1500)]
    pub findings: Vec<Finding>,
}

/// Looks at everything. The connection shows one state of the database throughout.
pub async fn verify(conn: &mut PgConnection) -> Result<Verification> {
    let found = [
        (Disagreement::BrokenTransfer, store::broken_transfers(conn).await?),
        (Disagreement::Snapshot, store::wrong_snapshots(conn).await?),
        (Disagreement::Capture, store::wrong_captures(conn).await?),
        (Disagreement::Sale, store::wrong_sales(conn).await?),
        (Disagreement::Reversal, store::wrong_reversals(conn).await?),
        (Disagreement::BuyerFunds, store::unexplained_funds(conn).await?),
        (Disagreement::BuyerFunds, store::unexplained_rest(conn).await?.into_iter().collect()),
        (Disagreement::Refunds, store::wrong_refunds(conn).await?),
        (Disagreement::Clearing, store::wrong_clearing(conn).await?),
        (Disagreement::CarrierCash, direct::wrong_carrier_cash(conn).await?),
        (Disagreement::SellerCash, direct::wrong_seller_cash(conn).await?),
        (Disagreement::Remittances, direct::wrong_remittances(conn).await?),
        (Disagreement::Suspense, direct::wrong_suspense(conn).await?),
        (Disagreement::Payouts, store::wrong_payouts(conn).await?),
        (Disagreement::Payouts, store::wrong_transit(conn).await?),
        (Disagreement::WrongSide, wrong_sides(conn).await?),
    ];
    let findings: Vec<Finding> = found
        .into_iter()
        .flat_map(|(wrong, subjects)| {
            subjects.into_iter().map(move |subject| Finding { wrong, words: wrong.words(), subject })
        })
        .collect();
    let (entries, months) = store::size(conn).await?;
    Ok(Verification { agrees: findings.is_empty(), entries, months, findings })
}

/// Accounts that stand where they never should.
async fn wrong_sides(conn: &mut PgConnection) -> Result<Vec<String>> {
    let balances = ledger::balances(conn, "").await?;
    let wrong = balances.into_iter().filter(|(account, balance)| stands_wrong(account, *balance));
    Ok(wrong.map(|(account, _)| account).collect())
}

/// Whether debits exceed credits where they never may, or the other way round. A shop's balance and receivable may stand
/// on either side: goods come back after their money was paid out, and others bear discounts. So may a gateway's, by as
/// much: until a shop's next sales make up for a refund, or whoever bears a discount has paid it in.
fn stands_wrong(account: &str, balance: Vnd) -> bool {
    match account.split(':').next() {
        Some("carrier_cash" | "carrier_fees" | "voucher_expense") => balance < Vnd::ZERO,
        Some(
            "buyer_funds" | "commission" | "vat_withheld" | "pit_withheld" | "seller_sales" | "suspense"
            | "payouts_in_transit",
        ) => balance > Vnd::ZERO,
        _ => false,
    }
}
