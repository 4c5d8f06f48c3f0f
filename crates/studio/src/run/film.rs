//! The filmstrip: samples from the same noise as training goes on.

use burn::tensor::Device;
use lampwork_models::latent::Point;
use lampwork_models::{Noise, Run};
use lampwork_protocol::{Event, Failure, Payload, RunRecipe};

use crate::models::read_pictures;

/// Pictures of one frame.
const COUNT: usize = 16;
/// Milliseconds between frames, once the first are taken.
const INTERVAL: f64 = 1500.0;
/// Steps after which a frame is taken whatever the clock says: most happens at
/// the start.
const EARLY: [u64; 6] = [1, 2, 5, 10, 20, 50];
/// Stream of the frames' noise, apart from all that trains.
const STREAM: u64 = 1 << 50;

pub(super) struct Film {
    points: Vec<Point>,
    last: f64,
}

impl Film {
    pub(super) fn new(recipe: &RunRecipe) -> Self {
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
                }
            })
            .collect();
        Self { points, last: 0.0 }
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
        let pictures = run.sampler().decode(&self.points, device);
        let pixels = read_pictures(pictures).await?;
        let event = Event::Filmstrip {
            step: run.step(),
            count: COUNT as u32,
        };
        Ok((event, vec![pixels]))
    }
}
