//! How long the measures of texts take, beside the tools of the field on the same
//! texts in the same minute:
//! `cargo run -p lampwork-metrics --example text_timing -- PYTHON [WORDNET]`,
//! with a Python that has sacrebleu, nltk and rouge-score, and the folder of
//! `tests/reference/text.py`. Ends with an error where the figures differ.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use lampwork_metrics::text::{
    BleuConfig, ChrfConfig, MeteorConfig, RougeTokens, WordNet, corpus_bleu, corpus_chrf, meteor,
    rouge, self_bleu,
};

const PAIRS: usize = 2_000;
const ALONE: usize = 200;

/// Numbers without a pattern.
struct Noise(u64);

impl Noise {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }
}

struct Texts {
    made: Vec<String>,
    wanted: Vec<String>,
    alone: Vec<String>,
}

impl Texts {
    /// Texts of 12 to 35 of the words of the reference's strings; of what is
    /// wanted, about a third of the words are others in what is made.
    fn new() -> Self {
        let stored: serde_json::Value =
            serde_json::from_str(include_str!("../tests/reference/text.json")).unwrap();
        let words: Vec<&str> = stored["cases"].as_array().unwrap()[..100]
            .iter()
            .flat_map(|case| case["hypothesis"].as_str().unwrap().split_whitespace())
            .collect();
        let mut noise = Noise(7);
        let mut text = || -> Vec<&str> {
            let count = 12 + noise.below(24);
            (0..count)
                .map(|_| words[noise.below(words.len())])
                .collect()
        };
        let wanted: Vec<Vec<&str>> = (0..PAIRS).map(|_| text()).collect();
        let alone = (0..ALONE).map(|_| text().join(" ")).collect();
        let mut made = wanted.clone();
        for word in made.iter_mut().flatten() {
            if noise.below(3) == 0 {
                *word = words[noise.below(words.len())];
            }
        }
        let joined = |texts: &[Vec<&str>]| texts.iter().map(|text| text.join(" ")).collect();
        Self {
            made: joined(&made),
            wanted: joined(&wanted),
            alone,
        }
    }
}

fn mean(count: usize, values: impl Iterator<Item = f64>) -> f64 {
    values.sum::<f64>() / count as f64
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let python = arguments
        .next()
        .expect("the path of a Python, as the first argument");
    let folder = arguments.next().map(PathBuf::from);
    let texts = Texts::new();
    let theirs = ask_python(&python, &texts, folder.as_deref());
    let made: Vec<&str> = texts.made.iter().map(String::as_str).collect();
    let wanted: Vec<Vec<&str>> = texts
        .wanted
        .iter()
        .map(|text| vec![text.as_str()])
        .collect();
    let rouges = |tokens: RougeTokens| {
        let pairs = texts.made.iter().zip(&texts.wanted);
        mean(
            PAIRS,
            pairs.map(|(m, w)| rouge(w, m, tokens).rouge_l.f_measure),
        )
    };
    let chrf = |config: ChrfConfig| corpus_chrf(&made, &wanted, &config).unwrap();
    println!("{PAIRS} pairs of 12 to 35 words, seconds:");
    let beside = |name: &str, run: &dyn Fn() -> f64| {
        let start = Instant::now();
        let value = run();
        let ours = start.elapsed().as_secs_f64();
        let [seconds, expected] = theirs[name];
        assert!(
            (value - expected).abs() < 1e-9,
            "{name}: {value}, theirs {expected}"
        );
        println!(
            "{name}: {ours:.4}, theirs {seconds:.3}, {:.0} times as fast",
            seconds / ours
        );
    };
    beside("BLEU", &|| {
        corpus_bleu(&made, &wanted, &BleuConfig::default())
            .unwrap()
            .score
    });
    beside("chrF", &|| chrf(ChrfConfig::default()));
    beside("chrF++", &|| chrf(ChrfConfig::plus_plus()));
    beside("ROUGE-1, 2, L", &|| rouges(RougeTokens::Words));
    beside("ROUGE-1, 2, L of stems", &|| rouges(RougeTokens::Stems));
    beside("self-BLEU of 200", &|| {
        self_bleu(&texts.alone, &BleuConfig::sentence()).unwrap()
    });
    if let Some(folder) = folder {
        let start = Instant::now();
        let wordnet = WordNet::open(&folder).unwrap();
        println!("reading WordNet: {:.2}", start.elapsed().as_secs_f64());
        let config = MeteorConfig::default();
        let score = |(made, wanted): (&String, &String)| {
            let [made, wanted] = [made, wanted].map(|t| t.split(' ').collect::<Vec<_>>());
            meteor(&[&wanted], &made, |word| wordnet.synonyms(word), &config).unwrap()
        };
        beside("METEOR", &|| {
            mean(PAIRS, texts.made.iter().zip(&texts.wanted).map(score))
        });
    }
}

/// The seconds and the figures of the Python tools.
fn ask_python(python: &str, texts: &Texts, wordnet: Option<&Path>) -> BTreeMap<String, [f64; 2]> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/text_timing.py");
    let given = serde_json::json!({
        "made": texts.made,
        "wanted": texts.wanted,
        "alone": texts.alone,
        "wordnet": wordnet,
    });
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut to = child.stdin.take().expect("a pipe");
    to.write_all(given.to_string().as_bytes())
        .expect("Python reads");
    drop(to);
    let output = child.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "text_timing.py failed");
    serde_json::from_slice(&output.stdout).expect("JSON of text_timing.py")
}
