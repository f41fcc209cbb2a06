//! How much a word tells, by how few listings have it.

use super::lexicon::Term;

/// What each halving of the listings that have a word adds to its weight.
const PER_HALVING: f64 = 12.0;
/// The weight of a word that nearly all listings have.
const LEAST: u8 = 6;

/// How much words tell, by their rarity when everything was last merged.
#[derive(Debug, Default)]
pub struct Rarity {
    of: Vec<u8>,
    of_new: u8,
}

impl Rarity {
    /// Of so many listings in all, and of how many each word stands in; a word given twice has both.
    pub fn count(all: usize, words: impl Iterator<Item = (Term, usize)> + Clone) -> Self {
        let terms = words.clone().map(|(term, _)| term as usize + 1).max().unwrap_or(0);
        let mut counts = vec![0; terms];
        for (term, having) in words {
            if let Some(count) = counts.get_mut(term as usize) {
                *count += having;
            }
        }
        let weight = |count: usize| if count == 0 { 0 } else { weight_of(count, all) };
        Self { of: counts.into_iter().map(weight).collect(), of_new: weight_of(1, all) }
    }

    /// Whether nothing was counted yet.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The weight of a word; one that came since is as rare as can be.
    pub fn of(&self, term: Term) -> u8 {
        self.of.get(term as usize).copied().filter(|weight| *weight > 0).unwrap_or_else(|| self.of_new.max(LEAST))
    }

    /// The weight of a word that no listing has.
    pub fn of_unknown(&self) -> u8 {
        self.of_new.max(LEAST)
    }

    /// Bytes on the heap.
    pub fn bytes(&self) -> usize {
        self.of.capacity()
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0 to 255 of counts far below 2^52"
)]
fn weight_of(having: usize, all: usize) -> u8 {
    let rarity = ((all as f64 + 1.0) / (having as f64 + 0.5)).log2() * PER_HALVING;
    rarity.clamp(f64::from(LEAST), 255.0).round() as u8
}
