//! What the buttons of the Workbench do.

use lampwork_protocol::{Failure, RunRecipe, Side};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bench::Steer;
use super::board::{Board, Busy, Notice};
use super::knobs::{Knob, changed};

/// Steps that a newcomer's run takes by itself, so that there is something to
/// see before anyone has pressed a button.
const FIRST_STEPS: u32 = 200;

/// The same of a run that writes, whose steps are longer: until its first text.
const FIRST_STEPS_OF_WORDS: u32 = 50;

impl Board {
    /// Sets up the run that the form shows, in place of any other. True if it
    /// stands; it is busy still.
    async fn prepare(&self) -> bool {
        let recipe = self.draft.get_untracked();
        self.wanted.set_value(None);
        self.stuck.set(Vec::new());
        self.shown.set(None);
        self.side.set(None);
        self.busy.set(Some(Busy::Data));
        let answer = match self.load_what_it_learns_from(&recipe).await {
            Ok(()) => {
                self.busy.set(Some(Busy::SettingUp));
                self.start(&recipe).await
            }
            Err(failure) => Err(failure),
        };
        self.tell_failure(answer).is_some()
    }

    /// Sets up the run that the form shows, in place of any other.
    async fn set_up(&self) {
        self.prepare().await;
        self.busy.set(None);
    }

    /// Sets up a run and gives `command`, or what was asked for meanwhile.
    ///
    /// It is busy until the command is taken: a button that was there in between, for a
    /// moment, would be another one before a press reached it.
    async fn set_up_and(&self, command: Steer) {
        if self.prepare().await {
            let asked = || self.wanted.try_update_value(Option::take).flatten();
            let mut next = Some(asked().unwrap_or(command));
            while let Some(steer) = next {
                self.told(steer).await;
                next = asked();
            }
        }
        self.busy.set(None);
    }

    /// Makes ready what it learns from, and keeps a few of its pictures to show.
    async fn load_what_it_learns_from(&self, recipe: &RunRecipe) -> Result<(), Failure> {
        self.bench.load(recipe, self.source.get_untracked()).await?;
        if let Some(bytes) = self.bench.data_bytes(recipe.data) {
            self.keep_examples(recipe.data, &bytes);
        }
        Ok(())
    }

    async fn start(&self, recipe: &RunRecipe) -> Result<(), Failure> {
        let source = self.source.get_untracked();
        self.bench.start(recipe.clone(), source).await
    }

    /// Tells the run what to do.
    pub(super) fn command(&self, steer: Steer) {
        let board = *self;
        spawn_local(async move { board.told(steer).await });
    }

    /// Tells the run what to do, and waits until it has heard.
    async fn told(&self, steer: Steer) {
        let answer = self.bench.steer(steer).await;
        self.tell_failure(answer);
    }

    /// Shows a failure; the value otherwise.
    pub(super) fn tell_failure<T>(&self, answer: Result<T, Failure>) -> Option<T> {
        match answer {
            Ok(value) => {
                if let Some(Notice::Failed(_)) = self.notice.get_untracked() {
                    self.notice.set(None);
                }
                Some(value)
            }
            Err(failure) => {
                self.notice.set(Some(Notice::Failed(failure)));
                None
            }
        }
    }

    /// Sets up the first run of all and lets it take some steps.
    pub fn welcome(&self) {
        if self.status.get_untracked().is_some() || self.busy.get_untracked().is_some() {
            return;
        }
        // At once, so that no button to train is there for a moment.
        self.busy.set(Some(Busy::Data));
        let board = *self;
        let steps = if board.bench.writes() {
            FIRST_STEPS_OF_WORDS
        } else {
            FIRST_STEPS
        };
        spawn_local(async move {
            board.set_up_and(Steer::Step(steps)).await;
        });
    }

    /// Whether the next command needs a new run: there is none, or the form
    /// shows another net.
    fn needs_set_up(&self) -> bool {
        self.status.get_untracked().is_none() || self.elsewhere.get_untracked()
    }

    /// Runs `command` on the run that the form shows, set up first if it is not.
    fn on_run(&self, command: Steer) {
        match self.busy.get_untracked() {
            None => {}
            Some(Busy::File) => return,
            Some(Busy::Data | Busy::SettingUp) => {
                self.wanted.set_value(Some(command));
                return;
            }
        }
        if !self.needs_set_up() {
            self.command(command);
            return;
        }
        let board = *self;
        spawn_local(async move {
            board.set_up_and(command).await;
        });
    }

    /// Trains until paused.
    pub fn play(&self) {
        self.side.set(None);
        self.shown.set(None);
        self.on_run(Steer::Play);
    }

