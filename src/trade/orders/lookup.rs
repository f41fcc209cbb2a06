//! An order found again by its number and the phone given with it, whoever asks: guests have nothing else.
//!
//! The number's letters are the secret. A wrong pair looks like a number nobody has, and attempts are counted per
//! number and per address before anything is looked up.

use axum::extract::DefaultBodyLimit;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::http::{OrderView, view};
use super::store;
use crate::app::{App, Public};
use crate::kernel::{Line, Phone};
use crate::people::identity;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::Json;

/// The endpoint.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(look_up_order)).layer(DefaultBodyLimit::max(1024))
}

/// What stands on the confirmation of an order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "number": "OCOP-261121-7K3QZ8M2XW", "phone": "0912 345 678" }))]
struct Lookup {
    /// The order's number; case does not matter.
    #[schema(value_type = String, min_length = 10, max_length = 40)]
    number: Line<10, 40>,
    /// The phone number given with the order.
    phone: Phone,
}

/// Look at an order by its number and the phone number given with it.
#[utoipa::path(post, path = "/order_lookups", tag = "orders", security(()),
    responses((status = OK, body = OrderView), (status = NOT_FOUND), (status = TOO_MANY_REQUESTS)))]
async fn look_up_order(public: Public, Json(lookup): Json<Lookup>) -> Result<Json<OrderView>> {
    let app = public.app();
    let number = lookup.number.to_uppercase();
    identity::count_order_lookup(app, &number, public.address, app.clock.now()).await?;
    public
        .see(async |conn| {
            let found = store::of_number(conn, &number, lookup.phone.as_str()).await?;
            view(conn, found.or_refuse(&NOT_FOUND)?).await
        })
        .await
}
