//! Makes the book of an edition: gathers its articles and images, and has them bound.

use std::collections::HashMap;
use std::fs::File;

use image::ImageFormat;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::epub::{Book, Chapter, Picture, PictureFormat, Section, cover};
use crate::library::Library;
use crate::library::articles::article_page::{self, PageContext};
use crate::library::articles::editions::Place;
use crate::library::articles::editions::closed::ClosedItem;
use crate::library::articles::{Article, editions};
use crate::library::image_files::{self, ImageHash};
use crate::library::thumbnails::for_books::{self, Paper};
use crate::web::edition::days;
use crate::web::edition::view::name_section;
use crate::web::shell::dates::{self, LocalClock};
use crate::web::shell::{Error, Result};

/// Largest file of an image that is read for a book, in bytes.
const MAX_FILE_BYTES: u64 = 40_000_000;

/// The part of the lead and the stories beside it.
const FRONT_PAGE: &str = "Front page";

/// The part of stories in brief.
const BRIEFS: &str = "In brief";

/// Makes the book of the edition of a day; that of today has what is in it so far.
///
/// # Errors
/// There is no edition of that day, the database fails, or the disk is full.
pub(crate) async fn make(app: &App, library: &Library, day: Date, paper: Paper) -> Result<File> {
    let clock = crate::web::shell::local_clock(app);
    let (book, lead_image) = gather(library, &find_items(library, day, &clock).await?, day, &clock).await?;
    let (covered, read) = (library.clone(), library.clone());
    let line = dates::format_weekday(day);
    let make_cover = move || draw_cover(&covered, &line, lead_image.as_deref(), paper);
    let read_image = move |hash: &str| read_image(&read, hash, paper);
    Ok(app.binder.bind(book, make_cover, read_image).await?)
}

/// Draws the cover of the edition of a day alone, as JPEG.
///
/// # Errors
/// There is no edition of that day, or the database fails.
pub(crate) async fn make_cover(app: &App, library: &Library, day: Date) -> Result<Vec<u8>> {
    let clock = crate::web::shell::local_clock(app);
    let items = find_items(library, day, &clock).await?;
    let mut lead_image = None;
    for item in items.iter().take(1) {
        if let Some((article, context)) = article_page::find_page(library, item.item.article).await? {
            lead_image = lead_hash(&article, &context);
        }
    }
    let (library, line) = (library.clone(), dates::format_weekday(day));
    let draw = move || draw_cover(&library, &line, lead_image.as_deref(), Paper::Color);
    app.binder.run(draw).await?.map(|cover| cover.bytes).ok_or(Error::NotFound)
}

/// Returns what is in the edition of a day, and fails if that is nothing.
async fn find_items(library: &Library, day: Date, clock: &LocalClock) -> Result<Vec<ClosedItem>> {
    let items = match day.cmp(&clock.today()) {
        std::cmp::Ordering::Less => days::find(library, day, clock).await?.items,
        std::cmp::Ordering::Equal => days::compose_today(library, clock).await?,
        std::cmp::Ordering::Greater => Vec::new(),
    };
    if items.is_empty() { Err(Error::NotFound) } else { Ok(items) }
}

/// Gathers the articles of a book, and the hash of the image on its cover.
async fn gather(
    library: &Library,
    items: &[ClosedItem],
    day: Date,
    clock: &LocalClock,
) -> Result<(Book, Option<String>)> {
    let mut sections: Vec<Section> = Vec::new();
    let mut lead_image = None;
    for ClosedItem { item, section_name } in items {
        let found = article_page::find_page(library, item.article).await?;
        let Some((article, context)) = found.filter(|(article, _)| !article.state.deleted) else { continue };
        lead_image = lead_image.or_else(|| lead_hash(&article, &context).filter(|_| sections.is_empty()));
        let name = match &item.place {
            editions::Place::Lead | Place::Top => FRONT_PAGE.to_owned(),
            Place::Section(slug) => name_section(slug, section_name.as_ref().unwrap_or(&article.topic_name)),
            Place::Brief => BRIEFS.to_owned(),
        };
        let chapter = chapter(article, &context, clock);
        match sections.last_mut().filter(|section| section.name == name) {
            Some(section) => section.chapters.push(chapter),
            None => sections.push(Section { name, chapters: vec![chapter] }),
        }
    }
    if sections.is_empty() {
        return Err(Error::NotFound);
    }
    let book = Book {
        title: format!("Broadsheet, {}", dates::format_weekday(day)),
        identifier: identifier(&sections, day),
        language: "en".to_owned(),
        modified: format!("{day}T00:00:00Z"),
        sections,
    };
    Ok((book, lead_image))
}

