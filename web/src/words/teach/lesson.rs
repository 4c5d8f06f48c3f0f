//! What is taught, and what came of it. It lives as long as the page, so that a run goes
//! on while its visitor is with another tool or in another room.

use std::rc::Rc;

use lampwork_protocol::event::RunState;
use lampwork_protocol::words::{Base, Command, Event, RunOrder, TextModelInfo};
use lampwork_protocol::{Failure, Tuning};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::held_out::HeldOut;
use super::plan::{Plan, halved, short, stem};
use crate::browser;
use crate::words::shelf::{Learned, Own, Shelf, unexpected};
use crate::workbench::Board;
use crate::workbench::bench::Steer;
use crate::workbench::board::Busy;
use crate::workbench::run_log::RunLog;

/// What a lesson made.
#[derive(Debug, Clone)]
pub enum Taught {
    /// Something beside the weights of a model.
    Adapter(Learned),
    /// A whole model, which is `yours` now.
    Model(Box<TextModelInfo>),
}

/// How a lesson stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// None was begun, or the run is the Workbench's.
    None,
    /// It is being set up.
    Setting,
    /// It trains.
    Training,
    /// It waits.
    Paused,
    /// It is over.
    Over,
}

/// A loss on what is held out, and the file of what had it.
type Best = (f32, Rc<Vec<u8>>);

/// What is taught.
#[derive(Clone, Copy)]
pub struct Lesson {
    shelf: Shelf,
    /// The run of the worker of words.
    pub board: Board,
    /// What the visitor chose.
    pub plan: RwSignal<Plan>,
    /// How what is learned is to be called.
    pub name: RwSignal<String>,
    /// What went wrong with the text or the lesson.
    pub failure: RwSignal<Option<Failure>>,
    /// What came of it.
    pub taught: RwSignal<Option<Taught>, LocalStorage>,
    /// Whether what came of it was put on already.
    put_on: StoredValue<bool>,
    /// The worker was lost under way, and what it had learned by then is kept.
    pub rescued: RwSignal<bool>,
    /// The best adapter so far, and its loss.
    best: StoredValue<Option<Best>, LocalStorage>,
    /// When it last began to train, in milliseconds, and at which step.
    begun: StoredValue<(f64, u64)>,
}

impl Lesson {
    /// Nothing yet; hears of its run through the worker of words.
    pub fn new(shelf: Shelf, board: Board) -> Lesson {
        let lesson = Lesson {
            shelf,
            board,
            plan: RwSignal::new(Plan::default()),
            name: RwSignal::new(String::new()),
            failure: RwSignal::new(None),
            taught: RwSignal::new_local(None),
            put_on: StoredValue::new(false),
            rescued: RwSignal::new(false),
            best: StoredValue::new_local(None),
            begun: StoredValue::new((0.0, 0)),
        };
        shelf.link.listen(move |event| lesson.hear(event));
        Effect::new(move |before: Option<bool>| {
            let over = lesson.stage() == Stage::Over;
            if over && before == Some(false) {
                lesson.keep();
            }
            over
        });
        lesson
    }

    /// The order of the lesson, where the desk is at one; tracked.
    pub fn order(&self) -> Option<RunOrder> {
        self.shelf.order().filter(|order| order.base.is_some())
    }

    /// How it stands; tracked.
    pub fn stage(&self) -> Stage {
        if self.board.busy.get() == Some(Busy::SettingUp) {
            return Stage::Setting;
        }
        if self.order().is_none() {
            return Stage::None;
        }
        let state = self
            .board
            .status
            .with(|status| status.as_ref().map(|status| status.state.clone()));
        match state {
            None => Stage::None,
            Some(RunState::Playing) => Stage::Training,
            Some(RunState::Paused | RunState::Diverged { .. }) => Stage::Paused,
            Some(RunState::Finished | RunState::StoppedEarly { .. }) => Stage::Over,
        }
    }

