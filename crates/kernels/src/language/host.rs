//! Numbers in host memory, and what a net that writes does with them one token after
//! another: too little at a time for a call of burn's to each operation.

use std::ops::Deref;
use std::sync::Arc;

#[cfg(feature = "flex")]
use burn::backend::Flex;
#[cfg(feature = "flex")]
use burn::backend::tensor::FloatTensor;
use burn::tensor::{Tensor, TensorData};

use super::few::{MOST, dots, few, few_turned};
use super::odds::{exponentials, largest};
use super::panels::{Lies, Panels};
use super::places::turn;
use super::rows;
use super::wide::wide;
use crate::activation::silu;
use crate::four::{Four, LANES};

pub use super::odds::{Odds, largest_of, reaching};

/// The numbers of a tensor in host memory.
#[derive(Debug)]
pub struct Numbers {
    #[cfg(feature = "flex")]
    tensor: FloatTensor<Flex>,
    /// There are none without a backend for the CPU.
    #[cfg(not(feature = "flex"))]
    never: std::convert::Infallible,
}

impl Numbers {
    /// Those of a tensor; `None` where it lies elsewhere, in another order, or somebody
    /// follows what is done with it for gradients.
    pub fn of<const D: usize>(tensor: Tensor<D>) -> Option<Self> {
        #[cfg(feature = "flex")]
        {
            let tensor = tensor.try_into_primitive::<Flex>().ok()?;
            tensor.as_slice::<f32>()?;
            Some(Self { tensor })
        }
        #[cfg(not(feature = "flex"))]
        {
            drop(tensor);
            None
        }
    }

    /// The same in panels, laid out once for a matrix of weights. Only in a tab: natively
    /// the loops of [`few`] become wider vectors than a panel's.
    fn panels(&self, lies: Lies) -> Option<Arc<Panels>> {
        if !cfg!(target_arch = "wasm32") {
            return None;
        }
        #[cfg(feature = "flex")]
        {
            use crate::kept::Kept;

            static KEPT: Kept<Lies, Panels> = Kept::new();
            Some(KEPT.of(&self.tensor, lies, |numbers| {
                let panels = Panels::of(numbers, lies);
                let count = panels.numbers();
                (panels, count)
            }))
        }
        #[cfg(not(feature = "flex"))]
        Some(Arc::new(Panels::of(self, lies)))
    }
}

impl Deref for Numbers {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        #[cfg(feature = "flex")]
        {
            self.tensor.as_slice().expect("it was asked for before")
        }
        #[cfg(not(feature = "flex"))]
        match self.never {}
    }
}

/// A matrix of weights in host memory, by which rows are multiplied.
#[derive(Debug)]
pub struct Factor {
    numbers: Numbers,
    columns: usize,
    panels: Option<Arc<Panels>>,
}

impl Factor {
    /// Those of a tensor, `[inner, columns]`; `None` as for [`Numbers::of`].
    pub fn of(tensor: Tensor<2>) -> Option<Self> {
        let [_, columns] = tensor.dims();
        let numbers = Numbers::of(tensor)?;
        let panels = numbers.panels(Lies::Straight { columns });
        Some(Self {
            numbers,
            columns,
            panels,
        })
    }

    /// `to += left * self`, of `[rows, inner]` and `[inner, columns]`.
    fn add_product(&self, to: &mut [f32], left: &[f32]) {
        let columns = self.columns;
        #[cfg(feature = "flex")]
        if to.len() > MOST * columns {
            use super::product::{Matrix, product};
            let inner = self.numbers.len() / columns;
            let shape = [to.len() / columns, inner, columns];
            let (left, right) = (
                Matrix::rows(left, inner),
                Matrix::rows(&self.numbers, columns),
            );
            return product(to, columns, shape, left, right, true);
        }
        match &self.panels {
            Some(panels) => panels.add_product(to, left),
            None => few(to, left, &self.numbers, columns),
        }
    }

    /// `left * self`, `[rows, inner]` by `[inner, columns]`.
    fn product(&self, left: &[f32]) -> Vec<f32> {
        let rows = left.len() * self.columns / self.numbers.len();
        let mut made = vec![0.0; rows * self.columns];
        self.add_product(&mut made, left);
        made
    }
}

