//! Runs the stages on an HTML page, from source to article.
//!
//! `selection` holds the part of the page that was chosen and applies the reader's rules to it; `article_images` finds the
//! lead image and lists the others.

mod article_images;
mod selection;

use dom_query::Document;
use url::Url;

use crate::cleanup::visible_text::Visible;
use crate::cleanup::{boilerplate, reader_rules};
use crate::dom::{inner_text, tree, urls, words};
use crate::metadata::{self, Metadata, language};
use crate::page::{Article, Image, Page, Reason, Reasons, Verdict};
use crate::report::blocks::{self, Block};
use crate::report::interstitial::PageScan;
use crate::report::pagination::next_page;
use crate::report::removed_blocks::RemovedBlocks;
use crate::report::verdict;
use crate::report::verdict::PageSignals;
use crate::sanitize::{self, CleanHtml};
use crate::select::model::Models;
use crate::select::thread_posts::Voices;
use crate::select::{self, Known};
use crate::{parse, prepare};
use article_images::{lead, pictures};
use selection::{Part, Way};

/// A page made readable, of which nothing is taken out yet.
struct Prepared {
    /// The page.
    tree: Document,
    told: Told,
}

/// What a page tells apart from its blocks.
struct Told {
    /// It is too large or too deep to be judged block by block.
    capped: bool,
    base: Option<Url>,
    metadata: Metadata,
    signs: PageSignals,
    next_page: Option<Url>,
    trackers: Vec<String>,
}

/// A page of which the article is chosen.
struct Read {
    part: Part,
    told: Told,
    /// What could be seen on the page.
    visible: Visible,
}

/// Reads an HTML page.
pub(crate) fn article(html: &str, page: &Page<'_>, models: &Models) -> Article {
    let Read { part, told, visible } = read(prepare(html, page), page, models);
    let root = part.root();
    let lead =
        lead(&root, told.metadata.lead_image.as_ref().filter(|(lead, _)| !part.has_lost(lead)), told.base.as_ref());
    let body = sanitize::of_tree(&root, told.base.as_ref());
    let mut removed = told.removed();
    part.facts(&told.metadata).collect_removed(&visible, &part.tree, &mut removed);
    let text = inner_text::of_article(&root, &part.beside);
    let pictures = pictures(lead.as_ref(), &root);
    let mut article = finish(told.metadata, body, text, lead, removed);
    article.images = pictures;
    article.verdict = verdict::classify(&told.signs, page.url, &article.text, &article.removed, part.lost.words);
    article.next_page =
        told.next_page.filter(|_| article.verdict.may_span_pages() && !told.signs.shows_several_articles());
    article
}

/// From source to a readable tree.
fn prepare(html: &str, page: &Page<'_>) -> Prepared {
    let html = &*parse::mended(html);
    let parsed = parse::page(html);
    let tree = &parsed.tree;
    let base = base(tree, page.url);
    let metadata = metadata::collect(&parsed, page, base.as_ref());
    // Before the tree is prepared, which takes away what no reader sees.
    let (mut signs, next_page) =
        (PageSignals::collect(tree, &metadata), next_page::find(tree, page.url, base.as_ref()));
    signs.interstitial = signs.may_be_interstitial().then(|| PageScan::new(html).interstitial(page.url)).flatten();
    let trackers = prepare::resolve(&tree.root(), base.as_ref());
    let told = Told { capped: parsed.capped, base, metadata, signs, next_page, trackers };
    Prepared { tree: parsed.tree, told }
}

/// From the tree to the article in it, by the rules of its reader.
fn read(prepared: Prepared, page: &Page<'_>, models: &Models) -> Read {
    let Prepared { tree, told } = prepared;
    let visible = Visible::of(&tree);
    let decided = reader_rules::decide(&tree, page.rules);
    let whole = (!decided.is_empty()).then(|| tree.clone());
    let subject = verdict::protected_reason(&told.signs, page.url);
    let voices = subject.map(|_| Voices::of(&tree)).unwrap_or_default();
    let way = Way { told: &told, url: page.url, subject, voices, visible: &visible, models };
    let chosen = way.choose(tree);
    let part = match whole {
        Some(whole) => way.correct(whole, chosen, decided),
        None => chosen,
    };
    Read { part, told, visible }
}

/// The blocks of an HTML page.
pub(crate) fn blocks(html: &str, page: &Page<'_>, models: &Models) -> Vec<Block> {
    let prepared = prepare(html, page);
    let whole = prepared.tree.clone();
    let Read { part, told, visible } = read(prepared, page, models);
    let pictures = tree::images(&part.root()).iter().map(|image| image.id).collect();
    let left_out = part.facts(&told.metadata);
    blocks::list(
        &whole,
        blocks::BlockSources { visible: &visible, left_out, removed: told.removed(), images: pictures },
    )
}

/// What is known about the page's blocks before any is judged, for learning.
pub(crate) fn sample(html: &str, page: &Page<'_>) -> (select::segmentation::Survey, select::features::Rows) {
    let Prepared { tree, told } = prepare(html, page);
    let subject = verdict::protected_reason(&told.signs, page.url);
    boilerplate::remove(&tree, page.url, subject, &mut Reasons::default());
    let survey = select::segmentation::Survey::of(&tree);
    let readable = select::readability::Readable::of(&survey);
    let rows = select::features::of(&survey, &known(&told.metadata, subject), &readable);
    (survey, rows)
}

fn known(metadata: &Metadata, subject: Option<Reason>) -> Known<'_> {
    Known {
        is_thread: subject == Some(Reason::Comments),
        title: &metadata.title,
        byline: metadata.byline.as_deref(),
        description: metadata.description.as_deref(),
        body: metadata.stated_body.as_deref(),
    }
}

impl Told {
    /// What was left out before any text was looked at.
    fn removed(&self) -> RemovedBlocks {
        let mut removed = RemovedBlocks::default();
        for tracker in &self.trackers {
            removed.push_separate(Reason::TrackingPixel, tracker);
        }
        removed
    }
}

fn finish(metadata: Metadata, body: CleanHtml, text: String, lead: Option<Image>, removed: RemovedBlocks) -> Article {
    let first = || text.split("\n\n").find(|part| words::count(part) >= 8).map(|part| words::one_line(part, 499));
    Article {
        language: metadata::detect_language(&metadata, &text),
        direction: language::text_direction(metadata.direction.as_deref(), &text),
        excerpt: metadata.description.clone().or_else(first),
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
        removed: removed.into_vec(),
        verdict: Verdict::Article,
        next_page: None,
        body,
        text,
    }
}

/// What relative addresses stand against: `<base href>` against the page's own address.
fn base(tree: &Document, url: Option<&Url>) -> Option<Url> {
    let stated = tree.base_uri().and_then(|base| urls::web(&base, url));
    stated.or_else(|| url.cloned())
}
