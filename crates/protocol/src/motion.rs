//! A clip: pictures that follow each other in time.

use serde::{Deserialize, Serialize};

use crate::{Latent, Recipe, Sampling};

/// How a clip was made, so that the same value gives the same clip again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Motion {
    /// Name of the model.
    pub model: String,
    /// Hash of its weights, as in [`Recipe::weights`].
    pub weights: [u8; 8],
    /// How a flow makes each picture, as in [`Recipe::sampling`].
    #[serde(default)]
    pub sampling: Option<Sampling>,
    /// What is seen.
    pub course: Course,
    /// What comes after the end.
    pub ends: Ends,
    /// Frames a second, 1 to [`Motion::MAX_FPS`].
    pub fps: u8,
}

/// What a clip shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Course {
    /// A walk through the latent space, from picture to picture.
    Walk {
        /// The pictures that it passes, 1 to [`Motion::MAX_KEYS`].
        keys: Vec<Latent>,
        /// Frames of one round, 2 to [`Motion::MAX_FRAMES`].
        frames: u16,
        /// How it goes from one to the next.
        easing: Easing,
    },
    /// The path of a flow from noise to one picture, a frame a step; the picture
    /// then rests for a second.
    Path {
        /// The noise.
        of: Latent,
    },
}

/// What comes after the end of a clip.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ends {
    /// The beginning: a walk goes on from its last picture to its first one, a path
    /// begins anew.
    #[default]
    Loop,
    /// The way back.
    Back,
}

/// How a walk goes from one picture to the next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Easing {
    /// At one speed.
    Linear,
    /// Slowly away and slowly on: `3 t^2 - 2 t^3`.
    #[default]
    Ease,
    /// Half of the time at the pictures, and eased between them.
    Hold,
}

impl Easing {
    /// Every one of them.
    pub const ALL: [Easing; 3] = [Easing::Linear, Easing::Ease, Easing::Hold];

    /// How far along the way one is at `time`, both 0 to 1.
    pub fn at(self, time: f32) -> f32 {
        let smooth = |t: f32| t * t * (3.0 - 2.0 * t);
        match self {
            Easing::Linear => time,
            Easing::Ease => smooth(time),
            Easing::Hold => smooth(((time - 0.25) * 2.0).clamp(0.0, 1.0)),
        }
    }
}

/// The pictures of a clip and when each is seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Reel {
    /// Different pictures.
    pub stills: Vec<Still>,
    /// Which of them each frame shows.
    pub frames: Vec<usize>,
}

/// One picture of a clip.
#[derive(Debug, Clone, PartialEq)]
pub enum Still {
    /// A point of the latent space.
    Point(Latent),
    /// What a flow has made of its noise after so many steps.
    Step(u16),
}

impl Motion {
    /// Most pictures that a walk passes.
    pub const MAX_KEYS: usize = 12;

    /// Most frames of a walk.
    pub const MAX_FRAMES: u16 = 360;

    /// Most frames a second: the shortest frame of a GIF that browsers keep to.
    pub const MAX_FPS: u8 = 50;

    /// The recipe of one point of it.
    pub fn recipe(&self, latent: Latent) -> Recipe {
        Recipe {
            model: self.model.clone(),
            weights: self.weights,
            latent,
            sampling: self.sampling,
            start: None,
        }
    }

    /// Its frames in order. What is seen twice is one still.
    ///
    /// The path of a clip without a sampling is that of [`Sampling::default`].
    pub fn reel(&self) -> Reel {
        match &self.course {
            Course::Walk {
                keys,
                frames,
                easing,
            } => walk(keys, usize::from(*frames), *easing, self.ends),
            Course::Path { .. } => {
                let steps = self.sampling.unwrap_or_default().steps;
                path(usize::from(steps), usize::from(self.fps), self.ends)
            }
        }
    }
}

