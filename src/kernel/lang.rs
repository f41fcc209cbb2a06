//! The two languages the app speaks.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A language for messages to people; Vietnamese unless they ask for English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// The language code (ISO 639-1), as in `Content-Language`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The better liked of the two by an `Accept-Language` header (RFC 9110 §12.5.4); the first named among equals,
    /// Vietnamese when neither is named or the header makes no sense.
    pub fn from_accept_language(header: &str) -> Self {
        let wishes: Vec<Wish> = header.split(',').enumerate().filter_map(Wish::parse).collect();
        if Wish::rank(&wishes, Self::En) > Wish::rank(&wishes, Self::Vi) { Self::En } else { Self::Vi }
    }
}

/// One entry of the header: a language (or `*`) and how much it is liked.
struct Wish<'a> {
    language: &'a str,
    thousandths: u16,
    place: usize,
}

impl<'a> Wish<'a> {
    fn parse((place, entry): (usize, &'a str)) -> Option<Self> {
        let mut parts = entry.split(';').map(str::trim);
        let range = parts.next()?;
        let language = range.split('-').next()?;
        let quality = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        let thousandths = quality.map_or(Some(1000), thousandths)?;
        Some(Self { language, thousandths, place })
    }

    /// How strongly a language is wished for, then how early; `*` speaks only for languages not named. `None`, below
    /// every wish, if it is not wished for or ruled out with `q=0`.
    fn rank(wishes: &[Self], lang: Lang) -> Option<(u16, Reverse<usize>)> {
        let rank_of = |named: &str| {
            let wishes = wishes.iter().filter(|wish| wish.language.eq_ignore_ascii_case(named));
            wishes.map(|wish| (wish.thousandths, Reverse(wish.place))).max()
        };
        rank_of(lang.code()).or_else(|| rank_of("*")).filter(|(thousandths, _)| *thousandths > 0)
    }
}

/// A quality value, `0` to `1` with at most three decimals, in thousandths.
fn thousandths(quality: &str) -> Option<u16> {
    let (whole, decimals) = quality.split_once('.').unwrap_or((quality, ""));
    if !matches!(whole, "0" | "1") || decimals.len() > 3 || !decimals.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    format!("{whole}{decimals:0<3}").parse().ok().filter(|thousandths| *thousandths <= 1000)
}
