//! Directions of a style-based generator's space of styles along which one thing
//! changes.
//!
//! By variance: the principal components of the styles of noise (GANSpace, Härkönen
//! 2020, arXiv 2004.02546). By label: the net that measures pictures of the set looks at
//! real pictures whose labels are known, and a line through its features learns to tell
//! them; the line reads made pictures, and a second one, in the space of styles,
//! foretells what was read (InterFaceGAN, Shen 2020, arXiv 1907.10786). What lies along
//! the styles that pictures are drawn in is taken out of the other labels' directions,
//! so that who puts on glasses is not drawn by another hand.

mod fit;
mod labels;
mod seek;

use anyhow::{Result, bail};
use burn::tensor::Device;
use lampwork_datasets::Packed;
use lampwork_models::sample::Net;
use lampwork_models::{Noise, Sampler};
use lampwork_protocol::{Direction, Latent, Level, ModelConfig, Nudge, StyleConfig};

use crate::make;
use crate::publish::Model;
use fit::{Points, unit, without};
use labels::By;
use seek::{Seeker, Sought};

/// Most principal components.
const COMPONENTS: usize = 12;
/// Styles that components are taken of.
const STYLES: usize = 20_000;

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// As the card tells of them.
    pub directions: Vec<Direction>,
    /// Each one standard deviation long: `[directions, styles]`.
    pub values: Vec<f32>,
}

/// Finds the directions of a model, and says of each label how it went.
///
/// # Errors
/// Where the model has no styles, or the device fails.
pub fn find(
    model: &Model,
    packed: &Packed,
    draws: u32,
    seed: u64,
    device: &Device,
    say: &dyn Fn(&str),
) -> Result<Found> {
    let ModelConfig::Style(config) = &model.card.recipe.model else {
        bail!("{} has no styles", model.card.name);
    };
    let sampler = Sampler::new(&model.card.recipe.model, &model.weights, device)?;
    let many = styles(&sampler, config, Noise::new(seed, 1), STYLES, device)?;
    let space = Points::new(&many, config.styles);
    let components = space.components(COMPONENTS.min(config.directions).min(config.styles));
    let mut found = Found {
        directions: Vec::new(),
        values: Vec::new(),
    };
    for (direction, variance) in components {
        found.push(("", ""), &direction, variance, space.variance(), None);
    }
    let left = config.directions - found.directions.len();
    let seeker = Seeker::new(&sampler, config, packed, &space, draws, seed, device)?;
    let mut taken = 0;
    let mut by_style: Vec<Vec<f64>> = Vec::new();
    for label in labels::of(packed.data) {
        if taken == left {
            break;
        }
        let is_style = matches!(label.by, By::Style(_));
        let others = if is_style { &[][..] } else { &by_style[..] };
        match seeker.seek(label, others)? {
            Sought::Found {
                direction,
                skill,
                rise,
            } => {
                let name = label.en;
                say(&format!(
                    "{name}: skill {skill:.2}, pushing raises it by {rise:.2}"
                ));
                let (variance, all) = (space.along(&direction), space.variance());
                found.push((label.en, label.zh), &direction, variance, all, Some(skill));
                if is_style && let Some(own) = unit(without(&direction, &by_style)) {
                    by_style.push(own);
                }
                taken += 1;
            }
            Sought::Not(reason) => say(&format!("{}: left out, {reason}", label.en)),
        }
    }
    Ok(found)
}

impl Found {
    fn push(
        &mut self,
        (en, zh): (&str, &str),
        direction: &[f64],
        variance: f64,
        all: f64,
        skill: Option<f64>,
    ) {
        let deviation = variance.sqrt();
        self.directions.push(Direction {
            en: en.to_owned(),
            zh: zh.to_owned(),
            level: Level::All,
            variance: (variance / all) as f32,
            skill: skill.map(|skill| skill as f32),
        });
        let scaled = direction.iter().map(|x| (x * deviation) as f32);
        self.values.extend(scaled);
    }
}

/// Pictures pushed along each direction in turn, from one end to the other: a row of
/// [`SHEET_PUSHES`] for each.
///
/// # Errors
/// Where the device fails.
pub fn sheet(model: &Model, found: &Found, seed: u64, device: &Device) -> Result<Vec<f32>> {
    let plain = Sampler::new(&model.card.recipe.model, &model.weights, device)?;
    let sampler = plain.with_directions(&found.values, device);
    let pushed = (0..found.directions.len()).flat_map(|direction| {
        SHEET_PUSHES.map(|amount| Latent::Pushed {
            of: Box::new(Latent::Draw {
                seed,
                index: direction as u32 % 4,
                temperature: 0.7,
                class: None,
            }),
            nudges: vec![Nudge {
                direction: direction as u8,
                level: Level::All,
                amount,
            }],
        })
    });
    make::pictures(&sampler, &pushed.collect::<Vec<_>>(), None, device)
}

/// How far the pictures of a row of the sheet are pushed.
pub const SHEET_PUSHES: [f32; 9] = [-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0];

/// Styles of noise, `[count, styles]`.
fn styles(
    sampler: &Sampler,
    config: &StyleConfig,
    mut noise: Noise,
    count: usize,
    device: &Device,
) -> Result<Vec<f32>> {
    let z = noise.normal(count * config.latent);
    mapped(sampler, config, z, device)
}

fn mapped(
    sampler: &Sampler,
    config: &StyleConfig,
    z: Vec<f32>,
    device: &Device,
) -> Result<Vec<f32>> {
    let Net::Style(generator) = sampler.net() else {
        bail!("the model has no styles");
    };
    let count = z.len() / config.latent;
    let z = lampwork_models::blocks::matrix(z, count, config.latent, device);
    make::read(generator.style_of(z))
}
