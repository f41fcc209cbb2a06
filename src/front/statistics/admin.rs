//! The officers' numbers: seven tables a month, each as JSON or as a file.

use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{CertificateCount, ListingCount, OrderFigures, Period, ProvinceFigures, SearchCount, SellerCount};
use super::store;
use super::tables::{self, CaseSummary, Concentration, InProvince, Row};
use crate::app::App;
use crate::kernel::{Lang, Month};
use crate::people::access::{Officer, Provinces, ReadStatistics};
use crate::platform::error::{Error, Result};
use crate::platform::extract::{INVALID, Json, Query};
use crate::platform::sheets::{Export, Format, Ready};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_seller_statistics))
        .routes(routes!(show_listing_statistics))
        .routes(routes!(show_certificate_statistics))
        .routes(routes!(show_case_statistics))
        .routes(routes!(show_order_statistics))
        .routes(routes!(show_search_statistics))
        .routes(routes!(show_concentration))
}

/// Which month, and how it is written.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MonthQuery {
    /// The month in Viet Nam; the running one if nothing is said.
    #[param(value_type = Option<String>, example = "2026-10")]
    month: Option<Month>,
    /// As a file to download; JSON with the circumstances if nothing is said.
    format: Option<Format>,
}

/// A table of a month.
#[derive(Debug, Serialize, ToSchema)]
struct Report<T> {
    /// The month.
    #[schema(value_type = String, example = "2026-10")]
    month: Month,
    /// Whether the figures may still change: the month is not over, or was not closed yet.
    provisional: bool,
    /// When the month was closed; what has no date (the status of shops, the shelf) is of that instant.
    frozen_at: Option<DateTime<Utc>>,
    /// The figures, by province.
    rows: Vec<T>,
}

/// The figures of a month for whoever asks.
struct Asked {
    month: Month,
    frozen_at: Option<DateTime<Utc>>,
    figures: Vec<ProvinceFigures>,
    now: DateTime<Utc>,
    lang: Lang,
    format: Option<Format>,
}

impl Asked {
    async fn new(officer: &Officer<ReadStatistics>, query: &MonthQuery, lang: Lang) -> Result<Self> {
        let clock = &officer.app().clock;
        let (now, current) = (clock.now(), Month::of(clock.today()));
        let month = query.month.unwrap_or(current);
        if month > current {
            return Err(Error::from(&INVALID).at("month", ("chưa đến tháng này", "must not lie in the future")));
        }
        let (figures, frozen_at) = officer
            .see(async |scope| {
                let (conn, provinces) = scope.split();
                figures_of(conn, provinces, month, now).await
            })
            .await?;
        Ok(Self { month, frozen_at, figures, now, lang, format: query.format })
    }

    async fn answer<T: Row>(self, rows: Vec<T>) -> Result<Response> {
        let Self { month, frozen_at, now, lang, .. } = self;
        let provisional = frozen_at.is_none();
        let Some(format) = self.format else {
            return Ok(Json(Report { month, provisional, frozen_at, rows }).into_response());
        };
        let provisionally = if provisional { " (tạm tính)" } else { "" };
        let name = format!("{} {}{provisionally}", T::TITLE, month);
        let export = Export { format, lang, name, columns: T::COLUMNS, made_at: frozen_at.unwrap_or(now) };
        export.send(Ready(rows.iter().map(Row::cells).collect())).await
    }
}

/// What was frozen, or else what is counted now.
async fn figures_of(
    conn: &mut PgConnection,
    provinces: &Provinces,
    month: Month,
    now: DateTime<Utc>,
) -> Result<(Vec<ProvinceFigures>, Option<DateTime<Utc>>)> {
    match store::find_frozen(conn, provinces, month).await? {
        Some((figures, frozen_at)) => Ok((figures, Some(frozen_at))),
        None => Ok((store::count(conn, provinces, &Period::of(month, now)).await?, None)),
    }
}

/// Shops by kind, status and commune, at the month's end.
#[utoipa::path(get, path = "/statistics/sellers", tag = "statistics", security(("session" = ["statistics.read"])),
    params(MonthQuery), responses((status = OK, content(
        (Report<InProvince<SellerCount>> = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/jsonl"),
    ))))]
