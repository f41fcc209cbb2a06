//! Starting a server under its watchdog, and waiting until it answers.

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection, Error};

use super::binaries::Binaries;
use super::place::Place;

/// How long a server may take until it answers; recovery after a power cut is the slow case.
const PATIENCE: Duration = Duration::from_mins(2);

/// Pause between two looks at something that tells nobody when it changes: a socket, a lock.
const PAUSE: Duration = Duration::from_millis(20);

/// SQLSTATE `cannot_connect_now`: the server starts, recovers or stops.
const CANNOT_CONNECT_NOW: &str = "57P03";

/// What becomes of the data when the last user has gone.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Durable,
    Throwaway,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Durable => "durable",
            Self::Throwaway => "throwaway",
        }
    }

    /// Settings beyond PostgreSQL's own defaults, which are durable.
    const fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Durable => &[],
            Self::Throwaway => &[
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "wal_level=minimal",
                "max_wal_senders=0",
                "autovacuum=off",
                "max_connections=200",
                "shared_buffers=64MB",
            ],
        }
    }
}

/// A server that was started here.
pub(super) struct Server {
    /// The shell that runs the server; it ends after it.
    pub watchdog: Child,
    log: File,
}

impl Server {
    /// Starts the server of `place`, which lives until the writing end of `lifeline` is closed.
    ///
    /// The watchdog and the server take over `lock`, so that it is free again exactly when the last of their
    /// processes has ended.
    pub fn start(place: &Place, kind: Kind, lock: File, lifeline: Stdio) -> Result<Self> {
        let binaries = Binaries::find(&place.cluster())?;
        let log = new_log(&place.home.join("log"))?;
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", include_str!("watchdog.sh"), "postgres-watchdog", kind.name()])
            .args([&place.home, &place.sockets, &binaries.folder])
            .args(settings(kind, &place.sockets).iter().flat_map(|setting| ["-c", setting]))
            .current_dir(&place.home)
            // A Ctrl-C in our terminal is for us alone: the server goes after we have let go of it.
            .process_group(0)
            .stdin(lifeline)
            .stdout(lock)
            .stderr(log.try_clone()?)
            .env("LC_ALL", "C");
        for (name, _) in env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PG")) {
            command.env_remove(name);
        }
        if let Some(account) = place.run_as {
            command.uid(account.uid).gid(account.gid);
        }
        let watchdog = command.spawn().with_context(|| match place.run_as {
            Some(account) => format!(
                "cannot start PostgreSQL as user {}, who must be able to reach {}",
                account.uid,
                place.home.display()
            ),
            None => "cannot start PostgreSQL".to_owned(),
        })?;
        tracing::debug!(home = %place.home.display(), version = binaries.major, "starting PostgreSQL");
        Ok(Self { watchdog, log })
    }

    /// Waits until the server answers.
    ///
    /// # Errors
    /// With the log if the server could not start.
    pub async fn ready(&mut self, options: &PgConnectOptions) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !answers(options).await? {
            if let Some(status) = self.watchdog.try_wait()? {
                bail!("PostgreSQL did not start ({status}):\n{}", self.read_log()?);
            }
            ensure!(Instant::now() < deadline, "PostgreSQL does not answer:\n{}", self.read_log()?);
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    fn read_log(&mut self) -> io::Result<String> {
        let mut text = String::new();
        self.log.rewind()?;
        self.log.read_to_string(&mut text)?;
        Ok(text)
    }
}

/// Waits until the server that another process has started answers; `false` if it is gone instead.
pub(super) async fn others_ready(place: &Place, options: &PgConnectOptions) -> Result<bool> {
    let deadline = Instant::now() + PATIENCE;
    while !answers(options).await? {
        match place.try_lock() {
            Ok(None) => {}
            Ok(Some(_)) => return Ok(false),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        ensure!(Instant::now() < deadline, "no answer from PostgreSQL in {}", place.home.display());
        tokio::time::sleep(PAUSE).await;
    }
    Ok(true)
}

/// Looks again and again until there is something to see: the end of a server that is still stopping.
pub(super) async fn poll<T>(place: &Place, look: impl Fn() -> Result<Option<T>>) -> Result<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(seen) = look()? {
            return Ok(seen);
        }
        ensure!(
            Instant::now() < deadline,
            "a previous PostgreSQL does not end; stop it yourself: pg_ctl stop -D {}",
            place.cluster().display()
        );
        tokio::time::sleep(PAUSE).await;
    }
}

async fn answers(options: &PgConnectOptions) -> Result<bool> {
    match PgConnection::connect_with(options).await {
        Ok(connection) => {
            connection.close().await?;
            Ok(true)
        }
        Err(Error::Io(error)) if error.kind() != ErrorKind::PermissionDenied => Ok(false),
        Err(Error::Database(error)) if error.code().as_deref() == Some(CANNOT_CONNECT_NOW) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The server's settings. They are arguments, not a file, so that old data get the settings of today.
fn settings(kind: Kind, sockets: &Path) -> Vec<String> {
    // A list for PostgreSQL, in which quotes protect commas and blanks.
    let folder = sockets.display().to_string().replace('"', "\"\"");
    let mut settings = vec![
        "listen_addresses=".to_owned(),
        format!("unix_socket_directories=\"{folder}\""),
        "unix_socket_permissions=0700".to_owned(),
        format!("port={}", super::PORT),
        "jit=off".to_owned(),
        "timezone=UTC".to_owned(),
        "log_timezone=UTC".to_owned(),
    ];
    settings.extend(kind.settings().iter().map(|&setting| setting.to_owned()));
    settings
}

/// An empty log. A new file instead of the old one emptied: nobody can have made it a link to another file.
fn new_log(path: &Path) -> Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    Ok(OpenOptions::new().read(true).append(true).create_new(true).open(path)?)
}
