//! Officers read the tax returns of their provinces; whether the books agree is for the national operator.

use axum::response::{IntoResponse as _, Response};
use chrono::{Datelike as _, NaiveDate};
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::checks::{self, Verification};
use super::store::taxes as store;
use super::tables;
use super::taxes::{TaxReturn, TaxReturnRow, Withheld};
use crate::app::App;
use crate::calendar;
use crate::kernel::{Lang, Month};
use crate::market::sellers;
use crate::people::access::{ManageMoney, Officer, Provinces, ReadTaxes, require_national};
use crate::platform::error::{Error, NOT_FOUND, Result};
use crate::platform::extract::{Json, Path, Query};
use crate::platform::seal::Seal;
use crate::platform::sheets::{Export, Format, Ready};
use crate::trade::ledger;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_tax_return)).routes(routes!(verify_books))
}

/// A month in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct MonthPath {
    month: Month,
}

/// How a return is wanted.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TaxReturnQuery {
    /// As a file to download; JSON if nothing is said.
    format: Option<Format>,
    /// Whether households are named by their whole personal ID, as the filing needs it. Reading it is recorded.
    #[serde(default)]
    full_ids: bool,
}

/// What was withheld in a month from the sellers of one's provinces, with the day it is due. Until the month is closed the
/// figures may still grow; what comes back later is offset in the month in which it comes back.
#[utoipa::path(get, path = "/tax_returns/{month}", tag = "taxes", security(("session" = ["taxes.read"])),
    params(("month" = Month, Path), TaxReturnQuery), responses((status = OK, content(
        (TaxReturn = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/jsonl"),
    ))))]
async fn show_tax_return(
    officer: Officer<ReadTaxes>,
    lang: Lang,
    Path(path): Path<MonthPath>,
    Query(query): Query<TaxReturnQuery>,
) -> Result<Response> {
    let (clock, seal, month) = (&officer.app().clock, &officer.app().seal, path.month);
    if month > Month::of(clock.today()) {
        return Err(Error::from(&NOT_FOUND));
    }
    let tax_return = if query.full_ids {
        let read = officer.act_noting(officer.account.as_uuid(), async |scope| {
            let (conn, provinces) = scope.split();
            let mut found = tax_return(conn, provinces, month).await?;
            let named = name_in_full(conn, seal, &mut found.rows).await?;
            Ok((found, serde_json::json!({ "id_data": "read", "month": month, "sellers": named })))
        });
        read.await?
    } else {
        let read = officer.see(async |scope| {
            let (conn, provinces) = scope.split();
            tax_return(conn, provinces, month).await
        });
        read.await?
    };
    let Some(format) = query.format else { return Ok(Json(tax_return).into_response()) };
    let name = format!("Tờ khai khấu trừ thuế {month}");
    let export = Export { format, lang, name, columns: tables::TAX_RETURN, made_at: clock.now() };
    export.send(Ready(tables::tax_return(&tax_return.rows))).await
}

async fn tax_return(conn: &mut PgConnection, provinces: &Provinces, month: Month) -> Result<TaxReturn> {
    let (due_on, legal_basis) = due(conn, month).await?;
    let rows = store::of_month(conn, provinces, month).await?;
    let total = Withheld::sum(rows.iter().map(|row| &row.withheld));
    Ok(TaxReturn {
        month,
        due_on,
        legal_basis,
        closed: ledger::closed_until(conn).await?.is_some_and(|closed| closed >= month.end()),
        total: total.ok_or_else(|| Error::fault("a month's taxes do not fit"))?,
        rows,
    })
}

/// The last day to file and pay for the month: the day of the next one the row names, or the next working day.
async fn due(conn: &mut PgConnection, month: Month) -> Result<(NaiveDate, String)> {
    let next = month.next().first_day();
    let row = store::return_day(conn, next).await?;
    let day = row.and_then(|(day, legal_basis)| Some((next.with_day(day)?, legal_basis)));
    let (day, legal_basis) = day.ok_or_else(|| Error::fault(format!("no row says when {month} is due")))?;
    Ok((calendar::working_day_from(conn, day).await?, legal_basis))
}

/// Puts whole personal IDs where there are any, and says whose.
async fn name_in_full(conn: &mut PgConnection, seal: &Seal, rows: &mut [TaxReturnRow]) -> Result<Vec<String>> {
    let mut named = Vec::new();
    for row in rows {
        if let Some(number) = sellers::personal_id(conn, seal, row.seller_id).await? {
            row.tax_code = Some(number);
            named.push(row.seller_id.to_string());
        }
    }
    Ok(named)
}

/// Whether the books agree with themselves and with what happened.
#[utoipa::path(get, path = "/books/verification", tag = "taxes", security(("session" = ["money.manage"])),
    responses((status = OK, body = Verification)))]
async fn verify_books(officer: Officer<ManageMoney>) -> Result<Json<Verification>> {
    officer
        .see(async |scope| {
            let (conn, provinces) = scope.split();
            require_national(conn, provinces).await?;
            Ok(Json(checks::verify(conn).await?))
        })
        .await
}
