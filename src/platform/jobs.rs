//! Work to do later, as rows written in the transaction that causes it.
//!
//! A small queue of our own: the libraries that can enqueue inside our transaction take "now" from the database,
//! while due times here follow the app's clock, which tests advance. Claiming a job moves its `run_at` past a lease, so
//! a worker that dies gives the job back by itself; hence **every handler bears running twice**, re-reads the state and
//! never trusts the payload beyond an id. Failures back off and end as dead letters ([`dead_letters`]).

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;

use super::db::Db;
use super::error::{Error, Result};
use crate::kernel::clock::start_of_day;
use crate::kernel::{Clock, JobId};

/// How long a claimed job belongs to its worker.
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// After so many failures a job is a dead letter.
const MAX_ATTEMPTS: i32 = 10;
/// Jobs claimed at a time.
const BATCH: i64 = 16;
/// How the keys of rounds begin.
const ROUND: &str = "round:";

/// A kind of later work; the struct is its payload.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Stable name, as stored in the row.
    const KIND: &'static str;

    /// Writes the job, to run at `run_at` or soon after.
    fn enqueue(&self, conn: &mut PgConnection, run_at: DateTime<Utc>) -> impl Future<Output = Result<()>> + Send {
        async move { insert(conn, Self::KIND, &serde_json::to_value(self)?, run_at).await }
    }

    /// Writes the jobs, in one statement however many they are.
    fn enqueue_all(
        jobs: &[Self],
        conn: &mut PgConnection,
        run_at: DateTime<Utc>,
    ) -> impl Future<Output = Result<()>> + Send {
        async move {
            let payloads: Vec<serde_json::Value> = jobs.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
            if payloads.is_empty() { Ok(()) } else { insert_all(conn, Self::KIND, &payloads, run_at).await }
        }
    }
}

