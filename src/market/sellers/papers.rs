//! The papers of a shop, and what is still missing before it can be submitted.

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::Seller;
use crate::kernel::{Line, MediaId, PaperId};
use crate::platform::error::{Error, Result};
use crate::platform::extract::INVALID;

/// What a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PaperKind {
    /// Giấy chứng nhận đăng ký.
    BusinessRegistration,
    /// Căn cước.
    PersonalId,
    /// Giấy chứng nhận cơ sở đủ điều kiện an toàn thực phẩm.
    FoodSafetyCertificate,
    /// Bản cam kết an toàn thực phẩm of small producers.
    FoodSafetyCommitment,
    /// Giấy phép sản xuất, kinh doanh rượu.
    AlcoholLicence,
    /// Mã số vùng trồng.
    GrowingAreaCode,
    /// Văn bản cho phép sử dụng chỉ dẫn địa lý.
    GiRight,
    /// Giấy chứng nhận sản phẩm hữu cơ.
    OrganicCertificate,
    /// Bản tự công bố, đăng ký bản công bố sản phẩm.
    ProductDeclaration,
    /// Anything else.
    Other,
}

impl PaperKind {
    const fn code(self) -> &'static str {
        match self {
            Self::BusinessRegistration => "business_registration",
            Self::PersonalId => "personal_id",
            Self::FoodSafetyCertificate => "food_safety_certificate",
            Self::FoodSafetyCommitment => "food_safety_commitment",
            Self::AlcoholLicence => "alcohol_licence",
            Self::GrowingAreaCode => "growing_area_code",
            Self::GiRight => "gi_right",
            Self::OrganicCertificate => "organic_certificate",
            Self::ProductDeclaration => "product_declaration",
            Self::Other => "other",
        }
    }

    /// What it is called in Vietnamese.
    pub const fn name_vi(self) -> &'static str {
        match self {
            Self::BusinessRegistration => "giấy chứng nhận đăng ký kinh doanh",
            Self::PersonalId => "ảnh chụp thẻ căn cước",
            Self::FoodSafetyCertificate => "giấy chứng nhận an toàn thực phẩm",
            Self::FoodSafetyCommitment => "bản cam kết an toàn thực phẩm",
            Self::AlcoholLicence => "giấy phép sản xuất, kinh doanh rượu",
            Self::GrowingAreaCode => "mã số vùng trồng",
            Self::GiRight => "văn bản cho phép sử dụng chỉ dẫn địa lý",
            Self::OrganicCertificate => "giấy chứng nhận hữu cơ",
            Self::ProductDeclaration => "bản công bố sản phẩm",
            Self::Other => "giấy tờ khác",
        }
    }

    /// What it is called in English.
    pub const fn name_en(self) -> &'static str {
        match self {
            Self::BusinessRegistration => "the business registration certificate",
            Self::PersonalId => "a picture of the personal ID card",
            Self::FoodSafetyCertificate => "the food-safety certificate",
            Self::FoodSafetyCommitment => "the food-safety commitment",
            Self::AlcoholLicence => "the alcohol licence",
            Self::GrowingAreaCode => "the growing-area code",
            Self::GiRight => "the right to use the geographical indication",
            Self::OrganicCertificate => "the organic certificate",
            Self::ProductDeclaration => "the product declaration",
            Self::Other => "another paper",
        }
    }
}

/// A paper of a shop.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Paper {
    /// The paper.
    pub id: PaperId,
    /// What it is.
    pub kind: PaperKind,
    /// Its number; null for a personal ID card, whose number is the shop's `personal_id`.
    #[schema(example = "123/GCN")]
    pub number: Option<String>,
    /// Who issued it.
    pub issued_by: String,
    /// When.
    pub issued_on: NaiveDate,
    /// Last day of validity; null if it has none.
    pub expires_on: Option<NaiveDate>,
    /// The uploaded file.
    pub media_id: MediaId,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

impl Paper {
    /// Whether it has not expired on the day.
    pub fn is_valid(&self, today: NaiveDate) -> bool {
        self.expires_on.is_none_or(|last| today <= last)
    }
}

/// A paper to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "business_registration",
    "number": "62A-000123",
    "issued_by": "UBND xã Sin Suối Hồ",
    "issued_on": "2024-05-20",
    "media_id": "0193f2a4-6c00-7000-8000-000000000001"
}))]
pub struct NewPaper {
    /// What it is.
    pub kind: PaperKind,
    /// Its number; left out for a personal ID card, required otherwise.
    #[schema(value_type = Option<String>, max_length = 100)]
    pub number: Option<Line<1, 100>>,
    /// Who issued it.
    #[schema(value_type = String, min_length = 2, max_length = 200)]
    pub issued_by: Line<2, 200>,
    /// When.
    pub issued_on: NaiveDate,
    /// Last day of validity; left out if it has none.
    pub expires_on: Option<NaiveDate>,
    /// The uploaded file, a `paper` of this shop.
    pub media_id: MediaId,
}

