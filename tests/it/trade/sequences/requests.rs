//! What is asked for when something is done about an order.

use std::fmt;

use axum::http::Method;
use serde_json::{Value, json};

use super::acts::Deed;
use super::checks::{Line, Parcel, Seen, Wish};
use super::market::Shop;
use crate::support::{Actor, Answer};

/// A request that can be sent once more.
#[derive(Clone)]
pub struct Request {
    pub who: Actor,
    pub method: Method,
    pub path: String,
    /// The `Idempotency-Key`.
    pub key: String,
    pub body: String,
}

impl Request {
    pub fn put(who: &Actor, path: String, body: &Value) -> Self {
        Self { who: who.clone(), method: Method::PUT, path, key: String::new(), body: body.to_string() }
    }

    pub fn post(who: &Actor, path: String, key: String, body: String) -> Self {
        Self { who: who.clone(), method: Method::POST, path, key, body }
    }

    pub async fn send(&self) -> Answer {
        let headers = [("content-type", "application/json"), ("idempotency-key", self.key.as_str())];
        let given = if self.key.is_empty() { 1 } else { 2 };
        self.who.send(self.method.clone(), &self.path, &headers[..given], self.body.clone().into()).await
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.method, self.path, self.body)
    }
}

impl Seen {
    /// What the order waits for; the whim may have it that it comes differently.
    pub fn next(&self, whim: u8) -> Option<Deed> {
        let seldom = whim.is_multiple_of(12);
        let deed = match self.status.as_str() {
            "awaiting_payment" | "placed" | "accepted" | "packed" if seldom => Deed::Cancel,
            "awaiting_payment" if self.method == "vietqr" && whim % 12 == 1 => Deed::Claim,
            "awaiting_payment" => Deed::Pay,
            "placed" => Deed::Accept,
            "accepted" => Deed::Pack,
            "packed" => Deed::Ship,
            "shipped" if whim.is_multiple_of(5) => Deed::Refuse,
            "shipped" => Deed::Deliver,
            "returning" => Deed::TakeBack,
            "delivered" | "completed" => match &self.wish {
                Some(wish) => wish.next(whim)?,
                None if self.owed.is_some() && whim.is_multiple_of(2) => Deed::Prove,
                None if self.share == "collected" && whim.is_multiple_of(3) => Deed::Remit,
                None => Deed::Ask,
            },
            _ => self.owed.map(|_| Deed::Prove)?,
        };
        Some(deed)
    }

    fn in_state(&self, status: &str) -> Option<&Parcel> {
        self.parcels.iter().find(|parcel| parcel.status == status)
    }
}

impl Wish {
    fn next(&self, whim: u8) -> Option<Deed> {
        let seldom = whim.is_multiple_of(8);
        Some(match self.status.as_str() {
            "requested" | "awaiting_goods" if seldom => Deed::Withdraw,
            "requested" => Deed::Answer,
            "offered" if seldom => Deed::Escalate,
            "offered" => Deed::TakeOffer,
            "refused" => Deed::Escalate,
            "awaiting_goods" => Deed::SendBack,
            "goods_sent" if seldom => Deed::Object,
            "goods_sent" => Deed::Receive,
            "disputed" => Deed::Judge,
            "recommended" | "unheeded" => Deed::Follow,
            _ => return None,
        })
    }

    /// As many of each line as the whim has it, at least one in all.
    fn part(&self, whim: u8) -> Value {
        let take = |asked: i32, at: usize| (i32::from(whim >> (at % 6)) % (asked + 1)).max(i32::from(at == 0));
        let lines = self.lines.iter().enumerate().map(|(at, line)| (line.order_line_id, take(line.asked, at)));
        let some = lines.filter(|(_, units)| *units > 0);
        some.map(|(line, units)| json!({ "order_line_id": line, "quantity": units })).collect()
    }
}

/// Everybody who can do something about an order; `number` is new each time.
pub struct Scene<'a> {
    pub order: &'a Seen,
    pub shop: &'a Shop,
    pub buyer: &'a Actor,
    pub number: String,
    pub today: String,
}

