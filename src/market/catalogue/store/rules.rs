//! The table `sale_rules`.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::market::catalogue::SaleRule;
use crate::market::certification::SetNo;
use crate::platform::error::Result;

/// The rule in force on the day: the set's own, else the general one.
pub async fn find(conn: &mut PgConnection, set_no: SetNo, today: NaiveDate) -> Result<Option<SaleRule>> {
    let rule = sqlx::query_as!(
        SaleRule,
        r#"select orderable, cash_allowed, minimum_age, papers_any_of as "papers_any_of: _", legal_basis
             from sale_rules
            where (set_no = $1 or set_no is null)
              and $2 >= effective_from
              and (effective_to is null or $2 < effective_to)
            order by set_no nulls last, effective_from desc
            limit 1"#,
        set_no as _,
        today,
    )
    .fetch_optional(conn)
    .await?;
    Ok(rule)
}
