//! Keyed digests (RFC 2104) as providers sign with them.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Sha256, Sha512};
use subtle::{Choice, ConstantTimeEq as _};

/// Which digest a provider uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC-SHA256.
    Sha256,
    /// HMAC-SHA512.
    Sha512,
}

/// The secret shared with a provider, and the one before it while both sides change over: we sign with the new one and
/// believe either.
#[derive(Clone)]
pub struct Keys {
    algorithm: Algorithm,
    current: SecretString,
    old: Option<SecretString>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl Keys {
    /// Keys of one provider.
    pub const fn new(algorithm: Algorithm, current: SecretString, old: Option<SecretString>) -> Self {
        Self { algorithm, current, old }
    }

    /// The signature of a message, in lower-case hexadecimal.
    pub fn sign(&self, message: &[u8]) -> String {
        hex::encode(digest(self.algorithm, &self.current, message))
    }

    /// Whether `signature` (hexadecimal, in either case) is that of the message by either key; takes as long for a wrong
    /// one as for a right one.
    pub fn verify(&self, message: &[u8], signature: &str) -> bool {
        let Ok(given) = hex::decode(signature) else { return false };
        let by_current = self.is_by(&self.current, message, &given);
        let by_old = self.old.as_ref().map_or(Choice::from(0), |old| self.is_by(old, message, &given));
        (by_current | by_old).into()
    }

    fn is_by(&self, key: &SecretString, message: &[u8], given: &[u8]) -> Choice {
        digest(self.algorithm, key, message).as_slice().ct_eq(given)
    }
}

fn digest(algorithm: Algorithm, key: &SecretString, message: &[u8]) -> Vec<u8> {
    let key = key.expose_secret().as_bytes();
    // A key of any length will do, so neither can fail; a digest of nothing would match no signature.
    match algorithm {
        Algorithm::Sha256 => Hmac::<Sha256>::new_from_slice(key)
            .map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec())
            .unwrap_or_default(),
        Algorithm::Sha512 => Hmac::<Sha512>::new_from_slice(key)
            .map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec())
            .unwrap_or_default(),
    }
}
