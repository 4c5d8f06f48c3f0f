//! A small convolutional classifier, whose features the measures are taken in.
//!
//! A Frechet distance in the features of a net of our own tells models of this
//! site apart; it must never stand beside figures that were taken in Inception
//! features.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d};
use burn::optim::GradientsParams;
use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::{Device, Tensor};
use lampwork_kernels::Convolve;
use lampwork_protocol::{OptimizerKind, PICTURE_PIXELS, PICTURE_SIDE};

use crate::blocks::dropout::dropout;
use crate::blocks::init::{Spread, initialise};
use crate::blocks::optimizer::Optimizer;
use crate::blocks::{matrix, one_hot};
use crate::{Batch, Noise, Update};

/// Numbers in a picture's feature vector.
pub const FEATURES: usize = 64;

/// Two convolutions of stride 2 and two linear layers.
#[derive(Module, Debug)]
pub struct Classifier {
    convs: Vec<Conv2d>,
    features: Linear,
    head: Linear,
}

impl Classifier {
    /// A net for `classes`, its weights not yet drawn.
    pub fn new(classes: usize, device: &Device) -> Self {
        let conv = |channels| {
            Conv2dConfig::new(channels, [4, 4])
                .with_stride([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device)
        };
        let small = PICTURE_SIDE / 4;
        Self {
            convs: vec![conv([1, 24]), conv([24, 32])],
            features: LinearConfig::new(32 * small * small, FEATURES).init(device),
            head: LinearConfig::new(FEATURES, classes).init(device),
        }
    }

    /// Features (after their rectifier) and logits.
    ///
    /// # Shapes
    /// - pictures: `[count, 784]` in 0..1
    /// - output: `[count, 64]` and `[count, classes]`
    pub fn forward(
        &self,
        pictures: Tensor<2>,
        mut noise: Option<&mut Noise>,
    ) -> (Tensor<2>, Tensor<2>) {
        let count = pictures.dims()[0];
        let mut image = pictures.reshape([count, 1, PICTURE_SIDE, PICTURE_SIDE]);
        for conv in &self.convs {
            image = relu(conv.convolve(image));
        }
        let flat = dropout(image.flatten(1, 3), 0.3, noise.as_deref_mut());
        let features = relu(self.features.forward(flat));
        let logits = self.head.forward(dropout(features.clone(), 0.3, noise));
        (features, logits)
    }
}

/// Training of a [`Classifier`] by AdamW on cross-entropy.
#[derive(Debug)]
pub struct ClassifierRun {
    net: Classifier,
    classes: usize,
    optimizer: Optimizer,
    step: u64,
    seed: u64,
}

impl ClassifierRun {
    /// A run at step 0.
    pub fn new(classes: usize, seed: u64, device: &Device, update: Update) -> Self {
        let mut noise = Noise::new(seed, 0);
        let net = Classifier::new(classes, device);
        let kind = OptimizerKind::AdamW {
            beta1: 0.9,
            beta2: 0.999,
            weight_decay: 0.01,
        };
        Self {
            net: initialise(net, Spread::He, &mut noise, device).train(),
            classes,
            optimizer: Optimizer::new(kind, Some(5.0), update),
            step: 0,
            seed,
        }
    }

    /// One step; the loss in nats, `[1]`.
    pub fn step_on(&mut self, batch: &Batch, rate: f32, device: &Device) -> Tensor<1> {
        let device = device.clone().autodiff();
        self.step += 1;
        let mut noise = Noise::new(self.seed, self.step);
        let count = batch.labels.len();
        let pictures = matrix(batch.pictures.to_vec(), count, PICTURE_PIXELS, &device);
        let targets = one_hot(batch.labels, self.classes, &device);
        let (_, logits) = self.net.forward(pictures, Some(&mut noise));
        let loss = -(log_softmax(logits, 1) * targets).sum_dim(1).mean();
        let gradients = GradientsParams::from_grads(loss.clone().backward(), &self.net);
        self.net = self.optimizer.step(self.net.clone(), gradients, rate);
        loss.inner()
    }

    /// The net as it is now.
    pub fn net(&self) -> Classifier {
        self.net.valid()
    }
}
