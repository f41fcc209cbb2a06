//! A shop's members prepare it, submit it, pause it.

mod forms;
mod papers;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::file::{self, ShopFile};
use super::model::{Editable, LOCKED, Seller, SellerKind, SellerStatus};
use super::store::{self, NewRow};
use crate::app::App;
use crate::kernel::{AccountId, MemberId, SellerId};
use crate::market::cases::{self, CaseKind, NewCase};
use crate::people::access::{self, Invitation, ManageShop, MemberRole, ReadShop, Shop};
use crate::people::identity::{self, SignedIn};
use crate::people::policies::{self, PolicyKind};
use crate::platform::error::{Error, NOT_FOUND, OrRefuse as _, Problem, Result};
use crate::platform::extract::{INVALID, Json};
use crate::platform::versions::{IfMatch, Versioned};
use forms::ShopForm;

/// The caller belongs to `MOST_SHOPS` shops.
pub const TOO_MANY_SHOPS: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "too-many-shops",
    vi: "Tài khoản đã có số cửa hàng tối đa",
    en: "The account belongs to as many shops as it may",
};

/// Something is missing; the member `missing` says what.
pub const INCOMPLETE: Problem = Problem {
    status: StatusCode::UNPROCESSABLE_ENTITY,
    code: "shop-incomplete",
    vi: "Hồ sơ cửa hàng chưa đầy đủ",
    en: "The shop's file is not complete",
};

/// Officers must be able to reach whoever submits a shop.
pub const CONTACT_UNCONFIRMED: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "contact-unconfirmed",
    vi: "Cần xác nhận e-mail hoặc số điện thoại của bạn trước khi nộp hồ sơ",
    en: "Please confirm your e-mail address or phone number before submitting",
};

/// Shops an account may belong to when it opens another.
const MOST_SHOPS: usize = 10;

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_shop))
        .routes(routes!(list_my_shops))
        .routes(routes!(list_my_invitations))
        .routes(routes!(read_shop, change_shop))
        .routes(routes!(submit_shop, withdraw_shop))
        .routes(routes!(pause_shop, reopen_shop))
        .merge(papers::router())
        .layer(DefaultBodyLimit::max(64 * 1024))
}

/// The shop's file as it stands in this transaction.
async fn answer(conn: &mut PgConnection, id: SellerId, today: NaiveDate) -> Result<Versioned<ShopFile>> {
    let file = file::read(conn, id, today).await?;
    Ok(Versioned { version: file.version, body: file })
}

/// The shop, locked.
async fn lock(conn: &mut PgConnection, id: SellerId) -> Result<Seller> {
    store::lock(conn, id).await?.or_refuse(&NOT_FOUND)
}

/// Begin a shop: a draft, whose owner the caller becomes.
#[utoipa::path(post, path = "/shops", tag = "sellers", security(("session" = ["account"])),
    responses((status = CREATED, body = ShopFile)))]
async fn create_shop(me: SignedIn, Json(form): Json<ShopForm>) -> Result<(StatusCode, Versioned<ShopFile>)> {
    let app = me.app();
    let now = app.clock.now();
    let id = SellerId::new(now);
    let personal_id = form.personal_id.as_ref().map(|number| super::seal_id(&app.seal, id, number)).transpose()?;
    me.act(async |scope| {
        let (conn, account) = scope.split();
        identity::lock(conn, *account).await?;
        if access::shops_of(conn, *account).await?.len() >= MOST_SHOPS {
            return Err(TOO_MANY_SHOPS.because(format!("at most {MOST_SHOPS}")));
        }
        let row = NewRow {
            id,
            status: SellerStatus::Draft,
            profile: &form.profile(conn).await?,
            personal_id: personal_id.as_ref(),
            demo: app.settings.demo,
            created_at: now,
            approved_at: None,
        };
        super::insert(conn, &row).await?;
        access::add_member(conn, id, *account, MemberRole::Owner, now).await?;
        Ok((StatusCode::CREATED, answer(conn, id, app.clock.today()).await?))
    })
    .await
}

/// A shop the caller belongs to.
#[derive(Debug, Serialize, ToSchema)]
struct MyShop {
    /// The shop.
    id: SellerId,
    /// Its name in addresses.
    slug: String,
    /// Its name.
    name: String,
    /// Who sells.
    kind: SellerKind,
    /// Where it stands.
    status: SellerStatus,
    /// What the caller may do there.
    role: MemberRole,
}

