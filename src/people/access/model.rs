//! Departments, grants, members.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::permissions::{
    AssignCases, DecideCertificates, DecideComplaints, DecideListings, DecideMeasures, DecideSellers, ManageMoney,
    ManageOfficers, ManagePolicies, ManageScreening, ManageVouchers, Permission as _, ReadAudit, ReadCases,
    ReadStatistics, ReadTaxes,
};
use crate::kernel::{AccountId, DepartmentId, GrantId, MemberId, SellerId};

/// The provinces an officer's function reaches, by code. The national operator simply holds all of them.
#[derive(Debug, Clone)]
pub struct Provinces(Vec<String>);

impl Provinces {
    /// From codes of the current list.
    pub fn new(codes: Vec<String>) -> Self {
        Self(codes)
    }

    /// For `province = any($n)`.
    pub fn codes(&self) -> &[String] {
        &self.0
    }

    /// These and the others.
    #[must_use]
    pub fn and(&self, others: &Self) -> Self {
        let more = others.0.iter().filter(|code| !self.contains(code));
        Self(self.0.iter().chain(more).cloned().collect())
    }

    /// Whether the province is among them.
    pub fn contains(&self, code: &str) -> bool {
        self.0.iter().any(|own| own == code)
    }
}

/// One permission in one province, valid today.
#[derive(Debug)]
pub struct Reach {
    /// The permission's name.
    pub permission: String,
    /// Where it holds.
    pub province_code: String,
}

/// What a department is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum DepartmentKind {
    /// Sở Công Thương.
    IndustryAndTrade,
    /// Sở Nông nghiệp và Môi trường.
    Agriculture,
    /// The operator of the marketplace.
    National,
}

impl DepartmentKind {
    /// Whether officers of such a department can hold the permission at all.
    pub fn may_hold(self, permission: &str) -> bool {
        match self {
            Self::National => true,
            // What holds everywhere is nobody's in one province.
            Self::IndustryAndTrade => ![ManagePolicies::NAME, ManageMoney::NAME].contains(&permission),
            // The programme is theirs, the marketplace is not: certificates, and the desk to see them on.
            Self::Agriculture => [ReadCases::NAME, DecideCertificates::NAME].contains(&permission),
        }
    }
}

/// A body of officers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Department {
    /// The department.
    pub id: DepartmentId,
    /// Short ASCII name.
    #[schema(example = "so-cong-thuong-lai-chau")]
    pub slug: String,
    /// Name in Vietnamese.
    pub name_vi: String,
    /// Name in English.
    pub name_en: String,
    /// What it is.
    pub kind: DepartmentKind,
}

/// An officer's role; a grant starts from its usual permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OfficerRole {
    /// Decides cases.
    Reviewer,
    /// Decides cases and sees how others did.
    Supervisor,
    /// Reads, never decides.
    Auditor,
    /// A supervisor who also says who the officers are.
    Head,
    /// Runs the marketplace.
    Operator,
}

impl OfficerRole {
    /// What an officer of this role usually may.
    pub fn usual_permissions(self) -> Vec<String> {
        const DECIDE: &[&str] = &[
            ReadCases::NAME,
            DecideSellers::NAME,
            DecideCertificates::NAME,
            DecideListings::NAME,
            DecideComplaints::NAME,
            DecideMeasures::NAME,
        ];
        const OVERSEE: &[&str] = &[AssignCases::NAME, ReadStatistics::NAME, ReadAudit::NAME, ReadTaxes::NAME];
        const RUN: &[&str] = &[ManageScreening::NAME, ManageOfficers::NAME, ManageVouchers::NAME];
        let parts: &[&[&str]] = match self {
            Self::Reviewer => &[DECIDE],
            Self::Supervisor => &[DECIDE, OVERSEE],
            Self::Auditor => &[&[ReadCases::NAME, ReadStatistics::NAME, ReadAudit::NAME, ReadTaxes::NAME]],
            Self::Head => &[DECIDE, OVERSEE, RUN],
            Self::Operator => &[DECIDE, OVERSEE, RUN, &[ManagePolicies::NAME, ManageMoney::NAME]],
        };
        parts.concat().into_iter().map(str::to_owned).collect()
    }
}

/// A permission to be given.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// To whom.
    pub account: AccountId,
    /// As an officer of which department; its provinces bound the permissions.
    pub department: DepartmentId,
    /// In which role.
    pub role: OfficerRole,
    /// What exactly; names of [`super::PERMISSIONS`].
    pub permissions: Vec<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; `None` until further notice.
    pub valid_to: Option<NaiveDate>,
}

/// An officer's permissions, as heads and the officer see them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Grant {
    /// The grant.
    pub id: GrantId,
    /// Whose.
    pub account_id: AccountId,
    /// The officer's name.
    pub officer: String,
    /// The department's short name.
    pub department: String,
    /// The role.
    pub role: OfficerRole,
    /// What exactly.
    pub permissions: Vec<String>,
    /// The department's provinces today.
    pub provinces: Vec<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; null until further notice.
    pub valid_to: Option<NaiveDate>,
}

/// A member's role in a shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum MemberRole {
    /// Everything, and says who belongs to the shop.
    Owner,
    /// Runs the shop.
    Manager,
    /// Looks at money.
    Accountant,
    /// Handles orders.
    Packer,
}

/// Somebody who belongs to a shop, or is invited to. Of the invited a shop learns nothing it did not know.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Member {
    /// The membership.
    pub id: MemberId,
    /// Who; null until they accept.
    pub account_id: Option<AccountId>,
    /// Their name; null until they accept.
    pub display_name: Option<String>,
    /// The contact they were invited by; null once they have accepted.
    pub invited_as: Option<String>,
    /// As what.
    pub role: MemberRole,
    /// When they were invited, or founded the shop.
    pub created_at: DateTime<Utc>,
    /// When they accepted; until then they have no part in the shop.
    pub accepted_at: Option<DateTime<Utc>>,
}

/// A membership nobody has accepted yet, as the invited see it.
#[derive(Debug, Clone, Copy)]
pub struct Invitation {
    /// The membership.
    pub id: MemberId,
    /// In which shop.
    pub seller: SellerId,
    /// As what.
    pub role: MemberRole,
    /// When they were invited.
    pub created_at: DateTime<Utc>,
}

/// Who may be let go: a shop's memberships, accepted or not.
#[derive(Debug, Clone, Copy)]
pub struct Membership {
    /// The membership.
    pub id: MemberId,
    /// As what.
    pub role: MemberRole,
    /// Whether it is more than an invitation.
    pub accepted: bool,
}

impl Membership {
    /// Whether this one can act as an owner.
    pub fn is_owner(&self) -> bool {
        self.accepted && self.role == MemberRole::Owner
    }
}