async fn insert_all(
    conn: &mut PgConnection,
    kind: &str,
    payloads: &[serde_json::Value],
    run_at: DateTime<Utc>,
) -> Result<()> {
    let ids: Vec<JobId> = payloads.iter().map(|_| JobId::new(run_at)).collect();
    sqlx::query!(
        "insert into jobs (id, kind, payload, run_at)
         select id, $1, payload, $2
           from unnest($3::uuid[], $4::jsonb[]) as job (id, payload)",
        kind,
        run_at,
        &ids as _,
        payloads,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn insert(conn: &mut PgConnection, kind: &str, payload: &serde_json::Value, run_at: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into jobs (id, kind, payload, run_at) values ($1, $2, $3, $4)",
        JobId::new(run_at) as _,
        kind,
        payload,
        run_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The next run of a job that recurs; of one key there is one.
struct Recurring {
    kind: &'static str,
    run_at: DateTime<Utc>,
    key: String,
}

/// Writes down those whose next run is not, in one statement however many they are.
async fn insert_missing(conn: &mut PgConnection, recurring: &[Recurring]) -> Result<()> {
    let ids: Vec<JobId> = recurring.iter().map(|job| JobId::new(job.run_at)).collect();
    let kinds: Vec<String> = recurring.iter().map(|job| job.kind.to_owned()).collect();
    let times: Vec<DateTime<Utc>> = recurring.iter().map(|job| job.run_at).collect();
    let keys: Vec<String> = recurring.iter().map(|job| job.key.clone()).collect();
    sqlx::query!(
        "insert into jobs (id, kind, payload, run_at, key)
         select id, kind, '{}'::jsonb, run_at, key
           from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[]) as job (id, kind, run_at, key)
         on conflict (key) do nothing",
        &ids as _,
        &kinds,
        &times,
        &keys,
    )
    .execute(conn)
    .await?;
    Ok(())
}

type Handler<S> = Box<dyn for<'a> Fn(&'a S, serde_json::Value) -> Work<'a> + Send + Sync>;
type Work<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// Who listens to which kind. Generic over the app, so that the platform stays below it.
pub struct Worker<S> {
    handlers: BTreeMap<&'static str, Handler<S>>,
    daily: Vec<(&'static str, u32)>,
    rounds: Vec<(&'static str, TimeDelta)>,
}

impl<S: Send + Sync + 'static> Default for Worker<S> {
    fn default() -> Self {
        Self { handlers: BTreeMap::new(), daily: Vec::new(), rounds: Vec::new() }
    }
}

struct Claimed {
    id: JobId,
    kind: String,
    payload: serde_json::Value,
    attempts: i32,
}

impl<S: Send + Sync + 'static> Worker<S> {
    /// Lets `handler` do the jobs of kind `J`.
    #[must_use]
    pub fn on<J: Job>(mut self, handler: impl for<'a> Listener<'a, S, J>) -> Self {
        let run: Handler<S> = Box::new(move |state, payload| {
            let job = serde_json::from_value::<J>(payload);
            match job {
                Ok(job) => Box::pin(handler.hear(state, job)),
                Err(fault) => Box::pin(std::future::ready(Err(Error::from(fault)))),
            }
        });
        self.handlers.insert(J::KIND, run);
        self
    }

    /// Also runs the job `J`, with its default payload, every day at `hour` in Viet Nam.
    #[must_use]
    pub fn daily<J: Job + Default>(mut self, hour: u32, handler: impl for<'a> Listener<'a, S, J>) -> Self {
        self.daily.push((J::KIND, hour));
        self.on::<J>(handler)
    }

    /// Also runs the job `J`, with its default payload, again and again, so long after each time: a round that looks
    /// for work and does what earlier rounds have missed.
    #[must_use]
    pub fn every<J: Job + Default>(mut self, pause: TimeDelta, handler: impl for<'a> Listener<'a, S, J>) -> Self {
        self.rounds.push((J::KIND, pause));
        self.on::<J>(handler)
    }

    /// Runs what is due, one batch. Returns how many jobs were tried.
    pub async fn run_due(&self, state: &S, db: &Db, clock: &Clock) -> Result<usize> {
        self.plan(db, clock).await?;
        let now = clock.now();
        let kinds: Vec<String> = self.handlers.keys().map(|kind| (*kind).to_owned()).collect();
        let batch = db.act(async |conn| claim(conn, &kinds, now).await).await?;
        for job in &batch {
            self.run(state, db, clock, job).await?;
        }
        Ok(batch.len())
    }

    async fn run(&self, state: &S, db: &Db, clock: &Clock, job: &Claimed) -> Result<()> {
        let Some(handler) = self.handlers.get(job.kind.as_str()) else { return Ok(()) };
        match handler(state, job.payload.clone()).await {
            Ok(()) => db.act(async |conn| finish(conn, job.id).await).await,
            Err(error) => {
                let why = match error {
                    Error::Fault(fault) => format!("{fault:#}"),
                    Error::Refused(refusal) => format!("{refusal:?}"),
                };
                tracing::error!(job = %job.id, kind = job.kind, attempts = job.attempts, error = why, "job failed");
                let next = clock.now() + TimeDelta::seconds(10 << job.attempts.min(12));
                let dead = job.attempts >= MAX_ATTEMPTS;
                db.act(async |conn| postpone(conn, job.id, next, &why, dead).await).await
            }
        }
    }

    /// Makes sure that the next run of every recurring job is written down.
    async fn plan(&self, db: &Db, clock: &Clock) -> Result<()> {
        let now = clock.now();
        let daily = self.daily.iter().map(|&(kind, hour)| {
            let today = start_of_day(clock.today()) + TimeDelta::hours(i64::from(hour));
            let run_at = if today > now { today } else { today + TimeDelta::days(1) };
            Recurring { kind, run_at, key: format!("daily:{kind}") }
        });
        let rounds = self.rounds.iter().map(|&(kind, pause)| {
            let key = format!("{ROUND}{kind}");
            Recurring { kind, run_at: now + pause, key }
        });
        let recurring: Vec<Recurring> = daily.chain(rounds).collect();
        db.act(async |conn| insert_missing(conn, &recurring).await).await
    }
}

/// An async function `(&S, J) -> Result<()>`; a trait because a plain `Fn` bound cannot name its borrowed future.
pub trait Listener<'a, S: 'a, J>: Send + Sync + 'static {
    /// Does the job.
    fn hear(&self, state: &'a S, job: J) -> impl Future<Output = Result<()>> + Send + 'a;
}

impl<'a, S: 'a, J, F, Fut> Listener<'a, S, J> for F
where
    F: Fn(&'a S, J) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<()>> + Send + 'a,
{
    fn hear(&self, state: &'a S, job: J) -> impl Future<Output = Result<()>> + Send + 'a {
        self(state, job)
    }
}

async fn claim(conn: &mut PgConnection, kinds: &[String], now: DateTime<Utc>) -> Result<Vec<Claimed>> {
    // Tried so often and never heard of again: its worker died with it each time.
    sqlx::query!(
        "update jobs
            set died_at = $1,
                key = null,
                last_error = coalesce(last_error, 'no worker came back from it')
          where died_at is null
            and run_at <= $1
            and attempts >= $2",
        now,
        MAX_ATTEMPTS,
    )
    .execute(&mut *conn)
    .await?;
    let claimed = sqlx::query_as!(
        Claimed,
        r#"update jobs
              set run_at = $2,
                  attempts = attempts + 1
            where id in (
                  select id
                    from jobs
                   where run_at <= $1
                     and died_at is null
                     and kind = any($3)
                   order by run_at, id
                   limit $4
                     for update skip locked)
        returning id as "id: JobId", kind, payload, attempts"#,
        now,
        now + LEASE,
        kinds,
        BATCH,
    )
    .fetch_all(conn)
    .await?;
    Ok(claimed)
}

async fn finish(conn: &mut PgConnection, id: JobId) -> Result<()> {
    sqlx::query!("delete from jobs where id = $1", id as _).execute(conn).await?;
    Ok(())
}

async fn postpone(conn: &mut PgConnection, id: JobId, next: DateTime<Utc>, why: &str, dead: bool) -> Result<()> {
    sqlx::query!(
        "update jobs
            set run_at = $2,
                last_error = $3,
                died_at = case when $4 then $2::timestamptz end,
                -- A dead letter must not keep the next job of its kind from being planned.
                key = case when $4 then null else key end
          where id = $1",
        id as _,
        next,
        why,
        dead,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts of the queue, for operators and for tests that must not leave work behind.
#[derive(Debug, PartialEq, Eq)]
pub struct Backlog {
    /// Due and not dead. Rounds do not count: they are due every so often, whether there is work or not.
    pub due: i64,
    /// Given up after `MAX_ATTEMPTS`.
    pub dead: i64,
}

/// How much work waits at `now`.
pub async fn backlog(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<Backlog> {
    let backlog = sqlx::query_as!(
        Backlog,
        r#"select count(*) filter (where died_at is null
                                     and run_at <= $1
                                     and not starts_with(coalesce(key, ''), $2)) as "due!",
                  count(*) filter (where died_at is not null) as "dead!"
             from jobs"#,
        now,
        ROUND,
    )
    .fetch_one(conn)
    .await?;
    Ok(backlog)
}

/// A job that was given up.
#[derive(Debug, Serialize)]
pub struct DeadLetter {
    /// The job.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// Why its last attempt failed.
    pub last_error: Option<String>,
    /// When it was given up.
    pub died_at: Option<DateTime<Utc>>,
}

/// The jobs that were given up, oldest first.
pub async fn dead_letters(conn: &mut PgConnection) -> Result<Vec<DeadLetter>> {
    let letters = sqlx::query_as!(
        DeadLetter,
        r#"select id as "id: JobId", kind, last_error, died_at
             from jobs
            where died_at is not null
            order by died_at
            limit 100"#,
    )
    .fetch_all(conn)
    .await?;
    Ok(letters)
}

/// Lets a dead letter be tried anew; `false` if there is no such one.
pub async fn revive(conn: &mut PgConnection, id: JobId, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update jobs
            set died_at = null,
                attempts = 0,
                run_at = $2
          where id = $1
            and died_at is not null",
        id as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
