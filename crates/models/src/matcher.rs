//! A net that says how well a picture and words go together.
//!
//! A picture and a word vector are each turned into a vector of length 1; their
//! cosine says how well they match. It learns from pairs to tell the words of a
//! picture from those of all the others in its batch, and the other way round
//! (Radford 2021, "Learning Transferable Visual Models From Natural Language
//! Supervision", arXiv 2103.00020). Its features are what colour pictures are
//! measured in; as those of [`crate::classifier`], they are our own and must
//! never stand beside figures that were taken in Inception features.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d};
use burn::optim::GradientsParams;
use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::{Device, Tensor};
use lampwork_kernels::Convolve;
use lampwork_protocol::{OptimizerKind, Shape};

use crate::blocks::dropout::dropout;
use crate::blocks::init::{Spread, initialise};
use crate::blocks::optimizer::Optimizer;
use crate::blocks::{matrix, one_hot};
use crate::{Batch, Noise, Update};

/// Numbers of the vectors that are compared.
pub const MATCHED: usize = 96;

/// Numbers in a picture's feature vector.
pub const FEATURES: usize = 128;

/// What a cosine is multiplied by before the softmax: a temperature of 1 / 16.
const SHARPNESS: f32 = 16.0;

/// Share of the features that are dropped in training.
const DROPOUT: f32 = 0.1;

/// Two towers and a head that names the style.
#[derive(Module, Debug)]
pub struct Matcher {
    convs: Vec<Conv2d>,
    features: Linear,
    picture: Linear,
    style: Linear,
    words_in: Linear,
    words_out: Linear,
}

/// What is seen in pictures.
#[derive(Debug, Clone)]
pub struct Looked {
    /// `[count, 128]`, after their rectifier.
    pub features: Tensor<2>,
    /// `[count, styles]`.
    pub logits: Tensor<2>,
    /// `[count, 96]` of length 1, to compare with [`Matcher::words`].
    pub matched: Tensor<2>,
}

impl Matcher {
    /// A net for `styles` and word vectors of `words` dimensions, its weights not
    /// yet drawn.
    pub fn new(styles: usize, words: usize, device: &Device) -> Self {
        let halving = |channels| {
            Conv2dConfig::new(channels, [4, 4])
                .with_stride([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device)
        };
        let small = Shape::COLOUR.side / 8;
        Self {
            convs: vec![halving([3, 48]), halving([48, 96]), halving([96, 128])],
            features: LinearConfig::new(128 * small * small, FEATURES).init(device),
            picture: LinearConfig::new(FEATURES, MATCHED).init(device),
            style: LinearConfig::new(FEATURES, styles).init(device),
            words_in: LinearConfig::new(words, 2 * MATCHED).init(device),
            words_out: LinearConfig::new(2 * MATCHED, MATCHED).init(device),
        }
    }

    /// Looks at pictures, `[count, 32 * 32 * 3]` in 0..1.
    pub fn look(&self, pictures: Tensor<2>, mut noise: Option<&mut Noise>) -> Looked {
        let count = pictures.dims()[0];
        let Shape { side, channels } = Shape::COLOUR;
        let mut image = pictures
            .reshape([count, side, side, channels])
            .permute([0, 3, 1, 2]);
        for conv in &self.convs {
            image = relu(conv.convolve(image));
        }
        let flat = dropout(image.flatten(1, 3), DROPOUT, noise.as_deref_mut());
        let features = relu(self.features.forward(flat));
        let seen = dropout(features.clone(), DROPOUT, noise);
        Looked {
            logits: self.style.forward(seen.clone()),
            matched: of_length_one(self.picture.forward(seen)),
            features,
        }
    }

    /// Word vectors, `[count, dimensions]`, as vectors to compare, `[count, 96]`.
    pub fn words(&self, words: Tensor<2>) -> Tensor<2> {
        let scale = (words.dims()[1] as f32).sqrt();
        let hidden = relu(self.words_in.forward(words * scale));
        of_length_one(self.words_out.forward(hidden))
    }
}

/// The contrastive loss in nats, `[1]`: the mean over both directions of the
/// cross-entropy between the softmax of all cosines and the pairs that belong
/// together. Where several do (two drawings of one concept), each is as right.
///
/// # Shapes
/// - pictures, words: `[count, n]` of length 1
/// - concepts: `count` numbers; equal ones belong together
pub fn contrastive(pictures: Tensor<2>, words: Tensor<2>, concepts: &[u16]) -> Tensor<1> {
    let count = concepts.len();
    let device = pictures.device();
    let mut targets = vec![0.0; count * count];
    for (row, concept) in concepts.iter().enumerate() {
        let alike = concepts.iter().filter(|other| *other == concept).count();
        for (column, other) in concepts.iter().enumerate() {
            if other == concept {
                targets[row * count + column] = 1.0 / alike as f32;
            }
        }
    }
    // Symmetric, so one matrix of targets serves both ways.
    let targets = matrix(targets, count, count, &device);
    let cosines = pictures.matmul(words.transpose()) * SHARPNESS;
    let one_way = |cosines: Tensor<2>| {
        -(log_softmax(cosines, 1) * targets.clone())
            .sum_dim(1)
            .mean()
    };
    (one_way(cosines.clone()) + one_way(cosines.transpose())) * 0.5
}

fn of_length_one(rows: Tensor<2>) -> Tensor<2> {
    let length = (rows.clone().square().sum_dim(1) + 1e-12).sqrt();
    rows / length
}

/// Training of a [`Matcher`] by AdamW on [`contrastive`] and the cross-entropy
/// of the style.
#[derive(Debug)]
pub struct MatcherRun {
    net: Matcher,
    styles: usize,
    words: usize,
    optimizer: Optimizer,
    step: u64,
    seed: u64,
}

impl MatcherRun {
    /// A run at step 0.
    pub fn new(styles: usize, words: usize, seed: u64, device: &Device, update: Update) -> Self {
        let net = Matcher::new(styles, words, device);
        let kind = OptimizerKind::AdamW {
            beta1: 0.9,
            beta2: 0.99,
            weight_decay: 0.05,
        };
        Self {
            net: initialise(net, Spread::He, &mut Noise::new(seed, 0), device).train(),
            styles,
            words,
            optimizer: Optimizer::new(kind, Some(5.0), update),
            step: 0,
            seed,
        }
    }

