//! What is written opens in the decoders of others, frame by frame, and gives its
//! recipe back.

use std::io::Cursor;

use lampwork_protocol::link::Content;
use lampwork_protocol::{Course, Easing, Ends, Failure, Latent};
use proptest::prelude::*;

use super::*;
use crate::read_content;

fn motion(fps: u8) -> Motion {
    let key = |index| Latent::Draw {
        seed: 7,
        index,
        temperature: 1.0,
        class: Some(3),
    };
    Motion {
        model: "gan-fashion".to_owned(),
        weights: [1, 2, 3, 4, 5, 6, 7, 8],
        sampling: None,
        course: Course::Walk {
            keys: (0..9).map(key).collect(),
            frames: 48,
            easing: Easing::Ease,
        },
        ends: Ends::Loop,
        fps,
    }
}

/// A picture with many values, another one for each number.
fn picture(shape: Shape, number: usize) -> Vec<u8> {
    (0..shape.values())
        .map(|at| ((at * (7 + 2 * number) + 31 * number) % 251) as u8)
        .collect()
}

fn file(format: Format, shape: Shape, scale: usize, fps: u8, seen: &[u16]) -> Vec<u8> {
    let mut file = Animation::new(format, &motion(fps), shape, scale, seen.len());
    for (number, frames) in seen.iter().enumerate() {
        file.push(&picture(shape, number), *frames);
    }
    file.finish()
}

/// Frames as red, green and blue, with their hundredths of a second, and the side.
fn decoded_gif(file: &[u8]) -> (usize, Vec<(Vec<u8>, u16)>) {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(Cursor::new(file)).unwrap();
    assert_eq!(decoder.repeat(), Repeat::Infinite);
    let side = usize::from(decoder.width());
    assert_eq!(side, usize::from(decoder.height()));
    let mut frames = vec![];
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        let pixels = frame
            .buffer
            .chunks_exact(4)
            .flat_map(|p| [p[0], p[1], p[2]]);
        frames.push((pixels.collect(), frame.delay));
    }
    (side, frames)
}

/// Each pixel as often as it was enlarged, the top left one of each square.
fn shrunk(pixels: &[u8], side: usize, scale: usize) -> Vec<u8> {
    let small = side / scale;
    (0..small * small)
        .flat_map(|at| {
            let place = (at / small * scale * side + at % small * scale) * 3;
            pixels[place..place + 3].to_vec()
        })
        .collect()
}

#[test]
fn a_grey_gif_keeps_every_shade_and_its_time() {
    let file = file(Format::Gif, Shape::GREY, 3, 30, &[1, 1, 1, 5]);
    let (side, frames) = decoded_gif(&file);
    assert_eq!(side, 84);
    let delays: Vec<u16> = frames.iter().map(|(_, delay)| *delay).collect();
    // Thirtieths of a second are 3 1/3 hundredths: none is lost on the way.
    assert_eq!(delays, [3, 4, 3, 17]);
    for (number, (pixels, _)) in frames.iter().enumerate() {
        let grey: Vec<u8> = shrunk(pixels, side, 3).chunks(3).map(|p| p[0]).collect();
        assert_eq!(grey, picture(Shape::GREY, number));
        // Crisp: each square is of one shade.
        let row = |y: usize| &pixels[y * side * 3..(y + 1) * side * 3];
        assert!(row(0) == row(1) && row(1) == row(2));
        assert_eq!(pixels[..3], pixels[6..9]);
    }
}

#[test]
fn a_gif_in_colour_is_near_its_pictures() {
    let file = file(Format::Gif, Shape::COLOUR, 2, 10, &[1, 2]);
    let (side, frames) = decoded_gif(&file);
    assert_eq!((side, frames.len()), (64, 2));
    for (number, (pixels, _)) in frames.iter().enumerate() {
        let small = shrunk(pixels, side, 2);
        let far: f64 = small
            .iter()
            .zip(&picture(Shape::COLOUR, number))
            .map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2))
            .sum();
        let root = (far / small.len() as f64).sqrt();
        assert!(root < 8.0, "{root} of 255 apart");
    }
}