/// The weights of a Transformer's layer, as the net has them.
#[derive(Debug)]
pub struct LayerWeights {
    /// `[width]`
    pub before_attention: Numbers,
    /// `[width, 3 * width]`
    pub attend: Factor,
    /// `[width, width]`
    pub gather: Factor,
    /// `[width]`
    pub before_feed: Numbers,
    /// `[width, 2 * hidden]`
    pub up: Factor,
    /// `[hidden, width]`
    pub down: Factor,
}

/// What a layer keeps of the tokens of one text: `[tokens, width]` each, heads side by
/// side.
#[derive(Debug, Clone)]
pub struct Kept {
    width: usize,
    keys: Vec<f32>,
    values: Vec<f32>,
}

impl Kept {
    /// What is kept of a text of which nothing was read.
    pub fn new(width: usize) -> Self {
        Self {
            width,
            keys: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Numbers that it holds.
    pub fn numbers(&self) -> usize {
        self.keys.len() + self.values.len()
    }

    /// Forgets all but the first tokens.
    pub fn truncate(&mut self, tokens: usize) {
        self.keys.truncate(tokens * self.width);
        self.values.truncate(tokens * self.width);
    }
}

/// By how much the queries and keys of the next tokens are turned, `[new, head / 2]`.
#[derive(Debug)]
pub struct Turns(Vec<(f32, f32)>);

impl Turns {
    /// Those of the `new` tokens after `first` others; `head` is the size of a head.
    pub fn new(first: usize, new: usize, head: usize) -> Self {
        let half = head / 2;
        let turn = |at: usize| turn(first + at / half, at % half, half);
        Self((0..new * half).map(turn).collect())
    }
}

/// A Transformer's layer reads the next tokens of some texts: `x`, `[texts * new,
/// width]`, becomes what comes out of it.
///
/// With `looks`, how much each new token looks at each is put there, `[texts, heads,
/// new, tokens]`.
#[inline(never)]
pub fn read(
    x: &mut [f32],
    weights: &LayerWeights,
    kept: &mut [Kept],
    heads: usize,
    turns: &Turns,
    mut looks: Option<&mut Vec<f32>>,
) {
    let width = weights.before_attention.len();
    let new = x.len() / width / kept.len();
    let seen = rows::rms_norm(x, &weights.before_attention);
    let mut mixed = weights.attend.product(&seen);
    let mut seen = vec![0.0; x.len()];
    let texts = mixed
        .chunks_exact_mut(new * 3 * width)
        .zip(seen.chunks_exact_mut(new * width));
    for ((mixed, seen), kept) in texts.zip(kept) {
        attend(mixed, seen, kept, heads, turns, looks.as_deref_mut());
    }
    weights.gather.add_product(x, &seen);
    let seen = rows::rms_norm(x, &weights.before_feed);
    let hidden = weights.down.numbers.len() / width;
    let up = weights.up.product(&seen);
    weights.down.add_product(x, &gated(&up, hidden));
}

/// [`super::swiglu`], by vectors that the workers are told of.
#[inline(never)]
fn gated(input: &[f32], hidden: usize) -> Vec<f32> {
    let mut made = vec![0.0; input.len() / 2];
    let rows = input.chunks_exact(2 * hidden);
    for (row, made) in rows.zip(made.chunks_exact_mut(hidden)) {
        let (gates, ups) = row.split_at(hidden);
        let ((gates, gates_rest), (ups, ups_rest)) = (gates.as_chunks(), ups.as_chunks());
        let (made, made_rest) = made.as_chunks_mut::<LANES>();
        for ((made, gate), up) in made.iter_mut().zip(gates).zip(ups) {
            *made = Four::of(gate).silu().times(Four::of(up)).numbers();
        }
        for ((made, &gate), up) in made_rest.iter_mut().zip(gates_rest).zip(ups_rest) {
            *made = silu(gate) * up;
        }
    }
    made
}

/// `to += scale * numbers`.
#[inline(always)]
fn add(to: &mut [f32], scale: f32, numbers: &[f32]) {
    let scales = Four::all(scale);
    let ((to, to_rest), (numbers, rest)) = (to.as_chunks_mut::<LANES>(), numbers.as_chunks());
    for (to, numbers) in to.iter_mut().zip(numbers) {
        *to = Four::of(to).plus(scales, Four::of(numbers)).numbers();
    }
    for (to, number) in to_rest.iter_mut().zip(rest) {
        *to += scale * number;
    }
}

/// Root mean square normalisation of each row.
#[inline(never)]
pub fn normalised(x: &[f32], gain: &Numbers) -> Vec<f32> {
    rows::rms_norm(x, gain)
}

/// Attention of the next tokens of one text.
///
/// - mixed: `[new, 3 * width]`: queries, keys and values; the first two are turned
/// - seen: `[new, width]`
#[inline(never)]
fn attend(
    mixed: &mut [f32],
    seen: &mut [f32],
    kept: &mut Kept,
    heads: usize,
    turns: &Turns,
    looks: Option<&mut Vec<f32>>,
) {
    let width = kept.width;
    let head = width / heads;
    let scale = 1.0 / (head as f32).sqrt();
    let first = kept.keys.len() / width;
    let tokens = mixed.chunks_exact_mut(3 * width);
    for (turns, mixed) in turns.0.chunks_exact(head / 2).zip(tokens) {
        let (queries, rest) = mixed.split_at_mut(width);
        let (keys, values) = rest.split_at_mut(width);
        for vector in [&mut *queries, &mut *keys] {
            for vector in vector.chunks_exact_mut(head) {
                let (a, b) = vector.split_at_mut(head / 2);
                for ((a, b), &(cos, sin)) in a.iter_mut().zip(b).zip(turns) {
                    (*a, *b) = (*a * cos - *b * sin, *b * cos + *a * sin);
                }
            }
        }
        for query in queries {
            *query *= scale;
        }
        kept.keys.extend_from_slice(keys);
        kept.values.extend_from_slice(values);
    }
    let new = seen.len() / width;
    let all = first + new;
    let mut odds = vec![0.0; heads * new * all];
    wide(|| {
        for (at, odds) in odds.chunks_exact_mut(all).enumerate() {
            let (number, token) = (at / new, at % new);
            let own = number * head..(number + 1) * head;
            let odds = &mut odds[..=first + token];
            let query = &mixed[token * 3 * width..][own.clone()];
            scores(odds, query, &kept.keys[own.start..], width);
            let most = largest(odds);
            let total = 1.0 / exponentials(odds, most);
            for odds in odds.iter_mut() {
                *odds *= total;
            }
            let seen = &mut seen[token * width..][own.clone()];
            for (&odds, values) in odds.iter().zip(kept.values[own.start..].chunks(width)) {
                add(seen, odds, &values[..head]);
            }
        }
    });
    if let Some(looks) = looks {
        looks.extend_from_slice(&odds);
    }
}

/// How well a query fits each key; the keys lie `width` numbers apart.
#[inline(always)]
fn scores(scores: &mut [f32], query: &[f32], keys: &[f32], width: usize) {
    let key = |at: usize| &keys[at * width..][..query.len()];
    let whole = scores.len() / 4 * 4;
    for from in (0..whole).step_by(4) {
        let keys = [key(from), key(from + 1), key(from + 2), key(from + 3)];
        scores[from..from + 4].copy_from_slice(&dots(query, keys));
    }
    for (at, score) in scores.iter_mut().enumerate().skip(whole) {
        *score = dots(query, [key(at)])[0];
    }
}

/// The product of two matrices, `[rows, inner]` and `[inner, columns]`, of which the
/// first may have few rows: as a net that writes has them.
pub fn matmul(left: Tensor<2>, right: Tensor<2>) -> Tensor<2> {
    let ([rows, _], [_, columns]) = (left.dims(), right.dims());
    if rows <= MOST {
        let device = left.device();
        if let (Some(left), Some(right)) = (Numbers::of(left.clone()), Factor::of(right.clone())) {
            let made = right.product(&left);
            return Tensor::from_data(TensorData::new(made, [rows, columns]), &device);
        }
    }
    left.matmul(right)
}

/// The logits of each token, where each is told by a row of a table: `last * table^T`.
///
/// # Shapes
/// - last: `[rows, width]`
/// - table: `[vocabulary, width]`
/// - output: `[rows, vocabulary]`
pub fn logits(last: Tensor<2>, table: Tensor<2>) -> Tensor<2> {
    let ([rows, width], [vocabulary, _]) = (last.dims(), table.dims());
    if rows <= MOST {
        let device = last.device();
        if let (Some(last), Some(table)) = (Numbers::of(last.clone()), Numbers::of(table.clone())) {
            let mut made = vec![0.0; rows * vocabulary];
            match table.panels(Lies::Turned { inner: width }) {
                Some(panels) => panels.add_product(&mut made, &last),
                None => few_turned(&mut made, &last, &table, width),
            }
            return Tensor::from_data(TensorData::new(made, [rows, vocabulary]), &device);
        }
    }
    last.matmul(table.transpose())
}