/// Returns the same URN for the same articles on the same day, so that an e-reader knows a book again.
fn identifier(sections: &[Section], day: Date) -> String {
    let mut hash = Sha256::new_with_prefix(day.to_string());
    for chapter in sections.iter().flat_map(|section| &section.chapters) {
        hash.update(chapter.title.as_bytes());
        hash.update(chapter.url.as_deref().unwrap_or_default().as_bytes());
    }
    let digits: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let [a, b, c, d, e] = [&digits[..8], &digits[8..12], &digits[13..16], &digits[17..20], &digits[20..]];
    // Version 8 and variant of RFC 9562: made by our own rule.
    format!("urn:uuid:{a}-{b}-8{c}-8{d}-{e}")
}

fn lead_hash(article: &Article, context: &PageContext) -> Option<String> {
    let url = article.lead_image_url.as_ref()?;
    context.images.iter().find(|image| image.url == *url)?.hash.clone()
}

fn chapter(article: Article, context: &PageContext, clock: &LocalClock) -> Chapter {
    let images: HashMap<String, String> =
        context.images.iter().filter_map(|image| Some((image.url.clone(), image.hash.clone()?))).collect();
    let lead = lead_hash(&article, context).map(|hash| (hash, article.lead_image_alt.clone().unwrap_or_default()));
    let date = article.published_at.unwrap_or(article.received_at);
    let byline = article.byline.filter(|byline| !byline.trim().is_empty());
    let facts = [Some(article.source_name), byline, Some(clock.format_date(date))];
    // An image that is in the text, too, is shown there.
    let lead_image = lead.filter(|_| {
        article.lead_image_url.as_deref().is_some_and(|url| !article.html.as_str().contains(&escape_attribute(url)))
    });
    Chapter {
        title: article.title,
        facts: facts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        language: article.language,
        is_right_to_left: article.direction == extract::Direction::Rtl,
        url: article.url,
        lead_image,
        html: article.html.as_str().to_owned(),
        images,
    }
}

/// Writes a URL as it stands in HTML.
fn escape_attribute(url: &str) -> String {
    url.replace('&', "&amp;")
}

fn read_original(library: &Library, hash: &str) -> Option<Vec<u8>> {
    let path = image_files::path(library, &ImageHash::parse(hash)?);
    let size = std::fs::metadata(&path).ok()?.len();
    if size > MAX_FILE_BYTES { None } else { std::fs::read(path).ok() }
}

/// Returns our copy of an image as books have it. A decoder that panics has met a file that it cannot read.
fn read_image(library: &Library, hash: &str, paper: Paper) -> Option<Picture> {
    let original = read_original(library, hash)?;
    let copied = std::panic::catch_unwind(|| for_books::copy(&original, paper)).ok().flatten();
    let (format, bytes) = copied?;
    let format = match format {
        ImageFormat::Jpeg => PictureFormat::Jpeg,
        ImageFormat::Png => PictureFormat::Png,
        _ => return None,
    };
    Some(Picture { format, bytes })
}

fn draw_cover(library: &Library, line: &str, lead_image: Option<&str>, paper: Paper) -> Option<Picture> {
    let original = lead_image.and_then(|hash| read_original(library, hash));
    let cut = |original: Vec<u8>| for_books::cut(&original, cover::IMAGE_SIZE);
    let image = original.and_then(|original| std::panic::catch_unwind(|| cut(original)).ok().flatten());
    let drawn = cover::draw(line, image.as_ref()).ok()?;
    Some(Picture { format: PictureFormat::Jpeg, bytes: for_books::encode(&drawn, paper)? })
}
