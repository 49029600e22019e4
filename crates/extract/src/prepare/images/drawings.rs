//! Writes drawings (`<svg>`) as pictures of their own, through an allow-list: shapes, text and colours, without scripts,
//! links, styles and anything loaded from elsewhere.

use dom_query::NodeRef;
use html5ever::ns;

use super::inline::InlineImages;
use crate::dom::tree::{self, Walk, attribute};
use crate::dom::words;

/// Elements of drawings, in the spelling of the SVG standard.
const ELEMENTS: &[&str] = &[
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "textPath",
    "title",
    "desc",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "pattern",
    "marker",
    "switch",
];
/// Elements that put something on the page.
const SHAPES: &[&str] = &["path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "use"];
/// Attributes that point inside the drawing.
const REFERENCES: &[&str] =
    &["href", "clip-path", "mask", "fill", "stroke", "marker-start", "marker-mid", "marker-end", "filter"];
/// Width and height of an icon, in pixels, at most.
const MAX_ICON_SIDE: f32 = 64.0;
/// Least width of a drawing outside a figure that does not call itself an image.
const MIN_WIDTH: f32 = 200.0;
/// Most nodes of a drawing.
const MAX_NODES: usize = 20_000;
/// Most bytes of a drawing.
const MAX_BYTES: usize = 2 << 20;

/// Replaces the drawings that are pictures of the article by images. Returns these.
pub(crate) fn replace_with_images<'a>(drawings: &[NodeRef<'a>], inline: &mut InlineImages) -> Vec<NodeRef<'a>> {
    let mut images = Vec::new();
    if !inline.are_accepted() {
        return images;
    }
    for drawing in drawings.iter().filter(|drawing| is_picture(drawing)) {
        let Some(url) = write(drawing).and_then(|text| inline.add(text.into_bytes())) else { continue };
        let image = drawing.tree.new_element("img");
        image.set_attr("src", url.as_str());
        image.set_attr(super::ADDED, "");
        if let Some(alt) = describe(drawing) {
            image.set_attr("alt", &alt);
        }
        drawing.insert_before(&image);
        drawing.remove_from_parent();
        images.push(image);
    }
    images
}

/// Returns whether a drawing is a picture rather than an icon: in a figure, or large, or an image by its role.
fn is_picture(drawing: &NodeRef<'_>) -> bool {
    if drawing.descendants_it().nth(MAX_NODES).is_some() || tree::is_hidden(drawing) {
        return false;
    }
    let shapes = drawing.descendants_it().filter(|node| tree::has_name(node, SHAPES)).take(2).count();
    let above = || drawing.ancestors_it(Some(5));
    let is_control =
        || above().any(|node| tree::has_name(&node, &["a", "button", "nav", "header", "label", "summary"]));
    let size = size(drawing);
    let is_icon = size.is_some_and(|(width, height)| width <= MAX_ICON_SIDE && height <= MAX_ICON_SIDE);
    let is_named = || {
        attribute(drawing, "role").is_some_and(|role| role == "img" || role.starts_with("graphics-"))
            && describe(drawing).is_some()
    };
    // The coordinates alone tell nothing: those of icons go up to 512 or 1,000.
    let is_large = || {
        let states_size = attribute(drawing, "width").is_some_and(|width| !width.ends_with(['%', 'm']));
        states_size && size.is_some_and(|(width, _)| width >= MIN_WIDTH) && drawing.attr("aria-hidden").is_none()
    };
    shapes > 0 && !is_icon && !is_control() && (tree::enclosing_figure(drawing).is_some() || is_named() || is_large())
}

/// Returns width and height, as stated or else by the coordinates.
fn size(drawing: &NodeRef<'_>) -> Option<(f32, f32)> {
    let side = |name: &str| attribute(drawing, name)?.trim_end_matches("px").parse::<f32>().ok();
    if let (Some(width), Some(height)) = (side("width"), side("height")) {
        return Some((width, height));
    }
    let numbers: Vec<f32> = attribute(drawing, "viewBox")?
        .split([' ', ','])
        .filter(|part| !part.is_empty())
        .map_while(|part| part.parse().ok())
        .collect();
    let [_, _, width, height] = numbers[..] else { return None };
    match side("width") {
        Some(shown) if width > 0.0 => Some((shown, height * shown / width)),
        _ => Some((width, height)),
    }
}

fn describe(drawing: &NodeRef<'_>) -> Option<String> {
    let title = || {
        let title = drawing.children().into_iter().find(|child| tree::has_name(child, &["title"]))?;
        Some(words::one_line(&title.text(), 499)).filter(|title| !title.is_empty())
    };
    attribute(drawing, "aria-label").or_else(title).or_else(|| attribute(drawing, "title"))
}

