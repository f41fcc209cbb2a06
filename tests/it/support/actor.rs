//! Somebody who sends requests.

use std::net::IpAddr;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, header};
use http_body_util::BodyExt as _;
use ocop_market::app::App;
use ocop_market::front::shelf::feed::Shelf;
use ocop_market::kernel::AccountId;
use ocop_market::people::identity;
use ocop_market::platform::serve::Peer;
use ocop_market::platform::totp::TotpSecret;
use serde_json::Value;
use tower::ServiceExt as _;

/// A person with a browser, signed in or not.
#[derive(Clone)]
pub struct Actor {
    router: Router,
    address: IpAddr,
    identity: Option<Identity>,
    /// Who sees to the second factor before each request to the officers' API; `None` if the story does itself.
    phone: Option<App>,
    /// The shelf that takes in what is committed before each read; `None` if the story tells of that itself.
    shelf: Option<Shelf>,
}

#[derive(Clone)]
struct Identity {
    token: String,
    contact: String,
    account: AccountId,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Bytes,
    /// The body as JSON; null if it is not.
    pub body: Value,
}

impl Actor {
    pub(super) fn new(app: &App, shelf: &Shelf, router: Router, address: IpAddr) -> Self {
        Self { router, address, identity: None, phone: Some(app.clone()), shelf: Some(shelf.clone()) }
    }

    /// The same browser, holding a session.
    pub fn signed_in(&self, token: &str, contact: &str, account: AccountId) -> Self {
        let identity = Identity { token: token.to_owned(), contact: contact.to_owned(), account };
        Self { identity: Some(identity), ..self.clone() }
    }

    /// The same person, for a story that tells of the second factor itself. Without this, whoever turns to the
    /// officers' API has an authenticator app and has just shown a code of it, however far the clock was advanced.
    pub fn without_phone(&self) -> Self {
        Self { phone: None, ..self.clone() }
    }

    /// The same person, for a story that tells itself how the catalogue keeps up. Without this, whoever reads sees what
    /// was committed before.
    pub fn without_catching_up(&self) -> Self {
        Self { shelf: None, ..self.clone() }
    }

    /// The same person, talking to another router.
    pub fn through(&self, router: Router) -> Self {
        Self { router, ..self.clone() }
    }

    /// Whose session it is.
    pub fn account(&self) -> AccountId {
        self.identity.as_ref().expect("signed in").account
    }

    /// The name the account signs in with.
    pub fn contact(&self) -> &str {
        &self.identity.as_ref().expect("signed in").contact
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Bytes::new()).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, path, headers, Bytes::new()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.json(Method::POST, path, &[], &body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PUT, path, &[], &body).await
    }

    pub async fn put_with(&self, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        self.json(Method::PUT, path, headers, &body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], Bytes::new()).await
    }

    pub async fn upload(&self, path: &str, mime: &str, bytes: impl Into<Bytes>) -> Answer {
        self.send(Method::POST, path, &[("content-type", mime)], bytes.into()).await
    }

    async fn json(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let headers: Vec<_> = headers.iter().copied().chain([("content-type", "application/json")]).collect();
        self.send(method, path, &headers, body.to_string().into()).await
    }

    /// The request as it is, for input no honest client would send.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Bytes) -> Answer {
        if let (Some(app), Some(identity)) = (&self.phone, &self.identity)
            && path.starts_with("/admin/")
        {
            show_code(app, identity.account).await;
        }
        if let Some(shelf) = &self.shelf
            && method == Method::GET
        {
            // A story whose database is away reads what there was.
            drop(shelf.catch_up().await);
        }
        let mut request = Request::builder().method(method).uri(path).extension(Peer(self.address));
        if let Some(identity) = &self.identity {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", identity.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body)).expect("a valid request");
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes, body }
    }
}

/// What showing a code would have done, without a code: under a clock that stands still there is but one for everybody.
async fn show_code(app: &App, account: AccountId) {
    const ENROLLED: &str = "select exists (select 1 from second_factors where account_id = $1)";
    const RAISE: &str = "update sessions
        set raised_until = $2 + interval '8 hours', idle_until = $2 + interval '1 hour', desk_used_at = $2
      where account_id = $1 and (desk_used_at is null or desk_used_at < $2)";
    let now = app.clock.now();
    let enrol = async |conn: &mut sqlx::PgConnection| {
        if !sqlx::query_scalar::<_, bool>(ENROLLED).bind(account).fetch_one(&mut *conn).await? {
            identity::give_second_factor(conn, &app.seal, account, &TotpSecret::random()?, now).await?;
        }
        Ok(())
    };
    // Of two first requests at once, one is told that the other was faster.
    let _ = app.db.act(enrol).await;
    let raised = app.db.act(async |conn| Ok(sqlx::query(RAISE).bind(account).bind(now).execute(conn).await?)).await;
    raised.expect("the officer's session");
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.body);
        self.body
    }

    /// The problem document of a refusal.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        let kind = self.body["type"].as_str().unwrap_or_default();
        assert_eq!((self.status, kind), (status, format!("/problems/{code}").as_str()), "{}", self.body);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        self.body
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
