//! Keys and values of what was read, so that the next token costs one token's work.

use std::sync::Arc;

use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData, s};
use lampwork_kernels::language::{Places, embed, plain};

use super::Transformer;
use crate::ModelError;

/// What each layer keeps of the tokens read so far.
#[derive(Debug, Clone, Default)]
pub struct Cache {
    /// Keys and values by layer, `[rows, heads, tokens, head]`; empty before the first
    /// token.
    layers: Vec<[Tensor<4>; 2]>,
    length: usize,
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
        let sizes = self.layers.iter().flatten();
        sizes.map(|tensor| tensor.shape().num_elements()).sum()
    }

    /// The same for other rows: row `i` goes on from what row `rows[i]` read.
    pub fn select(&self, rows: &[u32]) -> Self {
        let pick = |tensor: &Tensor<4>| {
            tensor
                .clone()
                .select(0, plain::indices(rows, &tensor.device()))
        };
        Self {
            layers: self
                .layers
                .iter()
                .map(|[keys, values]| [pick(keys), pick(values)])
                .collect(),
            length: self.length,
        }
    }

    /// Forgets all but the first tokens.
    pub fn truncate(&mut self, length: usize) {
        if length < self.length {
            for tensor in self.layers.iter_mut().flatten() {
                *tensor = tensor.clone().slice(s![.., .., ..length, ..]);
            }
            self.length = length;
        }
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
        let table = self.table.val();
        let [vocabulary, width] = table.dims();
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
        let device = table.device();
        let head = width / self.heads;
        let first = cache.length as u32;
        let positions: Vec<u32> = (0..rows).flat_map(|_| first..first + new as u32).collect();
        let places = Places::new(&positions, new, head);
        let turns = plain::Turns::new(&places, rows, &device);
        let mask = (new > 1).then(|| mask(cache.length, new, &device));
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
            if let Some([old_keys, old_values]) = cache.layers.get(number) {
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
            match cache.layers.get_mut(number) {
                Some(kept) => *kept = [keys, values],
                None => cache.layers.push([keys, values]),
            }
            let seen = seen.permute([0, 2, 1, 3]).reshape([rows * new, width]);
            x = x + seen.matmul(layer.gather.weight.val());
            x = x.clone() + layer.feed(x);
        }
        cache.length += new;
        let last = x.reshape([rows, new, width]).slice(s![.., new - 1.., ..]);
        Ok(Seen {
            last: self.norm.forward(last.reshape([rows, width])),
            attention: looks,
        })
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
