//! argon2id in a bounded pool: hashing is the dearest thing a stranger can ask of us, so only so many at once, only
//! so many waiting, and anything beyond is answered 503 at once.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use secrecy::{ExposeSecret as _, SecretString};

use super::bounded::Bounded;
use super::error::{Error, Result};

/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Requests that may wait for a free place; at ~25 ms a hash the last of them waits under a second.
const WAITING: usize = 32;

/// The pool.
#[derive(Clone)]
pub struct Passwords {
    places: Bounded,
    /// A hash nobody's password has; an unknown account is checked against it, so that it costs the same time.
    decoy: Arc<str>,
}

impl Passwords {
    /// A pool for `at_once` hashes at a time.
    pub fn new(at_once: usize) -> anyhow::Result<Self> {
        let mut nobody = [0; 32];
        getrandom::fill(&mut nobody)?;
        let decoy = hash(&nobody)?;
        Ok(Self { places: Bounded::new(at_once, WAITING), decoy: decoy.into() })
    }

    /// The hash to store, in PHC string format.
    pub async fn hash(&self, password: &SecretString) -> Result<String> {
        let password = password.clone();
        self.run(move || hash(password.expose_secret().as_bytes())).await
    }

    /// Whether `password` is the one behind `stored`; `None` takes the same time and is never right.
    pub async fn verify(&self, password: &SecretString, stored: Option<&str>) -> Result<bool> {
        let password = password.clone();
        let known = stored.is_some();
        let stored = stored.map_or_else(|| self.decoy.to_string(), str::to_owned);
        self.run(move || {
            let parsed = PasswordHash::new(&stored).map_err(|error| anyhow::anyhow!("stored hash: {error}"))?;
            let right = argon2()?.verify_password(password.expose_secret().as_bytes(), &parsed).is_ok();
            Ok(right && known)
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> Result<T> {
        self.places.run(work).await?.map_err(Error::Fault)
    }
}

fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &[u8]) -> anyhow::Result<String> {
    let hash = argon2()?.hash_password(password).map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
    Ok(hash.to_string())
}
