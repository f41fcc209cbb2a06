//! A shop reads its statements and its tax certificates.

use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::PgConnection;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::document;
use super::model::{PeriodQuery, STATEMENT_TOO_LONG, ShopAccounts, Statement, StatementMonth, is_closed};
use super::store::{self, taxes as store_taxes};
use super::tables;
use super::taxes::{TaxCertificate, Withheld};
use crate::app::App;
use crate::kernel::clock::start_of_day;
use crate::kernel::{Lang, SellerId};
use crate::people::access::{HandleMoney, Shop};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, Path, Query};
use crate::platform::printable::Printable;
use crate::platform::sheets::{Export, Format, Ready};
use crate::trade::ledger;

/// Rows of a statement, at most.
const MOST_ROWS: usize = 5_000;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_statements))
        .routes(routes!(show_statement))
        .routes(routes!(show_tax_certificate))
        .routes(routes!(print_tax_certificate))
}

/// The months the shop has statements of, the latest first.
#[utoipa::path(get, path = "/shops/{shop_id}/statements", tag = "statements", security(("session" = ["shop.money"])),
    params(("shop_id" = SellerId, Path)), responses((status = OK, body = Vec<StatementMonth>)))]
async fn list_statements(shop: Shop<HandleMoney>) -> Result<Json<Vec<StatementMonth>>> {
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        let closed_until = ledger::closed_until(conn).await?;
        let months = store::months(conn, &ShopAccounts::of(*seller)).await?;
        Ok(Json(months.into_iter().map(|month| StatementMonth::of(month, closed_until)).collect()))
    })
    .await
}

/// The shop's statement of a month or of some days: order by order what was paid, what was charged and withheld, what
/// went back, and what is to be paid out or owed.
#[utoipa::path(get, path = "/shops/{shop_id}/statement", tag = "statements", security(("session" = ["shop.money"])),
    params(("shop_id" = SellerId, Path), PeriodQuery), responses((status = OK, content(
        (Statement = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/jsonl"),
    ))))]
async fn show_statement(shop: Shop<HandleMoney>, lang: Lang, Query(query): Query<PeriodQuery>) -> Result<Response> {
    let clock = &shop.app().clock;
    let (now, period) = (clock.now(), query.period(clock.today())?);
    let statement = shop
        .see(async |scope| {
            let (conn, seller) = scope.split();
            let accounts = ShopAccounts::of(*seller);
            let rows = store::rows(conn, &accounts, period, i64::try_from(MOST_ROWS)? + 1).await?;
            if rows.len() > MOST_ROWS {
                return Err(Error::from(&STATEMENT_TOO_LONG).fact("most_rows", MOST_ROWS));
            }
            Ok(Statement {
                period,
                closed: is_closed(period, ledger::closed_until(conn).await?),
                opening: store::position(conn, &accounts, period.start()).await?,
                closing: store::position(conn, &accounts, period.end()).await?,
                rows,
            })
        })
        .await?;
    if !statement.adds_up() {
        return Err(Error::fault(format!("the statement of {} for {period:?} does not add up", shop.seller)));
    }
    let Some(format) = query.format else { return Ok(Json(statement).into_response()) };
    let name = format!("Sao kê {} {}", period.from, period.to);
    let export = Export { format, lang, name, columns: tables::STATEMENT, made_at: period.end().min(now) };
    export.send(Ready(tables::statement(&statement, lang))).await
}

/// A year in the path.
#[derive(Debug, Clone, Copy, Deserialize)]
struct YearPath {
    year: i32,
}

impl YearPath {
    /// Its first day, and the first after it; what lies ahead does not exist.
    fn days(self, today: NaiveDate) -> Result<(NaiveDate, NaiveDate)> {
        let first = |year| NaiveDate::from_ymd_opt(year, 1, 1);
        let days = first(self.year).zip(self.year.checked_add(1).and_then(first));
        days.filter(|(from, _)| self.year >= 2020 && *from <= today).or_refuse(&NOT_FOUND)
    }
}

/// The certificate of a year, as it stands.
async fn certificate(
    conn: &mut PgConnection,
    seller: SellerId,
    path: YearPath,
    today: NaiveDate,
) -> Result<TaxCertificate> {
    let (from, until) = path.days(today)?;
    let year = (start_of_day(from), start_of_day(until));
    let months = store_taxes::of_seller(conn, seller, year).await?;
    let total = Withheld::sum(months.iter().map(|month| &month.withheld));
    let (legal_basis, provisional) = store_taxes::grounds(conn, seller, year).await?;
    let taxpayer = store_taxes::taxpayer(conn, seller).await?;
    Ok(TaxCertificate {
        year: path.year,
        seller: taxpayer.seller,
        tax_code: taxpayer.tax_code,
        province: taxpayer.province,
        legal_basis,
        provisional,
        closed: ledger::closed_until(conn).await?.is_some_and(|closed| closed >= year.1),
        total: total.ok_or_else(|| Error::fault("a year's taxes do not fit"))?,
        months,
        demo: taxpayer.demo,
    })
}

/// As what a certificate is wanted.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CertificateQuery {
    /// As a file to download; JSON if nothing is said.
    format: Option<Format>,
}

/// What was withheld from the shop in a year, month by month, with what it rests on. The running year is provisional.
#[utoipa::path(get, path = "/shops/{shop_id}/tax_certificates/{year}", tag = "statements",
    security(("session" = ["shop.money"])), params(("shop_id" = SellerId, Path), ("year" = i32, Path), CertificateQuery),
    responses((status = OK, content(
        (TaxCertificate = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/jsonl"),
    ))))]
async fn show_tax_certificate(
    shop: Shop<HandleMoney>,
    lang: Lang,
    Path(path): Path<YearPath>,
    Query(query): Query<CertificateQuery>,
) -> Result<Response> {
    let clock = &shop.app().clock;
    let certificate = shop
        .see(async |scope| {
            let (conn, seller) = scope.split();
            certificate(conn, *seller, path, clock.today()).await
        })
        .await?;
    let Some(format) = query.format else { return Ok(Json(certificate).into_response()) };
    let name = format!("Chứng từ khấu trừ thuế {}", path.year);
    let export = Export { format, lang, name, columns: tables::CERTIFICATE, made_at: clock.now() };
    export.send(Ready(tables::certificate(&certificate.months))).await
}

/// The certificate of a year to print.
#[utoipa::path(get, path = "/shops/{shop_id}/tax_certificates/{year}/document", tag = "statements",
    security(("session" = ["shop.money"])), params(("shop_id" = SellerId, Path), ("year" = i32, Path)),
    responses((status = OK, body = String, content_type = "text/html")))]
async fn print_tax_certificate(shop: Shop<HandleMoney>, Path(path): Path<YearPath>) -> Result<Printable> {
    let today = shop.app().clock.today();
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        Ok(document::printable(&certificate(conn, *seller, path, today).await?))
    })
    .await
}
