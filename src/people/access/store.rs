//! The tables `departments`, `department_provinces`, `grants`; members have a file of their own.

mod members;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

pub use members::*;

use super::model::{Department, Grant, NewGrant, Provinces};
use super::officer::Reach;
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, DepartmentId, GrantId};
use crate::platform::db::Scoped;
use crate::platform::error::Result;

/// What `account` may do where, on the day.
pub(super) async fn reaches(conn: &mut PgConnection, account: AccountId, today: NaiveDate) -> Result<Vec<Reach>> {
    let reaches = sqlx::query_as!(
        Reach,
        r#"select distinct permission as "permission!", province_code
             from grants
             join department_provinces using (department_id)
            cross join unnest(permissions) as permission
            where account_id = $1
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

/// Who holds the permission in the province on the day as an officer of one of the province's own departments.
pub async fn officers_of(
    conn: &mut PgConnection,
    province_code: &str,
    permission: &str,
    today: NaiveDate,
) -> Result<Vec<AccountId>> {
    let officers = sqlx::query_scalar!(
        r#"select distinct account_id as "account_id: AccountId"
             from grants
             join departments on departments.id = grants.department_id
             join department_provinces on department_provinces.department_id = departments.id
            where departments.kind <> 'national'
              and province_code = $1
              and $2 = any(permissions)
              and $3 between grants.valid_from and coalesce(grants.valid_to, 'infinity')
              and $3 between department_provinces.valid_from and coalesce(department_provinces.valid_to, 'infinity')
            order by 1"#,
        province_code,
        permission,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(officers)
}

/// Who holds the permission in the province on the day as an officer of the national department.
pub async fn national_officers_of(
    conn: &mut PgConnection,
    province_code: &str,
    permission: &str,
    today: NaiveDate,
) -> Result<Vec<AccountId>> {
    let officers = sqlx::query_scalar!(
        r#"select distinct account_id as "account_id: AccountId"
             from grants
             join departments on departments.id = grants.department_id
             join department_provinces on department_provinces.department_id = departments.id
            where departments.kind = 'national'
              and province_code = $1
              and $2 = any(permissions)
              and $3 between grants.valid_from and coalesce(grants.valid_to, 'infinity')
              and $3 between department_provinces.valid_from and coalesce(department_provinces.valid_to, 'infinity')
            order by 1"#,
        province_code,
        permission,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(officers)
}

/// Departments whose provinces all lie within `provinces`.
pub async fn list_departments(conn: &mut PgConnection, provinces: &Provinces) -> Result<Vec<Department>> {
    let departments = sqlx::query_as!(
        Department,
        r#"select id as "id: DepartmentId", slug, name_vi, name_en, kind as "kind: _"
             from departments
            where not exists (
                  select 1
                    from department_provinces
                   where department_id = departments.id
                     and province_code <> all($1))
            order by slug"#,
        provinces.codes(),
    )
    .fetch_all(conn)
    .await?;
    Ok(departments)
}

/// The department of that name, if all its provinces lie within `provinces`.
pub async fn find_department(conn: &mut PgConnection, provinces: &Provinces, slug: &str) -> Result<Option<Department>> {
    Ok(list_departments(conn, provinces).await?.into_iter().find(|department| department.slug == slug))
}

/// Grants of departments whose provinces all lie within the scope, in force or to come.
pub async fn list_grants(scope: &mut Scoped<'_, Provinces>, today: NaiveDate) -> Result<Vec<Grant>> {
    let (conn, provinces) = scope.split();
    let grants = sqlx::query_as!(
        Grant,
        r#"select grants.id as "id: GrantId",
                  account_id as "account_id: AccountId",
                  display_name as officer,
                  slug as department,
                  role as "role: _",
                  permissions,
                  array_agg(province_code order by province_code) as "provinces!",
                  grants.valid_from,
                  grants.valid_to
             from grants
             join departments on departments.id = grants.department_id
             join department_provinces using (department_id)
             join accounts on accounts.id = account_id
            where coalesce(grants.valid_to, 'infinity') >= $2
              and $2 between department_provinces.valid_from and coalesce(department_provinces.valid_to, 'infinity')
            group by grants.id, display_name, slug
           having array_agg(province_code) <@ $1
            order by slug, grants.id"#,
        provinces.codes(),
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(grants)
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

/// Lets the grant end the day before `today`; one that never began disappears.
pub async fn end_grant(scope: &mut Scoped<'_, Provinces>, id: GrantId, today: NaiveDate) -> Result<()> {
    let (conn, provinces) = scope.split();
    sqlx::query!(
        "with ended as (
              select grants.id, valid_from
                from grants
               where id = $1
                 and not exists (
                     select 1
                       from department_provinces
                      where department_id = grants.department_id
                        and province_code <> all($2))
                 for update),
              unborn as (
              delete from grants
               where id in (select id from ended where valid_from >= $3))
         update grants
            set valid_to = $3 - interval '1 day'
          where id in (select id from ended where valid_from < $3)",
        id as _,
        provinces.codes(),
        today,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn ensure_department(
    conn: &mut PgConnection,
    department: &Department,
    provinces: &[String],
    since: DateTime<Utc>,
) -> Result<DepartmentId> {
    let id = sqlx::query_scalar!(
        r#"insert into departments (id, slug, name_vi, name_en, kind, created_at)
           values ($1, $2, $3, $4, $5, $6)
           on conflict on constraint departments_slug_key do update
              set slug = excluded.slug
        returning id as "id: DepartmentId""#,
        department.id as _,
        department.slug,
        department.name_vi,
        department.name_en,
        department.kind as _,
        since,
    )
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into department_provinces (department_id, province_code, valid_from)
         select $1, province_code, $3
           from unnest($2::text[]) as province_code
         on conflict on constraint department_provinces_pk do nothing",
        id as _,
        provinces,
        day_of(since),
    )
    .execute(conn)
    .await?;
    Ok(id)
}
