//! Contacts: adding, confirming, and getting back in through one.

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::codes::{self, Purpose, WRONG_CODE};
use super::super::model::{Account, Contact, Password};
use super::super::signed_in::SignedIn;
use super::super::store;
use super::super::throttle::{self, Attempt};
use super::CONTACT_TAKEN;
use crate::app::Public;
use crate::kernel::Line;
use crate::people::notify;
use crate::platform::error::{Error, NOT_FOUND, Result};
use crate::platform::extract::Json;

/// A contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "contact": "0912 345 678" }))]
pub(super) struct ContactNamed {
    /// E-mail address or mobile number.
    #[schema(value_type = String)]
    contact: Contact,
}

/// Add a contact to the account; a confirmation code goes there.
#[utoipa::path(post, path = "/me/contacts", tag = "identity", security(("session" = ["account"])), responses(
    (status = CREATED, body = Account)))]
pub(super) async fn add_contact(
    me: SignedIn,
    public: Public,
    Json(named): Json<ContactNamed>,
) -> Result<(StatusCode, Json<Account>)> {
    let app = me.app();
    let now = app.clock.now();
    throttle::count(app, Attempt::Code, named.contact.as_str(), public.address, now).await?;
    let (account, message) = me
        .act(async |scope| {
            let (conn, account) = scope.split();
            if !store::insert_contact(conn, *account, &named.contact, now).await? {
                return Err(Error::from(&CONTACT_TAKEN));
            }
            let message = codes::send(conn, &named.contact, Purpose::Confirm, now).await?;
            Ok((store::find_account(conn, *account).await?, message))
        })
        .await?;
    notify::show_in_demo(app.settings.demo, &message);
    Ok((StatusCode::CREATED, Json(account)))
}

/// Send a new confirmation code to one of the account's contacts.
#[utoipa::path(post, path = "/me/contacts/codes", tag = "identity", security(("session" = ["account"])), responses(
    (status = ACCEPTED)))]
pub(super) async fn send_confirmation_code(
    me: SignedIn,
    public: Public,
    Json(named): Json<ContactNamed>,
) -> Result<StatusCode> {
    let app = me.app();
    let now = app.clock.now();
    throttle::count(app, Attempt::Code, named.contact.as_str(), public.address, now).await?;
    let message = me
        .act(async |scope| {
            let (conn, account) = scope.split();
            if !store::owns_contact(conn, *account, &named.contact).await? {
                return Err(Error::from(&NOT_FOUND));
            }
            codes::send(conn, &named.contact, Purpose::Confirm, now).await
        })
        .await?;
    notify::show_in_demo(app.settings.demo, &message);
    Ok(StatusCode::ACCEPTED)
}

/// A contact and the code that arrived there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "contact": "0912 345 678", "code": "123456" }))]
pub(super) struct ContactProof {
    /// E-mail address or mobile number.
    #[schema(value_type = String)]
    contact: Contact,
    /// Six digits.
    #[schema(value_type = String)]
    code: Line<6, 6>,
}

/// Confirm a contact with the code that was sent there.
#[utoipa::path(put, path = "/me/contacts/confirmation", tag = "identity", security(("session" = ["account"])), responses(
    (status = OK, body = Account)))]
pub(super) async fn confirm_contact(
    me: SignedIn,
    public: Public,
    Json(proof): Json<ContactProof>,
) -> Result<Json<Account>> {
    let now = me.app().clock.now();
    throttle::count(me.app(), Attempt::Code, proof.contact.as_str(), public.address, now).await?;
    let confirmed = me
        .act(async |scope| {
            let (conn, account) = scope.split();
            if !store::owns_contact(conn, *account, &proof.contact).await? {
                return Ok(None);
            }
            if !codes::redeem(conn, &proof.contact, Purpose::Confirm, proof.code.as_ref(), now).await? {
                return Ok(None);
            }
            store::confirm_contact(conn, &proof.contact, now).await?;
            Ok(Some(store::find_account(conn, *account).await?))
        })
        .await?;
    confirmed.map(Json).ok_or_else(|| Error::from(&WRONG_CODE))
}

/// Ask for a code that resets a forgotten password. The answer is the same whether or not the account exists.
#[utoipa::path(post, path = "/password_recoveries", tag = "identity", security(()), responses(
    (status = ACCEPTED)))]
pub(super) async fn request_recovery(public: Public, Json(named): Json<ContactNamed>) -> Result<StatusCode> {
    let app = public.app();
    let now = app.clock.now();
    throttle::count(app, Attempt::Code, named.contact.as_str(), public.address, now).await?;
    let message = public
        .act(async |conn| match store::find_by_contact(conn, &named.contact).await? {
            // A contact somebody only claimed does not open an account that is proved to be another's.
            Some(found) if found.confirmed || !found.has_another => {
                Ok(Some(codes::send(conn, &named.contact, Purpose::Recover, now).await?))
            }
            Some(_) | None => Ok(None),
        })
        .await?;
    if let Some(message) = message {
        notify::show_in_demo(app.settings.demo, &message);
    }
    Ok(StatusCode::ACCEPTED)
}

/// The code that arrived and the new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "contact": "may@example.vn", "code": "123456", "new": "mat khau moi rat dai" }))]
pub(super) struct Recovery {
    /// E-mail address or mobile number.
    #[schema(value_type = String)]
    contact: Contact,
    /// Six digits.
    #[schema(value_type = String)]
    code: Line<6, 6>,
    /// The password from now on.
    #[schema(value_type = String, format = Password)]
    new: Password,
}

/// Reset a forgotten password with the code that was sent; every session ends.
#[utoipa::path(put, path = "/password_recoveries", tag = "identity", security(()), responses(
    (status = NO_CONTENT)))]
pub(super) async fn recover(public: Public, Json(recovery): Json<Recovery>) -> Result<StatusCode> {
    let app = public.app();
    let now = app.clock.now();
    throttle::count(app, Attempt::Code, recovery.contact.as_str(), public.address, now).await?;
    let hash = app.passwords.hash(recovery.new.secret()).await?;
    let done = public
        .act(async |conn| {
            let right = codes::redeem(conn, &recovery.contact, Purpose::Recover, recovery.code.as_ref(), now).await?;
            let found = store::find_by_contact(conn, &recovery.contact).await?;
            let open = found.filter(|found| right && (found.confirmed || !found.has_another));
            let Some(account) = open else { return Ok(false) };
            // Whoever reads the contact's messages has proved it.
            store::confirm_contact(conn, &recovery.contact, now).await?;
            store::delete_unproved_contacts(conn, account.account_id).await?;
            store::set_password(conn, account.account_id, &hash).await?;
            Ok(true)
        })
        .await?;
    if done { Ok(StatusCode::NO_CONTENT) } else { Err(Error::from(&WRONG_CODE)) }
}
