//! The nets between two domains, and those that judge what they make.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};
use lampwork_kernels::Convolve;
use lampwork_protocol::DomainsConfig;

use crate::translate::{Generator, InstanceNorm};

/// The nets between two domains.
#[derive(Module, Debug)]
pub struct Nets {
    /// From the first domain into a hand of the second.
    to: Generator,
    /// From any hand of the second into the first; none where only one way is learned.
    back: Option<Generator>,
}

impl Nets {
    /// The nets of `config`, their weights not yet drawn.
    pub fn new(config: &DomainsConfig, device: &Device) -> Self {
        Self {
            to: Generator::new(&config.net(config.to.len()), device),
            back: config
                .both_ways()
                .then(|| Generator::new(&config.net(1), device)),
        }
    }

    /// The net into the second domain, whose styles are its hands.
    pub fn to(&self) -> &Generator {
        &self.to
    }

    /// The net into the first domain.
    pub fn back(&self) -> Option<&Generator> {
        self.back.as_ref()
    }
}

/// What judges the pictures of each domain that is made.
#[derive(Module, Debug)]
pub struct Critics {
    /// Of the second domain, by hand.
    pub(super) second: Critic,
    /// Of the first; none where only one way is learned.
    pub(super) first: Option<Critic>,
}

impl Critics {
    /// Those of `config`, their weights not yet drawn.
    pub fn new(config: &DomainsConfig, device: &Device) -> Self {
        let channels = config.shape().channels;
        // A critic of pairs sees what a picture was made of beside it.
        let seen = if config.both_ways() { 1 } else { 2 } * channels;
        Self {
            second: Critic::new(config, seen, config.to.len(), device),
            first: config
                .both_ways()
                .then(|| Critic::new(config, channels, 0, device)),
        }
    }
}

/// Says of pieces of a picture how real each looks (Isola 2017).
#[derive(Module, Debug)]
pub struct Critic {
    /// Each halves the picture.
    convs: Vec<Conv2d>,
    /// One for each convolution but the first.
    norms: Vec<InstanceNorm>,
    head: Conv2d,
    /// What each hand should look like, as features of a piece.
    hands: Option<Linear>,
}

impl Critic {
    /// A critic of so many channels and hands; 0 for pictures that have none.
    pub fn new(config: &DomainsConfig, channels: usize, hands: usize, device: &Device) -> Self {
        let conv = |channels, kernel: usize, stride, padding: usize| {
            Conv2dConfig::new(channels, [kernel, kernel])
                .with_stride([stride, stride])
                .with_padding(PaddingConfig2d::Explicit(
                    padding, padding, padding, padding,
                ))
                .init(device)
        };
        let width = |halvings: usize| config.critic << halvings;
        let count = config.critic_halvings;
        let convs = (0..count)
            .map(|at| {
                let input = if at == 0 { channels } else { width(at - 1) };
                conv([input, width(at)], 4, 2, 1)
            })
            .collect();
        let features = width(count - 1);
        Self {
            convs,
            norms: (1..count)
                .map(|at| InstanceNorm::new(1, width(at), device))
                .collect(),
            head: conv([features, 1], 3, 1, 1),
            hands: (hands > 0).then(|| {
                LinearConfig::new(hands, features)
                    .with_bias(false)
                    .init(device)
            }),
        }
    }

    /// How real each piece looks as one of its hand.
    ///
    /// # Shapes
    /// - pictures: `[count, channels, height, width]` in 0..1
    /// - hands: `[count, hands]`, weights that sum to one
    /// - output: `[count, 1, rows, columns]`, about 1 for real and 0 for made
    pub fn forward(&self, pictures: Tensor<4>, hands: Option<&Tensor<2>>) -> Tensor<4> {
        let mut features = pictures * 2.0 - 1.0;
        for (at, conv) in self.convs.iter().enumerate() {
            features = conv.convolve(features);
            if let Some(norm) = at.checked_sub(1).and_then(|at| self.norms.get(at)) {
                features = norm.forward(features, None);
            }
            features = leaky(features);
        }
        let verdict = self.head.convolve(features.clone());
        match (&self.hands, hands) {
            (Some(layer), Some(hands)) => {
                let [count, channels, ..] = features.dims();
                let wanted = layer.forward(hands.clone());
                let wanted = wanted.reshape([count, channels, 1, 1]);
                verdict + (features * wanted).mean_dim(1)
            }
            _ => verdict,
        }
    }
}

/// The leaky rectifier of slope 0.2 (Maas 2013), by the plain one, which is faster.
fn leaky<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    relu(x.clone()) * 0.8 + x * 0.2
}
