//! Feature-wise linear modulation (Perez 2018).

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

/// Scales and shifts each feature by what a class says.
///
/// A class that is only added to a hidden layer is easily passed over: a latent
/// that tells the class by itself does as well, and then the class asked for is
/// not the class drawn. Scaled by it, the same latent means another picture in
/// every class.
#[derive(Module, Debug)]
pub struct Film {
    /// From class weights to the gains and shifts of all features.
    layer: Linear,
}

impl Film {
    /// A layer for `features` of `classes`.
    pub fn new(classes: usize, features: usize, device: &Device) -> Self {
        Self {
            layer: LinearConfig::new(classes, 2 * features).init(device),
        }
    }

    /// `input * (1 + gain) + shift`.
    ///
    /// # Shapes
    /// - input, output: `[count, features, ..]`
    /// - classes: `[count, classes]`, weights that sum to one
    pub fn forward<const D: usize>(&self, input: Tensor<D>, classes: Tensor<2>) -> Tensor<D> {
        let mut shape = [1; D];
        shape[..2].copy_from_slice(&input.dims()[..2]);
        let mut halves = self.layer.forward(classes).chunk(2, 1).into_iter();
        let mut half = || halves.next().expect("two halves").reshape(shape);
        let (gain, shift) = (half(), half());
        input * (gain + 1.0) + shift
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor};

    use super::Film;
    use crate::Noise;
    use crate::blocks::init::{Spread, initialise};

    #[test]
    fn each_feature_is_scaled_and_shifted_by_its_class() {
        let device = Device::flex();
        let film = initialise(
            Film::new(2, 3, &device),
            Spread::He,
            &mut Noise::new(1, 0),
            &device,
        );
        // [classes, 2 * features], no bias yet.
        let weight: Vec<f32> = film.layer.weight.val().into_data().try_to_vec().unwrap();
        let input: Vec<f32> = (0..2 * 3 * 4).map(|i| i as f32).collect();
        // The first picture is of the second class, the other half of each.
        let classes = Tensor::from_floats([[0.0, 1.0], [0.5, 0.5]], &device);
        let image = Tensor::<1>::from_floats(&input[..], &device).reshape([2, 3, 2, 2]);
        let out: Vec<f32> = film
            .forward(image, classes)
            .into_data()
            .try_to_vec()
            .unwrap();
        let shares = [[0.0, 1.0], [0.5, 0.5]];
        for (at, (&x, &y)) in input.iter().zip(&out).enumerate() {
            let (picture, feature) = (at / 12, at / 4 % 3);
            let of = |column: usize| {
                let [a, b] = shares[picture];
                a * weight[column] + b * weight[6 + column]
            };
            let wanted = x * (1.0 + of(feature)) + of(3 + feature);
            assert!((y - wanted).abs() < 1e-4, "{at}: {y} is not {wanted}");
        }
    }
}