    /// Loss on what is held out; tracked.
    pub fn held_out(&self) -> Option<HeldOut> {
        self.order()?;
        let held_out = self.board.log(HeldOut::of)?;
        let kept = self.taught.with(|taught| match taught {
            Some(Taught::Adapter(learned)) => learned.card.held_out,
            _ => None,
        });
        Some(kept.map_or(held_out, |[_, loss]| held_out.kept(loss)))
    }

    /// Takes a file as the text to learn from.
    ///
    /// # Errors
    ///
    /// Where it is none; the text before stays.
    pub async fn open(&self, file: &str, bytes: &[u8]) -> Result<(), Failure> {
        let name = stem(file).to_owned();
        let own = self.shelf.open_own(name, bytes).await?;
        self.failure.set(None);
        self.name.set(short(&own.name));
        Ok(())
    }

    /// Takes a text that was pasted or changed by hand; an empty one is none.
    pub fn paste(&self, text: String) {
        let lesson = *self;
        spawn_local(async move {
            if text.trim().is_empty() {
                lesson.clear();
                return;
            }
            let name = lesson.shelf.own_untracked().map(|own| own.name);
            let name = name.unwrap_or_default();
            let answer = lesson.shelf.open_own(name, text.as_bytes()).await;
            lesson.failure.set(answer.err());
        });
    }

    /// Takes back the text that the browser keeps from an earlier visit, if there is none
    /// here.
    pub fn recall(&self) {
        let lesson = *self;
        spawn_local(async move {
            lesson.shelf.recall_own().await;
            let own = lesson.shelf.own_untracked();
            if let Some(own) = own.filter(|_| lesson.name.with_untracked(String::is_empty)) {
                lesson.name.set(short(&own.name));
            }
        });
    }

    /// Takes the text from the desk.
    pub fn clear(&self) {
        self.shelf.clear_own();
        self.failure.set(None);
    }

    /// The text; tracked.
    pub fn own(&self) -> Option<Own> {
        self.shelf.own()
    }

    /// Teaches a model the text.
    pub fn start(&self, info: &TextModelInfo, base: &Base) {
        let Some(own) = self.shelf.own_untracked() else {
            self.failure.set(Some(Failure::NoText));
            return;
        };
        let order = self.plan.with_untracked(|plan| {
            let name = self.name.get_untracked();
            plan.order(info, base, own.opened.characters, &name)
        });
        let poems = info.poems;
        self.failure.set(None);
        self.rescued.set(false);
        self.taught.set(None);
        self.put_on.set_value(false);
        self.best.set_value(None);
        self.board.notice.set(None);
        self.board.busy.set(Some(Busy::SettingUp));
        let lesson = *self;
        spawn_local(async move {
            if poems {
                // By them simplified characters are read as those that the model has;
                // without them the desk says what it does not know.
                let _ = lesson.shelf.load_readings().await;
            }
            let answer = lesson.set_up(order).await;
            lesson.board.busy.set(None);
            match answer {
                Ok(()) => lesson.play(),
                Err(failure) => lesson.failure.set(Some(failure)),
            }
        });
    }

    /// Sets the run up, with fewer texts in a step where there are not so many.
    async fn set_up(&self, mut order: RunOrder) -> Result<(), Failure> {
        loop {
            match self.shelf.start_run(order.clone()).await {
                Err(Failure::BadKnob { knob, reason }) if knob == "batch" => {
                    order = halved(&order).ok_or(Failure::BadKnob { knob, reason })?;
                }
                answer => return answer,
            }
        }
    }

    /// Trains on.
    pub fn play(&self) {
        let step = self.board.log(RunLog::step);
        self.begun.set_value((browser::now(), step));
        self.steer(Steer::Play);
    }

    /// Waits.
    pub fn pause(&self) {
        self.steer(Steer::Pause);
    }

    fn steer(&self, steer: Steer) {
        let lesson = *self;
        spawn_local(async move {
            if let Err(failure) = lesson.board.bench.steer(steer).await {
                lesson.failure.set(Some(failure));
            }
        });
    }

