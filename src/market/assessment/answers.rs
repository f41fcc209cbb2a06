//! What a shop says of its product, criterion by criterion.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::score::Marks;
use super::sheet::{Item, Sheet, Variant};
use crate::kernel::{Line, MediaId, Sentence, Text};
use crate::market::certification::SetNo;
use crate::platform::error::{Error, Result};
use crate::platform::extract::INVALID;

/// Answers at most; no sheet has as many questions.
const MOST_ANSWERS: usize = 60;
/// Scans that prove one answer, at most.
const MOST_SCANS: usize = 5;

/// A self-assessment (*báo cáo tự đánh giá*, Form 02 of Decision 26/2026/QĐ-TTg), as a shop writes it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "product_name": "Chè Shan tuyết Tả Lèng",
    "set_no": 11,
    "answers": [
        { "criterion": "1.1", "option": "1.1/3", "note": "Vùng chè 40 ha tại xã Tả Lèng" },
        { "criterion": "2.4", "yes": true },
        { "criterion": "4.1", "option": "4.1/4", "note": "Có gian hàng trên sàn" }
    ]
}))]
pub struct AssessmentForm {
    /// The product.
    #[schema(inline)]
    pub product_name: Line<3, 200>,
    /// The product set whose sheet is filled in.
    pub set_no: SetNo,
    /// The case, where the sheet has two.
    pub variant: Option<Variant>,
    /// One answer a question; what is left out is not answered.
    #[schema(max_items = 60)]
    pub answers: Vec<Answer>,
}

/// The answer to a question, with what proves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AssessmentAnswer)]
pub struct Answer {
    /// The question's code.
    #[schema(value_type = String, example = "4.1")]
    pub criterion: Line<1, 16>,
    /// The choice; null where none is true yet, or where the question asks for yes or no.
    #[schema(value_type = Option<String>, example = "4.1/4")]
    pub option: Option<Line<1, 16>>,
    /// Yes or no, where the question has no choices.
    pub yes: Option<bool>,
    /// What proves it, in words.
    #[schema(value_type = Option<String>, max_length = 1000)]
    pub note: Option<Text<1, 1000>>,
    /// Scans that prove it, among the shop's papers.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub scan_ids: Vec<MediaId>,
}

/// What the answers are worth on the sheet.
///
/// # Errors
/// Names each kind of wrong value by its path: a case the sheet does not have or a missing one, a question it does not
/// ask or one answered twice, a choice that is not among those of the question and case.
pub fn marks(sheet: &Sheet, variant: Option<Variant>, answers: &[Answer]) -> Result<Marks> {
    check_case(sheet, variant)?;
    if answers.len() > MOST_ANSWERS {
        return refused("answers", format!("không quá {MOST_ANSWERS} / must be at most {MOST_ANSWERS}"));
    }
    let questions = sheet.questions();
    let mut marks = Marks::new();
    for (at, answer) in answers.iter().enumerate() {
        let path = format!("answers[{at}]");
        if answers[..at].iter().any(|earlier| earlier.criterion == answer.criterion) {
            return refused(format!("{path}.criterion"), "đã được trả lời ở trên / is answered before");
        }
        let question = questions.iter().find(|question| question.code == answer.criterion.as_str());
        let Some(question) = question else {
            return refused(
                format!("{path}.criterion"),
                "không phải tiêu chí của phiếu này / is no question of this sheet",
            );
        };
        if let Some(points) = answer.points(question, variant, &path)? {
            marks.insert(question.code.clone(), points);
        }
    }
    Ok(marks)
}

fn check_case(sheet: &Sheet, variant: Option<Variant>) -> Result<()> {
    match (variant, sheet.variants.is_empty()) {
        (None, false) => refused(
            "variant",
            "phải cho biết trường hợp của phiếu: a hoặc b / must say which case of the sheet applies: a or b",
        ),
        (Some(_), true) => refused(
            "variant",
            "phải bỏ trống: phiếu của bộ này chỉ có một trường hợp / must be left out: the sheet of this set has one case",
        ),
        _ => Ok(()),
    }
}

impl Answer {
    /// The points the answer gives; `None` where it chooses nothing.
    fn points(&self, question: &Item, variant: Option<Variant>, path: &str) -> Result<Option<i16>> {
        self.check_scans(path)?;
        match (&self.option, self.yes, question.is_yes_no()) {
            (None, None, _) => Ok(None),
            (None, Some(yes), true) => Ok(Some(if yes { question.points } else { 0 })),
            (Some(option), None, false) => {
                let chosen = question.choices_of(variant).find(|choice| choice.code == option.as_str());
                match chosen {
                    Some(choice) => Ok(Some(choice.points)),
                    None => refused(
                        format!("{path}.option"),
                        "không phải lựa chọn của tiêu chí này / is no choice of this question",
                    ),
                }
            }
            (Some(_), _, true) => refused(
                format!("{path}.option"),
                "phải bỏ trống: tiêu chí này trả lời có hoặc không / must be left out: the answer is yes or no",
            ),
            (_, Some(_), false) => {
                refused(format!("{path}.yes"), "phải bỏ trống: hãy chọn một mức / must be left out: choose an option")
            }
        }
    }

    fn check_scans(&self, path: &str) -> Result<()> {
        if self.scan_ids.len() > MOST_SCANS {
            return refused(
                format!("{path}.scan_ids"),
                format!("không quá {MOST_SCANS} / must be at most {MOST_SCANS}"),
            );
        }
        match (0..self.scan_ids.len()).find(|&at| self.scan_ids[..at].contains(&self.scan_ids[at])) {
            Some(at) => refused(
                format!("{path}.scan_ids[{at}]"),
                "không được lặp lại mục trước / must not repeat an earlier one",
            ),
            None => Ok(()),
        }
    }
}

fn refused<T>(at: impl Into<String>, why: impl Into<Sentence>) -> Result<T> {
    Err(Error::from(&INVALID).at(at, why))
}
