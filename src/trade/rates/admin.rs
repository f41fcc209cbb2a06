//! The national operator keeps the rules of commission, and reads the rows of tax law.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{CommissionRule, TaxRate, TaxSubject, TaxThreshold, WithholdingRule};
use super::store::{rules, taxes};
use crate::app::App;
use crate::kernel::{CommissionRuleId, Limit, Line, Page, Rate, SellerId};
use crate::people::access::{ManageMoney, Officer, require_national};
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, OrRefuse as _, Problem, Result};
use crate::platform::extract::{INVALID, Json, Path, Query, after};

/// Of one priority, one rule begins on a day: which of two decides must never be chance.
pub const COMMISSION_RULE_TAKEN: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "commission-rule-taken",
    vi: "Đã có quy tắc cùng thứ tự ưu tiên bắt đầu vào ngày này",
    en: "A rule of this priority begins on this day already",
};

/// What held is on record: an end that has come stays.
pub const COMMISSION_RULE_ENDED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "commission-rule-ended",
    vi: "Quy tắc này đã hết hiệu lực",
    en: "This rule has ended",
};

/// How far ahead a rule may begin or end, in months.
const FARTHEST_MONTHS: u32 = 24;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_commission_rules, add_commission_rule))
        .routes(routes!(end_commission_rule))
        .routes(routes!(show_tax_rows))
        .layer(DefaultBodyLimit::max(8 * 1024))
}

/// Where a page of rules begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CommissionRulesPage {
    /// Rules on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// Every rule of commission, past and to come, the latest added first.
#[utoipa::path(get, path = "/commission_rules", tag = "fees", security(("session" = ["money.manage"])),
    params(CommissionRulesPage), responses((status = OK, body = Page<CommissionRule>)))]
async fn list_commission_rules(
    officer: Officer<ManageMoney>,
    Query(page): Query<CommissionRulesPage>,
) -> Result<Json<Page<CommissionRule>>> {
    let binding = b"commission_rules";
    let before = after::<CommissionRuleId>(binding, page.after.as_deref())?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            let rows = rules::page(conn, before, page.limit.fetch()).await?;
            Ok(Json(Page::cut(rows, page.limit, binding, |rule| rule.id)?))
        })
        .await
}

/// A rule to add; what is not said fits everything.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "priority": 500,
    "set_no": 11,
    "province_code": "12",
    "rate_bps": 300,
    "effective_from": "2027-03-01",
    "legal_basis": "Biểu phí của sàn, bản 2"
}))]
struct NewCommissionRule {
    /// The lowest that fits decides.
    #[schema(minimum = 1, maximum = 1000)]
    priority: i16,
    /// Only products of this set.
    #[schema(minimum = 1, maximum = 26)]
    set_no: Option<i16>,
    /// Only this shop.
    seller_id: Option<SellerId>,
    /// Only shops of this province.
    #[schema(min_length = 2, max_length = 2, example = "12")]
    province_code: Option<String>,
    /// Share of the goods' price, less the discounts the shop bears.
    rate_bps: Rate,
    /// The first day in force: today or later, at most two years ahead.
    effective_from: NaiveDate,
    /// Where it is published or agreed.
    #[schema(value_type = String, min_length = 3, max_length = 300)]
    legal_basis: Line<3, 300>,
}

impl NewCommissionRule {
    fn check(&self, today: NaiveDate) -> Result<()> {
        check_day("effective_from", self.effective_from, today)?;
        let refuse = |at: &'static str, most: i16| {
            Err(Error::from(&INVALID).at(at, format!("phải từ 1 đến {most} / must lie between 1 and {most}")))
        };
        match self {
            Self { priority, .. } if !(1..=1000).contains(priority) => refuse("priority", 1000),
            Self { set_no: Some(set), .. } if !(1..=26).contains(set) => refuse("set_no", 26),
            _ => Ok(()),
        }
    }

    fn into_rule(self, id: CommissionRuleId) -> CommissionRule {
        CommissionRule {
            id,
            priority: self.priority,
            set_no: self.set_no,
            seller_id: self.seller_id,
            province_code: self.province_code,
            rate_bps: self.rate_bps,
            effective_from: self.effective_from,
            effective_to: None,
            legal_basis: self.legal_basis.into_inner(),
        }
    }
}

