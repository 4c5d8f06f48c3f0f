use proptest::prelude::*;

use crate::{MAX_TEXT, Origin, Parts, Table, WordsCard, WordsError};

/// Two axes: animals, and colours.
fn parts() -> Parts {
    let rows: [(&str, [i8; 2], f32); 14] = [
        ("the", [1, 1], 0.0),
        ("的", [1, 1], 0.0),
        ("cat", [100, 0], 1.0),
        ("red", [0, 100], 0.5),
        ("猫", [100, 0], 1.0),
        ("红", [0, 100], 0.5),
        ("红色", [0, 90], 0.5),
        ("dog", [90, -10], 1.0),
        ("hot", [-10, 10], 1.0),
        ("hot dog", [-50, 50], 1.0),
        ("o'clock", [-90, 0], 1.0),
        ("run", [-90, -90], 1.0),
        ("3", [-1, 0], 1.0),
        ("t恤", [5, -100], 1.0),
    ];
    Parts {
        dimensions: 2,
        vectors: rows.iter().flat_map(|row| row.1).collect(),
        scales: rows.iter().map(|row| row.2).collect(),
        words: rows.iter().map(|row| row.0.to_owned()).collect(),
        folds: vec![('紅', '红'), ('貓', '猫')],
    }
}

fn card() -> WordsCard {
    let source = Origin {
        what: "words".to_owned(),
        package: "none".to_owned(),
        licence: "CC0-1.0".to_owned(),
        copyright: "nobody".to_owned(),
    };
    WordsCard::new("A few words", "CC0-1.0", vec![source], "by hand")
}

fn table() -> Table {
    Table::new(parts(), card()).unwrap()
}

/// Each token as it stands in the text, `=` the word it is known by.
fn read(text: &str) -> Vec<String> {
    let table = table();
    let tokens = table.read(text).tokens;
    let shown = tokens.into_iter().map(|token| {
        let known = token.known.map_or("?", |row| table.word(row));
        format!("{}={known}", &text[token.range])
    });
    shown.collect()
}

#[test]
fn a_table_is_read_as_it_was_written() {
    let bytes = table().to_bytes();
    assert_eq!(Table::from_bytes(&bytes), Ok(table()));
    assert_eq!(Table::from_bytes(&bytes).unwrap().to_bytes(), bytes);
    let card = table().card().clone();
    assert_eq!((card.counts.en, card.counts.zh, card.dimensions), (9, 5, 2));
    assert_eq!(card.checksum.len(), 64);
}

#[test]
fn english_is_split_at_what_is_not_a_letter() {
    assert_eq!(
        read("The red CAT, dogs"),
        ["The=the", "red=red", "CAT=cat", "dogs=dog"]
    );
    assert_eq!(read("red-cat"), ["red=red", "cat=cat"]);
    assert_eq!(
        read("cat's 3 o’clock run"),
        ["cat's=cat", "3=3", "o’clock=o'clock", "run=run"]
    );
    assert_eq!(read("'cat' running"), ["cat=cat", "running=run"]);
    assert_eq!(read("zebra 42"), ["zebra=?", "42=?"]);
    assert_eq!(read("ＣＡＴ ca\u{301}t"), ["ＣＡＴ=cat", "ca\u{301}t=cat"]);
    assert_eq!(read(" ,. 🐈 "), [""; 0]);
}

#[test]
fn the_longest_words_are_taken() {
    assert_eq!(read("hot dog"), ["hot dog=hot dog"]);
    assert_eq!(read("red Hot-Dogs!"), ["red=red", "Hot-Dogs=hot dog"]);
    assert_eq!(read("hot, dog"), ["hot=hot", "dog=dog"]);
    assert_eq!(read("红色的猫"), ["红色=红色", "的=的", "猫=猫"]);
    assert_eq!(read("红 色"), ["红=红", "色=?"]);
}

#[test]
fn mixed_and_traditional_texts_are_read() {
    assert_eq!(read("red貓狗"), ["red=red", "貓=猫", "狗=?"]);
    assert_eq!(read("紅色，cats"), ["紅色=红色", "cats=cat"]);
    assert_eq!(read("T恤"), ["T恤=t恤"]);
    assert_eq!(read("cat\u{301}猫\u{301}"), ["cat\u{301}=cat", "猫=猫"]);
}

