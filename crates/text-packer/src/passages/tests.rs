use lampwork_text::tokenizer;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;

use super::*;

/// Lines of many kinds: of verse, with apostrophes, numbers, blanks, other scripts,
/// emoji, control characters.
fn lines() -> Vec<String> {
    let words = [
        "o'er",
        "the",
        "'Tis",
        "kill'd",
        "HAMLET.",
        "--",
        "1599",
        "a",
        "be",
        "not",
        "naïve",
        "春江",
        "，",
        "。",
        "「」",
        "🦀",
        "e\u{301}",
        "\t",
        "  ",
        "\n",
        "\n\n",
        "''",
        "don't'",
        "—",
        "\u{0}",
        "\u{AD}",
        "\u{FEFF}",
        "ﬁ",
        "Ā",
        "٣",
        "of",
        "and",
        "sea",
        "whale",
        "[Exit]",
        "?!",
        "\u{3000}",
        "\r\n",
        "𠀀",
        "\u{1F468}\u{200D}\u{1F469}",
    ];
    let mut state = 1_u64;
    let mut draw = |bound: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % bound
    };
    (0..4_000)
        .map(|_| {
            let count = 1 + draw(12);
            let glue = ["", " ", "  "][draw(3)];
            (0..count)
                .map(|_| words[draw(words.len())])
                .collect::<Vec<_>>()
                .join(glue)
        })
        .collect()
}

fn theirs(model: BPE) -> tokenizers::Tokenizer {
    let mut theirs = tokenizers::Tokenizer::new(model);
    theirs.with_pre_tokenizer(Some(pre_tokenizer().unwrap()));
    theirs
}

#[test]
fn bytes_are_spelt_as_theirs() {
    let mut ours = bytes().to_vec();
    let mut alphabet: Vec<char> = ByteLevel::alphabet().into_iter().collect();
    ours.sort_unstable();
    alphabet.sort_unstable();
    assert_eq!(ours, alphabet);
    assert_eq!(
        (bytes()[32], bytes()[10], bytes()[0xAD]),
        ('Ġ', 'Ċ', '\u{143}')
    );
}

#[test]
fn every_line_has_the_tokens_that_the_reference_gives() {
    let lines = lines();
    let model = train(lines.iter().map(String::as_str), 700).unwrap();
    let merges = merges(&model).unwrap();
    assert!(merges.len() > 300, "{}", merges.len());
    let specials = passage::specials();
    let first = specials.len() as u16;
    let ours = Tokenizer::new(TokenizerForm::Bpe { specials, merges }).unwrap();
    let theirs = theirs(model);
    for line in &lines {
        let theirs = theirs.encode(line.as_str(), false).unwrap();
        let spelt: Vec<Vec<u8>> = theirs
            .get_tokens()
            .iter()
            .map(|token| {
                let byte =
                    |one: char| bytes().iter().position(|&known| known == one).unwrap() as u8;
                token.chars().map(byte).collect()
            })
            .collect();
        let tokens = ours.encode(line);
        let known: Vec<Vec<u8>> = tokens
            .iter()
            .map(|&token| ours.bytes(token).to_vec())
            .collect();
        assert_eq!(known, spelt, "{line:?}");
        assert!(tokens.iter().all(|&token| token >= first));
        assert_eq!(ours.decode(&tokens), *line);
    }
}

#[test]
fn lines_are_cut_where_the_pattern_cuts() {
    let pre_tokenizer = pre_tokenizer().unwrap();
    for line in lines() {
        let theirs = pieces(&pre_tokenizer, &line).unwrap();
        let ours: Vec<String> = tokenizer::pieces(&line)
            .map(|piece| {
                piece
                    .bytes()
                    .map(|byte| bytes()[usize::from(byte)])
                    .collect()
            })
            .collect();
        assert_eq!(ours, theirs, "{line:?}");
    }
}
