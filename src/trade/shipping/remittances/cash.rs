//! The shop says what it got of the cash a carrier collected, where no list does.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{CashReceipt, CashReceiptForm};
use super::store::cash as store;
use crate::kernel::{AccountId, CashReceiptId, ParcelId, SellerId, Vnd};
use crate::platform::error::{Error, INVALID, OrRefuse as _, Problem, Result};
use crate::trade::payments::{self, AllocationStatus, Remitted};
use crate::trade::shipping::parcels::{self, Known};

/// The carrier has no cash of this parcel: it was not collected, or what came of it was noted before.
pub const NO_CASH_OUTSTANDING: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "no-cash-outstanding",
    vi: "Đơn vị vận chuyển không còn giữ tiền thu hộ của kiện hàng này",
    en: "The carrier has no cash of this parcel",
};

/// Notes what the shop got of a parcel's cash: nothing more of it will come, and what is missing is a difference, which the
/// shop must explain. Said otherwise later, it is corrected; the same said again changes nothing. Refuses with
/// [`NO_CASH_OUTSTANDING`] what the carrier never had, or has given by a list.
pub async fn receive(
    conn: &mut PgConnection,
    (seller, by): (SellerId, AccountId),
    parcel: ParcelId,
    form: &CashReceiptForm,
    now: DateTime<Utc>,
) -> Result<CashReceipt> {
    let order = parcels::find_known(conn, seller, parcel).await?.order;
    payments::lock(conn, order).await?;
    let known = parcels::find_known(conn, seller, parcel).await?;
    let before = store::find(conn, parcel).await?;
    if let Some(same) = before.clone().filter(|before| form.says(before)) {
        return Ok(same);
    }
    let id = CashReceiptId::new(now);
    match before {
        Some(before) => correct(conn, (id, seller), (&before, form), now).await?,
        None => first(conn, &known, form, now).await?,
    }
    store::insert(conn, (id, parcel), form, by, now).await?;
    let noted = store::find(conn, parcel).await?.or_refuse(&NO_CASH_OUTSTANDING)?;
    if noted.difference_vnd != Vnd::ZERO && form.words.is_none() {
        let why = "phải giải thích phần chênh lệch / must say why the amounts differ";
        return Err(Error::from(&INVALID).at("words", why).fact("difference_vnd", noted.difference_vnd.get()));
    }
    Ok(noted)
}

async fn first(conn: &mut PgConnection, parcel: &Known, form: &CashReceiptForm, now: DateTime<Utc>) -> Result<()> {
    let (id, order) = (parcel.id, parcel.order);
    let share = payments::find_allocation(conn, order).await?;
    if share.status != AllocationStatus::Collected || !parcel.collected {
        return Err(Error::from(&NO_CASH_OUTSTANDING));
    }
    let (received, fee) = (form.received_vnd.vnd(), form.fee());
    payments::remit(conn, &Remitted { parcel: id, order, carrier: &parcel.carrier, received, fee }, now).await?;
    parcels::set_remitted(conn, id, now).await?;
    store::settle_rows(conn, id).await
}

async fn correct(
    conn: &mut PgConnection,
    (id, seller): (CashReceiptId, SellerId),
    (before, form): (&CashReceipt, &CashReceiptForm),
    now: DateTime<Utc>,
) -> Result<()> {
    let more = form.received_vnd.vnd().checked_sub(before.received_vnd).zip(form.fee().checked_sub(before.fee_vnd));
    let more = more.ok_or_else(|| Error::fault("what a carrier gave does not fit"))?;
    payments::correct_remittance(conn, id, (before.order_id, seller), more, now).await
}
