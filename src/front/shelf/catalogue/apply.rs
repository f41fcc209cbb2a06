//! The next catalogue out of this one.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use chrono::NaiveDate;

use super::Catalogue;
use super::certificate::Certificate;
use super::places;
use super::row::{Facts, NOTHING, Row};
use super::rules::{self, Rules};
use super::sheet::Sheet;
use super::shop::Shop;
use crate::front::shelf::facts::{self, Batch, Common, Listing};
use crate::front::shelf::words::Document;
use crate::kernel::{CertificateId, ListingId, SellerId, Vnd};
use crate::market::certification::{self, Group, IssuedIn, SetNo};
use crate::places::Province;
use crate::platform::error::{Error, Result};

/// What a batch has changed so far, to be followed up at its end.
#[derive(Default)]
struct Changed<'a> {
    /// Slots whose stars, state or visibility may be others.
    rows: BTreeSet<u32>,
    /// Slots whose words are others, with the listing; `None` for one that is gone.
    words: BTreeMap<u32, Option<&'a Listing>>,
    /// Slots whose words are others though the listing is not in the batch.
    renamed: BTreeSet<u32>,
}

impl Catalogue {
    /// The catalogue with the batch taken in, as of `today`. To take a batch in twice changes nothing.
    ///
    /// # Errors
    /// A fault if a fact cannot be written as JSON, or names a product set that [`Common`] does not have; then nothing
    /// has changed.
    pub fn apply(&self, batch: &Batch, today: NaiveDate) -> Result<Self> {
        self.clone().into_next(batch, today)
    }

    /// The same out of a catalogue that is not needed any more: what nobody shares with it is changed in its place.
    ///
    /// # Errors
    /// As [`Self::apply`]; the catalogue is gone then.
    pub fn into_next(mut self, batch: &Batch, today: NaiveDate) -> Result<Self> {
        let mut changed = Changed::default();
        let regrouped = batch.common.as_ref().is_some_and(|common| self.set_common(common));
        if batch.common.is_some() || today != self.today {
            self.set_day(today, regrouped, &mut changed)?;
        }
        for (id, shop) in &batch.sellers {
            self.set_shop(*id, shop.as_ref(), &mut changed)?;
        }
        self.learn_phrases(batch)?;
        for (id, certificate) in &batch.certificates {
            self.set_certificate(*id, certificate.as_ref(), &mut changed)?;
        }
        for (id, listing) in &batch.listings {
            match listing {
                Some(listing) => self.set_listing(listing, &mut changed)?,
                None => self.remove_listing(*id, &mut changed),
            }
        }
        self.follow_up(changed)?;
        Ok(self)
    }

    /// The catalogue on another day.
    ///
    /// # Errors
    /// As [`Self::apply`].
    pub fn turn(&self, today: NaiveDate) -> Result<Self> {
        self.apply(&Batch::default(), today)
    }

    /// The catalogue with its words in the best order to be searched. Scores of words may change: for after a first
    /// build, when nobody holds a cursor yet.
    #[must_use]
    pub fn compacted(self) -> Self {
        Self { words: self.words.compacted(), ..self }
    }

    /// Whether listings may be of another group or region than before.
    fn set_common(&mut self, common: &Common) -> bool {
        let before = std::mem::replace(&mut self.common, Arc::new(common.clone()));
        let of_group = |(number, _, group): &(SetNo, String, Group)| (*number, *group);
        let in_region = |province: &Province| (province.code.clone(), province.region.clone());
        before.sets.iter().map(of_group).ne(common.sets.iter().map(of_group))
            || before.provinces.iter().map(in_region).ne(common.provinces.iter().map(in_region))
    }

    /// Derives everything from the day that follows from it; of listings only where it can be another than before, which
    /// is everywhere if they are `regrouped`.
    fn set_day(&mut self, today: NaiveDate, regrouped: bool, changed: &mut Changed<'_>) -> Result<()> {
        self.today = today;
        let rules = Rules::on(&self.common, today)?;
        if regrouped || !rules.bind_like(&self.rules) {
            changed.rows.extend(0..self.next);
        }
        self.rules = Arc::new(rules);
        self.words = self.words.with_common(&self.common, today);
        let mut renewed = Vec::new();
        for (number, certificate) in self.certificates.iter() {
            renewed.extend(certificate.on(today, &mut self.pieces)?.map(|certificate| (number, certificate)));
        }
        for (number, certificate) in renewed {
            self.certificates.set(number, Some(certificate));
            changed.rows.extend(self.certificates.listings(number));
        }
        let shops = self.shops.iter().filter_map(|(_, shop)| shop.turns_on(today));
        let certificates = self.certificates.iter().filter_map(|(_, certificate)| certificate.turns_on(today));
        self.turns_on = shops.chain(certificates).chain(rules::turns_on(&self.common, today)).min();
        Ok(())
    }

