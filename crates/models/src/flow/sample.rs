//! From noise to picture, a step at a time.

use burn::tensor::Tensor;
use lampwork_protocol::{Sampling, Solver};

use super::FlowNet;

/// Pictures on their way from noise.
///
/// Cut into evaluations of the net, so that a worker can answer its page between
/// two of them, and show what is on its way.
#[derive(Debug, Clone)]
pub struct Path {
    /// `[count, 784]`, about -1..1 at the end.
    now: Tensor<2>,
    /// `[count, classes]`; none when unconditional.
    classes: Option<Tensor<2>>,
    sampling: Sampling,
    /// Steps taken.
    step: u16,
    /// The velocity at the start of the step under way, of a solver that takes
    /// two.
    half: Option<Tensor<2>>,
}

impl Path {
    /// Starts at noise.
    ///
    /// # Shapes
    /// - noise: `[count, 784]`
    /// - classes: `[count, classes]`
    pub fn new(noise: Tensor<2>, classes: Option<Tensor<2>>, sampling: Sampling) -> Self {
        Self {
            now: noise,
            classes,
            sampling: Sampling {
                steps: sampling.steps.clamp(1, Sampling::MAX_STEPS),
                ..sampling
            },
            step: 0,
            half: None,
        }
    }

    /// Evaluates the velocity once, and moves on where that ends a step. `true`
    /// when the pictures are there.
    pub fn advance(&mut self, net: &FlowNet) -> bool {
        let steps = self.sampling.steps;
        if self.step >= steps {
            return true;
        }
        let width = 1.0 / f32::from(steps);
        let start = f32::from(self.step) * width;
        match self.half.take() {
            None => {
                let velocity = self.velocity(net, self.now.clone(), start);
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
                let second = self.velocity(net, ahead, start + width);
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

    /// The pictures as they are now, `[count, 784]` in 0..1.
    pub fn pictures(&self) -> Tensor<2> {
        ((self.now.clone() + 1.0) * 0.5).clamp(0.0, 1.0)
    }

    /// The velocity with guidance: `without + scale (with - without)`, both in
    /// one pass.
    fn velocity(&self, net: &FlowNet, at: Tensor<2>, time: f32) -> Tensor<2> {
        let count = at.dims()[0];
        let scale = self.sampling.guidance;
        let Some(classes) = self.classes.clone() else {
            return net.forward(at, &vec![time; count], None);
        };
        if scale == 1.0 {
            return net.forward(at, &vec![time; count], Some(classes));
        }
        let none = classes.zeros_like();
        if scale == 0.0 {
            return net.forward(at, &vec![time; count], Some(none));
        }
        let both = net.forward(
            Tensor::cat(vec![at.clone(), at], 0),
            &vec![time; 2 * count],
            Some(Tensor::cat(vec![classes, none], 0)),
        );
        let mut halves = both.chunk(2, 0).into_iter();
        let mut half = || halves.next().expect("two halves");
        let (with, without) = (half(), half());
        without.clone() + (with - without) * scale
    }
}
