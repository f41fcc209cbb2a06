//! What holds for all listings.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::front::shelf::facts::{Common, DatedSaleRule, WeightRow, WordRow};
use crate::market::catalogue::SaleRule;
use crate::market::certification::{self, SetNo};
use crate::market::sellers::PaperKind;
use crate::places;
use crate::platform::error::Result;

/// All of it.
pub async fn read(conn: &mut PgConnection) -> Result<Common> {
    let regions = places::list_regions(conn).await?.into_iter();
    let sets = certification::product_sets(conn).await?.into_iter();
    Ok(Common {
        provinces: places::list_provinces(conn).await?,
        legacy_provinces: places::list_legacy_provinces(conn).await?,
        regions: regions.map(|region| (region.slug, region.name_vi, region.name_en)).collect(),
        sets: sets.map(|set| (set.set_no, set.name_vi, set.group)).collect(),
        sale_rules: sale_rules(conn).await?,
        authentication_required: authentication_required(conn).await?,
        words: words(conn).await?,
        weights: weights(conn).await?,
    })
}

async fn sale_rules(conn: &mut PgConnection) -> Result<Vec<DatedSaleRule>> {
    let rows = sqlx::query!(
        r#"select set_no as "set_no: SetNo", orderable, cash_allowed, minimum_age,
                  papers_any_of as "papers_any_of: Vec<PaperKind>", legal_basis, effective_from, effective_to
             from sale_rules
            order by id"#,
    )
    .fetch_all(conn)
    .await?;
    let rules = rows.into_iter().map(|row| DatedSaleRule {
        set_no: row.set_no,
        rule: SaleRule {
            orderable: row.orderable,
            cash_allowed: row.cash_allowed,
            minimum_age: row.minimum_age,
            papers_any_of: row.papers_any_of,
            legal_basis: row.legal_basis,
        },
        effective_from: row.effective_from,
        effective_to: row.effective_to,
    });
    Ok(rules.collect())
}

async fn authentication_required(conn: &mut PgConnection) -> Result<Vec<(NaiveDate, Option<NaiveDate>)>> {
    let rows = sqlx::query!(
        "select effective_from, effective_to
           from selling_rules
          where kind = 'e_authentication'
          order by effective_from",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.effective_from, row.effective_to)).collect())
}

async fn words(conn: &mut PgConnection) -> Result<Vec<WordRow>> {
    let words =
        sqlx::query_as!(WordRow, "select typed, means, mutual from search_words order by id").fetch_all(conn).await?;
    Ok(words)
}

async fn weights(conn: &mut PgConnection) -> Result<Vec<WeightRow>> {
    let weights = sqlx::query_as!(
        WeightRow,
        "select name, value, effective_from, effective_to from search_weights order by name, effective_from",
    )
    .fetch_all(conn)
    .await?;
    Ok(weights)
}
