//! `/source/{domain}/rules`: previews, saves and deletes rules. The preview (GET) shows the effect on recent articles
//! and changes nothing.

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
use crate::ingest;
use crate::ingest::article_rules::{self, Confirmation, SaveOutcome};
use crate::ingest::extraction::ArticlePages;
use crate::ingest::extractor::run_for_reader;
use crate::ingest::rule_preview::{self, ArticlePreview, Paragraphs, RuleEffect, TextLoss};
use crate::library::Library;
use crate::library::articles::{self, Article};
use crate::library::rules::{self, StoredRule};
use crate::library::sources::{self, Source};
use crate::storage::disk_full;
use crate::web::correct::rule_draft::{self, DeletedRule, RuleDraft, Scope};
use crate::web::correct::rule_preview::{collect_warnings, count_articles, summarize, warn_about_others};
use crate::web::shell::action_notice::ActionResult;
use crate::web::shell::dates::LocalClock;
use crate::web::shell::origin::Origin;
use crate::web::shell::{Error, Layout, Reader, Result};

/// The usual reasons for removing a part.
const COMMON_REASONS: [Reason; 10] = [
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

/// Paragraphs shown per change.
const MAX_PARAGRAPHS: usize = 6;

#[derive(Template)]
#[template(path = "rule_preview.html")]
struct PreviewPage {
    layout: Layout,
    source: Source,
    draft: RuleDraft,
    /// The list that the article was opened from.
    origin: Origin,
    restores: bool,
    reasons: Vec<ReasonOption>,
    selector_links: Vec<PreviewLink>,
    scope_links: Vec<PreviewLink>,
    problem: Option<String>,
    warnings: Vec<String>,
    rows: Vec<PreviewRow>,
    summary: String,
    cancel_url: String,
}

/// A reason to choose from.
struct ReasonOption {
    value: String,
    label: String,
    selected: bool,
}

/// A link to the preview of another selector or scope.
struct PreviewLink {
    label: String,
    url: String,
    selected: bool,
}

/// The effect of a rule on one article.
struct PreviewRow {
    outcome: ArticlePreview,
    class: &'static str,
}

pub(crate) async fn preview(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(domain): Path<String>,
    Query(draft): Query<RuleDraft>,
) -> Result<Response> {
    let source = find_source(&reader.library, &domain).await?;
    show_preview(&app, &reader, PreviewPage::new(layout, source, draft)).await
}

pub(crate) async fn save(
    State(app): State<App>,
    reader: Reader,
    layout: Layout,
    Path(domain): Path<String>,
    Form(draft): Form<RuleDraft>,
) -> Result<Response> {
    let (library, source) = (&reader.library, find_source(&reader.library, &domain).await?);
    let article = draft_article(library, &domain, &draft).await?;
    let Ok(new) = draft.parse(article.as_ref()) else {
        return show_preview(&app, &reader, PreviewPage::new(layout, source, draft)).await;
    };
    if rules::is_limit_reached(library, &domain, &new).await? {
        let problem = Some(limit_reached(&source, new.article_id.is_some()));
        let page = PreviewPage { problem, ..PreviewPage::new(layout, source, draft) };
        return show_preview(&app, &reader, page).await;
    }
    let now = app.now();
    let saved = if let Some(only) = new.article_id {
        article_rules::save(library, &domain, (only, &new), Confirmation::Confirmed, now).await?
    } else {
        let outcomes = rule_preview::preview(library, &domain, article.as_ref(), &new, now).await?;
        let id = rules::save(library, &domain, &new, rule_preview::count_effects(&outcomes), now).await?;
        apply_rules(&app, library, &domain, draft.article).await?;
        id.map_or(SaveOutcome::NoSource, SaveOutcome::Saved)
    };
    let SaveOutcome::Saved(id) = saved else { return Err(Error::NotFound) };
    app.wakeups.images.notify_one();
    let next = draft
        .article
        .map_or_else(|| format!("/source/{domain}#rules"), |article| draft.origin().rule_saved_url(article, id));
    Ok(Redirect::to(&next).into_response())
}

fn limit_reached(source: &Source, only: bool) -> String {
    let owner = if only { "this article" } else { source.name.as_str() };
    format!("Limit of {} rules for {owner} reached. Delete one first.", rules::MAX_RULES)
}

/// After deleting: the article at which the rule was added, else the page of its source.
#[derive(Debug, Deserialize)]
pub(crate) struct DeleteForm {
    article: Option<i64>,
    /// The list that the article was opened from.
    list: Option<String>,
}

pub(crate) async fn delete(
    State(app): State<App>,
    reader: Reader,
    Path((domain, rule)): Path<(String, i64)>,
    Form(form): Form<DeleteForm>,
) -> Result<Redirect> {
    let library = &reader.library;
    let deleted = rules::find(library, &domain, rule).await?.ok_or(Error::NotFound)?;
    if let Some(only) = deleted.article_id {
        article_rules::delete(library, only, &deleted, app.now()).await?;
    } else {
        rules::delete(library, &deleted).await?;
        apply_rules(&app, library, &domain, form.article).await?;
    }
    app.wakeups.images.notify_one();
    Ok(Redirect::to(&match form.article {
        Some(article) => Origin::parse(form.list.as_deref()).notice_url(article, ActionResult::RuleDeleted),
        None => format!("/source/{domain}?{}#rules", DeletedRule::query_for(&deleted)),
    }))
}

/// Applies the rules of a source to the current and the most recent articles. A job does the rest.
async fn apply_rules(app: &App, library: &Library, domain: &str, article: Option<i64>) -> anyhow::Result<()> {
    let applied = rule_preview::apply_now(library, domain, article, app.now()).await;
    app.wakeups.rules.notify_one();
    match applied.context("applying the rules of a source") {
        // The rule is saved, and the job applies it once there is room.
        Err(error) if disk_full::is_disk_full(error.as_ref()) => {
            app.report_full_disk(&error);
            Ok(())
        }
        applied => applied,
    }
}

/// Finds a source that can have rules.
async fn find_source(library: &Library, domain: &str) -> Result<Source> {
    let source = sources::find(library, domain).await?.ok_or(Error::NotFound)?;
    if ingest::is_website(&source.domain) { Ok(source) } else { Err(Error::NotFound) }
}

/// Returns id and title of the article at which the rule is drafted, if it belongs to the source.
async fn draft_article(library: &Library, domain: &str, draft: &RuleDraft) -> sqlx::Result<Option<(i64, String)>> {
    let Some(id) = draft.article else { return Ok(None) };
    let article = articles::find(library, id).await?.filter(|article| article.source_domain == domain);
    Ok(article.map(|article| (article.id, article.title)))
}

/// Previews the rule if it is valid, and shows its effect.
async fn show_preview(app: &App, reader: &Reader, mut page: PreviewPage) -> Result<Response> {
    let (library, now) = (&reader.library, app.now());
    let article = draft_article(library, &page.source.domain, &page.draft).await?;
    page.cancel_url = match &article {
        Some((article, _)) if page.draft.replaces.is_some() => page.origin.page_url(*article, ""),
        Some((article, _)) => page.origin.page_url(*article, "blocks"),
        None => format!("/source/{}#rules", page.source.domain),
    };
    match page.draft.parse(article.as_ref()) {
        Err(problem) => page.problem = Some(problem),
        Ok(new) => {
            let outcomes = rule_preview::preview(library, &page.source.domain, article.as_ref(), &new, now).await?;
            if let Some((article, _)) = article {
                let blocks = load_blocks(library, article, now).await?.concat();
                page.selector_links = selector_links(&page.source.domain, &page.draft, &blocks);
                page.scope_links = scope_links(&page.source, &page.draft);
            }
            page.set_outcomes(outcomes);
        }
    }
    let status = if page.problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, crate::web::shell::page(&page)?).into_response())
}

