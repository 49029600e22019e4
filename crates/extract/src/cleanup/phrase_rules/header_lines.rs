//! Lines above the text that only say who wrote it and when, and what leads elsewhere.

use super::{BlockFacts, BlockKind, TextBlock};
use crate::dom::words;
use crate::metadata::{byline, dates};
use crate::page::Reason;

/// How many blocks at the top are looked at.
const MAX_BLOCKS: usize = 12;
/// Most words of a line of links, and of one with a date.
const MAX_LINK_WORDS: usize = 12;
const MAX_DATE_WORDS: usize = 9;
/// Most words beside the names, the date and its numbers.
const MAX_OTHER_WORDS: usize = 5;
/// Most words of a line with "by" before the names, and of one of several details.
const MAX_SIGNED_WORDS: usize = 16;
const MAX_DETAIL_WORDS: usize = 40;
/// What stands before a colon in a line of details, as match keys.
const DETAIL_LABELS: &[&str] = &[
    "tags",
    "tag",
    "topics",
    "topic",
    "category",
    "categories",
    "section",
    "filed under",
    "posted in",
    "keywords",
    "source",
    "updated",
    "published",
    "posted",
    "author",
    "time",
    "date",
    "categoria",
    "categorias",
    "categoría",
    "categorías",
    "etiquetas",
    "sección",
    "seção",
    "editoria",
    "fonte",
    "fuente",
    "autor",
    "data",
    "fecha",
    "publicado em",
    "publicado",
    "atualizado em",
    "kategorie",
    "kategorien",
    "rubrik",
    "ressort",
    "thema",
    "themen",
    "schlagwörter",
    "schlagworte",
    "quelle",
    "datum",
    "stand",
    "catégorie",
    "catégories",
    "rubrique",
    "mots clés",
    "auteur",
    "source",
    "publié le",
    "rubrica",
    "argomenti",
    "categorie",
    "autore",
    "trefwoorden",
    "kategoria",
    "tagi",
    "źródło",
    "kategori",
    "etiketler",
    "категория",
    "рубрика",
    "теги",
    "источник",
    "метки",
    "автор",
    "дата",
];

/// Marks lines before the first prose that are only links, a date or the byline, unless they lead up to it in the same
/// list; and a byline after an introduction.
pub(super) fn mark(byline: &str, facts: &[BlockFacts], blocks: &[TextBlock], reasons: &mut [Option<Reason>]) {
    let byline = words::match_key(byline);
    let names: Vec<&str> = byline.split(' ').filter(|word| !word.is_empty()).collect();
    let prose = (0..blocks.len()).find(|index| facts[*index].is_prose(&blocks[*index])).unwrap_or(0);
    let is_item = |block: &&TextBlock| block.kind == BlockKind::Item;
    let lead_in = match blocks.get(prose) {
        Some(first) if is_item(&first) => blocks[..prose].iter().rev().take_while(is_item).count(),
        _ => 0,
    };
    let prose = prose - lead_in;
    for index in 0..blocks.len().min(MAX_BLOCKS) {
        let (block, fact) = (&blocks[index], &facts[index]);
        let line = matches!(block.kind, BlockKind::Paragraph | BlockKind::Item | BlockKind::Heading);
        if reasons[index].is_some() || !line {
            continue;
        }
        let is_above = index < prose;
        if is_above && block.link_share > 0.8 && fact.words <= MAX_LINK_WORDS && !block.is_certain {
            reasons[index] = Some(Reason::Navigation);
        } else if is_above && is_detail_line(&block.text, &byline, &names, fact)
            || is_byline(&names, fact) && (is_above || !fact.ends_sentence)
        {
            reasons[index] = Some(Reason::Details);
        }
    }
}

/// Returns whether a line consists of all names and a few words.
fn is_byline(names: &[&str], fact: &BlockFacts) -> bool {
    holds_all(names, fact) && fact.words < names.len() + MAX_OTHER_WORDS
}

