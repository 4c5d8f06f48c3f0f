//! Every measure of texts against the tool of its field (`reference/text.py`).

use std::collections::BTreeMap;
use std::path::Path;

use lampwork_metrics::text::{
    Bleu, BleuConfig, ChrfConfig, MeteorConfig, ReferencePool, RougeScore, RougeTokens, Smoothing,
    Tokenization, WordNet, corpus_bleu, corpus_chrf, meteor, no_synonyms, rouge, rouge_n,
    self_bleu, sentence_bleu, sentence_chrf, stem, tokenize,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    bleus: Vec<BleuArguments>,
    chrfs: Vec<ChrfArguments>,
    cases: Vec<Case>,
    corpora: Vec<Corpus>,
    pools: Vec<Pool>,
    stems: BTreeMap<String, String>,
    synonyms: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct BleuArguments {
    tokenize: String,
    #[serde(default)]
    effective_order: bool,
    smooth_method: Option<String>,
    smooth_value: Option<f64>,
    #[serde(default)]
    lowercase: bool,
    max_ngram_order: Option<usize>,
}

#[derive(Deserialize)]
struct ChrfArguments {
    char_order: Option<usize>,
    word_order: Option<usize>,
    beta: Option<f64>,
    #[serde(default)]
    lowercase: bool,
    #[serde(default)]
    whitespace: bool,
}

#[derive(Deserialize)]
struct Case {
    hypothesis: String,
    references: Vec<String>,
    tokens: BTreeMap<String, Vec<String>>,
    bleu: Vec<Found>,
    chrf: Vec<f64>,
    rouge: [[[f64; 3]; 3]; 3],
    meteor: f64,
    meteor_without_synonyms: f64,
}

#[derive(Deserialize)]
struct Found {
    score: f64,
    precisions: Vec<f64>,
    brevity_penalty: f64,
    lengths: [u64; 2],
}

#[derive(Deserialize)]
struct Corpus {
    hypotheses: Vec<String>,
    references: Vec<Vec<String>>,
    bleu: Vec<Found>,
    chrf: Vec<f64>,
}

#[derive(Deserialize)]
struct Pool {
    tokenize: String,
    texts: Vec<String>,
    made: Vec<String>,
    self_bleu: f64,
    bleu: f64,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("reference/text.json")).unwrap()
}

fn close(found: f64, expected: f64, what: &str) {
    assert!(
        (found - expected).abs() < 1e-9,
        "{what}: {found}, and the reference has {expected}"
    );
}

fn tokenization(name: &str) -> Tokenization {
    let all = [
        Tokenization::None,
        Tokenization::Thirteen,
        Tokenization::Chinese,
        Tokenization::Characters,
    ];
    let found = all.into_iter().find(|t| t.name() == name);
    found.unwrap_or_else(|| panic!("no tokenization {name}"))
}

fn strs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

impl BleuArguments {
    fn config(&self) -> BleuConfig {
        BleuConfig {
            tokenization: tokenization(&self.tokenize),
            smoothing: match self.smooth_method.as_deref() {
                Some("none") => Smoothing::None,
                Some("floor") => Smoothing::Floor(self.smooth_value.unwrap_or(0.1)),
                Some("add-k") => Smoothing::AddK(self.smooth_value.unwrap_or(1.0)),
                _ => Smoothing::Exp,
            },
            order: self.max_ngram_order.unwrap_or(4),
            lowercase: self.lowercase,
            effective_order: self.effective_order,
        }
    }
}

impl ChrfArguments {
    fn config(&self) -> ChrfConfig {
        let default = ChrfConfig::default();
        ChrfConfig {
            characters: self.char_order.unwrap_or(default.characters),
            words: self.word_order.unwrap_or(default.words),
            beta: self.beta.unwrap_or(default.beta),
            lowercase: self.lowercase,
            whitespace: self.whitespace,
        }
    }
}

fn same_bleu(found: &Bleu, expected: &Found, what: &str) {
    close(found.score, expected.score, what);
    for (a, b) in found.precisions.iter().zip(&expected.precisions) {
        close(*a, *b, what);
    }
    close(found.brevity_penalty, expected.brevity_penalty, what);
    let lengths = [found.hypothesis_length, found.reference_length];
    assert_eq!(lengths, expected.lengths, "{what}");
}

#[test]
fn tokens_are_those_of_sacrebleu() {
    for case in reference().cases {
        for (name, expected) in &case.tokens {
            let found = tokenize(&case.hypothesis, tokenization(name));
            assert_eq!(&found, expected, "{name} of {:?}", case.hypothesis);
        }
    }
}

