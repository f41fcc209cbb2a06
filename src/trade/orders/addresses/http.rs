//! Saving addresses, and saying which is the usual one.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::store::{self, Address, NewAddress};
use crate::app::App;
use crate::kernel::{AccountId, AddressId, Line, Phone};
use crate::people::identity::{self, SignedIn};
use crate::places;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::extract::{INVALID, Json, Path};

/// The most addresses of an account.
const MOST: usize = 20;

/// An account keeps so many addresses at most.
pub const ADDRESSES_FULL: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "addresses-full",
    vi: "Sổ địa chỉ đã đủ 20 địa chỉ",
    en: "There are 20 saved addresses already",
};

/// The endpoints of this room.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_addresses, save_address))
        .routes(routes!(change_address, forget_address))
        .layer(DefaultBodyLimit::max(4 * 1024))
}

/// An address to keep.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "recipient": "Nguyễn Thị Hoa",
    "phone": "0912 345 678",
    "commune": "00004",
    "street": "12 phố Phan Đình Phùng",
    "is_default": true
}))]
struct AddressForm {
    /// Who receives the parcels.
    #[schema(value_type = String, min_length = 2, max_length = 80)]
    recipient: Line<2, 80>,
    /// Whom the carrier calls.
    phone: Phone,
    /// Code of the commune.
    #[schema(value_type = String, min_length = 5, max_length = 5)]
    commune: Line<5, 5>,
    /// House and street, or hamlet.
    #[schema(value_type = String, min_length = 2, max_length = 200)]
    street: Line<2, 200>,
    /// Whether it becomes the usual one; the first one saved does anyway.
    #[serde(default)]
    is_default: bool,
}

impl AddressForm {
    /// What to write down, unless the commune is none of today's; `province` is where its code is kept meanwhile.
    async fn checked<'a>(&'a self, conn: &mut PgConnection, province: &'a mut String) -> Result<NewAddress<'a>> {
        let commune = places::commune(conn, self.commune.as_str()).await?;
        let why = "phải là mã xã hiện hành / must be the code of a commune of today";
        *province = commune.ok_or_else(|| Error::from(&INVALID).at("commune", why))?.province_code;
        Ok(NewAddress {
            recipient: self.recipient.as_str(),
            phone: self.phone.as_str(),
            commune: self.commune.as_str(),
            province,
            street: self.street.as_str(),
        })
    }
}

/// The caller's saved addresses, the usual one first.
#[utoipa::path(get, path = "/addresses", tag = "addresses", security(("session" = ["account"])),
    responses((status = OK, body = Vec<Address>)))]
async fn list_addresses(me: SignedIn) -> Result<Json<Vec<Address>>> {
    me.see(async |scope| {
        let (conn, account) = scope.split();
        Ok(Json(store::list(conn, *account).await?))
    })
    .await
}

/// Save an address, 20 at most.
#[utoipa::path(post, path = "/addresses", tag = "addresses", security(("session" = ["account"])),
    responses((status = CREATED, body = Address)))]
async fn save_address(me: SignedIn, Json(form): Json<AddressForm>) -> Result<(StatusCode, Json<Address>)> {
    let now = me.app().clock.now();
    let id = AddressId::new(now);
    me.act(async |scope| {
        let (conn, account) = scope.split();
        identity::lock(conn, *account).await?;
        let kept = store::list(conn, *account).await?.len();
        if kept >= MOST {
            return Err(Error::from(&ADDRESSES_FULL));
        }
        let mut province = String::new();
        let new = form.checked(conn, &mut province).await?;
        store::insert(conn, (*account, id), &new, kept == 0, now).await?;
        Ok((StatusCode::CREATED, shown(conn, *account, id, form.is_default).await?))
    })
    .await
}

/// The address as it is now, the usual one if so wanted.
async fn shown(conn: &mut PgConnection, account: AccountId, id: AddressId, is_default: bool) -> Result<Json<Address>> {
    if is_default {
        store::set_default(conn, account, id).await?;
    }
    Ok(Json(store::find(conn, account, id).await?.or_refuse(&NOT_FOUND)?))
}

/// An address in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct AddressPath {
    address_id: AddressId,
}

/// Change a saved address; checkouts made with it keep theirs.
#[utoipa::path(put, path = "/addresses/{address_id}", tag = "addresses", security(("session" = ["account"])),
    params(("address_id" = AddressId, Path)), responses((status = OK, body = Address)))]
async fn change_address(
    me: SignedIn,
    Path(path): Path<AddressPath>,
    Json(form): Json<AddressForm>,
) -> Result<Json<Address>> {
    me.act(async |scope| {
        let (conn, account) = scope.split();
        identity::lock(conn, *account).await?;
        let mut province = String::new();
        let new = form.checked(conn, &mut province).await?;
        if !store::update(conn, (*account, path.address_id), &new).await? {
            return Err(Error::from(&NOT_FOUND));
        }
        shown(conn, *account, path.address_id, form.is_default).await
    })
    .await
}

/// Forget a saved address. If it was the usual one, the oldest of the others becomes that.
#[utoipa::path(delete, path = "/addresses/{address_id}", tag = "addresses", security(("session" = ["account"])),
    params(("address_id" = AddressId, Path)), responses((status = NO_CONTENT)))]
async fn forget_address(me: SignedIn, Path(path): Path<AddressPath>) -> Result<StatusCode> {
    me.act(async |scope| {
        let (conn, account) = scope.split();
        identity::lock(conn, *account).await?;
        store::find(conn, *account, path.address_id).await?.or_refuse(&NOT_FOUND)?;
        store::delete(conn, *account, path.address_id).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
