//! One binary, many roles.

mod audit;
mod demo;
mod ledger;
mod officer;
pub mod relevance;
mod run;
mod simulate;

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::{CommandFactory as _, Parser, Subcommand};
use secrecy::ExposeSecret as _;
use sqlx::postgres::PgConnectOptions;

use crate::config::{DatabaseConfig, LogConfig};
use crate::kernel::{Clock, JobId};
use crate::market::{assessment, certification};
use crate::places;
use crate::platform::db::Db;
use crate::platform::error::Error;
use crate::platform::jobs as queue;
use crate::platform::telemetry;
use crate::routes;

/// The marketplace of Viet Nam's OCOP programme.
///
/// Without a command: `demo`, a filled marketplace with a private PostgreSQL of its own.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// A filled marketplace to try out; needs nothing but PostgreSQL's programs on this machine
    Demo(demo::DemoConfig),
    /// Serve the API; several may run side by side
    Serve(Box<run::ServeConfig>),
    /// Do the jobs; several may run side by side
    Work(Box<run::WorkConfig>),
    /// Bring the database up to date: tables, places, product sets
    Migrate(MigrateConfig),
    /// Load a newer list of communes from a folder of CSV files
    ImportPlaces(ImportConfig),
    /// Fill an empty, migrated database with the demonstration's data
    Seed(Box<run::SeedConfig>),
    /// Print an OpenAPI document
    Openapi {
        /// The officers' document instead of the public one
        #[arg(long)]
        admin: bool,
    },
    /// Jobs that were given up: list them, or let one be tried anew
    Jobs(JobsConfig),
    /// Officers, from the command line
    #[command(subcommand)]
    Officer(officer::OfficerCommand),
    /// The record of officers' acts
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// The books
    #[command(subcommand)]
    Ledger(ledger::LedgerCommand),
    /// Play the payment providers, the carrier and the bank: for trying out, never for production
    Simulate(Box<simulate::SimulateConfig>),
    /// Measure how well the search answers what people type
    Relevance(relevance::RelevanceConfig),
    /// Print the table of configuration for README
    Config,
}

#[derive(clap::Args)]
struct MigrateConfig {
    #[command(flatten)]
    database: DatabaseConfig,
    #[command(flatten)]
    log: LogConfig,
}

#[derive(clap::Args)]
struct JobsConfig {
    /// The job to try anew
    #[arg(long)]
    revive: Option<JobId>,
    #[command(flatten)]
    database: DatabaseConfig,
}

#[derive(clap::Args)]
struct ImportConfig {
    /// Folder with the five CSV files, in the format of `src/places/data`
    folder: PathBuf,
    /// The day since which the lists are true, such as 2026-04-30
    #[arg(long)]
    in_force: chrono::NaiveDate,
    /// The resolutions they rest on
    #[arg(long)]
    legal_basis: String,
    #[command(flatten)]
    database: DatabaseConfig,
    #[command(flatten)]
    log: LogConfig,
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Option<Command>) -> anyhow::Result<()> {
    match command {
        None => demo::run(demo::DemoConfig::from_environment()?).await,
        Some(Command::Demo(config)) => demo::run(config).await,
        Some(Command::Serve(config)) => Box::pin(run::serve(*config)).await,
        Some(Command::Work(config)) => run::work(*config).await,
        Some(Command::Migrate(config)) => migrate(config).await,
        Some(Command::ImportPlaces(config)) => import_places(config).await,
        Some(Command::Seed(config)) => run::seed(*config).await,
        Some(Command::Jobs(config)) => jobs(config).await,
        Some(Command::Openapi { admin }) => print_openapi(admin),
        Some(Command::Officer(command)) => officer::run(command).await,
        Some(Command::Audit(command)) => audit::run(command).await,
        Some(Command::Ledger(command)) => ledger::run(command).await,
        Some(Command::Simulate(config)) => simulate::run(*config).await,
        Some(Command::Relevance(config)) => relevance::run(&config),
        Some(Command::Config) => {
            println!("{}", config_table());
            Ok(())
        }
    }
}

