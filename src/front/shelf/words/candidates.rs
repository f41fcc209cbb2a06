//! Which listings have enough of what is demanded, before anybody looks where in them.

use super::Doc;
use super::bits::Bits;
use super::matching::{self, Cursor, List};

/// What looking a listing up in a list costs, in postings read one after the other.
const LOOKING_UP: usize = 16;

/// A slot that is no wish, in one segment.
pub struct Demand<'a> {
    pub lists: &'a [List<'a>],
    pub weight: u32,
}

/// The listings, by number, in which the demands may weigh `threshold`, which is not 0. The demands come by length, the
/// shortest first. `work` counts the postings looked at.
pub fn candidates(demands: &[Demand<'_>], threshold: u32, work: &mut u64) -> Vec<Doc> {
    let drivers = demands.get(..driving(demands, threshold)).unwrap_or_default();
    let read: usize = drivers.iter().map(|demand| matching::length(demand.lists)).sum();
    let mut judge = Judge::of(demands, threshold, read);
    let found = if let [Demand { lists: [list], .. }] = drivers {
        judge.work += list.len() as u64;
        judge.is_sure_of_first();
        distinct(list.docs()).filter(|doc| judge.has_enough(*doc)).collect()
    } else {
        let any = judge.read(drivers.len());
        any.iter().filter(|doc| judge.has_enough(*doc)).collect()
    };
    *work += judge.work;
    found
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
fn all_of(lists: &[List<'_>]) -> Bits {
    let last = lists.iter().filter_map(|list| list.docs().last()).max();
    let mut all = last.map_or_else(Bits::default, |last| Bits::up_to(*last));
    lists.iter().flat_map(List::docs).for_each(|doc| all.insert(*doc));
    all
}

/// Tells of listings in ascending order whether they have a slot.
enum Presence<'a> {
    /// All that are asked of have it.
    Sure,
    /// Nobody has asked yet.
    Unread(&'a [List<'a>]),
    /// Few are asked of: they are looked up.
    Lists(Vec<Cursor<'a>>),
    /// Many: everything was read before.
    Read(Bits),
}

/// Weighs the demands that listings have.
struct Judge<'a> {
    present: Vec<(u32, Presence<'a>)>,
    /// What they weigh together.
    demanded: u32,
    threshold: u32,
    /// How many listings are judged, at most.
    listings: usize,
    /// Postings looked at.
    work: u64,
}

impl<'a> Judge<'a> {
    fn of(demands: &[Demand<'a>], threshold: u32, listings: usize) -> Self {
        let present = demands.iter().map(|demand| (demand.weight, Presence::Unread(demand.lists))).collect();
        let demanded = demands.iter().map(|demand| demand.weight).sum();
        Self { present, demanded, threshold, listings, work: 0 }
    }

    /// Only listings that have the first demand are judged.
    fn is_sure_of_first(&mut self) {
        if let Some((_, first)) = self.present.first_mut() {
            *first = Presence::Sure;
        }
    }

    /// Reads the first so many demands; answers the listings that have any of them.
    fn read(&mut self, demands: usize) -> Bits {
        let mut any = Bits::default();
        for (_, presence) in self.present.iter_mut().take(demands) {
            if let Presence::Unread(lists) = presence {
                self.work += matching::length(lists) as u64;
                let all = all_of(lists);
                any.add(&all);
                *presence = Presence::Read(all);
            }
        }
        any
    }

    /// Whether the demands that the listing has weigh enough; no more is asked than that takes.
    #[inline]
    fn has_enough(&mut self, doc: Doc) -> bool {
        let (mut sure, mut open) = (0, self.demanded);
        for (weight, presence) in &mut self.present {
            if sure >= self.threshold || sure + open < self.threshold {
                break;
            }
            open -= *weight;
            sure += if presence.has(doc, self.listings, &mut self.work) { *weight } else { 0 };
        }
        sure >= self.threshold
    }
}

impl Presence<'_> {
    /// Whether this one of so many listings has the slot.
    #[inline]
    fn has(&mut self, doc: Doc, listings: usize, work: &mut u64) -> bool {
        if let Self::Unread(lists) = self {
            let length = matching::length(lists);
            if listings * lists.len() * LOOKING_UP < length {
                *self = Self::Lists(lists.iter().map(Cursor::new).collect());
            } else {
                *work += length as u64;
                *self = Self::Read(all_of(lists));
            }
        }
        match self {
            Self::Sure => true,
            Self::Unread(_) => false,
            Self::Lists(cursors) => {
                *work += cursors.len() as u64;
                cursors.iter_mut().any(|cursor| cursor.seek(doc))
            }
            Self::Read(all) => all.has(doc),
        }
    }
}
