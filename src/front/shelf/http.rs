//! The public's endpoints over the catalogue.

mod checks;
mod listing;
mod listings;
mod provinces;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(listings::list_listings))
        .routes(routes!(listing::show_listing))
        .routes(routes!(checks::check_certificates))
        .routes(routes!(provinces::list_provinces))
        .routes(routes!(provinces::show_province))
}
