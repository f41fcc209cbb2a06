//! The one HTTP client.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, redirect};

/// How long a provider may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a provider may take to answer. Whatever it did meanwhile is asked for later.
const ANSWER: Duration = Duration::from_secs(15);
/// No provider answers with more.
const LARGEST: usize = 1 << 20;

/// The provider's answer did not come, or was none: nobody knows whether it did what it was asked.
#[derive(Debug)]
pub struct Unreachable(pub anyhow::Error);

/// An answer as it came.
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// A client with time and size limits that follows no redirect; cheap to clone.
#[derive(Clone)]
pub struct Http(Client);

impl Http {
    /// A client that trusts what the machine trusts.
    pub fn new() -> anyhow::Result<Self> {
        // Another part of the program may have chosen the same provider before.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::builder().connect_timeout(CONNECT).timeout(ANSWER).redirect(redirect::Policy::none());
        Ok(Self(client.build()?))
    }

    /// A request to begin with.
    pub fn get(&self, url: &str) -> RequestBuilder {
        self.0.get(url)
    }

    /// A request to begin with.
    pub fn post(&self, url: &str) -> RequestBuilder {
        self.0.post(url)
    }

    /// Sends it, and reads the answer up to a megabyte.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answered, Unreachable> {
        let unreachable = |error: reqwest::Error| Unreachable(error.without_url().into());
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(Unreachable(anyhow::anyhow!("the answer exceeds {LARGEST} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answered { status, body })
    }
}
