//! The table `sellers`; papers have a file of their own.

pub mod authentication;
pub mod desk;
pub mod papers;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::model::{Holder, Profile, SealedId, Seller, SellerStatus, Summary};
use crate::kernel::{SellerId, TaxCode};
use crate::platform::error::Result;

/// Selects whole shops: the columns, once for all the queries that differ only in what follows them.
macro_rules! select_sellers {
    ($rest:tt $($arguments:tt)*) => {
        sqlx::query_as!(
            Seller,
            r#"select id as "id: SellerId", slug, status as "status: _", kind as "kind: _", name, legal_name,
                      representative, tax_code as "tax_code: _", personal_id_last, phone as "phone: _",
                      email as "email: _", public_contact, province_code, commune_code, legacy_province_code, street,
                      about_vi, about_en, closed_from, closed_to, demo, version, decided_version, created_at,
                      submitted_at, approved_at
                 from sellers
               "# + $rest
            $($arguments)*
        )
    };
}

/// A shop to be written for the first time.
pub struct NewRow<'a> {
    pub id: SellerId,
    pub status: SellerStatus,
    pub profile: &'a Profile,
    pub personal_id: Option<&'a SealedId>,
    pub demo: bool,
    pub created_at: DateTime<Utc>,
    pub approved_at: Option<DateTime<Utc>>,
}

