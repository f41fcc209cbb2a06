//! Listings and their revisions: what they are and how they may move.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::content::Content;
use super::variants::{self, Variant, lacks};
use crate::kernel::{CaseId, ListingId, RevisionId, SellerId, Vnd};
use crate::market::cases::{MOVED_ON, Verdict};
use crate::market::certification::{Group, SetNo};
use crate::market::sellers::Missing;
use crate::platform::error::{Error, Problem, Result};

/// Archived or taken down, or withdrawn where only an approval brings it back.
pub const LISTING_CLOSED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "listing-closed",
    vi: "Sản phẩm đã ngừng đăng, không thể thay đổi",
    en: "The listing is closed and cannot be changed",
};

/// An officer is about to decide on it: withdraw the submission first.
pub const UNDER_REVIEW: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "listing-under-review",
    vi: "Nội dung đang chờ duyệt; hãy rút lại trước khi thay đổi",
    en: "The content is waiting for a verdict; withdraw it before changing it",
};

/// The latest content was decided on; there is no newer one.
pub const NOTHING_TO_SUBMIT: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "listing-nothing-to-submit",
    vi: "Không có nội dung mới để gửi duyệt",
    en: "There is no new content to submit",
};

/// Only what is published can be paused.
pub const NOT_PUBLISHED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "listing-not-published",
    vi: "Sản phẩm chưa được đăng",
    en: "The listing is not published",
};

/// What was published later stays: there is nothing to take back any more.
pub const SUPERSEDED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "listing-superseded",
    vi: "Đã có phiên bản mới hơn được đăng, không thể hoàn tác sửa đổi này",
    en: "A newer version has been published; this edit cannot be taken back any more",
};

/// The approval of something handed in before a withdrawal does not undo the withdrawal.
pub const WITHDRAWN_MEANWHILE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "listing-withdrawn-meanwhile",
    vi: "Sản phẩm đã bị gỡ sau khi nội dung này được gửi duyệt; hãy yêu cầu cửa hàng gửi lại",
    en: "The listing was withdrawn after this was handed in; ask the shop to hand it in again",
};

/// Only what an officer withdrew can be put back.
pub const NOT_WITHDRAWN: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "listing-not-withdrawn",
    vi: "Sản phẩm không bị gỡ",
    en: "The listing is not withdrawn",
};

/// Something required is missing; `missing` names each.
pub const INCOMPLETE: Problem = Problem {
    status: StatusCode::UNPROCESSABLE_ENTITY,
    code: "listing-incomplete",
    vi: "Sản phẩm chưa đủ thông tin bắt buộc",
    en: "Something required is missing from the listing",
};

/// Where a listing stands for the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ListingStatus {
    /// Never published.
    Draft,
    /// On the shelf.
    Published,
    /// Taken off the shelf by its shop for a while.
    Paused,
    /// Given up by its shop.
    Archived,
    /// Taken back by an officer; content handed in afterwards and approved publishes it again.
    Withdrawn,
    /// Removed at an authority's request, until the order is lifted.
    TakenDown,
}

impl ListingStatus {
    /// Refuses a listing that its shop cannot edit: it is given up, or only an authority brings it back.
    pub fn require_editable(self) -> Result<()> {
        match self {
            Self::Draft | Self::Published | Self::Paused | Self::Withdrawn => Ok(()),
            Self::Archived | Self::TakenDown => Err(Error::from(&LISTING_CLOSED)),
        }
    }

    /// Refuses a listing that is given up, or held by an officer.
    pub fn require_open(self) -> Result<()> {
        match self {
            Self::Draft | Self::Published | Self::Paused => Ok(()),
            Self::Archived | Self::Withdrawn | Self::TakenDown => Err(Error::from(&LISTING_CLOSED)),
        }
    }

    /// After an approval: a first one puts it on the shelf, and a paused one stays paused.
    pub fn approved(self) -> Result<Self> {
        self.require_open()?;
        Ok(if self == Self::Draft { Self::Published } else { self })
    }

    /// Taken off the shelf (`paused`), or put back.
    pub fn paused(self, paused: bool) -> Result<Self> {
        match self {
            Self::Published | Self::Paused => Ok(if paused { Self::Paused } else { Self::Published }),
            Self::Draft => Err(Error::from(&NOT_PUBLISHED)),
            Self::Archived | Self::Withdrawn | Self::TakenDown => Err(Error::from(&LISTING_CLOSED)),
        }
    }

    /// Given up. Twice is once.
    pub fn archived(self) -> Result<Self> {
        if self != Self::Archived {
            self.require_open()?;
        }
        Ok(Self::Archived)
    }
}

/// Where an edited state stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RevisionStatus {
    /// Being written.
    Draft,
    /// Waits for an officer.
    Submitted,
    /// Published; a later one may have replaced it.
    Approved,
    /// Back with the shop.
    ChangesRequested,
    /// Refused for good: the shop may begin another one.
    Rejected,
}

