//! From latent points to pictures, for every family.

use burn::tensor::{Device, Tensor};
use lampwork_protocol::{ModelConfig, PICTURE_PIXELS, Sampling, Shape, Start};
use lampwork_weights::Named;

use crate::ModelError;
use crate::blocks::loss::{bernoulli, gaussian_kl};
use crate::blocks::matrix;
use crate::domains::Nets;
use crate::flow::{Begun, FlowNet, Path, Told};
use crate::gan::Generator;
use crate::latent::{Point, Space, seed_of};
use crate::style::{self, Generator as StyleGenerator};
use crate::translate::Generator as Translator;
use crate::vae::{Placed, Vae};

/// A trained model, ready to make pictures.
#[derive(Debug, Clone)]
pub struct Sampler {
    net: Net,
    space: Space,
    /// How a flow makes pictures unless asked otherwise.
    usual: Sampling,
    /// The prior of each class, where a VAE has one.
    prior: Option<Placed>,
    /// The mean style, where it has styles: `[1, styles]`.
    mean: Option<Tensor<2>>,
}

/// The net of a [`Sampler`].
#[derive(Debug, Clone)]
pub enum Net {
    /// Encoder and decoder.
    Vae(Box<Vae>),
    /// The generator; the discriminator has done its part.
    Gan(Box<Generator>),
    /// The style-based generator.
    Style(Box<StyleGenerator>),
    /// The velocity of a flow.
    Flow(Box<FlowNet>),
    /// From picture to picture: it makes none of its own.
    Translate(Box<Translator>),
    /// Between two domains: they make none of their own either.
    Domains(Box<Nets>),
}

/// Pictures under way: a flow takes many evaluations of its net, the others one.
#[derive(Debug, Clone)]
pub enum Making {
    /// They are there, `[count, values]` in 0..1.
    Made(Box<Tensor<2>>),
    /// They come out of noise.
    Under(Box<Path>),
}

impl Making {
    /// The pictures as they are now, `[count, values]` in 0..1, not yet read; values
    /// are those of the model's [`lampwork_protocol::Shape`].
    pub fn pictures(&self) -> Tensor<2> {
        match self {
            Making::Made(pictures) => pictures.as_ref().clone(),
            Making::Under(path) => path.pictures(),
        }
    }

    /// Steps taken, and steps in all.
    pub fn progress(&self) -> (u16, u16) {
        match self {
            Making::Made(_) => (1, 1),
            Making::Under(path) => path.progress(),
        }
    }
}

impl Sampler {
    /// The net of `config` with these weights.
    ///
    /// # Errors
    ///
    /// [`ModelError::Weights`] if they do not fit, [`ModelError::Knob`] if no
    /// such net can be built.
    pub fn new(
        config: &ModelConfig,
        weights: &[Named],
        device: &Device,
    ) -> Result<Self, ModelError> {
        crate::run::check_model(config)?;
        let net = match config {
            ModelConfig::Vae(config) => {
                let net = Vae::new(config, device);
                Net::Vae(Box::new(lampwork_weights::fill(net, weights, device)?))
            }
            ModelConfig::Gan(config) => {
                let net = Generator::new(config, device);
                Net::Gan(Box::new(lampwork_weights::fill(net, weights, device)?))
            }
            ModelConfig::Style(config) => {
                let net = StyleGenerator::new(config, device);
                Net::Style(Box::new(lampwork_weights::fill(net, weights, device)?))
            }
            ModelConfig::Flow(config) => {
                let net = FlowNet::new(config, device);
                Net::Flow(Box::new(lampwork_weights::fill(net, weights, device)?))
            }
            ModelConfig::Translate(config) => {
                let net = Translator::new(config, device);
                Net::Translate(Box::new(lampwork_weights::fill(net, weights, device)?))
            }
            ModelConfig::Domains(config) => {
                let nets = Nets::new(config, device);
                Net::Domains(Box::new(lampwork_weights::fill(nets, weights, device)?))
            }
            ModelConfig::Transformer(_) | ModelConfig::Lstm(_) | ModelConfig::TextVae(_) => {
                return Err(ModelError::Writes);
            }
        };
        Ok(Self::of(net, config))
    }

    /// A sampler of a net that is there already.
    pub fn of(net: Net, config: &ModelConfig) -> Self {
        let prior = match &net {
            Net::Vae(vae) => vae.placed(),
            Net::Gan(_) | Net::Flow(_) | Net::Translate(_) | Net::Style(_) | Net::Domains(_) => {
                None
            }
        };
        let (styles, directions) = match config {
            ModelConfig::Style(config) => (config.styles, config.directions),
            _ => (0, 0),
        };
        let mean = match &net {
            Net::Style(generator) => Some(style::mean(generator, config.latent())),
            _ => None,
        };
        Self {
            net,
            prior,
            mean,
            usual: Sampling::usual(config).unwrap_or_default(),
            space: Space {
                dimensions: config.latent(),
                classes: config.classes(),
                words: config.words(),
                styles,
                directions,
                truncated: matches!(config, ModelConfig::Gan(_)),
            },
        }
    }

