//! A summary of a text by a model that was never taught to summarise.
//!
//! A sentence sums a text up as far as reading it makes the rest of the text likelier to
//! the model: their pointwise mutual information (Padmakumar 2021, arXiv 2102.06272).
//! The model's own lines are what a beam search finds for a hole before the text, ranked
//! by the same. A model sees little at once, so a long text is stood for by probes:
//! pieces of it from its beginning to its end.

use std::ops::Range;
use std::rc::Rc;

use lampwork_metrics::text::text_rank;
use lampwork_models::language::{Beam, Found};
use lampwork_protocol::Failure;
use lampwork_protocol::words::{Event, Gist, Sentence};
use lampwork_text::passage::{PassagePrompt, PassageTokens};

use crate::models::{Loaded, Vocabulary};

/// Pieces of the text that each sentence is weighed by.
const PROBES: usize = 3;
/// Most tokens of a probe, and most of a sentence that stands before one: what is read
/// at once is short, so that a command is heard soon.
const PROBE: usize = 56;
const SENTENCE: usize = 32;
/// Most sentences that are weighed; of more, those of the highest `TextRank`.
const WEIGHED: usize = 48;
/// Texts that the beam search keeps.
const BEAM: usize = 4;
/// Most tokens of a line.
const LINE: usize = 24;

/// A summary that is being made.
pub(crate) struct Summarise {
    loaded: Rc<Loaded>,
    start: u32,
    /// How many sentences and lines are wanted.
    wanted: usize,
    probes: Vec<Probe>,
    /// What was weighed, and what is left; sentences first, then lines.
    weighed: Vec<(Said, f32)>,
    waiting: Vec<Said>,
    /// What is being weighed, what it has gained, and by how many probes.
    under: Option<(Said, f32, usize)>,
    /// What the model is asked for lines by, until it was.
    prompt: Option<Vec<u32>>,
    beam: Option<Beam>,
    of: u32,
}

/// A piece of the text.
struct Probe {
    /// The sentences in it, with the tokens of each.
    sentences: Vec<(Range<usize>, Vec<u32>)>,
    /// Negative log likelihood of each, in nats, with nothing before the probe.
    alone: Vec<f32>,
}

/// What is weighed.
struct Said {
    /// Where a sentence stands in the text; `None` for a line of the model's own.
    range: Option<Range<usize>>,
    tokens: Vec<u32>,
}

impl Summarise {
    pub(crate) fn new(loaded: Rc<Loaded>, text: &str, wanted: usize) -> Result<Self, Failure> {
        let cannot = |reason: &str| Failure::CannotDo {
            model: loaded.info.card.name.clone(),
            reason: reason.to_owned(),
        };
        let Vocabulary::Passages(marks) = &loaded.language.vocabulary else {
            return Err(cannot("it has learned poems alone"));
        };
        if loaded.writer.config().latent() > 0 {
            return Err(cannot("it tells a text by its own latent point"));
        }
        let ranked = text_rank(text).map_err(|error| Failure::BadText {
            reason: error.to_string(),
        })?;
        if ranked.len() < 2 {
            return Err(Failure::ShortText {
                reason: "it has fewer than two sentences".to_owned(),
            });
        }
        let tokenizer = &loaded.language.tokenizer;
        let encode = |range: &Range<usize>| -> Vec<u32> {
            let tokens = tokenizer.encode(&format!(" {}", &text[range.clone()]));
            tokens.into_iter().map(u32::from).collect()
        };
        let ranges: Vec<_> = ranked.iter().map(|one| one.range.clone()).collect();
        // Of a model that sees less at once, less is read at once.
        let context = loaded.info.context as usize;
        let probes = probes(&ranges, PROBE.min(context / 5), &encode);
        let mut best = ranked;
        best.sort_by(|a, b| b.rank.total_cmp(&a.rank));
        best.truncate(WEIGHED);
        let said = |tokens: Vec<u32>, range| Said {
            tokens: tokens.into_iter().take(SENTENCE.min(context / 4)).collect(),
            range,
        };
        let waiting: Vec<Said> = best
            .iter()
            .map(|one| said(encode(&one.range), Some(one.range.clone())))
            .collect();
        Ok(Self {
            start: marks.start.into(),
            wanted,
            of: (waiting.len() + BEAM) as u32,
            prompt: Some(hole_before(&probes, marks)),
            probes,
            weighed: Vec::new(),
            waiting,
            under: None,
            beam: None,
            loaded,
        })
    }

