//! What a province leaves to the screening, and which shops it trusts.

use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::kernel::{ScreeningRuleId, SellerId, Text};
use crate::market::screening::store;
use crate::market::screening::trust::{self, NewSwitch, SampleEvery, Switch, Trust};
use crate::market::sellers;
use crate::people::access::{DecideListings, ManageScreening, Officer, Provinces, ReadCases};
use crate::places;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, Path};

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(read_trusted_publishing, set_trusted_publishing))
        .routes(routes!(read_seller_trust, set_seller_trust))
}

/// A province in the path.
#[derive(Debug, Deserialize)]
struct ProvincePath {
    code: String,
}

/// The code of the province, if it is one of the officer's.
async fn own_province(conn: &mut PgConnection, provinces: &Provinces, code_or_slug: &str) -> Result<String> {
    let named = places::province(conn, code_or_slug).await?.map(|province| province.code);
    named.filter(|code| provinces.contains(code)).or_refuse(&NOT_FOUND)
}

/// Whether the province publishes edits of trusted shops at once.
#[utoipa::path(get, path = "/provinces/{code}/trusted_publishing", tag = "screening",
    security(("session" = ["screening.manage"])), params(("code" = String, Path, description = "Code or slug")),
    responses((status = OK, body = Switch)))]
async fn read_trusted_publishing(
    officer: Officer<ManageScreening>,
    Path(path): Path<ProvincePath>,
) -> Result<Json<Switch>> {
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            let code = own_province(conn, provinces, &path.code).await?;
            Ok(Json(trust::switch(conn, &code).await?))
        })
        .await
}

/// What a province leaves to the screening.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "enabled": true, "sample_every": 5 }))]
struct TrustedPublishingForm {
    /// Whether edits of trusted shops are published at once, if nothing was found in them.
    enabled: bool,
    /// Of each shop's, the first and then every so manieth is looked at.
    sample_every: SampleEvery,
}

/// Switch the publishing of trusted shops' edits on or off, at once.
#[utoipa::path(put, path = "/provinces/{code}/trusted_publishing", tag = "screening",
    security(("session" = ["screening.manage"])), params(("code" = String, Path, description = "Code or slug")),
    responses((status = OK, body = Switch)))]
async fn set_trusted_publishing(
    officer: Officer<ManageScreening>,
    Path(path): Path<ProvincePath>,
    Json(form): Json<TrustedPublishingForm>,
) -> Result<Json<Switch>> {
    let now = officer.app().clock.now();
    let id = ScreeningRuleId::new(now);
    officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let code = own_province(conn, provinces, &path.code).await?;
            let new = NewSwitch { id, enabled: form.enabled, sample_every: form.sample_every, by: officer.account };
            store::trust::set_switch(conn, &code, &new, now).await?;
            Ok(Json(trust::switch(conn, &code).await?))
        })
        .await
}

/// A shop in the path.
#[derive(Debug, Deserialize)]
struct SellerPath {
    seller_id: SellerId,
}

/// Whether a shop of one's provinces is trusted.
#[utoipa::path(get, path = "/sellers/{seller_id}/trust", tag = "screening", security(("session" = ["cases.read"])),
    params(("seller_id" = SellerId, Path)), responses((status = OK, body = Trust)))]
async fn read_seller_trust(officer: Officer<ReadCases>, Path(path): Path<SellerPath>) -> Result<Json<Trust>> {
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            let shop = sellers::summary(conn, path.seller_id).await?;
            if !provinces.contains(&shop.province_code) {
                return Err(Error::from(&NOT_FOUND));
            }
            Ok(Json(trust::trust(conn, shop.id).await?))
        })
        .await
}

/// Whether to trust a shop, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "trusted": true, "words": "Ba năm không có vi phạm, hồ sơ luôn đầy đủ." }))]
struct TrustForm {
    /// Whether its edits may be published before an officer sees them.
    trusted: bool,
    /// Why.
    #[schema(value_type = String, min_length = 3, max_length = 1000)]
    words: Text<3, 1000>,
}

/// Trust an approved shop of one's provinces, or stop trusting it. Doing it twice changes nothing.
#[utoipa::path(put, path = "/sellers/{seller_id}/trust", tag = "screening",
    security(("session" = ["listings.decide"])), params(("seller_id" = SellerId, Path)),
    responses((status = OK, body = Trust)))]
async fn set_seller_trust(
    officer: Officer<DecideListings>,
    Path(path): Path<SellerPath>,
    Json(form): Json<TrustForm>,
) -> Result<Json<Trust>> {
    let now = officer.app().clock.now();
    officer
        .act(path.seller_id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let shop = sellers::lock_to_judge(conn, path.seller_id, provinces, officer.account).await?;
            if form.trusted {
                sellers::approved(conn, shop.id).await?;
                store::trust::begin(conn, shop.id, officer.account, &form.words, now).await?;
            } else {
                store::trust::end(conn, shop.id, officer.account, &form.words, now).await?;
            }
            Ok(Json(trust::trust(conn, shop.id).await?))
        })
        .await
}
