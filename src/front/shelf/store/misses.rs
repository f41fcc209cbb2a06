//! The table `search_misses`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::platform::error::Result;

/// Words nobody found anything by on a day, in the province they asked for or anywhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Miss {
    pub day: NaiveDate,
    /// A code of today's list.
    pub province: Option<String>,
    pub words: String,
}

/// Adds to the counts, in their one order: two instances cannot wait for each other. A province nobody knows is none.
pub async fn add(conn: &mut PgConnection, counts: &BTreeMap<Miss, i32>) -> Result<()> {
    let days: Vec<NaiveDate> = counts.keys().map(|miss| miss.day).collect();
    let provinces: Vec<Option<String>> = counts.keys().map(|miss| miss.province.clone()).collect();
    let words: Vec<String> = counts.keys().map(|miss| miss.words.clone()).collect();
    let counts: Vec<i32> = counts.values().copied().collect();
    sqlx::query!(
        "insert into search_misses (day, province_code, words, count)
         select day, provinces.code, words, sum(count)
           from unnest($1::date[], $2::text[], $3::text[], $4::integer[]) as miss (day, province, words, count)
           left join provinces on provinces.code = province
          group by 1, 2, 3
          order by 1, 2, 3
             on conflict on constraint search_misses_key do update
            set count = search_misses.count + excluded.count",
        &days,
        &provinces as _,
        &words,
        &counts,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets what was looked for before `before`, and of the days before `rare_before` what fewer than `fewest` looked for;
/// so many rows at most. Answers how many.
pub async fn forget(
    conn: &mut PgConnection,
    (before, rare_before): (NaiveDate, NaiveDate),
    fewest: i32,
    limit: u32,
) -> Result<u64> {
    let deleted = sqlx::query!(
        "delete from search_misses
          where ctid = any(array(select ctid
                                   from search_misses
                                  where day < $1
                                     or (day < $2 and count < $3)
                                  limit $4))",
        before,
        rare_before,
        fewest,
        i64::from(limit),
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected())
}
