//! Makes pictures and keeps up with a visitor who changes their mind.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use lampwork_protocol::{Command, Event, Failure, Payload, Recipe, RequestId};
use leptos::prelude::*;

use crate::link::Link;

/// Pixels of one picture, row by row, the channels of each together.
pub type Pixels = Arc<[u8]>;

/// A picture and how it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// How.
    pub recipe: Recipe,
    /// Its pixels.
    pub pixels: Pixels,
    /// Whether it is done; a flow's come out of noise.
    pub whole: bool,
}

/// Whether a request is given up for a newer one.
///
/// Sixteen pictures of a net that decodes in one go are over before a `Cancel`
/// arrives. A flow's take longer, but a single one is left to end as well: a
/// slider that moves would otherwise never show one.
fn gives_way(recipes: &[Recipe]) -> bool {
    let flow = recipes
        .first()
        .is_some_and(|recipe| recipe.sampling.is_some());
    recipes.len() > if flow { 1 } else { 16 }
}

/// Recipes of one model, made in one way, as a worker takes them, and their places
/// in the list.
#[derive(Debug, Clone, PartialEq)]
struct Batch {
    places: Vec<usize>,
    recipes: Vec<Recipe>,
}

/// A list of recipes by model and way, in the order in which those come up.
fn batches(recipes: &[Recipe]) -> VecDeque<Batch> {
    let mut batches: VecDeque<Batch> = VecDeque::new();
    for (place, recipe) in recipes.iter().enumerate() {
        let same = |batch: &&mut Batch| {
            let first = &batch.recipes[0];
            first.goes_with(recipe)
        };
        match batches.iter_mut().find(same) {
            Some(batch) => {
                batch.places.push(place);
                batch.recipes.push(recipe.clone());
            }
            None => batches.push_back(Batch {
                places: vec![place],
                recipes: vec![recipe.clone()],
            }),
        }
    }
    batches
}

/// Makes the newest list of recipes it was given, and none that is outdated.
#[derive(Clone, Copy)]
pub struct Maker {
    link: Link,
    made: RwSignal<Vec<Option<Made>>>,
    busy: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
    state: StoredValue<State, LocalStorage>,
}

#[derive(Default)]
struct State {
    /// What is being made, and whether it gives way to something newer.
    under_way: Option<(RequestId, bool)>,
    next: Option<Vec<Recipe>>,
    /// What was asked for last.
    last: Vec<Recipe>,
    /// What of that is still to be sent.
    batches: VecDeque<Batch>,
    /// Counts requests, so that a late event of an older one is told apart.
    round: u32,
}

impl Maker {
    /// A maker without pictures.
    pub fn new(link: Link) -> Maker {
        let maker = Maker {
            link,
            made: RwSignal::new(vec![]),
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            state: StoredValue::new_local(State::default()),
        };
        on_cleanup(move || {
            let under_way = maker.state.try_with_value(|state| state.under_way);
            if let Some(Some((request, true))) = under_way {
                link.cancel(request);
            }
        });
        maker
    }

    /// Makes these, once what is under way is done or given up.
    pub fn make(&self, recipes: Vec<Recipe>) {
        let under_way = self.state.with_value(|state| state.under_way);
        match under_way {
            None => self.start(recipes),
            Some((request, gives_way)) => {
                self.state.update_value(|state| state.next = Some(recipes));
                if gives_way {
                    self.link.cancel(request);
                }
            }
        }
    }

    /// Gives up what is being made; what is done stays.
    pub fn stop(&self) {
        let under_way = self
            .state
            .try_update_value(|state| {
                state.next = None;
                state.batches.clear();
                state.under_way
            })
            .flatten();
        if let Some((request, _)) = under_way {
            self.link.cancel(request);
        }
    }

    /// Makes what was given up, if anything was.
    pub fn go_on(&self) {
        let whole = |made: &Option<Made>| made.as_ref().is_some_and(|made| made.whole);
        let idle = !self.busy.get_untracked();
        if idle && !self.made.with_untracked(|made| made.iter().all(whole)) {
            self.start(self.state.with_value(|state| state.last.clone()));
        }
    }

    /// Pictures so far, in the order of the recipes; while new ones are made, the
    /// old ones stay in their places.
    pub fn made(&self) -> RwSignal<Vec<Option<Made>>> {
        self.made
    }

