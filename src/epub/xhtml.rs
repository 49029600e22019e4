//! Turns the sanitised HTML of articles into the XHTML of books, which is stricter: each element has its place (block or
//! text, list and its items), ids are unique, links within the page lead somewhere, and nothing is loaded from elsewhere. An
//! element that is not where it may be becomes a `div` or `span`; no text is lost.

use std::collections::HashSet;

use html5gum::Tokenizer;
use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};
use url::Url;

use crate::epub::text::{escape, is_language_tag};

/// What may be inside an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// Blocks and text.
    Flow,
    /// Text and what is part of it.
    Phrasing,
    /// Items only.
    List,
    /// Rows and groups of them.
    Table,
    /// Cells only.
    Row,
}

/// An element that is open in the output.
struct Open {
    /// Its name in the input; empty for one that is implied.
    name: String,
    /// What closes it in the output.
    close: &'static str,
    content: Content,
    /// Where it begins in the output.
    at: usize,
}

/// Returns the path of an image in the book by its URL.
type ImagePath<'a> = Box<dyn Fn(&str) -> Option<&'a str> + 'a>;

/// The page as it is written.
struct Page<'a> {
    out: String,
    open: Vec<Open>,
    /// All ids in the input, which links may lead to.
    targets: HashSet<String>,
    /// Those that were written.
    written: HashSet<String>,
    image_path: ImagePath<'a>,
}

