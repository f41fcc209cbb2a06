//! Sets of slots as bits.

use super::chunks::Chunks;

/// Words of 64 slots in a chunk of a [`Bitmap`].
pub const WORDS: usize = 64;

/// A set of slots; a copy is cheap, and a change copies the 4,096 slots around it.
#[derive(Debug, Clone, Default)]
pub struct Bitmap {
    words: Chunks<u64, WORDS>,
    len: u32,
}

impl Bitmap {
    /// How many slots it holds.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether the slot is in it.
    pub fn contains(&self, slot: u32) -> bool {
        self.words.get(slot / 64).is_some_and(|word| word & bit(slot) != 0)
    }

    /// Puts the slot in; it must not be in it.
    pub fn insert(&mut self, slot: u32) {
        *self.words.get_mut(slot / 64) |= bit(slot);
        self.len += 1;
    }

    /// Takes the slot out; it must be in it.
    pub fn remove(&mut self, slot: u32) {
        *self.words.get_mut(slot / 64) &= !bit(slot);
        self.len -= 1;
    }

    fn chunk(&self, number: usize) -> Option<&[u64]> {
        self.words.chunk(number)
    }

    fn chunks(&self) -> usize {
        self.words.chunks().len()
    }
}

fn bit(slot: u32) -> u64 {
    1 << (slot % 64)
}

/// A set of slots worked out for one question.
#[derive(Debug)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// What is in at least one set of every row.
    pub fn in_each(rows: &[Vec<&Bitmap>]) -> Self {
        let shortest = rows.iter().map(|row| row.iter().map(|set| set.chunks()).max().unwrap_or(0)).min();
        let mut words = Vec::with_capacity(shortest.unwrap_or(0) * WORDS);
        for number in 0..shortest.unwrap_or(0) {
            let mut all = [u64::MAX; WORDS];
            for row in rows {
                let mut any = [0; WORDS];
                for chunk in row.iter().filter_map(|set| set.chunk(number)) {
                    any.iter_mut().zip(chunk).for_each(|(any, word)| *any |= word);
                }
                all.iter_mut().zip(any).for_each(|(all, any)| *all &= any);
            }
            words.extend(all);
        }
        Self(words)
    }

    /// Whether the slot is in it.
    pub fn contains(&self, slot: u32) -> bool {
        self.0.get(slot as usize / 64).is_some_and(|word| word & bit(slot) != 0)
    }

    /// Its slots, in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        (0..).step_by(64).zip(&self.0).flat_map(|(first, word)| Slots { word: *word, first })
    }
}

/// The slots of one word.
struct Slots {
    word: u64,
    first: u32,
}

impl Iterator for Slots {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let at = self.word.trailing_zeros();
        (at < 64).then(|| {
            self.word &= self.word - 1;
            self.first + at
        })
    }
}
