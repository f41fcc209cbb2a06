//! What everybody may see: approved shops.

use sqlx::PgConnection;

use crate::kernel::SellerId;
use crate::market::sellers::model::{Seller, SellerKind};
use crate::platform::error::Result;

/// Which shops; texts are matched exactly but for `words`, which are folded.
pub struct ShopFilter<'a> {
    pub province: Option<&'a str>,
    pub legacy_province: Option<&'a str>,
    pub commune: Option<&'a str>,
    pub kind: Option<SellerKind>,
    /// Folded: letters, digits and single spaces only.
    pub words: Option<&'a str>,
}

/// Approved shops by slug; `after` is the slug of the last one of the page before.
pub async fn page(
    conn: &mut PgConnection,
    filter: &ShopFilter<'_>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Seller>> {
    let sellers = sqlx::query_as!(
        Seller,
        r#"select id as "id: SellerId", slug, status as "status: _", kind as "kind: _", name, legal_name,
                  representative, tax_code as "tax_code: _", personal_id_last, phone as "phone: _",
                  email as "email: _", public_contact, province_code, commune_code, legacy_province_code, street,
                  about_vi, about_en, closed_from, closed_to, demo, version, decided_version, created_at,
                  submitted_at, approved_at
             from sellers
            where status = 'approved'
              and ($1::text is null or province_code = $1)
              and ($2::text is null or legacy_province_code = $2)
              and ($3::text is null or commune_code = $3)
              and ($4::text is null or kind = $4)
              and ($5::text is null or ' ' || search_text like '% ' || $5 || '%')
              and ($6::text is null or slug > $6)
            order by slug
            limit $7"#,
        filter.province,
        filter.legacy_province,
        filter.commune,
        filter.kind as _,
        filter.words,
        after,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(sellers)
}

/// The approved shop of this slug.
pub async fn find(conn: &mut PgConnection, slug: &str) -> Result<Option<Seller>> {
    let seller = sqlx::query_as!(
        Seller,
        r#"select id as "id: SellerId", slug, status as "status: _", kind as "kind: _", name, legal_name,
                  representative, tax_code as "tax_code: _", personal_id_last, phone as "phone: _",
                  email as "email: _", public_contact, province_code, commune_code, legacy_province_code, street,
                  about_vi, about_en, closed_from, closed_to, demo, version, decided_version, created_at,
                  submitted_at, approved_at
             from sellers
            where slug = $1
              and status = 'approved'"#,
        slug,
    )
    .fetch_optional(conn)
    .await?;
    Ok(seller)
}
