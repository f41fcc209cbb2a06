//! Recognition decisions as files: an officer uploads the decision's list, sees what every row says and what is wrong with
//! it, and accepts all rows or some.
//!
//! An accepted row is a certificate of the register, by decision, product and owner: sent again, it is there already. The
//! officer's word is the department's, so a row goes into the approved shop with its tax code, as verified, unless the
//! officer belongs to that shop or the shop's own claim to it waits (then claim and row become one with the verdict). No
//! listing shows stars by an import: it must name the certificate in a revision that is reviewed.

mod acceptance;
pub mod admin;
mod columns;
mod model;
mod store;

pub use model::{ChosenRows, Defaults, Import, ImportCounts, ImportRow, Reading, RowOutcome};

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::store as certificates;
use crate::kernel::clock::day_of;
use crate::kernel::{AccountId, ImportId};
use crate::people::access::{Provinces, is_national};
use crate::places;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::sheets::{CellError, Columns, Limits};
use acceptance::Known;
use columns::Reader;

/// The most a file may hold: a decision names a few hundred products.
const LIMITS: Limits = Limits { rows: 2_020, ..Limits::IMPORT };

/// Writes down what the file says, as a preview.
async fn preview(
    conn: &mut PgConnection,
    provinces: &Provinces,
    id: ImportId,
    file: &Columns,
    defaults: &Defaults,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<Import> {
    let reader = Reader {
        sets: &certificates::product_sets(conn).await?,
        provinces: &places::list_provinces(conn).await?,
        legacy: &places::list_legacy_provinces(conn).await?,
        defaults,
        reach: provinces,
        national: is_national(conn, provinces).await?,
        today: day_of(now),
    };
    let mut rows: Vec<ImportRow> = file.lines().map(|line| reader.read(line)).collect();
    let addresses: BTreeMap<i32, [String; 2]> =
        file.lines().zip(&rows).map(|(line, row)| (row.row_number, [line.at("product"), line.at("stars")])).collect();
    mark_repeated(id, &mut rows, &addresses);
    mark_contradicting(conn, id, &mut rows, &addresses).await?;
    store::insert(conn, id, provinces, file.unknown(), by, now).await?;
    store::insert_rows(conn, id, &rows).await?;
    find(conn, provinces, id).await
}

/// A product of an owner stands in a decision once.
fn mark_repeated(id: ImportId, rows: &mut [ImportRow], addresses: &BTreeMap<i32, [String; 2]>) {
    let mut first = BTreeMap::new();
    for row in rows.iter_mut() {
        let Some(new) = row.reading.certificate(id) else { continue };
        let key = (new.decision_number.to_string(), new.decision_date, new.product_key(), new.owner_key());
        let earlier = *first.entry(key).or_insert(row.row_number);
        if let ([at, _], true) = (&addresses[&row.row_number], earlier != row.row_number) {
            row.errors.push(CellError {
                at: at.clone(),
                vi: format!("trùng với dòng {earlier}"),
                en: format!("repeats row {earlier}"),
            });
        }
    }
}

/// What the register has otherwise is not overwritten by a list: one of the two is wrong.
async fn mark_contradicting(
    conn: &mut PgConnection,
    id: ImportId,
    rows: &mut [ImportRow],
    addresses: &BTreeMap<i32, [String; 2]>,
) -> Result<()> {
    let known = Known::look_up(conn, id, rows).await?;
    for row in rows.iter_mut() {
        let Some(there) = known.of(row) else { continue };
        let differs = Some(there.stars) != row.reading.stars || Some(there.issued_on) != row.reading.issued_on;
        if let ([_, at], true) = (&addresses[&row.row_number], differs) {
            let (stars, day) = (there.stars, there.issued_on.format("%d/%m/%Y"));
            row.errors.push(CellError {
                at: at.clone(),
                vi: format!("sổ đăng ký đã có sản phẩm này với {stars} sao, cấp ngày {day}"),
                en: format!("the register has this product with {stars} stars, issued on {day}"),
            });
        }
    }
    Ok(())
}

/// The import, if everything it was made for lies in `provinces`.
async fn find(conn: &mut PgConnection, provinces: &Provinces, id: ImportId) -> Result<Import> {
    let (created_at, unknown) = store::find(conn, provinces, id).await?.or_refuse(&NOT_FOUND)?;
    let rows = store::rows(conn, id).await?;
    Ok(Import::new(id, created_at, unknown, rows))
}
