//! What a shop is, who stands behind it, and the life it has.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::text::fold;
use crate::kernel::{Email, Phone, SellerId, TaxCode};
use crate::market::cases::{MOVED_ON, Verdict};
use crate::platform::error::{Error, Problem, Result};

/// The shop does not wait for a verdict.
pub const NOT_WAITING: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "shop-not-waiting",
    vi: "Cửa hàng không chờ duyệt",
    en: "The shop is not waiting for approval",
};

/// Only a draft, or a shop that was asked for changes, can be submitted.
pub const NOT_A_DRAFT: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "shop-not-a-draft",
    vi: "Cửa hàng không còn ở trạng thái nháp",
    en: "The shop is not a draft any more",
};

/// What only an approved shop may ask for.
pub const NOT_APPROVED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "shop-not-approved",
    vi: "Cửa hàng chưa được duyệt",
    en: "The shop is not approved",
};

/// Only a suspended shop can be reinstated.
pub const NOT_SUSPENDED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "shop-not-suspended",
    vi: "Cửa hàng không bị tạm ngừng",
    en: "The shop is not suspended",
};

/// Nobody takes a measure against a shop they belong to, nor vouches for it.
pub const OWN_SHOP: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "own-shop",
    vi: "Không thể xử lý việc của cửa hàng mình",
    en: "You cannot act on a shop you belong to",
};

/// Who stands behind a shop is not changed while an officer looks at it, nor once it was approved.
pub const IDENTITY_LOCKED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "shop-identity-locked",
    vi: "Không thể thay đổi thông tin định danh khi hồ sơ đã nộp hoặc đã duyệt",
    en: "The identity of a submitted or approved shop cannot be changed",
};

/// In its present state the shop does not allow this change.
pub const LOCKED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "shop-locked",
    vi: "Trạng thái hiện tại của cửa hàng không cho phép thay đổi này",
    en: "The shop's present state does not allow this change",
};

/// Who sells (Decision 26/2026/QĐ-TTg, art. 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum SellerKind {
    /// Hợp tác xã.
    Cooperative,
    /// Tổ hợp tác.
    CooperativeGroup,
    /// Hộ sản xuất, hộ kinh doanh: a person answers for it.
    Household,
    /// A small or medium enterprise.
    Enterprise,
    /// Trang trại.
    Farm,
}

impl SellerKind {
    /// Whether it is an organisation: known by its tax code and a representative, and published with its seat. A
    /// household is known by the 12-digit ID of a person, and published with the place of residence only
    /// (Decree 248/2026/NĐ-CP, art. 18; Circular 90/2026/TT-BTC).
    pub const fn is_organisation(self) -> bool {
        !matches!(self, Self::Household)
    }
}

/// Where a shop stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum SellerStatus {
    /// Being prepared.
    Draft,
    /// Waits for the department of its province.
    Submitted,
    /// Open.
    Approved,
    /// To be corrected and submitted again.
    ChangesRequested,
    /// Refused for good.
    Rejected,
    /// Closed by the department for the time being.
    Suspended,
    /// Given up.
    Closed,
}

/// How much of a shop may be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Editable {
    /// Who stands behind it, too.
    Everything,
    /// How it presents itself, not who it is.
    Presentation,
    /// It is over.
    Nothing,
}

impl SellerStatus {
    /// What may be changed now.
    pub const fn editable(self) -> Editable {
        match self {
            Self::Draft | Self::ChangesRequested => Editable::Everything,
            Self::Submitted | Self::Approved | Self::Suspended => Editable::Presentation,
            Self::Rejected | Self::Closed => Editable::Nothing,
        }
    }

    /// To the department.
    pub fn submit(self) -> Result<Self> {
        match self {
            Self::Draft | Self::ChangesRequested => Ok(Self::Submitted),
            _ => Err(Error::from(&NOT_A_DRAFT)),
        }
    }

    /// Back from the department, undecided.
    pub fn withdraw(self) -> Result<Self> {
        match self {
            Self::Submitted => Ok(Self::Draft),
            _ => Err(Error::from(&NOT_WAITING)),
        }
    }

