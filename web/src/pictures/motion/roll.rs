//! Makes the pictures of a clip, few at a time, so that it plays from the beginning
//! and gets smoother while more come.

use std::collections::{HashMap, HashSet, VecDeque};

use lampwork_protocol::motion::coarse_to_fine;
use lampwork_protocol::{
    Command, Course, Event, Failure, Motion, Payload, Recipe, RequestId, Still, link as codec,
};
use leptos::prelude::*;

use super::super::maker::Pixels;
use super::super::room::Room;
use crate::link::Link;

/// Pictures of one request, of a flow and of other models: others who ask for some
/// come in between.
const FEW: usize = 8;
/// See [`FEW`].
const MANY: usize = 32;

/// Pictures that are kept for a change that asks for them again.
const KEPT: usize = 4000;

/// Makes the pictures of a clip.
#[derive(Clone, Copy)]
pub struct Roll {
    link: Link,
    /// The different pictures of the clip, in the order of its reel.
    pub stills: RwSignal<Vec<Option<Pixels>>>,
    /// The pictures that a walk passes.
    pub keys: RwSignal<Vec<Option<Pixels>>>,
    /// Whether any is being made.
    pub busy: RwSignal<bool>,
    /// What went wrong.
    pub failure: RwSignal<Option<Failure>>,
    state: StoredValue<State, LocalStorage>,
}

#[derive(Default)]
struct State {
    /// What is there, by name.
    have: HashMap<String, Pixels>,
    /// What a flow has made of the others so far.
    glimpses: HashMap<String, Pixels>,
    plan: Plan,
    queue: VecDeque<(String, Recipe)>,
    /// How many pictures the next request has at most: at first those that the walk
    /// passes alone, so that there is something to see.
    first: usize,
    under_way: Option<RequestId>,
    /// Counts what is asked for, so that an answer to something older is told apart.
    round: u32,
}

/// The pictures of a clip, by names that are the same for the same picture.
#[derive(Debug, Clone, Default, PartialEq)]
struct Plan {
    keys: Vec<String>,
    stills: Vec<String>,
    /// What is made, and in which order.
    recipes: Vec<(String, Recipe)>,
    /// What is followed from noise, in place of that.
    follow: Option<Recipe>,
}

impl Plan {
    fn of(motion: &Motion) -> Plan {
        let reel = motion.reel();
        if let Course::Path { of } = &motion.course {
            let recipe = motion.recipe(of.clone());
            let code = codec::encode(&recipe);
            return Plan {
                stills: (0..reel.stills.len())
                    .map(|step| step_name(&code, step))
                    .collect(),
                follow: Some(recipe),
                ..Plan::default()
            };
        }
        let named = |latent: &lampwork_protocol::Latent| {
            let recipe = motion.recipe(latent.clone());
            (codec::encode(&recipe), recipe)
        };
        let keys: Vec<_> = match &motion.course {
            Course::Walk { keys, .. } => keys.iter().map(named).collect(),
            Course::Path { .. } => vec![],
        };
        let stills: Vec<_> = reel
            .stills
            .iter()
            .filter_map(|still| match still {
                Still::Point(latent) => Some(named(latent)),
                Still::Step(_) => None,
            })
            .collect();
        let names = |some: &[(String, Recipe)]| some.iter().map(|(name, _)| name.clone()).collect();
        Plan {
            keys: names(&keys),
            stills: names(&stills),
            // The pictures that it passes first, as they stand below it.
            recipes: keys
                .iter()
                .chain(
                    coarse_to_fine(stills.len())
                        .into_iter()
                        .map(|at| &stills[at]),
                )
                .cloned()
                .collect(),
            follow: None,
        }
    }
}

fn step_name(code: &str, step: usize) -> String {
    format!("{code}#{step}")
}

