use super::*;
use crate::corpus::tests::{plays, poems};

fn text(corpus: &Corpus, tokens: &[u16]) -> String {
    tokens
        .iter()
        .map(|&token| match corpus.tokenizer.is_special(token) {
            true => format!("<{}>", corpus.tokenizer.specials()[usize::from(token)]),
            false => corpus.tokenizer.decode(&[token]),
        })
        .collect()
}

fn telling(form: f32, labels: f32, heads: f32, infill: f32) -> Telling {
    Telling {
        context: 64,
        form,
        labels,
        heads,
        infill,
    }
}

#[test]
fn a_poem_is_told_with_what_is_asked_for() {
    let corpus = poems();
    let pass = |telling| Pass::new(&corpus, Split::Test, telling, None, 0).unwrap();
    let plain = pass(Telling::measuring(64)).example(0);
    assert_eq!(
        text(&corpus, &plain.tokens),
        "<start><body>春江潮水海，月夜水連花。夜江潮水海，花平夜月海。<end>"
    );
    assert_eq!(plain.counts.iter().filter(|&&counts| !counts).count(), 2);
    let full = pass(telling(1.0, 1.0, 1.0, 0.0)).example(1);
    let said = text(&corpus, &full.tokens);
    let theme = ["<theme:moon>", "<theme:river>"].map(|theme| {
        format!("<start><form:seven-quatrain><mood:sorrow>{theme}<heads>春月夜花<body>春江")
    });
    assert!(theme.iter().any(|start| said.starts_with(start)), "{said}");
    let body = full
        .tokens
        .iter()
        .position(|&t| Some(t) == corpus.tokenizer.special("body"));
    assert!(full.counts[..=body.unwrap()].iter().all(|counts| !counts));
}

#[test]
fn lines_that_are_cut_out_come_behind_fill() {
    let corpus = poems();
    let lines = [
        "春江潮水海，",
        "月夜水連花。",
        "夜江潮水海，",
        "花平夜月海。",
    ];
    let mut seen = std::collections::HashSet::new();
    for seed in 0..200 {
        let pass = Pass::new(
            &corpus,
            Split::Train,
            telling(0.0, 0.0, 0.0, 1.0),
            Some(seed),
            0,
        )
        .unwrap();
        let example = pass.example(0);
        let said = text(&corpus, &example.tokens);
        let (known, missing) = said.split_once("<fill>").unwrap();
        let missing = missing.strip_suffix("<end>").unwrap();
        let whole = known
            .replace("<start><body>", "")
            .replace("<hole>", missing);
        assert_eq!(whole, lines.concat());
        let counted: Vec<u16> = example
            .tokens
            .iter()
            .zip(&example.counts)
            .filter(|(_, c)| **c)
            .map(|(t, _)| *t)
            .collect();
        let before = known
            .split_once("<body>")
            .unwrap()
            .1
            .split_once("<hole>")
            .unwrap()
            .0;
        assert_eq!(text(&corpus, &counted), format!("{before}{missing}<end>"));
        seen.insert(missing.to_owned());
    }
    // One to three lines, from anywhere.
    assert_eq!(seen.len(), 4 + 3 + 2);
}

#[test]
fn windows_of_a_play_cover_it_once() {
    let corpus = plays();
    for seed in [None, Some(1), Some(2)] {
        let pass = Pass::new(
            &corpus,
            Split::Train,
            Telling {
                context: 24,
                ..Telling::measuring(24)
            },
            seed,
            3,
        )
        .unwrap();
        let mut ranges: Vec<_> = pass
            .order
            .iter()
            .map(|window| window.start..window.end)
            .collect();
        ranges.sort_by_key(|range| range.start);
        assert_eq!(ranges[0].start, 0);
        assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert_eq!(
            ranges.last().unwrap().end as usize,
            corpus.split(Split::Train).tokens().len()
        );
        let ends = (0..pass.len()).filter(|&at| {
            pass.example(at).tokens.last() == corpus.tokenizer.special("end").as_ref()
        });
        assert_eq!(ends.count(), 2);
    }
    let lengths = |seed, pass| {
        let pass = Pass::new(
            &corpus,
            Split::Train,
            Telling::measuring(24),
            Some(seed),
            pass,
        )
        .unwrap();
        pass.order
    };
    assert_eq!(lengths(1, 0), lengths(1, 0));
    assert_ne!(lengths(1, 0), lengths(1, 1));
    assert_ne!(lengths(1, 0), lengths(2, 0));
}

