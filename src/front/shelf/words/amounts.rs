//! Quantities and stars in words: "0,5 kg" and "500g" are one word, "5 sao" is none.

use super::letters::words;

/// How a unit is written, folded, with the unit it is counted in and how many of those it is.
const UNITS: [(&str, char, u64); 17] = [
    ("g", 'g', 1),
    ("gr", 'g', 1),
    ("gam", 'g', 1),
    ("gram", 'g', 1),
    ("grams", 'g', 1),
    ("lang", 'g', 100),
    ("kg", 'g', 1000),
    ("ki", 'g', 1000),
    ("kilo", 'g', 1000),
    ("kilogam", 'g', 1000),
    ("kilogram", 'g', 1000),
    ("can", 'g', 1000),
    ("ml", 'm', 1),
    ("cc", 'm', 1),
    ("l", 'm', 1000),
    ("lit", 'm', 1000),
    ("liter", 'm', 1000),
];

/// The fewest and most stars a certificate has.
const STARS: std::ops::RangeInclusive<u8> = 3..=5;

/// Before the decimals; longer numbers are no amounts.
const MOST_DIGITS: usize = 9;

/// The word an amount is kept as; nobody can type it, as words have no such letter.
pub fn amount_word(thousandths: u64, unit: char) -> String {
    format!("\u{1}{thousandths}{unit}")
}

/// The word for so many grams.
pub fn grams_word(grams: i32) -> Option<String> {
    u64::try_from(grams).ok().map(|grams| amount_word(grams * 1000, 'g'))
}

/// The amount at the beginning of the pieces of a text, and how many pieces it takes.
pub fn amount(pieces: &[&str]) -> Option<(String, usize)> {
    let first = pieces.first()?;
    let digits = first.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(first.len());
    let (number, rest) = first.split_at(digits);
    let thousandths = thousandths(number)?;
    let (unit, taken) = if rest.is_empty() { (*pieces.get(1)?, 2) } else { (rest, 1) };
    let unit = words(unit);
    let [unit] = unit.as_slice() else { return None };
    let (_, base, times) = UNITS.iter().find(|(written, ..)| *written == unit.folded)?;
    Some((amount_word(thousandths.checked_mul(*times)?, *base), taken))
}

/// A number with at most three decimals, in thousandths. A comma stands before decimals. So does a point, unless three
/// digits follow it and more than a nought stands before it: "1.000" is a thousand, "0.500" a half, "1.5" one and a half.
fn thousandths(number: &str) -> Option<u64> {
    let number = number.trim_end_matches(['.', ',']);
    let (before_comma, decimals) = number.split_once(',').unwrap_or((number, ""));
    let (whole, decimals) = match (before_comma.split_once('.'), decimals) {
        (Some((whole, rest)), _) if is_grouped(whole, rest) => (before_comma.replace('.', ""), decimals),
        (Some((whole, rest)), "") => (whole.to_owned(), rest),
        (Some(_), _) => return None,
        (None, _) => (before_comma.to_owned(), decimals),
    };
    if whole.len() > MOST_DIGITS || decimals.len() > 3 {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let part: u64 = if decimals.is_empty() { 0 } else { format!("{decimals:0<3}").parse().ok()? };
    Some(whole * 1000 + part)
}

/// Whether the points in `whole.rest` group thousands.
fn is_grouped(whole: &str, rest: &str) -> bool {
    (1..=3).contains(&whole.len()) && whole != "0" && rest.split('.').all(|group| group.len() == 3)
}

/// The stars wished for at the beginning of the pieces, and how many pieces that takes: "5 sao", "4 stars", "5sao".
pub fn stars(pieces: &[&str]) -> Option<(u8, usize)> {
    let first = pieces.first()?;
    let (number, rest) = first.split_at(first.find(|c: char| !c.is_ascii_digit()).unwrap_or(first.len()));
    let count = match (number, rest) {
        ("", written) => match written.to_lowercase().as_str() {
            "ba" | "three" => 3,
            "bốn" | "four" => 4,
            "năm" | "five" => 5,
            _ => return None,
        },
        (number, _) => number.parse().ok()?,
    };
    let (word, taken) = if number.is_empty() || rest.is_empty() { (*pieces.get(1)?, 2) } else { (rest, 1) };
    let known = word == "*" || matches!(words(word).as_slice(), [only] if is_star(&only.folded));
    (known && STARS.contains(&count)).then_some((count, taken))
}

fn is_star(folded: &str) -> bool {
    matches!(folded, "sao" | "star" | "stars")
}
