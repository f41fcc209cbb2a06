//! The tables `cases`, `case_notes` and `verdict_reasons`.

/// Selects whole cases: the columns, once for all the queries that differ only in what follows them.
macro_rules! select_cases {
    ($rest:tt $($arguments:tt)*) => {
        sqlx::query_as!(
            Case,
            r#"select id as "id: CaseId", kind as "kind: _", subject_id, matter_id,
                      seller_id as "seller_id: SellerId",
                      province_code, commune_code, legacy_province_code, title, status as "status: _",
                      opened_at, due_at, verdict as "verdict: _", reason_codes, words,
                      decided_by as "decided_by: _", decided_at, appeal_until, national,
                      leased_by as "leased_by: _", leased_until
                 from cases
               "# + $rest
            $($arguments)*
        )
    };
}

mod inbox;
mod notes;
mod queue;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

pub use inbox::*;
pub use notes::*;
pub use queue::*;

use super::model::{Case, CaseKind, Decision, NewCase, Reason};
use crate::kernel::text::fold;
use crate::kernel::{AccountId, CaseId, SellerId};
use crate::people::access::Provinces;
use crate::platform::error::Result;

/// Writes the case down about `matter`.
pub async fn insert(
    conn: &mut PgConnection,
    id: CaseId,
    case: &NewCase,
    matter: Uuid,
    now: DateTime<Utc>,
    due_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into cases (id, kind, subject_id, matter_id, seller_id, province_code, commune_code,
                            legacy_province_code, title, search_text, opened_by, opened_at, due_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        id as _,
        case.kind as _,
        case.subject,
        matter,
        case.seller as _,
        case.province_code,
        case.commune_code,
        case.legacy_province_code,
        case.title,
        fold(&case.title),
        case.opened_by as _,
        now,
        due_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether there was an open case to withdraw.
pub async fn withdraw(conn: &mut PgConnection, kind: CaseKind, subject: Uuid) -> Result<bool> {
    let done = sqlx::query!(
        "update cases
            set status = 'withdrawn', leased_by = null, leased_until = null
          where kind = $1
            and subject_id = $2
            and status = 'open'",
        kind as _,
        subject,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether the case was open and now has its verdict.
pub async fn decide(conn: &mut PgConnection, id: CaseId, decision: &Decision) -> Result<bool> {
    let done = sqlx::query!(
        "update cases
            set status = 'decided', verdict = $2, reason_codes = $3, words = $4, decided_by = $5, decided_at = $6,
                leased_by = null, leased_until = null
          where id = $1
            and status = 'open'",
        id as _,
        decision.verdict as _,
        &decision.reason_codes,
        decision.words,
        decision.by as _,
        decision.at,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn kind_of(conn: &mut PgConnection, id: CaseId) -> Result<CaseKind> {
    let kind = sqlx::query_scalar!(r#"select kind as "kind: CaseKind" from cases where id = $1"#, id as _)
        .fetch_one(conn)
        .await?;
    Ok(kind)
}

pub async fn set_appeal_until(conn: &mut PgConnection, id: CaseId, until: Option<DateTime<Utc>>) -> Result<()> {
    sqlx::query!("update cases set appeal_until = $2 where id = $1", id as _, until).execute(conn).await?;
    Ok(())
}

/// A reversal stands for the decision it reversed.
pub async fn last_decision(conn: &mut PgConnection, kind: CaseKind, subject: Uuid) -> Result<Option<Decision>> {
    let decision = sqlx::query_as!(
        Decision,
        r#"select verdict as "verdict!: _", reason_codes, words, decided_by as "by!: _", decided_at as "at!"
             from cases
            where matter_id = $2
              and (kind = $1 or (kind = 'appeal' and verdict = 'approve'))
              and status = 'decided'
            order by decided_at desc, id desc
            limit 1"#,
        kind as _,
        subject,
    )
    .fetch_optional(conn)
    .await?;
    Ok(decision)
}

pub async fn find(conn: &mut PgConnection, provinces: &Provinces, id: CaseId) -> Result<Option<Case>> {
    let case = select_cases!("where id = $1 and province_code = any($2)", id as _, provinces.codes())
        .fetch_optional(conn)
        .await?;
    Ok(case)
}

pub async fn lock(conn: &mut PgConnection, provinces: &Provinces, id: CaseId) -> Result<Option<Case>> {
    let case = select_cases!("where id = $1 and province_code = any($2) for update", id as _, provinces.codes())
        .fetch_optional(conn)
        .await?;
    Ok(case)
}

/// The case whoever asks: what a job was told of, or another case leads to.
pub async fn lock_any(conn: &mut PgConnection, id: CaseId) -> Result<Option<Case>> {
    Ok(select_cases!("where id = $1 for update", id as _).fetch_optional(conn).await?)
}

pub async fn find_any(conn: &mut PgConnection, id: CaseId) -> Result<Option<Case>> {
    Ok(select_cases!("where id = $1", id as _).fetch_optional(conn).await?)
}

/// The appeal against the case.
pub async fn appeal_against(conn: &mut PgConnection, id: CaseId) -> Result<Option<Case>> {
    Ok(select_cases!("where subject_id = $1 and kind = 'appeal'", id as _).fetch_optional(conn).await?)
}

/// The other cases about the matter, oldest first: at most a hundred.
pub async fn others_about(conn: &mut PgConnection, matter: Uuid, except: CaseId) -> Result<Vec<Case>> {
    let cases =
        select_cases!("where matter_id = $1 and id <> $2 order by opened_at, id limit 100", matter, except as _)
            .fetch_all(conn)
            .await?;
    Ok(cases)
}

/// Whether an appeal about the matter waits.
pub async fn appeal_waits(conn: &mut PgConnection, matter: Uuid) -> Result<bool> {
    let waits = sqlx::query_scalar!(
        r#"select exists (
                  select 1
                    from cases
                   where matter_id = $1
                     and kind = 'appeal'
                     and status = 'open') as "waits!""#,
        matter,
    )
    .fetch_one(conn)
    .await?;
    Ok(waits)
}

/// The open appeals that may still be decided on in their provinces, oldest first.
pub async fn provincial_appeals(conn: &mut PgConnection) -> Result<Vec<CaseId>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: CaseId"
             from cases
            where kind = 'appeal'
              and status = 'open'
              and not national
            order by opened_at"#,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

pub async fn set_national(conn: &mut PgConnection, id: CaseId) -> Result<()> {
    sqlx::query!("update cases set national = true where id = $1", id as _).execute(conn).await?;
    Ok(())
}

pub async fn set_lease(conn: &mut PgConnection, id: CaseId, lease: Option<(AccountId, DateTime<Utc>)>) -> Result<()> {
    sqlx::query!(
        "update cases
            set leased_by = $2, leased_until = $3
          where id = $1",
        id as _,
        lease.map(|(by, _)| by) as _,
        lease.map(|(_, until)| until),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether nobody was told before that the case is late.
pub async fn set_late_told(conn: &mut PgConnection, id: CaseId, now: DateTime<Utc>) -> Result<bool> {
    let done = sqlx::query!(
        "update cases
            set late_told_at = $2
          where id = $1
            and late_told_at is null",
        id as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn concern(conn: &mut PgConnection, provinces: &Provinces, seller: SellerId) -> Result<bool> {
    let concern = sqlx::query_scalar!(
        r#"select exists (
                  select 1
                    from cases
                   where seller_id = $1
                     and province_code = any($2)) as "exists!""#,
        seller as _,
        provinces.codes(),
    )
    .fetch_one(conn)
    .await?;
    Ok(concern)
}

/// At most a hundred: enough for an officer to judge a seller by.
pub async fn others_of_seller(
    conn: &mut PgConnection,
    provinces: &Provinces,
    seller: SellerId,
    except: CaseId,
) -> Result<Vec<Case>> {
    let cases = select_cases!(
        "where seller_id = $1
           and province_code = any($2)
           and id <> $3
         order by opened_at desc, id desc
         limit 100",
        seller as _,
        provinces.codes(),
        except as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(cases)
}

pub async fn reasons(conn: &mut PgConnection, today: NaiveDate) -> Result<Vec<Reason>> {
    let reasons = sqlx::query_as!(
        Reason,
        r#"select code, kind as "kind: _", text_vi, text_en
             from verdict_reasons
            where $1 >= effective_from
              and (effective_to is null or $1 < effective_to)
            order by kind, code"#,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(reasons)
}

/// The reasons of these codes, whether or not they may still be given.
pub async fn find_reasons(conn: &mut PgConnection, codes: &[String]) -> Result<Vec<Reason>> {
    let reasons = sqlx::query_as!(
        Reason,
        r#"select code, kind as "kind: _", text_vi, text_en
             from verdict_reasons
            where code = any($1)
            order by code"#,
        codes,
    )
    .fetch_all(conn)
    .await?;
    Ok(reasons)
}
