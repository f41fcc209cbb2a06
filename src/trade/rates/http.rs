//! What everybody may know: what selling here costs, and what is withheld.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{CommissionRule, Standing, TaxRate, TaxSubject, TaxThreshold, WithholdingRule};
use super::store::{rules, taxes};
use crate::app::{App, Public};
use crate::kernel::Lang;
use crate::platform::error::{Error, Result};
use crate::platform::etag::Cacheable;
use crate::platform::extract::{INVALID, Query};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_fees))
}

/// Of which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FeesOn {
    /// What is in force on this day; today if nothing is said.
    #[param(example = "2026-11-21")]
    on: Option<NaiveDate>,
}

impl FeesOn {
    fn or(&self, today: NaiveDate) -> Result<NaiveDate> {
        match self.on {
            Some(day) if !(2000..2200).contains(&day.year()) => {
                Err(Error::from(&INVALID).at("on", "phải là một ngày của thời nay / must be a day of this time"))
            }
            day => Ok(day.unwrap_or(today)),
        }
    }
}

/// What selling here costs, and which taxes are withheld, on a day.
#[derive(Debug, Serialize, ToSchema)]
struct Fees {
    /// The day.
    on: NaiveDate,
    /// In the reader's language: how the rows are applied.
    notes: Vec<&'static str>,
    /// The marketplace's commission, in the order the rules are tried. An agreement with a single shop is that shop's own.
    commission: Vec<CommissionRule>,
    /// Rates by kind of sale.
    tax_rates: Vec<TaxRate>,
    /// From whom tax is withheld.
    tax_subjects: Vec<TaxSubject>,
    /// By ways of paying.
    withholding: Vec<WithholdingRule>,
    /// The yearly revenue up to which nothing is owed.
    thresholds: Vec<TaxThreshold>,
}

/// How the rows are applied, in words.
fn notes(lang: Lang, provisional: bool) -> Vec<&'static str> {
    let (always, unsettled) = match lang {
        Lang::Vi => (
            [
                "Căn cứ tính là số tiền người bán được nhận cho hàng hóa của từng dòng đơn hàng, sau khi trừ phần giảm giá do người bán chịu; mỗi khoản làm tròn đến đồng, từ nửa đồng trở lên làm tròn lên.",
                "Mức áp dụng là mức của ngày đặt hàng, ghi cố định trên đơn hàng. Đơn hủy hoặc trả lại được bù trừ.",
            ],
            "Các dòng ghi `provisional` là tạm áp dụng cho đến khi có hướng dẫn.",
        ),
        Lang::En => (
            [
                "The basis is what the seller is to receive for the goods of a line, less the discounts the seller bears; each amount is rounded to the đồng, half up.",
                "The rates are those of the day of the order and stand frozen on it. What is cancelled or returned is offset.",
            ],
            "Rows marked `provisional` are applied until there is guidance.",
        ),
    };
    always.into_iter().chain(provisional.then_some(unsettled)).collect()
}

/// What selling here costs and which taxes are withheld from sellers, with what it rests on.
#[utoipa::path(get, path = "/fees", tag = "fees", security(()), params(FeesOn),
    responses((status = OK, body = Fees)))]
async fn show_fees(public: Public, lang: Lang, Query(query): Query<FeesOn>) -> Result<Cacheable<Fees>> {
    let on = query.or(public.app().clock.today())?;
    public
        .see(async |conn| {
            let (tax_rates, tax_subjects) =
                (taxes::rates(conn, Some(on)).await?, taxes::subjects(conn, Some(on)).await?);
            let withholding = taxes::withholding(conn, Some(on)).await?;
            let mut standings = tax_rates
                .iter()
                .map(|rate| rate.status)
                .chain(tax_subjects.iter().map(|subject| subject.status))
                .chain(withholding.iter().map(|rule| rule.status));
            let provisional = standings.any(|standing| standing == Standing::Provisional);
            Ok(Cacheable(Fees {
                on,
                notes: notes(lang, provisional),
                commission: rules::published(conn, on).await?,
                tax_rates,
                tax_subjects,
                withholding,
                thresholds: taxes::thresholds(conn, Some(on)).await?,
            }))
        })
        .await
}
