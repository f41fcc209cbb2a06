//! A PostgreSQL of the benchmark's own with one database, and what else the program needs.

use std::path::Path;

use anyhow::anyhow;
use ocop_market::platform::error::Error;
use ocop_market::platform::private_postgres::PrivatePostgres;
use ocop_market::platform::seal::Seal;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use tempfile::TempDir;

const DATABASE: &str = "bench";

/// A filled database whose commits reach the disk, a folder, a key.
pub struct Home {
    postgres: PrivatePostgres,
    folder: TempDir,
    key: SecretString,
}

/// An error of the program as one of the benchmark.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub fn fault(error: Error) -> anyhow::Error {
    anyhow!("{error:?}")
}

impl Home {
    /// Makes it; `fill` must have closed its connections when it returns.
    pub async fn open(fill: impl AsyncFnOnce(PgConnectOptions, &Seal) -> anyhow::Result<()>) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("ocop-bench").tempdir_in("/var/tmp")?;
        let postgres = PrivatePostgres::demo(Some(&folder.path().join("data"))).await?;
        let key = Seal::generate_key()?;
        let seal = Seal::new(&key)?;
        postgres.ensure_database(DATABASE, async |options| fill(options, &seal).await).await?;
        Ok(Self { postgres, folder, key })
    }

    /// Where the program finds its database.
    pub fn url(&self) -> String {
        self.options().to_url_lossy().to_string()
    }

    /// The same for ourselves.
    pub fn options(&self) -> PgConnectOptions {
        self.postgres.options(DATABASE)
    }

    /// Where pgbench finds it: without what only our driver knows.
    pub fn libpq_url(&self) -> String {
        let url = self.url();
        let Some((base, query)) = url.split_once('?') else { return url };
        let known = |pair: &&str| pair.starts_with("host=") || pair.starts_with("port=");
        format!("{base}?{}", query.split('&').filter(known).collect::<Vec<_>>().join("&"))
    }

    /// Where the program keeps its files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The program's key.
    pub fn key(&self) -> &str {
        self.key.expose_secret()
    }

    /// A connection beside the program's.
    pub async fn connect(&self) -> anyhow::Result<PgConnection> {
        Ok(self.options().connect().await?)
    }

    /// Runs statements.
    pub async fn run(&self, statements: String) -> anyhow::Result<()> {
        let mut conn = self.connect().await?;
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut conn).await?;
        Ok(conn.close().await?)
    }

    /// Stops PostgreSQL and removes everything.
    pub async fn close(self) -> anyhow::Result<()> {
        self.postgres.stop().await
    }
}