async fn show_seller_statistics(
    officer: Officer<ReadStatistics>,
    lang: Lang,
    Query(query): Query<MonthQuery>,
) -> Result<Response> {
    let asked = Asked::new(&officer, &query, lang).await?;
    let rows = tables::in_provinces(&asked.figures, |province| &province.sellers);
    asked.answer(rows).await
}

/// Listings on the shelf by commune, product set and stars, at the month's end.
#[utoipa::path(get, path = "/statistics/listings", tag = "statistics", security(("session" = ["statistics.read"])),
    params(MonthQuery), responses((status = OK, content(
        (Report<InProvince<ListingCount>> = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/jsonl"),
    ))))]
async fn show_listing_statistics(
    officer: Officer<ReadStatistics>,
    lang: Lang,
    Query(query): Query<MonthQuery>,
) -> Result<Response> {
    let asked = Asked::new(&officer, &query, lang).await?;
    let rows = tables::in_provinces(&asked.figures, |province| &province.listings);
    asked.answer(rows).await
}

/// Certificates by state and stars on the month's last day, and how many fall due.
#[utoipa::path(get, path = "/statistics/certificates", tag = "statistics", security(("session" = ["statistics.read"])),
    params(MonthQuery), responses((status = OK, content(
        (Report<InProvince<CertificateCount>> = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/jsonl"),
    ))))]
async fn show_certificate_statistics(
    officer: Officer<ReadStatistics>,
    lang: Lang,
    Query(query): Query<MonthQuery>,
) -> Result<Response> {
    let asked = Asked::new(&officer, &query, lang).await?;
    let rows = tables::in_provinces(&asked.figures, |province| &province.certificates);
    asked.answer(rows).await
}

/// Cases by kind: opened, decided and how fast, late, waiting.
#[utoipa::path(get, path = "/statistics/cases", tag = "statistics", security(("session" = ["statistics.read"])),
    params(MonthQuery), responses((status = OK, content(
        (Report<InProvince<CaseSummary>> = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/jsonl"),
    ))))]
async fn show_case_statistics(
    officer: Officer<ReadStatistics>,
    lang: Lang,
    Query(query): Query<MonthQuery>,
) -> Result<Response> {
    let asked = Asked::new(&officer, &query, lang).await?;
    let rows = tables::cases(&asked.figures);
    asked.answer(rows).await
}

/// Orders of the provinces' shops by destination: placed, delivered, cancelled.
#[utoipa::path(get, path = "/statistics/orders", tag = "statistics", security(("session" = ["statistics.read"])),
    params(MonthQuery), responses((status = OK, content(
        (Report<InProvince<OrderFigures>> = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/jsonl"),
    ))))]
async fn show_order_statistics(
    officer: Officer<ReadStatistics>,
    lang: Lang,
    Query(query): Query<MonthQuery>,
) -> Result<Response> {
    let asked = Asked::new(&officer, &query, lang).await?;
    let rows = tables::in_provinces(&asked.figures, |province| &province.orders);
    asked.answer(rows).await
}

/// What people looked for in the provinces and did not find, the most often first; what hardly anybody looked for is
/// left out.
#[utoipa::path(get, path = "/statistics/searches", tag = "statistics", security(("session" = ["statistics.read"])),
    params(MonthQuery), responses((status = OK, content(
        (Report<InProvince<SearchCount>> = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/jsonl"),
    ))))]
async fn show_search_statistics(
    officer: Officer<ReadStatistics>,
    lang: Lang,
    Query(query): Query<MonthQuery>,
) -> Result<Response> {
    let asked = Asked::new(&officer, &query, lang).await?;
    let rows = tables::in_provinces(&asked.figures, |province| &province.searches);
    asked.answer(rows).await
}

/// How the orders of one's provinces are spread: Hà Nội and Hồ Chí Minh City against the others, and the concentration index.
#[utoipa::path(get, path = "/statistics/concentration", tag = "statistics", security(("session" = ["statistics.read"])),
    params(MonthQuery), responses((status = OK, content(
        (Report<Concentration> = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/jsonl"),
    ))))]
async fn show_concentration(
    officer: Officer<ReadStatistics>,
    lang: Lang,
    Query(query): Query<MonthQuery>,
) -> Result<Response> {
    let asked = Asked::new(&officer, &query, lang).await?;
    let rows = tables::concentration(&asked.figures);
    asked.answer(rows).await
}
