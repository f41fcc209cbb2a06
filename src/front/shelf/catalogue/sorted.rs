//! Orders that are cheap to copy.

use std::cmp::Ordering;
use std::sync::Arc;

/// The most entries of a chunk; a fuller one is split into halves.
const CHUNK: usize = 512;

/// Entries in order, in chunks behind `Arc`: a copy shares every chunk, and a change copies the one it touches.
///
/// The order itself is the caller's: every method is told where the entry it means lies, by a comparison that must be
/// the same total order each time.
#[derive(Debug, Clone)]
pub struct Sorted<E> {
    chunks: Arc<Vec<Arc<Vec<E>>>>,
}

impl<E> Default for Sorted<E> {
    fn default() -> Self {
        Self { chunks: Arc::default() }
    }
}

impl<E: Clone> Sorted<E> {
    /// Inserts an entry; `against` compares another entry with it.
    pub fn insert(&mut self, entry: E, against: impl Fn(&E) -> Ordering) {
        let at = self.chunk_of(&against);
        let chunks = Arc::make_mut(&mut self.chunks);
        let Some(chunk) = chunks.get_mut(at) else {
            chunks.push(Arc::new(vec![entry]));
            return;
        };
        let chunk = Arc::make_mut(chunk);
        let place = chunk.partition_point(|other| against(other).is_lt());
        // A chunk just copied would be made twice as large as it is, to grow into; most stay as they are for long.
        chunk.reserve_exact(1);
        chunk.insert(place, entry);
        if chunk.len() > CHUNK {
            let upper = chunk.split_off(CHUNK / 2);
            chunks.insert(at + 1, Arc::new(upper));
        }
    }

    /// Takes out the entry that compares as equal, if it is there.
    pub fn remove(&mut self, against: impl Fn(&E) -> Ordering) {
        let at = self.chunk_of(&against);
        let Some(place) = self.chunks.get(at).and_then(|chunk| chunk.binary_search_by(&against).ok()) else { return };
        let chunks = Arc::make_mut(&mut self.chunks);
        let chunk = Arc::make_mut(&mut chunks[at]);
        chunk.remove(place);
        if chunk.is_empty() {
            chunks.remove(at);
        }
    }

    /// The entries from the first that does not lie before the place asked for.
    pub fn from(&self, against: impl Fn(&E) -> Ordering) -> impl Iterator<Item = &E> {
        let lies_before = |entry: &E| against(entry).is_lt();
        let at = self.chunks.partition_point(|chunk| chunk.last().is_some_and(lies_before));
        let first = self.chunks.get(at).map_or(&[][..], |chunk| &chunk[chunk.partition_point(lies_before)..]);
        first.iter().chain(self.chunks.iter().skip(at + 1).flat_map(|chunk| chunk.iter()))
    }

    /// How many entries lie before the place asked for.
    pub fn before(&self, against: impl Fn(&E) -> Ordering) -> usize {
        let lies_before = |entry: &E| against(entry).is_lt();
        let at = self.chunks.partition_point(|chunk| chunk.last().is_some_and(lies_before));
        let whole: usize = self.chunks.iter().take(at).map(|chunk| chunk.len()).sum();
        whole + self.chunks.get(at).map_or(0, |chunk| chunk.partition_point(lies_before))
    }

    /// The number of the chunk an entry belongs to: the first that does not end before it, or else the last.
    fn chunk_of(&self, against: impl Fn(&E) -> Ordering) -> usize {
        let at = self.chunks.partition_point(|chunk| chunk.last().is_some_and(|last| against(last).is_lt()));
        at.min(self.chunks.len().saturating_sub(1))
    }
}