    /// Its latent space.
    pub fn space(&self) -> Space {
        self.space
    }

    /// Its net.
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// The prior of each class, where it has one.
    pub fn prior(&self) -> Option<&Placed> {
        self.prior.as_ref()
    }

    /// Whether it has learned leaps ([`lampwork_protocol::Solver::Shortcut`]).
    pub fn leaps(&self) -> bool {
        matches!(&self.net, Net::Flow(net) if net.leaps())
    }

    /// Whether it can find the latent point of a picture.
    pub fn encodes(&self) -> bool {
        matches!(self.net, Net::Vae(_))
    }

    /// Pictures at these points, `[count, values]` in 0..1, not yet read; a flow goes
    /// its usual way.
    pub fn decode(&self, points: &[Point], device: &Device) -> Tensor<2> {
        let mut making = self.begin(points, &[], None, device);
        while !self.advance(&mut making) {}
        making.pictures()
    }

    /// Takes one evaluation of the net towards the pictures; `true` when they are
    /// there.
    pub fn advance(&self, making: &mut Making) -> bool {
        match (making, &self.net) {
            (Making::Under(path), Net::Flow(net)) => path.advance(net),
            _ => true,
        }
    }

    /// The net from picture to picture, where it is one.
    pub fn translator(&self) -> Option<&Translator> {
        match &self.net {
            Net::Translate(net) => Some(net),
            Net::Vae(_) | Net::Gan(_) | Net::Flow(_) | Net::Style(_) | Net::Domains(_) => None,
        }
    }

    /// The nets between two domains, where it is a pair of such.
    pub fn domains(&self) -> Option<&Nets> {
        match &self.net {
            Net::Domains(nets) => Some(nets),
            Net::Vae(_) | Net::Gan(_) | Net::Flow(_) | Net::Translate(_) | Net::Style(_) => None,
        }
    }

    /// Begins pictures at these points. [`Sampler::advance`] makes them; those of
    /// a VAE or a GAN are there at once, and `starts` and `sampling` mean nothing to
    /// them.
    ///
    /// A flow begins with the pictures `starts`, one a point and all of one
    /// strength, or with noise alone where there are none. Of a net from picture to
    /// picture a point is a picture, `[side, side, channels]`.
    pub fn begin(
        &self,
        points: &[Point],
        starts: &[Start],
        sampling: Option<Sampling>,
        device: &Device,
    ) -> Making {
        let count = points.len();
        // Nets between two domains go their first way, in their first hand.
        let through = match &self.net {
            Net::Translate(net) => Some(net.as_ref()),
            Net::Domains(nets) => Some(nets.to()),
            Net::Vae(_) | Net::Gan(_) | Net::Flow(_) | Net::Style(_) => None,
        };
        if let Some(net) = through {
            let values = points.iter().flat_map(|p| p.z.iter().copied()).collect();
            return Making::Made(Box::new(translated(net, values, count, device)));
        }
        if let Net::Style(generator) = &self.net {
            let made = self.styled(generator, points, device);
            return Making::Made(Box::new(made));
        }
        let z = points.iter().flat_map(|p| p.z.iter().copied()).collect();
        let z = matrix(z, count, self.space.dimensions, device);
        let words = (self.space.words > 0).then(|| {
            let words = points.iter().flat_map(|p| p.words.iter().copied());
            matrix(words.collect(), count, self.space.words, device)
        });
        let classes = (self.space.classes > 0).then(|| {
            let weights = points
                .iter()
                .flat_map(|p| p.classes.iter().copied())
                .collect();
            matrix(weights, count, self.space.classes, device)
        });
        Making::Made(Box::new(match &self.net {
            Net::Flow(_) => {
                let told = Told { classes, words };
                let sampling = sampling.unwrap_or(self.usual);
                let path = match begun(points, starts, device) {
                    Some(begun) => Path::from_picture(z, told, sampling, begun),
                    None => Path::new(z, told, sampling),
                };
                return Making::Under(Box::new(path));
            }
            Net::Vae(vae) => {
                let z = match (&self.prior, &classes) {
                    (Some(prior), Some(classes)) => prior.place(z, classes.clone()),
                    _ => z,
                };
                vae.decode(z, classes)
            }
            Net::Gan(generator) => generator.forward(z, classes),
            Net::Translate(_) | Net::Style(_) | Net::Domains(_) => unreachable!("made above"),
        }))
    }

    /// What a style-based generator makes at points.
    fn styled(&self, generator: &StyleGenerator, points: &[Point], device: &Device) -> Tensor<2> {
        // A point that was put together of noise alone is that noise's style.
        let mixes: Vec<style::Mix> = points
            .iter()
            .map(|point| match &point.style {
                Some(style) => style.as_ref().clone(),
                None => style::Mix::draw(point.z.clone(), 1.0, seed_of(&point.z)),
            })
            .collect();
        let mixes: Vec<&style::Mix> = mixes.iter().collect();
        let mean = self.mean.as_ref().expect("a style-based net has a mean");
        let styles = style::styles(generator, mean, &mixes, device);
        let grain = style::grains(&mixes, device);
        style::as_rows(generator.synthesise(&styles, Some(&grain)))
    }

