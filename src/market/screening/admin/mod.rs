//! Operators edit rules and word lists; heads say what their province leaves to the screening; officers say whom they
//! trust.

mod rules;
mod terms;
mod trust;

use axum::extract::DefaultBodyLimit;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::kernel::{Line, ScreeningRuleId, Text};
use crate::people::access::{NOT_YOUR_FUNCTION, Provinces};
use crate::places;
use crate::platform::error::Result;

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

/// Rules hold in the whole country: only who has the function in every province edits them.
async fn require_national(conn: &mut PgConnection, provinces: &Provinces) -> Result<()> {
    let all = places::list_provinces(conn).await?;
    if all.iter().all(|province| provinces.contains(&province.code)) {
        Ok(())
    } else {
        Err(NOT_YOUR_FUNCTION.because("the rules are national"))
    }
}
