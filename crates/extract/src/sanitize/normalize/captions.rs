//! Builds figures from images and captions that a page marks by class instead of `<figcaption>`.

use dom_query::NodeRef;

use crate::dom::{tree, words};

/// Words in the caption classes of content systems: `wp-caption-text`, `image__caption`.
const CLASS_WORDS: &[&str] = &["caption", "figcaption", "imagecaption", "bildunterschrift", "legende"];

/// Whole classes of captions without such a word, and of image credits.
const CLASS_NAMES: &[&str] =
    &["tagline", "credit", "credits", "photo-text", "media-text", "visuel-credits", "photo-credit", "image-credit"];

/// Last words of names such as `imageEmbedCaption`.
const CAMEL_WORDS: &[&str] = &["Caption", "Credit", "Credits", "Legend"];

/// Words that begin an image credit.
const CREDIT_WORDS: &[&str] = &[
    "photo",
    "photos",
    "photograph",
    "photographs",
    "photographer",
    "photocredit",
    "image",
    "images",
    "picture",
    "pictures",
    "credit",
    "credits",
    "illustration",
    "illustrations",
    "graphic",
    "getty",
    "foto",
    "fotos",
    "fotograf",
    "bild",
    "bilder",
    "bildquelle",
    "bildcredit",
    "bildnachweis",
    "grafik",
    "titelbild",
    "beitragsbild",
    "symbolbild",
    "photographie",
    "crédit",
    "crédits",
    "imagen",
    "imágenes",
    "fotografía",
    "crédito",
    "imagem",
    "fotografia",
    "immagine",
    "credito",
    "beeld",
    "afbeelding",
    "kuva",
    "zdjęcie",
    "fot",
    "snímek",
    "фото",
    "фотография",
    "снимка",
];
/// Second words of an image credit.
const MAKER_WORDS: &[&str] =
    &["by", "via", "courtesy", "credit", "source", "images", "von", "par", "por", "di", "door", "av"];
/// The maximum length of an image credit.
const MAX_CREDIT_BYTES: usize = 140;

/// The maximum number of nodes around an image and its caption; larger subtrees are something else and are not
/// searched.
const MAX_NODES: usize = 200;

/// The maximum length of a caption; longer texts only stand beside an image.
const MAX_CAPTION_BYTES: usize = 1_000;

/// Returns whether one of the classes marks a caption.
pub(super) fn has_caption_class(classes: &str) -> bool {
    let is_known = |word: &str| CLASS_WORDS.iter().any(|name| name.eq_ignore_ascii_case(word));
    // The length check rejects most elements quickly.
    classes.len() >= 6
        && (classes.split([' ', '-', '_', '\t', '\n']).any(|word| is_known(word) || ends_in_caption(word))
            || has_credit_class(classes))
}

/// Returns whether a name without hyphens ends in the word for captions or credits: `imageEmbedCaption`.
fn ends_in_caption(name: &str) -> bool {
    let stem = CAMEL_WORDS.iter().find_map(|word| name.strip_suffix(word));
    stem.is_some_and(|stem| stem.ends_with(|letter: char| letter.is_ascii_lowercase()))
}

/// Returns whether one of the classes marks a button that opens or closes a caption.
pub(super) fn has_toggle_class(classes: &str) -> bool {
    classes.split_ascii_whitespace().any(|class| matches!(class, "hide-caption" | "toggle-caption"))
}

/// Builds figures from captions and their images.
pub(super) fn build_figures(captions: &[NodeRef<'_>]) {
    for caption in captions {
        if !is_small_subtree(caption) {
            continue;
        }
        let caption = &with_adjacent_caption(caption);
        let words = tree::line_text(caption).len();
        if words == 0 || words > MAX_CAPTION_BYTES || has_image(caption) {
            continue;
        }
        let ancestors: Vec<NodeRef<'_>> = caption.ancestors_it(Some(3)).take_while(is_small_subtree).collect();
        let figure = ancestors.iter().find(|above| tree::has_name(above, &["figure"]));
        if let Some(figure) = figure {
            let own = tree::elements(figure, |node| tree::has_name(node, &["figcaption"])).into_iter().next();
            match own {
                None => caption.rename("figcaption"),
                Some(own) if directly_follows(caption, &own) => {
                    own.append_child(&own.tree.new_text(" "));
                    own.append_child(caption);
                }
                Some(_) => {}
            }
            continue;
        }
        let before = nearest_sibling(caption.prev_sibling(), NodeRef::prev_sibling);
        if let Some(figure) = before.filter(|before| is_figure(before) && lacks_caption(before)) {
            caption.rename("figcaption");
            figure.append_child(caption);
            continue;
        }
        let frame = ancestors.iter().find(|above| has_image(above));
        if let Some(frame) = frame.filter(|frame| is_caption_frame(frame, words)) {
            frame.rename("figure");
            caption.rename("figcaption");
        }
    }
}

/// Returns an image credit together with the caption right before it.
fn with_adjacent_caption<'a>(caption: &NodeRef<'a>) -> NodeRef<'a> {
    let is_caption_group = |parent: &NodeRef<'_>| {
        let holds = |names: &[&str]| parent.descendants_it().any(|node| tree::has_name(&node, names));
        tree::has_name(parent, &["div", "p", "span"])
            && is_small_subtree(parent)
            && !holds(&["img", "amp-img", "figcaption"])
    };
    let is_credit = caption.attr("class").is_some_and(|classes| has_credit_class(&classes));
    caption.parent().filter(|parent| is_credit && is_caption_group(parent)).unwrap_or(*caption)
}

