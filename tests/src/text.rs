//! Texts small enough for a test, and nets to write them.

use lampwork_models::Noise;
use lampwork_protocol::{
    Augment, DataSet, ModelConfig, OptimizerConfig, OptimizerKind, RunRecipe, Schedule,
    TransformerConfig,
};
use lampwork_text::corpus::CorpusCard;
use lampwork_text::prosody::{Readings, ReadingsCard, Rhyme};
use lampwork_text::{About, Corpus, Documents, Texts, Tokenizer, TokenizerForm, passage, poem};

/// Characters of each tone.
const EACH: u32 = 40;

/// Level and oblique characters, in order.
fn characters() -> [Vec<char>; 2] {
    [0x4E00, 0x5000].map(|first| (first..first + EACH).filter_map(char::from_u32).collect())
}

/// Readings of eighty characters: of a level tone, all in one rhyme, and of an oblique
/// one.
pub fn readings() -> Readings {
    let [level, oblique] = characters();
    let rhyme = |name| vec![Rhyme::from_name(name).expect("a rhyme of the Guangyun")];
    let level = level.into_iter().map(|one| (one, rhyme('東')));
    let oblique = oblique.into_iter().map(|one| (one, rhyme('屋')));
    let all: Vec<_> = level.chain(oblique).collect();
    let card = ReadingsCard {
        version: ReadingsCard::VERSION,
        title: "Two tones, for tests".to_owned(),
        sources: vec![],
        how: String::new(),
        checksum: String::new(),
    };
    Readings::new(&all, vec![], vec![], card).expect("a sound table")
}

/// Quatrains of five characters a line that keep tones and rhyme.
pub fn poems() -> Corpus {
    let [level, oblique] = characters();
    let mut all = "，。".to_owned();
    all.extend(level.iter().chain(&oblique));
    let tokenizer = Tokenizer::new(TokenizerForm::Characters {
        specials: poem::specials(&[]),
        characters: all,
    })
    .expect("a sound tokenizer");
    let mut noise = Noise::new(3, 0);
    let splits = [60, 8, 8].map(|count| {
        let mut documents = Documents::default();
        for number in 0..count {
            // Characters of one poem stand near each other, so that there is something
            // to learn.
            let near = noise.below(EACH - 8) as usize;
            let text: String = "仄仄平平仄，平平仄仄平。平平平仄仄，仄仄仄平平。"
                .chars()
                .map(|place| {
                    let at = near + noise.below(8) as usize;
                    match place {
                        '平' => level[at],
                        '仄' => oblique[at],
                        mark => mark,
                    }
                })
                .collect();
            let title = format!("number {number}");
            let about = About {
                title: &title,
                author: "a test",
                ..About::default()
            };
            documents.push(&tokenizer.encode(&text), about);
        }
        documents
    });
    corpus(tokenizer, splits, Texts::Poems)
}

const SAID: [&str; 6] = [
    "The rest is silence.",
    "Now cracks a noble heart.",
    "Good night, sweet prince.",
    "Words, words, words.",
    "What news, my lord?",
    "The night is cold, and I am sick at heart.",
];

/// Plays of two who say one of six things in turn.
pub fn plays() -> Corpus {
    let mut specials = passage::specials();
    specials.dedup();
    let tokenizer = Tokenizer::new(TokenizerForm::Bpe {
        specials,
        merges: vec![(10, 10), (116, 104), (257, 101), (105, 115)],
    })
    .expect("a sound tokenizer");
    let mut noise = Noise::new(4, 0);
    let splits = [12, 2, 2].map(|count| {
        let mut documents = Documents::default();
        for _ in 0..count {
            let speech = |at: usize| {
                let who = ["HAMLET", "HORATIO"][at % 2];
                let said = SAID[noise.below(SAID.len() as u32) as usize];
                format!("{who}.\n{said}\n\n")
            };
            let text: String = (0..6).map(speech).collect();
            documents.push(&tokenizer.encode(text.trim_end()), About::default());
        }
        documents
    });
    corpus(tokenizer, splits, Texts::Plays)
}

/// A text of somebody's own, in words that the plays have not.
pub fn own() -> String {
    let lines = [
        "Seven yellow zebras zigzag by the quiet quay.",
        "A quiet zebra zips up its yellow jacket.",
        "By the quay a jazzy zebra quizzes the seven others.",
    ];
    (0..30)
        .map(|at| lines[at % 3].to_owned() + "\n\n")
        .collect()
}

fn corpus(tokenizer: Tokenizer, splits: [Documents; 3], texts: Texts) -> Corpus {
    let card = CorpusCard::new(texts, "For tests", vec![], "", vec![]);
    Corpus::new(tokenizer, splits, card).expect("a sound corpus")
}

/// A Transformer of a handful of numbers, with the vocabulary of what it learns from.
pub fn transformer(data: DataSet) -> RunRecipe {
    RunRecipe {
        data,
        model: ModelConfig::Transformer(TransformerConfig {
            vocabulary: 0,
            context: 64,
            layers: 2,
            width: 24,
            heads: 2,
            hidden: 32,
            dropout: 0.0,
        }),
        optimizer: OptimizerConfig {
            kind: OptimizerKind::Adam {
                beta1: 0.9,
                beta2: 0.98,
            },
            learning_rate: 1e-2,
            schedule: Schedule::Constant,
            warmup: 0,
            clip_norm: Some(1.0),
        },
        batch: 4,
        micro_batch: 2,
        epochs: 2,
        seed: 7,
        augment: Augment::default(),
        early_stopping: None,
        ema: 0.0,
    }
}
