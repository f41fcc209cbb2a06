//! Listings by words: the index finds them, the columns say which may be seen and what moves them up.

use std::cmp::Reverse;

use super::Catalogue;
use super::find::{Found, Position};
use super::plan::Plan;
use super::row::Row;
use super::sheet::Written;
use crate::front::shelf::model::{FacetKind, Sort};
use crate::front::shelf::views::SuggestedAs;
use crate::front::shelf::words::{Columns, Doc, Document, Hits, Merit, Query, Suggestion};
use crate::kernel::{Lang, ListingId};
use crate::market::certification::SetNo;
use crate::platform::error::Result;

/// How far anybody can page through what words found.
const DEPTH: usize = 1000;

/// The columns as the words see them.
struct Lent<'a> {
    catalogue: &'a Catalogue,
    plan: &'a Plan,
}

impl Columns for Lent<'_> {
    fn admits(&self, doc: Doc) -> bool {
        self.catalogue.row(doc).is_some_and(|row| self.plan.fits(row))
    }

    fn merit(&self, doc: Doc) -> Merit {
        self.catalogue.row(doc).map_or_else(Merit::default, |row| Merit {
            stars: row.stars,
            rating_tenths: row.rating_tenths,
            rating_count: row.rating_count,
            in_stock: row.in_stock,
            published_day: row.published_day(),
        })
    }

    fn shop(&self, doc: Doc) -> u32 {
        self.catalogue.row(doc).map_or(u32::MAX, |row| row.shop)
    }

    fn id(&self, doc: Doc) -> ListingId {
        self.catalogue.row(doc).map_or(uuid::Uuid::nil(), |row| row.id).into()
    }
}

/// Whether a hit comes behind the position. Hits of one score come in the order of their ids.
fn is_behind(after: Option<Position>, found: &Found) -> bool {
    let rank = |position: Position| (Reverse(position.key), position.id);
    after.is_none_or(|after| rank(found.position) > rank(after))
}

/// What words found.
pub struct Searched {
    /// The page.
    pub page: Vec<Found>,
    /// Everything that has the words, whatever the facets filter; empty where no facets were asked for.
    pub all: Vec<u32>,
    /// Whether the words had to be corrected.
    pub corrected: bool,
}

impl Catalogue {
    /// What somebody typed; `None` if it has neither letters nor digits, which is no filter.
    pub fn understand(&self, typed: &str) -> Option<Query> {
        typed.chars().any(char::is_alphanumeric).then(|| self.words.understand(typed))
    }

    /// The page of listings that have the words, and what `kinds` count.
    pub fn search(
        &self,
        query: &Query,
        plan: &Plan,
        kinds: &[FacetKind],
        (sort, after, wanted): (Sort, Option<Position>, usize),
    ) -> Searched {
        let Hits { best, all, corrected, .. } = self.words.search(query, &Lent { catalogue: self, plan }, DEPTH);
        let page = if sort == Sort::Relevance {
            let ranked = best.into_iter().filter_map(|hit| {
                let id = self.row(hit.doc)?.id.into();
                Some(Found { slot: hit.doc, position: Position { key: i64::from(hit.score), id } })
            });
            ranked.filter(|found| is_behind(after, found)).take(wanted).collect()
        } else {
            self.best_of(all.iter().copied(), plan, sort, after, wanted)
        };
        let all = if kinds.is_empty() { Vec::new() } else { self.hits_beside(query, plan, kinds, all) };
        Searched { page, all, corrected }
    }

    /// All that have the words, whatever the facets filter.
    fn hits_beside(&self, query: &Query, plan: &Plan, kinds: &[FacetKind], found: Vec<u32>) -> Vec<u32> {
        let wider = plan.without(kinds);
        if wider.is_as_wide_as(plan) {
            return found;
        }
        self.words.search(query, &Lent { catalogue: self, plan: &wider }, 0).all
    }

    /// The query in better spelling, where that would find more of what the plan lets be seen.
    pub fn did_you_mean(&self, query: &Query, plan: &Plan) -> Option<String> {
        self.words.did_you_mean(query, &Lent { catalogue: self, plan })
    }

    /// What somebody may be about to type, of what the plan lets be seen.
    ///
    /// # Errors
    /// A fault if a listing's pieces cannot be read.
    pub fn suggestions(&self, typed: &str, plan: &Plan, limit: usize, lang: Lang) -> Result<Vec<SuggestedAs>> {
        let suggestions = self.words.suggest(typed, &Lent { catalogue: self, plan }, limit).into_iter();
        let suggested = suggestions.filter_map(|suggestion| match suggestion {
            Suggestion::Words(words) => Some(Ok(SuggestedAs::Words { words })),
            Suggestion::Listing(slot) => self.sheet(slot).map(|sheet| {
                Ok(SuggestedAs::Listing { slug: sheet.slug.to_string(), title: sheet.words_in(lang)?.title })
            }),
        });
        suggested.collect()
    }

    /// What is searched of a listing that did not change, out of its pieces.
    pub(super) fn document_again<'a>(&'a self, row: &Row, written: &'a Written) -> Option<Document<'a>> {
        let shop = self.shops.get(row.shop);
        // English that says the same as Vietnamese stands for English nobody wrote.
        let own = |en: &'a str, vi: &str| Some(en).filter(|en| *en != vi);
        let english = written.en.as_ref();
        Some(Document {
            title_vi: &written.vi.title,
            title_en: english.and_then(|card| own(&card.title, &written.vi.title)),
            summary_vi: &written.vi.summary,
            summary_en: english.and_then(|card| own(&card.summary, &written.vi.summary)),
            shop: shop.map_or("", |shop| &shop.name),
            set: SetNo::try_from(i16::from(row.set)).ok()?,
            packs: written.page.variants.iter().map(|pack| (pack.name.as_str(), pack.grams)).collect(),
            location: &self.places.get(row.place)?.location,
            ingredients: written.page.label.ingredients.as_deref(),
        })
    }
}