fn has_credit_class(classes: &str) -> bool {
    classes.split_ascii_whitespace().any(|class| CLASS_NAMES.contains(&class))
}

/// Returns whether a credit directly follows the caption.
fn directly_follows(more: &NodeRef<'_>, caption: &NodeRef<'_>) -> bool {
    more.prev_element_sibling().is_some_and(|before| before.id == caption.id)
}

/// Turns `<figcaption>` elements outside a figure that contain the image itself into groups.
pub(super) fn rename_misused_figcaptions(figcaptions: &[NodeRef<'_>]) {
    for caption in figcaptions.iter().filter(|caption| is_small_subtree(caption) && has_image(caption)) {
        if tree::enclosing_figure(caption).is_none() {
            caption.rename("div");
        }
    }
}

/// Moves captions outside any figure into the figure or image right before them, if it has no caption.
pub(super) fn move_into_figures(figcaptions: &[NodeRef<'_>]) {
    let is_inside = |caption: &NodeRef<'_>| caption.ancestors_it(Some(3)).any(|above| is_figure(&above));
    for caption in figcaptions.iter().filter(|caption| !is_inside(caption)) {
        let before = nearest_sibling(caption.prev_sibling(), NodeRef::prev_sibling);
        if let Some(figure) = before.filter(lacks_caption) {
            figure.rename("figure");
            figure.append_child(caption);
        }
    }
}

/// Moves image credits from the paragraph right below an image into its figure.
pub(super) fn move_credits_into_figures(root: &NodeRef<'_>) {
    remove_repeated_credits(root);
    for figure in tree::elements(root, lacks_caption) {
        let Some(credit) = nearest_sibling(figure.next_sibling(), NodeRef::next_sibling) else { continue };
        let is_line = tree::has_name(&credit, &["p"]) && !credit.has_class("embed") && !has_image(&credit);
        if is_line && is_small_subtree(&credit) && is_credit_line(&tree::line_text(&credit)) {
            figure.rename("figure");
            credit.rename("figcaption");
            figure.append_child(&credit);
        }
    }
}

/// Removes image credits right below a figure whose caption ends with them.
fn remove_repeated_credits(root: &NodeRef<'_>) {
    for figcaption in tree::elements(root, |node| tree::has_name(node, &["figcaption"])) {
        let figure = figcaption.parent().filter(is_figure);
        let Some(below) = figure.and_then(|figure| nearest_sibling(figure.next_sibling(), NodeRef::next_sibling))
        else {
            continue;
        };
        let is_line = tree::has_name(&below, &["p"]) && is_small_subtree(&below) && !has_image(&below);
        if !is_line || !is_small_subtree(&figcaption) {
            continue;
        }
        let line = tree::line_text(&below);
        if is_credit_line(&line) && words::match_key(&tree::line_text(&figcaption)).ends_with(&words::match_key(&line))
        {
            below.remove_from_parent();
        }
    }
}

/// Returns the nearest sibling in the direction of `step` that is neither white space nor an empty paragraph.
fn nearest_sibling<'a>(
    mut at: Option<NodeRef<'a>>,
    step: impl Fn(&NodeRef<'a>) -> Option<NodeRef<'a>>,
) -> Option<NodeRef<'a>> {
    let is_nothing = |node: &NodeRef<'_>| {
        tree::is_blank_text(node)
            || (tree::has_name(node, &["p"]) && !tree::has_visible_text(node) && !tree::has_image(node))
    };
    while let Some(blank) = at.filter(is_nothing) {
        at = step(&blank);
    }
    at
}

/// Returns whether an element is a figure without a caption, or a paragraph of a single image.
fn lacks_caption(node: &NodeRef<'_>) -> bool {
    let is_bare = || {
        tree::has_name(node, &["p"])
            && is_small_subtree(node)
            && count_images(node) == 1
            && !tree::has_visible_text(node)
    };
    let has_words = || node.descendants_it().any(|inside| tree::has_name(&inside, &["figcaption"]));
    is_figure(node) && is_small_subtree(node) && !has_words() || is_bare()
}

fn is_figure(node: &NodeRef<'_>) -> bool {
    tree::has_name(node, &["figure"])
}

