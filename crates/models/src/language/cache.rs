//! Keys and values of what was read, so that the next token costs one token's work.

use std::sync::Arc;

use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData, s};
use lampwork_kernels::language::host::Kept;
use lampwork_kernels::language::{Places, embed, plain};

use super::Transformer;
use super::memory::Weights;
use crate::ModelError;

/// What each layer keeps of the tokens read so far.
#[derive(Debug, Clone, Default)]
pub struct Cache {
    /// `None` before the first token.
    kept: Option<Layers>,
    length: usize,
}

/// Where it is kept.
#[derive(Debug, Clone)]
enum Layers {
    /// Keys and values by layer, `[rows, heads, tokens, head]`.
    OnDevice(Vec<[Tensor<4>; 2]>),
    /// By layer and row, with the weights that it was read by: to ask burn for all of
    /// them takes a tenth of a token's time.
    InMemory(Arc<Weights>, Vec<Vec<Kept>>),
}

/// What came of reading tokens.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What the last layer made of the last token of each row, `[rows, width]`.
    pub last: Tensor<2>,
    /// How much each new token looks at each, by layer: `[rows, heads, new, tokens]`;
    /// empty unless asked for.
    pub attention: Vec<Tensor<4>>,
}

impl Cache {
    /// Tokens read in each row.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether nothing was read yet.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Numbers that it holds.
    pub fn numbers(&self) -> usize {
        match &self.kept {
            None => 0,
            Some(Layers::OnDevice(layers)) => {
                let sizes = layers.iter().flatten();
                sizes.map(|tensor| tensor.shape().num_elements()).sum()
            }
            Some(Layers::InMemory(_, layers)) => layers.iter().flatten().map(Kept::numbers).sum(),
        }
    }

    /// The same for other rows: row `i` goes on from what row `rows[i]` read.
    pub fn select(&self, rows: &[u32]) -> Self {
        let kept = self.kept.as_ref().map(|kept| match kept {
            Layers::OnDevice(layers) => {
                let pick = |tensor: &Tensor<4>| {
                    let picked = plain::indices(rows, &tensor.device());
                    tensor.clone().select(0, picked)
                };
                let both = |[keys, values]: &[Tensor<4>; 2]| [pick(keys), pick(values)];
                Layers::OnDevice(layers.iter().map(both).collect())
            }
            Layers::InMemory(weights, layers) => {
                let pick = |texts: &Vec<Kept>| {
                    let picked = rows.iter().map(|&row| texts[row as usize].clone());
                    picked.collect()
                };
                Layers::InMemory(Arc::clone(weights), layers.iter().map(pick).collect())
            }
        });
        Self {
            kept,
            length: self.length,
        }
    }

    /// Forgets all but the first tokens.
    pub fn truncate(&mut self, length: usize) {
        if length >= self.length {
            return;
        }
        match &mut self.kept {
            None => {}
            Some(Layers::OnDevice(layers)) => {
                for tensor in layers.iter_mut().flatten() {
                    *tensor = tensor.clone().slice(s![.., .., ..length, ..]);
                }
            }
            Some(Layers::InMemory(_, layers)) => {
                for kept in layers.iter_mut().flatten() {
                    kept.truncate(length);
                }
            }
        }
        self.length = length;
    }
}

