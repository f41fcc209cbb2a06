//! What every request shares, built once, the same for `main` and for tests; and [`Public`], the road to data for
//! whoever did not say who they are.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts as RequestParts;
use sqlx::PgConnection;

use crate::adapters::Adapters;
use crate::config::Settings;
use crate::kernel::{Clock, Lang};
use crate::platform::bounded::Bounded;
use crate::platform::db::Db;
use crate::platform::error::Result;
use crate::platform::extract::lang_of;
use crate::platform::files::Files;
use crate::platform::passwords::Passwords;
use crate::platform::seal::Seal;
use crate::platform::serve::Peer;

/// The parts of the running program.
#[derive(Clone)]
pub struct Parts {
    /// The only truth.
    pub db: Db,
    /// The only time.
    pub clock: Clock,
    /// Pictures and papers.
    pub files: Files,
    /// Encryption at rest.
    pub seal: Seal,
    /// Password hashing.
    pub passwords: Passwords,
    /// Work on uploaded images.
    pub pictures: Bounded,
    /// Reading of uploaded tables.
    pub sheets: Bounded,
    /// Clients of payment providers and carriers.
    pub adapters: Adapters,
    /// What was configured.
    pub settings: Settings,
}

/// A handle to the [`Parts`]; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

impl App {
    /// Wraps the parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The same database, files and keys at another time: how the demonstration gets a past.
    #[must_use]
    pub fn with_clock(&self, clock: Clock) -> Self {
        Self::new(Parts { clock, ..self.0.as_ref().clone() })
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Anybody: the extractor of endpoints without sign-in. Its queries show only what everybody may see.
pub struct Public {
    app: App,
    /// The caller's language.
    pub lang: Lang,
    /// Where the caller calls from, for counting attempts.
    pub address: IpAddr,
}

impl Public {
    /// The shared parts that are not data.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// A read-only look at what is public.
    pub async fn see<T>(&self, work: impl AsyncFnOnce(&mut PgConnection) -> Result<T>) -> Result<T> {
        self.app.db.see(work).await
    }

    /// A change anybody may ask for, such as to register.
    pub async fn act<T>(&self, work: impl AsyncFnOnce(&mut PgConnection) -> Result<T> + Clone) -> Result<T> {
        self.app.db.act(work).await
    }
}

impl<S> FromRequestParts<S> for Public
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut RequestParts, state: &S) -> Result<Self, Self::Rejection> {
        let app = App::from_ref(state);
        let address = caller_address(parts, app.settings.trusted_proxies);
        Ok(Self { app, lang: lang_of(&parts.headers), address })
    }
}

/// The address of the caller: the peer's, or what the outermost trusted proxy saw.
fn caller_address(parts: &RequestParts, trusted_proxies: usize) -> IpAddr {
    let peer = parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0);
    if trusted_proxies == 0 {
        return peer;
    }
    let hops: Vec<IpAddr> = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|hop| hop.trim().parse().ok())
        .collect();
    hops.len().checked_sub(trusted_proxies).and_then(|index| hops.get(index).copied()).unwrap_or(peer)
}
