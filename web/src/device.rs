//! Which device computes: the race, the switch by hand, and what happens when a
//! device fails.
//!
//! The CPU worker starts at once. Where the browser has a hardware adapter, the
//! WebGPU worker is fetched in the background, checked against known answers and
//! raced; it takes over only if it wins. Whatever happens to a device, the
//! training run goes on from the page's last snapshot of it.

mod adapter;

use lampwork_protocol::event::{DeviceKind, RunState, SelfCheck};
use lampwork_protocol::{Command, DeviceChoice, Event, Failure, RunRecipe};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser;
use crate::library::{Library, unexpected};
use crate::link::{Connection, Link, Phase};

/// How often the page asks a run under way for a snapshot.
const SNAPSHOT_EVERY: f64 = 10_000.0;

/// What the visitor is told about the device.
#[derive(Debug, Clone, PartialEq)]
pub enum Word {
    /// The WebGPU worker is being fetched, checked and raced.
    Trying,
    /// The switch is under way.
    Switching,
    /// A device failed, and the CPU goes on.
    FellBack(Failure),
    /// A device was lost under way, and the CPU goes on; the browser's words.
    Lost(String),
}

/// A run as it can be put into another worker.
#[derive(Clone)]
struct Saved {
    recipe: RunRecipe,
    playing: bool,
    file: Vec<u8>,
}

/// The devices.
#[derive(Clone, Copy)]
pub struct Devices {
    link: Link,
    library: Library,
    /// How far the worker in use has come.
    pub phase: RwSignal<Phase>,
    /// What there is to say.
    pub word: RwSignal<Option<Word>>,
    saved: StoredValue<Option<Saved>, LocalStorage>,
    busy: StoredValue<bool>,
}

impl Devices {
    /// Starts the CPU worker, and whatever else the visitor chose.
    pub fn start(link: Link, library: Library) -> Devices {
        let devices = Devices {
            link,
            library,
            phase: RwSignal::new(Phase::Fetching(0.0, 0.0)),
            word: RwSignal::new(None),
            saved: StoredValue::new_local(None),
            busy: StoredValue::new(false),
        };
        match Connection::open(DeviceKind::Cpu) {
            Ok(connection) => devices.begin(connection),
            Err(failure) => devices.phase.set(Phase::Dead(failure)),
        }
        devices.watch_loss();
        devices.keep_snapshots();
        // Every choice but the first is a switch.
        Effect::new(move |before: Option<DeviceChoice>| {
            let choice = link.choice().get();
            if before.is_some_and(|before| before != choice) {
                browser::keep("lampwork.device", choice_name(choice));
                spawn_local(async move { devices.change(choice).await });
            }
            choice
        });
        devices
    }

    fn begin(self, connection: Connection) {
        let link = self.link;
        let phase = connection.phase();
        link.attach(connection.clone(), None);
        Effect::new(move |_| {
            let now = phase.get();
            if let Phase::Ready(info) = &now
                && link.device().get_untracked().is_none()
            {
                link.device().set(Some(info.clone()));
            }
            if link.connection().is_some_and(|c| c.phase() == phase) {
                self.phase.set(now);
            }
        });
        spawn_local(async move {
            if connection.ready().await.is_err() {
                return;
            }
            let choice = link.choice().get_untracked();
            if choice != DeviceChoice::Cpu {
                // The first picture comes first.
                browser::sleep(1500).await;
                self.change(choice).await;
            }
        });
    }

