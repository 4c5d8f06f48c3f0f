//! Learning to leap: few steps in place of many.
//!
//! The net is told how long a leap is and learns the mean velocity over it. What
//! a leap should be it learns from itself: two leaps of half the length, one
//! after the other, by the average of its weights; and at the shortest, two steps
//! along the velocity, with guidance, so that a leap needs none (Frans 2024).

use burn::tensor::{Tensor, s};

use super::{FlowNet, Told};
use crate::Noise;
use crate::blocks::matrix;

/// The shortest leap.
const SHORTEST: f32 = 0.125;
/// Lengths of leaps: each twice the one before.
const LENGTHS: usize = 4;

/// The mean squared error of leaps over all pixels, `[1]`.
///
/// `average` is the net that the targets are taken from, on the plain device.
///
/// # Shapes
/// - pictures: `[count, values]` in 0..1
/// - told: as asked for, nothing left out
pub fn shortcut_loss(
    net: &FlowNet,
    average: &FlowNet,
    pictures: Tensor<2>,
    told: Told,
    guidance: f32,
    noise: &mut Noise,
) -> Tensor<1> {
    let [count, values] = pictures.dims();
    let device = pictures.device();
    let plain = device.clone().inner();
    let (mut leaps, mut times) = (Vec::with_capacity(count), Vec::with_capacity(count));
    // All lengths as often in a batch, so that the loss is less noisy; the
    // shortest first.
    for index in 0..count {
        let leap = SHORTEST * f32::from(1_u8 << (index * LENGTHS / count));
        let places = (1.0 / leap) as u32;
        leaps.push(leap);
        times.push(noise.below(places) as f32 * leap);
    }
    let start = matrix(noise.normal(count * values), count, values, &plain);
    let column = |numbers: &[f32]| matrix(numbers.to_vec(), count, 1, &plain);
    let share = column(&times);
    let pictures = pictures.inner() * 2.0 - 1.0;
    let from = start.clone() + (pictures - start) * share;
    let aim = Aim {
        net: average,
        told: told.clone().inner(),
        guidance,
        halves: leaps.iter().map(|leap| leap / 2.0).collect(),
    };
    let first = aim.velocity(from.clone(), &times);
    let halves = column(&aim.halves);
    let between = from.clone() + first.clone() * halves;
    let later: Vec<f32> = times
        .iter()
        .zip(&aim.halves)
        .map(|(t, half)| t + half)
        .collect();
    let second = aim.velocity(between, &later);
    let target = Tensor::from_inner((first + second) * 0.5);
    (net.leap(Tensor::from_inner(from), &times, &leaps, told) - target)
        .square()
        .mean()
}

/// Where the halves of leaps go.
struct Aim<'a> {
    net: &'a FlowNet,
    told: Told,
    guidance: f32,
    halves: Vec<f32>,
}

impl Aim<'_> {
    /// The mean velocity over half a leap: a leap that is learned, or for halves
    /// of the shortest one the velocity with guidance.
    fn velocity(&self, at: Tensor<2>, times: &[f32]) -> Tensor<2> {
        let learned = |half: f32| if half < SHORTEST { 0.0 } else { half };
        let leaps: Vec<f32> = self.halves.iter().map(|&half| learned(half)).collect();
        let with = self.net.leap(at.clone(), times, &leaps, self.told.clone());
        let guided = leaps.iter().take_while(|leap| **leap == 0.0).count();
        if guided == 0 || self.guidance == 1.0 || self.told.is_none() {
            return with;
        }
        let told = self.told.first(guided).without();
        let at = at.slice(s![0..guided, ..]);
        let without = self.net.forward(at, &times[..guided], told);
        let [count, _] = with.dims();
        let own = with.clone().slice(s![0..guided, ..]);
        let own = without.clone() + (own - without) * self.guidance;
        if guided == count {
            return own;
        }
        Tensor::cat(vec![own, with.slice(s![guided..count, ..])], 0)
    }
}
