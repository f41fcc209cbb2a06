//! The table `certificate_renewals`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{FilingStatus, NewFiling, RenewalFiling};
use crate::kernel::{AccountId, CertificateId, RenewalId};
use crate::platform::error::Result;

pub async fn insert(
    conn: &mut PgConnection,
    id: RenewalId,
    certificate: CertificateId,
    new: &NewFiling,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into certificate_renewals (id, certificate_id, filed_on, receipt_number, scan_id, submitted_by,
                                           submitted_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id as _,
        certificate as _,
        new.filed_on,
        new.receipt_number.as_str(),
        new.scan_id as _,
        by as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn find(conn: &mut PgConnection, id: RenewalId) -> Result<Option<RenewalFiling>> {
    let filing = sqlx::query_as!(
        RenewalFiling,
        r#"select id as "id: _", certificate_id as "certificate_id: _", status as "status: _", filed_on, receipt_number,
                  scan_id as "scan_id: _", submitted_at, decided_at
             from certificate_renewals
            where id = $1"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(filing)
}

/// The filing, locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, id: RenewalId) -> Result<Option<RenewalFiling>> {
    sqlx::query!("select id from certificate_renewals where id = $1 for update", id as _)
        .fetch_optional(&mut *conn)
        .await?;
    find(conn, id).await
}

/// The certificate's filings, the newest first; as many as a person would look through.
pub async fn list(conn: &mut PgConnection, certificate: CertificateId) -> Result<Vec<RenewalFiling>> {
    let filings = sqlx::query_as!(
        RenewalFiling,
        r#"select id as "id: _", certificate_id as "certificate_id: _", status as "status: _", filed_on, receipt_number,
                  scan_id as "scan_id: _", submitted_at, decided_at
             from certificate_renewals
            where certificate_id = $1
            order by submitted_at desc, id desc
            limit 100"#,
        certificate as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(filings)
}

pub async fn set_status(
    conn: &mut PgConnection,
    id: RenewalId,
    status: FilingStatus,
    decided_at: Option<DateTime<Utc>>,
) -> Result<()> {
    sqlx::query!(
        "update certificate_renewals
            set status = $2, decided_at = $3
          where id = $1",
        id as _,
        status as _,
        decided_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}
