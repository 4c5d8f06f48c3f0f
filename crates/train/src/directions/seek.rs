//! The direction of one label.

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use lampwork_datasets::{Examples, Packed};
use lampwork_judge::pixels;
use lampwork_models::Sampler;
use lampwork_protocol::{Latent, Level, Nudge, StyleConfig};

use super::fit::{Line, Points, skill, unit, without};
use super::labels::{self, By, Label};
use super::mapped;
use crate::judge::{self, Judge};
use crate::make;

/// Price of a line through features.
const FEATURE_PRICE: f64 = 0.02;
/// Prices of a line through styles, of which the one is taken whose direction raises
/// most what is read. A line of little price foretells best, but may lie where styles
/// hardly vary; one of a high price lies along the difference of what is so and what is
/// not.
const STYLE_PRICES: [f64; 4] = [0.05, 0.5, 5.0, 50.0];
/// Least skill of a line through features on real pictures it has not seen, and of a
/// direction on made ones: without what lies along the drawing styles, which tell much
/// of any label, it is far below what a line foretells. What counts is the rise.
const LEAST_READ: f64 = 0.7;
const LEAST_SKILL: f64 = 0.58;
/// Least share of the made pictures that have a label, and that have it not.
const LEAST_SHARE: f64 = 0.02;
/// Least rise of what is read, in standard deviations, from one push against a
/// direction to one along it.
const LEAST_RISE: f64 = 0.5;
/// Least that is left of a direction when the styles' are taken out.
const LEAST_LEFT: f64 = 0.4;
/// Pictures that are pushed to see what a direction does.
const PUSHED: u32 = 200;
/// How far they are pushed, either way.
const PUSH: f32 = 1.5;

/// What one label came to.
pub(super) enum Sought {
    /// A direction of length 1, how well it foretells the label, and by how much pushing
    /// along it raises what is read.
    Found {
        direction: Vec<f64>,
        skill: f64,
        rise: f64,
    },
    /// Why there is none.
    Not(String),
}

/// What all labels are looked for in.
pub(super) struct Seeker<'a> {
    sampler: &'a Sampler,
    device: &'a Device,
    packed: &'a Packed,
    space: &'a Points,
    judge: Judge,
    /// Features of real pictures that lines learn from, and of others.
    learned: Vec<f32>,
    held: Vec<f32>,
    /// Drawn pictures, `[count, values]`, their features and styles.
    made: Vec<f32>,
    features: Vec<f32>,
    styles: Vec<f32>,
    seed: u64,
}

impl<'a> Seeker<'a> {
    pub(super) fn new(
        sampler: &'a Sampler,
        config: &StyleConfig,
        packed: &'a Packed,
        space: &'a Points,
        draws: u32,
        seed: u64,
        device: &'a Device,
    ) -> Result<Self> {
        let judge = judge::shipped(packed.data, device)?;
        let see = |examples: &Examples| -> Result<Vec<f32>> {
            Ok(judge::see(&judge, &pixels(&examples.pictures))?.features)
        };
        let (learned, held) = (see(&packed.train)?, see(&packed.validation)?);
        let latents = make::draws(seed, draws, 1.0, |_| None);
        let made = make::pictures(sampler, &latents, None, device)?;
        let features = judge::see(&judge, &made)?.features;
        let mut z = Vec::new();
        for latent in &latents {
            z.extend(sampler.space().point(latent)?.z);
        }
        let styles = mapped(sampler, config, z, device)?;
        Ok(Self {
            sampler,
            device,
            packed,
            space,
            judge,
            learned,
            held,
            made,
            features,
            styles,
            seed,
        })
    }

