//! The page of one listing: what it is, who vouches for it, what can be ordered.

use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::catalogue::Tag;
use super::super::model::Filter;
use super::super::views::ListingPage;
use super::answer::{PAGE, Reader};
use crate::kernel::Age;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Path, Query};

/// What the caller states.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AgeQuery {
    /// The age the caller states; without it, nothing with a minimum age is shown.
    #[param(value_type = Option<i16>, minimum = 0, maximum = 150)]
    age: Option<Age>,
}

/// One listing, with the certificate behind its stars.
#[utoipa::path(get, path = "/v1/listings/{slug}", tag = "shelf", security(()),
    params(("slug" = String, Path, example = "che-shan-tuyet-ta-leng-hop-200-g"), AgeQuery),
    responses((status = OK, body = ListingPage)))]
pub(super) async fn show_listing(
    reader: Reader,
    Path(slug): Path<String>,
    Query(query): Query<AgeQuery>,
) -> Result<Response> {
    let catalogue = &reader.catalogue;
    let plan = catalogue.plan(&Filter { age: query.age.map(Age::years), ..Filter::default() });
    let listing = catalogue.named(&slug, &plan).or_refuse(&NOT_FOUND)?;
    let mut tag = Tag::new("listing", reader.lang);
    catalogue.tag_page(listing, &mut tag);
    reader.answer(tag, PAGE, |json| catalogue.write_page(listing, reader.lang, json))
}