impl NewPaper {
    /// Refuses dates no valid paper can have, and the number of an ID card, which is kept in one place only, sealed.
    pub fn check(&self, today: NaiveDate) -> Result<()> {
        let oldest = NaiveDate::from_ymd_opt(1945, 9, 2).unwrap_or(NaiveDate::MIN);
        let latest = today + Months::new(12 * 100);
        if self.issued_on < oldest || self.issued_on > today {
            return Err(Error::from(&INVALID).at("issued_on", "phải là ngày đã qua / must be a day in the past"));
        }
        if self.expires_on.is_some_and(|last| last < today || last > latest) {
            return Err(Error::from(&INVALID).at(
                "expires_on",
                "phải là ngày sắp tới: giấy tờ phải còn hiệu lực / must be a day to come: the paper must be valid",
            ));
        }
        match (self.kind, &self.number) {
            (PaperKind::PersonalId, Some(_)) => {
                Err(Error::from(&INVALID).at("number", "phải bỏ trống: số định danh ghi ở `personal_id` / must be left out: the ID number belongs into `personal_id`"))
            }
            (PaperKind::PersonalId, None) | (_, Some(_)) => Ok(()),
            (_, None) => Err(Error::from(&INVALID).at("number", "phải có / must be given")),
        }
    }
}

/// That a kind of seller must show one of some papers; a row with its legal basis.
#[derive(Debug, Clone)]
pub struct PaperRule {
    /// Any of these satisfies it.
    pub any_of: Vec<PaperKind>,
    /// Where that is written.
    pub legal_basis: String,
}

impl PaperRule {
    /// Whether one of the papers satisfies it on the day.
    pub fn is_met(&self, papers: &[Paper], today: NaiveDate) -> bool {
        let shown = |kind: &PaperKind| papers.iter().any(|paper| paper.kind == *kind && paper.is_valid(today));
        self.any_of.iter().any(shown)
    }
}

/// Something a shop still has to say or show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Missing {
    /// The name of the field, or `paper.` and the kinds of which one is needed, separated by `|`.
    #[schema(example = "paper.business_registration")]
    pub code: String,
    /// In Vietnamese.
    #[schema(example = "Cần tải lên giấy chứng nhận đăng ký kinh doanh còn hiệu lực")]
    pub text_vi: String,
    /// In English.
    #[schema(example = "Please upload the business registration certificate, still valid")]
    pub text_en: String,
    /// Why it is asked for; null for what the form itself needs.
    #[schema(example = "Nghị định 248/2026/NĐ-CP, Điều 18")]
    pub legal_basis: Option<String>,
}

/// What the shop lacks to be submitted today.
pub fn missing(seller: &Seller, papers: &[Paper], rules: &[PaperRule], today: NaiveDate) -> Vec<Missing> {
    let organisation = seller.kind.is_organisation();
    let fields = [
        (seller.legal_name.is_none(), "legal_name", "tên theo đăng ký", "the registered name"),
        (seller.street.is_none(), "street", "địa chỉ", "the street address"),
        (
            organisation && seller.representative.is_none(),
            "representative",
            "người đại diện theo pháp luật",
            "the legal representative",
        ),
        (organisation && seller.tax_code.is_none(), "tax_code", "mã số thuế", "the tax code"),
        (
            !organisation && seller.personal_id_last.is_none(),
            "personal_id",
            "số định danh cá nhân",
            "the personal ID number",
        ),
    ];
    let fields = fields.into_iter().filter(|(lacks, ..)| *lacks).map(|(_, code, vi, en)| Missing {
        code: code.to_owned(),
        text_vi: format!("Cần điền {vi}"),
        text_en: format!("Please fill in {en}"),
        legal_basis: None,
    });
    let papers = rules.iter().filter(|rule| !rule.is_met(papers, today)).map(missing_paper);
    fields.chain(papers).collect()
}

/// The rule's demand.
pub fn missing_paper(rule: &PaperRule) -> Missing {
    let all = |word: fn(PaperKind) -> &'static str, between: &str| {
        rule.any_of.iter().map(|kind| word(*kind)).collect::<Vec<_>>().join(between)
    };
    Missing {
        code: format!("paper.{}", all(PaperKind::code, "|")),
        text_vi: format!("Cần tải lên {} còn hiệu lực", all(PaperKind::name_vi, " hoặc ")),
        text_en: format!("Please upload {}, still valid", all(PaperKind::name_en, " or ")),
        legal_basis: Some(rule.legal_basis.clone()),
    }
}