fn walk(keys: &[Latent], count: usize, easing: Easing, ends: Ends) -> Reel {
    // Places are counted in parts of a stretch, so that equal ones are equal to the bit.
    let (stretches, parts) = match ends {
        Ends::Loop => (keys.len(), count),
        Ends::Back => (keys.len().saturating_sub(1), count / 2),
    };
    let parts = parts.max(1);
    let mut seen: Vec<(usize, u32)> = vec![];
    let mut stills = vec![];
    let frames = (0..count).map(|frame| {
        let along = match ends {
            Ends::Loop => frame,
            // Of an odd number of frames, two are at the far end.
            Ends::Back => frame.min(count - frame).min(parts),
        };
        let place = if keys.len() > 1 { along * stretches } else { 0 };
        let from = place / parts;
        let way = easing.at((place % parts) as f32 / parts as f32);
        let (from, way) = if way >= 1.0 {
            (from + 1, 0.0)
        } else {
            (from, way)
        };
        let (from, to) = (from % keys.len(), (from + 1) % keys.len());
        let name = (from, way.to_bits());
        if let Some(still) = seen.iter().position(|other| *other == name) {
            return still;
        }
        seen.push(name);
        stills.push(Still::Point(if way == 0.0 {
            keys[from].clone()
        } else {
            Latent::Blend {
                a: Box::new(keys[from].clone()),
                b: Box::new(keys[to].clone()),
                t: way,
            }
        }));
        stills.len() - 1
    });
    let frames = if keys.is_empty() {
        vec![]
    } else {
        frames.collect()
    };
    Reel { stills, frames }
}

fn path(steps: usize, rest: usize, ends: Ends) -> Reel {
    let stills = (0..=steps).map(|step| Still::Step(step as u16)).collect();
    let there = (0..steps).chain(std::iter::repeat_n(steps, rest + 1));
    let frames = match ends {
        Ends::Loop => there.collect(),
        Ends::Back => there.chain((1..steps).rev()).collect(),
    };
    Reel { stills, frames }
}

