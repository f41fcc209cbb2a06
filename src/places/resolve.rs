//! From what somebody typed to the places they may mean.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::model::{Candidate, PlaceKind};
use super::names::Typed;
use super::store;
use super::store::search::{Area, Container, Hit};
use crate::kernel::text::fold;
use crate::platform::error::Result;

/// More parts than an address has: commune, district, province, country.
const MOST_PARTS: usize = 6;

/// The places that go by a name, current or legacy, however it is typed: exact names first, then longer ones that begin
/// so; provinces before communes, what is before what was.
///
/// After a comma stand the district and the province the place lies in, or lay in before 1 July 2025; a province may
/// also follow without a comma. Nothing is found in an area nobody knows.
pub async fn resolve(conn: &mut PgConnection, typed: &str, limit: i64) -> Result<Vec<Candidate>> {
    let mut parts = typed.splitn(MOST_PARTS, ',').map(fold).filter(|part| !part.is_empty() && part != "viet nam");
    let Some(name) = parts.next().as_deref().and_then(Typed::of) else { return Ok(Vec::new()) };
    let areas: Vec<Typed> = parts.filter_map(|part| Typed::of(&part)).collect();
    let Some(area) = narrow(conn, &areas).await? else { return Ok(Vec::new()) };
    let mut hits = store::search::find(conn, &name, &area, limit).await?;
    let found = hits.first().is_some_and(|best| best.rank < 2);
    if !found && areas.is_empty() {
        let within = find_before_province(conn, &name, limit).await?;
        hits.splice(0..0, within);
        hits.truncate(usize::try_from(limit)?);
    }
    describe(conn, hits).await
}

/// The area that all of `parts` are about, read from the largest, which comes last. `None` if one of them is unknown.
async fn narrow(conn: &mut PgConnection, parts: &[Typed]) -> Result<Option<Area>> {
    let mut area = Area::default();
    for part in parts.iter().rev() {
        let names: Vec<String> = part.exact.iter().chain([&part.bare]).cloned().collect();
        let known = store::search::containers(conn, &names).await?;
        let as_typed: Vec<&Container> = known.iter().filter(|known| part.exact.contains(&known.folded)).collect();
        let meant = if as_typed.is_empty() { known.iter().collect() } else { as_typed };
        if meant.is_empty() {
            return Ok(None);
        }
        let provinces: Vec<String> = meant.iter().flat_map(|known| known.legacy_provinces.iter().cloned()).collect();
        if area.legacy_provinces.is_none() && !provinces.is_empty() {
            area.legacy_provinces = Some(provinces);
        } else {
            area.districts = Some(meant.iter().filter_map(|known| known.district).collect());
        }
    }
    Ok(Some(area))
}

/// The places of a name that ends with the province: "xa muong hum lao cai". The longest province that fits is meant.
async fn find_before_province(conn: &mut PgConnection, typed: &Typed, limit: i64) -> Result<Vec<Hit>> {
    let whole = typed.beginning();
    let ends: Vec<String> = whole.match_indices(' ').map(|(at, _)| whole[at + 1..].to_owned()).collect();
    let known = store::search::containers(conn, &ends).await?;
    let provinces = known.iter().filter(|known| !known.legacy_provinces.is_empty());
    let Some(end) = provinces.clone().map(|province| &province.folded).max_by_key(|name| name.len()) else {
        return Ok(Vec::new());
    };
    let codes = provinces.filter(|province| province.folded == *end).flat_map(|known| known.legacy_provinces.iter());
    let area = Area { legacy_provinces: Some(codes.cloned().collect()), districts: None };
    let name = whole.strip_suffix(end.as_str()).map(str::trim_end).and_then(Typed::of);
    match name {
        Some(name) => store::search::find(conn, &name, &area, limit).await,
        None => Ok(Vec::new()),
    }
}

/// The hits as candidates, in their order.
async fn describe(conn: &mut PgConnection, hits: Vec<Hit>) -> Result<Vec<Candidate>> {
    let mut keys: HashMap<PlaceKind, Vec<String>> = HashMap::new();
    for hit in &hits {
        keys.entry(hit.kind).or_default().push(hit.key.clone());
    }
    let mut known = HashMap::new();
    for (kind, keys) in keys {
        let candidates = store::candidates::find(conn, kind, &keys).await?;
        known.extend(candidates.into_iter().map(|(key, candidate)| ((kind, key), candidate)));
    }
    Ok(hits.into_iter().filter_map(|hit| known.remove(&(hit.kind, hit.key))).collect())
}
