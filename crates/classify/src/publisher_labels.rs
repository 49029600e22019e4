//! Chooses a topic by the publisher's labels: sections, URL and tags.

use url::{Url, form_urlencoded};

use crate::topics::SectionNames;
use crate::{Topic, TopicReason, normalize};

/// Labels that are read. Publishers sometimes list hundreds of tags; the first ones are about the article.
const MAX_LABELS: usize = 30;

/// Returns the topic that most sections stand for; the first one in a tie.
pub(super) fn topic_from_sections(names: SectionNames<'_>, sections: &[String]) -> Option<(Topic, TopicReason)> {
    let found = labels_with_topics(names, sections);
    let most = found.iter().map(|(topic, _)| count_topic(&found, *topic)).max()?;
    let (topic, word) = found.iter().find(|(topic, _)| count_topic(&found, *topic) == most)?;
    Some((*topic, TopicReason::Section { word: shorten(word) }))
}

/// Returns the topic that most tags stand for; `None` in a tie, since tags name everything an article touches.
pub(super) fn topic_from_tags(names: SectionNames<'_>, tags: &[String]) -> Option<(Topic, TopicReason)> {
    let found = labels_with_topics(names, tags);
    let (topic, _) = *found.iter().max_by_key(|(topic, _)| count_topic(&found, *topic))?;
    let most = count_topic(&found, topic);
    let is_tie = found.iter().any(|(other, _)| *other != topic && count_topic(&found, *other) == most);
    let matching = found.iter().filter(|(other, _)| *other == topic).map(|(_, tag)| shorten(tag));
    (!is_tie).then(|| (topic, TopicReason::Tags { tags: matching.take(3).collect() }))
}

/// Returns the topic of the deepest path segment that is a section's name, else of the host. Only whole segments count,
/// so that headlines in URLs don't; the last one only if it is not the article's own name.
pub(super) fn topic_from_url(
    names: SectionNames<'_>,
    url: &Url,
    subdomain: Option<&str>,
    title: &str,
) -> Option<(Topic, TopicReason)> {
    topic_from_path(names, url, title).or_else(|| topic_from_subdomain(names, url, subdomain?))
}

fn topic_from_path(names: SectionNames<'_>, url: &Url, title: &str) -> Option<(Topic, TopicReason)> {
    let segments: Vec<String> = url.path_segments()?.map(decode_segment).collect();
    let (last, folders) = segments.split_last()?;
    let reason = |word: &str| TopicReason::Url { word: format!("/{}/", shorten(word)) };
    if let Some((topic, word)) = topic_from_last_segment(names, last, title) {
        return Some((topic, reason(&word)));
    }
    folders.iter().rev().find_map(|folder| Some((topic_from_segment(names, folder)?, reason(folder))))
}

/// `business-61880859` names a section, and so does `politik.html` unless it is a word of the headline.
fn topic_from_last_segment(names: SectionNames<'_>, last: &str, title: &str) -> Option<(Topic, String)> {
    let name = last.split_once('.').map_or(last, |(name, _)| name);
    let section = name.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '-');
    let is_numbered = section.len() < name.len();
    let is_title_word = !is_numbered && normalize::folded_words(title).any(|word| word == normalize::slugify(name));
    Some((topic_from_segment(names, section).filter(|_| !is_title_word)?, section.to_owned()))
}

/// Reads subdomains: `sport.example.org`. The registrable domain is a name, not a section.
fn topic_from_subdomain(names: SectionNames<'_>, url: &Url, subdomain: &str) -> Option<(Topic, TopicReason)> {
    let topic = subdomain.split('.').find_map(|part| topic_from_segment(names, part))?;
    Some((topic, TopicReason::Url { word: shorten(url.host_str()?) }))
}

/// Section names that mean something technical in a URL: `/it/` is an Italian edition.
const TECHNICAL_SEGMENTS: &[&str] = &["home", "it", "web", "mobile", "media", "stage", "apps", "cloud"];

fn topic_from_segment(names: SectionNames<'_>, segment: &str) -> Option<Topic> {
    let slug = normalize::slugify(segment);
    if TECHNICAL_SEGMENTS.contains(&slug.as_str()) {
        return None;
    }
    names.find(&slug).or_else(|| topic_if_every_word_is_known(names, &slug))
}

/// Decodes the escapes of a segment. The rules of forms fit except for `+`, `&` and `=`, which separate words either
/// way.
fn decode_segment(segment: &str) -> String {
    let pieces = form_urlencoded::parse(segment.as_bytes());
    pieces.flat_map(|(name, value)| [name, value]).collect::<Vec<_>>().join(" ").trim().to_owned()
}

fn labels_with_topics<'a>(names: SectionNames<'_>, labels: &'a [String]) -> Vec<(Topic, &'a str)> {
    labels.iter().take(MAX_LABELS).filter_map(|label| Some((topic_from_label(names, label)?, label.as_str()))).collect()
}

fn count_topic(found: &[(Topic, &str)], topic: Topic) -> usize {
    found.iter().filter(|(other, _)| *other == topic).count()
}

/// Returns the topic of a section or tag. Of a trail (`News > Sport > Football`) the deepest known part counts.
fn topic_from_label(names: SectionNames<'_>, label: &str) -> Option<Topic> {
    let find_exact = |part: &str| names.find(&normalize::slugify(part));
    let steps = label.rsplit(['>', '/', '|', ':', ';', ',', '»', '›', '→']);
    find_exact(label)
        .filter(|_| normalize::slugify(label) != "home")
        .or_else(|| steps.take(10).find_map(|step| topic_from_trail_part(names, step)))
}

