//! Who belongs to a shop.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Member, MemberRole};
use super::permissions::{ManageMembers, ReadShop};
use super::shop::Shop;
use super::store;
use crate::app::App;
use crate::kernel::{MemberId, SellerId};
use crate::people::identity::{self, Contact};
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, OrRefuse as _, Problem, Result};
use crate::platform::extract::{Json, Path};

/// Nobody has confirmed or registered this contact.
pub const NO_SUCH_ACCOUNT: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "no-such-account",
    vi: "Chưa có tài khoản nào dùng liên hệ này",
    en: "No account uses this contact yet",
};

/// They belong to the shop already.
pub const MEMBER_ALREADY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "member-already",
    vi: "Người này đã là thành viên của cửa hàng",
    en: "This person already belongs to the shop",
};

/// A shop without an owner could never be changed again.
pub const LAST_OWNER: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "last-owner",
    vi: "Cửa hàng phải còn ít nhất một chủ",
    en: "The shop must keep at least one owner",
};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_members, add_member))
        .routes(routes!(remove_member))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// Who belongs to the shop.
#[utoipa::path(get, path = "/shops/{shop_id}/members", tag = "access", security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path)), responses((status = OK, body = Vec<Member>)))]
async fn list_members(shop: Shop<ReadShop>) -> Result<Json<Vec<Member>>> {
    shop.see(async |scope| Ok(Json(store::list_members(scope).await?))).await
}

/// Somebody to take into the shop.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "contact": "0912 345 679", "role": "packer" }))]
struct NewMember {
    /// A contact of their account.
    #[schema(value_type = String)]
    contact: Contact,
    /// What they may do.
    role: MemberRole,
}

/// Take somebody into the shop.
#[utoipa::path(post, path = "/shops/{shop_id}/members", tag = "access", security(("session" = ["shop.members"])),
    params(("shop_id" = SellerId, Path)), responses((status = CREATED, body = Vec<Member>)))]
async fn add_member(shop: Shop<ManageMembers>, Json(new): Json<NewMember>) -> Result<(StatusCode, Json<Vec<Member>>)> {
    let now = shop.app().clock.now();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let account = identity::find_by_contact(conn, &new.contact).await?.or_refuse(&NO_SUCH_ACCOUNT)?;
        store::insert_member(conn, MemberId::new(now), *seller, account, new.role, now)
            .await
            .on_constraint("members_once", &MEMBER_ALREADY)?;
        Ok((StatusCode::CREATED, Json(store::list_members(scope).await?)))
    })
    .await
}

/// A member in the path.
#[derive(Debug, Deserialize)]
struct MemberPath {
    member_id: MemberId,
}

/// Let somebody leave the shop.
#[utoipa::path(delete, path = "/shops/{shop_id}/members/{member_id}", tag = "access",
    security(("session" = ["shop.members"])),
    params(("shop_id" = SellerId, Path), ("member_id" = MemberId, Path)), responses((status = NO_CONTENT)))]
async fn remove_member(shop: Shop<ManageMembers>, Path(path): Path<MemberPath>) -> Result<StatusCode> {
    let member = path.member_id;
    shop.act(async |scope| {
        let members = store::lock_members(scope).await?;
        let role = members.iter().find(|(id, _)| *id == member).map(|(_, role)| *role);
        let owners = members.iter().filter(|(_, role)| *role == MemberRole::Owner).count();
        if role.or_refuse(&NOT_FOUND)? == MemberRole::Owner && owners == 1 {
            return Err(Error::from(&LAST_OWNER));
        }
        store::delete_member(scope, member).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
