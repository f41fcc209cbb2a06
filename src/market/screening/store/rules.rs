//! The table `screening_rules`.

use chrono::NaiveDate;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::kernel::ScreeningRuleId;
use crate::market::screening::model::{Rule, Severity, Test};
use crate::platform::error::Result;

/// A row of `screening_rules`.
struct Row {
    id: ScreeningRuleId,
    code: String,
    test: Json<Test>,
    severity: Severity,
    why_vi: String,
    why_en: String,
    legal_basis: String,
    effective_from: NaiveDate,
    effective_to: Option<NaiveDate>,
}

impl From<Row> for Rule {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            code: row.code,
            test: row.test.0,
            severity: row.severity,
            why_vi: row.why_vi,
            why_en: row.why_en,
            legal_basis: row.legal_basis,
            effective_from: row.effective_from,
            effective_to: row.effective_to,
        }
    }
}

/// The rules in force on the day, by code.
pub async fn in_force(conn: &mut PgConnection, today: NaiveDate) -> Result<Vec<Rule>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: _", code, test as "test: _", severity as "severity: _", why_vi, why_en, legal_basis,
                  effective_from, effective_to
             from screening_rules
            where $1 >= effective_from
              and (effective_to is null or $1 < effective_to)
            order by code, id"#,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Rule::from).collect())
}

/// The version of a rule, locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, id: ScreeningRuleId) -> Result<Option<Rule>> {
    let row = sqlx::query_as!(
        Row,
        r#"select id as "id: _", code, test as "test: _", severity as "severity: _", why_vi, why_en, legal_basis,
                  effective_from, effective_to
             from screening_rules
            where id = $1
              for update"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Rule::from))
}

pub async fn insert(conn: &mut PgConnection, rule: &Rule) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into screening_rules (id, code, test, severity, why_vi, why_en, legal_basis, effective_from)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        rule.id as _,
        rule.code,
        Json(&rule.test) as _,
        rule.severity as _,
        rule.why_vi,
        rule.why_en,
        rule.legal_basis,
        rule.effective_from,
    )
    .execute(conn)
    .await
    .map(drop)
}

pub async fn end(conn: &mut PgConnection, id: ScreeningRuleId, today: NaiveDate) -> Result<()> {
    sqlx::query!(
        "update screening_rules
            set effective_to = greatest($2, effective_from)
          where id = $1
            and effective_to is null",
        id as _,
        today,
    )
    .execute(conn)
    .await?;
    Ok(())
}