impl Transformer {
    /// Reads the next tokens of each row, `[rows, new]` in one piece.
    ///
    /// # Errors
    /// [`ModelError::Text`] where they are more than the net sees at once, or a token
    /// is not in its vocabulary.
    pub fn read(
        &self,
        cache: &mut Cache,
        tokens: &[u32],
        rows: usize,
        attention: bool,
    ) -> Result<Seen, ModelError> {
        let new = tokens.len() / rows;
        let [vocabulary, width] = self.table.val().dims();
        if cache.length + new > self.context {
            return Err(ModelError::Text(format!(
                "it sees {} tokens at once, and these are {}",
                self.context,
                cache.length + new
            )));
        }
        if let Some(token) = tokens.iter().find(|&&token| token as usize >= vocabulary) {
            return Err(ModelError::Text(format!("it knows no token {token}")));
        }
        let kept = cache.kept.get_or_insert_with(|| match self.in_memory() {
            Some(weights) => {
                let blank = vec![Kept::new(width); rows];
                Layers::InMemory(Arc::new(weights), vec![blank; self.layers.len()])
            }
            None => Layers::OnDevice(Vec::new()),
        });
        let old = cache.length;
        let seen = match kept {
            Layers::InMemory(weights, layers) => {
                let another = || ModelError::Text("this memory is another net's".to_owned());
                if !weights.are_of(self) {
                    *weights = Arc::new(self.in_memory().ok_or_else(another)?);
                }
                if layers.len() != self.layers.len() || layers[0].len() != rows {
                    return Err(another());
                }
                self.read_in_memory(weights, layers, old, tokens, attention)
            }
            Layers::OnDevice(layers) => self.read_on_device(layers, old, tokens, rows, attention),
        };
        cache.length += new;
        Ok(seen)
    }

    /// By burn's operations, on any device.
    fn read_on_device(
        &self,
        layers: &mut Vec<[Tensor<4>; 2]>,
        old: usize,
        tokens: &[u32],
        rows: usize,
        attention: bool,
    ) -> Seen {
        let new = tokens.len() / rows;
        let table = self.table.val();
        let [_, width] = table.dims();
        let device = table.device();
        let head = width / self.heads;
        let first = old as u32;
        let positions: Vec<u32> = (0..rows).flat_map(|_| first..first + new as u32).collect();
        let places = Places::new(&positions, new, head);
        let turns = plain::Turns::new(&places, rows, &device);
        let mask = (new > 1).then(|| mask(old, new, &device));
        let mut x = embed(table, &Arc::from(tokens));
        let mut looks = Vec::new();
        for (number, layer) in self.layers.iter().enumerate() {
            let all = layer.before_attention.forward(x.clone());
            let all = all.matmul(layer.attend.weight.val());
            let mut parts = all.chunk(3, 1).into_iter();
            let mut part = || {
                let part = parts.next().expect("three parts");
                part.reshape([rows, new, self.heads, head])
                    .permute([0, 2, 1, 3])
            };
            let queries = turns.turned(part()) * (1.0 / (head as f32).sqrt());
            let (mut keys, mut values) = (turns.turned(part()), part());
            if let Some([old_keys, old_values]) = layers.get(number) {
                keys = Tensor::cat(vec![old_keys.clone(), keys], 2);
                values = Tensor::cat(vec![old_values.clone(), values], 2);
            }
            let mut scores = queries.matmul(keys.clone().swap_dims(2, 3));
            if let Some(mask) = &mask {
                scores = scores + mask.clone();
            }
            let odds = softmax(scores, 3);
            let seen = odds.clone().matmul(values.clone());
            if attention {
                looks.push(odds);
            }
            match layers.get_mut(number) {
                Some(kept) => *kept = [keys, values],
                None => layers.push([keys, values]),
            }
            let seen = seen.permute([0, 2, 1, 3]).reshape([rows * new, width]);
            x = x + seen.matmul(layer.gather.weight.val());
            x = x.clone() + layer.feed(x);
        }
        let last = x.reshape([rows, new, width]).slice(s![.., new - 1.., ..]);
        Seen {
            last: self.norm.forward(last.reshape([rows, width])),
            attention: looks,
        }
    }
}

/// What is added to the scores of new tokens: those after a token are unseen.
fn mask(old: usize, new: usize, device: &Device) -> Tensor<4> {
    let all = old + new;
    let mut mask = vec![-1e9; new * all];
    for (at, row) in mask.chunks_exact_mut(all).enumerate() {
        row[..=old + at].fill(0.0);
    }
    Tensor::from_data(TensorData::new(mask, [1, 1, new, all]), device)
}
