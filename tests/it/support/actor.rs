//! Somebody who sends requests.

use std::net::IpAddr;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, header};
use http_body_util::BodyExt as _;
use ocop_market::kernel::AccountId;
use ocop_market::platform::serve::Peer;
use serde_json::Value;
use tower::ServiceExt as _;

/// A person with a browser, signed in or not.
#[derive(Clone)]
pub struct Actor {
    router: Router,
    address: IpAddr,
    identity: Option<Identity>,
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
    pub(super) fn new(router: Router, address: IpAddr, identity: Option<(String, String, AccountId)>) -> Self {
        let identity = identity.map(|(token, contact, account)| Identity { token, contact, account });
        Self { router, address, identity }
    }

    /// The same browser, holding a session.
    pub fn signed_in(&self, token: &str, contact: &str, account: AccountId) -> Self {
        let identity = Some((token.to_owned(), contact.to_owned(), account));
        Self::new(self.router.clone(), self.address, identity)
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
