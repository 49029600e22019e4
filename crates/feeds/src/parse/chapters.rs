//! Chapters of a recording: Podlove Simple Chapters, and links to lists of Podcasting 2.0.

use std::time::Duration;

use crate::dates::read_duration;
use crate::feed::Chapter;
use crate::html::text::single_spaced;
use crate::markup::namespaces::Namespace;
use crate::markup::scope::Scope;
use crate::markup::tree::Element;

/// The most chapters of an item.
const MAX_CHAPTERS: usize = 1_000;

/// Reads the chapters of `<psc:chapters>`.
pub(super) fn read(list: &Element, scope: &Scope) -> Vec<Chapter> {
    let chapters = list.elements().filter(|element| element.is(Namespace::SimpleChapters, "chapter"));
    chapters.take(MAX_CHAPTERS).filter_map(|element| read_chapter(element, scope)).collect()
}

fn read_chapter(element: &Element, scope: &Scope) -> Option<Chapter> {
    let start = element.attribute("start")?;
    // The beginning of a recording is a time, too.
    let is_zero = start.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.'));
    Some(Chapter {
        start: if is_zero { Duration::ZERO } else { read_duration(start)? },
        title: single_spaced(element.attribute("title")?)?,
        link: element.attribute("href").and_then(|href| scope.resolve(href)),
    })
}
