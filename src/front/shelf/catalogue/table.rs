//! What several listings have in common, once, with the listings that have it.

use std::hash::Hash;
use std::sync::Arc;

use super::chunks::Chunks;
use super::shards::Shards;

/// Things by number, each with the slots of the listings that name it. A thing has a number as soon as a listing names
/// it: a shop that is not approved, a certificate that is not verified, is a number with listings and nothing else.
/// Numbers are never given twice.
#[derive(Debug)]
pub struct Table<Id, T> {
    numbers: Shards<Id>,
    next: u32,
    things: Chunks<Option<Arc<T>>, 64>,
    listings: Chunks<Slots, 64>,
}

/// Slots of listings, in order. Most things are named by one.
#[derive(Debug, Clone, Default)]
enum Slots {
    #[default]
    None,
    One(u32),
    Several(Arc<Vec<u32>>),
}

impl Slots {
    fn as_slice(&self) -> &[u32] {
        match self {
            Self::None => &[],
            Self::One(slot) => std::slice::from_ref(slot),
            Self::Several(slots) => slots,
        }
    }

    /// Adds a slot that is not among them.
    fn insert(&mut self, slot: u32) {
        match self {
            Self::None => *self = Self::One(slot),
            Self::One(other) => *self = Self::Several(Arc::new(vec![slot.min(*other), slot.max(*other)])),
            Self::Several(slots) => {
                let slots = Arc::make_mut(slots);
                slots.insert(slots.partition_point(|other| *other < slot), slot);
            }
        }
    }

    fn remove(&mut self, slot: u32) {
        match self {
            Self::Several(slots) => {
                let slots = Arc::make_mut(slots);
                slots.retain(|other| *other != slot);
                if let [only] = slots.as_slice() {
                    *self = Self::One(*only);
                }
            }
            Self::One(only) if *only == slot => *self = Self::None,
            Self::One(_) | Self::None => {}
        }
    }
}

impl<Id, T> Default for Table<Id, T> {
    fn default() -> Self {
        Self { numbers: Shards::default(), next: 0, things: Chunks::default(), listings: Chunks::default() }
    }
}

/// By hand: things are shared, so they need not be `Clone`.
impl<Id: Clone, T> Clone for Table<Id, T> {
    fn clone(&self) -> Self {
        Self {
            numbers: self.numbers.clone(),
            next: self.next,
            things: self.things.clone(),
            listings: self.listings.clone(),
        }
    }
}

impl<Id: Hash + Eq + Clone, T> Table<Id, T> {
    /// The number of the thing; a new one where nobody has named it yet.
    pub fn number(&mut self, id: &Id) -> u32 {
        self.numbers.get(id).unwrap_or_else(|| {
            let number = self.next;
            self.numbers.insert(id.clone(), number);
            self.next += 1;
            number
        })
    }

    /// The number of the thing, if anybody has named it.
    pub fn find<Q: Hash + Eq + ?Sized>(&self, id: &Q) -> Option<u32>
    where
        Id: std::borrow::Borrow<Q>,
    {
        self.numbers.get(id)
    }

    /// The thing, if it is there.
    pub fn get(&self, number: u32) -> Option<&Arc<T>> {
        self.things.get(number)?.as_ref()
    }

    /// Replaces the thing.
    pub fn set(&mut self, number: u32, thing: Option<T>) {
        *self.things.get_mut(number) = thing.map(Arc::new);
    }

    /// The slots of the listings that name it, in order.
    pub fn listings(&self, number: u32) -> &[u32] {
        self.listings.get(number).map_or(&[], Slots::as_slice)
    }

    /// A listing named one thing and names another now.
    pub fn rename(&mut self, slot: u32, before: Option<u32>, after: Option<u32>) {
        if before == after {
            return;
        }
        if let Some(number) = before {
            self.listings.get_mut(number).remove(slot);
        }
        if let Some(number) = after {
            self.listings.get_mut(number).insert(slot);
        }
    }

    /// Every thing that is there, with its number.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Arc<T>)> {
        self.things.iter().filter_map(|(number, thing)| Some((number, thing.as_ref()?)))
    }

    /// Every id whose thing is there.
    pub fn ids(&self) -> impl Iterator<Item = &Id> {
        self.numbers.iter().filter(|(_, number)| self.get(*number).is_some()).map(|(id, _)| id)
    }
}
