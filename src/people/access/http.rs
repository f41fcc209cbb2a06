//! Who belongs to a shop, and what one may do as an officer.

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Grant, Member, MemberRole};
use super::permissions::{ManageMembers, ReadShop};
use super::shop::Shop;
use super::store::{self, NewMember};
use crate::app::App;
use crate::kernel::{MemberId, SellerId};
use crate::people::identity::{self, Contact, SignedIn};
use crate::platform::error::{Error, NOT_FOUND, OnConstraint as _, OrRefuse as _, Problem, Result};
use crate::platform::extract::{Json, Path};

/// No account has confirmed this contact.
pub const NO_SUCH_ACCOUNT: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "no-such-account",
    vi: "Chưa có tài khoản nào dùng liên hệ này",
    en: "No account uses this contact yet",
};

/// They belong to the shop already, or are invited to.
pub const MEMBER_ALREADY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "member-already",
    vi: "Người này đã là thành viên hoặc đã được mời",
    en: "This person already belongs to the shop or is invited",
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
        .routes(routes!(list_members, invite_member))
        .routes(routes!(remove_member))
        .routes(routes!(accept_invitation))
        .routes(routes!(leave_shop))
        .routes(routes!(list_own_grants))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// Who belongs to the shop, or is invited to.
#[utoipa::path(get, path = "/shops/{shop_id}/members", tag = "access", security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path)), responses((status = OK, body = Vec<Member>)))]
async fn list_members(shop: Shop<ReadShop>) -> Result<Json<Vec<Member>>> {
    shop.see(async |scope| Ok(Json(store::list_members(scope).await?))).await
}

/// Somebody to invite into the shop.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "contact": "0912 345 679", "role": "packer" }))]
struct InvitationRequest {
    /// A contact their account has confirmed.
    #[schema(value_type = String)]
    contact: Contact,
    /// What they may do.
    role: MemberRole,
}

/// Invite somebody into the shop. They have no part in it until they accept, and may decline.
#[utoipa::path(post, path = "/shops/{shop_id}/members", tag = "access", security(("session" = ["shop.members"])),
    params(("shop_id" = SellerId, Path)), responses((status = CREATED, body = Vec<Member>)))]
async fn invite_member(
    shop: Shop<ManageMembers>,
    Json(request): Json<InvitationRequest>,
) -> Result<(StatusCode, Json<Vec<Member>>)> {
    let now = shop.app().clock.now();
    identity::count_invitation(shop.app(), shop.account, now).await?;
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let found = identity::find_by_contact(conn, &request.contact).await?;
        let account = found.or_refuse(&NO_SUCH_ACCOUNT)?;
        let new = NewMember { seller: *seller, account, role: request.role, invited_as: Some(&request.contact) };
        store::insert_member(conn, &new, now).await.on_constraint("members_once", &MEMBER_ALREADY)?;
        Ok((StatusCode::CREATED, Json(store::list_members(scope).await?)))
    })
    .await
}

/// A member in the path.
#[derive(Debug, Deserialize)]
struct MemberPath {
    member_id: MemberId,
}

/// Let somebody leave the shop, or take an invitation back.
#[utoipa::path(delete, path = "/shops/{shop_id}/members/{member_id}", tag = "access",
    security(("session" = ["shop.members"])),
    params(("shop_id" = SellerId, Path), ("member_id" = MemberId, Path)), responses((status = NO_CONTENT)))]
async fn remove_member(shop: Shop<ManageMembers>, Path(path): Path<MemberPath>) -> Result<StatusCode> {
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let_go(conn, *seller, path.member_id).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Accept an invitation into a shop.
#[utoipa::path(put, path = "/me/invitations/{member_id}", tag = "access", security(("session" = ["account"])),
    params(("member_id" = MemberId, Path)), responses((status = NO_CONTENT)))]
async fn accept_invitation(me: SignedIn, Path(path): Path<MemberPath>) -> Result<StatusCode> {
    let now = me.app().clock.now();
    let found = me.act(async |scope| store::accept(scope, path.member_id, now).await).await?;
    if found { Ok(StatusCode::NO_CONTENT) } else { Err(Error::from(&NOT_FOUND)) }
}

/// Leave a shop, or decline its invitation.
#[utoipa::path(delete, path = "/me/memberships/{member_id}", tag = "access", security(("session" = ["account"])),
    params(("member_id" = MemberId, Path)), responses((status = NO_CONTENT)))]
async fn leave_shop(me: SignedIn, Path(path): Path<MemberPath>) -> Result<StatusCode> {
    me.act(async |scope| {
        let (conn, account) = scope.split();
        let seller = store::shop_of_membership(conn, *account, path.member_id).await?.or_refuse(&NOT_FOUND)?;
        let_go(conn, seller, path.member_id).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the caller may do as an officer, today or later; empty for everybody else.
#[utoipa::path(get, path = "/me/grants", tag = "access", security(("session" = ["account"])),
    responses((status = OK, body = Vec<Grant>)))]
async fn list_own_grants(me: SignedIn) -> Result<Json<Vec<Grant>>> {
    let today = me.app().clock.today();
    me.see(async |scope| Ok(Json(store::own_grants(scope, today).await?))).await
}

/// Ends the membership or the invitation. Refuses with [`LAST_OWNER`] where nobody could change the shop any more.
async fn let_go(conn: &mut PgConnection, seller: SellerId, id: MemberId) -> Result<()> {
    let members = store::lock_members(conn, seller).await?;
    let leaving = members.iter().find(|member| member.id == id).or_refuse(&NOT_FOUND)?;
    let owners = members.iter().filter(|member| member.is_owner()).count();
    if leaving.is_owner() && owners == 1 {
        return Err(Error::from(&LAST_OWNER));
    }
    store::delete_member(conn, seller, id).await
}
