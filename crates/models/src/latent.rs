//! From a recipe's latent expression to numbers.

use lampwork_protocol::{Latent, StyleConfig};

use crate::style::Mix;
use crate::{ModelError, Noise};

/// A point of a latent space and a weight for each class.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Coordinates.
    pub z: Vec<f32>,
    /// Weights of the classes, summing to one; empty for an unconditional model.
    pub classes: Vec<f32>,
    /// What was said, as a word vector of length 1; all zero where nothing was,
    /// and empty for a model without words.
    pub words: Vec<f32>,
    /// What each layer of a style-based generator is given; `None` for other models.
    pub style: Option<Box<Mix>>,
}

/// The latent space that an expression is evaluated in.
#[derive(Debug, Clone, Copy)]
pub struct Space {
    /// Its dimensions.
    pub dimensions: usize,
    /// Classes the model is conditioned on; 0 for none.
    pub classes: usize,
    /// Dimensions of the word vectors it is conditioned on; 0 for none.
    pub words: usize,
    /// Dimensions of a style-based generator's styles; 0 for other models.
    pub styles: usize,
    /// Directions in the space of its styles.
    pub directions: usize,
    /// Whether draws are folded back into [-2, 2] (for a GAN).
    pub truncated: bool,
}

/// What words mean: a vector of length 1, or nothing where none is known.
pub type Meaning<'a> = &'a dyn Fn(&str) -> Option<Vec<f32>>;

/// First stream of the draws that make pictures; a run's own noise lies below.
const DRAWS: u64 = 1 << 48;
/// First stream of the neighbours' noise.
const NEIGHBOURS: u64 = 1 << 49;

impl Space {
    /// Evaluates `latent`, which says no words.
    ///
    /// # Errors
    ///
    /// [`ModelError::Latent`] if coordinates or classes do not fit the space,
    /// the expression nests too deeply, or it says words.
    pub fn point(&self, latent: &Latent) -> Result<Point, ModelError> {
        self.point_said(latent, &|_| None)
    }

    /// Evaluates `latent`, its words by `meaning`.
    ///
    /// # Errors
    ///
    /// As [`Space::point`]; and if the model knows no words. [`ModelError::Words`]
    /// if none of those that are said is known.
    pub fn point_said(&self, latent: &Latent, meaning: Meaning<'_>) -> Result<Point, ModelError> {
        if latent.depth() > Latent::MAX_DEPTH {
            return Err(ModelError::Latent(format!(
                "it nests more than {} deep",
                Latent::MAX_DEPTH
            )));
        }
        self.evaluate(latent, meaning)
    }

