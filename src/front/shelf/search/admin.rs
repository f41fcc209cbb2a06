//! The national operator keeps words and weights, and sees what people looked for in vain. Rows have no id that would mean
//! anything elsewhere; the records of these acts carry the rows themselves.

use std::ops::RangeInclusive;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{Days, Months, NaiveDate};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::super::words::{LIKE_SIGN, LONGEST_PHRASE, SET_SIGN, WEIGHTS, is_phrase};
use super::model::{BoundedWeight, SearchMiss, SearchWeight, SearchWord, WordId};
use super::store::{self, Meaning};
use crate::app::App;
use crate::kernel::{Limit, Line, Page, Text};
use crate::market::certification::SetNo;
use crate::people::access::{ManagePolicies, Officer, require_national};
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, OrRefuse as _, Problem, Result};
use crate::platform::extract::{INVALID, Json, Path, Query, after};

/// A second row would say the same.
pub const SEARCH_WORD_EXISTS: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "search-word-exists",
    vi: "Đã có dòng với hai từ này",
    en: "There is a row with these two words already",
};

/// How far ahead a weight may be announced, in months.
const FARTHEST_MONTHS: u32 = 24;
/// How far back the operator looks for what was not found.
const MISSES_OF: Days = Days::new(30);
/// Rows shown of it.
const MOST_MISSES: i64 = 200;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_search_words, add_search_word))
        .routes(routes!(change_search_word, delete_search_word))
        .routes(routes!(list_search_weights))
        .routes(routes!(set_search_weight))
        .routes(routes!(list_search_misses))
        .layer(DefaultBodyLimit::max(8 * 1024))
}

/// Which words.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SearchWordsQuery {
    /// Only rows with this word on either side.
    #[param(value_type = Option<String>, max_length = 60, example = "heo")]
    word: Option<Line<1, 60>>,
    /// Rows on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// Words that mean the same to the search, those added last first.
#[utoipa::path(get, path = "/search_words", tag = "search", security(("session" = ["policies.manage"])),
    params(SearchWordsQuery), responses((status = OK, body = Page<SearchWord>)))]
async fn list_search_words(
    officer: Officer<ManagePolicies>,
    Query(query): Query<SearchWordsQuery>,
) -> Result<Json<Page<SearchWord>>> {
    let word = query.word.as_deref().map(str::to_lowercase);
    let binding = format!("search_words {word:?}");
    let before = after::<WordId>(binding.as_bytes(), query.after.as_deref())?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            let words = store::words(conn, word.as_deref(), before, query.limit.fetch()).await?;
            Ok(Json(Page::cut(words, query.limit, binding.as_bytes(), |word| word.id)?))
        })
        .await
}

/// Words that mean the same.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "typed": "bắp nếp", "means": "ngô nếp", "mutual": true, "note": "Tiếng miền Nam" }))]
struct SearchWordForm {
    /// Who types this, up to eight words, …
    #[schema(value_type = String, min_length = 1, max_length = 60)]
    typed: Line<1, 60>,
    /// … is also answered by this: words, `#` and the number of a product set, `@` and words with all that they mean, or
    /// nothing, for words by which goods do not differ.
    #[schema(value_type = String, max_length = 60)]
    means: Line<0, 60>,
    /// Whether it holds the other way round, too; only of words.
    mutual: bool,
    /// Why it is there.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 300)]
    #[serde(default)]
    note: Option<Line<1, 300>>,
}

/// The same in lower case, as it is kept.
struct Lowered {
    typed: String,
    means: String,
    mutual: bool,
    note: Option<Line<1, 300>>,
}

