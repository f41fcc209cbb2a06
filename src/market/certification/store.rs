//! The tables `product_sets` and `certificates`.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::model::{Certificate, ClaimStatus, NewCertificate, Standing, Stars};
use super::{DecisionNumber, Group, ProductSet, SetNo};
use crate::kernel::{CertificateId, ImportId, MediaId, SellerId, TaxCode};
use crate::platform::db::Scoped;
use crate::platform::error::Result;

pub async fn upsert_sets(conn: &mut PgConnection, sets: &[ProductSet]) -> Result<()> {
    let column = |text: fn(&ProductSet) -> &str| sets.iter().map(|set| text(set).to_owned()).collect::<Vec<_>>();
    let maybe = |text: fn(&ProductSet) -> &Option<String>| sets.iter().map(|set| text(set).clone()).collect::<Vec<_>>();
    sqlx::query!(
        r#"insert into product_sets (set_no, name_vi, "group", group_vi, subgroup_vi, managing_agency,
                                     sample_required, rejected_if)
           select *
             from unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[],
                         $8::text[])
               on conflict on constraint product_sets_pk do update
              set name_vi = excluded.name_vi,
                  "group" = excluded."group",
                  group_vi = excluded.group_vi,
                  subgroup_vi = excluded.subgroup_vi,
                  managing_agency = excluded.managing_agency,
                  sample_required = excluded.sample_required,
                  rejected_if = excluded.rejected_if"#,
        &sets.iter().map(|set| set.set_no.get()).collect::<Vec<_>>(),
        &column(|set| &set.name_vi),
        &sets.iter().map(|set| set.group).collect::<Vec<_>>() as _,
        &column(|set| &set.group_vi),
        &maybe(|set| &set.subgroup_vi) as _,
        &column(|set| &set.managing_agency),
        &sets.iter().map(|set| set.sample_required).collect::<Vec<_>>(),
        &maybe(|set| &set.rejected_if) as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn product_sets(conn: &mut PgConnection) -> Result<Vec<ProductSet>> {
    let sets = sqlx::query_as!(
        ProductSet,
        r#"select set_no as "set_no: SetNo", name_vi, "group" as "group: Group", group_vi, subgroup_vi,
                  managing_agency, sample_required, rejected_if
             from product_sets
            order by set_no"#,
    )
    .fetch_all(conn)
    .await?;
    Ok(sets)
}

/// The new certificate waits for a verdict.
pub async fn insert(
    conn: &mut PgConnection,
    id: CertificateId,
    seller: SellerId,
    new: &NewCertificate,
    terms: &Terms,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into certificates (id, seller_id, product_name, product_key, owner_name, owner_key, search_text, set_no,
                                   stars, decision_number, decision_date, authority, issued_on, expires_on,
                                   province_code, legacy_province_code, scan_id, demo, claimed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        id as _,
        seller as _,
        new.product_name,
        new.product_key(),
        new.owner_name,
        new.owner_key(),
        new.search_text(),
        new.set_no as _,
        new.stars as _,
        new.decision_number as _,
        new.decision_date,
        new.authority,
        new.issued_on,
        terms.expires_on,
        terms.province_code,
        new.legacy_province_code,
        new.scan_id as _,
        new.demo,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a certificate of an import down as verified: into its shop, or into the register alone. `false` if it is there
/// already, as the import's or as what the shop claims.
pub async fn register(
    conn: &mut PgConnection,
    id: CertificateId,
    seller: Option<SellerId>,
    new: &NewCertificate,
    terms: &Terms,
    now: DateTime<Utc>,
) -> Result<bool> {
    let done = sqlx::query!(
        "insert into certificates (id, seller_id, product_name, product_key, owner_name, owner_key, owner_tax_code,
                                   search_text, set_no, stars, decision_number, decision_date, authority, issued_on,
                                   expires_on, province_code, legacy_province_code, import_id, status, claimed_at,
                                   verified_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 'verified', $19, $19)
             on conflict do nothing",
        id as _,
        seller as _,
        new.product_name,
        new.product_key(),
        new.owner_name,
        new.owner_key(),
        new.owner_tax_code as _,
        new.search_text(),
        new.set_no as _,
        new.stars as _,
        new.decision_number as _,
        new.decision_date,
        new.authority,
        new.issued_on,
        terms.expires_on,
        terms.province_code,
        new.legacy_province_code,
        new.import_id as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What follows from a certificate's day and place of issue.
pub struct Terms {
    pub expires_on: NaiveDate,
    /// The province of today.
    pub province_code: String,
}

/// A row of `certificates`.
struct Row {
    id: CertificateId,
    seller_id: Option<SellerId>,
    owner_name: String,
    owner_tax_code: Option<TaxCode>,
    import_id: Option<ImportId>,
    status: ClaimStatus,
    product_name: String,
    set_no: SetNo,
    stars: Stars,
    decision_number: DecisionNumber,
    decision_date: NaiveDate,
    authority: String,
    issued_on: NaiveDate,
    expires_on: NaiveDate,
    province_code: String,
    legacy_province_code: String,
    scan_id: Option<MediaId>,
    demo: bool,
    claimed_at: DateTime<Utc>,
    filed_on: Option<NaiveDate>,
    revoked_on: Option<NaiveDate>,
    superseded_by: Option<CertificateId>,
}

impl From<Row> for Certificate {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            seller_id: row.seller_id,
            owner_name: row.owner_name,
            owner_tax_code: row.owner_tax_code,
            import_id: row.import_id,
            product_name: row.product_name,
            set_no: row.set_no,
            stars: row.stars,
            decision_number: row.decision_number,
            decision_date: row.decision_date,
            authority: row.authority,
            issued_on: row.issued_on,
            standing: Standing {
                status: row.status,
                expires_on: row.expires_on,
                filed_on: row.filed_on,
                revoked_on: row.revoked_on,
                superseded: row.superseded_by.is_some(),
            },
            superseded_by: row.superseded_by,
            province_code: row.province_code,
            legacy_province_code: row.legacy_province_code,
            scan_id: row.scan_id,
            demo: row.demo,
            claimed_at: row.claimed_at,
        }
    }
}

/// The certificates of these ids that exist, in the order of the ids.
pub async fn find_all(conn: &mut PgConnection, ids: &[CertificateId]) -> Result<Vec<Certificate>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: _", seller_id as "seller_id: _", owner_name, owner_tax_code as "owner_tax_code: _",
                  import_id as "import_id: _", status as "status: _", product_name,
                  set_no as "set_no: _", stars as "stars: _", decision_number as "decision_number: _",
                  decision_date, authority, issued_on, expires_on, province_code, legacy_province_code,
                  scan_id as "scan_id: _", demo, claimed_at, filed_on, revoked_on,
                  superseded_by as "superseded_by: _"
             from certificates
             join unnest($1::uuid[]) with ordinality as wanted (id, place) using (id)
            order by place"#,
        ids as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Certificate::from).collect())
}

