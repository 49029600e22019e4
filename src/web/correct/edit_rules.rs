//! `/source/{domain}/rules`: a rule tried out, saved, removed. A GET tries it out and changes nothing; what it would do to the
//! last articles is there to see before anything is saved.

use anyhow::Context as _;
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use extract::{Action, Block, Reason, SelectorScope};
use jiff::Timestamp;
use serde::Deserialize;

use crate::app::App;
use crate::ingest::extraction::ArticlePages;
use crate::ingest::rule_preview::{self, ArticlePreview, Paragraphs, RuleEffect, TextLoss};
use crate::ingest::{self, re_extraction};
use crate::library::Library;
use crate::library::articles::{self, Article};
use crate::library::rules::{self, StoredRule};
use crate::library::sources::{self, Source};
use crate::web::correct::rule_draft::{self, Draft, JustRemoved, Scope};
use crate::web::correct::rule_preview::{articles_of, elsewhere, summary, warnings};
use crate::web::shell::action_notice::{self, Done, Notice, Undo};
use crate::web::shell::dates::Present;
use crate::web::shell::{Error, Layout, Reader, Result};

/// What a part of a page is most often taken out for.
const REASONS: [Reason; 10] = [
    Reason::NotPartOfTheArticle,
    Reason::Advertisement,
    Reason::Promotion,
    Reason::Newsletter,
    Reason::RelatedLinks,
    Reason::Navigation,
    Reason::Comments,
    Reason::ShareButtons,
    Reason::AuthorNote,
    Reason::Legal,
];

/// Paragraphs of a change that are shown.
const SHOWN: usize = 6;

#[derive(Template)]
#[template(path = "preview.html")]
struct PreviewPage {
    layout: Layout,
    source: Source,
    draft: Draft,
    keeps: bool,
    reasons: Vec<Choice>,
    pointers: Vec<Pointed>,
    scopes: Vec<Pointed>,
    problem: Option<String>,
    warnings: Vec<String>,
    rows: Vec<PreviewCounts>,
    summary: String,
    cancel: String,
}

/// A reason to choose.
struct Choice {
    word: String,
    words: String,
    chosen: bool,
}

/// Another way to point at the same block, or another scope.
struct Pointed {
    words: String,
    preview: String,
    chosen: bool,
}

/// What the rule would do to an article.
struct PreviewCounts {
    outcome: ArticlePreview,
    sign: &'static str,
}

pub(crate) async fn preview(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(domain): Path<String>,
    Query(draft): Query<Draft>,
) -> Result<Response> {
    let source = source(&reader.library, &domain).await?;
    show(&app, &reader, PreviewPage::new(layout, source, draft)).await
}

pub(crate) async fn save(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(domain): Path<String>,
    Form(draft): Form<Draft>,
) -> Result<Response> {
    let (library, source) = (&reader.library, source(&reader.library, &domain).await?);
    let at_hand = at_hand(library, &domain, &draft).await?;
    let Ok(new) = draft.new_rule(at_hand.as_ref()) else {
        return show(&app, &reader, PreviewPage::new(layout, source, draft)).await;
    };
    if rules::is_limit_reached(library, &domain, &new).await? {
        let problem = Some(too_many(&source, new.article_id.is_some()));
        let page = PreviewPage { problem, ..PreviewPage::new(layout, source, draft) };
        return show(&app, &reader, page).await;
    }
    let outcomes = rule_preview::preview(library, &domain, at_hand.as_ref(), &new, app.now()).await?;
    let made = rules::save(library, &domain, &new, rule_preview::count_effects(&outcomes), app.now())
        .await?
        .ok_or(Error::NotFound)?;
    apply(&app, library, &domain, (new.article_id, draft.article)).await?;
    Ok(Redirect::to(&match draft.article {
        Some(article) => format!("{}&rule={made}", action_notice::address(article, Some(Done::Ruled))),
        None => format!("/source/{domain}#rules"),
    })
    .into_response())
}

fn too_many(source: &Source, only: bool) -> String {
    let whose = if only { "this article" } else { source.name.as_str() };
    format!("Limit of {} rules for {whose} reached. Delete one first.", rules::MAX_RULES)
}

/// Where to go after a rule is removed: to the article whose reader has just made it, else to the source.
#[derive(Debug, Deserialize)]
pub(crate) struct Removing {
    article: Option<i64>,
}

pub(crate) async fn remove(
    State(app): State<App>,
    reader: Reader,
    Path((domain, rule)): Path<(String, i64)>,
    Form(form): Form<Removing>,
) -> Result<Redirect> {
    let library = &reader.library;
    let removed = rules::delete(library, &domain, rule).await?.ok_or(Error::NotFound)?;
    apply(&app, library, &domain, (removed.article_id, form.article)).await?;
    Ok(Redirect::to(&match form.article {
        Some(article) => action_notice::address(article, Some(Done::Unruled)),
        None => format!("/source/{domain}?{}#rules", JustRemoved::query(&removed)),
    }))
}

