//! A saved assessment as its shop and the officers see it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::answers::Answer;
use super::score::{Marks, Score};
use super::sheet::{Choice, Item, Sheet, Variant};
use crate::kernel::{AssessmentId, MediaId, SellerId};
use crate::market::certification::SetNo;

/// Evidence the marketplace itself issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum EvidenceKind {
    /// The public address of the shop: `GET /v1/shops/{shop_id}/evidence/shop_link`.
    ShopLink,
    /// Its sales over a period: `POST /v1/shops/{shop_id}/sales_certificates`.
    SalesCertificate,
}

impl EvidenceKind {
    /// What it is called on paper.
    pub const fn name_vi(self) -> &'static str {
        match self {
            Self::ShopLink => "đường dẫn gian hàng trên sàn",
            Self::SalesCertificate => "xác nhận doanh số qua sàn",
        }
    }
}

/// Evidence the marketplace can issue towards a choice; whether it is enough, the council judges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MarketplaceEvidence)]
pub struct Evidence {
    /// Which.
    pub kind: EvidenceKind,
    /// The choice it speaks for.
    #[schema(example = "4.1/4")]
    pub option: String,
}

/// A question with its answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AnsweredCriterion)]
pub struct Answered {
    /// The question.
    #[schema(example = "4.1")]
    pub criterion: String,
    /// Its text.
    #[schema(example = "Khu vực phân phối chính")]
    pub label_vi: String,
    /// The most to be had.
    pub of: i16,
    /// Points given; null if it is not answered.
    pub points: Option<i16>,
    /// The choice; null if there is none.
    pub option: Option<Choice>,
    /// The answer to a question without choices.
    pub yes: Option<bool>,
    /// What proves it, in words.
    pub note: Option<String>,
    /// Scans that prove it, among the shop's papers.
    pub scan_ids: Vec<MediaId>,
    /// What the marketplace itself can prove.
    pub marketplace_evidence: Vec<Evidence>,
}

impl Answered {
    /// The question as answered.
    pub(super) fn new(question: &Item, answers: &[Answer], marks: &Marks, evidence: &[(String, Evidence)]) -> Self {
        let answer = answers.iter().find(|answer| answer.criterion.as_str() == question.code);
        let chosen = answer.and_then(|answer| answer.option.as_deref());
        let offered = evidence.iter().filter(|(criterion, _)| *criterion == question.code);
        Self {
            criterion: question.code.clone(),
            label_vi: question.label_vi.clone(),
            of: question.points,
            points: marks.get(&question.code).copied(),
            option: question.choices.iter().find(|choice| chosen == Some(choice.code.as_str())).cloned(),
            yes: answer.and_then(|answer| answer.yes),
            note: answer.and_then(|answer| answer.note.as_ref()).map(ToString::to_string),
            scan_ids: answer.map(|answer| answer.scan_ids.clone()).unwrap_or_default(),
            marketplace_evidence: offered.map(|(_, evidence)| evidence.clone()).collect(),
        }
    }
}

/// A version of a self-assessment. It is the shop's own opinion: stars are given by the province or the Ministry.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SelfAssessment)]
pub struct Assessment {
    /// The assessment.
    pub id: AssessmentId,
    /// Whose.
    pub seller_id: SellerId,
    /// The shop's name.
    pub seller_name: String,
    /// Which version, counted from 1.
    pub version: i32,
    /// The newest version there is.
    pub latest_version: i32,
    /// When the version was saved.
    pub saved_at: DateTime<Utc>,
    /// The product.
    pub product_name: String,
    /// The product set whose sheet was filled in.
    pub set_no: SetNo,
    /// The set's name.
    #[schema(example = "Chè tươi, chè chế biến")]
    pub set_name_vi: String,
    /// The edition of the sheet.
    #[schema(example = "26/2026/QĐ-TTg")]
    pub sheet_version: String,
    /// The case, where the sheet has two.
    pub variant: Option<Variant>,
    /// What the sheet gives for the answers.
    pub score: Score,
    /// Every question in the order of the sheet.
    pub criteria: Vec<Answered>,
    /// The sheet, for who prints it.
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) sheet: Sheet,
}

/// An assessment in a list, in its newest version.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssessmentSummary {
    /// The assessment.
    pub id: AssessmentId,
    /// The newest version.
    pub version: i32,
    /// The product.
    pub product_name: String,
    /// The product set.
    pub set_no: SetNo,
    /// The case, where the sheet has two.
    pub variant: Option<Variant>,
    /// The edition of the sheet.
    pub sheet_version: String,
    /// Points of 100.
    pub points: i16,
    /// Stars by points and gates; one and two get no certificate.
    pub stars: i16,
    /// When it was saved.
    pub saved_at: DateTime<Utc>,
}
