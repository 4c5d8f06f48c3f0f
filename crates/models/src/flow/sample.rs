//! From noise to picture, a step at a time.

use burn::tensor::Tensor;
use lampwork_protocol::{Sampling, Solver};

use super::{Begun, FlowNet, Told};

/// Pictures on their way from noise.
///
/// Cut into evaluations of the net, so that a worker can answer its page between
/// two of them, and show what is on its way.
#[derive(Debug, Clone)]
pub struct Path {
    /// `[count, values]`, about -1..1 at the end.
    now: Tensor<2>,
    /// What is asked for.
    told: Told,
    sampling: Sampling,
    /// Steps taken.
    step: u16,
    /// The velocity at the start of the step under way, of a solver that takes
    /// two.
    half: Option<Tensor<2>>,
    /// The picture that it began with, if it began with one.
    begun: Option<Begun>,
}

impl Path {
    /// Starts at noise.
    ///
    /// # Shapes
    /// - noise: `[count, values]`
    pub fn new(noise: Tensor<2>, told: Told, sampling: Sampling) -> Self {
        let most = match sampling.solver {
            Solver::Shortcut => Sampling::MAX_LEAPS,
            Solver::Euler | Solver::Heun => Sampling::MAX_STEPS,
        };
        Self {
            now: noise,
            told,
            sampling: Sampling {
                steps: sampling.steps.clamp(1, most),
                ..sampling
            },
            step: 0,
            half: None,
            begun: None,
        }
    }

    /// Starts at the mixture of noise and a picture that lies at `1 - strength`, or
    /// with a mask at what of it may not change.
    ///
    /// Of the steps of the whole path as many are taken as fall behind that place,
    /// rounded up. Learned leaps begin at noise alone: they are taken as Euler's.
    ///
    /// # Shapes
    /// - noise: `[count, values]`
    pub fn from_picture(noise: Tensor<2>, told: Told, sampling: Sampling, begun: Begun) -> Self {
        let steps = f32::from(sampling.steps.clamp(1, Sampling::MAX_STEPS));
        let mut path = Self::new(
            begun.mixed(noise, 1.0 - begun.strength),
            told,
            Sampling {
                steps: (steps * begun.strength).ceil() as u16,
                solver: match sampling.solver {
                    Solver::Shortcut => Solver::Euler,
                    solver => solver,
                },
                ..sampling
            },
        );
        if begun.strength <= 0.0 {
            path.sampling.steps = 0;
        }
        path.begun = Some(begun);
        path
    }

    /// Evaluates the velocity once, and moves on where that ends a step. `true`
    /// when the pictures are there.
    pub fn advance(&mut self, net: &FlowNet) -> bool {
        let steps = self.sampling.steps;
        if self.step >= steps {
            return true;
        }
        let (width, start) = match &self.begun {
            None => {
                let width = 1.0 / f32::from(steps);
                (width, f32::from(self.step) * width)
            }
            Some(begun) => {
                let width = begun.strength / f32::from(steps);
                (width, 1.0 - begun.strength + f32::from(self.step) * width)
            }
        };
        if let Some(begun) = self.begun.as_ref().filter(|begun| begun.is_masked()) {
            let velocity = velocity(
                net,
                self.now.clone(),
                start,
                &self.told,
                self.sampling.guidance,
            );
            self.step += 1;
            let until = if self.step == steps {
                1.0
            } else {
                start + width
            };
            self.now = begun.filled(self.now.clone(), velocity, start, until, self.step);
            return self.step == steps;
        }
        if self.sampling.solver == Solver::Shortcut {
            let count = self.now.dims()[0];
            let (times, leaps) = (vec![start; count], vec![width; count]);
            let velocity = net.leap(self.now.clone(), &times, &leaps, self.told.clone());
            self.now = self.now.clone() + velocity * width;
            self.step += 1;
            return self.step == steps;
        }
        let velocity = |at, time| velocity(net, at, time, &self.told, self.sampling.guidance);
        match self.half.take() {
            None => {
                let velocity = velocity(self.now.clone(), start);
                // The last step of Heun's would evaluate the net at the picture
                // itself, where nothing was learned: Euler's ends as well there
                // (Karras 2022, algorithm 1).
                let last = self.step + 1 == steps && steps > 1;
                if self.sampling.solver == Solver::Heun && !last {
                    self.half = Some(velocity);
                    return false;
                }
                self.now = self.now.clone() + velocity * width;
            }
            Some(first) => {
                let ahead = self.now.clone() + first.clone() * width;
                let second = velocity(ahead, start + width);
                self.now = self.now.clone() + (first + second) * (0.5 * width);
            }
        }
        self.step += 1;
        self.step == steps
    }

    /// Steps taken, and steps in all.
    pub fn progress(&self) -> (u16, u16) {
        (self.step, self.sampling.steps)
    }

    /// The pictures as they are now, `[count, values]` in 0..1. What may not change
    /// is in them from the first step on.
    pub fn pictures(&self) -> Tensor<2> {
        let now = ((self.now.clone() + 1.0) * 0.5).clamp(0.0, 1.0);
        match &self.begun {
            Some(begun) => begun.with_kept(now),
            None => now,
        }
    }
}

/// The velocity with guidance: `without + scale (with - without)`, both in one pass.
pub(super) fn velocity(
    net: &FlowNet,
    at: Tensor<2>,
    time: f32,
    told: &Told,
    guidance: f32,
) -> Tensor<2> {
    let count = at.dims()[0];
    let told = told.clone();
    if told.is_none() || guidance == 1.0 {
        return net.forward(at, &vec![time; count], told);
    }
    let without = told.without();
    if guidance == 0.0 {
        return net.forward(at, &vec![time; count], without);
    }
    let both = net.forward(
        Tensor::cat(vec![at.clone(), at], 0),
        &vec![time; 2 * count],
        told.and(without),
    );
    let mut halves = both.chunk(2, 0).into_iter();
    let mut half = || halves.next().expect("two halves");
    let (with, without) = (half(), half());
    without.clone() + (with - without) * guidance
}
