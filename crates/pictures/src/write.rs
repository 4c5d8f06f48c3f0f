//! Pictures to PNG.

use std::io::Write;

use lampwork_protocol::{Grid, Manner, Motion, Recipe, Shape, link};
use png::{BitDepth, ColorType, Encoder};

use crate::Whole;
use crate::metadata::{MANNER_KEYWORD, RECIPE_KEYWORD, XMP, XMP_COMPOSITE, XMP_KEYWORD};

/// Largest scale that is written; larger ones become it.
pub const MAX_SCALE: usize = 64;

/// Shade of the lines between the pictures of a sheet.
const GRID: u8 = 32;

/// One picture, `scale` times as large, with its recipe.
///
/// Each pixel becomes a square of `scale` x `scale` equal ones, so that the
/// picture can be had back as it was. With a recipe the file also says that a
/// trained model made it, or went on from a picture (IPTC digital source type);
/// without one it holds the pixels alone.
///
/// # Panics
/// `picture` is not of `shape`.
pub fn single(picture: &[u8], shape: Shape, scale: usize, recipe: Option<&Recipe>) -> Vec<u8> {
    assert_eq!(picture.len(), shape.values(), "a picture of its shape");
    let texts = recipe.map_or_else(Vec::new, |recipe| {
        let source = match recipe.start {
            Some(_) => XMP_COMPOSITE,
            None => XMP,
        };
        vec![
            (RECIPE_KEYWORD, link::encode(recipe)),
            (XMP_KEYWORD, source.to_owned()),
        ]
    });
    Canvas::of(picture, shape).enlarged(scale).to_png(&texts)
}

/// A picture of any size, with the mark that a model made it and nothing else: no place,
/// no camera, no time of another file goes into it.
///
/// # Panics
/// There are not as many values as it says, or of 2 channels.
pub fn whole(picture: &Whole) -> Vec<u8> {
    canvas(picture).to_png(&[(XMP_KEYWORD, XMP.to_owned())])
}

/// A picture of any size, to be written.
///
/// # Panics
/// As [`whole`].
pub(crate) fn canvas(picture: &Whole) -> Canvas {
    let Whole {
        width,
        height,
        channels,
        ref values,
    } = *picture;
    assert!(
        matches!(channels, 1 | 3 | 4),
        "grey, colours, or colours and opacity"
    );
    assert_eq!(values.len(), width * height * channels, "as many values");
    Canvas {
        width,
        height,
        channels,
        pixels: values.clone(),
    }
}

/// A photograph in a style, with the manner that it is shown in and the mark that a
/// model went on from a picture: no place, no camera, no time of the photograph's file
/// goes into it.
///
/// # Panics
/// As [`whole`].
pub fn restyled(picture: &Whole, manner: &Manner) -> Vec<u8> {
    let Whole {
        width,
        height,
        channels,
        ref values,
    } = *picture;
    assert_eq!(values.len(), width * height * channels, "as many values");
    let canvas = Canvas {
        width,
        height,
        channels,
        pixels: values.clone(),
    };
    canvas.to_png(&[
        (MANNER_KEYWORD, manner.to_text()),
        (XMP_KEYWORD, XMP_COMPOSITE.to_owned()),
    ])
}

/// The texts of a picture that a model made, by this recipe or grid.
pub(crate) fn of_a_model(code: String) -> Vec<(&'static str, String)> {
    vec![(RECIPE_KEYWORD, code), (XMP_KEYWORD, XMP.to_owned())]
}

/// The first `count` of `pictures` in rows of `columns`, each `scale` times as
/// large, with lines between them.
///
/// # Panics
/// There are fewer than `count` pictures, `count` is 0 or `columns` is 0.
pub fn sheet(pictures: &[u8], shape: Shape, count: usize, columns: usize, scale: usize) -> Vec<u8> {
    laid_out(pictures, shape, count, columns)
        .enlarged(scale)
        .to_png(&[])
}

/// The first `count` of the pictures of a clip in rows of `columns`, each `scale`
/// times as large, with lines between them, and the clip inside.
///
/// # Panics
/// There are fewer than `count` pictures, `count` is 0 or `columns` is 0.
pub fn filmstrip(
    pictures: &[u8],
    shape: Shape,
    count: usize,
    columns: usize,
    scale: usize,
    motion: &Motion,
) -> Vec<u8> {
    laid_out(pictures, shape, count, columns)
        .enlarged(scale)
        .to_png(&of_a_model(link::encode_motion(motion)))
}

/// A picture with room for a grid, in which what the grid's columns and rows are
/// stands beside it.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// `[height, width, 3]`.
    pub pixels: &'a [u8],
    /// Width in pixels.
    pub width: usize,
    /// Where the grid's left edge lies.
    pub left: usize,
    /// Where the grid's upper edge lies.
    pub top: usize,
}

/// Width and height that [`grid`] gives the pictures alone, in pixels.
pub fn grid_size(shape: Shape, scale: usize, grid: &Grid) -> [usize; 2] {
    [grid.columns(), grid.rows()]
        .map(|count| (count * (shape.side + 1)).saturating_sub(1) * scale.clamp(1, MAX_SCALE))
}

