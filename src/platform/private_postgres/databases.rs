//! Making and dropping databases inside a private cluster.

use std::hash::{BuildHasher, RandomState};

use anyhow::{Context, Result};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection, Error};

use super::PrivatePostgres;
use super::place::fingerprint;

/// SQLSTATE `duplicate_database`.
const DUPLICATE_DATABASE: &str = "42P04";

impl PrivatePostgres {
    /// Creates the database `name` if it is not there; answers whether it was created now.
    pub async fn ensure_database(&self, name: &str) -> Result<bool> {
        let mut conn = self.maintenance().await?;
        let created = match execute(&mut conn, format!("create database {}", quoted(name))).await {
            Ok(()) => true,
            Err(Error::Database(error)) if error.code().as_deref() == Some(DUPLICATE_DATABASE) => false,
            Err(error) => return Err(error.into()),
        };
        conn.close().await?;
        Ok(created)
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
                self.make_template(&mut conn, &template, migrate).await?;
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

    /// The template appears under its name only when it is complete.
    async fn make_template(
        &self,
        conn: &mut PgConnection,
        template: &str,
        migrate: impl AsyncFnOnce(PgConnectOptions) -> Result<()>,
    ) -> Result<()> {
        let unfinished = format!("{template}_unfinished");
        execute(conn, format!("drop database if exists {unfinished} with (force)")).await?;
        execute(conn, format!("create database {unfinished}")).await?;
        migrate(self.options(&unfinished)).await.context("the template database was not migrated")?;
        execute(conn, format!("alter database {unfinished} with allow_connections false")).await?;
        execute(conn, format!("alter database {unfinished} rename to {template}")).await?;
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
