//! How good, how varied and how probable made texts are.
//!
//! Strings or tokens in, numbers out. Each measure is checked against the tool of
//! its field on the same strings (`tests/reference`).
//!
//! | question | measure | range |
//! |---|---|---|
//! | does a text say what its reference says? | [`corpus_bleu`], [`sentence_bleu`], [`corpus_chrf`], [`sentence_chrf`] | 0 to 100 |
//! | | [`meteor()`], [`rouge()`] | 0 to 1 |
//! | are texts like held-out ones? | [`ReferencePool`] | 0 to 100 |
//! | do texts repeat each other? | [`self_bleu`] (0 to 100), [`distinct`] | 0 to 1 |
//! | does a text repeat itself? | [`repetition_rate`] | 0 to 1 |
//! | how evenly are tokens used? | [`token_entropy`] | bits |
//! | quality against variety | [`sweep`] | |
//! | how probable is a text to a model? | [`Likelihood`] | bits a character |
//! | what are a text's main sentences? | [`text_rank`], [`extract`] | |
//!
//! BLEU and chrF have the scale of `SacreBLEU`, ROUGE and METEOR that of
//! `rouge-score` and nltk. None of them reads a text: they count what is equal.

mod bleu;
mod chrf;
mod likelihood;
mod meteor;
mod ngrams;
mod pool;
mod porter;
mod rouge;
mod sentences;
mod space;
mod textrank;
mod tokens;
mod variety;
#[cfg(not(target_family = "wasm"))]
mod wordnet;

pub use bleu::{Bleu, BleuConfig, MAX_ORDER, Smoothing, corpus_bleu, sentence_bleu};
pub use chrf::{ChrfConfig, corpus_chrf, sentence_chrf};
pub use likelihood::Likelihood;
pub use meteor::{MeteorConfig, meteor, no_synonyms};
pub use pool::{ReferencePool, self_bleu};
pub use porter::stem;
pub use rouge::{Rouge, RougeScore, RougeTokens, rouge, rouge_n};
pub use sentences::sentences;
pub use textrank::{MAX_SENTENCES, RankedSentence, extract, text_rank};
pub use tokens::{Tokenization, tokenize};
pub use variety::{SweepPoint, distinct, repetition_rate, sweep, token_entropy};
#[cfg(not(target_family = "wasm"))]
pub use wordnet::{WordNet, WordNetError};

use crate::MetricsError;

fn check_count(name: &'static str, count: usize, least: usize) -> Result<(), MetricsError> {
    if count < least {
        return Err(MetricsError::TooFewTexts { name, count, least });
    }
    Ok(())
}

/// Texts, and for each at least one reference.
fn check_pairs(hypotheses: &[&str], references: &[Vec<&str>]) -> Result<(), MetricsError> {
    if hypotheses.len() != references.len() {
        return Err(MetricsError::Unequal {
            left: "the texts",
            left_count: hypotheses.len(),
            right: "the lists of references",
            right_count: references.len(),
        });
    }
    check_count("the list of texts", hypotheses.len(), 1)?;
    let fewest = references.iter().map(Vec::len).min().unwrap_or(0);
    check_count("a list of references", fewest, 1)
}
