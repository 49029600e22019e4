//! Recognizes images that stand for a site rather than an article, by their URLs.

use url::Url;

/// Words for logos and placeholders.
const SITE_IMAGE_WORDS: &[&str] = &[
    "logo",
    "logos",
    "logotype",
    "wordmark",
    "favicon",
    "favicons",
    "placeholder",
    "blank",
    "spacer",
    "pixel",
    "noimage",
    "fallback",
];
/// The same, in file names of hardly any other words.
const ICON_WORDS: &[&str] = &["icon", "icons", "avatar", "sprite", "dummy"];
/// Words for the use of an image on social networks. A file named after its use alone is the same on every page.
const SHARING_WORDS: &[&str] = &[
    "og",
    "opengraph",
    "social",
    "share",
    "shares",
    "sharing",
    "facebook",
    "fb",
    "twitter",
    "generic",
    "standard",
    "seo",
    "subscribe",
];
/// Words that add nothing to them.
const FILLER_WORDS: &[&str] = &[
    "open",
    "graph",
    "image",
    "images",
    "img",
    "pic",
    "picture",
    "photo",
    "media",
    "card",
    "cards",
    "default",
    "wide",
    "landscape",
    "large",
    "small",
    "square",
    "big",
    "site",
    "website",
    "meta",
    "preview",
    "thumbnail",
    "thumb",
    "cover",
    "main",
    "homepage",
    "home",
    "page",
    "link",
    "promo",
    "icon",
    "banner",
    "primary",
    "the",
];
/// Maximum number of other words in the file name of a logo.
const MAX_OTHER_WORDS: usize = 3;
/// Folders of avatars.
const AVATAR_FOLDERS: &[&str] = &["avatars", "blavatar", "userpics"];

/// Returns whether an image stands for the site. `page` is the URL of the page that names it.
pub(crate) fn is_site_image(image: &Url, page: Option<&Url>) -> bool {
    let name = ImageName::parse(image, page);
    name.is_avatar() || name.names_site() || name.names_sharing_use()
}

/// Returns whether the file name says nothing else. For images in the body, where an article may show a logo.
pub(crate) fn is_plain_site_image(image: &Url, page: Option<&Url>) -> bool {
    let name = ImageName::parse(image, page);
    name.is_avatar() || (name.names_site() && name.other_word_count() == 0)
}

struct ImageName {
    folders: Vec<String>,
    /// Words of the file name, without numbers and generated ids.
    words: Vec<String>,
    query: String,
    hosts: String,
}

impl ImageName {
    fn parse(image: &Url, page: Option<&Url>) -> ImageName {
        // Resizing services hold the URL of the original in their own.
        let whole = image.as_str().replace("%2F", "/").replace("%2f", "/").replace("%3F", "?").to_ascii_lowercase();
        let (path, query) = whole.split_once('?').unwrap_or((&whole, ""));
        let mut folders: Vec<String> =
            path.split('/').skip(3).filter(|step| !step.is_empty()).map(str::to_owned).collect();
        let file = folders.pop().unwrap_or_default();
        let stem = file.split_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let host = |url: &Url| url.host_str().unwrap_or_default().to_owned();
        ImageName {
            folders,
            words: split_words(stem),
            query: query.to_owned(),
            hosts: host(image) + " " + &page.map(host).unwrap_or_default(),
        }
    }

    fn is_avatar(&self) -> bool {
        // "avatar/8f3a…" is an avatar, "films/avatar/poster" is a film.
        let is_numbered = self.folders.last().is_some_and(|folder| folder == "avatar") && self.other_word_count() == 0;
        self.folders.iter().any(|folder| AVATAR_FOLDERS.contains(&folder.as_str())) || is_numbered
    }

    /// Matches "site-logo.png" and "favicons/7.png". A long name with "logo" in it may belong to an article about a
    /// brand.
    fn names_site(&self) -> bool {
        let is_named = self.words.iter().any(|word| self.is_site_word(word));
        let touch = self.words.starts_with(&["apple".to_owned(), "touch".to_owned(), "icon".to_owned()])
            || self.words.starts_with(&["ms".to_owned(), "icon".to_owned()]);
        let in_folder = self.folders.last().is_some_and(|folder| matches!(folder.as_str(), "favicon" | "favicons"));
        (is_named && self.other_word_count() <= MAX_OTHER_WORDS) || touch || in_folder
    }

