//! The longest run of a made text that stands in a corpus as well.
//!
//! The corpus is read once past a suffix automaton of the made text (Blumer 1985), so
//! no index of it need be made, fetched or kept.

use std::ops::Range;

use crate::Documents;

/// A run that stands in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// How many tokens it has, less those that are passed over.
    pub length: usize,
    /// Where it stands in the made text.
    pub made: Range<usize>,
    /// The document that it stands in.
    pub document: usize,
    /// Where it stands in that document.
    pub source: Range<usize>,
}

/// A state of the automaton: the runs of the made text that end at the same places.
#[derive(Debug, Clone, Default)]
struct State {
    /// Length of the longest of them.
    length: usize,
    /// The state of the longest end that stands at more places.
    link: usize,
    /// Where the first of those places is: the number of tokens up to it.
    end: usize,
    next: Vec<(u16, usize)>,
}

impl State {
    fn next(&self, token: u16) -> Option<usize> {
        let entry = self.next.iter().find(|entry| entry.0 == token);
        entry.map(|entry| entry.1)
    }

    fn set(&mut self, token: u16, state: usize) {
        match self.next.iter_mut().find(|entry| entry.0 == token) {
            Some(entry) => entry.1 = state,
            None => self.next.push((token, state)),
        }
    }
}

/// The longest run of `made` that stands in one of the documents; of equals the first
/// in the corpus. Tokens for which `passed` is true (marks, ends of lines) count for
/// nothing on either side: a run goes on over them.
///
/// `None` if no token of it stands there.
pub fn longest_run(
    made: &[u16],
    documents: &Documents,
    passed: &dyn Fn(u16) -> bool,
) -> Option<Run> {
    // A table, since it is asked once for each token of the corpus.
    let mut passes = vec![false; 1 << 16];
    for (token, passes) in passes.iter_mut().enumerate() {
        *passes = passed(token as u16);
    }
    let places: Vec<usize> = (0..made.len())
        .filter(|&at| !passes[usize::from(made[at])])
        .collect();
    let tokens: Vec<u16> = places.iter().map(|&at| made[at]).collect();
    let states = automaton(&tokens);
    // The empty run leads on by every token of the text, and is asked most.
    let mut begins = vec![None; 1 << 16];
    for &(token, state) in &states[0].next {
        begins[usize::from(token)] = Some(state);
    }

    let mut best: Option<Run> = None;
    let mut longest = 0;
    for document in 0..documents.len() {
        let (mut state, mut length) = (0, 0);
        for (at, &token) in documents.document(document).iter().enumerate() {
            if passes[usize::from(token)] {
                continue;
            }
            let Some(beginning) = begins[usize::from(token)] else {
                (state, length) = (0, 0);
                continue;
            };
            state = loop {
                if state == 0 {
                    break beginning;
                }
                match states[state].next(token) {
                    Some(next) => break next,
                    None => state = states[state].link,
                }
                length = states[state].length;
            };
            length += 1;
            if length > longest {
                longest = length;
                let end = states[state].end;
                best = Some(Run {
                    length,
                    made: places[end - length]..places[end - 1] + 1,
                    document,
                    source: at..at + 1,
                });
            }
        }
    }
    let mut run = best?;
    // Where it begins in the document was not kept on the way.
    let source = documents.document(run.document);
    let mut left = run.length;
    while left > 1 {
        run.source.start -= 1;
        left -= usize::from(!passes[usize::from(source[run.source.start])]);
    }
    Some(run)
}

/// The states of the suffix automaton of a text; the first is the empty run, from
/// which every token of the text leads on.
fn automaton(tokens: &[u16]) -> Vec<State> {
    let mut states = vec![State::default()];
    let mut last = 0;
    for (at, &token) in tokens.iter().enumerate() {
        let new = states.len();
        states.push(State {
            length: states[last].length + 1,
            end: at + 1,
            ..State::default()
        });
        let mut state = Some(last);
        while let Some(from) = state.filter(|&from| states[from].next(token).is_none()) {
            states[from].set(token, new);
            state = (from != 0).then(|| states[from].link);
        }
        last = new;
        let Some(from) = state else {
            continue;
        };
        let known = states[from].next(token).unwrap_or(0);
        if states[known].length == states[from].length + 1 {
            states[new].link = known;
            continue;
        }
        let split = states.len();
        states.push(State {
            length: states[from].length + 1,
            ..states[known].clone()
        });
        states[known].link = split;
        states[new].link = split;
        let mut state = Some(from);
        while let Some(from) = state.filter(|&from| states[from].next(token) == Some(known)) {
            states[from].set(token, split);
            state = (from != 0).then(|| states[from].link);
        }
    }
    states
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::About;

    fn documents(texts: &[Vec<u16>]) -> Documents {
        let mut documents = Documents::default();
        for text in texts {
            documents.push(text, About::default());
        }
        documents
    }

    /// Tries every pair of places.
    fn by_hand(made: &[u16], texts: &[Vec<u16>]) -> usize {
        let mut longest = 0;
        for text in texts {
            for a in 0..made.len() {
                for b in 0..text.len() {
                    let same = made[a..].iter().zip(&text[b..]).take_while(|(a, b)| a == b);
                    longest = longest.max(same.count());
                }
            }
        }
        longest
    }

    #[test]
    fn a_run_is_found_over_marks_with_its_places() {
        let documents = documents(&[vec![1, 2, 3], vec![9, 4, 0, 5, 6, 0, 7, 2]]);
        let passed = |token| token == 0;
        let run = longest_run(&[8, 0, 4, 5, 0, 6, 7, 1], &documents, &passed).unwrap();
        assert_eq!(
            run,
            Run {
                length: 4,
                made: 2..7,
                document: 1,
                source: 1..7
            }
        );
        assert_eq!(longest_run(&[8, 0], &documents, &passed), None);
        assert_eq!(longest_run(&[], &documents, &passed), None);
    }

    proptest! {
        #[test]
        fn the_run_is_as_long_as_any(
            made in prop::collection::vec(0_u16..4, 0..30),
            texts in prop::collection::vec(prop::collection::vec(0_u16..5, 1..30), 1..5),
        ) {
            let documents = documents(&texts);
            let run = longest_run(&made, &documents, &|_| false);
            prop_assert_eq!(run.as_ref().map_or(0, |run| run.length), by_hand(&made, &texts));
            if let Some(run) = run {
                prop_assert_eq!(&made[run.made], &texts[run.document][run.source]);
            }
        }
    }
}
