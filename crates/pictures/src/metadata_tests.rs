//! What is written is read, by us and by others, and nothing else is.

use lampwork_protocol::{Axis, Grid, Latent, Sampling, Shape, Sheet};
use proptest::prelude::*;

use super::*;
use crate::single;

fn recipe(seed: u64) -> Recipe {
    Recipe {
        model: "gan-fashion".to_owned(),
        weights: [1, 2, 3, 4, 5, 6, 7, 8],
        latent: Latent::Draw {
            seed,
            index: 4,
            temperature: 0.75,
            class: Some(2),
        },
        sampling: None,
        start: None,
    }
}

/// A PNG of 28 x 28 with these chunks, each of a kind and contents, after its
/// header. The checksums are left at 0: they are not looked at.
fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let header = [0, 0, 0, 28, 0, 0, 0, 28, 8, 0, 0, 0, 0];
    let mut file = SIGNATURE.to_vec();
    for (kind, data) in [(b"IHDR", &header[..])]
        .iter()
        .chain(chunks)
        .chain(&[(b"IEND", &[][..])])
    {
        file.extend((data.len() as u32).to_be_bytes());
        file.extend(*kind);
        file.extend(*data);
        file.extend([0; 4]);
    }
    file
}

fn international(text: &str) -> Vec<u8> {
    [RECIPE_KEYWORD.as_bytes(), &[0; 5], text.as_bytes()].concat()
}

