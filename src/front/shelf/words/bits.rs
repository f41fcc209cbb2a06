//! A set of listings as bits.

use super::Doc;

/// Listings by number: a bit each up to the last one in it.
#[derive(Debug, Clone, Default)]
pub struct Bits {
    words: Vec<u64>,
    count: usize,
}

impl Bits {
    const fn at(doc: Doc) -> (usize, u64) {
        ((doc >> 6) as usize, 1 << (doc & 63))
    }

    /// An empty one with room up to this listing.
    pub fn up_to(last: Doc) -> Self {
        Self { words: vec![0; Self::at(last).0 + 1], count: 0 }
    }

    /// Whether the listing is in it.
    #[inline]
    pub fn has(&self, doc: Doc) -> bool {
        let (word, bit) = Self::at(doc);
        self.words.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// Puts the listing in.
    #[inline]
    pub fn insert(&mut self, doc: Doc) {
        let (word, bit) = Self::at(doc);
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        if let Some(bits) = self.words.get_mut(word) {
            self.count += usize::from(*bits & bit == 0);
            *bits |= bit;
        }
    }

    /// Puts all of the other in.
    pub fn add(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (one, other) in self.words.iter_mut().zip(&other.words) {
            self.count += (other & !*one).count_ones() as usize;
            *one |= other;
        }
    }

    /// How many are in it.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Every listing in it, in order.
    pub fn iter(&self) -> impl Iterator<Item = Doc> {
        (0..).step_by(64).zip(&self.words).flat_map(|(first, bits)| {
            let mut bits = *bits;
            std::iter::from_fn(move || {
                let next = (bits != 0).then(|| first + bits.trailing_zeros());
                bits &= bits.wrapping_sub(1);
                next
            })
        })
    }

    /// Bytes on the heap.
    pub const fn bytes(&self) -> usize {
        8 * self.words.capacity()
    }
}

impl FromIterator<Doc> for Bits {
    fn from_iter<I: IntoIterator<Item = Doc>>(docs: I) -> Self {
        let mut bits = Self::default();
        docs.into_iter().for_each(|doc| bits.insert(doc));
        bits
    }
}
