//! The table `authority_orders`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, AuthorityOrderId, CaseId, ListingId};
use crate::market::cases::Decision;
use crate::market::measures::model::{AuthorityOrder, AuthorityOrderKind, AuthorityOrderStatus, Document, Matter};
use crate::market::sellers::Summary;
use crate::people::access::Provinces;
use crate::platform::error::Result;

/// Selects whole orders: the columns, once for all the queries that differ only in what follows them.
macro_rules! select_orders {
    ($rest:tt $($arguments:tt)*) => {
        sqlx::query_as!(
            AuthorityOrder,
            r#"select id as "id: _", kind as "kind: _", status as "status: _", authority, document_number, legal_basis,
                      evidence, received_at, due_at, seller_id as "seller_id: _", province_code,
                      listing_id as "listing_id: _", stop_orders, asked, case_id as "case_id: _",
                      recorded_by as "recorded_by: _", recorded_at, done_at, done_by as "done_by: _", done_words, lifted_at,
                      lifted_by as "lifted_by: _", lifting_document
                 from authority_orders
               "# + $rest
            $($arguments)*
        )
    };
}

/// An order to be written down.
pub struct NewRow<'a> {
    pub id: AuthorityOrderId,
    pub document: &'a Document,
    pub matter: &'a Matter,
    pub shop: &'a Summary,
    pub due_at: DateTime<Utc>,
    pub case: CaseId,
    pub recorded_by: AccountId,
    pub recorded_at: DateTime<Utc>,
}

pub async fn insert(conn: &mut PgConnection, row: &NewRow<'_>) -> Result<()> {
    let (listing, stop_orders, asked) = match row.matter {
        Matter::Takedown { listing, stop_orders } => (Some(*listing), *stop_orders, None),
        Matter::Information { asked } => (None, false, Some(asked)),
    };
    sqlx::query!(
        "insert into authority_orders (id, kind, authority, document_number, legal_basis, evidence, received_at, due_at,
                                       seller_id, province_code, listing_id, stop_orders, asked, case_id, recorded_by,
                                       recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        row.id as _,
        row.matter.kind() as _,
        row.document.authority,
        row.document.number,
        row.document.legal_basis,
        row.document.evidence,
        row.document.received_at,
        row.due_at,
        row.shop.id as _,
        row.shop.province_code,
        listing as _,
        stop_orders,
        asked,
        row.case as _,
        row.recorded_by as _,
        row.recorded_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The order, if it lies in `provinces`.
pub async fn find(
    conn: &mut PgConnection,
    id: AuthorityOrderId,
    provinces: &Provinces,
) -> Result<Option<AuthorityOrder>> {
    let order = select_orders!(
        r#"where id = $1
              and province_code = any($2)"#,
        id as _,
        provinces.codes(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(order)
}

/// The order, if it lies in `provinces`, locked until the transaction ends.
pub async fn lock(
    conn: &mut PgConnection,
    id: AuthorityOrderId,
    provinces: &Provinces,
) -> Result<Option<AuthorityOrder>> {
    let order = select_orders!(
        r#"where id = $1
              and province_code = any($2)
              for update"#,
        id as _,
        provinces.codes(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(order)
}

/// Which orders of a kind.
#[derive(Debug, Clone, Copy)]
pub struct OrderFilter {
    pub kind: AuthorityOrderKind,
    pub status: Option<AuthorityOrderStatus>,
    /// Only open ones that were due by then.
    pub late_at: Option<DateTime<Utc>>,
}

/// Orders of `provinces` recorded before `before`, the newest first.
pub async fn page(
    conn: &mut PgConnection,
    provinces: &Provinces,
    filter: OrderFilter,
    before: Option<AuthorityOrderId>,
    limit: i64,
) -> Result<Vec<AuthorityOrder>> {
    let orders = select_orders!(
        r#"where province_code = any($1)
              and kind = $2
              and ($3::text is null or status = $3)
              and ($4::timestamptz is null or status = 'open' and due_at <= $4)
              and ($5::uuid is null or id < $5)
            order by id desc
            limit $6"#,
        provinces.codes(),
        filter.kind as _,
        filter.status as _,
        filter.late_at,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(orders)
}

pub async fn set_done(conn: &mut PgConnection, id: AuthorityOrderId, decision: &Decision) -> Result<()> {
    sqlx::query!(
        "update authority_orders
            set status = 'done', done_at = $2, done_by = $3, done_words = $4
          where id = $1",
        id as _,
        decision.at,
        decision.by as _,
        decision.words,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn set_refused(conn: &mut PgConnection, id: AuthorityOrderId) -> Result<()> {
    sqlx::query!("update authority_orders set status = 'refused' where id = $1", id as _).execute(conn).await?;
    Ok(())
}

pub async fn set_lifted(
    conn: &mut PgConnection,
    id: AuthorityOrderId,
    document: &str,
    (by, at): (AccountId, DateTime<Utc>),
) -> Result<()> {
    sqlx::query!(
        "update authority_orders
            set status = 'lifted', lifted_at = $2, lifted_by = $3, lifting_document = $4
          where id = $1",
        id as _,
        at,
        by as _,
        document,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether any order that was carried out and not lifted holds the listing.
pub async fn holds(conn: &mut PgConnection, listing: ListingId) -> Result<bool> {
    let holds = sqlx::query_scalar!(
        r#"select exists (
               select 1
                 from authority_orders
                where listing_id = $1
                  and status = 'done') as "holds!""#,
        listing as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(holds)
}

pub async fn listing_to_stop(conn: &mut PgConnection, id: AuthorityOrderId) -> Result<Option<ListingId>> {
    let listing = sqlx::query_scalar!(
        r#"select listing_id as "listing_id: ListingId"
             from authority_orders
            where id = $1
              and status = 'done'
              and stop_orders"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(listing.flatten())
}
