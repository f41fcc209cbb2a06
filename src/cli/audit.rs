//! `audit`: whether the record of officers' acts is still what was sealed; erasing what the law wants erased.

use std::path::PathBuf;

use clap::Subcommand;

use super::{into_anyhow, open};
use crate::config::DatabaseConfig;
use crate::kernel::{AuditId, Clock};
use crate::people::audit::{self, Verification};
use crate::people::identity::{self, Contact};
use crate::places;
use crate::platform::files::Files;

/// The record of officers' acts
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Check every entry, every seal, and the chain's length against the heads kept among the files
    Verify {
        #[command(flatten)]
        database: DatabaseConfig,
        /// Folder of uploaded pictures and papers
        #[arg(long, env = "FILES_DIR", default_value = "files")]
        files_dir: PathBuf,
    },
    /// Erase what a sealed entry says beyond who did what to what; the chain keeps its hash and still verifies
    Erase {
        /// The entry
        entry: AuditId,
        /// Who erases it: a contact of their account; the record keeps it
        #[arg(long)]
        by: String,
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

/// Runs the command.
pub async fn run(command: AuditCommand) -> anyhow::Result<()> {
    match command {
        AuditCommand::Verify { database, files_dir } => verify(&database, &files_dir).await,
        AuditCommand::Erase { entry, by, database } => erase(entry, by, &database).await,
    }
}

async fn erase(entry: AuditId, by: String, database: &DatabaseConfig) -> anyhow::Result<()> {
    let (by, now) = (Contact::try_from(by)?, Clock::system().now());
    let db = open(database)?;
    let erased = db
        .act(async |conn| match identity::find_by_contact(conn, &by).await? {
            Some(account) => audit::erase(conn, entry, account, now).await.map(Some),
            None => Ok(None),
        })
        .await
        .map_err(into_anyhow)?;
    db.close().await;
    let erased = erased.ok_or_else(|| anyhow::anyhow!("{} has no account", by.as_str()))?;
    anyhow::ensure!(erased, "{entry} is no sealed entry that still has facts");
    println!("{entry} is erased");
    Ok(())
}

async fn verify(database: &DatabaseConfig, files_dir: &std::path::Path) -> anyhow::Result<()> {
    let db = open(database)?;
    let heads = audit::exported_heads(&Files::folder(files_dir)?).await.map_err(into_anyhow)?;
    let now = Clock::system().now();
    let outcome = db
        .see(async |conn| {
            let provinces: Vec<_> =
                places::list_provinces(conn).await?.into_iter().map(|province| province.code).collect();
            audit::verify(conn, &provinces, &heads, now).await
        })
        .await
        .map_err(into_anyhow)?;
    db.close().await;
    tell(&outcome);
    anyhow::ensure!(outcome.intact, "nhật ký không còn nguyên vẹn / the record is not intact");
    Ok(())
}

fn tell(outcome: &Verification) {
    let Verification { sealed, hash, erased, heads, .. } = outcome;
    println!("{sealed} entries sealed ({erased} erased), {heads} kept heads compared, last hash {hash}");
    for finding in &outcome.findings {
        let place = [
            finding.position.map(|position| format!(" position {position}")),
            finding.entry_id.map(|entry| format!(" entry {entry}")),
            finding.head.as_ref().map(|head| format!(" head {head}")),
        ];
        println!("{}:{}", finding.words, place.into_iter().flatten().collect::<String>());
    }
}
