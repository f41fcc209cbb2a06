//! Provinces, with what each has on the shelf.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::super::store;
use crate::app::Public;
use crate::places::{self, Province, ProvinceKind};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::etag::Cacheable;
use crate::platform::extract::Path;

/// A province and what it has on the shelf.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProvinceView {
    /// Two-digit code of the current list.
    #[schema(example = "12")]
    code: String,
    /// Names it in addresses and filters.
    #[schema(example = "lai-chau")]
    slug: String,
    /// Name without "Tỉnh" or "Thành phố".
    #[schema(example = "Lai Châu")]
    name: String,
    /// Name with it.
    #[schema(example = "Tỉnh Lai Châu")]
    full_name: String,
    /// Name in English.
    name_en: String,
    /// Slug of its region.
    region: String,
    /// What it is.
    kind: ProvinceKind,
    /// Names of the provinces it was formed from, where they were others.
    legacy_names: Vec<String>,
    /// Listings on the shelf.
    listings: Shelved,
}

/// Listings on the shelf that need no age stated.
#[derive(Debug, Default, Serialize, ToSchema)]
struct Shelved {
    /// All of them.
    total: i64,
    /// Those with stars valid today, by stars.
    #[schema(example = json!({ "3": 120, "4": 31, "5": 2 }))]
    by_stars: BTreeMap<i16, i64>,
}

/// The provinces, with counts of listings by stars.
#[utoipa::path(get, path = "/provinces", tag = "shelf", security(()),
    responses((status = OK, body = Vec<ProvinceView>)))]
pub(super) async fn list_provinces(public: Public) -> Result<Cacheable<Vec<ProvinceView>>> {
    let today = public.app().clock.today();
    public
        .see(async |conn| {
            let provinces = places::list_provinces(conn).await?;
            Ok(Cacheable(views(conn, provinces, today).await?))
        })
        .await
}

/// One province, by code or slug.
#[utoipa::path(get, path = "/provinces/{slug}", tag = "shelf", security(()),
    params(("slug" = String, Path, example = "lai-chau")), responses((status = OK, body = ProvinceView)))]
pub(super) async fn show_province(public: Public, Path(slug): Path<String>) -> Result<Cacheable<ProvinceView>> {
    let today = public.app().clock.today();
    public
        .see(async |conn| {
            let province = places::province(conn, &slug).await?.or_refuse(&NOT_FOUND)?;
            let view = views(conn, vec![province], today).await?.pop();
            Ok(Cacheable(view.or_refuse(&NOT_FOUND)?))
        })
        .await
}

async fn views(conn: &mut PgConnection, provinces: Vec<Province>, today: NaiveDate) -> Result<Vec<ProvinceView>> {
    let mut shelved = BTreeMap::<String, Shelved>::new();
    for count in store::province_counts(conn, today).await? {
        let province = shelved.entry(count.province_code).or_default();
        province.total += count.count;
        if let Some(stars) = count.stars {
            province.by_stars.insert(stars, count.count);
        }
    }
    let view = |province: Province| ProvinceView {
        listings: shelved.remove(&province.code).unwrap_or_default(),
        code: province.code,
        slug: province.slug,
        name: province.name_vi,
        full_name: province.full_name_vi,
        name_en: province.name_en,
        region: province.region,
        kind: province.kind,
        legacy_names: province.legacy_names,
    };
    Ok(provinces.into_iter().map(view).collect())
}
