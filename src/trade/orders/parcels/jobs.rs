//! What is asked of carriers, and what their news does to orders.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::super::letters;
use super::super::life::Actor;
use super::super::model::OrderStatus;
use super::super::store::{self, Reached};
use super::{booking, follow};
use crate::adapters::ghn::{Ghn, GhnError, Made, NewOrder};
use crate::app::App;
use crate::calendar;
use crate::kernel::ParcelId;
use crate::kernel::clock::day_of;
use crate::people::access;
use crate::platform::error::{Error, Result};
use crate::platform::jobs::Job as _;
use crate::trade::shipping;
use crate::trade::shipping::parcels::{
    self, AskAboutParcel, AskCarrier, BookParcel, News, ParcelMoved, ParcelStatus, RecallParcel,
};

/// Draws the order after a parcel that went forward, and tells both sides of one that is lost or broken, or came back
/// without the rest of its order.
pub async fn parcel_moved(app: &App, job: ParcelMoved) -> Result<()> {
    let now = app.clock.now();
    let letters = app
        .db
        .act(async |conn| {
            let (order, status) = parcels::order_of(conn, job.parcel).await?;
            let reached = Reached::by_parcel(order);
            follow(conn, reached, Actor::CARRIER, now).await?;
            match status {
                ParcelStatus::Lost | ParcelStatus::Damaged if parcels::set_claim(conn, job.parcel, now).await? => {
                    letters::tell_parcel_failed(conn, reached, status == ParcelStatus::Lost, now).await
                }
                ParcelStatus::Returned if is_only_a_part(conn, (reached, job.parcel), now).await? => {
                    letters::tell_part_is_back(conn, reached, now).await
                }
                _ => Ok(Vec::new()),
            }
        })
        .await?;
    letters::show(app, &letters);
    Ok(())
}

/// Whether the parcel, which came back, leaves an order behind that does not, and nobody was told so before.
async fn is_only_a_part(
    conn: &mut PgConnection,
    (order, parcel): (Reached, ParcelId),
    now: DateTime<Utc>,
) -> Result<bool> {
    let status = store::lock(conn, order).await?.status;
    let goes_on = matches!(status, OrderStatus::Shipped | OrderStatus::Delivered | OrderStatus::Completed);
    Ok(goes_on && parcels::set_told_back(conn, parcel, now).await?)
}

/// Has GHN fetch a parcel. GHN knows it by our id, so that asking again makes no second one.
pub async fn book_parcel(app: &App, job: BookParcel) -> Result<()> {
    let now = app.clock.now();
    let asked = app
        .db
        .see(async |conn| {
            let Some(booking) = parcels::booking(conn, job.parcel).await? else { return Ok(None) };
            if booking.status != ParcelStatus::Booking {
                return Ok(None);
            }
            let rule = shipping::carrier_rule(conn, "ghn", day_of(now)).await?;
            Ok(Some(booking::order_for_ghn(conn, &booking, &rule, now).await?))
        })
        .await?;
    let Some(order) = asked else { return Ok(()) };
    match client(app)?.create(&order).await {
        Ok(made) => booked(app, job.parcel, &made).await,
        Err(GhnError::Refused(why)) => refused(app, job.parcel, &order, &why).await,
        Err(GhnError::Unreachable(why)) => Err(Error::Fault(why.0)),
    }
}

/// Notes GHN's answer. Whoever wanted the parcel back meanwhile still does.
async fn booked(app: &App, parcel: ParcelId, made: &Made) -> Result<()> {
    let now = app.clock.now();
    app.db
        .act(async |conn| {
            let expected = made.expected_delivery_time;
            let status = parcels::set_booked(conn, parcel, &made.order_code, expected).await?;
            if status == ParcelStatus::Cancelled {
                RecallParcel { parcel }.enqueue(conn, now).await?;
            }
            Ok(())
        })
        .await
}

