//! The operations on burn's CPU backend, and their gradients.

use std::sync::Arc;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Flex, TensorMetadata, backend_extension};
use burn::tensor::{DType, TensorData};

use super::entropy::Entropy;
use super::lstm::Memory;
use super::{Places, Targets, attention, entropy, lstm, rows};

/// What burn calls a tensor on the CPU.
type Primitive = FloatTensor<Flex>;

/// What a language model computes besides its products.
#[backend_extension(Flex, Autodiff)]
pub(super) trait Language: Backend {
    /// [`super::rms_norm`].
    fn rms_norm(input: FloatTensor<Self>, gain: FloatTensor<Self>) -> FloatTensor<Self>;

    /// [`super::swiglu`].
    fn swiglu(input: FloatTensor<Self>) -> FloatTensor<Self>;

    /// [`super::attention`].
    fn attention(input: FloatTensor<Self>, heads: usize, places: Arc<Places>) -> FloatTensor<Self>;

    /// [`super::embed`].
    fn embed(table: FloatTensor<Self>, tokens: Arc<[u32]>) -> FloatTensor<Self>;

    /// [`super::cross_entropy`].
    fn cross_entropy(
        hidden: FloatTensor<Self>,
        table: FloatTensor<Self>,
        targets: Targets,
    ) -> FloatTensor<Self>;

