//! What holds of measures of texts whatever the texts are.

use lampwork_metrics::MetricsError;
use lampwork_metrics::text::{
    BleuConfig, ChrfConfig, MeteorConfig, ReferencePool, RougeTokens, Smoothing, SweepPoint,
    Tokenization, corpus_bleu, corpus_chrf, distinct, extract, meteor, no_synonyms,
    repetition_rate, rouge, self_bleu, sentence_bleu, sentence_chrf, sentences, stem, sweep,
    text_rank, token_entropy, tokenize,
};
use proptest::prelude::*;

const TOKENIZATIONS: [Tokenization; 4] = [
    Tokenization::None,
    Tokenization::Thirteen,
    Tokenization::Chinese,
    Tokenization::Characters,
];

/// Texts of few words, so that some are shared, and of anything.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c春月 ,.!]{0,40}",
        "((the|a|cats?|sat|ran|running|mat|月|日|。|\\.|\n| ){1}){0,30}",
        any::<String>(),
    ]
}

fn smoothing() -> impl Strategy<Value = Smoothing> {
    prop_oneof![
        Just(Smoothing::None),
        Just(Smoothing::Floor(0.1)),
        Just(Smoothing::AddK(1.0)),
        Just(Smoothing::Exp),
    ]
}

proptest! {
    #[test]
    fn bleu_and_chrf_are_in_bounds(
        made in text(),
        references in prop::collection::vec(text(), 1..4),
        which in 0..4usize,
        smoothing in smoothing(),
        effective_order: bool,
        order in 1..=4usize,
    ) {
        let references: Vec<&str> = references.iter().map(String::as_str).collect();
        let config = BleuConfig {
            tokenization: TOKENIZATIONS[which],
            smoothing,
            effective_order,
            order,
            lowercase: false,
        };
        let found = sentence_bleu(&made, &references, &config).unwrap();
        prop_assert!((0.0..=100.0 + 1e-9).contains(&found.score), "{found:?}");
        prop_assert!((0.0..=1.0).contains(&found.brevity_penalty));
        for config in [ChrfConfig::default(), ChrfConfig::plus_plus()] {
            let found = sentence_chrf(&made, &references, &config).unwrap();
            prop_assert!((0.0..=100.0 + 1e-9).contains(&found), "{found}");
        }
    }

    #[test]
    fn a_text_is_its_own_best_reference(made in text(), other in text(), which in 0..4usize) {
        let config = BleuConfig {
            tokenization: TOKENIZATIONS[which],
            ..BleuConfig::sentence()
        };
        let count = tokenize(&made, config.tokenization).len();
        let best = if count == 0 { 0.0 } else { 100.0 };
        let found = sentence_bleu(&made, &[&other, &made], &config).unwrap();
        prop_assert!((found.score - best).abs() < 1e-9, "{found:?}");
        if count > 0 {
            let found = sentence_chrf(&made, &[&made], &ChrfConfig::plus_plus()).unwrap();
            prop_assert!((found - 100.0).abs() < 1e-9, "{found}");
        }
    }

    #[test]
    fn chrf_of_equal_weights_is_symmetric(a in text(), b in text()) {
        let config = ChrfConfig { beta: 1.0, ..ChrfConfig::plus_plus() };
        let [there, back] = [(&a, &b), (&b, &a)]
            .map(|(made, reference)| sentence_chrf(made, &[reference], &config).unwrap());
        prop_assert!((there - back).abs() < 1e-9);
    }

    #[test]
    fn rouge_is_in_bounds_and_turns_round(a in text(), b in text()) {
        for tokens in [RougeTokens::Words, RougeTokens::Stems, RougeTokens::Characters] {
            let (there, back) = (rouge(&a, &b, tokens), rouge(&b, &a, tokens));
            for (x, y) in [
                (there.rouge_1, back.rouge_1),
                (there.rouge_2, back.rouge_2),
                (there.rouge_l, back.rouge_l),
            ] {
                for value in [x.precision, x.recall, x.f_measure] {
                    prop_assert!((0.0..=1.0).contains(&value), "{x:?}");
                }
                prop_assert_eq!((x.precision, x.recall), (y.recall, y.precision));
                prop_assert!((x.f_measure - y.f_measure).abs() < 1e-12);
            }
            // A subsequence has no more in common than a bag.
            prop_assert!(there.rouge_l.recall <= there.rouge_1.recall + 1e-12);
            let own = rouge(&a, &a, tokens);
            prop_assert!(own.rouge_1.f_measure == 1.0 || own.rouge_1.f_measure == 0.0);
            prop_assert_eq!(own.rouge_1.f_measure, own.rouge_l.f_measure);
        }
    }

    #[test]
    fn meteor_is_in_bounds_and_synonyms_only_help(
        made in prop::collection::vec("(cat|cats|dog|hound|runs|run|[a-c])", 0..12),
        wanted in prop::collection::vec("(cat|cats|dog|hound|runs|run|[a-c])", 0..12),
    ) {
        let made: Vec<&str> = made.iter().map(String::as_str).collect();
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let found = meteor(&[&wanted], &made, no_synonyms, &MeteorConfig::default()).unwrap();
        prop_assert!((0.0..=1.0).contains(&found));
        // Without a penalty for order, more matches can only be better.
        let config = MeteorConfig { gamma: 0.0, ..MeteorConfig::default() };
        let dogs = |word: &str| match word {
            "dog" => vec!["hound".to_owned()],
            "hound" => vec!["dog".to_owned()],
            _ => Vec::new(),
        };
        let without = meteor(&[&wanted], &made, no_synonyms, &config).unwrap();
        let with = meteor(&[&wanted], &made, dogs, &config).unwrap();
        prop_assert!(with >= without - 1e-12);
        let own = meteor(&[&made], &made, no_synonyms, &config).unwrap();
        let best = if made.is_empty() { 0.0 } else { 1.0 };
        prop_assert!((own - best).abs() < 1e-12);
    }

    #[test]
    fn variety_is_in_bounds(tokens in prop::collection::vec(0..5u8, 3..60), n in 1..4usize) {
        let distinct = distinct(&[&tokens], n).unwrap();
        prop_assert!(distinct > 0.0 && distinct <= 1.0);
        prop_assert!((repetition_rate(&tokens, n).unwrap() - (1.0 - distinct)).abs() < 1e-12);
        let entropy = token_entropy(&tokens).unwrap();
        prop_assert!((0.0..=5f64.log2() + 1e-12).contains(&entropy));
    }

    #[test]
    fn a_pool_is_a_list_of_references(texts in prop::collection::vec(text(), 2..6)) {
        let config = BleuConfig::sentence();
        let strs: Vec<&str> = texts.iter().map(String::as_str).collect();
        let pool = ReferencePool::new(&texts, &config).unwrap();
        let mut sum = 0.0;
        for (at, made) in strs.iter().enumerate() {
            let whole = sentence_bleu(made, &strs, &config).unwrap();
            prop_assert!((pool.bleu(made).score - whole.score).abs() < 1e-9);
            let others: Vec<&str> = [&strs[..at], &strs[at + 1..]].concat();
            sum += sentence_bleu(made, &others, &config).unwrap().score;
        }
        let found = self_bleu(&texts, &config).unwrap();
        prop_assert!((found - sum / texts.len() as f64).abs() < 1e-9);
    }

    #[test]
    fn sentences_leave_out_white_space_alone(text in text()) {
        let mut end = 0;
        for range in sentences(&text) {
            prop_assert!(text[end..range.start].trim().is_empty());
            let sentence = &text[range.clone()];
            prop_assert!(!sentence.is_empty() && sentence == sentence.trim());
            end = range.end;
        }
        prop_assert!(text[end..].trim().is_empty());
    }

    #[test]
    fn ranks_sum_to_no_more_than_their_number(text in text(), count in 0..4usize) {
        let ranked = text_rank(&text).unwrap();
        let sum: f64 = ranked.iter().map(|sentence| sentence.rank).sum();
        prop_assert!(sum <= ranked.len() as f64 + 1e-6);
        prop_assert!(ranked.iter().all(|sentence| sentence.rank >= 0.15 - 1e-12));
        let extracted = extract(&text, count).unwrap();
        prop_assert_eq!(extracted.len(), count.min(ranked.len()));
        prop_assert!(extracted.iter().all(|sentence| ranked.contains(sentence)));
        prop_assert!(extracted.is_sorted_by_key(|sentence| sentence.range.start));
    }

    #[test]
    fn any_word_has_a_stem(word in any::<String>()) {
        let stemmed = stem(&word);
        prop_assert!(stemmed.chars().count() <= word.to_lowercase().chars().count() + 1);
    }
}

