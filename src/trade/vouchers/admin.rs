//! Programmes of the provinces, and the marketplace's own vouchers, with what has come of them.

use std::collections::BTreeSet;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::form::{Terms, VoucherForm};
use super::http::{VoucherPage, VoucherPath};
use super::model::{Bearers, Issuer, Promise, Voucher};
use super::store;
use super::store::redemptions::{self, ShopFigures};
use crate::app::App;
use crate::kernel::{Line, Page, SellerId, VoucherId};
use crate::people::access::{ManageVouchers, Officer, Provinces, is_national, require_national};
use crate::places;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{INVALID, Json, Path, Query, after};

/// The most shops the figures name.
const SHOPS_SHOWN: i64 = 100;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_vouchers, create_voucher))
        .routes(routes!(show_voucher, end_voucher))
        .layer(DefaultBodyLimit::max(32 * 1024))
}

/// The programmes of one's provinces and, for the national desk, the marketplace's vouchers, newest first.
#[utoipa::path(get, path = "/vouchers", tag = "vouchers", security(("session" = ["vouchers.manage"])),
    params(VoucherPage), responses((status = OK, body = Page<Voucher>)))]
async fn list_vouchers(
    officer: Officer<ManageVouchers>,
    Query(query): Query<VoucherPage>,
) -> Result<Json<Page<Voucher>>> {
    const LIST: &[u8] = b"vouchers";
    let before = after::<VoucherId>(LIST, query.after.as_deref())?;
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            let platform = is_national(conn, provinces).await?;
            let limit = query.limit.fetch();
            let vouchers = store::page_of_officers(conn, provinces.codes(), platform, before, limit).await?;
            Ok(Json(Page::cut(vouchers, query.limit, LIST, |voucher| voucher.id)?))
        })
        .await
}

/// A voucher of the marketplace or of a province.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "province_code": "12",
    "bearers": { "platform_bps": 0, "province_bps": 7000, "shop_bps": 3000 },
    "voucher": {
        "code": "OCOP-LAI-CHAU",
        "title_vi": "Lai Châu kích cầu sản phẩm OCOP",
        "title_en": "Lai Châu for its OCOP products",
        "discount": { "kind": "amount", "amount_vnd": 30000 },
        "minimum_vnd": 150_000,
        "valid_from": "2026-12-01",
        "valid_to": "2026-12-31",
        "limits": { "per_buyer": 2, "budget_vnd": 20_000_000 }
    }
}))]
struct ProgrammeForm {
    /// Whose programme it is; without it, the marketplace's voucher, which only the national desk makes.
    #[schema(value_type = Option<String>, min_length = 2, max_length = 2)]
    province_code: Option<Line<2, 2>>,
    /// Who bears it. Shops bear a share only if they agree to take part; the marketplace one of a province's programme
    /// only if the national desk makes it.
    bearers: Bearers,
    /// Only goods of these shops; in a programme, shops of the province.
    #[serde(default)]
    #[schema(max_items = 100)]
    sellers: Vec<SellerId>,
    /// Only goods of shops in these provinces; not in a programme, which has its own.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 100)]
    provinces: Vec<Line<2, 2>>,
    /// What is promised.
    voucher: VoucherForm,
}

impl ProgrammeForm {
    fn terms(&self) -> Result<Terms> {
        let code = self.province_code.as_ref().map(ToString::to_string);
        if code.is_some() && !self.provinces.is_empty() {
            let why = "chương trình của tỉnh chỉ áp dụng cho tỉnh đó / a programme is for its own province";
            return Err(Error::from(&INVALID).at("provinces", why));
        }
        let provinces: BTreeSet<String> = self.provinces.iter().map(ToString::to_string).collect();
        let sellers: BTreeSet<SellerId> = self.sellers.iter().copied().collect();
        let terms = Terms {
            issuer: code.map_or(Issuer::Platform, |code| Issuer::Province { code }),
            bearers: self.bearers,
            sellers: sellers.into_iter().collect(),
            provinces: provinces.into_iter().collect(),
        };
        terms.check()?;
        Ok(terms)
    }
}

