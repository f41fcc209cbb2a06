//! The tables of score sheets and of assessments.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::answers::Answer;
use super::sheet::{Band, Edition, SheetLine, Variant};
use super::view::{AssessmentSummary, Evidence};
use crate::kernel::{AccountId, AssessmentId, SellerId};
use crate::market::certification::SetNo;
use crate::platform::error::Result;

/// A saved version.
pub struct VersionRow {
    pub assessment_id: AssessmentId,
    pub seller_id: SellerId,
    pub version: i32,
    /// The number of the newest version.
    pub latest: i32,
    pub sheet_version: String,
    pub set_no: SetNo,
    pub variant: Option<Variant>,
    pub product_name: String,
    pub answers: Json<Vec<Answer>>,
    pub saved_at: DateTime<Utc>,
}

/// A version to be written down.
pub struct NewVersion<'a> {
    pub assessment: AssessmentId,
    pub version: i32,
    pub sheet_version: &'a str,
    pub set_no: SetNo,
    pub variant: Option<Variant>,
    pub product_name: &'a str,
    pub answers: &'a [Answer],
    pub points: i16,
    pub stars: i16,
    pub saved_by: AccountId,
    pub saved_at: DateTime<Utc>,
}

pub async fn upsert_lines(conn: &mut PgConnection, version: &str, lines: &[SheetLine]) -> Result<()> {
    sqlx::query!(
        r#"insert into sheet_lines (sheet_version, set_no, seq, kind, code, parent, label_vi, points, gate_stars, variant)
           select $1, *
             from unnest($2::smallint[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::smallint[],
                         $9::smallint[], $10::text[])
               on conflict on constraint sheet_lines_pk do update
              set kind = excluded.kind,
                  code = excluded.code,
                  parent = excluded.parent,
                  label_vi = excluded.label_vi,
                  points = excluded.points,
                  gate_stars = excluded.gate_stars,
                  variant = excluded.variant"#,
        version,
        &lines.iter().map(|line| line.set_no.get()).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.seq).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.kind).collect::<Vec<_>>() as _,
        &lines.iter().map(|line| line.code.clone()).collect::<Vec<_>>() as _,
        &lines.iter().map(|line| line.parent.clone()).collect::<Vec<_>>() as _,
        &lines.iter().map(|line| line.label_vi.clone()).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.points).collect::<Vec<_>>() as _,
        &lines.iter().map(|line| line.gate_stars).collect::<Vec<_>>() as _,
        &lines.iter().map(|line| line.variant).collect::<Vec<_>>() as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The edition in force on the day.
pub async fn edition_on(conn: &mut PgConnection, day: NaiveDate) -> Result<Option<String>> {
    let version = sqlx::query_scalar!(
        "select version
           from score_sheets
          where effective_from <= $1
            and (effective_to is null or $1 <= effective_to)
          order by effective_from desc
          limit 1",
        day,
    )
    .fetch_optional(conn)
    .await?;
    Ok(version)
}

/// The edition of that version with its bands.
pub async fn edition(conn: &mut PgConnection, version: &str) -> Result<Edition> {
    let row = sqlx::query!("select effective_from, legal_basis from score_sheets where version = $1", version)
        .fetch_one(&mut *conn)
        .await?;
    let bands = sqlx::query_as!(
        Band,
        "select stars, at_least from score_bands where sheet_version = $1 order by stars desc",
        version,
    )
    .fetch_all(conn)
    .await?;
    let (effective_from, legal_basis) = (row.effective_from, row.legal_basis);
    Ok(Edition { version: version.to_owned(), effective_from, legal_basis, bands })
}

