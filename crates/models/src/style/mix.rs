//! A point of a style-based generator's latent space: what each layer is given.
//!
//! All is told as a deviation from the mean style, in which truncation (Karras 2019),
//! mixing, blends and pushes are sums.

use burn::tensor::{Device, Tensor, TensorData};
use lampwork_protocol::{Level, Nudge, StyleConfig};

use super::Generator;
use super::net::SIDES;
use crate::Noise;
use crate::blocks::matrix;

const LAYERS: usize = StyleConfig::LAYERS;

/// Draws that the mean style is taken over.
const MEAN_OVER: usize = 2048;

/// Seed of the draws that the mean style is taken over.
const MEAN_SEED: u64 = 0x5_7a1e;

/// What each layer is given, as a sum of deviations from the mean style.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mix {
    terms: Vec<Term>,
    /// What is added to each layer's style, `[LAYERS, styles]`; empty for nothing.
    added: Vec<f32>,
    /// How far each layer is pushed along a direction.
    pushes: Vec<(usize, [f32; LAYERS])>,
    /// Seeds of the noise that every layer adds to its picture, and their shares,
    /// whose squares sum to one.
    grain: Vec<(u64, f32)>,
}

/// The style of some noise, and its share in each layer.
#[derive(Debug, Clone, PartialEq)]
struct Term {
    z: Vec<f32>,
    shares: [f32; LAYERS],
}

impl Mix {
    /// The style of `z` in every layer, its deviation times `truncation`.
    pub fn draw(z: Vec<f32>, truncation: f32, grain: u64) -> Self {
        Self {
            terms: vec![Term {
                z,
                shares: [truncation; LAYERS],
            }],
            grain: vec![(grain, 1.0)],
            ..Self::default()
        }
    }

    /// Deviations as they were found for a picture, `[LAYERS, styles]`.
    pub fn found(added: Vec<f32>, grain: u64) -> Self {
        Self {
            added,
            grain: vec![(grain, 1.0)],
            ..Self::default()
        }
    }

    /// The sum of deviations, each so many times; the grain is the first one's.
    pub fn sum(parts: &[(f32, &Mix)]) -> Self {
        let all = |share: f32| [share; LAYERS];
        let parts: Vec<_> = parts.iter().map(|&(s, mix)| (all(s), mix)).collect();
        Self::layered(&parts)
    }

    /// From `a` (t = 0) to `b` (t = 1) in a straight line; the grain goes along an arc,
    /// which keeps its strength.
    pub fn blend(a: &Mix, b: &Mix, t: f32) -> Self {
        let angle = t * std::f32::consts::FRAC_PI_2;
        let grain = |mix: &Mix, share: f32| -> Vec<(u64, f32)> {
            let kept = mix.grain.iter().map(|&(seed, part)| (seed, part * share));
            kept.filter(|(_, part)| part.abs() > 1e-6).collect()
        };
        Self {
            grain: [grain(a, angle.cos()), grain(b, angle.sin())].concat(),
            ..Self::sum(&[(1.0 - t, a), (t, b)])
        }
    }

    /// The layers from `from` on of `fine`, those before of `coarse`, with its grain.
    pub fn crossed(coarse: &Mix, fine: &Mix, from: usize) -> Self {
        let shares =
            |fine: bool| std::array::from_fn(|layer| f32::from(u8::from((layer >= from) == fine)));
        Self::layered(&[(shares(false), coarse), (shares(true), fine)])
    }

    /// Pushed along directions.
    pub fn pushed(mut self, nudges: &[Nudge]) -> Self {
        for &Nudge {
            direction,
            level,
            amount,
        } in nudges
        {
            self.pushes
                .push((usize::from(direction), within(level, amount)));
        }
        self
    }

    /// The farthest direction that is pushed along, and how many there have to be.
    pub fn directions(&self) -> usize {
        let named = self.pushes.iter().map(|(direction, _)| direction + 1);
        named.max().unwrap_or(0)
    }

    fn layered(parts: &[([f32; LAYERS], &Mix)]) -> Self {
        let mut sum = Self {
            grain: parts
                .first()
                .map_or_else(Vec::new, |(_, mix)| mix.grain.clone()),
            ..Self::default()
        };
        for (shares, mix) in parts {
            let scaled = |own: &[f32; LAYERS]| std::array::from_fn(|at| own[at] * shares[at]);
            sum.terms.extend(mix.terms.iter().map(|term| Term {
                z: term.z.clone(),
                shares: scaled(&term.shares),
            }));
            let pushes = mix.pushes.iter();
            sum.pushes
                .extend(pushes.map(|(direction, far)| (*direction, scaled(far))));
            if mix.added.is_empty() {
                continue;
            }
            sum.added.resize(mix.added.len(), 0.0);
            let styles = mix.added.len() / LAYERS;
            for (at, (sum, value)) in sum.added.iter_mut().zip(&mix.added).enumerate() {
                *sum += value * shares[at / styles];
            }
        }
        sum
    }
}

