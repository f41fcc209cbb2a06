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
use super::simulate;
use super::{into_anyhow, prepare_database};
use crate::adapters::{Adapters, Http};
use crate::app::{App, Parts};
use crate::config::{PublicUrl, Settings};
use crate::front::shelf::feed::Shelf;
use crate::kernel::Clock;
use crate::market::media;
use crate::platform::db::{DEFAULT_CONNECTIONS, Db};
use crate::platform::files::Files;
use crate::platform::passwords::Passwords;
use crate::platform::private_postgres::{PrivatePostgres, default_data_dir};
use crate::platform::seal::Seal;
use crate::platform::serve::serve;
use crate::platform::sheets;
use crate::platform::telemetry::{self, LogFormat};
use crate::simulator::Simulator;
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
    let served = Box::pin(run_on(&postgres, &data_dir, &config, stop)).await;
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
    let (api, providers) = bind_both(config.addr).await?;
    let (api_url, providers_url) = (url_of(&api)?, url_of(&providers)?);
    let adapters = simulate::demo_adapters(&providers_url)?;
    let app = build(postgres.options(DATABASE), data_dir, (adapters, Some(&api_url)))?;
    let simulator = Simulator::new(simulate::demo_contracts(&api_url), Clock::system(), Http::new()?);
    prepare_database(&app.db, app.clock.now()).await.map_err(into_anyhow).with_context(|| {
        format!(
            "the database in {} cannot be brought up to date; if it is of another version, move that folder away to begin anew",
            data_dir.display()
        )
    })?;
    let shelf = Shelf::new(app.db.clone(), app.clock.clone());
    // Before anybody is told where to look.
    shelf.catch_up().await.map_err(into_anyhow)?;
    greet((&api_url, &providers_url), postgres)?;
    tokio::join!(
        serve(api, routes::everything(&app, &shelf), stopped(stop.clone())),
        shelf.keep_fresh(stopped(stop.clone())),
        simulator.serve(providers, stopped(stop.clone())),
        work_until(&app, stopped(stop)),
    );
    app.db.close().await;
    Ok(())
}

/// Fills a new database with the demonstration.
async fn fill(options: PgConnectOptions, data_dir: &Path) -> anyhow::Result<()> {
    let app = build(options, data_dir, (Adapters::none()?, None))?;
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

fn build(
    options: PgConnectOptions,
    data_dir: &Path,
    (adapters, public_url): (Adapters, Option<&PublicUrl>),
) -> anyhow::Result<App> {
    let public_url = public_url.cloned();
    Ok(App::new(Parts {
        db: Db::new(options, DEFAULT_CONNECTIONS),
        clock: Clock::system(),
        files: Files::folder(&data_dir.join("files"))?,
        seal: Seal::new(&encryption_key(&data_dir.join("encryption_key"))?)?,
        passwords: Passwords::new(std::thread::available_parallelism()?.get())?,
        pictures: media::workshop(),
        sheets: sheets::readers(),
        adapters,
        settings: Settings { demo: true, allowed_origins: Vec::new(), trusted_proxies: 0, public_url },
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

/// The API's listener, and beside it that of the simulated providers.
async fn bind_both(wanted: SocketAddr) -> anyhow::Result<(TcpListener, TcpListener)> {
    let api = bind(wanted).await?;
    let mut beside = api.local_addr()?;
    beside.set_port(if wanted.port() == 0 { 0 } else { beside.port().saturating_add(1) });
    Ok((api, bind(beside).await?))
}

fn url_of(listener: &TcpListener) -> anyhow::Result<PublicUrl> {
    format!("http://{}", listener.local_addr()?).parse().map_err(anyhow::Error::msg)
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

fn greet((api, providers): (&PublicUrl, &PublicUrl), postgres: &PrivatePostgres) -> anyhow::Result<()> {
    let (api, providers) = (api.of(""), providers.of(""));
    let (password, operator) = (seed::PASSWORD, seed::OPERATOR);
    let (reviewer, supervisor) = (seed::reviewer_of("lai-chau"), seed::supervisor_of("lai-chau"));
    let (cooperative, buyer) = (seed::COOPERATIVE, seed::BUYER);
    let secret = seed::authenticator().to_base32();
    println!(
        "
ocop-market, filled with demonstration data, on {api}

  documentation  {api}/docs/
  providers      {providers}  (VNPay, MoMo, GHN, a bank and payouts, simulated: press their buttons)
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
    curl -s '{api}/v1/listings?province=lai-chau&stars_min=3&limit=3'
    curl -s '{api}/v1/listings?q=che+shan+tuyet&facets=province,stars'
    curl -s '{api}/v1/places?q=ben+tre'
    curl -s -X POST '{api}/v1/sessions' -H 'content-type: application/json' -d '{{\"contact\": \"{buyer}\", \"password\": \"{password}\"}}'

Ctrl-C stops everything.",
        database = postgres.psql(DATABASE),
    );
    std::io::stdout().flush()?;
    Ok(())
}
