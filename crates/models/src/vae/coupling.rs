//! Affine couplings: a bend of the latent space that can be undone.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use lampwork_kernels::silu;

/// The most by which a layer stretches a coordinate is `e` to this.
const STRETCH: f32 = 1.5;

/// Layers that turn points of a class into points of a standard normal, and back.
///
/// Each layer leaves a half of the coordinates as they are and shifts and
/// stretches the others by what a small net says of that half and of the class
/// (Dinh 2017, "Density estimation using Real NVP", arXiv 1605.08803). The net
/// need not be undone, so the layer can be, and its log-determinant is a sum.
/// Every layer starts as the identity.
#[derive(Module, Debug)]
pub struct Couplings {
    layers: Vec<Coupling>,
    latent: usize,
}

/// One layer.
#[derive(Module, Debug)]
struct Coupling {
    /// From the half that is kept.
    input: Linear,
    /// From class weights, to the same hidden units.
    class: Linear,
    hidden: Linear,
    /// To the stretch and the shift of each moved coordinate.
    zero_output: Linear,
}

impl Couplings {
    /// `layers` of them over `[count, latent]`, where `latent` is at least 2, each
    /// with a net of `hidden` units.
    pub fn new(
        layers: usize,
        classes: usize,
        latent: usize,
        hidden: usize,
        device: &Device,
    ) -> Self {
        let (kept, moved) = halves(latent);
        let linear = |input, output, bias| {
            LinearConfig::new(input, output)
                .with_bias(bias)
                .init(device)
        };
        let layer = |_| Coupling {
            input: linear(kept, hidden, true),
            class: linear(classes, hidden, false),
            hidden: linear(hidden, hidden, true),
            zero_output: linear(hidden, 2 * moved, true),
        };
        Self {
            layers: (0..layers).map(layer).collect(),
            latent,
        }
    }

    /// From points of a class to standard normal ones, and the logarithm of how
    /// much the space is stretched there.
    ///
    /// # Shapes
    /// - points: `[count, latent]`
    /// - classes: `[count, classes]`
    /// - output: `[count, latent]`, `[count, 1]`
    pub fn straighten(&self, points: Tensor<2>, classes: &Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let (kept, moved) = halves(self.latent);
        let mut log_det = points.clone().narrow(1, 0, 1).zeros_like();
        let mut points = points;
        for (at, layer) in self.layers.iter().enumerate() {
            let still = points.clone().narrow(1, 0, kept);
            let (stretch, shift) = layer.forward(still.clone(), classes);
            let rest = (points.narrow(1, kept, moved) + shift) * stretch.clone().exp();
            log_det = log_det + stretch.sum_dim(1);
            points = rotate(Tensor::cat(vec![still, rest], 1), self.turn(at));
        }
        (points, log_det)
    }

    /// Undoes [`Couplings::straighten`].
    ///
    /// # Shapes
    /// - points, output: `[count, latent]`
    /// - classes: `[count, classes]`
    pub fn bend(&self, points: Tensor<2>, classes: &Tensor<2>) -> Tensor<2> {
        let (kept, moved) = halves(self.latent);
        let mut points = points;
        for (at, layer) in self.layers.iter().enumerate().rev() {
            points = rotate(points, self.latent - self.turn(at));
            let still = points.clone().narrow(1, 0, kept);
            let (stretch, shift) = layer.forward(still.clone(), classes);
            let rest = points.narrow(1, kept, moved) * (-stretch).exp() - shift;
            points = Tensor::cat(vec![still, rest], 1);
        }
        points
    }

    /// By how much the coordinates are rotated after a layer, so that the next
    /// moves others: by a half, and by a quarter more each second time, as else
    /// there would be two sets for good.
    fn turn(&self, layer: usize) -> usize {
        let (kept, _) = halves(self.latent);
        kept + (layer % 2) * (kept / 2)
    }
}

impl Coupling {
    /// Logarithm of the stretch, and shift, of the moved coordinates.
    fn forward(&self, kept: Tensor<2>, classes: &Tensor<2>) -> (Tensor<2>, Tensor<2>) {
        let hidden = silu(self.input.forward(kept) + self.class.forward(classes.clone()));
        let hidden = silu(self.hidden.forward(hidden));
        let mut halves = self.zero_output.forward(hidden).chunk(2, 1).into_iter();
        let mut half = || halves.next().expect("two halves");
        let (stretch, shift) = (half(), half());
        ((stretch / STRETCH).tanh() * STRETCH, shift)
    }
}

/// Coordinates that a layer keeps, and that it moves.
fn halves(latent: usize) -> (usize, usize) {
    (latent / 2, latent - latent / 2)
}

/// The columns from `by` on, and then those before.
fn rotate(points: Tensor<2>, by: usize) -> Tensor<2> {
    let [_, columns] = points.dims();
    if by.is_multiple_of(columns) {
        return points;
    }
    let first = points.clone().narrow(1, by, columns - by);
    Tensor::cat(vec![first, points.narrow(1, 0, by)], 1)
}
