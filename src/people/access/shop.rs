//! [`Shop`]: proof that the caller belongs to the shop of the path and has a function there.

use std::marker::PhantomData;

use axum::extract::{FromRef, FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use super::officer::NOT_YOUR_FUNCTION;
use super::permissions::ShopFunction;
use super::store;
use crate::app::App;
use crate::kernel::{AccountId, SellerId};
use crate::people::identity::SignedIn;
use crate::platform::db::Scoped;
use crate::platform::error::{Error, NOT_FOUND, Result};

/// A member of the shop `{shop_id}` of the path, with function `F`. Somebody else's shop does not exist.
pub struct Shop<F> {
    app: App,
    /// Which shop.
    pub seller: SellerId,
    /// Which member.
    pub account: AccountId,
    function: PhantomData<F>,
}

impl<F> Shop<F> {
    /// The shared parts that are not data.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// A read-only look, bound to the shop.
    pub async fn see<T>(&self, work: impl AsyncFnOnce(&mut Scoped<'_, SellerId>) -> Result<T>) -> Result<T> {
        self.app.db.see(async |conn| work(&mut Scoped::new(conn, self.seller)).await).await
    }

    /// A change, bound to the shop.
    pub async fn act<T>(&self, work: impl AsyncFnOnce(&mut Scoped<'_, SellerId>) -> Result<T> + Clone) -> Result<T> {
        self.app.db.act(async |conn| work(&mut Scoped::new(conn, self.seller)).await).await
    }
}

impl<S, F> FromRequestParts<S> for Shop<F>
where
    S: Send + Sync,
    F: ShopFunction,
    App: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let signed_in = SignedIn::from_request_parts(parts, state).await?;
        let app = App::from_ref(state);
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Error::from(&NOT_FOUND))?;
        let seller: Option<SellerId> =
            params.iter().find(|(name, _)| *name == "shop_id").and_then(|(_, value)| value.parse().ok());
        let seller = seller.ok_or(&NOT_FOUND)?;
        let account = signed_in.account;
        let role =
            app.db.glance(async |conn| store::find_role(conn, seller, account).await).await?.ok_or(&NOT_FOUND)?;
        if !F::is_for(role) {
            return Err(Error::from(&NOT_YOUR_FUNCTION));
        }
        Ok(Self { app, seller, account, function: PhantomData })
    }
}