/// The shops the caller belongs to, the oldest first.
#[utoipa::path(get, path = "/me/shops", tag = "sellers", security(("session" = ["account"])),
    responses((status = OK, body = Vec<MyShop>)))]
async fn list_my_shops(me: SignedIn) -> Result<Json<Vec<MyShop>>> {
    me.see(async |scope| {
        let (conn, account) = scope.split();
        let mine = access::shops_of(conn, *account).await?;
        let ids: Vec<SellerId> = mine.iter().map(|(id, _)| *id).collect();
        let shops = store::summaries(conn, &ids).await?.into_iter().filter_map(|shop| {
            let role = mine.iter().find(|(id, _)| *id == shop.id).map(|(_, role)| *role)?;
            Some(MyShop { id: shop.id, slug: shop.slug, name: shop.name, kind: shop.kind, status: shop.status, role })
        });
        Ok(Json(shops.collect()))
    })
    .await
}

/// An invitation into a shop.
#[derive(Debug, Serialize, ToSchema)]
struct InvitationView {
    /// The membership to accept or decline.
    id: MemberId,
    /// The shop's name.
    shop: String,
    /// Who sells.
    kind: SellerKind,
    /// What the caller might do there.
    role: MemberRole,
    /// When they were invited.
    created_at: DateTime<Utc>,
}

/// The shops that invite the caller, the oldest invitation first.
#[utoipa::path(get, path = "/me/invitations", tag = "sellers", security(("session" = ["account"])),
    responses((status = OK, body = Vec<InvitationView>)))]
async fn list_my_invitations(me: SignedIn) -> Result<Json<Vec<InvitationView>>> {
    me.see(async |scope| {
        let (conn, account) = scope.split();
        let invitations = access::invitations_of(conn, *account).await?;
        let ids: Vec<SellerId> = invitations.iter().map(|invitation| invitation.seller).collect();
        let shops = store::summaries(conn, &ids).await?;
        let views = invitations.into_iter().filter_map(|invitation| {
            let shop = shops.iter().find(|shop| shop.id == invitation.seller)?;
            let Invitation { id, role, created_at, .. } = invitation;
            Some(InvitationView { id, shop: shop.name.clone(), kind: shop.kind, role, created_at })
        });
        Ok(Json(views.collect()))
    })
    .await
}

/// The shop's file: its data, papers, status, and what is missing.
#[utoipa::path(get, path = "/shops/{shop_id}", tag = "sellers", security(("session" = ["shop.read"])),
    params(("shop_id" = SellerId, Path)), responses((status = OK, body = ShopFile)))]
async fn read_shop(shop: Shop<ReadShop>) -> Result<Versioned<ShopFile>> {
    let today = shop.app().clock.today();
    shop.see(async |scope| {
        let (conn, seller) = scope.split();
        answer(conn, *seller, today).await
    })
    .await
}

/// Change what the shop says about itself; fields left out are emptied, but for `personal_id`.
///
/// Once submitted or approved, only how it presents itself can change: contacts and texts about it.
#[utoipa::path(put, path = "/shops/{shop_id}", tag = "sellers", security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path), ("If-Match" = String, Header, description = "The `ETag` seen")),
    responses((status = OK, body = ShopFile)))]
async fn change_shop(
    shop: Shop<ManageShop>,
    if_match: IfMatch,
    Json(form): Json<ShopForm>,
) -> Result<Versioned<ShopFile>> {
    let app = shop.app();
    let personal_id =
        form.personal_id.as_ref().map(|number| super::seal_id(&app.seal, shop.seller, number)).transpose()?;
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let current = lock(conn, *seller).await?;
        if_match.check(current.version)?;
        cases::require_no_appeal(conn, seller.as_uuid()).await?;
        let profile = form.profile(conn).await?;
        current.allow_change(&profile, personal_id.is_some())?;
        store::set_profile(conn, *seller, &profile, personal_id.as_ref()).await?;
        answer(conn, *seller, app.clock.today()).await
    })
    .await
}

