//! The shops of a province, as its officers see them.

use axum::extract::DefaultBodyLimit;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::authentication::{self, Authentication, AuthenticationMethod, NewAuthentication};
use super::file::{self, ShopFile};
use super::model::{SellerKind, SellerStatus};
use super::store::authentication::needed_from;
use super::store::desk::{self, DeskFilter};
use crate::app::App;
use crate::kernel::text::fold;
use crate::kernel::{Limit, Line, Page, SellerId};
use crate::people::access::{DecideMeasures, Officer, ReadCases};
use crate::places;
use crate::platform::error::{Error, NOT_FOUND, Result};
use crate::platform::extract::{Json, Path, Query, after};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_sellers))
        .routes(routes!(read_seller))
        .routes(routes!(record_authentication))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// Which shops.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DeskQuery {
    /// Where they stand.
    status: Option<SellerStatus>,
    /// Who sells.
    kind: Option<SellerKind>,
    /// Province of today: code or slug.
    #[param(value_type = Option<String>, max_length = 80, example = "lai-chau")]
    province: Option<Line<1, 80>>,
    /// Province of before 1 July 2025: legacy code or slug.
    #[param(value_type = Option<String>, max_length = 80, example = "ha-giang")]
    legacy_province: Option<Line<1, 80>>,
    /// Commune: its code.
    #[param(value_type = Option<String>, example = "03394")]
    commune: Option<Line<5, 5>>,
    /// The beginning of a word of the name, with or without accents, and what follows it.
    #[param(value_type = Option<String>, max_length = 100)]
    q: Option<Line<1, 100>>,
    /// `true`: only those who will not sell from the day e-authentication is needed on; `false`: only the others.
    unauthenticated: Option<bool>,
    /// Shops on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    #[serde(skip_serializing_if = "crate::platform::extract::not_of_the_list")]
    after: Option<String>,
}

impl DeskQuery {
    /// The filter with codes for slugs; a province that does not exist is a wrong value.
    async fn filter(&self, conn: &mut PgConnection) -> Result<DeskFilter> {
        let (province, legacy_province) =
            places::chosen_provinces(conn, self.province.as_deref(), self.legacy_province.as_deref()).await?;
        Ok(DeskFilter {
            status: self.status,
            kind: self.kind,
            province,
            legacy_province,
            commune: self.commune.as_ref().map(ToString::to_string),
            words: self.q.as_deref().map(fold).filter(|words| !words.is_empty()),
            authenticated: self.unauthenticated.map(|without| !without),
        })
    }
}

/// A shop in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeskSeller {
    /// The shop.
    pub id: SellerId,
    /// Its name in addresses.
    #[schema(example = "hop-tac-xa-tra-sin-suoi-ho")]
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Who sells.
    pub kind: SellerKind,
    /// Where it stands.
    pub status: SellerStatus,
    /// Its province.
    #[schema(example = "12")]
    pub province_code: String,
    /// Its commune.
    #[schema(example = "03388")]
    pub commune_code: String,
    /// Its province of before 1 July 2025.
    pub legacy_province_code: String,
    /// Made for the demonstration.
    pub demo: bool,
    /// When it was last submitted.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was approved.
    pub approved_at: Option<DateTime<Utc>>,
    /// How it proved who it is; null if nothing is on record.
    pub authentication_method: Option<AuthenticationMethod>,
    /// When it did.
    pub authenticated_at: Option<DateTime<Utc>>,
}

/// A page of shops.
#[derive(Debug, Serialize, ToSchema)]
struct DeskSellers {
    /// The shops, the newest first.
    #[serde(flatten)]
    page: Page<DeskSeller>,
    /// The first day on which nobody sells without e-authentication.
    #[schema(example = "2027-01-01")]
    authentication_needed_from: Option<NaiveDate>,
}

/// The shops of one's provinces that were ever handed in, the newest first.
#[utoipa::path(get, path = "/sellers", tag = "sellers", security(("session" = ["cases.read"])),
    params(DeskQuery), responses((status = OK, body = DeskSellers)))]
async fn list_sellers(officer: Officer<ReadCases>, Query(query): Query<DeskQuery>) -> Result<Json<DeskSellers>> {
    let today = officer.app().clock.today();
    let binding = serde_json::to_vec(&("desk_sellers", &query))?;
    let before = after::<SellerId>(&binding, query.after.as_deref())?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            let filter = query.filter(conn).await?;
            let authentication_needed_from = needed_from(conn, today).await?;
            let rows = desk::page(conn, provinces, &filter, before, query.limit.fetch()).await?;
            let page = Page::cut(rows, query.limit, &binding, |seller| seller.id)?;
            Ok(Json(DeskSellers { page, authentication_needed_from }))
        })
        .await
}

/// A shop in the path.
#[derive(Debug, Deserialize)]
struct SellerPath {
    seller_id: SellerId,
}

/// Read the file of a shop: who stands behind it, with its papers. That is recorded.
#[utoipa::path(get, path = "/sellers/{seller_id}", tag = "sellers", security(("session" = ["cases.read"])),
    params(("seller_id" = SellerId, Path)), responses((status = OK, body = ShopFile)))]
async fn read_seller(officer: Officer<ReadCases>, Path(path): Path<SellerPath>) -> Result<Json<ShopFile>> {
    let (id, today) = (path.seller_id, officer.app().clock.today());
    officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            if !desk::concerns(conn, provinces, id).await? {
                return Err(Error::from(&NOT_FOUND));
            }
            Ok(Json(file::read(conn, id, today).await?))
        })
        .await
}

/// How a shop proved who it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "method": "vneid",
    "reference": "VNeID-2026-0012345",
    "authenticated_at": "2026-11-20T02:30:00Z"
}))]
struct AuthenticationForm {
    /// How.
    method: AuthenticationMethod,
    /// What the proof is found by at whoever keeps it; never the number of an ID card.
    #[schema(value_type = String, min_length = 3, max_length = 120)]
    reference: Line<3, 120>,
    /// When it was given.
    authenticated_at: DateTime<Utc>,
}

/// Record that a shop proved who it is. The last record counts; not for one's own shop.
#[utoipa::path(put, path = "/sellers/{seller_id}/authentication", tag = "sellers",
    security(("session" = ["measures.decide"])), params(("seller_id" = SellerId, Path)),
    responses((status = OK, body = Authentication)))]
async fn record_authentication(
    officer: Officer<DecideMeasures>,
    Path(path): Path<SellerPath>,
    Json(form): Json<AuthenticationForm>,
) -> Result<Json<Authentication>> {
    let (id, clock) = (path.seller_id, &officer.app().clock);
    let new = NewAuthentication {
        method: form.method,
        reference: form.reference.into_inner(),
        authenticated_at: form.authenticated_at,
    };
    officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let shop = super::lock_to_judge(conn, id, provinces, officer.account).await?;
            new.check(shop.kind, clock.now())?;
            super::authenticate(conn, id, &new, officer.account, clock.now()).await?;
            Ok(Json(authentication::of(conn, id, clock.today()).await?))
        })
        .await
}
