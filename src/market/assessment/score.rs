//! What a sheet gives for a set of answers: points, stars, and what the next star still asks for.
//!
//! **Stars = min(band, gates)**: the band of the total (90, 70, 50, 30 of 100 points) and the most stars whose gates are
//! all reached. A gate is the starred choice of a question, "the least that must be reached"; it is reached by any answer
//! worth at least its points, and gates are cumulative (five stars ask for those of three and four too). What is not
//! answered gives no points and reaches no gate.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::sheet::{Band, Item, Sheet, Variant};

/// The fewest stars with a certificate, and with gates (Decision 26/2026/QĐ-TTg, art. 4: 3 to 5).
const LEAST_CERTIFIED: i16 = 3;
/// The most stars there are.
const MOST: i16 = 5;

/// Points by the code of the question; what is not answered is not in it.
pub type Marks = BTreeMap<String, i16>;

/// The outcome of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AssessmentScore)]
pub struct Score {
    /// Points of 100.
    #[schema(example = 74)]
    pub points: i16,
    /// The stars of the band the points fall in.
    #[schema(example = 4)]
    pub band_stars: i16,
    /// The most stars whose gates are all reached; 2 if not even those of three stars are.
    #[schema(example = 3)]
    pub gate_stars: i16,
    /// The lesser of both.
    #[schema(example = 3)]
    pub stars: i16,
    /// Whether so many stars get a certificate: three and more do.
    pub certifiable: bool,
    /// Points by part.
    pub parts: Vec<PartScore>,
    /// What the next star with a certificate still asks for; null at five.
    pub next: Option<NextStar>,
}

/// Points of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartScore {
    /// A, B or C.
    #[schema(example = "A")]
    pub code: String,
    /// Its title.
    pub label_vi: String,
    /// Points given.
    pub points: i16,
    /// The most to be had.
    pub of: i16,
    /// Points by section.
    pub sections: Vec<SectionScore>,
}

/// Points of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SectionScore {
    /// Its name inside the sheet.
    #[schema(example = "4")]
    pub code: String,
    /// Its title.
    pub label_vi: String,
    /// Points given.
    pub points: i16,
    /// The most to be had.
    pub of: i16,
}

/// What is missing for a star.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NextStar {
    /// Which: 3, 4 or 5.
    #[schema(example = 4)]
    pub stars: i16,
    /// Points missing to its band.
    pub missing_points: i16,
    /// Gates not reached, in the order of the sheet.
    pub missing_gates: Vec<MissingGate>,
}

/// A gate that is not reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MissingGate {
    /// The question.
    #[schema(example = "3.5")]
    pub criterion: String,
    /// Its text.
    #[schema(example = "Sở hữu trí tuệ")]
    pub label_vi: String,
    /// The least choice that must be reached.
    #[schema(example = "3.5/2")]
    pub least_option: String,
    /// Its text.
    pub least_label_vi: String,
    /// Its points.
    pub least_points: i16,
    /// The points of the answer given; null if there is none.
    pub points: Option<i16>,
}

/// Scores the marks on the sheet in one case.
pub fn score(sheet: &Sheet, bands: &[Band], variant: Option<Variant>, marks: &Marks) -> Score {
    let parts: Vec<PartScore> = sheet.parts.iter().map(|part| part_score(part, marks)).collect();
    let points: i16 = parts.iter().map(|part| part.points).sum();
    let in_reach = bands.iter().filter(|band| points >= band.at_least).map(|band| band.stars);
    let band_stars = in_reach.max().unwrap_or_default();
    let reached = |stars: &i16| missing_gates(sheet, variant, *stars, marks).is_empty();
    let gate_stars = (LEAST_CERTIFIED..=MOST).rev().find(reached).unwrap_or(LEAST_CERTIFIED - 1);
    let stars = band_stars.min(gate_stars);
    let next = (stars < MOST).then(|| {
        let stars = (stars + 1).max(LEAST_CERTIFIED);
        let at_least = bands.iter().find(|band| band.stars == stars).map_or(0, |band| band.at_least);
        let missing_points = (at_least - points).max(0);
        NextStar { stars, missing_points, missing_gates: missing_gates(sheet, variant, stars, marks) }
    });
    Score { points, band_stars, gate_stars, stars, certifiable: stars >= LEAST_CERTIFIED, parts, next }
}

/// The gates of so many stars that the marks do not reach.
fn missing_gates(sheet: &Sheet, variant: Option<Variant>, stars: i16, marks: &Marks) -> Vec<MissingGate> {
    let missing = |question: &Item| {
        let points = marks.get(&question.code).copied();
        let least = question.gate_for(stars, variant)?;
        let reached = points.is_some_and(|points| points >= least.points);
        (!reached).then(|| MissingGate {
            criterion: question.code.clone(),
            label_vi: question.label_vi.clone(),
            least_option: least.code.clone(),
            least_label_vi: least.label_vi.clone(),
            least_points: least.points,
            points,
        })
    };
    sheet.questions().into_iter().filter_map(missing).collect()
}

fn part_score(part: &Item, marks: &Marks) -> PartScore {
    let section = |section: &Item| SectionScore {
        code: section.code.clone(),
        label_vi: section.label_vi.clone(),
        points: points_of(section, marks),
        of: section.points,
    };
    PartScore {
        code: part.code.clone(),
        label_vi: part.label_vi.clone(),
        points: points_of(part, marks),
        of: part.points,
        sections: part.items.iter().map(section).collect(),
    }
}

fn points_of(item: &Item, marks: &Marks) -> i16 {
    item.questions().into_iter().filter_map(|question| marks.get(&question.code)).sum()
}