    /// Ends the lesson, and keeps what was learned so far.
    pub fn keep(&self) {
        let lesson = *self;
        spawn_local(async move {
            match lesson.take().await {
                Ok(taught) => lesson.taught.set(Some(taught)),
                Err(failure) => lesson.failure.set(Some(failure)),
            }
        });
    }

    async fn take(&self) -> Result<Taught, Failure> {
        if self.board.playing.get_untracked() {
            self.board.bench.steer(Steer::Pause).await?;
        }
        let (event, mut payload) = self.shelf.link.ask(Command::ExportRun, vec![]).await?;
        match event {
            Event::AdapterExported { .. } if !payload.is_empty() => {
                let learned = self.shelf.load_adapter(payload.remove(0)).await?;
                Ok(Taught::Adapter(learned))
            }
            Event::Exported { .. } if !payload.is_empty() => {
                let info = self.shelf.load_yours(payload.remove(0)).await?;
                Ok(Taught::Model(Box::new(info)))
            }
            event => Err(unexpected(&event)),
        }
    }

    /// The adapter that came of it, if it was not asked for before: it is put on once, and
    /// then its visitor chooses; tracked.
    pub fn newly_learned(&self, model: &str) -> Option<Learned> {
        let taught = self.taught.get();
        let learned = match taught {
            Some(Taught::Adapter(learned)) if learned.card.model == model => learned,
            _ => return None,
        };
        let before = self.put_on.get_value();
        self.put_on.set_value(true);
        (!before).then_some(learned)
    }

    /// Seconds to the last step, by the steps since it last began to train; tracked. It
    /// may stop before.
    pub fn seconds_left(&self) -> Option<f64> {
        let (total, step) = self.board.log(|log| {
            let status = log.status()?;
            let total = status.recipe.epochs as u64 * status.steps_per_epoch;
            Some((total, log.step()))
        })?;
        let (begun, from) = self.begun.get_value();
        let seconds = (browser::now() - begun) / 1e3;
        let done = step.saturating_sub(from);
        (done > 0 && seconds > 1.0)
            .then(|| seconds / done as f64 * total.saturating_sub(step) as f64)
    }

    fn hear(&self, event: &Event) {
        match event {
            Event::Validated { step, values } if *step > 0 => {
                let loss = values.iter().find(|(name, _)| name == "loss");
                if let Some((_, loss)) = loss {
                    self.keep_best(*loss);
                }
            }
            Event::DeviceLost { .. } => self.rescue(),
            _ => {}
        }
    }

    /// Keeps the adapter of the lowest loss with the page, which outlives its worker.
    fn keep_best(&self, loss: f32) {
        let order = self.shelf.order_untracked();
        let small = order.is_some_and(|order| matches!(order.tuning, Tuning::Lora { .. }));
        let best = self
            .best
            .with_value(|best| best.as_ref().map(|best| best.0));
        if !small || best.is_some_and(|best| best <= loss) {
            return;
        }
        let lesson = *self;
        spawn_local(async move {
            let answer = lesson.shelf.link.ask(Command::ExportRun, vec![]).await;
            if let Ok((Event::AdapterExported { .. }, mut payload)) = answer
                && !payload.is_empty()
            {
                let bytes = Rc::new(payload.remove(0));
                lesson.best.set_value(Some((loss, bytes)));
            }
        });
    }

    /// The worker is gone, and with it the run; not what it had learned.
    fn rescue(&self) {
        self.board.forget();
        let Some((_, bytes)) = self.best.get_value() else {
            return;
        };
        let lesson = *self;
        spawn_local(async move {
            match lesson.shelf.load_adapter(bytes.to_vec()).await {
                Ok(learned) => {
                    lesson.rescued.set(true);
                    lesson.put_on.set_value(false);
                    lesson.taught.set(Some(Taught::Adapter(learned)));
                }
                Err(failure) => lesson.failure.set(Some(failure)),
            }
        });
    }
}
