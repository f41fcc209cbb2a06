//! The books: double entry, append-only, written in the transaction of their cause.
//!
//! An [`Entry`] moves a positive amount from one account to another, so a transfer sums to zero by its shape. Nothing
//! here is ever changed, and no balance is stored on the way: a balance is the fold of its entries.
//!
//! ## What is posted when
//!
//! | event | debit | credit |
//! |---|---|---|
//! | a gateway captured an order's share | `clearing:<provider>` | `buyer_funds` |
//! | a bank transfer reached the shop | `seller_cash:<shop>` | `buyer_funds` |
//! | a transfer that fits no order reached the shop | `seller_cash:<shop>` | `suspense:<shop>` |
//! | … and somebody said what it is | `suspense:<shop>` | `seller_cash:<shop>` |
//! | a carrier collected cash | `carrier_cash:<carrier>` | `buyer_funds` |
//! | … and remitted it | `seller_cash:<shop>` | `carrier_cash:<carrier>` |
//! | … less what it kept for its services | `carrier_fees:<shop>` | `carrier_cash:<carrier>` |
//! | … or never brought | `carrier_difference:<shop>` | `carrier_cash:<carrier>` |
//! | the shop said otherwise what it got | `seller_cash:<shop>`, `carrier_fees:<shop>` | `carrier_difference:<shop>` |
//! | it kept a fee out of other cash | `carrier_fees:<shop>` | `seller_cash:<shop>` |
//! | an order is paid (gateway) | `buyer_funds` | `seller_balance:<shop>` |
//! | an order is paid (shop or carrier has the money) | `buyer_funds` | `seller_sales:<shop>` |
//! | … its commission and withheld taxes | the shop's account | `commission`, `vat_withheld:<shop>`, `pit_withheld:<shop>` |
//! | … what others bear of its vouchers | `voucher_expense:<bearer>` | the shop's account |
//! | goods are taken back, or an order is cancelled | the same the other way round | |
//! | a refund reached the buyer | `buyer_funds` | `clearing:<provider>` or `seller_cash:<shop>` |
//! | gateway money is sent to the shop | `seller_balance:<shop>` | `payouts_in_transit:<provider>` |
//! | … and arrived | `payouts_in_transit:<provider>` | `clearing:<provider>` |
//!
//! *The shop's account* is its balance where a gateway has the money, and its receivable (what it owes) where the shop
//! was paid directly. A transfer that pays an order after all is released from suspense and captured like any other.
//! `buyer_funds` is empty once every paid order is attributed and every refund has arrived.
//!
//! ## Balances and months
//!
//! A balance is debits less credits: what is owed to somebody is negative. An hour after a month's end a daily
//! [job](jobs) closes it and notes what stood on every account; from then on the database refuses entries dated into it,
//! and a fold starts from there. Entries are dated when they are posted, so a refund of an old sale belongs to the month
//! in which the goods came back.

pub mod jobs;
mod model;
mod store;

pub use model::{Account, Bearer, Carrier, Entry, Provider, Transfer, TransferKind};
pub use store::balances::{balance, balance_before, balances};
pub use store::months::closed_until;
pub use store::{balance_of_order, post};
