//! Cleans the keywords of a publisher: what remains can be offered to a reader as tags.

/// Words of a keyword; with more, it is a headline.
const MAX_WORDS: usize = 5;

/// Characters of a keyword; with more, it is a sentence.
const MAX_CHARS: usize = 50;

/// Letters that a name may have before its number, as in MH370, covid19 or web3. Longer ones are names of machines.
const MAX_LETTERS_BEFORE_NUMBER: usize = 5;

/// Keywords that say what a page is, not what it is about.
const PAGE_WORDS: &[&str] = &[
    "article",
    "articles",
    "article page",
    "blog",
    "breaking",
    "breaking news",
    "content",
    "default",
    "featured",
    "frontpage",
    "front page",
    "general",
    "home",
    "homepage",
    "index",
    "latest",
    "latest news",
    "misc",
    "news",
    "none",
    "other",
    "page",
    "post",
    "posts",
    "premium",
    "standard",
    "stories",
    "story",
    "top",
    "top news",
    "top stories",
    "uncategorised",
    "uncategorized",
    "unknown",
    "untitled",
    "web",
];

/// Returns the keywords that name what an article is about, in order. Dropped are those that machines wrote for machines (ids,
/// names of templates), that describe the page, that repeat the headline, and pieces of one that was split.
#[must_use]
pub fn clean_keywords(keywords: &[String], title: &str) -> Vec<String> {
    let title = letters_of(title);
    let is_good = |keyword: &&String| {
        !is_headline(keyword, &title)
            && !is_piece(keyword)
            && !keyword.split_whitespace().any(is_machine_word)
            && !PAGE_WORDS.contains(&keyword.to_lowercase().trim())
    };
    keywords.iter().filter(is_good).map(|keyword| keyword.trim().to_owned()).collect()
}

/// Returns whether a keyword is a headline: that of this article, or a sentence.
fn is_headline(keyword: &str, title: &str) -> bool {
    let words = keyword.split_whitespace().count();
    words > MAX_WORDS
        || keyword.chars().count() > MAX_CHARS
        || keyword.ends_with(['?', '!', '…', ':'])
        || (words > 2 && letters_of(keyword) == title)
}

/// Returns whether a keyword was cut out of a longer one: a bracket or quotation mark is open.
fn is_piece(keyword: &str) -> bool {
    let count = |letter: char| keyword.matches(letter).count();
    let is_unpaired = |(open, close): (char, char)| count(open) != count(close);
    [('(', ')'), ('[', ']'), ('{', '}'), ('“', '”'), ('«', '»')].into_iter().any(is_unpaired) || count('"') % 2 == 1
}

/// Returns whether a word was made by or for a machine: `serverside7`, `ece_frontpage`, `tt0111161`, `contentTypeArticle`.
fn is_machine_word(word: &str) -> bool {
    let count = |is_kind: fn(&char) -> bool| word.chars().filter(is_kind).count();
    let digits = count(char::is_ascii_digit);
    let has_code_sign = word.contains(['_', '=', '{', '}', '<', '>', '/', '\\', '~', '^']) || word.contains("--");
    let is_mostly_number = digits >= 5 && digits * 2 >= count(|letter| letter.is_alphanumeric());
    let is_slug = word.matches('-').count() >= 3 && word.chars().all(|letter| !letter.is_uppercase());
    has_code_sign || is_mostly_number || is_slug || is_numbered_name(word) || is_camel_case(word)
}

/// Returns whether a long name in lower case has a number at its end that is no year.
fn is_numbered_name(word: &str) -> bool {
    let name = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number = &word[name.len()..];
    let is_year = number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
    !number.is_empty()
        && !is_year
        && name.chars().count() > MAX_LETTERS_BEFORE_NUMBER
        && name.chars().all(char::is_lowercase)
}

/// Returns whether a word begins in lower case and goes on with two capitals or more, as names in programs do.
fn is_camel_case(word: &str) -> bool {
    let capitals =
        word.chars().zip(word.chars().skip(1)).filter(|(one, next)| one.is_lowercase() && next.is_uppercase());
    word.starts_with(char::is_lowercase) && capitals.count() >= 2
}

fn letters_of(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(keywords: &[&str]) -> Vec<String> {
        let keywords: Vec<String> = keywords.iter().map(|&keyword| keyword.to_owned()).collect();
        clean_keywords(&keywords, "Ferries will run all night from May")
    }

    #[test]
    fn names_and_subjects_stay() {
        let good = [
            "Ferries",
            "G20",
            "COVID-19",
            "covid19",
            "5G",
            "MH370",
            "euro2024",
            "worldcup2026",
            "YouTube",
            "iPhone 15",
            "C++",
            "climate-change",
            "Washington, D.C.",
            "Prices (Fares)",
            "Formula 1",
            "F1",
            "Київ",
            "東京",
            "el Niño",
            "B2B",
            "Ferries from May",
            "Boeing 737",
            "war in Sudan",
            "iOS",
        ];
        assert_eq!(clean(&good), good);
    }

    #[test]
    fn words_of_machines_headlines_and_pieces_go() {
        for bad in [
            "clientside3",
            "renderer12",
            "sec_homepage",
            "tt0111161",
            "id-20260412",
            "contentTypeArticle",
            "news-uk-front-page",
            "Fares (Buses",
            "Trains)",
            "“Night",
            "Ferries will run all night from May",
            "What will happen to the night trams now?",
            "Who runs them?",
            "News",
            "Homepage",
            "uncategorized",
            "{{category}}",
            "a=b",
        ] {
            assert_eq!(clean(&[bad]), [""; 0], "{bad}");
        }
    }
}
