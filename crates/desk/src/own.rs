//! The visitor's own text as a corpus to learn from.

use lampwork_protocol::Failure;
use lampwork_protocol::words::PassageKind;
use lampwork_text::poem::{Form, STOPS};
use lampwork_text::prosody::Readings;
use lampwork_text::tokenizer::UNKNOWN;
use lampwork_text::{About, Corpus, CorpusCard, Documents, Telling, Texts, Tokenizer};

use crate::models::{Language, Vocabulary};
use crate::spelling::in_characters;

/// Fewest tokens that are worth learning from, and measuring on.
const LEAST: [usize; 2] = [64, 16];

/// Largest share of characters that the model may not know.
const MOST_UNKNOWN: f32 = 0.2;

/// Characters of a part of prose, where it has no paragraphs.
const PART: usize = 400;

/// A text as a corpus, of which a share is held out, and what of it is told.
///
/// Its parts are poems or paragraphs. Of every so many one is held out, so that what is
/// measured comes from all over the text. With readings, simplified characters that a
/// model of poems lacks are read as the traditional ones that it has.
pub(crate) fn corpus(
    text: &str,
    language: &Language,
    readings: Option<&Readings>,
    held_out: f32,
    of: Option<PassageKind>,
    context: usize,
) -> Result<(Corpus, Telling), Failure> {
    let (texts, parts) = match language.vocabulary {
        Vocabulary::Poems(_) => {
            let text = in_characters(text, &language.tokenizer, readings);
            (Texts::Poems, poems(&text))
        }
        Vocabulary::Passages(_) if of == Some(PassageKind::Prose) => (Texts::Prose, passages(text)),
        Vocabulary::Passages(_) => (Texts::Plays, passages(text)),
    };
    let every = (1.0 / held_out).round().max(2.0) as usize;
    if parts.len() < 2 {
        return Err(Failure::ShortText {
            reason: "it has a single part, and none would be left to measure on".to_owned(),
        });
    }
    // A text of few parts has one held out all the same.
    let every = every.min(parts.len());
    let tokenizer = &language.tokenizer;
    let (mut train, mut held) = (Documents::default(), Documents::default());
    let (mut unknown, mut count) = (0, 0);
    let mut joined: Vec<u16> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let tokens = tokenizer.encode(&part.text);
        let alien = tokenizer.special(UNKNOWN);
        unknown += tokens.iter().filter(|&&token| Some(token) == alien).count();
        count += tokens.len();
        let about = About {
            form: part.form.map_or(0, Form::number),
            title: &part.title,
            ..About::default()
        };
        let is_held = at % every == every - 1;
        if texts == Texts::Poems {
            if is_held { &mut held } else { &mut train }.push(&tokens, about);
            continue;
        }
        // Paragraphs that follow each other are one document.
        if is_held {
            push(&mut train, &mut joined);
            held.push(&tokens, about);
        } else {
            joined.extend(&tokens);
        }
    }
    push(&mut train, &mut joined);
    if unknown as f32 > MOST_UNKNOWN * count as f32 {
        return Err(Failure::CannotDo {
            model: "this model".to_owned(),
            reason: format!("it knows {unknown} of {count} characters of this text not at all"),
        });
    }
    for (what, documents, least) in [
        ("to learn from", &train, LEAST[0]),
        ("to measure on", &held, LEAST[1]),
    ] {
        let tokens = documents.tokens().len();
        if tokens < least {
            return Err(Failure::ShortText {
                reason: format!("{tokens} tokens are left {what}, and {least} are needed"),
            });
        }
    }
    let regular = texts != Texts::Poems || parts.iter().all(|part| part.form.is_some());
    let telling = Telling {
        context,
        // What is measured is told nothing; and of a poem in no form that there is, none
        // is told.
        form: if regular { 0.5 } else { 0.0 },
        // Nobody has labelled it.
        labels: 0.0,
        // Just so often that what the model has learned of them is not lost.
        heads: 0.05,
        infill: 0.05,
    };
    let card = CorpusCard::new(texts, "A text of the visitor's own", vec![], "", vec![]);
    let splits = [train, held.clone(), held];
    let corpus = Corpus::new(tokenizer.clone(), splits, card);
    let corpus = corpus.map_err(|error| Failure::BadText {
        reason: error.to_string(),
    })?;
    Ok((corpus, telling))
}

fn push(documents: &mut Documents, tokens: &mut Vec<u16>) {
    if !tokens.is_empty() {
        documents.push(tokens, About::default());
        tokens.clear();
    }
}

/// A part of a text that is learned from or held out whole.
#[derive(Debug, Default, PartialEq)]
struct Part {
    title: String,
    text: String,
    form: Option<Form>,
}

