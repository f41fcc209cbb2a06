//! The lists of administrative units as files: reading, and everything that must be true of them before they are loaded.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use super::rows::{CommuneRow, LegacyProvinceRow, LegacyRow, ProvinceRow, RegionRow};

/// No list is longer, in bytes; the longest today has 762 kB.
const LONGEST: u64 = 8 * 1024 * 1024;

/// One of the five files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List {
    /// Key in `place_lists`.
    pub name: &'static str,
    /// File name.
    pub file: &'static str,
    /// What the embedded rows rest on.
    pub legal_basis: &'static str,
    embedded: &'static [u8],
}

macro_rules! list {
    ($name:literal, $file:literal, $legal_basis:literal) => {
        List { name: $name, file: $file, legal_basis: $legal_basis, embedded: include_bytes!(concat!("data/", $file)) }
    };
}

const REGIONS: List = list!("regions", "regions.csv", "Nghị quyết 306/NQ-CP");
const PROVINCES: List = list!("provinces", "provinces.csv", "Nghị quyết 202/2025/QH15, Nghị quyết 30/2026/QH16");
const LEGACY_PROVINCES: List = list!("legacy_provinces", "provinces_legacy.csv", "Nghị quyết 202/2025/QH15");
const COMMUNES: List = list!("communes", "communes.csv", "Quyết định 19/2025/QĐ-TTg, Nghị quyết 237/NQ-UBTVQH16");
const LEGACY_COMMUNES: List = list!("legacy_communes", "communes_legacy.csv", "Quyết định 19/2025/QĐ-TTg");

/// Why a list cannot be loaded.
#[derive(Debug)]
pub struct ListError {
    file: &'static str,
    line: Option<u64>,
    what: String,
}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

impl std::error::Error for ListError {}

impl ListError {
    /// About no file in particular.
    pub fn of_all(what: String) -> Self {
        Self { file: "*.csv", line: None, what }
    }
}

