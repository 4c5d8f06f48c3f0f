//! Reading with weights in host memory.

use burn::tensor::{Tensor, TensorData};
use lampwork_kernels::language::host::{self, Factor, Kept, LayerWeights, Numbers, Turns};

use super::Seen;
use super::transformer::{Layer, Transformer};

/// A Transformer's weights.
#[derive(Debug)]
pub(super) struct Weights {
    table: Numbers,
    layers: Vec<LayerWeights>,
    norm: Numbers,
}

impl Layer {
    fn in_memory(&self) -> Option<LayerWeights> {
        Some(LayerWeights {
            before_attention: Numbers::of(self.before_attention.gamma.val())?,
            attend: Factor::of(self.attend.weight.val())?,
            gather: Factor::of(self.gather.weight.val())?,
            before_feed: Numbers::of(self.before_feed.gamma.val())?,
            up: Factor::of(self.up.weight.val())?,
            down: Factor::of(self.down.weight.val())?,
        })
    }
}

impl Weights {
    /// Whether they are those of a net with this table. A net whose weights are moved
    /// has a new one, for the old is still held here.
    pub(super) fn are_of(&self, net: &Transformer) -> bool {
        let same = |table: Numbers| std::ptr::eq(table.as_ptr(), self.table.as_ptr());
        Numbers::of(net.table.val()).is_some_and(same)
    }
}

impl Transformer {
    /// Its weights, if they can be read in place.
    pub(super) fn in_memory(&self) -> Option<Weights> {
        Some(Weights {
            table: Numbers::of(self.table.val())?,
            layers: self
                .layers
                .iter()
                .map(Layer::in_memory)
                .collect::<Option<_>>()?,
            norm: Numbers::of(self.norm.gamma.val())?,
        })
    }

    /// Reads the next tokens of each row after `old` others; `kept` is by layer and row.
    pub(super) fn read_in_memory(
        &self,
        weights: &Weights,
        kept: &mut [Vec<Kept>],
        old: usize,
        tokens: &[u32],
        attention: bool,
    ) -> Seen {
        let table = self.table.val();
        let device = table.device();
        let [_, width] = table.dims();
        let mut x = Vec::with_capacity(tokens.len() * width);
        for &token in tokens {
            x.extend_from_slice(&weights.table[token as usize * width..][..width]);
        }
        let rows = kept[0].len();
        let turns = Turns::new(old, tokens.len() / rows, width / self.heads);
        let mut looks = Vec::new();
        for (layer, kept) in weights.layers.iter().zip(kept) {
            let mut odds = attention.then(Vec::new);
            host::read(&mut x, layer, kept, self.heads, &turns, odds.as_mut());
            looks.extend(odds.map(|odds| {
                let new = tokens.len() / rows;
                let all = odds.len() / (tokens.len() * self.heads);
                Tensor::from_data(TensorData::new(odds, [rows, self.heads, new, all]), &device)
            }));
        }
        let each = x.len() / rows;
        let last: Vec<f32> = x
            .chunks_exact(each)
            .flat_map(|row| &row[each - width..])
            .copied()
            .collect();
        let last = host::normalised(&last, &weights.norm);
        Seen {
            last: Tensor::from_data(TensorData::new(last, [rows, width]), &device),
            attention: looks,
        }
    }
}