    /// The day on which something new has to be looked at again.
    fn note_turn(&mut self, day: Option<NaiveDate>) {
        self.turns_on = self.turns_on.into_iter().chain(day).min();
    }

    fn set_shop(&mut self, id: SellerId, facts: Option<&facts::Shop>, changed: &mut Changed<'_>) -> Result<()> {
        let number = self.shops.number(&id);
        let place = facts.map(|facts| places::number(&mut self.places, &facts.location, None)).transpose()?;
        let shop = facts.zip(place).map(|(facts, place)| Shop::new(facts, place)).transpose()?;
        self.note_turn(shop.as_ref().and_then(|shop| shop.turns_on(self.today)));
        let old = self.shops.get(number).cloned();
        let name_before = old.as_ref().map(|old| old.name.as_str());
        // The listings of a shop that is gone are not seen, whatever words they are found by.
        if shop.as_ref().is_some_and(|shop| Some(shop.name.as_str()) != name_before) {
            changed.renamed.extend(self.shops.listings(number));
        }
        if let Some(old) = &old {
            self.shops_by_slug.remove(|entry| entry.0.cmp(&old.slug).then(entry.1.cmp(&number)));
        }
        if let Some(new) = &shop {
            let slug = Arc::clone(&new.slug);
            let against = |entry: &(Arc<str>, u32)| entry.0.cmp(&slug).then(entry.1.cmp(&number));
            self.shops_by_slug.insert((Arc::clone(&slug), number), against);
        }
        self.shops.set(number, shop);
        changed.rows.extend(self.shops.listings(number));
        Ok(())
    }

    fn set_certificate(
        &mut self,
        id: CertificateId,
        facts: Option<&(certification::Certificate, IssuedIn)>,
        changed: &mut Changed<'_>,
    ) -> Result<()> {
        let number = self.certificates.number(&id);
        let today = self.today;
        let (pieces, phrasebook) = (&mut self.pieces, &self.phrasebook);
        let certificate = facts
            .map(|(facts, issued_in)| Certificate::new(facts, issued_in, today, (pieces, phrasebook)))
            .transpose()?;
        self.note_turn(certificate.as_ref().and_then(|certificate| certificate.turns_on(today)));
        self.certificates.set(number, certificate);
        changed.rows.extend(self.certificates.listings(number));
        Ok(())
    }