fn within(level: Level, amount: f32) -> [f32; LAYERS] {
    let layers = level.layers();
    std::array::from_fn(|at| if layers.contains(&at) { amount } else { 0.0 })
}

/// The mean style, `[1, styles]`, not yet read.
pub fn mean(generator: &Generator, latent: usize) -> Tensor<2> {
    drawn(generator, latent).mean_dim(0)
}

/// The standard deviation of each number of a style, `[1, styles]`, not yet read.
pub fn spread(generator: &Generator, latent: usize) -> Tensor<2> {
    let styles = drawn(generator, latent);
    let centred = styles.clone() - styles.mean_dim(0);
    (centred.square().mean_dim(0) + 1e-8).sqrt()
}

/// Styles of seeded noise, `[MEAN_OVER, styles]`.
fn drawn(generator: &Generator, latent: usize) -> Tensor<2> {
    let z = Noise::new(MEAN_SEED, 0).normal(MEAN_OVER * latent);
    generator.style_of(matrix(z, MEAN_OVER, latent, &generator.device()))
}

/// The styles of points: [`StyleConfig::LAYERS`] of `[count, styles]`.
pub fn styles(
    generator: &Generator,
    mean: &Tensor<2>,
    mixes: &[&Mix],
    device: &Device,
) -> Vec<Tensor<2>> {
    let rows = mixes.len() * LAYERS;
    let width = mean.dims()[1];
    let mut all = mean.clone().repeat_dim(0, rows);
    let terms: Vec<(usize, &Term)> = mixes
        .iter()
        .enumerate()
        .flat_map(|(picture, mix)| mix.terms.iter().map(move |term| (picture, term)))
        .collect();
    if let Some((_, first)) = terms.first() {
        let latent = first.z.len();
        let z = terms.iter().flat_map(|(_, term)| term.z.iter().copied());
        let z = matrix(z.collect(), terms.len(), latent, device);
        // [terms, styles]
        let deviations = generator.style_of(z) - mean.clone();
        let mut shares = vec![0.0; rows * terms.len()];
        for (column, (picture, term)) in terms.iter().enumerate() {
            for (layer, share) in term.shares.iter().enumerate() {
                shares[(picture * LAYERS + layer) * terms.len() + column] = *share;
            }
        }
        all = all + matrix(shares, rows, terms.len(), device).matmul(deviations);
    }
    if mixes.iter().any(|mix| !mix.added.is_empty()) {
        let mut added = vec![0.0; rows * width];
        for (to, mix) in added.chunks_mut(LAYERS * width).zip(mixes) {
            if !mix.added.is_empty() {
                to.copy_from_slice(&mix.added);
            }
        }
        all = all + matrix(added, rows, width, device);
    }
    if let Some(directions) = &generator.directions {
        let count = directions.dims()[0];
        if mixes.iter().any(|mix| !mix.pushes.is_empty()) {
            let mut far = vec![0.0; rows * count];
            for (picture, mix) in mixes.iter().enumerate() {
                for (direction, by) in &mix.pushes {
                    for (layer, by) in by.iter().enumerate() {
                        far[(picture * LAYERS + layer) * count + direction] += by;
                    }
                }
            }
            all = all + matrix(far, rows, count, device).matmul(directions.val());
        }
    }
    let all = all.reshape([mixes.len(), LAYERS, width]);
    (0..LAYERS)
        .map(|layer| {
            let one = all.clone().narrow(1, layer, 1);
            one.reshape([mixes.len(), width])
        })
        .collect()
}

/// The noise that the layers of points add: [`StyleConfig::LAYERS`] of
/// `[count, 1, side, side]`.
pub fn grains(mixes: &[&Mix], device: &Device) -> Vec<Tensor<4>> {
    let mut all: Vec<Vec<f32>> = SIDES
        .iter()
        .map(|side| Vec::with_capacity(mixes.len() * side * side))
        .collect();
    for mix in mixes {
        let mut sources: Vec<(Noise, f32)> = mix
            .grain
            .iter()
            .map(|&(seed, share)| (Noise::new(seed, 0), share))
            .collect();
        for (values, side) in all.iter_mut().zip(SIDES) {
            let mut sum = vec![0.0; side * side];
            for (noise, share) in &mut sources {
                for (sum, value) in sum.iter_mut().zip(noise.normal(side * side)) {
                    *sum += value * *share;
                }
            }
            values.extend(sum);
        }
    }
    all.into_iter()
        .zip(SIDES)
        .map(|(values, side)| {
            Tensor::from_data(
                TensorData::new(values, [mixes.len(), 1, side, side]),
                device,
            )
        })
        .collect()
}
