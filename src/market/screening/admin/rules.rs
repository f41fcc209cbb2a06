//! The rules.

use std::mem::discriminant;

use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{LegalBasis, RulePath, Words};
use crate::app::{App, Public};
use crate::kernel::{Line, ScreeningRuleId};
use crate::market::screening::model::{ROW_ENDED, ROW_EXISTS, Rule, Severity, Test};
use crate::market::screening::store;
use crate::people::access::{ManageScreening, Officer, require_national};
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, OrRefuse as _, Result};
use crate::platform::extract::{INVALID, Json, Path};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_screening_rules, add_screening_rule))
        .routes(routes!(change_screening_rule, end_screening_rule))
}

/// The rules in force today.
#[utoipa::path(get, path = "/screening_rules", tag = "screening", security(("session" = ["screening.manage"])),
    responses((status = OK, body = Vec<Rule>)))]
async fn list_screening_rules(_officer: Officer<ManageScreening>, public: Public) -> Result<Json<Vec<Rule>>> {
    let today = public.app().clock.today();
    public.see(async |conn| Ok(Json(store::rules::in_force(conn, today).await?))).await
}

/// What a rule says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ScreeningRuleBody, example = json!({
    "test": { "kind": "price_outlier", "times": 4, "least_listings": 8 },
    "severity": "notice",
    "why_vi": "Giá lệch xa giá thường gặp của bộ sản phẩm",
    "why_en": "The price is far from what goods of the set usually cost",
    "legal_basis": "Quy chế sàn"
}))]
struct RuleBody {
    /// What it looks for.
    test: Test,
    /// How much it matters.
    severity: Severity,
    /// Why it is a finding.
    #[schema(value_type = String, min_length = 3, max_length = 500)]
    why_vi: Words,
    /// Why it is a finding.
    #[schema(value_type = String, min_length = 3, max_length = 500)]
    why_en: Words,
    /// Where that is written.
    #[schema(value_type = String, min_length = 3, max_length = 300)]
    legal_basis: LegalBasis,
}

impl RuleBody {
    fn into_rule(self, id: ScreeningRuleId, code: String, today: NaiveDate) -> Rule {
        Rule {
            id,
            code,
            test: self.test,
            severity: self.severity,
            why_vi: self.why_vi.into_inner(),
            why_en: self.why_en.into_inner(),
            legal_basis: self.legal_basis.into_inner(),
            effective_from: today,
            effective_to: None,
        }
    }
}

/// A rule to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "livestream_words",
    "rule": {
        "test": { "kind": "words" },
        "severity": "notice",
        "why_vi": "Từ ngữ của phiên bán hàng trực tiếp",
        "why_en": "Words of a livestream sale",
        "legal_basis": "Quy chế sàn"
    }
}))]
struct NewScreeningRule {
    /// Its name: lower-case letters and `_`.
    #[schema(value_type = String, min_length = 2, max_length = 60, pattern = "^[a-z][a-z_]{1,59}$")]
    code: Line<2, 60>,
    /// What it says.
    rule: RuleBody,
}

/// Add a rule to the screening of the whole country, from today on.
#[utoipa::path(post, path = "/screening_rules", tag = "screening", security(("session" = ["screening.manage"])),
    responses((status = CREATED, body = Rule)))]
async fn add_screening_rule(
    officer: Officer<ManageScreening>,
    Json(new): Json<NewScreeningRule>,
) -> Result<(StatusCode, Json<Rule>)> {
    let clock = &officer.app().clock;
    new.rule.test.check()?;
    if !new.code.starts_with(|c: char| c.is_ascii_lowercase())
        || !new.code.chars().all(|c| c.is_ascii_lowercase() || c == '_')
    {
        return Err(Error::from(&INVALID)
            .at("code", "chỉ gồm chữ thường không dấu và `_` / must be lower-case letters and `_`"));
    }
    let id = ScreeningRuleId::new(clock.now());
    let rule = new.rule.into_rule(id, new.code.into_inner(), clock.today());
    officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            store::rules::insert(conn, &rule).await.on_constraint("screening_rules_in_force", &ROW_EXISTS)?;
            Ok(())
        })
        .await?;
    Ok((StatusCode::CREATED, Json(rule)))
}

/// Change a rule from today on: this version ends, the next one begins. Its word list stays.
#[utoipa::path(put, path = "/screening_rules/{rule_id}", tag = "screening",
    security(("session" = ["screening.manage"])), params(("rule_id" = ScreeningRuleId, Path)),
    responses((status = OK, body = Rule)))]
async fn change_screening_rule(
    officer: Officer<ManageScreening>,
    Path(path): Path<RulePath>,
    Json(body): Json<RuleBody>,
) -> Result<Json<Rule>> {
    let clock = &officer.app().clock;
    body.test.check()?;
    let next = body.into_rule(ScreeningRuleId::new(clock.now()), String::new(), clock.today());
    let changed = officer
        .act(path.rule_id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            let present = store::rules::lock(conn, path.rule_id).await?.or_refuse(&NOT_FOUND)?;
            if present.effective_to.is_some() {
                return Err(Error::from(&ROW_ENDED));
            }
            if discriminant(&present.test) != discriminant(&next.test) {
                return Err(Error::from(&INVALID).at(
                    "test.kind",
                    "phải giữ nguyên: cách kiểm tra khác là quy tắc khác / must stay: another test is another rule",
                ));
            }
            store::rules::end(conn, present.id, next.effective_from).await?;
            let next = Rule { code: present.code, ..next.clone() };
            store::rules::insert(conn, &next).await?;
            Ok(next)
        })
        .await?;
    Ok(Json(changed))
}

/// End a rule today. Ended once is ended.
#[utoipa::path(delete, path = "/screening_rules/{rule_id}", tag = "screening",
    security(("session" = ["screening.manage"])), params(("rule_id" = ScreeningRuleId, Path)),
    responses((status = NO_CONTENT)))]
async fn end_screening_rule(officer: Officer<ManageScreening>, Path(path): Path<RulePath>) -> Result<StatusCode> {
    let today = officer.app().clock.today();
    officer
        .act(path.rule_id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            let present = store::rules::lock(conn, path.rule_id).await?.or_refuse(&NOT_FOUND)?;
            store::rules::end(conn, present.id, today).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
