//! Secrets we hand out once and keep only as hashes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};

use super::error::Result;

/// 256 random bits, in base64url.
pub fn random_token() -> Result<SecretString> {
    let mut bits = [0; 32];
    getrandom::fill(&mut bits)?;
    Ok(URL_SAFE_NO_PAD.encode(bits).into())
}

/// A name nobody can guess, for files: 128 random bits in hex.
pub fn random_name() -> Result<String> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits)?;
    Ok(hex::encode(bits))
}

/// Six random digits.
pub fn random_code() -> Result<String> {
    // 2^32 is no multiple of a million; refusing the tail keeps every code equally likely.
    const FAIR: u32 = u32::MAX - u32::MAX % 1_000_000;
    loop {
        let drawn = getrandom::u32()?;
        if drawn < FAIR {
            return Ok(format!("{:06}", drawn % 1_000_000));
        }
    }
}

/// Random characters people can read to each other on the phone: Crockford's base32, which has no I, L, O or U.
pub fn random_letters(count: usize) -> Result<String> {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut bytes = vec![0; count];
    getrandom::fill(&mut bytes)?;
    // 32 divides 256, so every letter is equally likely.
    Ok(bytes.into_iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect())
}

/// What is stored of a token. It needs no salt: the token itself is random.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

/// What is stored of a short code, bound to whom and what it is for.
pub fn code_hash(code: &str, bound_to: &str) -> Vec<u8> {
    Sha256::digest(format!("{bound_to}\n{code}")).to_vec()
}
