//! A shop's listings.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::content::Content;
use super::model::{ListingRow, ListingStatus};
use super::store::listings;
use super::variants::NewVariant;
use super::view::{ListingView, view};
use super::{editing, screened, submission};
use crate::app::App;
use crate::kernel::{Limit, ListingId, Page, Price, SellerId, VariantId};
use crate::market::screening::Screening;
use crate::market::sellers;
use crate::people::access::{EditListings, ReadShop, Shop};
use crate::platform::db::Scoped;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, Path, Query, after};
use crate::platform::versions::{IfMatch, Versioned};

/// The endpoints of this slice. A story in two languages, every letter escaped, is the largest honest body.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_shop_listings, create_listing))
        .routes(routes!(show_shop_listing))
        .routes(routes!(save_listing_content))
        .routes(routes!(read_listing_findings))
        .routes(routes!(submit_listing, withdraw_listing_submission))
        .routes(routes!(replace_variants))
        .routes(routes!(set_variant_price))
        .routes(routes!(pause_listing, resume_listing))
        .routes(routes!(archive_listing))
        .layer(DefaultBodyLimit::max(256 * 1024))
}

/// A listing in the path.
#[derive(Debug, Deserialize)]
struct ListingPath {
    listing_id: ListingId,
}

/// A variant in the path.
#[derive(Debug, Deserialize)]
struct VariantPath {
    listing_id: ListingId,
    variant_id: VariantId,
}

/// Does `work` on the listing and shows what became of it.
async fn change<F>(
    shop: &Shop<F>,
    id: ListingId,
    work: impl AsyncFnOnce(&mut Scoped<'_, SellerId>) -> Result<()> + Clone,
) -> Result<Versioned<ListingView>> {
    let today = shop.app().clock.today();
    shop.act(async |scope| {
        work(scope).await?;
        let (conn, seller) = scope.split();
        let body = view(conn, *seller, id, today).await?;
        Ok(Versioned { version: body.version, body })
    })
    .await
}

/// Which of the shop's listings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ShopListings {
    /// Only those of this status.
    status: Option<ListingStatus>,
    /// Listings on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// The shop's listings, the newest first.
#[utoipa::path(get, path = "/shops/{shop_id}/listings", tag = "catalogue", security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path), ShopListings), responses((status = OK, body = Page<ListingRow>)))]
async fn list_shop_listings(shop: Shop<ReadShop>, Query(list): Query<ShopListings>) -> Result<Json<Page<ListingRow>>> {
    let binding = format!("shop_listings {} {:?}", shop.seller, list.status);
    let before = after::<ListingId>(binding.as_bytes(), list.after.as_deref())?;
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let rows = listings::page(conn, *seller, list.status, before, list.limit.fetch()).await?;
        Ok(Json(Page::cut(rows, list.limit, binding.as_bytes(), |row| row.id)?))
    })
    .await
}

/// Begin a listing. Nobody sees it until an officer has approved it.
#[utoipa::path(post, path = "/shops/{shop_id}/listings", tag = "catalogue", security(("session" = ["shop.listings"])),
    params(("shop_id" = SellerId, Path)),
    responses((status = CREATED, body = ListingView, headers(("etag" = String, description = "Its version")))))]
async fn create_listing(
    shop: Shop<EditListings>,
    Json(content): Json<Content>,
) -> Result<(StatusCode, Versioned<ListingView>)> {
    let clock = &shop.app().clock;
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let id = editing::create(conn, *seller, &content, clock.now()).await?;
        let body = view(conn, *seller, id, clock.today()).await?;
        Ok((StatusCode::CREATED, Versioned { version: body.version, body }))
    })
    .await
}

/// A listing with what is published, what is under way, what is missing, and its packs.
#[utoipa::path(get, path = "/shops/{shop_id}/listings/{listing_id}", tag = "catalogue",
    security(("session" = ["shop.read"])), params(("shop_id" = SellerId, Path), ("listing_id" = ListingId, Path)),
    responses((status = OK, body = ListingView, headers(("etag" = String, description = "Its version")))))]
