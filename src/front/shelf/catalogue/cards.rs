//! Answers put together out of ready pieces, and the tags by which caches know them.

use sha2::{Digest as _, Sha256};

use super::Catalogue;
use super::row::Row;
use super::sheet::Sheet;
use super::shop::Shop;
use crate::kernel::Lang;
use crate::market::certification::CertificateState;
use crate::platform::error::Result;

/// Grows into the entity tag of an answer: SHA-256 over the hashes of the pieces it is put together from, which is much
/// less to read than the answer. Answers with the same tag are the same bytes.
#[derive(Clone)]
pub struct Tag(Sha256);

impl Tag {
    /// For an answer of this form in this language.
    pub fn new(form: &str, lang: Lang) -> Self {
        let mut hash = Sha256::new();
        for part in [JOINT, form, lang.code()] {
            hash.update(part);
            hash.update([0]);
        }
        Self(hash)
    }

    /// A piece that is in the answer, or what stands for it.
    pub fn add(&mut self, piece: impl AsRef<[u8]>) {
        self.0.update(piece);
    }

    /// The bytes of the tag.
    pub fn finish(self) -> [u8; 16] {
        let hash: [u8; 32] = self.0.finalize().into();
        std::array::from_fn(|at| hash[at])
    }
}

/// Which way pieces are put together. Another way, another number: or caches would go on showing the old one as long as
/// the pieces are the same. A test knows what this number puts together.
pub const JOINT: &str = "1";

/// A listing as answers need it: its pieces, and what it has in common with others.
struct Shown<'a> {
    row: &'a Row,
    sheet: &'a Sheet,
    shop: &'a Shop,
    place: &'a super::places::Place,
}

impl Catalogue {
    /// Adds what the card of a listing is put together from.
    pub fn tag_card(&self, slot: u32, tag: &mut Tag) {
        let Some(shown) = self.shown(slot) else { return };
        tag.add(shown.sheet.hash());
        tag.add(shown.shop.hash_on_listing());
        tag.add(shown.place.hash());
        tag.add(shown.row.today());
    }

    /// Adds the card of a listing, an object.
    ///
    /// # Errors
    /// A fault if its pieces cannot be read.
    pub fn write_card(&self, slot: u32, lang: Lang, json: &mut Vec<u8>) -> Result<()> {
        let Some(shown) = self.shown(slot) else { return Ok(()) };
        json.push(b'{');
        shown.write_card(lang, json)?;
        close(json);
        Ok(())
    }

    /// Adds what the page of a listing is put together from.
    pub fn tag_page(&self, slot: u32, tag: &mut Tag) {
        let Some(row) = self.row(slot) else { return };
        self.tag_card(slot, tag);
        if let Some(certificate) = self.certificates.get(row.certificate) {
            tag.add(certificate.hash());
        }
        if let Some(rule) = self.rules.of(row.set) {
            tag.add(rule.hash());
        }
    }

    /// Adds the page of a listing, an object.
    ///
    /// # Errors
    /// A fault if its pieces cannot be read.
    pub fn write_page(&self, slot: u32, lang: Lang, json: &mut Vec<u8>) -> Result<()> {
        let Some(shown) = self.shown(slot) else { return Ok(()) };
        json.push(b'{');
        shown.write_card(lang, json)?;
        shown.sheet.page(lang, json)?;
        match self.certificates.get(shown.row.certificate) {
            Some(certificate) => {
                json.extend_from_slice(b"\"certificate\":{");
                certificate.write(&self.pieces, json)?;
                close(json);
                json.push(b',');
            }
            None => json.extend_from_slice(b"\"certificate\":null,"),
        }
        if let Some(rule) = self.rules.of(shown.row.set) {
            json.extend_from_slice(rule.members());
        }
        close(json);
        Ok(())
    }

    /// The listing, which is on the shelf with everything it needs there.
    fn shown(&self, slot: u32) -> Option<Shown<'_>> {
        let row = self.row(slot)?;
        Some(Shown {
            row,
            sheet: self.sheet(slot)?,
            shop: self.shops.get(row.shop)?,
            place: self.places.get(row.place)?,
        })
    }
}

impl Shown<'_> {
    fn write_card(&self, lang: Lang, json: &mut Vec<u8>) -> Result<()> {
        self.sheet.card(lang, json)?;
        json.extend_from_slice(self.shop.on_listing());
        json.extend_from_slice(self.place.members());
        self.row.write_today(json);
        Ok(())
    }
}

impl Row {
    /// What of the card follows from the day, as few bytes.
    fn today(&self) -> [u8; 5] {
        let [high, low] = self.minimum_age.unwrap_or(-1).to_be_bytes();
        [self.ranks.stars, self.state.map_or(u8::MAX, |state| state as u8), u8::from(self.orderable), high, low]
    }

    /// What of the card follows from the day, as members.
    fn write_today(&self, json: &mut Vec<u8>) {
        json.extend_from_slice(b"\"stars\":");
        match self.ranks.stars {
            0 => json.extend_from_slice(b"null"),
            stars => json.push(b'0' + stars),
        }
        json.extend_from_slice(b",\"certificate_state\":");
        match self.state.map(CertificateState::name) {
            Some(state) => [b"\"", state.as_bytes(), b"\""].into_iter().for_each(|part| json.extend_from_slice(part)),
            None => json.extend_from_slice(b"null"),
        }
        json.extend_from_slice(if self.orderable { b",\"orderable\":true" } else { b",\"orderable\":false" });
        json.extend_from_slice(b",\"minimum_age\":");
        match self.minimum_age {
            Some(age) => json.extend_from_slice(age.to_string().as_bytes()),
            None => json.extend_from_slice(b"null"),
        }
        json.push(b',');
    }
}

/// Ends an object whose last member is followed by a comma.
fn close(json: &mut [u8]) {
    if let Some(end) = json.last_mut() {
        *end = b'}';
    }
}
