//! The demonstration: a filled marketplace, the same at every run.
//!
//! Three layers: officers for every province; the 475 real products of `data/ocop_products.csv` as listings of demo
//! shops, written through the slices' own functions; and a fictional Lai Châu cooperative, whose accounts, papers,
//! certificates, listings, orders and reviews come about **through the API**, by people of the demonstration, on a clock
//! that starts in the past. Real names get no orders and no reviews. Something is left for an officer to decide.

mod catalogue;
mod desk;
mod officers;
mod pictures;
pub mod products;
mod story;
mod visitor;

use secrecy::SecretString;

use crate::app::App;
use crate::market::sellers;
use crate::platform::error::Result;

pub use officers::{OPERATOR, authenticator, is_officer, reviewer_of, supervisor_of};
pub use story::{BUYER, COOPERATIVE};

/// The password of every account of the demonstration; such accounts exist in demo data only.
pub const PASSWORD: &str = "ocop demo 2026";

/// Whether the database has no shop yet: only then may it be filled.
pub async fn is_empty(app: &App) -> Result<bool> {
    app.db.see(async |conn| sellers::is_empty(conn).await).await
}

/// Fills an empty, prepared database. A crash leaves it half filled: begin with an empty one again.
///
/// `past` is the app on a manual clock some weeks ago; the story moves it forward.
pub async fn fill(past: &App) -> Result<()> {
    let password_hash = past.passwords.hash(&SecretString::from(PASSWORD)).await?;
    let operator = officers::fill(past, &password_hash).await?;
    catalogue::fill(past, operator).await?;
    story::tell(past, &password_hash).await
}