    fn is_site_word(&self, word: &str) -> bool {
        // Below a number, "default" is the name of a size.
        let sized = || self.folders.last().is_some_and(|folder| folder.bytes().any(|byte| byte.is_ascii_digit()));
        SITE_IMAGE_WORDS.contains(&word)
            || word.starts_with("favicon")
            || (word == "default" && !sized())
            || (ICON_WORDS.contains(&word) && self.words.len() <= 2)
            || (word.ends_with("logo") && self.words.len() <= 2)
    }

    /// Counts the words that name something else.
    fn other_word_count(&self) -> usize {
        self.words.iter().filter(|word| !self.is_site_word(word) && !self.is_host_word(word)).count()
    }

    /// Matches "og-image.png" and "facebook-default.jpg", if nothing else in the URL identifies an article.
    fn names_sharing_use(&self) -> bool {
        let has_word_of = |list: &[&str]| self.words.iter().any(|word| list.contains(&word.as_str()));
        let is_filler = |word: &String| {
            SHARING_WORDS.contains(&word.as_str()) || FILLER_WORDS.contains(&word.as_str()) || self.is_host_word(word)
        };
        has_word_of(SHARING_WORDS) && self.words.iter().all(is_filler) && !self.names_article()
    }

    /// Returns whether folders or query identify an article: by a number, a date, a title.
    fn names_article(&self) -> bool {
        if self.folders.iter().any(|folder| matches!(folder.as_str(), "theme" | "themes")) {
            return false;
        }
        let is_specific = |folder: &String| {
            folder.bytes().filter(u8::is_ascii_digit).count() >= 3 || folder.split(['-', '_']).count() >= 3
        };
        let asked = |name: &str| self.query.split('&').any(|part| part.starts_with(name));
        self.folders.iter().any(is_specific)
            || ["id=", "title=", "text=", "url=", "slug=", "path="].iter().any(|name| asked(name))
    }

    /// Returns whether a word is part of the site's host or of the image host.
    fn is_host_word(&self, word: &str) -> bool {
        word.len() >= 3 && self.hosts.contains(word)
    }
}

/// Splits a file name into words. Mixed letters and digits, or long hexadecimal parts, are generated ids.
fn split_words(stem: &str) -> Vec<String> {
    let stem = stem.replace("%20", " ");
    let parts = stem.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !is_generated_id(part));
    let letters = parts.flat_map(|part| part.split(|letter: char| letter.is_ascii_digit()));
    letters.filter(|word| word.len() > 1).map(str::to_owned).collect()
}

fn is_generated_id(part: &str) -> bool {
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let is_hexadecimal = || part.bytes().all(|byte| byte.is_ascii_hexdigit());
    (part.len() >= 8 && digits >= 2 && digits < part.len() && is_hexadecimal()) || (part.len() >= 12 && digits >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emblem(image: &str) -> bool {
        let name = Url::parse("https://img.post.example").unwrap().join(image).unwrap();
        is_site_image(&name, Some(&Url::parse("https://www.valleypost.example/rain").unwrap()))
    }

    #[test]
    fn detects_site_images_by_file_name() {
        for image in [
            "/logo.png",
            "/img/valley-post-logo-2018-square-reverse2x.png",
            "/etc/valleypostlogo_1200x630.png",
            "/Primary-logo_ceec8917-4619-4676-b983-7a7dc8197fad.jpg",
            "/62224e557bb7dc30220f1f07_Valley%20Logo%20(Hero).png",
            "/apple-touch-icon@2.png?v=07",
            "/img/ms-icon-310x310.png",
            "/favicons/docs@2x.ico",
            "/blavatar/67b14216068c8ca65cfca1e9b70fb10f?s=200",
            "/data/avatars/l/81/81656.jpg",
            "/images/og_generic.webp",
            "/img/opengraph.png",
            "/SharedDocs/OG-Image.jpg?__blob=cover&v=5",
            "/wp-content/themes/post2020/img/facebook.jpg",
            "/static/valleypost-social-wide.jpg",
            "/fetch/f_auto/https%3A%2F%2Fx.example%2Ftwitter%2Fsubscribe-card.jpg%3Fv%3D1",
        ] {
            assert!(emblem(image), "{image}");
        }
    }

    #[test]
    fn keeps_images_named_after_articles() {
        for image in [
            "/rain.jpg",
            "/how-the-old-valley-logo-was-made-in-one-day.jpg",
            "/2019/04/mr1/facebook.jpg",
            "/blog/2026-01-26-the-rain-of-friday/social-media.png",
            "/api/og-image?id=0265a621&extension=png",
            "/rain-in-the-valley-facebook.jpg",
            "/600/200/59B90841071B/default.jpg",
            "/avatar-the-film-in-the-valley.jpg",
        ] {
            assert!(!emblem(image), "{image}");
        }
    }
}
