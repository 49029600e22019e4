//! The head and foot of a newsletter: why it was sent, how to cancel it, where to read it online, and who sent it.
//!
//! Lists beside this file: `drop_if_mail_foot.txt` holds beginnings of lines in which a mail speaks of itself to its
//! reader, and `drop_if_edge_of_mail.txt` those of buttons and of sentences that other texts have too. A single such line
//! may be the last of an article; two signs are a foot.

use std::sync::LazyLock;

use super::phrase_lists::PhraseList;
use super::{BlockFacts, BlockKind, TextBlock};
use crate::dom::words;
use crate::page::Reason;

static FEET: LazyLock<PhraseList> = LazyLock::new(|| PhraseList::parse(include_str!("drop_if_mail_foot.txt")));
static EDGES: LazyLock<PhraseList> = LazyLock::new(|| PhraseList::parse(include_str!("drop_if_edge_of_mail.txt")));
/// Most words of a line of either list, and of an address.
const MAX_FOOT_WORDS: usize = 60;
const MAX_EDGE_WORDS: usize = 40;
const MAX_ADDRESS_WORDS: usize = 25;
/// How many blocks at the top are looked at.
const MAX_TOP: usize = 4;
/// Words of those who ordered a newsletter.
const ORDERED: &[&str] = &[
    "subscribed",
    "subscriber",
    "subscription",
    "signed",
    "opted",
    "registered",
    "abonniert",
    "angemeldet",
    "bestellt",
    "abonné",
    "abonnée",
    "inscrit",
    "inscrite",
    "suscribiste",
    "suscrito",
    "inscreveu",
    "inscrito",
    "iscritto",
    "iscritta",
    "ingeschreven",
    "aangemeld",
    "prenumererar",
    "подписались",
    "подписаны",
];

/// How surely a line belongs to the head or foot of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// Articles say it too.
    Weak,
    /// The mail speaks of itself.
    Strong,
    /// A button, or two signs in one line.
    Sure,
}

/// Marks the head and foot of a newsletter.
pub(super) fn mark(facts: &[BlockFacts], blocks: &[TextBlock], reasons: &mut [Option<Reason>]) {
    let signs: Vec<Option<Sign>> = facts.iter().zip(blocks).map(|(fact, block)| find_sign(fact, block)).collect();
    let is_text =
        |index: &usize| reasons[*index].is_none() && signs[*index].is_none() && facts[*index].is_prose(&blocks[*index]);
    let first = (0..blocks.len()).find(is_text).unwrap_or(0);
    let last = (0..blocks.len()).rev().find(is_text).map_or(blocks.len(), |last| last + 1);
    let foot: Vec<usize> = (last..blocks.len()).filter(|index| signs[*index].is_some()).collect();
    // The sender's address may stand above the first of these lines.
    let address: Vec<usize> = match foot.first() {
        Some(top) => (last..*top).filter(|index| is_address(&blocks[*index], &facts[*index])).collect(),
        None => Vec::new(),
    };
    let has = |sign: Sign| foot.iter().any(|index| signs[*index] == Some(sign));
    let is_mail = has(Sign::Sure) || has(Sign::Strong) && foot.len() + address.len() > 1;
    for index in 0..first.min(MAX_TOP) {
        if signs[index].is_some_and(|sign| is_mail || sign == Sign::Sure) {
            reasons[index].get_or_insert(Reason::Newsletter);
        }
    }
    if is_mail {
        foot.into_iter().for_each(|index| _ = reasons[index].get_or_insert(Reason::Newsletter));
        address.into_iter().for_each(|index| _ = reasons[index].get_or_insert(Reason::Legal));
    }
}

fn find_sign(fact: &BlockFacts, block: &TextBlock) -> Option<Sign> {
    if !may_be(block) || fact.words > MAX_FOOT_WORDS {
        return None;
    }
    let starts_with = |list: &PhraseList, key: &str| list.longest_prefix(key).is_some();
    let is_foot = starts_with(&FEET, &fact.key);
    if !is_foot && (fact.words > MAX_EDGE_WORDS || !starts_with(&EDGES, &fact.key)) {
        return None;
    }
    // Headings and lists may be about such buttons.
    if is_button(&block.text) && (block.kind == BlockKind::Paragraph || block.link_share > 0.8) {
        return Some(Sign::Sure);
    }
    if !is_foot {
        return Some(Sign::Weak);
    }
    let has_another = || {
        let mut rest = fact.key.match_indices(' ').map(|(at, _)| &fact.key[at + 1..]);
        rest.any(|rest| starts_with(&EDGES, rest) || ORDERED.contains(&rest.split(' ').next().unwrap_or(rest)))
    };
    Some(if block.link_share > 0.0 || has_another() { Sign::Sure } else { Sign::Strong })
}

