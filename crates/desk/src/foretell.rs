//! What may come next: the odds, and a continuation to hint at.

use std::rc::Rc;

use lampwork_host::read as numbers_of;
use lampwork_models::Noise;
use lampwork_models::language::{Choice, Memory, Next, choose};
use lampwork_protocol::words::{Candidate, Event, TextPrompt};
use lampwork_protocol::{Failure, Writing};
use lampwork_text::Decoder;

use crate::models::{Language, Loaded};
use crate::prompt::given;

/// Odds below which a token as it was typed is not looked behind.
const UNLIKELY: f32 = 0.01;

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
    begun: Option<Begun>,
    /// What of the first token was typed.
    typed: String,
    /// What may come first, and how unsure the model is of it.
    told: Option<(Vec<Candidate>, f32)>,
    written: usize,
    decoder: Decoder,
    text: String,
}

/// The last token of what was typed, which may be the beginning of another.
enum Begun {
    /// It was not read.
    Open(u32),
    /// It was read as one token.
    Whole {
        token: u32,
        /// What may stand in its place, with the odds.
        odds: Vec<(u32, f32)>,
        /// What was read before it.
        before: Memory,
    },
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
        let mut given = given(prompt, None, ghost, &loaded, None)?.leaves_room(&loaded)?;
        let begun = given.heal(&loaded.language);
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
            typed: begun.map_or(String::new(), |token| loaded.language.text(token)),
            begun: begun.map(Begun::Open),
            loaded,
            prompt: given.tokens,
            shown: shown.into(),
            ghost,
            next: None,
            told: None,
            written: 0,
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
        let loaded = Rc::clone(&self.loaded);
        let language = &loaded.language;
        let Some(next) = self.next.take() else {
            let rest = self.prompt[self.read..].to_vec();
            self.read_on(&rest)?;
            return Ok(None);
        };
        let mut logits = numbers_of(next.logits).await?;
        let token = match self.begun.take() {
            Some(begun) => match self.first(begun, &mut logits)? {
                Some(token) => token,
                None => return Ok(None),
            },
            None => {
                let choice = likeliest(&mut logits, language, self.shown);
                let told = || (language.candidates(&choice.best), choice.entropy);
                self.told.get_or_insert_with(told);
                choice.token
            }
        };
        let full = self.read >= self.loaded.info.context as usize;
        let over = token == language.end || self.written >= self.ghost;
        if !over {
            self.written += 1;
            let said = self.decoder.push(&language.tokenizer, token as u16);
            let typed = std::mem::take(&mut self.typed);
            self.text += said.strip_prefix(&*typed).unwrap_or(&said);
            // A hint is read at a glance: it ends with its line.
            let line_ends = self.text.trim_start_matches('\n').contains('\n');
            if !full && !line_ends && self.written < self.ghost {
                self.read_on(&[token])?;
                return Ok(None);
            }
        }
        let (best, entropy) = self.told.take().unwrap_or_default();
        Ok(Some(Event::Foretold {
            best,
            entropy,
            ghost: std::mem::take(&mut self.text),
        }))
    }

    fn read_on(&mut self, tokens: &[u32]) -> Result<(), Failure> {
        let writer = &self.loaded.writer;
        self.next = Some(writer.read(&mut self.memory, tokens, 1, false)?);
        self.read += tokens.len();
        Ok(())
    }

    /// The first token that adds to what was typed; nothing before its odds are known.
    fn first(&mut self, begun: Begun, logits: &mut [f32]) -> Result<Option<u32>, Failure> {
        let loaded = Rc::clone(&self.loaded);
        let language = &loaded.language;
        let (typed, others, behind, before) = match begun {
            Begun::Open(token) => {
                let odds = odds_of(logits, &language.beginning_with(token));
                let as_typed = odds.iter().find(|one| one.0 == token);
                if as_typed.is_some_and(|one| one.1 >= UNLIKELY) {
                    let before = self.memory.clone();
                    self.read_on(&[token])?;
                    self.begun = Some(Begun::Whole {
                        token,
                        odds,
                        before,
                    });
                    return Ok(None);
                }
                (token, odds, None, None)
            }
            Begun::Whole {
                token,
                odds,
                before,
            } => {
                let choice = likeliest(logits, language, self.shown.max(1));
                (token, odds, Some(choice), Some(before))
            }
        };
        let skipped = language.text(typed);
        let as_typed = others.iter().find(|one| one.0 == typed);
        let as_typed = as_typed.map_or(0.0, |one| one.1);
        let entropy = |odds: f32| if odds > 0.0 { -odds * odds.ln() } else { 0.0 };
        let mut unsure: f32 = others.iter().map(|one| entropy(one.1)).sum();
        let mut best: Vec<Candidate> = Vec::new();
        let mut add = |text: String, odds: f32| {
            // The same text may come as one token and as two.
            match best.iter_mut().find(|other| other.text == text) {
                Some(other) => other.odds += odds,
                None => best.push(Candidate { text, odds }),
            }
        };
        let mut others = others;
        others.retain(|one| one.0 != typed);
        others.sort_by(|a, b| b.1.total_cmp(&a.1));
        for &(token, odds) in others.iter().take(self.shown) {
            let text = language.text(token);
            add(
                text.strip_prefix(&*skipped).unwrap_or(&text).to_owned(),
                odds,
            );
        }
        if let Some(choice) = &behind {
            for one in language.candidates(&choice.best) {
                add(one.text, as_typed * one.odds);
            }
            unsure += as_typed * choice.entropy;
        }
        best.sort_by(|a, b| b.odds.total_cmp(&a.odds));
        best.truncate(self.shown);
        self.told = Some((best, unsure));
        let other = others.first().copied();
        if let Some(choice) = behind
            && other.is_none_or(|(_, odds)| as_typed * choice.odds >= odds)
        {
            self.typed.clear();
            return Ok(Some(choice.token));
        }
        if let Some(before) = before {
            self.memory = before;
            self.read -= 1;
        }
        Ok(Some(other.map_or(language.end, |one| one.0)))
    }
}

fn likeliest(logits: &mut [f32], language: &Language, shown: usize) -> Choice {
    let mut noise = Noise::new(0, 0);
    let plain = Some(&language.plain[..]);
    choose(logits, &Writing::GREEDY, &[], plain, shown, &mut noise)
}

/// The odds of these tokens where it is sure that one of them comes.
fn odds_of(logits: &[f32], tokens: &[u32]) -> Vec<(u32, f32)> {
    let known = tokens.iter().map(|&token| (token, logits[token as usize]));
    let mut odds: Vec<(u32, f32)> = known.filter(|one| !one.1.is_nan()).collect();
    let most = odds
        .iter()
        .map(|one| one.1)
        .fold(f32::NEG_INFINITY, f32::max);
    for one in &mut odds {
        one.1 = (one.1 - most).exp();
    }
    let total: f32 = odds.iter().map(|one| one.1).sum();
    for one in &mut odds {
        one.1 /= total;
    }
    odds
}
