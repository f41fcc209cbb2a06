//! Who listens to which news, and the schedule.

use chrono::TimeDelta;

use crate::app::App;
use crate::front::{moderation, shelf, statistics};
use crate::market::certification::notices;
use crate::market::{cases, measures, sellers};
use crate::people::{audit, identity};
use crate::platform::error::Result;
use crate::platform::idempotency::{self, ForgetKeys};
use crate::platform::jobs::Worker;
use crate::trade::orders::{self, checkouts};
use crate::trade::payments::{self, Paid, ShopRefundLate, transfers};
use crate::trade::shipping::parcels;
use crate::trade::{inventory, ledger, payouts, returns, statements, webhooks};

/// The worker with every listener of the house.
pub fn worker() -> Worker<App> {
    Worker::default()
        .every::<audit::jobs::SealEntries>(TimeDelta::minutes(1), audit::jobs::seal_entries)
        .daily::<audit::jobs::ExportHead>(0, audit::jobs::export_head)
        .daily::<identity::jobs::ForgetExpired>(3, identity::jobs::forget_expired)
        .daily::<ForgetKeys>(3, forget_keys)
        .daily::<shelf::search::jobs::ForgetNews>(3, shelf::search::jobs::forget_news)
        .daily::<checkouts::jobs::ForgetQuotes>(3, checkouts::jobs::forget_quotes)
        .daily::<webhooks::jobs::ForgetUnbelieved>(3, webhooks::jobs::forget_unbelieved)
        .daily::<webhooks::jobs::FindUnheard>(4, webhooks::jobs::find_unheard)
        .daily::<notices::jobs::RemindOfExpiry>(7, notices::jobs::remind_of_expiry)
        .daily::<moderation::jobs::RecheckAppeals>(5, moderation::jobs::recheck_appeals)
        .daily::<sellers::jobs::WarnUnauthenticated>(7, sellers::jobs::warn_unauthenticated)
        .daily::<payouts::jobs::PayShops>(9, payouts::jobs::pay_shops)
        .every::<payouts::jobs::AskAgain>(TimeDelta::minutes(10), payouts::jobs::ask_again)
        // An hour after midnight: what was written in the last second of a month has been committed by then.
        .daily::<statistics::jobs::FreezeMonths>(1, statistics::jobs::freeze_months)
        .daily::<ledger::jobs::CloseMonths>(1, ledger::jobs::close_months)
        .daily::<statements::jobs::VerifyBooks>(2, statements::jobs::verify_books)
        .every::<parcels::AskCarrier>(TimeDelta::hours(1), orders::parcels::jobs::ask_carrier)
        .on::<cases::jobs::CaseLate>(cases::jobs::case_late)
        .on::<measures::jobs::SuspensionDue>(measures::jobs::suspension_due)
        .on::<measures::jobs::SuspensionOver>(measures::jobs::suspension_over)
        .on::<measures::TakenDown>(orders::jobs::listing_taken_down)
        .on::<ShopRefundLate>(transfers::jobs::shop_refund_late)
        .on::<inventory::jobs::StockLow>(inventory::jobs::stock_low)
        .on::<payouts::jobs::PayShop>(payouts::jobs::pay_shop)
        .on::<payouts::jobs::SendPayout>(payouts::jobs::send_payout)
        .on::<payments::jobs::QueryAttempt>(payments::jobs::query_attempt)
        .on::<payments::jobs::RecheckAttempt>(payments::jobs::recheck_attempt)
        .on::<payments::jobs::SendRefund>(payments::jobs::send_refund)
        .on::<payments::RefundArrived>(payments::jobs::refund_arrived)
        .on::<orders::jobs::AcceptanceMissed>(orders::jobs::acceptance_missed)
        .on::<parcels::ParcelMoved>(orders::parcels::jobs::parcel_moved)
        .on::<parcels::BookParcel>(orders::parcels::jobs::book_parcel)
        .on::<parcels::AskAboutParcel>(orders::parcels::jobs::ask_about_parcel)
        .on::<parcels::RecallParcel>(orders::parcels::jobs::recall_parcel)
        .on::<orders::jobs::ShipmentMissed>(orders::jobs::shipment_missed)
        .on::<orders::jobs::ReceiptMissed>(orders::jobs::receipt_missed)
        .on::<orders::jobs::PaymentMissed>(orders::jobs::payment_missed)
        .on::<orders::jobs::ArrivalUnknown>(orders::jobs::arrival_unknown)
        .on::<orders::jobs::OrderCame>(orders::jobs::order_came)
        .on::<orders::jobs::DeadlineNear>(orders::jobs::deadline_near)
        .on::<Paid>(orders::jobs::order_paid)
        .on::<transfers::PayByMoved>(orders::jobs::pay_by_moved)
        .on::<orders::jobs::CompletionDue>(orders::jobs::completion_due)
        .on::<returns::jobs::ReturnDue>(returns::jobs::return_due)
}

async fn forget_keys(app: &App, _: ForgetKeys) -> Result<()> {
    let now = app.clock.now();
    app.db.act(async |conn| idempotency::forget(conn, now).await.map(drop)).await
}