/// Refuses a day that is over, and one that is too far ahead.
fn check_day(at: &'static str, day: NaiveDate, today: NaiveDate) -> Result<()> {
    let latest = today + Months::new(FARTHEST_MONTHS);
    if (today..=latest).contains(&day) {
        return Ok(());
    }
    Err(Error::from(&INVALID).at(at, format!("phải từ {today} đến {latest} / must lie between {today} and {latest}")))
}

/// Add a rule of commission. Orders placed before its first day keep what they were charged.
#[utoipa::path(post, path = "/commission_rules", tag = "fees", security(("session" = ["money.manage"])),
    responses((status = CREATED, body = CommissionRule)))]
async fn add_commission_rule(
    officer: Officer<ManageMoney>,
    Json(new): Json<NewCommissionRule>,
) -> Result<(StatusCode, Json<CommissionRule>)> {
    let (now, today) = (officer.app().clock.now(), officer.app().clock.today());
    new.check(today)?;
    let rule = new.into_rule(CommissionRuleId::new(now));
    officer
        .act_noting(rule.id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            rules::insert(conn, &rule, officer.account, now)
                .await
                .on_constraint("commission_rules_place", &COMMISSION_RULE_TAKEN)
                .on_constraint("commission_rules_seller_fk", &NOT_FOUND)
                .on_constraint("commission_rules_province_fk", &NOT_FOUND)?;
            Ok(((), serde_json::to_value(&rule)?))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(rule)))
}

/// A rule in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct CommissionRulePath {
    rule_id: CommissionRuleId,
}

/// When a rule ends.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "effective_to": "2027-06-01" }))]
struct CommissionRuleEnd {
    /// The first day no longer in force: today or later. The first day of a rule that has not begun takes it back.
    effective_to: NaiveDate,
}

/// End a rule of commission, or take one back that has not begun. What it charged stays.
#[utoipa::path(put, path = "/commission_rules/{rule_id}/end", tag = "fees", security(("session" = ["money.manage"])),
    params(("rule_id" = CommissionRuleId, Path)), responses((status = OK, body = CommissionRule)))]
async fn end_commission_rule(
    officer: Officer<ManageMoney>,
    Path(path): Path<CommissionRulePath>,
    Json(end): Json<CommissionRuleEnd>,
) -> Result<Json<CommissionRule>> {
    let today = officer.app().clock.today();
    check_day("effective_to", end.effective_to, today)?;
    officer
        .act_noting(path.rule_id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            let rule = rules::lock(conn, path.rule_id).await?.or_refuse(&NOT_FOUND)?;
            if rule.effective_to.is_some_and(|ended| ended <= today) {
                return Err(Error::from(&COMMISSION_RULE_ENDED));
            }
            if end.effective_to < rule.effective_from {
                let from = rule.effective_from;
                let why = format!("không được trước {from} / must not lie before {from}");
                return Err(Error::from(&INVALID).at("effective_to", why));
            }
            rules::set_end(conn, rule.id, end.effective_to).await?;
            Ok((Json(CommissionRule { effective_to: Some(end.effective_to), ..rule }), serde_json::to_value(end)?))
        })
        .await
}

/// The rows of tax law, past, present and to come.
#[derive(Debug, Serialize, ToSchema)]
struct TaxRows {
    /// Rates by kind of sale.
    tax_rates: Vec<TaxRate>,
    /// From whom tax is withheld.
    tax_subjects: Vec<TaxSubject>,
    /// By ways of paying.
    withholding: Vec<WithholdingRule>,
    /// The yearly revenue up to which nothing is owed.
    thresholds: Vec<TaxThreshold>,
}

/// Every row of tax law the marketplace applies, with what it rests on. Rows come with a new version of the marketplace.
#[utoipa::path(get, path = "/tax_rows", tag = "fees", security(("session" = ["money.manage"])),
    responses((status = OK, body = TaxRows)))]
async fn show_tax_rows(officer: Officer<ManageMoney>) -> Result<Json<TaxRows>> {
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            Ok(Json(TaxRows {
                tax_rates: taxes::rates(conn, None).await?,
                tax_subjects: taxes::subjects(conn, None).await?,
                withholding: taxes::withholding(conn, None).await?,
                thresholds: taxes::thresholds(conn, None).await?,
            }))
        })
        .await
}
