//! The nets between two domains, and those that judge what they make.

use burn::module::Module;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::tensor::{Device, Tensor};
use lampwork_kernels::{Convolve, leaky};
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
    /// A verdict for each hand, one where there are none.
    head: Conv2d,
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
            head: conv([features, hands.max(1)], 3, 1, 1),
        }
    }

    /// How real each piece looks as one of each hand.
    ///
    /// # Shapes
    /// - pictures: `[count, channels, height, width]` in 0..1
    /// - output: `[count, hands, rows, columns]`, about 1 for real ones of that hand and
    ///   0 for made ones and for those of another; one hand where there are none
    pub fn verdicts(&self, pictures: Tensor<4>) -> Tensor<4> {
        let mut features = pictures * 2.0 - 1.0;
        for (at, conv) in self.convs.iter().enumerate() {
            features = conv.convolve(features);
            if let Some(norm) = at.checked_sub(1).and_then(|at| self.norms.get(at)) {
                features = norm.forward(features, None);
            }
            features = leaky(features);
        }
        self.head.convolve(features)
    }

    /// How real each piece looks as one of its own hand, `[count, 1, rows, columns]`.
    ///
    /// # Shapes
    /// - hands: `[count, hands]`, weights that sum to one; none where there are none
    pub fn forward(&self, pictures: Tensor<4>, hands: Option<&Tensor<2>>) -> Tensor<4> {
        own(self.verdicts(pictures), hands)
    }
}

/// Of verdicts for each hand, `[count, hands, rows, columns]`, those for a picture's own.
pub(super) fn own(verdicts: Tensor<4>, hands: Option<&Tensor<2>>) -> Tensor<4> {
    match hands {
        Some(hands) => {
            let [count, among] = hands.dims();
            (verdicts * hands.clone().reshape([count, among, 1, 1])).sum_dim(1)
        }
        None => verdicts,
    }
}
