//! Whose edits go onto the shelf before an officer sees them: shops an officer trusts, where the province's head has
//! switched it on, and only while the screening finds nothing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::store;
use crate::kernel::{AccountId, Invalid, ScreeningRuleId, SellerId};
use crate::market::sellers::Summary;
use crate::platform::error::Result;

/// Of a trusted shop's edits, the first and then every so manieth is looked at: 1 to 100; 1 is every one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(try_from = "i32")]
#[sqlx(transparent)]
#[schema(value_type = i32, minimum = 1, maximum = 100, example = 5)]
pub struct SampleEvery(i32);

impl SampleEvery {
    /// Every one: what a province has that never said.
    pub const ALL: Self = Self(1);

    /// Whether the edit that so many came before is looked at.
    pub const fn takes(self, before: i32) -> bool {
        before % self.0 == 0
    }
}

impl TryFrom<i32> for SampleEvery {
    type Error = Invalid;

    fn try_from(every: i32) -> std::result::Result<Self, Invalid> {
        if (1..=100).contains(&every) {
            Ok(Self(every))
        } else {
            Err(Invalid { vi: "phải từ 1 đến 100", en: "must be 1 to 100" })
        }
    }
}

/// Whether a province publishes edits of trusted shops at once.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = TrustedPublishing)]
pub struct Switch {
    /// The province.
    #[schema(example = "12")]
    pub province_code: String,
    /// Whether it does.
    pub enabled: bool,
    /// Of a shop's edits published at once, the first and then every so manieth is looked at.
    pub sample_every: SampleEvery,
    /// Since when; null if the province never said.
    pub effective_from: Option<DateTime<Utc>>,
}

/// What a province's head wants from now on.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewSwitch {
    pub id: ScreeningRuleId,
    pub enabled: bool,
    pub sample_every: SampleEvery,
    pub by: AccountId,
}

/// Whether a shop is trusted.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SellerTrust)]
pub struct Trust {
    /// The shop.
    pub seller_id: SellerId,
    /// Whether it is trusted now.
    pub trusted: bool,
    /// Since when, or when it last began.
    pub since: Option<DateTime<Utc>>,
    /// Why.
    pub given_words: Option<String>,
    /// Edits published at once since then.
    pub published: i32,
    /// When that ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why.
    pub ended_words: Option<String>,
}

/// What to do with an edit in which the screening found nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// To the officers' queue.
    Queue,
    /// Onto the shelf.
    Publish,
    /// Onto the shelf, and an officer looks at it afterwards.
    PublishAndCheck,
}

/// How an edit of the shop goes onto the shelf. An edit that does is counted; call it only for one that otherwise
/// would be published.
pub async fn passage(conn: &mut PgConnection, shop: &Summary) -> Result<Passage> {
    let Some(every) = store::trust::hold_switch(conn, &shop.province_code).await? else { return Ok(Passage::Queue) };
    let before = store::trust::count_edit(conn, shop.id).await?;
    Ok(match before {
        None => Passage::Queue,
        Some(before) if every.takes(before) => Passage::PublishAndCheck,
        Some(_) => Passage::Publish,
    })
}

/// Ends the trust in the shop, if there is any.
pub async fn end_trust(
    conn: &mut PgConnection,
    seller: SellerId,
    by: AccountId,
    words: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    store::trust::end(conn, seller, by, words, now).await
}

/// Gives back the trust that a decision of that instant ended: an appeal against it was upheld. What an officer has said
/// of the shop since stays.
pub async fn give_back_trust(
    conn: &mut PgConnection,
    seller: SellerId,
    ended_at: DateTime<Utc>,
    by: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    store::trust::begin_again(conn, seller, ended_at, by, now).await
}

/// How the province has it.
pub(super) async fn switch(conn: &mut PgConnection, province_code: &str) -> Result<Switch> {
    let switch = store::trust::switch(conn, province_code).await?;
    Ok(switch.unwrap_or_else(|| Switch {
        province_code: province_code.to_owned(),
        enabled: false,
        sample_every: SampleEvery::ALL,
        effective_from: None,
    }))
}

/// Whether the shop is trusted.
pub(super) async fn trust(conn: &mut PgConnection, seller: SellerId) -> Result<Trust> {
    let trust = store::trust::find(conn, seller).await?;
    Ok(trust.unwrap_or(Trust {
        seller_id: seller,
        trusted: false,
        since: None,
        given_words: None,
        published: 0,
        ended_at: None,
        ended_words: None,
    }))
}