fn reason(file: &[u8]) -> String {
    match read_recipe(file) {
        Err(Failure::BadRecipe { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn another_reader_finds_the_metadata() {
    let file = single(&[7; 784], Shape::GREY, 4, Some(&recipe(1)));
    let mut reader = png::Decoder::new(std::io::Cursor::new(&file))
        .read_info()
        .unwrap();
    reader.finish().unwrap();
    let info = reader.info();
    let plain: Vec<_> = info
        .uncompressed_latin1_text
        .iter()
        .map(|chunk| (chunk.keyword.as_str(), chunk.text.as_str()))
        .collect();
    assert_eq!(
        plain,
        [("Software", "Lampwork"), ("Title", "Made with Lampwork")]
    );
    let texts: Vec<_> = info
        .utf8_text
        .iter()
        .map(|chunk| (chunk.keyword.as_str(), chunk.get_text().unwrap()))
        .collect();
    assert_eq!(
        texts,
        [
            ("lampwork:recipe", link::encode(&recipe(1))),
            ("XML:com.adobe.xmp", XMP.to_owned())
        ]
    );
    assert!(XMP.contains("digitalsourcetype/trainedAlgorithmicMedia"));
}

#[test]
fn a_picture_that_was_gone_on_from_is_called_a_composite() {
    let begun = Recipe {
        start: Some(lampwork_protocol::Start {
            picture: vec![7; 784],
            strength: 0.5,
            mask: None,
        }),
        ..recipe(1)
    };
    let file = single(&[7; 784], Shape::GREY, 1, Some(&begun));
    assert_eq!(read_recipe(&file), Ok(begun));
    let says = |code: &[u8]| file.windows(code.len()).any(|bytes| bytes == code);
    assert!(says(b"/compositeWithTrainedAlgorithmicMedia\""));
    assert!(!says(b"/trainedAlgorithmicMedia\""));
}

#[test]
fn a_plain_text_is_read_too() {
    let text = [
        RECIPE_KEYWORD.as_bytes(),
        &[0],
        link::encode(&recipe(2)).as_bytes(),
    ]
    .concat();
    assert_eq!(read_recipe(&png(&[(b"tEXt", &text)])), Ok(recipe(2)));
}

#[test]
fn says_what_is_wrong() {
    let good = international(&link::encode(&recipe(3)));
    assert_eq!(read_recipe(&png(&[(b"iTXt", &good)])), Ok(recipe(3)));
    let mut packed = good.clone();
    packed[RECIPE_KEYWORD.len() + 1] = 1;
    let cases: [(Vec<u8>, &str); 10] = [
        (single(&[0; 784], Shape::GREY, 1, None), "holds none"),
        (png(&[(b"iTXt", &good), (b"iTXt", &good)]), "more than one"),
        (png(&[(b"iTXt", &packed)]), "packed"),
        (
            png(&[(b"iTXt", &good[..RECIPE_KEYWORD.len() + 3])]),
            "packed",
        ),
        (
            png(&[(b"iTXt", &international("forgedAA"))]),
            "missing or changed",
        ),
        (png(&[(b"tEXt", b"lampwork:recipes\0x")]), "holds none"),
        (png(&[(b"tEXt", b"lampwork:recipe\0\xff")]), "not text"),
        (b"GIF89a".to_vec(), "not a PNG"),
        (SIGNATURE.to_vec(), "cut short"),
        (
            [&SIGNATURE[..], &[0, 0, 0, 0], b"IDAT", &[0; 4]].concat(),
            "begin with its header",
        ),
    ];
    for (file, expected) in cases {
        let reason = reason(&file);
        assert!(reason.contains(expected), "{reason:?} lacks {expected:?}");
    }
}

#[test]
fn what_comes_after_the_end_is_not_read() {
    let mut file = png(&[]);
    file.extend(png(&[(b"iTXt", &international(&link::encode(&recipe(4))))]));
    assert!(reason(&file).contains("holds none"));
}

#[test]
fn huge_files_and_pictures_are_refused() {
    let failure = read_recipe(&vec![0; MAX_FILE + 1]);
    assert!(matches!(failure, Err(Failure::TooLarge { limit, .. }) if limit == MAX_FILE as u64));
    let mut wide = png(&[]);
    wide[16..20].copy_from_slice(&[0xff; 4]);
    assert!(reason(&wide).contains("4294967295 x 28"));
    let mut none = png(&[]);
    none[20..24].copy_from_slice(&[0; 4]);
    assert!(reason(&none).contains("28 x 0"));
}

#[test]
fn a_recipe_of_a_later_version_is_told() {
    // Version 2 and three more bytes, under their CRC-32.
    let payload = "AgABAvpHWHw";
    let file = png(&[(b"iTXt", &international(payload))]);
    assert_eq!(
        read_recipe(&file),
        Err(Failure::NewerRecipe { found: 2, known: 1 })
    );
}

proptest! {
    #[test]
    fn a_recipe_survives_its_file(seed: u64, scale in 1_usize..6, shade: u8) {
        let file = single(&[shade; 784], Shape::GREY, scale, Some(&recipe(seed)));
        prop_assert_eq!(read_recipe(&file), Ok(recipe(seed)));
    }

    #[test]
    fn every_cut_is_refused(cut: prop::sample::Index) {
        let file = single(&[9; 784], Shape::GREY, 2, Some(&recipe(5)));
        prop_assert!(read_recipe(&file[..cut.index(file.len())]).is_err());
    }

    #[test]
    fn a_changed_byte_gives_no_other_recipe(at: prop::sample::Index, flip in 1_u8..) {
        let mut file = single(&[9; 784], Shape::GREY, 2, Some(&recipe(6)));
        let at = at.index(file.len());
        file[at] ^= flip;
        if let Ok(read) = read_recipe(&file) {
            prop_assert_eq!(read, recipe(6));
        }
    }

    #[test]
    fn arbitrary_chunks_are_refused(data in prop::collection::vec(any::<u8>(), 0..300)) {
        let file = [&SIGNATURE[..], &data].concat();
        prop_assert!(read_recipe(&file).is_err());
    }
}

#[test]
fn a_grid_comes_back_whole_from_its_file() {
    let grid = Grid {
        base: Sheet {
            model: "flow-emoji".to_owned(),
            weights: [3; 8],
            seed: 9,
            class: None,
            temperature: 1.0,
            words: Some("红苹果".to_owned()),
            count: 1,
            sampling: Some(Sampling::default()),
        },
        across: Axis::Steps(vec![2, 5, 10]),
        down: Some(Axis::Class(vec![0, 3])),
    };
    let pictures = vec![120; 6 * Shape::COLOUR.values()];
    let file = crate::grid(&pictures, Shape::COLOUR, 2, &grid, None);
    assert_eq!(read_content(&file), Ok(Content::Grid(grid)));
    assert!(reason(&file).contains("of a grid"));
    // A single picture is read by the same call.
    let one = single(&[7; 784], Shape::GREY, 1, Some(&recipe(4)));
    assert_eq!(read_content(&one), Ok(Content::Picture(recipe(4))));
    let reader = png::Decoder::new(std::io::Cursor::new(&file))
        .read_info()
        .unwrap();
    assert_eq!(
        (reader.info().width, reader.info().height),
        (2 * 98, 2 * 65)
    );
}

#[test]
fn a_framed_grid_has_its_labels_and_is_still_a_grid() {
    let grid = Grid {
        base: Sheet {
            model: "gan-digits".to_owned(),
            weights: [3; 8],
            seed: 9,
            class: None,
            temperature: 1.0,
            words: None,
            count: 1,
            sampling: None,
        },
        across: Axis::Seed(vec![1, 2]),
        down: None,
    };
    let [width, height] = crate::grid_size(Shape::GREY, 2, &grid);
    assert_eq!([width, height], [114, 56]);
    let whole = [width + 7, height + 5];
    let frame = crate::Frame {
        pixels: &[9, 8, 7].repeat(whole[0] * whole[1]),
        width: whole[0],
        left: 4,
        top: 3,
    };
    let pictures: Vec<u8> = (0..2 * 784).map(|at| (at / 784) as u8 * 100 + 50).collect();
    let file = crate::grid(&pictures, Shape::GREY, 2, &grid, Some(frame));
    assert_eq!(read_content(&file), Ok(Content::Grid(grid)));
    let mut reader = png::Decoder::new(std::io::Cursor::new(&file))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!([info.width as usize, info.height as usize], whole);
    let at = |x: usize, y: usize| &pixels[(y * whole[0] + x) * 3..][..3];
    assert_eq!(at(3, 3), [9, 8, 7], "left of it");
    assert_eq!(at(4, 2), [9, 8, 7], "above it");
    assert_eq!(at(4, 3), [50; 3]);
    assert_eq!(at(4 + width - 1, 3 + height - 1), [150; 3]);
    assert_eq!(at(4 + width, 3), [9, 8, 7], "right of it");
    assert_eq!(at(4, 3 + height), [9, 8, 7], "below it");
}
