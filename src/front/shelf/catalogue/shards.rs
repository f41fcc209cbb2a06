//! Maps that are cheap to copy.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::Arc;

/// How many maps a map consists of: a change copies about a thousandth.
const SHARDS: usize = 1024;

/// From keys to numbers, in shards behind `Arc`: a copy shares every shard, and a change copies the one it touches.
#[derive(Debug, Clone)]
pub struct Shards<K> {
    hasher: RandomState,
    shards: Arc<Vec<Arc<HashMap<K, u32, RandomState>>>>,
}

impl<K> Default for Shards<K> {
    fn default() -> Self {
        let hasher = RandomState::new();
        let empty = Arc::new(HashMap::with_hasher(hasher.clone()));
        Self { hasher, shards: Arc::new(vec![empty; SHARDS]) }
    }
}

impl<K: Hash + Eq + Clone> Shards<K> {
    /// The number of the key.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<u32>
    where
        K: Borrow<Q>,
    {
        self.shards[self.shard(key)].get(key).copied()
    }

    /// Gives the key this number.
    pub fn insert(&mut self, key: K, number: u32) {
        let shard = self.shard(&key);
        Arc::make_mut(&mut Arc::make_mut(&mut self.shards)[shard]).insert(key, number);
    }

    /// Forgets the key, if it has this number.
    pub fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q, number: u32)
    where
        K: Borrow<Q>,
    {
        if self.get(key) == Some(number) {
            let shard = self.shard(key);
            Arc::make_mut(&mut Arc::make_mut(&mut self.shards)[shard]).remove(key);
        }
    }

    /// Every key with its number.
    pub fn iter(&self) -> impl Iterator<Item = (&K, u32)> {
        self.shards.iter().flat_map(|shard| shard.iter()).map(|(key, number)| (key, *number))
    }

    fn shard<Q: Hash + ?Sized>(&self, key: &Q) -> usize {
        // The low bits choose the bucket inside of the shard.
        usize::try_from(self.hasher.hash_one(key) >> 48).unwrap_or_default() % SHARDS
    }
}
