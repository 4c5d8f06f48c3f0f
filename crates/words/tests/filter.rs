//! The list of words to mask that the site ships, and the fuzzer's seeds.

use std::path::Path;

use lampwork_words::Filter;
use proptest::prelude::*;

fn file(name: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read(root.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn shipped() -> Filter {
    Filter::from_bytes(&file("static/words/filter.txt")).unwrap()
}

#[test]
fn the_shipped_list_masks_and_lets_verse_be() {
    let bytes = file("static/words/filter.txt");
    assert!(bytes.len() < 10_000, "{} bytes", bytes.len());
    let filter = shipped();
    assert!(filter.len() > 700);
    // The lists' entries are the only words here that should be.
    for line in String::from_utf8(bytes).unwrap().lines().skip(1) {
        let masked = filter.mask(&format!("那，{line}。"));
        assert!(masked.count >= 1, "{line}");
    }
    for text in [
        "商女不知亡國恨，隔江猶唱後庭花。",
        "二十四橋明月夜，玉人何處教吹簫？",
        "乳燕飛華屋，悄無人、桐陰轉午。",
        "燦爛枝幹，貧賤夫妻，鳩鳴桑間，見第13.頁",
        "Shall I compare thee to a summer's day? The classic cockpit of Scunthorpe, an assassin's grass.",
        "I must be cruel only to be kind. My mistress' eyes are nothing like the sun.",
    ] {
        let masked = filter.mask(text);
        assert_eq!((masked.text.as_str(), masked.count), (text, 0));
    }
    // Simplified and traditional alike.
    for text in ["賤貨", "贱货", "強姦", "強奸", "强奸"] {
        assert_eq!(filter.mask(text).text, "＊＊", "{text}");
    }
    // What it cannot know.
    assert_eq!(filter.mask("他妈妈来了").count, 1);
}

#[test]
fn seeds_are_read_or_refused() {
    let seed = |name: &str| file(&format!("fuzz/seeds/filter/{name}"));
    for (name, expected) in [
        ("later", "later version"),
        ("empty-entry", "line 3"),
        ("not-text", "UTF-8"),
    ] {
        let message = Filter::from_bytes(&seed(name)).unwrap_err().to_string();
        assert!(message.contains(expected), "{name}: {message}");
    }
    let good = Filter::from_bytes(&seed("good")).unwrap();
    let text = String::from_utf8(seed("text")).unwrap();
    let masked = good.mask(&text);
    assert_eq!(
        (masked.text.as_str(), masked.count),
        (
            "\"****  ********,\" he säid; **** 你這＊＊***＊*。**** *",
            7
        )
    );
}

proptest! {
    #[test]
    fn any_text_keeps_what_is_not_masked(text in ".{0,60}", word in "[a-d春月ß ]{1,3}") {
        let list = format!("lampwork word filter 1\nx{word}\n{}\n", "春月");
        let filter = Filter::from_bytes(list.as_bytes()).unwrap();
        let text = format!("{text} x{word} {text}");
        let masked = filter.mask(&text);
        prop_assert!(masked.count >= 1);
        prop_assert!(masked.text.chars().count() <= text.chars().count());
        let white = |text: &str| text.chars().filter(|c| c.is_whitespace()).count();
        prop_assert_eq!(white(&masked.text), white(&text));
    }
}
