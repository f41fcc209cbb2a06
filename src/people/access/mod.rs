//! Who may do what, as types.
//!
//! [`Officer`], [`Shop`] and [`Buyer`] (and `app::Public` for everybody else) are extractors that authenticate **and**
//! authorise; their `see` and `act` are the only road to data and hand out `Scoped` connections, which come only
//! together with the filter their queries must apply. What is not yours does not exist (404); 403 is for a function
//! your role lacks.

pub mod admin;
pub mod http;
mod letters;
mod model;
mod national;
mod officer;
mod permissions;
mod shop;
mod store;

pub use letters::{write, write_to_members, write_to_officers};
pub use model::{Department, DepartmentKind, Invitation, MemberRole, NewGrant, OfficerRole, Provinces};
pub use national::{is_national, require_national};
pub use officer::{NOT_YOUR_FUNCTION, Officer};
pub use permissions::*;
pub use shop::Shop;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, DepartmentId, GrantId, SellerId};
use crate::platform::error::Result;
use store::NewMember;

/// Every account can buy, and so can a guest.
pub use super::identity::Buyer;

/// Makes `account` a member of the shop at once: its founder, who need not be asked.
pub async fn add_member(
    conn: &mut PgConnection,
    seller: SellerId,
    account: AccountId,
    role: MemberRole,
    now: DateTime<Utc>,
) -> Result<()> {
    Ok(store::insert_member(conn, &NewMember { seller, account, role, invited_as: None }, now).await?)
}

/// Whether `account` belongs to the shop; nobody decides on their own.
pub async fn is_member(conn: &mut PgConnection, seller: SellerId, account: AccountId) -> Result<bool> {
    Ok(store::find_role(conn, seller, account).await?.is_some())
}

/// The shops that would like `account` to belong to them, the oldest invitation first.
pub async fn invitations_of(conn: &mut PgConnection, account: AccountId) -> Result<Vec<Invitation>> {
    store::invitations_of(conn, account).await
}

/// The shops `account` belongs to.
pub async fn shops_of(conn: &mut PgConnection, account: AccountId) -> Result<Vec<(SellerId, MemberRole)>> {
    store::shops_of(conn, account).await
}

/// Everybody who belongs to the shop.
pub async fn members_of(conn: &mut PgConnection, seller: SellerId) -> Result<Vec<AccountId>> {
    store::members_of(conn, seller).await
}

/// The officers of the province's own departments who hold the permission there on the day; the national desk is none
/// of them.
pub async fn officers_of(
    conn: &mut PgConnection,
    province_code: &str,
    permission: &str,
    today: NaiveDate,
) -> Result<Vec<AccountId>> {
    store::holders_of(conn, false, province_code, permission, today).await
}

/// The officers of the national department who hold the permission in the province on the day.
pub async fn national_officers_of(
    conn: &mut PgConnection,
    province_code: &str,
    permission: &str,
    today: NaiveDate,
) -> Result<Vec<AccountId>> {
    store::holders_of(conn, true, province_code, permission, today).await
}

/// Makes a department responsible for `provinces` from `since` on, or finds the one with this slug.
pub async fn ensure_department(
    conn: &mut PgConnection,
    department: &Department,
    provinces: &[String],
    since: DateTime<Utc>,
) -> Result<DepartmentId> {
    store::ensure_department(conn, department, provinces, since).await
}

/// Gives an account an officer's permissions.
pub async fn grant(conn: &mut PgConnection, grant: &NewGrant, now: DateTime<Utc>) -> Result<GrantId> {
    let id = GrantId::new(now);
    store::insert_grant(conn, id, grant, now).await?;
    Ok(id)
}
