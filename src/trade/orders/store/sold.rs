//! What was frozen of an order's money at placement.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::Reached;
use crate::kernel::{OrderLineId, SellerId, Vnd};
use crate::platform::error::Result;
use crate::trade::ledger::Bearer;
use crate::trade::payments::Method;

/// An order's money.
#[derive(Debug, Clone)]
pub struct Sold {
    /// Who sold.
    pub seller: SellerId,
    /// How it is paid.
    pub method: Method,
    /// Its lines.
    pub lines: Vec<SoldLine>,
}

/// A line's money, or that of some of its units.
#[derive(Debug, Clone)]
pub struct SoldLine {
    /// The line.
    pub id: OrderLineId,
    /// How many units it has.
    pub quantity: i32,
    /// Before discounts.
    pub amount: Vnd,
    /// What vouchers took off.
    pub discount: Vnd,
    /// Its share of the order's shipping.
    pub shipping_share: Vnd,
    /// The marketplace's commission.
    pub commission: Vnd,
    /// Value-added tax withheld.
    pub vat: Vnd,
    /// Personal income tax withheld.
    pub pit: Vnd,
    /// What others than the shop bear of the discount.
    pub borne: Vec<(Bearer, Vnd)>,
}

impl SoldLine {
    /// What the buyer pays for it.
    pub fn paid(&self) -> Option<Vnd> {
        self.amount.checked_sub(self.discount)?.checked_add(self.shipping_share)
    }

    /// The line with each of its amounts turned into another.
    pub fn map(&self, turn: impl Fn(Vnd) -> Option<Vnd>) -> Option<Self> {
        let borne = self.borne.iter().map(|(bearer, amount)| Some((bearer.clone(), turn(*amount)?)));
        Some(Self {
            id: self.id,
            quantity: self.quantity,
            amount: turn(self.amount)?,
            discount: turn(self.discount)?,
            shipping_share: turn(self.shipping_share)?,
            commission: turn(self.commission)?,
            vat: turn(self.vat)?,
            pit: turn(self.pit)?,
            borne: borne.collect::<Option<_>>()?,
        })
    }
}

/// The order's money, its lines by id.
pub async fn sold(conn: &mut PgConnection, order: Reached) -> Result<Sold> {
    let facts = sqlx::query!(
        r#"select seller_id as "seller: SellerId", method as "method: Method" from orders where id = $1"#,
        order.id() as _,
    )
    .fetch_one(&mut *conn)
    .await?;
    let mut borne = borne(conn, order).await?;
    let rows = sqlx::query!(
        r#"select id as "id: OrderLineId",
                  quantity,
                  amount_vnd as "amount: Vnd",
                  discount_vnd as "discount: Vnd",
                  shipping_share_vnd as "shipping_share: Vnd",
                  commission_vnd as "commission: Vnd",
                  vat_vnd as "vat: Vnd",
                  pit_vnd as "pit: Vnd"
             from order_lines
            where order_id = $1
            order by id"#,
        order.id() as _,
    )
    .fetch_all(conn)
    .await?;
    let lines = rows.into_iter().map(|row| SoldLine {
        id: row.id,
        quantity: row.quantity,
        amount: row.amount,
        discount: row.discount,
        shipping_share: row.shipping_share,
        commission: row.commission,
        vat: row.vat,
        pit: row.pit,
        borne: borne.remove(&row.id).unwrap_or_default(),
    });
    Ok(Sold { seller: facts.seller, method: facts.method, lines: lines.collect() })
}

async fn borne(conn: &mut PgConnection, order: Reached) -> Result<BTreeMap<OrderLineId, Vec<(Bearer, Vnd)>>> {
    let rows = sqlx::query!(
        r#"select order_line_id as "line: OrderLineId", bearer, order_line_discounts.amount_vnd as "amount: Vnd"
             from order_line_discounts
             join order_lines on order_lines.id = order_line_id
            where order_id = $1
            order by order_line_id, bearer"#,
        order.id() as _,
    )
    .fetch_all(conn)
    .await?;
    let mut borne: BTreeMap<OrderLineId, Vec<(Bearer, Vnd)>> = BTreeMap::new();
    for row in rows {
        let bearer = if row.bearer == "platform" { Bearer::Platform } else { Bearer::Province(row.bearer) };
        borne.entry(row.line).or_default().push((bearer, row.amount));
    }
    Ok(borne)
}
