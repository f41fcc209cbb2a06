//! What listings and their certificates say alike, learnt from some of them.

use std::sync::Arc;

use super::Catalogue;
use super::certificate;
use super::pressed::Phrases;
use super::sheet::Draft;
use crate::front::shelf::facts::{Batch, Listing};
use crate::market::certification::Group;
use crate::platform::error::Result;

/// What many of the same kind say.
#[derive(Debug, Default)]
pub struct Phrasebook {
    pub cards: Phrases,
    pub pages: Phrases,
    pub certificates: Phrases,
}

/// In so many listings there is memory enough for everything as it is written out. To write out a pressed card takes half a
/// microsecond longer, a page three; a hundred thousand listings take 230 MB less, and as they lie outside of the
/// processor's caches are written out no slower.
const ROOM: usize = 30_000;

/// Whether the pieces of so many listings are to be pressed.
pub const fn is_worthwhile(listings: usize) -> bool {
    listings > ROOM
}

/// So many listings at least tell what listings say.
const FEWEST: usize = 100;

/// Of how many, spread evenly, it is taken: twice as many at most. They fill a phrasebook in most cases.
const SOME: usize = 16;

fn some_of<T>(all: &[T]) -> impl Iterator<Item = &T> {
    all.iter().step_by((all.len() / SOME).max(1))
}

impl Catalogue {
    /// Learns what listings say from the first batch that is large enough to tell, in a catalogue that is to be pressed; what
    /// was written before then stays as it is. A marketplace that grew beyond its room is pressed from the next start on.
    pub(super) fn learn_phrases(&mut self, batch: &Batch) -> Result<()> {
        if !self.pressed || !self.phrasebook.pages.is_empty() {
            return Ok(());
        }
        let listings = batch.listings.iter().filter_map(|(_, listing)| listing.as_ref());
        let group = |listing: &Listing| self.group(u8::try_from(listing.set_no.get()).ok()?);
        let listings: Vec<(&Listing, Group)> =
            listings.filter_map(|listing| Some((listing, group(listing)?))).collect();
        if listings.len() < FEWEST {
            return Ok(());
        }
        let drafts = some_of(&listings).map(|(listing, group)| Draft::of(listing, *group));
        let drafts: Vec<Draft> = drafts.collect::<serde_json::Result<_>>()?;
        let certificates: Vec<_> = batch.certificates.iter().filter_map(|(_, found)| found.as_ref()).collect();
        let certificates = some_of(&certificates).map(|(certificate, _)| certificate::lasting(certificate));
        let certificates: Vec<Vec<u8>> = certificates.collect::<serde_json::Result<_>>()?;
        let (cards, pages): (Vec<_>, Vec<_>) = drafts.into_iter().map(|draft| (draft.card, draft.page)).unzip();
        self.phrasebook = Arc::new(Phrasebook {
            cards: Phrases::of(cards),
            pages: Phrases::of(pages),
            certificates: Phrases::of(certificates),
        });
        Ok(())
    }
}
