//! Filling the tables from the lists.

use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::lists::{Files, List, ListError, Lists};
use super::{names, store};
use crate::platform::error::Result;

/// Since when the embedded lists are true: the day Đồng Nai became a centrally-run city (Resolution 30/2026/QH16).
const EMBEDDED_SINCE: NaiveDate = match NaiveDate::from_ymd_opt(2026, 4, 30) {
    Some(day) => day,
    None => panic!("April has thirty days"),
};

/// A state of the administrative map.
#[derive(Debug, Clone)]
pub struct Edition {
    /// The day since which it is true.
    pub in_force: NaiveDate,
    /// The resolutions that made it.
    pub legal_basis: String,
}

/// What a load did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loaded {
    /// Communes in force now.
    pub communes: usize,
    /// Communes that the lists no longer have, abolished by this load.
    pub abolished: u64,
}

/// Loads the embedded lists; `None` if these very rows, or those of a later day, are there already.
pub async fn load(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Option<Loaded>> {
    store::load::lock(conn).await?;
    if store::load::latest_version(conn).await?.is_some_and(|loaded| loaded > EMBEDDED_SINCE) {
        return Ok(None);
    }
    fill(conn, &Files::embedded(), EMBEDDED_SINCE, |list| list.legal_basis, now).await
}

/// Loads the lists of a directory with files named and built like those embedded: `regions.csv`, `provinces.csv`,
/// `provinces_legacy.csv`, `communes.csv`, `communes_legacy.csv`. `None` if these very rows are there already.
///
/// # Errors
/// A fault caused by a [`ListError`] that names file and line, for lists that are wrong or older than those loaded.
pub async fn load_from(
    conn: &mut PgConnection,
    directory: &Path,
    edition: &Edition,
    now: DateTime<Utc>,
) -> Result<Option<Loaded>> {
    let files = Files::in_directory(directory)?;
    store::load::lock(conn).await?;
    let loaded = store::load::latest_version(conn).await?;
    if let Some(loaded) = loaded.filter(|loaded| *loaded > edition.in_force) {
        return Err(ListError::of_all(format!("lists in force since {loaded} are loaded, these are older")).into());
    }
    fill(conn, &files, edition.in_force, |_| &edition.legal_basis, now).await
}

async fn fill<'e>(
    conn: &mut PgConnection,
    files: &Files,
    in_force: NaiveDate,
    legal_basis: impl Fn(&List) -> &'e str,
    now: DateTime<Utc>,
) -> Result<Option<Loaded>> {
    let loaded = store::load::checksums(conn).await?;
    let mut changed = Vec::new();
    for (list, checksum) in files.checksums() {
        if loaded.get(list.name).is_none_or(|known| known[..] != checksum) {
            changed.push((list, checksum));
        }
    }
    if changed.is_empty() {
        return Ok(None);
    }
    let lists = Lists::read(files)?;
    if let Some(code) = store::load::province_left_out(conn, &lists).await? {
        return Err(lists.province_missing(&code).into());
    }
    let abolished = write(conn, &lists, in_force).await?;
    for (list, checksum) in changed {
        store::load::record(conn, list.name, in_force, &checksum, legal_basis(&list), now).await?;
    }
    Ok(Some(Loaded { communes: lists.communes.len(), abolished }))
}

/// Writes what others refer to over what is there, and what nobody refers to anew.
async fn write(conn: &mut PgConnection, lists: &Lists, in_force: NaiveDate) -> Result<u64> {
    store::load::clear_history(conn).await?;
    store::load::write_regions(conn, &lists.regions).await?;
    store::load::write_provinces(conn, &lists.provinces).await?;
    store::load::write_legacy_provinces(conn, &lists.legacy_provinces).await?;
    store::load::write_communes(conn, &lists.communes).await?;
    let last_day = in_force - chrono::Days::new(1);
    let abolished = store::load::abolish_others(conn, &lists.communes, last_day).await?;
    store::load::insert_districts(conn, &lists.districts).await?;
    store::load::insert_legacy_communes(conn, &lists.legacy_communes).await?;
    store::load::insert_successions(conn, &lists.legacy_communes).await?;
    store::load::insert_names(conn, &names::all(lists)).await?;
    Ok(abolished)
}
