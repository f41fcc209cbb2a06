//! How the person or organisation behind a shop proved who they are (*xác thực điện tử*; Law 122/2025/QH15, art. 17).
//!
//! An officer records it. From the day of the row in `selling_rules` on, a shop without it stays visible and sells
//! nothing; before that day it is warned.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::model::SellerKind;
use super::store::authentication as store;
use crate::kernel::clock::day_of;
use crate::kernel::{Invalid, SellerId};
use crate::platform::error::{Error, Result};
use crate::platform::extract::INVALID;

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AuthenticationMethod {
    /// With a level 2 account of `VNeID`, a person's or an organisation's.
    Vneid,
    /// By the national ID card, shown to an officer.
    NationalIdInPerson,
    /// By the national business register; an organisation.
    BusinessRegister,
}

/// The first day of the law that asks for the proof (Law 122/2025/QH15): nobody gave it before.
const LAW_BEGAN: NaiveDate = match NaiveDate::from_ymd_opt(2026, 7, 1) {
    Some(day) => day,
    None => panic!("a day of the calendar"),
};

const BEFORE_LAW: Invalid = Invalid {
    vi: "không được trước ngày Luật Thương mại điện tử có hiệu lực, 01/07/2026",
    en: "must not lie before the law on e-commerce took effect on 2026-07-01",
};

/// A proof to be recorded.
#[derive(Debug, Clone)]
pub struct NewAuthentication {
    /// How.
    pub method: AuthenticationMethod,
    /// What it is found by at whoever keeps it.
    pub reference: String,
    /// When it was given.
    pub authenticated_at: DateTime<Utc>,
}

impl NewAuthentication {
    /// Refuses a proof that this kind of seller cannot give, or of a day that cannot be.
    pub fn check(&self, kind: SellerKind, now: DateTime<Utc>) -> Result<()> {
        if self.method == AuthenticationMethod::BusinessRegister && !kind.is_organisation() {
            return Err(Error::from(&INVALID).at(
                "method",
                "phải là cách khác: hộ kinh doanh là cá nhân / must be another one: a household is a person",
            ));
        }
        if self.authenticated_at > now {
            return Err(
                Error::from(&INVALID).at("authenticated_at", "không được ở tương lai / must not lie in the future")
            );
        }
        if day_of(self.authenticated_at) < LAW_BEGAN {
            return Err(Error::from(&INVALID).at("authenticated_at", BEFORE_LAW));
        }
        Ok(())
    }
}

/// Whether a shop has proved who it is, and from when on it cannot sell without.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Authentication {
    /// How it did; null if nothing is on record.
    pub method: Option<AuthenticationMethod>,
    /// When it did.
    pub authenticated_at: Option<DateTime<Utc>>,
    /// The first day on which nobody sells without; null if no rule says so.
    #[schema(example = "2027-01-01")]
    pub needed_from: Option<NaiveDate>,
    /// A warning: it is needed, today or from that day on, and nothing is on record.
    pub missing: bool,
}

impl Authentication {
    /// From what is on record, and the rule in force or to come.
    pub fn new(recorded: Option<(AuthenticationMethod, DateTime<Utc>)>, needed_from: Option<NaiveDate>) -> Self {
        let (method, authenticated_at) = recorded.unzip();
        Self { missing: method.is_none() && needed_from.is_some(), method, authenticated_at, needed_from }
    }
}

/// The shop's authentication as of the day.
pub async fn of(conn: &mut PgConnection, id: SellerId, today: NaiveDate) -> Result<Authentication> {
    let recorded = store::last(conn, id).await?;
    Ok(Authentication::new(recorded, store::needed_from(conn, today).await?))
}
