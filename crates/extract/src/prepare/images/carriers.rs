//! Puts an `<img>` where a page shows a picture by other means: a background, an object or frame, a custom element, a
//! template, a drawing that only wraps a picture, a button around the picture.

use dom_query::NodeRef;
use url::Url;

use super::source_choice;
use crate::dom::tree::{self, attribute};
use crate::dom::{urls, words};
use crate::prepare::embeds;

/// Attributes with the URL of a background that a script would load.
const BACKGROUND_ATTRIBUTES: &[&str] =
    &["data-bg", "data-background", "data-background-image", "data-bg-src", "data-bgset", "data-lazy-background"];
/// Parts of class names of elements that are there for their background.
const PICTURE_WORDS: &[&str] = &["image", "img", "photo", "picture", "foto", "bild", "visual", "imagen", "immagine"];
/// Parts of class names of buttons that enlarge the picture in them.
const ENLARGING_WORDS: &[&str] =
    &["lightbox", "zoom", "enlarge", "expand", "fullscreen", "fullsize", "gallery", "image", "photo", "picture"];
/// Parts of the names of custom elements that show no picture of the article.
const ICON_WORDS: &[&str] = &["icon", "avatar", "logo", "emoji", "badge", "share"];
/// The most nodes of an element that is searched for a picture.
const MAX_NODES: usize = 60;
/// The most words on a button around a picture.
const MAX_BUTTON_WORDS: usize = 9;
/// The width and height of an icon, in pixels, at most.
const MAX_ICON_SIDE: u16 = 64;

