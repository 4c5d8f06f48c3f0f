//! Clips to GIF and APNG.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use gif::{AnyExtension, Frame, Repeat};
use lampwork_protocol::{Motion, Shape, link};

use crate::gif_metadata::{COMMENT, comment, xmp};
use crate::palette::indexed;
use crate::write::{Canvas, begin_png, of_a_model};

/// A form of file that moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Graphics Interchange Format, 89a: 256 colours a frame, opens everywhere.
    Gif,
    /// Animated PNG: every colour as it is.
    Apng,
}

/// A file that is being written, picture by picture, so that whoever waits for it
/// can do other things meanwhile.
///
/// It plays for ever and has the clip's recipe inside, where
/// [`crate::read_content`] finds it.
///
/// ```
/// use lampwork_pictures::{Animation, Format, read_content};
/// use lampwork_protocol::link::Content;
/// use lampwork_protocol::{Course, Easing, Ends, Latent, Motion, Shape};
///
/// let key = |index| Latent::Draw { seed: 1, index, temperature: 1.0, class: None };
/// let motion = Motion {
///     model: "gan-digits".to_owned(),
///     weights: [0; 8],
///     sampling: None,
///     course: Course::Walk { keys: vec![key(0), key(1)], frames: 3, easing: Easing::Ease },
///     ends: Ends::Loop,
///     fps: 10,
/// };
/// let mut gif = Animation::new(Format::Gif, &motion, Shape::GREY, 4, 2);
/// gif.push(&[0; 784], 2);
/// gif.push(&[255; 784], 1);
/// assert_eq!(read_content(&gif.finish()), Ok(Content::Motion(motion)));
/// ```
pub struct Animation {
    file: File,
    shape: Shape,
    scale: usize,
    fps: u32,
    /// Frames so far.
    frames: u32,
}

enum File {
    Gif(Box<gif::Encoder<Vec<u8>>>),
    Apng(Box<png::Writer<Shared>>, Shared),
}

/// Bytes that are still there when the writer that they went to is gone.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Animation {
    /// Begins a file of `count` pictures, each `scale` times as large.
    ///
    /// # Panics
    /// There are no pictures.
    pub fn new(
        format: Format,
        motion: &Motion,
        shape: Shape,
        scale: usize,
        count: usize,
    ) -> Animation {
        assert!(count > 0, "a clip of no pictures");
        // Writing to memory cannot fail, and what is written is our own.
        let file = match format {
            Format::Gif => begin_gif(motion, shape, scale).expect("a GIF in memory"),
            Format::Apng => begin_apng(motion, shape, scale, count).expect("a PNG in memory"),
        };
        Animation {
            file,
            shape,
            scale,
            fps: u32::from(motion.fps.max(1)),
            frames: 0,
        }
    }

    /// Adds a picture that is seen for so many frames.
    ///
    /// # Panics
    /// It is not of the clip's shape, or there are more than was said.
    pub fn push(&mut self, picture: &[u8], frames: u16) {
        assert_eq!(picture.len(), self.shape.values(), "a picture of its shape");
        match &mut self.file {
            File::Gif(encoder) => {
                // Hundredths of a second, rounded so that the clip as a whole keeps time.
                let time = |frames: u32| (frames * 100 + self.fps / 2) / self.fps;
                let until = self.frames + u32::from(frames);
                let delay = (time(until) - time(self.frames)) as u16;
                let frame = gif_frame(picture, self.shape, self.scale, delay);
                encoder.write_frame(&frame).expect("a frame of a GIF");
            }
            File::Apng(writer, _) => {
                let canvas = Canvas::of(picture, self.shape).enlarged(self.scale);
                writer
                    .set_frame_delay(frames, self.fps as u16)
                    .and_then(|()| writer.write_image_data(canvas.pixels()))
                    .expect("a frame of a PNG");
            }
        }
        self.frames += u32::from(frames);
    }

    /// The file.
    ///
    /// # Panics
    /// There are fewer pictures than was said.
    pub fn finish(self) -> Vec<u8> {
        match self.file {
            File::Gif(encoder) => encoder.into_inner().expect("a GIF in memory"),
            File::Apng(writer, bytes) => {
                writer.finish().expect("as many pictures as was said");
                bytes.0.take()
            }
        }
    }
}

fn begin_gif(motion: &Motion, shape: Shape, scale: usize) -> Result<File, gif::EncodingError> {
    // Grey keeps every shade; colours are chosen for each frame.
    let palette: Vec<u8> = match shape.channels {
        1 => (0..=255).flat_map(|shade| [shade; 3]).collect(),
        _ => vec![],
    };
    let side = Canvas::new(shape.side, 1, 1).enlarged(scale).width() as u16;
    let mut encoder = gif::Encoder::new(vec![], side, side, &palette)?;
    encoder.set_repeat(Repeat::Infinite)?;
    let code = link::encode_motion(motion);
    encoder.write_raw_extension(AnyExtension(COMMENT), &[comment(&code).as_bytes()])?;
    encoder.get_mut().extend(xmp());
    Ok(File::Gif(Box::new(encoder)))
}

/// One frame. Its colours are found before it is enlarged, which adds none.
fn gif_frame(picture: &[u8], shape: Shape, scale: usize, delay: u16) -> Frame<'static> {
    let (palette, indices) = if shape.channels == 1 {
        (None, picture.to_vec())
    } else {
        let indexed = indexed(picture);
        (Some(indexed.palette), indexed.indices)
    };
    let one = Shape {
        channels: 1,
        ..shape
    };
    let canvas = Canvas::of(&indices, one).enlarged(scale);
    let side = canvas.width() as u16;
    Frame {
        width: side,
        height: side,
        delay,
        palette,
        buffer: canvas.pixels().to_vec().into(),
        ..Frame::default()
    }
}

fn begin_apng(
    motion: &Motion,
    shape: Shape,
    scale: usize,
    count: usize,
) -> Result<File, png::EncodingError> {
    let bytes = Shared::default();
    let canvas = Canvas::of(&vec![0; shape.values()], shape).enlarged(scale);
    let texts = of_a_model(link::encode_motion(motion));
    let mut encoder = begin_png(bytes.clone(), &canvas, &texts)?;
    encoder.set_animated(count as u32, 0)?;
    Ok(File::Apng(Box::new(encoder.write_header()?), bytes))
}

#[cfg(test)]
#[path = "animation_tests.rs"]
mod tests;
