//! The tables `review_reports` and `review_report_reasons`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, ReviewId, ReviewReportId};
use crate::platform::error::Result;
use crate::trade::reviews::model::{Report, ReportReason, ReportStatus};

/// The reasons that may be given on the day.
pub async fn reasons(conn: &mut PgConnection, on: NaiveDate) -> Result<Vec<ReportReason>> {
    let reasons = sqlx::query_as!(
        ReportReason,
        "select code, text_vi, text_en
           from review_report_reasons
          where $1 >= effective_from
            and (effective_to is null or $1 < effective_to)
          order by code",
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(reasons)
}

/// The reasons of these codes, whether or not they may still be given.
pub async fn reasons_of(conn: &mut PgConnection, codes: &[String]) -> Result<Vec<ReportReason>> {
    let reasons = sqlx::query_as!(
        ReportReason,
        "select code, text_vi, text_en from review_report_reasons where code = any($1) order by code",
        codes,
    )
    .fetch_all(conn)
    .await?;
    Ok(reasons)
}

/// What somebody reports.
#[derive(Debug)]
pub struct NewReport<'a> {
    pub id: ReviewReportId,
    pub review: ReviewId,
    pub reporter: AccountId,
    pub reason: &'a str,
    pub words: Option<&'a str>,
    pub from_shop: bool,
}

pub async fn insert(conn: &mut PgConnection, new: &NewReport<'_>, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into review_reports (id, review_id, account_id, reason, words, from_shop, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        new.id as _,
        new.review as _,
        new.reporter as _,
        new.reason,
        new.words,
        new.from_shop,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many reports of the account wait for a decision.
pub async fn count_open(conn: &mut PgConnection, reporter: AccountId) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from review_reports where account_id = $1 and status = 'open'"#,
        reporter as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// Whether a report of the review waits for a decision.
pub async fn is_any_open(conn: &mut PgConnection, review: ReviewId) -> Result<bool> {
    let any = sqlx::query_scalar!(
        r#"select exists (select 1 from review_reports where review_id = $1 and status = 'open') as "exists!""#,
        review as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(any)
}

/// Whether the account ever reported the review.
pub async fn is_by(conn: &mut PgConnection, review: ReviewId, account: AccountId) -> Result<bool> {
    let reported = sqlx::query_scalar!(
        r#"select exists (select 1 from review_reports where review_id = $1 and account_id = $2) as "exists!""#,
        review as _,
        account as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(reported)
}

/// Says of every open report of the review what became of it.
pub async fn close(conn: &mut PgConnection, review: ReviewId, status: ReportStatus) -> Result<()> {
    sqlx::query!(
        "update review_reports
            set status = $2
          where review_id = $1
            and status = 'open'",
        review as _,
        status as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// At most a hundred reports of the review, the latest first: enough to judge it by.
pub async fn latest(conn: &mut PgConnection, review: ReviewId) -> Result<Vec<Report>> {
    let reports = sqlx::query_as!(
        Report,
        r#"select id as "id: ReviewReportId", reason, words, from_shop, status as "status: ReportStatus", created_at
             from review_reports
            where review_id = $1
            order by id desc
            limit 100"#,
        review as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(reports)
}