    /// Goes over to what the visitor chose.
    async fn change(self, choice: DeviceChoice) {
        while self.busy.get_value() {
            browser::sleep(50).await;
        }
        if self.link.choice().get_untracked() != choice {
            return;
        }
        self.busy.set_value(true);
        let using = self.link.device().get_untracked().map(|info| info.kind);
        let answer = match choice {
            // What there is to say about how it came to be the CPU stays.
            DeviceChoice::Cpu if using == Some(DeviceKind::Cpu) => {
                self.busy.set_value(false);
                return;
            }
            DeviceChoice::WebGpu if using == Some(DeviceKind::WebGpu) => Ok(()),
            DeviceChoice::Cpu => self.take(DeviceKind::Cpu).await,
            DeviceChoice::WebGpu => self.take(DeviceKind::WebGpu).await,
            DeviceChoice::Auto => self.race(using).await,
        };
        match answer {
            Ok(()) => self.word.set(None),
            Err(failure) => {
                self.word.set(Some(Word::FellBack(failure)));
                if choice == DeviceChoice::WebGpu {
                    self.link.choice().set(DeviceChoice::Cpu);
                }
            }
        }
        self.busy.set_value(false);
    }

    async fn take(&self, kind: DeviceKind) -> Result<(), Failure> {
        self.word.set(Some(Word::Switching));
        let connection = Connection::open(kind)?;
        let moved = async {
            connection.ready().await?;
            if kind == DeviceKind::WebGpu {
                self_test(&connection).await?;
            }
            self.move_to(connection.clone()).await
        }
        .await;
        if moved.is_err() {
            connection.close();
        }
        moved
    }

    async fn race(&self, using: Option<DeviceKind>) -> Result<(), Failure> {
        if using == Some(DeviceKind::WebGpu) {
            let software = self
                .link
                .device()
                .get_untracked()
                .is_some_and(|d| d.software);
            return if software {
                self.take(DeviceKind::Cpu).await
            } else {
                Ok(())
            };
        }
        if !adapter::is_hardware().await {
            return Ok(());
        }
        self.word.set(Some(Word::Trying));
        let rival = Connection::open(DeviceKind::WebGpu)?;
        let answer = self.race_with(&rival).await;
        if !matches!(answer, Ok(true)) {
            rival.close();
        }
        match answer {
            // Nobody chose WebGPU: that it is missing is no news to the visitor.
            Err(Failure::NoDevice { .. }) => Ok(()),
            other => other.map(|_| ()),
        }
    }

    async fn race_with(&self, rival: &Connection) -> Result<bool, Failure> {
        if rival.ready().await?.software {
            return Ok(false);
        }
        self_test(rival).await?;
        let Some(current) = self.link.connection() else {
            return Ok(false);
        };
        let ours = lap(&current).await?;
        let theirs = lap(rival).await?;
        // A choice made by hand meanwhile has the last word.
        let auto = self.link.choice().get_untracked() == DeviceChoice::Auto;
        let wins = auto && theirs.0 < ours.0 && theirs.1 < ours.1;
        if wins {
            self.move_to(rival.clone()).await?;
        }
        Ok(wins)
    }

    /// Gives a worker that is ready all that this one has, and makes it the one
    /// in use.
    async fn move_to(&self, connection: Connection) -> Result<(), Failure> {
        if self.has_run() {
            let playing = self.is_playing();
            if playing {
                self.link.ask(Command::Pause, vec![]).await?;
            }
            self.snapshot(playing).await;
        }
        self.hand_to(connection).await
    }

    /// Gives a worker models, data and the run from its last snapshot, and makes
    /// it the one in use.
    async fn hand_to(&self, connection: Connection) -> Result<(), Failure> {
        self.library.hand_over(&connection).await?;
        let info = connection.ready().await?;
        let run = self.link.run_events().status.get_untracked();
        let saved = self.saved.get_value().filter(|_| run.is_some());
        let restored = match (saved, run) {
            (Some(saved), _) => {
                let command = Command::RestoreRun {
                    recipe: saved.recipe,
                };
                let answer = connection.ask(command, vec![saved.file]).await?;
                Some((answer, saved.playing))
            }
            // No snapshot yet: nothing but the first steps is lost.
            (None, Some(run)) => {
                let command = Command::StartRun { recipe: run.recipe };
                Some((connection.ask(command, vec![]).await?, false))
            }
            (None, None) => None,
        };
        self.phase.set(connection.phase().get_untracked());
        self.link.attach(connection, Some(info));
        if let Some(((event, payload), playing)) = restored {
            self.link.hear(&event, &payload);
            if playing {
                self.link.send(Command::Play, vec![]);
            }
        }
        Ok(())
    }

