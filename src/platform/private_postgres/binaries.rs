//! Finding the machine's own `initdb` and `postgres`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

/// The oldest major version the project's SQL is written for.
const OLDEST: u32 = 15;

/// Where packages put the programs when they keep them out of `PATH`; `*` stands for one version.
const PACKAGE_FOLDERS: [&str; 8] = [
    "/usr/lib/postgresql/*/bin",          // Debian, Ubuntu
    "/usr/pgsql-*/bin",                   // Fedora, RHEL: postgresql.org's packages
    "/usr/libexec/postgresql*",           // Alpine
    "/usr/lib/postgresql*/bin",           // openSUSE
    "/opt/homebrew/opt/postgresql@*/bin", // Homebrew on Apple silicon
    "/usr/local/opt/postgresql@*/bin",    // Homebrew on Intel
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/usr/local/pgsql/bin", // built from source
];

const WHAT_TO_INSTALL: &str = "\
Install PostgreSQL 15 or newer (the server does not need to run):
  Debian, Ubuntu   sudo apt install postgresql
  Fedora           sudo dnf install postgresql-server
  macOS            brew install postgresql@17
or use a server you have: DATABASE_URL=postgres://user@host/database ocop-market serve";

/// One installation: the folder that holds `initdb` and `postgres`, and their major version.
#[derive(Debug)]
pub(super) struct Binaries {
    pub folder: PathBuf,
    pub major: u32,
}

impl Binaries {
    /// The installation to use: what `PATH` and `pg_config` name comes first, then the newest package.
    ///
    /// An existing `cluster` can only be opened by the major version that made it.
    ///
    /// # Errors
    /// If no installation fits; the message says what to install.
    pub fn find(cluster: &Path) -> Result<Self> {
        let found = installations();
        let Some(made_by) = made_by(cluster) else {
            return match found.into_iter().find(|candidate| candidate.major >= OLDEST) {
                Some(fit) => Ok(fit),
                None => bail!("No PostgreSQL {OLDEST} or newer found on this machine.\n{WHAT_TO_INSTALL}"),
            };
        };
        match found.into_iter().find(|candidate| candidate.major == made_by) {
            Some(fit) => Ok(fit),
            None => bail!(
                "The data in {} were made by PostgreSQL {made_by}, which is not on this machine.\n\
                 Install that version, or move the folder away to begin with empty data.",
                cluster.display()
            ),
        }
    }
}

/// The major version that made `cluster`; `None` if there is no cluster yet.
fn made_by(cluster: &Path) -> Option<u32> {
    fs::read_to_string(cluster.join("PG_VERSION")).ok()?.trim().parse().ok()
}

/// Every installation on this machine, the preferred one first.
fn installations() -> Vec<Binaries> {
    let path = env::var_os("PATH").unwrap_or_default();
    let named = env::split_paths(&path).chain(pg_config_folder());
    let mut packaged: Vec<_> = PACKAGE_FOLDERS.iter().flat_map(|pattern| expand(pattern)).filter_map(inspect).collect();
    packaged.sort_by_key(|installation| std::cmp::Reverse(installation.major));
    named.filter_map(inspect).chain(packaged).collect()
}

fn pg_config_folder() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
}

/// The folders a pattern with at most one `*` stands for.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let (parent, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path().join(after.trim_start_matches('/')))
        .collect()
}

/// What a folder holds; `None` if it is not an installation. Links are followed to the real folder,
/// because `initdb` looks for `postgres` and its own data files from there.
fn inspect(folder: PathBuf) -> Option<Binaries> {
    let postgres = fs::canonicalize(folder.join("postgres")).ok()?;
    let real = postgres.parent()?;
    let folder = if real.join("initdb").is_file() { real.to_path_buf() } else { folder };
    if !folder.join("initdb").is_file() {
        return None;
    }
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    Some(Binaries { folder, major: major_version(&String::from_utf8(output.stdout).ok()?)? })
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian …)`; development versions say `18devel` or `18beta1`.
fn major_version(answer: &str) -> Option<u32> {
    let version = answer.split_whitespace().nth(2)?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}
