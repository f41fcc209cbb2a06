//! Making and dropping databases inside a private cluster.

use std::hash::{BuildHasher, RandomState};

use anyhow::{Context, Result};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection, Error};

use super::PrivatePostgres;
use super::place::fingerprint;

impl PrivatePostgres {
    /// Makes the database `name` with `fill`, unless it is there; answers whether it was made now.
    ///
    /// It appears under its name only when it is complete: a `fill` that was interrupted is begun anew. `fill` must have
    /// closed its connections when it returns.
    pub async fn ensure_database(
        &self,
        name: &str,
        fill: impl AsyncFnOnce(PgConnectOptions) -> Result<()>,
    ) -> Result<bool> {
        let mut conn = self.maintenance().await?;
        let made = !exists(&mut conn, name).await?;
        if made {
            self.make(&mut conn, name, fill).await?;
        }
        conn.close().await?;
        Ok(made)
    }

    /// Makes a database for one test out of a migrated template, and answers its name.
    ///
    /// The template is made once per cluster and `template_version`: the first caller's `migrate` fills it, callers
    /// of other processes wait for it meanwhile. The version must change with whatever `migrate` does; `migrate`
    /// must have closed its connections when it returns.
    pub async fn clone_for_test(
        &self,
        template_version: &str,
        migrate: impl AsyncFnOnce(PgConnectOptions) -> Result<()>,
    ) -> Result<String> {
        let template = format!("template_{:016x}", fingerprint(template_version));
        let mut conn = self.maintenance().await?;
        if !exists(&mut conn, &template).await? {
            let lock = "select pg_advisory_lock(hashtextextended($1, 0))";
            sqlx::query(lock).bind(&template).execute(&mut conn).await?;
            if !exists(&mut conn, &template).await? {
                self.make(&mut conn, &template, migrate).await?;
            }
            let unlock = "select pg_advisory_unlock(hashtextextended($1, 0))";
            sqlx::query(unlock).bind(&template).execute(&mut conn).await?;
        }
        let name = format!("test_{:016x}", RandomState::new().hash_one(()));
        // Two to three times faster here than `wal_log`, and more so when tests run side by side.
        let clone = format!("create database {name} template {template} strategy file_copy");
        execute(&mut conn, clone).await?;
        conn.close().await?;
        Ok(name)
    }

    /// Drops the database `name` if it is there, together with any connections to it.
    pub async fn drop_database(&self, name: &str) -> Result<()> {
        let mut conn = self.maintenance().await?;
        execute(&mut conn, format!("drop database if exists {} with (force)", quoted(name))).await?;
        Ok(conn.close().await?)
    }

    async fn make(
        &self,
        conn: &mut PgConnection,
        name: &str,
        fill: impl AsyncFnOnce(PgConnectOptions) -> Result<()>,
    ) -> Result<()> {
        let unfinished = format!("{name}_unfinished");
        execute(conn, format!("drop database if exists {} with (force)", quoted(&unfinished))).await?;
        execute(conn, format!("create database {}", quoted(&unfinished))).await?;
        fill(self.options(&unfinished)).await.with_context(|| format!("the database {name} was not filled"))?;
        execute(conn, format!("alter database {} rename to {}", quoted(&unfinished), quoted(name))).await?;
        Ok(())
    }

    async fn maintenance(&self) -> Result<PgConnection> {
        Ok(PgConnection::connect_with(&self.options("postgres")).await?)
    }
}

async fn exists(conn: &mut PgConnection, database: &str) -> Result<bool> {
    let query = "select exists (select from pg_database where datname = $1)";
    Ok(sqlx::query_scalar(query).bind(database).fetch_one(conn).await?)
}

/// Runs a statement that takes no parameters; names in it are our own or [`quoted`].
async fn execute(conn: &mut PgConnection, statement: String) -> Result<(), Error> {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(conn).await?;
    Ok(())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
