//! What is for sale: listings, the words and pictures officers review, and packs with prices that change at once.
//!
//! A listing has a published version and at most one revision under way. The shop edits the revision and hands it in;
//! an approval copies it into the listing, and until then the public keeps seeing the published one. Whatever a shop
//! publishes, how it may be sold follows from its product set ([`sale_rule`]).
//!
//! What is handed in is screened automatically; an edit of a trusted shop in which nothing was found may be published at
//! once and looked at afterwards (`submission`).
//!
//! `editing` holds what shops do, `review` what officers do with revisions, `holds` what hides a published listing; all
//! work on a connection, so that demo data goes through
//! the same rules.

mod changes;
mod content;
mod editing;
mod holds;
pub mod http;
mod label;
mod model;
pub mod offers;
mod origin;
mod review;
mod screened;
mod store;
mod submission;
mod variants;
mod view;

pub use changes::{Change, changes};
pub use content::Content;
pub use editing::{archive, create, replace_variants, save_content, set_paused, set_price};
pub use holds::{
    ListingOutline, StatusCount, count_by_status, is_withdrawn_by, lift_takedown, lift_withdrawal, lock_listing,
    newest_of, outline, take_down, withdraw,
};
pub use label::Label;
pub use model::{ListingRow, ListingStatus, NOT_WITHDRAWN, Revision, RevisionStatus, Unseen, missing};
pub use review::{
    Dossier, decide, decide_spot_check, dossier, publish_demo, require_unmoved, reverse, reverse_spot_check,
};
pub use submission::{submit, withdraw_submission};
pub use variants::{Grams, Millimetres, NewVariant, Variant};
pub use view::{GivenVerdict, ListingView, view};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use sqlx::PgConnection;
use utoipa::ToSchema;

use crate::kernel::SellerId;
use crate::market::certification::SetNo;
use crate::market::sellers::PaperKind;
use crate::platform::error::{Error, Result};

/// How the goods of a product set may be sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SaleRule {
    /// Whether they can be ordered here; otherwise the buyer asks the shop.
    pub orderable: bool,
    /// Whether they may be paid in cash at delivery.
    pub cash_allowed: bool,
    /// The age a buyer must have stated.
    #[schema(example = 18)]
    pub minimum_age: Option<i16>,
    /// The shop must hold a valid paper of one of these kinds; empty if none is needed.
    #[schema(example = json!(["alcohol_licence"]))]
    pub papers_any_of: Vec<PaperKind>,
    /// Why.
    #[schema(example = "Luật 122/2025/QH15")]
    pub legal_basis: String,
}

/// The rule in force for the set on the day.
pub async fn sale_rule(conn: &mut PgConnection, set_no: SetNo, today: NaiveDate) -> Result<SaleRule> {
    let rule = store::rules::find(conn, set_no, today).await?;
    rule.ok_or_else(|| Error::fault(format!("no sale rule for product set {set_no} on {today}")))
}

/// What a shop has on the shelf.
#[derive(Debug, Clone, Copy)]
pub struct OnShelf {
    /// Published listings.
    pub listings: i64,
    /// When the first of them was published; `None` without any.
    pub since: Option<DateTime<Utc>>,
}

/// What the shop has on the shelf.
pub async fn on_shelf(conn: &mut PgConnection, seller: SellerId) -> Result<OnShelf> {
    store::listings::published(conn, seller).await
}
