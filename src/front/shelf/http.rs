//! The public's endpoints over the catalogue, answered from memory.
//!
//! They stand outside of the layers every other endpoint has around it: compression, revalidation and language are
//! settled by `answer`, which knows the pieces an answer is made of; the frame is [`thin`].
//!
//! [`thin`]: crate::platform::http::thin

mod answer;
mod checks;
mod listing;
mod listings;
mod packing;
mod provinces;
mod sellers;
mod suggestions;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::packing::Packing;
use super::feed::Shelf;
use crate::app::App;

/// What the endpoints share.
#[derive(Clone)]
pub struct ShelfState {
    shelf: Shelf,
    packing: Arc<Packing>,
}

impl ShelfState {
    /// Over this shelf.
    pub fn new(shelf: Shelf) -> Self {
        Self { shelf, packing: Arc::default() }
    }
}

/// The endpoints answered from memory, under their whole paths: a nested router writes every request's path anew.
pub fn catalogue_router() -> OpenApiRouter<ShelfState> {
    OpenApiRouter::new()
        .routes(routes!(listings::list_listings))
        .routes(routes!(listing::show_listing))
        .routes(routes!(suggestions::suggest_words))
        .routes(routes!(provinces::list_provinces))
        .routes(routes!(provinces::show_province))
        .routes(routes!(sellers::list_sellers))
        .routes(routes!(sellers::show_seller))
}

/// The endpoints that ask the database.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(checks::check_certificates))
}
