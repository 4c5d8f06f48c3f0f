//! What the net of a run writes, as it learns: always from the same noise.

use std::rc::Rc;

use lampwork_models::TextRun;
use lampwork_models::language::{Allowed, Draft, Writer};
use lampwork_protocol::{Failure, Writing};
use lampwork_text::passage::{PassageKind, PassagePrompt};
use lampwork_text::poem::{Form, PoemPrompt, Told};

use crate::models::{Language, Vocabulary};

/// Tokens of a sample.
const MOST: usize = 60;

/// What samples are written from.
pub(super) struct Sampler {
    language: Rc<Language>,
    prompt: Vec<u32>,
}

/// A sample under way.
pub(super) struct Sample {
    /// The step that it shows.
    pub(super) step: u64,
    writer: Writer,
    draft: Draft,
    language: Rc<Language>,
}

impl Sampler {
    pub(super) fn new(language: &Language) -> Result<Self, Failure> {
        let prompt = match &language.vocabulary {
            Vocabulary::Poems(tokens) => {
                let told = Told {
                    form: Some(Form::FiveQuatrain),
                    ..Told::default()
                };
                let prompt = PoemPrompt {
                    told,
                    ..PoemPrompt::default()
                };
                prompt.tokens(tokens).map_err(|error| Failure::BadData {
                    reason: error.to_string(),
                })?
            }
            Vocabulary::Passages(tokens) => {
                let prompt = PassagePrompt {
                    kind: Some(PassageKind::Play),
                    ..PassagePrompt::default()
                };
                prompt.tokens(tokens)
            }
        };
        Ok(Self {
            language: Rc::new(language.clone()),
            prompt: prompt.into_iter().map(u32::from).collect(),
        })
    }

    pub(super) fn begin(&self, run: &TextRun) -> Result<Sample, Failure> {
        let writer = run.writer();
        let (how, seed) = (Writing::default(), run.recipe().seed);
        let stops = [self.language.end];
        let draft = Draft::begin(&writer, &self.prompt, 1, how, seed, &stops, MOST)?;
        Ok(Sample {
            step: run.step(),
            writer,
            draft,
            language: Rc::clone(&self.language),
        })
    }
}

impl Sample {
    /// Writes a token; the text once it is whole.
    pub(super) async fn piece(&mut self) -> Result<Option<String>, Failure> {
        if !self.draft.is_done() {
            let plain = &self.language.plain;
            self.draft
                .turn(&self.writer, |_, _| Allowed::Only(plain))
                .await?;
        }
        if !self.draft.is_done() {
            return Ok(None);
        }
        let written = self.draft.written(0).iter().map(|&token| token as u16);
        let tokens: Vec<u16> = written.collect();
        Ok(Some(self.language.tokenizer.decode(&tokens)))
    }
}
