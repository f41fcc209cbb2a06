//! The tables `certificate_notice_rules` and `certificate_notices`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::{DueNotice, SentNotice};
use crate::kernel::CertificateId;
use crate::platform::error::Result;

/// The reminders due on the day, each the nearest to expiry for its certificate; the certificates are locked, so that two
/// workers seldom meet. Whoever expired more than a month ago is not told any more.
pub async fn due(conn: &mut PgConnection, today: NaiveDate, limit: i64) -> Result<Vec<DueNotice>> {
    let due = sqlx::query_as!(
        DueNotice,
        r#"select certificates.id as "certificate: _", seller_id as "seller!: _", product_name,
                  decision_number as "decision_number: _", expires_on, rule.days_before, rule.text_vi, rule.text_en
             from certificates
            cross join lateral (
                  select days_before, text_vi, text_en
                    from certificate_notice_rules
                   where days_before >= expires_on - $1::date
                     and effective_from <= $1
                     and (effective_to is null or $1 < effective_to)
                   order by days_before
                   limit 1) as rule
            where status = 'verified'
              and seller_id is not null
              and expires_on >= $1::date - 30
              and revoked_on is null
              and superseded_by is null
              and (filed_on is null or filed_on > expires_on)
              and not exists (
                  select 1
                    from certificate_notices
                   where certificate_id = certificates.id
                     and certificate_notices.days_before <= rule.days_before)
            order by expires_on, certificates.id
            limit $2
              for no key update of certificates skip locked"#,
        today,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(due)
}

/// Whether the reminder was not on record before.
pub async fn insert(
    conn: &mut PgConnection,
    certificate: CertificateId,
    days_before: i16,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "insert into certificate_notices (certificate_id, days_before, sent_at)
         values ($1, $2, $3)
             on conflict on constraint certificate_notices_pk do nothing",
        certificate as _,
        days_before,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The reminders sent about the certificate, the latest first.
pub async fn list(conn: &mut PgConnection, certificate: CertificateId) -> Result<Vec<SentNotice>> {
    let sent = sqlx::query_as!(
        SentNotice,
        "select days_before, sent_at
           from certificate_notices
          where certificate_id = $1
          order by sent_at desc, days_before",
        certificate as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(sent)
}