async fn show_shop_listing(shop: Shop<ReadShop>, Path(path): Path<ListingPath>) -> Result<Versioned<ListingView>> {
    let today = shop.app().clock.today();
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let body = view(conn, *seller, path.listing_id, today).await?;
        Ok(Versioned { version: body.version, body })
    })
    .await
}

/// Write the content: the whole of it, replacing what the revision under way said, or beginning a revision.
///
/// A published version stays until an officer has approved the new one. What is under review cannot be edited.
#[utoipa::path(put, path = "/shops/{shop_id}/listings/{listing_id}/content", tag = "catalogue",
    security(("session" = ["shop.listings"])),
    params(("shop_id" = SellerId, Path), ("listing_id" = ListingId, Path),
        ("if-match" = String, Header, description = "The `ETag` of the version that was edited")),
    responses((status = OK, body = ListingView, headers(("etag" = String, description = "Its version")))))]
async fn save_listing_content(
    shop: Shop<EditListings>,
    Path(path): Path<ListingPath>,
    edited: IfMatch,
    Json(content): Json<Content>,
) -> Result<Versioned<ListingView>> {
    let (id, now) = (path.listing_id, shop.app().clock.now());
    change(&shop, id, async |scope| {
        let (conn, seller) = scope.split();
        editing::save_content(conn, *seller, id, &edited, &content, now).await
    })
    .await
}

/// What the automatic screening finds in the latest content and the packs, as everything stands now: to be mended before
/// it is handed in. A finding never decides.
#[utoipa::path(get, path = "/shops/{shop_id}/listings/{listing_id}/findings", tag = "catalogue",
    security(("session" = ["shop.read"])), params(("shop_id" = SellerId, Path), ("listing_id" = ListingId, Path)),
    responses((status = OK, body = Screening)))]
async fn read_listing_findings(shop: Shop<ReadShop>, Path(path): Path<ListingPath>) -> Result<Json<Screening>> {
    let now = shop.app().clock.now();
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let listing = listings::find(conn, *seller, path.listing_id).await?.or_refuse(&NOT_FOUND)?;
        let latest = editing::latest_of(conn, listing.id).await?;
        let shop = sellers::summary(conn, *seller).await?;
        Ok(Json(screened::screen(conn, &shop, listing.id, &latest.content, now).await?))
    })
    .await
}

/// Hand the revision in; an officer of the shop's province decides on it.
///
/// An edit of a published listing is published at once if the shop is trusted, its province wants that, and the
/// automatic screening finds nothing.
#[utoipa::path(post, path = "/shops/{shop_id}/listings/{listing_id}/submission", tag = "catalogue",
    security(("session" = ["shop.listings"])),
    params(("shop_id" = SellerId, Path), ("listing_id" = ListingId, Path)),
    responses((status = OK, body = ListingView)))]
async fn submit_listing(shop: Shop<EditListings>, Path(path): Path<ListingPath>) -> Result<Versioned<ListingView>> {
    let (id, now) = (path.listing_id, shop.app().clock.now());
    change(&shop, id, async |scope| {
        let (conn, seller) = scope.split();
        submission::submit(conn, *seller, id, shop.account, now).await
    })
    .await
}

/// Take the revision back before anybody decides on it.
#[utoipa::path(delete, path = "/shops/{shop_id}/listings/{listing_id}/submission", tag = "catalogue",
    security(("session" = ["shop.listings"])),
    params(("shop_id" = SellerId, Path), ("listing_id" = ListingId, Path)),
    responses((status = OK, body = ListingView)))]
async fn withdraw_listing_submission(
    shop: Shop<EditListings>,
    Path(path): Path<ListingPath>,
) -> Result<Versioned<ListingView>> {
    let id = path.listing_id;
    change(&shop, id, async |scope| {
        let (conn, seller) = scope.split();
        submission::withdraw_submission(conn, *seller, id).await
    })
    .await
}