    fn has_run(&self) -> bool {
        self.link
            .run_events()
            .status
            .with_untracked(Option::is_some)
    }

    fn is_playing(&self) -> bool {
        self.link.run_events().status.with_untracked(|status| {
            status
                .as_ref()
                .is_some_and(|status| status.state == RunState::Playing)
        })
    }

    async fn snapshot(&self, playing: bool) {
        let answer = self.link.ask(Command::Snapshot, vec![]).await;
        if let Ok((Event::Snapshot { status }, mut payload)) = answer
            && !payload.is_empty()
        {
            self.saved.set_value(Some(Saved {
                recipe: status.recipe,
                playing,
                file: payload.remove(0),
            }));
        }
    }

    /// While a run trains, asks for a snapshot now and then.
    fn keep_snapshots(self) {
        let due = StoredValue::new(browser::now() + SNAPSHOT_EVERY);
        self.link.listen(move |event, _| {
            let now = browser::now();
            if matches!(event, Event::Steps { .. })
                && now > due.get_value()
                && self.is_playing()
                && !self.busy.get_value()
            {
                due.set_value(now + SNAPSHOT_EVERY);
                spawn_local(async move { self.snapshot(true).await });
            }
        });
    }

    /// When the device is lost, or its worker breaks, goes on with a fresh one on
    /// the CPU.
    fn watch_loss(self) {
        self.link.listen(move |event, _| {
            let Event::DeviceLost { reason } = event else {
                return;
            };
            let reason = reason.clone();
            spawn_local(async move { self.fall_back(reason).await });
        });
    }

    async fn fall_back(self, reason: String) {
        if self.busy.get_value() {
            return;
        }
        self.busy.set_value(true);
        let answer: Result<(), Failure> = async {
            let connection = Connection::open(DeviceKind::Cpu)?;
            connection.ready().await?;
            self.hand_to(connection).await
        }
        .await;
        self.word.set(Some(match answer {
            Ok(()) => Word::Lost(reason),
            Err(failure) => Word::FellBack(failure),
        }));
        self.busy.set_value(false);
    }
}

/// Fails unless the device gives the known answers.
async fn self_test(connection: &Connection) -> Result<(), Failure> {
    match connection.ask(Command::SelfTest, vec![]).await? {
        (Event::SelfTested { checks }, _) => match checks.iter().find(|check| failed(check)) {
            None => Ok(()),
            Some(check) => Err(Failure::WrongAnswers {
                device: "WebGPU".into(),
                reason: format!(
                    "{}: off by {} where {} is allowed",
                    check.name, check.error, check.tolerance
                ),
            }),
        },
        (event, _) => Err(unexpected(&event)),
    }
}

/// Not a number fails as well.
fn failed(check: &SelfCheck) -> bool {
    check.error.is_nan() || check.error > check.tolerance
}

/// Milliseconds for a sheet, and for a training step.
async fn lap(connection: &Connection) -> Result<(f32, f32), Failure> {
    match connection.ask(Command::Race, vec![]).await? {
        (Event::Raced { sheet_ms, step_ms }, _) => Ok((sheet_ms, step_ms)),
        (event, _) => Err(unexpected(&event)),
    }
}

/// What the visitor chose last time.
pub fn kept_choice() -> DeviceChoice {
    match browser::kept("lampwork.device").as_deref() {
        Some("cpu") => DeviceChoice::Cpu,
        Some("webgpu") => DeviceChoice::WebGpu,
        _ => DeviceChoice::Auto,
    }
}

/// Name of a choice, as it is kept.
pub fn choice_name(choice: DeviceChoice) -> &'static str {
    match choice {
        DeviceChoice::Auto => "auto",
        DeviceChoice::Cpu => "cpu",
        DeviceChoice::WebGpu => "webgpu",
    }
}

/// The devices, from the context.
pub fn use_devices() -> Devices {
    expect_context()
}
