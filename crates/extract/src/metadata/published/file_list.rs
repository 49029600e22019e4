//! Lists of files with the day of their last change, as repositories show them above a README: none of these days is that
//! of the text.

use dom_query::NodeRef;
use jiff::Timestamp;

use crate::dom::tree;
use crate::metadata::dates::{self, DayMonthOrder};

/// Least files of a list.
const MIN_FILES: usize = 2;
/// Most steps from the link of a file to its row, and most nodes of a row that are looked at.
const MAX_STEPS: usize = 8;
const MAX_ROW_NODES: usize = 80;
/// Most links that are looked at.
const MAX_LINKS: usize = 400;
/// Names of files and folders that most repositories have, in lower case.
const KNOWN_NAMES: &[&str] = &[
    "license",
    "copying",
    "readme",
    "makefile",
    "dockerfile",
    "contributing",
    "changelog",
    "authors",
    "src",
    "docs",
    "tests",
];
/// Ends of names of files in repositories.
const ENDINGS: &[&str] = &[
    "md", "rst", "org", "adoc", "txt", "toml", "json", "yml", "yaml", "lock", "cfg", "ini", "xml", "mod", "sum", "rs",
    "py", "js", "ts", "tsx", "jsx", "go", "c", "h", "cc", "cpp", "hpp", "java", "kt", "rb", "php", "sh", "hs", "ml",
    "el", "lua", "nix", "swift", "cs", "css", "html", "sql",
];

/// Returns whether a page lists the files of a repository, each in a row with a day.
pub(super) fn is_on_page(body: &NodeRef<'_>) -> bool {
    let links = body.descendants_it().filter(|node| tree::has_name(node, &["a"])).filter(is_file);
    links.take(MAX_LINKS).filter(has_dated_row).take(MIN_FILES).count() == MIN_FILES
}

/// Returns whether a link is named like a file and leads to it. A post on Node.js is no file.
fn is_file(link: &NodeRef<'_>) -> bool {
    let mut name = String::new();
    for (at, node) in link.descendants_it().enumerate() {
        tree::read_text(&node, |text| name.push_str(text.trim().get(..text.trim().len().min(60)).unwrap_or(" x")));
        if at > 8 || name.len() > 60 {
            return false;
        }
    }
    let leads_to_it = link.attr("href").is_some_and(|to| {
        let mut places = to.match_indices(&*name).map(|(at, _)| (&to[..at], &to[at + name.len()..]));
        places.any(|(before, after)| {
            (before.is_empty() || before.ends_with(['/', '=', ':']))
                && (after.is_empty() || after.starts_with(['/', '?', '#', '&', ';']))
        })
    });
    let name = name.to_ascii_lowercase();
    if !leads_to_it || name.is_empty() || name.contains([' ', '/', '@']) {
        return false;
    }
    let is_dotted =
        || name.len() > 3 && name.starts_with('.') && name[1..].bytes().all(|byte| byte.is_ascii_lowercase());
    let has_ending = || name.rsplit_once('.').is_some_and(|(start, end)| !start.is_empty() && ENDINGS.contains(&end));
    KNOWN_NAMES.contains(&&*name) || is_dotted() || has_ending()
}

/// Returns whether a link stands in a row with a day.
fn has_dated_row(link: &NodeRef<'_>) -> bool {
    let is_row = |above: &NodeRef<'_>| {
        tree::has_name(above, &["tr"])
            || above.attr("role").is_some_and(|role| &*role == "row")
            || tree::class_and_id(above).split([' ', '-', '_']).any(|word| matches!(word, "row" | "item"))
    };
    let is_date = |inside: NodeRef<'_>| {
        let is_time = tree::element_name(&inside).is_some_and(|name| name.contains("time"));
        let is_written = |text: &str| {
            text.len() <= 40
                && dates::count_digits(text) >= 5
                && dates::parse(text, Timestamp::MAX, DayMonthOrder::Unknown).is_some()
        };
        is_time || tree::read_text(&inside, is_written).unwrap_or(false)
    };
    let rows = link.ancestors_it(Some(MAX_STEPS)).filter(is_row);
    rows.take(2).any(|row| row.descendants_it().take(MAX_ROW_NODES).any(is_date))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists_files(rows: &[(&str, &str)]) -> bool {
        let row = |(name, to): &(&str, &str)| {
            format!("<tr><td><a href='{to}'>{name}</a></td><td><time>2024-05-06</time></td></tr>")
        };
        let html = format!("<body><table>{}</table></body>", rows.iter().map(row).collect::<String>());
        let page = dom_query::Document::from(html);
        is_on_page(&page.root())
    }

    #[test]
    fn files_are_known_by_their_names_and_by_where_they_lead() {
        assert!(lists_files(&[("README.md", "/quay/meter/blob/main/README.md"), ("src", "/quay/meter/tree/main/src")]));
        assert!(lists_files(&[("meter.c", "?p=meter;f=meter.c;hb=HEAD"), ("gauge.c", "meter/gauge.c?h=main")]));
        assert!(!lists_files(&[("Node.js", "/2024/05/a-year-with-node"), ("Vue.js", "/2024/04/vue-js")]));
        assert!(!lists_files(&[("Node.js", "/tag/node.js"), ("Next.js", "/tag/next.js")]));
    }
}
