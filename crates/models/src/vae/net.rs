//! The nets of a VAE.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::activation::{relu, sigmoid};
use burn::tensor::{Device, Tensor};
use lampwork_kernels::Convolve;
use lampwork_protocol::{NetKind, PICTURE_PIXELS, PICTURE_SIDE, VaeConfig};

use super::Couplings;
use super::prior::{ClassPrior, Placed};
use crate::Noise;
use crate::blocks::dropout::dropout;
use crate::blocks::film::Film;

/// Side of the picture after two convolutions of stride 2.
const SMALL: usize = PICTURE_SIDE / 4;

/// Hidden units of each coupling.
const COUPLED: usize = 96;

/// Encoder and decoder.
#[derive(Module, Debug)]
pub struct Vae {
    encoder: Encoder,
    decoder: Decoder,
    /// Where the latent points of each class lie; none where a latent point is
    /// drawn from the standard normal.
    pub prior: Option<ClassPrior>,
    /// What bends the prior of a class, where it has one.
    couplings: Option<Couplings>,
}

/// From picture to the mean and log-variance of its latent point.
#[derive(Module, Debug)]
struct Encoder {
    /// Convolutions of a convolutional net; empty for an MLP.
    convs: Vec<Conv2d>,
    /// Fully connected layers.
    layers: Vec<Linear>,
    /// From class weights into the last hidden layer; none when unconditional.
    class: Option<Linear>,
    /// To `2 * latent` numbers.
    head: Linear,
    dropout: f64,
}

/// From a latent point to the logits of a picture.
#[derive(Module, Debug)]
struct Decoder {
    /// From latent coordinates into the first hidden layer.
    input: Linear,
    /// The class, before each rectifier; empty when unconditional.
    films: Vec<Film>,
    /// Fully connected layers.
    layers: Vec<Linear>,
    /// Transposed convolutions of a convolutional net; empty for an MLP.
    convs: Vec<ConvTranspose2d>,
    channels: usize,
    dropout: f64,
}

impl Vae {
    /// The net of `config`, its weights not yet drawn.
    pub fn new(config: &VaeConfig, device: &Device) -> Self {
        let VaeConfig {
            latent,
            classes,
            couplings,
            ..
        } = *config;
        let fitted = config.class_prior && classes > 0;
        Self {
            encoder: Encoder::new(config, device),
            decoder: Decoder::new(config, device),
            prior: fitted.then(|| ClassPrior::new(classes, latent, device)),
            couplings: (fitted && couplings > 0)
                .then(|| Couplings::new(couplings, classes, latent, COUPLED, device)),
        }
    }

    /// The prior of each class made ready for many points; none where a latent
    /// point is drawn from the standard normal.
    pub fn placed(&self) -> Option<Placed> {
        let prior = self.prior.as_ref()?;
        Some(prior.placed(self.couplings.clone()))
    }

    /// [`Vae::placed`] where it is bent: one that is not moves without a gradient,
    /// and no step need factor it.
    pub(super) fn bent(&self) -> Option<Placed> {
        self.couplings.as_ref()?;
        self.placed()
    }

    /// Mean and log-variance of each picture's latent point.
    ///
    /// With `noise`, hidden units are dropped as in training.
    ///
    /// # Shapes
    /// - pictures: `[count, 784]` in 0..1
    /// - classes: `[count, classes]`; `[count, 0]` is never made, so `None` when
    ///   unconditional
    /// - output: two of `[count, latent]`
    pub fn encode(
        &self,
        pictures: Tensor<2>,
        classes: Option<Tensor<2>>,
        noise: Option<&mut Noise>,
    ) -> (Tensor<2>, Tensor<2>) {
        self.encoder.forward(pictures, classes, noise)
    }

    /// Logits of the pixels at latent points.
    ///
    /// # Shapes
    /// - z: `[count, latent]`
    /// - classes: `[count, classes]`
    /// - output: `[count, 784]`
    pub fn logits(
        &self,
        z: Tensor<2>,
        classes: Option<Tensor<2>>,
        noise: Option<&mut Noise>,
    ) -> Tensor<2> {
        self.decoder.forward(z, classes, noise)
    }

    /// Pictures at latent points: the mean of each pixel, in 0..1.
    pub fn decode(&self, z: Tensor<2>, classes: Option<Tensor<2>>) -> Tensor<2> {
        sigmoid(self.logits(z, classes, None))
    }
}

