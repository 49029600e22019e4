//! A page as the tokenizer gets it: without what nobody reads.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;

use html5gum::{Readable, Reader};

use super::unread::Unread;

/// Scripts whose text is kept.
const MOST_SCRIPTS: usize = 200;

/// What is passed over of a page, as those who take its tags ask for it.
#[derive(Default)]
pub(super) struct Passed<'p> {
    /// What begins where the tokenizer stands, and is to be passed over before it reads on.
    pub(super) next: Cell<Option<Unread>>,
    /// What the first [`MOST_SCRIPTS`] scripts say.
    pub(super) scripts: RefCell<Vec<&'p str>>,
}

/// The rest of a page.
pub(super) struct Input<'p, 'a> {
    html: &'p str,
    at: usize,
    passed: &'a Passed<'p>,
}

impl<'p, 'a> Input<'p, 'a> {
    /// A page from its beginning.
    pub(super) fn new(html: &'p str, passed: &'a Passed<'p>) -> Self {
        Input { html, at: 0, passed }
    }

    fn rest(&mut self) -> &'p [u8] {
        if let Some(what) = self.passed.next.take() {
            self.pass_over(what);
        }
        &self.html.as_bytes()[self.at..]
    }

    fn pass_over(&mut self, what: Unread) {
        let end = self.at + what.length(&self.html.as_bytes()[self.at..]);
        let text = self.html.get(self.at..end).unwrap_or_default();
        let mut scripts = self.passed.scripts.borrow_mut();
        if what == Unread::Script && scripts.len() < MOST_SCRIPTS && !text.is_empty() {
            scripts.push(text);
        }
        self.at = end;
    }
}

impl Reader for Input<'_, '_> {
    type Error = Infallible;

    #[inline]
    fn read_byte(&mut self) -> Result<Option<u8>, Infallible> {
        let byte = self.rest().first().copied();
        self.at += usize::from(byte.is_some());
        Ok(byte)
    }

    #[inline]
    fn try_read_string(&mut self, expected: &[u8], case_sensitive: bool) -> Result<bool, Infallible> {
        let is_there = self.rest().to_reader().try_read_string(expected, case_sensitive)?;
        self.at += if is_there { expected.len() } else { 0 };
        Ok(is_there)
    }

    #[inline]
    fn read_until<'b>(&'b mut self, needle: &[u8], letter: &'b mut [u8; 4]) -> Result<Option<&'b [u8]>, Infallible> {
        let rest = self.rest();
        let length = rest.to_reader().read_until(needle, letter)?.map(<[u8]>::len);
        self.at += length.unwrap_or(0);
        Ok(length.map(|length| &rest[..length]))
    }
}
