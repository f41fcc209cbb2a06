//! Where a cluster lives on disk, whose it is there, and the locks that say who is at work.

use std::env;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// The longest path of a socket that every system takes: macOS has room for 104 bytes with the final NUL.
const LONGEST_SOCKET_PATH: usize = 103;

/// Room that makes a memory file system worth using for throw-away data, in KiB.
const ROOM_IN_MEMORY: u64 = 1024 * 1024;

/// A user of this machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    pub uid: u32,
    pub gid: u32,
}

/// The folder of one cluster: only its account may enter.
#[derive(Debug)]
pub(super) struct Place {
    /// Holds `lock`, `log`, `cluster` and, if the path is short enough, the socket.
    pub home: PathBuf,
    /// The folder of the socket.
    pub sockets: PathBuf,
    /// Our effective user id.
    us: u32,
    /// Whom PostgreSQL, which refuses root, runs as; `None` if it can simply run as us.
    pub run_as: Option<Account>,
}

impl Place {
    /// The durable cluster of `data_dir`. An existing one keeps its owner.
    pub fn durable(data_dir: &Path) -> Result<Self> {
        let home = data_dir.join("postgres");
        let us = our_uid()?;
        let run_as = match fs::metadata(&home) {
            Ok(existing) if us == 0 && existing.uid() != 0 => {
                Some(Account { uid: existing.uid(), gid: existing.gid() })
            }
            _ if us == 0 => Some(unprivileged_account()?),
            _ => None,
        };
        let mut sockets = home.clone();
        if is_too_long_for_sockets(&home) {
            sockets = PathBuf::from(format!("/tmp/ocop-market-{us}-{:016x}", fingerprint(&home)));
            private_folder(&sockets, us, run_as)?;
        }
        let place = Self { home, sockets, us, run_as };
        place.make()?;
        Ok(place)
    }

    /// The throw-away cluster `name` of this user; its folder comes with [`Place::make`].
    pub fn throwaway(name: &str) -> Result<Self> {
        let us = our_uid()?;
        let run_as = if us == 0 { Some(unprivileged_account()?) } else { None };
        let home = throwaway_home(us, &format!("ocop-tests-{us}-{:016x}", fingerprint(name)));
        Ok(Self { sockets: home.clone(), home, us, run_as })
    }

    /// Makes sure that the folder is there and is nobody else's.
    pub fn make(&self) -> Result<()> {
        private_folder(&self.home, self.us, self.run_as)
    }

    /// The data directory in the sense of PostgreSQL.
    pub fn cluster(&self) -> PathBuf {
        self.home.join("cluster")
    }

    /// The lock that the watchdog and every process of the server hold; `None` while one of them lives.
    pub fn try_lock(&self) -> io::Result<Option<File>> {
        try_lock(&self.home.join("lock"))
    }
}

/// Where `demo` keeps its data unless told otherwise; made if it is not there.
///
/// root: `/var/lib/ocop-market`, because a home of mode 0700 is closed to the user PostgreSQL runs as; others:
/// `$XDG_DATA_HOME/ocop-market` or `~/.local/share/ocop-market`; without a usable home a folder in `/var/tmp`.
pub fn default_data_dir() -> Result<PathBuf> {
    let us = our_uid()?;
    let preferred = if us == 0 { Some(PathBuf::from("/var/lib")) } else { data_home() };
    if let Some(preferred) = preferred.map(|parent| parent.join("ocop-market")) {
        match make_data_dir(&preferred) {
            Ok(()) => return Ok(preferred),
            Err(error) => tracing::info!(folder = %preferred.display(), %error, "not usable for data"),
        }
    }
    let last_resort = PathBuf::from(format!("/var/tmp/ocop-market-{us}"));
    private_folder(&last_resort, us, None)?;
    if us == 0 {
        fs::set_permissions(&last_resort, Permissions::from_mode(0o755))?;
    }
    Ok(last_resort)
}

/// The user's folder for data, as the XDG Base Directory Specification has it: relative paths do not count.
fn data_home() -> Option<PathBuf> {
    let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_DATA_HOME").or_else(|| Some(absolute("HOME")?.join(".local/share")))
}

