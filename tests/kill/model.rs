//! What a reader does, and what is saved if the server has acknowledged it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use broadsheet::library::articles::{self, ArticleState};
use broadsheet::library::{Library, imports, rules, tags};
use extract::Action;

use crate::server_process::{HttpResponse, post, upload};

/// The source of all articles: the mock web.
pub const SOURCE: &str = "127.0.0.1";

/// Something a reader does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// Presses a button of an article: star, archive, delete, ….
    Press(i64, &'static str),
    /// Chooses topic and tags of an article, in one form.
    File { article: i64, topic: &'static str, tags: Vec<&'static str> },
    /// Keeps or removes a part of all pages.
    SaveRule { selector: &'static str, action: &'static str },
    /// Extracts an article again.
    ReExtract(i64),
    /// Adds a link, in a file, so that the answer does not wait for the article.
    Import(String),
}

impl Operation {
    /// Submits the form.
    pub fn send(&self, server: SocketAddr) -> std::io::Result<HttpResponse> {
        match self {
            Self::Press(article, action) => post(server, &format!("/article/{article}/action"), &[("action", action)]),
            Self::File { article, topic, tags } => {
                let own = if *topic == "harbours" { "Harbours" } else { "" };
                let form = [("topic", *topic), ("new_topic", own), ("tags", &tags.join(", "))];
                post(server, &format!("/article/{article}/topic-and-tags"), &form)
            }
            Self::SaveRule { selector, action } => {
                let form = [("selector", *selector), ("action", *action), ("scope", "source")];
                post(server, &format!("/source/{SOURCE}/rules"), &form)
            }
            Self::ReExtract(article) => post(server, &format!("/article/{article}/re-extract"), &[]),
            Self::Import(url) => upload(server, "/import", "links.txt", url),
        }
    }
}

/// What is saved of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SavedArticle {
    state: ArticleState,
    topic: String,
    tags: Vec<String>,
}

/// What is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    articles: BTreeMap<i64, SavedArticle>,
    /// Selectors, and whether what they match is kept.
    pub rules: BTreeMap<String, bool>,
    pub links: BTreeSet<String>,
}

impl Model {
    /// Reads what is saved of these articles and of everything else. No link or rule may be there twice.
    pub async fn read(library: &Library, ids: impl IntoIterator<Item = i64>) -> Self {
        let mut articles = BTreeMap::new();
        for id in ids {
            let article = articles::find(library, id).await.unwrap().unwrap();
            let tags = tags::list_for_article(library, id).await.unwrap();
            let tags = tags.into_iter().map(|tag| tag.slug).collect();
            articles.insert(id, SavedArticle { state: article.state, topic: article.topic, tags });
        }
        let all_rules = rules::list_for_domain(library, SOURCE).await.unwrap();
        let all_imports = imports::list(library, i64::MAX, 10_000).await.unwrap();
        let (rule_count, import_count) = (all_rules.len(), all_imports.len());
        let is_keep = |rule: rules::StoredRule| (rule.rule.selector.to_string(), rule.rule.action == Action::Keep);
        let rules: BTreeMap<String, bool> = all_rules.into_iter().map(is_keep).collect();
        let links: BTreeSet<String> = all_imports.into_iter().filter_map(|import| import.url).collect();
        assert_eq!((rules.len(), links.len()), (rule_count, import_count), "something is there twice");
        Self { articles, rules, links }
    }

    /// Does what the server does.
    pub fn apply(&mut self, operation: &Operation) {
        match operation {
            Operation::Press(article, action) => {
                let state = &mut self.articles.get_mut(article).unwrap().state;
                match *action {
                    "read" => state.read = true,
                    "unread" => state.read = false,
                    "star" => state.starred = true,
                    "unstar" => state.starred = false,
                    "archive" => state.archived = true,
                    "unarchive" => state.archived = false,
                    "delete" => state.deleted = true,
                    "restore" => state.deleted = false,
                    other => panic!("{other} is no button"),
                }
            }
            Operation::File { article, topic, tags } => {
                let saved = self.articles.get_mut(article).unwrap();
                saved.topic = (*topic).to_owned();
                saved.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
                saved.tags.sort_unstable();
            }
            Operation::SaveRule { selector, action } => {
                self.rules.insert((*selector).to_owned(), *action == "keep");
            }
            Operation::ReExtract(_) => {}
            Operation::Import(link) => {
                self.links.insert(link.clone());
            }
        }
    }

    /// Asserts that what is saved is this, with or without each of the operations that were sent but not acknowledged.
    pub fn assert_saved(&self, saved: &Self, unacknowledged: &[Operation], context: &str) {
        let possible = (0..1_u32 << unacknowledged.len()).map(|choice| {
            let mut model = self.clone();
            let done = unacknowledged.iter().enumerate().filter(|(at, _)| choice & (1 << at) != 0);
            done.for_each(|(_, operation)| model.apply(operation));
            model
        });
        let is_possible = possible.into_iter().any(|model| model == *saved);
        assert!(is_possible, "{context}: acknowledged {self:#?}\nsent {unacknowledged:?}\nsaved {saved:#?}");
    }
}
