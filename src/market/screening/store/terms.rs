//! The table `screening_terms`.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::kernel::ScreeningRuleId;
use crate::market::screening::model::Term;
use crate::platform::error::Result;

/// Every phrase in force on the day.
pub async fn in_force(conn: &mut PgConnection, today: NaiveDate) -> Result<Vec<Term>> {
    let terms = sqlx::query_as!(
        Term,
        r#"select id as "id: _", rule_code, phrase, accents_matter, exceptions, backed_by as "backed_by: _",
                  stars as "stars: _", note_vi, note_en, legal_basis, effective_from, effective_to
             from screening_terms
            where $1 >= effective_from
              and (effective_to is null or $1 < effective_to)
            order by rule_code, id"#,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(terms)
}

/// Phrases in force on the day, the newest first; `before` is the last one of the page before.
pub async fn page(
    conn: &mut PgConnection,
    rule_code: Option<&str>,
    today: NaiveDate,
    before: Option<ScreeningRuleId>,
    limit: i64,
) -> Result<Vec<Term>> {
    let terms = sqlx::query_as!(
        Term,
        r#"select id as "id: _", rule_code, phrase, accents_matter, exceptions, backed_by as "backed_by: _",
                  stars as "stars: _", note_vi, note_en, legal_basis, effective_from, effective_to
             from screening_terms
            where ($1::text is null or rule_code = $1)
              and $2 >= effective_from
              and (effective_to is null or $2 < effective_to)
              and ($3::uuid is null or id < $3)
            order by id desc
            limit $4"#,
        rule_code,
        today,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(terms)
}

/// The version of a phrase, locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, id: ScreeningRuleId) -> Result<Option<Term>> {
    let term = sqlx::query_as!(
        Term,
        r#"select id as "id: _", rule_code, phrase, accents_matter, exceptions, backed_by as "backed_by: _",
                  stars as "stars: _", note_vi, note_en, legal_basis, effective_from, effective_to
             from screening_terms
            where id = $1
              for update"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(term)
}

pub async fn insert(conn: &mut PgConnection, term: &Term) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into screening_terms (id, rule_code, phrase, accents_matter, exceptions, backed_by, stars, note_vi,
                                      note_en, legal_basis, effective_from)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        term.id as _,
        term.rule_code,
        term.phrase,
        term.accents_matter,
        &term.exceptions,
        &term.backed_by as _,
        term.stars as _,
        term.note_vi,
        term.note_en,
        term.legal_basis,
        term.effective_from,
    )
    .execute(conn)
    .await
    .map(drop)
}

pub async fn end(conn: &mut PgConnection, id: ScreeningRuleId, today: NaiveDate) -> Result<()> {
    sqlx::query!(
        "update screening_terms
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
