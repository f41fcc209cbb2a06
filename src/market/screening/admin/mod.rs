//! Operators edit rules and word lists; heads say what their province leaves to the screening; officers say whom they
//! trust.

mod rules;
mod terms;
mod trust;

use axum::extract::DefaultBodyLimit;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::kernel::{Line, ScreeningRuleId, Text};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(rules::router())
        .merge(terms::router())
        .merge(trust::router())
        .layer(DefaultBodyLimit::max(32 * 1024))
}

/// A rule in the path.
#[derive(Debug, Deserialize)]
struct RulePath {
    rule_id: ScreeningRuleId,
}

/// A phrase in the path.
#[derive(Debug, Deserialize)]
struct TermPath {
    term_id: ScreeningRuleId,
}

/// Where something is written.
type LegalBasis = Line<3, 300>;
/// Words to whoever reads a finding.
type Words = Text<3, 500>;