/// Takes the pictures out of templates, which a script would insert. A template with words is something else.
pub(crate) fn open_templates(templates: &[NodeRef<'_>]) {
    for template in templates.iter().filter(|template| !template.has_attr("shadowrootmode")) {
        let Some(contents) = template.element_ref().and_then(|element| element.template_contents) else { continue };
        let contents = NodeRef::new(contents, template.tree);
        if is_small(&contents) && has_picture(&contents) && !tree::has_any_text(&contents) {
            contents.children().iter().for_each(|child| template.insert_before(child));
        }
    }
}

/// Puts an `<img>` into or in place of each element of the page that shows a picture by other means.
pub(crate) fn insert_images(root: &NodeRef<'_>, base: Option<&Url>) {
    let mut found: Vec<(NodeRef<'_>, Carrier)> = Vec::new();
    for node in root.descendants_it() {
        let Some(element) = node.element_ref() else { continue };
        let has = |names: &[&str]| element.attrs.iter().any(|own| names.contains(&&*own.name.local));
        let carrier = match element.name.local.as_ref() {
            "object" | "embed" | "iframe" => Carrier::Frame,
            "picture" => Carrier::Picture,
            "button" => Carrier::Button,
            "svg" => Carrier::Drawing,
            "img" => Carrier::Image,
            name if name.contains('-') && !name.starts_with("amp-") && !embeds::is_frame_element(name) => {
                Carrier::Custom
            }
            _ if has(&["style"]) || has(BACKGROUND_ATTRIBUTES) => Carrier::Background,
            _ => continue,
        };
        found.push((node, carrier));
    }
    for (node, carrier) in found {
        match carrier {
            Carrier::Frame => replace_frame(&node, base),
            Carrier::Picture => complete_picture(&node),
            Carrier::Button => unwrap_button(&node),
            Carrier::Drawing => replace_wrapping_drawing(&node),
            Carrier::Image => read_own_background(&node),
            Carrier::Custom => fill_custom_element(&node, base),
            Carrier::Background => insert_background(&node, base),
        }
    }
}

/// How an element shows a picture.
#[derive(Clone, Copy)]
enum Carrier {
    Frame,
    Picture,
    Button,
    Drawing,
    Image,
    Custom,
    Background,
}

/// Replaces an object or frame whose content is a picture.
fn replace_frame(frame: &NodeRef<'_>, base: Option<&Url>) {
    let states_picture = attribute(frame, "type").is_some_and(|kind| kind.to_ascii_lowercase().starts_with("image/"));
    let source = ["data", "src", "data-src", "data-lazy-src"].iter().filter_map(|name| attribute(frame, name));
    let source = source.into_iter().find(|source| states_picture || names_image_file(source, base));
    let Some(source) = source else { return };
    let image = new_image(frame, &source);
    if attribute(&image, "alt").is_none() && tree::has_name(frame, &["object"]) {
        image.set_attr("alt", &words::one_line(&frame.text(), 499));
    }
    for name in ["width", "height"] {
        if let Some(size) = attribute(frame, name) {
            image.set_attr(name, &size);
        }
    }
    frame.insert_before(&image);
    frame.remove_from_parent();
}

/// Adds the `<img>` that a `<picture>` lacks, so that its sources have something to fill.
fn complete_picture(picture: &NodeRef<'_>) {
    let has_source = || !tree::elements(picture, |node| tree::has_name(node, &["source"])).is_empty();
    if is_small(picture) && !has_picture(picture) && has_source() {
        picture.append_child(&picture.tree.new_element("img"));
    }
}

/// Unwraps a button that only frames a picture, without its label.
fn unwrap_button(button: &NodeRef<'_>) {
    let images = if is_small(button) { tree::images(button) } else { Vec::new() };
    let enlarges = || {
        let named = tree::class_and_id(button) + &attribute(button, "aria-label").unwrap_or_default();
        tree::enclosing_figure(button).is_some() || mentions(&named.to_ascii_lowercase(), ENLARGING_WORDS)
    };
    let is_picture = |image: &NodeRef<'_>| match (pixels(image, "width"), pixels(image, "height")) {
        (Some(width), Some(height)) => width.max(height) > MAX_ICON_SIDE,
        _ => {
            enlarges() && !attribute(image, "src").is_some_and(|source| source.ends_with(".svg"))
                || image.has_attr("srcset")
                || image.has_attr("data-srcset")
        }
    };
    if !images.iter().any(is_picture) || tree::has_more_words_than(button, MAX_BUTTON_WORDS) {
        return;
    }
    let labels: Vec<_> = button.descendants_it().filter(tree::is_nonblank_text).collect();
    labels.iter().filter(|label| !is_in_noscript(label)).for_each(NodeRef::remove_from_parent);
    button.remove_all_attrs();
    button.rename("div");
}

fn is_in_noscript(node: &NodeRef<'_>) -> bool {
    node.ancestors_it(Some(3)).any(|above| tree::has_name(&above, &["noscript"]))
}

/// Replaces an `<svg>` that shows nothing but one picture.
fn replace_wrapping_drawing(drawing: &NodeRef<'_>) {
    if !is_small(drawing) {
        return;
    }
    let is_drawn = |node: &NodeRef<'_>| tree::has_name(node, &["image", "path", "text", "use", "line", "polyline"]);
    let [picture] = tree::elements(drawing, is_drawn)[..] else { return };
    let source = ["href", "xlink:href"].iter().find_map(|name| attribute(&picture, name));
    let href = || {
        let element = picture.element_ref()?;
        element.attrs.iter().find(|own| &*own.name.local == "href").map(|own| own.value.to_string())
    };
    if let Some(source) = source.or_else(href).filter(|_| tree::has_name(&picture, &["image"])) {
        drawing.insert_before(&new_image(drawing, &source));
        drawing.remove_from_parent();
    }
}

/// Moves the background of an image to its `src`, where that only holds its place.
fn read_own_background(image: &NodeRef<'_>) {
    let is_empty = attribute(image, "src").is_none_or(|source| super::is_placeholder(&source));
    let url = attribute(image, "style").filter(|_| is_empty).and_then(|style| url_of_style(&style));
    if let Some(url) = url.filter(|url| !source_choice::is_drawn_placeholder(url)) {
        image.set_attr("src", &url);
    }
}

/// Puts the picture of a custom element into it.
fn fill_custom_element(element: &NodeRef<'_>, base: Option<&Url>) {
    let name = tree::name(element);
    let source = ["src", "data-src", "image", "image-src", "srcset", "data-srcset"];
    let source = source.iter().find_map(|name| attribute(element, name));
    let Some(source) = source.filter(|_| !mentions(&name, ICON_WORDS)) else { return };
    let is_picture = || {
        mentions(&name, PICTURE_WORDS) || names_image_file(source.split([' ', ',']).next().unwrap_or_default(), base)
    };
    if !is_small(element) || has_picture(element) || !is_picture() {
        return;
    }
    let image = element.tree.new_element("img");
    image.set_attr(super::ADDED, "");
    for attribute in element.attrs().iter().filter(|own| &*own.name.local != "id" && !own.name.local.starts_with("on"))
    {
        image.set_attr(&attribute.name.local, &attribute.value);
    }
    if attribute(&image, "src").is_none() && !source.contains(' ') {
        image.set_attr("src", &source);
    }
    element.prepend_child(&image);
}

/// Puts an image into an element that shows it as its background.
fn insert_background(element: &NodeRef<'_>, base: Option<&Url>) {
    let by_script = BACKGROUND_ATTRIBUTES.iter().find_map(|name| attribute(element, name));
    let style = attribute(element, "style").unwrap_or_default();
    if by_script.is_none() && !style.contains("url(") || is_sprite(&style) || tree::is_hidden(element) {
        return;
    }
    if !is_small(element) || has_picture(element) || !is_for_its_picture(element) || tree::has_visible_text(element) {
        return;
    }
    let by_script = by_script.map(|value| url_of_style(&value).unwrap_or(value));
    let by_script = by_script.filter(|value| names_image_file(value.split(' ').next().unwrap_or_default(), base));
    if let Some(source) = by_script.or_else(|| url_of_style(&style)) {
        element.prepend_child(&new_image(element, source.split(' ').next().unwrap_or_default()));
    }
}

/// Returns whether an element says that it is a picture, or is all that a figure shows.
fn is_for_its_picture(element: &NodeRef<'_>) -> bool {
    let is_role = attribute(element, "role").is_some_and(|role| role == "img");
    let is_in_figure = || {
        let figure = tree::enclosing_figure(element);
        tree::has_name(element, &["figure"]) || figure.is_some_and(|figure| is_small(&figure) && !has_picture(&figure))
    };
    is_role || is_in_figure() || mentions(&tree::class_and_id(element), PICTURE_WORDS)
}

/// Returns whether a background shows a part of a larger image, or is as small as an icon.
fn is_sprite(style: &str) -> bool {
    let style = style.replace(' ', "").to_ascii_lowercase();
    let side = |name: &str| {
        let value = style.split(';').find_map(|rule| rule.strip_prefix(name))?;
        value.strip_suffix("px")?.parse::<f32>().ok()
    };
    let is_small = |name: &str| side(name).is_some_and(|side| side <= f32::from(MAX_ICON_SIDE));
    style.contains("background-position:-") || is_small("width:") || is_small("height:")
}

/// Returns the first URL in a style.
pub(super) fn url_of_style(style: &str) -> Option<String> {
    let rest = style.split_once("url(")?.1.trim_start();
    let url = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].split(quote).next()?,
        _ => rest.split(')').next()?,
    };
    Some(url.trim().to_owned()).filter(|url| !url.is_empty() && !url.starts_with('#'))
}

