//! Encryption at rest for ID and bank numbers (Law 91/2025/QH15; a leak of the database alone shows last digits only),
//! and digests only the holder of the key can make.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::error::{Error, Result};

const VERSION: u8 = 1;
const NONCE: usize = 24;

/// Separates the key of digests from the one of encryption; part of every digest, so it never changes.
const DIGEST_KEY: &[u8] = b"ocop-market digest key 1";

/// XChaCha20-Poly1305 with one 256-bit key; the nonce is random, so equal plaintexts look different. Digests are
/// HMAC-SHA-256 with a key derived from it.
#[derive(Clone)]
pub struct Seal {
    cipher: XChaCha20Poly1305,
    digest: Hmac<Sha256>,
}

impl Seal {
    /// From the configured key: 32 bytes in base64.
    pub fn new(key: &SecretString) -> anyhow::Result<Self> {
        let bytes = STANDARD.decode(key.expose_secret().trim())?;
        let key: [u8; 32] =
            bytes.try_into().map_err(|_| anyhow::anyhow!("the encryption key must be 32 bytes in base64"))?;
        let derived = <Hmac<Sha256> as KeyInit>::new_from_slice(&key)?.chain_update(DIGEST_KEY).finalize().into_bytes();
        Ok(Self {
            cipher: XChaCha20Poly1305::new(&Key::from(key)),
            digest: <Hmac<Sha256> as KeyInit>::new_from_slice(&derived)?,
        })
    }

    /// A new random key in the form [`Seal::new`] takes.
    pub fn generate_key() -> anyhow::Result<SecretString> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(STANDARD.encode(key).into())
    }

    /// Seals `plain` to the row it belongs to: `context` (table, column, row id) must be the same when opening, so
    /// that a sealed value copied to another row does not open.
    pub fn seal(&self, plain: &str, context: &str) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce)?;
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: plain.as_bytes(), aad: context.as_bytes() })
            .map_err(|_| Error::fault("sealing failed"))?;
        Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`Seal::seal`] made for the same `context`.
    pub fn open(&self, sealed: &[u8], context: &str) -> Result<String> {
        let fault = || Error::fault("a sealed value does not open with this key and context");
        let (version, rest) = sealed.split_first().ok_or_else(fault)?;
        let (nonce, body) = rest.split_at_checked(NONCE).ok_or_else(fault)?;
        let nonce: [u8; NONCE] = nonce.try_into()?;
        if *version != VERSION {
            return Err(fault());
        }
        let plain = self
            .cipher
            .decrypt(&XNonce::from(nonce), Payload { msg: body, aad: context.as_bytes() })
            .map_err(|_| fault())?;
        Ok(String::from_utf8(plain)?)
    }

    /// A digest of `text` in its `context` (what it is and whose): who has no key can neither make it nor change the
    /// text unnoticed.
    pub fn digest(&self, text: &str, context: &str) -> [u8; 32] {
        // The length between them: nothing can move from one to the other.
        let length = (context.len() as u64).to_be_bytes();
        let digest = self.digest.clone().chain_update(length).chain_update(context).chain_update(text);
        digest.finalize().into_bytes().into()
    }
}
