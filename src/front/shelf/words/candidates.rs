//! Which listings have enough of what is demanded, before anybody looks where in them.

use super::Doc;
use super::bits::Bits;
use super::matching::{self, Cursor, List};

/// What looking a listing up in a list costs, in postings read one after the other.
pub const LOOKING_UP: usize = 16;

/// A slot that is no wish, in one segment.
pub struct Demand<'a> {
    pub lists: &'a [List<'a>],
    pub weight: u32,
}

/// The listings, by number, in which the demands may weigh `threshold`, which is not 0. The demands come by length, the
/// shortest first. `work` counts the postings looked at.
pub fn candidates(demands: &[Demand<'_>], threshold: u32, work: &mut u64) -> Vec<Doc> {
    let (drivers, others) = demands.split_at(driving(demands, threshold));
    let read: usize = drivers.iter().map(|demand| matching::length(demand.lists)).sum();
    let others = others.iter().map(|demand| (demand.weight, Presence::of(demand.lists, read)));
    if let [Demand { lists: [list], weight }] = drivers {
        *work += read as u64;
        let mut scales = Scales::of([(*weight, Presence::Sure)].into_iter().chain(others), threshold);
        return distinct(list.docs()).filter(|doc| scales.has_enough(*doc, work)).collect();
    }
    let mut any = Bits::default();
    let mut present = Vec::with_capacity(demands.len());
    for Demand { lists, weight } in drivers {
        let all = all_of(lists, work);
        any.add(&all);
        present.push((*weight, Presence::Read(all)));
    }
    let mut scales = Scales::of(present.into_iter().chain(others), threshold);
    any.iter().filter(|doc| scales.has_enough(*doc, work)).collect()
}

/// How many of the demands must be read: the others together stay below the threshold.
fn driving(demands: &[Demand<'_>], threshold: u32) -> usize {
    let mut rest = 0;
    let optional = demands.iter().skip(1).rev().take_while(|demand| {
        rest += demand.weight;
        rest < threshold
    });
    demands.len() - optional.count()
}

/// Each listing once.
fn distinct(docs: &[Doc]) -> impl Iterator<Item = Doc> {
    let mut before = None;
    docs.iter().copied().filter(move |doc| before.replace(*doc) != Some(*doc))
}

/// Every listing of the lists.
fn all_of(lists: &[List<'_>], work: &mut u64) -> Bits {
    *work += matching::length(lists) as u64;
    let last = lists.iter().filter_map(|list| list.docs().last()).max();
    let mut all = last.map_or_else(Bits::default, |last| Bits::up_to(*last));
    lists.iter().flat_map(List::docs).for_each(|doc| all.insert(*doc));
    all
}

/// Tells of listings in ascending order whether they have a slot.
enum Presence<'a> {
    /// All that are asked of have it.
    Sure,
    /// Few are asked of: they are looked up.
    Lists(Vec<Cursor<'a>>),
    /// Many: everything is read when the first is asked of.
    Unread(&'a [List<'a>]),
    Read(Bits),
}

impl<'a> Presence<'a> {
    /// Of a slot that so many listings may be asked of.
    fn of(lists: &'a [List<'a>], listings: usize) -> Self {
        if listings * lists.len() * LOOKING_UP < matching::length(lists) {
            Self::Lists(lists.iter().map(Cursor::new).collect())
        } else {
            Self::Unread(lists)
        }
    }

    /// Whether the listing has the slot.
    #[inline]
    fn has(&mut self, doc: Doc, work: &mut u64) -> bool {
        match self {
            Self::Sure => true,
            Self::Lists(cursors) => {
                *work += cursors.len() as u64;
                cursors.iter_mut().any(|cursor| cursor.seek(doc))
            }
            Self::Unread(lists) => {
                let all = all_of(lists, work);
                let has = all.has(doc);
                *self = Self::Read(all);
                has
            }
            Self::Read(all) => all.has(doc),
        }
    }
}

/// Weighs the demands that listings have.
struct Scales<'a> {
    present: Vec<(u32, Presence<'a>)>,
    /// What they weigh together.
    demanded: u32,
    threshold: u32,
}

impl<'a> Scales<'a> {
    fn of(present: impl Iterator<Item = (u32, Presence<'a>)>, threshold: u32) -> Self {
        let present: Vec<(u32, Presence<'a>)> = present.collect();
        Self { demanded: present.iter().map(|(weight, _)| weight).sum(), present, threshold }
    }

    /// Whether the demands that the listing has weigh enough; no more is asked than that takes.
    #[inline]
    fn has_enough(&mut self, doc: Doc, work: &mut u64) -> bool {
        let (mut sure, mut open) = (0, self.demanded);
        for (weight, presence) in &mut self.present {
            if sure >= self.threshold || sure + open < self.threshold {
                break;
            }
            open -= *weight;
            sure += if presence.has(doc, work) { *weight } else { 0 };
        }
        sure >= self.threshold
    }
}
