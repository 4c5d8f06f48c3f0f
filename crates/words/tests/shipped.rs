//! The table that the site ships.

use std::path::Path;

use lampwork_words::{Table, WordsCard};

fn file(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../static/words");
    std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn table() -> Table {
    Table::from_bytes(&file("words.safetensors")).unwrap()
}

#[test]
fn the_file_is_small_and_its_card_stands_beside_it() {
    let bytes = file("words.safetensors");
    assert!(bytes.len() <= 2_000_000, "{} bytes", bytes.len());
    let table = table();
    assert_eq!(table.to_bytes(), bytes);
    let beside: WordsCard = serde_json::from_slice(&file("words.json")).unwrap();
    assert_eq!(&beside, table.card());
    let licences = String::from_utf8(file("words.LICENCE.txt")).unwrap();
    for source in &table.card().sources {
        let mut words = source
            .package
            .split(' ')
            .skip_while(|word| *word != "package");
        let name = words.nth(1).unwrap();
        assert!(licences.contains(name), "{name}");
    }
}

#[test]
fn each_word_is_read_as_itself() {
    let table = table();
    for row in 0..table.len() as u32 {
        let word = table.word(row);
        let tokens = table.read(word).tokens;
        assert_eq!(tokens.len(), 1, "{word}");
        assert_eq!(
            (tokens[0].known, &tokens[0].range),
            (Some(row), &(0..word.len())),
            "{word}"
        );
        assert!(table.weight(row).is_finite());
    }
}

#[test]
fn prompts_find_their_words() {
    let table = table();
    for (text, words) in [
        ("A kitten’s hot dogs", &["a", "kitten", "hot dog"][..]),
        ("一只红色的貓", &["一只", "红色", "的", "猫"]),
        ("火车and獅子", &["火车", "and", "狮子"]),
    ] {
        let tokens = table.read(text).tokens;
        let found: Vec<_> = tokens
            .iter()
            .map(|token| token.known.map(|row| table.word(row)))
            .collect();
        assert_eq!(
            found,
            words.iter().map(|word| Some(*word)).collect::<Vec<_>>(),
            "{text}"
        );
    }
    assert_eq!(table.read("the of 的").vector, None);
    for (text, other) in [
        ("猫", "cat"),
        ("狮子", "lion"),
        ("火车", "train"),
        ("紅", "red"),
        ("automobile", "car"),
    ] {
        let vector = table.read(text).vector.unwrap();
        let near = table.nearest(&vector, 12);
        assert!(
            near.iter().any(|(word, _)| *word == other),
            "{text}: {near:?}"
        );
    }
    assert!(table.suggest("drag", 5).contains(&"dragon"));
    assert!(table.suggest("火", 8).contains(&"火车"));
}

/// Sums are the same to the bit wherever they are taken. The figures change
/// with the table: print them anew then.
#[test]
fn a_vector_is_the_same_to_the_bit() {
    let vector = table().read("a red dragon, 一只猫").vector.unwrap();
    let hash = vector.iter().flat_map(|value| value.to_le_bytes());
    let hash = hash.fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    assert_eq!(hash, 0x96b9_750d_745b_d070, "{hash:#x}");
}
