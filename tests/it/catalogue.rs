//! Listings: written by shops, reviewed by officers, published under a name that stays.
#![expect(clippy::unwrap_used, reason = "helpers of tests, outside the functions marked as tests")]

mod changes;
mod life;
mod packs;
mod references;
mod revisions;
mod rules;

use ocop_market::kernel::ListingId;
use serde_json::Value;

use crate::support::TestApp;

fn missing(body: &Value) -> Vec<&str> {
    body["missing"].as_array().unwrap().iter().map(|missing| missing["code"].as_str().unwrap()).collect()
}

/// A column of the listing's row, as text.
async fn row(app: &TestApp, id: &str, column: &'static str) -> String {
    let id: ListingId = id.parse().unwrap();
    let see = app.app.db.see(async |conn| {
        let row = sqlx::query_scalar::<_, String>(
            "select coalesce(to_jsonb(listings) ->> $2, 'null') from listings where id = $1",
        );
        Ok(row.bind(id).bind(column).fetch_one(conn).await?)
    });
    see.await.unwrap()
}
