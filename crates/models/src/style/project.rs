//! The styles of a given picture.
//!
//! Karras 2020, section 5, and Abdal 2019, arXiv 1904.03189: by gradient, a style for
//! each layer, from the mean on. What is compared are not the features of a net, which
//! would have to be fetched, but the pictures at four resolutions.

use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use lampwork_protocol::{Latent, Shape, StyleConfig};

use super::mix::{grains, mean, spread};
use super::net::as_planes;
use super::{Generator, Mix, as_rows};
use crate::blocks::matrix;
use crate::{ModelError, Noise};

const LAYERS: usize = StyleConfig::LAYERS;

/// Draws of which the nearest is where it begins, and how many are looked at a turn.
const TRIED: usize = 64;
const AT_ONCE: usize = 8;
/// Truncation of the draws.
const TRUNCATION: f32 = 0.8;
const SEED: u64 = 0x9_0f0e;

/// Longest step, in standard deviations of the styles.
const RATE: f32 = 0.08;
/// Shares of the steps in which the length rises and falls.
const RISE: f32 = 0.05;
const FALL: f32 = 0.4;
/// Price of the squared distance from the mean style, which keeps to where the
/// generator makes sense.
const PRICE: f32 = 2e-4;

const BETA1: f32 = 0.9;
const BETA2: f32 = 0.99;

/// A picture on its way to its styles.
#[derive(Debug)]
pub struct Projecting {
    /// On the autodiff device, without gradients of its own.
    generator: Generator,
    latent: usize,
    /// The picture at four resolutions, from the finest on: `[1, 3, side, side]`.
    target: Vec<Tensor<4>>,
    /// The noise that the layers add, of one picture.
    grain: Vec<Tensor<4>>,
    grain_seed: u64,
    /// `[1, styles]`.
    mean: Tensor<2>,
    /// Standard deviation of each number of a style, `[1, styles]`.
    spread: Tensor<2>,
    /// Draws that were looked at; all before the first step.
    tried: usize,
    best: Option<(f32, Vec<f32>)>,
    state: Option<State>,
    step: usize,
    steps: usize,
}

/// What moves, on the plain device: deviations from the mean in standard deviations,
/// `[LAYERS, styles]`, and Adam's means of the gradient and of its square.
#[derive(Debug, Clone)]
struct State {
    at: Tensor<2>,
    first: Tensor<2>,
    second: Tensor<2>,
}

/// The styles that were found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// [`Latent::Styles`].
    pub latent: Latent,
    /// How near the picture made of them comes, in decibels (PSNR).
    pub psnr: f32,
}

impl Projecting {
    /// Begins with `picture`, `[32, 32, 3]` in 0..1.
    ///
    /// `steps` follow after the draws to begin with have been looked at. The noise
    /// that layers add is that of the seed `grain`.
    pub fn new(
        generator: &Generator,
        latent: usize,
        picture: &[f32],
        steps: usize,
        grain: u64,
    ) -> Self {
        assert_eq!(picture.len(), Shape::COLOUR.values(), "one picture");
        let device = generator.device();
        let target = as_planes(picture.to_vec(), 1, &device);
        let noise = Mix::found(vec![], grain);
        Self {
            mean: mean(generator, latent),
            spread: spread(generator, latent),
            generator: generator.clone().train().no_grad(),
            latent,
            target: pyramid(target),
            grain: grains(&[&noise], &device),
            grain_seed: grain,
            tried: 0,
            best: None,
            state: None,
            step: 0,
            steps: steps.max(1),
        }
    }

    /// Turns taken, and turns in all.
    pub fn progress(&self) -> (usize, usize) {
        let looks = TRIED / AT_ONCE;
        (self.tried / AT_ONCE + self.step, looks + self.steps)
    }

    /// The picture as it is now, `[1, 3072]` in 0..1, not yet read; `None` before the
    /// first step.
    pub fn picture(&self) -> Option<Tensor<2>> {
        let state = self.state.as_ref()?;
        let made = self.synthesise(&self.generator.valid(), state.at.clone(), false);
        Some(as_rows(made))
    }

    /// Takes one turn; the styles after the last.
    ///
    /// # Errors
    ///
    /// [`ModelError::Device`] where the device fails.
    pub async fn advance(&mut self) -> Result<Option<Found>, ModelError> {
        if self.tried < TRIED {
            self.look().await?;
            return Ok(None);
        }
        if self.step < self.steps {
            self.descend();
            self.step += 1;
        }
        if self.step < self.steps {
            return Ok(None);
        }
        self.found().await.map(Some)
    }

    /// Looks at some draws, and keeps the one that is nearest.
    async fn look(&mut self) -> Result<(), ModelError> {
        let plain = self.generator.valid();
        let device = plain.device();
        let mut noise = Noise::new(SEED, self.tried as u64);
        let z = noise.normal(AT_ONCE * self.latent);
        let z = matrix(z, AT_ONCE, self.latent, &device);
        let mut deviations = (plain.style_of(z) - self.mean.clone()) * TRUNCATION;
        if self.tried == 0 {
            // The mean itself is one of them.
            let rest = deviations.clone().narrow(0, 1, AT_ONCE - 1);
            deviations = Tensor::cat(vec![self.mean.zeros_like(), rest], 0);
        }
        let styles = deviations.clone() + self.mean.clone();
        let grain: Vec<_> = self
            .grain
            .iter()
            .map(|one| one.clone().repeat_dim(0, AT_ONCE))
            .collect();
        let made = plain.synthesise(&vec![styles; LAYERS], Some(&grain));
        // [AT_ONCE, 1]
        let apart = apart(made, &self.target);
        let scaled = deviations / self.spread.clone();
        let read = read(Tensor::cat(vec![apart, scaled], 1)).await?;
        for row in read.chunks(read.len() / AT_ONCE) {
            if self.best.as_ref().is_none_or(|(best, _)| row[0] < *best) {
                self.best = Some((row[0], row[1..].to_vec()));
            }
        }
        self.tried += AT_ONCE;
        if let (true, Some((_, best))) = (self.tried >= TRIED, &self.best) {
            let styles = best.len();
            let at = matrix(best.repeat(LAYERS), LAYERS, styles, &device);
            self.state = Some(State {
                first: at.zeros_like(),
                second: at.zeros_like(),
                at,
            });
        }
        Ok(())
    }