/// Makes `data_dir` if it is not there; everybody may pass through it, whatever root's umask says.
pub(super) fn make_data_dir(data_dir: &Path) -> Result<()> {
    if data_dir.is_dir() {
        return Ok(());
    }
    let made = fs::create_dir_all(data_dir).and_then(|()| fs::set_permissions(data_dir, Permissions::from_mode(0o755)));
    made.with_context(|| format!("cannot make the folder {}", data_dir.display()))
}

/// The fastest place for data that nobody keeps: memory if there is room, else the disk.
fn throwaway_home(us: u32, folder: &str) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let in_memory = memory.join(folder);
    if in_memory.is_dir() || free_room(memory).is_some_and(|room| room >= ROOM_IN_MEMORY) {
        return in_memory;
    }
    let on_disk = env::temp_dir().join(folder);
    // root's own folder for temporary files may be closed to the user PostgreSQL runs as.
    if us == 0 || is_too_long_for_sockets(&on_disk) { Path::new("/tmp").join(folder) } else { on_disk }
}

/// Free KiB of the file system of `folder`, if it is there and everybody may write.
fn free_room(folder: &Path) -> Option<u64> {
    let mode = fs::metadata(folder).ok()?.mode();
    if mode & 0o1777 != 0o1777 {
        return None;
    }
    let output = Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

/// Makes `folder` for `run_as`, or us, alone; refuses one that somebody else has put there before.
fn private_folder(folder: &Path, us: u32, run_as: Option<Account>) -> Result<()> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(error).with_context(|| format!("cannot make the folder {}", folder.display()));
        }
        _ => {}
    }
    let found = match fs::symlink_metadata(folder) {
        // Somebody who was about to remove it just did.
        Err(error) if error.kind() == ErrorKind::NotFound => return private_folder(folder, us, run_as),
        found => found?,
    };
    ensure!(found.is_dir(), "{} is not a folder", folder.display());
    let owner = run_as.map_or(us, |account| account.uid);
    match run_as {
        Some(account) if found.uid() == us => chown(folder, Some(account.uid), Some(account.gid))?,
        _ => ensure!(found.uid() == owner, "{} belongs to user {}, not to user {owner}", folder.display(), found.uid()),
    }
    Ok(())
}

/// An exclusive lock on the file `path`, made if need be; `None` while another process has it.
pub(super) fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // A file that was moved away while we waited for it protects nothing any more.
    let (ours, current) = (file.metadata()?, fs::metadata(path)?);
    Ok(((ours.dev(), ours.ino()) == (current.dev(), current.ino())).then_some(file))
}

/// The effective user id of this process.
fn our_uid() -> Result<u32> {
    let output = Command::new("id").arg("-u").output().context("cannot run `id -u`")?;
    String::from_utf8(output.stdout)?.trim().parse().context("`id -u` gave no number")
}

/// The user PostgreSQL runs as when we are root.
fn unprivileged_account() -> Result<Account> {
    let passwd = fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    for name in ["postgres", "_postgres", "nobody"] {
        if let Some(account) = passwd.lines().find_map(|line| account_named(name, line)) {
            return Ok(account);
        }
    }
    bail!("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody")
}

/// Reads `name:password:uid:gid:…`; macOS writes the ids of `nobody` as -2.
fn account_named(name: &str, line: &str) -> Option<Account> {
    let fields: Vec<_> = line.split(':').collect();
    let [found, _, uid, gid, ..] = fields[..] else { return None };
    let id = |text: &str| text.parse().or_else(|_| text.parse().map(i32::cast_unsigned)).ok();
    (found == name).then_some(Account { uid: id(uid)?, gid: id(gid)? })
}

fn is_too_long_for_sockets(folder: &Path) -> bool {
    folder.join(format!(".s.PGSQL.{}", super::PORT)).as_os_str().len() > LONGEST_SOCKET_PATH
}

/// A number for names that would be too long or hold unfit characters.
pub(super) fn fingerprint(text: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
