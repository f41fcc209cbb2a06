//! The tables `screenings` and `findings`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::market::screening::model::{Finding, Screening};
use crate::platform::error::Result;

/// Writes down what was found, in the place of what was found when the subject was last handed in.
pub async fn replace(conn: &mut PgConnection, subject: Uuid, screening: &Screening) -> Result<()> {
    fn column<T>(findings: &[Finding], value: impl Fn(&Finding) -> T) -> Vec<T> {
        findings.iter().map(value).collect()
    }
    let findings = &screening.findings;
    sqlx::query!("delete from screenings where subject_id = $1", subject).execute(&mut *conn).await?;
    sqlx::query!("insert into screenings (subject_id, made_at) values ($1, $2)", subject, screening.made_at)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into findings (subject_id, position, rule_id, place, excerpt, detail_vi, detail_en)
         select $1, position::smallint, rule_id, place, excerpt, detail_vi, detail_en
           from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
                with ordinality
                as new (rule_id, place, excerpt, detail_vi, detail_en, position)",
        subject,
        &column(findings, |finding| finding.rule_id.as_uuid()),
        &column(findings, |finding| finding.place.clone()),
        &column(findings, |finding| finding.excerpt.clone()) as _,
        &column(findings, |finding| finding.detail_vi.clone()) as _,
        &column(findings, |finding| finding.detail_en.clone()) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was found when the subject was last handed in.
pub async fn find(conn: &mut PgConnection, subject: Uuid) -> Result<Option<Screening>> {
    let made_at: Option<DateTime<Utc>> =
        sqlx::query_scalar!("select made_at from screenings where subject_id = $1", subject)
            .fetch_optional(&mut *conn)
            .await?;
    let Some(made_at) = made_at else { return Ok(None) };
    let findings = sqlx::query_as!(
        Finding,
        r#"select rule_id as "rule_id: _", code as rule, severity as "severity: _", place, excerpt, why_vi, why_en,
                  detail_vi, detail_en, legal_basis
             from findings
             join screening_rules on screening_rules.id = rule_id
            where subject_id = $1
            order by position"#,
        subject,
    )
    .fetch_all(conn)
    .await?;
    Ok(Some(Screening { made_at, findings }))
}
