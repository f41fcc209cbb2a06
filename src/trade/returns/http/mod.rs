//! Giving back: what the rules are, asking, answering.

mod buyer;
mod policies;
mod shop;

use std::collections::BTreeMap;

use axum::extract::DefaultBodyLimit;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::ReturnStatus;
use crate::app::App;
use crate::kernel::{Limit, OrderLineId, ReturnId};
use crate::platform::error::{Error, Result};
use crate::platform::extract::INVALID;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(policies::show_return_rules))
        .routes(routes!(policies::show_return_policy))
        .routes(routes!(policies::show_shop_return_policy, policies::set_shop_return_policy))
        .routes(routes!(buyer::request_return))
        .routes(routes!(buyer::list_returns))
        .routes(routes!(buyer::show_return))
        .routes(routes!(buyer::take_return_offer))
        .routes(routes!(buyer::send_back))
        .routes(routes!(buyer::escalate_return))
        .routes(routes!(buyer::withdraw_return))
        .routes(routes!(shop::list_shop_returns))
        .routes(routes!(shop::show_shop_return))
        .routes(routes!(shop::read_return_photo))
        .routes(routes!(shop::answer_return))
        .routes(routes!(shop::receive_return))
        .routes(routes!(shop::contest_return))
        .routes(routes!(shop::follow_recommendation))
        .layer(DefaultBodyLimit::max(32 * 1024))
}

/// Units of an order's line.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnUnits {
    /// The order's line.
    pub order_line_id: OrderLineId,
    /// How many units of it.
    #[schema(minimum = 1, maximum = 999, example = 1)]
    pub quantity: i32,
}

/// Lines of one request.
const MOST_LINES: usize = 100;

/// The units by line; none, too many lines, a line named twice or a quantity that is none is refused at `lines`.
pub fn units_of(lines: &[ReturnUnits]) -> Result<BTreeMap<OrderLineId, i32>> {
    let wrong = |at: String, why: &str| Err(Error::from(&INVALID).at(at, why));
    if lines.is_empty() || lines.len() > MOST_LINES {
        return wrong("lines".to_owned(), "phải từ một đến 100 dòng / must be one to 100 lines");
    }
    if let Some(at) = lines.iter().position(|line| !(1..=999).contains(&line.quantity)) {
        return wrong(format!("lines[{at}].quantity"), "phải từ 1 đến 999 / must be between 1 and 999");
    }
    let units: BTreeMap<OrderLineId, i32> = lines.iter().map(|line| (line.order_line_id, line.quantity)).collect();
    if units.len() == lines.len() {
        Ok(units)
    } else {
        wrong("lines".to_owned(), "mỗi dòng chỉ được nêu một lần / must name each line once")
    }
}

/// Which returns, and where a page of them begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReturnsPage {
    /// Where they stand; all if nothing is said.
    status: Option<ReturnStatus>,
    /// Returns on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// A return in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct ReturnPath {
    return_id: ReturnId,
}
