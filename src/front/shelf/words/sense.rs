//! What typed words mean beside themselves: places, the rows of `search_words`, sets and groups by their names; and the
//! weights of the day.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::{Datelike as _, NaiveDate};

use super::super::facts::{Common, WeightRow};
use super::document::{legacy_word, province_word, set_word};
use super::letters::{Marks, Word, words};
use crate::market::certification::SetNo;

/// The most words of a phrase with a meaning.
pub const LONGEST_PHRASE: usize = 8;

/// In a row, a product set is written as this and its number.
pub const SET_SIGN: char = '#';
/// Before a word: and whatever rows say of that word. So the many names of a class share its list.
pub const LIKE_SIGN: char = '@';

/// What a phrase means.
#[derive(Debug, Clone)]
pub enum Meaning {
    /// These words, in this order.
    Words(Vec<Word>),
    /// These, and what rows say of them, by their key.
    Like(Vec<Word>, String),
    /// The listings with this untyped word: of a set, of a place.
    Untyped(String),
    /// Nothing that listings tell of each other by: *ngon*, *đặc sản*.
    Nothing,
}

#[derive(Debug)]
struct Entry {
    /// The marks of its words; what else there is of them is its key.
    marks: Box<[Marks]>,
    meaning: Meaning,
}

/// Words that follow each other, with the key of what they mean.
#[derive(Debug, Clone, Copy)]
pub struct Phrase<'a> {
    pub words: &'a [Word],
    /// The folded words, a space between them.
    pub key: &'a str,
}

/// Phrases by their keys.
#[derive(Debug, Default)]
struct Phrases(HashMap<String, Vec<Entry>>);

/// Whether a text has as many words as can be looked up: no other is ever found in what was typed.
pub fn is_phrase(text: &str) -> bool {
    is_phrase_of(&words(text))
}

fn is_phrase_of(words: &[Word]) -> bool {
    (1..=LONGEST_PHRASE).contains(&words.len())
}

impl Phrases {
    fn insert(&mut self, typed: &[Word], meaning: Meaning) {
        if is_phrase_of(typed) {
            let marks = typed.iter().map(|word| word.marks).collect();
            self.0.entry(key(typed)).or_default().push(Entry { marks, meaning });
        }
    }

    /// What the words mean, each typed with the very marks or with none at all.
    fn of<'a>(&'a self, phrase: Phrase<'a>) -> impl Iterator<Item = &'a Meaning> {
        let fits = move |entry: &&Entry| {
            entry.marks.iter().zip(phrase.words).all(|(known, word)| word.marks.is_bare() || word.marks == *known)
        };
        self.0.get(phrase.key).into_iter().flatten().filter(fits).map(|entry| &entry.meaning)
    }
}

/// The key of a phrase.
pub fn key(words: &[Word]) -> String {
    let mut key = String::new();
    for word in words {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(&word.folded);
    }
    key
}

/// Meanings and weights of a day.
#[derive(Debug, Clone)]
pub struct Sense {
    meanings: Arc<Meanings>,
    pub weights: Weights,
}

impl Sense {
    pub fn new(common: &Common, today: NaiveDate) -> Self {
        Self { meanings: Arc::new(Meanings::learn(common)), weights: Weights::of(&common.weights, today) }
    }

    /// With other rows or another day. Meanings are only learnt again where their rows are others.
    pub fn with(&self, common: &Common, today: NaiveDate) -> Self {
        let same = self.meanings.learnt_from == fingerprint(common);
        let meanings = if same { Arc::clone(&self.meanings) } else { Arc::new(Meanings::learn(common)) };
        Self { meanings, weights: Weights::of(&common.weights, today) }
    }

    /// The places a phrase names.
    pub fn places<'a>(&'a self, phrase: Phrase<'a>) -> impl Iterator<Item = &'a Meaning> {
        self.meanings.places.of(phrase)
    }

