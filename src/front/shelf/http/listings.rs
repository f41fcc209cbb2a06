//! Lists of listings, with filters, orders, facets and words.

use std::collections::BTreeMap;

use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::super::catalogue::{Catalogue, Found, Plan, Position, Tag};
use super::super::model::{FacetKind, FewestStars, Filter, Several, Sort, View};
use super::super::views::{FacetCount, ListingsPage, ListingsTail};
use super::answer::{CARD, PAGE, Reader};
use crate::kernel::{Age, Cursor, Lang, Limit, Line, Price, Vnd};
use crate::market::certification::{Group, SetNo, Stars};
use crate::platform::error::{Error, INVALID, Result};
use crate::platform::extract::{Query, after};

/// Which listings, in which order.
#[derive(Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListingsQuery {
    /// Region: its slug.
    #[param(value_type = Option<String>, example = "trung-du-va-mien-nui-phia-bac")]
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
    /// Words as people type them: with or without accents, in Vietnamese or English, with a letter wrong.
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
    #[serde(skip_serializing_if = "crate::platform::extract::not_of_the_list")]
    #[param(value_type = Option<String>, example = "province,stars")]
    facets: Option<Several<FacetKind>>,
    /// Cards, or all that the page of a listing shows.
    #[serde(default, skip_serializing_if = "crate::platform::extract::not_of_the_list")]
    #[param(inline)]
    view: View,
    /// Listings on the page.
    #[serde(default, skip_serializing_if = "crate::platform::extract::not_of_the_list")]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "crate::platform::extract::not_of_the_list")]
    after: Option<String>,
}

/// Browse what is for sale.
#[utoipa::path(get, path = "/v1/listings", tag = "shelf", security(()), params(ListingsQuery),
    responses((status = OK, body = ListingsPage)))]
pub(super) async fn list_listings(reader: Reader, Query(query): Query<ListingsQuery>) -> Result<Response> {
    let catalogue = &reader.catalogue;
    // Only a list of several pages is bound to anything.
    let binding = || serde_json::to_vec(&query);
    let position = match &query.after {
        Some(cursor) => after::<Position>(&binding()?, Some(cursor))?,
        None => None,
    };
    let filter = query.filter(catalogue)?;
    let mut found = query.find(catalogue, &catalogue.plan(&filter), position);
    if found.page.is_empty() && position.is_none() {
        note_if_missing(&reader, &filter, query.q.as_deref());
    }
    let more = found.page.len() > query.limit.items();
    found.page.truncate(query.limit.items());
    let last = found.page.last().filter(|_| more);
    let next = match last {
        Some(last) => Some(Cursor::encode(&binding()?, &last.position)?),
        None => None,
    };
    let tail = serde_json::to_vec(&ListingsTail { next, ..found.tail })?;
    let mut tag = Tag::new(query.view.name(), reader.lang);
    tag.add(&tail);
    found.page.iter().for_each(|found| query.view.tag(catalogue, found.slot, &mut tag));
    let each = if query.view == View::Full { PAGE } else { CARD };
    reader.answer(tag, each * (found.page.len() + 1) + tail.len(), |json| {
        query.view.write(catalogue, &found.page, &tail, (reader.lang, json))
    })
}

/// Notes the words if nothing in the province has them, at any age, price or number of stars. Who names a former province
/// is noted with what became of it.
fn note_if_missing(reader: &Reader, filter: &Filter, typed: Option<&str>) {
    let catalogue = &reader.catalogue;
    let former = filter.legacy_province.as_deref().and_then(|code| catalogue.legacy_province(code));
    let province = filter.province.as_ref().or(former.map(|former| &former.successor_code));
    let Some((typed, words)) = typed.and_then(|typed| Some((typed, catalogue.understand(typed)?))) else { return };
    let anything = Filter { province: province.cloned(), age: Some(i16::MAX), ..Filter::default() };
    if !catalogue.has(&words, &catalogue.plan(&anything)) {
        reader.note_miss(province.map(String::as_str), typed);
    }
}

