//! What names are made of. All of it comes from the real products and communes but for people and some brands; brands
//! and places are what makes the vocabulary grow with the catalogue, as it does in life.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::dice::{Dice, Ranked};

const PRODUCTS: &str = include_str!("../../../src/seed/data/ocop_products.csv");

#[derive(Deserialize)]
struct Product {
    name_vi: String,
    producer: String,
    ocop_set: i16,
}

/// The beginning of a product's name, which says what it is: "Trà móc câu".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Noun {
    pub words: String,
    pub set_no: i16,
}

/// Words to draw names from.
pub struct Words {
    /// What is sold, the most frequent first.
    pub nouns: Ranked<Noun>,
    /// What tells one from another: "cổ thụ", "sấy giòn".
    pub varieties: Ranked<String>,
    /// Words that brands are made of.
    proper: Ranked<String>,
}

impl Words {
    pub fn read() -> anyhow::Result<Self> {
        let products: Vec<Product> =
            csv::Reader::from_reader(PRODUCTS.as_bytes()).deserialize().collect::<Result<_, _>>()?;
        let names: Vec<Vec<&str>> = products.iter().map(|product| plain_words(&product.name_vi)).collect();
        let nouns = products.iter().zip(&names).flat_map(|(product, words)| {
            let of = |count: usize| Noun { words: words[..count].join(" "), set_no: product.ocop_set };
            [2, 3].into_iter().filter(|count| *count <= words.len()).map(of).collect::<Vec<_>>()
        });
        let varieties = names.iter().flat_map(|words| {
            let small = |pair: &&[&str]| pair.iter().all(|word| word.chars().all(char::is_lowercase));
            words.windows(2).skip(1).filter(small).map(|pair| pair.join(" "))
        });
        let all = products.iter().flat_map(|product| [&product.name_vi, &product.producer]);
        let proper = all.flat_map(|name| plain_words(name).into_iter().skip(1).filter(|word| is_name(word)));
        Ok(Self {
            nouns: by_frequency(nouns),
            varieties: by_frequency(varieties),
            proper: by_frequency(proper.map(str::to_owned)),
        })
    }

    /// A brand: two real words, or an invented one.
    pub fn brand(&self, dice: &mut Dice) -> String {
        if dice.happens(25) {
            return coined(dice);
        }
        let first = self.proper.draw(dice).clone();
        let second = self.proper.draw(dice);
        if first == *second { first } else { format!("{first} {second}") }
    }
}

/// The words of a name, without its punctuation.
fn plain_words(name: &str) -> Vec<&str> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some() && letters.all(char::is_lowercase)
}

fn by_frequency<T: Ord>(things: impl Iterator<Item = T>) -> Ranked<T> {
    let mut counts = BTreeMap::new();
    for thing in things {
        *counts.entry(thing).or_insert(0_usize) += 1;
    }
    let ordered: BTreeSet<_> = counts.into_iter().map(|(thing, count)| (usize::MAX - count, thing)).collect();
    Ranked::new(ordered.into_iter().map(|(_, thing)| thing).collect())
}

const BEGINNINGS: &[&str] = &["b", "d", "g", "h", "k", "l", "m", "n", "ph", "s", "t", "th", "tr", "v", "x"];
const VOWELS: &[&str] = &["a", "e", "i", "o", "u", "ia", "oa"];
const ENDINGS: &[&str] = &["", "", "", "n", "m", "co", "na", "fa", "sa"];

/// A brand that is no word of any language, like Dakimo.
fn coined(dice: &mut Dice) -> String {
    let mut brand = String::new();
    for _ in 0..=1 + dice.below(2) {
        brand.push_str(dice.pick::<&str>(BEGINNINGS));
        brand.push_str(dice.pick::<&str>(VOWELS));
    }
    brand.push_str(dice.pick::<&str>(ENDINGS));
    capitalised(&brand)
}

/// With a capital at its beginning.
pub fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

const FAMILIES: &[&str] = &[
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Lý", "Giàng", "Lò", "Hà", "Nông", "Triệu", "Vàng", "Đinh", "Quàng",
];
const MIDDLES: &[&str] = &["Thị", "Văn", "Minh", "Thu", "Đức", "Ngọc", "Quang", "Hữu", "Thanh", "Xuân", "Kim", "Bá"];
const GIVEN: &[&str] = &[
    "An", "Anh", "Bình", "Châu", "Chung", "Cường", "Dung", "Dũng", "Duyên", "Đạt", "Giang", "Hà", "Hải", "Hạnh",
    "Hiền", "Hiếu", "Hoa", "Hòa", "Hồng", "Huệ", "Hùng", "Hương", "Khánh", "Lan", "Liên", "Linh", "Loan", "Long",
    "Lợi", "Mai", "Mỷ", "Nam", "Nga", "Nhung", "Phúc", "Phương", "Quân", "Quý", "Sáng", "Sơn", "Tâm", "Thảo", "Thắng",
    "Thịnh", "Thủy", "Tiến", "Toàn", "Trang", "Tuấn", "Vinh", "Yến",
];

/// A person's name.
pub fn person(dice: &mut Dice) -> String {
    format!("{} {} {}", dice.pick(FAMILIES), dice.pick(MIDDLES), dice.pick(GIVEN))
}