/// Refuses what is not the officer's to promise, and names nobody has.
async fn require_own(conn: &mut PgConnection, provinces: &Provinces, promise: &Promise) -> Result<()> {
    let [by_platform, ..] = promise.bearers.in_basis_points();
    if let Some(code) = promise.issuer.province() {
        if !provinces.contains(code) {
            return Err(Error::from(&NOT_FOUND));
        }
        if promise.limits.budget_vnd.is_none() {
            let why = "chương trình của tỉnh phải có ngân sách / a province's programme needs a budget";
            return Err(Error::from(&INVALID).at("voucher.limits.budget_vnd", why));
        }
    }
    if by_platform > 0 {
        require_national(conn, provinces).await?;
    }
    if !store::foreign_sellers(conn, &promise.scope.sellers, promise.issuer.province()).await?.is_empty() {
        let why = "phải là gian hàng đang có, thuộc tỉnh của chương trình / must be shops of the programme's province";
        return Err(Error::from(&INVALID).at("sellers", why));
    }
    let known = places::list_provinces(conn).await?;
    if promise.scope.provinces.iter().any(|code| !known.iter().any(|province| province.code == *code)) {
        return Err(
            Error::from(&INVALID).at("provinces", "phải là mã tỉnh hiện hành / must be codes of provinces of today")
        );
    }
    Ok(())
}

/// Start a programme of a province, or a voucher of the marketplace. What is promised cannot be changed, only ended.
#[utoipa::path(post, path = "/vouchers", tag = "vouchers", security(("session" = ["vouchers.manage"])),
    responses((status = CREATED, body = Voucher)))]
async fn create_voucher(
    officer: Officer<ManageVouchers>,
    Json(form): Json<ProgrammeForm>,
) -> Result<(StatusCode, Json<Voucher>)> {
    let clock = &officer.app().clock;
    let now = clock.now();
    let terms = form.terms()?;
    let promise = form.voucher.promise("voucher.", clock.today(), terms)?;
    let id = VoucherId::new(now);
    officer
        .act(id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            require_own(conn, provinces, &promise).await?;
            store::insert(conn, id, &promise, officer.account, now).await?;
            Ok((StatusCode::CREATED, Json(find(conn, provinces, id).await?)))
        })
        .await
}

/// The officer's voucher.
async fn find(conn: &mut PgConnection, provinces: &Provinces, id: VoucherId) -> Result<Voucher> {
    let platform = is_national(conn, provinces).await?;
    store::of_officers(conn, provinces.codes(), platform, id).await?.or_refuse(&NOT_FOUND)
}

/// A voucher and what has come of it.
#[derive(Debug, Serialize, ToSchema)]
struct VoucherView {
    /// The voucher.
    #[serde(flatten)]
    voucher: Voucher,
    /// How many shops have agreed to bear their share.
    participants: usize,
    /// What it did, by shop, most taken off first; a hundred shops at most.
    shops: Vec<ShopFigures>,
}

/// A voucher and what has come of it.
#[utoipa::path(get, path = "/vouchers/{voucher_id}", tag = "vouchers", security(("session" = ["vouchers.manage"])),
    params(("voucher_id" = VoucherId, Path)), responses((status = OK, body = VoucherView)))]
async fn show_voucher(officer: Officer<ManageVouchers>, Path(path): Path<VoucherPath>) -> Result<Json<VoucherView>> {
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            let voucher = find(conn, provinces, path.voucher_id).await?;
            let shops = redemptions::figures(conn, voucher.id, SHOPS_SHOWN).await?;
            Ok(Json(VoucherView { participants: voucher.participants.len(), voucher, shops }))
        })
        .await
}

/// End a voucher now; what was bought with it stays as it is.
#[utoipa::path(delete, path = "/vouchers/{voucher_id}", tag = "vouchers", security(("session" = ["vouchers.manage"])),
    params(("voucher_id" = VoucherId, Path)), responses((status = NO_CONTENT)))]
async fn end_voucher(officer: Officer<ManageVouchers>, Path(path): Path<VoucherPath>) -> Result<StatusCode> {
    let now = officer.app().clock.now();
    officer
        .act(path.voucher_id.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let voucher = find(conn, provinces, path.voucher_id).await?;
            store::end(conn, voucher.id, now).await
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
