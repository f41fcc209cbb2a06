//! Registering, signing in and out, contacts, consent, the second factor.

mod contacts;
mod second_factor;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode, header};
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::codes::{self, Purpose};
use super::model::{Account, Consent, ConsentText, Contact, Password, Registration};
use super::second_factor::Raised;
use super::signed_in::{Buyer, SignedIn};
use super::throttle::{self, Attempt};
use super::{sessions, store};
use crate::app::{App, Public};
use crate::kernel::{AccountId, Line};
use crate::people::notify;
use crate::platform::error::{Error, OnConstraint as _, Problem, Result};
use crate::platform::extract::{INVALID, Json, Path};

/// Somebody else, or an earlier self, registered this contact.
pub const CONTACT_TAKEN: Problem = Problem {
    status: StatusCode::CONFLICT,
    code: "contact-taken",
    vi: "Địa chỉ hoặc số điện thoại này đã có tài khoản",
    en: "This address or number already has an account",
};

/// The consent without which there can be no account is missing, or is for a text nobody shows today.
pub const CONSENT_NEEDED: Problem = Problem {
    status: StatusCode::UNPROCESSABLE_ENTITY,
    code: "consent-needed",
    vi: "Cần đồng ý với nội dung hiện hành",
    en: "Consent to the current text is needed",
};

/// The endpoints of this slice.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(list_consent_texts))
        .routes(routes!(sign_in, sign_out_everywhere))
        .routes(routes!(sign_out))
        .routes(routes!(open_guest_session))
        .routes(routes!(me))
        .routes(routes!(change_password))
        .routes(routes!(contacts::add_contact))
        .routes(routes!(contacts::send_confirmation_code))
        .routes(routes!(contacts::confirm_contact))
        .routes(routes!(contacts::request_recovery, contacts::recover))
        .routes(routes!(second_factor::enrol_second_factor))
        .routes(routes!(second_factor::confirm_second_factor))
        .routes(routes!(second_factor::show_second_factor))
        .routes(routes!(second_factor::remove_second_factor))
        .routes(routes!(give_consent))
        .routes(routes!(withdraw_consent))
        .layer(DefaultBodyLimit::max(16 * 1024))
}

/// Open an account.
///
/// A confirmation code goes to the contact at once. Selling needs a confirmed contact; buying does not.
#[utoipa::path(post, path = "/accounts", tag = "identity", security(()), responses(
    (status = CREATED, body = Account)))]
async fn register(public: Public, Json(registration): Json<Registration>) -> Result<(StatusCode, Json<Account>)> {
    let app = public.app();
    let now = app.clock.now();
    throttle::count(app, Attempt::Registration, registration.contact.as_str(), public.address, now).await?;
    require_consents(&public, &registration.consents).await?;
    let password_hash = app.passwords.hash(registration.password.secret()).await?;
    let account = AccountId::new(now);
    let (shown, message) = public
        .act(async |conn| {
            store::insert_account(conn, account, registration.display_name.as_ref(), &password_hash, false, now)
                .await?;
            if !store::insert_contact(conn, account, &registration.contact, now).await? {
                return Err(Error::from(&CONTACT_TAKEN));
            }
            for consent in &registration.consents {
                store::give_consent(conn, account, consent, now)
                    .await
                    .on_constraint("consents_text_fk", &CONSENT_NEEDED)?;
            }
            let message = codes::send(conn, &registration.contact, Purpose::Confirm, now).await?;
            let shown = store::find_account(conn, account).await?;
            Ok((shown, message))
        })
        .await?;
    notify::show_in_demo(app.settings.demo, &message);
    Ok((StatusCode::CREATED, Json(shown)))
}

