//! What the check of a certificate asks the database.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::kernel::CertificateId;
use crate::platform::error::Result;

/// A listing on the shelf that names a certificate.
pub struct Showing {
    pub certificate_id: CertificateId,
    pub slug: String,
}

/// The listings on the shelf that name one of the certificates.
pub async fn showing(
    conn: &mut PgConnection,
    certificates: &[CertificateId],
    today: NaiveDate,
) -> Result<Vec<Showing>> {
    let showing = sqlx::query_as!(
        Showing,
        r#"select certificate_id as "certificate_id!: _", slug as "slug!"
             from shelf_cards($2)
            where certificate_id = any($1)
              and minimum_age is null
            order by slug"#,
        certificates as _,
        today,
    )
    .fetch_all(conn)
    .await?;
    Ok(showing)
}