#[test]
fn an_apng_keeps_every_pixel_and_its_time() {
    for shape in [Shape::GREY, Shape::COLOUR] {
        let file = file(Format::Apng, shape, 2, 12, &[1, 7, 2]);
        let mut reader = png::Decoder::new(Cursor::new(&file)).read_info().unwrap();
        let control = reader.info().animation_control().unwrap();
        assert_eq!((control.num_frames, control.num_plays), (3, 0));
        let side = 2 * shape.side;
        for (number, frames) in [1, 7, 2].into_iter().enumerate() {
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            reader.next_frame(&mut pixels).unwrap();
            let control = reader.info().frame_control().unwrap();
            assert_eq!((control.delay_num, control.delay_den), (frames, 12));
            let made = picture(shape, number);
            for at in 0..side * side {
                let small = at / side / 2 * shape.side + at % side / 2;
                let (wide, small) = (at * shape.channels, small * shape.channels);
                assert_eq!(
                    pixels[wide..wide + shape.channels],
                    made[small..small + shape.channels]
                );
            }
        }
    }
}

#[test]
fn an_apng_says_how_it_was_made_before_its_first_frame() {
    let file = file(Format::Apng, Shape::GREY, 1, 12, &[1, 1]);
    let reader = png::Decoder::new(Cursor::new(&file)).read_info().unwrap();
    let texts: Vec<_> = reader
        .info()
        .utf8_text
        .iter()
        .map(|chunk| chunk.keyword.as_str())
        .collect();
    assert_eq!(texts, ["lampwork:recipe", "XML:com.adobe.xmp"]);
}

fn reason(file: &[u8]) -> String {
    match read_content(file) {
        Err(Failure::BadRecipe { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn says_what_is_wrong_with_a_clip() {
    let good = file(Format::Gif, Shape::GREY, 1, 10, &[1, 1]);
    let comment_at = good
        .windows(2)
        .position(|two| two == [0x21, COMMENT])
        .unwrap();
    let mut twice = good.clone();
    let end = comment_at
        + good[comment_at..]
            .windows(2)
            .position(|two| two == [0, 0x21])
            .unwrap()
        + 1;
    twice.splice(end..end, good[comment_at..end].to_vec());
    let mut without = good.clone();
    without.drain(comment_at..end);
    let mut strange = good.clone();
    strange[comment_at] = 9;
    for (file, expected) in [
        (twice, "more than one"),
        (without, "the GIF holds none"),
        (strange, "unknown kind, 9"),
        (
            good[..good.len() - 1].to_vec(),
            "the GIF is damaged: it is cut short",
        ),
        (b"GIF89a".to_vec(), "cut short"),
        (vec![0x1a, 0x45, 0xdf, 0xa3, 0], "a WebM file has no room"),
        (b"PK\x03\x04".to_vec(), "neither a PNG nor a GIF"),
        (vec![], "neither a PNG nor a GIF"),
    ] {
        let reason = reason(&file);
        assert!(reason.contains(expected), "{reason:?} lacks {expected:?}");
    }
    let huge = [b"GIF89a".to_vec(), vec![0; crate::MAX_CLIP]].concat();
    assert!(matches!(read_content(&huge), Err(Failure::TooLarge { .. })));
}

proptest! {
    #[test]
    fn a_clip_comes_back_from_its_file(fps in 1_u8..=50, scale in 1_usize..3, gif: bool, colour: bool) {
        let format = if gif { Format::Gif } else { Format::Apng };
        let shape = if colour { Shape::COLOUR } else { Shape::GREY };
        let file = file(format, shape, scale, fps, &[1, 3]);
        prop_assert_eq!(read_content(&file), Ok(Content::Motion(motion(fps))));
    }

    #[test]
    fn every_cut_of_a_gif_is_refused(cut: prop::sample::Index) {
        let file = file(Format::Gif, Shape::GREY, 1, 10, &[1, 1]);
        prop_assert!(read_content(&file[..cut.index(file.len())]).is_err());
    }

    #[test]
    fn a_changed_byte_gives_no_other_clip(at: prop::sample::Index, flip in 1_u8..) {
        let mut file = file(Format::Gif, Shape::GREY, 1, 10, &[1, 1]);
        let at = at.index(file.len());
        file[at] ^= flip;
        if let Ok(read) = read_content(&file) {
            prop_assert_eq!(read, Content::Motion(motion(10)));
        }
    }

    #[test]
    fn arbitrary_blocks_are_refused(data in prop::collection::vec(any::<u8>(), 0..300)) {
        let file = [&b"GIF89a"[..], &data].concat();
        prop_assert!(read_content(&file).is_err());
    }
}
