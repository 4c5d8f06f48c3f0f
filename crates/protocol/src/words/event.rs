//! What the worker of words tells the page.

use serde::{Deserialize, Serialize};

use super::Charset;
use crate::event::SelfCheck;
use crate::{
    AdapterCard, DataSet, DeviceInfo, Failure, ModelCard, RequestId, RunStatus, StepFigures,
};

/// A model that is ready to write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextModelInfo {
    /// Its card.
    pub card: ModelCard,
    /// First eight bytes of the SHA-256 of its file.
    pub weights: [u8; 8],
    /// Whether it knows poems by form, mood and theme; it knows passages if not.
    pub poems: bool,
    /// Tunes that it knows, in traditional characters.
    pub tunes: Vec<String>,
    /// Most tokens that it sees at once.
    pub context: u32,
    /// Numbers that it has learned.
    pub parameters: u64,
}

/// The visitor's own text, as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// What its bytes were written in.
    pub charset: Charset,
    /// Its characters.
    pub characters: u32,
    /// Its lines.
    pub lines: u32,
}

/// A token and its odds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its text; empty for the end of the text. A part of a character is U+FFFD.
    pub text: String,
    /// Its odds, 0 to 1.
    pub odds: f32,
}

/// How sure a model was of a token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// The odds of the token that came, before anything was cut off.
    pub odds: f32,
    /// Entropy of the odds of all tokens, in nats.
    pub entropy: f32,
    /// The likeliest tokens, the best first.
    pub best: Vec<Candidate>,
}

/// How a text ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextEnd {
    /// The model said that it is over.
    Over,
    /// It is as long as asked for, or as the model can see.
    Full,
}

/// What one turn added to a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// Which text, in the order of the request's recipes.
    pub row: u32,
    /// What came; empty where a token stands for no text, or a part of a character.
    pub text: String,
    /// How sure the model was, where that was asked for.
    pub seen: Option<Seen>,
    /// How the text ended, if it has.
    pub end: Option<TextEnd>,
}

/// A sentence of a summary by extraction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sentence {
    /// Where it begins, in bytes of the text's UTF-8.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Its rank; it means something only beside those of the same text.
    pub rank: f32,
}

/// A line that a model found, and what it tells the model of a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Gist {
    /// The line.
    pub text: String,
    /// By how many nats the text is likelier to the model after it.
    pub gain: f32,
}

/// How a character fits its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CharacterPlace {
    /// Its tone is the one that is asked for.
    Kept,
    /// No tone is asked for.
    Free,
    /// Its tone is another.
    Broken,
    /// Nobody knows how it was read.
    Unknown,
}

/// The tone of a character, as verse counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CharacterTone {
    /// 平
    Level,
    /// 仄
    Oblique,
    /// It was read both ways.
    Either,
    /// Nobody knows how it was read.
    Unknown,
}

/// How a line keeps its form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineCheck {
    /// Its characters.
    pub length: u32,
    /// How many there should be; `None` if there should be no such line.
    pub wanted: Option<u32>,
    /// The tone of each character.
    #[serde(default)]
    pub tones: Vec<CharacterTone>,
    /// For each character, how it fits; empty where the form has no tone pattern.
    pub places: Vec<CharacterPlace>,
    /// Whether it rhymes with those it should; `None` if it need not.
    pub rhymes: Option<bool>,
}

/// How lines keep a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormCheck {
    /// The tone pattern that they come nearest to, in Chinese.
    pub pattern: Option<String>,
    /// The rhyme group that they rhyme in, if it is one.
    pub group: Option<String>,
    /// How many lines there should be, if the form says.
    pub wanted: Option<u32>,
    /// Each line.
    pub lines: Vec<LineCheck>,
    /// Whether lines and their lengths are as they should be.
    pub lengths_kept: bool,
    /// Whether no character breaks the tone pattern; `None` if there is none.
    pub tones_kept: Option<bool>,
    /// Whether all lines rhyme that should; `None` if none should.
    pub rhymes_kept: Option<bool>,
}

/// A run of tokens that a text has in common with a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiedRun {
    /// Its tokens, without marks and ends of lines.
    pub length: u32,
    /// What it says in the text that was asked about.
    pub text: String,
    /// Who wrote the document; empty if that is not known.
    pub author: String,
    /// The document's title.
    pub title: String,
    /// The document, or of a long one what stands around the run.
    pub document: String,
}

/// An event and the request it answers, if any.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The request; `None` for news of a run.
    pub request: Option<RequestId>,
    /// What happened.
    pub event: Event,
}

