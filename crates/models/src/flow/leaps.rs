//! Learning to leap: few steps in place of many.
//!
//! The net is told how long a leap is and learns the mean velocity over it, as a
//! shortcut model does (Frans 2024). What a leap should be it learns from paths that
//! it goes in small steps with guidance, from noise to picture, so that a leap needs
//! none (Meng 2023).
//!
//! A shortcut model aims elsewhere: at two of its own leaps of half the length, from
//! mixtures of noise and real pictures. Off those mixtures, where guidance leads,
//! such leaps went ever further: the more of them, the worse the picture (emoji, as
//! long a training: a Frechet distance of 40 for four leaps and 50 for eight, where
//! small steps have 11).

use burn::tensor::Tensor;

use super::sample::velocity;
use super::{FlowNet, Told};
use crate::Noise;

/// Small steps of a path.
const STEPS: usize = 8;
/// Small steps of the leaps that are learned from each path, but for the shortest,
/// of which one is.
const LENGTHS: [usize; 3] = [8, 4, 2];

/// Who shows the way.
#[derive(Debug, Clone, Copy)]
pub struct Guide<'a> {
    /// On the plain device.
    pub net: &'a FlowNet,
    /// Guidance scale that it goes with.
    pub guidance: f32,
}

/// The mean squared error of leaps over all values, `[1]`.
///
/// # Shapes
/// - start: `[count, values]` of noise, on the plain device
/// - told: a row for each path
pub fn leap_loss(
    net: &FlowNet,
    guide: Guide<'_>,
    start: Tensor<2>,
    told: Told,
    noise: &mut Noise,
) -> Tensor<1> {
    let [count, _] = start.dims();
    let places = guide.path(start, &told.clone().inner());
    let shortest = (noise.below(STEPS as u32) as usize, 1);
    let chosen: Vec<(usize, usize)> = LENGTHS
        .iter()
        .flat_map(|&length| (0..STEPS).step_by(length).map(move |at| (at, length)))
        .chain([shortest])
        .collect();
    let share = |steps: usize| steps as f32 / STEPS as f32;
    let each = |number: fn(&(usize, usize)) -> usize| -> Vec<f32> {
        let numbers = chosen.iter().map(|leap| share(number(leap)));
        numbers.flat_map(|number| vec![number; count]).collect()
    };
    let (times, lengths) = (each(|leap| leap.0), each(|leap| leap.1));
    let from = chosen.iter().map(|&(at, _)| places[at].clone()).collect();
    let target = chosen
        .iter()
        .map(|&(at, length)| (places[at + length].clone() - places[at].clone()) / share(length))
        .collect();
    let stacked = |rows: Vec<Tensor<2>>| Tensor::from_inner(Tensor::cat(rows, 0));
    let leaps = net.leap(stacked(from), &times, &lengths, told.repeated(chosen.len()));
    (leaps - stacked(target)).square().mean()
}

impl Guide<'_> {
    /// Where a path is at its start and after each small step.
    ///
    /// By the method of Adams and Bashforth of the second order: as exact as Heun's,
    /// with one velocity a step.
    fn path(self, start: Tensor<2>, told: &Told) -> Vec<Tensor<2>> {
        let width = 1.0 / STEPS as f32;
        let mut places = vec![start];
        let mut before: Option<Tensor<2>> = None;
        for step in 0..STEPS {
            let at = places[step].clone();
            let now = velocity(
                self.net,
                at.clone(),
                step as f32 * width,
                told,
                self.guidance,
            );
            let mean = match before {
                Some(before) => now.clone() * 1.5 - before * 0.5,
                None => now.clone(),
            };
            places.push(at + mean * width);
            before = Some(now);
        }
        places
    }
}