    /// One step; the loss in nats, `[1]`.
    ///
    /// # Panics
    /// The batch has not a word vector for each picture, or `concepts` is of
    /// another length.
    pub fn step_on(
        &mut self,
        batch: &Batch,
        concepts: &[u16],
        rate: f32,
        device: &Device,
    ) -> Tensor<1> {
        let device = device.clone().autodiff();
        self.step += 1;
        let mut noise = Noise::new(self.seed, self.step);
        let count = batch.labels.len();
        let values = Shape::COLOUR.values();
        let pictures = matrix(batch.pictures.to_vec(), count, values, &device);
        let words = matrix(batch.words.to_vec(), count, self.words, &device);
        let looked = self.net.look(pictures, Some(&mut noise));
        let styles = one_hot(batch.labels, self.styles, &device);
        let style = -(log_softmax(looked.logits, 1) * styles).sum_dim(1).mean();
        let loss = contrastive(looked.matched, self.net.words(words), concepts) + style;
        let gradients = GradientsParams::from_grads(loss.clone().backward(), &self.net);
        self.net = self.optimizer.step(self.net.clone(), gradients, rate);
        loss.inner()
    }

    /// The net as it is now.
    pub fn net(&self) -> Matcher {
        self.net.valid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(pictures: [[f32; 2]; 3], words: [[f32; 2]; 3], concepts: [u16; 3]) -> f32 {
        let device = Device::flex();
        let tensor = |rows: [[f32; 2]; 3]| {
            Tensor::<2>::from_data(
                burn::tensor::TensorData::new(rows.concat(), [3, 2]),
                &device,
            )
        };
        contrastive(tensor(pictures), tensor(words), &concepts).into_scalar()
    }

    #[test]
    fn the_loss_is_the_closed_form() {
        let (x, y) = ([1.0, 0.0], [0.0, 1.0]);
        // Three equal rows: nothing to tell, so the entropy of three.
        let even = loss([x; 3], [x; 3], [1, 2, 3]);
        assert!((even - 3f32.ln()).abs() < 1e-5, "{even}");
        // Two drawings of one concept, and another concept, told right: what is
        // left is not to know which of the two, and a little doubt.
        let right = loss([x, x, y], [x, x, y], [7, 7, 9]);
        let e = (-SHARPNESS).exp();
        let by_hand = (2.0 * (2.0 + e).ln() + (1.0 + 2.0 * e).ln()) / 3.0;
        assert!((right - by_hand).abs() < 1e-5, "{right} {by_hand}");
        assert!(loss([x, x, y], [y, y, x], [7, 7, 9]) > 10.0);
    }

    #[test]
    fn it_learns_to_match_colours_with_words() {
        let device = Device::flex();
        let mut run = MatcherRun::new(2, 4, 1, &device, Update::Host);
        // Four plain colours, a word vector each.
        let values = Shape::COLOUR.values();
        let colours = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0; 3]];
        let pictures: Vec<f32> = colours
            .iter()
            .flat_map(|colour| colour.iter().copied().cycle().take(values))
            .collect();
        let words: Vec<f32> = (0..16).map(|at| f32::from(u8::from(at % 5 == 0))).collect();
        let batch = Batch {
            pictures: &pictures,
            labels: &[0, 1, 0, 1],
            words: &words,
        };
        for _ in 0..60 {
            run.step_on(&batch, &[0, 1, 2, 3], 1e-3, &device);
        }
        let net = run.net();
        let looked = net.look(matrix(pictures.clone(), 4, values, &device), None);
        let cosines = looked
            .matched
            .matmul(net.words(matrix(words.clone(), 4, 4, &device)).transpose());
        let cosines: Vec<f32> = cosines.into_data().try_into_vec().unwrap();
        for row in 0..4 {
            let best = (0..4)
                .max_by(|&a, &b| cosines[row * 4 + a].total_cmp(&cosines[row * 4 + b]))
                .unwrap();
            assert_eq!(best, row, "{cosines:?}");
        }
        let logits: Vec<f32> = looked.logits.into_data().try_into_vec().unwrap();
        assert!(logits[0] > logits[1] && logits[3] > logits[2]);
    }
}
