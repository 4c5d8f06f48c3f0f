//! A conversation with a studio, and how it reads.

use std::cell::Cell;
use std::fmt::Write;

use expect_test::Expect;
use futures::executor::block_on;
use lampwork_protocol::event::RunState;
use lampwork_protocol::{
    Command, DataSet, Event, Failure, ModelCard, ModelInfo, PICTURE_PIXELS, Payload, Reply,
    Request, RequestId, RunRecipe, RunStatus, Shape, StepFigures,
};
use lampwork_studio::{Answer, Studio, open};

use lampwork_tests::data;

thread_local! {
    /// Calls of the clock so far.
    static TICKS: Cell<u32> = const { Cell::new(0) };
}

/// A clock of one millisecond a call, so that nothing hangs on the machine.
fn tick() -> f64 {
    TICKS.set(TICKS.get() + 1);
    f64::from(TICKS.get())
}

/// A studio on the CPU, and what was said so far.
pub struct Talk {
    studio: Studio,
    next: RequestId,
    said: Vec<Answer>,
}

impl Talk {
    /// A studio that knows nothing yet.
    pub fn new() -> Talk {
        let (device, info) = open::cpu();
        Talk {
            studio: Studio::new(device, info, tick),
            next: 1,
            said: Vec::new(),
        }
    }

    /// A studio that has the test data as digits.
    pub fn with_data() -> Talk {
        let mut talk = Talk::new();
        let bytes = data::packed(DataSet::Digits).to_bytes();
        talk.send(
            Command::LoadData {
                data: DataSet::Digits,
            },
            vec![bytes],
        );
        talk.said.clear();
        talk
    }

    /// A studio with test data and a run, paused at step 0.
    pub fn with_run(recipe: &RunRecipe) -> Talk {
        let mut talk = Talk::with_data();
        if recipe.data == DataSet::Emoji {
            let squares = data::squares().to_bytes();
            talk.send(Command::LoadData { data: recipe.data }, vec![squares]);
        }
        talk.command(Command::StartRun {
            recipe: recipe.clone(),
        });
        talk.said.clear();
        talk
    }

    /// Hands a request over; what is left to do after it is not done yet.
    pub fn send(&mut self, command: Command, payload: Payload) -> RequestId {
        let id = self.next;
        self.next += 1;
        let answers = block_on(self.studio.handle(Request { id, command }, payload));
        self.said.extend(answers);
        id
    }

    /// Does at most so many pieces of work.
    pub fn work(&mut self, pieces: usize) {
        for _ in 0..pieces {
            if self.studio.has_work() {
                let answers = block_on(self.studio.work());
                self.said.extend(answers);
            }
        }
    }

    /// Works until there is nothing to do.
    pub fn rest(&mut self) {
        // A studio that never rests is a failure, not a test that never ends.
        self.work(5_000);
        assert!(!self.studio.has_work(), "still at work: {}", self.text());
    }

    /// Hands a request over, does all there is to do, and gives what was said.
    pub fn ask(&mut self, command: Command, payload: Payload) -> Vec<Answer> {
        let from = self.said.len();
        self.send(command, payload);
        self.rest();
        self.said[from..].to_vec()
    }

    /// [`Talk::ask`] without arrays.
    pub fn command(&mut self, command: Command) -> Vec<Answer> {
        self.ask(command, Payload::new())
    }

    /// Asks for what must fail, and how it does.
    #[track_caller]
    pub fn fails(&mut self, command: Command, payload: Payload) -> Failure {
        let answers = self.ask(command, payload);
        match answers.as_slice() {
            [
                (
                    Reply {
                        request: Some(_),
                        event: Event::Failed(failure),
                    },
                    _,
                ),
            ] => failure.clone(),
            other => panic!("no failure but: {}", render(other)),
        }
    }

    /// The run's weights as a file, with their card.
    #[track_caller]
    pub fn export(&mut self) -> (Vec<u8>, ModelCard) {
        let answers = self.command(Command::ExportRun);
        match answers.last() {
            Some((
                Reply {
                    event: Event::Exported { card },
                    ..
                },
                payload,
            )) => (payload[0].clone(), card.clone()),
            _ => panic!("no export but: {}", render(&answers)),
        }
    }

