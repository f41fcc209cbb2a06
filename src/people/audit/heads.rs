//! How long the chain is and how it ends, kept among the object files: whoever can change the database cannot also cut
//! the chain's tail, or write it anew, without contradicting what is kept here.
//!
//! `audit-heads/2026-11-22.json` is written once a day and never again; `audit-heads/latest.json` follows the sealer.

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::chain::Hash;
use super::store::{self, Head};
use crate::app::App;
use crate::platform::error::{Error, Result};
use crate::platform::files::Files;

const FOLDER: &str = "audit-heads";
const LATEST: &str = "audit-heads/latest.json";

/// A head as kept in a file.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// How many entries the chain had.
    count: i64,
    /// The last one's hash, in hex.
    hash: String,
    exported_at: DateTime<Utc>,
}

/// A head found in a file.
#[derive(Debug, Clone)]
pub struct ExportedHead {
    /// The file's name.
    pub name: String,
    /// What it says; `None` if it cannot be read.
    pub(super) head: Option<Head>,
}

/// The name of a day's file.
pub(super) fn name_of(day: chrono::NaiveDate) -> String {
    format!("{FOLDER}/{day}.json")
}

/// Every head kept in files.
pub async fn exported(files: &Files) -> Result<Vec<ExportedHead>> {
    let mut found = Vec::new();
    for name in files.list(FOLDER).await? {
        let head = read(files, &name).await?;
        found.push(ExportedHead { name, head });
    }
    Ok(found)
}

/// Lets `latest.json` follow the chain. What contradicts the chain is evidence and stays as it is.
pub async fn follow(app: &App) -> Result<()> {
    let kept = read(&app.files, LATEST).await?;
    let (head, same) = app
        .db
        .see(async |conn| {
            let same = match kept {
                Some(kept) => store::hash_at(conn, kept.position).await? == Some(kept.hash),
                None => true,
            };
            Ok((store::head(conn).await?, same))
        })
        .await?;
    if !same {
        tracing::error!(file = LATEST, "the audit chain contradicts its exported head; run `ocop-market audit verify`");
        return Ok(());
    }
    if kept == Some(head) { Ok(()) } else { write(app, LATEST, &head).await }
}

/// Keeps the day's head, in a file and then in the database. A crash between the two leaves a file that is true.
pub async fn export_day(app: &App) -> Result<()> {
    let now = app.clock.now();
    let day = app.clock.today();
    let name = name_of(day);
    let kept = read(&app.files, &name).await?;
    let head = match kept {
        Some(kept) => kept,
        None => app.db.see(async |conn| store::head(conn).await).await?,
    };
    if kept.is_none() {
        write(app, &name, &head).await?;
    }
    app.db.act(async |conn| store::insert_head(conn, day, &head, now).await).await
}

async fn read(files: &Files, name: &str) -> Result<Option<Head>> {
    let Some(bytes) = files.get(name).await? else { return Ok(None) };
    Ok(parse(&bytes))
}

/// What the file says; `None` if somebody has made it say nothing.
fn parse(bytes: &[u8]) -> Option<Head> {
    let kept: Kept = serde_json::from_slice(bytes).ok()?;
    let hash: Hash = hex::decode(&kept.hash).ok()?.try_into().ok()?;
    Some(Head { position: kept.count, hash })
}

async fn write(app: &App, name: &str, head: &Head) -> Result<()> {
    let kept = Kept { count: head.position, hash: hex::encode(head.hash), exported_at: app.clock.now() };
    let bytes = serde_json::to_vec_pretty(&kept).map_err(Error::from)?;
    app.files.put(name, Bytes::from(bytes)).await
}
