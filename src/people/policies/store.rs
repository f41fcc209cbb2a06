//! The tables `policy_versions` and `policy_acceptances`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::model::{Policy, PolicyAcceptance, PolicyHeading, PolicyKind};
use crate::kernel::{AccountId, PolicyVersionId};
use crate::platform::db::Scoped;
use crate::platform::error::Result;

/// The versions in force on the day, of every policy.
pub async fn list_on(conn: &mut PgConnection, on: NaiveDate) -> Result<Vec<PolicyHeading>> {
    let headings = sqlx::query_as!(
        PolicyHeading,
        r#"select id as "id: PolicyVersionId", kind as "kind: PolicyKind", effective_from as version,
                  last_day, title_vi, title_en, published_at
             from (
                  select id, kind, effective_from, title_vi, title_en, published_at,
                         lead(effective_from) over (partition by kind order by effective_from) - 1 as last_day
                    from policy_versions) as dated
            where effective_from <= $1
              and (last_day is null or last_day >= $1)
            order by kind"#,
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(headings)
}

/// The version in force on the day.
pub async fn find_on(conn: &mut PgConnection, kind: PolicyKind, on: NaiveDate) -> Result<Option<Policy>> {
    let policy = sqlx::query_as!(
        Policy,
        r#"select id as "id: PolicyVersionId", kind as "kind: PolicyKind", effective_from as version,
                  (select min(later.effective_from) - 1
                     from policy_versions as later
                    where later.kind = policy_versions.kind
                      and later.effective_from > policy_versions.effective_from) as last_day,
                  title_vi, title_en, text_vi, text_en, published_at
             from policy_versions
            where kind = $1
              and effective_from <= $2
            order by effective_from desc
            limit 1"#,
        kind as _,
        on,
    )
    .fetch_optional(conn)
    .await?;
    Ok(policy)
}

/// The name of the version in force on the day.
pub async fn version_on(conn: &mut PgConnection, kind: PolicyKind, on: NaiveDate) -> Result<Option<NaiveDate>> {
    let version = sqlx::query_scalar!(
        "select max(effective_from) from policy_versions where kind = $1 and effective_from <= $2",
        kind as _,
        on,
    )
    .fetch_one(conn)
    .await?;
    Ok(version)
}

/// Every version of the policy, past, present and to come, the latest first.
pub async fn versions(conn: &mut PgConnection, kind: PolicyKind) -> Result<Vec<PolicyHeading>> {
    let headings = sqlx::query_as!(
        PolicyHeading,
        r#"select id as "id: PolicyVersionId", kind as "kind: PolicyKind", effective_from as version,
                  lead(effective_from) over (order by effective_from) - 1 as last_day,
                  title_vi, title_en, published_at
             from policy_versions
            where kind = $1
            order by effective_from desc"#,
        kind as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(headings)
}

/// A version to publish.
#[derive(Debug)]
pub struct NewVersion<'a> {
    pub id: PolicyVersionId,
    pub kind: PolicyKind,
    pub effective_from: NaiveDate,
    pub title_vi: &'a str,
    pub title_en: &'a str,
    pub text_vi: &'a str,
    pub text_en: &'a str,
    pub by: AccountId,
}

pub async fn insert(conn: &mut PgConnection, new: &NewVersion<'_>, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into policy_versions (id, kind, effective_from, title_vi, title_en, text_vi, text_en, published_at,
                                      published_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id as _,
        new.kind as _,
        new.effective_from,
        new.title_vi,
        new.title_en,
        new.text_vi,
        new.text_en,
        now,
        new.by as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down that the account agreed; of several times the first one counts.
pub async fn accept(
    conn: &mut PgConnection,
    account: AccountId,
    kind: PolicyKind,
    version: NaiveDate,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into policy_acceptances (account_id, kind, version, accepted_at)
         values ($1, $2, $3, $4)
         on conflict on constraint policy_acceptances_pk do nothing",
        account as _,
        kind as _,
        version,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn has_accepted(
    conn: &mut PgConnection,
    account: AccountId,
    kind: PolicyKind,
    version: NaiveDate,
) -> Result<bool> {
    let accepted = sqlx::query_scalar!(
        r#"select exists (
                  select 1
                    from policy_acceptances
                   where account_id = $1
                     and kind = $2
                     and version = $3) as "exists!""#,
        account as _,
        kind as _,
        version,
    )
    .fetch_one(conn)
    .await?;
    Ok(accepted)
}

/// Where the account stands with every policy on the day.
pub async fn acceptances(scope: &mut Scoped<'_, AccountId>, on: NaiveDate) -> Result<Vec<PolicyAcceptance>> {
    let (conn, account) = scope.split();
    let acceptances = sqlx::query_as!(
        PolicyAcceptance,
        r#"select current.kind as "kind!: PolicyKind",
                  current.version as "version!",
                  latest.version is not distinct from current.version as "up_to_date!",
                  latest.version as "accepted_version?",
                  latest.accepted_at as "accepted_at?"
             from (
                  select kind, max(effective_from) as version
                    from policy_versions
                   where effective_from <= $2
                   group by kind) as current
             left join lateral (
                  select version, accepted_at
                    from policy_acceptances
                   where account_id = $1
                     and policy_acceptances.kind = current.kind
                   order by version desc
                   limit 1) as latest on true
            order by current.kind"#,
        *account as _,
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(acceptances)
}
