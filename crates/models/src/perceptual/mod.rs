//! How pictures look to a net that tells things apart.
//!
//! Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image
//! Recognition", arXiv 1409.1556: VGG16, of which the layers up to `relu4_1` are here.
//! Gatys, Ecker and Bethge, "Image Style Transfer Using Convolutional Neural Networks",
//! CVPR 2016: what is shown lies in the features of one layer, the style in how the
//! features of several go together (their Gram matrices). Johnson, Alahi and Li, arXiv
//! 1603.08155, teach a net by both.
//!
//! Both are measured in shares of what is wanted, so that layers count alike, a faint
//! style as much as one of strong edges, and the same counts do for all of them.
//!
//! It is native alone (feature `perceptual`): its weights are 12 MB, and no tab carries
//! them.

mod slow;

use burn::tensor::activation::relu;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;
use burn::tensor::{Device, Tensor, TensorData};
use lampwork_kernels::conv2d;
use lampwork_weights::Named;

use crate::ModelError;

pub use slow::Slow;

/// Layers whose features are looked at: `relu1_2`, `relu2_2`, `relu3_3`, `relu4_1`.
pub const LAYERS: usize = 4;

/// The layer that what is shown is compared by, `relu2_2`.
const CONTENT: usize = 1;

/// Channels of each convolution's output; there is a pooling between two groups. Of the
/// fourth group there is the first alone: it sees nearly as far as the third, and leaves
/// out a quarter of the products of all ten.
const GROUPS: [&[usize]; LAYERS] = [&[64; 2], &[128; 2], &[256; 3], &[512; 1]];

/// Mean and standard deviation of the colours that VGG16 was trained on, in 0..1.
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];

/// The convolutions of VGG16.
#[derive(Debug, Clone)]
struct Vgg {
    /// Weight `[out, in, 3, 3]` and bias `[out]` of each, on the plain device.
    convolutions: Vec<(Tensor<4>, Tensor<1>)>,
}

impl Vgg {
    /// Reads `convGROUP_NUMBER.weight` and `.bias`.
    fn new(weights: &[Named], device: &Device) -> Result<Self, ModelError> {
        let find = |name: String, shape: &[usize]| {
            weights
                .iter()
                .find(|named| named.name == name && named.shape == shape)
                .map(|named| named.values.clone())
                .ok_or_else(|| ModelError::Knob {
                    knob: "perceptual",
                    reason: format!("there is no {name} of shape {shape:?} in its file"),
                })
        };
        let mut convolutions = Vec::new();
        let mut ins = 3;
        for (group, outs) in GROUPS.iter().enumerate() {
            for (number, &out) in outs.iter().enumerate() {
                let name = |what: &str| format!("conv{}_{}.{what}", group + 1, number + 1);
                let shape = [out, ins, 3, 3];
                let weight = find(name("weight"), &shape)?;
                let bias = find(name("bias"), &[out])?;
                convolutions.push((
                    Tensor::from_data(TensorData::new(weight, shape), device),
                    Tensor::from_data(TensorData::new(bias, [out]), device),
                ));
                ins = out;
            }
        }
        Ok(Self { convolutions })
    }

    /// Features of the first `layers` of [`LAYERS`].
    ///
    /// # Shapes
    /// - pictures: `[count, 3, height, width]` in 0..1
    /// - each output: `[count, channels, height, width]`, sides halved from layer to
    ///   layer
    fn features(&self, pictures: Tensor<4>, layers: usize) -> Vec<Tensor<4>> {
        let device = pictures.device();
        let followed = device.is_autodiff();
        let colours = |values: [f32; 3]| Tensor::<1>::from_floats(values, &device);
        let mut hidden = (pictures - colours(MEAN).reshape([1, 3, 1, 1]))
            / colours(DEVIATION).reshape([1, 3, 1, 1]);
        let mut convolutions = self.convolutions.iter();
        let mut features = Vec::with_capacity(layers);
        for (group, outs) in GROUPS.iter().take(layers).enumerate() {
            if group > 0 {
                let options = MaxPoolOptions::new([2, 2]);
                hidden = max_pool2d(hidden, options);
            }
            for (weight, bias) in convolutions.by_ref().take(outs.len()) {
                let weight = lift(weight.clone(), followed);
                let bias = lift(bias.clone(), followed);
                hidden = relu(conv2d(hidden, weight, Some(bias), 1, 1));
            }
            features.push(hidden.clone());
        }
        features
    }
}

