//! Lists of listings, with filters, orders and facets.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};

use super::super::model::{Card, CardRow, FacetKind, FewestStars, Filter, Several, Sort};
use super::super::store::{self, Position};
use crate::app::Public;
use crate::kernel::{Age, Lang, Limit, Line, Page, Price, Vnd};
use crate::market::certification::{Group, SetNo, Stars};
use crate::places;
use crate::platform::error::Result;
use crate::platform::etag::Cacheable;
use crate::platform::extract::{Query, after};

/// Which listings, in which order.
#[derive(Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListingsQuery {
    /// Region: its slug.
    #[param(value_type = Option<String>, example = "northern-midlands-mountains")]
    region: Option<Line<1, 80>>,
    /// Province of today: code or slug.
    #[param(value_type = Option<String>, example = "lai-chau")]
    province: Option<Line<1, 80>>,
    /// Province of before 1 July 2025: legacy code or slug.
    #[param(value_type = Option<String>)]
    legacy_province: Option<Line<1, 80>>,
    /// Commune: its code.
    #[param(value_type = Option<String>)]
    commune: Option<Line<5, 5>>,
    /// Product sets, separated by commas.
    #[param(value_type = Option<String>, example = "11,12")]
    set: Option<Several<SetNo>>,
    /// Group of sets.
    group: Option<Group>,
    /// Exactly these stars, separated by commas.
    #[param(value_type = Option<String>, example = "4,5")]
    stars: Option<Several<Stars>>,
    /// At least so many stars.
    #[param(value_type = Option<i16>, minimum = 1, maximum = 5)]
    stars_min: Option<FewestStars>,
    /// Shop: its slug.
    #[param(value_type = Option<String>)]
    seller: Option<Line<1, 120>>,
    /// Lowest price in đồng.
    #[param(value_type = Option<i64>)]
    price_min: Option<Price>,
    /// Highest price in đồng.
    #[param(value_type = Option<i64>)]
    price_max: Option<Price>,
    /// Whether anything must be on the shelf.
    in_stock: Option<bool>,
    /// Words, with or without accents; each fits the beginning of a word.
    #[param(value_type = Option<String>, max_length = 100, example = "che shan tuyet")]
    q: Option<Line<1, 100>>,
    /// The age the caller states; without it, nothing with a minimum age is shown.
    #[param(value_type = Option<i16>, minimum = 0, maximum = 150)]
    age: Option<Age>,
    /// In which order.
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    /// Counts to answer beside the items, separated by commas: `region`, `province`, `legacy_province`,
    /// `set`, `group`, `stars`, `in_stock`. Each counts what the other filters leave.
    #[param(value_type = Option<String>, example = "province,stars")]
    facets: Option<Several<FacetKind>>,
    /// Listings on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "crate::platform::extract::not_of_the_list")]
    after: Option<String>,
}

/// A page of listings.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListingsPage {
    /// The listings.
    items: Vec<Card>,
    /// What to pass as `after` for the next page; null on the last.
    next: Option<String>,
    /// The counts asked for, by facet.
    #[serde(skip_serializing_if = "Option::is_none")]
    facets: Option<BTreeMap<&'static str, Vec<FacetCount>>>,
}

/// How many listings a choice would leave.
#[derive(Debug, Serialize, ToSchema)]
struct FacetCount {
    /// What to pass as the filter's value.
    #[schema(example = "12")]
    value: String,
    /// Listings.
    count: i64,
}

/// Browse what is for sale.
#[utoipa::path(get, path = "/listings", tag = "shelf", security(()), params(ListingsQuery),
    responses((status = OK, body = ListingsPage)))]
pub(super) async fn list_listings(
    public: Public,
    Query(query): Query<ListingsQuery>,
) -> Result<Cacheable<ListingsPage>> {
    let binding = serde_json::to_vec(&query)?;
    let position = after::<Position>(&binding, query.after.as_deref())?;
    let today = public.app().clock.today();
    public
        .see(async |conn| {
            let filter = query.filter(conn).await?;
            let rows = store::page(conn, &filter, query.sort, position, query.limit.fetch(), today).await?;
            let page = Page::cut(rows, query.limit, &binding, |row| Position { key: row.key, id: row.id })?;
            let items = cards(conn, page.items, public.lang, today).await?;
            let facets = facets(conn, &query, &filter, today).await?;
            Ok(Cacheable(ListingsPage { items, next: page.next, facets }))
        })
        .await
}

impl ListingsQuery {
    /// The filter, with places as codes.
    async fn filter(&self, conn: &mut PgConnection) -> Result<Filter> {
        let (province, legacy_province) =
            places::chosen_provinces(conn, self.province.as_deref(), self.legacy_province.as_deref()).await?;
        let filter = Filter {
            region: self.region.as_ref().map(ToString::to_string),
            province,
            legacy_province,
            commune: self.commune.as_ref().map(ToString::to_string),
            sets: self.set.as_ref().map(|sets| sets.values().into_iter().map(SetNo::get).collect()),
            group: self.group,
            stars: self.stars.as_ref().map(|stars| stars.values().into_iter().map(Stars::get).collect()),
            stars_min: self.stars_min.map(FewestStars::get),
            seller: self.seller.as_ref().map(ToString::to_string),
            price_min: self.price_min.map(|price| Vnd::from(price).get()),
            price_max: self.price_max.map(|price| Vnd::from(price).get()),
            in_stock: self.in_stock,
            age: self.age.map(Age::years),
            ..Filter::default()
        };
        Ok(filter.with_words(self.q.as_deref()))
    }
}

/// The rows as cards, with their places.
pub(super) async fn cards(
    conn: &mut PgConnection,
    rows: Vec<CardRow>,
    lang: Lang,
    today: NaiveDate,
) -> Result<Vec<Card>> {
    let pairs: Vec<(&str, &str)> =
        rows.iter().map(|row| (row.commune_code.as_str(), row.legacy_province_code.as_str())).collect();
    let locations = places::locate(conn, &pairs).await?;
    Ok(rows.into_iter().zip(locations).map(|(row, location)| row.into_card(location, lang, today)).collect())
}

async fn facets(
    conn: &mut PgConnection,
    query: &ListingsQuery,
    filter: &Filter,
    today: NaiveDate,
) -> Result<Option<BTreeMap<&'static str, Vec<FacetCount>>>> {
    let Some(wanted) = &query.facets else { return Ok(None) };
    let mut facets = BTreeMap::new();
    for kind in wanted.values() {
        let counts = store::facet(conn, kind, filter, today).await?;
        let counts = counts.into_iter().map(|count| FacetCount { value: count.value, count: count.count });
        facets.insert(kind.name(), counts.collect());
    }
    Ok(Some(facets))
}