    fn evaluate(&self, latent: &Latent, meaning: Meaning<'_>) -> Result<Point, ModelError> {
        match latent {
            Latent::Draw {
                seed,
                index,
                temperature,
                class,
            } => self.draw(*seed, *index, *temperature, *class),
            Latent::At { z, class } => self.at(z, *class),
            Latent::Blend { a, b, t } => {
                let (a, b) = (self.evaluate(a, meaning)?, self.evaluate(b, meaning)?);
                Ok(Point {
                    z: spherical(&a.z, &b.z, *t),
                    classes: mix(&a.classes, &b.classes, |x, y| x + (y - x) * t),
                    words: spherical(&a.words, &b.words, *t),
                    style: both(&a, &b, |a, b| Mix::blend(a, b, *t)),
                })
            }
            Latent::Arithmetic { a, minus, plus } => {
                let (a, minus, plus) = (
                    self.evaluate(a, meaning)?,
                    self.evaluate(minus, meaning)?,
                    self.evaluate(plus, meaning)?,
                );
                let words = mix(&a.words, &minus.words, |x, y| x - y);
                let less = mix(&a.classes, &minus.classes, |x, y| x - y);
                let less_style = both(&a, &minus, |a, b| Mix::sum(&[(1.0, a), (-1.0, b)]));
                let style = less_style.zip(plus.style.as_ref());
                Ok(Point {
                    style: style
                        .map(|(less, plus)| Box::new(Mix::sum(&[(1.0, &less), (1.0, plus)]))),
                    z: mix(&mix(&a.z, &minus.z, |x, y| x - y), &plus.z, |x, y| x + y),
                    classes: normalised(mix(&less, &plus.classes, |x, y| x + y)),
                    words: of_length_one(mix(&words, &plus.words, |x, y| x + y)),
                })
            }
            Latent::Near {
                of,
                seed,
                index,
                amount,
            } => {
                let of = self.evaluate(of, meaning)?;
                let noise =
                    Noise::new(*seed, NEIGHBOURS + u64::from(*index)).normal(self.dimensions);
                let kept = (1.0 - amount * amount).max(0.0).sqrt();
                let style = of.style.as_ref().map(|style| {
                    let other = Mix::draw(noise.clone(), 1.0, 0);
                    Box::new(Mix::sum(&[(kept, style), (*amount, &other)]))
                });
                Ok(Point {
                    style,
                    z: mix(&of.z, &noise, |z, n| kept * z + amount * n),
                    ..of
                })
            }
            Latent::Worded { of, words } => Ok(Point {
                words: self.said(words, meaning)?,
                ..self.evaluate(of, meaning)?
            }),
            Latent::Pushed { of, nudges } => {
                let of = self.evaluate(of, meaning)?;
                let style = *self.style(&of)?;
                let style = style.pushed(nudges);
                if style.directions() > self.directions {
                    return Err(ModelError::Latent(format!(
                        "direction {} is asked for and the model has {}",
                        style.directions(),
                        self.directions
                    )));
                }
                Ok(Point {
                    style: Some(Box::new(style)),
                    ..of
                })
            }
            Latent::Crossed { coarse, fine, from } => {
                let (coarse, fine) = (
                    self.evaluate(coarse, meaning)?,
                    self.evaluate(fine, meaning)?,
                );
                let (a, b) = (self.style(&coarse)?, self.style(&fine)?);
                Ok(Point {
                    style: Some(Box::new(Mix::crossed(&a, &b, usize::from(*from)))),
                    ..coarse
                })
            }
            Latent::Styles {
                values,
                unit,
                grain,
            } => self.found(values, *unit, *grain),
        }
    }

    /// What each layer is given at a point.
    fn style(&self, point: &Point) -> Result<Box<Mix>, ModelError> {
        (point.style.clone())
            .ok_or_else(|| ModelError::Latent("the model has no styles".to_owned()))
    }

    fn found(&self, values: &[i8], unit: f32, grain: u64) -> Result<Point, ModelError> {
        let wanted = StyleConfig::LAYERS * self.styles;
        if self.styles == 0 || values.len() != wanted {
            return Err(ModelError::Latent(format!(
                "it has {} numbers of styles and the model {wanted}",
                values.len()
            )));
        }
        let added = values
            .iter()
            .map(|&value| f32::from(value) * unit)
            .collect();
        Ok(Point {
            z: vec![0.0; self.dimensions],
            classes: self.one_hot(0)?,
            words: vec![0.0; self.words],
            style: Some(Box::new(Mix::found(added, grain))),
        })
    }

    /// The styles of noise, where the model has any.
    fn mapped(&self, z: &[f32], truncation: f32) -> Option<Box<Mix>> {
        (self.styles > 0).then(|| Box::new(Mix::draw(z.to_vec(), truncation, seed_of(z))))
    }

    fn said(&self, words: &str, meaning: Meaning<'_>) -> Result<Vec<f32>, ModelError> {
        if self.words == 0 {
            return Err(ModelError::Latent("the model knows no words".to_owned()));
        }
        let vector = meaning(words).ok_or_else(|| ModelError::Words(words.to_owned()))?;
        if vector.len() != self.words {
            return Err(ModelError::Latent(format!(
                "its words have {} dimensions and the model's {}",
                vector.len(),
                self.words
            )));
        }
        Ok(vector)
    }

