//! How pictures look to a net that tells things apart.
//!
//! Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image
//! Recognition", arXiv 1409.1556: VGG16, of which the layers up to `relu4_3` are here.
//! Gatys, Ecker and Bethge, "Image Style Transfer Using Convolutional Neural Networks",
//! CVPR 2016: what is shown lies in the features of one layer, the style in how the
//! features of several go together (their Gram matrices). Johnson, Alahi and Li, arXiv
//! 1603.08155, teach a net by both.
//!
//! By plain differences of features and of Gram matrices most of both losses is contrast:
//! a style of strong edges has far larger features than a photograph, and a few channels
//! of them outweigh all others, so that what was learned were sharper photographs. So
//! what is shown is compared by features that are normalised over the picture, channel by
//! channel, and Gram matrices are of features over what each channel has in the style
//! (their diagonal is one, the rest cosines).
//!
//! It is native alone (feature `perceptual`): its weights are 30 MB, and no tab carries
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

/// Layers whose features are looked at: `relu1_2`, `relu2_2`, `relu3_3`, `relu4_3`.
pub const LAYERS: usize = 4;

/// The layer that what is shown is compared by, `relu3_3`.
const CONTENT: usize = 2;

/// Channels of each convolution's output; there is a pooling between two groups.
const GROUPS: [&[usize]; LAYERS] = [&[64; 2], &[128; 2], &[256; 3], &[512; 3]];

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
                let (mut weight, mut bias) = (weight.clone(), bias.clone());
                if followed {
                    weight = Tensor::from_inner(weight);
                    bias = Tensor::from_inner(bias);
                }
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

/// Of each channel of each picture: normalised to mean zero and variance one, but for
/// channels that hardly change anywhere.
///
/// # Shapes
/// - features: `[count, channels, height, width]`
/// - output: `[count, channels, height * width]`
fn normal(features: Tensor<4>) -> Tensor<3> {
    let [count, channels, height, width] = features.dims();
    let flat = features.reshape([count, channels, height * width]);
    let middle = flat.clone().mean_dim(2);
    let off = flat - middle;
    let variance = off.clone().square().mean_dim(2);
    let least = variance.clone().mean_dim(1).detach() * FAINT + 1e-6;
    off / (variance + least).sqrt()
}

/// Channels with less than this share of the mean over channels count for less.
const FAINT: f32 = 0.05;

/// The same of a style: one in grey has next to nothing of the channels of colours, and
/// a coloured photograph would be a thousand times too much of them.
const FAINT_IN_STYLE: f32 = 1.0;

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
    /// normalised features over their mean square: 1 for an empty picture, 2 for
    /// another one.
    pub content: Tensor<1>,
    /// How far the style is missed: of each layer `ln(1 + x)`, where `x` is the sum of
    /// squares of what the Gram matrix of features over the style's is off by, over the
    /// sum of its squares; the mean over the layers. By plain `x` one style that is far
    /// off outweighs the others, and all of them become a flat grey.
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
        let lift = |plain: Tensor<3>| match followed {
            true => Tensor::from_inner(plain),
            false => plain,
        };
        let wanted = self.vgg.features(shown, CONTENT + 1).swap_remove(CONTENT);
        let variation = variation(&made);
        let features = self.vgg.features(made, LAYERS);
        let wanted = normal(wanted);
        let size = wanted.clone().square().mean().into_scalar::<f32>();
        let content = (normal(features[CONTENT].clone()) - lift(wanted))
            .square()
            .mean();
        let mut style = None;
        for (target, features) in self.targets.iter().zip(features) {
            let [count, channels, ..] = features.dims();
            let wanted = styles.clone().matmul(target.clone());
            let wanted = wanted.reshape([count, channels, channels]);
            // What each channel has, `[count, channels, 1]`.
            let diagonal = wanted.clone() * Tensor::eye(channels, &wanted.device()).unsqueeze();
            let has = diagonal.sum_dim(2);
            let least = has.clone().mean_dim(1) * FAINT_IN_STYLE;
            let over = (has + least).sqrt().recip();
            let both = over.clone() * over.clone().swap_dims(1, 2);
            let cosines = wanted * both;
            let squares = cosines.clone().square().sum_dim(2).sum_dim(1);
            let scaled = features * lift(over).unsqueeze_dim(3);
            let off = (gram(scaled) - lift(cosines))
                .square()
                .sum_dim(2)
                .sum_dim(1);
            let off = (off / lift(squares)).log1p().sum() / (count * LAYERS) as f32;
            style = Some(match style {
                None => off,
                Some(sum) => sum + off,
            });
        }
        Losses {
            content: content / (size + 1e-6),
            style: style.expect("there are layers"),
            variation,
        }
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