impl Scene<'_> {
    /// The request that does it; none where there is nothing to name, or where one request is not all
    /// ([`Deed::Pay`], [`Deed::Judge`]).
    pub fn request(&self, deed: Deed, whim: u8) -> Option<Request> {
        match deed {
            Deed::Pay | Deed::Judge => None,
            Deed::Claim => Some(self.of_buyer("payment/claim")),
            Deed::Accept => Some(self.of_shop("acceptance")),
            Deed::Pack => Some(self.of_shop("packing")),
            Deed::Cancel if whim.is_multiple_of(2) => Some(self.of_buyer("cancellation")),
            Deed::Cancel => Some(self.of_shop("cancellation")),
            Deed::Ship => Some(self.ship(whim)),
            Deed::Deliver => Some(self.deliver(whim)),
            Deed::Refuse => Some(self.parcel_or_order("in_transit", "returning", "refusal", whim)),
            Deed::TakeBack => Some(self.parcel_or_order("returning", "returned", "refusal/receipt", whim)),
            Deed::Remit => self.remit(whim),
            Deed::Prove => self.prove(),
            Deed::Ask => self.ask(whim),
            _ => self.of_wish(deed, whim),
        }
    }

    fn of_buyer(&self, step: &str) -> Request {
        Request::put(self.buyer, format!("/v1/orders/{}/{step}", self.order.id), &json!({}))
    }

    fn of_shop(&self, step: &str) -> Request {
        Request::put(&self.shop.stall.owner, self.at_shop(step), &json!({}))
    }

    fn at_shop(&self, below: &str) -> String {
        format!("/v1/shops/{}/orders/{}/{below}", self.shop.stall.id, self.order.id)
    }

    /// All that has not left, or one unit of it.
    fn ship(&self, whim: u8) -> Request {
        let handed_over =
            json!({ "handed_over": { "carrier": "VNPost", "tracking_code": format!("EA-{}", self.number) } });
        let mut parcel = json!({ "carriage": handed_over });
        if let Some(line) = self.order.lines.iter().find(|line| line.unsent > 0 && whim.is_multiple_of(3)) {
            parcel["lines"] = json!([{ "line_id": line.id, "quantity": 1 }]);
        }
        Request::post(&self.shop.stall.owner, self.at_shop("parcels"), self.number.clone(), parcel.to_string())
    }

    fn deliver(&self, whim: u8) -> Request {
        let unsent = self.order.lines.iter().any(|line| line.unsent > 0);
        match self.order.in_state("in_transit") {
            None if unsent => self.ship(whim),
            Some(parcel) if unsent || whim.is_multiple_of(2) => self.report(parcel, "delivered"),
            _ if whim.is_multiple_of(3) => self.of_shop("delivery"),
            _ => self.of_buyer("delivery"),
        }
    }

    fn parcel_or_order(&self, from: &str, to: &str, step: &str, whim: u8) -> Request {
        match self.order.in_state(from).filter(|_| whim.is_multiple_of(2)) {
            Some(parcel) => self.report(parcel, to),
            None => self.of_shop(step),
        }
    }

    fn report(&self, parcel: &Parcel, status: &str) -> Request {
        let path = self.at_shop(&format!("parcels/{}/status", parcel.id));
        Request::put(&self.shop.stall.owner, path, &json!({ "status": status }))
    }

    /// The carrier's list of the day, with the order's cash and what the way cost, or the shop's word on what it got.
    fn remit(&self, whim: u8) -> Option<Request> {
        let parcel = self.order.parcels.first()?;
        if whim.is_multiple_of(2) {
            let path = format!("/v1/shops/{}/parcels/{}/cash_receipt", self.shop.stall.id, parcel.id);
            let got = i64::from(whim) * self.order.total_vnd / 200;
            let receipt =
                json!({ "received_vnd": got, "fee_vnd": u32::from(whim) * 100, "words": "Bưu tá đưa tiền mặt" });
            return Some(Request::put(&self.shop.stall.owner, path, &receipt));
        }
        let path = format!("/v1/shops/{}/remittances?carrier=VNPost&date={}", self.shop.stall.id, self.today);
        let fee = u32::from(whim) * 100;
        let list = format!("Mã vận đơn,COD,Tổng phí\n{},{},{fee}\n", parcel.code, self.order.total_vnd);
        Some(Request::post(&self.shop.stall.owner, path, String::new(), list))
    }

    fn prove(&self) -> Option<Request> {
        let path = format!("/v1/shops/{}/refunds/{}/proof", self.shop.stall.id, self.order.owed?);
        let proof = json!({ "bank_reference": format!("FT{}", self.number), "sent_on": self.today });
        Some(Request::put(&self.shop.stall.owner, path, &proof))
    }

    /// Some of what is left of some lines.
    fn ask(&self, whim: u8) -> Option<Request> {
        const REASONS: [&str; 4] = ["damaged", "missing", "not_as_described", "changed_mind"];
        let left = |line: &Line| line.quantity - line.returned;
        let some = |(at, line): (usize, &Line)| {
            let wanted = i32::from(whim >> (at % 6)) % (left(line) + 1);
            (wanted > 0).then(|| json!({ "order_line_id": line.id, "quantity": wanted }))
        };
        let mut lines: Vec<Value> = self.order.lines.iter().enumerate().filter_map(some).collect();
        if lines.is_empty() {
            let line = self.order.lines.iter().find(|line| left(line) > 0)?;
            lines.push(json!({ "order_line_id": line.id, "quantity": left(line) }));
        }
        let wish = json!({ "lines": lines, "reason": REASONS[usize::from(whim >> 6)], "words": "Hộp bị vỡ." });
        let path = format!("/v1/orders/{}/returns", self.order.id);
        Some(Request::post(self.buyer, path, self.number.clone(), wish.to_string()))
    }

    fn of_wish(&self, deed: Deed, whim: u8) -> Option<Request> {
        let wish = self.order.wish.as_ref()?;
        let (by_shop, step, body) = match deed {
            Deed::Answer => (true, "answer", answer(wish, whim)),
            Deed::Receive => {
                let line = |line: &super::checks::Asked| json!({ "order_line_id": line.order_line_id, "restock": whim.is_multiple_of(2) });
                (true, "receipt", json!({ "lines": wish.lines.iter().map(line).collect::<Vec<_>>() }))
            }
            Deed::Object => (true, "objection", json!({ "words": "Thiếu hàng." })),
            Deed::Follow => (true, "compliance", json!({})),
            Deed::TakeOffer => (false, "offer_acceptance", json!({})),
            Deed::SendBack => {
                let code = format!("TRA-{}", self.number);
                (false, "shipment", json!({ "carrier": "VNPost", "tracking_code": code, "postage_vnd": 25_000 }))
            }
            Deed::Escalate => (false, "escalation", json!({ "words": "Không đồng ý." })),
            Deed::Withdraw => (false, "withdrawal", json!({})),
            _ => return None,
        };
        let (who, path) = if by_shop {
            (&self.shop.stall.owner, format!("/v1/shops/{}/returns/{}/{step}", self.shop.stall.id, wish.id))
        } else {
            (self.buyer, format!("/v1/returns/{}/{step}", wish.id))
        };
        Some(Request::put(who, path, &body))
    }
}

