//! A filter, with numbers for the names in it.

use std::cmp::Ordering;

use super::dimensions::{Dimension, NO_VALUE, Values};
use super::grid::{Allowed, PriceRange, Sieve, grid_price};
use super::row::{BEHIND_PRICES, NOTHING, Ranks, Row};
use super::sorted::Sorted;
use super::{Catalogue, Entry};
use crate::front::shelf::model::{FacetKind, Filter, Sort};

/// Which listings of one catalogue fit.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The values a listing may have, of each dimension that is filtered.
    allowed: Vec<Allowed>,
    /// Lowest and highest price.
    prices: Option<(i64, i64)>,
    /// The shop; [`NOTHING`] for one that is not here.
    shop: Option<u32>,
    /// The commune; [`NOTHING`] for one in which nothing is.
    commune: Option<u32>,
}

impl Catalogue {
    /// The filter made ready. A name nobody knows fits nothing.
    pub fn plan(&self, filter: &Filter) -> Plan {
        let one = |name: &String| vec![name.clone()];
        let named = |numbers: &Vec<i16>| numbers.iter().map(ToString::to_string).collect();
        let stars = filter.stars.clone().or(filter.stars_min.map(|_| (1..=5).collect()));
        let stars = stars.map(|mut stars: Vec<i16>| {
            stars.retain(|stars| filter.stars_min.is_none_or(|fewest| *stars >= fewest));
            stars
        });
        let wanted: [(Dimension, Option<Vec<String>>); 7] = [
            (Dimension::Region, filter.region.as_ref().map(one)),
            (Dimension::Province, filter.province.as_ref().map(one)),
            (Dimension::LegacyProvince, filter.legacy_province.as_ref().map(one)),
            (Dimension::Set, filter.sets.as_ref().map(named)),
            (Dimension::Group, filter.group.map(|group| vec![group.name().to_owned()])),
            (Dimension::Stars, stars.as_ref().map(named)),
            (Dimension::InStock, filter.in_stock.map(|in_stock| vec![in_stock.to_string()])),
        ];
        let filtered = wanted.into_iter().filter_map(|(dimension, names)| Some((dimension, names?)));
        let mut allowed: Vec<_> =
            filtered.map(|(dimension, names)| (dimension, self.values(dimension, &names))).collect();
        allowed.push((Dimension::MinimumAge, self.ages(filter.age)));
        let prices = (filter.price_min.is_some() || filter.price_max.is_some()).then(|| {
            // A highest price that nothing exceeds is none.
            let highest = filter.price_max.filter(|highest| *highest < self.dearest());
            (filter.price_min.unwrap_or(0).max(0), highest.unwrap_or(BEHIND_PRICES - 1))
        });
        let shop = filter.seller.as_ref().map(|slug| self.shop_number(slug).unwrap_or(NOTHING));
        let commune = filter.commune.as_ref().map(|code| self.communes.find(code.as_str()).unwrap_or(NOTHING));
        Plan { allowed, prices, shop, commune }
    }

    fn values(&self, dimension: Dimension, names: &[String]) -> Values {
        let mut values = Values::NONE;
        names.iter().filter_map(|name| self.dimensions.find(dimension, name)).for_each(|value| values.insert(value));
        values
    }

    /// Alcohol is not even found until an age is stated (44/2019/QH14).
    fn ages(&self, stated: Option<i16>) -> Values {
        let mut values = Values::NONE;
        values.insert(NO_VALUE);
        for (number, name) in self.dimensions.names(Dimension::MinimumAge) {
            if stated.is_some_and(|stated| name.parse().is_ok_and(|minimum: i16| minimum <= stated)) {
                values.insert(number);
            }
        }
        values
    }

    /// What the plan lets pass of the values there are now; who fails in one of what `kinds` count counts there.
    pub(super) fn sieve(&self, plan: &Plan, kinds: &[FacetKind]) -> Sieve {
        let counted: Vec<Dimension> = kinds.iter().map(|kind| Dimension::of(*kind)).collect();
        self.grid.sieve(&plan.allowed, &counted)
    }

    /// Whether the listing fits.
    pub(super) fn fits(&self, plan: &Plan, row: &Row) -> bool {
        row.visible && self.grid.fits(row.cell, &plan.allowed) && plan.fits_beside(row)
    }

    /// The listings whose price is wanted, by price.
    pub(super) fn priced(&self, plan: &Plan) -> impl Iterator<Item = u32> {
        let (highest, lowest) = plan.keys(Sort::Price);
        let entries = self.by_price().from(move |entry| highest.cmp(&entry.key));
        entries.take_while(move |entry| entry.key >= lowest).map(|entry| entry.slot)
    }

    /// How many those are.
    pub(super) fn count_priced(&self, plan: &Plan) -> usize {
        let (highest, lowest) = plan.keys(Sort::Price);
        let end = self.by_price().before(|entry| if entry.key >= lowest { Ordering::Less } else { Ordering::Greater });
        end.saturating_sub(self.by_price().before(|entry| highest.cmp(&entry.key)))
    }

    /// The highest price of all, in đồng; less than any price if nothing has one.
    fn dearest(&self) -> i64 {
        let mut dearest_first = self.orders[Sort::PriceDesc as usize].from(|_| Ordering::Equal);
        dearest_first.next().map_or(-1, |entry| entry.key)
    }

    fn by_price(&self) -> &Sorted<Entry> {
        &self.orders[Sort::Price as usize]
    }

    /// The listings of which anything still has to be asked, where they are few by shop or commune.
    pub(super) fn few(&self, plan: &Plan) -> Option<&[u32]> {
        match (plan.shop, plan.commune) {
            (Some(shop), _) => Some(self.shops.listings(shop)),
            (None, Some(commune)) => Some(self.communes.listings(commune)),
            (None, None) => None,
        }
    }
}

impl Plan {
    /// Whether anything is filtered that is no dimension.
    pub(super) fn asks_beside(&self) -> bool {
        self.prices.is_some() || self.shop.is_some() || self.commune.is_some()
    }

    /// Whether the listing fits in all that is no dimension.
    pub(super) fn fits_beside(&self, row: &Row) -> bool {
        self.fits_in_price(&row.ranks)
            && self.shop.is_none_or(|shop| row.shop == shop)
            && self.commune.is_none_or(|commune| row.commune == commune)
    }

    /// Whether the price is wanted.
    pub(super) fn fits_in_price(&self, ranks: &Ranks) -> bool {
        self.prices.is_none_or(|(low, high)| ranks.price().is_some_and(|price| low <= price && price <= high))
    }

    /// The wanted prices as the grid knows them; `None` if some are higher than it can tell apart.
    pub(super) fn price_range(&self) -> Option<PriceRange> {
        let (low, high) = self.prices?;
        let high = if high < BEHIND_PRICES - 1 { grid_price(high)? } else { u32::MAX };
        Some((grid_price(low)?, high))
    }

    /// Whether prices are filtered.
    pub(super) fn asks_price(&self) -> bool {
        self.prices.is_some()
    }

    /// The highest and the lowest key a listing that fits can have in the order.
    pub(super) fn keys(&self, sort: Sort) -> (i64, i64) {
        match (sort, self.prices) {
            (Sort::Price, Some((low, high))) => (-low, -high),
            (Sort::PriceDesc, Some((low, high))) => (high, low),
            _ => (i64::MAX, i64::MIN),
        }
    }
}