/// Numbers below `count` in an order in which any beginning lies spread over all:
/// every eighth or so, then those between, so that what is made in this order can be
/// seen whole early and gets finer.
pub fn coarse_to_fine(count: usize) -> Vec<usize> {
    let mut order = Vec::with_capacity(count);
    let mut pitch = count.next_power_of_two();
    while pitch > 0 && order.len() < count {
        let fresh = |at: &usize| order.is_empty() || !at.is_multiple_of(2 * pitch);
        let more: Vec<usize> = (0..count).step_by(pitch).filter(fresh).collect();
        order.extend(more);
        pitch /= 2;
    }
    order
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(index: u32) -> Latent {
        Latent::Draw {
            seed: 7,
            index,
            temperature: 1.0,
            class: None,
        }
    }

    fn motion(keys: u32, frames: u16, easing: Easing, ends: Ends) -> Motion {
        Motion {
            model: "gan-fashion".to_owned(),
            weights: [0; 8],
            sampling: None,
            course: Course::Walk {
                keys: (0..keys).map(key).collect(),
                frames,
                easing,
            },
            ends,
            fps: 10,
        }
    }

    /// Where each frame of a walk is: 1.5 is half way from key 1 to key 2.
    fn places(motion: &Motion) -> Vec<f32> {
        let reel = motion.reel();
        let place = |still: &Still| match still {
            Still::Point(Latent::Draw { index, .. }) => *index as f32,
            Still::Point(Latent::Blend { a, t, .. }) => match **a {
                Latent::Draw { index, .. } => index as f32 + t,
                _ => f32::NAN,
            },
            _ => f32::NAN,
        };
        reel.frames
            .iter()
            .map(|still| place(&reel.stills[*still]))
            .collect()
    }

    #[test]
    fn a_loop_comes_back_to_its_first_picture_without_showing_it_twice() {
        assert_eq!(
            places(&motion(2, 8, Easing::Linear, Ends::Loop)),
            [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75]
        );
    }

    #[test]
    fn there_and_back_shows_both_ends_once_and_makes_the_rest_once() {
        let motion = motion(3, 8, Easing::Linear, Ends::Back);
        assert_eq!(places(&motion), [0.0, 0.5, 1.0, 1.5, 2.0, 1.5, 1.0, 0.5]);
        assert_eq!(motion.reel().stills.len(), 5);
    }

    #[test]
    fn an_odd_number_of_frames_rests_at_the_far_end() {
        assert_eq!(
            places(&motion(2, 7, Easing::Linear, Ends::Back)),
            [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0, 1.0, 2.0 / 3.0, 1.0 / 3.0]
        );
    }

    #[test]
    fn held_pictures_are_made_once() {
        let motion = motion(2, 16, Easing::Hold, Ends::Loop);
        let places = places(&motion);
        let at = |place: f32| places.iter().filter(|other| **other == place).count();
        // From a quarter of a stretch before a picture to a quarter after it.
        assert_eq!((at(0.0), at(1.0)), (5, 5));
        assert_eq!(motion.reel().stills.len(), 8);
    }

    #[test]
    fn one_picture_stands_still() {
        for ends in [Ends::Loop, Ends::Back] {
            let reel = motion(1, 5, Easing::Ease, ends).reel();
            assert_eq!(reel.stills, [Still::Point(key(0))]);
            assert_eq!(reel.frames, [0; 5]);
        }
    }

    #[test]
    fn easings_begin_and_end_where_they_should_and_ease_is_smooth() {
        for easing in Easing::ALL {
            assert_eq!(
                (easing.at(0.0), easing.at(0.5), easing.at(1.0)),
                (0.0, 0.5, 1.0)
            );
            let steps = (0..=100).map(|step| easing.at(step as f32 / 100.0));
            assert!(steps.is_sorted(), "{easing:?}");
        }
        // The derivative of a smooth step is 6 t (1 - t).
        let slope = |t: f32| (Easing::Ease.at(t + 1e-3) - Easing::Ease.at(t - 1e-3)) / 2e-3;
        for t in [0.1, 0.3, 0.5, 0.9_f32] {
            assert!((slope(t) - 6.0 * t * (1.0 - t)).abs() < 1e-2, "{t}");
        }
        assert_eq!((Easing::Hold.at(0.25), Easing::Hold.at(0.75)), (0.0, 1.0));
    }

    #[test]
    fn a_path_shows_every_step_and_rests_on_its_picture() {
        let sampling = Sampling {
            steps: 3,
            ..Sampling::default()
        };
        let path = |ends| Motion {
            sampling: Some(sampling),
            course: Course::Path { of: key(0) },
            ends,
            fps: 2,
            ..motion(1, 2, Easing::Ease, ends)
        };
        let reel = path(Ends::Loop).reel();
        assert_eq!(reel.stills, [0, 1, 2, 3].map(Still::Step));
        assert_eq!(reel.frames, [0, 1, 2, 3, 3, 3]);
        assert_eq!(path(Ends::Back).reel().frames, [0, 1, 2, 3, 3, 3, 2, 1]);
    }

    proptest! {
        #[test]
        fn walks_keep_their_length_and_move_a_little_at_a_time(
            keys in 2_u32..=12,
            frames in 2_u16..=360,
            easing in prop::sample::select(Easing::ALL.to_vec()),
            back: bool,
        ) {
            let motion = motion(keys, frames, easing, if back { Ends::Back } else { Ends::Loop });
            let reel = motion.reel();
            prop_assert_eq!(reel.frames.len(), usize::from(frames));
            for still in 0..reel.stills.len() {
                prop_assert!(reel.frames.contains(&still));
            }
            // The steepest easing goes three times as fast as the straight one.
            let round = if back { 2 * (keys - 1) } else { keys } as f32;
            let most = 3.0 * round / (frames as f32 - 1.0) + 1e-4;
            let places = places(&motion);
            for pair in places.windows(2) {
                let apart = (pair[1] - pair[0]).abs();
                // A loop may come to its first picture before its last frame.
                let apart = if back { apart } else { apart.min(keys as f32 - apart) };
                prop_assert!(apart <= most, "{:?}", pair);
            }
        }

        #[test]
        fn coarse_to_fine_has_each_once_and_spreads(count in 0_usize..400) {
            let order = coarse_to_fine(count);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..count).collect::<Vec<_>>());
            if count >= 16 {
                let mut first = order[..8].to_vec();
                first.sort_unstable();
                prop_assert!(first.windows(2).all(|two| two[1] - two[0] <= count / 3));
            }
        }
    }
}