/// The lines of a set's sheet, in order.
pub async fn lines(conn: &mut PgConnection, version: &str, set_no: SetNo) -> Result<Vec<SheetLine>> {
    let lines = sqlx::query_as!(
        SheetLine,
        r#"select set_no as "set_no: _", seq, kind as "kind: _", code, parent, label_vi, points, gate_stars,
                  variant as "variant: _"
             from sheet_lines
            where sheet_version = $1
              and set_no = $2
            order by seq"#,
        version,
        set_no as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(lines)
}

/// What the marketplace can give evidence for on a set's sheet: by criterion.
pub async fn evidence(conn: &mut PgConnection, version: &str, set_no: SetNo) -> Result<Vec<(String, Evidence)>> {
    let rows = sqlx::query!(
        r#"select criterion, option, kind as "kind: super::view::EvidenceKind"
             from criterion_evidence
            where sheet_version = $1
              and set_no = $2
            order by criterion, option, kind"#,
        version,
        set_no as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.criterion, Evidence { kind: row.kind, option: row.option })).collect())
}

/// How many assessments the shop has.
pub async fn count(conn: &mut PgConnection, seller: SellerId) -> Result<i64> {
    let count =
        sqlx::query_scalar!(r#"select count(*) as "count!" from assessments where seller_id = $1"#, seller as _)
            .fetch_one(conn)
            .await?;
    Ok(count)
}

pub async fn insert(conn: &mut PgConnection, id: AssessmentId, seller: SellerId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!("insert into assessments (id, seller_id, created_at) values ($1, $2, $3)", id as _, seller as _, now,)
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn insert_version(conn: &mut PgConnection, new: &NewVersion<'_>) -> Result<()> {
    sqlx::query!(
        "insert into assessment_versions (assessment_id, version, sheet_version, set_no, variant, product_name,
                                          answers, points, stars, saved_by, saved_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        new.assessment as _,
        new.version,
        new.sheet_version,
        new.set_no as _,
        new.variant as _,
        new.product_name,
        Json(new.answers) as _,
        new.points,
        new.stars,
        new.saved_by as _,
        new.saved_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The newest version of the shop's assessment, which stays the newest until the transaction ends.
pub async fn lock(conn: &mut PgConnection, seller: SellerId, id: AssessmentId) -> Result<Option<i32>> {
    let found = sqlx::query_scalar!(
        r#"select id as "id: AssessmentId" from assessments where id = $1 and seller_id = $2 for update"#,
        id as _,
        seller as _,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if found.is_none() {
        return Ok(None);
    }
    // A statement of its own: it sees what whoever held the lock has written.
    let latest = sqlx::query_scalar!("select max(version) from assessment_versions where assessment_id = $1", id as _)
        .fetch_one(conn)
        .await?;
    Ok(latest)
}

/// A version of an assessment, the newest unless told which.
pub async fn find(conn: &mut PgConnection, id: AssessmentId, version: Option<i32>) -> Result<Option<VersionRow>> {
    let saved = sqlx::query_as!(
        VersionRow,
        r#"select v.assessment_id as "assessment_id: _", a.seller_id as "seller_id: _", v.version,
                  newest.version as "latest!", v.sheet_version, v.set_no as "set_no: _", v.variant as "variant: _",
                  v.product_name, v.answers as "answers: Json<Vec<Answer>>", v.saved_at
             from assessments a
            cross join lateral (
                  select max(version) as version
                    from assessment_versions
                   where assessment_id = a.id) newest
             join assessment_versions v on v.assessment_id = a.id and v.version = coalesce($2, newest.version)
            where a.id = $1"#,
        id as _,
        version,
    )
    .fetch_optional(conn)
    .await?;
    Ok(saved)
}

/// The shop's assessments begun before `before` in their newest version, the last begun first.
pub async fn page(
    conn: &mut PgConnection,
    seller: SellerId,
    before: Option<AssessmentId>,
    limit: i64,
) -> Result<Vec<AssessmentSummary>> {
    let page = sqlx::query_as!(
        AssessmentSummary,
        r#"select a.id as "id: _", v.version, v.product_name, v.set_no as "set_no: _", v.variant as "variant: _",
                  v.sheet_version, v.points, v.stars, v.saved_at
             from assessments a
            cross join lateral (
                  select version, product_name, set_no, variant, sheet_version, points, stars, saved_at
                    from assessment_versions
                   where assessment_id = a.id
                   order by version desc
                   limit 1) v
            where a.seller_id = $1
              and ($2::uuid is null or a.id < $2)
            order by a.id desc
            limit $3"#,
        seller as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(page)
}
