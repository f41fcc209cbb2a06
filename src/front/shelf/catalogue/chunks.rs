//! Columns that are cheap to copy.

use std::sync::Arc;

/// A column of values by slot, in chunks of `N` behind `Arc`: a copy shares every chunk, and a change copies the one it
/// touches. Slots never written hold the default.
#[derive(Debug, Clone)]
pub struct Chunks<T, const N: usize> {
    spine: Arc<Vec<Arc<[T]>>>,
}

impl<T, const N: usize> Default for Chunks<T, N> {
    fn default() -> Self {
        Self { spine: Arc::default() }
    }
}

impl<T: Clone + Default, const N: usize> Chunks<T, N> {
    /// The value at the slot; `None` beyond the last chunk.
    #[inline]
    pub fn get(&self, slot: u32) -> Option<&T> {
        let slot = slot as usize;
        self.spine.get(slot / N)?.get(slot % N)
    }

    /// The value at the slot, to be changed; the column grows as needed.
    pub fn get_mut(&mut self, slot: u32) -> &mut T {
        let slot = slot as usize;
        let spine = Arc::make_mut(&mut self.spine);
        while spine.len() <= slot / N {
            spine.push(std::iter::repeat_n(T::default(), N).collect());
        }
        &mut Arc::make_mut(&mut spine[slot / N])[slot % N]
    }

    /// The chunks, in order.
    pub fn chunks(&self) -> impl ExactSizeIterator<Item = &[T]> {
        self.spine.iter().map(|chunk| &**chunk)
    }

    /// Every value with its slot.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..).zip(self.chunks().flatten())
    }
}