/// The pictures of a grid, row by row, each `scale` times as large, with lines
/// between them, in their frame if there is one, and the grid itself in the file,
/// so that it can be made again.
///
/// # Panics
/// There are fewer pictures than the grid has places, or it has none; or the frame
/// is not that of [`grid_size`] and more.
pub fn grid(
    pictures: &[u8],
    shape: Shape,
    scale: usize,
    grid: &Grid,
    frame: Option<Frame>,
) -> Vec<u8> {
    let (columns, rows) = (grid.columns(), grid.rows());
    let laid = laid_out(pictures, shape, columns * rows, columns).enlarged(scale);
    let framed = match frame {
        Some(frame) => laid.framed(frame),
        None => laid,
    };
    framed.to_png(&of_a_model(link::encode_grid(grid)))
}

/// Pictures in rows, with lines between them.
fn laid_out(pictures: &[u8], shape: Shape, count: usize, columns: usize) -> Canvas {
    assert!(count > 0 && columns > 0, "a sheet of no pictures");
    let columns = columns.min(count);
    let pitch = shape.side + 1;
    let mut canvas = Canvas::new(
        columns * pitch - 1,
        count.div_ceil(columns) * pitch - 1,
        shape.channels,
    );
    canvas.pixels.fill(GRID);
    for index in 0..count {
        let picture = &pictures[index * shape.values()..(index + 1) * shape.values()];
        canvas.draw(picture, index % columns * pitch, index / columns * pitch);
    }
    canvas
}

/// Pixels in rows, the channels of each together.
pub(crate) struct Canvas {
    width: usize,
    height: usize,
    channels: usize,
    pixels: Vec<u8>,
}

impl Canvas {
    pub(crate) fn new(width: usize, height: usize, channels: usize) -> Self {
        Self {
            width,
            height,
            channels,
            pixels: vec![0; width * height * channels],
        }
    }

