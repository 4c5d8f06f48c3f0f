//! Convolutions on burn's CPU backend.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{DType, TensorData};

use crate::Window;
use crate::activation::{leaky, leaky_slope, silus, slope};
use crate::grid::{self, Grid};
use crate::kept::Kept;
use crate::ops::{Convolutions, Units};
use crate::winograd::{self, Winograd};

/// Pictures whose weight gradients are summed by themselves. The groups do not
/// depend on the number of threads, so that the sum is the same with any.
const TOGETHER: usize = 8;

/// What burn calls a tensor on the CPU.
type Primitive = FloatTensor<Flex>;

impl Convolutions for Flex {
    fn convolution(
        pictures: Primitive,
        weight: Primitive,
        bias: Primitive,
        window: Window,
    ) -> Primitive {
        static KEPT: Kept<(Window, [usize; 2]), Way> = Kept::new();
        let grid = grid(&pictures, &weight, window);
        let [_, input @ ..] = dims(&pictures);
        let weight = weight.to_contiguous();
        let fast = Winograd::new(window, input, grid.output()[0]);
        let way = KEPT.of(&weight, (window, [input[1], input[2]]), |weight| {
            let way = match fast {
                Some(fast) => Way::Fast(fast, fast.weights(weight)),
                None => Way::Plain(grid, grid.weights(weight)),
            };
            let numbers = way.numbers();
            (way, numbers)
        });
        way.through(&pictures, &bias)
    }

    fn convolution_learning(
        pictures: Primitive,
        weight: Primitive,
        bias: Primitive,
        window: Window,
    ) -> Primitive {
        let grid = grid(&pictures, &weight, window);
        let weight = weight.to_contiguous();
        Way::Plain(grid, grid.weights(numbers(&weight))).through(&pictures, &bias)
    }

    fn convolution_pictures(
        pictures: Primitive,
        weight: Primitive,
        gradient: Primitive,
        window: Window,
    ) -> Primitive {
        let [count, input @ ..] = dims(&pictures);
        let grid = grid(&pictures, &weight, window);
        let [weight, gradient] = [weight, gradient].map(|t| t.to_contiguous());
        let gradient = numbers(&gradient);
        let turned = grid.turned_weights(numbers(&weight));
        let output = size(grid.output());
        let mut made = vec![0.0; count * size(input)];
        pieces(
            &mut made,
            size(input),
            || grid.scratch(),
            |at, made, scratch| {
                let gradient = &gradient[at * output..][..output];
                grid.to_picture(gradient, &turned, made, scratch);
            },
        );
        tensor(made, [count, input[0], input[1], input[2]])
    }

    fn convolution_pictures_staying(
        pictures: Primitive,
        weight: Primitive,
        gradient: Primitive,
        window: Window,
    ) -> Primitive {
        static KEPT: Kept<(Window, [usize; 2]), Way> = Kept::new();
        let [ins, height, width] = grid(&pictures, &weight, window).output();
        let Some(back) = back(window) else {
            return Self::convolution_pictures(pictures, weight, gradient, window);
        };
        let [_, outs, ..] = dims(&pictures);
        let Some(fast) = Winograd::new(back, [ins, height, width], outs) else {
            return Self::convolution_pictures(pictures, weight, gradient, window);
        };
        let weight = weight.to_contiguous();
        let way = KEPT.of(&weight, (back, [height, width]), |weight| {
            let way = Way::Fast(fast, fast.weights(&turned(weight, ins, outs)));
            let numbers = way.numbers();
            (way, numbers)
        });
        let zeros = Primitive::from_data(TensorData::new(vec![0.0f32; outs], [outs]));
        way.through(&gradient, &zeros)
    }

    fn convolution_weight(
        pictures: Primitive,
        weight: Primitive,
        gradient: Primitive,
        window: Window,
    ) -> Primitive {
        let [count, input @ ..] = dims(&pictures);
        let grid = grid(&pictures, &weight, window);
        let shape = dims(&weight);
        let [pictures, gradient] = [pictures, gradient].map(|t| t.to_contiguous());
        let (pictures, gradient) = (numbers(&pictures), numbers(&gradient));
        let output = size(grid.output());
        let weights = grid.weights_size();
        let mut sums = vec![0.0; count.div_ceil(TOGETHER).max(1) * weights];
        pieces(
            &mut sums,
            weights,
            || grid.scratch(),
            |group, sum, scratch| {
                for at in group * TOGETHER..count.min((group + 1) * TOGETHER) {
                    let picture = &pictures[at * size(input)..][..size(input)];
                    let gradient = &gradient[at * output..][..output];
                    grid.to_weights(picture, gradient, sum, scratch);
                }
            },
        );
        let (sum, others) = sums.split_at_mut(weights);
        for other in others.chunks_exact(weights) {
            for (sum, value) in sum.iter_mut().zip(other) {
                *sum += value;
            }
        }
        tensor(grid.to_weight(sum), shape)
    }

    fn convolution_bias(_: Primitive, bias: Primitive, gradient: Primitive) -> Primitive {
        let [_, outs, height, width] = dims(&gradient);
        let gradient = gradient.to_contiguous();
        let mut sums = vec![0.0; outs];
        for picture in numbers(&gradient).chunks_exact((outs * height * width).max(1)) {
            for (sum, pixels) in sums.iter_mut().zip(picture.chunks_exact(height * width)) {
                *sum += pixels.iter().sum::<f32>();
            }
        }
        Primitive::from_data(TensorData::new(sums, bias.shape()))
    }
}

/// The window of the convolution that makes the pictures' gradient of the output's;
/// none where that is of another kind.
fn back(window: Window) -> Option<Window> {
    let plain = window.stride == 1 && !window.transposed;
    let padding = (window.kernel - 1).checked_sub(window.padding)?;
    plain.then_some(Window { padding, ..window })
}

