use proptest::prelude::*;

use super::*;

fn specials() -> Vec<String> {
    [PAD, END, UNKNOWN, "mood:joy"].map(str::to_owned).to_vec()
}

fn characters(text: &str) -> Result<Tokenizer, TextError> {
    Tokenizer::new(TokenizerForm::Characters {
        specials: specials(),
        characters: text.to_owned(),
    })
}

fn bpe(merges: &[(u16, u16)]) -> Result<Tokenizer, TextError> {
    Tokenizer::new(TokenizerForm::Bpe {
        specials: specials(),
        merges: merges.to_vec(),
    })
}

fn cut(text: &str) -> Vec<&str> {
    pieces(text).collect()
}

#[test]
fn characters_have_a_token_each_and_the_rest_one_for_all() {
    let tokenizer = characters("春江。").unwrap();
    assert_eq!(tokenizer.len(), 7);
    assert_eq!(tokenizer.encode("春風江。"), [4, 2, 5, 6]);
    assert_eq!(tokenizer.decode(&[4, 2, 3, 5, 6, 99]), "春江。");
    assert_eq!(tokenizer.token_of('江'), Some(5));
    assert_eq!(tokenizer.token_of('風'), None);
    assert_eq!(tokenizer.special("mood:joy"), Some(3));
    assert!(tokenizer.is_special(3) && !tokenizer.is_special(4));
}

#[test]
fn the_most_urgent_pair_is_joined_first_and_of_equals_the_leftmost() {
    let [a, b, c] = [97, 98, 99];
    let tokenizer = bpe(&[(b, c), (a, b), (a, a), (258, c)]).unwrap();
    let text = |token: u16| 4 + token;
    // `bc` comes before `ab`.
    assert_eq!(tokenizer.encode("abc"), [text(a), text(256)]);
    assert_eq!(tokenizer.encode("aaa"), [text(258), text(a)]);
    assert_eq!(tokenizer.encode("aac"), [text(259)]);
    assert!(tokenizer.encode("").is_empty());
    assert_eq!(tokenizer.bytes(text(259)), b"aac");
    assert_eq!(tokenizer.decode(&[text(259), text(c)]), "aacc");
}

#[test]
fn texts_are_cut_at_words_marks_and_lines() {
    assert_eq!(
        cut("'Tis o'er, Tom.\n\nHAMLET.\n"),
        [
            "'Tis", " o'er", ",", " Tom", ".", "\n\n", "HAMLET", ".", "\n"
        ]
    );
    assert_eq!(cut("a  b"), ["a", "  ", "b"]);
    assert_eq!(cut(" '--' x"), [" '--'", " x"]);
    assert_eq!(cut("1599 a12 \n é"), ["1599", " a", "12", " ", "\n", " é"]);
    assert_eq!(cut("don't'"), ["don't", "'"]);
    assert_eq!(cut("「春」，x—y"), ["「", "春", "」，", "x", "—", "y"]);
}

#[test]
fn what_contradicts_itself_is_refused() {
    let message = |result: Result<Tokenizer, TextError>| result.unwrap_err().to_string();
    assert!(message(characters("春春")).contains("twice"));
    assert!(message(bpe(&[(97, 256)])).contains("joins 97 and 256"));
    assert!(message(bpe(&[(97, 97), (97, 97)])).contains("twice"));
    let doubling: Vec<(u16, u16)> = (0..9)
        .map(|i| if i == 0 { (97, 97) } else { (255 + i, 255 + i) })
        .collect();
    assert!(message(bpe(&doubling)).contains("512 bytes"));
    let json = r#"{"kind":"bpe","specials":["end","unknown"],"merges":[]}"#;
    assert!(message(Tokenizer::from_json(json)).contains("`pad`"));
    let json = r#"{"kind":"bpe","specials":["pad","pad","end","unknown"],"merges":[]}"#;
    assert!(message(Tokenizer::from_json(json)).contains("`pad`"));
    let long = " ".repeat(Tokenizer::LIMIT + 1);
    assert!(message(Tokenizer::from_json(&long)).contains("too large"));
    let many: String = ('\u{4E00}'..'\u{9FFF}')
        .chain('\u{20000}'..'\u{29000}')
        .collect();
    assert!(message(characters(&many)).contains("at most 32768"));
}

#[test]
fn json_comes_back() {
    for tokenizer in [
        characters("春江").unwrap(),
        bpe(&[(97, 98), (256, 99)]).unwrap(),
    ] {
        assert_eq!(Tokenizer::from_json(&tokenizer.to_json()), Ok(tokenizer));
    }
}

#[test]
fn an_unfinished_character_is_held_back() {
    let tokenizer = bpe(&[]).unwrap();
    let mut decoder = Decoder::new();
    let mut parts = Vec::new();
    for token in tokenizer.encode("é春!") {
        parts.push(decoder.push(&tokenizer, token));
    }
    assert_eq!(parts, ["", "é", "", "", "春", "!"]);
    assert_eq!(decoder.finish(), "");
    // The first byte of two, and then something else.
    assert_eq!(decoder.push(&tokenizer, 4 + 0xC3), "");
    assert_eq!(decoder.push(&tokenizer, 4 + 0x41), "\u{FFFD}A");
    assert_eq!(decoder.push(&tokenizer, 4 + 0xE6), "");
    assert_eq!(decoder.finish(), "\u{FFFD}");
    assert_eq!(decoder.finish(), "");
}

proptest! {
    #[test]
    fn bytes_lose_nothing(text in any::<String>()) {
        let tokenizer = bpe(&[(32, 116), (104, 101), (256, 257), (10, 10)]).unwrap();
        let tokens = tokenizer.encode(&text);
        prop_assert_eq!(tokenizer.decode(&tokens), &*text);
        prop_assert_eq!(pieces(&text).collect::<String>(), &*text);
        let mut decoder = Decoder::new();
        let mut streamed: String = tokens.iter().map(|&token| decoder.push(&tokenizer, token)).collect();
        streamed.push_str(&decoder.finish());
        prop_assert_eq!(streamed, text);
    }

    #[test]
    fn a_stream_of_any_tokens_ends_as_decoding_does(tokens in prop::collection::vec(0_u16..300, 0..40)) {
        let tokenizer = bpe(&[]).unwrap();
        let mut decoder = Decoder::new();
        let mut streamed: String = tokens.iter().map(|&token| decoder.push(&tokenizer, token)).collect();
        streamed.push_str(&decoder.finish());
        prop_assert_eq!(streamed, tokenizer.decode(&tokens));
    }
}
