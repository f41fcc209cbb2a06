//! The machine interface: `querydr` and `refund`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{VERSION, Vnpay, notice, wire_amount, wire_instant};
use crate::adapters::Unreachable;
use crate::adapters::gateway::{Found, Returned};
use crate::kernel::Vnd;

/// The address our own requests come from; VNPay wants one and uses none.
const OUR_ADDRESS: &str = "127.0.0.1";
/// What is asked, in VNPay's statements.
const INFO: &str = "OCOP";
/// Who orders a refund: the program.
const ORDERED_BY: &str = "ocop-market";
/// What is signed of an answer to `querydr`, in order.
pub const QUERY_ANSWER: [&str; 15] = [
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
    "vnp_PromotionCode",
    "vnp_PromotionAmount",
];
/// What is signed of an answer to `refund`: so many of the same, without what promotions took off.
pub const REFUND_ANSWER: usize = 13;

/// A sale that VNPay may know.
#[derive(Debug, Clone, Copy)]
pub struct Sold<'a> {
    /// Our key.
    pub reference: &'a str,
    /// As told with the sale.
    pub created_at: DateTime<Utc>,
}

/// Money that VNPay took.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'a> {
    /// By which sale.
    pub sold: Sold<'a>,
    /// VNPay's number of it.
    pub transaction: &'a str,
    /// How much in all.
    pub amount: Vnd,
}

/// Some of it to be given back.
#[derive(Debug, Clone, Copy)]
pub struct Back<'a> {
    /// Our key; the same again is the same refund.
    pub request: &'a str,
    /// How much.
    pub amount: Vnd,
    /// VNPay's numbers of what else it gave back of that money, as far as we know them.
    pub others: &'a [String],
}

/// An answer that VNPay signed.
struct Said(BTreeMap<String, String>);

impl Said {
    fn value(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl Vnpay {
    /// What VNPay knows of the sale; `request` is new for each question.
    pub async fn find(&self, request: &str, sold: Sold<'_>, now: DateTime<Utc>) -> Result<Found, Unreachable> {
        let said = self.query(request, sold, now).await?;
        match said.value("vnp_ResponseCode") {
            "91" => Ok(Found::Nothing),
            "00" if said.value("vnp_TxnRef") == sold.reference => notice(&|name| said.value(name))
                .map(Found::Known)
                .ok_or_else(|| Unreachable(anyhow::anyhow!("VNPay's answer lacks a value"))),
            code => Err(Unreachable(anyhow::anyhow!("VNPay answered {code} to a question"))),
        }
    }

    async fn query(&self, request: &str, sold: Sold<'_>, now: DateTime<Utc>) -> Result<Said, Unreachable> {
        let (created, asked) = (wire_instant(sold.created_at), wire_instant(now));
        let signed = [
            ("vnp_RequestId", request),
            ("vnp_Version", VERSION),
            ("vnp_Command", "querydr"),
            ("vnp_TmnCode", &self.terminal),
            ("vnp_TxnRef", sold.reference),
            ("vnp_TransactionDate", &created),
            ("vnp_CreateDate", &asked),
            ("vnp_IpAddr", OUR_ADDRESS),
            ("vnp_OrderInfo", INFO),
        ];
        self.ask(&signed, &QUERY_ANSWER).await
    }

    /// Has VNPay give back some of what it took.
    pub async fn refund(&self, taken: Taken<'_>, back: Back<'_>, now: DateTime<Utc>) -> Result<Returned, Unreachable> {
        // Type 02 gives back everything, 03 a part.
        let kind = if back.amount == taken.amount { "02" } else { "03" };
        let (created, asked) = (wire_instant(taken.sold.created_at), wire_instant(now));
        let amount = wire_amount(back.amount);
        let signed = [
            ("vnp_RequestId", back.request),
            ("vnp_Version", VERSION),
            ("vnp_Command", "refund"),
            ("vnp_TmnCode", &self.terminal),
            ("vnp_TransactionType", kind),
            ("vnp_TxnRef", taken.sold.reference),
            ("vnp_Amount", &amount),
            ("vnp_TransactionNo", taken.transaction),
            ("vnp_TransactionDate", &created),
            ("vnp_CreateBy", ORDERED_BY),
            ("vnp_CreateDate", &asked),
            ("vnp_IpAddr", OUR_ADDRESS),
            ("vnp_OrderInfo", INFO),
        ];
        let said = self.ask(&signed, &QUERY_ANSWER[..REFUND_ANSWER]).await?;
        match said.value("vnp_ResponseCode") {
            "00" => Ok(Returned::Done { transaction: number(said.value("vnp_TransactionNo")) }),
            // It has this request already; whether it carried it out stands with the sale.
            "94" => self.find_refund(taken.sold, back, now).await,
            // Maintenance, or an error of its own.
            "98" | "99" => Ok(Returned::Pending),
            code => Ok(Returned::Declined(format!("VNPay {code}: {}", said.value("vnp_Message")))),
        }
    }

    /// What became of the refund, if the sale's latest transaction is this one: VNPay works on it (05), has sent it (06) or
    /// was denied it (09). Another refund's fate says nothing about this one's.
    async fn find_refund(&self, sold: Sold<'_>, back: Back<'_>, now: DateTime<Utc>) -> Result<Returned, Unreachable> {
        // A request of its own, named after the one it asks about.
        let question: String = back.request.chars().rev().collect();
        let said = self.query(&question, sold, now).await?;
        let transaction = number(said.value("vnp_TransactionNo"));
        let is_another = transaction.as_ref().is_some_and(|number| back.others.contains(number));
        let is_refund = matches!(said.value("vnp_TransactionType"), "02" | "03");
        if is_another || !is_refund || said.value("vnp_Amount") != wire_amount(back.amount) {
            return Ok(Returned::Pending);
        }
        Ok(match said.value("vnp_TransactionStatus") {
            "00" | "05" | "06" => Returned::Done { transaction },
            "09" => Returned::Declined("VNPay 09".to_owned()),
            _ => Returned::Pending,
        })
    }

    /// Sends these values, signed as they stand, and believes only a signed answer.
    async fn ask(&self, signed: &[(&str, &str)], answer: &[&str]) -> Result<Said, Unreachable> {
        let text: Vec<&str> = signed.iter().map(|(_, value)| *value).collect();
        let signature = self.keys.sign(text.join("|").as_bytes());
        let mut body: BTreeMap<&str, &str> = signed.iter().copied().collect();
        body.insert("vnp_SecureHash", &signature);
        let answered = self.http.send(self.http.post(&self.api_url).json(&body)).await?;
        let said: BTreeMap<String, Value> =
            serde_json::from_slice(&answered.body).map_err(|error| Unreachable(error.into()))?;
        let said = Said(said.into_iter().map(|(name, value)| (name, text_of(value))).collect());
        let text: Vec<&str> = answer.iter().map(|name| said.value(name)).collect();
        if self.keys.verify(text.join("|").as_bytes(), said.value("vnp_SecureHash")) {
            Ok(said)
        } else {
            Err(Unreachable(anyhow::anyhow!("the answer, of status {}, is not VNPay's", answered.status)))
        }
    }
}

/// A value as it was signed: VNPay writes some numbers as numbers.
fn text_of(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn number(wire: &str) -> Option<String> {
    (!wire.is_empty() && wire != "0").then(|| wire.to_owned())
}