    /// Reads a probe, weighs a sentence by one, or adds a token to the lines; the last
    /// event once all is weighed.
    pub(crate) async fn piece(&mut self) -> Result<Option<Event>, Failure> {
        if let Some(at) = self.probes.iter().position(|probe| probe.alone.is_empty()) {
            self.probes[at].alone = self.losses(&[], at).await?;
            return Ok(None);
        }
        if let Some((said, gain, at)) = self.under.take() {
            if at == self.probes.len() {
                self.weighed.push((said, gain));
                return Ok(Some(Event::Weighed {
                    done: self.weighed.len() as u32,
                    of: self.of,
                }));
            }
            let after = self.losses(&said.tokens, at).await?;
            let probe = &self.probes[at];
            let pairs = probe.alone.iter().zip(after);
            let told = probe.sentences.iter().zip(pairs);
            // That a sentence tells itself says nothing.
            let others = told.filter(|(one, _)| said.range.as_ref() != Some(&one.0));
            let more: f32 = others.map(|(_, (before, after))| before - after).sum();
            self.under = Some((said, gain + more, at + 1));
            return Ok(None);
        }
        if let Some(said) = self.waiting.pop() {
            self.under = Some((said, 0.0, 0));
            return Ok(None);
        }
        if let Some(prompt) = self.prompt.take() {
            let stops = [self.loaded.language.end];
            let writer = &self.loaded.writer;
            let line = LINE.min(self.loaded.info.context as usize / 4);
            self.beam = Some(Beam::begin(writer, &prompt, BEAM, 1.0, &stops, line).await?);
            return Ok(None);
        }
        if let Some(mut beam) = self.beam.take() {
            if beam.turn(&self.loaded.writer).await? {
                let found = beam.found();
                let lines = found.into_iter().map(|found| self.line(found));
                self.waiting = lines.filter(|line| !line.tokens.is_empty()).collect();
                self.of = (self.weighed.len() + self.waiting.len()) as u32;
            } else {
                self.beam = Some(beam);
            }
            if self.beam.is_some() || !self.waiting.is_empty() {
                return Ok(None);
            }
        }
        Ok(Some(self.finished()))
    }

    /// The negative log likelihood of each sentence of a probe after some tokens.
    async fn losses(&self, before: &[u32], probe: usize) -> Result<Vec<f32>, Failure> {
        let sentences = &self.probes[probe].sentences;
        let mut tokens = vec![self.start];
        tokens.extend(before);
        let mut from = before.len();
        tokens.extend(sentences.iter().flat_map(|one| &one.1));
        let told = self.loaded.writer.foretell(&tokens).await?;
        let mut losses = Vec::with_capacity(sentences.len());
        for (_, tokens) in sentences {
            let to = from + tokens.len();
            losses.push(told[from..to].iter().map(|one| one.loss).sum());
            from = to;
        }
        Ok(losses)
    }

    fn line(&self, found: Found) -> Said {
        let language = &self.loaded.language;
        let mut tokens = found.written;
        tokens.retain(|&token| !language.tokenizer.is_special(token as u16));
        Said {
            range: None,
            tokens,
        }
    }

    fn finished(&mut self) -> Event {
        let mut weighed = std::mem::take(&mut self.weighed);
        weighed.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut sentences = Vec::new();
        let mut lines: Vec<Gist> = Vec::new();
        for (said, gain) in weighed {
            if let Some(range) = said.range {
                sentences.push(Sentence {
                    start: range.start as u32,
                    end: range.end as u32,
                    rank: gain,
                });
                continue;
            }
            let tokens: Vec<u16> = said.tokens.iter().map(|&token| token as u16).collect();
            let text = self.loaded.language.tokenizer.decode(&tokens);
            let text = text.trim().to_owned();
            if !text.is_empty() && lines.iter().all(|line| line.text != text) {
                lines.push(Gist { text, gain });
            }
        }
        sentences.truncate(self.wanted);
        sentences.sort_by_key(|sentence| sentence.start);
        lines.truncate(self.wanted);
        Event::Weighted { sentences, lines }
    }
}

/// Pieces of the text of so many tokens at most, one in each part of it.
fn probes(
    ranges: &[Range<usize>],
    most: usize,
    encode: &impl Fn(&Range<usize>) -> Vec<u32>,
) -> Vec<Probe> {
    let count = PROBES.min(ranges.len());
    let mut probes = Vec::new();
    for part in 0..count {
        let end = (part + 1) * ranges.len() / count;
        // A long text is not told by its first words alone.
        let begin = part * ranges.len() / count;
        let begin = begin + (end - begin) / 3;
        let (mut sentences, mut length) = (Vec::new(), 0);
        for range in &ranges[begin..end] {
            let mut tokens = encode(range);
            tokens.truncate(most - length);
            length += tokens.len();
            sentences.push((range.clone(), tokens));
            if length >= most {
                break;
            }
        }
        probes.push(Probe {
            sentences,
            alone: Vec::new(),
        });
    }
    probes
}

/// Asks for what stands before the text.
fn hole_before(probes: &[Probe], marks: &PassageTokens) -> Vec<u32> {
    let sentences = probes.iter().flat_map(|probe| &probe.sentences);
    let text = sentences.flat_map(|one| one.1.iter().map(|&token| token as u16));
    let prompt = PassagePrompt {
        kind: None,
        before: Vec::new(),
        after: Some(text.collect()),
    };
    let tokens = prompt.tokens(marks).into_iter();
    tokens.map(u32::from).collect()
}
