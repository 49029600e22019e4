//! What kind of page it is, so that a reader can be told what to do about it.
//!
//! A page is judged by what it says of itself, by its address, and by what stands on it beside the text that was chosen
//! ([`Signs`]). No sign decides alone: pages call themselves articles that are front pages, and the other way round.

mod item_lists;
mod name_lists;
mod page_kinds;
mod page_signals;
mod partial_pages;
mod paywall_phrases;
mod url_signals;

use url::Url;

use crate::dom::words;
use crate::page::{Reason, RemovedBlock, Verdict};
use page_kinds::{is_document, is_listing, is_product, is_thread, is_video};
pub(crate) use page_signals::Signs;
use partial_pages::Said;
use url_signals::Place;

/// Whether a page with so many words is of one kind.
type Test = fn(&Signs, &Place, usize) -> bool;

/// The verdict on a page: its signs, its address, and the text that was chosen and left out. Words that rules have `taken` count, since
/// what a reader does not want to see makes no other page of it.
pub(crate) fn of(signs: &Signs, url: Option<&Url>, text: &str, removed: &[RemovedBlock], taken: usize) -> Verdict {
    let (place, words) = (Place::of(url), words::count(text) + taken);
    let said = Said { text, removed, words };
    if signs.wall.is_some() || partial_pages::is_wall(signs, &said) {
        return Verdict::Interstitial;
    }
    if !place.is_front && partial_pages::is_stub(signs, &said) {
        return Verdict::Paywalled;
    }
    let tests: [(Verdict, Test); 5] = [
        (Verdict::Video, is_video),
        (Verdict::Thread, is_thread),
        (Verdict::Product, is_product),
        (Verdict::Listing, is_listing),
        (Verdict::Document, is_document),
    ];
    let found = tests.into_iter().find(|(_, test)| test(signs, &place, words));
    found.map_or(Verdict::Article, |(verdict, _)| verdict)
}

/// What would be left out of an article and is what this page is about: what people answer, in a thread. Known before anything
/// is chosen.
pub(crate) fn subject(signs: &Signs, url: Option<&Url>) -> Option<Reason> {
    is_thread(signs, &Place::of(url), 0).then_some(Reason::Comments)
}
