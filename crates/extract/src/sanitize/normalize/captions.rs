//! Captions that a page marks by a class instead of `figcaption`: the picture and its words become a figure.

use dom_query::NodeRef;

use crate::dom::{tree, words};

/// Words of the classes that content systems give to what stands under a picture: `wp-caption-text`, `image__caption`.
const NAMES: &[&str] = &["caption", "figcaption", "imagecaption", "bildunterschrift", "legende"];

/// Classes of the same that are no such word, and of those who made a picture.
const CLASSES: &[&str] =
    &["tagline", "credit", "credits", "photo-text", "media-text", "visuel-credits", "photo-credit", "image-credit"];

/// Words for a picture, with which a line begins that tells who made it.
const PICTURES: &[&str] = &[
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
/// Words between the picture and the one who made it.
const MADE_BY: &[&str] =
    &["by", "via", "courtesy", "credit", "source", "images", "von", "par", "por", "di", "door", "av"];
/// Longest such line, in bytes.
const LONGEST_CREDIT: usize = 140;

/// A picture with its words is a small thing: more nodes than this are something else, and are not looked through.
const MOST_NODES: usize = 200;

/// Longest caption, in bytes; more is a text that only stands beside a picture.
const LONGEST: usize = 1_000;

/// Whether one of these classes is that of a caption.
pub(super) fn is_named(classes: &str) -> bool {
    let is_known = |word: &str| NAMES.iter().any(|name| name.eq_ignore_ascii_case(word));
    // Almost no element has one, so most are sent away by one look.
    classes.len() >= 6 && (classes.split([' ', '-', '_', '\t', '\n']).any(is_known) || is_credit(classes))
}

/// Whether one of these classes is that of a button that opens or closes a caption.
pub(super) fn is_button(classes: &str) -> bool {
    classes.split_ascii_whitespace().any(|class| matches!(class, "hide-caption" | "toggle-caption"))
}

/// Makes figures of these captions and their pictures.
pub(super) fn mark(captions: &[NodeRef<'_>]) {
    for caption in captions {
        if !is_small(caption) {
            continue;
        }
        let caption = &with_words_beside(caption);
        let words = tree::line(caption).len();
        if words == 0 || words > LONGEST || holds_picture(caption) {
            continue;
        }
        let around: Vec<NodeRef<'_>> = caption.ancestors_it(Some(3)).take_while(is_small).collect();
        let figure = around.iter().find(|above| tree::is_any(above, &["figure"]));
        if let Some(figure) = figure {
            let own = tree::elements(figure, |node| tree::is_any(node, &["figcaption"])).into_iter().next();
            match own {
                None => caption.rename("figcaption"),
                Some(own) if is_right_behind(caption, &own) => {
                    own.append_child(&own.tree.new_text(" "));
                    own.append_child(caption);
                }
                Some(_) => {}
            }
            continue;
        }
        let frame = around.iter().find(|above| holds_picture(above));
        if let Some(frame) = frame.filter(|frame| is_frame(frame, words)) {
            frame.rename("figure");
            caption.rename("figcaption");
        }
    }
}

/// Who made a picture, together with what is said of it right before.
fn with_words_beside<'a>(caption: &NodeRef<'a>) -> NodeRef<'a> {
    let is_whole = |around: &NodeRef<'_>| {
        let holds = |names: &[&str]| around.descendants_it().any(|node| tree::is_any(&node, names));
        tree::is_any(around, &["div", "p", "span"]) && is_small(around) && !holds(&["img", "amp-img", "figcaption"])
    };
    let is_credit = caption.attr("class").is_some_and(|classes| is_credit(&classes));
    caption.parent().filter(|around| is_credit && is_whole(around)).unwrap_or(*caption)
}

fn is_credit(classes: &str) -> bool {
    classes.split_ascii_whitespace().any(|class| CLASSES.contains(&class))
}

/// Whether nothing stands between a caption and what else is said of the picture.
fn is_right_behind(more: &NodeRef<'_>, caption: &NodeRef<'_>) -> bool {
    more.prev_element_sibling().is_some_and(|before| before.id == caption.id)
}

/// Captions that hold the picture and its words, where no figure is around, are groups.
pub(super) fn frames(figcaptions: &[NodeRef<'_>]) {
    for caption in figcaptions.iter().filter(|caption| is_small(caption) && holds_picture(caption)) {
        if tree::figure_around(caption).is_none() {
            caption.rename("div");
        }
    }
}

/// Moves captions that stand outside of any figure into the one right before them, if that has no words yet.
pub(super) fn adopt(figcaptions: &[NodeRef<'_>]) {
    let is_inside = |caption: &NodeRef<'_>| caption.ancestors_it(Some(3)).any(|above| is_figure(&above));
    for caption in figcaptions.iter().filter(|caption| !is_inside(caption)) {
        let before = beside(caption.prev_sibling(), NodeRef::prev_sibling);
        if let Some(figure) = before.filter(takes_words) {
            figure.rename("figure");
            figure.append_child(caption);
        }
    }
}

/// Who made a picture, said in a paragraph right below it, stands under the picture.
pub(super) fn credits(root: &NodeRef<'_>) {
    for figure in tree::elements(root, takes_words) {
        let Some(credit) = beside(figure.next_sibling(), NodeRef::next_sibling) else { continue };
        let is_line = tree::is_any(&credit, &["p"]) && !credit.has_class("embed") && !holds_picture(&credit);
        if is_line && is_small(&credit) && names_maker(&tree::line(&credit)) {
            figure.rename("figure");
            credit.rename("figcaption");
            figure.append_child(&credit);
        }
    }
}

/// The nearest sibling in the direction that `step` takes which is neither white space nor an empty paragraph.
fn beside<'a>(mut at: Option<NodeRef<'a>>, step: impl Fn(&NodeRef<'a>) -> Option<NodeRef<'a>>) -> Option<NodeRef<'a>> {
    let is_nothing = |node: &NodeRef<'_>| {
        tree::is_blank_text(node) || (tree::is_any(node, &["p"]) && !tree::has_text(node) && !tree::has_image(node))
    };
    while let Some(blank) = at.filter(is_nothing) {
        at = step(&blank);
    }
    at
}

