//! The special tokens and the marks of poems, looked up once.

use super::form::{Form, SHI_NAMES};
use super::lexicon::{Mood, Theme};
use crate::tokenizer::{END, PAD, UNKNOWN};
use crate::{TextError, Tokenizer};

/// The mark behind a line that is not the last of its sentence.
pub const COMMA: char = '，';
/// The mark behind a sentence.
pub const STOP: char = '。';
/// All marks behind which a line ends.
pub const STOPS: [char; 6] = [COMMA, STOP, '？', '！', '；', '、'];

const START: &str = "start";
const HEADS: &str = "heads";
const BODY: &str = "body";
const HOLE: &str = "hole";
const FILL: &str = "fill";
const TUNE: &str = "tune:";

/// The special tokens of a vocabulary for poems, in order.
pub fn specials(tunes: &[&str]) -> Vec<String> {
    let mut names = [PAD, END, UNKNOWN, START, HEADS, BODY, HOLE, FILL]
        .map(str::to_owned)
        .to_vec();
    names.extend(SHI_NAMES.map(|[name, _]| format!("form:{name}")));
    names.extend(Mood::ALL.map(|mood| format!("mood:{}", mood.name())));
    names.extend(Theme::ALL.map(|theme| format!("theme:{}", theme.name())));
    names.extend(tunes.iter().map(|tune| format!("{TUNE}{tune}")));
    names
}

/// The tokens by which a poem is told; see [`super::PoemPrompt`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoemTokens {
    /// Fills up a row of a batch.
    pub pad: u16,
    /// Ends a poem.
    pub end: u16,
    /// Stands for a character that the vocabulary lacks.
    pub unknown: u16,
    /// Begins everything.
    pub start: u16,
    /// Comes before the first characters of the lines.
    pub heads: u16,
    /// Comes before the lines.
    pub body: u16,
    /// Stands where lines are missing.
    pub hole: u16,
    /// Comes before the missing lines.
    pub fill: u16,
    /// Forms of shi, by number.
    pub forms: [u16; 6],
    /// Moods, by number.
    pub moods: [u16; Mood::ALL.len()],
    /// Themes, by number.
    pub themes: [u16; Theme::ALL.len()],
    /// Tunes, in order, each with its name.
    pub tunes: Vec<(u16, String)>,
    /// The marks of [`STOPS`] that the vocabulary has.
    pub stops: Vec<u16>,
    /// The token of [`COMMA`].
    pub comma: u16,
    /// The token of [`STOP`].
    pub stop: u16,
}

impl PoemTokens {
    /// Looks them up.
    ///
    /// # Errors
    /// The vocabulary lacks one, as one for English does.
    pub fn new(tokenizer: &Tokenizer) -> Result<Self, TextError> {
        let named = |name: String| tokenizer.required(&name);
        let mark = |mark: char| {
            tokenizer.token_of(mark).ok_or_else(|| {
                TextError::Tokenizer(format!("there is no token for the mark `{mark}`"))
            })
        };
        let mut forms = [0; 6];
        for (token, [name, _]) in forms.iter_mut().zip(SHI_NAMES) {
            *token = named(format!("form:{name}"))?;
        }
        let mut moods = [0; Mood::ALL.len()];
        for (token, mood) in moods.iter_mut().zip(Mood::ALL) {
            *token = named(format!("mood:{}", mood.name()))?;
        }
        let mut themes = [0; Theme::ALL.len()];
        for (token, theme) in themes.iter_mut().zip(Theme::ALL) {
            *token = named(format!("theme:{}", theme.name()))?;
        }
        let tunes: Vec<(u16, String)> = (0..)
            .zip(tokenizer.specials())
            .filter_map(|(token, name)| Some((token, name.strip_prefix(TUNE)?.to_owned())))
            .collect();
        if tunes.len() > Form::MAX_TUNES {
            return Err(TextError::Tokenizer(format!(
                "there are {} tunes, and at most {} can be told apart",
                tunes.len(),
                Form::MAX_TUNES
            )));
        }
        Ok(Self {
            pad: tokenizer.required(PAD)?,
            end: tokenizer.required(END)?,
            unknown: tokenizer.required(UNKNOWN)?,
            start: tokenizer.required(START)?,
            heads: tokenizer.required(HEADS)?,
            body: tokenizer.required(BODY)?,
            hole: tokenizer.required(HOLE)?,
            fill: tokenizer.required(FILL)?,
            forms,
            moods,
            themes,
            tunes,
            stops: STOPS
                .iter()
                .filter_map(|&stop| tokenizer.token_of(stop))
                .collect(),
            comma: mark(COMMA)?,
            stop: mark(STOP)?,
        })
    }

    /// The token of a form; `None` for a tune that is not there.
    pub fn form(&self, form: Form) -> Option<u16> {
        match form {
            Form::Tune(tune) => self.tunes.get(usize::from(tune)).map(|tune| tune.0),
            shi => Some(self.forms[usize::from(shi.number())]),
        }
    }

    /// The tune of a name.
    pub fn tune(&self, name: &str) -> Option<Form> {
        let at = self.tunes.iter().position(|tune| tune.1 == name);
        at.map(|at| Form::Tune(at as u8))
    }

    /// Whether a line ends behind this token.
    pub fn is_stop(&self, token: u16) -> bool {
        self.stops.contains(&token)
    }
}
