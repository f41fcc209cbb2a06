//! What is asked: for each kind, ten thousand different paths and more, drawn from the goods themselves, so that what
//! people would look for is there.

use std::collections::HashSet;
use std::fmt;

use anyhow::ensure;
use form_urlencoded::byte_serialize;
use ocop_market::kernel::text::fold;

use super::goods::{Card, Dice, Goods, Place};

/// Different paths of a kind; of details, as many as there are listings.
const DISTINCT: usize = 20_000;
/// Fewer are no measure: the program could remember the answers.
const FEWEST: usize = 10_000;
/// Most hits of a question that counts as a narrow one.
const NARROW: usize = 1_000;

/// A kind of question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Kind {
    /// One listing.
    Detail,
    /// The first 24 that pass one to three filters, in one of the orders.
    List,
    /// The same with counts by province, set, stars and stock.
    Facets,
    /// Two words of a title, with or without their accents.
    Words,
    /// Two words that no more than a thousand listings have.
    NarrowWords,
    /// Two words, one of them with one wrong, missing, doubled or swapped letter.
    Fuzzy,
    /// The beginning of a title, as it is being typed.
    Suggest,
    /// As `list`, while prices change.
    Changes,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Detail => "detail",
            Self::List => "list of 24",
            Self::Facets => "list with facets",
            Self::Words => "two words",
            Self::NarrowWords => "two words, ≤ 1,000 hits",
            Self::Fuzzy => "two words, one typo",
            Self::Suggest => "suggestions",
            Self::Changes => "list of 24, prices changing",
        })
    }
}

impl Kind {
    /// Whether every answer must have something in it: typos may leave nothing to be found.
    pub const fn always_finds(self) -> bool {
        !matches!(self, Self::Fuzzy | Self::Suggest)
    }

    /// Different paths of the kind, in random order.
    pub fn paths(self, goods: &Goods) -> anyhow::Result<Vec<String>> {
        // Lists are asked for the same with and without facets, quiet and changing.
        let kind = if matches!(self, Self::Facets | Self::Changes) { Self::List } else { self };
        let mut dice = Dice::new(kind as u64 + 1);
        let mut paths = match self {
            Self::Detail => goods.cards.iter().map(detail).collect(),
            Self::List | Self::Changes => several(|| Some(list(goods, &mut dice))),
            Self::Facets => several(|| Some(format!("{}&facets=province,set,stars,in_stock", list(goods, &mut dice)))),
            Self::Words => several(|| Some(search(&two_words(goods, &mut dice)))),
            Self::NarrowWords => {
                let (postings, words) = (Postings::of(goods), several(|| Some(two_words(goods, &mut dice))));
                words.iter().filter(|words| postings.hits(words) <= NARROW).map(|words| search(words)).collect()
            }
            Self::Fuzzy => several(|| Some(search(&mistyped(&two_words(goods, &mut dice), goods, &mut dice)?))),
            Self::Suggest => several(|| Some(suggestion(goods, &mut dice))),
        };
        dice.shuffle(&mut paths);
        let wanted = FEWEST.min(goods.cards.len());
        ensure!(paths.len() >= wanted, "only {} different paths for {self}", paths.len());
        Ok(paths)
    }
}

/// Different ones out of many tries.
fn several(mut make: impl FnMut() -> Option<String>) -> Vec<String> {
    let tries = (0..DISTINCT * 20).filter_map(|_| make());
    let mut known = HashSet::new();
    tries.filter(|one| known.insert(one.clone())).take(DISTINCT).collect()
}

/// The page of a listing, to somebody old enough.
pub fn detail(card: &Card) -> String {
    match card.minimum_age {
        Some(age) => format!("/v1/listings/{}?age={age}", card.slug),
        None => format!("/v1/listings/{}", card.slug),
    }
}

/// A listing everybody sees.
fn any<'a>(goods: &'a Goods, dice: &mut Dice) -> &'a Card {
    loop {
        let card = dice.pick(&goods.cards);
        if card.minimum_age.is_none() {
            return card;
        }
    }
}

