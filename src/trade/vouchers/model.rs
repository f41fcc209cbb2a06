//! What a voucher promises.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::text::fold;
use crate::kernel::{Invalid, Line, Price, Rate, SellerId, Vnd, VoucherId};
use crate::market::certification::SetNo;
use crate::platform::error::{Error, Problem, Result};

/// No voucher has this code. The fact `voucher` is the code.
pub const VOUCHER_UNKNOWN: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "voucher-unknown",
    vi: "Không có mã giảm giá này",
    en: "There is no voucher with this code",
};

/// Its days have not begun or are over, or its issuer ended it. The facts `valid_from` and `valid_to` say which days.
pub const VOUCHER_NOT_RUNNING: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "voucher-not-running",
    vi: "Mã giảm giá chưa hoặc không còn hiệu lực",
    en: "The voucher is not valid yet, or not any longer",
};

/// The code is another voucher's, perhaps with other accents.
pub const CODE_TAKEN: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "voucher-code-taken",
    vi: "Mã giảm giá này đã được dùng cho chương trình khác",
    en: "Another voucher has this code",
};

/// What a buyer types to get a discount: 3 to 30 letters and digits. Compared without case, tones and whatever stands
/// between them, so `TẾT-2027` is `tet2027`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 3, max_length = 40, example = "TET-2027")]
pub struct VoucherCode(String);

impl VoucherCode {
    /// As compared.
    pub fn key(&self) -> String {
        fold(&self.0).split(' ').collect()
    }

    /// Whether both are the same code.
    pub fn is(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl AsRef<str> for VoucherCode {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<VoucherCode> for String {
    fn from(code: VoucherCode) -> Self {
        code.0
    }
}

impl TryFrom<String> for VoucherCode {
    type Error = Invalid;

    fn try_from(typed: String) -> Result<Self, Invalid> {
        let code = Self(Line::<3, 40>::try_from(typed)?.to_uppercase());
        let key = code.key();
        if (3..=30).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(code)
        } else {
            Err(Invalid {
                vi: "phải có từ 3 đến 30 chữ cái hoặc chữ số", en: "must have 3 to 30 letters or digits"
            })
        }
    }
}

/// Who promises a voucher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Issuer {
    /// The marketplace.
    Platform,
    /// A province, for the goods of its shops.
    Province {
        /// Its code.
        #[schema(example = "12")]
        code: String,
    },
    /// A shop, for its own goods.
    Shop {
        /// Which one.
        seller_id: SellerId,
    },
}

impl Issuer {
    /// As in the database.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Province { .. } => "province",
            Self::Shop { .. } => "shop",
        }
    }

    /// The province's code.
    pub fn province(&self) -> Option<&str> {
        if let Self::Province { code } = self { Some(code) } else { None }
    }

    /// The shop.
    pub const fn seller(&self) -> Option<SellerId> {
        if let Self::Shop { seller_id } = self { Some(*seller_id) } else { None }
    }
}

/// Who bears a discount, in basis points of it: together 10 000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "platform_bps": 0, "province_bps": 7000, "shop_bps": 3000 }))]
pub struct Bearers {
    /// The marketplace.
    pub platform_bps: Rate,
    /// The province whose programme it is.
    pub province_bps: Rate,
    /// The shop whose goods they are; of a programme, only shops that have agreed.
    pub shop_bps: Rate,
}

impl Bearers {
    /// A discount's parts, in the order of the fields.
    pub fn split(self, discount: Vnd) -> [Vnd; 3] {
        let weights = self.in_basis_points().map(|bps| u64::from(bps.unsigned_abs()));
        let parts = discount.split(&weights);
        [0, 1, 2].map(|at| parts.get(at).copied().unwrap_or(Vnd::ZERO))
    }

    /// The shares, in the order of the fields.
    pub fn in_basis_points(self) -> [i32; 3] {
        [self.platform_bps, self.province_bps, self.shop_bps].map(Rate::basis_points)
    }
}

