//! Draws the cover of a book: the nameplate, a line of text, and an image. E-readers show it in their lists of books, so it
//! is an image itself; its letters are cut from two images of our own font, since no font is drawn here.

use image::{DynamicImage, GrayImage, Rgb, RgbImage, imageops};

/// Size of a cover in pixels.
pub const SIZE: (u32, u32) = (600, 800);

/// Size of the image on it.
pub const IMAGE_SIZE: (u32, u32) = (552, 508);

const NAMEPLATE: &[u8] = include_bytes!("nameplate.png");

/// The letters of [`LETTERS`], 15 in a row, each in a cell of [`CELL`] pixels.
const LETTERS_IMAGE: &[u8] = include_bytes!("letters.png");
const LETTERS: &str = "0123456789,ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CELL: (u32, u32) = (40, 48);
const CELLS_IN_ROW: u32 = 15;

/// Pixels between letters, and between words.
const LETTER_GAP: i64 = 2;
const WORD_GAP: i64 = 11;

const MARGIN: i64 = 24;
const INK: Rgb<u8> = Rgb([27, 26, 23]);
const PAPER: Rgb<u8> = Rgb([253, 252, 250]);

/// Draws a cover. Only letters without accents and digits are drawn of the line, as dates have them.
///
/// # Errors
/// Our own images cannot be read.
pub fn draw(line: &str, image: Option<&DynamicImage>) -> anyhow::Result<DynamicImage> {
    let mut cover = RgbImage::from_pixel(SIZE.0, SIZE.1, PAPER);
    let nameplate = image::load_from_memory(NAMEPLATE)?.to_luma8();
    print(&mut cover, &nameplate, 0, 36);
    rule(&mut cover, 186);
    rule(&mut cover, 190);
    write_line(&mut cover, line, 198)?;
    rule(&mut cover, 250);
    match image {
        Some(image) => imageops::replace(&mut cover, &image.to_rgb8(), MARGIN, 268),
        None => rule(&mut cover, 254),
    }
    Ok(DynamicImage::ImageRgb8(cover))
}

/// Draws a line from one margin to the other, two pixels high.
fn rule(cover: &mut RgbImage, y: i64) {
    let length = i64::from(SIZE.0) - 2 * MARGIN;
    let ink = RgbImage::from_pixel(u32::try_from(length).unwrap_or(1), 2, INK);
    imageops::replace(cover, &ink, MARGIN, y);
}

/// Writes a line in the middle.
fn write_line(cover: &mut RgbImage, line: &str, y: i64) -> anyhow::Result<()> {
    let letters = image::load_from_memory(LETTERS_IMAGE)?.to_luma8();
    let cut: Vec<Option<GrayImage>> = line.chars().map(|letter| cut_letter(&letters, letter)).collect();
    let width =
        |cut: &Option<GrayImage>| cut.as_ref().map_or(WORD_GAP, |letter| i64::from(letter.width()) + LETTER_GAP);
    let mut x = (i64::from(SIZE.0) - cut.iter().map(width).sum::<i64>()) / 2;
    for letter in &cut {
        if let Some(image) = letter {
            print(cover, image, x, y);
        }
        x += width(letter);
    }
    Ok(())
}

/// Returns a letter as wide as its ink; `None` for a gap.
fn cut_letter(letters: &GrayImage, letter: char) -> Option<GrayImage> {
    let at = u32::try_from(LETTERS.chars().position(|known| known == letter)?).ok()?;
    let (x, y) = (at % CELLS_IN_ROW * CELL.0, at / CELLS_IN_ROW * CELL.1);
    let has_ink = |column: &u32| (y..y + CELL.1).any(|row| letters.get_pixel(x + column, row).0[0] < 160);
    let first = (0..CELL.0).find(has_ink)?;
    let last = (0..CELL.0).rfind(has_ink)?;
    Some(imageops::crop_imm(letters, x + first, y, last - first + 1, CELL.1).to_image())
}

/// Prints black on white onto the paper: the darker of both stays.
fn print(cover: &mut RgbImage, image: &GrayImage, x: i64, y: i64) {
    for (column, row, pixel) in image.enumerate_pixels() {
        let place = (u32::try_from(x + i64::from(column)), u32::try_from(y + i64::from(row)));
        let (Ok(column), Ok(row)) = place else { continue };
        if let Some(below) = cover.get_pixel_mut_checked(column, row) {
            let [ink, paper] = [INK.0, below.0];
            let shade = u16::from(pixel.0[0]);
            let mix = |ink: u8, paper: u8| {
                u8::try_from((u16::from(ink) * (255 - shade) + u16::from(paper) * shade) / 255).unwrap_or(u8::MAX)
            };
            *below = Rgb([mix(ink[0], paper[0]), mix(ink[1], paper[1]), mix(ink[2], paper[2])]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ink(cover: &DynamicImage, rows: std::ops::Range<u32>) -> usize {
        let pixels = cover.to_luma8();
        rows.flat_map(|y| (0..SIZE.0).map(move |x| (x, y))).filter(|(x, y)| pixels.get_pixel(*x, *y).0[0] < 100).count()
    }

    #[test]
    fn a_cover_has_the_nameplate_the_line_and_the_image() {
        let blank = draw("", None).unwrap();
        let dated = draw("Monday, 23 November 2026", None).unwrap();
        assert!(ink(&blank, 36..180) > 1_000);
        assert!(ink(&dated, 200..246) > ink(&blank, 200..246) + 500);
        let black = DynamicImage::ImageRgb8(RgbImage::new(IMAGE_SIZE.0, IMAGE_SIZE.1));
        assert!(ink(&draw("é", Some(&black)).unwrap(), 268..776) > 200_000);
        assert_eq!((blank.width(), blank.height()), SIZE);
    }

    #[test]
    fn every_letter_of_a_date_is_there() {
        let letters = image::load_from_memory(LETTERS_IMAGE).unwrap().to_luma8();
        let missing: Vec<char> = LETTERS.chars().filter(|letter| cut_letter(&letters, *letter).is_none()).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(cut_letter(&letters, ' ').is_none());
    }
}