/// The only article that is meant at once; else the one at hand and the last ones at once, all others by themselves.
async fn apply(
    app: &App,
    library: &Library,
    domain: &str,
    (only, at_hand): (Option<i64>, Option<i64>),
) -> anyhow::Result<()> {
    let applied = match only {
        Some(article) => re_extraction::re_extract(library, article, app.now()).await.map(drop),
        None => rule_preview::apply_now(library, domain, at_hand, app.now()).await,
    };
    app.wakeups.rules.notify_one();
    app.wakeups.images.notify_one();
    applied.context("applying the rules of a source")
}

/// A source whose pages can have rules.
async fn source(library: &Library, domain: &str) -> Result<Source> {
    let source = sources::find(library, domain).await?.ok_or(Error::NotFound)?;
    if source.domain == ingest::PASTED_DOMAIN { Err(Error::NotFound) } else { Ok(source) }
}

/// The article a rule was made at, if it is one of that source.
async fn at_hand(library: &Library, domain: &str, draft: &Draft) -> sqlx::Result<Option<(i64, String)>> {
    let Some(id) = draft.article else { return Ok(None) };
    let article = articles::find(library, id).await?.filter(|article| article.source_domain == domain);
    Ok(article.map(|article| (article.id, article.title)))
}

/// Tries the rule out, if it is one, and shows what it would do.
async fn show(app: &App, reader: &Reader, mut page: PreviewPage) -> Result<Response> {
    let (library, now) = (&reader.library, app.now());
    let at_hand = at_hand(library, &page.source.domain, &page.draft).await?;
    page.cancel = match &at_hand {
        Some((article, _)) => format!("/article/{article}/blocks"),
        None => format!("/source/{}#rules", page.source.domain),
    };
    match page.draft.new_rule(at_hand.as_ref()) {
        Err(problem) => page.problem = Some(problem),
        Ok(new) => {
            let outcomes = rule_preview::preview(library, &page.source.domain, at_hand.as_ref(), &new, now).await?;
            if let Some((article, _)) = at_hand {
                let blocks = blocks_of(library, article, now).await?.concat();
                page.pointers = pointers(&page.source.domain, &page.draft, &blocks);
                page.scopes = scopes(&page.source, &page.draft);
            }
            page.tell(outcomes);
        }
    }
    let status = if page.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, crate::web::shell::page(&page)?).into_response())
}

/// The blocks of an article's pages as they arrived, by the rules there are; none when they are not kept.
pub(crate) async fn blocks_of(library: &Library, article: i64, now: Timestamp) -> anyhow::Result<Vec<Vec<Block>>> {
    let Some(pages) = ArticlePages::load_for_article(library, article).await? else { return Ok(Vec::new()) };
    let rules = rules::load_for_article(library, article).await?;
    tokio::task::spawn_blocking(move || pages.extract_blocks(&rules, now)).await.context("taking a page apart")
}

/// Whether parts of an article's page can be put back or taken out.
pub(crate) fn is_possible(article: &Article) -> bool {
    article.has_snapshot && !article.state.deleted && article.source_domain != ingest::PASTED_DOMAIN
}

/// What is said above an article after a rule was made there, while that rule stands.
pub(crate) async fn notice(library: &Library, article: &Article, rule: i64) -> sqlx::Result<Option<Notice>> {
    let Some(stored) = rules::find(library, &article.source_domain, rule).await? else { return Ok(None) };
    let what = match stored.rule.action {
        Action::Keep => "Restored",
        Action::Remove(_) => "Removed",
    };
    let place = match stored.article_id {
        Some(_) => "in this article only".to_owned(),
        None => format!("here and in other articles from {}", article.source_name),
    };
    Ok(Some(Notice {
        words: format!("{what} {place}."),
        undo: Some(Undo {
            action: format!("/source/{}/rules/{rule}/remove", stored.domain),
            field: ("article", article.id.to_string()),
            button: "Undo",
        }),
    }))
}