    fn draw(
        &self,
        seed: u64,
        index: u32,
        temperature: f32,
        class: Option<u8>,
    ) -> Result<Point, ModelError> {
        let mut noise = Noise::new(seed, DRAWS + u64::from(index));
        // The class is drawn first, always, so that naming it changes nothing else.
        let drawn = noise.below(self.classes.max(1) as u32) as u8;
        let z: Vec<f32> = (0..self.dimensions)
            .map(|_| {
                let mut value = noise.one_normal();
                while self.truncated && value.abs() > 2.0 {
                    value = noise.one_normal();
                }
                value
            })
            .collect();
        Ok(Point {
            style: self.mapped(&z, temperature),
            z: z.iter().map(|value| value * temperature).collect(),
            classes: self.one_hot(class.unwrap_or(drawn))?,
            words: vec![0.0; self.words],
        })
    }

    fn at(&self, z: &[f32], class: Option<u8>) -> Result<Point, ModelError> {
        if z.len() != self.dimensions {
            return Err(ModelError::Latent(format!(
                "it has {} coordinates and the model {}",
                z.len(),
                self.dimensions
            )));
        }
        let class = match (class, self.classes) {
            (_, 0) => 0,
            (Some(class), _) => class,
            (None, _) => {
                return Err(ModelError::Latent(
                    "the model wants a class with its coordinates".to_owned(),
                ));
            }
        };
        Ok(Point {
            style: self.mapped(z, 1.0),
            z: z.to_vec(),
            classes: self.one_hot(class)?,
            words: vec![0.0; self.words],
        })
    }

    /// The class weights that ask for one class alone.
    pub fn one_hot(&self, class: u8) -> Result<Vec<f32>, ModelError> {
        if self.classes > 0 && usize::from(class) >= self.classes {
            return Err(ModelError::Latent(format!(
                "class {class} is asked for and the model has {}",
                self.classes
            )));
        }
        let mut weights = vec![0.0; self.classes];
        if let Some(weight) = weights.get_mut(usize::from(class)) {
            *weight = 1.0;
        }
        Ok(weights)
    }
}

/// What becomes of two points' styles, where they have any.
fn both(a: &Point, b: &Point, f: impl Fn(&Mix, &Mix) -> Mix) -> Option<Box<Mix>> {
    let (a, b) = (a.style.as_ref()?, b.style.as_ref()?);
    Some(Box::new(f(a, b)))
}

/// A seed for more noise beside that of a point (FNV-1a of its coordinates), so that
/// the same recipe has the same.
pub(crate) fn seed_of(z: &[f32]) -> u64 {
    let bytes = z.iter().flat_map(|value| value.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |seed, byte| {
        (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn mix(a: &[f32], b: &[f32], f: impl Fn(f32, f32) -> f32) -> Vec<f32> {
    a.iter().zip(b).map(|(&x, &y)| f(x, y)).collect()
}

/// Negative weights to zero, then to a sum of one.
fn normalised(mut weights: Vec<f32>) -> Vec<f32> {
    weights.iter_mut().for_each(|w| *w = w.max(0.0));
    let sum: f32 = weights.iter().sum();
    if sum > 0.0 {
        weights.iter_mut().for_each(|w| *w /= sum);
    } else if !weights.is_empty() {
        let even = 1.0 / weights.len() as f32;
        weights.fill(even);
    }
    weights
}

/// A vector of length 1 in the same direction; one without a direction stays.
fn of_length_one(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 1e-6 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
    vector
}

/// Spherical linear interpolation (Shoemake 1985) of direction, linear of length.
///
/// Straight lines through a high-dimensional normal pass where no draw ever
/// lies (White 2016); in two dimensions or between near directions the straight
/// line is as good, and is used.
fn spherical(a: &[f32], b: &[f32], t: f32) -> Vec<f32> {
    let length = |v: &[f32]| v.iter().map(|x| x * x).sum::<f32>().sqrt();
    let (la, lb) = (length(a), length(b));
    let dot: f32 = a.iter().zip(b).map(|(x, y)| x * y).sum();
    let cosine = dot / (la * lb);
    if !cosine.is_finite() || cosine.abs() > 0.9995 {
        return mix(a, b, |x, y| x + (y - x) * t);
    }
    let angle = cosine.acos();
    let (wa, wb) = (
        ((1.0 - t) * angle).sin() / angle.sin(),
        (t * angle).sin() / angle.sin(),
    );
    let size = la + (lb - la) * t;
    mix(a, b, |x, y| (x / la * wa + y / lb * wb) * size)
}

#[cfg(test)]
mod tests;
