//! A listing as postings: which words stand where.

use super::amounts;
use super::letters::{self, Marks};
use super::lexicon::{Lexicon, Term, UNTYPED};
use super::segment::Batch;
use super::{Doc, Document};
use crate::market::certification::SetNo;

/// The parts of a listing that are told apart, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Field {
    /// The title.
    Title = 0,
    /// The English title.
    TitleEn = 1,
    /// Names beside it: shop, commune, packs; and what nobody types: set, places.
    Name = 2,
    /// Summaries and ingredients.
    Text = 3,
}

/// The position of words too far behind to tell where.
pub const FAR: u8 = 15;

/// Where a word stands, and how it is marked: `field 2 | position 4 | length of the field 4 | marks 6`, so that the
/// better place is the smaller number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(u16);

impl Place {
    fn new(field: Field, position: usize, length: usize, marks: Marks) -> Self {
        let least = |number: usize| u16::try_from(number.min(usize::from(FAR))).unwrap_or(u16::from(FAR));
        Self((field as u16) << 14 | least(position) << 10 | least(length) << 6 | u16::from(marks.bits()))
    }

    /// The part of the listing it is in.
    pub const fn field(self) -> Field {
        match self.0 >> 14 {
            0 => Field::Title,
            1 => Field::TitleEn,
            2 => Field::Name,
            _ => Field::Text,
        }
    }

    /// Whether the field is one of names, not of running text.
    pub const fn is_name(self) -> bool {
        !matches!(self.field(), Field::Text)
    }

    /// Words before it in the field; [`FAR`] for fifteen or more.
    pub const fn position(self) -> u8 {
        (self.0 >> 10 & 0xF) as u8
    }

    /// Words of the field; 15 for more.
    pub const fn length(self) -> u8 {
        (self.0 >> 6 & 0xF) as u8
    }

    /// The marks of the word.
    pub const fn marks(self) -> Marks {
        Marks::from_bits((self.0 & 0x3F) as u8)
    }
}

/// The word for a product set.
pub fn set_word(set: SetNo) -> String {
    format!("{UNTYPED}set{set}")
}

/// The word for a province of today, by code.
pub fn province_word(code: &str) -> String {
    format!("{UNTYPED}in{code}")
}

/// The word for a province of before 1 July 2025, by code.
pub fn legacy_word(code: &str) -> String {
    format!("{UNTYPED}was{code}")
}

/// Postings of what changed.
pub fn index<'a>(lexicon: &mut Lexicon, changes: impl IntoIterator<Item = (Doc, Option<Document<'a>>)>) -> Batch {
    let mut batch = Batch::default();
    let mut places = Vec::new();
    for (doc, document) in changes {
        places.clear();
        if let Some(document) = &document {
            collect(lexicon, document, &mut places);
            keep_best(&mut places);
        }
        batch.put(doc, document.is_some(), &places);
    }
    batch
}

fn collect(lexicon: &mut Lexicon, document: &Document<'_>, places: &mut Vec<(Term, Place)>) {
    let location = document.location;
    let mut reader = Reader { lexicon, places };
    reader.read(Field::Title, [document.title_vi]);
    reader.read(Field::TitleEn, document.title_en);
    let packs = document.packs.iter().map(|(name, _)| *name);
    reader.read(Field::Name, [document.shop, &location.commune.name].into_iter().chain(packs));
    let texts = [Some(document.summary_vi), document.summary_en, document.ingredients];
    reader.read(Field::Text, texts.into_iter().flatten());
    for (name, grams) in &document.packs {
        reader.amounts(name, *grams);
    }
    reader.untyped(&set_word(document.set));
    reader.untyped(&province_word(&location.province.code));
    reader.untyped(&legacy_word(&location.legacy_province.code));
}

/// Of each word only its best place; in the title, where words may come twice ("Danh Trà – Trà hoa sen"), two.
fn keep_best(places: &mut Vec<(Term, Place)>) {
    places.sort_unstable();
    let mut before: (Option<Term>, u8) = (None, 0);
    places.retain(|(term, place)| {
        let again = before.0 == Some(*term);
        before = (Some(*term), if again { before.1.saturating_add(1) } else { 0 });
        !again || (before.1 == 1 && place.field() == Field::Title)
    });
}

struct Reader<'a> {
    lexicon: &'a mut Lexicon,
    places: &'a mut Vec<(Term, Place)>,
}

impl Reader<'_> {
    /// Takes in the texts of a field; two of them never read on into each other.
    fn read<'t>(&mut self, field: Field, texts: impl IntoIterator<Item = &'t str>) {
        let mut found: Vec<(Term, usize, Marks)> = Vec::new();
        for text in texts {
            let mut position = found.last().map_or(0, |(_, last, _)| last + 2);
            letters::each_word(text, |word| {
                found.push((self.lexicon.number(word), position, word.marks));
                position += 1;
            });
        }
        let length = found.len();
        self.places.extend(
            found.into_iter().map(|(term, position, marks)| (term, Place::new(field, position, length, marks))),
        );
    }

    fn amounts(&mut self, name: &str, grams: Option<i32>) {
        let pieces: Vec<&str> = name.split_whitespace().collect();
        let told = (0..pieces.len()).find_map(|at| amounts::amount(pieces.get(at..)?));
        if let Some(word) = told.map(|(word, _)| word).or_else(|| grams.and_then(amounts::grams_word)) {
            self.untyped(&word);
        }
    }

    fn untyped(&mut self, word: &str) {
        let term = self.lexicon.untyped(word);
        self.places.push((term, Place::new(Field::Name, usize::from(FAR), usize::from(FAR), Marks::default())));
    }
}