    /// What rows say a phrase means. What is like it is followed once, so rows that name each other end.
    pub fn rows<'a>(&'a self, phrase: Phrase<'a>) -> impl Iterator<Item = &'a Meaning> {
        let rows = &self.meanings.rows;
        rows.of(phrase).flat_map(|meaning| {
            let like = if let Meaning::Like(words, key) = meaning { Some(Phrase { words, key }) } else { None };
            std::iter::once(meaning).chain(like.into_iter().flat_map(|like| rows.of(like)))
        })
    }

    /// Whether the word is part of a phrase with a meaning.
    pub fn knows(&self, folded: &str) -> bool {
        self.meanings.known.contains(folded)
    }
}

/// What phrases mean, whatever the day.
#[derive(Debug)]
struct Meanings {
    places: Phrases,
    rows: Phrases,
    /// Folded words that stand in a phrase with a meaning: not to be mistaken for keystrokes.
    known: HashSet<String>,
    /// The fingerprint of the rows that say all this.
    learnt_from: u64,
}

/// Tells whether rows that say what phrases mean are still the same.
fn fingerprint(common: &Common) -> u64 {
    let mut hasher = DefaultHasher::new();
    for province in &common.provinces {
        (&province.code, &province.name_vi, &province.full_name_vi, &province.name_en).hash(&mut hasher);
        province.region.hash(&mut hasher);
    }
    for province in &common.legacy_provinces {
        (&province.code, &province.name_vi, province.kind.prefix_vi()).hash(&mut hasher);
    }
    common.regions.hash(&mut hasher);
    for (set, name, _) in &common.sets {
        (set, name).hash(&mut hasher);
    }
    for row in &common.words {
        (&row.typed, &row.means, row.mutual).hash(&mut hasher);
    }
    hasher.finish()
}

impl Meanings {
    fn learn(common: &Common) -> Self {
        let mut meanings = Self {
            places: Phrases::default(),
            rows: Phrases::default(),
            known: HashSet::new(),
            learnt_from: fingerprint(common),
        };
        meanings.learn_places(common);
        meanings.learn_sets(common);
        for row in &common.words {
            meanings.learn_row(&row.typed, &row.means);
            if row.mutual {
                meanings.learn_row(&row.means, &row.typed);
            }
        }
        let phrases = meanings.places.0.keys().chain(meanings.rows.0.keys());
        meanings.known = phrases.flat_map(|phrase| phrase.split(' ')).map(ToOwned::to_owned).collect();
        meanings
    }

    fn learn_places(&mut self, common: &Common) {
        let mut learn = |name: &str, untyped: String| self.places.insert(&words(name), Meaning::Untyped(untyped));
        for province in &common.provinces {
            learn(&province.name_vi, province_word(&province.code));
            learn(&province.full_name_vi, province_word(&province.code));
            if words(&province.name_en)
                .iter()
                .map(|word| &word.folded)
                .ne(words(&province.name_vi).iter().map(|word| &word.folded))
            {
                learn(&province.name_en, province_word(&province.code));
            }
        }
        for province in &common.legacy_provinces {
            learn(&province.name_vi, legacy_word(&province.code));
            learn(&format!("{} {}", province.kind.prefix_vi(), province.name_vi), legacy_word(&province.code));
        }
        for (slug, name_vi, name_en) in &common.regions {
            for province in common.provinces.iter().filter(|province| province.region == *slug) {
                learn(name_vi, province_word(&province.code));
                learn(name_en, province_word(&province.code));
            }
        }
    }

    /// A set is meant by its whole name only: it holds more than each thing the name lists.
    fn learn_sets(&mut self, common: &Common) {
        for (set, name, _) in &common.sets {
            self.rows.insert(&words(name), Meaning::Untyped(set_word(*set)));
        }
    }

