//! What may be asked back at all.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};

use super::Reason;
use crate::kernel::OrderLineId;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::extract::INVALID;

/// Nothing of this order can be given back, or not for this reason; `detail` says why.
pub const NOT_RETURNABLE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "not-returnable",
    vi: "Không thể trả hàng này vì lý do đã nêu",
    en: "These goods cannot be given back for this reason",
};

/// The time to ask is over. The fact `until` says when it was.
pub const RETURN_TOO_LATE: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "return-too-late",
    vi: "Đã quá thời hạn yêu cầu trả hàng",
    en: "The time to ask for a return is over",
};

/// So many units are not left: they were refunded, or another return asks for them. The fact `lines` says what is left.
pub const RETURNED_ALREADY: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "returned-already",
    vi: "Số lượng muốn trả vượt quá số còn có thể trả",
    en: "More units are asked for than are left to be returned",
};

/// A line of the order, as far as a return of it is decided by.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The line.
    pub line: OrderLineId,
    /// What the order has of it.
    pub bought: i32,
    /// What was refunded of it, and what other returns that are not given up ask for.
    pub taken: i32,
    /// Whether goods of its product set come back from a buyer who has changed their mind.
    pub changed_mind: bool,
}

/// What the shop takes back without fault, as of the day the order was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Days from delivery; none means never.
    pub changed_mind_days: i16,
}

/// Until when a buyer may ask.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// When the order arrived.
    pub delivered_at: DateTime<Utc>,
    /// The first instant that is too late for goods at fault, by the calendar's row `return.request`.
    pub request_until: DateTime<Utc>,
}

impl Deadlines {
    fn until(&self, reason: Reason, policy: Policy) -> DateTime<Utc> {
        if reason.is_fault() {
            self.request_until
        } else {
            self.delivered_at + TimeDelta::days(i64::from(policy.changed_mind_days))
        }
    }
}

/// Refuses a wish for units that are not the order's, are not left, came too long ago, or that nobody has to take back
/// for this reason. `asked` holds each line once.
pub fn require_returnable(
    (reason, asked): (Reason, &BTreeMap<OrderLineId, i32>),
    lines: &[Wanted],
    policy: Policy,
    deadlines: &Deadlines,
    now: DateTime<Utc>,
) -> Result<()> {
    let known = |line: &OrderLineId| lines.iter().find(|wanted| wanted.line == *line);
    if asked.keys().any(|line| known(line).is_none()) {
        return Err(Error::from(&INVALID).at("lines", "phải là dòng của đơn hàng này / must be lines of this order"));
    }
    let wanted = || asked.iter().filter_map(|(line, quantity)| Some((known(line)?, *quantity)));
    if !reason.is_fault() {
        require_taken_back(wanted().all(|(line, _)| line.changed_mind), policy)?;
    }
    let until = deadlines.until(reason, policy);
    if until <= now {
        return Err(Error::from(&RETURN_TOO_LATE).fact("until", until.to_rfc3339()));
    }
    let short: Vec<serde_json::Value> = wanted()
        .filter(|(line, quantity)| line.bought - line.taken < *quantity)
        .map(|(line, _)| serde_json::json!({ "order_line_id": line.line, "left": line.bought - line.taken }))
        .collect();
    if short.is_empty() { Ok(()) } else { Err(Error::from(&RETURNED_ALREADY).fact("lines", short)) }
}

/// Whether goods that are as they should be come back: by the rule of their sets, and by the shop's own.
fn require_taken_back(by_rule: bool, policy: Policy) -> Result<()> {
    if !by_rule {
        return Err(Error::from(&NOT_RETURNABLE).detail(
            "hàng tươi, dễ hỏng không đổi trả khi không có lỗi / fresh goods come back only if they are at fault",
        ));
    }
    if policy.changed_mind_days == 0 {
        return Err(Error::from(&NOT_RETURNABLE)
            .detail("cửa hàng không nhận lại hàng không có lỗi / the shop takes back only goods at fault"));
    }
    Ok(())
}
