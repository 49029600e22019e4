//! Decodes images. Strangers' bytes are decoded by a crate in safe Rust, without AVIF, SVG, GIF and TIFF, and only within limits
//! of pixels and memory, which bound the time too. Pure.

use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageResult, Limits};

/// Largest image that is decoded, in pixels.
const MAX_PIXELS: u64 = 40_000_000;

/// Largest width or height.
const MAX_SIDE: u32 = 20_000;

/// Memory for decoding, in bytes.
const MAX_BYTES: u64 = 128_000_000;

/// A width and a height in pixels.
pub(super) type Size = (u32, u32);

/// Decodes an image in the size that `resize` chooses for its own, and turns it as its camera was held. `None` if it is
/// animated, too large, or of another format. An image is never enlarged.
pub(super) fn decode(original: &[u8], resize: impl Fn(Size) -> Size) -> ImageResult<Option<DynamicImage>> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_BYTES);
    let bytes = Cursor::new(original);
    match image::guess_format(original)? {
        ImageFormat::Jpeg => shrink(JpegDecoder::new(bytes)?, limits, resize),
        ImageFormat::Png => {
            let decoder = PngDecoder::with_limits(bytes, limits.clone())?;
            if decoder.is_apng()? { Ok(None) } else { shrink(decoder, limits, resize) }
        }
        ImageFormat::WebP => {
            let decoder = WebPDecoder::new(bytes)?;
            if decoder.has_animation() { Ok(None) } else { shrink(decoder, limits, resize) }
        }
        _ => Ok(None),
    }
}

fn shrink(
    mut decoder: impl ImageDecoder,
    mut limits: Limits,
    resize: impl Fn(Size) -> Size,
) -> ImageResult<Option<DynamicImage>> {
    let (width, height) = decoder.dimensions();
    let needed = decoder.total_bytes();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || needed > MAX_BYTES || width == 0 || height == 0 {
        return Ok(None);
    }
    limits.check_dimensions(width, height)?;
    limits.reserve(needed)?;
    decoder.set_limits(limits)?;
    let orientation = decoder.orientation()?;
    let image = DynamicImage::from_decoder(decoder)?;
    let is_turned = matches!(orientation.to_exif(), 5..=8);
    let turn = |(width, height): Size| if is_turned { (height, width) } else { (width, height) };
    let (new_width, new_height) = turn(resize(turn((width, height))));
    let mut small =
        if (new_width, new_height) == (width, height) { image } else { image.thumbnail_exact(new_width, new_height) };
    small.apply_orientation(orientation);
    Ok(Some(small))
}

/// Returns the size at which an image just covers a shape. It is never enlarged, nor longer than four times the shape.
pub(super) fn cover((width, height): Size, (fill_width, fill_height): Size) -> Size {
    let scale = f64::max(f64::from(fill_width) / f64::from(width), f64::from(fill_height) / f64::from(height)).min(1.0);
    let side = |length: u32, fill: u32| ((f64::from(length) * scale).round() as u32).clamp(1, length.max(fill));
    (side(width, fill_width), side(height, fill_height))
}

/// Returns the size at which an image just fits into a shape. It is never enlarged.
pub(super) fn fit((width, height): Size, (fill_width, fill_height): Size) -> Size {
    let scale = f64::min(f64::from(fill_width) / f64::from(width), f64::from(fill_height) / f64::from(height)).min(1.0);
    let side = |length: u32| ((f64::from(length) * scale).round() as u32).clamp(1, length.max(1));
    (side(width), side(height))
}