    /// A row; what means a place is a place.
    fn learn_row(&mut self, typed: &str, means: &str) {
        let (typed, means) = (words(typed), means.trim());
        if let Some(set) = means.strip_prefix(SET_SIGN) {
            if let Some(set) = set.parse().ok().and_then(|number: i16| SetNo::try_from(number).ok()) {
                self.rows.insert(&typed, Meaning::Untyped(set_word(set)));
            }
            return;
        }
        if let Some(like) = means.strip_prefix(LIKE_SIGN) {
            let like = words(like);
            let key = key(&like);
            self.rows.insert(&typed, Meaning::Like(like, key));
            return;
        }
        let means = words(means);
        let named = Phrase { words: &means, key: &key(&means) };
        let places: Vec<Meaning> = self.places.of(named).cloned().collect();
        if means.is_empty() {
            self.rows.insert(&typed, Meaning::Nothing);
        } else if places.is_empty() {
            self.rows.insert(&typed, Meaning::Words(means));
        } else {
            for place in places {
                self.places.insert(&typed, place);
            }
        }
    }
}

macro_rules! weights {
    ($($(#[$doc:meta])+ $name:ident: $bounds:expr,)+) => {
        /// The weights of the ranking, as rows of the day. Shares are in hundredths. Each lies within its bounds, whatever
        /// its row says, and is the least it may be without one: so no weight hides what was looked for, and the sums of
        /// the ranking stay far below what a `u32` holds.
        #[derive(Debug, Clone, Default)]
        pub struct Weights {
            /// The day they hold, in days since 1970: what is new is counted from it.
            pub day: i32,
            $($(#[$doc])+ pub $name: u32,)+
        }

        impl Weights {
            /// Those in force on the day; of several of one name the latest.
            pub fn of(rows: &[WeightRow], today: NaiveDate) -> Self {
                let value = |name: &str, bounds: RangeInclusive<i32>| {
                    let in_force = |row: &&WeightRow| {
                        row.name == name
                            && row.effective_from <= today
                            && row.effective_to.is_none_or(|end| today < end)
                    };
                    let latest = rows.iter().filter(in_force).max_by_key(|row| row.effective_from);
                    let (least, most) = bounds.into_inner();
                    latest.map_or(least, |row| row.value.clamp(least, most)).unsigned_abs()
                };
                Self { day: days_since_1970(today), $($name: value(stringify!($name), $bounds),)+ }
            }

            /// The names a row may have, each with its bounds.
            pub const BOUNDS: &'static [(&'static str, RangeInclusive<i32>)] = &[$((stringify!($name), $bounds)),+];
        }
    };
}

weights! {
    /// A word in the title.
    title: 50..=100,
    /// In the English title.
    title_en: 20..=100,
    /// In the name of the shop, the commune or a pack.
    name: 20..=100,
    /// In a summary or the ingredients.
    text: 10..=100,
    /// Typed without marks, or found without them.
    tone_missing: 30..=100,
    /// Another tone than typed.
    tone_other: 30..=100,
    /// Another vowel than typed.
    vowel_other: 30..=100,
    /// What a row says it means.
    synonym: 30..=100,
    /// Only begun to be typed.
    begun: 50..=100,
    /// Words that follow each other as typed, of the lighter one's weight.
    phrase: 0..=100,
    /// The first word of the title: a Vietnamese name begins with what the thing is.
    head: 0..=100,
    /// The share of the title that was typed, of the weight of all words.
    coverage: 0..=100,
    /// The place named, of the weight of an average word.
    place: 0..=200,
    /// The least share of the best listing's weight that is still a hit.
    cut: 10..=100,
    /// The steps in which the text's part is counted, of 10,000.
    step: 1..=1_000,
    /// Each star of a certificate valid today.
    star: 0..=1_000,
    /// The stars wished for.
    star_wished: 0..=10_000,
    /// A full rating by many.
    rating: 0..=2_000,
    /// In stock.
    stock: 0..=2_000,
    /// Published today; it fades within `fresh_days`.
    fresh: 0..=2_000,
    /// Days after which a listing is no longer new.
    fresh_days: 1..=730,
    /// Each hit of the same shop before it.
    shop_again: 0..=2_000,
}

fn days_since_1970(day: NaiveDate) -> i32 {
    day.num_days_from_ce() - NaiveDate::default().num_days_from_ce()
}