/// Creates an image in place of an element, described as that is.
fn new_image<'a>(element: &NodeRef<'a>, source: &str) -> NodeRef<'a> {
    let image = element.tree.new_element("img");
    image.set_attr("src", source);
    image.set_attr(super::ADDED, "");
    if let Some(alt) = ["alt", "aria-label", "title", "data-alt"].iter().find_map(|name| attribute(element, name)) {
        image.set_attr("alt", &alt);
    }
    image
}

fn names_image_file(source: &str, base: Option<&Url>) -> bool {
    let is_file = |url: Url| {
        let path = url.path().to_ascii_lowercase();
        [".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".svg"].iter().any(|end| path.ends_with(end))
    };
    source.starts_with("data:image/") || urls::resolve_http(source, base).is_some_and(is_file)
}

fn mentions(name: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| name.contains(part))
}

fn pixels(image: &NodeRef<'_>, name: &str) -> Option<u16> {
    attribute(image, name).and_then(|size| super::parse_pixels(&size))
}

fn is_small(node: &NodeRef<'_>) -> bool {
    node.descendants_it().nth(MAX_NODES).is_none()
}

fn has_picture(node: &NodeRef<'_>) -> bool {
    node.descendants_it().any(|inside| {
        tree::has_name(&inside, &["img", "picture", "amp-img", "video", "iframe", "object", "embed", "noscript"])
            && inside.id != node.id
    })
}
