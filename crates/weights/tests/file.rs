//! `write`, `read`, `card` and `hash`: tensors to a file and back, and what is
//! refused.

mod common;

use std::collections::BTreeMap;

use common::named;
use lampwork_protocol::{Failure, ModelCard};
use lampwork_weights::{
    MAX_BYTES, MAX_HEADER_BYTES, MAX_TENSORS, Named, Precision, WeightsError, card, hash, read,
    write,
};

fn some() -> Vec<Named> {
    vec![
        named(
            "z.weight",
            &[2, 3],
            &[0.0, -1.5, 3.25e-3, 65504.0, 1e-7, -0.1],
        ),
        named("a.bias", &[3], &[1.0, f32::MIN_POSITIVE, -7.0]),
        named("scale", &[], &[0.3]),
    ]
}

fn about() -> BTreeMap<String, String> {
    BTreeMap::from([
        ("b".into(), "second".into()),
        ("a".into(), "\"quoted\" and \u{4e2d}\u{6587}".into()),
        ("c".into(), String::new()),
    ])
}

/// A file of this header and data.
fn file(header: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(data);
    bytes
}

/// What `read` says of a file that it must refuse.
fn refusal(header: &str, data: &[u8]) -> String {
    read(&file(header, data))
        .expect_err("this file should be refused")
        .to_string()
}

#[test]
fn full_precision_loses_nothing() {
    let bytes = write(&some(), &about(), Precision::Full).unwrap();
    assert_eq!(read(&bytes).unwrap(), (some(), about()));
}

#[test]
fn half_precision_is_within_its_rounding() {
    let bytes = write(&some(), &about(), Precision::Half).unwrap();
    let (tensors, metadata) = read(&bytes).unwrap();
    assert_eq!(metadata, about());
    for (found, wanted) in tensors.iter().zip(&some()) {
        assert_eq!((&found.name, &found.shape), (&wanted.name, &wanted.shape));
        for (f, w) in found.values.iter().zip(&wanted.values) {
            // 11 significant bits; below 2^-14, steps of 2^-24.
            let tolerance = (w.abs() * 2f32.powi(-11)).max(2f32.powi(-25));
            assert!((f - w).abs() <= tolerance, "{f} for {w}");
        }
    }
}

#[test]
fn the_same_weights_give_the_same_bytes() {
    let bytes = write(&some(), &about(), Precision::Half).unwrap();
    for _ in 0..16 {
        assert_eq!(write(&some(), &about(), Precision::Half).unwrap(), bytes);
    }
    let full = write(&some(), &about(), Precision::Full).unwrap();
    assert_ne!(hash(&bytes), hash(&full));
}

#[test]
fn the_header_is_what_other_readers_expect() {
    let bytes = write(&some()[1..2], &BTreeMap::new(), Precision::Full).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    assert_eq!(length % 8, 0, "the values are to be aligned");
    let header = std::str::from_utf8(&bytes[8..8 + length]).unwrap();
    assert_eq!(
        header.trim_end(),
        r#"{"a.bias":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#
    );
    assert_eq!(bytes[8 + length..8 + length + 4], 1.0f32.to_le_bytes());
}

#[test]
fn the_hash_is_the_start_of_sha_256() {
    // SHA-256 of "abc", FIPS 180-4, appendix B.1 of its example set.
    assert_eq!(
        hash(b"abc"),
        [0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea]
    );
}

#[test]
fn a_value_too_large_for_half_precision_names_its_tensor() {
    // 65,519.99 still rounds down to 65,504; 65,520 would become infinite.
    let fits = [named("weight", &[1], &[65519.0])];
    assert!(write(&fits, &BTreeMap::new(), Precision::Half).is_ok());
    let large = [named("decoder.weight", &[1], &[-65520.0])];
    let error = write(&large, &BTreeMap::new(), Precision::Half).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the tensor \"decoder.weight\" has -65520, which half precision cannot hold \
         (at most 65504): write it in full precision"
    );
    assert!(write(&large, &BTreeMap::new(), Precision::Full).is_ok());
}

