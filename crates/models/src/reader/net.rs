//! The reader.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};
use lampwork_kernels::Convolve;
use lampwork_protocol::Shape;

use crate::blocks::norm::GroupNorm;

/// Numbers of a picture's place.
pub const EMBEDDING: usize = 128;

/// Channels after each halving.
const WIDTHS: [usize; 4] = [32, 64, 128, 192];

/// Shifts, in pixels, of the looks that a picture is read by.
const SHIFTS: [(isize, isize); 5] = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)];

/// From a picture of a character to its place on a sphere.
#[derive(Module, Debug)]
pub struct Reader {
    /// Each halves the picture.
    convs: Vec<Conv2d>,
    norms: Vec<GroupNorm>,
    place: Linear,
}

impl Reader {
    /// A net, its weights not yet drawn.
    pub fn new(device: &Device) -> Self {
        let inputs = [1, WIDTHS[0], WIDTHS[1], WIDTHS[2]];
        let conv = |(input, output): (usize, usize)| {
            Conv2dConfig::new([input, output], [4, 4])
                .with_stride([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device)
        };
        let small = Shape::BRUSH.side >> WIDTHS.len();
        Self {
            convs: inputs.into_iter().zip(WIDTHS).map(conv).collect(),
            norms: WIDTHS
                .iter()
                .map(|&width| GroupNorm::new(width / 16, width, device))
                .collect(),
            place: LinearConfig::new(WIDTHS[3] * small * small, EMBEDDING).init(device),
        }
    }

    /// The places of pictures, each of length one.
    ///
    /// # Shapes
    /// - pictures: `[count, 1, 48, 48]` in 0..1, 1 for ink
    /// - output: `[count, EMBEDDING]`
    pub fn forward(&self, pictures: Tensor<4>) -> Tensor<2> {
        let mut image = pictures * 2.0 - 1.0;
        for (conv, norm) in self.convs.iter().zip(&self.norms) {
            image = relu(norm.forward(conv.convolve(image)));
        }
        unit(self.place.forward(image.flatten(1, 3)))
    }

    /// The same, the mean of five looks, each shifted by a pixel.
    pub fn look(&self, pictures: Tensor<4>) -> Tensor<2> {
        let looks = SHIFTS.map(|by| self.forward(shifted(pictures.clone(), by)));
        unit(
            Tensor::stack::<3>(looks.to_vec(), 0)
                .mean_dim(0)
                .squeeze_dim::<2>(0),
        )
    }
}

/// Rows of length one.
pub(super) fn unit(rows: Tensor<2>) -> Tensor<2> {
    let length = (rows.clone().square().sum_dim(1) + 1e-8).sqrt();
    rows / length
}

/// Pictures moved to the right and down; what comes in is empty.
pub(super) fn shifted(pictures: Tensor<4>, (right, down): (isize, isize)) -> Tensor<4> {
    move_along(move_along(pictures, 3, right), 2, down)
}

fn move_along(pictures: Tensor<4>, axis: usize, by: isize) -> Tensor<4> {
    let shape: [usize; 4] = pictures.dims();
    let (count, side) = (by.unsigned_abs(), shape[axis]);
    if count == 0 {
        return pictures;
    }
    let mut empty = shape;
    empty[axis] = count;
    let empty = Tensor::zeros(empty, &pictures.device());
    let from = if by > 0 { 0 } else { count };
    let kept = pictures.narrow(axis, from, side - count);
    let parts = if by > 0 {
        vec![empty, kept]
    } else {
        vec![kept, empty]
    };
    Tensor::cat(parts, axis)
}
