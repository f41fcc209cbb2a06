//! `ledger`: whether the books agree, and what stands in them.

use clap::Subcommand;

use super::{into_anyhow, open};
use crate::config::DatabaseConfig;
use crate::trade::ledger;
use crate::trade::statements::checks::{self, Verification};

/// The books
#[derive(Subcommand)]
pub enum LedgerCommand {
    /// Check the books against themselves and against what happened; fails with a list if they do not agree
    Verify {
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Print what stands on the accounts: debits less credits
    Balances {
        /// How the accounts' names begin, such as `clearing:`
        #[arg(default_value = "")]
        prefix: String,
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

/// Runs the command.
pub async fn run(command: LedgerCommand) -> anyhow::Result<()> {
    match command {
        LedgerCommand::Verify { database } => verify(&database).await,
        LedgerCommand::Balances { prefix, database } => balances(&prefix, &database).await,
    }
}

async fn verify(database: &DatabaseConfig) -> anyhow::Result<()> {
    let db = open(database)?;
    let outcome = db.see(async |conn| checks::verify(conn).await).await.map_err(into_anyhow)?;
    db.close().await;
    let Verification { agrees, entries, months, findings } = &outcome;
    println!("{entries} entries checked, {months} closed months");
    for finding in findings {
        println!("{}: {}", finding.subject, finding.words);
    }
    anyhow::ensure!(*agrees, "sổ không khớp / the books do not agree");
    Ok(())
}

async fn balances(prefix: &str, database: &DatabaseConfig) -> anyhow::Result<()> {
    let db = open(database)?;
    let balances = db.see(async |conn| ledger::balances(conn, prefix).await).await.map_err(into_anyhow)?;
    db.close().await;
    for (account, balance) in balances {
        println!("{account}\t{}", balance.get());
    }
    Ok(())
}
