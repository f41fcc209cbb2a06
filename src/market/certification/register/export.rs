//! The register as a file.

use axum::response::Response;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::admin::RegisterQuery;
use super::{RegisterEntry, RegisterFilter, RegisterPosition};
use crate::kernel::{Lang, Limit, Line};
use crate::market::certification::{CertificateState, DecisionNumber, SetNo, Stars};
use crate::people::access::{Officer, ReadCases};
use crate::platform::error::Result;
use crate::platform::extract::Query;
use crate::platform::sheets::{Cell, Column, Export, Format, Rows};

/// Rows read at a time.
const CHUNK: i64 = 500;

const fn column(key: &'static str, vi: &'static str, en: &'static str, width: u8) -> Column {
    Column { key, vi, en, width }
}

/// The first ones are what an import reads, under the same names.
static COLUMNS: [Column; 15] = [
    column("product_name", "Tên sản phẩm", "Product", 40),
    column("owner_name", "Chủ thể", "Owner", 36),
    column("owner_tax_code", "Mã số thuế", "Tax code", 14),
    column("set_no", "Bộ sản phẩm", "Product set", 12),
    column("stars", "Số sao", "Stars", 8),
    column("decision_number", "Số quyết định", "Decision", 18),
    column("decision_date", "Ngày quyết định", "Decided on", 14),
    column("authority", "Cơ quan", "Authority", 28),
    column("issued_on", "Ngày cấp", "Issued on", 12),
    column("legacy_province", "Tỉnh", "Former province", 16),
    column("expires_on", "Hết hạn", "Expires on", 12),
    column("state", "Tình trạng", "State", 44),
    column("stars_today", "Sao hôm nay", "Stars today", 12),
    column("province", "Tỉnh hiện nay", "Province today", 16),
    column("has_shop", "Có gian hàng", "Has a shop", 12),
];

/// Which certificates, and as what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportQuery {
    /// What is written.
    format: Format,
    /// What they are worth today.
    state: Option<CertificateState>,
    /// The stars given.
    #[param(value_type = Option<i16>, minimum = 3, maximum = 5)]
    stars: Option<Stars>,
    /// The product set.
    #[param(value_type = Option<i16>, minimum = 1, maximum = 26)]
    set_no: Option<SetNo>,
    /// Province of issue before 1 July 2025: legacy code or slug.
    #[param(value_type = Option<String>, max_length = 80)]
    legacy_province: Option<Line<1, 80>>,
    /// Words of product or owner, with or without accents.
    #[param(value_type = Option<String>, max_length = 120)]
    q: Option<Line<1, 120>>,
    /// The number of the decision.
    #[param(value_type = Option<String>)]
    decision_number: Option<DecisionNumber>,
    /// Last day of validity before this one.
    expires_before: Option<NaiveDate>,
}

impl ExportQuery {
    fn choice(self) -> RegisterQuery {
        RegisterQuery {
            state: self.state,
            stars: self.stars,
            set_no: self.set_no,
            legacy_province: self.legacy_province,
            q: self.q,
            decision_number: self.decision_number,
            expires_before: self.expires_before,
            limit: Limit::default(),
            after: None,
        }
    }
}

/// The register of one's provinces as a file, with the filters of the list; its first columns can be imported again.
#[utoipa::path(get, path = "/certificates/export", tag = "certification", security(("session" = ["cases.read"])),
    params(ExportQuery),
    responses((status = OK, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(super) async fn export_register(
    officer: Officer<ReadCases>,
    lang: Lang,
    Query(query): Query<ExportQuery>,
) -> Result<Response> {
    let (format, choice) = (query.format, query.choice());
    let made_at = officer.app().clock.now();
    let filter = officer
        .see(async |scope| {
            // Whose rows they are, the pages below say; here only names become codes.
            let (conn, provinces) = scope.split();
            choice.filter(conn).await.map(|filter| (filter, provinces.codes().join("-")))
        })
        .await?;
    let (filter, provinces) = filter;
    let name = format!("so-dang-ky-ocop-{provinces}-{}", officer.app().clock.today());
    let export = Export { format, lang, name, columns: &COLUMNS, made_at };
    export.send(RegisterRows { today: officer.app().clock.today(), officer, filter, position: None, lang }).await
}

/// The register page by page, as the officer may see it.
struct RegisterRows {
    officer: Officer<ReadCases>,
    filter: RegisterFilter,
    position: Option<RegisterPosition>,
    today: NaiveDate,
    lang: Lang,
}

impl Rows for RegisterRows {
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>> {
        let (filter, position, today) = (&self.filter, self.position, self.today);
        let found = self
            .officer
            .see(async |scope| {
                let (conn, provinces) = scope.split();
                super::page(conn, provinces, filter, position, CHUNK, today).await
            })
            .await?;
        self.position = found.last().map(RegisterPosition::of).or(self.position);
        Ok(found.into_iter().map(|entry| cells(entry, self.lang)).collect())
    }
}

fn cells(entry: RegisterEntry, lang: Lang) -> Vec<Cell> {
    let row = entry.certificate;
    let (sentence, shop) = match lang {
        Lang::Vi => (row.sentence_vi, if entry.seller_id.is_some() { "có" } else { "không" }),
        Lang::En => (row.sentence_en, if entry.seller_id.is_some() { "yes" } else { "no" }),
    };
    vec![
        row.product_name.into(),
        entry.owner_name.into(),
        entry.owner_tax_code.into(),
        i64::from(row.set_no.get()).into(),
        i64::from(row.stars.get()).into(),
        row.decision_number.to_string().into(),
        row.decision_date.into(),
        row.authority.into(),
        row.issued_on.into(),
        row.issued_in.legacy_province.name.into(),
        row.expires_on.into(),
        sentence.into(),
        row.stars_today.map(|stars| i64::from(stars.get())).into(),
        row.issued_in.province.name.into(),
        shop.into(),
    ]
}
