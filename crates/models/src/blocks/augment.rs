//! Differentiable augmentation (Zhao 2020).

use burn::tensor::{Device, Tensor, TensorData};
use lampwork_protocol::DiffAugment;

use crate::Noise;

/// One drawing of the augmentation for a batch: the same for real and made
/// pictures of the same size, with gradients through it.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// `[count, 1, side, side]`: moves rows, then columns, by matrix product: the
    /// only form whose gradient is as plain on WebGPU as on the CPU.
    shift: Option<(Tensor<4>, Tensor<4>)>,
    /// `[count, 1, side, side]`: zero in the blanked square.
    mask: Option<Tensor<4>>,
    /// `[count, 1, 1, 1]`: what is added.
    brightness: Option<Tensor<4>>,
}

/// Draws the augmentation of `count` pictures of `side` pixels a side.
pub fn draw(
    config: &DiffAugment,
    side: usize,
    count: usize,
    noise: &mut Noise,
    device: &Device,
) -> Drawn {
    let tensor = |values, shape: [usize; 4]| -> Tensor<4> {
        Tensor::from_data(TensorData::new(values, shape), device)
    };
    let square = [count, 1, side, side];
    let shift = (config.shift > 0).then(|| {
        let reach = config.shift as u32;
        let mut rows = vec![0.0; count * side * side];
        let mut columns = vec![0.0; count * side * side];
        for picture in 0..count {
            for (matrices, transposed) in [(&mut rows, false), (&mut columns, true)] {
                let by = noise.below(2 * reach + 1) as isize - reach as isize;
                for to in 0..side {
                    let from = to as isize - by;
                    if (0..side as isize).contains(&from) {
                        let from = from as usize;
                        let (row, column) = if transposed { (from, to) } else { (to, from) };
                        matrices[(picture * side + row) * side + column] = 1.0;
                    }
                }
            }
        }
        (tensor(rows, square), tensor(columns, square))
    });
    let mask = (config.cutout > 0).then(|| {
        let reach = config.cutout as isize / 2;
        let mut mask = vec![1.0; count * side * side];
        for picture in mask.chunks_mut(side * side) {
            let top = noise.below(side as u32) as isize - reach;
            let left = noise.below(side as u32) as isize - reach;
            for (index, pixel) in picture.iter_mut().enumerate() {
                let (row, column) = ((index / side) as isize, (index % side) as isize);
                let within = |at: isize, start| at >= start && at < start + config.cutout as isize;
                if within(row, top) && within(column, left) {
                    *pixel = 0.0;
                }
            }
        }
        tensor(mask, square)
    });
    let brightness = (config.brightness > 0.0).then(|| {
        let by = (0..count)
            .map(|_| (noise.one_uniform() * 2.0 - 1.0) * config.brightness)
            .collect();
        tensor(by, [count, 1, 1, 1])
    });
    Drawn {
        shift,
        mask,
        brightness,
    }
}

impl Drawn {
    /// # Shapes
    /// - pictures, output: `[count, channels, side, side]`
    pub fn apply(&self, mut pictures: Tensor<4>) -> Tensor<4> {
        if let Some(by) = &self.brightness {
            pictures = pictures + by.clone();
        }
        if let Some((rows, columns)) = &self.shift {
            pictures = moved(pictures, rows.clone(), columns.clone());
        }
        if let Some(mask) = &self.mask {
            pictures = pictures * mask.clone();
        }
        pictures
    }
}

/// Every channel of a picture, moved alike.
fn moved(pictures: Tensor<4>, rows: Tensor<4>, columns: Tensor<4>) -> Tensor<4> {
    match pictures.dims()[1] {
        1 => rows.matmul(pictures).matmul(columns),
        channels => {
            let each = |matrix: Tensor<4>| matrix.repeat_dim(1, channels);
            each(rows).matmul(pictures).matmul(each(columns))
        }
    }
}