#[test]
fn what_could_not_be_read_back_is_not_written() {
    let refused = |tensors: &[Named]| {
        write(tensors, &BTreeMap::new(), Precision::Full)
            .expect_err("these tensors should be refused")
            .to_string()
    };
    assert_eq!(
        refused(&[named("w", &[2], &[1.0, f32::NAN])]),
        "the tensor \"w\" has NaN at place 1, and only finite numbers are weights"
    );
    assert_eq!(
        refused(&[named("w", &[1], &[1.0]), named("w", &[1], &[1.0])]),
        "the tensor \"w\" is there twice"
    );
    assert_eq!(
        refused(&[named("", &[1], &[1.0])]),
        "the tensor \"\" has no name"
    );
    assert_eq!(
        refused(&[named("__metadata__", &[1], &[1.0])]),
        "the tensor \"__metadata__\" has the name that is kept for the metadata"
    );
    assert_eq!(
        refused(&[named("w", &[0], &[])]),
        "the tensor \"w\" is empty: its shape is [0]"
    );
    assert_eq!(
        refused(&[named("w", &[3], &[1.0])]),
        "the tensor \"w\" has 1 values, which its shape [3] does not hold"
    );
    let long = named(&"w".repeat(300), &[1], &[1.0]);
    assert!(refused(&[long]).ends_with("...\" has a name of more than 256 bytes"));
    let many = vec![named("w", &[1], &[1.0]); MAX_TENSORS + 1];
    assert_eq!(
        refused(&many),
        "there are 4097 tensors, and at most 4096 are taken"
    );
    let large = named("w", &[MAX_BYTES / 4], &vec![0.0; MAX_BYTES / 4]);
    assert!(refused(&[large]).contains("and at most 67108864 are taken"));
    let metadata = BTreeMap::from([("card".to_string(), "x".repeat(MAX_HEADER_BYTES))]);
    let error = write(&some(), &metadata, Precision::Full).unwrap_err();
    assert!(matches!(error, WeightsError::BadMetadata { .. }), "{error}");
}

#[test]
fn a_truncated_file_is_refused_at_every_length() {
    let tensors = [
        named("encoder.weight", &[40, 7], &[0.25; 280]),
        named("encoder.bias", &[40], &[1.0; 40]),
    ];
    for precision in [Precision::Half, Precision::Full] {
        let bytes = write(&tensors, &about(), precision).unwrap();
        for length in 0..bytes.len() {
            let error = read(&bytes[..length]).expect_err("a truncated file should be refused");
            assert!(
                matches!(error, WeightsError::NotSafetensors { .. }),
                "{length} bytes: {error}"
            );
        }
        let mut longer = bytes;
        longer.push(0);
        assert!(read(&longer).is_err(), "a byte too many");
    }
}

#[test]
fn a_file_too_large_is_refused_before_it_is_parsed() {
    let bytes = vec![0; MAX_BYTES + 1];
    let error = read(&bytes).unwrap_err();
    assert_eq!(
        Failure::from(error),
        Failure::TooLarge {
            bytes: MAX_BYTES as u64 + 1,
            limit: MAX_BYTES as u64
        }
    );
}

#[test]
fn a_huge_header_is_refused_before_it_is_parsed() {
    for claimed in [MAX_HEADER_BYTES as u64 + 1, 1 << 40, u64::MAX] {
        let mut bytes = claimed.to_le_bytes().to_vec();
        bytes.resize(2 << 20, b' ');
        assert_eq!(
            read(&bytes).unwrap_err().to_string(),
            format!(
                "this is not a whole safetensors file: its header claims {claimed} bytes, \
                 and at most 1048576 are taken"
            )
        );
    }
}

