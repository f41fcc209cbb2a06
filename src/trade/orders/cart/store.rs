//! The table `cart_items`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Item, Quantity};
use crate::kernel::{AccountId, VariantId, Vnd};
use crate::platform::error::Result;

/// What is in the account's cart, in the order it was put in.
pub async fn list(conn: &mut PgConnection, account: AccountId) -> Result<Vec<Item>> {
    let items = sqlx::query_as!(
        Item,
        r#"select variant_id as "variant: VariantId", quantity, seen_price_vnd as "seen_price: Vnd"
             from cart_items
            where account_id = $1
            order by added_at, variant_id"#,
        account as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(items)
}

/// Puts the variant in, or changes how many of it are wanted; it keeps its place.
pub async fn put(
    conn: &mut PgConnection,
    account: AccountId,
    variant: VariantId,
    quantity: Quantity,
    price: Vnd,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!(
        "insert into cart_items (account_id, variant_id, quantity, seen_price_vnd, added_at)
         values ($1, $2, $3, $4, $5)
         on conflict on constraint cart_items_pk do update
            set quantity = excluded.quantity,
                seen_price_vnd = excluded.seen_price_vnd",
        account as _,
        variant as _,
        quantity.get(),
        price as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes these variants out.
pub async fn remove(conn: &mut PgConnection, account: AccountId, variants: &[VariantId]) -> Result<()> {
    sqlx::query!(
        "delete from cart_items
          where account_id = $1
            and variant_id = any($2)",
        account as _,
        variants as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes everything out.
pub async fn clear(conn: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query!("delete from cart_items where account_id = $1", account as _).execute(conn).await?;
    Ok(())
}
