//! Pages with less than the whole article: interstitials and paywalled beginnings.

use super::page_signals::PageSignals;
use super::paywall_phrases::{self, LOGIN, PAYWALL};
use crate::dom::multi_pattern::MultiPattern;
use crate::dom::words;
use crate::page::RemovedBlock;

/// Maximum words of an interstitial; a longer page is an article with a question on it.
const MAX_INTERSTITIAL_WORDS: usize = 80;
/// Maximum words of a paywalled beginning.
const MAX_PAYWALLED_WORDS: usize = 350;
/// The same where the page does not state that it is paid. A request to subscribe may be a newsletter's.
const MAX_UNSTATED_PAYWALLED_WORDS: usize = 200;
/// The same where the stated paid part is missing. A page may name a part that only its scripts create, and hold the
/// text elsewhere.
const MAX_WORDS_WITHOUT_PAID_PART: usize = 500;
/// The same where the text breaks off or ends with the request.
const MAX_CUT_OFF_WORDS: usize = 1000;

/// The chosen and the removed text.
pub(super) struct ChosenText<'a> {
    pub(super) text: &'a str,
    pub(super) removed: &'a [RemovedBlock],
    /// Words of `text`.
    pub(super) words: usize,
}

impl<'a> ChosenText<'a> {
    fn contains_phrase(&self, list: &MultiPattern) -> bool {
        paywall_phrases::contains_phrase(self.text, list) || self.removed_contains(list)
    }

    fn removed_contains(&self, list: &MultiPattern) -> bool {
        self.removed.iter().any(|block| paywall_phrases::contains_phrase(&block.text, list))
    }

    /// Returns the last paragraphs, the last one first.
    fn last_lines(&self) -> impl Iterator<Item = &'a str> {
        self.text.rsplit('\n').map(str::trim).filter(|line| !line.is_empty())
    }

    /// Returns whether the text breaks off in a sentence. A request may follow it.
    fn is_cut_off(&self) -> bool {
        const REQUEST_LINES: usize = 3;
        let mut last = self.last_lines().take(REQUEST_LINES).filter(|line| words::count(line) >= 8);
        last.any(|line| ["…", "...", "[…]", "[...]"].iter().any(|end| line.ends_with(end)))
    }

    /// Returns whether the text ends with a request to subscribe.
    fn ends_with_subscribe_request(&self) -> bool {
        self.last_lines()
            .take(2)
            .any(|line| words::count(line) <= 40 && paywall_phrases::contains_phrase(line, &PAYWALL))
    }
}

/// Returns whether the page is an interstitial.
pub(super) fn is_interstitial(signals: &PageSignals, chosen: &ChosenText<'_>) -> bool {
    /// Menus and legal notices around a question.
    const MAX_PAGE_WORDS: usize = 400;
    /// Beside more text than this, removed login words are a note below an article.
    const MAX_NOTE_WORDS: usize = 25;
    let short = chosen.words <= MAX_INTERSTITIAL_WORDS
        && signals.words <= MAX_PAGE_WORDS
        && signals.prose <= 2 * MAX_INTERSTITIAL_WORDS;
    let asks = signals.has_password || signals.has_captcha || signals.asks_consent;
    let says_login = || {
        paywall_phrases::contains_phrase(chosen.text, &LOGIN)
            || chosen.words <= MAX_NOTE_WORDS && chosen.removed_contains(&LOGIN)
    };
    short && ((asks && !signals.stated.is_article) || says_login())
}

/// Returns whether the page is the beginning of a paid article.
pub(super) fn is_paywalled(signals: &PageSignals, chosen: &ChosenText<'_>) -> bool {
    let words = chosen.words;
    if signals.stated.is_paid {
        return words <= MAX_PAYWALLED_WORDS
            || words <= MAX_WORDS_WITHOUT_PAID_PART && lacks_stated_paid_part(signals)
            || words <= MAX_CUT_OFF_WORDS && (chosen.is_cut_off() || chosen.ends_with_subscribe_request());
    }
    let is_open = || words <= MAX_UNSTATED_PAYWALLED_WORDS || chosen.is_cut_off();
    words <= MAX_CUT_OFF_WORDS
        && (chosen.ends_with_subscribe_request() || is_open() && chosen.contains_phrase(&PAYWALL))
        || words <= MAX_PAYWALLED_WORDS && signals.has_paywall && chosen.is_cut_off()
}

/// Returns whether the page states which part is paid, and lacks it.
fn lacks_stated_paid_part(signals: &PageSignals) -> bool {
    /// A heading and a request.
    const MAX_NOTE_WORDS: usize = 40;
    !signals.stated.paid_parts.is_empty() && signals.paid_words <= MAX_NOTE_WORDS
}
