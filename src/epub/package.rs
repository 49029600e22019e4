//! The files around the articles: package document, contents, cover page, style.

use crate::epub::text::escape;
use crate::epub::{Book, Chapter, Entry};

/// The media type of pages.
pub(super) const XHTML: &str = "application/xhtml+xml";

pub(super) const CONTAINER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"#;

pub(super) const STYLE: &str = "body { margin: 0 1em; line-height: 1.4; }
h1 { font-size: 1.6em; line-height: 1.15; margin: .2em 0 .4em; text-align: start; }
h2, h3, h4, h5, h6 { font-size: 1.15em; line-height: 1.2; margin: 1.2em 0 .4em; }
p { margin: 0 0 .7em; }
img { max-width: 100%; height: auto; }
pre { white-space: pre-wrap; font-size: .85em; }
table { border-collapse: collapse; font-size: .85em; }
td, th { border-bottom: 1px solid #888; padding: .2em .5em; text-align: start; vertical-align: baseline; }
blockquote { margin: 0 0 .7em 1em; font-style: italic; }
.kicker { font-style: italic; margin: 0; }
.facts, .caption { font-size: .85em; }
.figure { margin: 0 0 .8em; }
.term { font-weight: bold; }
.definition { margin-left: 1em; }
.cover { text-align: center; margin: 0; }
.cover img { max-height: 100%; }
.nameplate { font-size: 3em; font-weight: bold; letter-spacing: -.03em; margin: .6em 0 .2em; }
";

/// Returns a page.
pub(super) fn page(title: &str, language: &str, direction: &str, content: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n\
         <html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" \
         lang=\"{language}\" xml:lang=\"{language}\" dir=\"{direction}\">\n\
         <head><meta charset=\"utf-8\"/><title>{}</title><link rel=\"stylesheet\" type=\"text/css\" href=\"style.css\"/></head>\n\
         <body>\n{content}</body>\n</html>\n",
        escape(title)
    )
}

/// Returns the first page: the cover, or the title alone.
pub(super) fn cover_page(book: &Book, image: Option<&str>) -> String {
    let content = match image {
        Some(path) => format!(
            "<div class=\"cover\" epub:type=\"cover\"><img src=\"{path}\" alt=\"{}\"/></div>\n",
            escape(&book.title)
        ),
        None => format!(
            "<div class=\"cover\" epub:type=\"cover\"><p class=\"nameplate\">Broadsheet</p><p>{}</p></div>\n",
            escape(&book.title)
        ),
    };
    page(&book.title, &book.language, "ltr", &content)
}

/// Returns each article with its number, from 1 on, by section.
fn numbered(book: &Book) -> impl Iterator<Item = (&str, Vec<(usize, &Chapter)>)> {
    let mut number = 0;
    book.sections.iter().map(move |section| {
        let chapters = section.chapters.iter().map(|chapter| {
            number += 1;
            (number, chapter)
        });
        (section.name.as_str(), chapters.collect())
    })
}

/// Returns the contents for EPUB 3.
pub(super) fn nav(book: &Book) -> String {
    let mut items = String::new();
    for (name, chapters) in numbered(book) {
        let Some((first, _)) = chapters.first() else { continue };
        items.push_str(&format!("<li><a href=\"a{first}.xhtml\">{}</a><ol>\n", escape(name)));
        for (number, chapter) in chapters {
            items.push_str(&format!("<li><a href=\"a{number}.xhtml\">{}</a></li>\n", escape(&chapter.title)));
        }
        items.push_str("</ol></li>\n");
    }
    let content = format!(
        "<nav epub:type=\"toc\" id=\"toc\"><h1>Contents</h1><ol>\n\
         <li><a href=\"cover.xhtml\">Cover</a></li>\n{items}</ol></nav>\n"
    );
    page("Contents", &book.language, "ltr", &content)
}

/// Returns the contents for EPUB 2 (NCX, ANSI/NISO Z39.86-2005).
pub(super) fn ncx(book: &Book) -> String {
    let mut points = String::new();
    let mut order = 1;
    let mut point = |label: &str, target: usize, inner: &str| {
        order += 1;
        format!(
            "<navPoint id=\"n{order}\"><navLabel><text>{}</text></navLabel>\
             <content src=\"a{target}.xhtml\"/>{inner}</navPoint>\n",
            escape(label)
        )
    };
    for (name, chapters) in numbered(book) {
        let Some((first, _)) = chapters.first() else { continue };
        let inner: String = chapters.iter().map(|(number, chapter)| point(&chapter.title, *number, "")).collect();
        points.push_str(&point(name, *first, &inner));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\" version=\"2005-1\">\n\
         <head><meta name=\"dtb:uid\" content=\"{}\"/><meta name=\"dtb:depth\" content=\"2\"/>\
         <meta name=\"dtb:totalPageCount\" content=\"0\"/><meta name=\"dtb:maxPageNumber\" content=\"0\"/></head>\n\
         <docTitle><text>{}</text></docTitle>\n<navMap>\n\
         <navPoint id=\"n1\"><navLabel><text>Cover</text></navLabel><content src=\"cover.xhtml\"/></navPoint>\n\
         {points}</navMap>\n</ncx>\n",
        escape(&book.identifier),
        escape(&book.title)
    )
}

/// Returns the package document.
pub(super) fn opf(book: &Book, entries: &[Entry], has_cover_image: bool) -> String {
    let manifest: String = entries
        .iter()
        .map(|Entry { id, path, media_type, properties }| {
            let properties =
                if properties.is_empty() { String::new() } else { format!(" properties=\"{properties}\"") };
            format!("<item id=\"{id}\" href=\"{path}\" media-type=\"{media_type}\"{properties}/>\n")
        })
        .collect();
    let articles: usize = book.sections.iter().map(|section| section.chapters.len()).sum();
    let spine: String = (1..=articles).map(|number| format!("<itemref idref=\"a{number}\"/>\n")).collect();
    // For readers of EPUB 2.
    let cover = if has_cover_image { "<meta name=\"cover\" content=\"cover-image\"/>\n" } else { "" };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"id\" xml:lang=\"{language}\">\n\
         <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
         <dc:identifier id=\"id\">{identifier}</dc:identifier>\n<dc:title>{title}</dc:title>\n\
         <dc:language>{language}</dc:language>\n<dc:creator>Broadsheet</dc:creator>\n\
         <dc:date>{date}</dc:date>\n<meta property=\"dcterms:modified\">{modified}</meta>\n{cover}</metadata>\n\
         <manifest>\n{manifest}</manifest>\n\
         <spine toc=\"ncx\">\n<itemref idref=\"cover\"/>\n<itemref idref=\"nav\"/>\n{spine}</spine>\n</package>\n",
        language = escape(&book.language),
        identifier = escape(&book.identifier),
        title = escape(&book.title),
        date = escape(&book.modified),
        modified = escape(&book.modified),
    )
}
