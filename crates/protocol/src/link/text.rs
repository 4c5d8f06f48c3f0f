//! A text's recipe as text.

use super::bytes::{Reader, Writer};
use super::limits::{check_fraction, check_name};
use super::{TEXT, bad, begin, open, seal};
use crate::words::{
    Adapter, FORMS, Keep, MOODS, Passage, PassageKind, Poem, THEMES, TextPrompt, TextRecipe,
};
use crate::{AdapterCard, Failure, Writing};

const POEM: u8 = 0;
const PASSAGE: u8 = 1;
const DIALOGUE: u8 = 2;

/// The text of a text's recipe; see [`super::encode`].
///
/// What the model is given begins with a byte for its kind; a text that may be missing
/// with 1, or 0 where it is. Then come the knobs of the choice, what is kept (0
/// nothing, 1 the lengths, 2 more for tones, 4 more for rhymes), the most tokens, seed
/// and index, and the adapter: 0 for none, or 1, its hash and its strength.
pub fn encode_text(recipe: &TextRecipe) -> String {
    let mut writer = begin(TEXT, &recipe.model, &recipe.weights, None);
    match &recipe.prompt {
        TextPrompt::Poem(poem) => {
            writer.byte(POEM);
            for name in [&poem.form, &poem.mood, &poem.theme] {
                write_optional(&mut writer, name.as_deref());
            }
            writer.text(&poem.heads);
            writer.text(&poem.before);
            write_optional(&mut writer, poem.after.as_deref());
        }
        TextPrompt::Passage(passage) => {
            writer.byte(PASSAGE);
            writer.byte(match passage.of {
                None => 0,
                Some(PassageKind::Play) => 1,
                Some(PassageKind::Prose) => 2,
            });
            writer.text(&passage.before);
            write_optional(&mut writer, passage.after.as_deref());
        }
        TextPrompt::Dialogue { speaker, so_far } => {
            writer.byte(DIALOGUE);
            writer.text(speaker);
            writer.text(so_far);
        }
    }
    let how = &recipe.writing;
    writer.fraction(how.temperature);
    writer.number(how.top_k.into());
    for knob in [how.top_p, how.min_p, how.repetition] {
        writer.fraction(knob);
    }
    writer.byte(recipe.keep.map_or(0, |keep| {
        1 + 2 * u8::from(keep.tones) + 4 * u8::from(keep.rhymes)
    }));
    writer.number(recipe.most.into());
    writer.number(recipe.seed);
    writer.number(recipe.index.into());
    match &recipe.adapter {
        None => writer.byte(0),
        Some(adapter) => {
            writer.byte(1);
            writer.bytes(&adapter.hash);
            writer.fraction(adapter.strength);
        }
    }
    seal(writer)
}

/// The text's recipe of a text.
///
/// # Errors
/// As [`super::decode`], with the limits of [`check_text`].
pub fn decode_text(text: &str) -> Result<TextRecipe, Failure> {
    let payload = open(text, TEXT)?;
    let mut reader = Reader::new(&payload[2..]);
    let (model, weights) = (reader.name()?, reader.array()?);
    let prompt = read_prompt(&mut reader)?;
    let small = |reader: &mut Reader<'_>| {
        u16::try_from(reader.small()?).map_err(|_| bad("a number in it is too large"))
    };
    let writing = Writing {
        temperature: reader.fraction()?,
        top_k: small(&mut reader)?,
        top_p: reader.fraction()?,
        min_p: reader.fraction()?,
        repetition: reader.fraction()?,
    };
    let keep = match reader.byte()? {
        0 => None,
        code if code & 1 == 1 && code < 8 => Some(Keep {
            tones: code & 2 != 0,
            rhymes: code & 4 != 0,
        }),
        _ => return Err(bad("it keeps what no form has")),
    };
    let recipe = TextRecipe {
        model,
        weights,
        prompt,
        writing,
        keep,
        most: small(&mut reader)?,
        seed: reader.number()?,
        index: reader.small()?,
        adapter: match reader.byte()? {
            0 => None,
            1 => Some(Adapter {
                hash: reader.array()?,
                strength: reader.fraction()?,
            }),
            _ => return Err(bad("it has an adapter of an unknown kind")),
        },
    };
    reader.end()?;
    check_text(&recipe)?;
    Ok(recipe)
}