    /// What the department's verdict makes of it.
    pub fn decide(self, verdict: Verdict) -> Result<Self> {
        match (self, verdict) {
            (Self::Submitted, Verdict::Approve) => Ok(Self::Approved),
            (Self::Submitted, Verdict::RequestChanges) => Ok(Self::ChangesRequested),
            (Self::Submitted, Verdict::Reject) => Ok(Self::Rejected),
            _ => Err(Error::from(&NOT_WAITING)),
        }
    }

    /// What an appeal against the department's verdict makes of it.
    pub fn reverse(self) -> Result<Self> {
        match self {
            Self::ChangesRequested | Self::Rejected => Ok(Self::Approved),
            _ => Err(Error::from(&MOVED_ON)),
        }
    }

    /// Closed by its department for the time being.
    pub fn suspend(self) -> Result<Self> {
        match self {
            Self::Approved => Ok(Self::Suspended),
            _ => Err(Error::from(&NOT_APPROVED)),
        }
    }

    /// Open again.
    pub fn reinstate(self) -> Result<Self> {
        match self {
            Self::Suspended => Ok(Self::Approved),
            _ => Err(Error::from(&NOT_SUSPENDED)),
        }
    }

    /// Whether papers may be added: not under an officer's eyes, but an approved shop renews what expires.
    pub fn allow_new_paper(self) -> Result<()> {
        match self {
            Self::Draft | Self::ChangesRequested | Self::Approved | Self::Suspended => Ok(()),
            Self::Submitted | Self::Rejected | Self::Closed => Err(Error::from(&LOCKED)),
        }
    }

    /// Whether papers may be taken away: not those an approval rests on.
    pub fn allow_paper_removal(self) -> Result<()> {
        match self.editable() {
            Editable::Everything => Ok(()),
            Editable::Presentation | Editable::Nothing => Err(Error::from(&LOCKED)),
        }
    }
}

/// Where a shop is at home. Codes of the current list, but for the legacy province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The commune's province.
    pub province_code: String,
    /// The commune.
    pub commune_code: String,
    /// The province of before 1 July 2025; chosen by the seller where the commune had two.
    pub legacy_province_code: String,
    /// House, street, hamlet. A household's is never published.
    pub street: Option<String>,
}

/// What a shop says about itself. A personal ID travels beside it, sealed.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Who sells.
    pub kind: SellerKind,
    /// The shop's name.
    pub name: String,
    /// The name in the register; a household's is its person's full name.
    pub legal_name: Option<String>,
    /// Who represents the organisation; none for a household.
    pub representative: Option<String>,
    /// The organisation's tax and business code; none for a household.
    pub tax_code: Option<TaxCode>,
    /// Where it is at home.
    pub seat: Seat,
    /// For questions.
    pub phone: Option<Phone>,
    /// For questions.
    pub email: Option<Email>,
    /// Whether both stand on the public page.
    pub public_contact: bool,
    /// About the shop, in Vietnamese.
    pub about_vi: Option<String>,
    /// About the shop, in English.
    pub about_en: Option<String>,
}

impl Profile {
    /// What searching without accents looks through.
    pub fn search_text(&self) -> String {
        fold(&format!("{} {}", self.name, self.legal_name.as_deref().unwrap_or_default()))
    }
}

/// A personal ID at rest.
#[derive(Debug, Clone)]
pub struct SealedId {
    /// Sealed to its row.
    pub sealed: Vec<u8>,
    /// Its last digits, by which its owner recognises it.
    pub last: String,
}

