//! The table `shelf_news`.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::kernel::{CertificateId, ListingId, SellerId};
use crate::platform::error::{Error, Result};

/// A row of the table. Rows come into being in another order than they become visible, so an order of rows is no order of
/// time; see `Seen`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The transaction that wrote it.
    pub tx: i64,
    /// Its number.
    pub id: i64,
    /// When, by the machine. Tells it from the row that has its numbers after a backup was restored.
    pub at: DateTime<Utc>,
}

/// What is to be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Listing(ListingId),
    Seller(SellerId),
    Certificate(CertificateId),
    /// What holds for all.
    Common,
    /// What everything carries: names of places, groups of sets.
    Places,
}

/// A row with what it says.
#[derive(Debug, Clone, Copy)]
pub struct News {
    pub position: Position,
    pub subject: Subject,
}

struct Row {
    tx: i64,
    id: i64,
    at: DateTime<Utc>,
    kind: String,
    subject: Option<Uuid>,
}

impl TryFrom<Row> for News {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let subject = match (row.kind.as_str(), row.subject) {
            ("listing", Some(id)) => Subject::Listing(id.into()),
            ("seller", Some(id)) => Subject::Seller(id.into()),
            ("certificate", Some(id)) => Subject::Certificate(id.into()),
            ("common", None) => Subject::Common,
            ("places", None) => Subject::Places,
            (kind, _) => return Err(Error::fault(format!("news of the kind {kind}"))),
        };
        Ok(Self { position: Position { tx: row.tx, id: row.id, at: row.at }, subject })
    }
}

/// Which rows somebody has seen: all up to the last one that was committed, but for those of transactions under way then.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Whose rows: the cluster and its timeline. A restored backup, or a standby that took over, goes on in a history of
    /// its own, and may lack any transaction that was not yet there.
    pub history: String,
    /// The last row.
    pub last: Option<Position>,
    /// Transactions older than the last row's that had not ended. Once they have, their rows are new.
    pub under_way: Vec<i64>,
}

impl Seen {
    /// Whether the row is among them.
    pub fn has(&self, position: Position) -> bool {
        self.last.is_some_and(|last| position.tx <= last.tx) && !self.under_way.contains(&position.tx)
    }
}

/// What a look finds.
#[derive(Debug)]
pub struct Look {
    /// What is seen by it.
    pub seen: Seen,
    /// Whether there is anything that had not been seen before.
    pub news: bool,
    /// Whether the last row seen before is still there.
    there: bool,
}

impl Look {
    /// Whether what was seen before still holds.
    pub fn continues(&self, before: &Seen) -> bool {
        self.there && self.seen.history == before.history
    }
}

/// Looks, by one statement. A transaction the server has yet to begin wrote its rows in another cluster, from which they
/// were restored: they are no news.
pub async fn look(conn: &mut PgConnection, before: &Seen) -> Result<Look> {
    let row = sqlx::query!(
        r#"select (select system_identifier::text from pg_control_system())
                      || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) as "history!",
                  last.tx::text::bigint as "tx?", last.id as "id?", last.at as "at?",
                  array(select tx::text::bigint from pg_snapshot_xip(snapshot) as tx where tx < last.tx) as "under_way!",
                  exists (select from shelf_news
                           where tx > $1::bigint::text::xid8 and tx < pg_snapshot_xmax(snapshot))
                      or exists (select from shelf_news where tx = any($2::bigint[]::text[]::xid8[])) as "news!",
                  $3::bigint is null
                      or exists (select from shelf_news
                                  where tx = $1::bigint::text::xid8 and id = $3 and at = $4) as "there!"
             from pg_current_snapshot() as snapshot
             left join lateral (select tx, id, at
                                  from shelf_news
                                 where tx < pg_snapshot_xmax(snapshot)
                                 order by tx desc, id desc
                                 limit 1) as last on true"#,
        before.last.map_or(0, |last| last.tx),
        &before.under_way,
        before.last.map(|last| last.id),
        before.last.map(|last| last.at),
    )
    .fetch_one(conn)
    .await?;
    let last = row.tx.zip(row.id).zip(row.at).map(|((tx, id), at)| Position { tx, id, at });
    let seen = Seen { history: row.history, last, under_way: row.under_way };
    Ok(Look { seen, news: row.news, there: row.there })
}

