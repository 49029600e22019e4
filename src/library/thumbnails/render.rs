//! Makes an image small, for lists. Pure.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, ImageResult};

use crate::library::thumbnails::decoding;

/// Twice the size in which lists show it, for screens with small pixels.
const WIDTH: u32 = 240;
const HEIGHT: u32 = 180;

/// An original of at most this size is shown as it is, in bytes.
const SMALL_FILE: usize = 20_000;

const JPEG_QUALITY: u8 = 78;

/// Returns a small copy, cut to the shape that lists show; `None` if the original is better shown: it is small or animated,
/// or cannot be decoded within the limits.
pub(super) fn render(original: &[u8]) -> Option<Vec<u8>> {
    if original.len() <= SMALL_FILE {
        return None;
    }
    let small = decode(original).ok().flatten()?;
    let encoded = encode(&small).ok()?;
    (encoded.len() < original.len()).then_some(encoded)
}

/// Returns the type of what [`render`] writes.
pub(super) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xD8, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', ..] => Some("image/webp"),
        _ => None,
    }
}

/// Decodes and shrinks an image, so that it fills the shape, and cuts it to the shape.
fn decode(original: &[u8]) -> ImageResult<Option<DynamicImage>> {
    let small = decoding::decode(original, |size| decoding::cover(size, (WIDTH, HEIGHT)))?;
    Ok(small.map(|small| {
        let (width, height) = (small.width(), small.height());
        let (cut_width, cut_height) = (width.min(WIDTH), height.min(HEIGHT));
        small.crop_imm((width - cut_width) / 2, (height - cut_height) / 2, cut_width, cut_height)
    }))
}

/// Photographs become JPEG. What has see-through parts stays so, since lists have light and dark backgrounds.
fn encode(small: &DynamicImage) -> ImageResult<Vec<u8>> {
    let mut out = Vec::new();
    if small.color().has_alpha() {
        let pixels = small.to_rgba8();
        WebPEncoder::new_lossless(&mut out).encode(
            &pixels,
            pixels.width(),
            pixels.height(),
            ExtendedColorType::Rgba8,
        )?;
    } else {
        JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY).encode_image(&small.to_rgb8())?;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    fn write(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.into().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// Noise, which no format makes small.
    fn noise(width: u32, height: u32) -> RgbImage {
        let mut state = 7_u32;
        RgbImage::from_fn(width, height, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [a, b, c, _] = state.to_be_bytes();
            Rgb([a, b, c])
        })
    }

    fn size_of_copy(original: &[u8]) -> Option<(u32, u32)> {
        let copy = image::load_from_memory(&render(original)?).unwrap();
        Some((copy.width(), copy.height()))
    }

    #[test]
    fn a_copy_fills_the_shape_that_lists_show() {
        for (size, copy) in [
            ((1200, 900), (240, 180)),
            ((1600, 400), (240, 180)),
            ((300, 2000), (240, 180)),
            ((200, 900), (200, 180)),
            ((900, 100), (240, 100)),
        ] {
            let image = noise(size.0, size.1);
            for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
                assert_eq!(size_of_copy(&write(image.clone(), format)), Some(copy), "{size:?} {format:?}");
            }
        }
    }

    #[test]
    fn see_through_parts_stay() {
        let see_through = RgbaImage::from_fn(640, 480, |x, y| Rgba([x as u8, y as u8, (x * y) as u8, (x % 256) as u8]));
        let copy = render(&write(see_through, ImageFormat::Png)).unwrap();
        assert_eq!(media_type(&copy), Some("image/webp"));
        assert!(image::load_from_memory(&copy).unwrap().color().has_alpha());
    }

    #[test]
    fn a_photo_of_a_turned_camera_is_turned() {
        let mut photo = Vec::new();
        let mut encoder = JpegEncoder::new(&mut photo);
        let exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        image::ImageEncoder::set_exif_metadata(&mut encoder, exif.to_vec()).unwrap();
        // Red on its left, which is above once it is turned.
        let red_left = RgbImage::from_fn(800, 600, |x, y| {
            if x < 400 { Rgb([250, (y % 16) as u8, 0]) } else { Rgb([0, (x % 16) as u8, 250]) }
        });
        encoder.encode_image(&red_left).unwrap();
        photo.resize(SMALL_FILE + 1, 0);
        let copy = image::load_from_memory(&render(&photo).unwrap()).unwrap().to_rgb8();
        assert_eq!(copy.dimensions(), (240, 180));
        assert!(copy.get_pixel(120, 5)[0] > 200 && copy.get_pixel(120, 175)[2] > 200);
    }

    #[test]
    fn originals_are_kept_that_are_small_broken_foreign_or_too_large() {
        assert_eq!(render(&write(noise(40, 30), ImageFormat::Png)), None, "small");
        let whole = write(noise(600, 400), ImageFormat::Png);
        assert_eq!(render(&whole[..whole.len() / 2]), None, "cut off");
        assert_eq!(render(&b"<svg></svg>".repeat(9_000)), None, "another format");
        // Few bytes, which say that they are very many pixels.
        let mut bomb = write(RgbImage::new(1, 1), ImageFormat::Png);
        bomb[16..20].copy_from_slice(&19_000_u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&19_000_u32.to_be_bytes());
        let mut sum = flate2::Crc::new();
        sum.update(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&sum.sum().to_be_bytes());
        assert!(matches!(decode(&bomb), Ok(None)), "a bomb");
        let mut long = write(noise(600, 400), ImageFormat::Jpeg);
        long[2..].fill(0xFF);
        assert_eq!(render(&long), None, "nonsense");
    }
}
