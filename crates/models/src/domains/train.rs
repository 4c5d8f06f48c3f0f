//! What the nets between two domains are taught by.

use burn::tensor::{Device, Tensor, TensorData};
use lampwork_protocol::{Distance, DomainsConfig, Lesson};

use super::net::own;
use super::{Critic, Critics, Nets};
use crate::Noise;
use crate::reader::Teacher;
use crate::translate::distance;

/// What the nets' side of a step measures, each `[1]`, and what it made.
#[derive(Debug, Clone)]
pub struct Losses {
    /// What is minimised.
    pub loss: Tensor<1>,
    /// Its parts, not yet weighted: the critics' verdict, then what the lesson adds.
    pub parts: Vec<Tensor<1>>,
    /// What was made of the first domain, `[count, channels, side, side]`.
    pub second: Tensor<4>,
    /// What was made of the second, where there is a way back.
    pub first: Option<Tensor<4>>,
}

/// The loss of the nets on pictures of both domains.
///
/// # Shapes
/// - first, second: `[count, channels, side, side]` in 0..1; pairs where the lesson is by
///   pairs
/// - hands: `[count, hands]`, of the second pictures and of those to be made
/// - known: of each first picture, the place among those that the teacher knows, `[count]`
#[allow(clippy::too_many_arguments)]
pub fn losses(
    config: &DomainsConfig,
    nets: &Nets,
    critics: &Critics,
    teacher: Option<&Teacher>,
    (first, second): (Tensor<4>, Tensor<4>),
    hands: &Tensor<2>,
    known: &[u32],
    noise: &mut Noise,
) -> Losses {
    let made = shown(nets.to().forward(first.clone(), Some(hands)));
    match (config.lesson, nets.back(), &critics.first) {
        (
            Lesson::Cycle {
                cycle,
                identity,
                noise: deviation,
                legible,
            },
            Some(back),
            Some(critic),
        ) => {
            let plain = shown(back.forward(second.clone(), None));
            let by = view(config, noise);
            let verdict = fooled(
                critics
                    .second
                    .forward(rolled(made.clone(), by), Some(hands)),
            ) + fooled(critic.forward(rolled(plain.clone(), by), None));
            let there_and_back = back.forward(noisy(made.clone(), deviation, noise), None);
            let back_and_there = nets
                .to()
                .forward(noisy(plain.clone(), deviation, noise), Some(hands));
            let apart = |made, truth| distance(Distance::L1, made, truth);
            let returned =
                apart(there_and_back, first.clone()) + apart(back_and_there, second.clone());
            let mut loss = verdict.clone() + returned.clone() * cycle;
            let mut parts = vec![verdict, returned];
            let kept = if identity > 0.0 {
                apart(nets.to().forward(second.clone(), Some(hands)), second)
                    + apart(back.forward(first.clone(), None), first)
            } else {
                Tensor::zeros([1], &made.device())
            };
            loss = loss + kept.clone() * identity;
            parts.push(kept);
            let read = match teacher {
                Some(teacher) if legible > 0.0 => teacher.misread(made.clone(), known, noise),
                _ => Tensor::zeros([1], &made.device()),
            };
            loss = loss + read.clone() * legible;
            parts.push(read);
            Losses {
                loss,
                parts,
                second: made,
                first: Some(plain),
            }
        }
        (lesson, ..) => {
            let weight = match lesson {
                Lesson::Pairs { distance } => distance,
                Lesson::Cycle { cycle, .. } => cycle,
            };
            let seen = Tensor::cat(vec![first, made.clone()], 1);
            let seen = rolled(seen, view(config, noise));
            let verdict = fooled(critics.second.forward(seen, Some(hands)));
            let apart = distance(Distance::L1, made.clone(), second);
            Losses {
                loss: verdict.clone() + apart.clone() * weight,
                parts: vec![verdict, apart],
                second: made,
                first: None,
            }
        }
    }
}

