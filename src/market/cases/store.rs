//! The tables `cases` and `verdict_reasons`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Case, CaseFilter, CaseKind, Decision, KindCount, NewCase, QueuePosition, Reason};
use crate::kernel::{CaseId, SellerId};
use crate::people::access::Provinces;
use crate::platform::db::Scoped;
use crate::platform::error::Result;

pub async fn insert(
    conn: &mut PgConnection,
    id: CaseId,
    case: &NewCase,
    now: DateTime<Utc>,
    due_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into cases (id, kind, subject_id, matter_id, seller_id, province_code, commune_code, legacy_province_code,
                            title, opened_by, opened_at, due_at)
         values ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        id as _,
        case.kind as _,
        case.subject,
        case.seller as _,
        case.province_code,
        case.commune_code,
        case.legacy_province_code,
        case.title,
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
            set status = 'withdrawn'
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
            set status = 'decided', verdict = $2, reason_codes = $3, words = $4, decided_by = $5, decided_at = $6
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

pub async fn last_decision(conn: &mut PgConnection, kind: CaseKind, subject: Uuid) -> Result<Option<Decision>> {
    let decision = sqlx::query_as!(
        Decision,
        r#"select verdict as "verdict!: _", reason_codes, words, decided_by as "by!: _", decided_at as "at!"
             from cases
            where kind = $1
              and subject_id = $2
              and status = 'decided'
            order by decided_at desc
            limit 1"#,
        kind as _,
        subject,
    )
    .fetch_optional(conn)
    .await?;
    Ok(decision)
}

pub async fn queue(
    conn: &mut PgConnection,
    provinces: &Provinces,
    filter: &CaseFilter,
    after: Option<&QueuePosition>,
    limit: i64,
) -> Result<Vec<Case>> {
    let cases = sqlx::query_as!(
        Case,
        r#"select id as "id: CaseId", kind as "kind: _", subject_id, matter_id,
                  seller_id as "seller_id: SellerId",
                  province_code, commune_code, legacy_province_code, title, status as "status: _",
                  opened_at, due_at, verdict as "verdict: _", reason_codes, words,
                  decided_by as "decided_by: _", decided_at
             from cases
            where province_code = any($1)
              and status = $2
              and ($3::text is null or kind = $3)
              and ($4::text is null or province_code = $4)
              and ($5::text is null or legacy_province_code = $5)
              and ($6::text is null or commune_code = $6)
              and ($7::timestamptz is null or due_at < $7)
              and ($8::timestamptz is null or (due_at, id) > ($8, $9))
            order by due_at, id
            limit $10"#,
        provinces.codes(),
        filter.status as _,
        filter.kind as _,
        filter.province,
        filter.legacy_province,
        filter.commune,
        filter.due_before,
        after.map(|position| position.due_at),
        after.map(|position| position.id) as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(cases)
}

pub async fn count_by_kind(
    conn: &mut PgConnection,
    provinces: &Provinces,
    filter: &CaseFilter,
) -> Result<Vec<KindCount>> {
    let counts = sqlx::query_as!(
        KindCount,
        r#"select kind as "kind: _", count(*) as "count!"
             from cases
            where province_code = any($1)
              and status = $2
              and ($3::text is null or province_code = $3)
              and ($4::text is null or legacy_province_code = $4)
              and ($5::text is null or commune_code = $5)
              and ($6::timestamptz is null or due_at < $6)
            group by kind
            order by kind"#,
        provinces.codes(),
        filter.status as _,
        filter.province,
        filter.legacy_province,
        filter.commune,
        filter.due_before,
    )
    .fetch_all(conn)
    .await?;
    Ok(counts)
}

pub async fn find(conn: &mut PgConnection, provinces: &Provinces, id: CaseId) -> Result<Option<Case>> {
    let case = sqlx::query_as!(
        Case,
        r#"select id as "id: CaseId", kind as "kind: _", subject_id, matter_id,
                  seller_id as "seller_id: SellerId",
                  province_code, commune_code, legacy_province_code, title, status as "status: _",
                  opened_at, due_at, verdict as "verdict: _", reason_codes, words,
                  decided_by as "decided_by: _", decided_at
             from cases
            where id = $1
              and province_code = any($2)"#,
        id as _,
        provinces.codes(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(case)
}

pub async fn lock(conn: &mut PgConnection, provinces: &Provinces, id: CaseId) -> Result<Option<Case>> {
    let case = sqlx::query_as!(
        Case,
        r#"select id as "id: CaseId", kind as "kind: _", subject_id, matter_id,
                  seller_id as "seller_id: SellerId",
                  province_code, commune_code, legacy_province_code, title, status as "status: _",
                  opened_at, due_at, verdict as "verdict: _", reason_codes, words,
                  decided_by as "decided_by: _", decided_at
             from cases
            where id = $1
              and province_code = any($2)
              for update"#,
        id as _,
        provinces.codes(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(case)
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
    let cases = sqlx::query_as!(
        Case,
        r#"select id as "id: CaseId", kind as "kind: _", subject_id, matter_id,
                  seller_id as "seller_id: SellerId",
                  province_code, commune_code, legacy_province_code, title, status as "status: _",
                  opened_at, due_at, verdict as "verdict: _", reason_codes, words,
                  decided_by as "decided_by: _", decided_at
             from cases
            where seller_id = $1
              and province_code = any($2)
              and id <> $3
            order by opened_at desc, id desc
            limit 100"#,
        seller as _,
        provinces.codes(),
        except as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(cases)
}

/// The shop's cases, newest first, and the reasons they give; `before` is the last case of the page before.
pub async fn page_of_seller(
    scope: &mut Scoped<'_, SellerId>,
    before: Option<CaseId>,
    limit: i64,
) -> Result<(Vec<Case>, Vec<Reason>)> {
    let (conn, seller) = scope.split();
    let cases = sqlx::query_as!(
        Case,
        r#"select id as "id: CaseId", kind as "kind: _", subject_id, matter_id,
                  seller_id as "seller_id: SellerId",
                  province_code, commune_code, legacy_province_code, title, status as "status: _",
                  opened_at, due_at, verdict as "verdict: _", reason_codes, words,
                  decided_by as "decided_by: _", decided_at
             from cases
            where seller_id = $1
              and ($2::uuid is null or id < $2)
            order by id desc
            limit $3"#,
        *seller as _,
        before as _,
        limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    let codes: Vec<String> = cases.iter().flat_map(|case| case.reason_codes.clone()).collect();
    let reasons = find_reasons(conn, &codes).await?;
    Ok((cases, reasons))
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
