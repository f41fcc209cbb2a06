//! What the rules of giving back are: everybody's, and each shop's.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::app::Public;
use crate::calendar;
use crate::kernel::{Lang, SellerId, Text};
use crate::market::sellers;
use crate::people::access::{ManageShop, ReadShop, Shop};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Result};
use crate::platform::etag::Cacheable;
use crate::platform::extract::{INVALID, Json, Path};
use crate::trade::returns::model::Reason;
use crate::trade::returns::store::{self, ShopPolicy};

/// Why something may be given back.
#[derive(Debug, Serialize, ToSchema)]
struct ReturnReasonRule {
    /// Stable name.
    code: Reason,
    /// In words.
    #[schema(example = "Hàng bị hỏng, vỡ")]
    text: &'static str,
    /// Whether the goods are at fault: always taken back, at the shop's cost, with their share of the shipping.
    fault: bool,
    /// Whether there is anything to send back.
    goods_can_come_back: bool,
}

/// How long each act of a return may take, in words.
#[derive(Debug, Serialize, ToSchema)]
struct ReturnTimes {
    /// To ask for goods at fault to be taken back, from delivery.
    #[schema(example = "168 giờ")]
    request: String,
    /// The shop's answer; after that the matter goes to the desk.
    answer: String,
    /// To take an offer, or to turn to the desk after a refusal.
    escalation: String,
    /// To send the goods back.
    shipment: String,
    /// The shop's word that they arrived; after that the matter goes to the desk.
    receipt: String,
    /// The desk's decision.
    decision: String,
    /// To follow a recommendation, and to give back money the shop has.
    refund: String,
}

/// The published rules of giving back.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnRules {
    /// Why something may be given back.
    reasons: Vec<ReturnReasonRule>,
    /// How long each act may take.
    within: ReturnTimes,
}

/// Why goods can be given back, and how long each act may take (Decree 248/2026/NĐ-CP, art. 14).
#[utoipa::path(get, path = "/return_rules", tag = "returns", security(()),
    responses((status = OK, body = ReturnRules)))]
pub async fn show_return_rules(public: Public) -> Result<Cacheable<ReturnRules>> {
    let (today, lang) = (public.app().clock.today(), public.lang);
    public
        .see(async |conn| {
            let day = (today, lang);
            let within = ReturnTimes {
                request: words(conn, "return.request", day).await?,
                answer: words(conn, "return.answer", day).await?,
                escalation: words(conn, "return.escalation", day).await?,
                shipment: words(conn, "return.shipment", day).await?,
                receipt: words(conn, "return.receipt", day).await?,
                decision: words(conn, "case.refund_dispute", day).await?,
                refund: words(conn, "refund.by_seller", day).await?,
            };
            Ok(Cacheable(ReturnRules { reasons: Reason::ALL.map(|reason| rule(reason, lang)).into(), within }))
        })
        .await
}

async fn words(conn: &mut PgConnection, kind: &str, (today, lang): (NaiveDate, Lang)) -> Result<String> {
    Ok(calendar::allowance(conn, kind, today).await?.words(lang))
}

fn rule(reason: Reason, lang: Lang) -> ReturnReasonRule {
    let (vi, en) = reason.words();
    ReturnReasonRule {
        code: reason,
        text: match lang {
            Lang::Vi => vi,
            Lang::En => en,
        },
        fault: reason.is_fault(),
        goods_can_come_back: reason.can_come_back(),
    }
}

/// What a shop takes back from a buyer who has changed their mind.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnPolicy {
    /// Days from delivery; none: only goods at fault.
    #[schema(example = 7)]
    changed_mind_days: i16,
    /// What else buyers should know.
    words: Option<String>,
    /// Since when; null if the shop never set one. An order follows the policy of the day it was placed.
    since: Option<DateTime<Utc>>,
}

impl From<Option<ShopPolicy>> for ReturnPolicy {
    fn from(policy: Option<ShopPolicy>) -> Self {
        policy.map_or(Self { changed_mind_days: 0, words: None, since: None }, |policy| Self {
            changed_mind_days: policy.changed_mind_days,
            words: policy.words,
            since: Some(policy.since),
        })
    }
}

/// A shop's address in the path.
#[derive(Debug, Deserialize)]
pub struct SlugPath {
    slug: String,
}

/// What a shop takes back from buyers who have changed their mind. Goods at fault it always takes back.
#[utoipa::path(get, path = "/sellers/{slug}/return_policy", tag = "returns", security(()),
    params(("slug" = String, Path, example = "hop-tac-xa-tra-ta-leng")),
    responses((status = OK, body = ReturnPolicy)))]
pub async fn show_return_policy(public: Public, Path(path): Path<SlugPath>) -> Result<Cacheable<ReturnPolicy>> {
    let now = public.app().clock.now();
    public
        .see(async |conn| {
            let seller = sellers::shown(conn, &path.slug).await?.or_refuse(&NOT_FOUND)?;
            Ok(Cacheable(store::policy_at(conn, seller, now).await?.into()))
        })
        .await
}

/// The shop's own policy of returns.
#[utoipa::path(get, path = "/shops/{shop_id}/return_policy", tag = "returns", security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path)), responses((status = OK, body = ReturnPolicy)))]
pub async fn show_shop_return_policy(shop: Shop<ReadShop>) -> Result<Json<ReturnPolicy>> {
    let now = shop.app().clock.now();
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        Ok(Json(store::policy_at(conn, *seller, now).await?.into()))
    })
    .await
}

/// What the shop takes back from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "changed_mind_days": 7, "words": "Hàng còn nguyên tem, chưa mở." }))]
pub struct ReturnPolicyForm {
    /// Days from delivery in which goods that are as they should be come back; none for never.
    #[schema(minimum = 0, maximum = 60)]
    changed_mind_days: i16,
    /// What else buyers should know.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    words: Option<Text<1, 2000>>,
}

/// Set what the shop takes back from buyers who have changed their mind. Orders placed before keep the policy of their day.
#[utoipa::path(put, path = "/shops/{shop_id}/return_policy", tag = "returns", security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path)), responses((status = OK, body = ReturnPolicy)))]
pub async fn set_shop_return_policy(
    shop: Shop<ManageShop>,
    Json(form): Json<ReturnPolicyForm>,
) -> Result<Json<ReturnPolicy>> {
    if !(0..=60).contains(&form.changed_mind_days) {
        let why = "phải từ 0 đến 60 ngày / must be between 0 and 60 days";
        return Err(Error::from(&INVALID).at("changed_mind_days", why));
    }
    let (now, by) = (shop.app().clock.now(), shop.account);
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        store::set_policy(conn, *seller, (form.changed_mind_days, form.words.as_deref()), by, now).await?;
        Ok(Json(store::policy_at(conn, *seller, now).await?.into()))
    })
    .await
}
