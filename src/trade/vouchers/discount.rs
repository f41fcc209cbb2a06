//! Vouchers on the lines of a checkout: pure.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Issuer, Voucher, VoucherCode};
use crate::kernel::{SellerId, VariantId, Vnd, VoucherId};
use crate::market::certification::SetNo;
use crate::platform::error::{Error, Problem, Result};
use crate::trade::ledger::Bearer;

/// One of the voucher's limits is reached; the fact `limit` says which.
pub const VOUCHER_EXHAUSTED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "voucher-exhausted",
    vi: "Mã giảm giá đã hết lượt hoặc hết ngân sách",
    en: "The voucher has been used as often, or as far, as it goes",
};

/// None of the goods is what the voucher applies to, or nothing is left to take off.
pub const VOUCHER_NOT_APPLICABLE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "voucher-not-applicable",
    vi: "Mã giảm giá không áp dụng cho các sản phẩm này",
    en: "The voucher does not apply to these products",
};

/// The goods it applies to cost less than it asks for: the facts `minimum_vnd` and `goods_vnd`.
pub const VOUCHER_BELOW_MINIMUM: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "voucher-below-minimum",
    vi: "Giá trị hàng chưa đạt mức tối thiểu của mã giảm giá",
    en: "The goods cost less than the voucher asks for",
};

/// Two vouchers of one shop, or two of the marketplace and provinces. The fact `vouchers` names both.
pub const VOUCHERS_TOGETHER: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "vouchers-not-combinable",
    vi: "Các mã giảm giá này không dùng cùng nhau được",
    en: "These vouchers cannot be used together",
};

/// A line to be discounted; one per variant.
#[derive(Debug, Clone)]
pub struct LineFacts {
    /// What.
    pub variant: VariantId,
    /// Whose.
    pub seller: SellerId,
    /// Code of the shop's province.
    pub province: String,
    /// Its product set.
    pub set_no: SetNo,
    /// Price of all, before any discount.
    pub amount: Vnd,
}

/// What a voucher takes off a line, and who bears it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineDiscount {
    /// Which line.
    pub variant_id: VariantId,
    /// Whose goods; buyers know the shop by its address.
    #[serde(skip)]
    pub seller: SellerId,
    /// What the marketplace bears.
    pub by_platform_vnd: Vnd,
    /// What the province bears.
    pub by_province_vnd: Vnd,
    /// What the shop bears.
    pub by_seller_vnd: Vnd,
}

impl LineDiscount {
    /// What is taken off in all. Bounded by the line's amount, so it fits.
    pub fn total(&self) -> Vnd {
        let parts = [self.by_platform_vnd, self.by_province_vnd, self.by_seller_vnd];
        Vnd::checked_sum(parts).unwrap_or(Vnd::ZERO)
    }

    /// What others than the shop bear of it.
    pub fn borne_by_others(&self, issuer: &Issuer) -> Vec<(Bearer, Vnd)> {
        let province = issuer.province().map(|code| (Bearer::Province(code.to_owned()), self.by_province_vnd));
        let all = [(Bearer::Platform, self.by_platform_vnd)].into_iter().chain(province);
        all.filter(|(_, amount)| *amount > Vnd::ZERO).collect()
    }

    /// What of it is the issuer's.
    pub const fn spent_by(&self, issuer: &Issuer) -> Vnd {
        match issuer {
            Issuer::Platform => self.by_platform_vnd,
            Issuer::Province { .. } => self.by_province_vnd,
            Issuer::Shop { .. } => self.by_seller_vnd,
        }
    }
}

/// A voucher on a checkout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Applied {
    /// Which voucher.
    #[serde(skip)]
    pub voucher_id: VoucherId,
    /// Its code.
    pub code: VoucherCode,
    /// What it is called.
    pub title_vi: String,
    /// The same in English.
    pub title_en: Option<String>,
    /// Who promises it.
    pub issuer: Issuer,
    /// The lines it takes something off.
    pub lines: Vec<LineDiscount>,
}

impl Applied {
    /// The voucher with its own of these lines.
    pub fn of(voucher: &Voucher, lines: &[(VoucherId, LineDiscount)]) -> Self {
        let own = lines.iter().filter(|(id, _)| *id == voucher.id).map(|(_, line)| line.clone());
        Self {
            voucher_id: voucher.id,
            code: voucher.code.clone(),
            title_vi: voucher.title_vi.clone(),
            title_en: voucher.title_en.clone(),
            issuer: voucher.issuer.clone(),
            lines: own.collect(),
        }
    }

    /// What the issuer spends.
    pub fn spent(&self) -> Result<Vnd> {
        sum(self.lines.iter().map(|line| line.spent_by(&self.issuer)))
    }

    /// The shops whose goods it takes something off, each once.
    pub fn sellers(&self) -> BTreeSet<SellerId> {
        self.lines.iter().map(|line| line.seller).collect()
    }
}

/// How often vouchers have been used: by the buyer, and with each shop.
#[derive(Debug, Default)]
pub struct Counts {
    /// Checkouts of the buyer.
    pub by_buyer: BTreeMap<VoucherId, i32>,
    /// Checkouts with goods of the shop.
    pub with_shop: BTreeMap<(VoucherId, SellerId), i32>,
}

/// The vouchers on the lines, in the order in which they apply; see the module of the slice for the rules.
pub fn apply(vouchers: Vec<Voucher>, counts: &Counts, lines: &[LineFacts], today: NaiveDate) -> Result<Vec<Applied>> {
    let vouchers = in_order(vouchers);
    require_combinable(&vouchers)?;
    let mut left: Vec<Vnd> = lines.iter().map(|line| line.amount).collect();
    vouchers.iter().map(|voucher| apply_one(voucher, counts, lines, &mut left, today)).collect()
}

