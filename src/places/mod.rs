//! Regions, provinces, communes and their history.

use std::path::Path;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::platform::error::Result;

/// A province.
pub struct Province {
    /// Its code.
    pub code: String,
}

/// x
pub async fn load(_: &mut PgConnection, _: DateTime<Utc>) -> Result<()> {
    Ok(())
}

/// x
pub async fn load_from(_: &mut PgConnection, _: &Path, _: DateTime<Utc>) -> Result<()> {
    Ok(())
}

/// x
pub async fn list_provinces(_: &mut PgConnection) -> Result<Vec<Province>> {
    Ok(Vec::new())
}