/// The ways to point at the block that the draft points at.
fn pointers(domain: &str, draft: &Draft, blocks: &[Block]) -> Vec<Pointed> {
    let is_meant = |block: &&Block| block.selectors.iter().any(|it| it.selector.to_string() == draft.selector);
    let meant = blocks.iter().flat_map(Block::with_parts).find(is_meant).map_or(&[][..], |block| &block.selectors);
    if meant.len() < 2 {
        return Vec::new();
    }
    let mut boxes = 0;
    let pointed = meant.iter().map(|pointer| {
        let selector = pointer.selector.to_string();
        boxes += usize::from(pointer.scope == SelectorScope::Container);
        Pointed {
            words: match (pointer.scope, pointer.matches) {
                (SelectorScope::Single, _) => "Just this one".to_owned(),
                (SelectorScope::Similar, matches) => format!("All similar parts ({matches} on this page)"),
                (SelectorScope::Container, _) if boxes == 1 => "The whole section".to_owned(),
                (SelectorScope::Container, _) => "The larger section".to_owned(),
            },
            chosen: selector == draft.selector,
            preview: draft.pointing_at(selector).preview(domain),
        }
    });
    pointed.collect()
}

/// What the rule may be for.
fn scopes(source: &Source, draft: &Draft) -> Vec<Pointed> {
    let words = [(Scope::Source, format!("All of {}", source.name)), (Scope::Article, "This article only".into())];
    let pointed = words.map(|(scope, words)| Pointed {
        words,
        chosen: scope == draft.scope,
        preview: Draft { scope, ..draft.clone() }.preview(&source.domain),
    });
    pointed.into()
}

impl PreviewPage {
    fn new(layout: Layout, source: Source, draft: Draft) -> Self {
        let choice = |reason: &Reason| {
            let (word, words) = (rules::reason_code(*reason), reason.label().to_owned());
            Choice { chosen: word == draft.action, words, word }
        };
        Self {
            keeps: draft.action == "keep",
            reasons: REASONS.iter().map(choice).collect(),
            layout,
            source,
            draft,
            problem: None,
            pointers: Vec::new(),
            scopes: Vec::new(),
            warnings: Vec::new(),
            rows: Vec::new(),
            summary: String::new(),
            cancel: String::new(),
        }
    }

    /// What was found out, in words.
    fn tell(&mut self, outcomes: Vec<ArticlePreview>) {
        self.summary = summary(&outcomes, self.is_only());
        self.warnings = warnings(&outcomes, self.is_only());
        if !self.keeps && rule_draft::is_mere_place(&self.draft.selector) {
            self.warnings.extend(elsewhere(&outcomes, self.draft.article));
        }
        let sign = |change: &RuleEffect| match change {
            RuleEffect::Changed { .. } => "changed",
            RuleEffect::Unchanged | RuleEffect::TooLarge => "same",
        };
        self.rows =
            outcomes.into_iter().map(|outcome| PreviewCounts { sign: sign(&outcome.effect), outcome }).collect();
    }

    /// Whether the rule is for one article alone.
    fn is_only(&self) -> bool {
        self.draft.scope == Scope::Article
    }

    /// For the template: the paragraphs that are shown, and how many more there are.
    fn shown<'a>(&self, part: &'a Paragraphs) -> (&'a [String], usize) {
        let shown = part.paragraphs.len().min(SHOWN);
        (&part.paragraphs[..shown], part.paragraphs.len() - shown)
    }
}

/// A rule in the list of its source.
pub(crate) struct Listed {
    pub id: i64,
    pub selector: String,
    /// What it does and why.
    pub words: String,
    /// The only article it is for, with its title.
    pub only: Option<(i64, String)>,
    pub made: String,
    pub tried: String,
}

/// The rules of a source as its page shows them: those for all its pages, then those for single articles, as far as they are listed.
#[derive(Default)]
pub(crate) struct Ruled {
    pub listed: Vec<Listed>,
    /// All there are.
    pub count: usize,
}

impl Ruled {
    pub async fn of(library: &Library, domain: &str, present: &Present) -> sqlx::Result<Self> {
        let own = rules::list_for_domain(library, domain).await?;
        let others = rules::list_article_rules(library, domain).await?;
        let listed = own.into_iter().chain(others).map(|stored| Listed::new(stored, present)).collect();
        Ok(Self { listed, count: rules::count(library, domain).await? })
    }

    /// For the template: how many there are that are not listed.
    pub const fn more(&self) -> usize {
        self.count.saturating_sub(self.listed.len())
    }
}

impl Listed {
    pub fn new(stored: StoredRule, present: &Present) -> Self {
        Self {
            id: stored.id,
            only: stored.article_id.map(|article| (article, stored.article_title.clone().unwrap_or_default())),
            selector: stored.rule.selector.to_string(),
            words: match stored.rule.action {
                Action::Keep => "Restored".into(),
                Action::Remove(reason) => format!("Removed: {}", reason.label()),
            },
            made: present.day(stored.created_at),
            tried: format!("changed {} of {}", stored.articles_changed, articles_of(stored.articles_tried)),
        }
    }
}