/// Whether a text's recipe keeps the limits.
///
/// # Errors
/// [`Failure::BadRecipe`], naming the limit, where it does not.
pub fn check_text(recipe: &TextRecipe) -> Result<(), Failure> {
    check_name(&recipe.model)?;
    if let Some(adapter) = &recipe.adapter {
        check_fraction("strength", adapter.strength, 0.0, AdapterCard::MAX_STRENGTH)?;
    }
    check_prompt(&recipe.prompt)?;
    let how = &recipe.writing;
    check_fraction(
        "temperature",
        how.temperature,
        0.0,
        TextRecipe::MAX_TEMPERATURE,
    )?;
    check_fraction("top-p", how.top_p, 0.0, 1.0)?;
    check_fraction("min-p", how.min_p, 0.0, 1.0)?;
    check_fraction(
        "repetition",
        how.repetition,
        1.0,
        TextRecipe::MAX_REPETITION,
    )?;
    if !(1..=TextRecipe::MAX_TOKENS).contains(&recipe.most) {
        return Err(bad(&format!(
            "a text has 1 to {} tokens, not {}",
            TextRecipe::MAX_TOKENS,
            recipe.most
        )));
    }
    match (&recipe.keep, &recipe.prompt) {
        (None, _) | (Some(_), TextPrompt::Poem(Poem { form: Some(_), .. })) => Ok(()),
        _ => Err(bad("it keeps a form, and asks for none")),
    }
}

/// Whether what a model is given keeps the limits.
///
/// # Errors
/// [`Failure::BadRecipe`], naming the limit, where it does not.
pub fn check_prompt(prompt: &TextPrompt) -> Result<(), Failure> {
    if prompt.bytes() > TextRecipe::MAX_PROMPT {
        return Err(bad(&format!(
            "the model is given {} bytes, and at most {} are read",
            prompt.bytes(),
            TextRecipe::MAX_PROMPT
        )));
    }
    match prompt {
        TextPrompt::Poem(poem) => {
            if let Some(form) = &poem.form {
                // Beside the forms there are tunes, whose names are Chinese.
                let tune = form.chars().all(|one| !one.is_ascii() && !one.is_control());
                check_known("form", form, FORMS.contains(&form.as_str()) || tune)?;
            }
            if let Some(mood) = &poem.mood {
                check_known("mood", mood, MOODS.contains(&mood.as_str()))?;
            }
            if let Some(theme) = &poem.theme {
                check_known("theme", theme, THEMES.contains(&theme.as_str()))?;
            }
            Ok(())
        }
        TextPrompt::Passage(_) => Ok(()),
        TextPrompt::Dialogue { speaker, .. } => {
            check_known("speaker", speaker, !speaker.contains(char::is_control))
        }
    }
}

fn check_known(what: &str, name: &str, known: bool) -> Result<(), Failure> {
    let fits = (1..=TextRecipe::MAX_NAME).contains(&name.len());
    if known && fits {
        Ok(())
    } else {
        Err(bad(&format!("its {what} is none that there is")))
    }
}

fn write_optional(writer: &mut Writer, text: Option<&str>) {
    match text {
        None => writer.byte(0),
        Some(text) => {
            writer.byte(1);
            writer.text(text);
        }
    }
}

fn read_optional(reader: &mut Reader<'_>) -> Result<Option<String>, Failure> {
    match reader.byte()? {
        0 => Ok(None),
        1 => Ok(Some(reader.text()?)),
        _ => Err(bad("a text in it is neither there nor missing")),
    }
}

fn read_prompt(reader: &mut Reader<'_>) -> Result<TextPrompt, Failure> {
    Ok(match reader.byte()? {
        POEM => TextPrompt::Poem(Poem {
            form: read_optional(reader)?,
            mood: read_optional(reader)?,
            theme: read_optional(reader)?,
            heads: reader.text()?,
            before: reader.text()?,
            after: read_optional(reader)?,
        }),
        PASSAGE => TextPrompt::Passage(Passage {
            of: match reader.byte()? {
                0 => None,
                1 => Some(PassageKind::Play),
                2 => Some(PassageKind::Prose),
                _ => return Err(bad("it is of an unknown kind of text")),
            },
            before: reader.text()?,
            after: read_optional(reader)?,
        }),
        DIALOGUE => TextPrompt::Dialogue {
            speaker: reader.text()?,
            so_far: reader.text()?,
        },
        _ => return Err(bad("it gives the model what is no prompt")),
    })
}
