//! What a model is given, as tokens.

use lampwork_protocol::Failure;
use lampwork_protocol::words::{Keep, Passage, PassageKind, Poem, TextPrompt};
use lampwork_text::passage::{self, PassagePrompt, PassageTokens};
use lampwork_text::poem::{Form, Mood, PoemPrompt, PoemTokens, SHI_FORMS, SHI_NAMES, Theme, Told};
use lampwork_text::prosody::{self, Constraint, Readings};
use lampwork_text::{TextError, Tokenizer};

use crate::models::{Language, Loaded, Vocabulary};

/// What the tokens that are written must keep to.
pub(crate) enum Rule {
    /// They stand for text.
    Text,
    /// They keep the form of a poem, of which these tokens are there.
    Form(Box<Constraint>, Vec<u16>),
    /// They are one speech: an empty line ends it.
    Speech,
}

/// What a model is given.
pub(crate) struct Given {
    pub(crate) tokens: Vec<u32>,
    /// Tokens at the beginning that tell of the text and are no part of it.
    pub(crate) told: usize,
    /// Whether some of what was to be given was left out, for the model sees no more.
    pub(crate) cut: bool,
    pub(crate) rule: Rule,
    /// Where the last token stands of what comes before the missing part, if that may
    /// end within a word.
    last: Option<usize>,
}

impl Given {
    /// Takes the last token of what comes before off the prompt: what is written must
    /// begin with its text, and may make a longer token of it.
    ///
    /// Token healing (Lundberg 2023): who has typed `To be, or n` has not typed the token
    /// that `not` has in training, and behind a blank no word can come that has its blank
    /// within. Nothing happens where the token is a part of a character.
    pub(crate) fn heal(&mut self, language: &Language) -> Option<u32> {
        let at = self.last.take()?;
        let bytes = language.tokenizer.bytes(self.tokens[at] as u16);
        std::str::from_utf8(bytes).ok()?;
        Some(self.tokens.remove(at))
    }

    /// Refuses what leaves the model no room to write.
    pub(crate) fn leaves_room(self, loaded: &Loaded) -> Result<Self, Failure> {
        let (given, context) = (self.tokens.len(), loaded.info.context as usize);
        if given < context {
            return Ok(self);
        }
        Err(Failure::BadRecipe {
            reason: format!("it gives the model {given} tokens, and {context} are all it sees"),
        })
    }
}

/// Marks of a passage around its texts, at most.
const AROUND: usize = 6;

/// The tokens of a prompt, of which `room` are left to write.
pub(crate) fn given(
    prompt: &TextPrompt,
    keep: Option<Keep>,
    room: usize,
    loaded: &Loaded,
    readings: Option<&Readings>,
) -> Result<Given, Failure> {
    lampwork_protocol::link::check_prompt(prompt)?;
    let language = &loaded.language;
    let cannot = |reason: &str| Failure::CannotDo {
        model: loaded.info.card.name.clone(),
        reason: reason.to_owned(),
    };
    match (prompt, &language.vocabulary) {
        (TextPrompt::Poem(asked), Vocabulary::Poems(tokens)) => {
            poem(asked, keep, language, tokens, readings)
        }
        (TextPrompt::Passage(asked), Vocabulary::Passages(tokens)) => {
            Ok(passage(asked, room, loaded, tokens))
        }
        (TextPrompt::Dialogue { speaker, so_far }, Vocabulary::Passages(tokens)) => {
            let so_far = so_far.trim();
            let gap = if so_far.is_empty() { "" } else { "\n\n" };
            let asked = Passage {
                of: Some(PassageKind::Play),
                before: format!("{so_far}{gap}{speaker}.\n"),
                after: None,
            };
            let given = passage(&asked, room, loaded, tokens);
            Ok(Given {
                rule: Rule::Speech,
                // A speech begins on a line of its own.
                last: None,
                ..given
            })
        }
        (TextPrompt::Poem(_), Vocabulary::Passages(_)) => Err(cannot("it has learned no poems")),
        (_, Vocabulary::Poems(_)) => Err(cannot("it has learned poems alone")),
    }
}

/// Characters of a poem: lines and blanks are for the eye alone.
fn characters(tokenizer: &Tokenizer, text: &str) -> Vec<u16> {
    let text: String = text.split_whitespace().collect();
    tokenizer.encode(&text)
}

