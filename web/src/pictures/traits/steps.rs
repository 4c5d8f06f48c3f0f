//! Every step of a work, back and forth.

/// Most steps that are kept.
const MOST: usize = 200;

/// What a change is one of: moves of one slider are one step until it rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// By itself.
    Alone,
    /// One of several of the slider with this number.
    Of(u32),
}

/// The steps, and where it stands.
#[derive(Debug, Clone)]
pub struct Steps<T> {
    all: Vec<T>,
    at: usize,
    /// The slider whose moves are one step at the moment.
    moving: Option<u32>,
}

impl<T> Default for Steps<T> {
    fn default() -> Self {
        Self {
            all: vec![],
            at: 0,
            moving: None,
        }
    }
}

impl<T: Clone + PartialEq> Steps<T> {
    /// What it is now; nothing before the first step.
    pub fn now(&self) -> Option<&T> {
        self.all.get(self.at)
    }

    /// Takes a step; those that were undone are gone. A further move of a slider that
    /// has not rested takes the place of the one before.
    pub fn step(&mut self, to: T, by: Move) {
        if self.now() == Some(&to) {
            return;
        }
        self.all.truncate(self.at + 1);
        match by {
            Move::Of(slider) if self.moving == Some(slider) && self.at > 0 => {
                self.all[self.at] = to;
            }
            _ => {
                self.all.push(to);
                let extra = self.all.len().saturating_sub(MOST);
                self.all.drain(..extra);
                self.at = self.all.len() - 1;
            }
        }
        self.moving = match by {
            Move::Alone => None,
            Move::Of(slider) => Some(slider),
        };
    }

    /// The slider rests: its next move is another step.
    pub fn rest(&mut self) {
        self.moving = None;
    }

    /// A step back; of a slider that has not rested, all of its moves.
    pub fn undo(&mut self) {
        self.rest();
        self.at = self.at.saturating_sub(1);
    }

    /// A step forward.
    pub fn redo(&mut self) {
        self.rest();
        self.at = (self.at + 1).min(self.all.len().saturating_sub(1));
    }

    /// Whether there is a step back, and one forward.
    pub fn can(&self) -> (bool, bool) {
        (self.at > 0, self.at + 1 < self.all.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun() -> Steps<i32> {
        let mut steps = Steps::default();
        assert_eq!(steps.now(), None);
        steps.step(0, Move::Alone);
        steps
    }

    #[test]
    fn a_step_back_undoes_the_change_that_was_just_made() {
        let mut steps = begun();
        steps.step(1, Move::Alone);
        // A slider that has not rested yet.
        for to in 2..6 {
            steps.step(to, Move::Of(7));
        }
        assert_eq!(steps.now(), Some(&5));
        steps.undo();
        assert_eq!(steps.now(), Some(&1));
        steps.redo();
        assert_eq!(steps.now(), Some(&5));
    }

    #[test]
    fn sliders_that_rested_or_differ_are_steps_of_their_own() {
        let mut steps = begun();
        steps.step(1, Move::Of(1));
        steps.step(2, Move::Of(2));
        steps.rest();
        steps.step(3, Move::Of(2));
        steps.step(4, Move::Of(2));
        for known in [2, 1, 0, 0] {
            steps.undo();
            assert_eq!(steps.now(), Some(&known));
        }
        assert_eq!(steps.can(), (false, true));
        // A move after a step back begins a step, whatever slider was moving.
        steps.step(9, Move::Of(2));
        assert_eq!(steps.can(), (true, false));
        steps.undo();
        assert_eq!(steps.now(), Some(&0));
    }

    #[test]
    fn what_changes_nothing_is_no_step_and_the_oldest_are_forgotten() {
        let mut steps = begun();
        steps.step(0, Move::Alone);
        assert_eq!(steps.can(), (false, false));
        for to in 1..=(MOST as i32 + 20) {
            steps.step(to, Move::Alone);
        }
        for _ in 0..2 * MOST {
            steps.undo();
        }
        assert_eq!(steps.now(), Some(&21));
        steps.step(5, Move::Of(3));
        steps.undo();
        assert_eq!(steps.now(), Some(&21));
    }
}
