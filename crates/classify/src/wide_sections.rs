//! Sections that say where a newspaper files an article and not what it is about: World, Local and Opinion. Readers can have
//! them as topics; a section that names a topic is more particular.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{TopicReason, normalize};

/// Labels that are read, as of those that name a topic.
const MAX_LABELS: usize = 30;

/// A wide section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WideSection {
    /// News from abroad.
    World,
    /// News from around the corner.
    Local,
    /// What somebody thinks.
    Opinion,
}

impl WideSection {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::World, Self::Local, Self::Opinion];

    /// Returns its name in forms and in the database.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::World => "world",
            Self::Local => "local",
            Self::Opinion => "opinion",
        }
    }

    /// Returns its name for readers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::World => "World",
            Self::Local => "Local",
            Self::Opinion => "Opinion",
        }
    }

    /// Returns the section with this [`slug`](Self::slug).
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.slug() == slug)
    }
}

/// A wide section, and which of the publisher's words says so. Stored as JSON, so the names must not change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionChoice {
    /// The section.
    pub section: WideSection,
    /// The publisher's section, or a part of the URL.
    pub reason: TopicReason,
}

/// Finds the wide section of an article: of the publisher's sections the first that is one, else of the folders in the URL
/// the deepest, else of the host. `subdomain` is what stands before the registrable domain.
pub fn choose(sections: &[String], url: Option<&Url>, subdomain: Option<&str>) -> Option<SectionChoice> {
    let by_label = sections.iter().take(MAX_LABELS).find_map(|label| {
        let reason = TopicReason::Section { word: shorten(label) };
        Some(SectionChoice { section: find_in_label(label)?, reason })
    });
    by_label.or_else(|| choose_by_url(url?, subdomain))
}

fn choose_by_url(url: &Url, subdomain: Option<&str>) -> Option<SectionChoice> {
    let segments: Vec<String> = url.path_segments()?.map(decode).collect();
    let (last, folders) = segments.split_last()?;
    // `world-europe-61880859` names a section. Without a number, the last segment is the article's own name.
    let numbered = last.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '-');
    let numbered = (numbered.len() < last.len()).then_some(numbered);
    let by_path = numbered.into_iter().chain(folders.iter().rev().map(String::as_str)).find_map(|segment| {
        let reason = TopicReason::Url { word: format!("/{}/", shorten(segment)) };
        Some(SectionChoice { section: find(segment)?, reason })
    });
    by_path.or_else(|| {
        let section = subdomain?.split('.').find_map(find)?;
        Some(SectionChoice { section, reason: TopicReason::Url { word: url.host_str()?.to_owned() } })
    })
}

/// Finds the section of a label. Of a trail (`News > World > Europe`) the deepest known part counts.
fn find_in_label(label: &str) -> Option<WideSection> {
    let steps = label.rsplit(['>', '/', '|', ':', ';', ',', '»', '›', '→']);
    find(label).or_else(|| steps.take(10).find_map(find))
}

fn find(name: &str) -> Option<WideSection> {
    SECTIONS.get(normalize::slugify(name).as_str()).copied()
}

