//! The tables `complaints` and `complaint_kinds`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Complaint, ComplaintStatus, Kind, Target, TargetKind};
use crate::kernel::{AccountId, ComplaintId, ListingId, MediaId, OrderId, SellerId};
use crate::market::cases::{self, Reason};
use crate::market::media::evidence;
use crate::platform::db::Scoped;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};

/// Selects whole complaints: the columns, once for all the queries that differ only in what follows them.
macro_rules! select_complaints {
    ($rest:tt $($arguments:tt)*) => {
        sqlx::query_as!(
            Complaint,
            r#"select complaints.id as "id: ComplaintId", account_id as "account: AccountId",
                      display_name as complainant, kind, text_vi as kind_vi, text_en as kind_en,
                      seller_id as "seller_id: SellerId", seller_name,
                      listing_id as "listing_id: ListingId", order_id as "order_id: OrderId", about, words,
                      status as "status: ComplaintStatus", opened_at, due_at, answer_due_at, answer, answered_at,
                      result, reason_codes, complaints.closed_at
                 from complaints
                 join complaint_kinds on code = kind
                 join accounts on accounts.id = account_id
               "# + $rest
            $($arguments)*
        )
    };
}

/// What can be complained about on the day.
pub async fn kinds(conn: &mut PgConnection, on: NaiveDate) -> Result<Vec<Kind>> {
    let kinds = sqlx::query_as!(
        Kind,
        r#"select code, text_vi, text_en, targets as "targets: Vec<TargetKind>"
             from complaint_kinds
            where $1 >= effective_from
              and (effective_to is null or $1 < effective_to)
            order by position, code"#,
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(kinds)
}

/// How many complaints of the account are open.
pub async fn count_open(conn: &mut PgConnection, account: AccountId) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from complaints where account_id = $1 and status = 'open'"#,
        account as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// A complaint to be written down.
#[derive(Debug)]
pub struct NewComplaint<'a> {
    pub id: ComplaintId,
    pub account: AccountId,
    pub kind: &'a str,
    pub target: &'a Target,
    pub seller_name: &'a str,
    pub words: &'a str,
    pub due_at: DateTime<Utc>,
    pub answer_due_at: DateTime<Utc>,
}

pub async fn insert(conn: &mut PgConnection, new: &NewComplaint<'_>, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into complaints (id, account_id, kind, seller_id, seller_name, listing_id, order_id, about, words,
                                 opened_at, due_at, answer_due_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        new.id as _,
        new.account as _,
        new.kind,
        new.target.seller as _,
        new.seller_name,
        new.target.listing as _,
        new.target.order as _,
        new.target.about.as_deref().unwrap_or(new.seller_name),
        new.words,
        now,
        new.due_at,
        new.answer_due_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Proof that the caller may know of the complaint: made only by [`of_account`] and [`of_shop`], and by its case.
#[derive(Debug, Clone, Copy)]
pub struct Reached(ComplaintId);

impl Reached {
    /// A case reaches the complaint it was opened about; the officer's provinces are still to be looked at.
    pub const fn by_case(complaint: ComplaintId) -> Self {
        Self(complaint)
    }
}

/// The account's own complaint.
pub async fn of_account(conn: &mut PgConnection, account: AccountId, id: ComplaintId) -> Result<Reached> {
    let found = sqlx::query_scalar!(
        r#"select id as "id: ComplaintId" from complaints where id = $1 and account_id = $2"#,
        id as _,
        account as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(Reached(found.or_refuse(&NOT_FOUND)?))
}

/// A complaint that concerns the shop.
pub async fn of_shop(conn: &mut PgConnection, seller: SellerId, id: ComplaintId) -> Result<Reached> {
    let found = sqlx::query_scalar!(
        r#"select id as "id: ComplaintId" from complaints where id = $1 and seller_id = $2"#,
        id as _,
        seller as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(Reached(found.or_refuse(&NOT_FOUND)?))
}

/// The complaint, locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, reached: Reached) -> Result<Complaint> {
    sqlx::query!("select id from complaints where id = $1 for no key update", reached.0 as _)
        .fetch_one(&mut *conn)
        .await?;
    find(conn, reached).await
}

pub async fn find(conn: &mut PgConnection, reached: Reached) -> Result<Complaint> {
    let complaint = select_complaints!(r#"where complaints.id = $1"#, reached.0 as _,).fetch_one(conn).await?;
    Ok(complaint)
}

/// The account's complaints, newest first, and what stands around them.
pub async fn page_of_account(
    scope: &mut Scoped<'_, AccountId>,
    status: Option<ComplaintStatus>,
    before: Option<ComplaintId>,
    limit: i64,
) -> Result<(Vec<Complaint>, Around)> {
    let (conn, account) = scope.split();
    let complaints = select_complaints!(
        r#"where account_id = $1
              and ($2::text is null or status = $2)
              and ($3::uuid is null or complaints.id < $3)
            order by complaints.id desc
            limit $4"#,
        *account as _,
        status as _,
        before as _,
        limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    let around = around(conn, &complaints).await?;
    Ok((complaints, around))
}

/// The complaints that concern the shop, newest first, and what stands around them.
pub async fn page_of_shop(
    scope: &mut Scoped<'_, SellerId>,
    status: Option<ComplaintStatus>,
    before: Option<ComplaintId>,
    limit: i64,
) -> Result<(Vec<Complaint>, Around)> {
    let (conn, seller) = scope.split();
    let complaints = select_complaints!(
        r#"where seller_id = $1
              and ($2::text is null or status = $2)
              and ($3::uuid is null or complaints.id < $3)
            order by complaints.id desc
            limit $4"#,
        *seller as _,
        status as _,
        before as _,
        limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    let around = around(conn, &complaints).await?;
    Ok((complaints, around))
}

/// What stands around complaints: the reasons their results give, the pictures attached to them.
#[derive(Debug, Default)]
pub struct Around {
    pub reasons: Vec<Reason>,
    pub photos: Vec<(Uuid, MediaId)>,
}

/// What stands around these complaints.
pub async fn around(conn: &mut PgConnection, complaints: &[Complaint]) -> Result<Around> {
    let codes: Vec<String> = complaints.iter().flat_map(|complaint| complaint.reason_codes.clone()).collect();
    let subjects: Vec<Uuid> = complaints.iter().map(|complaint| complaint.id.as_uuid()).collect();
    let reasons = cases::reasons_of(conn, &codes).await?;
    Ok(Around { reasons, photos: evidence::attached(conn, &subjects).await? })
}

/// Sets the shop's answer, replacing an earlier one; answers whether the complaint is still open.
pub async fn set_answer(
    conn: &mut PgConnection,
    reached: Reached,
    answer: &str,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "update complaints
            set answer = $2,
                answered_by = $3,
                answered_at = $4
          where id = $1
            and status = 'open'",
        reached.0 as _,
        answer,
        by as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How an open complaint ends.
#[derive(Debug)]
pub struct End<'a> {
    pub status: ComplaintStatus,
    pub result: Option<&'a str>,
    pub reason_codes: &'a [String],
    pub at: DateTime<Utc>,
}

/// Ends a complaint whose case was closed in the same transaction; answers whether it was still open.
pub async fn close(conn: &mut PgConnection, reached: Reached, end: &End<'_>) -> Result<bool> {
    let done = sqlx::query!(
        "update complaints
            set status = $2,
                result = $3,
                reason_codes = $4,
                closed_at = $5
          where id = $1
            and status = 'open'",
        reached.0 as _,
        end.status as _,
        end.result,
        end.reason_codes,
        end.at,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
