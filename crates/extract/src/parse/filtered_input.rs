//! The tokenizer's input, without the text that nobody reads.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;

use html5gum::{Readable, Reader};

use super::raw_text::Skip;

/// The maximum number of scripts whose text is kept.
const MAX_SCRIPTS: usize = 200;

/// Connects the input with the consumer of its tags: what to skip next, and the scripts skipped so far.
#[derive(Default)]
pub(super) struct SkippedText<'p> {
    /// What to skip before reading on from the current position.
    pub(super) next: Cell<Option<Skip>>,
    /// The texts of the first [`MAX_SCRIPTS`] scripts.
    pub(super) scripts: RefCell<Vec<&'p str>>,
}

/// The unread rest of a page.
pub(super) struct FilteredInput<'p, 'a> {
    rest: &'p [u8],
    skipped: &'a SkippedText<'p>,
}

impl<'p, 'a> FilteredInput<'p, 'a> {
    /// Creates an input at the start of a page.
    pub(super) fn new(html: &'p str, skipped: &'a SkippedText<'p>) -> Self {
        FilteredInput { rest: html.as_bytes(), skipped }
    }

    #[inline(always)]
    fn skip_if_requested(&mut self) {
        if let Some(what) = self.skipped.next.get() {
            self.skip_text(what);
        }
    }

    #[cold]
    fn skip_text(&mut self, what: Skip) {
        self.skipped.next.set(None);
        let (text, rest) = self.rest.split_at(what.byte_length(self.rest));
        self.rest = rest;
        let mut scripts = self.skipped.scripts.borrow_mut();
        if what == Skip::Script
            && scripts.len() < MAX_SCRIPTS
            && !text.is_empty()
            && let Ok(text) = str::from_utf8(text)
        {
            scripts.push(text);
        }
    }
}

impl Reader for FilteredInput<'_, '_> {
    type Error = Infallible;

    #[inline(always)]
    fn read_byte(&mut self) -> Result<Option<u8>, Infallible> {
        self.skip_if_requested();
        let Some((first, rest)) = self.rest.split_first() else { return Ok(None) };
        self.rest = rest;
        Ok(Some(*first))
    }

    #[inline(always)]
    fn try_read_string(&mut self, expected: &[u8], case_sensitive: bool) -> Result<bool, Infallible> {
        self.skip_if_requested();
        let is_there = self.rest.to_reader().try_read_string(expected, case_sensitive)?;
        if is_there {
            self.rest = &self.rest[expected.len()..];
        }
        Ok(is_there)
    }

    #[inline(always)]
    fn read_until<'b>(&'b mut self, needle: &[u8], letter: &'b mut [u8; 4]) -> Result<Option<&'b [u8]>, Infallible> {
        self.skip_if_requested();
        let Some(length) = self.rest.to_reader().read_until(needle, letter)?.map(<[u8]>::len) else { return Ok(None) };
        let (read, rest) = self.rest.split_at(length);
        self.rest = rest;
        Ok(Some(read))
    }
}
