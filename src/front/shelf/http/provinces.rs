//! Provinces, with what each has on the shelf.

use axum::response::Response;

use super::super::catalogue::Catalogue;
use super::super::views::{ProvinceView, Shelved};
use super::answer::Reader;
use crate::places::Province;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::Path;

/// The provinces, with counts of listings by stars.
#[utoipa::path(get, path = "/v1/provinces", tag = "shelf", security(()),
    responses((status = OK, body = Vec<ProvinceView>)))]
pub(super) async fn list_provinces(reader: Reader) -> Result<Response> {
    let views: Vec<ProvinceView> =
        reader.catalogue.common().provinces.iter().map(|province| view(&reader.catalogue, province)).collect();
    reader.answer_with("provinces", serde_json::to_vec(&views)?)
}

/// One province, by code or slug.
#[utoipa::path(get, path = "/v1/provinces/{slug}", tag = "shelf", security(()),
    params(("slug" = String, Path, example = "lai-chau")), responses((status = OK, body = ProvinceView)))]
pub(super) async fn show_province(reader: Reader, Path(slug): Path<String>) -> Result<Response> {
    let province = reader.catalogue.province(&slug).or_refuse(&NOT_FOUND)?;
    reader.answer_with("provinces", serde_json::to_vec(&view(&reader.catalogue, province))?)
}

fn view(catalogue: &Catalogue, province: &Province) -> ProvinceView {
    let mut listings = Shelved::default();
    for (stars, count) in catalogue.stars_in(&province.code) {
        listings.total += i64::from(count);
        if let Some(stars) = stars {
            *listings.by_stars.entry(stars).or_default() += i64::from(count);
        }
    }
    ProvinceView {
        listings,
        code: province.code.clone(),
        slug: province.slug.clone(),
        name: province.name_vi.clone(),
        full_name: province.full_name_vi.clone(),
        name_en: province.name_en.clone(),
        region: province.region.clone(),
        kind: province.kind,
        legacy_names: province.legacy_names.clone(),
    }
}