impl RevisionStatus {
    /// After an edit; `None` if the edit begins another revision, because this one was decided on.
    pub fn edited(self) -> Result<Option<Self>> {
        match self {
            Self::Draft | Self::ChangesRequested => Ok(Some(Self::Draft)),
            Self::Submitted => Err(Error::from(&UNDER_REVIEW)),
            Self::Approved | Self::Rejected => Ok(None),
        }
    }

    /// After the shop hands it in.
    pub fn submitted(self) -> Result<Self> {
        match self {
            Self::Draft | Self::ChangesRequested => Ok(Self::Submitted),
            Self::Submitted => Err(Error::from(&UNDER_REVIEW)),
            Self::Approved | Self::Rejected => Err(Error::from(&NOTHING_TO_SUBMIT)),
        }
    }

    /// After an appeal against its verdict was upheld.
    pub fn reversed(self) -> Result<Self> {
        match self {
            Self::ChangesRequested | Self::Rejected => Ok(Self::Approved),
            Self::Draft | Self::Submitted | Self::Approved => Err(Error::from(&MOVED_ON)),
        }
    }

    /// After a verdict; `None` unless it waits for one.
    pub fn decided(self, verdict: Verdict) -> Option<Self> {
        (self == Self::Submitted).then_some(match verdict {
            Verdict::Approve => Self::Approved,
            Verdict::RequestChanges => Self::ChangesRequested,
            Verdict::Reject => Self::Rejected,
        })
    }
}

/// How an edit of a trusted shop stands that was published before any officer saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Unseen {
    /// Nobody needs to look at it.
    NotSampled,
    /// It is in the officers' queue.
    ToCheck,
    /// An officer has looked at it.
    Checked,
}

/// An edited state of a listing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Revision {
    /// The revision: the subject of its case.
    pub id: RevisionId,
    /// 1 for the first one.
    pub number: i32,
    /// Where it stands.
    pub status: RevisionStatus,
    /// What it says.
    pub content: Content,
    /// When the content last changed.
    pub changed_at: DateTime<Utc>,
    /// When it was last handed in.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was decided on.
    pub decided_at: Option<DateTime<Utc>>,
    /// What was on the shelf until this one was published.
    #[serde(skip)]
    pub published_over: Option<RevisionId>,
    /// Set where it was published before any officer saw it, because the shop is trusted.
    pub unseen: Option<Unseen>,
}

/// The row of a listing, without its content.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The listing.
    pub id: ListingId,
    /// Whose.
    pub seller_id: SellerId,
    /// Its name in addresses; stays the same whatever its title becomes.
    pub slug: String,
    /// Where it stands for the public.
    pub status: ListingStatus,
    /// Counts the changes of content and status.
    pub version: i64,
    /// The product set it is published in.
    pub set_no: Option<SetNo>,
    /// The revision that is published.
    pub published_revision: Option<RevisionId>,
    /// When it was first published.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// The lowest price of what is sold.
    pub price_vnd: Option<Vnd>,
    /// While it is withdrawn or taken down: where it stands otherwise.
    pub held_status: Option<ListingStatus>,
    /// The decided case it is withdrawn by.
    pub withdrawn_by: Option<CaseId>,
    /// Since when it is withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

impl Listing {
    /// Where an approval of the revision puts it. Withdrawn, it comes back if the revision was handed in since.
    pub fn approved(&self, revision: &Revision) -> Result<ListingStatus> {
        if self.status != ListingStatus::Withdrawn {
            return self.status.approved();
        }
        if revision.submitted_at <= self.withdrawn_at {
            return Err(Error::from(&WITHDRAWN_MEANWHILE));
        }
        Ok(self.held_status.unwrap_or(ListingStatus::Published))
    }
}

/// A listing in the shop's own list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ListingRow {
    /// The listing.
    pub id: ListingId,
    /// Its name in addresses.
    #[schema(example = "che-shan-tuyet-ta-leng-hop-200-g")]
    pub slug: String,
    /// Where it stands for the public.
    pub status: ListingStatus,
    /// The title, as edited last.
    #[schema(example = "Chè Shan tuyết Tả Lèng hộp 200 g")]
    pub title_vi: String,
    /// Where the latest revision stands.
    pub revision_status: RevisionStatus,
    /// The lowest price of what is sold.
    pub price_vnd: Option<Vnd>,
    /// Whether anything of it is on the shelf.
    pub in_stock: bool,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
}

/// What a listing lacks to be handed in, papers apart.
pub fn missing(content: &Content, group: Group, variants: &[Variant]) -> Vec<Missing> {
    let mut missing = content.label.missing(group);
    if content.pictures.is_empty() {
        missing.insert(0, lacks("pictures", "ít nhất một hình ảnh", "at least one picture"));
    }
    missing.extend(variants::missing(variants, group.is_parcel(), |variant| variant.active));
    missing
}

/// Refuses a listing that lacks something, and says what.
pub fn require_complete(missing: &[Missing]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::from(&INCOMPLETE).fact("missing", serde_json::to_value(missing)?))
}