/// GHN does not take it: its goods are free for another parcel, and the shop learns why.
async fn refused(app: &App, parcel: ParcelId, order: &NewOrder, why: &str) -> Result<()> {
    let now = app.clock.now();
    let why: String = why.chars().take(500).collect();
    let letters = app
        .db
        .act(async |conn| {
            let (id, _) = parcels::order_of(conn, parcel).await?;
            if !parcels::set_refused(conn, parcel, &why, now).await? {
                return Ok(Vec::new());
            }
            let parties = store::parties(conn, Reached::by_parcel(id)).await?;
            let subject = "GHN không nhận kiện hàng / GHN does not take a parcel";
            let body = format!(
                "GHN không nhận kiện hàng của đơn {} gửi đến {}: “{why}”. / GHN does not take the parcel of order {}: \
                 “{why}”.",
                parties.number, order.to.province, parties.number,
            );
            access::write_to_members(conn, parties.seller, subject, &body, now).await
        })
        .await?;
    letters::show(app, &letters);
    Ok(())
}

/// Takes a parcel back that GHN has not fetched. If GHN has fetched it, the parcel is where GHN says.
pub async fn recall_parcel(app: &App, job: RecallParcel) -> Result<()> {
    let Some(booking) = app.db.see(async |conn| parcels::booking(conn, job.parcel).await).await? else {
        return Ok(());
    };
    let is_open = matches!(booking.status, ParcelStatus::Booking | ParcelStatus::Booked | ParcelStatus::Cancelled);
    let said = match &booking.code {
        _ if !is_open => return Ok(()),
        None => "cancel".to_owned(),
        Some(code) => cancelled_at(client(app)?, code).await?,
    };
    hear(app, booking.id, &said).await
}

/// What GHN says of a parcel it was asked to give up.
async fn cancelled_at(ghn: &Ghn, code: &str) -> Result<String> {
    let unreachable = |error| match error {
        GhnError::Refused(why) => Error::fault(format!("GHN does not know {code}: {why}")),
        GhnError::Unreachable(why) => Error::Fault(why.0),
    };
    match ghn.cancel(code).await {
        Ok(()) => Ok("cancel".to_owned()),
        Err(GhnError::Refused(_)) => Ok(ghn.detail(code).await.map_err(unreachable)?.status),
        Err(error) => Err(unreachable(error)),
    }
}

/// Parcels asked for in one round.
const ASKED: i64 = 50;

/// Asks GHN for the parcels nothing was heard of for too long (row `parcel.silence`).
pub async fn ask_carrier(app: &App, _: AskCarrier) -> Result<()> {
    let Some(ghn) = app.adapters.ghn.as_ref() else { return Ok(()) };
    let now = app.clock.now();
    let silent = app
        .db
        .see(async |conn| {
            let mut overdue = Vec::new();
            for parcel in parcels::most_silent(conn, ASKED).await? {
                if calendar::due(conn, "parcel.silence", parcel.heard_at).await? <= now {
                    overdue.push(parcel);
                }
            }
            Ok(overdue)
        })
        .await?;
    for parcel in silent {
        match ghn.detail(&parcel.code).await {
            Ok(detail) => hear(app, parcel.id, &detail.status).await?,
            // The next round asks again.
            Err(error) => tracing::warn!(parcel = %parcel.id, ?error, "GHN did not say where a parcel is"),
        }
    }
    Ok(())
}

/// Asks GHN where one parcel is.
pub async fn ask_about_parcel(app: &App, job: AskAboutParcel) -> Result<()> {
    let booking = app.db.see(async |conn| parcels::booking(conn, job.parcel).await).await?;
    let Some(code) = booking.and_then(|booking| booking.code) else { return Ok(()) };
    match client(app)?.detail(&code).await {
        Ok(detail) => hear(app, job.parcel, &detail.status).await,
        Err(GhnError::Refused(why)) => {
            tracing::warn!(parcel = %job.parcel, %why, "GHN did not say where a parcel is");
            Ok(())
        }
        Err(GhnError::Unreachable(why)) => Err(Error::Fault(why.0)),
    }
}

async fn hear(app: &App, parcel: ParcelId, said: &str) -> Result<()> {
    let now = app.clock.now();
    let news = News { said, status: ParcelStatus::of_ghn(said), note: None, at: now, message: None };
    app.db.act(async |conn| parcels::hear(conn, parcel, &news, now).await).await
}

/// GHN's client. A parcel of GHN's in a program without it waits for the configuration.
fn client(app: &App) -> Result<&Ghn> {
    app.adapters.ghn.as_ref().ok_or_else(|| Error::fault("GHN is not configured"))
}