#[derive(serde::Deserialize)]
struct Ranked {
    name: String,
    sentences: Vec<String>,
    ranks: Vec<f64>,
    top: Vec<usize>,
}

#[test]
fn ranks_are_those_of_numpy() {
    let cases: Vec<Ranked> = serde_json::from_str(include_str!("reference/textrank.json")).unwrap();
    for case in cases {
        let joint = if case.name == "chinese" { "" } else { " " };
        let text = case.sentences.join(joint);
        let found = text_rank(&text).unwrap();
        let cut: Vec<&str> = found.iter().map(|s| &text[s.range.clone()]).collect();
        assert_eq!(cut, case.sentences, "{}", case.name);
        for (sentence, expected) in found.iter().zip(&case.ranks) {
            assert!((sentence.rank - expected).abs() < 1e-7, "{}", case.name);
        }
        let top: Vec<&str> = extract(&text, 3)
            .unwrap()
            .into_iter()
            .map(|s| &text[s.range])
            .collect();
        let expected: Vec<&str> = case
            .top
            .iter()
            .map(|&at| case.sentences[at].as_str())
            .collect();
        assert_eq!(top, expected, "{}", case.name);
    }
}

#[test]
fn a_sweep_goes_from_the_same_again_to_noise() {
    let held_out = [
        "the cat sat on the mat",
        "a dog ran to the cat",
        "the dog sat on a mat",
    ];
    let owned = |texts: &[&str]| -> Vec<String> { texts.iter().map(|&t| t.to_owned()).collect() };
    let samples = [
        (0.1, owned(&["the cat sat on the mat"; 3])),
        (
            1.0,
            owned(&[
                "the cat ran to the mat",
                "a dog sat on the mat",
                "the dog ran to a cat",
            ]),
        ),
        (
            9.0,
            owned(&["on mat a to", "cat the dog ran sat", "mat mat on cat a"]),
        ),
    ];
    let config = BleuConfig::sentence();
    let points = sweep(&samples, &held_out, &config).unwrap();
    assert!((points[0].bleu - 100.0).abs() < 1e-9);
    assert!((points[0].self_bleu - 100.0).abs() < 1e-9);
    assert!((points[0].distinct_1 - 5.0 / 18.0).abs() < 1e-12);
    assert!((points[0].distinct_2 - 5.0 / 15.0).abs() < 1e-12);
    for pair in points.windows(2) {
        assert!(pair[0].bleu > pair[1].bleu && pair[0].self_bleu > pair[1].self_bleu);
        assert!(!pair[0].dominates(&pair[1]) && !pair[1].dominates(&pair[0]));
    }
    let better = SweepPoint {
        bleu: 101.0,
        ..points[1]
    };
    assert!(better.dominates(&points[1]) && !points[1].dominates(&better));
    assert!(!points[1].dominates(&points[1]));
}