    /// Number `index`, as soon as it is there.
    pub fn get(&self, index: usize) -> Memo<Option<Made>> {
        let made = self.made;
        Memo::new(move |_| made.with(|made| made.get(index).cloned().flatten()))
    }

    /// Whether anything is being made.
    pub fn busy(&self) -> RwSignal<bool> {
        self.busy
    }

    /// What went wrong with the newest list.
    pub fn failure(&self) -> RwSignal<Option<Failure>> {
        self.failure
    }

    fn start(&self, recipes: Vec<Recipe>) {
        self.failure.set(None);
        if recipes.is_empty() {
            self.made.set(vec![]);
            return;
        }
        self.busy.set(true);
        self.made.update(|made| made.resize(recipes.len(), None));
        self.state.update_value(|state| {
            state.batches = batches(&recipes);
            state.last = recipes;
        });
        self.send();
    }

    /// Asks for the next batch; the list is done where there is none.
    fn send(&self) {
        let next = self
            .state
            .try_update_value(|state| {
                state.round += 1;
                let batch = state.batches.pop_front()?;
                Some((batch, state.round, gives_way(&state.last)))
            })
            .flatten();
        let Some((batch, round, gives_way)) = next else {
            self.end();
            return;
        };
        let maker = *self;
        let command = Command::Make {
            recipes: batch.recipes.clone(),
        };
        let request = self.link.stream(command, vec![], move |event, payload| {
            // The view may be gone by now.
            let current = maker.state.try_with_value(|state| state.round);
            if current == Some(round) {
                maker.take(&batch, event, &payload);
            }
        });
        // A link without a worker has answered by now.
        if self.busy.get_untracked() {
            self.state
                .update_value(|state| state.under_way = Some((request, gives_way)));
        }
    }

    fn take(&self, batch: &Batch, event: Event, payload: &Payload) {
        match event {
            Event::Pictures { first, count, done } => {
                if let Some(bytes) = payload.first() {
                    self.put(batch, first..first + count, bytes, true);
                }
                if done {
                    self.send();
                }
            }
            Event::Preview { first, count, .. } => {
                if let Some(bytes) = payload.first() {
                    self.put(batch, first..first + count, bytes, false);
                }
            }
            Event::Failed(failure) => {
                self.failure.set(Some(failure));
                self.end();
            }
            Event::Working(_) => {}
            _ => self.end(),
        }
    }

    fn put(&self, batch: &Batch, numbers: Range<u32>, bytes: &[u8], whole: bool) {
        let each = bytes.len() / numbers.len().max(1);
        if each == 0 {
            return;
        }
        self.made.update(|made| {
            for (number, pixels) in numbers.zip(bytes.chunks_exact(each)) {
                let number = number as usize;
                let place = batch.places.get(number).copied();
                let slot = place.and_then(|place| made.get_mut(place));
                if let (Some(slot), Some(recipe)) = (slot, batch.recipes.get(number)) {
                    *slot = Some(Made {
                        recipe: recipe.clone(),
                        pixels: pixels.into(),
                        whole,
                    });
                }
            }
        });
    }

    fn end(&self) {
        self.busy.set(false);
        let next = self
            .state
            .try_update_value(|state| {
                state.under_way = None;
                state.batches.clear();
                state.next.take()
            })
            .flatten();
        if let Some(recipes) = next {
            self.start(recipes);
        }
    }
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::{Latent, Sampling};

    use super::*;

    #[test]
    fn each_model_and_way_makes_its_own_in_their_places() {
        let recipe = |(model, steps): (&str, u16)| Recipe {
            model: model.to_owned(),
            weights: [0; 8],
            latent: Latent::At {
                z: vec![0.0],
                class: None,
            },
            sampling: Some(Sampling {
                steps,
                ..Sampling::default()
            }),
            start: None,
        };
        let list = [("a", 5), ("b", 5), ("a", 5), ("b", 9), ("a", 5)].map(recipe);
        let made = batches(&list);
        let places: Vec<_> = made.iter().map(|batch| batch.places.clone()).collect();
        assert_eq!(places, [vec![0, 2, 4], vec![1], vec![3]]);
        for batch in made {
            let there: Vec<_> = batch.places.iter().map(|at| list[*at].clone()).collect();
            assert_eq!(batch.recipes, there);
        }
        assert!(batches(&[]).is_empty());
    }
}