#[test]
fn bleu_is_that_of_sacrebleu() {
    let reference = reference();
    for case in &reference.cases {
        for (arguments, expected) in reference.bleus.iter().zip(&case.bleu) {
            let config = arguments.config();
            let found = sentence_bleu(&case.hypothesis, &strs(&case.references), &config).unwrap();
            same_bleu(
                &found,
                expected,
                &format!("{:?} {config:?}", case.hypothesis),
            );
        }
    }
    for corpus in &reference.corpora {
        let references: Vec<Vec<&str>> = corpus.references.iter().map(|r| strs(r)).collect();
        for (arguments, expected) in reference.bleus.iter().zip(&corpus.bleu) {
            let config = arguments.config();
            let found = corpus_bleu(&strs(&corpus.hypotheses), &references, &config).unwrap();
            same_bleu(&found, expected, &format!("{config:?}"));
        }
    }
}

#[test]
fn chrf_is_that_of_sacrebleu() {
    let reference = reference();
    for case in &reference.cases {
        for (arguments, expected) in reference.chrfs.iter().zip(&case.chrf) {
            let config = arguments.config();
            let found = sentence_chrf(&case.hypothesis, &strs(&case.references), &config).unwrap();
            close(
                found,
                *expected,
                &format!("{:?} {config:?}", case.hypothesis),
            );
        }
    }
    for corpus in &reference.corpora {
        let references: Vec<Vec<&str>> = corpus.references.iter().map(|r| strs(r)).collect();
        for (arguments, expected) in reference.chrfs.iter().zip(&corpus.chrf) {
            let config = arguments.config();
            let found = corpus_chrf(&strs(&corpus.hypotheses), &references, &config).unwrap();
            close(found, *expected, &format!("{config:?}"));
        }
    }
}

#[test]
fn rouge_is_that_of_rouge_score() {
    let all = [
        RougeTokens::Words,
        RougeTokens::Stems,
        RougeTokens::Characters,
    ];
    for case in reference().cases {
        for (tokens, expected) in all.into_iter().zip(case.rouge) {
            let what = format!("{:?} {tokens:?}", case.hypothesis);
            let found = rouge(&case.references[0], &case.hypothesis, tokens);
            let scores = [found.rouge_1, found.rouge_2, found.rouge_l];
            for (score, expected) in scores.iter().zip(expected) {
                let RougeScore {
                    precision,
                    recall,
                    f_measure,
                } = *score;
                for (a, b) in [precision, recall, f_measure].into_iter().zip(expected) {
                    close(a, b, &what);
                }
            }
            let alone = rouge_n(&case.references[0], &case.hypothesis, 2, tokens).unwrap();
            assert_eq!(alone, found.rouge_2);
        }
    }
}

#[test]
fn stems_are_those_of_nltk() {
    for (word, expected) in reference().stems {
        assert_eq!(stem(&word), expected, "{word}");
    }
}

/// A part of `WordNet`, in its own format.
fn wordnet() -> WordNet {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/wordnet");
    WordNet::open(&folder).unwrap()
}

#[test]
fn synonyms_are_those_of_nltk() {
    let wordnet = wordnet();
    for (word, expected) in reference().synonyms {
        let mut found = wordnet.synonyms(&word);
        found.sort();
        assert_eq!(found, expected, "{word}");
    }
}

#[test]
fn meteor_is_that_of_nltk() {
    let wordnet = wordnet();
    let config = MeteorConfig::default();
    let mut helped = 0;
    for case in reference().cases {
        let tokens = |text: &String| tokenize(text, Tokenization::Thirteen);
        let hypothesis = tokens(&case.hypothesis);
        let references: Vec<Vec<String>> = case.references.iter().map(tokens).collect();
        let references: Vec<Vec<&str>> = references.iter().map(|r| strs(r)).collect();
        let references: Vec<&[&str]> = references.iter().map(Vec::as_slice).collect();
        let hypothesis = strs(&hypothesis);
        let what = format!("{:?}", case.hypothesis);
        let found = meteor(&references, &hypothesis, no_synonyms, &config).unwrap();
        close(found, case.meteor_without_synonyms, &what);
        let with = |word: &str| wordnet.synonyms(word);
        let found = meteor(&references, &hypothesis, with, &config).unwrap();
        close(found, case.meteor, &what);
        helped += usize::from(case.meteor > case.meteor_without_synonyms);
    }
    assert!(helped >= 10, "synonyms made a difference in {helped} cases");
}

#[test]
fn pools_are_sentences_with_many_references() {
    for pool in reference().pools {
        let config = BleuConfig {
            tokenization: tokenization(&pool.tokenize),
            ..BleuConfig::sentence()
        };
        let found = self_bleu(&pool.texts, &config).unwrap();
        close(found, pool.self_bleu, "self-BLEU");
        let references = ReferencePool::new(&pool.texts, &config).unwrap();
        close(references.mean_bleu(&pool.made).unwrap(), pool.bleu, "BLEU");
    }
}
