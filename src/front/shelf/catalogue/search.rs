//! Listings by words: the index finds them, the columns say which may be seen and what moves them up.

use std::cmp::Reverse;

use uuid::Uuid;

use super::Catalogue;
use super::find::{Found, Position, best_of};
use super::grid::Sieve;
use super::plan::Plan;
use super::row::Row;
use super::sheet::Written;
use crate::front::shelf::model::{FacetKind, Sort};
use crate::front::shelf::views::SuggestedAs;
use crate::front::shelf::words::{Admitted, Columns, Doc, Document, Hit, Hits, Known, Query, Suggestion};
use crate::kernel::{Lang, ListingId};
use crate::market::certification::SetNo;
use crate::platform::error::Result;

/// How far anybody can page through what words found.
const DEPTH: usize = 1000;

/// The columns as the words see them. Rows lie far apart, and most words find many more listings than anybody sees: so
/// whatever the grid can tell is asked of the grid.
struct Lent<'a> {
    catalogue: &'a Catalogue,
    plan: &'a Plan,
    sieve: Sieve,
    /// Whether the plan asks of more than dimensions.
    asks_rows: bool,
}

impl<'a> Lent<'a> {
    fn new(catalogue: &'a Catalogue, plan: &'a Plan, kinds: &[FacetKind]) -> Self {
        Self { catalogue, plan, sieve: catalogue.sieve(plan, kinds), asks_rows: plan.asks_beside() }
    }

    fn row_fits(&self, doc: Doc) -> bool {
        self.catalogue.row(doc).is_some_and(|row| self.plan.fits_beside(row))
    }
}

impl Columns for Lent<'_> {
    fn admits(&self, doc: Doc) -> Admitted {
        match self.sieve.admits(self.catalogue.grid.cell(doc)) {
            Admitted::No => Admitted::No,
            _ if self.asks_rows && !self.row_fits(doc) => Admitted::No,
            admitted => admitted,
        }
    }

    fn known(&self, doc: Doc) -> Known {
        self.catalogue.known.get(doc).copied().unwrap_or_default()
    }

    fn id(&self, doc: Doc) -> ListingId {
        self.catalogue.row(doc).map_or(Uuid::nil(), |row| row.ranks.id).into()
    }
}

/// What words found.
pub struct Searched {
    /// The page.
    pub page: Vec<Found>,
    /// Everything that has the words and counts: the hits, and those that a counted facet alone keeps from being one.
    pub counted: Vec<u32>,
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
        let depth = match (sort, after) {
            (Sort::Relevance, None) => wanted.min(DEPTH),
            (Sort::Relevance, Some(_)) => DEPTH,
            _ => 0,
        };
        let hits = self.words.search(query, &Lent::new(self, plan, kinds), depth);
        let Hits { best, all: mut counted, beside, corrected, .. } = hits;
        let page = if sort == Sort::Relevance {
            self.ranked_behind(&best, after).take(wanted).collect()
        } else {
            let rows = self.rows_of(counted.iter().copied());
            best_of(rows.map(|(slot, row)| (slot, &row.ranks)), sort, after, wanted)
        };
        counted.extend(beside);
        Searched { page, counted, corrected }
    }

    /// The hits behind the position, in their order. The score in a position holds only where it was made: another
    /// instance, and this one after a restart, may have counted the rarity of words on another day. So the listing itself
    /// is looked for, and its score is asked only if it is no hit any more.
    fn ranked_behind(&self, best: &[Hit], after: Option<Position>) -> impl Iterator<Item = Found> {
        let slot = after.and_then(|after| self.slots.get(&after.id.as_uuid()));
        let at = best.iter().position(|hit| Some(hit.doc) == slot);
        let rest = best.iter().skip(at.map_or(0, |at| at + 1));
        let found = rest.filter_map(|hit| {
            let id = self.row(hit.doc)?.ranks.id.into();
            Some(Found { slot: hit.doc, position: Position { key: i64::from(hit.score), id } })
        });
        // Hits of one score come in the order of their ids.
        let rank = |position: Position| (Reverse(position.key), position.id);
        found.filter(move |found| at.is_some() || after.is_none_or(|after| rank(found.position) > rank(after)))
    }

    /// Whether the words find anything that fits.
    pub fn has(&self, query: &Query, plan: &Plan) -> bool {
        !self.words.search(query, &Lent::new(self, plan, &[]), 0).all.is_empty()
    }

    /// The query in better spelling, where that would find more of what the plan lets be seen.
    pub fn did_you_mean(&self, query: &Query, plan: &Plan) -> Option<String> {
        self.words.did_you_mean(query, &Lent::new(self, plan, &[]))
    }

    /// What somebody may be about to type, of what the plan lets be seen.
    ///
    /// # Errors
    /// A fault if a listing's pieces cannot be read.
    pub fn suggestions(&self, typed: &str, plan: &Plan, limit: usize, lang: Lang) -> Result<Vec<SuggestedAs>> {
        let suggestions = self.words.suggest(typed, &Lent::new(self, plan, &[]), limit).into_iter();
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
