//! Runs the stages on an HTML page, from source to article.
//!
//! `selection` holds the selected part of the page and applies the reader's rules to it; `article_images` finds the
//! lead image and lists all images.

pub(crate) mod article_images;
mod selection;

use dom_query::{Document, NodeId};
use url::{Position, Url};

use crate::cleanup::hidden_text::HiddenText;
use crate::cleanup::visible_text::VisibleTexts;
use crate::cleanup::{boilerplate, hidden_text, reader_rules};
use crate::dom::{inner_text, tree, urls, words};
use crate::metadata::dates::ParsedDate;
use crate::metadata::{self, Metadata, language};
use crate::page::{Article, Image, Page, Reason, Reasons, Verdict};
use crate::prepare::images::inline::{InlineImage, InlineImages};
use crate::report::blocks::{self, Block};
use crate::report::interstitial::PageScan;
use crate::report::pagination::next_page;
use crate::report::removed_blocks::RemovedBlocks;
use crate::report::verdict;
use crate::report::verdict::PageSignals;
use crate::sanitize::{self, CleanHtml};
use crate::select::features::{self, FeatureMatrix, PageMetadata};
use crate::select::model::Models;
use crate::select::readability::Readability;
use crate::select::segmentation::Segmentation;
use crate::select::threads::bylines::ThreadBylines;
use crate::select::threads::{Expected, Thread};
use crate::{parse, prepare, script_text};
use article_images::{find_lead_image, list_images};
use selection::{Pipeline, Selection};

/// A parsed and prepared page, before anything is removed from it.
struct PreparedPage {
    tree: Document,
    facts: PageFacts,
}

/// What is known about a page apart from its blocks.
struct PageFacts {
    /// The page is too large or too deeply nested to score its blocks.
    exceeds_limits: bool,
    /// The page has too much text, and the rest was not read.
    is_cut_off: bool,
    base: Option<Url>,
    metadata: Metadata,
    signals: PageSignals,
    next_page: Option<Url>,
    trackers: Vec<String>,
    /// The element with the text that scripts would show.
    script_text: Option<NodeId>,
    /// The posts, if the page has the shape of a thread.
    thread: Option<Thread>,
    /// The page shows no text without its scripts.
    needs_scripts: bool,
    hidden: Vec<HiddenText>,
}

/// A page whose article is selected.
struct Extraction {
    selection: Selection,
    facts: PageFacts,
    /// What a reader could see on the page.
    visible: VisibleTexts,
}

/// Extracts the article from an HTML page.
pub(crate) fn extract_article(html: &str, page: &Page<'_>, models: &Models) -> Article {
    let Extraction { selection, facts, visible } = select_article(parse_and_prepare(html, page), page, models);
    let root = selection.root();
    let lead = find_lead_image(
        &root,
        facts.metadata.lead_image.as_ref().filter(|(lead, _)| !selection.has_removed_image(lead)),
        facts.base.as_ref(),
    );
    let body = sanitize::sanitize_tree(&root, facts.base.as_ref());
    let mut removed = facts.removed_trackers();
    selection.left_out(&facts.metadata).collect_removed(&visible, &selection.tree, &mut removed);
    facts.hidden.iter().filter(|hidden| !selection.keeps(hidden.first)).for_each(|hidden| {
        removed.push(Reason::NotPartOfTheArticle, &hidden.text);
    });
    let text = inner_text::render_without(&root, &selection.supplementary);
    let images = list_images(lead.as_ref(), &root);
    let lists_authors = facts.metadata.lists_authors;
    let mut article = assemble_article(facts.metadata, body, text, lead, removed);
    article.images = images;
    article.is_cut_off = facts.is_cut_off;
    article.needs_javascript = facts.needs_scripts;
    article.verdict =
        verdict::classify(&facts.signals, page.url, &article.text, &article.removed, selection.removed_by_rules.words);
    // The first of many names and days is not that of the list.
    if lists_authors && article.verdict == Verdict::Listing {
        (article.byline, article.published, article.published_day) = (None, None, None);
    }
    article.next_page =
        facts.next_page.filter(|_| article.verdict.may_span_pages() && !facts.signals.shows_several_articles());
    article
}

