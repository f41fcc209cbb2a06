//! `serve` and `work`: the two roles of production.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::demo::seed_into;
use super::{into_anyhow, open};
use crate::adapters::Adapters;
use crate::app::{App, Parts};
use crate::config::{DatabaseConfig, ListenConfig, LogConfig, ProvidersConfig, Settings, StorageConfig};
use crate::front::shelf::feed::Shelf;
use crate::kernel::Clock;
use crate::market::media;
use crate::people::identity;
use crate::platform::files::Files;
use crate::platform::passwords::Passwords;
use crate::platform::seal::Seal;
use crate::platform::serve::serve as serve_http;
use crate::platform::sheets;
use crate::platform::telemetry;
use crate::{routes, worker};

/// How often a worker looks for due jobs when it found none.
const POLL: Duration = Duration::from_secs(1);

/// Configuration of `serve`.
#[derive(clap::Args)]
pub struct ServeConfig {
    #[command(flatten)]
    database: DatabaseConfig,
    #[command(flatten)]
    storage: StorageConfig,
    #[command(flatten)]
    listen: ListenConfig,
    #[command(flatten)]
    providers: ProvidersConfig,
    #[command(flatten)]
    log: LogConfig,
}

/// Configuration of `work`.
#[derive(clap::Args)]
pub struct WorkConfig {
    #[command(flatten)]
    database: DatabaseConfig,
    #[command(flatten)]
    storage: StorageConfig,
    #[command(flatten)]
    providers: ProvidersConfig,
    #[command(flatten)]
    log: LogConfig,
}

/// Configuration of `seed`.
#[derive(clap::Args)]
pub struct SeedConfig {
    #[command(flatten)]
    database: DatabaseConfig,
    #[command(flatten)]
    storage: StorageConfig,
    #[command(flatten)]
    log: LogConfig,
}

/// The parts of a production process.
pub(super) fn app(
    database: &DatabaseConfig,
    storage: &StorageConfig,
    adapters: Adapters,
    settings: Settings,
) -> anyhow::Result<App> {
    Ok(App::new(Parts {
        db: open(database)?,
        clock: Clock::system(),
        files: Files::folder(&storage.files_dir)?,
        seal: Seal::new(&storage.key.encryption_key)?,
        passwords: Passwords::new(std::thread::available_parallelism()?.get())?,
        pictures: media::workshop(),
        sheets: sheets::readers(),
        adapters,
        settings,
    }))
}

/// Serves until told to stop.
pub async fn serve(config: ServeConfig) -> anyhow::Result<()> {
    telemetry::start(config.log.log_format, &config.log.log);
    let settings = Settings {
        demo: config.listen.demo,
        allowed_origins: config.listen.allowed_origins.clone(),
        trusted_proxies: config.listen.trusted_proxies,
        public_url: config.listen.public_url.clone(),
    };
    let adapters = config.providers.adapters(settings.public_url.as_ref())?;
    let app = app(&config.database, &config.storage, adapters, settings)?;
    refuse_demo_accounts(&app).await?;
    let lag_limit = Duration::from_secs(config.listen.shelf_lag_limit);
    let shelf = Shelf::with_lag_limit(app.db.clone(), app.clock.clone(), lag_limit);
    let stop = stop_signal()?;
    let listener = TcpListener::bind(config.listen.addr).await?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    let fresh = shelf.keep_fresh(stopped(stop.clone()));
    match config.listen.admin_addr {
        None => {
            tokio::join!(serve_http(listener, routes::everything(&app, &shelf), stopped(stop)), fresh);
        }
        Some(address) => {
            let officers = TcpListener::bind(address).await?;
            tracing::info!(address = %officers.local_addr()?, "serving officers");
            tokio::join!(
                serve_http(listener, routes::public_only(&app, &shelf), stopped(stop.clone())),
                serve_http(officers, routes::officers_only(&app), stopped(stop)),
                fresh,
            );
        }
    }
    app.db.close().await;
    Ok(())
}

/// Accounts with a published password are served only by somebody who says so.
async fn refuse_demo_accounts(app: &App) -> anyhow::Result<()> {
    let demo = app.db.see(async |conn| identity::has_demo_accounts(conn).await).await.map_err(into_anyhow)?;
    anyhow::ensure!(
        app.settings.demo || !demo,
        "this database holds the demonstration's accounts, whose password is public; set DEMO=true to serve it"
    );
    Ok(())
}

/// Does jobs until told to stop.
pub async fn work(config: WorkConfig) -> anyhow::Result<()> {
    telemetry::start(config.log.log_format, &config.log.log);
    let settings = Settings { demo: false, allowed_origins: Vec::new(), trusted_proxies: 0, public_url: None };
    let adapters = config.providers.adapters_without_visitors()?;
    let app = app(&config.database, &config.storage, adapters, settings)?;
    work_until(&app, stopped(stop_signal()?)).await;
    app.db.close().await;
    Ok(())
}

/// Fills an empty database; one that has shops stays as it is.
pub async fn seed(config: SeedConfig) -> anyhow::Result<()> {
    telemetry::start(config.log.log_format, &config.log.log);
    let settings = Settings { demo: true, allowed_origins: Vec::new(), trusted_proxies: 0, public_url: None };
    let app = app(&config.database, &config.storage, Adapters::none()?, settings)?;
    if crate::seed::is_empty(&app).await.map_err(into_anyhow)? {
        seed_into(&app).await?;
        let secret = crate::seed::authenticator().to_base32();
        println!(
            "filled; every account's password is `{}`, every officer's authenticator app {secret}",
            crate::seed::PASSWORD
        );
    } else {
        println!("there are shops already: nothing was changed");
    }
    app.db.close().await;
    Ok(())
}

/// Does what is due, again and again, until `stop` is done; a job under way is finished first.
pub(super) async fn work_until(app: &App, stop: impl Future<Output = ()>) {
    let worker = Arc::new(worker::worker());
    let mut stop = std::pin::pin!(stop);
    loop {
        let (app, worker) = (app.clone(), Arc::clone(&worker));
        // In a task of its own: a handler that panics fails its job, not the worker.
        let round = tokio::spawn(async move { worker.run_due(&app, &app.db, &app.clock).await });
        let done = match round.await {
            Ok(Ok(done)) => done,
            Ok(Err(error)) => {
                tracing::error!(?error, "the job queue");
                0
            }
            Err(panic) => {
                tracing::error!(%panic, "a job");
                0
            }
        };
        let pause = if done > 0 { Duration::ZERO } else { POLL };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = &mut stop => break,
        }
    }
}

/// Turns true at Ctrl-C or SIGTERM; listens from now on.
pub(super) fn stop_signal() -> anyhow::Result<watch::Receiver<bool>> {
    let (sender, receiver) = watch::channel(false);
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        sender.send_replace(true);
    });
    Ok(receiver)
}

/// Done once the signal has come.
pub(super) async fn stopped(mut stop: watch::Receiver<bool>) {
    // A sender that is gone can no longer tell us to stop; it only goes after telling.
    let _ = stop.wait_for(|stop| *stop).await;
}