/// The bytes of the five files.
pub struct Files([(List, Cow<'static, [u8]>); 5]);

impl Files {
    /// Those in the binary.
    pub fn embedded() -> Self {
        let lists = [REGIONS, PROVINCES, LEGACY_PROVINCES, COMMUNES, LEGACY_COMMUNES];
        Self(lists.map(|list| (list, Cow::Borrowed(list.embedded))))
    }

    /// Those of a directory, under the same names.
    pub fn in_directory(directory: &Path) -> Result<Self, ListError> {
        let mut files = Self::embedded();
        for (list, bytes) in &mut files.0 {
            *bytes = Cow::Owned(read(*list, &directory.join(list.file))?);
        }
        Ok(files)
    }

    /// Each list with the SHA-256 of its file.
    pub fn checksums(&self) -> [(List, [u8; 32]); 5] {
        self.0.each_ref().map(|(list, bytes)| (*list, Sha256::digest(bytes).into()))
    }
}

fn read(list: List, path: &Path) -> Result<Vec<u8>, ListError> {
    let fail = |what: String| ListError { file: list.file, line: None, what };
    let file = File::open(path).map_err(|error| fail(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| fail(error.to_string()))?;
    if bytes.len() as u64 > LONGEST { Err(fail(format!("longer than {LONGEST} bytes"))) } else { Ok(bytes) }
}

/// A row and where it stands.
pub struct Row<T> {
    line: u64,
    /// What stands there.
    pub value: T,
}

impl<T> Row<T> {
    fn wrong(&self, list: List, what: String) -> ListError {
        ListError { file: list.file, line: Some(self.line), what }
    }
}

/// A district of before 1 July 2025; its id is its place in [`Lists::districts`].
pub struct District {
    /// Code of the legacy list.
    pub legacy_province_code: String,
    /// Name with "Huyện", "Quận" …
    pub full_name_vi: String,
}

/// A commune of before 1 July 2025 with what it became; its id is its place in [`Lists::legacy_communes`].
pub struct LegacyCommune {
    /// Five digits; none for the five island districts.
    pub code: Option<String>,
    /// Name with "Xã", "Phường" …
    pub full_name_vi: String,
    /// Its district's id.
    pub district: usize,
    /// Divided between several communes.
    pub split: bool,
    /// `2025-06` or `earlier`.
    pub stage: String,
    /// Codes of today's communes; whether it is the default.
    pub successors: Vec<(String, bool)>,
}

/// All lists, checked against each other.
///
/// Codes are unique in their list, every reference leads somewhere, every commune has a predecessor, every succession
/// stays inside the merged province and names one default.
pub struct Lists {
    /// In the order of the file.
    pub regions: Vec<Row<RegionRow>>,
    /// The provinces of today.
    pub provinces: Vec<Row<ProvinceRow>>,
    /// The 63.
    pub legacy_provinces: Vec<Row<LegacyProvinceRow>>,
    /// The communes of today.
    pub communes: Vec<Row<CommuneRow>>,
    /// The districts of before.
    pub districts: Vec<District>,
    /// The communes of before.
    pub legacy_communes: Vec<LegacyCommune>,
}

impl Lists {
    /// Reads and checks.
    pub fn read(files: &Files) -> Result<Self, ListError> {
        let [regions, provinces, legacy_provinces, communes, legacy_communes] = &files.0;
        let legacy_rows: Vec<Row<LegacyRow>> = rows(legacy_communes)?;
        let (districts, legacy_communes) = units(&legacy_rows)?;
        let lists = Self {
            regions: rows(regions)?,
            provinces: rows(provinces)?,
            legacy_provinces: rows(legacy_provinces)?,
            communes: rows(communes)?,
            districts,
            legacy_communes,
        };
        lists.check_provinces()?;
        lists.check_communes(&legacy_rows)?;
        Ok(lists)
    }

    /// A province that is loaded and not here: what belongs to it needs a migration, not an import.
    pub fn province_missing(&self, code: &str) -> ListError {
        let rows = self.provinces.len();
        ListError { file: PROVINCES.file, line: None, what: format!("{rows} rows, but none for the province {code}") }
    }

    fn check_provinces(&self) -> Result<(), ListError> {
        let regions = keys(REGIONS, &self.regions, |region| &region.slug)?;
        let provinces = keys(PROVINCES, &self.provinces, |province| province.code.as_ref())?;
        keys(PROVINCES, &self.provinces, |province| &province.slug)?;
        keys(LEGACY_PROVINCES, &self.legacy_provinces, |province| province.code.as_ref())?;
        keys(LEGACY_PROVINCES, &self.legacy_provinces, |province| &province.slug)?;
        all_known(PROVINCES, &self.provinces, "region", |province| &province.region, &regions)?;
        all_known(LEGACY_PROVINCES, &self.legacy_provinces, "province", |old| old.successor_code.as_ref(), &provinces)
    }

    fn check_communes(&self, legacy_rows: &[Row<LegacyRow>]) -> Result<(), ListError> {
        let communes = keys(COMMUNES, &self.communes, |commune| commune.code.as_ref())?;
        let provinces = keys(PROVINCES, &self.provinces, |province| province.code.as_ref())?;
        all_known(COMMUNES, &self.communes, "province", |commune| commune.province_code.as_ref(), &provinces)?;

        let province_of: HashMap<&str, &str> =
            self.communes.iter().map(|row| (row.value.code.as_ref(), row.value.province_code.as_ref())).collect();
        let merged_into: HashMap<&str, &str> = self
            .legacy_provinces
            .iter()
            .map(|row| (row.value.code.as_ref(), row.value.successor_code.as_ref()))
            .collect();
        let mut without_predecessor = communes;
        for row in legacy_rows {
            let old = &row.value;
            let Some(merged) = merged_into.get(old.legacy_province_code.as_ref()) else {
                return Err(
                    row.wrong(LEGACY_COMMUNES, format!("no legacy province {}", old.legacy_province_code.as_ref()))
                );
            };
            let Some(new) = &old.new_commune_code else { continue };
            if province_of.get(new.as_ref()) != Some(merged) {
                return Err(row.wrong(LEGACY_COMMUNES, format!("no commune {} in province {merged}", new.as_ref())));
            }
            without_predecessor.remove(new.as_ref());
        }
        let orphan = self.communes.iter().find(|row| without_predecessor.contains(row.value.code.as_ref()));
        orphan.map_or(Ok(()), |row| {
            Err(row.wrong(COMMUNES, format!("{} names no predecessor of it", LEGACY_COMMUNES.file)))
        })
    }
}

/// The rows of a file; unknown columns are left alone.
fn rows<T: DeserializeOwned>((list, bytes): &(List, Cow<'static, [u8]>)) -> Result<Vec<Row<T>>, ListError> {
    let fail = |line: u64, what: String| ListError { file: list.file, line: Some(line), what };
    let mut lines = Lines { bytes, read: 0, line: 1 };
    let mut reader = csv::Reader::from_reader(bytes.as_ref());
    let headers = reader.headers().map_err(|error| fail(1, in_words(&error, None)))?.clone();
    let mut rows = Vec::new();
    for record in reader.into_records() {
        let record = record.map_err(|error| fail(lines.of(error.position()), in_words(&error, None)))?;
        let line = lines.of(record.position());
        let value = record.deserialize(Some(&headers)).map_err(|error| fail(line, in_words(&error, Some(&headers))))?;
        rows.push(Row { line, value });
    }
    if rows.is_empty() { Err(fail(1, "no rows follow".to_owned())) } else { Ok(rows) }
}

/// Counts lines in step with the reader, whose own count is one short where a record has filled its buffer.
struct Lines<'b> {
    bytes: &'b [u8],
    read: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which the record at this position begins; positions only grow.
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let at = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
        while let Some(byte) = self.bytes.get(self.read).filter(|byte| self.read < at || matches!(byte, b'\n' | b'\r'))
        {
            self.line += u64::from(*byte == b'\n');
            self.read += 1;
        }
        self.line
    }
}

/// What is wrong, without the reader's idea of where.
fn in_words(error: &csv::Error, headers: Option<&csv::StringRecord>) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => {
            let field = err.field().and_then(|field| headers?.get(usize::try_from(field).ok()?));
            field.map_or_else(|| err.kind().to_string(), |field| format!("{field}: {}", err.kind()))
        }
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => format!("{len} fields instead of {expected_len}"),
        csv::ErrorKind::Utf8 { err, .. } => err.to_string(),
        _ => error.to_string(),
    }
}

/// The keys of a list, each once.
fn keys<T>(list: List, rows: &[Row<T>], key: impl Fn(&T) -> &str) -> Result<HashSet<&str>, ListError> {
    let mut keys = HashSet::with_capacity(rows.len());
    for row in rows {
        if !keys.insert(key(&row.value)) {
            return Err(row.wrong(list, format!("{} stands there twice", key(&row.value))));
        }
    }
    Ok(keys)
}

fn all_known<T>(
    list: List,
    rows: &[Row<T>],
    what: &str,
    reference: impl Fn(&T) -> &str,
    known: &HashSet<&str>,
) -> Result<(), ListError> {
    let astray = rows.iter().find(|row| !known.contains(reference(&row.value)));
    astray.map_or(Ok(()), |row| Err(row.wrong(list, format!("no {what} {}", reference(&row.value)))))
}

/// Gathers the pairs of old and new into units and their districts.
fn units(rows: &[Row<LegacyRow>]) -> Result<(Vec<District>, Vec<LegacyCommune>), ListError> {
    let mut districts = Vec::new();
    let mut units: Vec<LegacyCommune> = Vec::new();
    let mut district_ids: HashMap<(&str, &str), usize> = HashMap::new();
    let mut unit_ids: HashMap<(usize, &str, Option<&str>, &str), usize> = HashMap::new();
    for row in rows {
        let old = &row.value;
        let province = old.legacy_province_code.as_ref();
        let district = *district_ids.entry((province, &old.district_vi)).or_insert_with(|| {
            districts.push(District {
                legacy_province_code: province.to_owned(),
                full_name_vi: old.district_vi.to_string(),
            });
            districts.len() - 1
        });
        let code = old.code.as_ref().map(AsRef::as_ref);
        let unit = *unit_ids.entry((district, &old.full_name_vi, code, &old.stage)).or_insert_with(|| {
            units.push(old.unit(district));
            units.len() - 1
        });
        let Some(new) = &old.new_commune_code else { continue };
        let successors = &mut units[unit].successors;
        if successors.iter().any(|(known, default)| known == new.as_ref() || *default && old.is_default) {
            return Err(row.wrong(LEGACY_COMMUNES, "the same successor, or a default, stands there twice".to_owned()));
        }
        successors.push((new.as_ref().to_owned(), old.is_default));
    }
    Ok((districts, units))
}
