//! Texts that are being written.

use burn::tensor::Tensor;
use lampwork_protocol::Writing;

use super::{Choice, Memory, Next, Writer, choose};
use crate::{ModelError, Noise};

/// What a text may go on with.
#[derive(Debug, Clone, Copy)]
pub enum Allowed<'a> {
    /// Anything.
    All,
    /// One of these.
    Only(&'a [u32]),
}

/// How a text ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// By a stop token.
    Stop,
    /// It is as long as asked for, or as the net can see.
    Full,
}

/// What one turn wrote.
#[derive(Debug, Clone)]
pub struct Turn {
    /// A choice for each row; `None` for one that had ended.
    pub choices: Vec<Option<Choice>>,
    /// How much the tokens that were read look at each before them, by layer: `[rows,
    /// heads, new, tokens]`; empty unless asked for.
    pub attention: Vec<Tensor<4>>,
}

/// Texts that are being written side by side from one prompt, a token a turn.
#[derive(Debug, Clone)]
pub struct Draft {
    rows: Vec<Row>,
    memory: Memory,
    /// What comes after all that is written.
    next: Next,
    /// Tokens that the net was shown.
    read: usize,
    /// How the next token is chosen; may change between turns.
    pub how: Writing,
    /// Whether attention is kept.
    pub attention: bool,
    /// How many of the likeliest tokens each choice tells.
    pub shown: usize,
    /// Number of the first row, by which its noise is named: the same row of two drafts
    /// is the same text, whichever rows stand beside it.
    pub first: u32,
    seed: u64,
    stops: Vec<u32>,
    most: usize,
}

#[derive(Debug, Clone, Default)]
struct Row {
    written: Vec<u32>,
    ending: Option<Ending>,
}

fn nothing() -> ModelError {
    ModelError::Text("there is nothing to go on from".to_owned())
}

impl Draft {
    /// Begins `rows` texts that go on from a prompt, of `most` tokens each at most.
    /// Each token's noise is named by the seed, the row and its number, so that what is
    /// written does not depend on how many turns were taken before it.
    ///
    /// # Errors
    /// [`ModelError::Text`] where the prompt is empty, does not fit, or has tokens that
    /// the net does not know.
    pub fn begin(
        writer: &Writer,
        prompt: &[u32],
        rows: usize,
        how: Writing,
        seed: u64,
        stops: &[u32],
        most: usize,
    ) -> Result<Self, ModelError> {
        if rows == 0 {
            return Err(nothing());
        }
        let mut memory = writer.blank();
        // Read once: the rows differ from the first token on that they write.
        if prompt.is_empty() {
            return Err(nothing());
        }
        let mut next = writer.read(&mut memory, prompt, 1, false)?;
        if rows > 1 {
            memory = memory.select(&vec![0; rows]);
            next.logits = next.logits.repeat_dim(0, rows);
        }
        Ok(Self {
            rows: vec![Row::default(); rows],
            memory,
            next,
            read: prompt.len(),
            how,
            attention: false,
            shown: 0,
            first: 0,
            seed,
            stops: stops.to_vec(),
            most,
        })
    }

    /// Begins the likeliest texts of points of a latent space, one each, that go on from
    /// a prompt.
    ///
    /// # Errors
    /// As [`Draft::begin`] and [`Writer::from_points`].
    pub fn at(
        writer: &Writer,
        points: &[Vec<f32>],
        prompt: &[u32],
        stops: &[u32],
        most: usize,
    ) -> Result<Self, ModelError> {
        let mut memory = writer.from_points(points)?;
        if prompt.is_empty() {
            return Err(nothing());
        }
        let rows = points.len();
        let next = writer.read(&mut memory, &prompt.repeat(rows), rows, false)?;
        Ok(Self {
            rows: vec![Row::default(); rows],
            memory,
            next,
            read: prompt.len(),
            how: Writing::GREEDY,
            attention: false,
            shown: 0,
            first: 0,
            seed: 0,
            stops: stops.to_vec(),
            most,
        })
    }

    /// How many texts there are.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// What row `row` has written, its stop token with it.
    pub fn written(&self, row: usize) -> &[u32] {
        &self.rows[row].written
    }

    /// How row `row` ended, if it has.
    pub fn ending(&self, row: usize) -> Option<Ending> {
        self.rows[row].ending
    }

    /// Whether all have ended.
    pub fn is_done(&self) -> bool {
        self.rows.iter().all(|row| row.ending.is_some())
    }

    /// What the net keeps of what it read.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Writes one token in each row that has not ended. `allowed` says what may come
    /// after what a row has written.
    ///
    /// # Errors
    /// Where the device fails.
    pub async fn turn<'a>(
        &mut self,
        writer: &Writer,
        mut allowed: impl FnMut(usize, &[u32]) -> Allowed<'a>,
    ) -> Result<Turn, ModelError> {
        let data = self.next.logits.clone().into_data_async().await?;
        let mut logits: Vec<f32> = data
            .try_into_vec()
            .map_err(|error| ModelError::Device(format!("{error:?}")))?;
        let vocabulary = logits.len() / self.rows.len();
        let mut choices = Vec::with_capacity(self.rows.len());
        let mut tokens = Vec::with_capacity(self.rows.len());
        for (number, (row, logits)) in self
            .rows
            .iter_mut()
            .zip(logits.chunks_exact_mut(vocabulary))
            .enumerate()
        {
            if row.ending.is_some() {
                // It is computed along with the others, and nobody looks at it.
                tokens.push(row.written.last().copied().unwrap_or(0));
                choices.push(None);
                continue;
            }
            let number_of_all = u64::from(self.first) + number as u64 + 1;
            let stream = number_of_all << 32 | row.written.len() as u64;
            let mut noise = Noise::new(self.seed, stream);
            let allowed = match allowed(number, &row.written) {
                Allowed::All => None,
                Allowed::Only(tokens) => Some(tokens),
            };
            let how = &self.how;
            let choice = choose(logits, how, &row.written, allowed, self.shown, &mut noise);
            row.written.push(choice.token);
            if self.stops.contains(&choice.token) {
                row.ending = Some(Ending::Stop);
            } else if row.written.len() >= self.most {
                row.ending = Some(Ending::Full);
            }
            tokens.push(choice.token);
            choices.push(Some(choice));
        }
        let mut attention = std::mem::take(&mut self.next.attention);
        if self.read >= writer.config().context() {
            for row in &mut self.rows {
                row.ending.get_or_insert(Ending::Full);
            }
        }
        if !self.is_done() {
            let rows = self.rows.len();
            self.next = writer.read(&mut self.memory, &tokens, rows, self.attention)?;
            self.read += 1;
            attention = self.next.attention.clone();
        }
        Ok(Turn { choices, attention })
    }
}