    /// The direction of a label, without what lies along `others`.
    pub(super) fn seek(&self, label: Label, others: &[Vec<f64>]) -> Result<Sought> {
        let (read, reader) = match label.by {
            By::Colours(of) => (self.measured(of, &self.made), None),
            by => match self.reader(by)? {
                Ok(reader) => (reader.values(&self.features), Some(reader)),
                Err(reason) => return Ok(Sought::Not(reason)),
            },
        };
        // A line tells yes from no at zero; a number is above its middle or not.
        let middle = match label.by {
            By::Colours(_) => median(&read),
            _ => 0.0,
        };
        let so: Vec<bool> = read.iter().map(|value| *value > middle).collect();
        let share = so.iter().filter(|so| **so).count() as f64 / so.len() as f64;
        if !(LEAST_SHARE..=1.0 - LEAST_SHARE).contains(&share) {
            return Ok(Sought::Not(format!("{share:.3} of the pictures have it")));
        }
        // Learned of one half of the draws, and tried on the other.
        let n = self.space.dimensions();
        let half = so.len() / 2;
        let points = Points::new(&self.styles[..half * n], n);
        let mut best: Option<(f64, Vec<f64>)> = None;
        for price in STYLE_PRICES {
            let line = points.ridge(&read[..half], price)?;
            let Some(straight) = unit(line.slope) else {
                return Ok(Sought::Not("it lies in no direction".to_owned()));
            };
            let left = without(&straight, others);
            if left.iter().map(|x| x * x).sum::<f64>().sqrt() < LEAST_LEFT {
                continue;
            }
            let direction = unit(left).context("it has a length")?;
            let rise = self.rise(label.by, reader.as_ref(), &direction)? / deviation(&read);
            if best.as_ref().is_none_or(|(most, _)| rise > *most) {
                best = Some((rise, direction));
            }
        }
        let Some((rise, direction)) = best else {
            return Ok(Sought::Not(
                "nothing of it is left beside the styles".to_owned(),
            ));
        };
        let along = Line {
            slope: direction.clone(),
            offset: 0.0,
        };
        let skill = skill(&along.values(&self.styles[half * n..]), &so[half..]);
        if skill < LEAST_SKILL {
            return Ok(Sought::Not(format!("skill {skill:.2}")));
        }
        if rise < LEAST_RISE {
            return Ok(Sought::Not(format!("pushing raises it by {rise:.2}")));
        }
        Ok(Sought::Found {
            direction,
            skill,
            rise,
        })
    }

    /// A line through features that tells a label; or why there is none.
    fn reader(&self, by: By) -> Result<Result<Line, String>> {
        let n = self.judge.dimensions();
        let (mut rows, mut targets) = (Vec::new(), Vec::new());
        let told = labels::told(by, self.packed, &self.packed.train);
        for (row, so) in self.learned.chunks_exact(n).zip(told) {
            if let Some(so) = so {
                rows.extend_from_slice(row);
                targets.push(so);
            }
        }
        let yes = targets.iter().filter(|so| **so).count();
        let (yes, no) = (yes as f64, (targets.len() - yes) as f64);
        if yes < 30.0 || no < 30.0 {
            return Ok(Err(format!("{yes} pictures have it and {no} have it not")));
        }
        // Both sides weigh alike, so that zero lies between them.
        let mean = |wanted: bool| if wanted { 1.0 } else { -1.0 };
        let wanted: Vec<f64> = targets.iter().map(|&so| mean(so)).collect();
        let mut line = Points::new(&rows, n).ridge(&wanted, FEATURE_PRICE)?;
        let values = line.values(&rows);
        let of = |side: bool| -> f64 {
            let own = values.iter().zip(&targets).filter(|(_, so)| **so == side);
            own.map(|(value, _)| value).sum::<f64>() / if side { yes } else { no }
        };
        line.offset -= (of(true) + of(false)) / 2.0;
        let (mut held, mut labels) = (Vec::new(), Vec::new());
        let told = labels::told(by, self.packed, &self.packed.validation);
        for (row, so) in self.held.chunks_exact(n).zip(told) {
            if let Some(so) = so {
                held.extend_from_slice(row);
                labels.push(so);
            }
        }
        let read = skill(&line.values(&held), &labels);
        Ok(if read < LEAST_READ {
            Err(format!("it is read with a skill of {read:.2}"))
        } else {
            Ok(line)
        })
    }

    fn measured(&self, of: fn(&[f32]) -> f64, made: &[f32]) -> Vec<f64> {
        let values = self.packed.train.shape.values();
        made.chunks_exact(values).map(of).collect()
    }

    /// By how much what is read rises from a push against the direction to one along it.
    fn rise(&self, by: By, reader: Option<&Line>, direction: &[f64]) -> Result<f64> {
        // As the file will hold it, but alone.
        let deviation = self.space.along(direction).sqrt();
        let alone: Vec<f32> = direction.iter().map(|x| (x * deviation) as f32).collect();
        let sampler = self.sampler.with_directions(&alone, self.device);
        let mean = |amount: f32| -> Result<f64> {
            let pushed = make::draws(self.seed ^ 1, PUSHED, 0.8, |_| None)
                .into_iter()
                .map(|of| Latent::Pushed {
                    of: Box::new(of),
                    nudges: vec![Nudge {
                        direction: 0,
                        level: Level::All,
                        amount,
                    }],
                });
            let pushed: Vec<Latent> = pushed.collect();
            let made = make::pictures(&sampler, &pushed, None, self.device)?;
            let read = match (by, reader) {
                (By::Colours(of), _) => self.measured(of, &made),
                (_, Some(reader)) => reader.values(&judge::see(&self.judge, &made)?.features),
                (_, None) => bail!("nothing reads it"),
            };
            Ok(read.iter().sum::<f64>() / f64::from(PUSHED))
        };
        Ok(mean(PUSH)? - mean(-PUSH)?)
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

fn deviation(values: &[f64]) -> f64 {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|x| (x - mean).powi(2)).sum();
    (squares / count).sqrt().max(1e-9)
}
