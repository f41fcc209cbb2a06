//! The words by which a transfer is known: an order's number without its hyphens.
//!
//! People know the number already, its random letters keep others from naming it, and 15 capital letters and digits
//! survive every bank. Where somebody typed it by hand, case, spaces, hyphens and the look-alikes O and 0, I, L and 1
//! do not matter, nor do words around it.

/// How every order number begins.
const BEGINNING: &str = "0C0P";
/// The shortest and the longest reference that is looked for, in characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 10..=24;

/// The reference of the order with this number: `OCOP-261121-7K3QZ8M2XW` → `OCOP2611217K3QZ8M2XW`.
pub fn of_number(number: &str) -> String {
    number.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// What might be a reference in the words of a transfer, the longest first at each place; none is one for certain.
pub fn candidates(words: &str) -> Vec<String> {
    let letters: Vec<char> = words.chars().filter(char::is_ascii_alphanumeric).map(plain).collect();
    let text: String = letters.iter().collect();
    let places = text.match_indices(BEGINNING).map(|(at, _)| at);
    let cut = |at: usize, length: usize| text.get(at + BEGINNING.len()..at + length).map(|rest| format!("OCOP{rest}"));
    places.flat_map(|at| LENGTHS.rev().filter_map(move |length| cut(at, length))).collect()
}

/// The letter in which its look-alikes coincide; random letters of order numbers are never O, I or L.
const fn plain(letter: char) -> char {
    match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}
