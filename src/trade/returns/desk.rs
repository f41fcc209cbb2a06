//! What officers do with returns on which the two sides do not agree.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::answering::part_of;
use super::http::{ReturnUnits, units_of};
use super::letters;
use super::model::{Return, ReturnLine, Step};
use super::settling;
use super::store::{self, Reached};
use super::view::{self, View};
use crate::kernel::{Lang, MediaId, OrderLineId, ReturnId};
use crate::market::cases::{Decision, Verdict};
use crate::market::media::{self, evidence};
use crate::market::sellers;
use crate::people::access::Provinces;
use crate::people::notify::Message;
use crate::platform::error::{Error, NOT_FOUND, Problem, Result};
use crate::platform::extract::INVALID;
use crate::trade::orders::{self, Dealing};
use crate::trade::payments::{self, Allocation};

/// Nobody decides on what they want back themselves.
pub const OWN_RETURN: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "own-return",
    vi: "Không thể tự quyết định yêu cầu trả hàng của chính mình",
    en: "You cannot decide on your own return",
};

/// What an officer finds the buyer should have back.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VerdictRefund)]
pub struct RefundOrder {
    /// Units of the return's lines; everything asked for if nothing is said.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub lines: Vec<ReturnUnits>,
    /// Whether the goods go back first. Of no meaning where they did already, or were missing.
    #[serde(default)]
    pub goods_back: bool,
}

/// Decides for the buyer (approve) or not (reject) on the return of a shop in `provinces`. What is found for the buyer is
/// refunded if the licensed partner still has the money; otherwise it is recommended to the shop, with a date.
pub async fn decide(
    conn: &mut PgConnection,
    id: ReturnId,
    provinces: &Provinces,
    decision: &Decision,
    refund: Option<&RefundOrder>,
) -> Result<()> {
    let reached = store::by_id(conn, id).await?;
    let disputed = settling::lock_with_money(conn, reached).await?;
    require_in(conn, &disputed, provinces).await?;
    if disputed.account == decision.by {
        return Err(Error::from(&OWN_RETURN));
    }
    let Some(words) = &decision.words else {
        return Err(Error::from(&INVALID)
            .at("words", "phải có: đây là kết quả bằng văn bản / must be given: they are the written result"));
    };
    let step = match decision.verdict {
        Verdict::Approve => uphold(conn, reached, &disputed, refund).await?,
        Verdict::Reject => Step::Dismiss,
        Verdict::RequestChanges => {
            return Err(Error::from(&INVALID).at("verdict", "phải là approve (người mua đúng) hoặc reject (không có cơ sở) / must be approve (for the buyer) or reject (not upheld)"));
        }
    };
    store::set_result(conn, reached, (words, &decision.reason_codes)).await?;
    settling::settle(conn, reached, disputed.after(step)?, decision.at).await.map(drop)
}

async fn uphold(
    conn: &mut PgConnection,
    reached: Reached,
    disputed: &Return,
    refund: Option<&RefundOrder>,
) -> Result<Step> {
    let lines = store::lines(conn, reached).await?;
    let ordered = refund.cloned().unwrap_or_default();
    store::set_granted(conn, reached, &found(&ordered, &lines)?).await?;
    store::set_goods_back(conn, reached, ordered.goods_back && disputed.reason.can_come_back()).await?;
    let movable = settling::is_with_partner(conn, disputed).await?;
    Ok(Step::Uphold { movable, goods_back: ordered.goods_back })
}

fn found(ordered: &RefundOrder, lines: &[ReturnLine]) -> Result<BTreeMap<OrderLineId, i32>> {
    if ordered.lines.is_empty() {
        return Ok(lines.iter().map(|line| (line.line, line.asked)).collect());
    }
    part_of(&units_of(&ordered.lines)?, lines, false)
}

/// Refuses a return of a shop that does not lie in `provinces`.
async fn require_in(conn: &mut PgConnection, of: &Return, provinces: &Provinces) -> Result<()> {
    let shop = sellers::summary(conn, of.seller).await?;
    if provinces.contains(&shop.province_code) { Ok(()) } else { Err(Error::from(&NOT_FOUND)) }
}

/// What an officer reads before deciding on a return.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReturnDossier)]
pub struct Dossier {
    /// The return with what both sides say.
    #[serde(flatten)]
    returned: View,
    /// The name the buyer shows to others.
    buyer: String,
    /// The order it is about, without the address.
    order: Option<Dealing>,
    /// How it was paid.
    payment: Allocation,
    /// Whether a verdict for the buyer moves money: the licensed partner still has it. Otherwise it is a recommendation.
    movable: bool,
}

/// The dossier of a return of a shop in `provinces`.
pub async fn dossier(conn: &mut PgConnection, id: ReturnId, provinces: &Provinces) -> Result<Dossier> {
    let reached = store::by_id(conn, id).await?;
    let disputed = store::find(conn, reached).await?;
    require_in(conn, &disputed, provinces).await?;
    Ok(Dossier {
        buyer: disputed.buyer_name.clone(),
        order: orders::dealing_of_buyer(conn, disputed.account, disputed.order).await?,
        payment: payments::find_allocation(conn, disputed.order).await?,
        movable: settling::is_with_partner(conn, &disputed).await?,
        returned: view::of(conn, disputed, Lang::Vi).await?,
    })
}

/// A picture the buyer attached to a return of a shop in `provinces`.
pub async fn photo(
    conn: &mut PgConnection,
    id: ReturnId,
    provinces: &Provinces,
    photo: MediaId,
) -> Result<media::Evidence> {
    let reached = store::by_id(conn, id).await?;
    let disputed = store::find(conn, reached).await?;
    require_in(conn, &disputed, provinces).await?;
    evidence::find(conn, id.as_uuid(), photo).await
}

/// Tells both sides the written result.
pub async fn tell(conn: &mut PgConnection, id: ReturnId, decision: &Decision) -> Result<Vec<Message>> {
    let reached = store::by_id(conn, id).await?;
    let decided = store::find(conn, reached).await?;
    letters::tell(conn, &decided, decision.at).await
}