    /// [`super::lstm`].
    fn lstm(
        input: FloatTensor<Self>,
        recurrent: FloatTensor<Self>,
        state: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

/// Their gradients, and what those need of the way there.
pub(super) trait Gradients: Backend {
    /// What [`super::rms_norm`]'s input and gain get.
    fn rms_norm_back(
        input: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 2];

    /// What [`super::swiglu`]'s input gets.
    fn swiglu_back(input: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self>;

    /// What [`super::attention`]'s input gets.
    fn attention_back(
        input: FloatTensor<Self>,
        heads: usize,
        places: &Places,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// What [`super::embed`]'s table, of this shape, gets.
    fn embed_back(
        shape: [usize; 2],
        tokens: &[u32],
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// [`super::cross_entropy`], and what rows and table get from a loss of slope 1.
    fn cross_entropy_with(
        hidden: FloatTensor<Self>,
        table: FloatTensor<Self>,
        targets: &Targets,
    ) -> [FloatTensor<Self>; 3];

    /// [`super::lstm`], and what its gradient needs.
    fn lstm_with(
        input: FloatTensor<Self>,
        recurrent: FloatTensor<Self>,
        state: FloatTensor<Self>,
    ) -> (FloatTensor<Self>, Arc<Memory>);

    /// What [`super::lstm`]'s input, recurrent weights and state get.
    fn lstm_back(
        memory: &Memory,
        recurrent: FloatTensor<Self>,
        state: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> [FloatTensor<Self>; 3];
}

impl Language for Flex {
    fn rms_norm(input: Primitive, gain: Primitive) -> Primitive {
        let shape = dims(&input);
        let [input, gain] = [input, gain].map(contiguous);
        tensor(rows::rms_norm(numbers(&input), numbers(&gain)), shape)
    }

    fn swiglu(input: Primitive) -> Primitive {
        let [count, wide] = dims(&input);
        let input = contiguous(input);
        tensor(rows::swiglu(numbers(&input), wide / 2), [count, wide / 2])
    }

    fn attention(input: Primitive, heads: usize, places: Arc<Places>) -> Primitive {
        let [count, wide] = dims(&input);
        let width = wide / 3;
        let input = contiguous(input);
        let made = attention::attention(numbers(&input), width, heads, &places);
        tensor(made, [count, width])
    }

    fn embed(table: Primitive, tokens: Arc<[u32]>) -> Primitive {
        let [_, width] = dims(&table);
        let table = contiguous(table);
        let made = rows::embed(numbers(&table), width, &tokens);
        tensor(made, [tokens.len(), width])
    }

    fn cross_entropy(hidden: Primitive, table: Primitive, targets: Targets) -> Primitive {
        let [_, width] = dims(&hidden);
        let [hidden, table] = [hidden, table].map(contiguous);
        let (hidden, table) = (numbers(&hidden), numbers(&table));
        let found = entropy::cross_entropy(hidden, table, width, &targets, false);
        tensor(vec![found.loss], [1])
    }

    fn lstm(input: Primitive, recurrent: Primitive, state: Primitive) -> Primitive {
        Self::lstm_with(input, recurrent, state).0
    }
}

impl Gradients for Flex {
    fn rms_norm_back(input: Primitive, gain: Primitive, gradient: Primitive) -> [Primitive; 2] {
        let shape = dims(&input);
        let [input, gain, gradient] = [input, gain, gradient].map(contiguous);
        let gain = numbers(&gain);
        let [to_input, to_gain] = rows::rms_norm_back(numbers(&input), gain, numbers(&gradient));
        [tensor(to_input, shape), tensor(to_gain, [gain.len()])]
    }

    fn swiglu_back(input: Primitive, gradient: Primitive) -> Primitive {
        let shape = dims(&input);
        let [input, gradient] = [input, gradient].map(contiguous);
        let hidden = shape[1] / 2;
        tensor(
            rows::swiglu_back(numbers(&input), hidden, numbers(&gradient)),
            shape,
        )
    }

    fn attention_back(
        input: Primitive,
        heads: usize,
        places: &Places,
        gradient: Primitive,
    ) -> Primitive {
        let shape = dims(&input);
        let [input, gradient] = [input, gradient].map(contiguous);
        let (input, gradient) = (numbers(&input), numbers(&gradient));
        let made = attention::attention_back(input, shape[1] / 3, heads, places, gradient);
        tensor(made, shape)
    }

    fn embed_back(shape: [usize; 2], tokens: &[u32], gradient: Primitive) -> Primitive {
        let gradient = contiguous(gradient);
        let size = shape.iter().product();
        let made = rows::embed_back(numbers(&gradient), shape[1], tokens, size);
        tensor(made, shape)
    }

    fn cross_entropy_with(
        hidden: Primitive,
        table: Primitive,
        targets: &Targets,
    ) -> [Primitive; 3] {
        let shapes = [dims(&hidden), dims(&table)];
        let [hidden, table] = [hidden, table].map(contiguous);
        let (hidden, table) = (numbers(&hidden), numbers(&table));
        let Entropy { loss, gradients } =
            entropy::cross_entropy(hidden, table, shapes[0][1], targets, true);
        let [to_hidden, to_table] = gradients.expect("they were asked for");
        [
            tensor(vec![loss], [1]),
            tensor(to_hidden, shapes[0]),
            tensor(to_table, shapes[1]),
        ]
    }

    fn lstm_with(
        input: Primitive,
        recurrent: Primitive,
        state: Primitive,
    ) -> (Primitive, Arc<Memory>) {
        let [hidden, _] = dims(&recurrent);
        let [input, recurrent, state] = [input, recurrent, state].map(contiguous);
        let [given, weights, before] = [&input, &recurrent, &state].map(numbers);
        let memory = lstm::lstm(given, weights, before, hidden);
        let made = memory.made.clone();
        let shape = [made.len() / hidden, hidden];
        (tensor(made, shape), Arc::new(memory))
    }

    fn lstm_back(
        memory: &Memory,
        recurrent: Primitive,
        state: Primitive,
        gradient: Primitive,
    ) -> [Primitive; 3] {
        let [hidden, wide] = dims(&recurrent);
        let [recurrent, state, gradient] = [recurrent, state, gradient].map(contiguous);
        let [weights, before, slopes] = [&recurrent, &state, &gradient].map(numbers);
        let [to_input, to_recurrent, to_state] =
            lstm::lstm_back(memory, weights, before, hidden, slopes);
        let rows = to_input.len() / wide;
        let states = to_state.len() / hidden;
        [
            tensor(to_input, [rows, wide]),
            tensor(to_recurrent, [hidden, wide]),
            tensor(to_state, [states, hidden]),
        ]
    }
}

/// # Panics
/// Where the numbers are not of single precision, which all of Lampwork's are.
fn contiguous(tensor: Primitive) -> Primitive {
    assert_eq!(tensor.dtype(), DType::F32, "single precision");
    tensor.to_contiguous()
}

fn dims(tensor: &Primitive) -> [usize; 2] {
    tensor.shape().dims()
}

fn numbers(tensor: &Primitive) -> &[f32] {
    tensor.as_slice().expect("contiguous numbers")
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> Primitive {
    Primitive::from_data(TensorData::new(values, shape))
}
