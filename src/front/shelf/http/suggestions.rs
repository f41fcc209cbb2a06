//! What somebody may be about to type.

use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::super::model::Filter;
use super::super::views::Suggestions;
use super::answer::Reader;
use crate::kernel::{Age, Line};
use crate::platform::error::Result;
use crate::platform::extract::Query;

/// How many suggestions there are at most: as many as fit under a line on a phone.
const MOST: usize = 8;

/// What was typed so far.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SuggestionsQuery {
    /// What was typed so far, with or without accents.
    #[param(value_type = String, max_length = 100, example = "mat o")]
    q: Line<1, 100>,
    /// The age the caller states; without it, nothing with a minimum age is suggested.
    #[param(value_type = Option<i16>, minimum = 0, maximum = 150)]
    age: Option<Age>,
}

/// Go on typing: words that find something, and listings.
#[utoipa::path(get, path = "/v1/suggestions", tag = "shelf", security(()), params(SuggestionsQuery),
    responses((status = OK, body = Suggestions)))]
pub(super) async fn suggest_words(reader: Reader, Query(query): Query<SuggestionsQuery>) -> Result<Response> {
    let catalogue = &reader.catalogue;
    let plan = catalogue.plan(&Filter { age: query.age.map(Age::years), ..Filter::default() });
    let items = catalogue.suggestions(&query.q, &plan, MOST, reader.lang)?;
    let body = serde_json::to_vec(&Suggestions { items })?;
    reader.answer_with("suggestions", body)
}
