//! News of the training run, which no request asked for.

use lampwork_protocol::event::StepFigures;
use lampwork_protocol::{Event, Payload, RunStatus};
use leptos::prelude::*;

/// Steps kept one by one; beyond it every other one is dropped.
const STEPS_KEPT: usize = 4096;

/// Samples from the run's fixed noise.
#[derive(Debug, Clone, PartialEq)]
pub struct Filmstrip {
    /// Step they were made at.
    pub step: u64,
    /// How many.
    pub count: u32,
    /// `[count, side, side, channels]` bytes.
    pub pictures: Vec<u8>,
}

/// Figures of the validation split.
#[derive(Debug, Clone, PartialEq)]
pub struct Validation {
    /// Step they were measured at.
    pub step: u64,
    /// Name and value.
    pub values: Vec<(String, f32)>,
}

/// What is known of the run, kept up to date.
#[derive(Debug, Clone, Copy)]
pub struct RunFeed {
    /// How it stands; `None` while there is none.
    pub status: RwSignal<Option<RunStatus>>,
    /// Its steps, thinned out when there are many.
    pub steps: RwSignal<Vec<StepFigures>>,
    /// The newest samples.
    pub filmstrip: RwSignal<Option<Filmstrip>>,
    /// Every validation so far.
    pub validations: RwSignal<Vec<Validation>>,
}

impl RunFeed {
    /// A feed without a run.
    pub fn new() -> RunFeed {
        RunFeed {
            status: RwSignal::new(None),
            steps: RwSignal::new(vec![]),
            filmstrip: RwSignal::new(None),
            validations: RwSignal::new(vec![]),
        }
    }

    /// Takes in an event that may be of the run.
    pub fn take(&self, event: &Event, payload: &Payload) {
        match event {
            Event::Run(status) => {
                if status.step == 0 {
                    self.steps.set(vec![]);
                    self.validations.set(vec![]);
                    self.filmstrip.set(None);
                }
                self.status.set(Some(status.clone()));
            }
            Event::Steps { steps } => self.steps.update(|kept| {
                kept.extend(steps.iter().cloned());
                if kept.len() > STEPS_KEPT {
                    let mut number = 0;
                    kept.retain(|_| {
                        number += 1;
                        number % 2 == 1
                    });
                }
            }),
            Event::Filmstrip { step, count } => {
                if let Some(pictures) = payload.first() {
                    self.filmstrip.set(Some(Filmstrip {
                        step: *step,
                        count: *count,
                        pictures: pictures.clone(),
                    }));
                }
            }
            Event::Validated { step, values } => self.validations.update(|kept| {
                kept.push(Validation {
                    step: *step,
                    values: values.clone(),
                });
            }),
            _ => {}
        }
    }
}
