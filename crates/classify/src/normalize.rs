//! Normalizes text for lookups: lower case, without accents, split into words.

pub(super) use words::{fold, spans as word_spans};

/// Returns the folded name with every run of other characters replaced by one `-`, none at the ends.
pub(super) fn slugify(name: &str) -> String {
    let folded = fold(name);
    word_spans(&folded).map(|(_, word)| word).collect::<Vec<_>>().join("-")
}

/// Returns the folded words of `text`, in order.
pub(super) fn folded_words(text: &str) -> impl Iterator<Item = String> {
    word_spans(text).map(|(_, word)| fold(word)).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_drop_case_accents_and_punctuation() {
        for (name, expected) in [
            ("Arts & Culture", "arts-culture"),
            ("  Économie ", "economie"),
            ("Fußball", "fussball"),
            ("SANTÉ / Bien-être", "sante-bien-etre"),
            ("Piłka Nożna", "pilka-nozna"),
            ("e\u{301}te\u{301}", "ete"),
            ("Политика", "политика"),
            ("Şiyaset İç", "siyaset-ic"),
            ("—", ""),
        ] {
            assert_eq!(slugify(name), expected, "{name}");
        }
    }

    #[test]
    fn words_are_split_at_non_alphanumeric_characters() {
        let found: Vec<String> = folded_words("The U.S. Senate’s “vote”: 51–49, ещё").collect();
        assert_eq!(found, ["the", "u", "s", "senate", "s", "vote", "51", "49", "еще"]);
    }
}
