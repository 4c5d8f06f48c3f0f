//! Sequences to learn from: which, in which order, what is told of each.

mod batch;
mod passages;
mod poems;

use rand_chacha::ChaCha8Rng;

pub use batch::Batch;

use crate::passage::{PassageKind, PassageTokens};
use crate::poem::PoemTokens;
use crate::random::{generator, shuffle};
use crate::{Corpus, Documents, Split, TextError, Texts};

/// What of a document is told to a model, and how often.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Telling {
    /// Most tokens that the model sees at once: an example has at most one more.
    pub context: usize,
    /// Chance that the form of a poem, or the kind of a passage, is told.
    pub form: f32,
    /// Chance that the mood is told, and likewise the theme, where a poem has one.
    pub labels: f32,
    /// Chance that the first characters of a poem's lines are told.
    pub heads: f32,
    /// Chance that something is cut out and must be filled in.
    pub infill: f32,
}

impl Telling {
    /// For training: much is told, nothing always, so that each thing can be left out.
    pub fn training(context: usize) -> Self {
        Self {
            context,
            form: 0.9,
            labels: 0.5,
            heads: 0.15,
            infill: 0.15,
        }
    }

    /// For measuring: every document from its beginning, with nothing told of it.
    pub fn measuring(context: usize) -> Self {
        Self {
            context,
            form: 0.0,
            labels: 0.0,
            heads: 0.0,
            infill: 0.0,
        }
    }
}

/// A sequence to learn from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Example {
    /// The tokens, the first of which is given.
    pub tokens: Vec<u16>,
    /// For each token, whether foretelling it counts: not what is told, nor what
    /// stands behind a hole.
    pub counts: Vec<bool>,
}

impl Example {
    fn given(&mut self, tokens: &[u16]) {
        self.tokens.extend_from_slice(tokens);
        self.counts.resize(self.tokens.len(), false);
    }

    fn learnt(&mut self, tokens: &[u16]) {
        self.tokens.extend_from_slice(tokens);
        self.counts.resize(self.tokens.len(), true);
    }
}

/// One pass over a split, in an order and with cuts that a seed decides.
///
/// Poems are told whole. Of plays and prose, windows are told that follow each
/// other from an offset that differs from pass to pass; in an unshuffled pass they
/// begin where the document does.
#[derive(Debug, Clone)]
pub struct Pass<'a> {
    documents: &'a Documents,
    telling: Telling,
    vocabulary: Vocabulary,
    seed: u64,
    pass: u64,
    /// Documents of poems, or windows: ranges of the tokens of all.
    order: Vec<Window>,
}

#[derive(Debug, Clone)]
enum Vocabulary {
    Poems(Box<PoemTokens>),
    Passages(PassageTokens, PassageKind),
}

/// A part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    document: u32,
    start: u32,
    end: u32,
}

impl<'a> Pass<'a> {
    /// The least context that a window of a passage fits in.
    pub const MIN_CONTEXT: usize = 16;

    /// Pass number `pass` over a split in the order that `seed` decides, or as the
    /// documents stand if `seed` is `None`.
    ///
    /// Poems that do not fit into the context are left out.
    ///
    /// # Errors
    /// The vocabulary lacks a token, or the context is below
    /// [`Pass::MIN_CONTEXT`].
    pub fn new(
        corpus: &'a Corpus,
        split: Split,
        telling: Telling,
        seed: Option<u64>,
        pass: u64,
    ) -> Result<Self, TextError> {
        if telling.context < Self::MIN_CONTEXT {
            return Err(TextError::Prompt(format!(
                "a context of {} tokens is too short; take {} or more",
                telling.context,
                Self::MIN_CONTEXT
            )));
        }
        let documents = corpus.split(split);
        let vocabulary = match corpus.card.texts {
            Texts::Poems => Vocabulary::Poems(Box::new(PoemTokens::new(&corpus.tokenizer)?)),
            Texts::Plays => {
                Vocabulary::Passages(PassageTokens::new(&corpus.tokenizer)?, PassageKind::Play)
            }
            Texts::Prose => {
                Vocabulary::Passages(PassageTokens::new(&corpus.tokenizer)?, PassageKind::Prose)
            }
        };
        let mut order = match &vocabulary {
            Vocabulary::Poems(_) => poems::windows(documents, telling.context),
            Vocabulary::Passages(..) => {
                let offset = seed.map(|seed| generator(b"offset  ", seed, [pass, 0]));
                passages::windows(documents, telling.context, offset)
            }
        };
        if let Some(seed) = seed {
            shuffle(&mut order, &mut generator(b"order   ", seed, [pass, 0]));
        }
        Ok(Self {
            documents,
            telling,
            vocabulary,
            seed: seed.unwrap_or(0),
            pass,
            order,
        })
    }

    /// How many examples there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Example `index`: always the same for the same seed, pass and index.
    ///
    /// # Panics
    /// There is no such example.
    pub fn example(&self, index: usize) -> Example {
        let window = self.order[index];
        let mut rng: ChaCha8Rng = generator(b"telling ", self.seed, [self.pass, index as u64]);
        match &self.vocabulary {
            Vocabulary::Poems(tokens) => poems::example(
                self.documents,
                window.document as usize,
                tokens,
                &self.telling,
                &mut rng,
            ),
            Vocabulary::Passages(tokens, kind) => {
                let range = window.start as usize..window.end as usize;
                let document = self.documents.range(window.document as usize);
                let ends = range.end == document.end;
                let text = &self.documents.tokens()[range];
                passages::example(text, ends, tokens, *kind, &self.telling, &mut rng)
            }
        }
    }

    /// The token that fills up rows.
    pub fn pad(&self) -> u16 {
        match &self.vocabulary {
            Vocabulary::Poems(tokens) => tokens.pad,
            Vocabulary::Passages(tokens, _) => tokens.pad,
        }
    }
}

#[cfg(test)]
mod tests;
