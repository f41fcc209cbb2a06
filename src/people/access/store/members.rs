//! The table `members`. An invitation is a row nobody has accepted: whoever asks for members gets the accepted ones.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::kernel::{AccountId, MemberId, SellerId};
use crate::people::access::model::{Invitation, Member, MemberRole, Membership};
use crate::people::identity::Contact;
use crate::platform::db::Scoped;
use crate::platform::error::Result;

/// A membership to write down.
pub struct NewMember<'a> {
    pub seller: SellerId,
    pub account: AccountId,
    pub role: MemberRole,
    /// The contact an invitation goes to; without it, there is nothing to accept.
    pub invited_as: Option<&'a Contact>,
}

pub async fn find_role(conn: &mut PgConnection, seller: SellerId, account: AccountId) -> Result<Option<MemberRole>> {
    let role = sqlx::query_scalar!(
        r#"select role as "role: MemberRole"
             from members
            where seller_id = $1
              and account_id = $2
              and accepted_at is not null"#,
        seller as _,
        account as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(role)
}

pub async fn shops_of(conn: &mut PgConnection, account: AccountId) -> Result<Vec<(SellerId, MemberRole)>> {
    let rows = sqlx::query!(
        r#"select seller_id as "seller_id: SellerId", role as "role: MemberRole"
             from members
            where account_id = $1
              and accepted_at is not null
            order by created_at, id"#,
        account as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.seller_id, row.role)).collect())
}

pub async fn invitations_of(conn: &mut PgConnection, account: AccountId) -> Result<Vec<Invitation>> {
    let invitations = sqlx::query_as!(
        Invitation,
        r#"select id as "id: MemberId", seller_id as "seller: SellerId", role as "role: MemberRole", created_at
             from members
            where account_id = $1
              and accepted_at is null
            order by created_at, id"#,
        account as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(invitations)
}

pub async fn members_of(conn: &mut PgConnection, seller: SellerId) -> Result<Vec<AccountId>> {
    let members = sqlx::query_scalar!(
        r#"select account_id as "account_id: AccountId"
             from members
            where seller_id = $1
              and accepted_at is not null
            order by created_at, id"#,
        seller as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(members)
}

pub async fn insert_member(
    conn: &mut PgConnection,
    new: &NewMember<'_>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into members (id, seller_id, account_id, role, created_at, accepted_at, invited_as)
         values ($1, $2, $3, $4, $5, $6, $7)",
        MemberId::new(now) as _,
        new.seller as _,
        new.account as _,
        new.role as _,
        now,
        new.invited_as.is_none().then_some(now),
        new.invited_as.map(Contact::as_str),
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn list_members(scope: &mut Scoped<'_, SellerId>) -> Result<Vec<Member>> {
    let (conn, seller) = scope.split();
    let members = sqlx::query_as!(
        Member,
        r#"select members.id as "id: MemberId",
                  case when accepted_at is not null then account_id end as "account_id: AccountId",
                  case when accepted_at is not null then display_name end as display_name,
                  invited_as,
                  role as "role: MemberRole",
                  members.created_at,
                  accepted_at
             from members
             join accounts on accounts.id = account_id
            where seller_id = $1
            order by members.created_at, members.id"#,
        *seller as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(members)
}

/// Locks the shop's memberships in one order, so that two owners cannot each let the other go.
pub async fn lock_members(conn: &mut PgConnection, seller: SellerId) -> Result<Vec<Membership>> {
    let members = sqlx::query_as!(
        Membership,
        r#"select id as "id: MemberId", role as "role: MemberRole", accepted_at is not null as "accepted!"
             from members
            where seller_id = $1
            order by id
              for update"#,
        seller as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(members)
}

/// The shop one of the account's own memberships or invitations is for.
pub async fn shop_of_membership(conn: &mut PgConnection, account: AccountId, id: MemberId) -> Result<Option<SellerId>> {
    let seller = sqlx::query_scalar!(
        r#"select seller_id as "seller_id: SellerId" from members where id = $1 and account_id = $2"#,
        id as _,
        account as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(seller)
}

/// Accepts one of the account's own invitations; one that was accepted before stays as it is. Whether there is one.
pub async fn accept(scope: &mut Scoped<'_, AccountId>, id: MemberId, now: DateTime<Utc>) -> Result<bool> {
    let (conn, account) = scope.split();
    let done = sqlx::query!(
        "update members
            set accepted_at = coalesce(accepted_at, $3),
                invited_as = null
          where id = $1
            and account_id = $2",
        id as _,
        *account as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn delete_member(conn: &mut PgConnection, seller: SellerId, id: MemberId) -> Result<()> {
    sqlx::query!("delete from members where id = $1 and seller_id = $2", id as _, seller as _).execute(conn).await?;
    Ok(())
}
