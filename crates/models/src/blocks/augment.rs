//! Differentiable augmentation (Zhao 2020).

use burn::tensor::{Device, Tensor, TensorData};
use lampwork_protocol::{DiffAugment, PICTURE_SIDE};

use crate::Noise;

const SIDE: usize = PICTURE_SIDE;

/// One drawing of the augmentation for a batch: the same for real and made
/// pictures of the same size, with gradients through it.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// `[count, 1, 28, 28]`: moves rows, then columns, by matrix product: the
    /// only form whose gradient is as plain on WebGPU as on the CPU.
    shift: Option<(Tensor<4>, Tensor<4>)>,
    /// `[count, 1, 28, 28]`: zero in the blanked square.
    mask: Option<Tensor<4>>,
    /// `[count, 1, 1, 1]`: what is added.
    brightness: Option<Tensor<4>>,
}

/// Draws the augmentation of `count` pictures.
pub fn draw(config: &DiffAugment, count: usize, noise: &mut Noise, device: &Device) -> Drawn {
    let tensor = |values, shape: [usize; 4]| -> Tensor<4> {
        Tensor::from_data(TensorData::new(values, shape), device)
    };
    let square = [count, 1, SIDE, SIDE];
    let shift = (config.shift > 0).then(|| {
        let reach = config.shift as u32;
        let mut rows = vec![0.0; count * SIDE * SIDE];
        let mut columns = vec![0.0; count * SIDE * SIDE];
        for picture in 0..count {
            for (matrices, transposed) in [(&mut rows, false), (&mut columns, true)] {
                let by = noise.below(2 * reach + 1) as isize - reach as isize;
                for to in 0..SIDE {
                    let from = to as isize - by;
                    if (0..SIDE as isize).contains(&from) {
                        let from = from as usize;
                        let (row, column) = if transposed { (from, to) } else { (to, from) };
                        matrices[(picture * SIDE + row) * SIDE + column] = 1.0;
                    }
                }
            }
        }
        (tensor(rows, square), tensor(columns, square))
    });
    let mask = (config.cutout > 0).then(|| {
        let reach = config.cutout as isize / 2;
        let mut mask = vec![1.0; count * SIDE * SIDE];
        for picture in mask.chunks_mut(SIDE * SIDE) {
            let top = noise.below(SIDE as u32) as isize - reach;
            let left = noise.below(SIDE as u32) as isize - reach;
            for (index, pixel) in picture.iter_mut().enumerate() {
                let (row, column) = ((index / SIDE) as isize, (index % SIDE) as isize);
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
    /// - pictures, output: `[count, 1, 28, 28]`
    pub fn apply(&self, mut pictures: Tensor<4>) -> Tensor<4> {
        if let Some(by) = &self.brightness {
            pictures = pictures + by.clone();
        }
        if let Some((rows, columns)) = &self.shift {
            pictures = rows.clone().matmul(pictures).matmul(columns.clone());
        }
        if let Some(mask) = &self.mask {
            pictures = pictures * mask.clone();
        }
        pictures
    }
}
