//! Ours against burn's operations, forward and back.

use std::sync::Arc;

use burn::tensor::{Device, Distribution, Tensor, TensorData};

use lampwork_kernels::language::{
    Places, Targets, attention, cross_entropy, embed, logits, lstm, matmul, plain, rms_norm, swiglu,
};
// For its features and its allocator.
use lampwork_native as _;

/// Numbers that repeat, of about the size of a net's.
fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 24) as f32 - 0.5
    };
    (0..count).map(|_| 2.0 * next() + next()).collect()
}

fn matrix<const D: usize>(shape: [usize; D], seed: u64) -> Tensor<D> {
    let values = numbers(shape.iter().product(), seed);
    let device = Device::flex().autodiff();
    Tensor::from_data(TensorData::new(values, shape), &device).require_grad()
}

/// Outputs, and gradients of a weighted sum of them, of two ways to compute.
#[track_caller]
fn check(
    inputs: &[Tensor<2>],
    ours: impl Fn(&[Tensor<2>]) -> Tensor<2>,
    theirs: impl Fn(&[Tensor<2>]) -> Tensor<2>,
) {
    let run = |way: &dyn Fn(&[Tensor<2>]) -> Tensor<2>| {
        let output = way(inputs);
        let weights = numbers(output.shape().num_elements(), 99);
        let weights = TensorData::new(weights, output.shape());
        let loss = (output.clone() * Tensor::from_data(weights, &output.device())).sum();
        let gradients = loss.backward();
        let mut all = vec![output.inner().into_data()];
        for input in inputs {
            all.push(input.grad(&gradients).expect("a gradient").into_data());
        }
        all
    };
    for (part, (a, b)) in run(&ours).into_iter().zip(run(&theirs)).enumerate() {
        assert_eq!(a.shape(), b.shape(), "part {part}");
        let (a, b): (Vec<f32>, Vec<f32>) = (a.try_into_vec().unwrap(), b.try_into_vec().unwrap());
        let scale = b.iter().fold(1e-3_f32, |most, x| most.max(x.abs()));
        for (at, (a, b)) in a.iter().zip(&b).enumerate() {
            assert!(
                (a - b).abs() < 2e-5 * scale,
                "part {part}, {at}: {a} is not {b}"
            );
        }
    }
}

/// With few rows and with more than those.
#[test]
fn products_with_few_rows_are_those_of_burn() {
    for rows in [1, 5, 8, 9] {
        let plain = |shape, seed| matrix::<2>(shape, seed).inner();
        let (left, right, table) = (plain([rows, 13], 1), plain([13, 18], 2), plain([18, 13], 3));
        let pairs = [
            (
                matmul(left.clone(), right.clone()),
                left.clone().matmul(right),
            ),
            (
                logits(left.clone(), table.clone()),
                left.matmul(table.transpose()),
            ),
        ];
        for (ours, theirs) in pairs {
            let most: f32 = (ours - theirs).abs().max().into_scalar();
            assert!(most < 1e-5, "{rows}: {most}");
        }
    }
}

#[test]
fn normalisation_is_that_of_burns_operations() {
    let gain = |tensor: &Tensor<2>| tensor.clone().squeeze_dim(0);
    check(
        &[matrix([7, 37], 1), matrix([1, 37], 2)],
        |of| rms_norm(of[0].clone(), gain(&of[1])),
        |of| plain::rms_norm(of[0].clone(), gain(&of[1])),
    );
}

#[test]
fn the_gated_unit_is_that_of_burns_operations() {
    check(
        &[matrix([5, 2 * 19], 3)],
        |of| swiglu(of[0].clone()),
        |of| plain::swiglu(of[0].clone()),
    );
}

/// Texts of one place, of a few, and of more than a block.
#[test]
fn attention_is_that_of_burns_operations() {
    let columns = 150;
    let mut positions: Vec<u32> = (0..150).collect();
    for length in [1, 20, 64, 65] {
        positions.extend(0..length);
    }
    for (heads, width) in [(1, 6), (4, 24)] {
        let places = Places::new(&positions, columns, width / heads);
        check(
            &[matrix([300, 3 * width], 4)],
            |of| attention(of[0].clone(), heads, &places),
            |of| plain::attention(of[0].clone(), heads, &places),
        );
    }
}

#[test]
fn rows_of_a_table_are_those_of_burns_operations() {
    let tokens: Arc<[u32]> = Arc::from([3, 0, 3, 8]);
    check(
        &[matrix([9, 17], 5)],
        |of| embed(of[0].clone(), &tokens),
        |of| plain::embed(of[0].clone(), &tokens),
    );
}

/// More rows than are done at once, some of them not counted.
#[test]
fn cross_entropy_is_that_of_burns_operations() {
    let rows = 600;
    let tokens = (0..rows).map(|row| row * 7 % 50).collect();
    let weights = (0..rows)
        .map(|row| [0.0, 0.01, 0.02][row as usize % 3])
        .collect();
    let targets = Targets { tokens, weights };
    check(
        &[matrix([600, 8], 6), matrix([50, 8], 7)],
        |of| cross_entropy(of[0].clone(), of[1].clone(), &targets).unsqueeze(),
        |of| plain::cross_entropy(of[0].clone(), of[1].clone(), &targets).unsqueeze(),
    );
}

#[test]
fn memory_is_that_of_burns_operations() {
    let (times, count, hidden) = (6, 3, 5);
    check(
        &[
            matrix([times * count, 4 * hidden], 8),
            matrix([hidden, 4 * hidden], 9),
            matrix([2 * count, hidden], 10),
        ],
        |of| lstm(of[0].clone(), of[1].clone(), of[2].clone()),
        |of| plain::lstm(of[0].clone(), of[1].clone(), of[2].clone()),
    );
}

/// Without gradients it is the same, from numbers that do not lie one after another.
#[test]
fn numbers_may_lie_apart() {
    let device = Device::flex();
    let input = Tensor::<2>::random([8, 6], Distribution::Default, &device);
    let turned = input.transpose();
    let together = Tensor::<2>::from_data(turned.clone().into_data(), &device);
    let same = |a: Tensor<2>, b: Tensor<2>| a.into_data().assert_eq(&b.into_data(), true);
    same(swiglu(turned.clone()), swiglu(together.clone()));
    let gain = Tensor::ones([8], &device);
    same(rms_norm(turned, gain.clone()), rms_norm(together, gain));
}

#[test]
#[should_panic(expected = "outside the vocabulary")]
fn a_token_outside_the_vocabulary_is_refused() {
    embed(matrix([4, 2], 1), &Arc::from([4]));
}