#[test]
fn what_is_missing_of_a_play_comes_last() {
    let corpus = plays();
    for seed in 0..100 {
        let pass = Pass::new(
            &corpus,
            Split::Train,
            telling(1.0, 0.0, 0.0, 1.0),
            Some(seed),
            0,
        )
        .unwrap();
        let plain = Pass::new(
            &corpus,
            Split::Train,
            telling(0.0, 0.0, 0.0, 0.0),
            Some(seed),
            0,
        )
        .unwrap();
        for index in 0..pass.len() {
            let said = text(&corpus, &pass.example(index).tokens);
            let whole = text(&corpus, &plain.example(index).tokens);
            let whole = whole.replace("<start>", "").replace("<end>", "");
            let Some((prefix, rest)) = said.split_once("<suffix>") else {
                assert_eq!(
                    said.replace("<play>", "")
                        .replace("<start>", "")
                        .replace("<end>", ""),
                    whole
                );
                continue;
            };
            let (suffix, middle) = rest.split_once("<middle>").unwrap();
            let prefix = prefix.strip_prefix("<start><play><prefix>").unwrap();
            // A character may have been cut in two, so bytes are not compared here.
            if !said.contains('\u{FFFD}') {
                assert_eq!(
                    format!("{prefix}{}{suffix}", middle.strip_suffix("<end>").unwrap()),
                    whole
                );
            }
            assert!(pass.example(index).tokens.len() <= 65);
        }
    }
}

#[test]
fn batches_hold_every_example_once_and_show_what_follows() {
    let corpus = plays();
    let pass = Pass::new(&corpus, Split::Train, Telling::training(20), Some(5), 1).unwrap();
    let batches = pass.batches(4);
    let mut all: Vec<usize> = batches.concat();
    all.sort_unstable();
    assert_eq!(all, (0..pass.len()).collect::<Vec<_>>());
    assert!(
        batches[..batches.len() - 1]
            .iter()
            .all(|batch| batch.len() == 4)
    );
    let numbers = &batches[0];
    let batch = pass.batch(numbers);
    assert_eq!((batch.rows, batch.inputs.len()), (4, 4 * batch.columns));
    let mut counted = 0;
    for (row, &number) in numbers.iter().enumerate() {
        let example = pass.example(number);
        counted += example.counts[1..].iter().filter(|&&counts| counts).count();
        for column in 0..batch.columns {
            let at = row * batch.columns + column;
            let expected = |at: usize| example.tokens.get(at).copied().unwrap_or(pass.pad());
            if column + 1 < example.tokens.len() {
                assert_eq!(batch.inputs[at], expected(column));
            } else {
                assert_eq!((batch.inputs[at], batch.counts[at]), (pass.pad(), 0));
            }
            assert_eq!(batch.targets[at], expected(column + 1));
        }
    }
    assert_eq!(batch.counted(), counted);
}

#[test]
fn a_context_that_is_too_short_is_refused_and_long_poems_are_left_out() {
    let corpus = poems();
    let pass = |context| Pass::new(&corpus, Split::Test, Telling::measuring(context), None, 0);
    assert!(pass(15).unwrap_err().to_string().contains("too short"));
    assert_eq!(pass(31).unwrap().len(), 0);
    assert_eq!(pass(32).unwrap().len(), 3);
}