fn topic_from_trail_part(names: SectionNames<'_>, step: &str) -> Option<Topic> {
    let slug = normalize::slugify(step);
    if slug == "home" {
        return None;
    }
    names
        .find(&slug)
        .or_else(|| topic_if_every_word_is_known(names, &slug))
        .or_else(|| topic_from_last_word(names, &slug))
}

/// Words in section names that say nothing about the topic.
const FILLER_WORDS: &[&str] = &[
    "a",
    "actualite",
    "actualites",
    "aktuell",
    "all",
    "amp",
    "and",
    "blog",
    "das",
    "de",
    "der",
    "die",
    "e",
    "en",
    "et",
    "global",
    "i",
    "im",
    "in",
    "international",
    "la",
    "latest",
    "le",
    "les",
    "local",
    "nachrichten",
    "national",
    "new",
    "news",
    "noticias",
    "notizie",
    "of",
    "our",
    "the",
    "top",
    "und",
    "world",
    "y",
];

/// `science-environment`, `local-sport`: all words are known, and the first section counts.
fn topic_if_every_word_is_known(names: SectionNames<'_>, slug: &str) -> Option<Topic> {
    let words = || slug.split('-').filter(|word| !FILLER_WORDS.contains(word));
    if slug.len() > 60 || !words().all(|word| names.find(word).is_some()) {
        return None;
    }
    words().find_map(|word| names.find(word))
}

/// `german-politics`, `women-s-football`: the last word names the topic.
fn topic_from_last_word(names: SectionNames<'_>, slug: &str) -> Option<Topic> {
    let words: Vec<&str> = slug.split('-').filter(|word| word.len() > 1).collect();
    match words.as_slice() {
        [_, kind] if kind.len() > 4 => names.find(kind),
        _ => None,
    }
}

/// Shortens a publisher's label for display, on one line.
fn shorten(word: &str) -> String {
    let line = word.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: SectionNames<'_> = SectionNames { language: None };

    fn sections(names: &[&str]) -> Option<Topic> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        topic_from_sections(ANY, &names).map(|(topic, _)| topic)
    }

    fn tags(names: &[&str]) -> Option<Topic> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        topic_from_tags(ANY, &names).map(|(topic, _)| topic)
    }

    #[test]
    fn topic_is_chosen_by_section() {
        for (names, expected) in [
            (&["Politique"][..], Some(Topic::Politics)),
            (&["News", "Wirtschaft"], Some(Topic::Business)),
            (&["News > Sport > Football"], Some(Topic::Sport)),
            (&["Home", "News", "Science & Environment"], Some(Topic::Science)),
            (&["World/Health"], Some(Topic::Health)),
            (&["German politics"], Some(Topic::Politics)),
            (&["Women’s football"], Some(Topic::Sport)),
            (&["Culture", "Crime", "Police"], Some(Topic::Crime)),
            (&["Culture", "Crime"], Some(Topic::Culture)),
            (&["Home"], None),
            (&["News", "World"], None),
            (&["Home > Latest"], None),
            (&["", "—"], None),
            (&[], None),
        ] {
            assert_eq!(sections(names), expected, "{names:?}");
        }
    }

    #[test]
    fn tags_choose_a_topic_only_without_a_tie() {
        assert_eq!(tags(&["Ambry", "Football", "Tennis", "Money"]), Some(Topic::Sport));
        assert_eq!(tags(&["Football", "Money"]), None);
        assert_eq!(tags(&["Ambry"]), None);
    }

    #[test]
    fn topic_is_chosen_by_the_deepest_section_in_the_url() {
        for (url_text, title, expected) in [
            ("https://example.org/world/politics/a-bridge", "A bridge", Some(Topic::Politics)),
            ("https://example.org/news/business-61880859", "A bridge", Some(Topic::Business)),
            ("https://example.org/news/entertainment-arts-618", "A bridge", Some(Topic::Culture)),
            ("https://example.org/politics/football/a", "A", Some(Topic::Sport)),
            ("https://politics.example.org/2026/a-bridge", "A bridge", Some(Topic::Politics)),
            ("https://politics.example.org/sport/a", "A", Some(Topic::Sport)),
            ("https://example.org/wirtschaft.html?id=3", "A bridge", Some(Topic::Business)),
            ("https://example.org/medio%20ambiente/a", "A", Some(Topic::Environment)),
            ("https://example.org/2026/music", "Music for a bridge", None),
            ("https://example.org/war-and-sport-on-a-bridge", "War and sport on a bridge", None),
            ("https://example.org/sport-on-a-bridge/", "", None),
            ("https://example.org/it/articolo", "Articolo", None),
            ("https://web.example.org/a", "A", None),
            ("https://football.com/a", "A", None),
            ("https://example.org/", "", None),
            ("http://127.0.0.1/a", "A", None),
            ("mailto:mara@example.org", "", None),
        ] {
            let url = Url::parse(url_text).unwrap();
            let subdomain = url.domain().and_then(|host| host.strip_suffix(".example.org"));
            let found = topic_from_url(ANY, &url, subdomain, title).map(|(topic, _)| topic);
            assert_eq!(found, expected, "{url_text}");
        }
    }

    #[test]
    fn reason_quotes_the_publishers_label() {
        let url = Url::parse("https://example.org/Sport/a").unwrap();
        let (_, reason) = topic_from_url(ANY, &url, None, "A").unwrap();
        assert_eq!(reason, TopicReason::Url { word: "/Sport/".to_owned() });
        let long = format!("Sport{}", "  ".repeat(5_000));
        let (_, reason) = topic_from_sections(ANY, &[long]).unwrap();
        assert_eq!(reason, TopicReason::Section { word: "Sport".to_owned() });
        let (_, reason) = topic_from_sections(ANY, &[format!("Sport/{}", "x".repeat(500))]).unwrap();
        assert!(matches!(reason, TopicReason::Section { word } if word.chars().count() == 61));
    }
}
