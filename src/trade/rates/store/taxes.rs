//! Rows of tax law, past and to come. They come with migrations; nobody edits them.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::kernel::{Rate, Vnd};
use crate::platform::error::Result;
use crate::trade::rates::model::{Method, Standing, TaxRate, TaxSubject, TaxThreshold, WithholdingRule};

/// Rates; those in force on `on`, or all of them, the latest first.
pub async fn rates(conn: &mut PgConnection, on: Option<NaiveDate>) -> Result<Vec<TaxRate>> {
    let rates = sqlx::query_as!(
        TaxRate,
        r#"select kind,
                  residency,
                  vat_bps as "vat_bps: Rate",
                  pit_bps as "pit_bps: Rate",
                  effective_from,
                  effective_to,
                  legal_basis,
                  status as "status: Standing"
             from tax_rates
            where $1::date is null
               or ($1 >= effective_from and (effective_to is null or $1 < effective_to))
            order by effective_from desc, kind, residency desc"#,
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(rates)
}

/// From whom tax is withheld; in force on `on`, or always.
pub async fn subjects(conn: &mut PgConnection, on: Option<NaiveDate>) -> Result<Vec<TaxSubject>> {
    let subjects = sqlx::query_as!(
        TaxSubject,
        r#"select seller_kind,
                  withheld,
                  effective_from,
                  effective_to,
                  legal_basis,
                  status as "status: Standing"
             from tax_subjects
            where $1::date is null
               or ($1 >= effective_from and (effective_to is null or $1 < effective_to))
            order by effective_from desc, seller_kind"#,
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(subjects)
}

/// Whether tax is withheld by ways of paying; in force on `on`, or always.
pub async fn withholding(conn: &mut PgConnection, on: Option<NaiveDate>) -> Result<Vec<WithholdingRule>> {
    let rules = sqlx::query_as!(
        WithholdingRule,
        r#"select method as "method: Method",
                  below_threshold,
                  withheld,
                  effective_from,
                  effective_to,
                  legal_basis,
                  status as "status: Standing"
             from tax_withholding_rules
            where $1::date is null
               or ($1 >= effective_from and (effective_to is null or $1 < effective_to))
            order by effective_from desc, method, below_threshold"#,
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(rules)
}

/// Yearly thresholds; in force on `on`, or always.
pub async fn thresholds(conn: &mut PgConnection, on: Option<NaiveDate>) -> Result<Vec<TaxThreshold>> {
    let thresholds = sqlx::query_as!(
        TaxThreshold,
        r#"select yearly_vnd as "yearly_vnd: Vnd",
                  effective_from,
                  effective_to,
                  legal_basis,
                  status as "status: Standing"
             from tax_thresholds
            where $1::date is null
               or ($1 >= effective_from and (effective_to is null or $1 < effective_to))
            order by effective_from desc"#,
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(thresholds)
}
