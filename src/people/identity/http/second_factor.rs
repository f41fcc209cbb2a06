//! The second factor: setting it up, showing a code, taking it away.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::model::Password;
use super::super::second_factor::{self, ISSUER, Raised};
use super::super::signed_in::SignedIn;
use super::super::store;
use super::super::throttle::{self, Attempt};
use super::prove_password;
use crate::app::Public;
use crate::kernel::Line;
use crate::platform::error::Result;
use crate::platform::extract::Json;

/// The password once more: a session somebody left open must not be enough.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "password": "mat khau rat dai" }))]
pub(super) struct PasswordAgain {
    /// The password.
    #[schema(value_type = String, format = Password)]
    password: Password,
}

/// What an authenticator app needs; shown only this once.
#[derive(Serialize, ToSchema)]
pub(super) struct NewSecondFactor {
    /// To type into the app: base32.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// The same as an address, to show as a QR code.
    #[schema(
        example = "otpauth://totp/ocop-market:may%40example.vn?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=ocop-market"
    )]
    uri: String,
}

/// A code of the authenticator app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "code": "123456" }))]
pub(super) struct CodeShown {
    /// Six digits.
    #[schema(value_type = String)]
    code: Line<6, 6>,
}

/// Set up an authenticator app. It counts once its first code has been confirmed; until then, asking again replaces it.
#[utoipa::path(post, path = "/me/second_factor", tag = "identity", security(("session" = ["account"])), responses(
    (status = CREATED, body = NewSecondFactor)))]
pub(super) async fn enrol_second_factor(
    me: SignedIn,
    public: Public,
    Json(again): Json<PasswordAgain>,
) -> Result<(StatusCode, Json<NewSecondFactor>)> {
    let app = me.app();
    let now = app.clock.now();
    prove_password(&me, &public, &again.password).await?;
    let (secret, account) = me
        .act(async |scope| {
            let (conn, account) = scope.split();
            let secret = second_factor::enrol(conn, &app.seal, *account, now).await?;
            Ok((secret, store::find_account(conn, *account).await?))
        })
        .await?;
    let name = account.contacts.into_iter().next().map_or(account.display_name, |contact| contact.value);
    let shown = NewSecondFactor { secret: secret.to_base32(), uri: secret.uri(ISSUER, &name) };
    Ok((StatusCode::CREATED, Json(shown)))
}

/// Confirm the authenticator app with its first code; that raises the session, too.
#[utoipa::path(put, path = "/me/second_factor/confirmation", tag = "identity", security(("session" = ["account"])),
    responses((status = OK, body = Raised)))]
pub(super) async fn confirm_second_factor(
    me: SignedIn,
    public: Public,
    Json(shown): Json<CodeShown>,
) -> Result<Json<Raised>> {
    let (app, session) = (me.app(), me.session);
    let now = app.clock.now();
    count_code(&me, &public).await?;
    let raised = me
        .act(async |scope| {
            let (conn, account) = scope.split();
            second_factor::confirm(conn, &app.seal, *account, shown.code.as_ref(), now).await?;
            second_factor::raise(conn, session, now).await
        })
        .await?;
    forgive_codes(&me).await?;
    Ok(Json(raised))
}

/// Show a code in this session: officers' functions may be used in it from now on, for some hours.
#[utoipa::path(post, path = "/sessions/current/second_factor", tag = "identity", security(("session" = ["account"])),
    responses((status = OK, body = Raised)))]
pub(super) async fn show_second_factor(
    me: SignedIn,
    public: Public,
    Json(shown): Json<CodeShown>,
) -> Result<Json<Raised>> {
    let (app, session) = (me.app(), me.session);
    let now = app.clock.now();
    count_code(&me, &public).await?;
    let raised = me
        .act(async |scope| {
            let (conn, account) = scope.split();
            second_factor::show(conn, &app.seal, *account, shown.code.as_ref(), now).await?;
            second_factor::raise(conn, session, now).await
        })
        .await?;
    forgive_codes(&me).await?;
    Ok(Json(raised))
}

/// Take the authenticator app away, by a code of it; every session ends, this one too.
#[utoipa::path(put, path = "/me/second_factor/removal", tag = "identity", security(("session" = ["account"])),
    responses((status = NO_CONTENT)))]
pub(super) async fn remove_second_factor(
    me: SignedIn,
    public: Public,
    Json(shown): Json<CodeShown>,
) -> Result<StatusCode> {
    let app = me.app();
    let now = app.clock.now();
    count_code(&me, &public).await?;
    me.act(async |scope| {
        let (conn, account) = scope.split();
        second_factor::show(conn, &app.seal, *account, shown.code.as_ref(), now).await?;
        second_factor::remove(conn, *account, now).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn count_code(me: &SignedIn, public: &Public) -> Result<()> {
    let (app, name) = (me.app(), me.account.to_string());
    throttle::count(app, Attempt::SecondFactor, &name, public.address, app.clock.now()).await
}

async fn forgive_codes(me: &SignedIn) -> Result<()> {
    throttle::forgive(me.app(), Attempt::SecondFactor, &me.account.to_string()).await
}
