//! The way of an HTML page, from source to article.

use dom_query::{Document, NodeId, NodeRef};
use foldhash::{HashMap, HashSet};
use url::Url;

use crate::content::{Chosen, Known, Models};
use crate::metadata::{self, Metadata};
use crate::removed::{Collected, LeftOut, Visible};
use crate::tidy::About;
use crate::tree::attribute;
use crate::verdict::{self, Signs, Verdict};
use crate::voices::Voices;
use crate::{
    Article, CleanHtml, Glance, Page, Picture, Reason, boxes, clean, content, language, pager, parse, prepare, rules,
    text, tidy, tree, urls, words,
};

/// A page with more pictures than this is no article; those beyond stay links.
const MOST_PICTURES: usize = 500;

/// Why each text that was taken out by a rule went.
pub(crate) type Reasons = HashMap<NodeId, Reason>;

/// A page made readable, of which nothing is taken out yet.
pub(crate) struct Prepared {
    /// The page.
    pub(crate) tree: Document,
    capped: bool,
    base: Option<Url>,
    metadata: Metadata,
    signs: Signs,
    next_page: Option<Url>,
    trackers: Vec<String>,
}

/// A page of which the article is chosen.
pub(crate) struct Read {
    /// The page without what was taken out of it.
    pub(crate) tree: Document,
    chosen: Chosen,
    base: Option<Url>,
    metadata: Metadata,
    signs: Signs,
    next_page: Option<Url>,
    trackers: Vec<String>,
    /// What could be seen on the page.
    pub(crate) visible: Visible,
    kept: HashSet<NodeId>,
    reasons: Reasons,
}

/// Reads an HTML page.
pub(crate) fn article(html: &str, page: &Page<'_>, models: &Models) -> Article {
    let read = read(prepare(html, page), page, models);
    let root = NodeRef::new(read.chosen.root, &read.tree.tree);
    let lead = lead(&root, &read.metadata);
    let body = clean::of_tree(&root, read.base.as_ref());
    let mut removed = read.removed();
    read.visible.left_out(&read.tree, &read.facts(), &mut removed);
    let text = text::of_article(&root, &read.chosen.beside);
    let pictures = pictures(lead.as_ref(), &root);
    let mut article = finish(read.metadata, body, text, lead, removed);
    article.pictures = pictures;
    article.verdict = verdict::of(&read.signs, page.url, &article.text, &article.removed);
    article.next_page = read.next_page.filter(|_| article.verdict.is_one_text() && !read.signs.shows_several());
    article
}

/// From source to a readable tree.
pub(crate) fn prepare(html: &str, page: &Page<'_>) -> Prepared {
    let parsed = parse::page(html);
    let tree = &parsed.tree;
    let base = base(tree, page.url);
    let metadata = metadata::read(&parsed, page, base.as_ref());
    // Before the tree is prepared, which takes away what no reader sees.
    let (mut signs, next_page) = (Signs::of(tree, &metadata), pager::next(tree, page.url, base.as_ref()));
    signs.wall = Glance::of(html).wall(page.url);
    let trackers = prepare::resolve(&tree.root(), base.as_ref());
    Prepared { capped: parsed.capped, tree: parsed.tree, base, metadata, signs, next_page, trackers }
}

/// From the tree to the article in it.
pub(crate) fn read(prepared: Prepared, page: &Page<'_>, models: &Models) -> Read {
    let Prepared { tree, capped, base, metadata, signs, next_page, trackers } = prepared;
    let visible = Visible::of(&tree);
    let mut reasons = Reasons::default();
    let mut marks = rules::apply(&tree, page.rules, &mut reasons);
    let subject = verdict::subject(&signs, page.url);
    let voices = subject.map(|_| Voices::of(&tree)).unwrap_or_default();
    boxes::remove(&tree, page.url, &marks, subject, &mut reasons);
    let mut chosen =
        if capped { Chosen::whole(&tree) } else { content::choose(&tree, &known(&metadata, subject), &marks, models) };
    let root = NodeRef::new(chosen.root, &tree.tree);
    let (lines, named) = voices.write(&root, &marks.kept);
    marks.kept.extend(&lines);
    chosen.beside.extend(&lines);
    chosen.beside.extend(prepare::formulas::alone(&root));
    prepare::canonical(&root, base.as_ref());
    let byline = metadata.byline.as_deref().unwrap_or_default();
    tidy::after(&root, &About { title: &metadata.title, byline, meant: &chosen.meant }, &marks, &mut reasons);
    let mut kept: HashSet<NodeId> = root.descendants_it().filter(|node| node.is_text()).map(|node| node.id).collect();
    kept.extend(named);
    Read { tree, chosen, base, metadata, signs, next_page, trackers, visible, kept, reasons }
}