/// Decodes the escapes of a segment.
fn decode(segment: &str) -> String {
    let pieces = url::form_urlencoded::parse(segment.as_bytes());
    pieces.flat_map(|(name, value)| [name, value]).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// Shortens a publisher's label for display, on one line.
fn shorten(word: &str) -> String {
    word.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect()
}

/// `wide_sections.tsv`: a header, then language, section and words, separated by commas.
static SECTIONS: LazyLock<HashMap<String, WideSection>> = LazyLock::new(|| {
    let words = lines().flat_map(|(_, section, words)| words.map(move |word| (normalize::slugify(word), section)));
    words.collect()
});

/// Returns language, section and words of each line that names a section.
fn lines() -> impl Iterator<Item = (&'static str, WideSection, impl Iterator<Item = &'static str>)> {
    include_str!("wide_sections.tsv").lines().skip(1).filter_map(|line| {
        let (language, rest) = line.split_once('\t')?;
        let (section, words) = rest.split_once('\t')?;
        Some((language, WideSection::from_slug(section)?, words.split(',').map(str::trim)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_sections(names: &[&str]) -> Option<WideSection> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        choose(&names, None, None).map(|choice| choice.section)
    }

    #[test]
    fn the_publishers_section_says_world_local_or_opinion_in_every_language() {
        for (names, expected) in [
            (&["World"][..], Some(WideSection::World)),
            (&["News > World > Europe"], Some(WideSection::World)),
            (&["Home", "Local News"], Some(WideSection::Local)),
            (&["Op-Ed"], Some(WideSection::Opinion)),
            (&["Meinung"], Some(WideSection::Opinion)),
            (&["Éditoriaux"], Some(WideSection::Opinion)),
            (&["MUNDO"], Some(WideSection::World)),
            (&["Kimataifa"], Some(WideSection::World)),
            (&["国际"], Some(WideSection::World)),
            (&["社説"], Some(WideSection::Opinion)),
            (&["संपादकीय"], Some(WideSection::Opinion)),
            (&["محليات"], Some(WideSection::Local)),
            (&["World Cup"], None),
            (&["Politics"], None),
            (&["", "News"], None),
            (&[], None),
        ] {
            assert_eq!(by_sections(names), expected, "{names:?}");
        }
    }

    #[test]
    fn folders_of_the_url_count_and_the_articles_own_name_does_not() {
        for (url, expected) in [
            ("https://example.org/world/2026/a-bridge", Some(WideSection::World)),
            ("https://example.org/news/world-europe-61880859", Some(WideSection::World)),
            ("https://example.org/opinion/world/a-bridge", Some(WideSection::World)),
            ("https://example.org/opini%C3%B3n/un-puente", Some(WideSection::Opinion)),
            ("https://lokales.example.org/a-bridge", Some(WideSection::Local)),
            ("https://example.org/news/opinion", None),
            ("https://example.org/world-cup-2026/a-goal", None),
            ("https://example.org/a-local-bridge", None),
            ("https://world.org/a", None),
            ("mailto:mara@example.org", None),
        ] {
            let parsed = Url::parse(url).unwrap();
            let subdomain = parsed.domain().and_then(|host| host.strip_suffix(".example.org"));
            let found = choose(&[], Some(&parsed), subdomain).map(|choice| choice.section);
            assert_eq!(found, expected, "{url}");
        }
    }

    #[test]
    fn a_choice_names_the_publishers_word_and_survives_serialization() {
        let url = Url::parse("https://example.org/World/a").unwrap();
        let by_url = choose(&["News".to_owned()], Some(&url), None).unwrap();
        assert_eq!(by_url.reason, TopicReason::Url { word: "/World/".to_owned() });
        let by_section = choose(&["World  news".to_owned()], Some(&url), None).unwrap();
        assert_eq!(by_section.reason, TopicReason::Section { word: "World news".to_owned() });
        let stored = serde_json::to_string(&by_section).unwrap();
        assert_eq!(stored, r#"{"section":"world","reason":{"by":"section","word":"World news"}}"#);
        assert_eq!(serde_json::from_str::<SectionChoice>(&stored).unwrap(), by_section);
    }

    #[test]
    fn every_line_is_read_and_no_word_has_two_meanings() {
        let table = include_str!("wide_sections.tsv");
        assert_eq!(lines().count(), table.lines().count() - 1);
        let mut seen: HashMap<String, WideSection> = HashMap::new();
        let mut languages: HashMap<&str, Vec<WideSection>> = HashMap::new();
        for (language, section, words) in lines() {
            languages.entry(language).or_default().push(section);
            for word in words {
                let slug = normalize::slugify(word);
                assert!(!slug.is_empty(), "{language}: {word}");
                assert_eq!(*seen.entry(slug).or_insert(section), section, "{language}: {word}");
                assert_eq!(
                    crate::topics::SectionNames { language: None }.find(&normalize::slugify(word)),
                    None,
                    "{word} names a topic"
                );
            }
        }
        // One line for each section in each language that has a vocabulary.
        let vocabularies = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/words")).unwrap();
        let mut expected: Vec<String> = vocabularies
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".tsv").map(str::to_owned))
            .filter(|language| language.len() == 2)
            .collect();
        let mut found: Vec<&str> = languages.keys().copied().collect();
        expected.sort();
        found.sort_unstable();
        assert_eq!(found, expected);
        assert!(languages.values().all(|sections| *sections == WideSection::ALL), "{languages:?}");
    }
}