/// Returns the blocks of each page of an article under the current rules; none without a snapshot.
pub(crate) async fn load_blocks(library: &Library, article: i64, now: Timestamp) -> anyhow::Result<Vec<Vec<Block>>> {
    let Some(pages) = ArticlePages::load_for_article(library, article).await? else { return Ok(Vec::new()) };
    let rules = rules::load_for_article(library, article).await?;
    run_for_reader(move || pages.extract_blocks(&rules, now)).await
}

/// Returns whether parts of an article's page can be restored or removed.
pub(crate) fn can_edit_blocks(article: &Article) -> bool {
    article.has_snapshot && !article.state.deleted && ingest::is_website(&article.source_domain)
}

/// Returns links to the other selectors for the drafted block.
fn selector_links(domain: &str, draft: &RuleDraft, blocks: &[Block]) -> Vec<PreviewLink> {
    let has_selector = |block: &&Block| block.selectors.iter().any(|it| it.selector.to_string() == draft.selector);
    let pointers =
        blocks.iter().flat_map(Block::with_parts).find(has_selector).map_or(&[][..], |block| &block.selectors);
    if pointers.len() < 2 {
        return Vec::new();
    }
    let mut containers = 0;
    let links = pointers.iter().map(|pointer| {
        let selector = pointer.selector.to_string();
        containers += usize::from(pointer.scope == SelectorScope::Container);
        PreviewLink {
            label: match (pointer.scope, pointer.matches) {
                (SelectorScope::Single, _) => "Just this one".to_owned(),
                (SelectorScope::Similar, matches) => format!("All similar parts ({matches} on this page)"),
                (SelectorScope::Container, _) if containers == 1 => "The whole section".to_owned(),
                (SelectorScope::Container, _) => "The larger section".to_owned(),
            },
            selected: selector == draft.selector,
            url: draft.with_selector(selector).preview_url(domain),
        }
    });
    links.collect()
}