/// All the packs of a listing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "variants": [
    { "sku": "SHAN-200", "name_vi": "Hộp 200 g", "price_vnd": 185_000, "grams": 260,
      "length_mm": 120, "width_mm": 80, "height_mm": 160 }
] }))]
struct VariantList {
    /// In the order they are shown.
    #[schema(max_items = 50)]
    variants: Vec<NewVariant>,
}

/// Write the packs, all of them: what is left out is no longer sold; a new one waits for the next approval.
#[utoipa::path(put, path = "/shops/{shop_id}/listings/{listing_id}/variants", tag = "catalogue",
    security(("session" = ["shop.listings"])),
    params(("shop_id" = SellerId, Path), ("listing_id" = ListingId, Path)),
    responses((status = OK, body = ListingView)))]
async fn replace_variants(
    shop: Shop<EditListings>,
    Path(path): Path<ListingPath>,
    Json(list): Json<VariantList>,
) -> Result<Versioned<ListingView>> {
    let (id, now) = (path.listing_id, shop.app().clock.now());
    change(&shop, id, async |scope| {
        let (conn, seller) = scope.split();
        editing::replace_variants(conn, *seller, id, &list.variants, now).await
    })
    .await
}

/// A price.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "price_vnd": 190_000 }))]
struct NewPrice {
    /// What a piece costs from now on.
    price_vnd: Price,
}

/// Set the price of a pack, at once.
#[utoipa::path(put, path = "/shops/{shop_id}/listings/{listing_id}/variants/{variant_id}/price", tag = "catalogue",
    security(("session" = ["shop.listings"])),
    params(("shop_id" = SellerId, Path), ("listing_id" = ListingId, Path), ("variant_id" = VariantId, Path)),
    responses((status = OK, body = ListingView)))]
async fn set_variant_price(
    shop: Shop<EditListings>,
    Path(path): Path<VariantPath>,
    Json(new): Json<NewPrice>,
) -> Result<Versioned<ListingView>> {
    let id = path.listing_id;
    change(&shop, id, async |scope| {
        let (conn, seller) = scope.split();
        editing::set_price(conn, *seller, id, path.variant_id, new.price_vnd).await
    })
    .await
}

/// Take a published listing off the shelf for a while.
#[utoipa::path(put, path = "/shops/{shop_id}/listings/{listing_id}/pause", tag = "catalogue",
    security(("session" = ["shop.listings"])),
    params(("shop_id" = SellerId, Path), ("listing_id" = ListingId, Path)),
    responses((status = OK, body = ListingView)))]
async fn pause_listing(shop: Shop<EditListings>, Path(path): Path<ListingPath>) -> Result<Versioned<ListingView>> {
    let id = path.listing_id;
    change(&shop, id, async |scope| {
        let (conn, seller) = scope.split();
        editing::set_paused(conn, *seller, id, true).await
    })
    .await
}

/// Put a paused listing back on the shelf.
#[utoipa::path(delete, path = "/shops/{shop_id}/listings/{listing_id}/pause", tag = "catalogue",
    security(("session" = ["shop.listings"])),
    params(("shop_id" = SellerId, Path), ("listing_id" = ListingId, Path)),
    responses((status = OK, body = ListingView)))]
async fn resume_listing(shop: Shop<EditListings>, Path(path): Path<ListingPath>) -> Result<Versioned<ListingView>> {
    let id = path.listing_id;
    change(&shop, id, async |scope| {
        let (conn, seller) = scope.split();
        editing::set_paused(conn, *seller, id, false).await
    })
    .await
}

/// Give a listing up for good.
#[utoipa::path(post, path = "/shops/{shop_id}/listings/{listing_id}/archive", tag = "catalogue",
    security(("session" = ["shop.listings"])),
    params(("shop_id" = SellerId, Path), ("listing_id" = ListingId, Path)),
    responses((status = OK, body = ListingView)))]
async fn archive_listing(shop: Shop<EditListings>, Path(path): Path<ListingPath>) -> Result<Versioned<ListingView>> {
    let id = path.listing_id;
    change(&shop, id, async |scope| {
        let (conn, seller) = scope.split();
        editing::archive(conn, *seller, id).await
    })
    .await
}
