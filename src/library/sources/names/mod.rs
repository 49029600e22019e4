//! The names that sources give themselves. Pages may be wrong about it, so they are counted, and the most frequent one wins.

mod store;

pub(super) use store::{count, find_best, list, move_to};

/// A name that pages of a host gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HostName {
    pub host: String,
    pub name: String,
}

/// Subdomains that are the same publication in another form.
const FORMS: &[&str] =
    &["m", "mobile", "amp", "mobil", "touch", "wap", "web", "edition", "beta", "old", "new", "cdn", "rss"];

/// Words that many names begin with.
const ARTICLES: &[&str] = &[
    "the", "a", "der", "die", "das", "le", "la", "les", "el", "los", "las", "il", "lo", "de", "het", "o", "os", "den",
];

/// Returns whether a host is a publication of its own within its domain: its name has nothing in common with those that
/// other hosts of the domain gave, nor with the domain. `The Harbour Post Sport` belongs to `The Harbour Post`; two
/// newsletters of a service belong to nobody but themselves.
pub(super) fn is_other_publication(host: &str, name: &str, domain: &str, known: &[HostName]) -> bool {
    let form = host.strip_suffix(domain).and_then(|rest| rest.strip_suffix('.')).unwrap_or_default();
    if form.is_empty() || FORMS.contains(&form) || known.is_empty() {
        return false;
    }
    let brand = domain.split('.').next().unwrap_or_default();
    let name = words(name);
    let mentions_brand = brand.chars().count() > 1 && name.concat().contains(brand);
    let is_related = |other: &HostName| {
        let other_words = words(&other.name);
        other.host == host || first_word(&name) == first_word(&other_words) || name.concat() == other_words.concat()
    };
    !mentions_brand && !known.iter().any(is_related)
}

fn words(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn first_word(words: &[String]) -> Option<&String> {
    words.iter().find(|word| !ARTICLES.contains(&word.as_str())).or_else(|| words.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_with_an_unrelated_name_is_another_publication() {
        let known = [HostName { host: "ada.letters.example".into(), name: "Ada’s Garden".into() }];
        let post = [HostName { host: "post.example".into(), name: "The Harbour Post".into() }];
        for (host, name, domain, known, expected) in [
            ("ben.letters.example", "Ben’s Kitchen", "letters.example", &known[..], true),
            ("ada.letters.example", "Notes from the Shed", "letters.example", &known, false),
            ("ben.letters.example", "Letters by Ben", "letters.example", &known, false),
            ("letters.example", "Anything Else", "letters.example", &known, false),
            ("m.letters.example", "Anything Else", "letters.example", &known, false),
            ("ben.letters.example", "Ben’s Kitchen", "letters.example", &[], false),
            ("sport.post.example", "Harbour Post Sport", "post.example", &post, false),
            ("jobs.post.example", "PostJobs", "post.example", &post, false),
            ("kitchen.post.example", "Tide Table", "post.example", &post, true),
        ] {
            assert_eq!(is_other_publication(host, name, domain, known), expected, "{host}: {name}");
        }
    }
}
