//! Pictures that a page contains itself: `data:` URLs and drawings.
//!
//! A picture is named by the SHA-256 of its bytes, in a URL that leads nowhere. The body refers to it like to any other, and [`crate::inline_images`] returns its bytes, so that no article carries them around.

use data_url::DataUrl;
use dom_query::NodeRef;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::dom::tree::attribute;
use crate::dom::urls::INLINE_IMAGE_PREFIX;

/// Most bytes of one picture.
const MAX_BYTES: usize = 12 << 20;
/// Most bytes of all pictures of a page.
const MAX_TOTAL_BYTES: usize = 48 << 20;
/// Most pictures of a page.
const MAX_IMAGES: usize = 1_000;
/// Least width and height of a picture; less is a spacer or a blurred stand-in.
const MIN_SIDE: usize = 9;
/// How many times a picture may be enlarged by its attributes.
const MAX_ENLARGEMENT: usize = 8;

/// A picture that a page contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlineImage {
    /// Its URL in the body, which ends with the SHA-256 of its bytes in hexadecimal digits.
    pub url: Url,
    /// The file: JPEG, PNG, GIF, WebP, AVIF, BMP or SVG.
    pub bytes: Vec<u8>,
}

/// What becomes of the pictures that a page contains.
#[derive(Debug)]
pub(crate) struct InlineImages {
    purpose: Purpose,
    found: Vec<InlineImage>,
    images_left: usize,
    bytes_left: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Refuse,
    Name,
    Collect,
}

impl InlineImages {
    /// Accepts none: HTML from elsewhere has no place to keep them.
    pub(crate) const fn refused() -> Self {
        Self::new(Purpose::Refuse)
    }

    /// Names them in the tree.
    pub(crate) const fn named() -> Self {
        Self::new(Purpose::Name)
    }

    /// Names them in the tree and keeps their bytes.
    pub(crate) const fn collected() -> Self {
        Self::new(Purpose::Collect)
    }

    const fn new(purpose: Purpose) -> Self {
        Self { purpose, found: Vec::new(), images_left: MAX_IMAGES, bytes_left: MAX_TOTAL_BYTES }
    }

    /// Returns the pictures that were found.
    pub(crate) fn into_found(self) -> Vec<InlineImage> {
        self.found
    }

    /// Whether pictures are accepted at all.
    pub(crate) fn are_accepted(&self) -> bool {
        self.purpose != Purpose::Refuse
    }

    /// Returns the name of the picture in an image's `data:` URL, unless it only holds the place of another.
    pub(super) fn add_from_image(&mut self, image: &NodeRef<'_>) -> Option<Url> {
        let names = ["data-src", "data-lazy-src", "data-original", "src"];
        let value =
            names.iter().find_map(|name| attribute(image, name).filter(|url| url.starts_with("data:image/")))?;
        if !self.are_accepted() || value.len() > MAX_BYTES * 2 {
            return None;
        }
        let (bytes, _) = DataUrl::process(&value).ok()?.decode_to_vec().ok()?;
        let shown = ["width", "height"].map(|name| attribute(image, name).and_then(|size| super::parse_pixels(&size)));
        is_picture(&bytes, shown.map(|side| side.map(usize::from))).then(|| self.add(bytes))?
    }

    /// Returns the name of a picture; `None` if it is too large, or one too many.
    pub(super) fn add(&mut self, bytes: Vec<u8>) -> Option<Url> {
        if !self.are_accepted() || bytes.len() > MAX_BYTES {
            return None;
        }
        self.images_left = self.images_left.checked_sub(1)?;
        self.bytes_left = self.bytes_left.checked_sub(bytes.len())?;
        let digits: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let url = Url::parse(&format!("{INLINE_IMAGE_PREFIX}{digits}")).ok()?;
        if self.purpose == Purpose::Collect && self.found.iter().all(|known| known.url != url) {
            self.found.push(InlineImage { url: url.clone(), bytes });
        }
        Some(url)
    }
}

/// Returns whether bytes are an image that browsers show, and neither a spacer nor a stand-in that is shown much larger
/// than it is.
fn is_picture(bytes: &[u8], shown: [Option<usize>; 2]) -> bool {
    use imagesize::ImageType;
    let Ok(kind) = imagesize::image_type(bytes) else { return is_drawing(bytes) };
    let is_known = matches!(
        kind,
        ImageType::Jpeg | ImageType::Png | ImageType::Gif | ImageType::Webp | ImageType::Bmp | ImageType::Heif(_)
    );
    let Ok(size) = imagesize::blob_size(bytes) else { return false };
    let is_enlarged = shown[0].is_some_and(|width| width > size.width.saturating_mul(MAX_ENLARGEMENT));
    is_known && size.width >= MIN_SIDE && size.height >= MIN_SIDE && !is_enlarged
}

/// Returns whether bytes are an SVG that shows more than one surface or a blurred picture.
fn is_drawing(bytes: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(bytes) else { return false };
    let start = &text[..text.floor_char_boundary(2_000)];
    let count = |names: &[&str]| names.iter().map(|name| text.matches(name).take(2).count()).sum::<usize>();
    let shapes = count(&["<path", "<text", "<image", "<use", "<line", "<poly", "<circle", "<ellipse"]);
    start.contains("<svg") && !text.contains("feGaussianBlur") && (shapes > 0 || count(&["<rect"]) > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG's first bytes, which state its size.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let header = [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &width.to_be_bytes(), &height.to_be_bytes()].concat();
        [&header[..], b"\x08\x06\0\0\0"].concat()
    }

    #[test]
    fn spacers_and_stand_ins_are_no_pictures() {
        assert!(is_picture(&png(640, 480), [None, None]));
        assert!(is_picture(&png(30, 14), [Some(30), Some(14)]));
        assert!(!is_picture(&png(1, 1), [None, None]) && !is_picture(&png(5, 5), [Some(200), Some(200)]));
        assert!(!is_picture(&png(20, 13), [Some(900), Some(600)]));
        for (drawing, wanted) in [
            ("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 3 2'></svg>", false),
            ("<svg width='5'><rect fill-opacity='0'/></svg>", false),
            ("<svg><filter><feGaussianBlur/></filter><image href='data:x'/></svg>", false),
            ("<?xml version='1.0'?><svg><path d='M0 0L9 9'/></svg>", true),
            ("<svg><rect/><rect/></svg>", true),
            ("<p>Rain</p>", false),
        ] {
            assert_eq!(is_picture(drawing.as_bytes(), [None, None]), wanted, "{drawing}");
        }
    }

    #[test]
    fn a_picture_is_named_by_its_bytes_and_kept_once() {
        let mut images = InlineImages::collected();
        let first = images.add(png(40, 40)).unwrap();
        assert_eq!(images.add(png(40, 40)), Some(first.clone()));
        assert_eq!(images.add(vec![0; MAX_BYTES + 1]), None);
        assert!(crate::is_inline_image(first.as_str()) && first.host_str().unwrap().ends_with(".invalid"), "{first}");
        assert_eq!(images.into_found(), [InlineImage { url: first, bytes: png(40, 40) }]);
        assert_eq!(InlineImages::refused().add(png(40, 40)), None);
    }
}
