//! The table `addresses`.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::kernel::{AccountId, AddressId};
use crate::platform::error::Result;

/// A saved address.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Address {
    /// The address.
    pub id: AddressId,
    /// Who receives the parcels.
    pub recipient: String,
    /// Whom the carrier calls.
    pub phone: String,
    /// Code of the commune.
    pub commune: String,
    /// Its name today.
    pub commune_name: String,
    /// Name of its province.
    pub province_name: String,
    /// House and street, or hamlet.
    pub street: String,
    /// Whether it is the one taken unless another is named; the first one saved is.
    pub is_default: bool,
}

/// An address to write down.
#[derive(Debug)]
pub struct NewAddress<'a> {
    /// Who receives the parcels.
    pub recipient: &'a str,
    /// Whom the carrier calls.
    pub phone: &'a str,
    /// Code of the commune.
    pub commune: &'a str,
    /// Code of its province.
    pub province: &'a str,
    /// House and street, or hamlet.
    pub street: &'a str,
}

/// Selects whole addresses: the columns, once for the queries that differ only in what follows them.
macro_rules! select_addresses {
    ($rest:tt $($arguments:tt)*) => {
        sqlx::query_as!(
            Address,
            r#"select addresses.id as "id: AddressId", recipient, phone, commune_code as commune,
                      communes.full_name_vi as commune_name, provinces.full_name_vi as province_name, street, is_default
                 from addresses
                 join communes on communes.code = commune_code
                 join provinces on provinces.code = addresses.province_code
               "# + $rest
            $($arguments)*
        )
    };
}

/// The account's addresses, the default one first.
pub async fn list(conn: &mut PgConnection, account: AccountId) -> Result<Vec<Address>> {
    let addresses = select_addresses!("where account_id = $1 order by is_default desc, addresses.id", account as _);
    Ok(addresses.fetch_all(conn).await?)
}

/// The account's own address.
pub async fn find(conn: &mut PgConnection, account: AccountId, id: AddressId) -> Result<Option<Address>> {
    let address = select_addresses!("where account_id = $1 and addresses.id = $2", account as _, id as _);
    Ok(address.fetch_optional(conn).await?)
}

/// The account's own address of that id, or without one its usual address.
pub async fn named_or_usual(
    conn: &mut PgConnection,
    account: AccountId,
    id: Option<AddressId>,
) -> Result<Option<Address>> {
    let address = select_addresses!(
        "where account_id = $1
           and case when $2::uuid is null then is_default else addresses.id = $2 end",
        account as _,
        id as _,
    );
    Ok(address.fetch_optional(conn).await?)
}

/// Writes an address down.
pub async fn insert(
    conn: &mut PgConnection,
    (account, id): (AccountId, AddressId),
    new: &NewAddress<'_>,
    is_default: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into addresses (id, account_id, recipient, phone, commune_code, province_code, street, is_default,
                                created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id as _,
        account as _,
        new.recipient,
        new.phone,
        new.commune,
        new.province,
        new.street,
        is_default,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes the account's own address; `false` if there is none.
pub async fn update(
    conn: &mut PgConnection,
    (account, id): (AccountId, AddressId),
    new: &NewAddress<'_>,
) -> Result<bool> {
    let done = sqlx::query!(
        "update addresses
            set recipient = $3,
                phone = $4,
                commune_code = $5,
                province_code = $6,
                street = $7
          where account_id = $1
            and id = $2",
        account as _,
        id as _,
        new.recipient,
        new.phone,
        new.commune,
        new.province,
        new.street,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes this the only default of the account, whose row is locked.
pub async fn set_default(conn: &mut PgConnection, account: AccountId, id: AddressId) -> Result<()> {
    sqlx::query!(
        "update addresses set is_default = false where account_id = $1 and is_default and id <> $2",
        account as _,
        id as _,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("update addresses set is_default = true where account_id = $1 and id = $2", account as _, id as _)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets the account's own address. If it was the default, the oldest one left is.
pub async fn delete(conn: &mut PgConnection, account: AccountId, id: AddressId) -> Result<()> {
    sqlx::query!("delete from addresses where account_id = $1 and id = $2", account as _, id as _)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "update addresses
            set is_default = true
          where id = (select id from addresses where account_id = $1 order by is_default desc, id limit 1)
            and not is_default",
        account as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
