//! Copies of images for books: in a format and a size that e-readers show. Pure, and not kept.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage};

use crate::library::thumbnails::decoding;

/// What a book is read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// A screen with colors.
    Color,
    /// An e-reader: images are grey and small.
    Grey,
}

impl Paper {
    /// Largest width and height of an image, in pixels.
    const fn fill(self) -> (u32, u32) {
        match self {
            Self::Color => (1600, 1600),
            Self::Grey => (800, 1000),
        }
    }

    const fn quality(self) -> u8 {
        match self {
            Self::Color => 80,
            Self::Grey => 65,
        }
    }
}

/// A file of at most this size stays as it is, if it is in color and of a format that all e-readers show, in bytes.
const SMALL_FILE: usize = 400_000;

/// Returns a copy and its format; `None` if the image cannot be decoded within the limits.
#[must_use]
pub fn copy(original: &[u8], paper: Paper) -> Option<(ImageFormat, Vec<u8>)> {
    let image = decoding::decode(original, |size| decoding::fit(size, paper.fill())).ok().flatten()?;
    let format = image::guess_format(original).ok()?;
    let is_fine = matches!(format, ImageFormat::Jpeg | ImageFormat::Png) && original.len() <= SMALL_FILE;
    if paper == Paper::Color && is_fine {
        return Some((format, original.to_vec()));
    }
    encode(&image, paper).map(|bytes| (ImageFormat::Jpeg, bytes))
}

/// Returns an image of exactly this size, cut from the middle; `None` as for [`copy`], or if it is too small.
#[must_use]
pub fn cut(original: &[u8], (width, height): (u32, u32)) -> Option<DynamicImage> {
    let image = decoding::decode(original, |size| decoding::cover(size, (width, height))).ok().flatten()?;
    let (x, y) = (image.width().checked_sub(width)? / 2, image.height().checked_sub(height)? / 2);
    Some(image.crop_imm(x, y, width, height))
}

/// Writes an image as JPEG, on white where it is see-through.
#[must_use]
pub fn encode(image: &DynamicImage, paper: Paper) -> Option<Vec<u8>> {
    let pixels = image.to_rgba8();
    let on_white = |value: u8, alpha: u8| {
        let value = u16::from(value) * u16::from(alpha) + 255 * (255 - u16::from(alpha));
        u8::try_from(value / 255).unwrap_or(u8::MAX)
    };
    let mut flat = RgbImage::new(pixels.width(), pixels.height());
    for (from, to) in pixels.pixels().zip(flat.pixels_mut()) {
        let [red, green, blue, alpha] = from.0;
        *to = Rgb([red, green, blue].map(|value| on_white(value, alpha)));
    }
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, paper.quality());
    match paper {
        Paper::Color => encoder.encode_image(&flat),
        Paper::Grey => {
            let grey: GrayImage = DynamicImage::ImageRgb8(flat).to_luma8();
            encoder.encode_image::<image::ImageBuffer<Luma<u8>, Vec<u8>>>(&grey)
        }
    }
    .ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{Rgba, RgbaImage};

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let image =
            RgbaImage::from_fn(width, height, |x, y| Rgba([x as u8, y as u8, 200, if x < 9 { 0 } else { 255 }]));
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn for_an_e_reader_images_are_grey_and_small_jpegs() {
        let original = png(2000, 1000);
        let (format, bytes) = copy(&original, Paper::Grey).unwrap();
        assert_eq!((format, image::guess_format(&bytes).unwrap()), (ImageFormat::Jpeg, ImageFormat::Jpeg));
        let image = image::load_from_memory(&bytes).unwrap();
        assert_eq!((image.width(), image.height()), (800, 400));
        assert_eq!(image.color(), image::ColorType::L8);
        assert!(image.to_luma8().get_pixel(0, 0).0[0] > 240, "see-through parts are white");
    }

    #[test]
    fn small_images_in_color_stay_and_others_are_refused_or_shrunk() {
        let original = png(300, 200);
        assert_eq!(copy(&original, Paper::Color), Some((ImageFormat::Png, original.clone())));
        assert_eq!(copy(&original[..original.len() / 2], Paper::Color), None, "broken");
        assert_eq!(copy(b"<svg xmlns='http://www.w3.org/2000/svg'/>", Paper::Color), None);
        let mut large = png(2000, 100);
        large.resize(SMALL_FILE + 1, 0);
        assert_eq!(copy(&large, Paper::Color).unwrap().0, ImageFormat::Jpeg);
        assert_eq!(cut(&original, (100, 100)).map(|image| (image.width(), image.height())), Some((100, 100)));
        assert!(cut(&original, (1000, 100)).is_none());
    }
}
