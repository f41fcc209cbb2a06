//! What everybody sees of a shop: what the law wants published, and no more.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::super::catalogue::{Catalogue, ShopFilter, Tag};
use super::super::views::{SellerCard, SellerPage};
use super::answer::{CARD, PAGE, Reader};
use super::listings::chosen_provinces;
use crate::kernel::text::fold;
use crate::kernel::{Cursor, Limit, Line, Page};
use crate::market::sellers::SellerKind;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Path, Query, after};

/// Which shops.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SellersQuery {
    /// Province of today: code or slug.
    #[param(value_type = Option<String>, example = "lai-chau")]
    province: Option<Line<1, 80>>,
    /// Province of before 1 July 2025: legacy code or slug.
    #[param(value_type = Option<String>, example = "ha-giang")]
    legacy_province: Option<Line<1, 80>>,
    /// Commune: its code.
    #[param(value_type = Option<String>, example = "03394")]
    commune: Option<Line<5, 5>>,
    /// Who sells.
    kind: Option<SellerKind>,
    /// The beginning of a word of the name, with or without accents, and what follows it.
    #[param(value_type = Option<String>, max_length = 100)]
    q: Option<Line<1, 100>>,
    /// Shops on the page.
    #[serde(default, skip_serializing_if = "crate::platform::extract::not_of_the_list")]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "crate::platform::extract::not_of_the_list")]
    after: Option<String>,
}

/// Approved shops, by their names in addresses.
#[utoipa::path(get, path = "/v1/sellers", tag = "sellers", security(()), params(SellersQuery),
    responses((status = OK, body = Page<SellerCard>)))]
pub(super) async fn list_sellers(reader: Reader, Query(query): Query<SellersQuery>) -> Result<Response> {
    let catalogue = &reader.catalogue;
    let binding = serde_json::to_vec(&("sellers", &query))?;
    let position = after::<Line<1, 120>>(&binding, query.after.as_deref())?;
    let filter = query.filter(catalogue)?;
    let mut shops = catalogue.shops(&filter, position.as_deref(), query.limit.items() + 1);
    let more = shops.len() > query.limit.items();
    shops.truncate(query.limit.items());
    let last = shops.last().filter(|_| more);
    let next = serde_json::to_vec(&last.map(|last| Cursor::encode(&binding, &last.slug.as_ref())).transpose()?)?;
    let mut tag = Tag::new("sellers", reader.lang);
    tag.add(&next);
    for shop in &shops {
        catalogue.tag_shop(shop, &mut tag);
    }
    reader.answer(tag, CARD * (shops.len() + 1), |json| {
        json.extend_from_slice(b"{\"items\":[");
        for (at, shop) in shops.iter().enumerate() {
            if at > 0 {
                json.push(b',');
            }
            catalogue.write_shop_card(shop, json);
        }
        json.extend_from_slice(b"],\"next\":");
        json.extend_from_slice(&next);
        json.push(b'}');
        Ok(())
    })
}

impl SellersQuery {
    /// The filter, with places as codes.
    fn filter(&self, catalogue: &Catalogue) -> Result<ShopFilter> {
        let (province, legacy_province) =
            chosen_provinces(catalogue, self.province.as_deref(), self.legacy_province.as_deref())?;
        Ok(ShopFilter {
            province,
            legacy_province,
            commune: self.commune.as_ref().map(ToString::to_string),
            kind: self.kind,
            words: self.q.as_deref().map(fold).filter(|words| !words.is_empty()),
        })
    }
}

/// A shop's page: who stands behind it.
#[utoipa::path(get, path = "/v1/sellers/{slug}", tag = "sellers", security(()),
    params(("slug" = String, Path, example = "hop-tac-xa-tra-sin-suoi-ho")),
    responses((status = OK, body = SellerPage)))]
pub(super) async fn show_seller(reader: Reader, Path(slug): Path<Line<1, 120>>) -> Result<Response> {
    let catalogue = &reader.catalogue;
    let shop = catalogue.shop(&slug).or_refuse(&NOT_FOUND)?;
    let mut tag = Tag::new("seller", reader.lang);
    catalogue.tag_shop(shop, &mut tag);
    reader.answer(tag, PAGE, |json| {
        catalogue.write_shop_page(shop, json);
        Ok(())
    })
}