/// A shop's row, without the sealed ID.
#[derive(Debug, Clone)]
pub struct Seller {
    /// The shop.
    pub id: SellerId,
    /// Its name in addresses; it never changes.
    pub slug: String,
    /// Where it stands.
    pub status: SellerStatus,
    /// Who sells.
    pub kind: SellerKind,
    /// The shop's name.
    pub name: String,
    /// The name in the register.
    pub legal_name: Option<String>,
    /// Who represents an organisation.
    pub representative: Option<String>,
    /// An organisation's tax and business code.
    pub tax_code: Option<TaxCode>,
    /// The last digits of a household's personal ID.
    pub personal_id_last: Option<String>,
    /// For questions.
    pub phone: Option<Phone>,
    /// For questions.
    pub email: Option<Email>,
    /// Whether telephone and e-mail stand on the public page.
    pub public_contact: bool,
    /// Where it is: today's list.
    pub province_code: String,
    /// Where it is.
    pub commune_code: String,
    /// Where it is: the list before 1 July 2025.
    pub legacy_province_code: String,
    /// Street address; a household shows none.
    pub street: Option<String>,
    /// About the shop.
    pub about_vi: Option<String>,
    /// About the shop, in English.
    pub about_en: Option<String>,
    /// First day of a pause.
    pub closed_from: Option<NaiveDate>,
    /// Last day of it; none until further notice.
    pub closed_to: Option<NaiveDate>,
    /// Made for the demonstration.
    pub demo: bool,
    /// Counts the changes.
    pub version: i64,
    /// The version the last verdict left behind.
    pub decided_version: Option<i64>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was handed in last.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When its department approved it.
    pub approved_at: Option<DateTime<Utc>>,
}

impl Seller {
    /// Refuses what the shop's state does not allow of this change; `new_id` says that it brings a personal ID.
    pub fn allow_change(&self, to: &Profile, new_id: bool) -> Result<()> {
        let changed = self.identity_changes(to, new_id);
        match self.status.editable() {
            Editable::Nothing => Err(Error::from(&LOCKED)),
            Editable::Presentation if !changed.is_empty() => {
                Err(changed.into_iter().fold(Error::from(&IDENTITY_LOCKED), |error, field| {
                    error.at(field, "không thể thay đổi lúc này / cannot be changed now")
                }))
            }
            Editable::Presentation | Editable::Everything => Ok(()),
        }
    }

    /// Names of the fields by which the change would make it another shop.
    fn identity_changes(&self, to: &Profile, new_id: bool) -> Vec<&'static str> {
        let fields = [
            ("kind", self.kind != to.kind),
            ("name", self.name != to.name),
            ("legal_name", self.legal_name != to.legal_name),
            ("representative", self.representative != to.representative),
            ("tax_code", self.tax_code != to.tax_code),
            ("personal_id", new_id),
            ("commune_code", self.commune_code != to.seat.commune_code),
            ("legacy_province_code", self.legacy_province_code != to.seat.legacy_province_code),
            ("street", self.street != to.seat.street),
        ];
        fields.into_iter().filter(|(_, changed)| *changed).map(|(field, _)| field).collect()
    }
}

/// What other slices need to know of a shop.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The shop.
    pub id: SellerId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Who sells.
    pub kind: SellerKind,
    /// Where it stands.
    pub status: SellerStatus,
    /// Its province, current list.
    pub province_code: String,
    /// Its commune.
    pub commune_code: String,
    /// Its province of before 1 July 2025.
    pub legacy_province_code: String,
    /// Made for the demonstration.
    pub demo: bool,
    /// First day of a pause.
    pub closed_from: Option<NaiveDate>,
    /// Last day of it; `None` until further notice.
    pub closed_to: Option<NaiveDate>,
}

/// A shop by its tax code.
#[derive(Debug, Clone)]
pub struct Holder {
    /// The shop.
    pub seller: SellerId,
    /// Its tax code.
    pub tax_code: TaxCode,
    /// Its province, current list.
    pub province_code: String,
}

impl Summary {
    /// Whether it sells on the day: approved, and not paused.
    pub fn is_open(&self, today: NaiveDate) -> bool {
        self.status == SellerStatus::Approved && !is_paused(self.closed_from, self.closed_to, today)
    }
}

/// Whether the day lies in the pause; both ends belong to it.
pub fn is_paused(from: Option<NaiveDate>, to: Option<NaiveDate>, today: NaiveDate) -> bool {
    from.is_some_and(|first| first <= today) && to.is_none_or(|last| today <= last)
}
