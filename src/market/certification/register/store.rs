//! The table `certificates` as a register.

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::super::{DecisionNumber, store as certificates};
use super::{RegisterFilter, RegisterPosition};
use crate::kernel::{CertificateId, SellerId};
use crate::people::access::Provinces;
use crate::platform::error::Result;

/// A page of the register of `provinces`, what expires first first.
pub async fn page(
    conn: &mut PgConnection,
    provinces: &Provinces,
    filter: &RegisterFilter,
    after: Option<RegisterPosition>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<CertificateId>> {
    let ids = sqlx::query_scalar!(
        r#"select certificates.id as "id: CertificateId"
             from certificates
             left join sellers on sellers.id = certificates.seller_id
            where coalesce(sellers.province_code, certificates.province_code) = any($1)
              and ($2::text is null
                   or certificate_state(certificates.status, expires_on, filed_on, revoked_on, superseded_by, $3) = $2)
              and ($4::smallint is null or stars = $4)
              and ($5::smallint is null or set_no = $5)
              and ($6::text is null or certificates.legacy_province_code = $6)
              and ($7::text is null or decision_number = $7)
              and ($8::date is null or expires_on < $8)
              and not exists (
                  select 1
                    from unnest($9::text[]) as word
                   where position(' ' || word in ' ' || certificates.search_text) = 0)
              and ($10::date is null or (expires_on, certificates.id) > ($10, $11::uuid))
            order by expires_on, certificates.id
            limit $12"#,
        provinces.codes(),
        filter.state as _,
        today,
        filter.stars as _,
        filter.set_no as _,
        filter.legacy_province,
        filter.decision_number as _,
        filter.expires_before,
        &filter.words,
        after.map(|position| position.expires_on),
        after.map(|position| position.id) as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

/// Whether the certificate lies with a department of `provinces`: the shop's, or that of the place of issue while there is
/// no shop.
pub async fn is_in(conn: &mut PgConnection, id: CertificateId, provinces: &Provinces) -> Result<bool> {
    let is_in = sqlx::query_scalar!(
        r#"select exists (
                  select 1
                    from certificates
                    left join sellers on sellers.id = certificates.seller_id
                   where certificates.id = $1
                     and coalesce(sellers.province_code, certificates.province_code) = any($2)) as "exists!""#,
        id as _,
        provinces.codes(),
    )
    .fetch_one(conn)
    .await?;
    Ok(is_in)
}

/// The verified certificates of a decision number whose product or owner has words that begin with all of these.
pub async fn verified_of(
    conn: &mut PgConnection,
    decision_number: &DecisionNumber,
    words: &[String],
) -> Result<Vec<CertificateId>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: CertificateId"
             from certificates
            where decision_number = $1
              and status = 'verified'
              and not exists (
                  select 1
                    from unnest($2::text[]) as word
                   where position(' ' || word in ' ' || search_text) = 0)
            order by decision_date desc, id
            limit 50"#,
        decision_number as _,
        words,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

/// The register's rows that have the claim's decision, province and product, without a shop or of another one, by id.
pub async fn verified_like(conn: &mut PgConnection, claim: CertificateId) -> Result<Vec<CertificateId>> {
    let ids = sqlx::query_scalar!(
        r#"select registered.id as "id: CertificateId"
             from certificates as claim
             join certificates as registered using (decision_number, decision_date, province_code, product_key)
            where claim.id = $1
              and registered.status = 'verified'
              and registered.seller_id is distinct from claim.seller_id
            order by registered.id
            limit 50"#,
        claim as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

/// Moves everything that names the register's row to the claim, and its words and standing into it. The row is gone then.
pub async fn merge(conn: &mut PgConnection, claim: CertificateId, registered: CertificateId) -> Result<()> {
    // Whoever records a revocation of the row holds it: what they record is moved, too.
    certificates::lock(conn, registered).await?;
    sqlx::query!(
        "with rows as (
              update certificate_import_rows set certificate_id = $1 where certificate_id = $2),
              replaced as (
              update certificates set superseded_by = $1 where superseded_by = $2)
         update certificate_revocations
            set certificate_id = $1
          where certificate_id = $2",
        claim as _,
        registered as _,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "with gone as (
              delete from certificates
               where id = $2
           returning owner_name, owner_key, owner_tax_code, search_text, import_id, stars, authority, issued_on,
                     expires_on, legacy_province_code, filed_on, revoked_on, superseded_by)
         update certificates
            set owner_name = gone.owner_name,
                owner_key = gone.owner_key,
                owner_tax_code = gone.owner_tax_code,
                search_text = gone.search_text,
                import_id = gone.import_id,
                stars = gone.stars,
                authority = gone.authority,
                issued_on = gone.issued_on,
                expires_on = gone.expires_on,
                legacy_province_code = gone.legacy_province_code,
                filed_on = gone.filed_on,
                revoked_on = gone.revoked_on,
                superseded_by = gone.superseded_by
           from gone
          where id = $1",
        claim as _,
        registered as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A certificate whose place a newer one took.
pub struct Replaced {
    pub seller_id: Option<SellerId>,
    pub product_name: String,
    pub decision_number: DecisionNumber,
}

/// Marks the verified certificates of the products of `touched` that a newer one of the same shop, or of the same owner
/// without a shop, replaces.
pub async fn supersede(conn: &mut PgConnection, touched: &[CertificateId]) -> Result<Vec<Replaced>> {
    let replaced = sqlx::query_as!(
        Replaced,
        r#"with pairs as (
                select older.id, newest.id as newest
                  from certificates as older
                 cross join lateral (
                       select newer.id
                         from certificates as newer
                        where newer.product_key = older.product_key
                          and newer.status = 'verified'
                          and newer.issued_on > older.issued_on
                          and (newer.seller_id = older.seller_id
                               or (newer.seller_id is null
                                   and older.seller_id is null
                                   and newer.owner_key = older.owner_key
                                   and newer.province_code = older.province_code))
                        order by newer.issued_on desc, newer.id desc
                        limit 1) as newest
                 where older.product_key in (select product_key from certificates where id = any($1))
                   and older.status = 'verified'
                   and older.superseded_by is null
                 order by older.id
                   for update of older)
           update certificates
              set superseded_by = newest
             from pairs
            where certificates.id = pairs.id
        returning seller_id as "seller_id: _", product_name, decision_number as "decision_number: _""#,
        touched as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(replaced)
}
