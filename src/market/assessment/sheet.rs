//! A score sheet (*phiếu đánh giá, phân hạng*): parts, sections, criteria and their options, with the gates.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::market::certification::SetNo;
use crate::platform::error::{Error, Result};

/// The embedded sheets; `data/NOTICE` names their source.
const SHEETS: &str = include_str!("data/ocop_criteria.csv");

/// The version of the sheets embedded in the binary: the decision that brought them.
pub const EMBEDDED_VERSION: &str = "26/2026/QĐ-TTg";

/// What a line of a sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = SheetLineKind)]
pub enum LineKind {
    /// A, B or C.
    Part,
    /// A group of criteria; one without any is a criterion itself.
    Section,
    /// What is judged; some consist of smaller ones.
    Criterion,
    /// One of the answers to choose from.
    Option,
    /// A remark.
    Note,
}

/// The case a choice belongs to, where a sheet has two (set 26: services of a community, or of one organisation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = SheetVariant)]
pub enum Variant {
    /// Trường hợp 1.
    A,
    /// Trường hợp 2.
    B,
}

/// One line of the list, as printed.
#[derive(Debug, Clone, Deserialize)]
pub struct SheetLine {
    /// The product set.
    pub set_no: SetNo,
    /// Order over all sheets.
    pub seq: i32,
    /// What it is.
    pub kind: LineKind,
    /// Its name inside the sheet; a note has none.
    pub code: Option<String>,
    /// The code of what it belongs to; a part has none.
    pub parent: Option<String>,
    /// Its text.
    pub label_vi: String,
    /// The most to be had, or what a choice gives; a note has none.
    pub points: Option<i16>,
    /// A choice that is the least to be reached for so many stars.
    pub gate_stars: Option<i16>,
    /// The case it belongs to.
    pub variant: Option<Variant>,
}

/// The lines of the sheets embedded in the binary.
pub(super) fn embedded_lines() -> Result<Vec<SheetLine>> {
    Ok(csv::Reader::from_reader(SHEETS.as_bytes()).deserialize().collect::<csv::Result<_>>()?)
}

/// The sheets embedded in the binary, in the order of their sets.
pub fn embedded() -> Result<Vec<Sheet>> {
    embedded_lines()?.chunk_by(|a, b| a.set_no == b.set_no).map(|lines| Sheet::new(lines[0].set_no, lines)).collect()
}

/// The edition of the sheets that applied on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SheetEdition)]
pub struct Edition {
    /// The decision that brought it.
    #[schema(example = "26/2026/QĐ-TTg")]
    pub version: String,
    /// The first day of its application.
    pub effective_from: NaiveDate,
    /// Where it is written.
    #[schema(example = "Quyết định 26/2026/QĐ-TTg ngày 22/5/2026, Phụ lục II")]
    pub legal_basis: String,
    /// How many stars for how many points, the most first.
    pub bands: Vec<Band>,
}

/// So many stars for at least so many points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ScoreBand)]
pub struct Band {
    /// 1 to 5; one and two get no certificate.
    #[schema(example = 5)]
    pub stars: i16,
    /// Points of 100.
    #[schema(example = 90)]
    pub at_least: i16,
}

/// One of the answers to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SheetChoice)]
pub struct Choice {
    /// Its name inside the sheet.
    #[schema(example = "4.1/4")]
    pub code: String,
    /// Its text.
    pub label_vi: String,
    /// What it gives.
    pub points: i16,
    /// 3, 4 or 5: this choice is the least to be reached for that many stars.
    pub gate_stars: Option<i16>,
    /// The case it is for; null for both.
    pub variant: Option<Variant>,
}

/// A remark of the sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SheetNote)]
pub struct Note {
    /// The remark.
    pub text_vi: String,
    /// The case it is for; null for both.
    pub variant: Option<Variant>,
}

/// A part, section or criterion. One without items is a **question**: it is answered by one of its choices or, where it
/// has none, by yes (all its points) or no (none).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SheetItem)]
pub struct Item {
    /// What it is.
    pub kind: LineKind,
    /// Its name inside the sheet.
    #[schema(example = "4.1")]
    pub code: String,
    /// Its text.
    #[schema(example = "Khu vực phân phối chính")]
    pub label_vi: String,
    /// The most to be had.
    pub points: i16,
    /// Remarks, in order.
    pub notes: Vec<Note>,
    /// The answers to choose from, the lowest first.
    pub choices: Vec<Choice>,
    /// What it consists of.
    #[schema(no_recursion)]
    pub items: Vec<Item>,
}

