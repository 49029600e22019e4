//! The reasons for topics as filters of a list, in words for readers.

/// Returns the name of the filter; `None` if there is no such reason. See [`classify::TopicReason::key`].
pub(crate) fn describe(key: &str) -> Option<String> {
    let (by, word) = key.split_once(' ').unwrap_or((key, ""));
    let described = match (by, word) {
        ("section", word) if !word.is_empty() => return Some(format!("Section “{word}”")),
        ("url", word) if !word.is_empty() => return Some(format!("Link with {word}")),
        ("rule", source) if !source.is_empty() => return Some(format!("Your rule for {source}")),
        ("tags", "") => "Publisher’s tags",
        ("words", "") => "Words of the text",
        ("moved", "") => "Like what you moved there",
        ("publishers", "") => "Like what publishers filed there",
        ("reader", "") => "Your choice",
        ("unsure", "") => "Undecided",
        _ => return None,
    };
    Some(described.to_owned())
}

#[cfg(test)]
mod tests {
    use classify::TopicReason;

    use super::*;

    #[test]
    fn every_reason_is_a_filter() {
        let word = || "Sea & sky".to_owned();
        for (reason, expected) in [
            (TopicReason::Section { word: word() }, "Section “Sea & sky”"),
            (TopicReason::Url { word: "/sea/".to_owned() }, "Link with /sea/"),
            (TopicReason::Tags { tags: vec![word()] }, "Publisher’s tags"),
            (TopicReason::Words { words: vec![] }, "Words of the text"),
            (TopicReason::Moved { articles: 2, words: vec![], own: None }, "Like what you moved there"),
            (TopicReason::Publishers { words: vec![] }, "Like what publishers filed there"),
            (TopicReason::Rule { source: word(), section: None, own: None }, "Your rule for Sea & sky"),
            (TopicReason::Unsure { between: vec![] }, "Undecided"),
            (TopicReason::Reader, "Your choice"),
        ] {
            assert_eq!(describe(&reason.key()).as_deref(), Some(expected));
        }
        for unknown in ["", "section", "reader x", "<script>"] {
            assert_eq!(describe(unknown), None, "{unknown}");
        }
    }
}
