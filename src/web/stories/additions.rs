//! What each article of a story adds, and how many publishers tell it.

use std::collections::HashSet;

use url::Url;

use crate::library::stories::StoryMember;
use crate::urls;

/// Sentences of an article that are shown, and characters of each.
const MAX_SENTENCES: usize = 3;
const MAX_CHARS: usize = 320;

/// What an article adds to those before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Additions {
    /// Its first new sentences.
    pub sentences: Vec<String>,
    /// How many more there are.
    pub more: usize,
}

/// Returns what each member adds, in their order.
pub(super) fn find(members: &[StoryMember]) -> Vec<Additions> {
    let texts: Vec<(Option<&str>, &str)> =
        members.iter().map(|member| (member.language.as_deref(), member.text.as_str())).collect();
    stories::additions(&texts).iter().map(|sentences| shorten(sentences)).collect()
}

fn shorten(sentences: &[&str]) -> Additions {
    let shown = sentences.iter().take(MAX_SENTENCES).map(|sentence| cut(sentence)).collect();
    Additions { sentences: shown, more: sentences.len().saturating_sub(MAX_SENTENCES) }
}

fn cut(sentence: &str) -> String {
    match sentence.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", sentence[..end].trim_end()),
        None => sentence.to_owned(),
    }
}

/// Counts the publishers of a story: sources below one registrable domain are one, and who only repeats the text of another is none.
pub(super) fn count_owners(members: &[StoryMember]) -> usize {
    let originals = members.iter().filter(|member| member.copy_of.is_none());
    originals.map(|member| owner(&member.source_domain)).collect::<HashSet<_>>().len()
}

fn owner(domain: &str) -> String {
    let url = Url::parse(&format!("https://{domain}/")).ok();
    url.as_ref().and_then(urls::registrable_domain).unwrap_or_else(|| domain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: i64, domain: &str, copy_of: Option<i64>) -> StoryMember {
        StoryMember {
            id,
            title: String::new(),
            language: Some("en".to_owned()),
            is_right_to_left: false,
            sorted_at: id,
            is_read: false,
            source_name: domain.to_owned(),
            source_domain: domain.to_owned(),
            text: "The ferry struck rocks. ".repeat(2),
            copy_of,
            words: Vec::new(),
        }
    }

    #[test]
    fn publishers_are_counted_by_their_domain_and_copies_not_at_all() {
        let members = [
            member(1, "harbour.example.com", None),
            member(2, "sport.example.com", None),
            member(3, "coast.example.org", None),
            member(4, "copy.example.net", Some(1)),
        ];
        assert_eq!(count_owners(&members), 2);
    }

    #[test]
    fn of_many_new_sentences_the_first_are_shown() {
        let found = shorten(&["One.", "Two.", "Three.", "Four.", "Five."]);
        assert_eq!((found.sentences.len(), found.more), (3, 2));
        assert_eq!(cut(&"a".repeat(400)).chars().count(), MAX_CHARS + 1);
    }
}
