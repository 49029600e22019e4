//! Sections of an encyclopedia or a manual that lead to its other articles. Elsewhere the same words announce promotion.

use super::{BlockFacts, BlockKind, TextBlock};
use crate::dom::words;
use crate::page::Reason;

/// Headings of such sections, as keys.
const HEADINGS: &[&str] = &[
    "see also",
    "siehe auch",
    "voir aussi",
    "véase también",
    "ver también",
    "ver também",
    "veja também",
    "vegeu també",
    "vedi anche",
    "voci correlate",
    "zie ook",
    "se även",
    "se også",
    "katso myös",
    "zobacz też",
    "viz též",
    "lásd még",
    "vezi și",
    "ayrıca bakınız",
    "см также",
    "див також",
    "вижте също",
    "δείτε επίσης",
    "ראו גם",
    "انظر أيضا",
    "جستارهای وابسته",
    "関連項目",
    "参见",
    "參見",
    "같이 보기",
    "xem thêm",
    "lihat pula",
];
/// Least headings of other sections before it.
pub(crate) const MIN_SECTIONS: usize = 2;

/// Returns whether a heading is that of such a section.
pub(crate) fn is_heading(text: &str) -> bool {
    HEADINGS.contains(&words::match_key(text).as_str())
}

/// Keeps the heading of such a section and the list below, where the article has headed sections before it.
pub(super) fn keep_sections(facts: &[BlockFacts], blocks: &[TextBlock], reasons: &mut [Option<Reason>]) {
    let mut sections = 0;
    for at in 0..blocks.len() {
        if blocks[at].kind != BlockKind::Heading {
            continue;
        }
        let heads_list = blocks.get(at + 1).is_some_and(|next| next.kind == BlockKind::Item);
        if sections >= MIN_SECTIONS && heads_list && HEADINGS.contains(&facts[at].key.as_str()) {
            reasons[at] = reasons[at].take().filter(|reason| *reason != Reason::RelatedLinks);
        }
        sections += usize::from(reasons[at].is_none());
    }
}

#[cfg(test)]
mod tests {
    use super::super::find_removal_reasons;
    use super::*;

    #[test]
    fn a_see_also_section_stays_among_headed_sections_only() {
        let line = |text: &str, kind, link_share| TextBlock::new(text.to_owned(), kind, link_share);
        let prose = "It rained in the valley from Monday to Friday, and the river rose by the height of a man.";
        let section = |heading: &str| [line(heading, BlockKind::Heading, 0.0), line(prose, BlockKind::Paragraph, 0.0)];
        let list = |heading: &str| [line(heading, BlockKind::Heading, 0.0), line("Lower bridge", BlockKind::Item, 1.0)];
        let is_kept =
            |blocks: &[TextBlock]| find_removal_reasons("Rain", "", blocks).iter().rev().take(2).all(Option::is_none);
        let article = [section("Causes"), section("Effects in the north")].concat();
        assert!(is_kept(&[article.clone(), list("See also").to_vec()].concat()));
        assert!(is_kept(&[article.clone(), list("Siehe auch").to_vec()].concat()));
        assert!(!is_kept(&[article, list("Related articles").to_vec()].concat()));
        assert!(!is_kept(&[section("Causes").to_vec(), list("See also").to_vec()].concat()));
    }
}