    /// Pauses, the run that is being set up too.
    pub fn pause(&self) {
        if let Some(Busy::Data | Busy::SettingUp) = self.busy.get_untracked() {
            self.wanted.set_value(Some(Steer::Pause));
        }
        self.command(Steer::Pause);
    }

    /// Trains some steps.
    pub fn step(&self, steps: u32) {
        self.side.set(None);
        self.on_run(Steer::Step(steps));
    }

    /// Trains one side of a GAN for a step.
    pub fn step_side(&self, side: Side) {
        self.on_run(Steer::StepSide(side, 1));
        self.side.set(Some(side));
    }

    /// Starts over, with the knobs as the form shows them.
    pub fn reset(&self) {
        if self.busy.get_untracked().is_some() {
            return;
        }
        self.notice.set(None);
        self.shown.set(None);
        self.side.set(None);
        if self.status.get_untracked().is_some() && self.pending.get_untracked().is_empty() {
            self.command(Steer::Reset);
            return;
        }
        let board = *self;
        spawn_local(async move {
            board.set_up().await;
        });
    }

    /// Starts over with the knobs as the form shows them, and trains.
    pub fn reset_and_play(&self) {
        if self.busy.get_untracked().is_some() {
            return;
        }
        self.notice.set(None);
        let board = *self;
        spawn_local(async move {
            board.set_up_and(Steer::Play).await;
        });
    }

    /// Shows the run's own knobs again.
    pub fn put_back(&self) {
        if let Some(status) = self.status.get_untracked() {
            self.stuck.set(Vec::new());
            self.draft.set(status.recipe);
        }
    }

    /// Offers the changed knobs to the run; those that it only takes with a reset
    /// are marked and wait.
    pub fn apply(&self) {
        let board = *self;
        spawn_local(async move {
            // Each round either is accepted or marks one knob more.
            for _ in 0..Knob::ALL.len() {
                let Some((recipe, offered)) = board.offer() else {
                    return;
                };
                match board.bench.steer(Steer::Change(recipe)).await {
                    Err(Failure::NeedsReset { knob }) => board.mark(&knob, &offered),
                    answer => {
                        board.tell_failure(answer);
                        return;
                    }
                }
            }
        });
    }

    /// The run's recipe with every changed knob that may be accepted, and which
    /// those are; `None` if there is nothing to offer.
    fn offer(&self) -> Option<(RunRecipe, Vec<Knob>)> {
        if self.elsewhere.get_untracked() {
            return None;
        }
        let force = self.status.get_untracked()?.recipe;
        let stuck = self.stuck.get_untracked();
        let recipe = self
            .draft
            .with_untracked(|draft| acceptable(draft, &force, &stuck));
        let offered = changed(&recipe, &force);
        (!offered.is_empty()).then_some((recipe, offered))
    }

    fn mark(&self, name: &str, offered: &[Knob]) {
        self.stuck.update(|stuck| match Knob::named(name) {
            Some(knob) if offered.contains(&knob) => stuck.push(knob),
            // A word that the form does not know: none of these was taken.
            _ => stuck.extend(offered),
        });
    }
}

/// `force` with every knob as in `draft`, but those that are stuck.
pub fn acceptable(draft: &RunRecipe, force: &RunRecipe, stuck: &[Knob]) -> RunRecipe {
    let mut recipe = force.clone();
    for knob in changed(draft, force) {
        if !stuck.contains(&knob)
            && let Some(value) = knob.read(draft)
        {
            knob.write(&mut recipe, value);
        }
    }
    recipe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::knobs::Value;
    use crate::workbench::presets::{Family, preset};
    use lampwork_protocol::{DataSet, NetKind};

    #[test]
    fn a_stuck_knob_does_not_hold_back_the_others() {
        let force = preset(Family::Vae, NetKind::Mlp, DataSet::Fashion);
        let mut draft = force.clone();
        Knob::Width.write(&mut draft, Value::Whole(64));
        Knob::Beta.write(&mut draft, Value::Real(4.0));
        Knob::Rule.write(&mut draft, Value::Choice("adamw"));
        Knob::WeightDecay.write(&mut draft, Value::Real(0.5));
        let offered = acceptable(&draft, &force, &[Knob::Width]);
        assert_eq!(changed(&draft, &offered), [Knob::Width]);
        assert_eq!(acceptable(&draft, &force, &[]), draft);
    }

    #[test]
    fn a_knob_that_goes_away_with_another_is_no_change_of_its_own() {
        let mut force = preset(Family::Vae, NetKind::Mlp, DataSet::Fashion);
        Knob::Rule.write(&mut force, Value::Choice("adamw"));
        let mut draft = force.clone();
        Knob::Rule.write(&mut draft, Value::Choice("sgd"));
        assert_eq!(acceptable(&draft, &force, &[]), draft);
    }
}
