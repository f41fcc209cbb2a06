//! Sealing: what is committed and not sealed yet joins the chain, whatever the order of the commits was.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::chain::{link, payload_hash};
use super::store::{self, NewSeal};
use crate::app::App;
use crate::platform::error::Result;

/// Entries sealed in one transaction.
const CHUNK: usize = 500;

/// Seals all there is. Where another sealer is at work there is nothing to do: it, or the next round, seals the rest.
pub async fn seal(app: &App) -> Result<()> {
    while app.db.act(async |conn| seal_chunk(conn, app.clock.now()).await).await? == CHUNK {}
    Ok(())
}

async fn seal_chunk(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<usize> {
    if !store::lock_chain(conn).await? {
        return Ok(0);
    }
    let mut head = store::head(conn).await?;
    let entries = store::take_unsealed(conn, i64::try_from(CHUNK)?).await?;
    let mut seals = Vec::with_capacity(entries.len());
    for entry in &entries {
        let payload = payload_hash(&entry.facts)?;
        head.position += 1;
        head.hash = link(&head.hash, head.position, entry, &payload, now);
        seals.push(NewSeal {
            position: head.position,
            entry_id: entry.id,
            payload_hash: payload,
            hash: head.hash,
            sealed_at: now,
        });
    }
    store::insert_seals(conn, &seals).await?;
    Ok(seals.len())
}
