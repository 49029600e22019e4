//! EPUB: a book of articles, for e-readers. Pure: articles and images in, a file out.
//!
//! An EPUB 3.3 package (W3C Recommendation, 2023) with the table of contents of EPUB 2 (NCX) for older readers. It is
//! written here, on `zip`, since it is a few small files around the articles, and most of the work is turning the HTML of
//! the web into the strict XHTML of books ([`xhtml`]), which no writer of packages does.

mod binder;
pub mod cover;
mod package;
mod text;
mod xhtml;

pub use binder::Binder;

use std::collections::HashMap;
use std::io::{Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::epub::text::escape;

/// Bytes of images in one book, at most. Further ones are left out.
const MAX_IMAGE_BYTES: usize = 60 << 20;

/// A book.
#[derive(Debug, Clone)]
pub struct Book {
    /// Its title: `Broadsheet, Monday, 23 November 2026`.
    pub title: String,
    /// What tells it from all others: a URN.
    pub identifier: String,
    /// BCP 47 tag of what the book itself says.
    pub language: String,
    /// When it was last changed, `2026-11-23T00:00:00Z`.
    pub modified: String,
    /// Its parts, in order.
    pub sections: Vec<Section>,
}

/// A part of a book.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its heading.
    pub name: String,
    /// Its articles.
    pub chapters: Vec<Chapter>,
}

/// An article in a book.
#[derive(Debug, Clone)]
pub struct Chapter {
    /// Its title.
    pub title: String,
    /// Source, author, date: a line below the title.
    pub facts: String,
    /// BCP 47 tag of its text.
    pub language: Option<String>,
    /// Whether the text runs from right to left.
    pub is_right_to_left: bool,
    /// Where it was published.
    pub url: Option<String>,
    /// Key of the image above the text, and what it shows.
    pub lead_image: Option<(String, String)>,
    /// Sanitised HTML.
    pub html: String,
    /// Keys of images by their URL in the text.
    pub images: HashMap<String, String>,
}

/// An image as it is written into a book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its format.
    pub format: PictureFormat,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A format that all e-readers show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// `image/jpeg`
    Jpeg,
    /// `image/png`
    Png,
    /// `image/gif`
    Gif,
}

impl PictureFormat {
    /// Returns the media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
        }
    }
}

/// A file of the package, for its manifest.
struct Entry {
    id: String,
    path: String,
    media_type: &'static str,
    properties: &'static str,
}

impl Entry {
    fn new(id: impl Into<String>, path: impl Into<String>, media_type: &'static str) -> Self {
        Self { id: id.into(), path: path.into(), media_type, properties: "" }
    }
}

/// Writes the package file by file.
struct Writer<W: Write + Seek> {
    zip: ZipWriter<W>,
    entries: Vec<Entry>,
    /// Path by key; `None` for an image that cannot be had.
    pictures: HashMap<String, Option<String>>,
    picture_bytes: usize,
}

/// Writes a book. `read_image` returns the image of a key, if there is one that e-readers show.
///
/// # Errors
/// `out` cannot be written to.
pub fn write<W: Write + Seek>(
    book: &Book,
    cover: Option<&Picture>,
    mut read_image: impl FnMut(&str) -> Option<Picture>,
    out: W,
) -> anyhow::Result<W> {
    let mut writer =
        Writer { zip: ZipWriter::new(out), entries: Vec::new(), pictures: HashMap::new(), picture_bytes: 0 };
    // The standard wants it first and as it is, so that programs recognise the file.
    writer.zip.start_file("mimetype", SimpleFileOptions::default().compression_method(CompressionMethod::Stored))?;
    writer.zip.write_all(b"application/epub+zip")?;
    writer.write_plain("META-INF/container.xml", package::CONTAINER)?;
    writer.add(Entry::new("style", "style.css", "text/css"), package::STYLE.as_bytes())?;
    if let Some(cover) = cover {
        let path = format!("cover.{}", cover.format.extension());
        let entry = Entry::new("cover-image", path, cover.format.media_type());
        writer.add(Entry { properties: "cover-image", ..entry }, &cover.bytes)?;
    }
    let page = package::cover_page(book, cover.map(|cover| format!("cover.{}", cover.format.extension())).as_deref());
    writer.add(Entry::new("cover", "cover.xhtml", package::XHTML), page.as_bytes())?;
    let mut number = 0;
    for section in &book.sections {
        for chapter in &section.chapters {
            number += 1;
            let page = chapter_page(&mut writer, chapter, &section.name, &mut read_image)?;
            writer
                .add(Entry::new(format!("a{number}"), format!("a{number}.xhtml"), package::XHTML), page.as_bytes())?;
        }
    }
    let nav = Entry { properties: "nav", ..Entry::new("nav", "nav.xhtml", package::XHTML) };
    writer.add(nav, package::nav(book).as_bytes())?;
    writer.add(Entry::new("ncx", "toc.ncx", "application/x-dtbncx+xml"), package::ncx(book).as_bytes())?;
    let package = package::opf(book, &writer.entries, cover.is_some());
    writer.write_plain("EPUB/package.opf", &package)?;
    Ok(writer.zip.finish()?)
}

