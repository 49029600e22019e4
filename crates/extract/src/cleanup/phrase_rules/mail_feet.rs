//! The head and foot of a newsletter: why it was sent, how to cancel it, where to read it online, and who sent it.
//!
//! Lists beside this file: `drop_if_mail_foot.txt` holds beginnings of lines that no other text has, and
//! `drop_if_edge_of_mail.txt` those that count only before the first and after the last paragraph.

use std::sync::LazyLock;

use super::phrase_lists::PhraseList;
use super::{BlockFacts, BlockKind, TextBlock};
use crate::page::Reason;

static FEET: LazyLock<PhraseList> = LazyLock::new(|| PhraseList::parse(include_str!("drop_if_mail_foot.txt")));
static EDGES: LazyLock<PhraseList> = LazyLock::new(|| PhraseList::parse(include_str!("drop_if_edge_of_mail.txt")));
/// Most words of a line of either list, and of an address.
const MAX_FOOT_WORDS: usize = 60;
const MAX_EDGE_WORDS: usize = 25;
const MAX_ADDRESS_WORDS: usize = 25;
/// How many blocks at the top are looked at.
const MAX_TOP: usize = 4;

/// Marks the head and foot of a newsletter.
pub(super) fn mark(facts: &[BlockFacts], blocks: &[TextBlock], reasons: &mut [Option<Reason>]) {
    let may_be = |index: usize| {
        matches!(blocks[index].kind, BlockKind::Paragraph | BlockKind::Item | BlockKind::Heading)
            && !blocks[index].is_quoted
    };
    let is_edge = |index: usize| {
        facts[index].words <= MAX_EDGE_WORDS && EDGES.longest_prefix(facts[index].key.as_str()).is_some()
    };
    let mut first_foot = None;
    for index in (0..blocks.len()).filter(|index| may_be(*index)) {
        let is_foot = facts[index].words <= MAX_FOOT_WORDS && FEET.longest_prefix(facts[index].key.as_str()).is_some();
        if is_foot {
            first_foot.get_or_insert(index);
            reasons[index].get_or_insert(Reason::Newsletter);
        }
    }
    let is_text = |index: &usize| {
        let (fact, block) = (&facts[*index], &blocks[*index]);
        reasons[*index].is_none() && fact.is_prose(block) && !(may_be(*index) && is_edge(*index))
    };
    let first = (0..blocks.len()).find(is_text).unwrap_or(0);
    let last = (0..blocks.len()).rev().find(is_text).map_or(blocks.len(), |last| last + 1);
    for index in (0..first.min(MAX_TOP)).chain(last..blocks.len()) {
        if may_be(index) && is_edge(index) {
            if index >= last {
                first_foot = Some(first_foot.map_or(index, |known| known.min(index)));
            }
            reasons[index].get_or_insert(Reason::Newsletter);
        }
    }
    // The sender's address may stand above the first of these lines.
    let Some(foot) = first_foot.filter(|foot| *foot >= last) else { return };
    for index in last..foot {
        if may_be(index) && reasons[index].is_none() && is_address(&blocks[index].text, &facts[index]) {
            reasons[index] = Some(Reason::Legal);
        }
    }
}

/// Returns whether a short line has a number and parts like an address.
fn is_address(text: &str, fact: &BlockFacts) -> bool {
    let parts = text.split([',', '·', '|', '•', '\n']).count();
    fact.words <= MAX_ADDRESS_WORDS && parts >= 3 && text.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: &str = "It rained in the valley from Monday to Friday, and the river rose by the height of a man.";

    fn removed(texts: &[&str]) -> Vec<bool> {
        let blocks: Vec<TextBlock> =
            texts.iter().map(|text| TextBlock::new((*text).to_owned(), BlockKind::Paragraph, 0.0)).collect();
        let facts: Vec<BlockFacts> = blocks.iter().map(BlockFacts::new).collect();
        let mut reasons = vec![None; blocks.len()];
        mark(&facts, &blocks, &mut reasons);
        reasons.iter().map(Option::is_some).collect()
    }

    #[test]
    fn the_foot_of_a_newsletter_is_no_text() {
        for foot in [
            "You’re receiving this letter because you asked for it at the fair.",
            "This email was sent to ann@lee.example by the Valley Post.",
            "If you no longer want these letters, unsubscribe here.",
            "Unsubscribe | Manage preferences",
            "Du erhältst diesen Newsletter, weil du ihn bestellt hast.",
            "Vous recevez ce courriel car vous êtes abonné.",
            "Recibes este correo porque te suscribiste.",
            "Отписаться от рассылки",
            "配信停止はこちら",
        ] {
            assert_eq!(removed(&[PROSE, foot]), [false, true], "{foot}");
        }
        assert_eq!(removed(&["View this email in your browser", PROSE]), [true, false]);
        let address = "Valley Post · 12 Mill Lane · Upton";
        assert_eq!(removed(&[PROSE, address, "Unsubscribe"]), [false, true, true]);
    }

    #[test]
    fn texts_about_mail_stay() {
        assert_eq!(removed(&[PROSE, "Unsubscribe", PROSE]), [false; 3]);
        assert_eq!(removed(&[PROSE, "Valley Post · 12 Mill Lane · Upton"]), [false; 2]);
    }
}
