//! The way of an HTML page, from source to article.

use std::collections::{HashMap, HashSet};

use dom_query::{Document, NodeId, NodeRef};
use url::Url;

use crate::content::Models;
use crate::features::{Known, Rows};
use crate::metadata::{self, Metadata};
use crate::removed::{Collected, LeftOut, Visible};
use crate::survey::Survey;
use crate::tree::attribute;
use crate::{
    Article, CleanHtml, Page, Picture, Reason, boxes, clean, content, features, language, parse, prepare, text, tidy,
    tree, urls, words,
};

/// A page with more pictures than this is no article; those beyond stay links.
const MOST_PICTURES: usize = 500;

/// Why each text that was taken out by a rule went.
pub(crate) type Reasons = HashMap<NodeId, Reason>;

/// Reads an HTML page.
pub(crate) fn article(html: &str, page: &Page<'_>, models: &Models) -> Article {
    let parsed = parse::page(html);
    let tree = parsed.tree;
    let base = base(&tree, page.url);
    let base = base.as_ref();
    let metadata = metadata::read(&tree, page, base);
    let trackers = prepare::resolve(&tree.root(), base);
    let visible = Visible::of(&tree);
    let mut reasons = Reasons::new();
    boxes::remove(&tree, page.url, &mut reasons);
    boxes::note(&tree, &mut reasons);
    let judged = (!parsed.capped).then(|| content::judge(&tree, &known(&metadata), models));
    let root = judged.as_ref().map_or_else(|| content::whole(&tree), |judged| content::reduce(&tree, judged));
    let captions = judged.as_ref().map(content::Judged::caption_texts).unwrap_or_default();
    prepare::canonical(&root, base);
    tidy::after(&root, &metadata.title, &mut reasons);
    let kept: HashSet<NodeId> = root.descendants_it().filter(|node| node.is_text()).map(|node| node.id).collect();
    let lead = lead(&root, &metadata, base);
    let body = clean::of_tree(&root, base);
    let mut removed = Collected::default();
    for tracker in trackers {
        removed.note_alone(Reason::TrackingPixel, &tracker);
    }
    let facts = LeftOut { kept: &kept, reasons: &reasons, known: &metadata };
    visible.left_out(&tree, &facts, &mut removed);
    finish(metadata, body, text::of_article(&root, &captions), (&root, lead, removed))
}

/// What is known about the page's blocks before any is judged, for learning.
pub(crate) fn sample(html: &str, page: &Page<'_>) -> (Survey, Rows) {
    let tree = parse::page(html).tree;
    let base = base(&tree, page.url);
    let metadata = metadata::read(&tree, page, base.as_ref());
    prepare::resolve(&tree.root(), base.as_ref());
    boxes::remove(&tree, page.url, &mut Reasons::new());
    let survey = Survey::of(&tree);
    let rows = features::of(&survey, &known(&metadata));
    (survey, rows)
}

fn known(metadata: &Metadata) -> Known<'_> {
    Known {
        title: &metadata.title,
        byline: metadata.byline.as_deref(),
        description: metadata.description.as_deref(),
        body: metadata.body.as_deref(),
    }
}

fn finish(
    metadata: Metadata,
    body: CleanHtml,
    text: String,
    (root, lead, removed): (&NodeRef<'_>, Option<Picture>, Collected),
) -> Article {
    let first = || text.split("\n\n").find(|part| words::count(part) >= 8).map(|part| words::one_line(part, 499));
    let pictures = pictures(lead.as_ref(), root);
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
        pictures,
        removed: removed.into_list(),
        body,
        text,
    }
}

/// What relative addresses stand against: `<base href>` against the page's own address.
fn base(tree: &Document, url: Option<&Url>) -> Option<Url> {
    let stated = tree.base_uri().and_then(|base| urls::web(&base, url));
    stated.or_else(|| url.cloned())
}

/// The lead image, and the body without it: what the page names, else a picture above the text.
fn lead(root: &NodeRef<'_>, metadata: &Metadata, base: Option<&Url>) -> Option<Picture> {
    let first = tree::elements(root, |node| tree::is_any(node, &["img"])).into_iter().next();
    let first_url =
        first.as_ref().and_then(|image| attribute(image, "src")).and_then(|address| urls::web(&address, base));
    let named = metadata.lead_image.clone();
    let (url, words) = match (named, &first, &first_url) {
        (Some((url, words)), ..) => (url, words),
        (None, Some(image), Some(url)) if is_above_text(image, root) => (url.clone(), String::new()),
        _ => return None,
    };
    let mut description = words;
    if let (Some(image), Some(first_url)) = (first, first_url)
        && is_same_picture(&first_url, &url)
    {
        description = take_out(&image, description);
    }
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

/// Removes the picture with its frame and answers its words: its caption, else its description.
fn take_out(image: &NodeRef<'_>, words: String) -> String {
    let alt = attribute(image, "alt").unwrap_or_default();
    let figure = image.ancestors_it(Some(6)).find(|above| tree::is_any(above, &["figure"]));
    let alone = figure.filter(|figure| tree::elements(figure, |node| tree::is_any(node, &["img"])).len() == 1);
    let caption = alone.map(|figure| tree::line(&figure)).unwrap_or_default();
    let parent = image.parent();
    match alone {
        Some(figure) => figure.remove_from_parent(),
        None => {
            image.remove_from_parent();
            if let Some(parent) = parent.filter(|parent| tree::is_any(parent, &["p", "a"]) && !tree::has_text(parent)) {
                parent.remove_from_parent();
            }
        }
    }
    [caption, alt, words]
        .into_iter()
        .find(|words| !words.is_empty())
        .map(|words| words::one_line(&words, 499))
        .unwrap_or_default()
}

/// Whether two addresses are one picture, perhaps in two sizes.
pub(crate) fn is_same_picture(one: &Url, other: &Url) -> bool {
    if one == other {
        return true;
    }
    let (one, other) = (file_stem(one), file_stem(other));
    const GENERIC: &[&str] = &["image", "photo", "index", "default", "large", "thumb", "original", "picture", "medium"];
    one == other && one.len() >= 5 && !GENERIC.contains(&one.as_str())
}

/// The file's name without size, extension and query.
fn file_stem(url: &Url) -> String {
    let decoded = url.as_str().replace("%2F", "/").replace("%2f", "/");
    let path = decoded.split(['?', '#']).next().unwrap_or_default();
    let file =
        path.rsplit('/').find(|part| part.contains('.') || part.len() > 12).unwrap_or_default().to_ascii_lowercase();
    let stem = file.split('.').next().unwrap_or_default();
    let mut stem = stem.to_owned();
    if let Some(at) = stem.rfind(['-', '_']) {
        let size = &stem[at + 1..];
        let is_size = size == "scaled"
            || (size.contains('x')
                && size.split('x').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())));
        if is_size {
            stem.truncate(at);
        }
    }
    stem
}

/// All pictures of lead and body, each address once, at most [`MOST_PICTURES`].
fn pictures(lead: Option<&Picture>, root: &NodeRef<'_>) -> Vec<Picture> {
    let mut found: Vec<Picture> = lead.into_iter().cloned().collect();
    let mut known: HashSet<Url> = found.iter().map(|picture| picture.url.clone()).collect();
    for image in tree::elements(root, |node| tree::is_any(node, &["img"])) {
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
    let figure = image.ancestors_it(Some(4)).find(|above| tree::is_any(above, &["figure"]))?;
    let caption = tree::elements(&figure, |node| tree::is_any(node, &["figcaption"])).into_iter().next()?;
    Some(tree::line(&caption)).filter(|text| !text.is_empty())
}
