//! What may go in a parcel, and what is collected with it.

use axum::http::StatusCode;

use crate::kernel::Vnd;
use crate::platform::error::{Error, INVALID, Problem, Result};
use crate::trade::orders::store::OrderLine;
use crate::trade::shipping::CarrierRule;
use crate::trade::shipping::parcels::{Measured, Packed, Parcel, ParcelStatus};

/// Every unit of the order is in a parcel.
pub const NOTHING_TO_SEND: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "nothing-to-send",
    vi: "Mọi sản phẩm của đơn đã ở trong kiện hàng",
    en: "Everything of the order is in a parcel",
};

/// The order is paid in cash with a parcel that has not arrived: what leaves before that would be given away unpaid.
pub const CASH_FIRST: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "cash-first",
    vi: "Kiện thu tiền phải giao xong thì kiện sau mới được gửi",
    en: "The parcel that collects the cash must arrive before another leaves",
};

/// What of an order is in no parcel yet.
#[derive(Debug, Clone)]
pub struct Sendable(Vec<Packed>);

impl Sendable {
    /// The lines, less what is packed of them.
    pub fn new(lines: &[OrderLine], packed: &[Packed]) -> Self {
        let left = lines.iter().map(|line| {
            let packed: i32 = packed.iter().filter(|it| it.line_id == line.id).map(|it| it.quantity).sum();
            Packed { line_id: line.id, quantity: line.quantity - packed }
        });
        Self(left.filter(|line| line.quantity > 0).collect())
    }

    /// Whether there is nothing left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The lines wanted of it, or everything. Refuses with [`NOTHING_TO_SEND`], or names what is not left.
    pub fn choose(self, wanted: Option<&[Packed]>) -> Result<Vec<Packed>> {
        if self.is_empty() {
            return Err(Error::from(&NOTHING_TO_SEND));
        }
        let Some(wanted) = wanted else { return Ok(self.0) };
        if wanted.is_empty() {
            return Err(Error::from(&INVALID).at("lines", "phải có ít nhất một dòng / must name at least one"));
        }
        for (at, line) in wanted.iter().enumerate() {
            let left = self.0.iter().find(|left| left.line_id == line.line_id).map_or(0, |left| left.quantity);
            let is_repeated = wanted.iter().take(at).any(|earlier| earlier.line_id == line.line_id);
            if is_repeated || left == 0 {
                return Err(Error::from(&INVALID).at(
                    format!("lines[{at}].line_id"),
                    "phải là một dòng của đơn còn hàng chưa gửi, mỗi dòng một lần / must be a line of the order with \
                     something left to send, each once",
                ));
            }
            if !(1..=left).contains(&line.quantity) {
                let message = format!("phải từ 1 đến {left} / must be 1 to {left}");
                return Err(Error::from(&INVALID).at(format!("lines[{at}].quantity"), message));
            }
        }
        Ok(wanted.to_vec())
    }
}

/// What the next parcel collects of an order that is to bring `cash`: everything with the first one, nothing after. A
/// parcel that failed brought nothing. Refuses with [`CASH_FIRST`].
pub fn cash(cash: Option<Vnd>, parcels: &[Parcel]) -> Result<Vnd> {
    let Some(cash) = cash else { return Ok(Vnd::ZERO) };
    match parcels.iter().find(|parcel| parcel.cod_vnd > Vnd::ZERO && !parcel.status.has_failed()) {
        None => Ok(cash),
        Some(parcel) if parcel.status == ParcelStatus::Delivered => Ok(Vnd::ZERO),
        Some(_) => Err(Error::from(&CASH_FIRST)),
    }
}

/// Refuses a parcel its carrier does not take: too heavy, too large, or with too much cash. `at` is where its measures
/// stand in the request.
pub fn check(at: &str, measured: &Measured, cod: Vnd, rule: &CarrierRule) -> Result<()> {
    let most = |field: &str, value: i32, most: i32| {
        if (1..=most).contains(&value) {
            return Ok(());
        }
        let message = format!("phải từ 1 đến {most} / must be 1 to {most}");
        Err(Error::from(&INVALID).at(format!("{at}{field}"), message))
    };
    most("grams", measured.grams, rule.most_grams)?;
    most("length_mm", measured.length_mm, rule.most_side_mm)?;
    most("width_mm", measured.width_mm, rule.most_side_mm)?;
    most("height_mm", measured.height_mm, rule.most_side_mm)?;
    if measured.chargeable_grams(rule) > i64::from(rule.most_grams) {
        let (grams, most) = (measured.chargeable_grams(rule), rule.most_grams);
        let message = format!(
            "khối lượng quy đổi {grams} g, tối đa {most} g / its volume counts as {grams} g, of {most} g at most"
        );
        return Err(Error::from(&INVALID).at(format!("{at}length_mm"), message));
    }
    if cod > rule.most_cod {
        let message = format!("thu hộ tối đa {} / at most {} is collected", rule.most_cod, rule.most_cod);
        return Err(Error::from(&INVALID).at("carriage", message));
    }
    Ok(())
}
