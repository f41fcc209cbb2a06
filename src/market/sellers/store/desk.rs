//! What officers see: the shops of their provinces that were ever handed in.

use sqlx::PgConnection;

use crate::kernel::SellerId;
use crate::market::sellers::admin::DeskSeller;
use crate::market::sellers::model::{SellerKind, SellerStatus};
use crate::people::access::Provinces;
use crate::platform::error::Result;

/// Which shops; texts are matched exactly but for `words`, which are folded.
pub struct DeskFilter {
    pub status: Option<SellerStatus>,
    pub kind: Option<SellerKind>,
    pub province: Option<String>,
    pub legacy_province: Option<String>,
    pub commune: Option<String>,
    /// Folded: letters, digits and single spaces only.
    pub words: Option<String>,
    /// Only those with (`true`) or without (`false`) recorded authentication.
    pub authenticated: Option<bool>,
}

/// Shops begun before `before`, the newest first. A draft is nobody's business before it is handed in.
pub async fn page(
    conn: &mut PgConnection,
    provinces: &Provinces,
    filter: &DeskFilter,
    before: Option<SellerId>,
    limit: i64,
) -> Result<Vec<DeskSeller>> {
    let sellers = sqlx::query_as!(
        DeskSeller,
        r#"select id as "id: SellerId", slug, name, kind as "kind: _", status as "status: _", province_code,
                  commune_code, legacy_province_code, demo, submitted_at, approved_at,
                  authentication.method as "authentication_method?: _",
                  authentication.authenticated_at as "authenticated_at?"
             from sellers
             left join lateral (
                  select method, authenticated_at
                    from seller_authentications
                   where seller_id = sellers.id
                   order by recorded_at desc
                   limit 1) as authentication on true
            where province_code = any($1)
              and (submitted_at is not null or approved_at is not null)
              and ($2::text is null or status = $2)
              and ($3::text is null or kind = $3)
              and ($4::text is null or province_code = $4)
              and ($5::text is null or legacy_province_code = $5)
              and ($6::text is null or commune_code = $6)
              and ($7::text is null or ' ' || search_text like '% ' || $7 || '%')
              and ($8::boolean is null or (authentication.method is not null) = $8)
              and ($9::uuid is null or id < $9)
            order by id desc
            limit $10"#,
        provinces.codes(),
        filter.status as _,
        filter.kind as _,
        filter.province,
        filter.legacy_province,
        filter.commune,
        filter.words,
        filter.authenticated,
        before as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(sellers)
}

/// Whether the shop lies in `provinces` and was ever handed in.
pub async fn concerns(conn: &mut PgConnection, provinces: &Provinces, id: SellerId) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (
               select 1
                 from sellers
                where id = $1
                  and province_code = any($2)
                  and (submitted_at is not null or approved_at is not null)) as "found!""#,
        id as _,
        provinces.codes(),
    )
    .fetch_one(conn)
    .await?;
    Ok(found)
}