impl Roll {
    /// Makes the pictures of `motion`, and those of the next one where it changes.
    pub fn new(room: Room, motion: Memo<Option<Motion>>) -> Roll {
        let link = room.link;
        let roll = Roll {
            link,
            stills: RwSignal::new(vec![]),
            keys: RwSignal::new(vec![]),
            busy: RwSignal::new(false),
            failure: RwSignal::new(None),
            state: StoredValue::new_local(State::default()),
        };
        let generation = link.generation();
        let library = room.library;
        // The plan alone: a change of pace asks for the same pictures.
        let plan = Memo::new(move |_| motion.with(|motion| motion.as_ref().map(Plan::of)));
        Effect::new(move |_| {
            generation.track();
            let Some(plan) = plan.get() else {
                return;
            };
            let recipes = plan.recipes.iter().map(|(_, recipe)| recipe);
            let mut recipes = recipes.chain(&plan.follow);
            // Words are said once their table is there.
            if library.has_words() || !recipes.any(|recipe| recipe.latent.says_words()) {
                roll.begin(plan);
            }
        });
        on_cleanup(move || {
            let under_way = roll.state.try_with_value(|state| state.under_way);
            if let Some(Some(request)) = under_way {
                link.cancel(request);
            }
        });
        roll
    }

    /// How many of the pictures are there, and how many there will be; tracked.
    pub fn progress(&self) -> (usize, usize) {
        self.stills.with(|stills| {
            let there = stills.iter().filter(|still| still.is_some()).count();
            (there, stills.len())
        })
    }

    /// Whether all of them are there; tracked.
    pub fn whole(&self) -> bool {
        let (there, all) = self.progress();
        all > 0 && there == all
    }

    /// Gives up what is still to be made; what is there stays.
    pub fn stop(&self) {
        self.give_up();
        self.busy.set(false);
    }

    /// Makes what is missing.
    pub fn go_on(&self) {
        if let Some(plan) = self.state.try_with_value(|state| state.plan.clone()) {
            self.begin(plan);
        }
    }

    fn give_up(&self) {
        let under_way = self.state.try_update_value(|state| {
            state.round += 1;
            state.queue.clear();
            state.under_way.take()
        });
        if let Some(Some(request)) = under_way {
            self.link.cancel(request);
        }
    }

    fn begin(&self, plan: Plan) {
        self.give_up();
        self.failure.set(None);
        self.state.update_value(|state| {
            let wanted: HashSet<&String> = plan.keys.iter().chain(&plan.stills).collect();
            if state.have.len() > KEPT {
                state.have.retain(|name, _| wanted.contains(name));
            }
            let mut seen = HashSet::new();
            state.queue = plan
                .recipes
                .iter()
                .filter(|(name, _)| !state.have.contains_key(name) && seen.insert(name))
                .cloned()
                .collect();
            state.glimpses.clear();
            state.first = plan.keys.len();
            state.plan = plan;
        });
        self.refresh();
        self.send();
    }

    /// Asks for the next few.
    fn send(&self) {
        let next = self
            .state
            .try_update_value(|state| (state.next(), state.round));
        let Some((Some((names, command)), round)) = next else {
            self.busy.try_set(false);
            return;
        };
        self.busy.set(true);
        let roll = *self;
        let request = self.link.stream(command, vec![], move |event, payload| {
            roll.take(&names, round, event, &payload);
        });
        self.state.update_value(|state| {
            // A link without a worker has answered by now.
            if state.round == round && self.busy.get_untracked() {
                state.under_way = Some(request);
            }
        });
    }

    fn take(&self, names: &[String], round: u32, event: Event, payload: &Payload) {
        let current = self.state.try_with_value(|state| state.round) == Some(round);
        match event {
            Event::Pictures { first, count, done } => {
                // The picture that a path leads to is its last.
                let first = match names.first() {
                    Some(name) if name.contains('#') => names.len() - 1,
                    _ => first as usize,
                };
                self.keep(names, first, count as usize, payload);
                if current && done {
                    self.send();
                }
            }
            Event::Preview { step, .. } if names.first().is_some_and(|n| n.contains('#')) => {
                self.keep(names, usize::from(step), 1, payload);
            }
            Event::Preview { first, count, .. } => {
                self.glimpse(names, first as usize, count as usize, payload);
            }
            Event::Working(_) => {}
            Event::Failed(failure) if current => {
                self.failure.try_set(Some(failure));
                self.stop();
            }
            _ if current => {
                self.busy.try_set(false);
            }
            _ => {}
        }
    }

    /// Keeps pictures, those of an older request as well: they may be asked for again.
    fn keep(&self, names: &[String], first: usize, count: usize, payload: &Payload) {
        self.state.try_update_value(|state| {
            for (name, pixels) in named(names, first, count, payload) {
                state.glimpses.remove(name);
                state.have.insert(name.clone(), pixels);
            }
        });
        self.refresh();
    }

