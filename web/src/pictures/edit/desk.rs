//! The work, every step that led to it, and its keeping over a reload.

use lampwork_protocol::{Latent, Recipe, Shape, link as codec};
use leptos::prelude::*;

use super::work::Work;
use crate::browser;

/// Most steps that are kept.
const STEPS: usize = 60;

/// What a picture of no model is kept as.
const NOBODY: &str = "paper";

/// A step: the work, and its text once it has been kept.
#[derive(Debug, Clone)]
struct Step {
    work: Work,
    text: String,
}

/// The steps of one size of picture. There is always one.
#[derive(Debug, Clone, Default)]
struct Steps {
    all: Vec<Step>,
    at: usize,
}

/// The work on the desk, `Copy`.
#[derive(Clone, Copy)]
pub struct Desk {
    /// What is seen: the newest step, or a stroke that is under way.
    pub work: RwSignal<Option<Work>>,
    /// Whether there is a step back, and one forward.
    pub can: RwSignal<(bool, bool)>,
    steps: StoredValue<Steps>,
}

impl Desk {
    /// A desk with nothing on it.
    pub fn new() -> Desk {
        Desk {
            work: RwSignal::new(None),
            can: RwSignal::new((false, false)),
            steps: StoredValue::new(Steps::default()),
        }
    }

    /// Takes up what was kept of this size; whether there was anything.
    pub fn open(&self, shape: Shape) -> bool {
        let kept = browser::kept(&name_of(shape)).and_then(|text| read(&text, shape));
        let found = kept.is_some();
        self.steps.set_value(kept.unwrap_or_default());
        self.show();
        found
    }

    /// Whether it is of this size; not, where its tool was left meanwhile.
    pub fn is_of(&self, shape: Shape) -> bool {
        self.work
            .try_with_untracked(|work| work.as_ref().is_some_and(|work| work.shape == shape))
            .unwrap_or(false)
    }

    /// Whether its tool is still open, to be asked after a wait.
    pub fn is_there(&self) -> bool {
        self.work.try_with_untracked(|_| ()).is_some()
    }

    /// A new step, if it changes anything; those that were undone are gone.
    pub fn step(&self, work: Work) {
        let same = self.steps.with_value(|steps| {
            let now = steps.all.get(steps.at);
            now.is_some_and(|now| now.work == work)
        });
        if !same {
            let text = written(&work);
            self.steps.update_value(|steps| {
                steps.all.truncate(steps.at + 1);
                steps.all.push(Step { work, text });
                let extra = steps.all.len().saturating_sub(STEPS);
                steps.all.drain(..extra);
                steps.at = steps.all.len() - 1;
            });
            self.keep();
        }
        self.show();
    }

    /// Changes what is seen, without a step: a stroke under way.
    pub fn sketch(&self, change: impl FnOnce(&mut Work)) {
        self.work.update(|work| {
            if let Some(work) = work {
                change(work);
            }
        });
    }

    /// Makes a step of what is seen. It is a model's work no longer, if a pixel of it
    /// has changed.
    pub fn settle(&self) {
        let Some(mut work) = self.work.get_untracked() else {
            return;
        };
        let before = self.steps.with_value(|steps| {
            let now = steps.all.get(steps.at);
            now.map(|now| now.work.pixels.clone())
        });
        if before.as_ref() != Some(&work.pixels) {
            work.recipe = None;
        }
        self.step(work);
    }

    /// A step by what `change` makes of the work.
    pub fn change(&self, change: impl FnOnce(&Work) -> Work) {
        self.work.update(|work| {
            if let Some(work) = work {
                *work = change(work);
            }
        });
        self.settle();
    }

    /// Back to the newest step, whatever was being done.
    pub fn show(&self) {
        let (work, can) = self.steps.with_value(|steps| {
            let now = steps.all.get(steps.at).map(|step| step.work.clone());
            (now, (steps.at > 0, steps.at + 1 < steps.all.len()))
        });
        self.work.set(work);
        self.can.set(can);
    }

    /// A step back.
    pub fn undo(&self) {
        self.go(|steps| steps.at = steps.at.saturating_sub(1));
    }

    /// A step forward.
    pub fn redo(&self) {
        self.go(|steps| steps.at = (steps.at + 1).min(steps.all.len().saturating_sub(1)));
    }

    fn go(&self, way: impl FnOnce(&mut Steps)) {
        self.steps.update_value(way);
        self.keep();
        self.show();
    }

    fn keep(&self) {
        self.steps.with_value(|steps| {
            let Some(first) = steps.all.first() else {
                return;
            };
            let texts: Vec<&str> = steps.all.iter().map(|step| step.text.as_str()).collect();
            let text = format!("{}\n{}", steps.at, texts.join("\n"));
            browser::keep(&name_of(first.work.shape), &text);
        });
    }
}

fn name_of(shape: Shape) -> String {
    format!("lampwork.edit.{}x{}", shape.side, shape.channels)
}

/// A work as one line: its pixels and mask as a recipe that would give it back, how
/// it was made, and whether a model had a hand in it.
fn written(work: &Work) -> String {
    let whole = Recipe {
        model: NOBODY.to_owned(),
        weights: [0; 8],
        latent: Latent::At {
            z: vec![0.0],
            class: None,
        },
        sampling: None,
        start: Some(work.start(0.0, true)),
    };
    let how = work.recipe.as_ref().map(codec::encode).unwrap_or_default();
    let by = if work.by_model { "model" } else { "hand" };
    format!("{} {by} {how}", codec::encode(&whole))
}

fn work_of(line: &str, shape: Shape) -> Option<Work> {
    let mut words = line.split(' ');
    let start = codec::decode(words.next()?).ok()?.start?;
    if start.shape() != Some(shape) {
        return None;
    }
    let by_model = words.next()? == "model";
    let recipe = codec::decode(words.next().unwrap_or_default()).ok();
    let cells = shape.side * shape.side;
    Some(Work {
        shape,
        mask: (0..cells).map(|at| start.changes(at)).collect(),
        pixels: start.picture,
        recipe,
        by_model,
    })
}

fn read(text: &str, shape: Shape) -> Option<Steps> {
    let mut lines = text.lines();
    let at: usize = lines.next()?.parse().ok()?;
    let all = lines.map(|line| {
        let work = work_of(line, shape)?;
        let text = line.to_owned();
        Some(Step { work, text })
    });
    let all: Vec<Step> = all.collect::<Option<_>>()?;
    (at < all.len()).then_some(Steps { all, at })
}

#[cfg(test)]
mod tests {
    use super::super::work::Ink;
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        for shape in [Shape::GREY, Shape::COLOUR] {
            let mut work = Work::blank(shape);
            work.dab((9.0, 9.0), 3.0, Ink::Colour([120, 60, 200]));
            work.dab((20.0, 9.0), 3.0, Ink::Mask(true));
            work.by_model = true;
            assert_eq!(work_of(&written(&work), shape), Some(work.clone()));
            let text = format!("1\n{}\n{}", written(&Work::blank(shape)), written(&work));
            let steps = read(&text, shape).expect("two steps");
            assert_eq!((steps.at, steps.all.len()), (1, 2));
            assert_eq!(steps.all[1].work, work);
        }
        for damaged in ["", "0", "5\nabc", "x\ny", "0\nabc model "] {
            assert!(read(damaged, Shape::GREY).is_none(), "{damaged:?}");
        }
    }
}
