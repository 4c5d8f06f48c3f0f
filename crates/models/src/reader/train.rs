//! What a reader is taught by.

use std::collections::HashMap;

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Tensor};
use lampwork_protocol::{OptimizerKind, Shape};

use super::Reader;
use crate::blocks::init::{Spread, initialise};
use crate::blocks::optimizer::Optimizer;
use crate::blocks::{ema, matrix};
use crate::run::planes;
use crate::{Noise, Update};

/// What likenesses are divided by.
const TEMPERATURE: f32 = 0.1;

/// Decay of the mean of the weights that is read with.
const DECAY: f32 = 0.995;

/// The supervised contrastive loss (Khosla 2020, its `L_out`), `[1]`: for each picture,
/// how little likely those of the same character are among all others, by likeness.
///
/// # Shapes
/// - places: `[count, dimensions]`, each of length one
/// - characters: `[count]`
pub fn contrastive(places: Tensor<2>, characters: &[u32]) -> Tensor<1> {
    let count = characters.len();
    let device = places.device();
    let mut of: HashMap<u32, usize> = HashMap::new();
    for &character in characters {
        *of.entry(character).or_default() += 1;
    }
    // Weights of each pair, so that all pictures that have kin count the same.
    let paired = characters.iter().filter(|c| of[c] > 1).count().max(1);
    let mut weights = vec![0.0; count * count];
    let mut itself = vec![0.0; count * count];
    for (row, a) in characters.iter().enumerate() {
        itself[row * count + row] = -1e4;
        for (column, b) in characters.iter().enumerate() {
            if row != column && a == b {
                weights[row * count + column] = 1.0 / ((of[a] - 1) * paired) as f32;
            }
        }
    }
    let alike = places.clone().matmul(places.transpose()) / TEMPERATURE;
    let odds = log_softmax(alike + matrix(itself, count, count, &device), 1);
    -(odds * matrix(weights, count, count, &device)).sum()
}

/// Training of a [`Reader`] by AdamW.
#[derive(Debug)]
pub struct ReaderRun {
    net: Reader,
    average: Reader,
    optimizer: Optimizer,
    update: Update,
    step: u64,
}

impl ReaderRun {
    /// A run at step 0.
    pub fn new(seed: u64, device: &Device, update: Update) -> Self {
        let mut noise = Noise::new(seed, 0);
        let net = initialise(Reader::new(device), Spread::He, &mut noise, device);
        let kind = OptimizerKind::AdamW {
            beta1: 0.9,
            beta2: 0.99,
            weight_decay: 0.02,
        };
        Self {
            average: net.clone(),
            net: net.train(),
            optimizer: Optimizer::new(kind, Some(5.0), update),
            update,
            step: 0,
        }
    }

    /// One step; the loss in nats, `[1]`.
    ///
    /// # Shapes
    /// - pictures: `[count, 48, 48]` in 0..1
    /// - characters: `[count]`
    pub fn step_on(
        &mut self,
        pictures: Vec<f32>,
        characters: &[u32],
        rate: f32,
        device: &Device,
    ) -> Tensor<1> {
        let device = device.clone().autodiff();
        let pictures = planes(pictures, characters.len(), Shape::BRUSH, &device);
        let loss = contrastive(self.net.forward(pictures), characters);
        let gradients = GradientsParams::from_grads(loss.clone().backward(), &self.net);
        self.net = self.optimizer.step(self.net.clone(), gradients, rate);
        let average = self.average.clone();
        self.average = ema::towards(average, &self.net, DECAY, self.step, self.update);
        self.step += 1;
        loss.inner()
    }

    /// The net as it reads now, by the mean of its weights.
    pub fn net(&self) -> Reader {
        self.average.clone()
    }
}