/// Filters that some listing passes.
fn list(goods: &Goods, dice: &mut Dice) -> String {
    let card = any(goods, dice);
    let place = &goods.places[card.place];
    let mut filters = vec![by_place(card, place, dice)];
    let others = [
        format!("set={}", card.set_no),
        format!("group={}", card.group),
        format!("price_max={}", (card.price_vnd / 10_000 + dice.between(1, 40)) * 10_000),
        format!("price_min={}", (card.price_vnd / 10_000).min(dice.between(1, 40)) * 10_000),
        format!("in_stock={}", card.in_stock),
        card.stars.map_or_else(|| "sort=price".to_owned(), |stars| format!("stars={stars}")),
        card.stars.map_or_else(|| "sort=newest".to_owned(), |stars| format!("stars_min={stars}")),
    ];
    for _ in 0..dice.below(3) {
        let filter = dice.pick(&others).clone();
        let name = |filter: &str| filter.split('=').next().map(str::to_owned);
        if !filters.iter().any(|known| name(known) == name(&filter)) {
            filters.push(filter);
        }
    }
    if !filters.iter().any(|filter| filter.starts_with("sort=")) && dice.happens(60) {
        filters.push(format!("sort={}", dice.pick(&["newest", "price", "price_desc", "rating"])));
    }
    format!("/v1/listings?limit=24&{}", filters.join("&"))
}

fn by_place(card: &Card, place: &Place, dice: &mut Dice) -> String {
    match dice.below(100) {
        0..45 => format!("province={}", place.province_slug),
        45..60 => format!("legacy_province={}", place.former_slug),
        60..70 => format!("region={}", place.region),
        70..85 => format!("commune={}", place.code),
        85..90 => format!("seller={}", card.seller_slug),
        _ => format!("set={}", card.set_no),
    }
}

/// Two words that stand together in a title; half of the people type accents.
fn two_words(goods: &Goods, dice: &mut Dice) -> String {
    let card = any(goods, dice);
    let words: Vec<&str> = card.title.split(' ').collect();
    let at = dice.below(words.len() - 1);
    let typed = words[at..at + 2].join(" ").to_lowercase();
    if dice.happens(50) { typed } else { fold(&typed) }
}

/// By the number of a word, the listings that have it.
struct Postings<'a> {
    goods: &'a Goods,
    listings: Vec<Vec<usize>>,
}

impl<'a> Postings<'a> {
    fn of(goods: &'a Goods) -> Self {
        let mut listings = vec![Vec::new(); goods.vocabulary.len()];
        for (at, card) in goods.cards.iter().enumerate() {
            for number in &card.words {
                listings[*number as usize].push(at);
            }
        }
        Self { goods, listings }
    }

    /// How many listings have all the words.
    fn hits(&self, words: &str) -> usize {
        let words = fold(words);
        let numbers = words.split(' ').map(|word| self.goods.vocabulary.number(word));
        let lists = numbers.map(|number| number.map_or(&[][..], |number| &self.listings[number as usize]));
        let mut lists: Vec<&[usize]> = lists.collect();
        lists.sort_by_key(|list| list.len());
        let Some((rarest, others)) = lists.split_first() else { return 0 };
        rarest.iter().filter(|at| others.iter().all(|list| list.binary_search(at).is_ok())).count()
    }
}

/// The words with one slip in one of those that have three letters; none if the slip makes another known word.
fn mistyped(words: &str, goods: &Goods, dice: &mut Dice) -> Option<String> {
    const LETTERS: &[char] =
        &['a', 'b', 'c', 'd', 'e', 'g', 'h', 'i', 'k', 'l', 'm', 'n', 'o', 'p', 'r', 's', 't', 'u', 'v', 'y'];
    let mut words: Vec<String> = words.split(' ').map(str::to_owned).collect();
    let at = dice.below(words.len());
    let mut letters: Vec<char> = words[at].chars().collect();
    if letters.len() < 3 {
        return None;
    }
    let slip = dice.below(letters.len() - 1);
    match dice.below(4) {
        0 => drop(letters.remove(slip + 1)),
        1 => letters.insert(slip, letters[slip]),
        2 => letters[slip + 1] = *dice.pick(LETTERS),
        _ => letters.swap(slip, slip + 1),
    }
    words[at] = letters.into_iter().collect();
    goods.vocabulary.number(&fold(&words[at])).is_none().then(|| words.join(" "))
}

fn search(words: &str) -> String {
    format!("/v1/listings?limit=24&q={}", encoded(words))
}

fn suggestion(goods: &Goods, dice: &mut Dice) -> String {
    let title = any(goods, dice).title.to_lowercase();
    let length = 2 + dice.below(14);
    let typed: String = title.chars().take(length).collect();
    let typed = if dice.happens(50) { typed } else { fold(&typed) };
    format!("/v1/suggestions?q={}", encoded(typed.trim()))
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}
