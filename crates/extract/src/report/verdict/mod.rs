//! Classifies the page, so that readers can be told what to do about it.
//!
//! A page is judged by its metadata, its URL, and by what stands on it beside the chosen text ([`PageSignals`]). No
//! signal decides alone: front pages call themselves articles, and the other way round.

mod item_lists;
mod kind_markers;
mod page_kinds;
mod page_signals;
mod partial_pages;
mod paywall_phrases;
mod url_signals;

use url::Url;

use crate::dom::words;
use crate::page::{Reason, RemovedBlock, Verdict};
use page_kinds::{is_document, is_listing, is_product, is_thread, is_video};
pub(crate) use page_signals::PageSignals;
use partial_pages::ChosenText;
use url_signals::UrlSignals;

/// Tests for one kind, given the number of words.
type KindTest = fn(&PageSignals, &UrlSignals, usize) -> bool;

/// Classifies a page by its signals, its URL, and the chosen and removed text. `removed_words` counts words removed by
/// the reader's rules: removing them does not change the kind of page.
pub(crate) fn classify(
    signals: &PageSignals,
    url: Option<&Url>,
    text: &str,
    removed: &[RemovedBlock],
    removed_words: usize,
) -> Verdict {
    let (url_signals, words) = (UrlSignals::new(url), words::count(text) + removed_words);
    let chosen = ChosenText { text, removed, words };
    if signals.interstitial.is_some() || partial_pages::is_interstitial(signals, &chosen) {
        return Verdict::Interstitial;
    }
    if !url_signals.is_front_page && partial_pages::is_paywalled(signals, &chosen) {
        return Verdict::Paywalled;
    }
    let tests: [(Verdict, KindTest); 5] = [
        (Verdict::Video, is_video),
        (Verdict::Thread, is_thread),
        (Verdict::Product, is_product),
        (Verdict::Listing, is_listing),
        (Verdict::Document, is_document),
    ];
    let found = tests.into_iter().find(|(_, test)| test(signals, &url_signals, words));
    found.map_or(Verdict::Article, |(verdict, _)| verdict)
}

/// Returns the reason that must not apply on this page, because it is the main content: comments in a thread. Known
/// before anything is selected.
pub(crate) fn protected_reason(signals: &PageSignals, url: Option<&Url>) -> Option<Reason> {
    is_thread(signals, &UrlSignals::new(url), 0).then_some(Reason::Comments)
}
