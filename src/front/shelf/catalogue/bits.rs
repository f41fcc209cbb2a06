//! Sets of slots as bits.

use std::iter;

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

/// What several sets have in common.
#[derive(Debug)]
pub enum Shared<'a> {
    /// A single set is looked at where it is kept.
    Kept(&'a Bitmap),
    /// Of more it is worked out once.
    Made(Bits),
}

impl<'a> Shared<'a> {
    /// What is in at least one set of every row.
    pub fn of(rows: &[Vec<&'a Bitmap>]) -> Self {
        match rows {
            [row] if let [set] = row.as_slice() => Self::Kept(set),
            _ => Self::Made(Bits::in_each(rows)),
        }
    }

    /// Whether the slot is in it.
    pub fn contains(&self, slot: u32) -> bool {
        match self {
            Self::Kept(set) => set.contains(slot),
            Self::Made(bits) => bits.contains(slot),
        }
    }

    /// Its slots, in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        let (kept, made) = match self {
            Self::Kept(set) => (Some(*set), None),
            Self::Made(bits) => (None, Some(bits)),
        };
        let kept = kept.into_iter().flat_map(|set| slots(set.words.chunks().flatten()));
        kept.chain(made.into_iter().flat_map(|bits| slots(bits.0.iter())))
    }
}

/// A set of slots worked out for one question.
#[derive(Debug)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// What is in at least one set of every row.
    fn in_each(rows: &[Vec<&Bitmap>]) -> Self {
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

    fn contains(&self, slot: u32) -> bool {
        self.0.get(slot as usize / 64).is_some_and(|word| word & bit(slot) != 0)
    }
}

/// The slots in words, in order.
fn slots<'a>(words: impl Iterator<Item = &'a u64>) -> impl Iterator<Item = u32> {
    (0..).step_by(64).zip(words).flat_map(|(first, word)| {
        let rests = iter::successors(Some(*word), |rest| Some(rest & rest.wrapping_sub(1)));
        rests.take_while(|rest| *rest != 0).map(move |rest| first + rest.trailing_zeros())
    })
}
