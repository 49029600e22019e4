//! `/keyboard-shortcuts`: lists all shortcuts. `app.js` handles them and shows this list when `?` is pressed.

use askama::Template;
use axum::response::Html;

use crate::library::topics::{self, Topic};
use crate::web::browse::topic_arrangement::NUMBERED;
use crate::web::shell::{Layout, Reader, Result};

/// Keys for one action, or for an action and its opposite.
struct Shortcut {
    keys: &'static [&'static str],
    description: &'static str,
    scope: Scope,
}

/// A key that opens a page, pressed after `g`.
struct PageShortcut {
    key: &'static str,
    description: &'static str,
    url: &'static str,
}

/// Where a shortcut works.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    ListOrArticle,
    List,
    Article,
    Topics,
    AnyPage,
}

const SHORTCUTS: &[Shortcut] = &[
    Shortcut { keys: &["j", "k"], description: "next or previous article", scope: Scope::ListOrArticle },
    Shortcut { keys: &["v"], description: "open the original", scope: Scope::ListOrArticle },
    Shortcut { keys: &["m"], description: "mark read or unread", scope: Scope::ListOrArticle },
    Shortcut { keys: &["s"], description: "star or unstar", scope: Scope::ListOrArticle },
    Shortcut { keys: &["l"], description: "keep, or move back to the stream", scope: Scope::ListOrArticle },
    Shortcut { keys: &["e"], description: "archive", scope: Scope::ListOrArticle },
    Shortcut { keys: &["d"], description: "delete (you can undo it)", scope: Scope::ListOrArticle },
    Shortcut { keys: &["n", "p"], description: "select next or previous", scope: Scope::List },
    Shortcut { keys: &["o"], description: "open the selected article (or press Enter)", scope: Scope::List },
    Shortcut { keys: &["x"], description: "tick the selected article, to change many at once", scope: Scope::List },
    Shortcut { keys: &["u"], description: "mark read and go to the next unread article", scope: Scope::Article },
    Shortcut { keys: &["b"], description: "mark read and go back to the list", scope: Scope::Article },
    Shortcut { keys: &["f"], description: "change text width", scope: Scope::Article },
    Shortcut { keys: &["w"], description: "show what its publisher changed", scope: Scope::Article },
    Shortcut {
        keys: &["1", "2", "3", "4", "5"],
        description: "add the first to fifth suggested tag",
        scope: Scope::Article,
    },
    Shortcut { keys: &["J", "K"], description: "move the topic that has the focus down or up", scope: Scope::Topics },
    Shortcut { keys: &["/"], description: "search", scope: Scope::AnyPage },
    Shortcut { keys: &["?"], description: "show this list", scope: Scope::AnyPage },
];

const PAGE_SHORTCUTS: &[PageShortcut] = &[
    PageShortcut { key: "h", description: "front page", url: "/" },
    PageShortcut { key: "a", description: "articles", url: "/articles" },
    PageShortcut { key: "u", description: "unread", url: "/articles?unread=1" },
    PageShortcut { key: "m", description: "starred (marked)", url: "/articles?starred=1" },
    PageShortcut { key: "t", description: "topics", url: "/topics" },
    PageShortcut { key: "f", description: "feeds", url: "/feeds" },
    PageShortcut { key: "s", description: "sources", url: "/sources" },
    PageShortcut { key: "l", description: "tags", url: "/tags" },
    PageShortcut { key: "i", description: "imports", url: "/imports" },
    PageShortcut { key: "n", description: "add articles", url: "/import" },
];

#[derive(Template)]
#[template(path = "keyboard_shortcuts.html")]
struct ShortcutsPage {
    layout: Layout,
    /// The topics that `g 1` to `g 9` lead to.
    topics: Vec<Topic>,
}

pub(crate) async fn show(reader: Reader, layout: Layout) -> Result<Html<String>> {
    let mut topics = topics::list_shown(&reader.library).await?;
    topics.truncate(NUMBERED);
    crate::web::shell::page(&ShortcutsPage { layout, topics })
}

impl ShortcutsPage {
    /// Returns the shortcuts of each scope below its heading.
    fn groups(&self) -> [(&'static str, impl Iterator<Item = &'static Shortcut>); 5] {
        let headings = [
            (Scope::ListOrArticle, "In a list or an article"),
            (Scope::List, "In a list"),
            (Scope::Article, "In an article"),
            (Scope::Topics, "When you arrange topics"),
            (Scope::AnyPage, "On any page"),
        ];
        headings.map(|(scope, heading)| (heading, SHORTCUTS.iter().filter(move |shortcut| shortcut.scope == scope)))
    }

    const fn pages(&self) -> &'static [PageShortcut] {
        PAGE_SHORTCUTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = include_str!("../../../static/app.js");
    const WELCOME_PAGE: &str = include_str!("../../library/welcome/page.html");

    /// Returns the properties of a JavaScript object that is declared as `const name`: names, and the source of each value.
    fn properties(name: &str) -> Vec<(String, String)> {
        let (_, object) = SCRIPT.split_once(&format!("const {name} = {{")).unwrap();
        let (object, _) = object.split_once("};").unwrap();
        // No value contains a comma.
        let entries = object.split(&[',', '\n']).map(str::trim).filter(|entry| !entry.is_empty());
        let pairs = entries.map(|entry| entry.split_once(": ").unwrap());
        pairs.map(|(key, value)| (key.trim_matches('"').to_owned(), value.trim_matches('"').to_owned())).collect()
    }

    #[test]
    fn the_script_handles_the_listed_shortcuts_and_no_others() {
        let mut handled: Vec<_> = properties("shortcuts").into_iter().map(|(key, _)| key).collect();
        let mut listed: Vec<_> = SHORTCUTS.iter().flat_map(|shortcut| shortcut.keys).copied().collect();
        handled.sort_unstable();
        listed.sort_unstable();
        assert_eq!(handled, listed);
    }

    #[test]
    fn the_script_opens_the_listed_pages() {
        let listed: Vec<_> = PAGE_SHORTCUTS.iter().map(|page| (page.key.to_owned(), page.url.to_owned())).collect();
        assert_eq!(properties("goToPages"), listed);
    }

    #[test]
    fn the_welcome_article_names_listed_shortcuts_only() {
        let named: Vec<_> =
            WELCOME_PAGE.split("<kbd>").skip(1).filter_map(|rest| rest.split("</kbd>").next()).collect();
        assert!(named.len() > 5, "{named:?}");
        for key in named {
            let is_listed = key == "g" || SHORTCUTS.iter().any(|shortcut| shortcut.keys.contains(&key));
            assert!(is_listed, "{key}");
        }
    }
}
