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