    /// The run whole, as a file.
    #[track_caller]
    pub fn snapshot(&mut self) -> Vec<u8> {
        let answers = self.command(Command::Snapshot);
        match answers.last() {
            Some((
                Reply {
                    event: Event::Snapshot { .. },
                    ..
                },
                payload,
            )) => payload[0].clone(),
            _ => panic!("no snapshot but: {}", render(&answers)),
        }
    }

    /// Loads a model under a name.
    #[track_caller]
    pub fn load(&mut self, bytes: &[u8], card: Option<ModelCard>) -> ModelInfo {
        let answers = self.ask(Command::LoadModel { card }, vec![bytes.to_vec()]);
        match answers.last() {
            Some((
                Reply {
                    event: Event::ModelLoaded(info),
                    ..
                },
                _,
            )) => info.clone(),
            _ => panic!("no model but: {}", render(&answers)),
        }
    }

    /// Forgets everything said so far; none of it may be a failure.
    #[track_caller]
    pub fn check_nothing_failed(&mut self) {
        let text = self.text();
        assert!(!text.contains("FAILED"), "{text}");
        self.said.clear();
    }

    /// Everything said so far.
    pub fn said(&self) -> &[Answer] {
        &self.said
    }

    /// Everything said so far, as text.
    pub fn text(&self) -> String {
        render(&self.said)
    }

    /// Compares everything said since the last time with a golden text.
    pub fn check(&mut self, golden: Expect) {
        golden.assert_eq(&self.text());
        self.said.clear();
    }

    /// Every step's figures so far, in order.
    pub fn steps(&self) -> Vec<StepFigures> {
        steps(&self.said)
    }

    /// How the run last said it stands.
    #[track_caller]
    pub fn status(&self) -> RunStatus {
        let status = self
            .said
            .iter()
            .rev()
            .find_map(|(reply, _)| match &reply.event {
                Event::Run(status) => Some(status.clone()),
                _ => None,
            });
        status.unwrap_or_else(|| panic!("no word of a run in: {}", self.text()))
    }
}

/// The file and card of a net that was trained for some steps in a studio.
pub fn trained(recipe: &RunRecipe, name: &str) -> (Vec<u8>, ModelCard) {
    let mut talk = Talk::with_run(recipe);
    talk.command(Command::Step { steps: 2 });
    let (bytes, card) = talk.export();
    let name = name.to_owned();
    (bytes, ModelCard { name, ..card })
}

/// Figures of all steps among these answers.
pub fn steps(answers: &[Answer]) -> Vec<StepFigures> {
    let news = answers.iter().filter_map(|(reply, _)| match &reply.event {
        Event::Steps { steps } => Some(steps.clone()),
        _ => None,
    });
    news.flatten().collect()
}

/// The pixels of all pictures among these answers, in order.
pub fn pictures(answers: &[Answer]) -> Vec<u8> {
    let made = answers
        .iter()
        .filter_map(|(reply, payload)| match reply.event {
            Event::Pictures { .. } => Some(payload[0].clone()),
            _ => None,
        });
    made.flatten().collect()
}

/// Answers as text, a line each.
///
/// News of a run begins with a dash, an answer with its request's number. Arrays
/// are shown by their lengths in pictures, figures by their names.
pub fn render(answers: &[Answer]) -> String {
    let mut text = String::new();
    for (reply, payload) in answers {
        let who = match reply.request {
            Some(id) => format!("#{id}"),
            None => "-".to_owned(),
        };
        let _ = writeln!(
            text,
            "{who} {}{}",
            event(&reply.event),
            arrays(&reply.event, payload)
        );
    }
    text
}