    /// One picture and nothing else.
    pub(crate) fn of(picture: &[u8], shape: Shape) -> Self {
        let mut canvas = Canvas::new(shape.side, shape.side, shape.channels);
        canvas.draw(picture, 0, 0);
        canvas
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Lays a square picture on it.
    fn draw(&mut self, picture: &[u8], left: usize, top: usize) {
        let side = (picture.len() / self.channels).isqrt();
        for (y, row) in picture.chunks_exact(side * self.channels).enumerate() {
            let start = ((top + y) * self.width + left) * self.channels;
            self.pixels[start..start + row.len()].copy_from_slice(row);
        }
    }

    /// In its frame, in colour.
    fn framed(&self, frame: Frame) -> Self {
        let mut whole = Self {
            width: frame.width,
            height: frame.pixels.len() / 3 / frame.width,
            channels: 3,
            pixels: frame.pixels.to_vec(),
        };
        assert!(
            frame.left + self.width <= whole.width && frame.top + self.height <= whole.height,
            "a frame around it"
        );
        let rows = self.pixels.chunks_exact(self.width * self.channels);
        for (y, row) in rows.enumerate() {
            let start = ((frame.top + y) * whole.width + frame.left) * 3;
            let to = whole.pixels[start..].chunks_exact_mut(3);
            for (to, from) in to.zip(row.chunks_exact(self.channels)) {
                // Grey is the same in all three.
                to.iter_mut()
                    .zip(from.iter().cycle())
                    .for_each(|(to, from)| *to = *from);
            }
        }
        whole
    }

    /// By nearest neighbour.
    pub(crate) fn enlarged(&self, scale: usize) -> Self {
        let scale = scale.clamp(1, MAX_SCALE);
        let mut pixels = Vec::with_capacity(self.pixels.len() * scale * scale);
        let stride = self.width * self.channels;
        for row in self.pixels.chunks_exact(stride) {
            let start = pixels.len();
            for pixel in row.chunks_exact(self.channels) {
                for _ in 0..scale {
                    pixels.extend_from_slice(pixel);
                }
            }
            for _ in 1..scale {
                pixels.extend_from_within(start..start + stride * scale);
            }
        }
        Self {
            width: self.width * scale,
            height: self.height * scale,
            channels: self.channels,
            pixels,
        }
    }

    /// With these international texts (iTXt).
    pub(crate) fn to_png(&self, texts: &[(&str, String)]) -> Vec<u8> {
        // Writing to memory cannot fail, and the keywords are our own.
        self.try_png(texts).expect("a PNG in memory")
    }

    fn try_png(&self, texts: &[(&str, String)]) -> Result<Vec<u8>, png::EncodingError> {
        let mut file = Vec::new();
        let mut writer = begin_png(&mut file, self, texts)?.write_header()?;
        writer.write_image_data(&self.pixels)?;
        writer.finish()?;
        Ok(file)
    }
}

/// A PNG of the size and the colours of `canvas`, with these international texts
/// (iTXt).
pub(crate) fn begin_png<'a, W: Write>(
    file: W,
    canvas: &Canvas,
    texts: &[(&str, String)],
) -> Result<Encoder<'a, W>, png::EncodingError> {
    let mut encoder = Encoder::new(file, canvas.width as u32, canvas.height as u32);
    encoder.set_color(match canvas.channels {
        1 => ColorType::Grayscale,
        4 => ColorType::Rgba,
        _ => ColorType::Rgb,
    });
    encoder.set_depth(BitDepth::Eight);
    encoder.add_text_chunk("Software".to_owned(), "Lampwork".to_owned())?;
    if !texts.is_empty() {
        encoder.add_text_chunk("Title".to_owned(), "Made with Lampwork".to_owned())?;
    }
    for (keyword, text) in texts {
        encoder.add_itxt_chunk((*keyword).to_owned(), text.clone())?;
    }
    Ok(encoder)
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::PICTURE_PIXELS;

    use super::*;

    fn decoded(file: &[u8]) -> (usize, usize, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!(
            (info.color_type, info.bit_depth),
            (ColorType::Grayscale, BitDepth::Eight)
        );
        (info.width as usize, info.height as usize, pixels)
    }

    fn ramp() -> Vec<u8> {
        (0..PICTURE_PIXELS)
            .map(|pixel| (pixel % 251) as u8)
            .collect()
    }

    #[test]
    fn a_photograph_in_a_style_says_how_and_that_a_model_had_a_hand_in_it() {
        let manner = Manner {
            model: "restyle".to_owned(),
            weights: [7; 8],
            styles: vec![("wave".to_owned(), 60), ("print".to_owned(), 40)],
            strength: 90,
            own_colours: false,
        };
        let picture = Whole {
            width: 3,
            height: 2,
            channels: 3,
            values: (0..18).collect(),
        };
        let file = restyled(&picture, &manner);
        assert_eq!(crate::read_manner(&file), Some(manner));
        assert_eq!(crate::read_whole(&file, 3), Ok(picture));
        let text = String::from_utf8_lossy(&file);
        assert!(text.contains("compositeWithTrainedAlgorithmicMedia"));
        for chunk in ["eXIf", "tIME", "zTXt"] {
            assert!(!text.contains(chunk), "{chunk}");
        }
        for end in 0..file.len() {
            crate::read_manner(&file[..end]);
        }
        let other = single(&[0; 784], Shape::GREY, 1, None);
        assert_eq!(crate::read_manner(&other), None);
    }

    #[test]
    fn every_pixel_becomes_a_square() {
        let (width, height, pixels) = decoded(&single(&ramp(), Shape::GREY, 3, None));
        assert_eq!((width, height), (84, 84));
        for y in 0..84 {
            for x in 0..84 {
                assert_eq!(pixels[y * 84 + x], ramp()[y / 3 * 28 + x / 3]);
            }
        }
    }

    #[test]
    fn scales_are_limited() {
        assert_eq!(decoded(&single(&ramp(), Shape::GREY, 0, None)).0, 28);
        assert_eq!(
            decoded(&single(&ramp(), Shape::GREY, usize::MAX, None)).0,
            28 * MAX_SCALE
        );
    }

    #[test]
    fn a_sheet_has_rows_and_lines() {
        let pictures: Vec<u8> = (1..=5)
            .flat_map(|shade| [shade * 50; PICTURE_PIXELS])
            .collect();
        let (width, height, pixels) = decoded(&sheet(&pictures, Shape::GREY, 5, 3, 2));
        assert_eq!((width, height), (2 * (3 * 29 - 1), 2 * (2 * 29 - 1)));
        let at = |x: usize, y: usize| pixels[y * width + x];
        assert_eq!(at(0, 0), 50);
        assert_eq!(at(2 * 29, 0), 100);
        assert_eq!(at(width - 1, 0), 150);
        assert_eq!(at(0, height - 1), 200);
        assert_eq!(at(2 * 29, height - 1), 250);
        assert_eq!(at(width - 1, height - 1), GRID, "there is no sixth");
        assert_eq!(at(2 * 28, 0), GRID);
        assert_eq!(at(0, 2 * 28 + 1), GRID);
    }

    #[test]
    fn fewer_pictures_than_columns_make_one_row() {
        let (width, height, _) = decoded(&sheet(&[9; 2 * PICTURE_PIXELS], Shape::GREY, 2, 10, 1));
        assert_eq!((width, height), (57, 28));
    }

    #[test]
    fn colour_is_enlarged_pixel_by_pixel() {
        let shape = Shape::COLOUR;
        let picture: Vec<u8> = (0..shape.values()).map(|at| at as u8).collect();
        let file = single(&picture, shape, 2, None);
        let mut reader = png::Decoder::new(std::io::Cursor::new(file))
            .read_info()
            .unwrap();
        assert_eq!(reader.info().color_type, ColorType::Rgb);
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        for (x, y) in [(0, 0), (1, 1), (63, 63), (10, 33)] {
            let (wide, small) = ((y * 64 + x) * 3, (y / 2 * 32 + x / 2) * 3);
            assert_eq!(pixels[wide..wide + 3], picture[small..small + 3]);
        }
    }
}