/// Writes a drawing; `None` if nothing is left of it, or too much.
fn write(drawing: &NodeRef<'_>) -> Option<String> {
    let out = std::cell::RefCell::new(String::from("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    if let Some((width, height)) = size(drawing).filter(|_| attribute(drawing, "viewBox").is_none()) {
        out.borrow_mut().push_str(&format!(" viewBox=\"0 0 {width} {height}\""));
    }
    write_attributes(drawing, &mut out.borrow_mut());
    out.borrow_mut().push('>');
    let is_full = || out.borrow().len() > MAX_BYTES;
    tree::walk(
        drawing,
        |node| {
            if tree::read_text(node, |text| out.borrow_mut().push_str(&tree::escape(text))).is_some() {
                return Walk::Skip;
            }
            if is_full() || !is_allowed(node) {
                return Walk::Skip;
            }
            let mut out = out.borrow_mut();
            out.push('<');
            out.push_str(&tree::name(node));
            write_attributes(node, &mut out);
            out.push('>');
            Walk::Enter
        },
        |node| out.borrow_mut().push_str(&format!("</{}>", tree::name(node))),
    );
    (!is_full()).then(|| out.into_inner() + "</svg>")
}

fn is_allowed(node: &NodeRef<'_>) -> bool {
    node.qual_name_ref().is_some_and(|name| name.ns == ns!(svg) && ELEMENTS.contains(&&*name.local))
}

fn write_attributes(node: &NodeRef<'_>, out: &mut String) {
    let is_root = tree::has_name(node, &["svg"]);
    for attribute in node.attrs() {
        let (name, value): (&str, &str) = (&attribute.name.local, &attribute.value);
        if is_allowed_attribute(name, value) && !(is_root && name == "id") {
            out.push_str(&format!(" {name}=\"{}\"", tree::escape(value)));
        }
    }
}

/// Returns whether an attribute draws: no handlers, no names of the page, and no URL but of a part of the drawing.
fn is_allowed_attribute(name: &str, value: &str) -> bool {
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_of_page = name.starts_with("on") || name.starts_with("data-") || name.starts_with("aria-");
    let lower = value.to_ascii_lowercase();
    let leads_out = match name {
        "href" => !value.starts_with('#'),
        _ if REFERENCES.contains(&name) || name == "style" => {
            lower.matches("url(").count() != lower.matches("url(#").count()
                || lower.contains("@import")
                || lower.contains('\\')
        }
        _ => lower.contains("url(") || lower.contains("script:") || lower.contains("://"),
    };
    is_plain
        && !is_of_page
        && !leads_out
        && !matches!(name, "class" | "role" | "xmlns" | "src" | "tabindex" | "focusable")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(html: &str) -> Vec<String> {
        let page = crate::parse::parse_page(html);
        let drawings = tree::elements(&page.tree.root(), |node| tree::has_name(node, &["svg"]));
        let mut inline = InlineImages::collected();
        replace_with_images(&drawings, &mut inline);
        inline.into_found().into_iter().map(|image| String::from_utf8(image.bytes).unwrap()).collect()
    }

    #[test]
    fn a_drawing_is_written_without_what_could_act_or_load() {
        let page = "<figure><svg viewBox='0 0 300 120' onload=x() class=c><style>rect{fill:url(//b.example)}</style>\
                    <script>x()</script><linearGradient id=g><stop offset=0 stop-color=red /></linearGradient>\
                    <rect width=300 height=120 fill='url(#g)' style='stroke:url(//b.example/x)' onclick=x() />\
                    <a href='javascript:x()'><text x=9>May &lt; June</text></a><image href='//b.example/p.png' />\
                    <foreignObject><p>x</p><img src=x onerror=x()></foreignObject><use href='//b.example/s.svg#a' />\
                    <path d='M0 0L9 9' fill='url(//b.example)' /></svg></figure>";
        let text = written(page).concat();
        for part in
            ["viewBox=\"0 0 300 120\"", "<linearGradient id=\"g\">", "fill=\"url(#g)\"", "<path d=\"M0 0L9 9\">"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        for part in ["b.example", "onload", "onclick", "onerror", "script", "foreignObject", "<style", "<a"] {
            assert!(!text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn icons_are_no_pictures() {
        for (html, pictures) in [
            ("<figure><svg viewBox='0 0 300 120'><path d='M0 0'/></svg></figure>", 1),
            ("<p><svg width=400 height=300><path d='M0 0'/></svg></p>", 1),
            ("<div><svg role=img aria-label='Rain by month' viewBox='0 0 90 90'><rect/></svg></div>", 1),
            ("<p><svg width=24 height=24 role=img aria-label=Share><path d='M0 0'/></svg></p>", 0),
            ("<figure><svg viewBox='0 0 24 24'><path d='M0 0'/></svg></figure>", 0),
            ("<button><svg width=400 height=300><path d='M0 0'/></svg></button>", 0),
            ("<p><svg viewBox='0 0 512 512' aria-hidden=true><path d='M0 0'/></svg></p>", 0),
            ("<figure><svg viewBox='0 0 300 120'></svg></figure>", 0),
        ] {
            assert_eq!(written(html).len(), pictures, "{html}");
        }
    }
}
