//! The table `certificate_revocations`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{NewRevocation, Revocation, RevocationStatus};
use crate::kernel::{AccountId, CertificateId, RevocationId};
use crate::people::access::Provinces;
use crate::platform::error::Result;

/// What the record is about and who makes it.
pub struct NewRow {
    pub id: RevocationId,
    pub certificate: CertificateId,
    pub in_queue: bool,
    pub by: AccountId,
    pub now: DateTime<Utc>,
}

pub async fn insert(conn: &mut PgConnection, row: &NewRow, new: &NewRevocation) -> Result<()> {
    sqlx::query!(
        "insert into certificate_revocations (id, certificate_id, decision_number, decision_date, authority, ground,
                                              effective_on, words, in_queue, recorded_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        row.id as _,
        row.certificate as _,
        new.decision_number as _,
        new.decision_date,
        new.authority.as_str(),
        new.ground as _,
        new.effective_on,
        new.words.as_str(),
        row.in_queue,
        row.by as _,
        row.now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The records of these ids, the newest first.
async fn find_all(conn: &mut PgConnection, ids: &[RevocationId]) -> Result<Vec<Revocation>> {
    let revocations = sqlx::query_as!(
        Revocation,
        r#"select id as "id: _", certificate_id as "certificate_id: _", status as "status: _",
                  decision_number as "decision_number: _", decision_date, authority, ground as "ground: _", effective_on,
                  words, in_queue, recorded_by as "recorded_by: _", recorded_at, decided_by as "decided_by: _",
                  decided_at
             from certificate_revocations
            where id = any($1)
            order by recorded_at desc, id desc"#,
        ids as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(revocations)
}

pub async fn find(conn: &mut PgConnection, id: RevocationId) -> Result<Option<Revocation>> {
    Ok(find_all(conn, &[id]).await?.pop())
}

/// The record, locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, id: RevocationId) -> Result<Option<Revocation>> {
    sqlx::query!("select id from certificate_revocations where id = $1 for update", id as _)
        .fetch_optional(&mut *conn)
        .await?;
    find(conn, id).await
}

/// The certificate's revocations, the newest first.
pub async fn list(conn: &mut PgConnection, certificate: CertificateId) -> Result<Vec<Revocation>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: RevocationId"
             from certificate_revocations
            where certificate_id = $1
            order by recorded_at desc, id desc
            limit 100"#,
        certificate as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    find_all(conn, &ids).await
}

/// The records of `provinces` that wait for their second officer, the oldest first.
pub async fn waiting(
    conn: &mut PgConnection,
    provinces: &Provinces,
    after: Option<RevocationId>,
    limit: i64,
) -> Result<Vec<Revocation>> {
    let ids = sqlx::query_scalar!(
        r#"select certificate_revocations.id as "id: RevocationId"
             from certificate_revocations
             join certificates on certificates.id = certificate_id
             left join sellers on sellers.id = certificates.seller_id
            where certificate_revocations.status = 'recorded'
              and coalesce(sellers.province_code, certificates.province_code) = any($1)
              and ($2::uuid is null or certificate_revocations.id > $2)
            order by certificate_revocations.id
            limit $3"#,
        provinces.codes(),
        after as _,
        limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut found = find_all(conn, &ids).await?;
    found.sort_by_key(|revocation| revocation.id);
    Ok(found)
}

pub async fn set_status(
    conn: &mut PgConnection,
    id: RevocationId,
    status: RevocationStatus,
    by: AccountId,
    at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update certificate_revocations
            set status = $2, decided_by = $3, decided_at = $4
          where id = $1",
        id as _,
        status as _,
        by as _,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}
