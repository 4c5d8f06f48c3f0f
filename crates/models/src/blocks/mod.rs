//! What several families share: layers, losses, optimizers.

pub mod augment;
pub mod dropout;
pub mod ema;
pub mod film;
pub mod init;
pub mod loss;
pub mod norm;
pub mod optimizer;
pub mod schedule;
pub mod spectral;
pub mod walk;

use burn::tensor::{Device, Tensor, TensorData};

/// A `[rows, columns]` tensor of values in row-major order.
pub fn matrix(values: Vec<f32>, rows: usize, columns: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

/// One row a label, one column a class, a one where they meet.
pub fn one_hot(labels: &[u8], classes: usize, device: &Device) -> Tensor<2> {
    let mut values = vec![0.0; labels.len() * classes];
    for (row, &label) in labels.iter().enumerate() {
        values[row * classes + usize::from(label)] = 1.0;
    }
    matrix(values, labels.len(), classes, device)
}
