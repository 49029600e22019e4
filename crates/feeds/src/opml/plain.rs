//! Lists of addresses, one a line, with a name before or behind it.

use url::Url;

use super::builder::{Builder, TOP, feed_address};
use super::report::Outcome;
use super::{Import, ListedFeed, MAX_OUTLINES, Settings};
use crate::html::text::single_spaced;

/// Reads the addresses of a text.
pub(super) fn read(text: &str, may_fetch: &dyn Fn(&Url) -> bool) -> Import {
    let mut builder = Builder::default();
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    for (position, content) in lines.filter(|(_, content)| !content.trim().is_empty()) {
        let line = position + 1;
        if builder.report.len() >= MAX_OUTLINES {
            builder.say(line, "", Outcome::Truncated);
            break;
        }
        let shown: String = content.trim().chars().take(200).collect();
        let outcome = read_line(content, may_fetch, &mut builder);
        builder.say(line, shown, outcome);
    }
    Import { list: builder.list, report: builder.report }
}

fn read_line(content: &str, may_fetch: &dyn Fn(&Url) -> bool, builder: &mut Builder) -> Outcome {
    if content.trim_start().starts_with(['#', ';']) || content.trim_start().starts_with("//") {
        return Outcome::Comment;
    }
    let is_link = |word: &&str| word.contains("://") || word.starts_with("feed:");
    let Some(word) = content.split_whitespace().find(is_link) else { return Outcome::NoLink };
    let link = word.trim_matches(['<', '>', '"', '\'', ',', ';', '(', ')']);
    let Some(url) = feed_address(link) else { return Outcome::UnusableAddress };
    if !may_fetch(&url) {
        return Outcome::ForbiddenAddress;
    }
    let other_words = content.split_whitespace().filter(|other| *other != word).collect::<Vec<_>>().join(" ");
    let name = single_spaced(other_words.trim_matches(['-', ':', '|', ' ', ',', '"']));
    let name = name.or_else(|| url.host_str().map(str::to_owned)).unwrap_or_default();
    builder.add(TOP, ListedFeed { url, name, site_link: None, settings: Settings::default() })
}
