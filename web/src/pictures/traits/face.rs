//! A picture by its parts: what it is of, what is mixed in, how it is pushed.

use lampwork_protocol::{Latent, Level, Nudge};

/// A picture of a style-based model.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    /// What it is of; the coarse layers are always this one's.
    pub base: Latent,
    /// What the layers from a number on are of, and that number.
    pub second: Option<(Latent, u8)>,
    /// How it is pushed; each direction and level once, none by nothing.
    pub nudges: Vec<Nudge>,
}

/// Pushes of less than this are none.
const NOTHING: f32 = 0.005;

impl Face {
    /// A picture with nothing done to it.
    pub fn plain(base: Latent) -> Face {
        Face {
            base,
            second: None,
            nudges: vec![],
        }
    }

    /// The parts of a point, as [`Face::latent`] puts them together; any other point
    /// is a base.
    pub fn of(latent: &Latent) -> Face {
        let (inner, nudges) = match latent {
            Latent::Pushed { of, nudges } => (of.as_ref(), nudges.as_slice()),
            other => (other, &[][..]),
        };
        let mut face = match inner {
            Latent::Crossed { coarse, fine, from } => Face {
                second: Some((fine.as_ref().clone(), *from)),
                ..Face::plain(coarse.as_ref().clone())
            },
            other => Face::plain(other.clone()),
        };
        for nudge in nudges {
            let sum = face.amount(nudge.direction, nudge.level) + nudge.amount;
            face = face.pushed(nudge.direction, nudge.level, sum);
        }
        face
    }

    /// The point.
    pub fn latent(&self) -> Latent {
        let mixed = match &self.second {
            Some((fine, from)) => crossed(&self.base, fine, *from),
            None => self.base.clone(),
        };
        if self.nudges.is_empty() {
            return mixed;
        }
        Latent::Pushed {
            of: Box::new(mixed),
            nudges: self.nudges.clone(),
        }
    }

    /// How far it is pushed along a direction, in these layers.
    pub fn amount(&self, direction: u8, level: Level) -> f32 {
        self.nudges
            .iter()
            .find(|nudge| nudge.direction == direction && nudge.level == level)
            .map_or(0.0, |nudge| nudge.amount)
    }

    /// The same, pushed so far there.
    pub fn pushed(&self, direction: u8, level: Level, amount: f32) -> Face {
        let most = Nudge::MAX_AMOUNT;
        let mut face = self.clone();
        let there = |nudge: &Nudge| nudge.direction == direction && nudge.level == level;
        face.nudges.retain(|nudge| !there(nudge));
        if amount.abs() >= NOTHING {
            face.nudges.push(Nudge {
                direction,
                level,
                amount: amount.clamp(-most, most),
            });
        }
        // In one order, so that what looks the same is the same.
        face.nudges.sort_by_key(|nudge| {
            (
                nudge.direction,
                nudge.level.layers().start,
                nudge.level.layers().end,
            )
        });
        face
    }

    /// How far a draw may be from the mean; none of what is no draw.
    pub fn variety(&self) -> Option<f32> {
        match self.base {
            Latent::Draw { temperature, .. } => Some(temperature),
            _ => None,
        }
    }

    /// The same draw, so far from the mean.
    pub fn varied(&self, variety: f32) -> Face {
        let mut face = self.clone();
        if let Latent::Draw { temperature, .. } = &mut face.base {
            *temperature = variety;
        }
        face
    }

    /// With a second picture mixed in; where there is one already it keeps its layers.
    pub fn mixed(&self, fine: Latent) -> Face {
        let from = self.second.as_ref().map_or(3, |(_, from)| *from);
        Face {
            second: Some((fine, from)),
            ..self.clone()
        }
    }

    /// Coarse and fine the other way round.
    pub fn swapped(&self) -> Face {
        match &self.second {
            Some((fine, from)) => Face {
                base: fine.clone(),
                second: Some((self.base.clone(), *from)),
                nudges: self.nudges.clone(),
            },
            None => self.clone(),
        }
    }
}

/// The coarse layers of one, from `from` on those of the other.
pub fn crossed(coarse: &Latent, fine: &Latent, from: u8) -> Latent {
    Latent::Crossed {
        coarse: Box::new(coarse.clone()),
        fine: Box::new(fine.clone()),
        from,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(seed: u64) -> Latent {
        Latent::Draw {
            seed,
            index: 0,
            temperature: 0.7,
            class: None,
        }
    }

    #[test]
    fn the_parts_come_back_out_of_the_point() {
        let plain = Face::plain(draw(1));
        assert_eq!(plain.latent(), draw(1));
        let mixed = plain.mixed(draw(2));
        let pushed = mixed
            .pushed(3, Level::Fine, 1.5)
            .pushed(0, Level::All, -2.0);
        for face in [
            plain,
            mixed,
            pushed.clone(),
            pushed.swapped(),
            pushed.varied(0.2),
        ] {
            assert_eq!(Face::of(&face.latent()), face);
        }
        assert_eq!(pushed.swapped().swapped(), pushed);
    }

    #[test]
    fn a_push_stands_once_and_ends_at_nothing() {
        let face = Face::plain(draw(1))
            .pushed(2, Level::All, 1.0)
            .pushed(2, Level::Coarse, -1.0)
            .pushed(2, Level::All, 3.0);
        assert_eq!(face.nudges.len(), 2);
        assert_eq!(face.amount(2, Level::All), 3.0);
        assert_eq!(face.amount(2, Level::Fine), 0.0);
        let most = face.pushed(2, Level::All, 99.0);
        assert_eq!(most.amount(2, Level::All), Nudge::MAX_AMOUNT);
        let none = face
            .pushed(2, Level::All, 0.001)
            .pushed(2, Level::Coarse, 0.0);
        assert_eq!(none, Face::plain(draw(1)));
        // The order of hands leaves no trace.
        let one = Face::plain(draw(1))
            .pushed(1, Level::Fine, 1.0)
            .pushed(1, Level::All, 2.0);
        let other = Face::plain(draw(1))
            .pushed(1, Level::All, 2.0)
            .pushed(1, Level::Fine, 1.0);
        assert_eq!(one, other);
    }

    #[test]
    fn pushes_of_a_link_that_stand_twice_are_summed() {
        let nudge = |amount| Nudge {
            direction: 4,
            level: Level::All,
            amount,
        };
        let face = Face::of(&Latent::Pushed {
            of: Box::new(draw(1)),
            nudges: vec![nudge(1.0), nudge(0.5)],
        });
        assert_eq!(face.amount(4, Level::All), 1.5);
    }

    #[test]
    fn only_a_draw_has_variety() {
        assert_eq!(Face::plain(draw(1)).varied(0.3).variety(), Some(0.3));
        let found = Face::plain(Latent::Styles {
            values: vec![1; 7],
            unit: 0.1,
            grain: 0,
        });
        assert_eq!(found.variety(), None);
        assert_eq!(found.varied(0.3), found);
    }
}