/// Returns whether a line consists of phrases of either list.
fn is_button(text: &str) -> bool {
    let is_phrase =
        |key: &str| [&FEET, &EDGES].iter().any(|list| list.longest_prefix(key).is_some_and(|it| it.0 == key));
    let mut parts = text.split(['|', '·', '•', '/']).map(words::match_key).filter(|part| !part.is_empty());
    parts.all(|part| is_phrase(&part)) || is_phrase(&words::match_key(text))
}

fn may_be(block: &TextBlock) -> bool {
    matches!(block.kind, BlockKind::Paragraph | BlockKind::Item | BlockKind::Heading) && !block.is_quoted
}

/// Returns whether a short line has a number and parts like an address.
fn is_address(block: &TextBlock, fact: &BlockFacts) -> bool {
    let parts = block.text.split([',', '·', '|', '•', '\n']).count();
    may_be(block)
        && fact.words <= MAX_ADDRESS_WORDS
        && parts >= 3
        && block.text.bytes().any(|byte| byte.is_ascii_digit())
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
            ["You’re receiving this letter because you asked for it at the fair.", "To unsubscribe, write to us."],
            ["This email was sent to ann@lee.example by the Valley Post.", "Unsubscribe"],
            ["You received this email on Monday.", "If you no longer want these letters, unsubscribe here."],
            [
                "Du erhältst diesen Newsletter jeden Montag.",
                "Wenn du diesen Newsletter nicht mehr willst, schreib uns.",
            ],
        ] {
            assert_eq!(removed(&[PROSE, foot[0], foot[1]]), [false, true, true], "{foot:?}");
        }
        for foot in [
            "You are receiving this email because you signed up at the fair.",
            "Unsubscribe | Manage preferences",
            "Du erhältst diesen Newsletter, weil du ihn bestellt hast.",
            "Vous recevez ce courriel car vous êtes abonné.",
            "Recibes este correo porque te suscribiste.",
            "Отписаться от рассылки",
            "配信停止はこちら",
        ] {
            assert_eq!(removed(&[PROSE, foot]), [false, true], "{foot}");
        }
        for head in
            ["View this email in your browser", "Is this email not displaying correctly? View it in your browser."]
        {
            assert_eq!(removed(&[head, PROSE]), [true, false], "{head}");
        }
        let address = "Valley Post · 12 Mill Lane · Upton";
        assert_eq!(removed(&[PROSE, address, "Unsubscribe"]), [false, true, true]);
    }

    #[test]
    fn texts_about_mail_stay() {
        assert_eq!(removed(&[PROSE, "Unsubscribe", PROSE]), [false; 3]);
        assert_eq!(removed(&[PROSE, "Valley Post · 12 Mill Lane · Upton"]), [false; 2]);
        for lines in [
            ["If you no longer want to receive such calls, ask your provider to block them.", PROSE],
            ["This email was sent to every teacher in the valley on Monday morning.", PROSE],
            ["You are receiving this email because you subscribed, said the letter that the mayor read aloud.", PROSE],
            [
                "To unsubscribe, open the settings of the app.",
                "You can unsubscribe at any time, and keep what you paid for.",
            ],
            [
                "Pour ne plus recevoir ces appels, inscrivez-vous sur la liste.",
                "Vous pouvez vous désinscrire à tout moment.",
            ],
            ["This message was sent to all crews before the storm.", "Forward this email to a friend, it said."],
        ] {
            assert_eq!(removed(&[PROSE, lines[0], lines[1]]), [false; 3], "{lines:?}");
        }
        assert_eq!(removed(&[PROSE, "Cancellati tutti i voli per Milano."]), [false; 2]);
        assert_eq!(
            removed(&[PROSE, "Read online what the council decided about the ferry and its timetable."]),
            [false; 2]
        );
    }
}
