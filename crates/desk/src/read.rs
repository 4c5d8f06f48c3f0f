//! A model reads a text: what it had expected, and what each token looks at.

use std::rc::Rc;

use burn::tensor::Transaction;
use lampwork_host::read as numbers_of;
use lampwork_models::language::{Memory, Next, choose};
use lampwork_models::{ModelError, Noise};
use lampwork_protocol::words::{Event, TextPrompt};
use lampwork_protocol::{Failure, Payload, Writing};
use lampwork_text::corpus::characters;

use crate::models::Loaded;
use crate::prompt::given;

/// A text that is being read, a token a turn.
pub(crate) struct Read {
    loaded: Rc<Loaded>,
    tokens: Vec<u32>,
    /// Tokens that tell of the text.
    told: usize,
    cut: bool,
    attention: bool,
    shown: usize,
    at: usize,
    memory: Memory,
    next: Option<Next>,
    nats: f64,
}

impl Read {
    pub(crate) fn new(
        loaded: Rc<Loaded>,
        prompt: &TextPrompt,
        attention: bool,
        shown: u8,
    ) -> Result<Self, Failure> {
        let missing = match prompt {
            TextPrompt::Poem(poem) => poem.after.is_some(),
            TextPrompt::Passage(passage) => passage.after.is_some(),
            TextPrompt::Dialogue { .. } => false,
        };
        if missing {
            return Err(Failure::BadRecipe {
                reason: "nothing may be missing of a text that is read".to_owned(),
            });
        }
        let mut given = given(prompt, None, 0, &loaded, None)?;
        let context = loaded.info.context as usize;
        let cut = given.cut || given.tokens.len() > context;
        given.tokens.truncate(context);
        Ok(Self {
            memory: loaded.writer.blank(),
            told: given.told,
            tokens: given.tokens,
            loaded,
            cut,
            attention,
            shown: shown.into(),
            at: 0,
            next: None,
            nats: 0.0,
        })
    }

    /// Reads a token; the last event once all are read.
    pub(crate) async fn piece(&mut self) -> Result<(Event, Payload), Failure> {
        let language = &self.loaded.language;
        let Some(&token) = self.tokens.get(self.at) else {
            let read: Vec<u16> = self.tokens[self.told..].iter().map(|&t| t as u16).collect();
            let event = Event::ReadThrough {
                tokens: read.len() as u32,
                characters: characters(&language.tokenizer, &read) as u32,
                nats: self.nats,
                cut: self.cut,
            };
            return Ok((event, Payload::new()));
        };
        let mut seen = None;
        if self.at >= self.told
            && let Some(next) = self.next.take()
        {
            let mut logits = numbers_of(next.logits).await?;
            let only = [token];
            // Of one token the choice is none: it is asked for its odds.
            let how = Writing::GREEDY;
            let mut noise = Noise::new(0, 0);
            let choice = choose(&mut logits, &how, &[], Some(&only), self.shown, &mut noise);
            // Odds too small for a number of single precision are not none.
            self.nats -= f64::from(choice.odds.max(f32::MIN_POSITIVE).ln());
            seen = Some(language.seen(&choice));
        }
        let next = self
            .loaded
            .writer
            .read(&mut self.memory, &[token], 1, self.attention)?;
        let mut payload = Payload::new();
        if self.attention {
            let mut layers = Transaction::default();
            for layer in next.attention.clone() {
                layers = layers.register(layer);
            }
            let mut bytes = Vec::new();
            for layer in layers.execute_async().await.map_err(ModelError::from)? {
                let odds: Vec<f32> = layer.try_into_vec().map_err(|error| Failure::Internal {
                    reason: format!("{error:?}"),
                })?;
                bytes.extend(odds.iter().flat_map(|odds| odds.to_le_bytes()));
            }
            payload.push(bytes);
        }
        self.next = Some(next);
        let event = Event::ReadOn {
            at: self.at as u32,
            text: language.text(token),
            seen,
            kept: self.memory.numbers() as u64,
        };
        self.at += 1;
        Ok((event, payload))
    }
}