/// How much is taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Discount {
    /// A share of the goods.
    Percent {
        /// The share; at least one basis point.
        rate_bps: Rate,
        /// Never more than this.
        cap_vnd: Price,
    },
    /// An amount, or all of the goods if they cost less.
    Amount {
        /// How much.
        amount_vnd: Price,
    },
}

impl Discount {
    /// What is taken off goods that cost so much.
    pub fn of(self, goods: Vnd) -> Vnd {
        match self {
            Self::Percent { rate_bps, cap_vnd } => rate_bps.of(goods).min(cap_vnd.vnd()),
            Self::Amount { amount_vnd } => amount_vnd.vnd().min(goods),
        }
    }
}

/// How often and how far a voucher goes; no limit where none is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Checkouts in all.
    #[schema(minimum = 1)]
    pub total: Option<i32>,
    /// Checkouts of one buyer.
    #[schema(minimum = 1)]
    pub per_buyer: Option<i32>,
    /// Checkouts in which it takes something off one shop's goods.
    #[schema(minimum = 1)]
    pub per_shop: Option<i32>,
    /// What the issuer spends in all; a province's programme needs one.
    pub budget_vnd: Option<Price>,
}

/// What goods a voucher applies to; an empty list excludes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Scope {
    /// Only goods of these shops.
    pub sellers: Vec<SellerId>,
    /// Only goods of these product sets.
    pub sets: Vec<SetNo>,
    /// Only goods of shops in these provinces.
    pub provinces: Vec<String>,
}

/// What is promised: everything about a voucher that never changes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Promise {
    /// The code, as printed.
    pub code: VoucherCode,
    /// What it is called.
    pub title_vi: String,
    /// The same in English.
    pub title_en: Option<String>,
    /// Who promises it.
    pub issuer: Issuer,
    /// Who bears it.
    pub bearers: Bearers,
    /// How much is taken off.
    pub discount: Discount,
    /// What the goods it applies to must cost at least, before any discount.
    pub minimum_vnd: Vnd,
    /// Which goods it applies to.
    pub scope: Scope,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
    /// How often and how far it goes.
    pub limits: Limits,
}

/// A voucher and how far it has been used.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Voucher {
    /// The voucher.
    pub id: VoucherId,
    /// What is promised.
    #[serde(flatten)]
    pub promise: Promise,
    /// Checkouts it was used for.
    pub uses: i32,
    /// What of the issuer's budget is spent, or promised to orders not yet paid.
    pub spent_vnd: Vnd,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its issuer ended it.
    pub ended_at: Option<DateTime<Utc>>,
    /// The shops that agreed to bear their share.
    #[serde(skip)]
    pub participants: Vec<SellerId>,
}

impl std::ops::Deref for Voucher {
    type Target = Promise;

    fn deref(&self) -> &Promise {
        &self.promise
    }
}

impl Voucher {
    /// Refuses with `VOUCHER_NOT_RUNNING` outside its days, and once it is ended.
    pub fn require_running(&self, today: NaiveDate) -> Result<()> {
        if self.ended_at.is_none() && (self.valid_from..=self.valid_to).contains(&today) {
            return Ok(());
        }
        Err(self
            .refusal(&VOUCHER_NOT_RUNNING)
            .fact("valid_from", self.valid_from.to_string())
            .fact("valid_to", self.valid_to.to_string()))
    }

    /// The problem, saying which voucher it is about.
    pub fn refusal(&self, problem: &'static Problem) -> Error {
        Error::from(problem).fact("voucher", self.code.as_ref())
    }

    /// Whether the shop takes part: it issued the voucher, bears nothing of it, or agreed.
    pub fn has_consent_of(&self, seller: SellerId) -> bool {
        self.issuer.seller() == Some(seller)
            || self.bearers.shop_bps.basis_points() == 0
            || self.participants.contains(&seller)
    }
}