#[test]
fn a_header_that_is_no_header_is_refused() {
    for header in ["", "{", "[]", "null", r#"{"w":1}"#, r#"{"w":{}}"#, "\u{0}"] {
        let error = read(&file(header, &[])).expect_err(header);
        assert!(matches!(error, WeightsError::NotSafetensors { .. }));
        assert!(matches!(Failure::from(error), Failure::BadWeights { .. }));
    }
    let mut not_text = file("    ", &[]);
    not_text[8] = 0xff;
    assert!(read(&not_text).is_err());
    // Deeper than any parser should follow.
    let deep = format!(r#"{{"w":{}"#, "[".repeat(100_000));
    assert!(read(&file(&deep, &[])).is_err());
}

#[test]
fn tensors_that_do_not_lie_side_by_side_are_refused() {
    let two = |a: [usize; 2], b: [usize; 2]| {
        format!(
            r#"{{"a":{{"dtype":"F32","shape":[1],"data_offsets":{a:?}}},"b":{{"dtype":"F32","shape":[1],"data_offsets":{b:?}}}}}"#
        )
    };
    assert!(read(&file(&two([0, 4], [4, 8]), &[0; 8])).is_ok());
    for (a, b, what) in [
        ([0, 4], [0, 4], "the same bytes"),
        ([0, 4], [2, 6], "an overlap"),
        ([0, 4], [5, 9], "a gap"),
        ([1, 5], [5, 9], "a gap at the start"),
        ([4, 0], [4, 8], "backwards"),
        ([0, 4], [4, 12], "past its shape"),
        ([0, usize::MAX], [4, 8], "past the file"),
    ] {
        for size in [4, 8, 9, 12] {
            assert!(
                read(&file(&two(a, b), &vec![0; size])).is_err(),
                "{what}, {size} bytes"
            );
        }
    }
}

#[test]
fn shapes_that_overflow_are_refused() {
    let shape = |shape: &str, end: usize| {
        format!(r#"{{"w":{{"dtype":"F32","shape":{shape},"data_offsets":[0,{end}]}}}}"#)
    };
    for text in [
        "[18446744073709551615]",
        "[4294967296,4294967296]",
        "[9223372036854775807,2]",
        "[99999999999999999999999]",
        "[-1]",
        "[1.5]",
    ] {
        assert!(read(&file(&shape(text, 4), &[0; 4])).is_err(), "{text}");
    }
    assert_eq!(
        refusal(&shape("[0]", 0), &[]),
        "the tensor \"w\" is empty: its shape is [0]"
    );
    assert_eq!(
        refusal(&shape("[1,1,1,1,1,1,1,1,1]", 4), &[0; 4]),
        "the tensor \"w\" has 9 dimensions, and at most 8 are taken"
    );
}

#[test]
fn other_types_are_refused_by_name() {
    for (dtype, width) in [("BF16", 2), ("I64", 8), ("F64", 8), ("U8", 1), ("BOOL", 1)] {
        let header =
            format!(r#"{{"w":{{"dtype":"{dtype}","shape":[1],"data_offsets":[0,{width}]}}}}"#);
        assert_eq!(
            refusal(&header, &vec![0; width]),
            format!("the tensor \"w\" is of type {dtype}, and only F16 and F32 are read")
        );
    }
}

#[test]
fn numbers_that_are_not_finite_are_refused() {
    let full = r#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
    let half = r#"{"w":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#;
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let said =
            format!("the tensor \"w\" has {value} at place 1, and only finite numbers are weights");
        let mut data = [0; 8];
        data[4..].copy_from_slice(&value.to_le_bytes());
        assert_eq!(refusal(full, &data), said);
        let mut data = [0; 4];
        data[2..].copy_from_slice(&half::f16::from_f32(value).to_le_bytes());
        assert_eq!(refusal(half, &data), said);
    }
}

#[test]
fn too_many_tensors_are_refused() {
    let entries: Vec<String> = (0..MAX_TENSORS + 1)
        .map(|i| {
            let (start, end) = (i * 2, i * 2 + 2);
            format!(r#""{i}":{{"dtype":"F16","shape":[1],"data_offsets":[{start},{end}]}}"#)
        })
        .collect();
    let header = format!("{{{}}}", entries.join(","));
    assert_eq!(
        refusal(&header, &vec![0; (MAX_TENSORS + 1) * 2]),
        "there are 4097 tensors, and at most 4096 are taken"
    );
}

#[test]
fn a_doubled_name_is_refused() {
    let header = r#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#;
    assert!(read(&file(header, &[0; 8])).is_err());
}

const CARD: &str = r#"{"version":1,"name":"vae-fashion","recipe":{"data":"fashion",
    "model":{"family":"vae","net":"mlp","latent":16,"classes":10,"width":256,"beta":1.0,
    "kl_warmup":100,"dropout":0.0},"optimizer":{"kind":{"rule":"adam","beta1":0.9,"beta2":0.999},
    "learning_rate":0.001,"schedule":{"shape":"constant"},"warmup":0,"clip_norm":null},
    "batch":64,"micro_batch":32,"epochs":10,"seed":1,
    "augment":{"shift":0,"flip":false,"cutout":0},"early_stopping":null,"ema":0.0},
    "licence":"MIT OR Apache-2.0","data_source":"Fashion-MNIST, MIT","commit":"","device":"cpu",
    "steps":8590,"seconds":12.5,"figures":[]}"#;

/// Metadata with this card.
fn with_card(json: impl Into<String>) -> BTreeMap<String, String> {
    BTreeMap::from([(ModelCard::METADATA_KEY.to_string(), json.into())])
}

#[test]
fn a_card_comes_back_from_a_file() {
    let wanted: ModelCard = serde_json::from_str(CARD).unwrap();
    let metadata = with_card(serde_json::to_string(&wanted).unwrap());
    let bytes = write(&some(), &metadata, Precision::Half).unwrap();
    let (_, metadata) = read(&bytes).unwrap();
    assert_eq!(card(&metadata).unwrap(), wanted);
}

#[test]
fn a_file_without_a_card_says_so() {
    let error = card(&about()).unwrap_err();
    assert_eq!(error, WeightsError::NoCard);
    assert!(matches!(Failure::from(error), Failure::BadWeights { .. }));
}

#[test]
fn a_forged_card_is_refused() {
    for json in [
        String::new(),
        "7".into(),
        "{}".into(),
        r#"{"version":1}"#.into(),
        CARD.replace("\"version\":1", "\"version\":0"),
        CARD.replace("\"version\":1", "\"version\":-1"),
        CARD.replace("\"vae\"", "\"flow\""),
        CARD.replace("\"latent\":16", "\"latent\":-16"),
        CARD.replace("\"latent\":16", "\"latent\":1e99"),
        CARD.replace("vae-fashion", ""),
        CARD.replace("vae-fashion", "../../etc"),
        CARD.replace("vae-fashion", "<script>"),
        CARD.replace("vae-fashion", &"v".repeat(65)),
        CARD.replace("12.5", "-1.0"),
        CARD.replace("12.5", "1e999"),
        CARD[..CARD.len() - 1].into(),
    ] {
        let error = card(&with_card(json.clone())).expect_err(&json);
        assert!(matches!(error, WeightsError::BadCard { .. }), "{json}");
    }
}

#[test]
fn a_card_of_a_later_version_says_so() {
    // Whatever else its form may be by then.
    let error = card(&with_card(r#"{"version":2,"is":"otherwise"}"#)).unwrap_err();
    assert_eq!(error, WeightsError::NewerCard { found: 2, known: 1 });
}

#[test]
fn rounding_is_to_nearest_and_ties_are_even() {
    let mut values = [
        1.0,
        1.0 + 1.0 / 256.0,
        1.0 + 3.0 / 256.0,
        -(1.0 + 5.0 / 1024.0),
        1.999,
        0.0,
        f32::INFINITY,
    ];
    lampwork_weights::round(&mut values, 7);
    let expected = [
        1.0,
        1.0,
        1.0 + 2.0 / 128.0,
        -(1.0 + 1.0 / 128.0),
        2.0,
        0.0,
        f32::INFINITY,
    ];
    assert_eq!(values, expected);
    // All that f32 has stays as it is.
    let mut exact = [0.1_f32, -3.7];
    lampwork_weights::round(&mut exact, 23);
    assert_eq!(exact, [0.1, -3.7]);
}
