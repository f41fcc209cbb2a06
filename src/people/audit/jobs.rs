//! What the record does later.

use serde::{Deserialize, Serialize};

use super::{heads, sealer};
use crate::app::App;
use crate::platform::error::Result;
use crate::platform::jobs::Job;

/// Entries are sealed every minute.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SealEntries {}

impl Job for SealEntries {
    const KIND: &'static str = "audit.seal_entries";
}

/// Does it.
pub async fn seal_entries(app: &App, _: SealEntries) -> Result<()> {
    sealer::seal(app).await?;
    heads::follow(app).await
}

/// The head of the chain is kept every day.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct ExportHead {}

impl Job for ExportHead {
    const KIND: &'static str = "audit.export_head";
}

/// Does it.
pub async fn export_head(app: &App, _: ExportHead) -> Result<()> {
    sealer::seal(app).await?;
    heads::export_day(app).await
}
