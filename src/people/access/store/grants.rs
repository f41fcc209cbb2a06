//! The table `grants`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, GrantId};
use crate::people::access::model::{Grant, NewGrant, Provinces, Reach};
use crate::platform::db::Scoped;
use crate::platform::error::Result;

/// Selects whole grants, with their provinces on the day `$2`: once for both queries, each with its own wall after it.
macro_rules! select_grants {
    ($rest:tt $($arguments:tt)*) => {
        sqlx::query_as!(
            Grant,
            r#"select grants.id as "id: GrantId",
                      account_id as "account_id: AccountId",
                      display_name as officer,
                      slug as department,
                      role as "role: _",
                      permissions,
                      array(select province_code
                              from department_provinces
                             where department_provinces.department_id = departments.id
                               and $2 between valid_from and coalesce(valid_to, 'infinity')
                             order by 1) as "provinces!",
                      valid_from,
                      valid_to
                 from grants
                 join departments on departments.id = department_id
                 join accounts on accounts.id = account_id
               "# + $rest
            $($arguments)*
        )
    };
}

/// What `account` may do where, on the day.
pub async fn reaches(conn: &mut PgConnection, account: AccountId, today: NaiveDate) -> Result<Vec<Reach>> {
    let reaches = sqlx::query_as!(
        Reach,
        r#"select distinct permission as "permission!", province_code
             from grants
             join department_provinces using (department_id)
            cross join unnest(permissions) as permission
            where account_id = $1
              and ended_at is null
              and $2 between grants.valid_from and coalesce(grants.valid_to, 'infinity')
              and $2 between department_provinces.valid_from and coalesce(department_provinces.valid_to, 'infinity')
            order by 1, 2"#,
        account as _,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(reaches)
}

/// Who holds the permission in the province on the day: as an officer of the national department, or else of one of the
/// province's own.
pub async fn holders_of(
    conn: &mut PgConnection,
    national: bool,
    province_code: &str,
    permission: &str,
    today: NaiveDate,
) -> Result<Vec<AccountId>> {
    let officers = sqlx::query_scalar!(
        r#"select distinct account_id as "account_id: AccountId"
             from grants
             join departments on departments.id = grants.department_id
             join department_provinces on department_provinces.department_id = departments.id
            where (departments.kind = 'national') = $1
              and province_code = $2
              and $3 = any(permissions)
              and ended_at is null
              and $4 between grants.valid_from and coalesce(grants.valid_to, 'infinity')
              and $4 between department_provinces.valid_from and coalesce(department_provinces.valid_to, 'infinity')
            order by 1"#,
        national,
        province_code,
        permission,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(officers)
}

/// Grants of departments whose provinces all lie within the scope, in force or to come.
pub async fn list_grants(scope: &mut Scoped<'_, Provinces>, today: NaiveDate) -> Result<Vec<Grant>> {
    let (conn, provinces) = scope.split();
    let grants = select_grants!(
        r#"where ended_at is null
              and coalesce(valid_to, 'infinity') >= $2
              and department_within(department_id, $1, $2)
            order by slug, grants.id"#,
        provinces.codes(),
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(grants)
}

/// The account's own grants, in force or to come.
pub async fn own_grants(scope: &mut Scoped<'_, AccountId>, today: NaiveDate) -> Result<Vec<Grant>> {
    let (conn, account) = scope.split();
    let grants = select_grants!(
        r#"where account_id = $1
              and ended_at is null
              and coalesce(valid_to, 'infinity') >= $2
            order by slug, grants.id"#,
        *account as _,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(grants)
}

/// Whether the account is an officer, today or later, of departments within `provinces` and of no other.
pub async fn is_wholly_within(
    conn: &mut PgConnection,
    provinces: &Provinces,
    account: AccountId,
    today: NaiveDate,
) -> Result<bool> {
    let within = sqlx::query_scalar!(
        r#"select coalesce(bool_and(department_within(department_id, $2, $3)), false) as "within!"
             from grants
            where account_id = $1
              and ended_at is null
              and coalesce(valid_to, 'infinity') >= $3"#,
        account as _,
        provinces.codes(),
        today,
    )
    .fetch_one(conn)
    .await?;
    Ok(within)
}

/// Whether the account holds a grant of the same department on any of the same days.
pub async fn overlaps(conn: &mut PgConnection, grant: &NewGrant) -> Result<bool> {
    let overlaps = sqlx::query_scalar!(
        r#"select exists (
                  select 1
                    from grants
                   where account_id = $1
                     and department_id = $2
                     and ended_at is null
                     and valid_from <= coalesce($4, 'infinity'::date)
                     and coalesce(valid_to, 'infinity') >= $3) as "overlaps!""#,
        grant.account as _,
        grant.department as _,
        grant.valid_from,
        grant.valid_to,
    )
    .fetch_one(conn)
    .await?;
    Ok(overlaps)
}

pub async fn insert_grant(conn: &mut PgConnection, id: GrantId, grant: &NewGrant, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into grants (id, account_id, department_id, role, permissions, valid_from, valid_to, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id as _,
        grant.account as _,
        grant.department as _,
        grant.role as _,
        &grant.permissions,
        grant.valid_from,
        grant.valid_to,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the grant now; one that is not within the scope, or has ended, stays as it is.
pub async fn end_grant(
    scope: &mut Scoped<'_, Provinces>,
    id: GrantId,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<()> {
    let (conn, provinces) = scope.split();
    sqlx::query!(
        "update grants
            set ended_at = $4
          where id = $1
            and ended_at is null
            and department_within(department_id, $2, $3)",
        id as _,
        provinces.codes(),
        today,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
