//! A language model of long short-term memory.

use std::sync::Arc;

use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::{Device, Tensor, s};
use lampwork_kernels::language::{Targets, cross_entropy, embed, lstm, matmul};
use lampwork_protocol::LstmConfig;

use crate::Noise;
use crate::blocks::dropout::dropout;
use crate::blocks::walk;

/// From tokens to what follows them, by what is kept of those before.
#[derive(Module, Debug)]
pub struct Lstm {
    /// A row for each token, in and out, `[vocabulary, width]`.
    pub(super) table: Param<Tensor<2>>,
    layers: Vec<Layer>,
    dropout: f64,
}

/// One layer of memory.
#[derive(Module, Debug)]
pub(super) struct Layer {
    /// From what comes in to the four gates, `[input, 4 * width]`.
    input: Param<Tensor<2>>,
    /// From what went out before, `[width, 4 * width]`.
    recurrent: Param<Tensor<2>>,
    /// `[4 * width]`
    bias: Param<Tensor<1>>,
}

/// Outputs and cells of each layer after the last token, `[2 * rows, width]`.
pub type States = Vec<Tensor<2>>;

impl Layer {
    pub(super) fn new(input: usize, width: usize, device: &Device) -> Self {
        Self {
            input: Initializer::Zeros.init([input, 4 * width], device),
            recurrent: Initializer::Zeros.init([width, 4 * width], device),
            bias: Initializer::Zeros.init([4 * width], device),
        }
    }

    /// What goes out at each time, and the state after the last.
    ///
    /// # Shapes
    /// - input: `[times * rows, input]`, time by time
    /// - state: `[2 * rows, width]`
    /// - output: `[times * rows, width]`, `[2 * rows, width]`
    pub(super) fn forward(&self, input: Tensor<2>, state: Tensor<2>) -> [Tensor<2>; 2] {
        self.forward_with(input, state, None)
    }

    /// The same, where more is added to the gates at every time: `[rows, 4 * width]`.
    pub(super) fn forward_with(
        &self,
        input: Tensor<2>,
        state: Tensor<2>,
        more: Option<Tensor<2>>,
    ) -> [Tensor<2>; 2] {
        let rows = state.dims()[0] / 2;
        let times = input.dims()[0] / rows;
        let mut gates = matmul(input, self.input.val()) + self.bias.val().unsqueeze();
        if let Some(more) = more {
            let wide = more.dims()[1];
            let gates_by_time: Tensor<3> = gates.reshape([times, rows, wide]);
            gates = (gates_by_time + more.unsqueeze()).reshape([times * rows, wide]);
        }
        let made = lstm(gates, self.recurrent.val(), state);
        let outputs = made.clone().slice(s![..times * rows, ..]);
        // The last outputs, then the cells, which stand behind them.
        let state = made.slice(s![(times - 1) * rows.., ..]);
        [outputs, state]
    }
}

/// First weights of memories: uniform within `1 / sqrt(width)` as PyTorch has them,
/// forget gates open (Jozefowicz 2015), the table as a Transformer's.
pub(super) fn drawn<M: Module>(net: M, width: usize, noise: &mut Noise, device: &Device) -> M {
    let bound = 1.0 / (width as f32).sqrt();
    walk::set(net, device, |path, _, shape| {
        let count: usize = shape.iter().product();
        match path.rsplit('.').next() {
            Some("table") => {
                let deviation = (0.4 / width as f32).sqrt();
                noise.normal(count).iter().map(|x| x * deviation).collect()
            }
            Some("bias") => {
                let mut bias = vec![0.0; count];
                // Only a layer of memory has four gates.
                if path.contains("layer") {
                    bias[count / 4..count / 2].fill(1.0);
                }
                bias
            }
            _ => noise
                .uniform(count)
                .iter()
                .map(|x| (2.0 * x - 1.0) * bound)
                .collect(),
        }
    })
}

impl Lstm {
    /// The net of `config`, its weights not yet drawn.
    pub fn new(config: &LstmConfig, device: &Device) -> Self {
        let width = config.width;
        Self {
            table: Initializer::Zeros.init([config.vocabulary, width], device),
            layers: (0..config.layers)
                .map(|_| Layer::new(width, width, device))
                .collect(),
            dropout: f64::from(config.dropout),
        }
    }

    /// The net with its first weights.
    pub fn drawn(self, noise: &mut Noise, device: &Device) -> Self {
        let width = self.table.val().dims()[1];
        drawn(self, width, noise, device)
    }

    /// The states of one that has read nothing.
    pub fn blank(&self, rows: usize) -> States {
        let table = self.table.val();
        let state = || Tensor::zeros([2 * rows, table.dims()[1]], &table.device());
        self.layers.iter().map(|_| state()).collect()
    }

    /// What the last layer makes of each token, `[times * rows, width]`, and the states
    /// after the last one.
    ///
    /// Tokens are in the order of times, all rows of a time together. With `noise`
    /// numbers are dropped, as in training.
    pub fn forward(
        &self,
        tokens: &Arc<[u32]>,
        states: States,
        mut noise: Option<&mut Noise>,
    ) -> (Tensor<2>, States) {
        let rate = self.dropout as f32;
        let mut drop = |x| dropout(x, rate, noise.as_deref_mut());
        let mut x = drop(embed(self.table.val(), tokens));
        let mut after = Vec::with_capacity(states.len());
        for (layer, state) in self.layers.iter().zip(states) {
            let [outputs, state] = layer.forward(x, state);
            x = drop(outputs);
            after.push(state);
        }
        (x, after)
    }

    /// Logits of what comes after each token, in the order of times, `[times * rows,
    /// vocabulary]`.
    pub fn logits(&self, tokens: &Arc<[u32]>, rows: usize) -> Tensor<2> {
        let (last, _) = self.forward(tokens, self.blank(rows), None);
        last.matmul(self.table.val().transpose())
    }

    /// The loss over targets in the order of times, in nats, `[1]`.
    pub fn loss(
        &self,
        tokens: &Arc<[u32]>,
        rows: usize,
        targets: &Targets,
        noise: Option<&mut Noise>,
    ) -> Tensor<1> {
        let (last, _) = self.forward(tokens, self.blank(rows), noise);
        cross_entropy(last, self.table.val(), targets)
    }
}

/// `[rows, columns]` numbers in the order of columns.
pub(crate) fn by_time<T: Copy>(numbers: &[T], columns: usize) -> Vec<T> {
    let rows = numbers.len() / columns.max(1);
    let at = |index: usize| numbers[(index % rows) * columns + index / rows];
    (0..numbers.len()).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::by_time;

    #[test]
    fn rows_become_times() {
        assert_eq!(by_time(&[1, 2, 3, 4, 5, 6], 3), [1, 4, 2, 5, 3, 6]);
        assert!(by_time::<u8>(&[], 0).is_empty());
    }
}
