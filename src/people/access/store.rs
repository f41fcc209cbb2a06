//! The tables `departments` and `department_provinces`; grants and members have files of their own.

mod grants;
mod members;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

pub use grants::*;
pub use members::*;

use super::model::{Department, Provinces};
use crate::kernel::DepartmentId;
use crate::kernel::clock::day_of;
use crate::platform::error::Result;

/// Departments whose provinces, today's and those to come, all lie within `provinces`.
pub async fn list_departments(
    conn: &mut PgConnection,
    provinces: &Provinces,
    today: NaiveDate,
) -> Result<Vec<Department>> {
    let departments = sqlx::query_as!(
        Department,
        r#"select id as "id: DepartmentId", slug, name_vi, name_en, kind as "kind: _"
             from departments
            where department_within(id, $1, $2)
            order by slug"#,
        provinces.codes(),
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(departments)
}

/// The department of that name, if all its provinces lie within `provinces`.
pub async fn find_department(
    conn: &mut PgConnection,
    provinces: &Provinces,
    slug: &str,
    today: NaiveDate,
) -> Result<Option<Department>> {
    let departments = list_departments(conn, provinces, today).await?;
    Ok(departments.into_iter().find(|department| department.slug == slug))
}

/// Sets up a department, for no province yet.
pub async fn insert_department(conn: &mut PgConnection, department: &Department, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into departments (id, slug, name_vi, name_en, kind, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        department.id as _,
        department.slug,
        department.name_vi,
        department.name_en,
        department.kind as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The department answers for exactly these provinces from the day on; what it answered for before stays on record.
pub async fn set_provinces(
    conn: &mut PgConnection,
    id: DepartmentId,
    provinces: &[String],
    from: NaiveDate,
) -> Result<()> {
    sqlx::query!(
        "delete from department_provinces
          where department_id = $1
            and valid_from >= $2",
        id as _,
        from,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update department_provinces
            set valid_to = case when province_code = any($2) then null else $3::date - 1 end
          where department_id = $1
            and (valid_to is null or valid_to >= $3)",
        id as _,
        provinces,
        from,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into department_provinces (department_id, province_code, valid_from)
         select $1, wanted.code, $3
           from unnest($2::text[]) as wanted (code)
          where not exists (
                select 1
                  from department_provinces
                 where department_id = $1
                   and province_code = wanted.code
                   and valid_to is null)",
        id as _,
        provinces,
        from,
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