    /// Shows pictures on their way, where the walk passes them.
    fn glimpse(&self, names: &[String], first: usize, count: usize, payload: &Payload) {
        let keys = self.state.try_update_value(|state| {
            for (name, pixels) in named(names, first, count, payload) {
                state.glimpses.insert(name.clone(), pixels);
            }
            state.keys()
        });
        if let Some(keys) = keys {
            self.keys.try_set(keys);
        }
    }

    fn refresh(&self) {
        let there = self.state.try_with_value(|state| {
            let one = |name: &String| state.have.get(name).cloned();
            let stills: Vec<_> = state.plan.stills.iter().map(one).collect();
            (state.keys(), stills)
        });
        if let Some((keys, stills)) = there {
            self.keys.try_set(keys);
            self.stills.try_set(stills);
        }
    }
}

/// The pictures of an answer, by their names.
fn named<'a>(
    names: &'a [String],
    first: usize,
    count: usize,
    payload: &'a Payload,
) -> impl Iterator<Item = (&'a String, Pixels)> {
    let bytes = payload.first().map_or(&[][..], Vec::as_slice);
    let each = (bytes.len() / count.max(1)).max(1);
    let pictures = bytes.chunks_exact(each).take(count).map(Pixels::from);
    names.iter().skip(first).zip(pictures)
}

impl State {
    /// The pictures that a walk passes, as far as they have come.
    fn keys(&self) -> Vec<Option<Pixels>> {
        let one = |name: &String| self.have.get(name).or_else(|| self.glimpses.get(name));
        self.plan
            .keys
            .iter()
            .map(|name| one(name).cloned())
            .collect()
    }

    /// What is asked for next, and the names of what comes.
    fn next(&mut self) -> Option<(Vec<String>, Command)> {
        if let Some(recipe) = &self.plan.follow {
            let missing = |name: &String| !self.have.contains_key(name);
            let recipe = recipe.clone();
            return self
                .plan
                .stills
                .iter()
                .any(missing)
                .then(|| (self.plan.stills.clone(), Command::Follow { recipe }));
        }
        let flow = self.queue.front()?.1.sampling.is_some();
        let most = if flow { FEW } else { MANY };
        let most = match std::mem::take(&mut self.first) {
            0 => most,
            first => first.min(most),
        };
        let count = self.queue.len().min(most);
        let (names, recipes) = self.queue.drain(..count).unzip();
        Some((names, Command::Make { recipes }))
    }
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::{Easing, Ends, Latent, Sampling};

    use super::*;

    fn motion(course: Course) -> Motion {
        Motion {
            model: "flow-digits".to_owned(),
            weights: [0; 8],
            sampling: Some(Sampling::default()),
            course,
            ends: Ends::Loop,
            fps: 10,
        }
    }

    fn key(index: u32) -> Latent {
        Latent::Draw {
            seed: 1,
            index,
            temperature: 1.0,
            class: None,
        }
    }

    #[test]
    fn a_walk_is_made_from_its_pictures_on_and_each_once() {
        let plan = Plan::of(&motion(Course::Walk {
            keys: vec![key(0), key(1), key(0)],
            frames: 12,
            easing: Easing::Linear,
        }));
        assert_eq!((plan.keys.len(), plan.stills.len()), (3, 12));
        assert_eq!(plan.keys[0], plan.keys[2]);
        assert_eq!(plan.stills[0], plan.keys[0]);
        let mut state = State {
            queue: plan.recipes.clone().into(),
            first: plan.keys.len(),
            plan,
            ..State::default()
        };
        let (names, command) = state.next().unwrap();
        assert_eq!(names, state.plan.keys);
        assert!(matches!(command, Command::Make { recipes } if recipes.len() == 3));
        let (_, command) = state.next().unwrap();
        assert!(matches!(command, Command::Make { recipes } if recipes.len() == FEW));
    }

    #[test]
    fn a_path_is_followed_until_all_of_it_is_there() {
        let plan = Plan::of(&motion(Course::Path { of: key(4) }));
        assert_eq!(plan.stills.len(), 11);
        let mut state = State {
            plan: plan.clone(),
            ..State::default()
        };
        let (names, command) = state.next().unwrap();
        assert_eq!(names, plan.stills);
        assert!(matches!(command, Command::Follow { .. }));
        for name in names {
            state.have.insert(name, vec![0].into());
        }
        assert!(state.next().is_none());
    }
}
