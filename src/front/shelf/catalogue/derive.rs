//! What follows from the day and from what listings share, and where it is looked up.

use std::cmp::{Ordering, Reverse};

use uuid::Uuid;

use super::chunks::Chunks;
use super::dimensions::{DIMENSIONS, Dimension, Facets, NO_VALUE};
use super::row::Row;
use super::{Catalogue, Entry, ROWS};
use crate::front::shelf::model::Sort;
use crate::market::certification::Group;

impl Catalogue {
    /// Works out anew what a listing is today, and puts it where it belongs.
    pub(super) fn refresh(&mut self, slot: u32) {
        if let Some(old) = self.row(slot).copied() {
            let new = self.derived(old);
            self.place(slot, Some(&old), Some(new));
        }
    }

    /// Puts the new row of a slot where the old one stood: in the columns, and in everything that is looked up by them.
    pub(super) fn place(&mut self, slot: u32, old: Option<&Row>, new: Option<Row>) {
        if old == new.as_ref() {
            return;
        }
        let shown = new.as_ref().filter(|row| row.visible);
        let was_shown = old.filter(|row| row.visible);
        self.grid.replace(slot, was_shown, shown);
        for sort in Sort::ALL {
            let place = |row: &Row| (row.ranks.key(sort), row.ranks.id);
            let (before, after) = (was_shown.map(place), shown.map(place));
            if before == after {
                continue;
            }
            let (rows, order) = (&self.rows, &mut self.orders[sort as usize]);
            if let Some(place) = before {
                order.remove(|entry| against(entry, place, |slot| id_in(rows, slot)));
            }
            if let Some(place) = after {
                let entry = Entry { key: place.0, slot };
                order.insert(entry, |other| against(other, place, |slot| id_in(rows, slot)));
            }
        }
        if let Some(row) = &new {
            let known = row.known();
            if self.known.get(slot) != Some(&known) {
                *self.known.get_mut(slot) = known;
            }
        }
        *self.rows.get_mut(slot) = new;
    }

    /// Where an entry of an order lies relative to the place `(key, id)`: the highest key comes first, and among equals
    /// the newest id.
    pub(super) fn against(&self, entry: &Entry, place: (i64, Uuid)) -> Ordering {
        against(entry, place, |slot| id_in(&self.rows, slot))
    }

    /// The row as it is today.
    pub(super) fn derived(&mut self, mut row: Row) -> Row {
        let shop = self.shops.get(row.shop);
        let rule = self.rules.of(row.set);
        let certificate = self.certificates.get(row.certificate);
        let may_sell = shop.is_some_and(|shop| shop.authenticated || !self.rules.authentication_required);
        row.ranks.stars = certificate.map_or(0, |certificate| certificate.stars);
        row.state = certificate.map(|certificate| certificate.state);
        row.orderable = may_sell && rule.is_some_and(|rule| rule.orderable);
        row.minimum_age = rule.and_then(|rule| rule.minimum_age);
        let (sold, facets) = (shop.is_some() && rule.is_some(), self.facets(&row));
        let cell = self.grid.cell_of(facets);
        row.visible = sold && cell.is_some();
        row.cell = cell.unwrap_or_default();
        row
    }

    fn facets(&mut self, row: &Row) -> Facets {
        let mut facets = [NO_VALUE; DIMENSIONS];
        let Some(place) = self.places.get(row.place) else { return facets };
        let (province, legacy) = (&place.location.province.code, &place.location.legacy_province.code);
        let region = self.common.provinces.iter().find(|known| known.code == *province);
        let region = region.map(|province| province.region.as_str());
        let stars = (row.ranks.stars > 0).then(|| row.ranks.stars.to_string());
        let age = row.minimum_age.map(|age| age.to_string());
        let set = row.set.to_string();
        let group = self.group(row.set).map(Group::name);
        let values = [
            (Dimension::Region, region),
            (Dimension::Province, Some(province.as_str())),
            (Dimension::LegacyProvince, Some(legacy.as_str())),
            (Dimension::Set, Some(set.as_str())),
            (Dimension::Group, group),
            (Dimension::Stars, stars.as_deref()),
            (Dimension::InStock, Some(if row.ranks.in_stock { "true" } else { "false" })),
            (Dimension::MinimumAge, age.as_deref()),
        ];
        for (dimension, value) in values {
            if let Some(value) = value {
                facets[dimension as usize] = self.dimensions.number(dimension, value);
            }
        }
        facets
    }

    /// The group of a set.
    pub(super) fn group(&self, set: u8) -> Option<Group> {
        let found = self.common.sets.iter().find(|(number, ..)| number.get() == i16::from(set));
        found.map(|(.., group)| *group)
    }
}

fn against(entry: &Entry, place: (i64, Uuid), id: impl Fn(u32) -> Uuid) -> Ordering {
    let by_key = Reverse(entry.key).cmp(&Reverse(place.0));
    by_key.then_with(|| Reverse(id(entry.slot)).cmp(&Reverse(place.1)))
}

fn id_in(rows: &Chunks<Option<Row>, ROWS>, slot: u32) -> Uuid {
    rows.get(slot).and_then(Option::as_ref).map_or(Uuid::nil(), |row| row.ranks.id)
}
