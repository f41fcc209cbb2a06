//! Contact data in texts: what leads a buyer around the marketplace, and its protection.

use super::reading::{Found, Reading};

/// The longest run of digits that is one number, with the country code.
const MOST_DIGITS: usize = 13;
/// Characters between two groups of digits of one number.
const MOST_BETWEEN: usize = 4;

/// Ends of addresses that are written without `www.`.
const TOP_DOMAINS: [&str; 14] =
    ["com", "vn", "net", "org", "shop", "store", "info", "me", "asia", "online", "site", "xyz", "biz", "top"];

/// What kind of contact it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    /// A phone number, in digits or in words.
    Phone,
    /// An e-mail address.
    Email,
    /// An address of the web.
    Link,
    /// A name on a social network.
    Handle,
}

impl Contact {
    /// What it is, in Vietnamese and in English.
    pub const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Phone => ("Số điện thoại", "A phone number"),
            Self::Email => ("Địa chỉ e-mail", "An e-mail address"),
            Self::Link => ("Liên kết trang web", "A link"),
            Self::Handle => ("Tên tài khoản mạng xã hội", "A name on a social network"),
        }
    }
}

/// The first contact of each kind in the text, with an excerpt.
pub fn contacts(reading: &Reading) -> Vec<(Contact, String)> {
    let phone = phone(reading).map(|found| (Contact::Phone, reading.excerpt(&found)));
    let addresses = addresses(reading.visible());
    let addresses = addresses.into_iter().map(|(contact, at)| (contact, reading.excerpt_at(at..at + 1)));
    phone.into_iter().chain(addresses).collect()
}

/// The first phone number: groups of digits, or of words for digits, that together are one.
fn phone(reading: &Reading) -> Option<Found> {
    let tokens: Vec<(Found, Option<String>)> =
        reading.tokens().map(|token| (token.clone(), digits(&reading.bare(&token)))).collect();
    (0..tokens.len()).find_map(|at| phone_from(reading, &tokens[at..]))
}

/// A number that begins with the first of the tokens.
fn phone_from(reading: &Reading, tokens: &[(Found, Option<String>)]) -> Option<Found> {
    let start = tokens.first()?.0.start;
    let mut number = String::new();
    let mut last = None;
    let mut dashed = false;
    for (token, digits) in tokens {
        let between = last.map_or("", |last| reading.between(last, token.start));
        if between.chars().count() > MOST_BETWEEN || !between.chars().all(|c| " .-–()+_·".contains(c)) {
            return None;
        }
        dashed |= between.contains(['-', '–']);
        number.push_str(digits.as_ref()?);
        if number.len() > MOST_DIGITS {
            return None;
        }
        let first_group = tokens.first()?.1.as_deref().unwrap_or_default();
        if is_subscriber(&number) || !dashed && is_service(&number, first_group) {
            return Some(start..token.end);
        }
        last = Some(token.end - 1);
    }
    None
}

/// The digits a token stands for: itself, or a word; a lone o is a zero in disguise.
fn digits(bare: &str) -> Option<String> {
    if bare.len() <= MOST_DIGITS && bare.bytes().all(|digit| digit.is_ascii_digit()) {
        return Some(bare.to_owned());
    }
    let digit = match bare {
        "khong" | "o" => "0",
        "mot" => "1",
        "hai" => "2",
        "ba" => "3",
        "bon" | "tu" => "4",
        "nam" | "lam" => "5",
        "sau" => "6",
        "bay" => "7",
        "tam" => "8",
        "chin" => "9",
        _ => return None,
    };
    Some(digit.to_owned())
}

/// Whether it is a mobile number (nine digits after zero or country code) or a landline (ten, the first a 2).
fn is_subscriber(number: &str) -> bool {
    let national = ["0084", "84", "0"].into_iter().find_map(|code| number.strip_prefix(code));
    national.is_some_and(|national| match national.as_bytes() {
        [b'3' | b'5' | b'7' | b'8' | b'9', rest @ ..] => rest.len() == 8,
        [b'2', rest @ ..] => rest.len() == 9,
        _ => false,
    })
}

/// Whether it is a service number: 1800 or 1900 as a group of its own or with all the rest. Heights over the sea look
/// alike ("1800-2000 m", "1.800 m").
fn is_service(number: &str, first_group: &str) -> bool {
    let begins = first_group == number || ["1800", "1900"].contains(&first_group);
    begins && ["1800", "1900"].iter().any(|code| number.starts_with(code)) && [8, 10].contains(&number.len())
}

/// The first address of each kind, with the place of its sign in bytes.
fn addresses(text: &str) -> Vec<(Contact, usize)> {
    let mut found: Vec<(Contact, usize)> = Vec::new();
    for (at, sign) in text.char_indices() {
        let contact = match sign {
            '@' => at_sign(&text[..at], &text[at + 1..]),
            '.' => dot(&text[..at], &text[at + 1..]).then_some(Contact::Link),
            ':' => text[at..].starts_with("://").then_some(Contact::Link),
            _ => None,
        };
        if let Some(contact) = contact
            && !found.iter().any(|(known, _)| *known == contact)
        {
            found.push((contact, at));
        }
    }
    found
}

fn at_sign(before: &str, after: &str) -> Option<Contact> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let name = after.chars().take_while(|c| is_part(*c)).take(64);
    let (length, dots) = name.fold((0, 0), |(length, dots), c| (length + 1, dots + usize::from(c == '.')));
    match before.chars().next_back() {
        Some(c) if c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+') => {
            (length >= 4 && dots > 0).then_some(Contact::Email)
        }
        _ => (length >= 3).then_some(Contact::Handle),
    }
}

/// Whether the dot stands in an address: after `www`, or between a name and a known end.
fn dot(before: &str, after: &str) -> bool {
    let end: String = after.chars().take_while(char::is_ascii_alphanumeric).take(8).collect();
    let mut left = before.bytes().rev();
    let is_name = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_name(left.next()) || !is_name(left.next()) || end.is_empty() {
        return false;
    }
    // What goes on with a letter was no end: "HTX.vnong".
    let goes_on = after[end.len()..].chars().next().is_some_and(char::is_alphanumeric);
    let www = before.len() >= 3 && before.as_bytes()[before.len() - 3..].eq_ignore_ascii_case(b"www");
    // The next sentence, without a space: "ngon.Me chua".
    let is_sentence =
        end.starts_with(|c: char| c.is_ascii_uppercase()) && end.contains(|c: char| c.is_ascii_lowercase());
    www || !goes_on && !is_sentence && TOP_DOMAINS.iter().any(|top| end.eq_ignore_ascii_case(top))
}