/// Parses a page, reads its metadata and makes images, embeds and formulas readable without scripts.
fn parse_and_prepare(html: &str, page: &Page<'_>) -> PreparedPage {
    let html = &*parse::fix_mojibake(html);
    let parsed = parse::parse_page(html);
    let tree = &parsed.tree;
    let base = base_url(tree, page.url);
    let details = prepare::mail_archive::mark_up(&tree.root());
    let mut metadata = metadata::collect(&parsed, page, base.as_ref());
    // Both are shown above the article.
    if let [line] = &*details
        && metadata.byline.is_some()
        && metadata.published.is_some()
    {
        line.remove_from_parent();
    }
    // Before the tree is prepared, which removes what no reader sees.
    let (mut signals, next_page) =
        (PageSignals::collect(tree, &metadata), next_page::find(tree, page.url, base.as_ref()));
    signals.has_forum_posts |= details.len() > 1;
    signals.interstitial = signals.may_be_interstitial().then(|| PageScan::new(html).interstitial(page.url)).flatten();
    let script_text = script_text::insert(tree, &parsed.scripts, &metadata, &signals.shown_text());
    let needs_scripts = script_text.is_none() && signals.shows_no_prose() && script_text::needs_scripts(tree);
    // Blank pictures tell who answers whom.
    let thread = if script_text.is_none() { find_thread(tree, page.url, &mut metadata, &mut signals) } else { None };
    let trackers = prepare::prepare_tree(&tree.root(), base.as_ref(), &mut InlineImages::named());
    let facts = PageFacts {
        exceeds_limits: parsed.tags_dropped,
        is_cut_off: parsed.text_dropped,
        base,
        metadata,
        signals,
        next_page,
        trackers,
        script_text,
        thread,
        needs_scripts,
        hidden: hidden_text::collect(&parsed.tree),
    };
    PreparedPage { tree: parsed.tree, facts }
}

/// Finds the posts of a page that may be a thread. The first one's author and day are those of the page.
fn find_thread(
    tree: &Document,
    url: Option<&Url>,
    metadata: &mut Metadata,
    signals: &mut PageSignals,
) -> Option<Thread> {
    let expected = match verdict::protected_reason(signals, url) {
        Some(_) => Expected::Thread,
        None if signals.may_be_thread() => Expected::Anything,
        None => return None,
    };
    let thread = Thread::find(tree, expected, &metadata.title)?;
    signals.has_forum_posts = true;
    let (name, day) = thread.opening();
    metadata.byline = Some(name.to_owned());
    metadata.published = metadata.published.or_else(|| ParsedDate::from_day(day?));
    Some(thread)
}

/// Returns the pictures that an HTML page contains itself.
pub(crate) fn find_inline_images(html: &str, page: &Page<'_>) -> Vec<InlineImage> {
    let html = &*parse::fix_mojibake(html);
    let tree = parse::parse_page(html).tree;
    let (base, mut inline) = (base_url(&tree, page.url), InlineImages::collected());
    prepare::prepare_tree(&tree.root(), base.as_ref(), &mut inline);
    inline.into_found()
}

/// Selects the article and applies the reader's rules to it.
fn select_article(prepared: PreparedPage, page: &Page<'_>, models: &Models) -> Extraction {
    let PreparedPage { tree, facts } = prepared;
    let visible = VisibleTexts::collect(&tree);
    let decided = reader_rules::match_rules(&tree, page.rules);
    let original = (!decided.is_empty()).then(|| tree.clone());
    let protected_reason = verdict::protected_reason(&facts.signals, page.url);
    let bylines = protected_reason.map(|_| ThreadBylines::find(&tree)).unwrap_or_default();
    let pipeline = Pipeline { facts: &facts, url: page.url, protected_reason, bylines, visible: &visible, models };
    let selection = pipeline.select(tree);
    let selection = match original {
        Some(original) => pipeline.apply_rules(original, selection, decided),
        None => selection,
    };
    Extraction { selection, facts, visible }
}