/// How features go together, whatever their place.
///
/// # Shapes
/// - features: `[count, channels, height, width]`
/// - output: `[count, channels, channels]`
fn gram(features: Tensor<4>) -> Tensor<3> {
    let [count, channels, height, width] = features.dims();
    let flat = features.reshape([count, channels, height * width]);
    flat.clone().matmul(flat.swap_dims(1, 2)) / (height * width) as f32
}

/// What pictures are compared by, and the styles that they should have.
#[derive(Debug, Clone)]
pub struct Perceptual {
    vgg: Vgg,
    /// Gram matrix of each style at each layer, `[styles, channels * channels]`.
    targets: Vec<Tensor<2>>,
}

/// How far pictures are from what they should be; each `[1]`.
#[derive(Debug, Clone)]
pub struct Losses {
    /// How much what is shown has changed: the mean square of the change of its
    /// features, over their mean square.
    pub content: Tensor<1>,
    /// How far the style is missed: of each layer the sum of squares of what the Gram
    /// matrix is off by, over the sum of its squares in the style; the mean over layers.
    pub style: Tensor<1>,
    /// Mean absolute difference of neighbouring pixels.
    pub variation: Tensor<1>,
}

impl Perceptual {
    /// Looks at the pictures that styles are learned from, each
    /// `[height, width, 3]` in 0..1 of any size.
    ///
    /// # Errors
    /// [`ModelError::Knob`] where the weights are not those of VGG16.
    pub fn new(
        weights: &[Named],
        styles: &[([usize; 2], Vec<f32>)],
        device: &Device,
    ) -> Result<Self, ModelError> {
        let vgg = Vgg::new(weights, device)?;
        let mut grams: Vec<Vec<Tensor<2>>> = vec![Vec::new(); LAYERS];
        for ([height, width], values) in styles {
            let data = TensorData::new(values.clone(), [1, *height, *width, 3]);
            let picture = Tensor::<4>::from_data(data, device).permute([0, 3, 1, 2]);
            for (grams, features) in grams.iter_mut().zip(vgg.features(picture, LAYERS)) {
                let channels = features.dims()[1];
                grams.push(gram(features).reshape([1, channels * channels]));
            }
        }
        let targets = grams.into_iter().map(|grams| Tensor::cat(grams, 0));
        Ok(Self {
            vgg,
            targets: targets.collect(),
        })
    }

    /// How many styles there are.
    pub fn styles(&self) -> usize {
        self.targets[0].dims()[0]
    }

    /// Compares pictures with what was shown and with styles; gradients go to `made`
    /// alone.
    ///
    /// # Shapes
    /// - made, shown: `[count, 3, height, width]` in 0..1, sides multiples of 8;
    ///   `shown` on the plain device
    /// - styles: `[count, styles]` on the plain device, weights that sum to one
    pub fn losses(&self, made: Tensor<4>, shown: Tensor<4>, styles: Tensor<2>) -> Losses {
        let followed = made.device().is_autodiff();
        let wanted = self.vgg.features(shown, CONTENT + 1).swap_remove(CONTENT);
        let variation = variation(&made);
        let features = self.vgg.features(made, LAYERS);
        let size = wanted.clone().square().mean().into_scalar::<f32>();
        let changed = features[CONTENT].clone() - lift(wanted, followed);
        let content = changed.square().mean() / (size + 1e-6);
        let mut style = None;
        for (target, features) in self.targets.iter().zip(features) {
            let [count, channels, ..] = features.dims();
            let wanted = styles.clone().matmul(target.clone());
            let wanted = wanted.reshape([count, channels, channels]);
            let squares = wanted.clone().square().sum_dim(2).sum_dim(1);
            let off = (gram(features) - lift(wanted, followed))
                .square()
                .sum_dim(2)
                .sum_dim(1);
            let off = (off / lift(squares, followed)).sum() / (count * LAYERS) as f32;
            style = Some(match style {
                None => off,
                Some(sum) => sum + off,
            });
        }
        Losses {
            content,
            style: style.expect("there are layers"),
            variation,
        }
    }
}

/// What gradients are not followed through, for a loss of what they are.
fn lift<const D: usize>(plain: Tensor<D>, followed: bool) -> Tensor<D> {
    match followed {
        true => Tensor::from_inner(plain),
        false => plain,
    }
}

/// Mean absolute difference of neighbouring pixels, `[1]`.
fn variation(pictures: &Tensor<4>) -> Tensor<1> {
    let [_, _, height, width] = pictures.dims();
    let part = |dim: usize, from: usize, len: usize| pictures.clone().narrow(dim, from, len);
    let down = part(2, 1, height - 1) - part(2, 0, height - 1);
    let across = part(3, 1, width - 1) - part(3, 0, width - 1);
    down.abs().mean() + across.abs().mean()
}
