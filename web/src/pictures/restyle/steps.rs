//! The steps back and forward.

use leptos::prelude::*;

use super::photo::Photo;

/// Most steps that are kept; of photographs each is there once.
const MOST: usize = 40;

/// Changes that follow each other within so many milliseconds are one step: a slider
/// makes dozens.
const ONE_STEP: f64 = 800.0;

/// What can be gone back to.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The photograph.
    pub photo: Option<Photo>,
    /// How it is shown, as the address has it.
    pub manner: Vec<(&'static str, Option<String>)>,
}

/// Every step, and which one is shown.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    all: Vec<Step>,
    at: usize,
    last: f64,
}

impl Steps {
    /// Notes what is shown now, at this time in milliseconds.
    pub fn note(&mut self, step: Step, now: f64) {
        let Some(shown) = self.all.get(self.at) else {
            self.all = vec![step];
            return;
        };
        if *shown == step {
            return;
        }
        let soon = now - self.last < ONE_STEP && self.at > 0 && shown.photo == step.photo;
        self.last = now;
        if soon {
            self.all.truncate(self.at);
        } else {
            self.all.truncate(self.at + 1);
        }
        self.all.push(step);
        if self.all.len() > MOST {
            self.all.remove(0);
        }
        self.at = self.all.len() - 1;
    }

    /// Whether there is a step back, and one forward.
    pub fn can(&self) -> (bool, bool) {
        (self.at > 0, self.at + 1 < self.all.len())
    }

    /// Goes back, or forward.
    pub fn go(&mut self, forward: bool) -> Option<Step> {
        let (back, on) = self.can();
        match forward {
            true if on => self.at += 1,
            false if back => self.at -= 1,
            _ => return None,
        }
        // What follows is a step of its own.
        self.last = 0.0;
        self.all.get(self.at).cloned()
    }
}

/// The steps of a visit, `Copy`.
pub type Noted = RwSignal<Steps>;

#[cfg(test)]
mod tests {
    use super::*;

    fn step(manner: &str) -> Step {
        Step {
            photo: None,
            manner: vec![("styles", Some(manner.to_owned()))],
        }
    }

    #[test]
    fn a_slider_that_moves_is_one_step_and_every_step_can_be_undone() {
        let mut steps = Steps::default();
        steps.note(step("a"), 0.0);
        steps.note(step("b"), 5_000.0);
        steps.note(step("c"), 5_100.0);
        steps.note(step("c"), 5_200.0);
        steps.note(step("d"), 9_000.0);
        assert_eq!(steps.can(), (true, false));
        assert_eq!(steps.go(false), Some(step("c")));
        assert_eq!(steps.go(false), Some(step("a")));
        assert_eq!(steps.go(false), None);
        assert_eq!(steps.go(true), Some(step("c")));
        // What was undone is gone once something else is done.
        steps.note(step("e"), 20_000.0);
        assert_eq!(steps.can(), (true, false));
        assert_eq!(steps.go(false), Some(step("c")));
    }

    #[test]
    fn the_oldest_steps_go() {
        let mut steps = Steps::default();
        for at in 0..100 {
            steps.note(step(&at.to_string()), f64::from(at) * 1e4);
        }
        let mut back = 0;
        while steps.go(false).is_some() {
            back += 1;
        }
        assert_eq!(back, MOST - 1);
    }
}
