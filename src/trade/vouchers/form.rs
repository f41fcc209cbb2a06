//! What whoever makes a voucher fills in.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{Bearers, Discount, Issuer, Limits, Promise, Scope, VoucherCode};
use crate::kernel::{Line, Price, SellerId};
use crate::market::certification::SetNo;
use crate::platform::error::{Error, Result};
use crate::platform::extract::INVALID;

/// The most shops, sets or provinces a voucher names.
const MOST_NAMED: usize = 100;

/// What a voucher promises, whoever issues it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "CHE-TET-2027",
    "title_vi": "Giảm 10 % chè cho mùa Tết",
    "title_en": "10 % off tea for Tết",
    "discount": { "kind": "percent", "rate_bps": 1000, "cap_vnd": 50000 },
    "minimum_vnd": 200_000,
    "sets": [10, 11],
    "valid_from": "2026-12-01",
    "valid_to": "2027-02-04",
    "limits": { "total": 500, "per_buyer": 1 }
}))]
pub struct VoucherForm {
    /// What buyers type; compared without case, tones and signs.
    code: VoucherCode,
    /// What it is called.
    #[schema(value_type = String, min_length = 3, max_length = 120)]
    title_vi: Line<3, 120>,
    /// The same in English.
    #[schema(value_type = Option<String>, min_length = 3, max_length = 120)]
    title_en: Option<Line<3, 120>>,
    /// How much is taken off.
    discount: Discount,
    /// What the goods it applies to must cost at least, before any discount.
    minimum_vnd: Option<Price>,
    /// Only goods of these product sets.
    #[serde(default)]
    #[schema(max_items = 26)]
    sets: Vec<SetNo>,
    /// First day; not in the past.
    valid_from: NaiveDate,
    /// Last day.
    valid_to: NaiveDate,
    /// How often and how far it goes.
    #[serde(default)]
    limits: Limits,
}

impl VoucherForm {
    /// The promise of this issuer, or a refusal that names what is wrong; `at` is where the form stands in the request.
    pub fn promise(self, at: &str, today: NaiveDate, terms: Terms) -> Result<Promise> {
        self.check(at, today)?;
        let sets: BTreeSet<SetNo> = self.sets.into_iter().collect();
        let Terms { issuer, bearers, sellers, provinces } = terms;
        Ok(Promise {
            code: self.code,
            title_vi: self.title_vi.into_inner(),
            title_en: self.title_en.map(Line::into_inner),
            issuer,
            bearers,
            discount: self.discount,
            minimum_vnd: self.minimum_vnd.map_or_else(Default::default, Price::vnd),
            scope: Scope { sellers, sets: sets.into_iter().collect(), provinces },
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            limits: self.limits,
        })
    }

    /// Refuses discounts of nothing, limits of nothing and days nobody can mean.
    fn check(&self, at: &str, today: NaiveDate) -> Result<()> {
        const POSITIVE: &str = "phải lớn hơn 0 / must be more than nothing";
        let is_nothing = |price: Price| price.vnd().get() == 0;
        let (rate, amount) = match self.discount {
            Discount::Percent { rate_bps, cap_vnd } => (Some(rate_bps.basis_points()), ("cap_vnd", cap_vnd)),
            Discount::Amount { amount_vnd } => (None, ("amount_vnd", amount_vnd)),
        };
        let limits = self.limits;
        let not_positive = |limit: Option<i32>| limit.is_some_and(|most| most < 1);
        let wrong = [
            (rate == Some(0), "discount.rate_bps".to_owned(), POSITIVE),
            (is_nothing(amount.1), format!("discount.{}", amount.0), POSITIVE),
            (not_positive(limits.total), "limits.total".to_owned(), POSITIVE),
            (not_positive(limits.per_buyer), "limits.per_buyer".to_owned(), POSITIVE),
            (not_positive(limits.per_shop), "limits.per_shop".to_owned(), POSITIVE),
            (limits.budget_vnd.is_some_and(is_nothing), "limits.budget_vnd".to_owned(), POSITIVE),
            (self.sets.len() > 26, "sets".to_owned(), "không quá 26 / must be at most 26"),
            (self.valid_from < today, "valid_from".to_owned(), "không được ở quá khứ / must not lie in the past"),
            (
                self.valid_to < self.valid_from,
                "valid_to".to_owned(),
                "không được trước valid_from / must not lie before valid_from",
            ),
        ];
        let wrong = wrong.into_iter().filter(|(wrong, ..)| *wrong);
        let mut error = None;
        for (_, field, why) in wrong {
            let before = error.unwrap_or_else(|| Error::from(&INVALID));
            error = Some(before.at(format!("{at}{field}"), why));
        }
        error.map_or(Ok(()), Err)
    }
}

/// Who promises, who bears, and whose goods.
pub struct Terms {
    /// Who promises.
    pub issuer: Issuer,
    /// Who bears.
    pub bearers: Bearers,
    /// Only these shops' goods.
    pub sellers: Vec<SellerId>,
    /// Only goods of these provinces.
    pub provinces: Vec<String>,
}

impl Terms {
    /// A shop's own voucher: it bears all of it, for its own goods.
    pub fn of_shop(seller_id: SellerId) -> Result<Self> {
        let bearers =
            Bearers { platform_bps: 0.try_into()?, province_bps: 0.try_into()?, shop_bps: 10_000.try_into()? };
        let issuer = Issuer::Shop { seller_id };
        Ok(Self { issuer, bearers, sellers: Vec::new(), provinces: Vec::new() })
    }

    /// Refuses shares that do not make a whole or are not the issuer's to promise, and too many names.
    pub fn check(&self) -> Result<()> {
        let [platform, province, seller] = self.bearers.in_basis_points();
        if platform + province + seller != 10_000 {
            return Err(Error::from(&INVALID).at("bearers", "phải có tổng bằng 10000 / must sum to 10000"));
        }
        let (own, others) = match self.issuer {
            Issuer::Platform => ((platform, "bearers.platform_bps"), province == 0),
            Issuer::Province { .. } => ((province, "bearers.province_bps"), true),
            Issuer::Shop { .. } => ((seller, "bearers.shop_bps"), true),
        };
        if own.0 == 0 {
            return Err(
                Error::from(&INVALID).at(own.1, "bên phát hành phải chịu một phần / the issuer must bear a part")
            );
        }
        if !others {
            let why = "chỉ dành cho chương trình của tỉnh / is only for a province's programme";
            return Err(Error::from(&INVALID).at("bearers.province_bps", why));
        }
        for (field, named) in [("sellers", self.sellers.len()), ("provinces", self.provinces.len())] {
            if named > MOST_NAMED {
                return Err(Error::from(&INVALID).at(field, "không quá 100 / must be at most 100"));
            }
        }
        Ok(())
    }
}