/// The database of the configuration.
fn open(config: &DatabaseConfig) -> anyhow::Result<Db> {
    let options: PgConnectOptions = config.database_url.expose_secret().parse()?;
    Ok(Db::new(options, config.database_connections))
}

/// Brings the database up to date: tables, then the lists embedded in this binary.
pub async fn prepare_database(db: &Db, now: DateTime<Utc>) -> Result<(), Error> {
    db.migrate().await?;
    db.act(async |conn| {
        places::load(conn, now).await?;
        certification::load_sets(conn).await?;
        assessment::load_sheets(conn).await
    })
    .await
}

async fn migrate(config: MigrateConfig) -> anyhow::Result<()> {
    telemetry::start(config.log.log_format, &config.log.log);
    let db = open(&config.database)?;
    prepare_database(&db, Clock::system().now()).await.map_err(into_anyhow)?;
    db.close().await;
    Ok(())
}

async fn import_places(config: ImportConfig) -> anyhow::Result<()> {
    telemetry::start(config.log.log_format, &config.log.log);
    let db = open(&config.database)?;
    let now = Clock::system().now();
    let edition = places::Edition { in_force: config.in_force, legal_basis: config.legal_basis };
    let loaded = db.act(async |conn| places::load_from(conn, &config.folder, &edition, now).await).await;
    match loaded.map_err(into_anyhow)? {
        Some(done) => println!("{} communes in force, {} abolished", done.communes, done.abolished),
        None => println!("these lists are loaded already"),
    }
    db.close().await;
    Ok(())
}

async fn jobs(config: JobsConfig) -> anyhow::Result<()> {
    let db = open(&config.database)?;
    let now = Clock::system().now();
    match config.revive {
        Some(id) => {
            let revived = db.act(async |conn| queue::revive(conn, id, now).await).await.map_err(into_anyhow)?;
            anyhow::ensure!(revived, "{id} is no job that was given up");
        }
        None => {
            for letter in db.see(async |conn| queue::dead_letters(conn).await).await.map_err(into_anyhow)? {
                println!("{}", serde_json::to_string(&letter)?);
            }
        }
    }
    db.close().await;
    Ok(())
}

fn print_openapi(admin: bool) -> anyhow::Result<()> {
    let (_, document) = if admin { routes::officers_api() } else { routes::public_api() };
    println!("{}", document.to_pretty_json()?);
    Ok(())
}

/// The error for the person at the terminal, with its causes.
fn into_anyhow(error: Error) -> anyhow::Error {
    match error {
        Error::Fault(fault) => fault,
        Error::Refused(refusal) => anyhow::anyhow!("{refusal:?}"),
    }
}

/// README's table of configuration, out of the structs themselves.
pub fn config_table() -> String {
    use std::fmt::Write as _;
    let mut table = String::from("| variable | meaning | default |\n|---|---|---|\n");
    let command = Cli::command();
    let mut seen = std::collections::BTreeSet::new();
    for name in ["serve", "work", "demo", "simulate"] {
        let Some(sub) = command.find_subcommand(name) else { continue };
        for argument in sub.get_arguments() {
            let Some(variable) = argument.get_env().and_then(|variable| variable.to_str()) else { continue };
            if !seen.insert(variable.to_owned()) {
                continue;
            }
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let default: Vec<_> =
                argument.get_default_values().iter().map(|value| format!("`{}`", value.to_string_lossy())).collect();
            let default = match (default.is_empty(), argument.is_required_set()) {
                (false, _) => default.join(", "),
                (true, true) => "required".to_owned(),
                (true, false) => String::new(),
            };
            // Writing to a `String` cannot fail.
            let _ = writeln!(table, "| `{variable}` | {help} | {default} |");
        }
    }
    table
}
