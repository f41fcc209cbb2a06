//! Where listings and shops are: each pair of a commune and a former province once.

use super::pieces::{Hash, hash, members};
use super::table::Table;
use crate::places::Location;

/// A place, as everything there shows it.
#[derive(Debug)]
pub struct Place {
    pub location: Location,
    json: Vec<u8>,
    hash: Hash,
}

impl Place {
    /// What listings and shops there say of it.
    pub fn members(&self) -> &[u8] {
        &self.json
    }

    /// The hash of that.
    pub fn hash(&self) -> &Hash {
        &self.hash
    }
}

/// Code of the commune, code of the former province.
type Codes = (String, String);

/// Every place anybody named.
pub type Places = Table<Codes, Place>;

/// The number of the place, which from now on is called as in `location`; `before` is where its namer was, and most stay.
pub fn number(places: &mut Places, location: &Location, before: Option<u32>) -> serde_json::Result<u32> {
    let there = |number: &u32| places.get(*number).is_some_and(|place| place.location == *location);
    if let Some(same) = before.filter(there) {
        return Ok(same);
    }
    let number = places.number(&(location.commune.code.clone(), location.legacy_province.code.clone()));
    if places.get(number).is_none_or(|place| place.location != *location) {
        places.set(number, Some(ready(location)?));
    }
    Ok(number)
}

fn ready(location: &Location) -> serde_json::Result<Place> {
    let mut json = Vec::new();
    members(&mut json, location)?;
    Ok(Place { location: location.clone(), hash: hash(&json), json })
}
