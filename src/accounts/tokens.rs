//! Random secrets for session cookies and the set-up link.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// A secret of 256 random bits, written as 64 hex digits. `Debug` does not show it.
#[derive(Clone)]
pub struct Token(String);

/// The SHA-256 of a token, which is what the database stores: enough to recognise the token, useless to whoever copies
/// the file.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TokenHash([u8; 32]);

impl Token {
    /// Generates a new token.
    ///
    /// # Errors
    /// The system has no randomness available.
    pub fn random() -> anyhow::Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(hex(&bytes)))
    }

    /// Parses a token sent by a browser; `None` if malformed, so that long garbage is never hashed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| Self(text.to_owned()))
    }

    /// Returns the secret, for the cookie or the link.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(&self.0).into())
    }
}

impl PartialEq for Token {
    /// Compares hashes instead of secrets, so that timing reveals nothing about the secret.
    fn eq(&self, other: &Self) -> bool {
        self.hash() == other.hash()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl TokenHash {
    /// Returns the form stored in the database.
    pub(super) fn hex(self) -> String {
        hex(&self.0)
    }
}

/// Writes bytes as lower-case hex digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(DIGITS[usize::from(half)])).collect()
}

/// Reads hex digits; `None` if there is anything else.
pub(super) fn parse_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2).map(|pair| Some(digit(pair.first()?)? << 4 | digit(pair.get(1)?)?));
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_round_trips_and_debug_hides_it() {
        let token = Token::random().unwrap();
        assert_eq!(Token::parse(token.reveal()).unwrap(), token);
        assert_ne!(Token::random().unwrap(), token);
        assert!(!format!("{token:?}").contains(token.reveal()));
        assert!(Token::parse("abc").is_none() && Token::parse(&"g".repeat(64)).is_none());
    }

    #[test]
    fn hex_is_two_lower_case_digits_a_byte() {
        assert_eq!(hex(&[0x00, 0x0f, 0xa5, 0xff]), "000fa5ff");
        assert_eq!(parse_hex("000fA5ff"), Some(vec![0x00, 0x0f, 0xa5, 0xff]));
        assert!(["0", "0g", "+1", "é"].iter().all(|text| parse_hex(text).is_none()));
    }
}
