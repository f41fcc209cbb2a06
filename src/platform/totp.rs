//! Time-based one-time codes (RFC 6238 over RFC 4226): SHA-1, 30 seconds, six digits, what every authenticator app
//! speaks by default.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretBox};
use sha1::Sha1;
use subtle::{Choice, ConstantTimeEq as _};

use super::error::{Error, Result};

/// Bytes of a secret: 160 bits, as RFC 4226 §4 (R6) recommends.
pub const SECRET_BYTES: usize = 20;

const STEP_SECONDS: i64 = 30;
/// How many steps a phone's clock may be off, either way (RFC 6238 §5.2).
const DRIFT: i64 = 1;
const MODULUS: u32 = 1_000_000;

/// What the server and somebody's authenticator app share. Never shown but once.
#[derive(Debug)]
pub struct TotpSecret(SecretBox<[u8; SECRET_BYTES]>);

impl TotpSecret {
    /// From known bytes: the RFC's test vectors, the demonstration's published secret.
    pub fn from_bytes(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// A new random one.
    pub fn random() -> Result<Self> {
        let mut bytes = [0; SECRET_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self::from_bytes(bytes))
    }

    /// The form [`TotpSecret::from_hex`] reads, for sealing.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0.expose_secret())
    }

    /// From [`TotpSecret::to_hex`].
    pub fn from_hex(text: &str) -> Result<Self> {
        let bytes = hex::decode(text)?.try_into().map_err(|_| Error::fault("a secret of another length"))?;
        Ok(Self::from_bytes(bytes))
    }

    /// The secret as people type it into an app: base32 (RFC 4648 §6); 160 bits need no padding.
    pub fn to_base32(&self) -> String {
        const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let letter = |bits: u64, place: u32| {
            let [.., low] = (bits >> (5 * place)).to_be_bytes();
            char::from(LETTERS[usize::from(low & 31)])
        };
        let fives = self.0.expose_secret().chunks_exact(5);
        let bits = fives.map(|five| five.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte)));
        bits.flat_map(|bits| (0..8).rev().map(move |place| letter(bits, place))).collect()
    }

    /// The address an authenticator app reads out of a QR code (Google's Key URI format).
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        let escape = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let (issuer, account) = (escape(issuer), escape(account));
        format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", self.to_base32())
    }

    /// The code an app shows at the instant.
    pub fn code(&self, at: DateTime<Utc>) -> Result<String> {
        self.code_of(step(at))
    }

    /// The step whose code was typed: the one of `at` or a neighbour, and later than `last`, the step accepted before
    /// (RFC 6238 §5.2: no code counts twice). `None` if it is none of these.
    pub fn accepts(&self, typed: &str, at: DateTime<Utc>, last: Option<i64>) -> Result<Option<i64>> {
        let now = step(at);
        let mut accepted = None;
        for step in now - DRIFT..=now + DRIFT {
            let same: Choice = self.code_of(step)?.as_bytes().ct_eq(typed.as_bytes());
            if bool::from(same) && last.is_none_or(|last| step > last) {
                accepted = accepted.or(Some(step));
            }
        }
        Ok(accepted)
    }

    /// HOTP (RFC 4226 §5.3) of the step.
    fn code_of(&self, step: i64) -> Result<String> {
        let mut mac = Hmac::<Sha1>::new_from_slice(self.0.expose_secret())?;
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let offset = usize::from(digest[digest.len() - 1] & 15);
        let four = digest.get(offset..offset + 4).ok_or_else(|| Error::fault("a digest shorter than SHA-1's"))?;
        let number = u32::from_be_bytes(four.try_into()?) & 0x7fff_ffff;
        Ok(format!("{:06}", number % MODULUS))
    }
}

fn step(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(STEP_SECONDS)
}
