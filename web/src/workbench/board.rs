//! The state of the Workbench. It lives as long as the page, so that a run goes
//! on while its visitor is in another room.

use std::time::Duration;

use lampwork_protocol::event::RunState;
use lampwork_protocol::words::{self, Source};
use lampwork_protocol::{DataSet, Event, Failure, RunRecipe, RunStatus, Side};
use leptos::prelude::*;

use super::bench::{Bench, Steer};
use super::drawing::Style;
use super::file::examples;
use super::knobs::{Knob, changed};
use super::presets::corner;
use super::run_log::{Frame, RunLog};
use crate::browser::now;
use crate::library::Library;
use crate::link::Link;
use crate::words::Shelf;

/// How often, at most, the page redraws what the run measured.
const BEAT: Duration = Duration::from_millis(160);

/// What the Workbench waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Busy {
    /// The data set is being fetched.
    Data,
    /// A run is being set up.
    SettingUp,
    /// A file is being read or written.
    File,
}

/// What the visitor is told once, until it is dismissed or outdated.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// Something went wrong.
    Failed(Failure),
    /// The worker's device is gone.
    DeviceLost,
    /// A weights file was taken into the run.
    Restored(String),
    /// A weights file became the model `yours`.
    Loaded(String),
    /// A weights file was written: its name and size in bytes.
    Downloaded(String, usize),
}

/// Some training pictures, to show what goes in.
#[derive(Debug, Clone, PartialEq)]
struct Examples {
    data: DataSet,
    pictures: Vec<(Vec<u8>, u8)>,
}

/// The training pictures of a data set's file that are kept to be shown.
pub fn kept_examples(file: &[u8]) -> Option<Vec<(Vec<u8>, u8)>> {
    examples(file, EXAMPLES)
}

/// Training pictures that are kept to be shown.
const EXAMPLES: usize = 200;

/// The state of the Workbench.
#[derive(Clone, Copy)]
pub struct Board {
    /// What is trained, and who trains it.
    pub bench: Bench,
    log: StoredValue<RunLog, LocalStorage>,
    /// Changes when the log has, at most every [`BEAT`].
    beat: RwSignal<u32>,
    beat_is_due: StoredValue<bool>,
    /// The recipe as the form shows it.
    pub draft: RwSignal<RunRecipe>,
    /// What a net that writes learns from.
    pub source: RwSignal<Source>,
    /// Changed knobs that the worker will only take with a reset.
    pub stuck: RwSignal<Vec<Knob>>,
    /// What was asked for while a run was being set up.
    pub(super) wanted: StoredValue<Option<Steer>>,
    /// What is waited for.
    pub busy: RwSignal<Option<Busy>>,
    /// What the visitor is told.
    pub notice: RwSignal<Option<Notice>>,
    /// Step of the frame shown; `None` follows the newest.
    pub shown: RwSignal<Option<u64>>,
    /// Step that is read in the charts.
    pub reading: RwSignal<Option<u64>>,
    /// How curves are drawn.
    pub style: RwSignal<Style>,
    /// The side of a GAN that was last trained alone.
    pub side: RwSignal<Option<Side>>,
    /// How the run stands.
    pub status: Memo<Option<RunStatus>>,
    /// Some training pictures of a data set, each with its class.
    examples: RwSignal<Option<Examples>>,
    /// Whether it trains.
    pub playing: Memo<bool>,
    /// Knobs that are set otherwise than in the run.
    pub pending: Memo<Vec<Knob>>,
    /// Whether the form shows another family, net or data set than the run's.
    pub elsewhere: Memo<bool>,
}

impl Board {
    /// A Workbench of pictures without a run, that hears of one through `link`.
    /// The form shows `draft`.
    pub fn new(link: Link, library: Library, draft: RunRecipe) -> Board {
        let board = Board::empty(Bench::Pictures(link, library), draft);
        link.listen(move |event, payload| board.hear(event, payload));
        // A run that was put into another worker is told of to the link alone.
        Effect::new(move |_| {
            if let Some(status) = link.run_events().status.get()
                && board.log.with_value(|log| log.status() != Some(&status))
            {
                board.hear(&Event::Run(status), &[]);
            }
        });
        board
    }

    /// A Workbench of words without a run, that hears of one through the worker of
    /// words.
    pub fn of_words(shelf: Shelf, draft: RunRecipe) -> Board {
        let board = Board::empty(Bench::Words(shelf), draft);
        shelf.link.listen(move |event| board.hear_words(event));
        board
    }