#[test]
fn what_cannot_be_measured_is_refused() {
    let config = BleuConfig::default();
    assert!(matches!(
        corpus_bleu(&[], &[], &config),
        Err(MetricsError::TooFewTexts { .. })
    ));
    assert!(matches!(
        corpus_bleu(&["a"], &[], &config),
        Err(MetricsError::Unequal {
            left_count: 1,
            right_count: 0,
            ..
        })
    ));
    let bare = corpus_chrf(&["a"], &[vec![]], &ChrfConfig::default());
    assert_eq!(
        bare.unwrap_err().to_string(),
        "a list of references has 0 entries, and this measure takes at least 1"
    );
    for config in [
        BleuConfig { order: 0, ..config },
        BleuConfig { order: 5, ..config },
        BleuConfig {
            smoothing: Smoothing::Floor(0.0),
            ..config
        },
        BleuConfig {
            smoothing: Smoothing::AddK(f64::NAN),
            ..config
        },
    ] {
        assert!(matches!(
            sentence_bleu("a", &["a"], &config),
            Err(MetricsError::BadParameter { .. })
        ));
    }
    for config in [
        ChrfConfig {
            characters: 7,
            ..ChrfConfig::default()
        },
        ChrfConfig {
            words: 5,
            ..ChrfConfig::default()
        },
        ChrfConfig {
            beta: 0.0,
            ..ChrfConfig::default()
        },
    ] {
        assert!(sentence_chrf("a", &["a"], &config).is_err());
    }
    let config = MeteorConfig {
        alpha: 1.5,
        ..MeteorConfig::default()
    };
    assert!(meteor(&[&["a"]], &["a"], no_synonyms, &config).is_err());
    assert!(meteor(&[], &["a"], no_synonyms, &MeteorConfig::default()).is_err());
    assert!(self_bleu(&["alone"], &BleuConfig::sentence()).is_err());
    assert!(distinct(&[[1, 2]], 0).is_err());
    assert!(distinct(&[[1, 2]], 3).is_err());
    assert!(token_entropy::<u8>(&[]).is_err());
    let long = "So. ".repeat(3_001);
    assert!(matches!(
        text_rank(&long),
        Err(MetricsError::TooManySentences {
            count: 3_001,
            most: 3_000
        })
    ));
}