/// Refuses unless every required purpose of today is agreed to in today's wording.
async fn require_consents(public: &Public, given: &[Consent]) -> Result<()> {
    let today = public.app().clock.today();
    let texts = public.see(async |conn| store::consent_texts(conn, today).await).await?;
    let missing = texts.iter().filter(|text| text.required).find(|text| {
        !given.iter().any(|yes| yes.purpose.as_ref() == text.purpose && yes.version.as_ref() == text.version)
    });
    match missing {
        None => Ok(()),
        Some(text) => Err(Error::from(&CONSENT_NEEDED)
            .at("consents", format!("agree to purpose `{}`, version `{}`", text.purpose, text.version))),
    }
}

/// The texts to agree to, in today's wording.
#[utoipa::path(get, path = "/consent_texts", tag = "identity", security(()), responses(
    (status = OK, body = Vec<ConsentText>)))]
async fn list_consent_texts(public: Public) -> Result<Json<Vec<ConsentText>>> {
    let today = public.app().clock.today();
    public.see(async |conn| Ok(Json(store::consent_texts(conn, today).await?))).await
}

/// A name and a password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "contact": "may@example.vn", "password": "mat khau rat dai" }))]
pub(super) struct Credentials {
    /// E-mail address or mobile number.
    #[schema(value_type = String)]
    pub(super) contact: Contact,
    /// The password.
    #[schema(value_type = String, format = Password)]
    pub(super) password: Password,
    /// A code of the authenticator app: officers' functions may be used in the session at once.
    #[schema(value_type = Option<String>)]
    pub(super) code: Option<Line<6, 6>>,
}

/// A new session.
#[derive(Serialize, ToSchema)]
struct OpenedSession {
    /// Send it as `Authorization: Bearer …`; it is shown only this once.
    token: String,
    /// Whose session it is.
    account_id: AccountId,
    /// When it ends by itself.
    expires_at: DateTime<Utc>,
    /// How long officers' functions may be used in it; null without a code.
    raised: Option<Raised>,
}

impl From<sessions::Opened> for OpenedSession {
    fn from(opened: sessions::Opened) -> Self {
        Self {
            token: opened.token.expose_secret().to_owned(),
            account_id: opened.account,
            expires_at: opened.expires_at,
            raised: opened.raised,
        }
    }
}

/// Sign in.
#[utoipa::path(post, path = "/sessions", tag = "identity", security(()), responses(
    (status = CREATED, body = OpenedSession)))]
async fn sign_in(
    public: Public,
    headers: HeaderMap,
    Json(credentials): Json<Credentials>,
) -> Result<(StatusCode, Json<OpenedSession>)> {
    let opened = sessions::open(&public, &credentials, &user_agent(&headers)).await?;
    Ok((StatusCode::CREATED, Json(opened.into())))
}

/// Buy without an account: a session in which a cart, a checkout and its orders work as with one, and nothing else does.
///
/// It lasts until its orders are long over, or a day if nothing was ordered. Without it the orders are found again by their
/// number and the phone given with them, to be looked at.
#[utoipa::path(post, path = "/guest_sessions", tag = "identity", security(()), responses(
    (status = CREATED, body = OpenedSession)))]
async fn open_guest_session(public: Public, headers: HeaderMap) -> Result<(StatusCode, Json<OpenedSession>)> {
    let opened = sessions::open_guest(&public, &user_agent(&headers)).await?;
    Ok((StatusCode::CREATED, Json(opened.into())))
}

fn user_agent(headers: &HeaderMap) -> String {
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    user_agent.chars().take(200).collect()
}

/// Sign out of this session.
#[utoipa::path(delete, path = "/sessions/current", tag = "identity", security(("session" = ["account"])), responses(
    (status = NO_CONTENT)))]
async fn sign_out(me: Buyer) -> Result<StatusCode> {
    me.act(async |scope| store::end_session(scope, me.session).await).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sign out of every session, on every device.
#[utoipa::path(delete, path = "/sessions", tag = "identity", security(("session" = ["account"])), responses(
    (status = NO_CONTENT)))]
