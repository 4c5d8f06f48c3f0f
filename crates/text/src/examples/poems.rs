//! Examples of poems.

use rand_chacha::ChaCha8Rng;

use super::{Example, Telling, Window};
use crate::Documents;
use crate::poem::{Form, Mood, PoemPrompt, PoemTokens, Theme, Told, lines_of};
use crate::random::{below, chance};

/// What stands around a poem at most, but for the heads.
const AROUND: usize = 8;

/// Most lines that are cut out together.
const MAX_HOLE: usize = 4;

/// Whole poems that fit into the context without heads.
pub(super) fn windows(documents: &Documents, context: usize) -> Vec<Window> {
    (0..documents.len())
        .filter(|&document| documents.range(document).len() + AROUND <= context)
        .map(|document| {
            let range = documents.range(document);
            Window {
                document: document as u32,
                start: range.start as u32,
                end: range.end as u32,
            }
        })
        .collect()
}

pub(super) fn example(
    documents: &Documents,
    document: usize,
    tokens: &PoemTokens,
    telling: &Telling,
    rng: &mut ChaCha8Rng,
) -> Example {
    let poem = documents.document(document);
    let about = documents.about(document);
    let lines = lines_of(poem, tokens);
    let mut told = Told::default();
    if chance(rng, telling.form) {
        told.form = Form::from_number(about.form, tokens.tunes.len());
    }
    if chance(rng, telling.labels) && about.mood > 0 {
        told.mood = Mood::ALL.get(usize::from(about.mood) - 1).copied();
    }
    if chance(rng, telling.labels) {
        let themes: Vec<Theme> = Theme::ALL
            .into_iter()
            .filter(|theme| about.themes & 1 << theme.number() != 0)
            .collect();
        if !themes.is_empty() {
            told.theme = Some(themes[below(rng, themes.len())]);
        }
    }
    let heads = chance(rng, telling.heads);
    let fits = lines.len() <= PoemPrompt::MAX_HEADS
        && poem.len() + lines.len() + AROUND <= telling.context;
    if heads && fits {
        told.heads = lines.iter().map(|line| poem[line.start]).collect();
    }
    let infill = chance(rng, telling.infill) && lines.len() > 1;
    if !infill {
        let prompt = PoemPrompt {
            told,
            ..PoemPrompt::default()
        };
        let mut example = Example::default();
        example.given(&known(&prompt, tokens));
        example.learnt(poem);
        example.learnt(&[tokens.end]);
        return example;
    }
    let count = 1 + below(rng, MAX_HOLE.min(lines.len() - 1));
    let first = below(rng, lines.len() - count + 1);
    // The mark behind a line goes with it.
    let start = lines[first].start;
    let end = lines
        .get(first + count)
        .map_or(poem.len(), |next| next.start);
    let prompt = PoemPrompt {
        told,
        before: poem[..start].to_vec(),
        after: Some(poem[end..].to_vec()),
    };
    let mut example = Example::default();
    let given = known(&prompt, tokens);
    let body = given.iter().position(|&token| token == tokens.body);
    let body = body.map_or(0, |at| at + 1);
    example.given(&given[..body]);
    example.learnt(&given[body..body + start]);
    example.given(&given[body + start..]);
    example.learnt(&poem[start..end]);
    example.learnt(&[tokens.end]);
    example
}

/// The prompt of a poem that is in the corpus, whose form was checked.
fn known(prompt: &PoemPrompt, tokens: &PoemTokens) -> Vec<u16> {
    prompt
        .tokens(tokens)
        .expect("forms were checked when the corpus was read")
}