/// The shops' vouchers first, then the other.
pub fn in_order(mut vouchers: Vec<Voucher>) -> Vec<Voucher> {
    vouchers.sort_by_key(|voucher| (voucher.issuer.seller().is_none(), voucher.id));
    vouchers
}

/// Of each shop one, of everybody else together one.
fn require_combinable(vouchers: &[Voucher]) -> Result<()> {
    let mut seen: BTreeMap<Option<SellerId>, &Voucher> = BTreeMap::new();
    for voucher in vouchers {
        if let Some(other) = seen.insert(voucher.issuer.seller(), voucher) {
            let both = vec![other.code.as_ref(), voucher.code.as_ref()];
            return Err(Error::from(&VOUCHERS_TOGETHER).fact("vouchers", both));
        }
    }
    Ok(())
}

/// Takes the voucher's discount off what is `left` of the lines it applies to.
fn apply_one(
    voucher: &Voucher,
    counts: &Counts,
    lines: &[LineFacts],
    left: &mut [Vnd],
    today: NaiveDate,
) -> Result<Applied> {
    voucher.require_running(today)?;
    let of_it: Vec<usize> = (0..lines.len()).filter(|&at| applies(voucher, &lines[at])).collect();
    let open: Vec<usize> =
        of_it.iter().copied().filter(|&at| shop_has_uses(voucher, counts, lines[at].seller)).collect();
    if open.is_empty() && !of_it.is_empty() {
        return Err(exhausted(voucher, "per_shop"));
    }
    let goods = sum(open.iter().map(|&at| lines[at].amount))?;
    if goods < voucher.minimum_vnd && !open.is_empty() {
        let error = voucher.refusal(&VOUCHER_BELOW_MINIMUM).fact("minimum_vnd", voucher.minimum_vnd.get());
        return Err(error.fact("goods_vnd", goods.get()));
    }
    let discount = voucher.discount.of(sum(open.iter().map(|&at| left[at]))?);
    if discount <= Vnd::ZERO {
        return Err(voucher.refusal(&VOUCHER_NOT_APPLICABLE));
    }
    // No price is negative, and a share of a sum's parts never exceeds its part.
    let weights: Vec<u64> = open.iter().map(|&at| left[at].get().unsigned_abs()).collect();
    let mut taken = Vec::new();
    for (&at, part) in open.iter().zip(discount.split(&weights)) {
        left[at] = left[at].checked_sub(part).ok_or_else(|| Error::fault("a discount does not fit"))?;
        if part > Vnd::ZERO {
            taken.push((voucher.id, borne(voucher, &lines[at], part)));
        }
    }
    taken.sort_by_key(|(_, line)| line.variant_id);
    let applied = Applied::of(voucher, &taken);
    require_within(voucher, counts, &applied)?;
    Ok(applied)
}

fn borne(voucher: &Voucher, line: &LineFacts, part: Vnd) -> LineDiscount {
    let [by_platform_vnd, by_province_vnd, by_seller_vnd] = voucher.bearers.split(part);
    LineDiscount { variant_id: line.variant, seller: line.seller, by_platform_vnd, by_province_vnd, by_seller_vnd }
}

/// Whether the voucher is meant for such goods, and their shop takes part.
fn applies(voucher: &Voucher, line: &LineFacts) -> bool {
    let issued_for = match &voucher.issuer {
        Issuer::Platform => true,
        Issuer::Province { code } => *code == line.province,
        Issuer::Shop { seller_id } => *seller_id == line.seller,
    };
    let scope = &voucher.scope;
    issued_for
        && (scope.sellers.is_empty() || scope.sellers.contains(&line.seller))
        && (scope.sets.is_empty() || scope.sets.contains(&line.set_no))
        && (scope.provinces.is_empty() || scope.provinces.contains(&line.province))
        && voucher.has_consent_of(line.seller)
}

fn shop_has_uses(voucher: &Voucher, counts: &Counts, seller: SellerId) -> bool {
    let used = counts.with_shop.get(&(voucher.id, seller)).copied().unwrap_or(0);
    voucher.limits.per_shop.is_none_or(|most| used < most)
}

/// Refuses with [`VOUCHER_EXHAUSTED`] a use that passes a limit.
pub fn require_within(voucher: &Voucher, counts: &Counts, applied: &Applied) -> Result<()> {
    let limits = &voucher.limits;
    let by_buyer = counts.by_buyer.get(&voucher.id).copied().unwrap_or(0);
    let spent = sum([voucher.spent_vnd, applied.spent()?])?;
    let passed = [
        ("total", limits.total.is_some_and(|most| voucher.uses >= most)),
        ("per_buyer", limits.per_buyer.is_some_and(|most| by_buyer >= most)),
        ("per_shop", !applied.sellers().into_iter().all(|seller| shop_has_uses(voucher, counts, seller))),
        ("budget", limits.budget_vnd.is_some_and(|budget| spent > budget.vnd())),
    ];
    match passed.into_iter().find(|(_, passed)| *passed) {
        None => Ok(()),
        Some((limit, _)) => Err(exhausted(voucher, limit)),
    }
}

fn exhausted(voucher: &Voucher, limit: &str) -> Error {
    voucher.refusal(&VOUCHER_EXHAUSTED).fact("limit", limit)
}

/// The sum. One that does not fit is a fault: prices and quantities are bounded far below.
fn sum(amounts: impl IntoIterator<Item = Vnd>) -> Result<Vnd> {
    Vnd::checked_sum(amounts).ok_or_else(|| Error::fault("a sum does not fit"))
}