/// Blocks of lines with empty lines between them.
fn blocks(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let blocks: Vec<Vec<&str>> = lines
        .split(|line| line.is_empty())
        .filter(|block| !block.is_empty())
        .map(<[&str]>::to_vec)
        .collect();
    blocks.into_iter()
}

/// Poems, each a block of lines; a first line without a mark is the title, if another
/// has one.
fn poems(text: &str) -> Vec<Part> {
    blocks(text)
        .map(|mut lines| {
            let marked = |line: &str| line.contains(STOPS);
            let titled =
                lines.len() > 1 && !marked(lines[0]) && lines[1..].iter().any(|l| marked(l));
            let title = if titled { lines.remove(0) } else { "" };
            let mut poem = String::new();
            for (at, line) in lines.iter().enumerate() {
                poem.extend(line.chars().filter(|one| !one.is_whitespace()));
                if !poem.ends_with(STOPS) {
                    poem.push(if at % 2 == 0 && at + 1 < lines.len() {
                        '，'
                    } else {
                        '。'
                    });
                }
            }
            Part {
                title: title.to_owned(),
                form: shape(&poem),
                text: poem,
            }
        })
        .collect()
}

/// The form that a poem's lines have, if they are as long as those of one.
fn shape(poem: &str) -> Option<Form> {
    let lines = poem.split(STOPS).filter(|line| !line.is_empty());
    let lengths: Vec<usize> = lines.map(|line| line.chars().count()).collect();
    let width = *lengths.first()?;
    if lengths.iter().any(|&length| length != width) {
        return None;
    }
    Some(match (width, lengths.len()) {
        (5, 4) => Form::FiveQuatrain,
        (5, 8) => Form::FiveRegulated,
        (5, _) => Form::FiveOther,
        (7, 4) => Form::SevenQuatrain,
        (7, 8) => Form::SevenRegulated,
        (7, _) => Form::SevenOther,
        _ => return None,
    })
}

/// Paragraphs, with what stands between them; of a text with hardly any, parts of some
/// hundred characters that end with a word.
fn passages(text: &str) -> Vec<Part> {
    let mut texts: Vec<String> = blocks(text)
        .map(|lines| lines.join("\n") + "\n\n")
        .collect();
    let longest = texts.iter().map(String::len).max().unwrap_or(0);
    if texts.len() < 8 || longest * 4 > text.len() {
        texts = parts(text);
    }
    let part = |text| Part {
        text,
        ..Part::default()
    };
    texts.into_iter().map(part).collect()
}

fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut length = 0;
    for one in text.chars() {
        length += 1;
        if length > PART && one.is_whitespace() || length > 2 * PART {
            parts.push(String::new());
            length = 1;
        }
        parts.last_mut().expect("one is always there").push(one);
    }
    parts
}

/// The tokenizer that a text is read by, where there is no model whose it is.
pub(crate) fn language(tokenizer: &Tokenizer) -> Result<Language, Failure> {
    Language::new(tokenizer.clone()).map_err(|error| Failure::BadData {
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poems_are_told_apart_with_titles_marks_and_forms() {
        let text = "春曉\n春眠不覺曉，\n處處聞啼鳥。\n夜來風雨聲，花落知多少。\n\n\n白日依山盡\n黃河入海流\n\n春 江";
        let parts = poems(text);
        let titles: Vec<_> = parts.iter().map(|part| part.title.as_str()).collect();
        assert_eq!(titles, ["春曉", "", ""]);
        assert_eq!(parts[0].form, Some(Form::FiveQuatrain));
        assert_eq!(parts[1].text, "白日依山盡，黃河入海流。");
        assert_eq!(parts[1].form, Some(Form::FiveOther));
        assert_eq!(parts[2].text, "春江。");
        assert_eq!(parts[2].form, None);
    }

    #[test]
    fn prose_is_cut_at_paragraphs_or_else_at_words() {
        let paragraphs: Vec<String> = (0..9).map(|at| format!("Paragraph {at}.")).collect();
        let cut = passages(&paragraphs.join("\n\n"));
        assert_eq!(cut.len(), 9);
        assert_eq!(cut[4].text, "Paragraph 4.\n\n");
        let long = "word ".repeat(500);
        let cut = passages(&long);
        assert!(cut.len() > 4);
        assert_eq!(
            cut.iter()
                .map(|part| part.text.as_str())
                .collect::<String>(),
            long
        );
        let unbroken = "字".repeat(2000);
        assert!(
            passages(&unbroken)
                .iter()
                .all(|part| part.text.chars().count() <= 2 * PART)
        );
    }
}