/// Whether the row was written; `false` if the slug is another shop's.
pub async fn insert(conn: &mut PgConnection, slug: &str, row: &NewRow<'_>) -> Result<bool> {
    let profile = row.profile;
    let done = sqlx::query!(
        "insert into sellers (id, slug, status, kind, name, legal_name, representative, tax_code,
                              personal_id_sealed, personal_id_last, phone, email, public_contact,
                              province_code, commune_code, legacy_province_code, street,
                              about_vi, about_en, search_text, demo, created_at, approved_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                 $23)
             on conflict on constraint sellers_slug_key do nothing",
        row.id as _,
        slug,
        row.status as _,
        profile.kind as _,
        profile.name,
        profile.legal_name,
        profile.representative,
        profile.tax_code as _,
        row.personal_id.map(|id| id.sealed.as_slice()),
        row.personal_id.map(|id| id.last.as_str()),
        profile.phone as _,
        profile.email as _,
        profile.public_contact,
        profile.seat.province_code,
        profile.seat.commune_code,
        profile.seat.legacy_province_code,
        profile.seat.street,
        profile.about_vi,
        profile.about_en,
        profile.search_text(),
        row.demo,
        row.created_at,
        row.approved_at,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes what the shop says about itself. A personal ID that is not given anew stays, unless the shop is no household
/// any more.
pub async fn set_profile(
    conn: &mut PgConnection,
    id: SellerId,
    profile: &Profile,
    personal_id: Option<&SealedId>,
) -> Result<()> {
    sqlx::query!(
        "update sellers
            set kind = $2,
                name = $3,
                legal_name = $4,
                representative = $5,
                tax_code = $6,
                personal_id_sealed = case when $2 = 'household' then coalesce($7, personal_id_sealed) end,
                personal_id_last = case when $2 = 'household' then coalesce($8, personal_id_last) end,
                phone = $9,
                email = $10,
                public_contact = $11,
                province_code = $12,
                commune_code = $13,
                legacy_province_code = $14,
                street = $15,
                about_vi = $16,
                about_en = $17,
                search_text = $18,
                version = version + 1
          where id = $1",
        id as _,
        profile.kind as _,
        profile.name,
        profile.legal_name,
        profile.representative,
        profile.tax_code as _,
        personal_id.map(|id| id.sealed.as_slice()),
        personal_id.map(|id| id.last.as_str()),
        profile.phone as _,
        profile.email as _,
        profile.public_contact,
        profile.seat.province_code,
        profile.seat.commune_code,
        profile.seat.legacy_province_code,
        profile.seat.street,
        profile.about_vi,
        profile.about_en,
        profile.search_text(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn find(conn: &mut PgConnection, id: SellerId) -> Result<Option<Seller>> {
    let seller = select_sellers!("where id = $1", id as _).fetch_optional(conn).await?;
    Ok(seller)
}

/// Those of the shops that are approved.
pub async fn approved(conn: &mut PgConnection, ids: &[SellerId]) -> Result<Vec<Seller>> {
    let sellers = select_sellers!("where id = any($1) and status = 'approved'", ids as _).fetch_all(conn).await?;
    Ok(sellers)
}

/// The approved shop of this slug.
pub async fn find_approved(conn: &mut PgConnection, slug: &str) -> Result<Option<SellerId>> {
    let id = sqlx::query_scalar!(
        r#"select id as "id: SellerId"
             from sellers
            where slug = $1
              and status = 'approved'"#,
        slug,
    )
    .fetch_optional(conn)
    .await?;
    Ok(id)
}

/// The shop, locked until the transaction ends. Whoever changes a shop, its papers included, locks it first.
pub async fn lock(conn: &mut PgConnection, id: SellerId) -> Result<Option<Seller>> {
    let seller = select_sellers!("where id = $1 for update", id as _).fetch_optional(conn).await?;
    Ok(seller)
}

pub async fn summaries(conn: &mut PgConnection, ids: &[SellerId]) -> Result<Vec<Summary>> {
    let summaries = sqlx::query_as!(
        Summary,
        r#"select id as "id: SellerId", slug, name, kind as "kind: _", status as "status: _", province_code,
                  commune_code, legacy_province_code, demo, closed_from, closed_to
             from sellers
            where id = any($1)
            order by created_at, id"#,
        ids as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(summaries)
}

/// The approved shops with one of these tax codes.
pub async fn holders_of(conn: &mut PgConnection, tax_codes: &[TaxCode]) -> Result<Vec<Holder>> {
    let holders = sqlx::query_as!(
        Holder,
        r#"select id as "seller: SellerId", tax_code as "tax_code!: TaxCode", province_code
             from sellers
            where tax_code = any($1)
              and status = 'approved'
            order by id"#,
        tax_codes as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(holders)
}

pub async fn set_submitted(
    conn: &mut PgConnection,
    id: SellerId,
    status: SellerStatus,
    at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "update sellers
            set status = $2, submitted_at = $3, version = version + 1
          where id = $1",
        id as _,
        status as _,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The status after a verdict; `approved_at` is kept where none is given.
pub async fn set_decided(
    conn: &mut PgConnection,
    id: SellerId,
    status: SellerStatus,
    approved_at: Option<DateTime<Utc>>,
) -> Result<()> {
    sqlx::query!(
        "update sellers
            set status = $2, approved_at = coalesce($3, approved_at), version = version + 1,
                decided_version = version + 1
          where id = $1",
        id as _,
        status as _,
        approved_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The status after a withdrawal; `approved_at` is kept where none is given.
pub async fn set_status(
    conn: &mut PgConnection,
    id: SellerId,
    status: SellerStatus,
    approved_at: Option<DateTime<Utc>>,
) -> Result<()> {
    sqlx::query!(
        "update sellers
            set status = $2, approved_at = coalesce($3, approved_at), version = version + 1
          where id = $1",
        id as _,
        status as _,
        approved_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn set_closure(
    conn: &mut PgConnection,
    id: SellerId,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<()> {
    sqlx::query!(
        "update sellers
            set closed_from = $2, closed_to = $3, version = version + 1
          where id = $1",
        id as _,
        from,
        to,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A household's personal ID as it is kept.
pub async fn sealed_id(conn: &mut PgConnection, id: SellerId) -> Result<Option<Vec<u8>>> {
    let sealed = sqlx::query_scalar!("select personal_id_sealed from sellers where id = $1", id as _)
        .fetch_optional(conn)
        .await?;
    Ok(sealed.flatten())
}

pub async fn is_empty(conn: &mut PgConnection) -> Result<bool> {
    let empty = sqlx::query_scalar!(r#"select not exists (select 1 from sellers) as "empty!""#).fetch_one(conn).await?;
    Ok(empty)
}
