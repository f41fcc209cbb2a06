//! What holds for all listings of a set, or for all shops, on a day.

use chrono::NaiveDate;
use serde::Serialize;

use super::pieces::{Hash, hash, members};
use crate::front::shelf::facts::{Common, DatedSaleRule};
use crate::market::catalogue::SaleRule;

/// The weight of being newly published.
const FRESH: &str = "fresh";

/// The rules of one day.
#[derive(Debug, Default)]
pub struct Rules {
    /// By the number of the set.
    sets: Vec<Option<Rule>>,
    /// Whether only shops that proved who they are may sell.
    pub authentication_required: bool,
}

/// How goods of a set may be sold.
#[derive(Debug)]
pub struct Rule {
    pub orderable: bool,
    pub minimum_age: Option<i16>,
    json: Vec<u8>,
    hash: Hash,
}

#[derive(Serialize)]
struct OnPage<'a> {
    sale_rule: &'a SaleRule,
}

impl Rule {
    /// What the page of a listing says of it.
    pub fn members(&self) -> &[u8] {
        &self.json
    }

    /// The hash of that.
    pub fn hash(&self) -> &Hash {
        &self.hash
    }
}

impl Rules {
    /// The rules in force on the day.
    pub fn on(common: &Common, today: NaiveDate) -> serde_json::Result<Self> {
        let last = common.sets.iter().map(|(number, ..)| number.get()).max().unwrap_or(0);
        let sets = (0..=last).map(|number| {
            let rule = common.sale_rules.iter().filter(|rule| holds(rule, number, today));
            let rule = rule.max_by_key(|rule| (rule.set_no.is_some(), rule.effective_from));
            rule.map(|dated| ready(&dated.rule)).transpose()
        });
        let mut demanded = common.authentication_required.iter();
        Ok(Self {
            sets: sets.collect::<serde_json::Result<_>>()?,
            authentication_required: demanded.any(|(from, to)| in_force(*from, *to, today)),
        })
    }

    /// Whether these and the others make the same of every listing, whatever they say of themselves.
    pub fn bind_like(&self, others: &Self) -> bool {
        let binding = |rule: &Option<Rule>| rule.as_ref().map(|rule| (rule.orderable, rule.minimum_age));
        self.authentication_required == others.authentication_required
            && self.sets.iter().map(binding).eq(others.sets.iter().map(binding))
    }

    /// The rule of the set. A set without one is not sold, and not shown.
    pub fn of(&self, set: u8) -> Option<&Rule> {
        self.sets.get(usize::from(set))?.as_ref()
    }
}

fn ready(rule: &SaleRule) -> serde_json::Result<Rule> {
    let mut json = Vec::new();
    members(&mut json, &OnPage { sale_rule: rule })?;
    Ok(Rule { orderable: rule.orderable, minimum_age: rule.minimum_age, hash: hash(&json), json })
}

fn holds(rule: &DatedSaleRule, set: i16, today: NaiveDate) -> bool {
    rule.set_no.is_none_or(|number| number.get() == set) && in_force(rule.effective_from, rule.effective_to, today)
}

fn in_force(from: NaiveDate, to: Option<NaiveDate>, today: NaiveDate) -> bool {
    from <= today && to.is_none_or(|to| today < to)
}

/// The next day on which something common to all is different.
pub fn turns_on(common: &Common, today: NaiveDate) -> Option<NaiveDate> {
    let rules = common.sale_rules.iter().map(|rule| (rule.effective_from, rule.effective_to));
    let weights = common.weights.iter().map(|weight| (weight.effective_from, weight.effective_to));
    let demands = common.authentication_required.iter().copied();
    let ends = rules.chain(weights).chain(demands).flat_map(|(from, to)| [Some(from), to]);
    let ends = ends.flatten().filter(|day| *day > today);
    ends.chain(today.succ_opt().filter(|_| fades(common, today))).min()
}

/// Whether listings rank lower from day to day, because what is new ranks higher.
fn fades(common: &Common, today: NaiveDate) -> bool {
    let mut weights =
        common.weights.iter().filter(|weight| in_force(weight.effective_from, weight.effective_to, today));
    weights.any(|weight| weight.name == FRESH && weight.value > 0)
}
