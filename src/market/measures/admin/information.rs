//! Requests of authorities for information about a shop.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{OrdersQuery, find, list};
use crate::app::App;
use crate::kernel::{AuthorityOrderId, Line, Page, SellerId, Text};
use crate::market::catalogue::{self, ListingRow, StatusCount};
use crate::market::measures::model::{
    AuthorityOrder, AuthorityOrderKind, AuthorityOrderStatus, Document, Matter, REQUEST_REFUSED,
};
use crate::market::measures::orders;
use crate::market::sellers::{self, ShopFile};
use crate::people::access::{self, DecideMeasures, Officer};
use crate::platform::error::{Error, Result};
use crate::platform::extract::{Json, Path, Query};

/// Listings an answer names; it counts them all.
const MOST_LISTINGS: i64 = 200;

pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_information_requests, record_information_request))
        .routes(routes!(show_information_request))
        .routes(routes!(read_information))
}

/// An authority's request for information about a shop.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "authority": "Chi cục Quản lý thị trường",
    "document_number": "57/QLTT-TM",
    "legal_basis": "Nghị định 248/2026/NĐ-CP, Điều 18",
    "received_at": "2026-11-21T01:00:00Z",
    "seller_id": "0193f2a4-6c00-7000-8000-000000000001",
    "asked": "Thông tin định danh và danh sách sản phẩm đang bán của cửa hàng."
}))]
struct InformationForm {
    /// Who asks.
    #[schema(value_type = String, min_length = 3, max_length = 200)]
    authority: Line<3, 200>,
    /// The number of the document.
    #[schema(value_type = String, min_length = 1, max_length = 80)]
    document_number: Line<1, 80>,
    /// The law it rests on.
    #[schema(value_type = String, min_length = 3, max_length = 300)]
    legal_basis: Line<3, 300>,
    /// When it arrived; it is due 24 hours later.
    received_at: DateTime<Utc>,
    /// About whom.
    seller_id: SellerId,
    /// What the authority wants to know.
    #[schema(value_type = String, max_length = 2000)]
    asked: Text<1, 2000>,
    /// Where the document is kept, or what came with it.
    #[schema(value_type = Option<String>, max_length = 2000)]
    evidence: Option<Text<1, 2000>>,
}

impl InformationForm {
    fn document(&self) -> Document {
        Document {
            authority: self.authority.to_string(),
            number: self.document_number.to_string(),
            legal_basis: self.legal_basis.to_string(),
            evidence: self.evidence.as_ref().map(ToString::to_string),
            received_at: self.received_at,
        }
    }
}

/// A request in the path.
#[derive(Debug, Deserialize)]
struct InformationPath {
    information_request_id: AuthorityOrderId,
}

/// The requests for information about shops of one's provinces, the newest first.
#[utoipa::path(get, path = "/information_requests", tag = "measures", security(("session" = ["measures.decide"])),
    params(OrdersQuery), responses((status = OK, body = Page<AuthorityOrder>)))]
async fn list_information_requests(
    officer: Officer<DecideMeasures>,
    Query(query): Query<OrdersQuery>,
) -> Result<Json<Page<AuthorityOrder>>> {
    list(&officer, AuthorityOrderKind::Information, &query).await
}

/// One request for information.
#[utoipa::path(get, path = "/information_requests/{information_request_id}", tag = "measures",
    security(("session" = ["measures.decide"])), params(("information_request_id" = AuthorityOrderId, Path)),
    responses((status = OK, body = AuthorityOrder)))]
async fn show_information_request(
    officer: Officer<DecideMeasures>,
    Path(path): Path<InformationPath>,
) -> Result<Json<AuthorityOrder>> {
    officer
        .see(async |scope| Ok(Json(find(scope, AuthorityOrderKind::Information, path.information_request_id).await?)))
        .await
}

/// Record an authority's request about a shop of one's provinces: a case, due 24 hours after receipt. The shop does not
/// hear of it.
///
/// Read the answer at `…/data`, hand it over, then approve the case; a rejection says why nothing is handed over.
#[utoipa::path(post, path = "/information_requests", tag = "measures", security(("session" = ["measures.decide"])),
    responses((status = CREATED, body = AuthorityOrder)))]
async fn record_information_request(
    officer: Officer<DecideMeasures>,
    Json(form): Json<InformationForm>,
) -> Result<(StatusCode, Json<AuthorityOrder>)> {
    let now = officer.app().clock.now();
    let document = form.document();
    let matter = Matter::Information { asked: form.asked.to_string() };
    officer
        .act(form.seller_id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let shop = sellers::lock_to_judge(conn, form.seller_id, provinces, officer.account).await?;
            let id = orders::record(conn, &shop, &document, &matter, &shop.name, (officer.account, now)).await?;
            Ok((StatusCode::CREATED, Json(find(scope, AuthorityOrderKind::Information, id).await?)))
        })
        .await
}

/// What the marketplace knows of a shop and may hand to an authority. Orders are not part of it: they name buyers, and a
/// request for those is answered from the books, one by one.
#[derive(Debug, Serialize, ToSchema)]
struct SellerData {
    /// The request it answers.
    request: AuthorityOrder,
    /// The shop's file with its papers.
    seller: ShopFile,
    /// A household's personal ID in full; null for an organisation.
    personal_id: Option<String>,
    /// How many listings it has of each status.
    listing_counts: Vec<StatusCount>,
    /// Its newest listings, at most 200.
    listings: Vec<ListingRow>,
}

/// Read the answer to a request, ID data in full. That is recorded as such.
#[utoipa::path(get, path = "/information_requests/{information_request_id}/data", tag = "measures",
    security(("session" = ["measures.decide"])), params(("information_request_id" = AuthorityOrderId, Path)),
    responses((status = OK, body = SellerData)))]
async fn read_information(
    officer: Officer<DecideMeasures>,
    Path(path): Path<InformationPath>,
) -> Result<Json<SellerData>> {
    let (id, app) = (path.information_request_id, officer.app());
    officer
        .read_id_data(id.as_uuid(), async |scope| {
            let request = find(scope, AuthorityOrderKind::Information, id).await?;
            if request.status == AuthorityOrderStatus::Refused {
                return Err(Error::from(&REQUEST_REFUSED));
            }
            let (conn, provinces) = scope.split();
            let seller = request.seller_id;
            if access::is_member(conn, seller, officer.account).await? {
                return Err(Error::from(&sellers::OWN_SHOP));
            }
            Ok(Json(SellerData {
                seller: sellers::dossier(conn, seller, provinces, app.clock.today()).await?,
                personal_id: sellers::personal_id(conn, &app.seal, seller).await?,
                listing_counts: catalogue::count_by_status(conn, seller).await?,
                listings: catalogue::newest_of(conn, seller, MOST_LISTINGS).await?,
                request,
            }))
        })
        .await
}
