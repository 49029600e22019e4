//! Attached files.

use url::Url;

use crate::feed::Enclosure;
use crate::markup::namespaces::Namespace;
use crate::markup::scope::Scope;
use crate::markup::tree::Element;
use crate::problems::{Problem, Problems};

/// The most files of an item.
const MAX_FILES: usize = 100;

/// Media types by the endings of names.
const TYPES: &[(&str, &str)] = &[
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("m4b", "audio/mp4"),
    ("aac", "audio/aac"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("flac", "audio/flac"),
    ("wav", "audio/wav"),
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("webm", "video/webm"),
    ("ogv", "video/ogg"),
    ("mov", "video/quicktime"),
    ("mkv", "video/x-matroska"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("pdf", "application/pdf"),
    ("epub", "application/epub+zip"),
    ("zip", "application/zip"),
    ("torrent", "application/x-bittorrent"),
];

/// The files and the picture of an item.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) enclosures: Vec<Enclosure>,
    pub(super) image: Option<Url>,
}

/// A file as it is stated.
pub(super) struct Stated<'a> {
    pub(super) url: Option<Url>,
    pub(super) media_type: Option<&'a str>,
    pub(super) length: Option<u64>,
}

impl Files {
    /// Adds a file, unless it is known. What is stated twice is one file.
    pub(super) fn add(&mut self, stated: Stated<'_>, problems: &mut Problems) {
        let Some(url) = stated.url else { return };
        let sound = stated.media_type.filter(|it| is_media_type(it));
        problems.add_times(Problem::EnclosureType, usize::from(sound.is_none()));
        let media_type = media_type(sound, &url);
        if media_type.as_ref().is_some_and(|it| it.starts_with("image/")) {
            self.image.get_or_insert_with(|| url.clone());
        }
        match self.enclosures.iter_mut().find(|known| known.url == url) {
            Some(known) => known.length = known.length.or(stated.length),
            None => self.enclosures.push(Enclosure { url, media_type, length: stated.length }),
        }
        self.enclosures.truncate(MAX_FILES);
    }

    /// Adds the file of `<enclosure>`.
    pub(super) fn add_enclosure(&mut self, element: &Element, scope: &Scope, problems: &mut Problems) {
        let address = element.attribute("url").or_else(|| element.attribute("href"));
        let url = address.and_then(|address| scope.resolve(address));
        let length = element.attribute("length").and_then(length);
        self.add(Stated { url, media_type: element.attribute("type"), length }, problems);
    }

    /// Adds a recording, film or picture of Media RSS, and those of a group.
    pub(super) fn add_media(&mut self, element: &Element, scope: &Scope, problems: &mut Problems) {
        let url = || element.attribute("url").and_then(|address| scope.resolve(address));
        match &*element.local_name().to_ascii_lowercase() {
            "thumbnail" => self.image = self.image.take().or_else(url),
            "content" => {
                if let Some(url) = url() {
                    self.add_media_content(element, url, problems);
                }
                self.add_all_media(element, scope, problems);
            }
            "group" => self.add_all_media(element, scope, problems),
            _ => {}
        }
    }

    fn add_all_media(&mut self, element: &Element, scope: &Scope, problems: &mut Problems) {
        for child in element.elements().filter(|child| child.namespace == Namespace::Media) {
            self.add_media(child, &scope.inside(child), problems);
        }
    }

    fn add_media_content(&mut self, element: &Element, url: Url, problems: &mut Problems) {
        let stated = element.attribute("type").filter(|it| is_media_type(it));
        let kind = media_type(stated, &url);
        let medium = element.attribute("medium").unwrap_or_default();
        let begins = |start: &str| kind.as_ref().is_some_and(|kind| kind.starts_with(start));
        if medium == "image" || begins("image/") {
            self.image.get_or_insert(url);
        } else if begins("audio/") || begins("video/") {
            let length = element.attribute("fileSize").and_then(length);
            self.add(Stated { url: Some(url), media_type: kind.as_deref(), length }, problems);
        }
    }
}

/// Reads a size in bytes. Zero says that it is not known.
pub(super) fn length(text: &str) -> Option<u64> {
    text.split('.').next()?.trim().parse().ok().filter(|length| *length > 0)
}

fn is_media_type(text: &str) -> bool {
    let is_token = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic());
    let essence = text.split(';').next().unwrap_or_default().trim();
    essence.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype) && !subtype.contains('/'))
}

/// Returns the stated type, or what the ending of the name says if the type is missing or says nothing.
fn media_type(stated: Option<&str>, url: &Url) -> Option<String> {
    let stated = stated.map(|it| it.trim().to_ascii_lowercase());
    let says_nothing = |it: &String| it.ends_with("/octet-stream") || it.ends_with("/unknown") || it.ends_with("/*");
    match stated {
        Some(stated) if !says_nothing(&stated) => Some(stated),
        stated => by_ending(url).map(str::to_owned).or(stated),
    }
}

fn by_ending(url: &Url) -> Option<&'static str> {
    let (_, ending) = url.path().rsplit_once('.')?;
    TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(ending)).map(|(_, media_type)| *media_type)
}
