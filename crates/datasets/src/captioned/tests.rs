use lampwork_protocol::Failure;
use proptest::prelude::*;

use super::*;

const SIDE: usize = 2;

fn concept(name: &str) -> Concept {
    Concept {
        name: name.to_owned(),
        en: format!("a {name}"),
        zh: "词".to_owned(),
        tags_en: vec!["thing".to_owned()],
        tags_zh: Vec::new(),
        group: "things".to_owned(),
    }
}

fn drawings(concepts: &[u16], shade: u8) -> Drawings {
    Drawings {
        pictures: (0..concepts.len() * SIDE * SIDE * 3)
            .map(|at| shade.wrapping_add(at as u8))
            .collect(),
        concepts: concepts.to_vec(),
        styles: (0..concepts.len()).map(|at| (at % 2) as u8).collect(),
    }
}

fn splits() -> [Drawings; 3] {
    [
        drawings(&[0, 0, 300], 1),
        drawings(&[1], 2),
        drawings(&[2, 2], 3),
    ]
}

/// More concepts than fit one byte, so that the order of bytes matters.
fn concepts() -> Vec<Concept> {
    (0..301)
        .map(|row| concept(&format!("thing{row}")))
        .collect()
}

fn styles() -> Vec<String> {
    ["flat", "round"].map(str::to_owned).to_vec()
}

fn made(splits: [Drawings; 3]) -> Result<Captioned, DataError> {
    let source = |licence: &str| Origin {
        licence: licence.to_owned(),
        ..Origin::default()
    };
    let sources = vec![source("MIT"), source("CC0-1.0"), source("MIT")];
    let card = CaptionedCard::new(DataSet::Emoji, "Things", sources, "a test");
    Captioned::new(SIDE, concepts(), styles(), splits, card)
}

fn good() -> Captioned {
    made(splits()).unwrap()
}

fn read(bytes: &[u8]) -> Result<Captioned, DataError> {
    Captioned::from_bytes(DataSet::Emoji, bytes)
}

fn refused(set: &Captioned) -> String {
    read(&set.to_bytes()).unwrap_err().to_string()
}

#[test]
fn reads_what_it_wrote() {
    let set = good();
    let bytes = set.to_bytes();
    assert_eq!(bytes, set.to_bytes(), "the same file every time");
    assert_eq!(set.card.counts, [3, 1, 2]);
    assert_eq!(set.card.concepts, [2, 1, 1]);
    assert_eq!(set.card.styles[0].counts, [2, 1, 1]);
    assert_eq!(set.card.licence, "MIT AND CC0-1.0");
    assert_eq!(read(&bytes), Ok(set));
}

#[test]
fn other_readers_of_the_format_find_the_tensors() {
    let bytes = good().to_bytes();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let rows = file.tensor("train.concepts").unwrap();
    assert_eq!(rows.dtype(), Dtype::U16);
    assert_eq!(rows.data(), [0, 0, 0, 0, 44, 1]);
    assert_eq!(file.tensor("test.pictures").unwrap().shape(), [2, 2, 2, 3]);
}

#[test]
fn another_set_is_refused() {
    let error = Captioned::from_bytes(DataSet::Faces, &good().to_bytes()).unwrap_err();
    assert_eq!(
        error,
        DataError::OtherData {
            wanted: "faces",
            found: "emoji"
        }
    );
}

#[test]
fn what_contradicts_itself_is_neither_made_nor_read() {
    type Change = fn(&mut [Drawings; 3]);
    let cases: [(Change, &str); 5] = [
        (|s| s[1].concepts[0] = 0, "`thing0` stands in two splits"),
        (|s| s[2].concepts[1] = 301, "shows concept 301"),
        (|s| s[0].styles[2] = 2, "is of style 2"),
        (|s| s[0].pictures.truncate(24), "2 pictures, 3 concepts"),
        (|s| s[1] = Drawings::default(), "validation"),
    ];
    for (change, expected) in cases {
        let mut parts = splits();
        change(&mut parts);
        let error = made(parts.clone()).unwrap_err();
        assert!(matches!(
            Failure::from(error.clone()),
            Failure::BadData { .. }
        ));
        assert!(error.to_string().contains(expected), "{error}");
        // A shape that its bytes do not fill is refused before that.
        if parts[0].pictures.len() == parts[0].len() * 12 {
            let mut set = good();
            [set.train, set.validation, set.test] = parts;
            let message = refused(&set);
            assert!(message.contains(expected), "{message:?} lacks {expected:?}");
        }
    }
}

