//! Refunds: the buyer says where to, the shop sends and proves.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::OrderPath;
use crate::kernel::{Limit, Line, MediaId, OrderId, Page, RefundId, SellerId};
use crate::people::access::{Buyer, HandleMoney, Shop};
use crate::people::notify;
use crate::platform::error::{NOT_FOUND, OrRefuse as _, Result};
use crate::platform::extract::{Json, Path, Query, after};
use crate::platform::seal::Seal;
use crate::trade::payments::RefundStatus;
use crate::trade::payments::transfers::model::AccountForm;
use crate::trade::payments::transfers::refunds::{self, Proof};
use crate::trade::payments::transfers::store;
use crate::trade::payments::transfers::store::refunds::{OrderRefund, RefundAccount, Task};

/// What goes back, or went back, of one of the caller's own orders; the oldest first.
#[utoipa::path(get, path = "/orders/{order_id}/refunds", tag = "payments", security(("session" = ["account"])),
    params(("order_id" = OrderId, Path)), responses((status = OK, body = Vec<OrderRefund>)))]
pub async fn list_order_refunds(buyer: Buyer, Path(path): Path<OrderPath>) -> Result<Json<Vec<OrderRefund>>> {
    buyer.see(async |scope| Ok(Json(store::refunds::of_order(scope, path.order_id).await?))).await
}

/// Where money of an order goes back to.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundAccountView {
    /// The bank, by its number.
    #[schema(example = "970405")]
    bin: String,
    /// The bank's name.
    #[schema(example = "Agribank")]
    bank: String,
    /// The account number's last four characters.
    #[schema(example = "2345")]
    number_last: String,
    /// Whose it is.
    holder: String,
    /// When the buyer said so.
    set_at: DateTime<Utc>,
}

impl From<RefundAccount> for RefundAccountView {
    fn from(account: RefundAccount) -> Self {
        let RefundAccount { bin, bank, number_last, holder, set_at, .. } = account;
        Self { bin, bank, number_last, holder, set_at }
    }
}

/// Say where money of an order that was paid to the shop goes back to. Only the shop reads it in full, and only while it
/// owes some.
#[utoipa::path(put, path = "/orders/{order_id}/refund_account", tag = "payments", security(("session" = ["account"])),
    params(("order_id" = OrderId, Path)), responses((status = OK, body = RefundAccountView)))]
pub async fn set_refund_account(
    buyer: Buyer,
    Path(path): Path<OrderPath>,
    Json(form): Json<AccountForm>,
) -> Result<Json<RefundAccountView>> {
    let (now, seal) = (buyer.app().clock.now(), &buyer.app().seal);
    let (set, letters) = buyer
        .act(async |scope| {
            let (conn, account) = scope.split();
            let letters = refunds::set_account(conn, seal, (*account, path.order_id), &form, now).await?;
            let set = store::refunds::find_account(conn, path.order_id).await?.or_refuse(&NOT_FOUND)?;
            Ok((set, letters))
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(buyer.app().settings.demo, letter);
    }
    Ok(Json(set.into()))
}

/// Which refunds, and where a page of them begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RefundsPage {
    /// How far they are; all if nothing is said.
    status: Option<RefundStatus>,
    /// Refunds on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the page before.
    after: Option<String>,
}

/// Where the shop sends a refund.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundDestination {
    /// The bank, by its number.
    #[schema(example = "970405")]
    bin: String,
    /// The bank's name.
    #[schema(example = "Agribank")]
    bank: String,
    /// The account's number in full.
    #[schema(example = "7800205123456")]
    number: String,
    /// Whose it is.
    holder: String,
}

/// A refund as the shop sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShopRefundView {
    #[serde(flatten)]
    refund: Task,
    /// Whether it should have been sent by now.
    late: bool,
    /// Where to; null until the buyer has said so, and once it was sent.
    to: Option<RefundDestination>,
}

impl ShopRefundView {
    fn new(refund: Task, accounts: &[RefundAccount], seal: &Seal, now: DateTime<Utc>) -> Result<Self> {
        let open = refund.status != RefundStatus::Arrived;
        let account = accounts.iter().find(|account| open && account.order == refund.order_id);
        let to = account.map(|account| destination(account, seal)).transpose()?;
        Ok(Self { late: open && refund.due_at.is_some_and(|due| due <= now), to, refund })
    }
}

fn destination(account: &RefundAccount, seal: &Seal) -> Result<RefundDestination> {
    Ok(RefundDestination {
        bin: account.bin.clone(),
        bank: account.bank.clone(),
        number: refunds::open_number(seal, account.order, &account.number_sealed)?,
        holder: account.holder.clone(),
    })
}

/// Money the shop has to send back, or has sent, newest first.
#[utoipa::path(get, path = "/shops/{shop_id}/refunds", tag = "payments", security(("session" = ["shop.money"])),
    params(("shop_id" = SellerId, Path), RefundsPage), responses((status = OK, body = Page<ShopRefundView>)))]
pub async fn list_shop_refunds(
    shop: Shop<HandleMoney>,
    Query(query): Query<RefundsPage>,
) -> Result<Json<Page<ShopRefundView>>> {
    let (now, seal) = (shop.app().clock.now(), &shop.app().seal);
    let binding = serde_json::to_vec(&("shop_refunds", shop.seller, query.status))?;
    let before = after::<RefundId>(&binding, query.after.as_deref())?;
    shop.see(async |scope| {
        let rows = store::refunds::page(scope, query.status, before, query.limit.fetch()).await?;
        let orders: Vec<OrderId> = rows.iter().map(|refund| refund.order_id).collect();
        let accounts = store::refunds::accounts_of(scope, &orders).await?;
        let views = rows.into_iter().map(|refund| ShopRefundView::new(refund, &accounts, seal, now));
        let views = views.collect::<Result<Vec<_>>>()?;
        Ok(Json(Page::cut(views, query.limit, &binding, |view| view.refund.id)?))
    })
    .await
}

/// A refund in the path.
#[derive(Debug, Deserialize)]
pub struct RefundPath {
    refund_id: RefundId,
}

/// How the shop sent a refund.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "bank_reference": "FT26326987654", "sent_on": "2026-11-21" }))]
pub struct RefundProof {
    /// What the bank calls the transfer.
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    bank_reference: Line<1, 100>,
    /// On which day.
    sent_on: NaiveDate,
    /// A paper of the shop that shows it.
    proof_id: Option<MediaId>,
}

/// Show that a refund was sent. The buyer is told.
#[utoipa::path(put, path = "/shops/{shop_id}/refunds/{refund_id}/proof", tag = "payments",
    security(("session" = ["shop.money"])),
    params(("shop_id" = SellerId, Path), ("refund_id" = RefundId, Path)),
    responses((status = OK, body = ShopRefundView)))]
pub async fn prove_refund(
    shop: Shop<HandleMoney>,
    Path(path): Path<RefundPath>,
    Json(shown): Json<RefundProof>,
) -> Result<Json<ShopRefundView>> {
    let (now, seal) = (shop.app().clock.now(), &shop.app().seal);
    let proof = Proof { bank_reference: &shown.bank_reference, sent_on: shown.sent_on, paper: shown.proof_id };
    let (refund, letters) = shop
        .act(async |scope| {
            let (conn, seller) = scope.split();
            refunds::settle(conn, (*seller, shop.account), path.refund_id, &proof, now).await
        })
        .await?;
    for letter in &letters {
        notify::show_in_demo(shop.app().settings.demo, letter);
    }
    Ok(Json(ShopRefundView::new(refund, &[], seal, now)?))
}