impl Encoder {
    fn new(config: &VaeConfig, device: &Device) -> Self {
        let width = config.width;
        let (convs, layers, hidden) = match config.net {
            NetKind::Mlp => (
                vec![],
                vec![
                    linear(PICTURE_PIXELS, width, device),
                    linear(width, width, device),
                ],
                width,
            ),
            NetKind::Conv => (
                vec![conv([1, width], device), conv([width, 2 * width], device)],
                vec![],
                2 * width * SMALL * SMALL,
            ),
        };
        Self {
            convs,
            layers,
            class: (config.classes > 0).then(|| linear(config.classes, hidden, device)),
            head: linear(hidden, 2 * config.latent, device),
            dropout: f64::from(config.dropout),
        }
    }

    fn forward(
        &self,
        pictures: Tensor<2>,
        classes: Option<Tensor<2>>,
        mut noise: Option<&mut Noise>,
    ) -> (Tensor<2>, Tensor<2>) {
        let count = pictures.dims()[0];
        // [count, hidden]
        let mut hidden = pictures;
        if !self.convs.is_empty() {
            let mut image = hidden.reshape([count, 1, PICTURE_SIDE, PICTURE_SIDE]);
            for conv in &self.convs {
                image = relu(conv.convolve(image));
            }
            hidden = image.flatten(1, 3);
        }
        for layer in &self.layers {
            hidden = relu(layer.forward(hidden));
            hidden = dropout(hidden, self.dropout as f32, noise.as_deref_mut());
        }
        if let (Some(layer), Some(classes)) = (&self.class, classes) {
            hidden = hidden + layer.forward(classes);
        }
        let mut halves = self.head.forward(hidden).chunk(2, 1).into_iter();
        let mean = halves.next().expect("two halves");
        // Bounded so that a wild start cannot overflow the exponential.
        let log_variance = halves.next().expect("two halves").clamp(-12.0, 12.0);
        (mean, log_variance)
    }
}

impl Decoder {
    fn new(config: &VaeConfig, device: &Device) -> Self {
        let width = config.width;
        let (hidden, layers, convs) = match config.net {
            NetKind::Mlp => (
                width,
                vec![
                    linear(width, width, device),
                    linear(width, PICTURE_PIXELS, device),
                ],
                vec![],
            ),
            NetKind::Conv => (
                2 * width * SMALL * SMALL,
                vec![],
                vec![up([2 * width, width], device), up([width, 1], device)],
            ),
        };
        let films = if config.classes > 0 {
            [hidden, width]
                .map(|features| Film::new(config.classes, features, device))
                .to_vec()
        } else {
            vec![]
        };
        Self {
            input: linear(config.latent, hidden, device),
            films,
            layers,
            convs,
            channels: 2 * width,
            dropout: f64::from(config.dropout),
        }
    }

    fn forward(
        &self,
        z: Tensor<2>,
        classes: Option<Tensor<2>>,
        mut noise: Option<&mut Noise>,
    ) -> Tensor<2> {
        let count = z.dims()[0];
        let film = |at: usize| {
            let film = self.films.get(at)?;
            classes.clone().map(|classes| (film, classes))
        };
        // [count, hidden]
        let mut hidden = relu(modulated(self.input.forward(z), film(0)));
        if let Some((last, inner)) = self.layers.split_last() {
            for (at, layer) in inner.iter().enumerate() {
                hidden = dropout(hidden, self.dropout as f32, noise.as_deref_mut());
                hidden = relu(modulated(layer.forward(hidden), film(at + 1)));
            }
            return last.forward(hidden);
        }
        let mut image = hidden.reshape([count, self.channels, SMALL, SMALL]);
        if let Some((last, inner)) = self.convs.split_last() {
            for (at, conv) in inner.iter().enumerate() {
                image = relu(modulated(conv.convolve(image), film(at + 1)));
            }
            image = last.convolve(image);
        }
        image.flatten(1, 3)
    }
}

/// Features as the class has them, where there is one.
fn modulated<const D: usize>(x: Tensor<D>, film: Option<(&Film, Tensor<2>)>) -> Tensor<D> {
    match film {
        Some((film, classes)) => film.forward(x, classes),
        None => x,
    }
}

fn linear(input: usize, output: usize, device: &Device) -> Linear {
    LinearConfig::new(input, output).init(device)
}

/// A 4x4 convolution that halves the side.
fn conv(channels: [usize; 2], device: &Device) -> Conv2d {
    Conv2dConfig::new(channels, [4, 4])
        .with_stride([2, 2])
        .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
        .init(device)
}

/// A 4x4 transposed convolution that doubles the side.
fn up(channels: [usize; 2], device: &Device) -> ConvTranspose2d {
    ConvTranspose2dConfig::new(channels, [4, 4])
        .with_stride([2, 2])
        .with_padding([1, 1])
        .init(device)
}
