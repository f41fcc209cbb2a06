//! `demo`: a private PostgreSQL, migrated and filled once, then served and worked in one process.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::TimeDelta;
use clap::{Args as _, FromArgMatches as _};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::PgConnectOptions;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::run::{stop_signal, stopped, work_until};
use super::{into_anyhow, prepare_database};
use crate::adapters::{Adapters, BankNotices};
use crate::app::{App, Parts};
use crate::config::Settings;
use crate::kernel::Clock;
use crate::market::media;
use crate::platform::db::{DEFAULT_CONNECTIONS, Db};
use crate::platform::files::Files;
use crate::platform::passwords::Passwords;
use crate::platform::private_postgres::{PrivatePostgres, default_data_dir};
use crate::platform::seal::Seal;
use crate::platform::serve::serve;
use crate::platform::telemetry::{self, LogFormat};
use crate::{routes, seed};

const DATABASE: &str = "ocop_market";

/// Configuration of `demo`.
#[derive(clap::Args)]
pub struct DemoConfig {
    /// Address of the API; if it is taken, the next free port
    #[arg(long, env = "DEMO_ADDR", default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
    /// Folder of the demonstration's data; without it, a folder in your home, or under /var/tmp for root
    #[arg(long, env = "DEMO_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// `json` for machines, `text` for people
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
    /// Filter, such as `info,ocop_market=debug`
    #[arg(long, env = "LOG", default_value = "warn,ocop_market::people::notify=info")]
    log: String,
}

impl DemoConfig {
    /// What `demo` without any flag would be.
    pub fn from_environment() -> anyhow::Result<Self> {
        let matches = Self::augment_args(clap::Command::new("demo")).try_get_matches_from(["demo"])?;
        Ok(Self::from_arg_matches(&matches)?)
    }
}

/// How long ago the story of the demonstration begins.
const STORY: TimeDelta = TimeDelta::days(21);

/// Runs the demonstration until Ctrl-C.
pub async fn run(config: DemoConfig) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    let data_dir = config.data_dir.clone().map_or_else(default_data_dir, Ok)?;
    let postgres = PrivatePostgres::demo(Some(&data_dir)).await?;
    let served = run_on(&postgres, &data_dir, &config, stop).await;
    postgres.stop().await?;
    served
}

async fn run_on(
    postgres: &PrivatePostgres,
    data_dir: &Path,
    config: &DemoConfig,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let fill = async |options| {
        println!("Filling the marketplace, once …");
        fill(options, data_dir).await
    };
    postgres.ensure_database(DATABASE, fill).await?;
    // Only now: the messages of the story would only be noise.
    telemetry::start(config.log_format, &config.log);
    let app = build(postgres.options(DATABASE), data_dir, Clock::system())?;
    prepare_database(&app.db, app.clock.now()).await.map_err(into_anyhow)?;
    let listener = bind(config.addr).await?;
    greet(&listener, postgres)?;
    tokio::join!(serve(listener, routes::everything(&app), stopped(stop.clone())), work_until(&app, stopped(stop)),);
    app.db.close().await;
    Ok(())
}

/// Fills a new database with the demonstration.
async fn fill(options: PgConnectOptions, data_dir: &Path) -> anyhow::Result<()> {
    let app = build(options, data_dir, Clock::system())?;
    prepare_database(&app.db, app.clock.now()).await.map_err(into_anyhow)?;
    seed_into(&app).await?;
    app.db.close().await;
    Ok(())
}

/// Fills the app's prepared database; the story is told on a clock that begins in the past.
pub(super) async fn seed_into(app: &App) -> anyhow::Result<()> {
    let past = app.with_clock(Clock::manual(app.clock.now() - STORY));
    seed::fill(&past).await.map_err(into_anyhow)
}

fn build(options: PgConnectOptions, data_dir: &Path, clock: Clock) -> anyhow::Result<App> {
    Ok(App::new(Parts {
        db: Db::new(options, DEFAULT_CONNECTIONS),
        clock,
        files: Files::folder(&data_dir.join("files"))?,
        seal: Seal::new(&encryption_key(&data_dir.join("encryption_key"))?)?,
        passwords: Passwords::new(std::thread::available_parallelism()?.get())?,
        pictures: media::workshop(),
        // Nobody but this process knows the key.
        adapters: Adapters { bank_notices: Some(BankNotices::new(&Seal::generate_key()?, None)?), ..Adapters::none()? },
        settings: Settings { demo: true, allowed_origins: Vec::new(), trusted_proxies: 0, public_url: None },
    }))
}

/// The key beside the demonstration's data, made at the first start.
fn encryption_key(path: &Path) -> anyhow::Result<SecretString> {
    let opened = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match opened {
        Ok(mut file) => {
            let key = Seal::generate_key()?;
            file.write_all(key.expose_secret().as_bytes())?;
            Ok(key)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(fs::read_to_string(path)?.into()),
        Err(error) => Err(error).with_context(|| format!("cannot write {}", path.display())),
    }
}

/// The wanted address, or the same with the next free port.
async fn bind(wanted: SocketAddr) -> anyhow::Result<TcpListener> {
    const TRIES: u16 = 20;
    for offset in 0..TRIES {
        let mut address = wanted;
        address.set_port(wanted.port().saturating_add(offset));
        match TcpListener::bind(address).await {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse => println!("{address} is taken, trying the next port"),
            Err(error) => return Err(error).with_context(|| format!("cannot listen on {address}")),
        }
    }
    anyhow::bail!("no free port from {wanted} on")
}

fn greet(listener: &TcpListener, postgres: &PrivatePostgres) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    let (password, operator) = (seed::PASSWORD, seed::OPERATOR);
    let (reviewer, supervisor) = (seed::reviewer_of("lai-chau"), seed::supervisor_of("lai-chau"));
    let (cooperative, buyer) = (seed::COOPERATIVE, seed::BUYER);
    let secret = seed::authenticator().to_base32();
    println!(
        "
ocop-market, filled with demonstration data, on http://{address}

  documentation  http://{address}/docs/
  database       {database}

  sign in as     (password of all: {password})
    buyer        {buyer}
    cooperative  {cooperative}
    reviewer     {reviewer}     (Sở Công Thương Lai Châu; one for each province)
    supervisor   {supervisor}
    operator     {operator}
  officers also need a code of an authenticator app, of all: {secret}; or print it:
    ocop-market officer code {reviewer}

  try
    curl -s 'http://{address}/v1/listings?province=lai-chau&stars_min=3&limit=3'
    curl -s 'http://{address}/v1/listings?q=che+shan+tuyet&facets=province,stars'
    curl -s 'http://{address}/v1/places?q=ben+tre'
    curl -s -X POST 'http://{address}/v1/sessions' -H 'content-type: application/json' -d '{{\"contact\": \"{buyer}\", \"password\": \"{password}\"}}'

Ctrl-C stops everything.",
        database = postgres.psql(DATABASE),
    );
    std::io::stdout().flush()?;
    Ok(())
}