impl SearchWordForm {
    fn lowered(self) -> Result<Lowered> {
        let (typed, means) = (self.typed.to_lowercase(), self.means.to_lowercase());
        let wrong = |at: &str, why: &str| Err(Error::from(&INVALID).at(at, why));
        let no_phrase = format!("phải có từ 1 đến {LONGEST_PHRASE} từ / must have 1 to {LONGEST_PHRASE} words");
        let (set, like) = (means.strip_prefix(SET_SIGN), means.strip_prefix(LIKE_SIGN));
        let said = like.map_or(means.as_str(), str::trim);
        if typed.starts_with([SET_SIGN, LIKE_SIGN]) || !is_phrase(&typed) {
            return wrong("typed", &no_phrase);
        }
        if set.is_some_and(|number| !number.parse().is_ok_and(|number: i16| SetNo::try_from(number).is_ok())) {
            return wrong("means", "phải là số của một bộ sản phẩm / must be the number of a product set");
        }
        if said == typed {
            return wrong("means", "phải là từ khác / must be another word");
        }
        if !means.is_empty() && !is_phrase(said) {
            return wrong("means", &no_phrase);
        }
        if self.mutual && (set.is_some() || like.is_some() || means.is_empty()) {
            return wrong("mutual", "chỉ từ mới có hai chiều / only words hold both ways");
        }
        Ok(Lowered { typed, means, mutual: self.mutual, note: self.note })
    }
}

impl Lowered {
    fn meaning(&self) -> Meaning<'_> {
        Meaning { typed: &self.typed, means: &self.means, mutual: self.mutual, note: self.note.as_deref() }
    }
}

/// Let the search take words for the same, at once.
#[utoipa::path(post, path = "/search_words", tag = "search", security(("session" = ["policies.manage"])),
    responses((status = CREATED, body = SearchWord)))]
async fn add_search_word(
    officer: Officer<ManagePolicies>,
    Json(form): Json<SearchWordForm>,
) -> Result<(StatusCode, Json<SearchWord>)> {
    let form = form.lowered()?;
    officer
        .act_noting(Uuid::nil(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            let added = store::insert_word(conn, &form.meaning()).await;
            let added = added.on_constraint("search_words_key", &SEARCH_WORD_EXISTS)?;
            let noted = serde_json::to_value(&added)?;
            Ok(((StatusCode::CREATED, Json(added)), noted))
        })
        .await
}

/// A row of words in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct SearchWordPath {
    word_id: WordId,
}

/// Change a row of words, at once.
#[utoipa::path(put, path = "/search_words/{word_id}", tag = "search", security(("session" = ["policies.manage"])),
    params(("word_id" = WordId, Path)), responses((status = OK, body = SearchWord)))]
async fn change_search_word(
    officer: Officer<ManagePolicies>,
    Path(path): Path<SearchWordPath>,
    Json(form): Json<SearchWordForm>,
) -> Result<Json<SearchWord>> {
    let form = form.lowered()?;
    officer
        .act_noting(Uuid::nil(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            let changed = store::set_word(conn, path.word_id, &form.meaning()).await;
            let changed = changed.on_constraint("search_words_key", &SEARCH_WORD_EXISTS)?.or_refuse(&NOT_FOUND)?;
            let noted = serde_json::to_value(&changed)?;
            Ok((Json(changed), noted))
        })
        .await
}

/// Take a row of words away, at once.
#[utoipa::path(delete, path = "/search_words/{word_id}", tag = "search",
    security(("session" = ["policies.manage"])), params(("word_id" = WordId, Path)),
    responses((status = NO_CONTENT)))]
async fn delete_search_word(officer: Officer<ManagePolicies>, Path(path): Path<SearchWordPath>) -> Result<StatusCode> {
    officer
        .act_noting(Uuid::nil(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            let deleted = store::delete_word(conn, path.word_id).await?.or_refuse(&NOT_FOUND)?;
            Ok((StatusCode::NO_CONTENT, serde_json::to_value(deleted)?))
        })
        .await
}

/// Every weight of the ranking, past, present and to come, and what it may be.
#[utoipa::path(get, path = "/search_weights", tag = "search", security(("session" = ["policies.manage"])),
    responses((status = OK, body = Vec<BoundedWeight>)))]
async fn list_search_weights(officer: Officer<ManagePolicies>) -> Result<Json<Vec<BoundedWeight>>> {
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            Ok(Json(store::weights(conn, None).await?.into_iter().map(bounded).collect()))
        })
        .await
}

