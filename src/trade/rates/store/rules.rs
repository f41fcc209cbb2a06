//! Rules of commission.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, CommissionRuleId, Rate, SellerId};
use crate::platform::error::Result;
use crate::trade::rates::model::CommissionRule;

/// Rules, by what follows `from commission_rules`.
macro_rules! select_rules {
    ($rest:tt $($arguments:tt)*) => {
        sqlx::query_as!(
            CommissionRule,
            r#"select id as "id: CommissionRuleId", priority, set_no, seller_id as "seller_id: SellerId", province_code,
                      rate_bps as "rate_bps: Rate", effective_from, effective_to, legal_basis
                 from commission_rules
               "# + $rest
            $($arguments)*
        )
    };
}

/// Every rule there ever was, the latest added first.
pub async fn page(
    conn: &mut PgConnection,
    before: Option<CommissionRuleId>,
    limit: i64,
) -> Result<Vec<CommissionRule>> {
    let rules = select_rules!("where $1::uuid is null or id < $1 order by id desc limit $2", before as _, limit)
        .fetch_all(conn)
        .await?;
    Ok(rules)
}

/// The rules in force that are not one shop's own, in the order they are tried.
pub async fn published(conn: &mut PgConnection, on: NaiveDate) -> Result<Vec<CommissionRule>> {
    let rules = select_rules!(
        "where seller_id is null
           and $1 >= effective_from
           and (effective_to is null or $1 < effective_to)
         order by priority, effective_from desc",
        on
    )
    .fetch_all(conn)
    .await?;
    Ok(rules)
}

/// The rule, locked.
pub async fn lock(conn: &mut PgConnection, id: CommissionRuleId) -> Result<Option<CommissionRule>> {
    let rule = select_rules!("where id = $1 for update", id as _).fetch_optional(conn).await?;
    Ok(rule)
}

/// Adds a rule.
pub async fn insert(conn: &mut PgConnection, rule: &CommissionRule, by: AccountId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into commission_rules (id, priority, set_no, seller_id, province_code, rate_bps, effective_from,
                                       effective_to, legal_basis, added_at, added_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        rule.id as _,
        rule.priority,
        rule.set_no,
        rule.seller_id as _,
        rule.province_code,
        rule.rate_bps as _,
        rule.effective_from,
        rule.effective_to,
        rule.legal_basis,
        now,
        by as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Says when a locked rule ends.
pub async fn set_end(conn: &mut PgConnection, id: CommissionRuleId, to: NaiveDate) -> Result<()> {
    sqlx::query!("update commission_rules set effective_to = $2 where id = $1", id as _, to).execute(conn).await?;
    Ok(())
}
