//! The filmstrip: samples from the same noise as training goes on.

use burn::tensor::Device;
use lampwork_models::latent::Point;
use lampwork_models::sample::Making;
use lampwork_models::{Noise, Run, Sampler};
use lampwork_protocol::{Event, Failure, ModelConfig, Payload, RunRecipe, Sampling, Solver};

use crate::models::read_pictures;

/// Pictures of one frame.
pub(super) const COUNT: usize = 16;
/// Milliseconds between frames, once the first are taken.
const INTERVAL: f64 = 1500.0;
/// Steps after which a frame is taken whatever the clock says: most happens at
/// the start.
const EARLY: [u64; 6] = [1, 2, 5, 10, 20, 50];
/// Stream of the frames' noise, apart from all that trains.
pub(super) const STREAM: u64 = 1 << 50;

/// How a flow makes a frame: roughly, as there is a run to get on with.
const SAMPLING: Sampling = Sampling {
    steps: 4,
    guidance: 1.0,
    solver: Solver::Euler,
};

pub(super) struct Film {
    points: Vec<Point>,
    last: f64,
    /// A frame of a flow that is under way, and the step it shows.
    frame: Option<(Sampler, Making, u64)>,
    /// Whether a frame takes many evaluations of the net.
    slow: bool,
}

impl Film {
    /// Of a model with words, `said` is what each picture of a frame is told.
    pub(super) fn new(recipe: &RunRecipe, said: Vec<Vec<f32>>) -> Self {
        let said = if said.len() == COUNT {
            said
        } else {
            vec![vec![0.0; recipe.model.words()]; COUNT]
        };
        let (latent, classes) = (recipe.model.latent(), recipe.model.classes());
        let points = (0..COUNT)
            .map(|index| {
                let z = Noise::new(recipe.seed, STREAM + index as u64).normal(latent);
                let mut weights = vec![0.0; classes];
                if classes > 0 {
                    weights[index % classes] = 1.0;
                }
                Point {
                    z,
                    classes: weights,
                    words: said[index].clone(),
                    style: None,
                }
            })
            .collect();
        Self {
            points,
            last: 0.0,
            frame: None,
            slow: matches!(recipe.model, ModelConfig::Flow(_)),
        }
    }

    /// Of a net from picture to picture: what it makes of these pictures, each of so
    /// many values in 0..1.
    pub(super) fn of_pictures(pictures: &[f32], values: usize) -> Self {
        let points = pictures.chunks_exact(values).map(|picture| Point {
            z: picture.to_vec(),
            classes: vec![],
            words: vec![],
            style: None,
        });
        Self {
            points: points.collect(),
            last: 0.0,
            frame: None,
            slow: false,
        }
    }

    /// Whether a frame should be taken after this step.
    pub(super) fn due(&self, step: u64, now: f64) -> bool {
        EARLY.contains(&step) || now - self.last >= INTERVAL
    }

    pub(super) fn filmed(&mut self, now: f64) {
        self.last = now;
    }

    pub(super) async fn take(
        &self,
        run: &Run,
        device: &Device,
    ) -> Result<(Event, Payload), Failure> {
        let sampler = run.sampler();
        let mut making = sampler.begin(&self.points, &[], Some(SAMPLING), device);
        while !sampler.advance(&mut making) {}
        frame(&making, run.step()).await
    }

    /// Begins a frame that [`Film::piece`] ends, where one takes long; whether it
    /// does.
    pub(super) fn begin(&mut self, run: &Run, device: &Device) -> bool {
        if self.slow {
            let sampler = run.sampler();
            let making = sampler.begin(&self.points, &[], Some(SAMPLING), device);
            self.frame = Some((sampler, making, run.step()));
        }
        self.slow
    }

    /// A piece of the frame under way, if there is one, and the frame when it is
    /// whole.
    pub(super) async fn piece(&mut self) -> Option<Result<Option<(Event, Payload)>, Failure>> {
        let (sampler, mut making, step) = self.frame.take()?;
        if sampler.advance(&mut making) {
            return Some(frame(&making, step).await.map(Some));
        }
        self.frame = Some((sampler, making, step));
        Some(Ok(None))
    }
}

async fn frame(making: &Making, step: u64) -> Result<(Event, Payload), Failure> {
    let pixels = read_pictures(making.pictures()).await?;
    let event = Event::Filmstrip {
        step,
        count: COUNT as u32,
    };
    Ok((event, vec![pixels]))
}
