//! Tries charsets on the part of a text in which they differ.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, UTF_8};

/// Bytes that are enough to tell the charset: those from the first one on that is not ASCII.
const SAMPLE_BYTES: usize = 1024 * 1024;

/// Bytes of ASCII that the detector gets before them, since it looks at the word that a character stands in.
const ASCII_CONTEXT: usize = 1024;

/// The part of a text in which charsets differ.
pub(super) struct Sample<'a> {
    context: &'a [u8],
    bytes: &'a [u8],
    is_whole: bool,
}

impl<'a> Sample<'a> {
    pub(super) fn of(text: &'a [u8]) -> Self {
        let start = Encoding::ascii_valid_up_to(text);
        let end = text.len().min(start + SAMPLE_BYTES);
        let context = &text[start.saturating_sub(ASCII_CONTEXT)..start];
        Self { context, bytes: &text[start..end], is_whole: end == text.len() }
    }

    /// Counts what `encoding` makes of it. A character cut off at the end does not count.
    pub(super) fn tally(&self, encoding: &'static Encoding) -> Tally {
        const PIECE_BYTES: usize = 16 * 1024;
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let mut piece = String::with_capacity(PIECE_BYTES);
        let mut rest = self.bytes;
        let mut tally = Tally { letters: 0, errors: 0 };
        loop {
            let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut piece, false);
            tally.letters += piece.chars().filter(|letter| !letter.is_ascii()).count();
            match result {
                DecoderResult::InputEmpty => return tally,
                DecoderResult::Malformed(..) => tally.errors += 1,
                DecoderResult::OutputFull => {}
            }
            rest = &rest[read..];
            piece.clear();
        }
    }

    /// Detects a charset other than UTF-8, for which the text was tried before.
    pub(super) fn detect(&self) -> &'static Encoding {
        if self.bytes.is_empty() {
            return UTF_8;
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(self.context, false);
        detector.feed(self.bytes, self.is_whole);
        detector.guess(None, Utf8Detection::Deny)
    }
}

/// What a charset makes of a text: characters beyond ASCII, and errors.
pub(super) struct Tally {
    letters: usize,
    errors: usize,
}

impl Tally {
    /// Returns whether the text is in this charset, if that is UTF-8: in other charsets hardly any two letters together
    /// are valid UTF-8. A few errors are damage.
    pub(super) const fn is_convincing(&self) -> bool {
        self.letters > 0 && self.letters >= self.errors * 5
    }

    /// Returns whether the text may be in this charset: at most half of it is damaged, or a single place.
    pub(super) const fn is_possible(&self) -> bool {
        self.errors <= 1 || self.letters >= self.errors
    }
}
