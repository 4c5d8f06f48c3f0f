//! What a language model computes besides its matrix products, for one core of a
//! CPU.
//!
//! By burn's operations each of these is a dozen passes over memory, and its
//! gradient two dozen; here each is one, and what it keeps for its gradient is
//! its input. On a GPU they are made of burn's operations ([`plain`]), whose
//! gradients burn knows.

#[cfg(feature = "flex")]
mod attention;
#[cfg(feature = "flex")]
mod back;
#[cfg(feature = "flex")]
mod entropy;
mod few;
pub mod host;
#[cfg(feature = "flex")]
mod lstm;
mod odds;
#[cfg(feature = "flex")]
mod ops;
mod panels;
mod places;
pub mod plain;
#[cfg(feature = "flex")]
mod product;
mod rows;
mod wide;

use std::sync::Arc;

#[cfg(feature = "flex")]
use burn::backend::{Dispatch, DispatchDevice};
use burn::tensor::Tensor;

pub use host::{logits, matmul};
#[cfg(feature = "flex")]
use ops::Language;
pub use places::Places;

/// What is added to a mean square before its root is taken.
pub const EPSILON: f32 = 1e-5;

/// What is to be foretold, and how much each place counts.
#[derive(Debug, Clone)]
pub struct Targets {
    /// The token that each row is to foretell.
    pub tokens: Arc<[u32]>,
    /// What each row counts for; rows of 0 are not computed.
    pub weights: Arc<[f32]>,
}

/// Root mean square normalisation (Zhang 2019): each row divided by the root of the
/// mean of its squares, then scaled.
///
/// # Shapes
/// - input, output: `[rows, width]`
/// - gain: `[width]`
pub fn rms_norm(input: Tensor<2>, gain: Tensor<1>) -> Tensor<2> {
    #[cfg(feature = "flex")]
    if on_cpu(&input) {
        return Tensor::from_dispatch(<Dispatch as Language>::rms_norm(
            input.into_dispatch(),
            gain.into_dispatch(),
        ));
    }
    plain::rms_norm(input, gain)
}

/// The gated unit of a Transformer's feed-forward layer (Shazeer 2020): `silu(gate) *
/// up`.
///
/// # Shapes
/// - input: `[rows, 2 * hidden]`, gates first
/// - output: `[rows, hidden]`
pub fn swiglu(input: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "flex")]
    if on_cpu(&input) {
        return Tensor::from_dispatch(<Dispatch as Language>::swiglu(input.into_dispatch()));
    }
    plain::swiglu(input)
}

/// Causal attention by several heads (Vaswani 2017) with rotary positions (Su 2021):
/// each place looks at those before it in its own text, and at itself.
///
/// # Shapes
/// - input: `[rows * columns, 3 * width]`: queries, keys and values, each with its
///   heads side by side
/// - output: `[rows * columns, width]`
pub fn attention(input: Tensor<2>, heads: usize, places: &Arc<Places>) -> Tensor<2> {
    #[cfg(feature = "flex")]
    if on_cpu(&input) {
        return Tensor::from_dispatch(<Dispatch as Language>::attention(
            input.into_dispatch(),
            heads,
            Arc::clone(places),
        ));
    }
    plain::attention(input, heads, places)
}

/// The rows of a table.
///
/// # Shapes
/// - table: `[vocabulary, width]`
/// - output: `[tokens, width]`
///
/// # Panics
/// Where a token is not in the vocabulary.
pub fn embed(table: Tensor<2>, tokens: &Arc<[u32]>) -> Tensor<2> {
    let [vocabulary, _] = table.dims();
    assert!(
        tokens.iter().all(|&token| (token as usize) < vocabulary),
        "a token outside the vocabulary of {vocabulary}"
    );
    #[cfg(feature = "flex")]
    if on_cpu(&table) {
        return Tensor::from_dispatch(<Dispatch as Language>::embed(
            table.into_dispatch(),
            Arc::clone(tokens),
        ));
    }
    plain::embed(table, tokens)
}

/// The negative log likelihood, in nats, of the targets where the logits are
/// `hidden * table^T`, summed with the targets' weights: `[1]`.
///
/// The logits never lie in memory all at once, and rows of weight 0 are left out. The
/// gradients are found on the way, as Liger's kernel does (Hsu 2024).
///
/// # Shapes
/// - hidden: `[rows, width]`
/// - table: `[vocabulary, width]`
///
/// # Panics
/// Where a target is not in the vocabulary, or there is not one a row.
pub fn cross_entropy(hidden: Tensor<2>, table: Tensor<2>, targets: &Targets) -> Tensor<1> {
    let ([rows, _], [vocabulary, _]) = (hidden.dims(), table.dims());
    assert_eq!([rows; 2], [targets.tokens.len(), targets.weights.len()]);
    assert!(
        targets
            .tokens
            .iter()
            .all(|&token| (token as usize) < vocabulary),
        "a target outside the vocabulary of {vocabulary}"
    );
    #[cfg(feature = "flex")]
    if on_cpu(&hidden) {
        return Tensor::from_dispatch(<Dispatch as Language>::cross_entropy(
            hidden.into_dispatch(),
            table.into_dispatch(),
            targets.clone(),
        ));
    }
    plain::cross_entropy(hidden, table, targets)
}

/// A layer of long short-term memory (Hochreiter 1997) over a row of times.
///
/// Input, forget, cell and output gates side by side, as PyTorch has them; the
/// input's part of them is given, with the biases.
///
/// # Shapes
/// - input: `[times * count, 4 * hidden]`, time by time
/// - recurrent: `[hidden, 4 * hidden]`
/// - state: `[2 * count, hidden]`: outputs, then cells, before the first time
/// - output: `[(times + 1) * count, hidden]`: outputs time by time, then the cells
///   after the last
pub fn lstm(input: Tensor<2>, recurrent: Tensor<2>, state: Tensor<2>) -> Tensor<2> {
    let ([rows, gates], [hidden, wide]) = (input.dims(), recurrent.dims());
    let [both, size] = state.dims();
    assert!(
        gates == 4 * hidden && wide == gates && size == hidden,
        "four gates"
    );
    assert!(both >= 2 && rows.is_multiple_of(both / 2), "whole times");
    #[cfg(feature = "flex")]
    if on_cpu(&input) {
        return Tensor::from_dispatch(<Dispatch as Language>::lstm(
            input.into_dispatch(),
            recurrent.into_dispatch(),
            state.into_dispatch(),
        ));
    }
    plain::lstm(input, recurrent, state)
}

/// Whether a tensor is in host memory, where these operations are ours.
#[cfg(feature = "flex")]
fn on_cpu(tensor: &Tensor<2>) -> bool {
    matches!(
        tensor.device().inner().as_dispatch(),
        DispatchDevice::Flex(_)
    )
}
