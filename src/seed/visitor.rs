//! A person of the demonstration who uses the API like everybody else.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::PASSWORD;
use super::officers::authenticator;
use crate::kernel::Clock;
use crate::platform::error::{Error, Result};

/// Somebody signed in.
pub struct Visitor {
    router: Router,
    token: Option<String>,
}

impl Visitor {
    /// Signs the account of this contact in.
    pub async fn sign_in(router: &Router, contact: &str) -> Result<Self> {
        let nobody = Self { router: router.clone(), token: None };
        let opened = nobody.post("/v1/sessions", json!({ "contact": contact, "password": PASSWORD })).await?;
        Ok(Self { router: router.clone(), token: Some(text(&opened, "token")?) })
    }

    /// Signs an officer in, with the code their authenticator app shows now.
    pub async fn sign_in_as_officer(router: &Router, clock: &Clock, contact: &str) -> Result<Self> {
        let officer = Self::sign_in(router, contact).await?;
        let code = authenticator().code(clock.now())?;
        officer.post("/v1/sessions/current/second_factor", json!({ "code": code })).await?;
        Ok(officer)
    }

    pub async fn get(&self, path: &str) -> Result<Value> {
        self.send(Method::GET, path, "application/json", Vec::new()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Result<Value> {
        self.send(Method::POST, path, "application/json", body.to_string().into_bytes()).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Result<Value> {
        self.send(Method::PUT, path, "application/json", body.to_string().into_bytes()).await
    }

    /// Uploads a file; answers its id.
    pub async fn upload(&self, path: &str, bytes: Vec<u8>) -> Result<String> {
        text(&self.send(Method::POST, path, "application/octet-stream", bytes).await?, "id")
    }

    async fn send(&self, method: Method, path: &str, mime: &str, body: Vec<u8>) -> Result<Value> {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header(header::CONTENT_TYPE, mime)
            // Each path is written to once, so the path is a good key.
            .header("idempotency-key", path);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body))?).await?;
        let status = response.status();
        let bytes = response.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            let why = String::from_utf8_lossy(&bytes);
            return Err(Error::fault(format!("the demonstration's {method} {path} was answered {status}: {why}")));
        }
        Ok(serde_json::from_slice(&bytes).unwrap_or_default())
    }
}

/// A text of an answer.
pub fn text(answer: &Value, name: &str) -> Result<String> {
    let missing = || Error::fault(format!("no `{name}` in {answer}"));
    answer[name].as_str().map(str::to_owned).ok_or_else(missing)
}
