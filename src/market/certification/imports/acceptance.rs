//! Accepting rows: what is in the register already, whose shop a row belongs to, writing.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{ChosenRows, ImportRow, RowOutcome};
use super::store::{self, KnownCertificate};
use crate::kernel::text::fold;
use crate::kernel::{AccountId, CertificateId, ImportId, SellerId, TaxCode};
use crate::market::certification::register::supersede;
use crate::market::certification::store::{self as certificates, Terms};
use crate::market::certification::{NewCertificate, expiry};
use crate::market::sellers::{self, Holder};
use crate::people::access::{self, Provinces};
use crate::places;
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::INVALID;

/// Rows written in one transaction.
const AT_ONCE: usize = 100;

/// What register and shops know of the rows of an import.
pub struct Known {
    import: ImportId,
    certificates: Vec<KnownCertificate>,
    holders: Vec<Holder>,
    /// How many rows of the import have the decision and product of each.
    namesakes: BTreeMap<(String, String), usize>,
    /// The province of today of each former one, by code.
    successors: BTreeMap<String, String>,
}

impl Known {
    pub async fn look_up(conn: &mut PgConnection, import: ImportId, rows: &[ImportRow]) -> Result<Self> {
        let new: Vec<NewCertificate> = rows.iter().filter_map(|row| row.reading.certificate(import)).collect();
        let codes: Vec<TaxCode> = new.iter().filter_map(|new| new.owner_tax_code.clone()).collect();
        let mut namesakes = BTreeMap::new();
        for new in &new {
            *namesakes.entry(Self::name(new)).or_default() += 1;
        }
        // A row with errors is never written, and its days may lie beyond the database's calendar.
        let faultless = rows.iter().filter(|row| row.errors.is_empty());
        let faultless: Vec<NewCertificate> = faultless.filter_map(|row| row.reading.certificate(import)).collect();
        let certificates = store::known(conn, &faultless).await?;
        let holders = sellers::holders_of(conn, &codes).await?;
        let legacy = places::list_legacy_provinces(conn).await?.into_iter();
        let successors = legacy.map(|province| (province.code, province.successor_code)).collect();
        Ok(Self { import, certificates, holders, namesakes, successors })
    }

    fn name(new: &NewCertificate) -> (String, String) {
        (new.decision_number.to_string(), new.product_key())
    }

    /// The certificate that is there already: of the same owner by name or by the shop's tax code; or, where the import
    /// has only this row of the product, what a shop claimed and an officer verified.
    pub fn of(&self, row: &ImportRow) -> Option<&KnownCertificate> {
        let new = row.reading.certificate(self.import)?;
        let same_product = |known: &&KnownCertificate| {
            known.decision_number == new.decision_number
                && known.decision_date == new.decision_date
                && known.product_key == new.product_key()
                && self.successors.get(&new.legacy_province_code) == Some(&known.province_code)
        };
        let alone = self.namesakes.get(&Self::name(&new)) == Some(&1);
        let shops = self.shops_of(&new);
        self.certificates.iter().filter(same_product).find(|known| {
            known.owner_key == fold(&new.owner_name)
                || known.seller_id.is_some_and(|seller| shops.iter().any(|shop| shop.seller == seller))
                || alone && known.seller_id.is_some() && !known.imported
        })
    }

    fn shops_of(&self, new: &NewCertificate) -> Vec<&Holder> {
        self.holders.iter().filter(|holder| Some(&holder.tax_code) == new.owner_tax_code.as_ref()).collect()
    }

    /// When and where the certificate of a row holds.
    fn terms(&self, new: &NewCertificate) -> Result<Terms> {
        let province_code = self.successors.get(&new.legacy_province_code).cloned();
        let province_code = province_code.ok_or_else(|| Error::fault("the province of a row is not loaded"))?;
        let expires_on = expiry(new.issued_on).ok_or_else(|| Error::fault("issued at the end of time"))?;
        Ok(Terms { expires_on, province_code })
    }

    /// The one shop with the row's tax code, if it lies in `provinces`.
    fn shop_of(&self, new: &NewCertificate, provinces: &Provinces) -> Option<SellerId> {
        match self.shops_of(new).as_slice() {
            [shop] if provinces.contains(&shop.province_code) => Some(shop.seller),
            _ => None,
        }
    }
}

