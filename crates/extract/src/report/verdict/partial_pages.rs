//! Whether there is less on a page than its reader came for: a question, or the beginning.

use super::page_signals::Signs;
use super::paywall_phrases::{self, LOGIN, PAYWALL};
use crate::dom::multi_pattern::MultiPattern;
use crate::dom::words;
use crate::page::RemovedBlock;

/// A question has few words; what has more is a page with a question on it.
const LONGEST_WALL: usize = 80;
/// More words than this are no beginning of something: what is asked of the reader then is about something else.
const LONGEST_STUB: usize = 350;
/// Without the page's own word for it, the beginning of something is shorter still: what asks for a subscription may as well
/// be a newsletter's.
const LONGEST_UNSTATED_STUB: usize = 200;
/// A page may name a part by what only its scripts make of it, and have it all the same.
const LONGEST_WITHOUT_PART: usize = 500;
/// Where a text breaks off, or ends with the request itself, so much may stand before.
const LONGEST_CUT: usize = 1000;

/// What was chosen of a page, and what was left out.
pub(super) struct Said<'a> {
    pub(super) text: &'a str,
    pub(super) removed: &'a [RemovedBlock],
    /// Words of the text.
    pub(super) words: usize,
}

impl<'a> Said<'a> {
    fn says(&self, list: &MultiPattern) -> bool {
        paywall_phrases::says(self.text, list) || self.left_out_says(list)
    }

    fn left_out_says(&self, list: &MultiPattern) -> bool {
        self.removed.iter().any(|block| paywall_phrases::says(&block.text, list))
    }

    /// The last paragraphs of the text, the last first.
    fn last_lines(&self) -> impl Iterator<Item = &'a str> {
        self.text.rsplit('\n').map(str::trim).filter(|line| !line.is_empty())
    }

    /// It breaks off within a sentence. What asks for more may stand below that.
    fn is_cut(&self) -> bool {
        const A_REQUEST: usize = 3;
        let mut last = self.last_lines().take(A_REQUEST).filter(|line| words::count(line) >= 8);
        last.any(|line| ["…", "...", "[…]", "[...]"].iter().any(|end| line.ends_with(end)))
    }

    /// It ends with a request to subscribe.
    fn ends_with_request(&self) -> bool {
        self.last_lines().take(2).any(|line| words::count(line) <= 40 && paywall_phrases::says(line, &PAYWALL))
    }
}

/// Whether a page is a question before the one that was meant.
pub(super) fn is_wall(signs: &Signs, said: &Said<'_>) -> bool {
    /// Menus and legal words around a question.
    const LONGEST_PAGE: usize = 400;
    /// What is left out beside more words than these is a note below an article.
    const HARDLY_ANY: usize = 25;
    let short = said.words <= LONGEST_WALL && signs.words <= LONGEST_PAGE && signs.prose <= 2 * LONGEST_WALL;
    let asks = signs.has_password || signs.has_captcha || signs.asks_consent;
    let says_login =
        || paywall_phrases::says(said.text, &LOGIN) || said.words <= HARDLY_ANY && said.left_out_says(&LOGIN);
    short && ((asks && !signs.stated.is_article) || says_login())
}

/// Whether a page is the beginning of an article.
pub(super) fn is_stub(signs: &Signs, said: &Said<'_>) -> bool {
    let words = said.words;
    if signs.stated.is_paid {
        return words <= LONGEST_STUB
            || words <= LONGEST_WITHOUT_PART && lacks_paid_part(signs)
            || words <= LONGEST_CUT && (said.is_cut() || said.ends_with_request());
    }
    let is_open = || words <= LONGEST_UNSTATED_STUB || said.is_cut();
    words <= LONGEST_CUT && (said.ends_with_request() || is_open() && said.says(&PAYWALL))
        || words <= LONGEST_STUB && signs.has_paywall && said.is_cut()
}

/// The page names the part that is paid for, and there is none of it.
fn lacks_paid_part(signs: &Signs) -> bool {
    /// A heading, a request.
    const HARDLY_ANY: usize = 40;
    !signs.stated.paid_parts.is_empty() && signs.paid_words <= HARDLY_ANY
}
