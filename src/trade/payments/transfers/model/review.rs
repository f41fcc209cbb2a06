//! Money of a shop that fits no order by itself, and what becomes of it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ExceptionKind;
use crate::kernel::{ExceptionId, Line, MediaId, OrderId, Vnd};

/// Money of the review list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransferException {
    /// The entry.
    pub id: ExceptionId,
    /// Why it waits.
    pub kind: ExceptionKind,
    /// How much arrived.
    pub amount_vnd: Vnd,
    /// What the bank calls the transaction.
    #[schema(example = "FT26325123456")]
    pub bank_reference: String,
    /// The payer's words; null where the shop reported it.
    pub content: Option<String>,
    /// The order it names.
    pub order_id: Option<OrderId>,
    /// That order's number.
    #[schema(example = "OCOP-261121-7K3QZ8M2XW")]
    pub order_number: Option<String>,
    /// When it was noticed.
    pub opened_at: DateTime<Utc>,
    /// What became of it; null while it waits.
    pub resolution: Option<Outcome>,
    /// The order it was assigned to.
    pub assigned_to: Option<OrderId>,
    /// What the bank calls the transfer by which it was returned.
    pub returned_reference: Option<String>,
    /// When it was returned.
    pub returned_on: Option<NaiveDate>,
    /// A paper of the shop that shows it.
    pub proof_id: Option<MediaId>,
    /// In words.
    pub words: Option<String>,
    /// When it was decided.
    pub resolved_at: Option<DateTime<Utc>>,
}

/// What became of money that waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = TransferExceptionOutcome)]
pub enum Outcome {
    /// It pays an order.
    Assigned,
    /// Its sender has it back.
    Returned,
    /// As the words say.
    Other,
    /// The bank named another amount for what the shop had reported: the bank's word counts.
    Superseded,
}

/// What shall become of it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = TransferExceptionResolution, example = json!({
    "outcome": "other", "words": "Bà con trả tiền mua tại xưởng, không phải đơn hàng trên sàn."
}))]
pub enum Resolution {
    /// It pays an order that still waits for it, alone or together with other money that waits. What is left over
    /// waits anew.
    Assigned {
        /// Which order.
        order_id: OrderId,
        /// Other entries that pay it too; at most 20.
        #[serde(default)]
        #[schema(max_items = 20)]
        together_with: Vec<ExceptionId>,
    },
    /// It was sent back.
    Returned {
        /// What the bank calls the transfer back.
        #[schema(value_type = String, min_length = 1, max_length = 100)]
        bank_reference: Line<1, 100>,
        /// On which day.
        on: NaiveDate,
        /// A paper of the shop that shows it.
        proof_id: Option<MediaId>,
    },
    /// It has nothing to do with an order.
    Other {
        /// What it is.
        #[schema(value_type = String, min_length = 1, max_length = 1000)]
        words: Line<1, 1000>,
    },
}