async fn sign_out_everywhere(me: SignedIn) -> Result<StatusCode> {
    me.act(async |scope| {
        let (conn, account) = scope.split();
        store::end_sessions(conn, *account).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The caller's own account.
#[utoipa::path(get, path = "/me", tag = "identity", security(("session" = ["account"])), responses(
    (status = OK, body = Account)))]
async fn me(me: SignedIn) -> Result<Json<Account>> {
    me.see(async |scope| {
        let (conn, account) = scope.split();
        Ok(Json(store::find_account(conn, *account).await?))
    })
    .await
}

/// The old password and the new one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "current": "mat khau rat dai", "new": "mat khau moi rat dai" }))]
struct PasswordChange {
    /// The password of today.
    #[schema(value_type = String, format = Password)]
    current: Password,
    /// The password from now on.
    #[schema(value_type = String, format = Password)]
    new: Password,
}

/// Change the password; every session ends, this one too.
#[utoipa::path(put, path = "/me/password", tag = "identity", security(("session" = ["account"])), responses(
    (status = NO_CONTENT)))]
async fn change_password(me: SignedIn, public: Public, Json(change): Json<PasswordChange>) -> Result<StatusCode> {
    let app = me.app();
    let hash = prove_password(&me, &public, &change.current).await?;
    let new_hash = app.passwords.hash(change.new.secret()).await?;
    me.act(async |scope| {
        let (conn, account) = scope.split();
        // It may have been changed or recovered while we hashed.
        if !store::lock_with_password(conn, *account, &hash).await? {
            return Err(Error::from(&sessions::WRONG_CREDENTIALS));
        }
        store::set_password(conn, *account, &new_hash).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Counts the attempt and checks the password of whoever is signed in; answers the hash it was checked against.
async fn prove_password(me: &SignedIn, public: &Public, typed: &Password) -> Result<String> {
    let app = me.app();
    let (hash, account) = me
        .see(async |scope| {
            let (conn, account) = scope.split();
            Ok((store::find_password_hash(conn, *account).await?, store::find_account(conn, *account).await?))
        })
        .await?;
    if let Some(name) = account.contacts.first() {
        throttle::count(app, Attempt::Password, &name.value, public.address, app.clock.now()).await?;
    }
    if !app.passwords.verify(typed.secret(), Some(&hash)).await? {
        return Err(Error::from(&sessions::WRONG_CREDENTIALS));
    }
    Ok(hash)
}

/// Agree to one purpose.
#[utoipa::path(put, path = "/me/consents", tag = "identity", security(("session" = ["account"])), responses(
    (status = OK, body = Account)))]
async fn give_consent(me: SignedIn, Json(consent): Json<Consent>) -> Result<Json<Account>> {
    let now = me.app().clock.now();
    me.act(async |scope| {
        let (conn, account) = scope.split();
        store::give_consent(conn, *account, &consent, now).await.on_constraint("consents_text_fk", &CONSENT_NEEDED)?;
        Ok(Json(store::find_account(conn, *account).await?))
    })
    .await
}

/// Withdraw the consent to one purpose. The consent an account rests on is withdrawn by closing the account.
#[utoipa::path(delete, path = "/me/consents/{purpose}", tag = "identity", security(("session" = ["account"])),
    params(("purpose" = String, Path, example = "news")), responses((status = OK, body = Account)))]
async fn withdraw_consent(me: SignedIn, Path(purpose): Path<String>) -> Result<Json<Account>> {
    let app = me.app();
    me.act(async |scope| {
        let (conn, account) = scope.split();
        let texts = store::consent_texts(conn, app.clock.today()).await?;
        if texts.iter().any(|text| text.required && text.purpose == purpose) {
            return Err(INVALID.because("an account cannot be without this consent"));
        }
        store::withdraw_consent(conn, *account, &purpose, app.clock.now()).await?;
        Ok(Json(store::find_account(conn, *account).await?))
    })
    .await
}