fn holds_all(names: &[&str], fact: &BlockFacts) -> bool {
    !names.is_empty() && names.iter().all(|name| fact.key.split(' ').any(|word| word == *name))
}

/// Returns whether a line above the text gives nothing but details of it.
fn is_detail_line(text: &str, byline: &str, names: &[&str], fact: &BlockFacts) -> bool {
    if fact.words <= MAX_DATE_WORDS && is_date(text) {
        return true;
    }
    if fact.ends_sentence || fact.words > MAX_DETAIL_WORDS {
        return false;
    }
    let holds_names = holds_all(names, fact);
    holds_names && is_date(text) && count_other_words(names, &fact.key) <= MAX_OTHER_WORDS
        || holds_names && fact.words <= MAX_SIGNED_WORDS && is_signed(text, byline)
        || has_only_details(text)
}

/// Returns whether a short line contains a date. Any date counts, even in the future.
fn is_date(text: &str) -> bool {
    dates::count_digits(text) >= 4 && dates::parse(text, jiff::Timestamp::MAX, dates::DayMonthOrder::Unknown).is_some()
}

/// Counts the words of a key apart from names, numbers and months.
fn count_other_words(names: &[&str], key: &str) -> usize {
    let is_number = |word: &str| word.starts_with(|letter: char| letter.is_ascii_digit());
    key.split(' ').filter(|word| !names.contains(word) && !is_number(word) && !dates::is_month(word)).count()
}

/// Returns whether the names stand behind "by" somewhere in a line.
fn is_signed(text: &str, byline: &str) -> bool {
    let starts = std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1));
    starts
        .filter(|at| byline::starts_like_byline(&text[*at..]))
        .filter_map(|at| byline::parse_line(&text[at..]))
        .any(|names| words::match_key(&names) == byline)
}

/// Returns whether a line consists of several parts, each a date, a byline, or something with its label.
fn has_only_details(text: &str) -> bool {
    let mut parts: Vec<&str> =
        text.split(['|', '•', '·']).flat_map(|part| part.split(" - ")).flat_map(|part| part.split(" – ")).collect();
    parts.retain(|part| !part.trim().is_empty());
    let is_labelled = |part: &str| {
        part.split_once([':', '：']).is_some_and(|(label, _)| DETAIL_LABELS.contains(&words::match_key(label).as_str()))
    };
    // Whether day or month comes first does not matter here.
    let is_dated = |part: &str| {
        words::count(part) <= MAX_DATE_WORDS
            && dates::count_digits(part) >= 4
            && dates::parse(part, jiff::Timestamp::MAX, dates::DayMonthOrder::DayFirst).is_some()
    };
    let is_signed = |part: &str| byline::starts_like_byline(part) && byline::parse_line(part).is_some();
    parts.len() > 1
        && parts.iter().all(|part| is_dated(part) || is_signed(part) || is_labelled(part))
        && parts.iter().any(|part| is_dated(part) || is_signed(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_detail(text: &str) -> bool {
        let block = TextBlock::new(text.to_owned(), BlockKind::Paragraph, 0.0);
        is_detail_line(text, "ann lee", &["ann", "lee"], &BlockFacts::new(&block))
    }

    #[test]
    fn lines_of_details_are_no_text() {
        for text in [
            "Monday May 6, 2024 10:44 am PST by Ann Lee",
            "Dienstag, 7. Mai 2024, 9:15 Uhr, von Ann Lee",
            "All regions Edited by Ann Lee (with material from agencies)",
            "06/05/2024 - Publicado por: Bo Ray - Categoria: Tempo - Tags: chuva rio ponte vale",
            "6 May 2024 | By Bo Ray | Filed under: Weather, Rivers",
        ] {
            assert!(is_detail(text), "{text}");
        }
        for text in [
            "Ann Lee has lived beside the river since May 6, 1994, and has seen it rise four times",
            "The book that Ann Lee wrote about the valley",
            "Rain - Snow - Wind",
            "Tags: rain - and what it did to us",
        ] {
            assert!(!is_detail(text), "{text}");
        }
    }
}