#[test]
fn tables_must_name_each_thing_once() {
    let mut twice = good();
    twice.concepts[5].name = "thing4".to_owned();
    assert!(refused(&twice).contains("two are named concept `thing4`"));
    let mut unnamed = good();
    unnamed.styles[1].clear();
    assert!(refused(&unnamed).contains("a style has no name"));
    let mut many = good();
    many.styles
        .extend((0..255).map(|number| format!("style{number}")));
    assert!(refused(&many).contains("257 styles"));
    let mut many = good();
    many.concepts = (0..=1 << 16)
        .map(|row| concept(&format!("thing{row}")))
        .collect();
    assert!(refused(&many).contains("65537 concepts"));
}

#[test]
fn changed_contents_are_told() {
    type Change = fn(&mut Captioned);
    let changes: [Change; 9] = [
        |set| set.test.pictures[5] ^= 1,
        |set| set.train.concepts[1] = 7,
        |set| set.train.styles[1] = 0,
        |set| set.concepts[3].zh.clear(),
        |set| set.concepts[3].tags_en.clear(),
        |set| set.styles.swap(0, 1),
        |set| set.card.counts[0] = 4,
        |set| set.card.concepts[1] = 4,
        |set| set.card.styles[1].counts[2] = 9,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut set = good();
        change(&mut set);
        assert!(refused(&set).contains("checksum"), "change {number}");
    }
}

#[test]
fn cards_that_fit_nothing_are_told() {
    let mut set = good();
    set.card.version = 2;
    assert!(refused(&set).contains("version 2"));
    for (side, expected) in [
        (0, "[n, 0, 0, 3]"),
        (3, "[n, 3, 3, 3]"),
        (u32::MAX, "[n, 4294967295, 4294967295, 3]"),
    ] {
        let mut set = good();
        set.card.side = side;
        let message = refused(&set);
        assert!(message.contains(expected), "{message:?} lacks {expected:?}");
    }
}

