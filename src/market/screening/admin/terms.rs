//! The word lists.

use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{LegalBasis, TermPath, Words};
use crate::app::{App, Public};
use crate::kernel::{Limit, Line, Page, ScreeningRuleId};
use crate::market::certification::Stars;
use crate::market::screening::model::{ROW_ENDED, ROW_EXISTS, Term, Test};
use crate::market::screening::reading::Pattern;
use crate::market::screening::store;
use crate::market::sellers::PaperKind;
use crate::people::access::{ManageScreening, Officer, require_national};
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, OrRefuse as _, Result};
use crate::platform::extract::{INVALID, Json, Path, Query, after};

/// Exceptions of a phrase, and papers that back it, at most.
const MOST_NAMED: usize = 20;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_screening_terms, add_screening_term))
        .routes(routes!(change_screening_term, end_screening_term))
}

/// Which phrases.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TermsQuery {
    /// Only the list of this rule.
    #[param(value_type = Option<String>, max_length = 60, example = "organic_claim")]
    rule: Option<Line<1, 60>>,
    /// Phrases on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// The phrases in force today, those added last first.
#[utoipa::path(get, path = "/screening_terms", tag = "screening", security(("session" = ["screening.manage"])),
    params(TermsQuery), responses((status = OK, body = Page<Term>)))]
async fn list_screening_terms(
    _officer: Officer<ManageScreening>,
    public: Public,
    Query(query): Query<TermsQuery>,
) -> Result<Json<Page<Term>>> {
    let today = public.app().clock.today();
    let rule = query.rule.as_deref();
    let binding = format!("screening_terms {rule:?}");
    let before = after::<ScreeningRuleId>(binding.as_bytes(), query.after.as_deref())?;
    public
        .see(async |conn| {
            let terms = store::terms::page(conn, rule, today, before, query.limit.fetch()).await?;
            Ok(Json(Page::cut(terms, query.limit, binding.as_bytes(), |term| term.id)?))
        })
        .await
}

/// How a phrase is looked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ScreeningTermBody, example = json!({
    "accents_matter": false,
    "backed_by": ["gi_right"],
    "note_vi": "Chỉ dẫn địa lý đã được bảo hộ, xem giấy chứng nhận đăng ký",
    "note_en": "A protected geographical indication; see the certificate of registration",
    "legal_basis": "Luật Sở hữu trí tuệ"
}))]
struct TermBody {
    /// Whether it is found only with exactly these accents.
    accents_matter: bool,
    /// Longer phrases that hold it without its meaning.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 20)]
    exceptions: Vec<Line<1, 200>>,
    /// Kinds of papers of which one backs it; nothing does if there is none.
    #[serde(default)]
    #[schema(max_items = 20)]
    backed_by: Vec<PaperKind>,
    /// The stars it claims: in the list of a star rule, and only there.
    stars: Option<Stars>,
    /// What an officer should know.
    #[schema(value_type = Option<String>, min_length = 3, max_length = 500)]
    note_vi: Option<Words>,
    /// The same in English.
    #[schema(value_type = Option<String>, min_length = 3, max_length = 500)]
    note_en: Option<Words>,
    /// Where that is written.
    #[schema(value_type = String, min_length = 3, max_length = 300)]
    legal_basis: LegalBasis,
}

/// A phrase to look for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "rule_code": "protected_name",
    "phrase": "chè Shan tuyết Mộc Châu",
    "term": {
        "accents_matter": false,
        "backed_by": ["gi_right"],
        "note_vi": "Chỉ dẫn địa lý “Mộc Châu” cho chè Shan tuyết (Sơn La)",
        "note_en": "Geographical indication “Mộc Châu” for Shan tuyết tea (Sơn La)",
        "legal_basis": "Luật Sở hữu trí tuệ"
    }
}))]
struct NewScreeningTerm {
    /// For which rule's list.
    #[schema(value_type = String, min_length = 2, max_length = 60)]
    rule_code: Line<2, 60>,
    /// The phrase; a drawn star reads as "sao".
    #[schema(value_type = String, max_length = 100)]
    phrase: Line<1, 100>,
    /// How it is looked for.
    term: TermBody,
}

impl TermBody {
    /// Refuses too many names, and a note in one language only.
    fn check(&self, at: &str) -> Result<()> {
        let wrong = |field: &str, must: &str| Err(Error::from(&INVALID).at(format!("{at}{field}"), must));
        if self.exceptions.len() > MOST_NAMED {
            return wrong("exceptions", "không quá 20 / must be at most 20");
        }
        if self.backed_by.len() > MOST_NAMED {
            return wrong("backed_by", "không quá 20 / must be at most 20");
        }
        if self.note_vi.is_some() != self.note_en.is_some() {
            return wrong("note_en", "phải đi cùng `note_vi` / must be given with `note_vi`, and only with it");
        }
        Ok(())
    }

