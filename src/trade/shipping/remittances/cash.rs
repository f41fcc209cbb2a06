//! The shop says what it got of the cash a carrier collected, where no list does.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{CashReceipt, CashReceiptForm};
use super::store::cash as store;
use crate::kernel::{AccountId, ParcelId, SellerId, Vnd};
use crate::platform::error::{Error, INVALID, OrRefuse as _, Problem, Result};
use crate::trade::payments::{self, AllocationStatus, Remitted};
use crate::trade::shipping::parcels;

/// The carrier has no cash of this parcel: it was not collected, or what came of it was noted before.
pub const NO_CASH_OUTSTANDING: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "no-cash-outstanding",
    vi: "Đơn vị vận chuyển không còn giữ tiền thu hộ của kiện hàng này",
    en: "The carrier has no cash of this parcel",
};

/// Notes what the shop got of a parcel's cash. Nothing more of it will come: what is missing is a difference, which the
/// shop must explain. The same said again changes nothing; anything else is refused with [`NO_CASH_OUTSTANDING`].
pub async fn receive(
    conn: &mut PgConnection,
    (seller, by): (SellerId, AccountId),
    parcel: ParcelId,
    form: &CashReceiptForm,
    now: DateTime<Utc>,
) -> Result<CashReceipt> {
    let known = parcels::find_known(conn, seller, parcel).await?;
    payments::lock(conn, known.order).await?;
    if let Some(before) = store::find(conn, parcel).await? {
        return if form.says(&before) { Ok(before) } else { Err(Error::from(&NO_CASH_OUTSTANDING)) };
    }
    let share = payments::find_allocation(conn, known.order).await?;
    let collecting = parcels::collecting(conn, known.order).await?;
    if share.status != AllocationStatus::Collected || collecting.is_none_or(|it| it.id != parcel) {
        return Err(Error::from(&NO_CASH_OUTSTANDING));
    }
    let (received, fee) = (form.received_vnd.vnd(), form.fee());
    let remitted = Remitted { parcel, order: known.order, carrier: &known.carrier, received, fee };
    let difference = payments::remit(conn, &remitted, now).await?;
    if difference != Vnd::ZERO && form.words.is_none() {
        let why = "phải giải thích phần chênh lệch / must say why the amounts differ";
        return Err(Error::from(&INVALID).at("words", why).fact("difference_vnd", difference.get()));
    }
    parcels::set_remitted(conn, parcel, now).await?;
    store::insert(conn, parcel, form, by, now).await?;
    store::settle_rows(conn, parcel).await?;
    store::find(conn, parcel).await?.or_refuse(&NO_CASH_OUTSTANDING)
}