/// Refuses chosen rows that are none of the import, or have errors.
fn check(chosen: &ChosenRows, rows: &[ImportRow]) -> Result<()> {
    let ChosenRows::Numbers(numbers) = chosen else { return Ok(()) };
    if numbers.len() > rows.len() {
        return Err(
            Error::from(&INVALID).at("rows", "không nhiều hơn số dòng của tệp / must be no more than the import has")
        );
    }
    let fine = |number: &i32| rows.iter().any(|row| row.row_number == *number && row.errors.is_empty());
    match numbers.iter().position(|number| !fine(number)) {
        Some(at) => Err(Error::from(&INVALID).at(
            format!("rows[{at}]"),
            "phải là dòng không có lỗi của tệp / must be a row of the import without errors",
        )),
        None => Ok(()),
    }
}

/// Writes the next chosen rows that wait; whether others are left. A second call, or a second import of the same decision,
/// finds them there already.
pub async fn accept_some(
    conn: &mut PgConnection,
    provinces: &Provinces,
    id: ImportId,
    chosen: &ChosenRows,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<bool> {
    store::lock(conn, provinces, id).await?.then_some(()).or_refuse(&NOT_FOUND)?;
    let rows = store::rows(conn, id).await?;
    check(chosen, &rows)?;
    let known = Known::look_up(conn, id, &rows).await?;
    let mut waiting = rows.iter().filter(|row| row.is_pending() && chosen.contain(row));
    let mut written = Vec::new();
    for row in waiting.by_ref().take(AT_ONCE) {
        let new = row.reading.certificate(id).ok_or_else(|| Error::fault("a row without errors is incomplete"))?;
        let (outcome, certificate) = if let Some(there) = known.of(row) {
            (RowOutcome::AlreadyThere, there.id)
        } else {
            let shop = shop(conn, &known, &new, provinces, by).await?;
            write(conn, &new, shop, &known.terms(&new)?, now).await?
        };
        store::set_outcome(conn, id, row.row_number, outcome, certificate).await?;
        if outcome == RowOutcome::Written {
            written.push(certificate);
        }
    }
    supersede(conn, &written, now).await?;
    Ok(waiting.next().is_some())
}

/// Whose shop the row belongs to; nobody verifies for their own.
async fn shop(
    conn: &mut PgConnection,
    known: &Known,
    new: &NewCertificate,
    provinces: &Provinces,
    by: AccountId,
) -> Result<Option<SellerId>> {
    match known.shop_of(new, provinces) {
        Some(seller) if !access::is_member(conn, seller, by).await? => Ok(Some(seller)),
        _ => Ok(None),
    }
}

/// Writes the certificate into the shop, or into the register alone where there is none or its own claim waits.
async fn write(
    conn: &mut PgConnection,
    new: &NewCertificate,
    shop: Option<SellerId>,
    terms: &Terms,
    now: DateTime<Utc>,
) -> Result<(RowOutcome, CertificateId)> {
    let id = CertificateId::new(now);
    if let Some(seller) = shop
        && certificates::register(conn, id, Some(seller), new, terms, now).await?
    {
        tell(conn, seller, new, now).await?;
        return Ok((RowOutcome::Written, id));
    }
    if certificates::register(conn, id, None, new, terms, now).await? {
        return Ok((RowOutcome::Written, id));
    }
    // Another import wrote it in this very moment.
    let there = store::known(conn, std::slice::from_ref(new)).await?;
    let there = there.into_iter().find(|known| known.owner_key == new.owner_key());
    let there = there.ok_or_else(|| Error::fault("a certificate refused as a double is nowhere"))?;
    Ok((RowOutcome::AlreadyThere, there.id))
}

async fn tell(conn: &mut PgConnection, seller: SellerId, new: &NewCertificate, now: DateTime<Utc>) -> Result<()> {
    const SUBJECT: &str = "Giấy chứng nhận OCOP mới / New OCOP certificate";
    let (product, stars, decision) = (&new.product_name, new.stars, &new.decision_number);
    let body = format!(
        "Cơ quan quản lý đã ghi giấy chứng nhận “{product}”, {stars} sao, quyết định {decision} vào gian hàng của bạn. Hãy \
         chọn giấy này trong sản phẩm để hiển thị sao. / The department entered the certificate “{product}”, {stars} \
         stars, decision {decision}, into your shop. Name it in a listing to show its stars."
    );
    access::write_to_members(conn, seller, SUBJECT, &body, now).await.map(drop)
}