/// Lists the blocks of an HTML page.
pub(crate) fn list_blocks(html: &str, page: &Page<'_>, models: &Models) -> Vec<Block> {
    let prepared = parse_and_prepare(html, page);
    let original = prepared.tree.clone();
    let Extraction { selection, facts, visible } = select_article(prepared, page, models);
    let images = tree::images(&selection.root()).iter().map(|image| image.id).collect();
    let left_out = selection.left_out(&facts.metadata);
    blocks::list(
        &original,
        blocks::BlockSources { visible: &visible, left_out, removed: facts.removed_trackers(), images },
    )
}

/// Segments a page and computes the features of its blocks, for training.
pub(crate) fn compute_block_features(html: &str, page: &Page<'_>) -> (Segmentation, FeatureMatrix) {
    let PreparedPage { tree, facts } = parse_and_prepare(html, page);
    let protected_reason = verdict::protected_reason(&facts.signals, page.url);
    boilerplate::remove(&tree, page.url, protected_reason, &mut Reasons::default());
    let segmentation = Segmentation::new(&tree);
    let readability = Readability::new(&segmentation);
    let matrix =
        features::compute_features(&segmentation, &page_metadata(&facts.metadata, protected_reason), &readability);
    (segmentation, matrix)
}

fn page_metadata(metadata: &Metadata, protected_reason: Option<Reason>) -> PageMetadata<'_> {
    PageMetadata {
        is_thread: protected_reason == Some(Reason::Comments),
        title: &metadata.title,
        byline: metadata.byline.as_deref(),
        description: metadata.description.as_deref(),
        body: metadata.stated_body.as_deref(),
    }
}

impl PageFacts {
    /// Lists the tracking pixels that preparation removed.
    fn removed_trackers(&self) -> RemovedBlocks {
        let mut removed = RemovedBlocks::default();
        for tracker in &self.trackers {
            removed.push_separate(Reason::TrackingPixel, tracker);
        }
        removed
    }
}

fn assemble_article(
    metadata: Metadata,
    body: CleanHtml,
    text: String,
    lead: Option<Image>,
    removed: RemovedBlocks,
) -> Article {
    let first_paragraph =
        || text.split("\n\n").find(|part| words::count(part) >= 8).map(|part| words::one_line(part, 499));
    Article {
        language: metadata::detect_language(&metadata, &text),
        direction: language::text_direction(metadata.direction.as_deref(), &text),
        excerpt: metadata.description.clone().or_else(first_paragraph),
        word_count: words::count(&text),
        title: metadata.title,
        byline: metadata.byline,
        published: metadata.published.map(|date| date.timestamp),
        published_day: metadata.published.map(|date| date.day),
        site_name: metadata.site_name,
        canonical_url: metadata.canonical_url,
        sections: metadata.sections,
        tags: metadata.tags,
        lead_image: lead,
        images: Vec::new(),
        is_cut_off: false,
        needs_javascript: false,
        removed: removed.into_vec(),
        verdict: Verdict::Article,
        next_page: None,
        body,
        text,
    }
}

/// Returns the URL that relative URLs are resolved against: `<base href>`, itself resolved against the page's URL, or
/// that URL.
fn base_url(tree: &Document, url: Option<&Url>) -> Option<Url> {
    let stated = tree.base_uri().and_then(|base| urls::resolve_http(&base, url));
    stated.or_else(|| url.cloned()).filter(|base| base[..Position::AfterPath].len() <= MAX_BASE_BYTES)
}

/// A longer base would fill the memory, since every relative link is resolved against it.
const MAX_BASE_BYTES: usize = 2_000;