/// Converts HTML. `image_path` returns the path of an image in the book by its URL; others are replaced by their
/// descriptions.
pub(super) fn convert<'a>(html: &str, image_path: impl Fn(&str) -> Option<&'a str> + 'a) -> String {
    let mut page = Page {
        out: String::with_capacity(html.len() + html.len() / 8),
        open: Vec::new(),
        targets: ids(html),
        written: HashSet::new(),
        image_path: Box::new(image_path),
    };
    let mut skipped = 0;
    for token in tokens(html) {
        match token {
            // Parentheses for browsers without ruby.
            Token::StartTag(tag) if &**tag.name == b"rp" => skipped += 1,
            Token::EndTag(tag) if &**tag.name == b"rp" => skipped = 0,
            _ if skipped > 0 => {}
            Token::StartTag(tag) => page.start(&tag),
            Token::EndTag(tag) => page.end(&String::from_utf8_lossy(&tag.name)),
            Token::String(text) => page.text(&String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    page.close_to(0);
    page.out
}

/// Returns the URLs of all images, in order.
pub(super) fn image_urls(html: &str) -> Vec<String> {
    let images = tokens(html).filter_map(|token| match token {
        Token::StartTag(tag) if &**tag.name == b"img" => attribute(&tag, "src"),
        _ => None,
    });
    images.collect()
}

/// Returns a link as books have it; `None` if it is no link to the web or a mail address.
pub(super) fn link_target(href: &str) -> Option<String> {
    let url = Url::parse(href).ok()?;
    if !matches!(url.scheme(), "http" | "https" | "mailto") {
        return None;
    }
    // Browsers leave some characters as they are that RFC 3986 does not allow.
    let mut out = String::with_capacity(href.len());
    for c in url.as_str().chars() {
        if c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c) {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            out.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    // Brackets are for IPv6 addresses alone.
    let host_end = out.find("://").map_or(0, |at| out[at + 3..].find('/').map_or(out.len(), |slash| at + 3 + slash));
    let (host, rest) = out.split_at(host_end);
    let fragment = rest.find('#').map_or(rest.len(), |at| at + 1);
    let (before, after) = rest.split_at(fragment);
    let clean = |text: &str| text.replace('[', "%5B").replace(']', "%5D");
    Some(format!("{host}{}{}", clean(before), clean(after).replace('#', "%23")))
}

fn tokens(html: &str) -> impl Iterator<Item = Token> {
    let tokenizer = Tokenizer::new_with_emitter(html, DefaultEmitter::default());
    tokenizer.filter_map(Result::ok)
}

fn ids(html: &str) -> HashSet<String> {
    let ids = tokens(html).filter_map(|token| match token {
        Token::StartTag(tag) => attribute(&tag, "id"),
        _ => None,
    });
    ids.filter_map(|id| xml_id(&id)).collect()
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    let (_, value) = tag.attributes.iter().find(|(key, _)| ***key == *name.as_bytes())?;
    Some(String::from_utf8_lossy(value).into_owned())
}

/// Returns an id as XML allows it; `None` if nothing is left of it.
fn xml_id(id: &str) -> Option<String> {
    let id: String = id.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then_some(id)
}

impl Page<'_> {
    fn content(&self) -> Content {
        self.open.last().map_or(Content::Flow, |open| open.content)
    }

    fn start(&mut self, tag: &StartTag<()>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        match name.as_str() {
            "col" | "colgroup" | "wbr" => return,
            "img" => return self.image(tag),
            "br" => return self.void("<br/>"),
            "hr" => {
                self.make_room_for_text();
                return self.void(if self.content() == Content::Flow { "<hr/>" } else { "<br/>" });
            }
            _ => {}
        }
        self.make_room(&name);
        let (tag_name, close, content) = self.choose(&name, tag);
        let at = self.out.len();
        self.out.push_str(tag_name);
        self.write_attributes(&name, tag);
        self.out.push('>');
        self.open.push(Open { name, close, content, at });
    }

    /// Returns what an element becomes at this place: the begin of its tag, what closes it, and what may be inside.
    fn choose(&self, name: &str, tag: &StartTag<()>) -> (&'static str, &'static str, Content) {
        let here = self.content();
        if let Some((open, close)) = phrasing(name) {
            let is_nested_link = name == "a" && self.open.iter().any(|open| open.close == "</a>");
            let is_bare_bdo = name == "bdo" && attribute(tag, "dir").is_none();
            let is_stray_rt = name == "rt" && self.open.last().is_none_or(|open| open.name != "ruby");
            return match name {
                _ if is_nested_link || is_bare_bdo || is_stray_rt => ("<span", "</span>", Content::Phrasing),
                // These may hold what is allowed around them.
                "a" | "ins" | "del" => (open, close, if here == Content::Flow { here } else { Content::Phrasing }),
                _ => (open, close, Content::Phrasing),
            };
        }
        match (name, here) {
            ("li", Content::List) => ("<li", "</li>", Content::Flow),
            ("thead" | "tbody" | "tfoot", Content::Table) => ("<tbody", "</tbody>", Content::Table),
            ("tr", Content::Table) => ("<tr", "</tr>", Content::Row),
            ("td", Content::Row) => ("<td", "</td>", Content::Flow),
            ("th", Content::Row) => ("<th", "</th>", Content::Phrasing),
            ("caption", Content::Table) if self.out.ends_with('>') && self.is_new_table() => {
                ("<caption", "</caption>", Content::Phrasing)
            }
            ("caption", Content::Table) => ("<tbody><tr><td", "</td></tr></tbody>", Content::Flow),
            (_, Content::Phrasing) => ("<span", "</span>", Content::Phrasing),
            ("p", _) => ("<p", "</p>", Content::Phrasing),
            ("h2", _) => ("<h2", "</h2>", Content::Phrasing),
            ("h3", _) => ("<h3", "</h3>", Content::Phrasing),
            ("h4", _) => ("<h4", "</h4>", Content::Phrasing),
            ("h5", _) => ("<h5", "</h5>", Content::Phrasing),
            ("h6", _) => ("<h6", "</h6>", Content::Phrasing),
            ("pre", _) => ("<pre", "</pre>", Content::Phrasing),
            ("ul", _) => ("<ul", "</ul>", Content::List),
            ("ol", _) => ("<ol", "</ol>", Content::List),
            ("table", _) => ("<table", "</table>", Content::Table),
            ("blockquote", _) => ("<blockquote", "</blockquote>", Content::Flow),
            ("figure", _) => ("<div class=\"figure\"", "</div>", Content::Flow),
            ("figcaption", _) => ("<div class=\"caption\"", "</div>", Content::Flow),
            ("dt" | "summary", _) => ("<div class=\"term\"", "</div>", Content::Flow),
            ("dd", _) => ("<div class=\"definition\"", "</div>", Content::Flow),
            _ => ("<div", "</div>", Content::Flow),
        }
    }

    fn is_new_table(&self) -> bool {
        self.open.last().is_some_and(|open| open.name == "table" && !self.out[open.at + 1..].contains('<'))
    }

    /// Opens what an element needs around it: an item in a list, a row and a cell in a table.
    fn make_room(&mut self, name: &str) {
        match self.content() {
            Content::List if name != "li" => self.imply("<li>", "</li>", Content::Flow),
            // A list that is written without its items' end tags.
            Content::Flow
                if name == "li"
                    && self.open.last().is_some_and(|open| open.name.is_empty() && open.close == "</li>") =>
            {
                self.pop()
            }
            Content::Table if !matches!(name, "caption" | "thead" | "tbody" | "tfoot" | "tr") => {
                self.imply("<tr><td>", "</td></tr>", Content::Flow);
            }
            Content::Row if !matches!(name, "td" | "th") => self.imply("<td>", "</td>", Content::Flow),
            _ => {}
        }
    }

    fn make_room_for_text(&mut self) {
        self.make_room("");
    }

    fn imply(&mut self, open: &'static str, close: &'static str, content: Content) {
        let at = self.out.len();
        self.out.push_str(open);
        self.open.push(Open { name: String::new(), close, content, at });
    }

    fn void(&mut self, tag: &str) {
        self.make_room_for_text();
        self.out.push_str(tag);
    }

    fn text(&mut self, text: &str) {
        let is_blank = text.trim().is_empty();
        if !is_blank {
            self.make_room_for_text();
        } else if matches!(self.content(), Content::List | Content::Table | Content::Row) {
            return;
        }
        self.out.push_str(&escape(text));
    }

    fn image(&mut self, tag: &StartTag<()>) {
        let alt = attribute(tag, "alt").unwrap_or_default();
        let path = attribute(tag, "src").and_then(|src| (self.image_path)(&src));
        match path {
            Some(path) => self.void(&format!("<img src=\"{}\" alt=\"{}\"/>", escape(path), escape(&alt))),
            None if alt.trim().is_empty() => {}
            None => self.void(&format!("<span class=\"caption\">[{}]</span>", escape(alt.trim()))),
        }
    }

    fn write_attributes(&mut self, name: &str, tag: &StartTag<()>) {
        let mut written = String::new();
        if let Some(id) = attribute(tag, "id").and_then(|id| xml_id(&id))
            && self.written.insert(id.clone())
        {
            written.push_str(&format!(" id=\"{id}\""));
        }
        if let Some(language) = attribute(tag, "lang").filter(|language| is_language_tag(language)) {
            written.push_str(&format!(" lang=\"{language}\" xml:lang=\"{language}\""));
        }
        if let Some(direction) =
            attribute(tag, "dir").filter(|direction| matches!(&**direction, "ltr" | "rtl" | "auto"))
        {
            written.push_str(&format!(" dir=\"{direction}\""));
        }
        let last = self.out.rsplit('<').next().unwrap_or_default();
        match (name, last) {
            ("a", "a") => {
                let href = attribute(tag, "href").unwrap_or_default();
                let target = match href.strip_prefix('#') {
                    Some(id) => xml_id(id).filter(|id| self.targets.contains(id)).map(|id| format!("#{id}")),
                    None => link_target(&href),
                };
                written.extend(target.map(|target| format!(" href=\"{}\"", escape(&target))));
            }
            ("td", "td") | ("th", "th") => {
                for name in ["colspan", "rowspan"] {
                    let span = attribute(tag, name).and_then(|span| span.parse::<u16>().ok()).filter(|span| *span > 0);
                    written.extend(span.map(|span| format!(" {name}=\"{span}\"")));
                }
            }
            ("ol", "ol") => {
                let start = attribute(tag, "start").and_then(|start| start.parse::<u16>().ok());
                written.extend(start.map(|start| format!(" start=\"{start}\"")));
            }
            ("abbr", "abbr") => {
                written.extend(attribute(tag, "title").map(|title| format!(" title=\"{}\"", escape(&title))));
            }
            _ => {}
        }
        self.out.push_str(&written);
    }

    fn end(&mut self, name: &str) {
        if let Some(at) = self.open.iter().rposition(|open| open.name == name) {
            self.close_to(at);
        }
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            self.pop();
        }
    }

    fn pop(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let inner = &self.out[open.at..];
        match open.name.as_str() {
            // Ruby without readings is text, and one that does not end with a reading gets an empty one.
            "ruby" if open.close == "</ruby>" && !inner.contains("<rt") => {
                self.out.replace_range(open.at..open.at + 5, "<span");
                self.out.push_str("</span>");
                return;
            }
            "ruby" if open.close == "</ruby>" && !inner.ends_with("</rt>") => self.out.push_str("<rt></rt>"),
            _ => {}
        }
        // What has to have something inside.
        let is_empty = self.out.ends_with('>') && !self.out[open.at + 1..].contains('<');
        match open.close {
            "</ul>" | "</ol>" if is_empty => self.out.push_str("<li></li>"),
            "</table>" | "</tbody>" if is_empty => self.out.push_str("<tr><td></td></tr>"),
            "</tr>" if is_empty => self.out.push_str("<td></td>"),
            _ => {}
        }
        self.out.push_str(open.close);
    }
}

/// Returns the begin and the end of the tags of elements that are part of text.
fn phrasing(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "a" => ("<a", "</a>"),
        "abbr" => ("<abbr", "</abbr>"),
        "b" => ("<b", "</b>"),
        "bdi" => ("<bdi", "</bdi>"),
        "bdo" => ("<bdo", "</bdo>"),
        "cite" => ("<cite", "</cite>"),
        "code" => ("<code", "</code>"),
        "del" => ("<del", "</del>"),
        "dfn" => ("<dfn", "</dfn>"),
        "em" => ("<em", "</em>"),
        "i" => ("<i", "</i>"),
        "ins" => ("<ins", "</ins>"),
        "kbd" => ("<kbd", "</kbd>"),
        "mark" => ("<mark", "</mark>"),
        "q" => ("<q", "</q>"),
        "rt" => ("<rt", "</rt>"),
        "ruby" => ("<ruby", "</ruby>"),
        "s" => ("<s", "</s>"),
        "samp" => ("<samp", "</samp>"),
        "small" => ("<small", "</small>"),
        "span" | "time" => ("<span", "</span>"),
        "strong" => ("<strong", "</strong>"),
        "sub" => ("<sub", "</sub>"),
        "sup" => ("<sup", "</sup>"),
        "u" => ("<u", "</u>"),
        "var" => ("<var", "</var>"),
        _ => return None,
    })
}
