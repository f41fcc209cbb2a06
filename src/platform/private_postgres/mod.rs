//! A private PostgreSQL from the machine's own binaries: durable for `demo`, throw-away and shared for tests.
//!
//! Nobody else reaches it: there is only a Unix socket, in a folder of mode 0700. Nothing of it outlives us: a child
//! shell, the watchdog (`watchdog.sh`), runs the server and reads a *lifeline*, a pipe that the processes using the
//! cluster hold open. The kernel closes it with the last of them, be it by `kill -9`, and then the watchdog stops
//! the server and, for tests, removes the folder.
//!
//! The watchdog, `initdb` and every process of the server inherit one open, locked file. So whoever gets that lock
//! knows that nothing is at work on the data, and needs no process ids to tell.
//!
//! | | durable | throw-away |
//! |---|---|---|
//! | users | one process, which holds `lock` in the data folder | all processes of this user that say the same name |
//! | lifeline | an anonymous pipe | the FIFO `users`, opened by each of them |
//! | after the last user | fast shutdown at once | stopped after two to four seconds without users, then removed |

mod binaries;
mod databases;
mod place;
mod server;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use anyhow::{Context, Result, bail, ensure};
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use place::Place;
pub use place::default_data_dir;
use server::{Kind, Server, poll};

/// The port only names the socket inside the cluster's own folder.
const PORT: u16 = 5432;

/// A running private cluster; dropping it lets go of the cluster without waiting for its end.
#[derive(Debug)]
pub struct PrivatePostgres {
    sockets: PathBuf,
    lifeline: OwnedFd,
    /// Only of a durable cluster.
    owned: Option<Owned>,
}

#[derive(Debug)]
struct Owned {
    watchdog: Child,
    /// Held until the server has ended, or until we have.
    lock: File,
}

impl PrivatePostgres {
    /// Starts the durable cluster of `data_dir` (`None`: [`default_data_dir`]), which is made if it is not there.
    ///
    /// A previous server that is still stopping is waited for; an interrupted `initdb` is begun anew.
    ///
    /// # Errors
    /// If another process has the cluster open, or there is no fitting PostgreSQL on this machine.
    pub async fn demo(data_dir: Option<&Path>) -> Result<Self> {
        let data_dir = match data_dir {
            Some(chosen) => std::path::absolute(chosen)?,
            None => default_data_dir()?,
        };
        place::make_data_dir(&data_dir)?;
        let ownership = own(&data_dir)?;
        let place = Place::durable(&data_dir)?;
        let lock = poll(&place, || Ok(place.try_lock()?)).await?;
        let (listener, lifeline) = io::pipe()?;
        let mut server = Server::start(&place, Kind::Durable, lock, listener.into())?;
        server.ready(&options(&place.sockets, "postgres")).await?;
        let owned = Owned { watchdog: server.watchdog, lock: ownership };
        Ok(Self { sockets: place.sockets, lifeline: lifeline.into(), owned: Some(owned) })
    }

    /// Enters the throw-away cluster `name` of this user, and starts it if it does not run.
    ///
    /// A checkout's path is a good name: then its test processes share one cluster, and other checkouts do not.
    pub async fn shared_for_tests(name: &str) -> Result<Self> {
        let place = Place::throwaway(name)?;
        let options = options(&place.sockets, "postgres");
        loop {
            let lifeline = match poll(&place, || enter(&place)).await? {
                Entry::First(lock) => {
                    let (users, listener) = open_to_users(&place)?;
                    Server::start(&place, Kind::Throwaway, lock, listener.into())?.ready(&options).await?;
                    users
                }
                Entry::Another(users) if server::others_ready(&place, &options).await? => users,
                // Its starter failed or was killed: perhaps it is our turn now.
                Entry::Another(_) => continue,
            };
            return Ok(Self { sockets: place.sockets, lifeline: lifeline.into(), owned: None });
        }
    }

    /// How to connect to `database`.
    pub fn options(&self, database: &str) -> PgConnectOptions {
        options(&self.sockets, database)
    }

    /// The command line with which a person connects to `database`.
    pub fn psql(&self, database: &str) -> String {
        let folder = self.sockets.display().to_string().replace('\'', r"'\''");
        format!("psql -h '{folder}' -p {PORT} -U postgres -d {database}")
    }

    /// Lets go of the cluster; if it is durable, waits until the server has written everything and ended.
    pub async fn stop(self) -> Result<()> {
        drop(self.lifeline);
        if let Some(Owned { mut watchdog, lock }) = self.owned {
            let status = tokio::task::spawn_blocking(move || watchdog.wait()).await??;
            drop(lock);
            ensure!(status.success(), "PostgreSQL ended with {status}");
        }
        Ok(())
    }
}

fn options(sockets: &Path, database: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(sockets)
        .port(PORT)
        .username("postgres")
        .database(database)
        .ssl_mode(PgSslMode::Disable)
}

/// Makes us the one user of `data_dir`, and leaves our process id for the message to a second one.
fn own(data_dir: &Path) -> Result<File> {
    let path = data_dir.join("lock");
    let opened = place::try_lock(&path).with_context(|| format!("cannot open {}", path.display()))?;
    let Some(mut lock) = opened else {
        let owner = fs::read_to_string(&path).unwrap_or_default();
        bail!("the data in {} are in use: ocop-market already runs, as process {}", data_dir.display(), owner.trim());
    };
    lock.set_len(0)?;
    writeln!(lock, "{}", std::process::id())?;
    Ok(lock)
}

/// How one finds a shared cluster.
enum Entry {
    /// Nothing runs; here is the lock to start it.
    First(File),
    /// It runs or will soon; as long as this is open, it stays.
    Another(File),
}

/// `None` while the cluster is about to start or to stop.
fn enter(place: &Place) -> Result<Option<Entry>> {
    place.make()?;
    let entered = match place.try_lock() {
        Ok(Some(lock)) => Ok(Entry::First(lock)),
        Ok(None) => greet(&place.home.join("users")).map(Entry::Another),
        Err(error) => Err(error),
    };
    match entered {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        entered => Ok(Some(entered?)),
    }
}

/// Opens the FIFO for reading as well, because that never waits; the line tells the watchdog that somebody came.
fn greet(users: &Path) -> io::Result<File> {
    let mut fifo = OpenOptions::new().read(true).write(true).open(users)?;
    fifo.write_all(b"\n")?;
    Ok(fifo)
}

/// Clears away what a crash of the machine has left and opens a new FIFO: our end and the watchdog's.
fn open_to_users(place: &Place) -> Result<(File, File)> {
    for entry in fs::read_dir(&place.home)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else if entry.file_name() != "lock" {
            fs::remove_file(entry.path())?;
        }
    }
    let users = place.home.join("users");
    let made = Command::new("mkfifo").args(["-m", "600"]).arg(&users).status();
    ensure!(made.context("cannot run mkfifo")?.success(), "cannot make {}", users.display());
    let ours = greet(&users)?;
    let watchdogs = File::open(&users)?;
    Ok((ours, watchdogs))
}
