//! What everybody sees of a shop: what the law wants published, and no more.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::{App, Public};
use crate::kernel::text::fold;
use crate::kernel::{Limit, Line, Page, SellerId};
use crate::market::sellers::file::locate;
use crate::market::sellers::model::{Seller, SellerKind, is_paused};
use crate::market::sellers::store::authentication;
use crate::market::sellers::store::public::{self as store, ShopFilter};
use crate::places::{self, Location};
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::etag::Cacheable;
use crate::platform::extract::{Path, Query, after};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_sellers)).routes(routes!(show_seller))
}

/// Which shops.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SellersQuery {
    /// Province of today: code or slug.
    #[param(value_type = Option<String>, example = "lai-chau")]
    province: Option<Line<1, 80>>,
    /// Province of before 1 July 2025: legacy code or slug.
    #[param(value_type = Option<String>, example = "ha-giang")]
    legacy_province: Option<Line<1, 80>>,
    /// Commune: its code.
    #[param(value_type = Option<String>, example = "03394")]
    commune: Option<Line<5, 5>>,
    /// Who sells.
    kind: Option<SellerKind>,
    /// The beginning of a word of the name, with or without accents, and what follows it.
    #[param(value_type = Option<String>, max_length = 100)]
    q: Option<Line<1, 100>>,
    /// Shops on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "crate::platform::extract::not_of_the_list")]
    after: Option<String>,
}

/// A shop in a list.
#[derive(Debug, Serialize, ToSchema)]
struct SellerCard {
    /// Its name in addresses.
    #[schema(example = "hop-tac-xa-tra-sin-suoi-ho")]
    slug: String,
    /// Its name.
    name: String,
    /// Who sells.
    kind: SellerKind,
    /// Where it is.
    #[serde(flatten)]
    location: Location,
    /// Whether it sells today; in a pause, or without the e-authentication the law wants, it does not.
    open: bool,
    /// Made for the demonstration.
    demo: bool,
}

/// Approved shops, by their names in addresses.
#[utoipa::path(get, path = "/sellers", tag = "sellers", security(()), params(SellersQuery),
    responses((status = OK, body = Page<SellerCard>)))]
async fn list_sellers(public: Public, Query(query): Query<SellersQuery>) -> Result<Cacheable<Page<SellerCard>>> {
    let today = public.app().clock.today();
    let binding = serde_json::to_vec(&("sellers", &query))?;
    let position = after::<Line<1, 120>>(&binding, query.after.as_deref())?;
    let words = query.q.as_deref().map(fold).filter(|words| !words.is_empty());
    public
        .see(async |conn| {
            let (province, legacy_province) =
                places::chosen_provinces(conn, query.province.as_deref(), query.legacy_province.as_deref()).await?;
            let filter = ShopFilter {
                province: province.as_deref(),
                legacy_province: legacy_province.as_deref(),
                commune: query.commune.as_deref(),
                kind: query.kind,
                words: words.as_deref(),
            };
            let sellers = store::page(conn, &filter, position.as_deref(), query.limit.fetch()).await?;
            let page = Page::cut(sellers, query.limit, &binding, |seller| seller.slug.clone())?;
            Ok(Cacheable(Page { items: cards(conn, page.items, today).await?, next: page.next }))
        })
        .await
}

async fn cards(conn: &mut PgConnection, sellers: Vec<Seller>, today: NaiveDate) -> Result<Vec<SellerCard>> {
    let pairs: Vec<(&str, &str)> =
        sellers.iter().map(|seller| (seller.commune_code.as_str(), seller.legacy_province_code.as_str())).collect();
    let locations = places::locate(conn, &pairs).await?;
    let ids: Vec<SellerId> = sellers.iter().map(|seller| seller.id).collect();
    let authenticated = authentication::authenticated(conn, &ids, today).await?;
    let cards = sellers.into_iter().zip(locations).map(|(seller, location)| SellerCard {
        open: authenticated.contains(&seller.id) && !is_paused(seller.closed_from, seller.closed_to, today),
        slug: seller.slug,
        name: seller.name,
        kind: seller.kind,
        location,
        demo: seller.demo,
    });
    Ok(cards.collect())
}

/// A shop's page (Decree 248/2026/NĐ-CP, art. 18.1).
#[derive(Debug, Serialize, ToSchema)]
struct SellerPage {
    /// Its name in addresses.
    #[schema(example = "hop-tac-xa-tra-sin-suoi-ho")]
    slug: String,
    /// Its name.
    name: String,
    /// Who sells.
    kind: SellerKind,
    /// The name in the register; for a household the person's full name.
    legal_name: Option<String>,
    /// Who represents the organisation; null for a household.
    representative: Option<String>,
    /// The organisation's tax and business code; null for a household.
    tax_code: Option<String>,
    /// Seat, or place of residence.
    #[serde(flatten)]
    location: Location,
    /// The organisation's street address; null for a household.
    street: Option<String>,
    /// For questions, if the shop publishes it.
    phone: Option<String>,
    /// For questions, if the shop publishes it.
    email: Option<String>,
    /// About the shop, in Vietnamese.
    about_vi: Option<String>,
    /// About the shop, in English.
    about_en: Option<String>,
    /// Whether it sells today.
    open: bool,
    /// First day of a pause.
    closed_from: Option<NaiveDate>,
    /// Last day of it; null until further notice.
    closed_to: Option<NaiveDate>,
    /// Made for the demonstration.
    demo: bool,
}

impl SellerPage {
    fn new(seller: Seller, location: Location, open: bool) -> Self {
        let organisation = seller.kind.is_organisation();
        let (phone, email) = if seller.public_contact { (seller.phone, seller.email) } else { (None, None) };
        Self {
            slug: seller.slug,
            name: seller.name,
            kind: seller.kind,
            legal_name: seller.legal_name,
            representative: seller.representative,
            tax_code: seller.tax_code.map(|code| code.to_string()),
            location,
            street: seller.street.filter(|_| organisation),
            phone: phone.map(|phone| phone.to_string()),
            email: email.map(|email| email.to_string()),
            about_vi: seller.about_vi,
            about_en: seller.about_en,
            open,
            closed_from: seller.closed_from,
            closed_to: seller.closed_to,
            demo: seller.demo,
        }
    }
}

/// A shop's page: who stands behind it.
#[utoipa::path(get, path = "/sellers/{slug}", tag = "sellers", security(()),
    params(("slug" = String, Path, example = "hop-tac-xa-tra-sin-suoi-ho")),
    responses((status = OK, body = SellerPage)))]
async fn show_seller(public: Public, Path(slug): Path<Line<1, 120>>) -> Result<Cacheable<SellerPage>> {
    let today = public.app().clock.today();
    public
        .see(async |conn| {
            let seller = store::find(conn, &slug).await?.or_refuse(&NOT_FOUND)?;
            let location = locate(conn, &seller).await?;
            let authenticated = authentication::authenticated(conn, &[seller.id], today).await?.contains(&seller.id);
            let open = authenticated && !is_paused(seller.closed_from, seller.closed_to, today);
            Ok(Cacheable(SellerPage::new(seller, location, open)))
        })
        .await
}