/// Mostly everything is granted; sometimes a part is offered, or nothing.
fn answer(wish: &Wish, whim: u8) -> Value {
    let goods_back = whim.is_multiple_of(2);
    let whole: i32 = wish.lines.iter().map(|line| line.asked).sum();
    match whim % 8 {
        0 => json!({ "answer": "refuse", "words": "Hàng nguyên vẹn." }),
        1 | 2 if whole > 1 => {
            let first = [json!({ "order_line_id": wish.lines[0].order_line_id, "quantity": 1 })];
            json!({ "answer": "offer", "goods_back": goods_back, "lines": first, "words": "Một phần." })
        }
        _ => json!({ "answer": "accept", "goods_back": goods_back }),
    }
}

impl Wish {
    /// What an officer finds: for the buyer, in whole or in part, or not.
    pub fn verdict(&self, whim: u8) -> Value {
        match whim % 4 {
            0 => json!({ "verdict": "reject", "reason_codes": ["refund.not_shown"], "words": "Ảnh không rõ." }),
            1 => json!({ "verdict": "approve", "words": "Đúng một phần.", "refund": { "lines": self.part(whim) } }),
            _ => {
                let refund = json!({ "goods_back": whim.is_multiple_of(3) });
                json!({ "verdict": "approve", "words": "Ảnh cho thấy hộp vỡ.", "refund": refund })
            }
        }
    }
}
