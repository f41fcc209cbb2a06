//! What holds in the whole country is for whoever holds the permission in all of it.

use sqlx::PgConnection;

use super::model::Provinces;
use super::officer::NOT_YOUR_FUNCTION;
use crate::places;
use crate::platform::error::{Error, Result};

/// Whether these are all the provinces: then it is the national desk that acts.
pub async fn is_national(conn: &mut PgConnection, provinces: &Provinces) -> Result<bool> {
    let country = places::list_provinces(conn).await?;
    Ok(country.iter().all(|province| provinces.contains(&province.code)))
}

/// Refuses a permission that reaches less than the whole country.
pub async fn require_national(conn: &mut PgConnection, provinces: &Provinces) -> Result<()> {
    if is_national(conn, provinces).await? { Ok(()) } else { Err(Error::from(&NOT_YOUR_FUNCTION)) }
}
