//! The tables `search_words` and `search_weights`, and what is read of `search_misses`.

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::model::{FEWEST_SEARCHES, SearchMiss, SearchWeight, SearchWord, WordId};
use crate::platform::error::Result;

/// Rows with this word on either side, or all, those added last first.
pub async fn words(
    conn: &mut PgConnection,
    word: Option<&str>,
    before: Option<WordId>,
    limit: i64,
) -> Result<Vec<SearchWord>> {
    let words = sqlx::query_as!(
        SearchWord,
        r#"select id as "id: WordId", typed, means, mutual, note
             from search_words
            where ($1::text is null or $1 in (typed, means))
              and ($2::integer is null or id < $2)
            order by id desc
            limit $3"#,
        word,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(words)
}

/// What a row of words says.
#[derive(Debug, serde::Serialize)]
pub struct Meaning<'a> {
    pub typed: &'a str,
    pub means: &'a str,
    pub mutual: bool,
    pub note: Option<&'a str>,
}

pub async fn insert_word(conn: &mut PgConnection, word: &Meaning<'_>) -> Result<SearchWord> {
    let inserted = sqlx::query_as!(
        SearchWord,
        r#"insert into search_words (typed, means, mutual, note)
           values ($1, $2, $3, $4)
        returning id as "id: WordId", typed, means, mutual, note"#,
        word.typed,
        word.means,
        word.mutual,
        word.note,
    )
    .fetch_one(conn)
    .await?;
    Ok(inserted)
}

/// The row as it is then; none if there is no such row.
pub async fn set_word(conn: &mut PgConnection, id: WordId, word: &Meaning<'_>) -> Result<Option<SearchWord>> {
    let changed = sqlx::query_as!(
        SearchWord,
        r#"update search_words
              set typed = $2, means = $3, mutual = $4, note = $5
            where id = $1
        returning id as "id: WordId", typed, means, mutual, note"#,
        id as _,
        word.typed,
        word.means,
        word.mutual,
        word.note,
    )
    .fetch_optional(conn)
    .await?;
    Ok(changed)
}

/// The row as it was; none if there is no such row.
pub async fn delete_word(conn: &mut PgConnection, id: WordId) -> Result<Option<SearchWord>> {
    let deleted = sqlx::query_as!(
        SearchWord,
        r#"delete from search_words
            where id = $1
        returning id as "id: WordId", typed, means, mutual, note"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(deleted)
}

/// Weights in force on the day, or all there ever were and will be; by name, the latest first.
pub async fn weights(conn: &mut PgConnection, on: Option<NaiveDate>) -> Result<Vec<SearchWeight>> {
    let weights = sqlx::query_as!(
        SearchWeight,
        "select name, value, effective_from, effective_to, why_vi, why_en
           from search_weights
          where $1::date is null
             or ($1 >= effective_from and (effective_to is null or $1 < effective_to))
          order by name, effective_from desc",
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(weights)
}

/// Makes whoever else sets the weight wait, and then see what was set: its first row, which is never withdrawn, is locked
/// until the transaction ends.
pub async fn lock_weight(conn: &mut PgConnection, name: &str) -> Result<()> {
    sqlx::query_scalar!(
        "select effective_from from search_weights where name = $1 order by effective_from limit 1 for update",
        name,
    )
    .fetch_optional(conn)
    .await?;
    Ok(())
}

/// Takes away the rows of a weight that begin on the day or later, as they were.
pub async fn withdraw_weights(conn: &mut PgConnection, name: &str, from: NaiveDate) -> Result<Vec<SearchWeight>> {
    let withdrawn = sqlx::query_as!(
        SearchWeight,
        "delete from search_weights
          where name = $1
            and effective_from >= $2
      returning name, value, effective_from, effective_to, why_vi, why_en",
        name,
        from,
    )
    .fetch_all(conn)
    .await?;
    Ok(withdrawn)
}

/// Adds the last row of a weight, which is locked; the one before ends on the day it begins. What begins later was
/// withdrawn before.
pub async fn insert_weight(conn: &mut PgConnection, weight: &SearchWeight) -> Result<()> {
    sqlx::query!(
        "update search_weights
            set effective_to = $2
          where name = $1
            and effective_from < $2
            and (effective_to is null or effective_to > $2)",
        weight.name,
        weight.effective_from,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into search_weights (name, value, effective_from, why_vi, why_en)
         values ($1, $2, $3, $4, $5)",
        weight.name,
        weight.value,
        weight.effective_from,
        weight.why_vi,
        weight.why_en,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was looked for in vain since the day, the most often first.
pub async fn misses(conn: &mut PgConnection, since: NaiveDate, limit: i64) -> Result<Vec<SearchMiss>> {
    let misses = sqlx::query_as!(
        SearchMiss,
        r#"select province_code, words, sum(count) as "count!"
             from search_misses
            where day >= $1
            group by province_code, words
           having sum(count) >= $2
            order by 3 desc, words, province_code
            limit $3"#,
        since,
        i64::from(FEWEST_SEARCHES),
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(misses)
}
