//! Banks, and the account buyers of a shop pay to.

use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::app::Public;
use crate::kernel::SellerId;
use crate::people::access::{ManageBankAccounts, ReadShop, Shop};
use crate::people::notify;
use crate::platform::error::Result;
use crate::platform::etag::Cacheable;
use crate::platform::extract::Json;
use crate::trade::payments::transfers::model::{AccountForm, Bank, BankAccount};
use crate::trade::payments::transfers::{accounts, store};

/// The banks a transfer can go to.
#[utoipa::path(get, path = "/banks", tag = "payments", security(()), responses((status = OK, body = Vec<Bank>)))]
pub async fn list_banks(public: Public) -> Result<Cacheable<Vec<Bank>>> {
    let today = public.app().clock.today();
    public.see(async |conn| Ok(Cacheable(store::accounts::banks(conn, today).await?))).await
}

/// To which account buyers pay.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShopBankAccounts {
    /// To which they pay now; null if nobody can.
    current: Option<BankAccount>,
    /// To which they will pay; null if nothing changes.
    pending: Option<BankAccount>,
}

async fn shown(
    conn: &mut PgConnection,
    seller: SellerId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Json<ShopBankAccounts>> {
    Ok(Json(ShopBankAccounts {
        current: store::accounts::in_force(conn, seller, now).await?,
        pending: store::accounts::pending(conn, seller, now).await?,
    }))
}

/// The account buyers pay to, and the one they will.
#[utoipa::path(get, path = "/shops/{shop_id}/bank_account", tag = "payments", security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path)), responses((status = OK, body = ShopBankAccounts)))]
pub async fn show_bank_account(shop: Shop<ReadShop>) -> Result<Json<ShopBankAccounts>> {
    let now = shop.app().clock.now();
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        shown(conn, *seller, now).await
    })
    .await
}

/// Say to which account buyers pay.
///
/// The first account is in force at once. A change waits a day, and every member is told; whoever did not mean it sets
/// the former account again, which takes the change back. The holder must be the shop, its registered name or who
/// represents it.
#[utoipa::path(put, path = "/shops/{shop_id}/bank_account", tag = "payments", security(("session" = ["shop.bank"])),
    params(("shop_id" = SellerId, Path)), responses((status = OK, body = ShopBankAccounts)))]
pub async fn set_bank_account(
    shop: Shop<ManageBankAccounts>,
    Json(form): Json<AccountForm>,
) -> Result<Json<ShopBankAccounts>> {
    let now = shop.app().clock.now();
    let (set, letters) = shop
        .act(async |scope| {
            let (conn, seller) = scope.split();
            let whose = (*seller, shop.account);
            let letters = accounts::set(conn, &shop.app().seal, whose, &form, now).await?;
            Ok((shown(conn, *seller, now).await?, letters))
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(shop.app().settings.demo, letter);
    }
    Ok(set)
}