/// What is known about the page's blocks before any is judged, for learning.
pub(crate) fn sample(html: &str, page: &Page<'_>) -> (content::survey::Survey, content::features::Rows) {
    let Prepared { tree, metadata, signs, .. } = prepare(html, page);
    let (marks, mut reasons) = (rules::Marks::default(), Reasons::default());
    let subject = verdict::subject(&signs, page.url);
    boxes::remove(&tree, page.url, &marks, subject, &mut reasons);
    let survey = content::survey::Survey::of(&tree);
    let rows = content::features::of(&survey, &known(&metadata, subject), &content::readable::Readable::of(&survey));
    (survey, rows)
}

fn known(metadata: &Metadata, subject: Option<Reason>) -> Known<'_> {
    Known {
        is_thread: subject == Some(Reason::Comments),
        title: &metadata.title,
        byline: metadata.byline.as_deref(),
        description: metadata.description.as_deref(),
        body: metadata.body.as_deref(),
    }
}

impl Read {
    /// What was left out before any text was looked at.
    pub(crate) fn removed(&self) -> Collected {
        let mut removed = Collected::default();
        for tracker in &self.trackers {
            removed.note_alone(Reason::TrackingPixel, tracker);
        }
        removed
    }

    /// The pictures that are in the article.
    pub(crate) fn pictures(&self) -> Vec<NodeId> {
        let root = NodeRef::new(self.chosen.root, &self.tree.tree);
        tree::images(&root).iter().map(|image| image.id).collect()
    }

    /// What says of a text whether it was left out, and why.
    pub(crate) fn facts(&self) -> LeftOut<'_> {
        LeftOut { kept: &self.kept, reasons: &self.reasons, known: &self.metadata }
    }
}

fn finish(metadata: Metadata, body: CleanHtml, text: String, lead: Option<Picture>, removed: Collected) -> Article {
    let first = || text.split("\n\n").find(|part| words::count(part) >= 8).map(|part| words::one_line(part, 499));
    Article {
        language: metadata::language(&metadata, &text),
        direction: language::direction(metadata.direction.as_deref(), &text),
        excerpt: metadata.description.clone().or_else(first),
        word_count: words::count(&text),
        title: metadata.title,
        byline: metadata.byline,
        published: metadata.published.map(|date| date.at),
        published_day: metadata.published.map(|date| date.day),
        site_name: metadata.site_name,
        canonical: metadata.canonical,
        sections: metadata.sections,
        tags: metadata.tags,
        lead_image: lead,
        pictures: Vec::new(),
        removed: removed.into_list(),
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

/// The lead image: what the page names, else a picture above the text. The body keeps its own copy where it stands;
/// [`CleanHtml::shows`] tells whether there is one.
fn lead(root: &NodeRef<'_>, metadata: &Metadata) -> Option<Picture> {
    let images = tree::images(root);
    let address = |image: &NodeRef<'_>| attribute(image, "src").and_then(|address| urls::web(&address, None));
    let Some((url, words)) = metadata.lead_image.clone() else {
        let first = images.first().filter(|image| is_above_text(image, root))?;
        return Some(Picture { url: address(first)?, description: words_of(first, String::new()) });
    };
    let own = images.iter().find(|image| address(image).is_some_and(|own| urls::is_same_picture(&own, &url)));
    let description = match own {
        Some(image) => words_of(image, words),
        None => words,
    };
    Some(Picture { url, description })
}

/// Whether at most one paragraph stands before the picture.
fn is_above_text(image: &NodeRef<'_>, root: &NodeRef<'_>) -> bool {
    root.descendants_it()
        .take_while(|node| node.id != image.id)
        .filter(|node| tree::is_any(node, &["p"]) && tree::has_text(node))
        .count()
        <= 1
}

/// A picture's words: its caption, else its description, else what the page says of it elsewhere.
fn words_of(image: &NodeRef<'_>, elsewhere: String) -> String {
    let found = caption(image).or_else(|| attribute(image, "alt")).unwrap_or(elsewhere);
    words::one_line(&found, 499)
}

/// All pictures of lead and body, each address once, at most [`MOST_PICTURES`].
fn pictures(lead: Option<&Picture>, root: &NodeRef<'_>) -> Vec<Picture> {
    let mut found: Vec<Picture> = lead.into_iter().cloned().collect();
    let mut known: HashSet<Url> = found.iter().map(|picture| picture.url.clone()).collect();
    for image in tree::images(root) {
        let Some(url) = attribute(&image, "src").and_then(|address| urls::web(&address, None)) else { continue };
        if !known.insert(url.clone()) {
            continue;
        }
        if found.len() == MOST_PICTURES {
            break;
        }
        let description = attribute(&image, "alt").or_else(|| caption(&image)).unwrap_or_default();
        found.push(Picture { url, description: words::one_line(&description, 499) });
    }
    found
}

fn caption(image: &NodeRef<'_>) -> Option<String> {
    let figure = tree::figure_around(image)?;
    let caption = tree::elements(&figure, |node| tree::is_any(node, &["figcaption"])).into_iter().next()?;
    Some(tree::line(&caption)).filter(|text| !text.is_empty())
}
