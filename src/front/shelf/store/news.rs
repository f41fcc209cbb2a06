//! The table `shelf_news`.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::kernel::{CertificateId, ListingId, SellerId};
use crate::platform::error::{Error, Result};

/// A row of the table. Rows come into being in another order than they become visible, so an order of rows is no order of
/// time; see `Fresh`.
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
    /// The names of places: everything carries them.
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
    settled: bool,
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

/// What is committed and new.
#[derive(Debug)]
pub struct Fresh {
    /// Older than every transaction under way, in their order, beginning with the row asked for: no row will ever come
    /// into being between them or before them.
    pub settled: Vec<News>,
    /// The youngest of the others. What they say is true already, but rows may yet come into being before them.
    pub unsettled: Vec<News>,
}

/// The rows from `position` on, so many of each sort at most.
pub async fn since(conn: &mut PgConnection, position: Option<Position>, limit: (i64, i64)) -> Result<Fresh> {
    let (tx, id) = position.map_or((0, 0), |position| (position.tx, position.id));
    let rows = sqlx::query_as!(
        Row,
        r#"(select tx::text::bigint as "tx!", id as "id!", at as "at!", kind as "kind!", subject, true as "settled!"
              from shelf_news
             where (tx, id) >= ($1::bigint::text::xid8, $2::bigint)
               and tx < pg_snapshot_xmin(pg_current_snapshot())
             order by shelf_news.tx, id
             limit $3)
            union all
           (select tx::text::bigint, id, at, kind, subject, false
              from shelf_news
             where tx >= pg_snapshot_xmin(pg_current_snapshot())
             order by shelf_news.tx desc, id desc
             limit $4)"#,
        tx,
        id,
        limit.0,
        limit.1,
    )
    .fetch_all(conn)
    .await?;
    let (settled, unsettled): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.settled);
    let news = |rows: Vec<Row>| rows.into_iter().map(News::try_from).collect::<Result<_>>();
    Ok(Fresh { settled: news(settled)?, unsettled: news(unsettled)? })
}

/// The last settled row; none only while a transaction of before the first row is under way.
pub async fn last_settled(conn: &mut PgConnection) -> Result<Option<Position>> {
    let position = sqlx::query_as!(
        Position,
        r#"select tx::text::bigint as "tx!", id, at
             from shelf_news
            where tx < pg_snapshot_xmin(pg_current_snapshot())
            order by shelf_news.tx desc, id desc
            limit 1"#,
    )
    .fetch_optional(conn)
    .await?;
    Ok(position)
}

/// The last row, settled or not.
pub async fn last(conn: &mut PgConnection) -> Result<Option<Position>> {
    let position = sqlx::query_as!(
        Position,
        r#"select tx::text::bigint as "tx!", id, at
             from shelf_news
            order by shelf_news.tx desc, id desc
            limit 1"#,
    )
    .fetch_optional(conn)
    .await?;
    Ok(position)
}

/// Forgets rows older than that by the machine's time, but for the last one: somebody may stand at it.
pub async fn forget(conn: &mut PgConnection, older_than: TimeDelta) -> Result<()> {
    sqlx::query!(
        "delete from shelf_news
          where at < clock_timestamp() - make_interval(secs => $1)
            and (tx, id) < (select tx, id from shelf_news order by tx desc, id desc limit 1)",
        older_than.as_seconds_f64(),
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

impl Subjects {
    pub fn is_empty(&self) -> bool {
        let Self { listings, sellers, certificates, common, places } = self;
        listings.is_empty() && sellers.is_empty() && certificates.is_empty() && !common && !places
    }
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