impl Item {
    /// Whether it is answered itself.
    pub fn is_question(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether the answer is yes or no.
    pub fn is_yes_no(&self) -> bool {
        self.is_question() && self.choices.is_empty()
    }

    /// The choices of a case.
    pub fn choices_of(&self, variant: Option<Variant>) -> impl DoubleEndedIterator<Item = &Choice> {
        self.choices.iter().filter(move |choice| choice.variant.is_none() || choice.variant == variant)
    }

    /// The least choice to be reached for so many stars: the last one that is a gate for no more of them.
    ///
    /// Gates are read as cumulative: what four stars ask for, five ask for too.
    pub fn gate_for(&self, stars: i16, variant: Option<Variant>) -> Option<&Choice> {
        self.choices_of(variant).rfind(|choice| choice.gate_stars.is_some_and(|gate| gate <= stars))
    }

    /// The questions in it, itself included, in order.
    pub fn questions(&self) -> Vec<&Self> {
        if self.is_question() { vec![self] } else { self.items.iter().flat_map(Self::questions).collect() }
    }
}

/// The sheet of a product set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SheetTree)]
pub struct Sheet {
    /// The product set.
    pub set_no: SetNo,
    /// The two cases to choose from; empty where the sheet has one only.
    pub variants: Vec<Variant>,
    /// A (40 points), B (25) and C (35).
    pub parts: Vec<Item>,
}

impl Sheet {
    /// Puts the lines of one set together.
    ///
    /// # Errors
    /// A fault if they are no sheet that can be scored: sums that do not hold, choices or gates out of order.
    pub fn new(set_no: SetNo, lines: &[SheetLine]) -> Result<Self> {
        let mut below = BTreeMap::<&str, Vec<&SheetLine>>::new();
        for line in lines {
            below.entry(line.parent.as_deref().unwrap_or_default()).or_default().push(line);
        }
        let parts = items(&below, "");
        let two_cases = lines.iter().any(|line| line.variant.is_some());
        let variants = if two_cases { vec![Variant::A, Variant::B] } else { Vec::new() };
        let sheet = Self { set_no, variants, parts };
        let (placed, given) = (sheet.parts.iter().map(lines_in).sum::<usize>(), lines.len());
        let flaw = if placed == given { sheet.flaw() } else { Some(format!("{placed} of {given} lines have a place")) };
        match flaw {
            Some(flaw) => Err(Error::fault(format!("the score sheet of set {set_no}: {flaw}"))),
            None => Ok(sheet),
        }
    }

    /// The questions of the sheet, in order.
    pub fn questions(&self) -> Vec<&Item> {
        self.parts.iter().flat_map(Item::questions).collect()
    }

    /// The cases to be scored: each of the two, or the only one.
    pub fn cases(&self) -> Vec<Option<Variant>> {
        if self.variants.is_empty() { vec![None] } else { self.variants.iter().copied().map(Some).collect() }
    }

    /// What keeps it from being scored. Sums must hold, in both cases; choices rise in points; a gate gives more points
    /// than every choice before it and stands for more stars than the gate before, so that **points alone tell
    /// whether a gate is reached**.
    fn flaw(&self) -> Option<String> {
        let total: i16 = self.parts.iter().map(|part| part.points).sum();
        if total != 100 {
            return Some(format!("parts add up to {total}"));
        }
        let uneven = self.parts.iter().find_map(uneven);
        let unfit_in = |case| self.questions().into_iter().find_map(|question| unfit(question, case));
        uneven.or_else(|| self.cases().into_iter().find_map(unfit_in))
    }
}

/// The first item whose points are not those of its items together.
fn uneven(item: &Item) -> Option<String> {
    let sum: i16 = item.items.iter().map(|below| below.points).sum();
    if !item.is_question() && sum != item.points {
        return Some(format!("{} adds up to {sum}", item.code));
    }
    item.items.iter().find_map(uneven)
}

/// What is wrong with the choices of a question in one case.
fn unfit(question: &Item, case: Option<Variant>) -> Option<String> {
    let (mut points, mut gate) = (0, 0);
    for choice in question.choices_of(case) {
        let sinks = choice.points < points;
        let is_gate = choice.gate_stars.is_some();
        if sinks || is_gate && (choice.points == points || choice.gate_stars <= Some(gate)) {
            return Some(format!("{} is out of order", choice.code));
        }
        (points, gate) = (choice.points, choice.gate_stars.unwrap_or(gate));
    }
    let complete = question.is_yes_no() || points == question.points;
    (!complete).then(|| format!("the best of {} gives {points}", question.code))
}

fn items(below: &BTreeMap<&str, Vec<&SheetLine>>, parent: &str) -> Vec<Item> {
    let lines = below.get(parent).map(Vec::as_slice).unwrap_or_default();
    let is_item = |line: &&&SheetLine| matches!(line.kind, LineKind::Part | LineKind::Section | LineKind::Criterion);
    lines.iter().filter(is_item).map(|line| item(below, line)).collect()
}

fn item(below: &BTreeMap<&str, Vec<&SheetLine>>, line: &SheetLine) -> Item {
    let code = line.code.clone().unwrap_or_default();
    let lines = below.get(code.as_str()).map(Vec::as_slice).unwrap_or_default();
    let of = |kind: LineKind| lines.iter().filter(move |line| line.kind == kind);
    Item {
        kind: line.kind,
        label_vi: line.label_vi.clone(),
        points: line.points.unwrap_or_default(),
        notes: of(LineKind::Note).map(|note| Note { text_vi: note.label_vi.clone(), variant: note.variant }).collect(),
        choices: of(LineKind::Option).map(|option| choice(option)).collect(),
        items: items(below, &code),
        code,
    }
}

fn choice(line: &SheetLine) -> Choice {
    Choice {
        code: line.code.clone().unwrap_or_default(),
        label_vi: line.label_vi.clone(),
        points: line.points.unwrap_or_default(),
        gate_stars: line.gate_stars,
        variant: line.variant,
    }
}

/// How many lines an item was made of.
fn lines_in(item: &Item) -> usize {
    1 + item.notes.len() + item.choices.len() + item.items.iter().map(lines_in).sum::<usize>()
}