    fn set_listing<'a>(&mut self, listing: &'a Listing, changed: &mut Changed<'a>) -> Result<()> {
        let number = u8::try_from(listing.set_no.get())?;
        let group = self.group(number).ok_or_else(|| Error::fault(format!("product set {number} is not known")))?;
        let slot = self.slot_of(listing.id);
        let old = self.row(slot).copied();
        let row = Row::new(&self.facts_of(listing, number, old.as_ref())?);
        self.relate(slot, old.as_ref(), Some(&row));
        let slug = self.slug_of(slot, &listing.slug);
        *self.sheets.get_mut(slot) = Some(Arc::new(Sheet::new(listing, group, slug, &self.phrasebook)?));
        if old.is_none_or(|old| old.words != row.words) {
            changed.words.insert(slot, Some(listing));
        }
        let derived = self.derived(row);
        self.place(slot, old.as_ref(), Some(derived));
        Ok(())
    }

    fn remove_listing(&mut self, id: ListingId, changed: &mut Changed<'_>) {
        let Some(slot) = self.slots.get(&id.as_uuid()) else { return };
        let old = self.row(slot).copied();
        self.relate(slot, old.as_ref(), None);
        self.place(slot, old.as_ref(), None);
        if let Some(sheet) = self.sheets.get_mut(slot).take() {
            self.slugs.remove(&*sheet.slug, slot);
        }
        self.slots.remove(&id.as_uuid(), slot);
        Arc::make_mut(&mut self.free).push(slot);
        changed.words.insert(slot, None);
    }

    /// The slot of the listing, from now on if it had none.
    fn slot_of(&mut self, id: ListingId) -> u32 {
        let id = id.as_uuid();
        self.slots.get(&id).unwrap_or_else(|| {
            let free = if self.free.is_empty() { None } else { Arc::make_mut(&mut self.free).pop() };
            let slot = free.unwrap_or(self.next);
            self.next = self.next.max(slot + 1);
            self.slots.insert(id, slot);
            slot
        })
    }

    /// The name of the slot in addresses, by which it is found from now on.
    fn slug_of(&mut self, slot: u32, slug: &str) -> Arc<str> {
        let old = self.sheet(slot).map(|sheet| Arc::clone(&sheet.slug));
        if let Some(same) = old.as_ref().filter(|old| &***old == slug && self.slugs.get(slug) == Some(slot)) {
            return Arc::clone(same);
        }
        if let Some(old) = old {
            self.slugs.remove(&*old, slot);
        }
        let slug: Arc<str> = slug.into();
        self.slugs.insert(Arc::clone(&slug), slot);
        slug
    }

    /// Tells the shop, the certificate and the commune which listing names them, and which no longer does.
    fn relate(&mut self, slot: u32, old: Option<&Row>, new: Option<&Row>) {
        let (before, after) = (old.map(|row| row.shop), new.map(|row| row.shop));
        self.shops.rename(slot, before, after);
        let certificate = |row: &Row| (row.certificate != NOTHING).then_some(row.certificate);
        self.certificates.rename(slot, old.and_then(certificate), new.and_then(certificate));
        self.communes.rename(slot, old.map(|row| row.commune), new.map(|row| row.commune));
    }

    fn facts_of(&mut self, listing: &Listing, set: u8, old: Option<&Row>) -> Result<Facts> {
        Ok(Facts {
            id: listing.id.as_uuid(),
            price: listing.price.map(Vnd::get),
            published: listing.published_at.timestamp_micros(),
            rating_sum: listing.rating_sum,
            rating_count: listing.rating_count,
            set,
            in_stock: listing.in_stock,
            shop: self.shops.number(&listing.seller),
            place: places::number(&mut self.places, &listing.location, old.map(|old| old.place))?,
            commune: self.communes.number(&listing.location.commune.code),
            certificate: listing.certificate.map_or(NOTHING, |id| self.certificates.number(&id)),
            words: fingerprint(listing),
        })
    }

    /// Derives the rows again, and indexes the words, of all that a batch has touched.
    fn follow_up(&mut self, changed: Changed<'_>) -> Result<()> {
        let Changed { rows, words, mut renamed } = changed;
        for slot in rows {
            self.refresh(slot);
        }
        renamed.retain(|slot| !words.contains_key(slot) && self.sheet(*slot).is_some());
        let mut written = Vec::with_capacity(renamed.len());
        for slot in renamed {
            if let (Some(row), Some(sheet)) = (self.row(slot), self.sheet(slot)) {
                written.push((slot, *row, sheet.words()?));
            }
        }
        let listed = words.iter().map(|(slot, listing)| (*slot, listing.map(|listing| self.document(listing))));
        let again = written.iter().map(|(slot, row, words)| (*slot, self.document_again(row, words)));
        let documents: Vec<_> = listed.chain(again).collect();
        if !documents.is_empty() {
            self.words = self.words.apply(documents);
        }
        Ok(())
    }

    /// What is searched of a listing.
    fn document<'a>(&'a self, listing: &'a Listing) -> Document<'a> {
        let shop = self.shops.find(&listing.seller).and_then(|number| self.shops.get(number));
        Document {
            title_vi: &listing.title_vi,
            title_en: listing.title_en.as_deref(),
            summary_vi: &listing.summary_vi,
            summary_en: listing.summary_en.as_deref(),
            shop: shop.map_or("", |shop| &shop.name),
            set: listing.set_no,
            packs: listing.packs.iter().map(|pack| (pack.name_vi.as_str(), pack.grams)).collect(),
            location: &listing.location,
            ingredients: listing.label.ingredients.as_deref(),
        }
    }
}

/// Tells whether the words anybody searches by are still the same.
fn fingerprint(listing: &Listing) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&listing.title_vi, &listing.title_en, &listing.summary_vi, &listing.summary_en).hash(&mut hasher);
    (listing.seller, listing.set_no, listing.label.ingredients.as_deref()).hash(&mut hasher);
    for name in [&listing.location.province, &listing.location.legacy_province] {
        (&name.code, &name.name).hash(&mut hasher);
    }
    (&listing.location.commune.code, &listing.location.commune.name).hash(&mut hasher);
    for pack in &listing.packs {
        (&pack.name_vi, pack.grams).hash(&mut hasher);
    }
    hasher.finish()
}
