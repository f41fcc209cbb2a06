//! Where listings and shops are.

use std::collections::{BTreeSet, HashMap};

use sqlx::PgConnection;

use crate::places::{self, Location};
use crate::platform::error::{Error, Result};

/// Locations by the code of the commune and that of the legacy province.
pub struct Spots(HashMap<(String, String), Location>);

impl Spots {
    /// The locations of these pairs, each read once.
    pub async fn read(conn: &mut PgConnection, pairs: impl IntoIterator<Item = (&str, &str)>) -> Result<Self> {
        let pairs: Vec<(&str, &str)> = pairs.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let locations = places::locate(conn, &pairs).await?;
        let owned = pairs.iter().map(|(commune, legacy)| ((*commune).to_owned(), (*legacy).to_owned()));
        Ok(Self(owned.zip(locations).collect()))
    }

    /// The location of a pair that was read.
    pub fn of(&self, commune: &str, legacy_province: &str) -> Result<Location> {
        let found = self.0.get(&(commune.to_owned(), legacy_province.to_owned())).cloned();
        found.ok_or_else(|| {
            Error::fault(format!("commune {commune} or legacy province {legacy_province} is not loaded"))
        })
    }
}