pub async fn find(conn: &mut PgConnection, id: CertificateId) -> Result<Option<Certificate>> {
    Ok(find_all(conn, &[id]).await?.pop())
}

/// The shop's certificates and claims, the newest claim first.
pub async fn page(
    conn: &mut PgConnection,
    seller: SellerId,
    before: Option<CertificateId>,
    limit: i64,
) -> Result<Vec<CertificateId>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: CertificateId"
             from certificates
            where seller_id = $1
              and ($2::uuid is null or id < $2)
            order by id desc
            limit $3"#,
        seller as _,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

/// The certificate's seller and status, locked until the transaction ends.
pub async fn lock(conn: &mut PgConnection, id: CertificateId) -> Result<Option<(Option<SellerId>, ClaimStatus)>> {
    let row = sqlx::query!(
        r#"select seller_id as "seller_id: SellerId", status as "status: ClaimStatus"
             from certificates
            where id = $1
              for update"#,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.seller_id, row.status)))
}

/// The shop's refused claims to the same product of the same decision, locked until the transaction ends.
pub async fn lock_refused(
    conn: &mut PgConnection,
    seller: SellerId,
    new: &NewCertificate,
) -> Result<Vec<CertificateId>> {
    let refused = sqlx::query_scalar!(
        r#"select id as "id: CertificateId"
             from certificates
            where seller_id = $1
              and decision_number = $2
              and decision_date = $3
              and product_key = $4
              and status = 'refused'
            order by id
              for update"#,
        seller as _,
        new.decision_number as _,
        new.decision_date,
        new.product_name.to_lowercase(),
    )
    .fetch_all(conn)
    .await?;
    Ok(refused)
}

/// Whether the shop has another claim to what this one was about, one that was not refused.
pub async fn is_claimed_anew(conn: &mut PgConnection, id: CertificateId) -> Result<bool> {
    let anew = sqlx::query_scalar!(
        r#"select exists (
                  select 1
                    from certificates as refused
                    join certificates as other using (seller_id, decision_number, decision_date, product_key)
                   where refused.id = $1
                     and other.id <> refused.id
                     and other.status <> 'refused') as "anew!""#,
        id as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(anew)
}

/// Whether the certificate is the shop's, for goods of the set, and not refused; it cannot be withdrawn until the transaction ends.
pub async fn hold(conn: &mut PgConnection, id: CertificateId, seller: SellerId, set_no: SetNo) -> Result<bool> {
    let held = sqlx::query_scalar!(
        r#"select id as "id: CertificateId"
             from certificates
            where id = $1
              and seller_id = $2
              and set_no = $3
              and status <> 'refused'
              for key share"#,
        id as _,
        seller as _,
        set_no as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(held.is_some())
}

pub async fn set_status(
    conn: &mut PgConnection,
    id: CertificateId,
    status: ClaimStatus,
    at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update certificates
            set status = $2, verified_at = case when $2 = 'verified' then $3::timestamptz end
          where id = $1",
        id as _,
        status as _,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The day its file for re-rating was submitted.
pub async fn set_filed(conn: &mut PgConnection, id: CertificateId, filed_on: NaiveDate) -> Result<()> {
    sqlx::query!("update certificates set filed_on = $2 where id = $1", id as _, filed_on).execute(conn).await?;
    Ok(())
}

/// The first day of its revocation.
pub async fn set_revoked(conn: &mut PgConnection, id: CertificateId, revoked_on: NaiveDate) -> Result<()> {
    sqlx::query!("update certificates set revoked_on = $2 where id = $1", id as _, revoked_on).execute(conn).await?;
    Ok(())
}

/// Whether the certificate is one of the shop's.
pub async fn is_own(scope: &mut Scoped<'_, SellerId>, id: CertificateId) -> Result<bool> {
    let (conn, seller) = scope.split();
    let own = sqlx::query_scalar!(
        r#"select exists (select from certificates where id = $1 and seller_id = $2) as "own!""#,
        id as _,
        *seller as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(own)
}

/// Forgets a claim nobody decided on.
pub async fn delete_claim(conn: &mut PgConnection, seller: SellerId, id: CertificateId) -> Result<()> {
    sqlx::query!(
        "delete from certificates where id = $1 and seller_id = $2 and status = 'claimed'",
        id as _,
        seller as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