/// Returns links to the scopes the rule can have.
fn scope_links(source: &Source, draft: &RuleDraft) -> Vec<PreviewLink> {
    let labels = [(Scope::Source, format!("All of {}", source.name)), (Scope::Article, "This article only".into())];
    let links = labels.map(|(scope, label)| PreviewLink {
        label,
        selected: scope == draft.scope,
        url: RuleDraft { scope, ..draft.clone() }.preview_url(&source.domain),
    });
    links.into()
}

impl PreviewPage {
    fn new(layout: Layout, source: Source, draft: RuleDraft) -> Self {
        let option = |reason: &Reason| {
            let (value, label) = (rules::reason_code(*reason), reason.label().to_owned());
            ReasonOption { selected: value == draft.action, label, value }
        };
        Self {
            restores: draft.action == "keep",
            reasons: COMMON_REASONS.iter().map(option).collect(),
            origin: draft.origin(),
            layout,
            source,
            draft,
            problem: None,
            selector_links: Vec::new(),
            scope_links: Vec::new(),
            warnings: Vec::new(),
            rows: Vec::new(),
            summary: String::new(),
            cancel_url: String::new(),
        }
    }

    /// Sets summary, warnings and rows from the effects on each article.
    fn set_outcomes(&mut self, outcomes: Vec<ArticlePreview>) {
        self.summary = summarize(&outcomes, self.is_for_one_article());
        self.warnings = collect_warnings(&outcomes, self.is_for_one_article());
        if !self.restores && rule_draft::is_positional(&self.draft.selector) {
            self.warnings.extend(warn_about_others(&outcomes, self.draft.article));
        }
        let class = |change: &RuleEffect| match change {
            RuleEffect::Changed { .. } => "changed",
            RuleEffect::Unchanged | RuleEffect::TooLarge => "unchanged",
        };
        self.rows = outcomes.into_iter().map(|outcome| PreviewRow { class: class(&outcome.effect), outcome }).collect();
    }

    fn is_for_one_article(&self) -> bool {
        self.draft.scope == Scope::Article
    }

    /// Returns the paragraphs to show, and how many more there are.
    fn visible_paragraphs<'a>(&self, part: &'a Paragraphs) -> (&'a [String], usize) {
        let count = part.paragraphs.len().min(MAX_PARAGRAPHS);
        (&part.paragraphs[..count], part.paragraphs.len() - count)
    }
}

/// A rule in the list of its source.
pub(crate) struct RuleRow {
    pub id: i64,
    pub selector: String,
    /// What it does and why.
    pub description: String,
    /// Id and title of the only article it applies to.
    pub only: Option<(i64, String)>,
    pub added: String,
    pub effect: String,
}

/// The rules shown on a source's page: those for the whole source, then those for single articles, up to a limit.
#[derive(Default)]
pub(crate) struct SourceRules {
    pub rows: Vec<RuleRow>,
    /// Number of all rules.
    pub count: usize,
}

impl SourceRules {
    pub async fn load(library: &Library, domain: &str, clock: &LocalClock) -> sqlx::Result<Self> {
        let own = rules::list_for_domain(library, domain).await?;
        let others = rules::list_article_rules(library, domain).await?;
        let rows = own.into_iter().chain(others).map(|stored| RuleRow::new(stored, clock)).collect();
        Ok(Self { rows, count: rules::count(library, domain).await? })
    }

    /// Returns the number of rules that are not listed.
    pub const fn unlisted_count(&self) -> usize {
        self.count.saturating_sub(self.rows.len())
    }
}

impl RuleRow {
    pub fn new(stored: StoredRule, clock: &LocalClock) -> Self {
        Self {
            id: stored.id,
            only: stored.article_id.map(|article| (article, stored.article_title.clone().unwrap_or_default())),
            selector: stored.rule.selector.to_string(),
            description: match stored.rule.action {
                Action::Keep => "Restored".into(),
                Action::Remove(reason) => format!("Removed: {}", reason.label()),
            },
            added: clock.format_date(stored.created_at),
            effect: format!("changed {} of {}", stored.articles_changed, count_articles(stored.articles_tried)),
        }
    }
}