fn event(event: &Event) -> String {
    match event {
        Event::Ready(info) => format!("ready: {} by {}", info.name, info.backend),
        Event::Working(progress) => format!("working: {} of {}", progress.done, progress.total),
        Event::SelfTested { checks } => {
            let names: Vec<_> = checks
                .iter()
                .map(|check| {
                    let right = check.error <= check.tolerance;
                    format!("{} {}", check.name, if right { "right" } else { "WRONG" })
                })
                .collect();
            format!("self-tested: {}", names.join(", "))
        }
        Event::Raced { .. } => "raced".to_owned(),
        Event::ModelLoaded(info) => {
            let encodes = if info.encodes {
                "encodes"
            } else {
                "does not encode"
            };
            format!("model {}: {encodes}", info.card.name)
        }
        Event::DataLoaded { data, counts } => format!("data {}: {counts:?}", data.name()),
        Event::WordsLoaded { english, chinese } => {
            format!("words: {english} in English, {chinese} in Chinese")
        }
        Event::Pictures { first, count, done } => {
            let end = if *done { ", done" } else { "" };
            format!("pictures {first}..{}{end}", first + count)
        }
        Event::Preview {
            first,
            count,
            step,
            steps,
        } => format!("preview {first}..{} at {step} of {steps}", first + count),
        Event::Encoded { z, class } => format!("encoded: {} numbers, class {class:?}", z.len()),
        Event::Translated {
            width,
            height,
            channels,
        } => format!("translated: {width} x {height}, {channels} channels"),
        Event::Projected { .. } => "projected".to_owned(),
        Event::Redrawn { count } => format!("redrawn: {count}"),
        Event::Nearest { found, among } => format!("nearest: {} among {among}", found.len()),
        Event::JudgeLoaded { data, .. } => format!("judge of {}", data.name()),
        Event::Measuring { stage, progress } => {
            format!("{stage:?}: {} of {}", progress.done, progress.total)
        }
        Event::Measured(measured) => {
            let names = measured.figures.iter().map(|figure| figure.name.as_str());
            let names: Vec<_> = names.collect();
            format!("measured {}: {}", measured.order.model, names.join(" "))
        }
        Event::Run(status) => format!("run {}", run(status)),
        Event::Steps { steps } => format!("steps {}", figures(steps)),
        Event::Filmstrip { step, count } => format!("filmstrip of {count} at step {step}"),
        Event::Validated { step, values } => {
            format!("validated at step {step}: {}", names(values))
        }
        Event::Exported { card } => format!("exported {} of {} steps", card.name, card.steps),
        Event::Snapshot { status } => format!("snapshot {}", run(status)),
        Event::Cancelled => "cancelled".to_owned(),
        Event::Done => "done".to_owned(),
        Event::DeviceLost { reason } => format!("device lost: {reason}"),
        Event::Failed(failure) => format!("FAILED: {failure}. {}", failure.hint()),
    }
}

fn run(status: &RunStatus) -> String {
    let state = match &status.state {
        RunState::Paused => "paused".to_owned(),
        RunState::Playing => "playing".to_owned(),
        RunState::Finished => "finished".to_owned(),
        RunState::StoppedEarly { best_epoch } => format!("stopped early, best epoch {best_epoch}"),
        RunState::Diverged { step, restored } => {
            format!("diverged at step {step}, back at {restored}")
        }
    };
    let RunStatus {
        step,
        epoch,
        steps_per_epoch,
        ..
    } = status;
    format!("{state} at step {step}, epoch {epoch} of {steps_per_epoch} steps")
}

fn figures(steps: &[StepFigures]) -> String {
    match steps {
        [] => "none".to_owned(),
        [one] => format!("{}: {}", one.step, names(&one.values)),
        [first, .., last] => format!("{}..={}: {}", first.step, last.step, names(&first.values)),
    }
}

fn names(values: &[(String, f32)]) -> String {
    let names: Vec<_> = values.iter().map(|(name, _)| name.as_str()).collect();
    names.join(" ")
}

fn arrays(event: &Event, payload: &Payload) -> String {
    let file = matches!(event, Event::Exported { .. } | Event::Snapshot { .. });
    let arrays: Vec<_> = payload
        .iter()
        .map(|array| match array.len() {
            // A file's length hangs on the numbers in its card.
            _ if file => "a file".to_owned(),
            bytes if bytes % PICTURE_PIXELS == 0 => format!("{}x28x28", bytes / PICTURE_PIXELS),
            bytes if bytes % Shape::COLOUR.values() == 0 => {
                format!("{}x32x32x3", bytes / Shape::COLOUR.values())
            }
            bytes => format!("{bytes} bytes"),
        })
        .collect();
    if arrays.is_empty() {
        String::new()
    } else {
        format!(" [{}]", arrays.join(", "))
    }
}
