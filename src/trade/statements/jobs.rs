//! Checking the books every night.

use serde::{Deserialize, Serialize};

use super::checks;
use crate::app::App;
use crate::platform::error::{Error, Result};
use crate::platform::jobs::Job;

/// A day is over.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct VerifyBooks {}

impl Job for VerifyBooks {
    const KIND: &'static str = "statements.verify_books";
}

/// Checks the books. What is wrong is a fault: it is logged, tried again, and ends as a dead letter for all to see.
pub async fn verify_books(app: &App, _: VerifyBooks) -> Result<()> {
    let outcome = app.db.see(async |conn| checks::verify(conn).await).await?;
    if outcome.agrees {
        return Ok(());
    }
    Err(Error::fault(format!("the books do not agree: {}", serde_json::to_string(&outcome.findings)?)))
}