/// A file with the tables of [`good`], but for these metadata and tensors.
fn file(
    metadata: &[(&'static str, String)],
    tensors: &[(&str, &'static str, &[usize])],
) -> Vec<u8> {
    let tensors: Vec<Tensor<'_>> = tensors
        .iter()
        .map(|(name, dtype, shape)| {
            let width = match *dtype {
                "U8" => 1,
                "U16" => 2,
                _ => 4,
            };
            let size = shape.iter().product::<usize>() * width;
            Tensor {
                name: (*name).to_owned(),
                dtype,
                shape: shape.to_vec(),
                bytes: vec![0; size].into(),
            }
        })
        .collect();
    let set = good();
    let mut entries = BTreeMap::from([
        (DataCard::METADATA_KEY, json(&set.card)),
        (CONCEPTS_KEY, json(&set.concepts)),
        (STYLES_KEY, json(&set.styles)),
    ]);
    entries.extend(metadata.iter().cloned());
    serialize(entries, &tensors)
}

const TENSORS: [(&str, &str, &[usize]); 9] = [
    ("train.concepts", "U16", &[1]),
    ("validation.concepts", "U16", &[1]),
    ("test.concepts", "U16", &[1]),
    ("train.pictures", "U8", &[1, 2, 2, 3]),
    ("validation.pictures", "U8", &[1, 2, 2, 3]),
    ("test.pictures", "U8", &[1, 2, 2, 3]),
    ("train.styles", "U8", &[1]),
    ("validation.styles", "U8", &[1]),
    ("test.styles", "U8", &[1]),
];

#[test]
fn tensors_of_another_name_type_or_shape_are_told() {
    let error = |at: usize, tensor| {
        let mut tensors = TENSORS;
        tensors[at] = tensor;
        read(&file(&[], &tensors)).unwrap_err().to_string()
    };
    for (at, tensor, expected) in [
        (
            0,
            ("train.concept", "U16", &[1][..]),
            "train.concepts is missing",
        ),
        (0, ("train.concepts", "U8", &[1]), "U8 [1]"),
        (0, ("train.concepts", "U16", &[1, 1]), "U16 [1, 1]"),
        (0, ("train.concepts", "U16", &[]), "single number"),
        (0, ("train.concepts", "U16", &[2]), "1 pictures, 2 concepts"),
        (
            3,
            ("train.pictures", "F32", &[1, 2, 2, 3]),
            "F32 [1, 2, 2, 3]",
        ),
        (
            3,
            ("train.pictures", "U8", &[1, 4, 1, 3]),
            "U8 [1, 4, 1, 3]",
        ),
        (
            3,
            ("train.pictures", "U8", &[1, 2, 2, 4]),
            "U8 [1, 2, 2, 4]",
        ),
        (3, ("train.pictures", "U8", &[0, 2, 2, 3]), "[0, 2, 2, 3]"),
        (6, ("train.styles", "U16", &[1]), "U16 [1]"),
        (6, ("train.styles", "U8", &[3]), "3 styles"),
    ] {
        let message = error(at, tensor);
        assert!(message.contains(expected), "{message:?} lacks {expected:?}");
    }
    let message = read(&file(&[], &TENSORS[..8])).unwrap_err().to_string();
    assert!(message.contains("8 tensors"), "{message}");
}

#[test]
fn metadata_that_are_no_tables_are_told() {
    for (key, json, expected) in [
        (DataCard::METADATA_KEY, "[]", "card cannot be read"),
        (CONCEPTS_KEY, "{", "the table `concepts`"),
        (CONCEPTS_KEY, "[{\"name\":\"x\"}]", "missing field"),
        (STYLES_KEY, "[1]", "the table `styles`"),
    ] {
        let bytes = file(&[(key, json.to_owned())], &TENSORS);
        let message = read(&bytes).unwrap_err().to_string();
        assert!(message.contains(expected), "{message:?} lacks {expected:?}");
    }
    let deep = "[".repeat(100_000);
    assert!(read(&file(&[(CONCEPTS_KEY, deep)], &TENSORS)).is_err());
    let empty = safetensors::serialize(
        Vec::<(String, safetensors::tensor::TensorView)>::new(),
        None,
    );
    let message = read(&empty.unwrap()).unwrap_err().to_string();
    assert!(message.contains("card cannot be read"), "{message}");
}

#[test]
fn what_claims_to_be_huge_is_refused_unread() {
    let error = read(&vec![0; Captioned::LIMIT + 1]).unwrap_err();
    assert!(matches!(Failure::from(error), Failure::TooLarge { .. }));
    for length in [1 << 20, u64::MAX] {
        let mut bytes = good().to_bytes();
        bytes[..8].copy_from_slice(&length.to_le_bytes());
        assert!(matches!(read(&bytes), Err(DataError::Safetensors(_))));
    }
    // A shape whose product does not fit 64 bits.
    let huge = format!(
        "{{\"t\":{{\"dtype\":\"U8\",\"shape\":[{0},{0},3],\"data_offsets\":[0,3]}}}}",
        u64::MAX
    );
    let mut bytes = (huge.len() as u64).to_le_bytes().to_vec();
    bytes.extend(huge.as_bytes());
    bytes.extend([0; 3]);
    assert!(matches!(read(&bytes), Err(DataError::Safetensors(_))));
}

proptest! {
    #[test]
    fn every_cut_is_refused(part in 0.0_f64..1.0) {
        let bytes = good().to_bytes();
        let cut = (bytes.len() as f64 * part) as usize;
        prop_assert!(read(&bytes[..cut]).is_err());
    }

    /// A changed byte is refused, or (within white space or a text of the
    /// card) leaves all but the card as it was.
    #[test]
    fn a_changed_byte_changes_no_drawing(part in 0.0_f64..1.0, flip in 1_u8..) {
        let good = good();
        let mut bytes = good.to_bytes();
        let at = (bytes.len() as f64 * part) as usize;
        bytes[at] ^= flip;
        if let Ok(read) = read(&bytes) {
            prop_assert_eq!(&read.concepts, &good.concepts);
            prop_assert_eq!(&read.styles, &good.styles);
            prop_assert_eq!(read.splits(), good.splits());
        }
    }

    #[test]
    fn arbitrary_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        prop_assert!(read(&bytes).is_err());
    }
}
