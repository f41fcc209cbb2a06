//! The officers' endpoints of this slice.

use utoipa_axum::router::OpenApiRouter;

use super::{imports, register, revocations};
use crate::app::App;

/// The register, the imports and the revocations.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(register::admin::router())
        .merge(imports::admin::router())
        .merge(revocations::admin::router())
}