/// What the worker of words tells the page.
///
/// `Ready`, `DeviceLost` and `Failed` are written as those of [`crate::Event`] are, so
/// that what starts a worker need not know which one it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The worker is there and its device open. The first event of all.
    Ready(DeviceInfo),
    /// The self-test is done; it passed if no error is above its tolerance.
    SelfTested {
        /// Every check.
        checks: Vec<SelfCheck>,
    },
    /// A model is ready.
    ModelLoaded(TextModelInfo),
    /// What was learned on top of a model is ready.
    AdapterLoaded {
        /// What it is.
        card: AdapterCard,
        /// First eight bytes of the SHA-256 of its file, by which recipes name it.
        hash: [u8; 8],
    },
    /// The table of readings is ready.
    ReadingsLoaded {
        /// Characters whose readings it knows.
        characters: u32,
        /// Tunes whose patterns it knows, in traditional characters.
        tunes: Vec<String>,
    },
    /// A corpus is ready.
    CorpusLoaded {
        /// Which one.
        data: DataSet,
        /// Documents in the training, validation and test split.
        documents: [u32; 3],
        /// Tokens in each.
        tokens: [u32; 3],
    },
    /// The visitor's own text is kept.
    TextOpened(Opened),
    /// Texts were written, by a token each or a few.
    Wrote {
        /// What came of each text that is being written, turn by turn.
        pieces: Vec<Piece>,
        /// Numbers that the model keeps of what it has read: the cache of keys and
        /// values.
        kept: u64,
        /// Whether these are the last of the request.
        done: bool,
    },
    /// What may come next.
    Foretold {
        /// The likeliest tokens, the best first.
        best: Vec<Candidate>,
        /// Entropy of the odds, in nats.
        entropy: f32,
        /// The likeliest continuation.
        ghost: String,
    },
    /// A token was read. Payload, if attention was asked for: single-precision numbers,
    /// little-endian, `[layers, heads, at + 1]`, what it looks at.
    ReadOn {
        /// Its number, from 0.
        at: u32,
        /// Its text; empty for one that tells of the text, as the form of a poem.
        text: String,
        /// What the model had expected; `None` for one that tells of the text.
        seen: Option<Seen>,
        /// Numbers that the model keeps of what it has read.
        kept: u64,
    },
    /// A text was read to its end, or to what the model sees at once.
    ReadThrough {
        /// Tokens that were foretold.
        tokens: u32,
        /// Their characters.
        characters: u32,
        /// Negative log likelihood of all of them, in nats.
        nats: f64,
        /// Whether the text has an end that was not read.
        cut: bool,
    },
    /// A walk between two sentences.
    Walked {
        /// Each sentence on the way, as the model writes it.
        texts: Vec<String>,
    },
    /// A summary by extraction.
    Summarised {
        /// Its sentences, in the text's order.
        sentences: Vec<Sentence>,
    },
    /// A summary by a model is on its way.
    Weighed {
        /// Sentences and lines that were weighed.
        done: u32,
        /// Of how many.
        of: u32,
    },
    /// A summary by a model.
    Weighted {
        /// Sentences in the text's order. Their rank is by how many nats the others are
        /// likelier to the model after this one.
        sentences: Vec<Sentence>,
        /// Lines of the model's own, the one that tells it most first.
        lines: Vec<Gist>,
    },
    /// A form was checked.
    FormChecked(FormCheck),
    /// A text in simplified characters.
    Simplified {
        /// As many characters as were asked about.
        text: String,
    },
    /// What was typed, in the characters of a model.
    Spelled {
        /// The text.
        text: String,
        /// The characters in it that the model does not have, each once.
        unknown: String,
    },
    /// A corpus was searched.
    SourceFound {
        /// The longest run; `None` where not a token stands in the corpus.
        run: Option<CopiedRun>,
        /// Among how many documents.
        among: u32,
    },
    /// How the run stands.
    Run(RunStatus),
    /// Steps were taken; a few at a time.
    Steps {
        /// In order.
        steps: Vec<StepFigures>,
    },
    /// What is not learned from was measured: `loss`, in nats a token, `perplexity`, and
    /// `bits`, in bits a character.
    Validated {
        /// Step it was measured at.
        step: u64,
        /// Name and value.
        values: Vec<(String, f32)>,
    },
    /// What the net of a run writes.
    Sample {
        /// Step it was written at.
        step: u64,
        /// The text.
        text: String,
    },
    /// A weights file is written. Payload: the file.
    Exported {
        /// Its card.
        card: ModelCard,
    },
    /// An adapter is written. Payload: the file.
    AdapterExported {
        /// What it is.
        card: AdapterCard,
    },
    /// A run is written whole. Payload: the file.
    Snapshot {
        /// How it stands.
        status: RunStatus,
    },
    /// The request was cancelled.
    Cancelled,
    /// The request is done and there is nothing else to say.
    Done,
    /// The device is gone; the worker is of no further use.
    DeviceLost {
        /// The browser's words.
        reason: String,
    },
    /// Something went wrong.
    Failed(Failure),
}

impl Event {
    /// Whether nothing else answers a request after this event.
    pub fn is_last(&self) -> bool {
        !matches!(
            self,
            Event::Wrote { done: false, .. }
                | Event::ReadOn { .. }
                | Event::Weighed { .. }
                | Event::Steps { .. }
                | Event::Sample { .. }
                | Event::Validated { .. }
        )
    }
}