    fn empty(bench: Bench, draft: RunRecipe) -> Board {
        let log = StoredValue::new_local(RunLog::default());
        let beat = RwSignal::new(0);
        let draft = RwSignal::new(draft);
        let source = RwSignal::new(Source::Corpus);
        let status = Memo::new(move |_| {
            beat.track();
            log.with_value(|log| log.status().cloned())
        });
        Board {
            bench,
            log,
            beat,
            beat_is_due: StoredValue::new(false),
            draft,
            source,
            stuck: RwSignal::new(Vec::new()),
            wanted: StoredValue::new(None),
            busy: RwSignal::new(None),
            notice: RwSignal::new(None),
            shown: RwSignal::new(None),
            reading: RwSignal::new(None),
            style: RwSignal::new(Style {
                smoothing: 0.8,
                ignore_outliers: true,
            }),
            side: RwSignal::new(None),
            status,
            examples: RwSignal::new(None),
            playing: Memo::new(move |_| {
                status.with(|status| {
                    status
                        .as_ref()
                        .is_some_and(|status| status.state == RunState::Playing)
                })
            }),
            pending: Memo::new(move |_| {
                status.with(|status| {
                    status.as_ref().map_or_else(Vec::new, |status| {
                        draft.with(|draft| changed(draft, &status.recipe))
                    })
                })
            }),
            elsewhere: Memo::new(move |_| {
                let other_source = bench.learns_elsewhere(source.get());
                status.with(|status| {
                    status.as_ref().is_some_and(|status| {
                        other_source || draft.with(|draft| corner(draft) != corner(&status.recipe))
                    })
                })
            }),
        }
    }

    fn state(&self) -> Option<RunState> {
        self.log
            .with_value(|log| log.status().map(|now| now.state.clone()))
    }

    fn hear(&self, event: &Event, payload: &[Vec<u8>]) {
        match event {
            Event::DeviceLost { .. } => self.notice.set(Some(Notice::DeviceLost)),
            Event::Failed(failure) => self.stopped_by(failure),
            _ => {}
        }
        self.log_changes(|log| log.apply(event, payload, now()));
    }

    fn hear_words(&self, event: &words::Event) {
        match event {
            words::Event::DeviceLost { .. } => self.notice.set(Some(Notice::DeviceLost)),
            words::Event::Failed(failure) => self.stopped_by(failure),
            _ => {}
        }
        self.log_changes(|log| log.apply_words(event, now()));
    }

    /// Tells of what stopped a run; what others asked for is answered to them.
    fn stopped_by(&self, failure: &Failure) {
        if self.state() == Some(RunState::Playing) {
            self.notice.set(Some(Notice::Failed(failure.clone())));
        }
    }

    /// Changes the log, and has it shown if it was about the run.
    fn log_changes(&self, change: impl FnOnce(&mut RunLog) -> bool) {
        let before = self.state();
        let taken = self.log.try_update_value(change).unwrap_or(false);
        if !taken {
            return;
        }
        if self.state() != before {
            // A button was pressed, or the run stopped: shown at once.
            self.beat.update(|beat| *beat = beat.wrapping_add(1));
        } else if !self.beat_is_due.get_value() {
            self.beat_is_due.set_value(true);
            let board = *self;
            set_timeout(
                move || {
                    board.beat_is_due.set_value(false);
                    board.beat.update(|beat| *beat = beat.wrapping_add(1));
                },
                BEAT,
            );
        }
    }

    /// Forgets the run, which is gone.
    pub fn forget(&self) {
        self.log_changes(|log| {
            log.clear();
            true
        });
    }

    /// Reads the log; what reads it so is told when it changes.
    pub fn log<T>(&self, read: impl FnOnce(&RunLog) -> T) -> T {
        self.beat.track();
        self.log.with_value(read)
    }

    /// The frame that is shown.
    pub fn frame(&self) -> Option<Frame> {
        let shown = self.shown.get();
        self.log(|log| {
            let frames = log.frames();
            shown
                .and_then(|step| frames.iter().rev().find(|frame| frame.step <= step))
                .or(frames.last())
                .cloned()
        })
    }

    /// Keeps some pictures of a data set's file, which then goes to the worker.
    pub fn keep_examples(&self, data: DataSet, file: &[u8]) {
        let pictures = kept_examples(file).unwrap_or_default();
        self.examples.set(Some(Examples { data, pictures }));
    }

    /// A training picture of the run's data set and its class, another one for
    /// each `turn`.
    pub fn example(&self, turn: u64) -> Option<(Vec<u8>, u8)> {
        let data = self
            .status
            .with(|status| status.as_ref().map(|status| status.recipe.data))?;
        self.examples.with(|examples| {
            let pictures = &examples.as_ref().filter(|kept| kept.data == data)?.pictures;
            // Turns are often steps, multiples of one number: mixed, or only few
            // of the pictures would come up (Fibonacci hashing, Knuth 1973).
            let mixed = turn.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
            let index = mixed.checked_rem(pictures.len() as u64)?;
            pictures.get(index as usize).cloned()
        })
    }

    /// Changes the recipe of the form.
    pub fn edit(&self, change: impl FnOnce(&mut RunRecipe)) {
        self.draft.update(change);
    }
}