/// Whether an element is a figure without words, or a paragraph that is nothing but one picture.
fn takes_words(node: &NodeRef<'_>) -> bool {
    let is_bare = || tree::is_any(node, &["p"]) && is_small(node) && pictures(node) == 1 && !tree::has_text(node);
    let has_words = || node.descendants_it().any(|inside| tree::is_any(&inside, &["figcaption"]));
    is_figure(node) && is_small(node) && !has_words() || is_bare()
}

fn is_figure(node: &NodeRef<'_>) -> bool {
    tree::is_any(node, &["figure"])
}

/// "Photo: …", "Bild © …", "Foto von …", "© …".
fn names_maker(line: &str) -> bool {
    if line.len() > LONGEST_CREDIT {
        return false;
    }
    if line.starts_with('©') {
        return true;
    }
    let key = words::key(line);
    let mut said = key.split(' ');
    let (first, second) = (said.next().unwrap_or_default(), said.next().unwrap_or_default());
    let is_marked = || line.find([':', '©', '|', '/']).is_some_and(|at| words::count(&line[..at]) <= 2);
    PICTURES.contains(&first) && (is_marked() || MADE_BY.contains(&second))
}

/// Whether an element is there for one picture and the words under it.
fn is_frame(frame: &NodeRef<'_>, words: usize) -> bool {
    let name = tree::local(frame);
    let plain = name.is_some_and(|name| matches!(name.as_ref(), "div" | "section" | "span" | "p" | "aside"));
    plain && pictures(frame) == 1 && tree::line(frame).len() <= words + 80
}

fn holds_picture(node: &NodeRef<'_>) -> bool {
    pictures(node) > 0
}

fn is_small(node: &NodeRef<'_>) -> bool {
    node.descendants_it().nth(MOST_NODES).is_none()
}

fn pictures(node: &NodeRef<'_>) -> usize {
    node.descendants_it().filter(|inside| tree::is_any(inside, &["img", "amp-img"])).count()
}

#[cfg(test)]
mod tests {
    use crate::sanitize::sanitize_html;

    #[test]
    fn what_is_said_of_a_picture_stands_under_it() {
        let picture = "<img src=\"https://a.example/rain.jpg\" alt=\"\">";
        let wanted =
            |words: &str| format!("<figure>{picture}<figcaption>{words}</figcaption></figure><p>It rained.</p>");
        for (html, words) in [
            (format!("<p>{picture}</p><figcaption>Rain at noon</figcaption><p>It rained.</p>"), "Rain at noon"),
            (format!("<p>{picture}</p><p>Photo: Ann Lee</p><p>It rained.</p>"), "Photo: Ann Lee"),
            (format!("<figure>{picture}</figure> <p>© Valley Post</p><p>It rained.</p>"), "© Valley Post"),
            (format!("<div>{picture}</div><div>Foto von Ann Lee</div><p>It rained.</p>"), "Foto von Ann Lee"),
        ] {
            assert_eq!(sanitize_html(&html, None).as_str().replace('\n', ""), wanted(words), "{html}");
        }
        for class in ["wp-caption-text", "dnd-caption-wrapper", "Image__Caption", "bildunterschrift"] {
            let framed =
                format!("<div><div>{picture}</div><div class={class}>Rain at noon</div></div><p>It rained.</p>");
            assert_eq!(sanitize_html(&framed, None).as_str().replace('\n', ""), wanted("Rain at noon"), "{class}");
        }
        let two = format!(
            "<div><div>{picture}</div><div><div class=caption><p>Rain at noon</p></div><div class=credits><p>Ann Lee</p></div></div></div>"
        );
        let both = "<figcaption><p>Rain at noon</p><p>Ann Lee</p></figcaption>";
        assert_eq!(sanitize_html(&two, None).as_str().replace('\n', ""), format!("<figure>{picture}{both}</figure>"));
        for name in ["h2 class=figure__caption", "span class=tagline", "div class=photo-text"] {
            let end = name.split(' ').next().unwrap();
            let framed = format!("<figure><div>{picture}</div><{name}>Rain at noon</{end}></figure><p>It rained.</p>");
            assert_eq!(sanitize_html(&framed, None).as_str().replace('\n', ""), wanted("Rain at noon"), "{name}");
        }
        let button = format!(
            "<figure>{picture}<figcaption>Rain at noon <b class=hide-caption><b>hide caption</b></b></figcaption></figure><p>It rained.</p>"
        );
        assert_eq!(sanitize_html(&button, None).as_str().replace('\n', ""), wanted("Rain at noon"));
        let told = format!("<p>{picture}</p><p>Photographs of the flood hang in the town hall.</p>");
        assert_eq!(sanitize_html(&told, None).as_str(), told);
        let around = format!("<figcaption><div>{picture}</div><div>Rain at noon</div></figcaption>");
        assert_eq!(sanitize_html(&around, None).as_str(), format!("<p>{picture}</p><p>Rain at noon</p>"));
    }
}