    /// The same, with other directions of its space of styles, `[directions, styles]`;
    /// of a model without styles the same.
    pub fn with_directions(&self, values: &[f32], device: &Device) -> Self {
        let mut other = self.clone();
        if let Net::Style(generator) = &mut other.net {
            let styles = self.space.styles;
            let count = values.len() / styles;
            let found = matrix(values.to_vec(), count, styles, device);
            generator.set_directions(found);
            other.space.directions = count;
        }
        other
    }

    /// The mean style of a style-based generator, `[1, styles]`.
    pub fn mean(&self) -> Option<&Tensor<2>> {
        self.mean.as_ref()
    }

    /// The latent point of a picture, and the class it was conditioned on.
    ///
    /// Without a class, a conditional model takes the one under which the bound
    /// of the picture is best.
    ///
    /// # Errors
    ///
    /// [`ModelError::NoEncoder`] for a GAN; [`ModelError::Latent`] for a class
    /// the model does not have.
    pub async fn encode(
        &self,
        picture: &[f32],
        class: Option<u8>,
        device: &Device,
    ) -> Result<(Vec<f32>, Option<u8>), ModelError> {
        let vae = match &self.net {
            Net::Vae(vae) => vae,
            Net::Gan(_) => return Err(ModelError::NoEncoder("GAN")),
            Net::Flow(_) => return Err(ModelError::NoEncoder("flow")),
            Net::Style(_) => return Err(ModelError::NoEncoder("style-based GAN")),
            Net::Translate(_) | Net::Domains(_) => {
                return Err(ModelError::NoEncoder("net from picture to picture"));
            }
        };
        assert_eq!(picture.len(), PICTURE_PIXELS, "one picture");
        let tried: Vec<u8> = match (class, self.space.classes) {
            (_, 0) => vec![],
            (Some(class), _) => vec![class],
            (None, classes) => (0..classes as u8).collect(),
        };
        let rows = tried.len().max(1);
        let pictures = matrix(picture.repeat(rows), rows, PICTURE_PIXELS, device);
        let classes = if tried.is_empty() {
            None
        } else {
            let mut weights = Vec::new();
            for &class in &tried {
                weights.extend(self.space.one_hot(class)?);
            }
            Some(matrix(weights, rows, self.space.classes, device))
        };
        let (mean, log_variance) = vae.encode(pictures.clone(), classes.clone(), None);
        let logits = vae.logits(mean.clone(), classes.clone(), None);
        let (points, kl) = match (&self.prior, classes) {
            (Some(prior), Some(classes)) => prior.standard(mean, log_variance, classes),
            _ => (mean.clone(), gaussian_kl(mean, log_variance)),
        };
        let bound = bernoulli(logits, pictures) + kl;
        let read = Tensor::cat(vec![points, bound], 1)
            .into_data_async()
            .await?;
        let read: Vec<f32> = read
            .try_into_vec()
            .map_err(|e| ModelError::Device(format!("{e:?}")))?;
        let columns = self.space.dimensions + 1;
        let best = (0..rows)
            .min_by(|&a, &b| {
                let bound = |row: usize| read[row * columns + columns - 1];
                bound(a).total_cmp(&bound(b))
            })
            .unwrap_or(0);
        let z = read[best * columns..(best + 1) * columns - 1].to_vec();
        Ok((z, tried.get(best).copied()))
    }
}

/// What flows at these points begin with; `None` for noise alone.
fn begun(points: &[Point], starts: &[Start], device: &Device) -> Option<Begun> {
    let first = starts.first()?;
    assert_eq!(points.len(), starts.len(), "a picture for each point");
    let values = first.picture.len();
    let pictures = starts.iter().flat_map(|start| &start.picture);
    let pictures = pictures.map(|&value| f32::from(value) / 255.0).collect();
    let keep = starts.iter().any(|start| start.mask.is_some()).then(|| {
        let keep = starts.iter().flat_map(|start| {
            let channels = start.shape().map_or(1, |shape| shape.channels);
            (0..values).map(move |at| f32::from(u8::from(!start.changes(at / channels))))
        });
        matrix(keep.collect(), starts.len(), values, device)
    });
    Some(Begun::new(
        matrix(pictures, starts.len(), values, device),
        keep,
        first.strength,
        points.iter().map(|point| seed_of(&point.z)).collect(),
    ))
}

/// What a net makes of square pictures, `[count, values]` in 0..1.
fn translated(net: &Translator, values: Vec<f32>, count: usize, device: &Device) -> Tensor<2> {
    let channels = net.channels();
    let shape = Shape {
        side: (values.len() / (count * channels)).isqrt(),
        channels,
    };
    let made = net.forward(crate::run::planes(values, count, shape, device), None);
    made.clamp(0.0, 1.0).permute([0, 2, 3, 1]).flatten(1, 3)
}

/// Pixels in 0..1 as bytes.
pub fn to_bytes(pixels: &[f32]) -> Vec<u8> {
    pixels
        .iter()
        .map(|p| (p.clamp(0.0, 1.0) * 255.0).round() as u8)
        .collect()
}