/// What a query found.
struct Findings<'a> {
    /// One more than the page has, if another follows.
    page: Vec<Found>,
    /// All but where the next page begins.
    tail: ListingsTail<'a>,
}

impl ListingsQuery {
    /// The filter, with places as codes.
    fn filter(&self, catalogue: &Catalogue) -> Result<Filter> {
        let (province, legacy_province) =
            chosen_provinces(catalogue, self.province.as_deref(), self.legacy_province.as_deref())?;
        Ok(Filter {
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
        })
    }

    fn find<'a>(&self, catalogue: &'a Catalogue, plan: &Plan, position: Option<Position>) -> Findings<'a> {
        let kinds = self.facets.as_ref().map(Several::values);
        let kinds = kinds.as_deref();
        let wanted = self.limit.items() + 1;
        let Some(words) = self.q.as_deref().and_then(|typed| catalogue.understand(typed)) else {
            let facets = kinds.map(|kinds| facets(catalogue, plan, kinds, None));
            let page = catalogue.page(plan, self.sort, position, wanted);
            return Findings { page, tail: ListingsTail { facets, ..ListingsTail::default() } };
        };
        let found = catalogue.search(&words, plan, kinds.unwrap_or_default(), (self.sort, position, wanted));
        let facets = kinds.map(|kinds| facets(catalogue, plan, kinds, Some(&found.counted)));
        let did_you_mean = catalogue.did_you_mean(&words, plan);
        let tail = ListingsTail { next: None, facets, corrected: Some(found.corrected), did_you_mean };
        Findings { page: found.page, tail }
    }
}

fn facets<'a>(
    catalogue: &'a Catalogue,
    plan: &Plan,
    kinds: &[FacetKind],
    hits: Option<&[u32]>,
) -> BTreeMap<&'static str, Vec<FacetCount<'a>>> {
    let count = |(value, count): (&'a str, u32)| FacetCount { value, count: count.into() };
    let counts = catalogue.counts(plan, kinds, hits).into_iter();
    let counts = counts.map(|counts| counts.into_iter().map(count).collect());
    kinds.iter().map(|kind| kind.name()).zip(counts).collect()
}

/// The codes of the provinces a caller chose by code or slug, today's and the former one.
///
/// # Errors
/// A province nobody knows is a wrong value of the query parameter `province` or `legacy_province`.
pub(super) fn chosen_provinces(
    catalogue: &Catalogue,
    named: Option<&str>,
    named_legacy: Option<&str>,
) -> Result<(Option<String>, Option<String>)> {
    let unknown = |at: &str| {
        Error::from(&INVALID)
            .at(at, "phải là mã hoặc tên rút gọn của một tỉnh / must be the code or slug of a province")
    };
    let province = named.map(|named| catalogue.province(named).ok_or_else(|| unknown("province"))).transpose()?;
    let legacy = named_legacy
        .map(|named| catalogue.legacy_province(named).ok_or_else(|| unknown("legacy_province")))
        .transpose()?;
    Ok((province.map(|province| province.code.clone()), legacy.map(|province| province.code.clone())))
}

impl View {
    fn tag(self, catalogue: &Catalogue, listing: u32, tag: &mut Tag) {
        match self {
            Self::Card => catalogue.tag_card(listing, tag),
            Self::Full => catalogue.tag_page(listing, tag),
        }
    }

    fn write(
        self,
        catalogue: &Catalogue,
        page: &[Found],
        tail: &[u8],
        (lang, json): (Lang, &mut Vec<u8>),
    ) -> Result<()> {
        json.extend_from_slice(b"{\"items\":[");
        for (at, found) in page.iter().enumerate() {
            if at > 0 {
                json.push(b',');
            }
            match self {
                Self::Card => catalogue.write_card(found.slot, lang, json)?,
                Self::Full => catalogue.write_page(found.slot, lang, json)?,
            }
        }
        json.extend_from_slice(b"],");
        // The tail is an object of its own: its members go on where the items end.
        json.extend_from_slice(&tail[1..]);
        Ok(())
    }
}