fn poem(
    asked: &Poem,
    keep: Option<Keep>,
    language: &Language,
    tokens: &PoemTokens,
    readings: Option<&Readings>,
) -> Result<Given, Failure> {
    let tokenizer = &language.tokenizer;
    let form = asked.form.as_deref().map(|name| form_of(name, tokens));
    let form = form.transpose()?;
    let heads = characters(tokenizer, &asked.heads);
    if heads.contains(&tokens.unknown) {
        return Err(Failure::UnknownWords {
            words: asked.heads.clone(),
        });
    }
    let named = |name: &Option<String>, known: &[&'static str]| {
        let name = name.as_deref()?;
        known.iter().position(|known| *known == name)
    };
    let mood = named(&asked.mood, &Mood::ALL.map(Mood::name)).map(|at| Mood::ALL[at]);
    let theme = named(&asked.theme, &Theme::ALL.map(Theme::name)).map(|at| Theme::ALL[at]);
    let before = characters(tokenizer, &asked.before);
    let after = asked.after.as_ref().map(|text| characters(tokenizer, text));
    let rule = match (keep, form) {
        (Some(keep), Some(form)) => {
            let keep = prosody::Keep {
                tones: keep.tones,
                rhymes: keep.rhymes,
            };
            let readings = readings.ok_or(Failure::NoReadings)?;
            let behind = after.as_deref().unwrap_or_default();
            let constraint = Constraint::new(form, keep, &heads, behind, tokenizer, readings);
            Rule::Form(Box::new(constraint.map_err(wrong)?), before.clone())
        }
        _ => Rule::Text,
    };
    let prompt = PoemPrompt {
        told: Told {
            form,
            mood,
            theme,
            heads,
        },
        before,
        after,
    };
    let all = prompt.tokens(tokens).map_err(wrong)?;
    let told = all.iter().position(|&token| token == tokens.body);
    Ok(Given {
        tokens: all.into_iter().map(u32::from).collect(),
        told: told.map_or(0, |at| at + 1),
        cut: false,
        rule,
        last: None,
    })
}

/// A form by its name.
fn form_of(name: &str, tokens: &PoemTokens) -> Result<Form, Failure> {
    let shi = SHI_NAMES.iter().position(|names| names[0] == name);
    let found = shi.map(|at| SHI_FORMS[at]).or_else(|| tokens.tune(name));
    found.ok_or_else(|| Failure::BadKnob {
        knob: "form".to_owned(),
        reason: format!("this model knows no {name}"),
    })
}

/// Of what is longer than the model sees: the end of what comes before, and the
/// beginning of what comes behind.
fn passage(asked: &Passage, room: usize, loaded: &Loaded, tokens: &PassageTokens) -> Given {
    let tokenizer = &loaded.language.tokenizer;
    let context = loaded.info.context as usize;
    let seen = context
        .saturating_sub(AROUND + room.min(context / 2))
        .max(1);
    let mut before = tokenizer.encode(&asked.before);
    let mut after = asked.after.as_ref().map(|text| tokenizer.encode(text));
    let behind = after.as_ref().map_or(0, Vec::len);
    let cut = before.len() + behind > seen;
    if cut {
        let least = (seen / 2).min(behind);
        let kept = before.len().min(seen - least);
        before.drain(..before.len() - kept);
        if let Some(after) = &mut after {
            after.truncate(seen - kept);
        }
    }
    let kind = asked.of.map(|kind| match kind {
        PassageKind::Play => passage::PassageKind::Play,
        PassageKind::Prose => passage::PassageKind::Prose,
    });
    let told = 1 + usize::from(kind.is_some());
    let begins = told + usize::from(after.is_some());
    let last = (!before.is_empty()).then(|| begins + before.len() - 1);
    let prompt = PassagePrompt {
        kind,
        before,
        after,
    };
    Given {
        tokens: prompt.tokens(tokens).into_iter().map(u32::from).collect(),
        told,
        cut,
        rule: Rule::Text,
        last,
    }
}

fn wrong(error: TextError) -> Failure {
    Failure::BadRecipe {
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::words::{FORMS, MOODS, THEMES};

    use super::*;

    #[test]
    fn the_page_and_the_models_have_the_same_names() {
        assert_eq!(FORMS, SHI_NAMES.map(|names| names[0]));
        assert_eq!(MOODS, Mood::ALL.map(Mood::name));
        assert_eq!(THEMES, Theme::ALL.map(Theme::name));
    }
}
