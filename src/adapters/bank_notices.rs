//! Signed notices of a reconciliation service about money that came into a bank account.
//!
//! No bank gives such notices for free, so the form is our own: a POST whose header [`SIGNATURE`] is the HMAC-SHA-256,
//! in hexadecimal, of the header [`TIMESTAMP`] (seconds since 1970), a full stop, and the body as it is.

use anyhow::ensure;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// When the notice was sent, in seconds since 1970.
pub const TIMESTAMP: &str = "bank-notice-timestamp";
/// The signature, in hexadecimal.
pub const SIGNATURE: &str = "bank-notice-signature";
/// A shorter secret is a password, no key.
const SHORTEST: usize = 16;

/// The keys of the service: the current one, and during a change the one before.
#[derive(Clone)]
pub struct BankNotices {
    keys: Vec<Hmac<Sha256>>,
}

impl BankNotices {
    /// From the configured secrets.
    pub fn new(current: &SecretString, old: Option<&SecretString>) -> anyhow::Result<Self> {
        let key = |secret: &SecretString| -> anyhow::Result<Hmac<Sha256>> {
            let secret = secret.expose_secret().as_bytes();
            ensure!(secret.len() >= SHORTEST, "the secret of bank notices must have at least {SHORTEST} bytes");
            Ok(Hmac::new_from_slice(secret)?)
        };
        let keys = std::iter::once(current).chain(old).map(key).collect::<anyhow::Result<_>>()?;
        Ok(Self { keys })
    }

    /// The signature of a notice, as the service makes it with the current key.
    pub fn sign(&self, timestamp: &str, body: &[u8]) -> String {
        let signed = self.keys.first().map(|key| mac(key, timestamp, body).finalize().into_bytes());
        signed.map(hex::encode).unwrap_or_default()
    }

    /// Whether one of the keys made the signature; compared in constant time.
    pub fn verify(&self, timestamp: &str, body: &[u8], signature: &str) -> bool {
        let Ok(signature) = hex::decode(signature) else { return false };
        self.keys.iter().any(|key| mac(key, timestamp, body).verify_slice(&signature).is_ok())
    }
}

fn mac(key: &Hmac<Sha256>, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    key.clone().chain_update(timestamp).chain_update(".").chain_update(body)
}
