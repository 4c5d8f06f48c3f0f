//! The likeliest text rather than a drawn one.

use super::writer::numbers;
use super::{Memory, Writer};
use crate::ModelError;

/// A text that a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What was written, its stop token with it.
    pub written: Vec<u32>,
    /// Log likelihood, in nats, of all of it.
    pub likelihood: f32,
}

/// A search by beam (Graves 2012): of each length, the likeliest texts are kept and
/// gone on with.
#[derive(Debug, Clone)]
pub struct Beam {
    memory: Memory,
    /// Logits of what comes next, `[open, vocabulary]`.
    next: Vec<f32>,
    /// What may go on.
    open: Vec<Found>,
    /// What has ended.
    done: Vec<Found>,
    width: usize,
    stops: Vec<u32>,
    most: usize,
    penalty: f32,
}

impl Beam {
    /// Most texts that are kept.
    pub const MAX_WIDTH: usize = 16;

    /// Begins a search for what goes on from a prompt. `penalty` is the power of a
    /// text's length that its log likelihood is divided by when texts are compared (Wu
    /// 2016): 0 likes short ones, 1 compares means.
    ///
    /// # Errors
    /// [`ModelError::Text`] where the prompt is empty or does not fit,
    /// [`ModelError::Knob`] where the width is out of range.
    pub async fn begin(
        writer: &Writer,
        prompt: &[u32],
        width: usize,
        penalty: f32,
        stops: &[u32],
        most: usize,
    ) -> Result<Self, ModelError> {
        crate::run::within("width", width, 1, Self::MAX_WIDTH)?;
        crate::run::between("penalty", penalty, 0.0, 2.0)?;
        if prompt.is_empty() {
            return Err(ModelError::Text(
                "there is nothing to go on from".to_owned(),
            ));
        }
        let room = writer.config().context().saturating_sub(prompt.len()) + 1;
        let mut memory = writer.blank();
        let next = writer.read(&mut memory, prompt, 1, false)?.logits;
        Ok(Self {
            memory,
            next: numbers(next).await?,
            open: vec![Found {
                written: Vec::new(),
                likelihood: 0.0,
            }],
            done: Vec::new(),
            width,
            stops: stops.to_vec(),
            most: most.min(room),
            penalty,
        })
    }

    /// Writes one token in each text; whether the search is over.
    ///
    /// # Errors
    /// Where the device fails.
    pub async fn turn(&mut self, writer: &Writer) -> Result<bool, ModelError> {
        if self.is_over() {
            return Ok(true);
        }
        let vocabulary = self.next.len() / self.open.len();
        let mut all: Vec<(usize, u32, f32)> = Vec::new();
        for (row, logits) in self.next.chunks_exact(vocabulary).enumerate() {
            let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let total: f32 = logits.iter().map(|logit| (logit - most).exp()).sum();
            let base = self.open[row].likelihood - most - total.ln();
            all.extend(
                (0..)
                    .zip(logits)
                    .map(|(token, logit)| (row, token, base + logit)),
            );
        }
        all.retain(|found| found.2.is_finite());
        let better = |a: &(usize, u32, f32), b: &(usize, u32, f32)| {
            b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1)))
        };
        let kept = (2 * self.width).min(all.len());
        if kept > 0 && kept < all.len() {
            all.select_nth_unstable_by(kept - 1, better);
            all.truncate(kept);
        }
        all.sort_unstable_by(better);
        let (mut open, mut rows, mut tokens) = (Vec::new(), Vec::new(), Vec::new());
        for (row, token, likelihood) in all {
            let mut written = self.open[row].written.clone();
            written.push(token);
            let ended = self.stops.contains(&token) || written.len() >= self.most;
            let found = Found {
                written,
                likelihood,
            };
            if ended {
                self.done.push(found);
            } else if open.len() < self.width {
                open.push(found);
                rows.push(row as u32);
                tokens.push(token);
            }
        }
        self.open = open;
        if self.is_over() {
            return Ok(true);
        }
        self.memory = self.memory.select(&rows);
        let next = writer
            .read(&mut self.memory, &tokens, rows.len(), false)?
            .logits;
        self.next = numbers(next).await?;
        Ok(false)
    }

    /// What has been found, the best first.
    pub fn found(&self) -> Vec<Found> {
        let mut all: Vec<Found> = self.done.iter().chain(&self.open).cloned().collect();
        all.sort_by(|a, b| self.score(b).total_cmp(&self.score(a)));
        all.truncate(self.width);
        all
    }

    fn score(&self, found: &Found) -> f32 {
        found.likelihood / (found.written.len().max(1) as f32).powf(self.penalty)
    }

    /// Whether nothing that is open can become better than what has ended.
    fn is_over(&self) -> bool {
        if self.open.is_empty() {
            return true;
        }
        let best_open = self.open.iter().map(|found| {
            // At most as likely as now, and at best as long as may be.
            found.likelihood / (self.most.max(1) as f32).powf(self.penalty)
        });
        let best_open = best_open.fold(f32::NEG_INFINITY, f32::max);
        let mut done: Vec<f32> = self.done.iter().map(|found| self.score(found)).collect();
        done.sort_by(|a, b| b.total_cmp(a));
        done.get(self.width - 1)
            .is_some_and(|&worst| worst >= best_open)
    }
}
