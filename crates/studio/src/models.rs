//! The models that are ready to sample.

use std::collections::HashMap;

use burn::tensor::{Device, Tensor};
use lampwork_host::read;
use lampwork_models::Sampler;
use lampwork_models::latent::{Meaning, Point};
use lampwork_models::sample::to_bytes;
use lampwork_protocol::{
    Failure, ModelCard, ModelConfig, ModelInfo, Recipe, Sampling, Solver, Start,
};

/// A model that is ready.
pub(crate) struct Loaded {
    pub(crate) sampler: Sampler,
    pub(crate) info: ModelInfo,
}

impl Loaded {
    /// Whether its pictures come out of noise step by step.
    pub(crate) fn is_flow(&self) -> bool {
        matches!(self.info.card.recipe.model, ModelConfig::Flow(_))
    }

    /// Whether it can begin with that picture, gone about in this way.
    fn check_start(&self, start: &Start, sampling: Option<Sampling>) -> Result<(), Failure> {
        let config = &self.info.card.recipe.model;
        let cannot = |reason: &str| Failure::CannotDo {
            model: self.info.card.name.clone(),
            reason: reason.to_owned(),
        };
        if !self.is_flow() {
            return Err(cannot("only a flow begins with a picture"));
        }
        let way = sampling.or_else(|| Sampling::usual(config));
        if way.is_some_and(|way| way.solver == Solver::Shortcut) {
            return Err(cannot("its leaps begin with noise alone, steps do not"));
        }
        let (own, given) = (config.shape(), start.picture.len());
        if own.values() != given {
            return Err(Failure::BadRecipe {
                reason: format!(
                    "it begins with a picture of {given} values, and those of this model have {}",
                    own.values()
                ),
            });
        }
        Ok(())
    }
}

/// What is to be made.
#[derive(Default)]
pub(crate) struct Points {
    pub(crate) model: String,
    pub(crate) sampling: Option<Sampling>,
    pub(crate) points: Vec<Point>,
    /// What each begins with; none where they begin with noise alone.
    pub(crate) starts: Vec<Start>,
}

/// All of them, by name.
#[derive(Default)]
pub(crate) struct Models(HashMap<String, Loaded>);

impl Models {
    /// Makes a weights file ready under the name of its card.
    ///
    /// Without a card (a file that the visitor dropped), the one in its metadata
    /// counts, and the model is called `yours`. Whatever fails, the models that
    /// are ready stay so.
    pub(crate) fn load(
        &mut self,
        bytes: &[u8],
        card: Option<ModelCard>,
        device: &Device,
    ) -> Result<ModelInfo, Failure> {
        let (named, metadata) = lampwork_weights::read(bytes)?;
        let card = match card {
            Some(card) => card,
            None => ModelCard {
                name: ModelCard::YOURS.to_owned(),
                ..lampwork_weights::card(&metadata)?
            },
        };
        let sampler = Sampler::new(&card.recipe.model, &named, device)?;
        let info = ModelInfo {
            weights: lampwork_weights::hash(bytes),
            encodes: sampler.encodes(),
            card,
        };
        let loaded = Loaded {
            sampler,
            info: info.clone(),
        };
        self.0.insert(info.card.name.clone(), loaded);
        Ok(info)
    }

    /// A model by name.
    pub(crate) fn get(&self, name: &str) -> Result<&Loaded, Failure> {
        self.0.get(name).ok_or_else(|| Failure::NoModel {
            model: name.to_owned(),
        })
    }

    /// The points that recipes name and how they are made, all of one model and
    /// one way, checked against its hash; their words by `meaning`.
    pub(crate) fn points(
        &self,
        recipes: &[Recipe],
        meaning: Meaning<'_>,
    ) -> Result<Points, Failure> {
        let Some(first) = recipes.first() else {
            return Ok(Points::default());
        };
        let Recipe {
            model, sampling, ..
        } = first;
        let loaded = self.get(model)?;
        if loaded.sampler.translator().is_some() {
            return Err(Failure::CannotDo {
                model: model.clone(),
                reason: "it changes pictures and makes none of its own".to_owned(),
            });
        }
        let space = loaded.sampler.space();
        let leaps = sampling.is_some_and(|sampling| sampling.solver == Solver::Shortcut);
        if leaps && !loaded.sampler.leaps() {
            return Err(Failure::CannotDo {
                model: model.clone(),
                reason: "it has learned no leaps".to_owned(),
            });
        }
        let points = recipes.iter().map(|recipe| {
            if recipe.model != *model {
                return Err(Failure::BadRecipe {
                    reason: "a sheet holds pictures of one model".to_owned(),
                });
            }
            if !recipe.goes_with(first) {
                return Err(Failure::BadRecipe {
                    reason: "the pictures of a sheet are made in one way".to_owned(),
                });
            }
            if recipe.weights != loaded.info.weights {
                return Err(Failure::OtherWeights {
                    model: model.clone(),
                });
            }
            // A recipe comes from anyone: no number in it is taken on trust.
            lampwork_protocol::link::check(recipe)?;
            if let Some(start) = &recipe.start {
                loaded.check_start(start, *sampling)?;
            }
            Ok(space.point_said(&recipe.latent, meaning)?)
        });
        let points = points.collect::<Result<Vec<_>, _>>()?;
        Ok(Points {
            model: model.clone(),
            sampling: *sampling,
            points,
            starts: recipes.iter().filter_map(|r| r.start.clone()).collect(),
        })
    }

    /// The latent point of a picture, the class taken, and its reconstruction.
    pub(crate) async fn encode(
        &self,
        model: &str,
        picture: &[u8],
        class: Option<u8>,
        device: &Device,
    ) -> Result<(Vec<f32>, Option<u8>, Vec<u8>), Failure> {
        let sampler = &self.get(model)?.sampler;
        let pixels: Vec<f32> = picture.iter().map(|&p| f32::from(p) / 255.0).collect();
        let (z, class) = sampler.encode(&pixels, class, device).await?;
        let point = Point {
            classes: sampler.space().one_hot(class.unwrap_or(0))?,
            words: vec![0.0; sampler.space().words],
            style: None,
            z: z.clone(),
        };
        let made = read_pictures(sampler.decode(&[point], device)).await?;
        Ok((z, class, made))
    }
}

/// Reads pictures in 0..1 as bytes.
pub(crate) async fn read_pictures(pictures: Tensor<2>) -> Result<Vec<u8>, Failure> {
    Ok(to_bytes(&read(pictures).await?))
}
