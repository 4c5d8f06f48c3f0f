//! Examples of plays and prose.

use rand_chacha::ChaCha8Rng;

use super::{Example, Telling, Window};
use crate::Documents;
use crate::passage::{PassageKind, PassagePrompt, PassageTokens};
use crate::random::{below, chance};

/// What stands around a window at most: start, kind, three marks of a hole, end.
const AROUND: usize = 6;

/// Windows that follow each other, the first of them shorter by an offset.
pub(super) fn windows(
    documents: &Documents,
    context: usize,
    mut offset: Option<ChaCha8Rng>,
) -> Vec<Window> {
    // An example may have one token more than the context, since the last one is
    // only foretold.
    let width = context + 1 - AROUND;
    let mut windows = Vec::new();
    for document in 0..documents.len() {
        let range = documents.range(document);
        let mut start = range.start;
        let mut end = match &mut offset {
            Some(rng) => start + 1 + below(rng, width),
            None => start + width,
        };
        while start < range.end {
            end = end.min(range.end);
            windows.push(Window {
                document: document as u32,
                start: start as u32,
                end: end as u32,
            });
            start = end;
            end = start + width;
        }
    }
    windows
}

/// `ends` says whether the document ends with the window.
pub(super) fn example(
    text: &[u16],
    ends: bool,
    tokens: &PassageTokens,
    kind: PassageKind,
    telling: &Telling,
    rng: &mut ChaCha8Rng,
) -> Example {
    let kind = chance(rng, telling.form).then_some(kind);
    let infill = chance(rng, telling.infill) && text.len() > 2;
    let mut example = Example::default();
    if !infill {
        let prompt = PassagePrompt {
            kind,
            ..PassagePrompt::default()
        };
        example.given(&prompt.tokens(tokens));
        example.learnt(text);
        if ends {
            example.learnt(&[tokens.end]);
        }
        return example;
    }
    let cuts = [below(rng, text.len()), below(rng, text.len())];
    let (start, end) = (cuts[0].min(cuts[1]), cuts[0].max(cuts[1]) + 1);
    let prompt = PassagePrompt {
        kind,
        before: text[..start].to_vec(),
        after: Some(text[end..].to_vec()),
    };
    let given = prompt.tokens(tokens);
    let before = given.iter().position(|&token| token == tokens.prefix);
    let before = before.map_or(0, |at| at + 1);
    example.given(&given[..before]);
    example.learnt(&text[..start]);
    example.given(&[tokens.suffix]);
    // Nobody can foretell with what the part behind the hole begins.
    if let Some((first, rest)) = text[end..].split_first() {
        example.given(&[*first]);
        example.learnt(rest);
    }
    example.given(&[tokens.middle]);
    example.learnt(&text[start..end]);
    example.learnt(&[tokens.end]);
    example
}