/// Returns whether a line credits an image: "Photo: …", "Bild © …", "Foto von …", "© …".
fn is_credit_line(line: &str) -> bool {
    if line.len() > MAX_CREDIT_BYTES {
        return false;
    }
    if line.starts_with('©') {
        return true;
    }
    let key = words::match_key(line);
    let mut words = key.split(' ');
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let is_marked = || line.find([':', '©', '|', '/']).is_some_and(|at| words::count(&line[..at]) <= 2);
    CREDIT_WORDS.contains(&first) && (is_marked() || MAKER_WORDS.contains(&second))
}

/// Returns whether an element holds only one image and its caption.
fn is_caption_frame(frame: &NodeRef<'_>, words: usize) -> bool {
    let name = tree::element_name(frame);
    let plain = name.is_some_and(|name| matches!(name.as_ref(), "div" | "section" | "span" | "p" | "aside"));
    plain && count_images(frame) == 1 && tree::line_text(frame).len() <= words + 80
}

fn has_image(node: &NodeRef<'_>) -> bool {
    count_images(node) > 0
}

fn is_small_subtree(node: &NodeRef<'_>) -> bool {
    node.descendants_it().nth(MAX_NODES).is_none()
}

fn count_images(node: &NodeRef<'_>) -> usize {
    node.descendants_it().filter(|inside| tree::has_name(inside, &["img", "amp-img"])).count()
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    #[test]
    fn captions_and_credits_move_under_their_image() {
        let image = "<img src=\"https://a.example/rain.jpg\" alt=\"\">";
        let wanted = |words: &str| format!("<figure>{image}<figcaption>{words}</figcaption></figure><p>It rained.</p>");
        for (html, words) in [
            (format!("<p>{image}</p><figcaption>Rain at noon</figcaption><p>It rained.</p>"), "Rain at noon"),
            (format!("<p>{image}</p><p>Photo: Ann Lee</p><p>It rained.</p>"), "Photo: Ann Lee"),
            (format!("<figure>{image}</figure> <p>© Valley Post</p><p>It rained.</p>"), "© Valley Post"),
            (format!("<div>{image}</div><div>Foto von Ann Lee</div><p>It rained.</p>"), "Foto von Ann Lee"),
        ] {
            assert_eq!(sanitize_html(&html, None).as_str().replace('\n', ""), wanted(words), "{html}");
        }
        for class in ["wp-caption-text", "dnd-caption-wrapper", "Image__Caption", "bildunterschrift"] {
            let framed = format!("<div><div>{image}</div><div class={class}>Rain at noon</div></div><p>It rained.</p>");
            assert_eq!(sanitize_html(&framed, None).as_str().replace('\n', ""), wanted("Rain at noon"), "{class}");
        }
        let two = format!(
            "<div><div>{image}</div><div><div class=caption><p>Rain at noon</p></div><div class=credits><p>Ann Lee</p></div></div></div>"
        );
        let both = "<figcaption><p>Rain at noon</p><p>Ann Lee</p></figcaption>";
        assert_eq!(sanitize_html(&two, None).as_str().replace('\n', ""), format!("<figure>{image}{both}</figure>"));
        for name in ["h2 class=figure__caption", "span class=tagline", "div class=photo-text"] {
            let end = name.split(' ').next().unwrap();
            let framed = format!("<figure><div>{image}</div><{name}>Rain at noon</{end}></figure><p>It rained.</p>");
            assert_eq!(sanitize_html(&framed, None).as_str().replace('\n', ""), wanted("Rain at noon"), "{name}");
        }
        let button = format!(
            "<figure>{image}<figcaption>Rain at noon <b class=hide-caption><b>hide caption</b></b></figcaption></figure><p>It rained.</p>"
        );
        assert_eq!(sanitize_html(&button, None).as_str().replace('\n', ""), wanted("Rain at noon"));
        let unchanged = format!("<p>{image}</p><p>Photographs of the flood hang in the town hall.</p>");
        assert_eq!(sanitize_html(&unchanged, None).as_str(), unchanged);
        let below = format!("<figure>{image}</figure><p class=caption>Rain at noon</p><p>It rained.</p>");
        assert_eq!(sanitize_html(&below, None).as_str().replace('\n', ""), wanted("Rain at noon"));
        let twice = format!(
            "<figure>{image}<figcaption><i>Rain at noon. Photo: Ann Lee</i></figcaption></figure><p>Photo: Ann Lee</p>\
             <p>It rained.</p>"
        );
        assert_eq!(
            sanitize_html(&twice, None).as_str().replace('\n', ""),
            wanted("<i>Rain at noon. Photo: Ann Lee</i>")
        );
        let misused = format!("<figcaption><div>{image}</div><div>Rain at noon</div></figcaption>");
        assert_eq!(sanitize_html(&misused, None).as_str(), format!("<p>{image}</p><p>Rain at noon</p>"));
    }
}