/// Submit the shop to the department of its province. Whoever submits must have agreed to the operating rules in force.
#[utoipa::path(post, path = "/shops/{shop_id}/submission", tag = "sellers", security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path)), responses((status = CREATED, body = ShopFile)))]
async fn submit_shop(shop: Shop<ManageShop>) -> Result<(StatusCode, Versioned<ShopFile>)> {
    let clock = &shop.app().clock;
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        let current = lock(conn, *seller).await?;
        let status = current.status.submit()?;
        cases::require_no_appeal(conn, seller.as_uuid()).await?;
        if !identity::has_confirmed_contact(conn, shop.account).await? {
            return Err(Error::from(&CONTACT_UNCONFIRMED));
        }
        policies::require_accepted(conn, shop.account, PolicyKind::OperatingRules, clock.today()).await?;
        require_complete(conn, &current, clock.today()).await?;
        store::set_submitted(conn, *seller, status, clock.now()).await?;
        cases::open(conn, &application(current, shop.account), clock.now()).await?;
        Ok((StatusCode::CREATED, answer(conn, *seller, clock.today()).await?))
    })
    .await
}

/// Refuses a shop that lacks something, and says what.
async fn require_complete(conn: &mut PgConnection, seller: &Seller, today: NaiveDate) -> Result<()> {
    let papers = store::papers::list(conn, seller.id).await?;
    let missing = file::missing(conn, seller, &papers, today).await?;
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::from(&INCOMPLETE).fact("missing", serde_json::to_value(missing)?))
}

/// The case its department will find in the queue.
fn application(seller: Seller, opened_by: AccountId) -> NewCase {
    NewCase {
        kind: CaseKind::SellerApplication,
        subject: seller.id.as_uuid(),
        seller: seller.id,
        province_code: seller.province_code,
        commune_code: seller.commune_code,
        legacy_province_code: Some(seller.legacy_province_code),
        title: seller.name,
        opened_by,
        due_at: None,
    }
}

/// Take the submission back, to change something.
#[utoipa::path(delete, path = "/shops/{shop_id}/submission", tag = "sellers",
    security(("session" = ["shop.manage"])), params(("shop_id" = SellerId, Path)),
    responses((status = OK, body = ShopFile)))]
async fn withdraw_shop(shop: Shop<ManageShop>) -> Result<Versioned<ShopFile>> {
    let today = shop.app().clock.today();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        cases::withdraw(conn, CaseKind::SellerApplication, seller.as_uuid()).await?;
        let status = lock(conn, *seller).await?.status.withdraw()?;
        store::set_status(conn, *seller, status, None).await?;
        answer(conn, *seller, today).await
    })
    .await
}

/// A pause for the season or Tết; both days belong to it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "from": "2027-02-04", "to": "2027-02-14" }))]
struct Pause {
    /// First day.
    from: NaiveDate,
    /// Last day; left out until further notice.
    to: Option<NaiveDate>,
}

impl Pause {
    /// Refuses a pause that is over, runs backwards, or lies more than two years away.
    fn check(&self, today: NaiveDate) -> Result<()> {
        let (earliest, latest) = (today - TimeDelta::days(366), today + Months::new(24));
        if self.from < earliest || self.from > latest {
            return Err(Error::from(&INVALID)
                .at("from", format!("phải từ {earliest} đến {latest} / must lie between {earliest} and {latest}")));
        }
        let first = self.from.max(today);
        if self.to.is_some_and(|last| last < first || last > latest) {
            return Err(Error::from(&INVALID)
                .at("to", format!("phải từ {first} đến {latest} / must lie between {first} and {latest}")));
        }
        Ok(())
    }
}

/// Pause the shop: its listings stay visible, nothing can be ordered.
#[utoipa::path(put, path = "/shops/{shop_id}/closure", tag = "sellers", security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path)), responses((status = OK, body = ShopFile)))]
async fn pause_shop(shop: Shop<ManageShop>, Json(pause): Json<Pause>) -> Result<Versioned<ShopFile>> {
    pause.check(shop.app().clock.today())?;
    set_closure(&shop, Some(pause.from), pause.to).await
}

/// End the pause, or call it off.
#[utoipa::path(delete, path = "/shops/{shop_id}/closure", tag = "sellers", security(("session" = ["shop.manage"])),
    params(("shop_id" = SellerId, Path)), responses((status = OK, body = ShopFile)))]
async fn reopen_shop(shop: Shop<ManageShop>) -> Result<Versioned<ShopFile>> {
    set_closure(&shop, None, None).await
}

async fn set_closure(
    shop: &Shop<ManageShop>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> Result<Versioned<ShopFile>> {
    let today = shop.app().clock.today();
    shop.act(async |scope| {
        let (conn, seller) = scope.split();
        if lock(conn, *seller).await?.status.editable() == Editable::Nothing {
            return Err(Error::from(&LOCKED));
        }
        store::set_closure(conn, *seller, from, to).await?;
        answer(conn, *seller, today).await
    })
    .await
}