/// The loss of the critics on real and made pictures; no gradient flows into what was
/// made.
///
/// # Shapes
/// - first, second: `[count, channels, side, side]`, real
/// - made: of the first domain, the second picture; of the second, the first, where
///   there is a way back
/// - by: how far all of them are moved, see [`view`]
pub fn critic_loss(
    critics: &Critics,
    (first, second): (Tensor<4>, Tensor<4>),
    hands: &Tensor<2>,
    (made_second, made_first): (Tensor<4>, Option<Tensor<4>>),
    by: (isize, isize),
) -> Tensor<1> {
    let [first, second, made_second] = [first, second, made_second].map(|all| rolled(all, by));
    let made_first = made_first.map(|made| rolled(made, by));
    match (&critics.first, made_first) {
        (Some(critic), Some(made_first)) => {
            told_apart(&critics.second, second, made_second, Some(hands))
                + told_apart(critic, first, made_first, None)
        }
        _ => {
            let beside = |picture| Tensor::cat(vec![first.clone(), picture], 1);
            let (real, made) = (beside(second), beside(made_second));
            told_apart(&critics.second, real, made, Some(hands))
        }
    }
}

/// How far made pieces are from being taken for real: the mean of `(verdict - 1)^2`.
pub fn fooled(verdict: Tensor<4>) -> Tensor<1> {
    (verdict - 1.0).square().mean()
}

/// How badly a critic tells real from made ones: half the means of `(real - 1)^2` and
/// `made^2` (Mao 2017; Zhu 2017).
///
/// Of several hands, a real picture counts as a made one to the critics of the others,
/// half of all that is to be turned down (Reed 2016): else a critic learns what they have
/// in common first, and the nets write that in every hand.
pub fn told_apart(
    critic: &Critic,
    real: Tensor<4>,
    made: Tensor<4>,
    hands: Option<&Tensor<2>>,
) -> Tensor<1> {
    let count = real.dims()[0];
    let verdicts = critic.verdicts(Tensor::cat(vec![real, made], 0));
    let real = verdicts.clone().narrow(0, 0, count);
    let made = own(verdicts.narrow(0, count, count), hands).square().mean();
    let taken = fooled(own(real.clone(), hands));
    let turned_down = match hands {
        Some(hands) if hands.dims()[1] > 1 => {
            // The mean over all hands is of zeros for its own.
            let among = hands.dims()[1];
            let others = hands.clone().neg() + 1.0;
            let others = real * others.reshape([count, among, 1, 1]);
            let share = among as f32 / (among - 1) as f32;
            (made + others.square().mean() * share) * 0.5
        }
        _ => made,
    };
    (taken + turned_down) * 0.5
}

/// How far what critics are shown is moved, right and down, in pixels.
pub fn view(config: &DomainsConfig, noise: &mut Noise) -> (isize, isize) {
    let most = config.critic_shift as u32;
    let mut along = || match most {
        0 => 0,
        most => noise.below(2 * most + 1) as isize - most as isize,
    };
    (along(), along())
}

/// Pictures moved right and down; what leaves comes in on the other side.
fn rolled(pictures: Tensor<4>, (right, down): (isize, isize)) -> Tensor<4> {
    match (right, down) {
        (0, 0) => pictures,
        by => pictures.roll(&[by.1 as i64, by.0 as i64], &[2, 3]),
    }
}

/// What was made as a visitor sees it: brighter than white is white, so that nothing can
/// be hidden there for the way back.
fn shown(made: Tensor<4>) -> Tensor<4> {
    made.clamp(0.0, 1.0)
}

/// Pictures under Gaussian noise.
fn noisy(pictures: Tensor<4>, deviation: f32, noise: &mut Noise) -> Tensor<4> {
    if deviation <= 0.0 {
        return pictures;
    }
    let shape: [usize; 4] = pictures.dims();
    let device = pictures.device();
    pictures + normal(shape, noise, &device) * deviation
}

fn normal(shape: [usize; 4], noise: &mut Noise, device: &Device) -> Tensor<4> {
    let values = noise.normal(shape.iter().product());
    Tensor::from_data(TensorData::new(values, shape), device)
}