/// What a weight of that name may be; none if there is no such weight.
fn bounds(name: &str) -> Option<RangeInclusive<i32>> {
    WEIGHTS.iter().find(|(known, _)| *known == name).map(|(_, bounds)| bounds.clone())
}

fn bounded(weight: SearchWeight) -> BoundedWeight {
    let (least, most) = bounds(&weight.name).map(RangeInclusive::into_inner).unzip();
    BoundedWeight { weight, least, most }
}

/// A weight in the path.
#[derive(Debug, Deserialize)]
struct SearchWeightPath {
    name: Line<1, 60>,
}

/// What a weight is from a day on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "value": 40,
    "effective_from": "2027-03-01",
    "why_vi": "Sao OCOP còn hiệu lực được tính nhiều hơn",
    "why_en": "Valid OCOP stars count for more"
}))]
struct SearchWeightForm {
    /// How much it counts: between `least` and `most` of its row in the list.
    #[schema(minimum = 0, maximum = 10_000)]
    value: i32,
    /// The first day: today or later, at most two years ahead. What was to begin on it or later is withdrawn.
    effective_from: NaiveDate,
    /// What it is for, as the policy on ranking states it.
    #[schema(value_type = String, min_length = 3, max_length = 500)]
    why_vi: Text<3, 500>,
    /// The same in English.
    #[schema(value_type = String, min_length = 3, max_length = 500)]
    why_en: Text<3, 500>,
}

impl SearchWeightForm {
    fn into_weight(self, name: String, today: NaiveDate) -> Result<SearchWeight> {
        let latest = today + Months::new(FARTHEST_MONTHS);
        let bounds = bounds(&name).or_refuse(&NOT_FOUND)?;
        if !bounds.contains(&self.value) {
            let (least, most) = bounds.into_inner();
            let why = format!("phải từ {least} đến {most} / must lie between {least} and {most}");
            return Err(Error::from(&INVALID).at("value", why));
        }
        if !(today..=latest).contains(&self.effective_from) {
            let why = format!("phải từ {today} đến {latest} / must lie between {today} and {latest}");
            return Err(Error::from(&INVALID).at("effective_from", why));
        }
        Ok(SearchWeight {
            name,
            value: self.value,
            effective_from: self.effective_from,
            effective_to: None,
            why_vi: self.why_vi.into_inner(),
            why_en: self.why_en.into_inner(),
        })
    }
}

/// Set what a weight is from a day on. It stands in the policy on ranking from then. What was in force before today stays
/// on record; what begins today or later can be set anew.
#[utoipa::path(put, path = "/search_weights/{name}", tag = "search", security(("session" = ["policies.manage"])),
    params(("name" = String, Path, example = "star")), responses((status = OK, body = SearchWeight)))]
async fn set_search_weight(
    officer: Officer<ManagePolicies>,
    Path(path): Path<SearchWeightPath>,
    Json(form): Json<SearchWeightForm>,
) -> Result<Json<SearchWeight>> {
    let weight = form.into_weight(path.name.into_inner(), officer.app().clock.today())?;
    officer
        .act_noting(Uuid::nil(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            store::lock_weight(conn, &weight.name).await?;
            let withdrawn = store::withdraw_weights(conn, &weight.name, weight.effective_from).await?;
            store::insert_weight(conn, &weight).await?;
            let noted = serde_json::json!({ "set": &weight, "withdrawn": withdrawn });
            Ok((Json(weight.clone()), noted))
        })
        .await
}

/// What was looked for in vain in the last 30 days, by the province asked for, the most often first. What hardly anybody
/// looked for is not shown.
#[utoipa::path(get, path = "/search_misses", tag = "search", security(("session" = ["policies.manage"])),
    responses((status = OK, body = Vec<SearchMiss>)))]
async fn list_search_misses(officer: Officer<ManagePolicies>) -> Result<Json<Vec<SearchMiss>>> {
    let since = officer.app().clock.today() - MISSES_OF;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            Ok(Json(store::misses(conn, since, MOST_MISSES).await?))
        })
        .await
}