impl<W: Write + Seek> Writer<W> {
    fn write_plain(&mut self, path: &str, text: &str) -> anyhow::Result<()> {
        self.zip.start_file(path, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated))?;
        Ok(self.zip.write_all(text.as_bytes())?)
    }

    /// Writes a file and notes it for the manifest.
    fn add(&mut self, entry: Entry, bytes: &[u8]) -> anyhow::Result<()> {
        let is_packed = entry.media_type.starts_with("image/");
        let method = if is_packed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        self.zip.start_file(format!("EPUB/{}", entry.path), SimpleFileOptions::default().compression_method(method))?;
        self.zip.write_all(bytes)?;
        self.entries.push(entry);
        Ok(())
    }

    /// Writes an image, once, and returns its path; `None` if there is none or no room for it.
    fn add_picture(
        &mut self,
        key: &str,
        read_image: &mut impl FnMut(&str) -> Option<Picture>,
    ) -> anyhow::Result<Option<String>> {
        if let Some(known) = self.pictures.get(key) {
            return Ok(known.clone());
        }
        let picture = if self.picture_bytes < MAX_IMAGE_BYTES { read_image(key) } else { None };
        let picture = picture.filter(|picture| self.picture_bytes + picture.bytes.len() <= MAX_IMAGE_BYTES);
        let path = match picture {
            Some(picture) => {
                self.picture_bytes += picture.bytes.len();
                let number = self.pictures.len() + 1;
                let path = format!("images/{number}.{}", picture.format.extension());
                self.add(Entry::new(format!("i{number}"), path.as_str(), picture.format.media_type()), &picture.bytes)?;
                Some(path)
            }
            None => None,
        };
        self.pictures.insert(key.to_owned(), path.clone());
        Ok(path)
    }
}

fn chapter_page<W: Write + Seek>(
    writer: &mut Writer<W>,
    chapter: &Chapter,
    section: &str,
    read_image: &mut impl FnMut(&str) -> Option<Picture>,
) -> anyhow::Result<String> {
    let lead = match &chapter.lead_image {
        Some((key, alt)) => writer.add_picture(key, read_image)?.map(|path| (path, alt.as_str())),
        None => None,
    };
    let mut paths: HashMap<&str, String> = HashMap::new();
    for url in xhtml::image_urls(&chapter.html) {
        let Some((url, key)) = chapter.images.get_key_value(&url) else { continue };
        if let Some(path) = writer.add_picture(key, read_image)? {
            paths.insert(url, path);
        }
    }
    let body = xhtml::convert(&chapter.html, |url| paths.get(url).map(String::as_str));
    let lead =
        lead.map(|(path, alt)| format!("<div class=\"figure\"><img src=\"{path}\" alt=\"{}\"/></div>\n", escape(alt)));
    let original = chapter.url.as_deref().and_then(xhtml::link_target);
    let original = original.map(|url| format!("<p class=\"facts\"><a href=\"{}\">Original</a></p>\n", escape(&url)));
    let content = format!(
        "<p class=\"kicker\">{}</p>\n<h1>{}</h1>\n<p class=\"facts\">{}</p>\n{}{body}\n{}",
        escape(section),
        escape(&chapter.title),
        escape(&chapter.facts),
        lead.unwrap_or_default(),
        original.unwrap_or_default()
    );
    let language = chapter.language.as_deref().filter(|language| text::is_language_tag(language));
    let direction = if chapter.is_right_to_left { "rtl" } else { "ltr" };
    Ok(package::page(&chapter.title, language.unwrap_or("en"), direction, &content))
}

#[cfg(test)]
mod tests;