/// The rows that had not been seen before, by transaction and number; so many at most, of those behind `after`.
pub async fn fresh(conn: &mut PgConnection, before: &Seen, after: Option<Position>, limit: i64) -> Result<Vec<News>> {
    let (tx, id) = after.map_or((0, 0), |after| (after.tx, after.id));
    let rows = sqlx::query_as!(
        Row,
        r#"(select tx::text::bigint as "tx!", id as "id!", at as "at!", kind as "kind!", subject
              from shelf_news
             where tx = any($2::bigint[]::text[]::xid8[])
               and (tx, id) > ($3::bigint::text::xid8, $4::bigint)
             order by shelf_news.tx, id
             limit $5)
            union all
           (select tx::text::bigint, id, at, kind, subject
              from shelf_news
             where tx > $1::bigint::text::xid8
               and tx < pg_snapshot_xmax(pg_current_snapshot())
               and (tx, id) > ($3::bigint::text::xid8, $4::bigint)
             order by shelf_news.tx, id
             limit $5)
            order by 1, 2
            limit $5"#,
        before.last.map_or(0, |last| last.tx),
        &before.under_way,
        tx,
        id,
        limit,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(News::try_from).collect()
}

/// The last row.
pub async fn last(conn: &mut PgConnection) -> Result<Option<Position>> {
    let position = sqlx::query_as!(
        Position,
        r#"select tx::text::bigint as "tx!", id, at
             from shelf_news
            where tx < pg_snapshot_xmax(pg_current_snapshot())
            order by shelf_news.tx desc, id desc
            limit 1"#,
    )
    .fetch_optional(conn)
    .await?;
    Ok(position)
}

/// Forgets so many rows at most that are older than that by the machine's time, but for the last one: somebody may stand
/// at it. Answers how many.
pub async fn forget(conn: &mut PgConnection, older_than: TimeDelta, limit: u32) -> Result<u64> {
    let deleted = sqlx::query!(
        "delete from shelf_news
          where (tx, id) in (select tx, id
                               from shelf_news
                              where at < clock_timestamp() - make_interval(secs => $1)
                                and (tx, id) < (select tx, id from shelf_news order by tx desc, id desc limit 1)
                              order by tx, id
                              limit $2)",
        older_than.as_seconds_f64(),
        i64::from(limit),
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected())
}

/// Forgets rows of transactions this server has yet to begin: they were restored from another one, and would come up as
/// news one day. In their place comes one of today, for somebody to stand at.
pub async fn forget_restored(conn: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        "with restored as (
            delete from shelf_news where tx >= pg_snapshot_xmax(pg_current_snapshot()) returning id)
         insert into shelf_news (kind)
         select 'common' from restored limit 1",
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Subjects by kind, each once.
#[derive(Debug, Default)]
pub struct Subjects {
    pub listings: BTreeSet<ListingId>,
    pub sellers: BTreeSet<SellerId>,
    pub certificates: BTreeSet<CertificateId>,
    pub common: bool,
    pub places: bool,
}

impl Extend<Subject> for Subjects {
    fn extend<I: IntoIterator<Item = Subject>>(&mut self, subjects: I) {
        for subject in subjects {
            match subject {
                Subject::Listing(id) => drop(self.listings.insert(id)),
                Subject::Seller(id) => drop(self.sellers.insert(id)),
                Subject::Certificate(id) => drop(self.certificates.insert(id)),
                Subject::Common => self.common = true,
                Subject::Places => self.places = true,
            }
        }
    }
}
