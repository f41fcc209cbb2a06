//! The page of one listing: what it is, who vouches for it, what can be ordered.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};

use super::super::model::{Card, Filter, Sort};
use super::super::store::{self, PageRow};
use super::listings::cards;
use crate::app::Public;
use crate::kernel::{Age, Lang, VariantId, Vnd};
use crate::market::catalogue::offers::PriceBreak;
use crate::market::catalogue::{self, Label, SaleRule};
use crate::market::certification::{self, CertificateView};
use crate::market::media::{PictureUrls, picture_urls};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::etag::Cacheable;
use crate::platform::extract::{Path, Query};

/// The page of a listing.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListingPage {
    /// What its card says.
    #[serde(flatten)]
    card: Card,
    /// The story of the product, in the caller's language where the shop wrote it.
    story: String,
    /// What the label says.
    label: Label,
    /// All pictures, in the shop's order.
    pictures: Vec<PictureUrls>,
    /// The packs.
    variants: Vec<Pack>,
    /// Who vouches for the stars, since when and until when; null if the listing names none that was verified.
    certificate: Option<CertificateView>,
    /// How goods of this set may be sold.
    sale_rule: SaleRule,
}

/// A pack on the page.
#[derive(Debug, Serialize, ToSchema)]
struct Pack {
    /// What to put into the cart.
    id: VariantId,
    /// The shop's own code.
    sku: String,
    /// What distinguishes it.
    name: String,
    /// Its price.
    price_vnd: Vnd,
    /// What one costs from so many on.
    price_breaks: Vec<PriceBreak>,
    /// How many of it one order may have.
    per_order: Option<i32>,
    /// Weight when packed; a service has none.
    grams: Option<i32>,
    /// Whether any is on the shelf.
    in_stock: bool,
}

/// What the caller states.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AgeQuery {
    /// The age the caller states; without it, nothing with a minimum age is shown.
    #[param(value_type = Option<i16>, minimum = 0, maximum = 150)]
    age: Option<Age>,
}

/// One listing, with the certificate behind its stars.
#[utoipa::path(get, path = "/listings/{slug}", tag = "shelf", security(()),
    params(("slug" = String, Path, example = "che-shan-tuyet-ta-leng-hop-200-g"), AgeQuery),
    responses((status = OK, body = ListingPage)))]
pub(super) async fn show_listing(
    public: Public,
    Path(slug): Path<String>,
    Query(query): Query<AgeQuery>,
) -> Result<Cacheable<ListingPage>> {
    let today = public.app().clock.today();
    public
        .see(async |conn| {
            let row = store::find(conn, &slug, today).await?.or_refuse(&NOT_FOUND)?;
            let filter = Filter { slug: Some(slug.clone()), age: query.age.map(Age::years), ..Filter::default() };
            let found = store::page(conn, &filter, Sort::Newest, None, 1, today).await?;
            let card = cards(conn, found, public.lang, today).await?.pop().or_refuse(&NOT_FOUND)?;
            Ok(Cacheable(page(conn, row, card, public.lang, today).await?))
        })
        .await
}

async fn page(conn: &mut PgConnection, row: PageRow, card: Card, lang: Lang, today: NaiveDate) -> Result<ListingPage> {
    let content = row.content.0;
    let certificate = match row.certificate_id {
        Some(id) => certification::find_verified(conn, id, today).await?,
        None => None,
    };
    let english = lang == Lang::En;
    let pictures = store::picture_names(conn, &content.pictures).await?;
    let packs = store::packs(conn, row.id).await?;
    Ok(ListingPage {
        card,
        story: content.story_en.filter(|_| english).unwrap_or(content.story_vi).into_inner(),
        label: content.label,
        pictures: pictures.iter().map(|name| picture_urls(name)).collect(),
        variants: packs
            .into_iter()
            .map(|pack| Pack {
                id: pack.id,
                sku: pack.sku,
                name: pack.name_en.filter(|_| english).unwrap_or(pack.name_vi),
                price_vnd: pack.price_vnd,
                price_breaks: pack
                    .break_quantities
                    .into_iter()
                    .zip(pack.break_prices)
                    .map(|(from_quantity, unit_price_vnd)| PriceBreak { from_quantity, unit_price_vnd })
                    .collect(),
                per_order: pack.per_order,
                grams: pack.grams,
                in_stock: pack.in_stock,
            })
            .collect(),
        certificate,
        sale_rule: catalogue::sale_rule(conn, content.set_no, today).await?,
    })
}
