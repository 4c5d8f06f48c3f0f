//! Runs of nets that make pictures.

use burn::tensor::Device;
use lampwork_protocol::{
    FlowConfig, GanConfig, ModelConfig, RunRecipe, Side, StyleConfig, VaeConfig,
};
use lampwork_weights::Named;

use super::game::GanRun;
use super::translate::Translation;
use super::{Batch, Families, Slice, StepReport, single};
use crate::sample::Net;
use crate::{ModelError, Sampler, Update};

/// What makes pictures.
#[derive(Debug, Clone)]
pub struct Pictures(Family);

#[derive(Debug, Clone)]
enum Family {
    Vae(Box<single::Single<VaeConfig>>),
    Flow(Box<single::Single<FlowConfig>>),
    Gan(Box<GanRun<GanConfig>>),
    Style(Box<GanRun<StyleConfig>>),
    Translate(Box<single::Single<Translation>>),
}

impl Pictures {
    #[cfg(feature = "perceptual")]
    pub(super) fn see_by(&mut self, eye: std::sync::Arc<crate::perceptual::Perceptual>) {
        if let Family::Translate(run) = &mut self.0 {
            let objective = run.objective().seen_by(eye);
            run.adopt(objective);
        }
    }

    fn net(&self) -> Net {
        match &self.0 {
            Family::Vae(run) => run.made(),
            Family::Flow(run) => run.made(),
            Family::Gan(run) => run.net(),
            Family::Style(run) => run.net(),
            Family::Translate(run) => run.made(),
        }
    }
}

impl Families for Pictures {
    type Batch<'a> = Batch<'a>;
    type Made = Sampler;

    fn begin(recipe: &RunRecipe, device: &Device, update: Update) -> Result<Self, ModelError> {
        Ok(Self(match &recipe.model {
            ModelConfig::Vae(config) => Family::Vae(super::single(recipe, config, device, update)),
            ModelConfig::Flow(config) => {
                Family::Flow(super::single(recipe, config, device, update))
            }
            ModelConfig::Gan(config) => {
                Family::Gan(Box::new(GanRun::new(recipe, config, device, update)))
            }
            ModelConfig::Style(config) => {
                Family::Style(Box::new(GanRun::new(recipe, config, device, update)))
            }
            ModelConfig::Translate(config) => {
                let objective = Translation::new(config);
                Family::Translate(super::single(recipe, &objective, device, update))
            }
            // Those have a run of their own, which no tab carries.
            ModelConfig::Domains(_) => {
                return Err(ModelError::Knob {
                    knob: "family",
                    reason: "nets between two domains are taught by `train` alone".to_owned(),
                });
            }
            ModelConfig::Transformer(_) | ModelConfig::Lstm(_) | ModelConfig::TextVae(_) => {
                return Err(ModelError::Writes);
            }
        }))
    }

    fn advance(
        &mut self,
        slice: &Slice<'_>,
        phase: usize,
        side: Option<Side>,
    ) -> Option<StepReport> {
        match &mut self.0 {
            Family::Vae(run) => run.advance(slice),
            Family::Flow(run) => run.advance(slice),
            Family::Gan(run) => run.advance(slice, phase, side),
            Family::Style(run) => run.advance(slice, phase, side),
            Family::Translate(run) => run.advance(slice),
        }
    }

    fn side_by_side(&mut self, slices: &[Slice<'_>]) -> Option<StepReport> {
        match &mut self.0 {
            Family::Vae(run) => run.side_by_side(slices),
            Family::Flow(run) => run.side_by_side(slices),
            Family::Gan(_) | Family::Style(_) => None,
            Family::Translate(run) => run.side_by_side(slices),
        }
    }

    async fn validate(
        &self,
        batch: &Self::Batch<'_>,
        seed: u64,
        device: &Device,
    ) -> Result<Vec<(String, f32)>, ModelError> {
        match &self.0 {
            Family::Vae(run) => run.validate(batch, seed, device).await,
            Family::Flow(run) => run.validate(batch, seed, device).await,
            Family::Gan(_) | Family::Style(_) => Ok(Vec::new()),
            Family::Translate(run) => run.validate(batch, seed, device).await,
        }
    }

    fn made(&self, recipe: &RunRecipe) -> Sampler {
        Sampler::of(self.net(), &recipe.model)
    }

    async fn weights(&self) -> Result<Vec<Named>, ModelError> {
        Ok(match self.net() {
            Net::Vae(vae) => lampwork_weights::collect(vae.as_ref()).await?,
            Net::Flow(net) => lampwork_weights::collect(net.as_ref()).await?,
            Net::Gan(generator) => lampwork_weights::collect(generator.as_ref()).await?,
            Net::Style(generator) => lampwork_weights::collect(generator.as_ref()).await?,
            Net::Translate(net) => lampwork_weights::collect(net.as_ref()).await?,
            Net::Domains(nets) => lampwork_weights::collect(nets.as_ref()).await?,
        })
    }

    async fn save(&self) -> Result<Vec<Named>, ModelError> {
        match &self.0 {
            Family::Vae(run) => run.save().await,
            Family::Flow(run) => run.save().await,
            Family::Gan(run) => run.save().await,
            Family::Style(run) => run.save().await,
            Family::Translate(run) => run.save().await,
        }
    }

    fn restore(&mut self, named: &[Named], device: &Device) -> Result<(), ModelError> {
        match &mut self.0 {
            Family::Vae(run) => run.restore(named, device),
            Family::Flow(run) => run.restore(named, device),
            Family::Gan(run) => run.restore(named, device),
            Family::Style(run) => run.restore(named, device),
            Family::Translate(run) => run.restore(named, device),
        }
    }

    fn change(&mut self, recipe: &RunRecipe) -> Result<(), ModelError> {
        match (&mut self.0, &recipe.model) {
            (Family::Vae(run), ModelConfig::Vae(config)) => run.change(config.clone(), recipe),
            (Family::Flow(run), ModelConfig::Flow(config)) => run.change(config.clone(), recipe),
            (Family::Gan(run), ModelConfig::Gan(config)) => run.change(config, recipe),
            (Family::Style(run), ModelConfig::Style(config)) => run.change(config, recipe),
            (Family::Translate(run), ModelConfig::Translate(config)) => {
                let objective = run.objective().changed(config);
                run.change(objective, recipe)
            }
            _ => return Err(ModelError::NeedsReset { knob: "family" }),
        }
        Ok(())
    }
}
