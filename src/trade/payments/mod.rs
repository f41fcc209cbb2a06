//! What buyers owe and have paid. The marketplace itself never holds their money: cash on delivery goes from the carrier
//! to the shop.
//!
//! One payment covers a placed checkout; its allocations say how much of it each order gets, and always sum to it.

mod model;
mod store;

pub use model::{Allocation, AllocationStatus, Method};
pub use store::{collect, find_allocation, lock, void};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{CheckoutId, OrderId, PaymentId, Vnd};
use crate::platform::error::{Error, Result};

/// Opens the payment of a placed checkout, in cash on delivery, with each order's share. Shares that do not sum to
/// `amount` are a fault.
pub async fn open_cod(
    conn: &mut PgConnection,
    checkout: CheckoutId,
    amount: Vnd,
    shares: &[(OrderId, Vnd)],
    now: DateTime<Utc>,
) -> Result<PaymentId> {
    if Vnd::checked_sum(shares.iter().map(|share| share.1)) != Some(amount) {
        return Err(Error::fault(format!("the shares of checkout {checkout} do not sum to {amount}")));
    }
    let id = PaymentId::new(now);
    store::insert(conn, id, checkout, amount, now).await?;
    store::insert_allocations(conn, id, shares).await?;
    Ok(id)
}