/// A weight `[out, in, 3, 3]` as that convolution takes it: `[in, out, 3, 3]`, each
/// window from its end.
fn turned(weight: &[f32], outs: usize, ins: usize) -> Vec<f32> {
    let window = weight.len() / (outs * ins);
    let mut turned = Vec::with_capacity(weight.len());
    for input in 0..ins {
        for output in 0..outs {
            let from = (output * ins + input) * window;
            turned.extend(weight[from..from + window].iter().rev());
        }
    }
    turned
}

/// A convolution with its weights laid out.
enum Way {
    /// As few products over a grid.
    Plain(Grid, grid::Weights),
    /// As fewer of sums and differences.
    Fast(Winograd, winograd::Weights),
}

impl Way {
    /// How many numbers its weights are.
    fn numbers(&self) -> usize {
        match self {
            Self::Plain(_, weights) => weights.size(),
            Self::Fast(_, weights) => weights.size(),
        }
    }

    fn through(&self, pictures: &Primitive, bias: &Primitive) -> Primitive {
        let [_, input @ ..] = dims(pictures);
        let [pictures, bias] = [pictures, bias].map(Primitive::to_contiguous);
        let (pictures, bias) = (numbers(&pictures), numbers(&bias));
        match self {
            Self::Plain(grid, weights) => each(
                pictures,
                [input, grid.output()],
                || grid.scratch(),
                |picture, made, scratch| grid.forward(picture, weights, bias, made, scratch),
            ),
            Self::Fast(fast, weights) => each(
                pictures,
                [input, fast.output()],
                || fast.scratch(),
                |picture, made, scratch| fast.forward(picture, weights, bias, made, scratch),
            ),
        }
    }
}

impl Units for Flex {
    fn unit(input: Primitive) -> Primitive {
        let shape = input.shape();
        let input = input.to_contiguous();
        Primitive::from_data(TensorData::new(silus(numbers(&input)), shape))
    }

    fn unit_input(input: Primitive, gradient: Primitive) -> Primitive {
        let shape = input.shape();
        let [input, gradient] = [input, gradient].map(|t| t.to_contiguous());
        let both = numbers(&input).iter().zip(numbers(&gradient));
        let values: Vec<f32> = both.map(|(&x, &g)| g * slope(x)).collect();
        Primitive::from_data(TensorData::new(values, shape))
    }

    fn leaky(input: Primitive) -> Primitive {
        let shape = input.shape();
        let input = input.to_contiguous();
        let values: Vec<f32> = numbers(&input).iter().map(|&x| leaky(x)).collect();
        Primitive::from_data(TensorData::new(values, shape))
    }

    fn leaky_input(input: Primitive, gradient: Primitive) -> Primitive {
        let shape = input.shape();
        let [input, gradient] = [input, gradient].map(|t| t.to_contiguous());
        let both = numbers(&input).iter().zip(numbers(&gradient));
        let values: Vec<f32> = both.map(|(&x, &g)| g * leaky_slope(x)).collect();
        Primitive::from_data(TensorData::new(values, shape))
    }
}

/// # Panics
///
/// Where the window does not fit, as burn's convolutions do, or the numbers are
/// not of single precision, which all of Lampwork's are.
fn grid(pictures: &Primitive, weight: &Primitive, window: Window) -> Grid {
    assert_eq!(pictures.dtype(), DType::F32, "single precision");
    let [_, input @ ..] = dims(pictures);
    let [first, second, ..] = dims(weight);
    let (ins, outs) = if window.transposed {
        (first, second)
    } else {
        (second, first)
    };
    assert_eq!(ins, input[0], "the channels of the pictures");
    Grid::new(window, input, outs)
        .unwrap_or_else(|| panic!("{window:?} does not fit pictures of {input:?}"))
}

fn dims(tensor: &Primitive) -> [usize; 4] {
    tensor.shape().dims()
}

fn size(picture: [usize; 3]) -> usize {
    picture.iter().product()
}

fn numbers(tensor: &Primitive) -> &[f32] {
    tensor.as_slice().expect("contiguous numbers")
}

fn tensor(values: Vec<f32>, shape: [usize; 4]) -> Primitive {
    Primitive::from_data(TensorData::new(values, shape))
}

/// What `forward` makes of each picture, with scratch space.
fn each<S>(
    pictures: &[f32],
    [input, output]: [[usize; 3]; 2],
    scratch: impl Fn() -> S + Sync + Send,
    forward: impl Fn(&[f32], &mut [f32], &mut S) + Sync + Send,
) -> Primitive {
    let count = pictures.len() / size(input);
    let mut made = vec![0.0; count * size(output)];
    pieces(&mut made, size(output), scratch, |at, made, scratch| {
        let picture = &pictures[at * size(input)..][..size(input)];
        forward(picture, made, scratch);
    });
    tensor(made, [count, output[0], output[1], output[2]])
}

/// Runs `each` on every piece of `of`, on all cores where there are threads.
fn pieces<S>(
    of: &mut [f32],
    size: usize,
    scratch: impl Fn() -> S + Sync + Send,
    each: impl Fn(usize, &mut [f32], &mut S) + Sync + Send,
) {
    #[cfg(feature = "rayon")]
    {
        use rayon::prelude::*;
        let pieces = of.par_chunks_exact_mut(size).enumerate();
        pieces.for_each_init(scratch, |scratch, (at, piece)| each(at, piece, scratch));
    }
    #[cfg(not(feature = "rayon"))]
    {
        let mut scratch = scratch();
        for (at, piece) in of.chunks_exact_mut(size).enumerate() {
            each(at, piece, &mut scratch);
        }
    }
}
