//! The table `audit_entries`.

use sqlx::PgConnection;

use super::Entry;
use crate::kernel::AuditId;
use crate::platform::error::Result;

pub async fn insert(conn: &mut PgConnection, entry: &Entry) -> Result<()> {
    sqlx::query!(
        "insert into audit_entries (id, at, account_id, operation, permission, provinces, subject_id, facts)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        entry.id as _,
        entry.at,
        entry.account_id as _,
        entry.operation,
        entry.permission,
        &entry.provinces,
        entry.subject_id,
        entry.facts,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Entries of officers who acted in any of `provinces`, newest first.
pub async fn page(
    conn: &mut PgConnection,
    provinces: &[String],
    before: Option<AuditId>,
    limit: i64,
) -> Result<Vec<Entry>> {
    let entries = sqlx::query_as!(
        Entry,
        r#"select id as "id: AuditId",
                  at,
                  account_id as "account_id: _",
                  operation,
                  permission,
                  provinces,
                  subject_id,
                  facts
             from audit_entries
            where provinces <@ $1
              and ($2::uuid is null or id < $2)
            order by id desc
            limit $3"#,
        provinces,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(entries)
}