    fn into_term(self, id: ScreeningRuleId, rule_code: String, phrase: String, today: NaiveDate) -> Term {
        Term {
            id,
            rule_code,
            phrase,
            accents_matter: self.accents_matter,
            exceptions: self.exceptions.into_iter().map(Line::into_inner).collect(),
            backed_by: self.backed_by,
            stars: self.stars,
            note_vi: self.note_vi.map(Words::into_inner),
            note_en: self.note_en.map(Words::into_inner),
            legal_basis: self.legal_basis.into_inner(),
            effective_from: today,
            effective_to: None,
        }
    }
}

/// Refuses a phrase for a rule that has no list, and stars anywhere but with a star rule.
async fn require_listed(conn: &mut PgConnection, term: &Term) -> Result<()> {
    let rules = store::rules::in_force(conn, term.effective_from).await?;
    let rule = rules.iter().find(|rule| rule.code == term.rule_code && rule.test.has_terms());
    let Some(rule) = rule else {
        return Err(Error::from(&INVALID).at("rule_code", "phải là mã của quy tắc đang có hiệu lực và có danh mục từ / must be the code of a rule in force that has a word list"));
    };
    if matches!(rule.test, Test::StarClaim {}) == term.stars.is_some() {
        Ok(())
    } else {
        Err(Error::from(&INVALID).at(
            "stars",
            "chỉ dành cho quy tắc về sao, và bắt buộc ở đó / must be given for a star rule, and for no other",
        ))
    }
}

/// Add a phrase to a list, from today on.
#[utoipa::path(post, path = "/screening_terms", tag = "screening", security(("session" = ["screening.manage"])),
    responses((status = CREATED, body = Term)))]
async fn add_screening_term(
    officer: Officer<ManageScreening>,
    Json(new): Json<NewScreeningTerm>,
) -> Result<(StatusCode, Json<Term>)> {
    let clock = &officer.app().clock;
    new.term.check("term.")?;
    if Pattern::of(&new.phrase, true).is_empty() {
        return Err(Error::from(&INVALID).at("phrase", "phải có chữ hoặc số / must hold a letter or a digit"));
    }
    let (id, rule_code, phrase) =
        (ScreeningRuleId::new(clock.now()), new.rule_code.into_inner(), new.phrase.into_inner());
    let term = new.term.into_term(id, rule_code, phrase, clock.today());
    officer
        .act(term.id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            require_listed(conn, &term).await?;
            store::terms::insert(conn, &term).await.on_constraint("screening_terms_in_force", &ROW_EXISTS)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(term)))
}

/// Change how a phrase is looked for, from today on: this version ends, the next one begins. Another phrase is another
/// row.
#[utoipa::path(put, path = "/screening_terms/{term_id}", tag = "screening",
    security(("session" = ["screening.manage"])), params(("term_id" = ScreeningRuleId, Path)),
    responses((status = OK, body = Term)))]
async fn change_screening_term(
    officer: Officer<ManageScreening>,
    Path(path): Path<TermPath>,
    Json(body): Json<TermBody>,
) -> Result<Json<Term>> {
    let clock = &officer.app().clock;
    body.check("")?;
    let next = body.into_term(ScreeningRuleId::new(clock.now()), String::new(), String::new(), clock.today());
    let changed = officer
        .act(path.term_id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            let present = store::terms::lock(conn, path.term_id).await?.or_refuse(&NOT_FOUND)?;
            if present.effective_to.is_some() {
                return Err(Error::from(&ROW_ENDED));
            }
            let next = Term { rule_code: present.rule_code, phrase: present.phrase, ..next.clone() };
            require_listed(conn, &next).await?;
            store::terms::end(conn, present.id, next.effective_from).await?;
            store::terms::insert(conn, &next).await?;
            Ok(next)
        })
        .await?;
    Ok(Json(changed))
}

/// End a phrase today. Ended once is ended.
#[utoipa::path(delete, path = "/screening_terms/{term_id}", tag = "screening",
    security(("session" = ["screening.manage"])), params(("term_id" = ScreeningRuleId, Path)),
    responses((status = NO_CONTENT)))]
async fn end_screening_term(officer: Officer<ManageScreening>, Path(path): Path<TermPath>) -> Result<StatusCode> {
    let today = officer.app().clock.today();
    officer
        .act(path.term_id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            let present = store::terms::lock(conn, path.term_id).await?.or_refuse(&NOT_FOUND)?;
            store::terms::end(conn, present.id, today).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