#[test]
fn the_vector_is_the_weighted_sum_made_unit_length() {
    let table = table();
    let vector = |text: &str| table.read(text).vector;
    assert_eq!(vector("the cat"), Some(vec![1.0, 0.0]));
    // 100 of one and 50 of the other.
    let half = vector("red cat").unwrap();
    assert!((half[0] - 0.8f32.sqrt()).abs() < 1e-6 && (half[1] - 0.2f32.sqrt()).abs() < 1e-6);
    assert_eq!(
        vector("红色貓 zebra").unwrap()[0].to_bits(),
        vector("红色猫").unwrap()[0].to_bits()
    );
    for nothing in ["", "the", "zebra", "的 the"] {
        assert_eq!(vector(nothing), None, "{nothing}");
    }
    assert_eq!(table.weight(3), 50.0);
    assert_eq!(table.weight(0), 0.0);
}

#[test]
fn of_a_long_text_the_beginning_is_read() {
    let text = "猫".repeat(MAX_TEXT + 50);
    assert_eq!(table().read(&text).tokens.len(), MAX_TEXT);
}

#[test]
fn beginnings_are_completed() {
    let table = table();
    assert_eq!(table.suggest("Ho", 9), ["hot", "hot dog"]);
    assert_eq!(table.suggest("hot-", 9), ["hot dog"]);
    assert_eq!(table.suggest("紅", 9), ["红", "红色"]);
    assert_eq!(table.suggest("红", 1), ["红"]);
    for nothing in ["", " ", "the", "x", "猫咪"] {
        assert_eq!(table.suggest(nothing, 9), [""; 0], "{nothing}");
    }
}

#[test]
fn near_words_are_found() {
    let table = table();
    let near = table.nearest(&[2.0, 0.0], 3);
    assert_eq!(near[..2], [("cat", 1.0), ("猫", 1.0)]);
    assert_eq!(near[2].0, "dog");
    for odd in [
        &[][..],
        &[1.0],
        &[0.0, 0.0],
        &[f32::NAN, 1.0],
        &[f32::INFINITY, 1.0],
    ] {
        assert_eq!(table.nearest(odd, 3), [], "{odd:?}");
    }
}

#[test]
fn what_is_no_table_is_refused() {
    let refused = |change: &dyn Fn(&mut Parts)| {
        let mut parts = parts();
        change(&mut parts);
        Table::new(parts, card()).unwrap_err().to_string()
    };
    assert!(refused(&|p| p.words[0] = "cat".to_owned()).contains("`cat` stands there twice"));
    assert!(refused(&|p| p.words[0] = String::new()).contains("word 0 is empty"));
    assert!(refused(&|p| p.words[0] = "a\nb".to_owned()).contains("control"));
    assert!(refused(&|p| p.scales[2] = f32::NAN).contains("scale of `cat` is NaN"));
    assert!(refused(&|p| p.scales[2] = -1.0).contains("scale of `cat` is -1"));
    assert!(refused(&|p| p.scales.truncate(3)).contains("3 scales"));
    assert!(refused(&|p| p.dimensions = 3).contains("14 words"));
    assert!(refused(&|p| p.dimensions = 0).contains("length of 0"));
    assert!(refused(&|p| p.words.clear()).contains("there are 0"));
    assert!(refused(&|p| p.folds.push(('红', '猫'))).contains("no simplified"));
    assert!(refused(&|p| p.folds.push(('紅', '猫'))).contains("folds twice"));
    assert!(refused(&|p| p.folds.push(('a', '猫'))).contains("no simplified"));

    let large = vec![0; Table::LIMIT + 1];
    assert!(matches!(
        Table::from_bytes(&large),
        Err(WordsError::TooLarge { .. })
    ));
    let mut bytes = table().to_bytes();
    let last = bytes.len() - 7;
    assert!(matches!(
        Table::from_bytes(&bytes[..last]),
        Err(WordsError::Safetensors(_))
    ));
    let checksum = table().card().checksum.clone();
    let at = bytes
        .windows(64)
        .position(|part| part == checksum.as_bytes())
        .unwrap();
    bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
    assert_eq!(Table::from_bytes(&bytes), Err(WordsError::Checksum));
}

proptest! {
    #[test]
    fn any_text_is_read(text in "[\\PC\u{300}'’ -]{0,40}|[cat猫红色貓 'dog-]{0,60}|.{0,260}") {
        let table = table();
        let reading = table.read(&text);
        let mut end = 0;
        for token in &reading.tokens {
            prop_assert!(token.range.start >= end && token.range.start < token.range.end);
            prop_assert!(text.get(token.range.clone()).is_some());
            end = token.range.end;
        }
        if let Some(vector) = reading.vector {
            prop_assert!((vector.iter().map(|v| v * v).sum::<f32>() - 1.0).abs() < 1e-5);
        }
        table.suggest(&text, 5);
    }

    #[test]
    fn changed_bytes_are_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = table().to_bytes();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(table) = Table::from_bytes(&bytes) {
            prop_assert_eq!(Table::from_bytes(&table.to_bytes()), Ok(table));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Table::from_bytes(&bytes).is_err());
    }
}
