//! What may come next: the odds, and a continuation to hint at.

use std::rc::Rc;

use lampwork_host::read as numbers_of;
use lampwork_models::Noise;
use lampwork_models::language::{Choice, Memory, Next, choose};
use lampwork_protocol::words::{Event, TextPrompt};
use lampwork_protocol::{Failure, Writing};
use lampwork_text::Decoder;

use crate::models::Loaded;
use crate::prompt::given;

/// A continuation that is being found, a token a turn.
pub(crate) struct Foretell {
    loaded: Rc<Loaded>,
    prompt: Vec<u32>,
    shown: usize,
    ghost: usize,
    memory: Memory,
    /// Tokens that were read.
    read: usize,
    next: Option<Next>,
    first: Option<Choice>,
    written: Vec<u32>,
    decoder: Decoder,
    text: String,
}

/// What was read for the continuation before: a visitor who types on goes on from it.
pub(crate) struct Remembered {
    weights: [u8; 8],
    tokens: Vec<u32>,
    memory: Memory,
}

impl Foretell {
    pub(crate) fn new(
        loaded: Rc<Loaded>,
        prompt: &TextPrompt,
        shown: u8,
        ghost: u8,
        remembered: Option<Remembered>,
    ) -> Result<Self, Failure> {
        let ghost = usize::from(ghost);
        let given = given(prompt, None, ghost, &loaded, None)?.leaves_room(&loaded)?;
        let (mut memory, mut read) = (loaded.writer.blank(), 0);
        if let Some(mut old) = remembered.filter(|old| old.weights == loaded.info.weights) {
            let both = old.tokens.iter().zip(&given.tokens);
            let same = both.take_while(|(old, new)| old == new).count();
            // What comes after the last token is known by reading it.
            let same = same.min(given.tokens.len() - 1);
            if old.memory.truncate(same) {
                (memory, read) = (old.memory, same);
            }
        }
        Ok(Self {
            memory,
            read,
            loaded,
            prompt: given.tokens,
            shown: shown.into(),
            ghost,
            next: None,
            first: None,
            written: Vec::new(),
            decoder: Decoder::new(),
            text: String::new(),
        })
    }

    /// What was read, for the next time.
    pub(crate) fn remember(mut self) -> Option<Remembered> {
        let kept = self.memory.truncate(self.prompt.len());
        kept.then(|| Remembered {
            weights: self.loaded.info.weights,
            tokens: self.prompt,
            memory: self.memory,
        })
    }

    /// Reads the prompt, then finds a token; the event once there is all.
    pub(crate) async fn piece(&mut self) -> Result<Option<Event>, Failure> {
        let writer = &self.loaded.writer;
        let language = &self.loaded.language;
        let Some(next) = self.next.take() else {
            let rest = &self.prompt[self.read..];
            self.read = self.prompt.len();
            self.next = Some(writer.read(&mut self.memory, rest, 1, false)?);
            return Ok(None);
        };
        let mut logits = numbers_of(next.logits).await?;
        let mut noise = Noise::new(0, 0);
        let plain = Some(&language.plain[..]);
        let choice = choose(
            &mut logits,
            &Writing::GREEDY,
            &[],
            plain,
            self.shown,
            &mut noise,
        );
        let token = choice.token;
        self.first.get_or_insert(choice);
        let full = self.read >= self.loaded.info.context as usize;
        let over = token == language.end || self.written.len() >= self.ghost;
        if !over {
            self.written.push(token);
            self.text += &self.decoder.push(&language.tokenizer, token as u16);
            // A hint is read at a glance: it ends with its line.
            let line_ends = self.text.trim_start_matches('\n').contains('\n');
            if !full && !line_ends && self.written.len() < self.ghost {
                self.next = Some(writer.read(&mut self.memory, &[token], 1, false)?);
                self.read += 1;
                return Ok(None);
            }
        }
        let (best, entropy) = match &self.first {
            Some(choice) => (language.candidates(&choice.best), choice.entropy),
            None => (Vec::new(), 0.0),
        };
        Ok(Some(Event::Foretold {
            best,
            entropy,
            ghost: std::mem::take(&mut self.text),
        }))
    }
}
