//! The road to PostgreSQL: transactions are closures, and a connection can come bound to whose eyes look through it.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use sqlx::{Connection, PgConnection, Postgres, Transaction};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::error::{Error, Result};

/// Connections of one process. Measured on two cores: eight are the peak, 32 cost 20–40 %.
pub const DEFAULT_CONNECTIONS: u32 = 8;

/// How long the background waits for one answer, unless told otherwise: longer than any statement may take. For a server
/// that vanished without a word, TCP alone would wait a quarter of an hour.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// What all the statements of a look see.
const SNAPSHOT: &str = "begin isolation level repeatable read read only";

/// How often a transaction is tried again after a serialization failure or a deadlock.
const RETRIES: u32 = 2;

/// The database.
#[derive(Debug, Clone)]
pub struct Db {
    pool: PgPool,
    committed: Arc<Notify>,
    patience: Duration,
}

impl Db {
    /// Connects lazily, with limits that keep one bad query from taking the others with it.
    pub fn new(options: PgConnectOptions, connections: u32) -> Self {
        let options = options.options([
            ("statement_timeout", "10s"),
            ("lock_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "15s"),
            ("timezone", "UTC"),
            ("jit", "off"),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(5))
            // A ping before each use costs up to 1.4 times; a broken connection shows itself at `begin`.
            .test_before_acquire(false)
            .connect_lazy_with(options);
        Self { pool, committed: Arc::default(), patience: PATIENCE }
    }

    /// The same database, given up after so long [without an answer](Self::within).
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// A look that cannot change anything: one read-only snapshot for all the statements of `work`.
    pub async fn see<T>(&self, work: impl AsyncFnOnce(&mut PgConnection) -> Result<T>) -> Result<T> {
        let mut tx = self.begin(SNAPSHOT).await?;
        let seen = work(&mut tx).await?;
        tx.commit().await?;
        Ok(seen)
    }

    /// A look of one statement, which is its own snapshot: without the two round trips of a transaction around it. Being
    /// a look, it may be asked again where [`see`](Self::see) begins again: on a connection of before a restart. A
    /// connection on which it failed is closed: taken back into the pool, it might be waited for.
    pub async fn glance<T>(&self, work: impl AsyncFnOnce(&mut PgConnection) -> Result<T> + Clone) -> Result<T> {
        let mut left = self.pool.options().get_max_connections();
        loop {
            let mut connection = self.pool.acquire().await?;
            let seen = work.clone()(&mut connection).await;
            let Err(Error::Fault(fault)) = &seen else { return seen };
            connection.close_on_drop();
            if left == 0 || !fault.downcast_ref().is_some_and(is_lost) {
                return seen;
            }
            left -= 1;
        }
    }

    /// Like [`see`](Self::see), for the background, which no request's deadline ends. What `work` asks for, it asks
    /// [`within`](Self::within) a time; it is asked again, and connections are closed, as in [`glance`](Self::glance).
    pub async fn watch<T>(&self, work: impl AsyncFnOnce(&mut PgConnection) -> Result<T> + Clone) -> Result<T> {
        let look = async |conn: &mut PgConnection| {
            let mut tx = self.within(conn.begin_with(SNAPSHOT)).await?;
            let seen = work(&mut tx).await?;
            self.within(tx.commit()).await?;
            Ok(seen)
        };
        self.glance(look).await
    }

    /// The answer of the database, or a fault if none comes in time. The connection is of no use then.
    pub async fn within<T, E: Into<Error>>(&self, answer: impl Future<Output = Result<T, E>>) -> Result<T> {
        match timeout(self.patience, answer).await {
            Ok(answer) => answer.map_err(Into::into),
            Err(_) => Err(Error::fault("the database does not answer")),
        }
    }

    /// A change: `Ok` commits, anything else leaves nothing behind. Serialization failures and deadlocks run `work`
    /// again from a clone, so it can have no effect outside the transaction (what it borrows, it borrows shared).
    pub async fn act<T>(&self, work: impl AsyncFnOnce(&mut PgConnection) -> Result<T> + Clone) -> Result<T> {
        self.change("begin", work).await
    }

    /// Like [`act`](Self::act), for work that finds all it needs by a few keys: a connection plans its statements once.
    ///
    /// PostgreSQL takes a list it does not know for ten long, so that a plan for the very three things of a cart always
    /// looks better, and it plans every list anew: half of what it did for a purchase. Work that searches or takes long
    /// lists needs plans for its own values, and stays with [`act`](Self::act).
    pub async fn act_by_keys<T>(&self, work: impl AsyncFnOnce(&mut PgConnection) -> Result<T> + Clone) -> Result<T> {
        self.change("begin; set local plan_cache_mode = force_generic_plan", work).await
    }

    async fn change<T>(
        &self,
        begin: &'static str,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T> + Clone,
    ) -> Result<T> {
        let mut tries = 0;
        loop {
            let done = self.attempt(begin, work.clone()).await;
            match &done {
                Err(error) if tries < RETRIES && is_transient(error) => tries += 1,
                Err(_) => return done,
                Ok(_) => {
                    self.committed.notify_one();
                    return done;
                }
            }
        }
    }

    async fn attempt<T>(
        &self,
        begin: &'static str,
        work: impl AsyncFnOnce(&mut PgConnection) -> Result<T>,
    ) -> Result<T> {
        let mut tx = self.begin(begin).await?;
        let done = work(&mut tx).await;
        match done {
            Ok(_) => tx.commit().await?,
            // Before anybody hears of it: whoever asks again at once must not meet our locks. A connection that cannot
            // roll back is lost, and its locks with it.
            Err(_) => drop(tx.rollback().await),
        }
        done
    }

    /// Waits for the next change that this process commits; several in a row are one. For one waiter.
    pub async fn committed(&self) {
        self.committed.notified().await;
    }

    /// A connection of its own, beside the pool, that hears what is announced on the channel. Once it is lost it is gone:
    /// whoever listens must catch up on what was said meanwhile, and connect again.
    pub async fn listen(&self, channel: &str) -> Result<PgListener> {
        let own = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy_with(self.pool.connect_options().as_ref().clone());
        let mut listener = PgListener::connect_with(&own).await?;
        listener.ignore_pool_close_event(true);
        listener.eager_reconnect(false);
        self.within(listener.listen(channel)).await?;
        Ok(listener)
    }

    /// Waits until something is announced. A server that vanished without a word announces nothing: every now and then
    /// it is asked whether it is still there.
    ///
    /// # Errors
    /// A fault once the connection is lost.
    pub async fn hear(&self, listener: &mut PgListener) -> Result<()> {
        loop {
            match timeout(self.patience, listener.try_recv()).await {
                Ok(heard) => {
                    return heard?.map(drop).ok_or_else(|| Error::fault("the server has closed the connection"));
                }
                Err(_) => {
                    self.within(sqlx::query("select 1").execute(&mut *listener)).await?;
                }
            }
        }
    }

    /// Says on a channel that there is something to look at, in no transaction: inside one, it would cost a third of the
    /// order rate.
    pub async fn announce(&self, channel: &str) -> Result<()> {
        self.glance(async |conn| {
            self.within(sqlx::query("select pg_notify($1, '')").bind(channel).execute(conn)).await.map(drop)
        })
        .await
    }

    /// Begins on a living connection. Those of before a restart of the database are found out here, one by one, and
    /// replaced; a query that was under way is never sent twice.
    async fn begin(&self, statement: &'static str) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
        let mut left = self.pool.options().get_max_connections();
        loop {
            match self.pool.begin_with(statement).await {
                Err(error) if left > 0 && is_lost(&error) => left -= 1,
                begun => return begun,
            }
        }
    }

    /// Runs the migrations embedded in the binary.
    pub async fn migrate(&self) -> Result<()> {
        let mut connection = self.pool.acquire().await?;
        // Migrations of a filled table may take longer than a request may.
        sqlx::query("set statement_timeout = 0").execute(&mut *connection).await?;
        sqlx::migrate!().run(&mut *connection).await?;
        connection.close().await?;
        Ok(())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        let mut connection = self.pool.acquire().await?;
        connection.ping().await?;
        Ok(())
    }

    /// Waits for running work and closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Whether the connection is gone: closed by the server, or ended by an administrator or a restart (57P01).
fn is_lost(error: &sqlx::Error) -> bool {
    let ended = error.as_database_error().is_some_and(|database| database.code().as_deref() == Some("57P01"));
    ended || matches!(error, sqlx::Error::Io(_))
}

fn is_transient(error: &Error) -> bool {
    error.sqlstate().is_some_and(|code| code == "40001" || code == "40P01")
}

/// A connection that comes only together with its filter.
///
/// Made by the extractors of `people::access` alone. [`Scoped::split`] hands out both, and an unused filter does not
/// compile (`unused_variables = "deny"`), so a query that forgets whose rows it may touch is a compile error.
pub struct Scoped<'c, W> {
    conn: &'c mut PgConnection,
    whose: W,
}

impl<'c, W> Scoped<'c, W> {
    /// Binds a connection to a filter.
    pub fn new(conn: &'c mut PgConnection, whose: W) -> Self {
        Self { conn, whose }
    }

    /// The connection and the filter its queries must apply.
    pub fn split(&mut self) -> (&mut PgConnection, &W) {
        (self.conn, &self.whose)
    }
}