    /// One step of Adam, along the gradient of the distance.
    fn descend(&mut self) {
        let Some(State { at, first, second }) = self.state.take() else {
            return;
        };
        let moving = Tensor::from_inner(at.clone()).require_grad();
        let made = self.synthesise(&self.generator, moving.clone(), true);
        let target: Vec<_> = (self.target.iter())
            .map(|one| Tensor::from_inner(one.clone()))
            .collect();
        let loss = apart(made, &target).sum() + moving.clone().square().mean() * PRICE;
        let gradients = loss.backward();
        let gradient = moving.grad(&gradients).expect("it was asked for");
        let steps = self.step as i32 + 1;
        let first = first * BETA1 + gradient.clone() * (1.0 - BETA1);
        let second = second * BETA2 + gradient.square() * (1.0 - BETA2);
        let root = (second.clone() / (1.0 - BETA2.powi(steps))).sqrt() + 1e-8;
        let rate = self.rate() / (1.0 - BETA1.powi(steps));
        self.state = Some(State {
            at: at - first.clone() / root * rate,
            first,
            second,
        });
    }

    /// Rises in a line and falls along half a cosine (Karras 2020).
    fn rate(&self) -> f32 {
        let done = (self.step as f32 + 1.0) / self.steps as f32;
        let rise = (done / RISE).min(1.0);
        let fall = ((1.0 - done) / FALL).min(1.0);
        RATE * rise * (0.5 - 0.5 * (fall * std::f32::consts::PI).cos())
    }

    /// The picture of deviations `[LAYERS, styles]`; on the autodiff device or not.
    fn synthesise(&self, generator: &Generator, at: Tensor<2>, autodiff: bool) -> Tensor<4> {
        let lift = |tensor: &Tensor<2>| match autodiff {
            true => Tensor::from_inner(tensor.clone()),
            false => tensor.clone(),
        };
        let styles = at * lift(&self.spread) + lift(&self.mean);
        let styles: Vec<_> = (0..LAYERS)
            .map(|layer| styles.clone().narrow(0, layer, 1))
            .collect();
        let grain: Vec<_> = (self.grain.iter())
            .map(|one| match autodiff {
                true => Tensor::from_inner(one.clone()),
                false => one.clone(),
            })
            .collect();
        generator.synthesise(&styles, Some(&grain))
    }

    async fn found(&self) -> Result<Found, ModelError> {
        let state = self.state.as_ref().expect("steps were taken");
        let deviations = read(state.at.clone() * self.spread.clone()).await?;
        let farthest = deviations.iter().fold(0.0_f32, |far, x| far.max(x.abs()));
        // A byte each: a link carries them.
        let unit = (farthest / 127.0).clamp(1e-6, 1.0);
        let values: Vec<i8> = deviations
            .iter()
            .map(|x| (x / unit).round().clamp(-127.0, 127.0) as i8)
            .collect();
        let rounded: Vec<f32> = values.iter().map(|&x| f32::from(x) * unit).collect();
        let plain = self.generator.valid();
        let device = plain.device();
        let rounded = matrix(rounded, LAYERS, deviations.len() / LAYERS, &device);
        let made = self.synthesise(&plain, rounded / self.spread.clone(), false);
        let error = (as_rows(made) - as_rows(self.target[0].clone())).square();
        let error = read(error.mean().reshape([1, 1])).await?[0];
        Ok(Found {
            latent: Latent::Styles {
                values,
                unit,
                grain: self.grain_seed,
            },
            psnr: -10.0 * error.max(1e-10).log10(),
        })
    }
}

/// A picture at 32, 16, 8 and 4 pixels a side.
fn pyramid(picture: Tensor<4>) -> Vec<Tensor<4>> {
    let mut all = vec![picture];
    for _ in 0..3 {
        let last = all.last().expect("one at least").clone();
        all.push(halved(last));
    }
    all
}

/// Means of two by two pixels.
fn halved(picture: Tensor<4>) -> Tensor<4> {
    let [count, channels, height, width] = picture.dims();
    picture
        .reshape([count, channels, height / 2, 2, width / 2, 2])
        .mean_dim(5)
        .mean_dim(3)
        .reshape([count, channels, height / 2, width / 2])
}

/// How far pictures are from the target: the mean square at the finest resolution, and
/// the mean distance at each: `[count, 1]`.
fn apart(made: Tensor<4>, target: &[Tensor<4>]) -> Tensor<2> {
    let count = made.dims()[0];
    let each = |tensor: Tensor<4>| tensor.flatten::<2>(1, 3).mean_dim(1);
    let squared = each((made.clone() - target[0].clone()).square());
    let mut sum = squared;
    for (made, target) in pyramid(made).into_iter().zip(target) {
        sum = sum + each((made - target.clone()).abs()) * 0.5;
    }
    sum.reshape([count, 1])
}

async fn read(tensor: Tensor<2>) -> Result<Vec<f32>, ModelError> {
    let data: TensorData = tensor.into_data_async().await?;
    data.try_into_vec()
        .map_err(|error| ModelError::Device(format!("{error:?}")))
}
