//! The same of burn's operations: for a GPU, and to check ours by.

use burn::tensor::activation::{log_softmax, sigmoid, softmax};
use burn::tensor::{Device, Int, Tensor, TensorData, s};

use super::{EPSILON, Places, Targets};

/// [`super::rms_norm`].
pub fn rms_norm(input: Tensor<2>, gain: Tensor<1>) -> Tensor<2> {
    let square = input.clone().square().mean_dim(1) + EPSILON;
    input / square.sqrt() * gain.unsqueeze()
}

/// [`super::swiglu`].
pub fn swiglu(input: Tensor<2>) -> Tensor<2> {
    let hidden = input.dims()[1] / 2;
    let gate = input.clone().slice(s![.., ..hidden]);
    let up = input.slice(s![.., hidden..]);
    gate.clone() * sigmoid(gate) * up
}

/// [`super::embed`].
pub fn embed(table: Tensor<2>, tokens: &[u32]) -> Tensor<2> {
    let device = table.device();
    table.select(0, indices(tokens, &device))
}

/// [`super::attention`].
pub fn attention(input: Tensor<2>, heads: usize, places: &Places) -> Tensor<2> {
    let [count, wide] = input.dims();
    let [odds, values] = odds(input, heads, places);
    let made: Tensor<4> = odds.matmul(values);
    made.permute([0, 2, 1, 3]).reshape([count, wide / 3])
}

/// How much each place looks at each, `[rows, heads, columns, columns]`, and the
/// values that it sees there, `[rows, heads, columns, head]`.
pub fn odds(input: Tensor<2>, heads: usize, places: &Places) -> [Tensor<4>; 2] {
    let [count, wide] = input.dims();
    let (columns, head) = (places.columns(), wide / 3 / heads);
    let rows = count / columns;
    let device = input.device();
    let mut parts = input.chunk(3, 1).into_iter();
    let mut part = || {
        let part = parts.next().expect("three parts");
        part.reshape([rows, columns, heads, head])
            .permute([0, 2, 1, 3])
    };
    let (queries, keys, values) = (part(), part(), part());
    let turns = Turns::new(places, rows, &device);
    let scale = 1.0 / (head as f32).sqrt();
    let queries = turns.turned(queries) * scale;
    let keys = turns.turned(keys);
    let scores = queries.matmul(keys.swap_dims(2, 3)) + mask(places, rows, &device);
    [softmax(scores, 3), values]
}

/// Cosines and sines of a batch, `[rows, 1, columns, head / 2]` each.
#[derive(Debug, Clone)]
pub struct Turns {
    cos: Tensor<4>,
    sin: Tensor<4>,
}

impl Turns {
    /// Those of `rows` rows.
    pub fn new(places: &Places, rows: usize, device: &Device) -> Self {
        let all = || (0..places.count()).flat_map(|token| places.turn(token));
        let half = places.turn(0).len();
        let tensor = |values: Vec<f32>| {
            let shape = [rows, 1, places.columns(), half];
            Tensor::from_data(TensorData::new(values, shape), device)
        };
        Self {
            cos: tensor(all().map(|turn| turn.0).collect()),
            sin: tensor(all().map(|turn| turn.1).collect()),
        }
    }

    /// Queries or keys, turned: coordinate `i` pairs with `i + head / 2`.
    ///
    /// # Shapes
    /// - vectors, output: `[rows, heads, columns, head]`
    pub fn turned(&self, vectors: Tensor<4>) -> Tensor<4> {
        let mut halves = vectors.chunk(2, 3).into_iter();
        let mut half = || halves.next().expect("two halves");
        let (a, b) = (half(), half());
        let (cos, sin) = (self.cos.clone(), self.sin.clone());
        let first = a.clone() * cos.clone() - b.clone() * sin.clone();
        Tensor::cat(vec![first, b * cos + a * sin], 3)
    }
}

/// What is added to scores: 0 where a place may look, else far below all others.
fn mask(places: &Places, rows: usize, device: &Device) -> Tensor<4> {
    let columns = places.columns();
    let mut mask = vec![-1e9; rows * columns * columns];
    for &(begin, end) in places.texts() {
        let (row, first) = (begin / columns, begin % columns);
        for (step, token) in (begin..end).enumerate() {
            let from = (row * columns + token % columns) * columns + first;
            mask[from..=from + step].fill(0.0);
        }
    }
    Tensor::from_data(TensorData::new(mask, [rows, 1, columns, columns]), device)
}

/// [`super::cross_entropy`].
pub fn cross_entropy(hidden: Tensor<2>, table: Tensor<2>, targets: &Targets) -> Tensor<1> {
    let device = hidden.device();
    let kept: Vec<u32> = (0..targets.weights.len() as u32)
        .filter(|&row| targets.weights[row as usize] != 0.0)
        .collect();
    if kept.is_empty() {
        return hidden.sum() * 0.0;
    }
    let count = kept.len();
    let tokens: Vec<u32> = kept
        .iter()
        .map(|&row| targets.tokens[row as usize])
        .collect();
    let weights: Vec<f32> = kept
        .iter()
        .map(|&row| targets.weights[row as usize])
        .collect();
    let weights: Tensor<2> = Tensor::from_data(TensorData::new(weights, [count, 1]), &device);
    let logits = hidden
        .select(0, indices(&kept, &device))
        .matmul(table.transpose());
    let tokens: Tensor<2, Int> = indices(&tokens, &device).reshape([count, 1]);
    let likelihood: Tensor<2> = log_softmax(logits, 1).gather(1, tokens);
    -(likelihood * weights).sum()
}

/// [`super::lstm`].
pub fn lstm(input: Tensor<2>, recurrent: Tensor<2>, state: Tensor<2>) -> Tensor<2> {
    let [rows, wide] = input.dims();
    let (hidden, count) = (wide / 4, state.dims()[0] / 2);
    let mut output = state.clone().slice(s![..count, ..]);
    let mut cell = state.slice(s![count.., ..]);
    let mut all = Vec::with_capacity(rows / count + 1);
    for time in 0..rows / count {
        let given = input
            .clone()
            .slice(s![time * count..(time + 1) * count, ..]);
        let gates = given + output.matmul(recurrent.clone());
        let gate = |number: usize| {
            let from = number * hidden;
            gates.clone().slice(s![.., from..from + hidden])
        };
        cell = sigmoid(gate(1)) * cell + sigmoid(gate(0)) * gate(2).tanh();
        output = sigmoid(gate(3)) * cell.clone().tanh();
        all.push(output.clone());
    }
    all.push(cell);
    Tensor::cat(all, 0)
}

/// Numbers as a tensor of integers.
pub fn indices(numbers: &[u32], device: &Device) -> Tensor<1, Int> {
    let numbers: Vec<i32> = numbers.iter().map(|&number| number as i32).collect();
    let count = numbers.len();
    Tensor::from_data(TensorData::new(numbers, [count]), device)
}
