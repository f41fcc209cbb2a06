//! The names a place goes by, and the words before them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::lists::Lists;
use super::model::PlaceKind;
use crate::kernel::text::fold;

/// The words for kinds of places, folded, with the space after them.
const PREFIXES: [&str; 9] =
    ["tinh ", "thanh pho ", "xa ", "phuong ", "dac khu ", "thi tran ", "thi xa ", "huyen ", "quan "];

/// The same in English, after the name.
const SUFFIXES: [&str; 5] = [" province", " city", " ward", " commune", " district"];

/// How people shorten them.
const ABBREVIATIONS: [(&str, &str); 8] = [
    ("tp ", "thanh pho "),
    ("tx ", "thi xa "),
    ("tt ", "thi tran "),
    ("p ", "phuong "),
    ("x ", "xa "),
    ("h ", "huyen "),
    ("q ", "quan "),
    ("t ", "tinh "),
];

/// A folded name without the word for its kind. The numbered wards keep it: "7" is nobody's name.
pub fn without_kind(folded: &str) -> &str {
    let before = PREFIXES.iter().find_map(|prefix| folded.strip_prefix(prefix));
    let bare = before.or_else(|| SUFFIXES.iter().find_map(|suffix| folded.strip_suffix(suffix))).unwrap_or(folded);
    if bare.chars().all(|c| c.is_ascii_digit()) { folded } else { bare }
}

/// A name as printed without the word for its kind: "Thị trấn Mèo Vạc" → "Mèo Vạc".
pub fn plain_name(full_name: &str) -> &str {
    let folded = fold(full_name);
    let words = folded.split(' ').count() - without_kind(&folded).split(' ').count();
    full_name.splitn(words + 1, ' ').last().unwrap_or(full_name)
}

/// What somebody typed for one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// As typed, and with its abbreviation written out.
    pub exact: Vec<String>,
    /// The last of them without the word for its kind.
    pub bare: String,
}

impl Typed {
    /// Of a folded name; none of an empty one.
    pub fn of(folded: &str) -> Option<Self> {
        if folded.is_empty() {
            return None;
        }
        let written_out = ABBREVIATIONS
            .iter()
            .find_map(|(short, long)| folded.strip_prefix(short).map(|name| Cow::Owned(format!("{long}{name}"))))
            .unwrap_or(Cow::Borrowed(folded));
        let bare = without_kind(&written_out).to_owned();
        let exact = BTreeSet::from([folded.to_owned(), written_out.into_owned()]);
        Some(Self { exact: exact.into_iter().collect(), bare })
    }

    /// The longest way to write it, of which a place's name may be a continuation.
    pub fn beginning(&self) -> &str {
        self.exact.iter().max_by_key(|name| name.len()).map_or("", String::as_str)
    }
}

/// A row of `place_names`: folded name, kind, key.
pub type NameRow = (String, PlaceKind, String);

/// Every name of every place of the lists, each once.
pub fn all(lists: &Lists) -> BTreeSet<NameRow> {
    let mut names = Names::default();
    for region in lists.regions.iter().map(|row| &row.value) {
        names.add(PlaceKind::Region, &region.slug, &region.name_vi, [&*region.name_en, &*region.slug]);
    }
    for province in lists.provinces.iter().map(|row| &row.value) {
        let others = [&*province.name_en, &*province.slug, &*province.name_vi];
        let aliases = province.aliases.iter().map(String::as_str);
        names.add(
            PlaceKind::Province,
            province.code.as_ref(),
            &province.full_name_vi,
            others.into_iter().chain(aliases),
        );
    }
    for old in lists.legacy_provinces.iter().map(|row| &row.value) {
        let others = [&*old.slug, &*old.name_vi];
        let aliases = old.aliases.iter().map(String::as_str);
        names.add(PlaceKind::LegacyProvince, old.code.as_ref(), &old.full_name_vi(), others.into_iter().chain(aliases));
    }
    for commune in lists.communes.iter().map(|row| &row.value) {
        let others = [&*commune.name_en, &*commune.slug, &*commune.name_vi];
        names.add(PlaceKind::Commune, commune.code.as_ref(), &commune.full_name_vi, others);
    }
    for (id, district) in lists.districts.iter().enumerate() {
        names.add(PlaceKind::LegacyDistrict, &id.to_string(), &district.full_name_vi, []);
    }
    for (id, unit) in lists.legacy_communes.iter().enumerate() {
        names.add(PlaceKind::LegacyCommune, &id.to_string(), &unit.full_name_vi, []);
    }
    names.0
}

#[derive(Default)]
struct Names(BTreeSet<NameRow>);

impl Names {
    /// The full name with and without its word for the kind, the others as they are: "Quan Sơn" is no quận.
    fn add<'n>(&mut self, kind: PlaceKind, key: &str, full_name: &str, others: impl IntoIterator<Item = &'n str>) {
        let full_name = fold(full_name);
        let bare = without_kind(&full_name).to_owned();
        let others = others.into_iter().map(fold).filter(|name| !name.is_empty());
        self.0.extend(others.chain([bare, full_name]).map(|name| (name, kind, key.to_owned())));
    }
}
