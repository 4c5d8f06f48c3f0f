//! A measuring in the worker, and how far it is.

use lampwork_protocol::{
    Command, Event, Failure, MeasureOrder, MeasureStage, Measurement, ModelCard, ModelConfig,
    Progress, RequestId, Sampling,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser;
use crate::library::{Library, unexpected};
use crate::link::Link;

/// What a visitor wants measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// Name of the model.
    pub model: String,
    /// Pictures on each side; fewer where the data has fewer.
    pub count: u32,
    /// Seed.
    pub seed: u64,
    /// Its way, of a flow.
    pub sampling: Option<Sampling>,
}

/// How a measuring stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// Nothing is measured.
    Idle,
    /// Files are on their way.
    Preparing,
    /// The worker is at it.
    Under(MeasureStage, Progress),
    /// It is done.
    Done(Measurement),
    /// It was given up.
    Cancelled,
    /// It went wrong.
    Failed(Failure),
}

/// Measures one model at a time.
#[derive(Clone, Copy)]
pub struct Work {
    link: Link,
    library: Library,
    standing: RwSignal<Standing>,
    under_way: StoredValue<UnderWay>,
}

#[derive(Default)]
struct UnderWay {
    /// Counts measurings, so that what comes of an older one is told apart.
    round: u32,
    request: Option<RequestId>,
}

impl Work {
    /// Nothing yet; what is under way when the room is left is given up.
    pub fn new(link: Link, library: Library) -> Work {
        let work = Work {
            link,
            library,
            standing: RwSignal::new(Standing::Idle),
            under_way: StoredValue::new(UnderWay::default()),
        };
        on_cleanup(move || {
            let request = work.under_way.try_with_value(|under_way| under_way.request);
            if let Some(Some(request)) = request {
                link.cancel(request);
            }
        });
        work
    }

    /// How it stands; tracked where it is read.
    pub fn standing(&self) -> RwSignal<Standing> {
        self.standing
    }

    /// Whether something is under way; tracked.
    pub fn busy(&self) -> bool {
        self.standing
            .with(|standing| matches!(standing, Standing::Preparing | Standing::Under(..)))
    }

    /// Begins.
    pub fn start(&self, wish: Wish) {
        let work = *self;
        let round = self.next_round();
        self.standing.set(Standing::Preparing);
        spawn_local(async move {
            let order = work.prepare(wish).await;
            if !work.is_current(round) {
                return;
            }
            match order {
                Ok(order) => work.send(order, round),
                Err(failure) => work.standing.set(Standing::Failed(failure)),
            }
        });
    }

    /// Gives up what is under way.
    pub fn stop(&self) {
        let request = self.under_way.with_value(|under_way| under_way.request);
        self.next_round();
        if let Some(request) = request {
            self.link.cancel(request);
        }
        self.standing.set(Standing::Cancelled);
    }

    fn next_round(&self) -> u32 {
        self.under_way.update_value(|under_way| {
            under_way.round += 1;
            under_way.request = None;
        });
        self.under_way.with_value(|under_way| under_way.round)
    }

    /// Whether a round is the newest; not where the room was left.
    fn is_current(&self, round: u32) -> bool {
        self.under_way
            .try_with_value(|under_way| under_way.round == round)
            .unwrap_or(false)
    }

    /// Loads what it takes.
    async fn prepare(&self, wish: Wish) -> Result<MeasureOrder, Failure> {
        let library = self.library;
        let info = if wish.model == ModelCard::YOURS {
            let yours = untrack(|| library.yours());
            yours.ok_or_else(|| Failure::NoModel {
                model: wish.model.clone(),
            })?
        } else {
            library.ready(&wish.model).await?
        };
        let recipe = &info.card.recipe;
        let [train, _, test] = library.load_data(recipe.data).await?;
        library.load_judge(recipe.data).await?;
        if recipe.model.words() > 0 {
            library.load_words().await?;
        }
        Ok(MeasureOrder {
            model: wish.model,
            weights: info.weights,
            count: wish.count.min(train).min(test).min(MeasureOrder::MOST),
            seed: wish.seed,
            sampling: wish.sampling,
        })
    }

    fn take(&self, event: Event, order: &MeasureOrder, round: u32) {
        let (work, order) = (*self, order.clone());
        self.standing.set(match event {
            Event::Measuring { stage, progress } => Standing::Under(stage, progress),
            Event::Measured(measured) => Standing::Done(measured),
            Event::Failed(failure) => Standing::Failed(failure),
            Event::Cancelled => {
                // Not by us: another worker takes over, so ask that one.
                spawn_local(async move {
                    browser::sleep(50).await;
                    if work.is_current(round) {
                        work.send(order, round);
                    }
                });
                Standing::Preparing
            }
            event => Standing::Failed(unexpected(&event)),
        });
    }

    fn send(&self, order: MeasureOrder, round: u32) {
        let work = *self;
        let command = Command::Measure {
            order: order.clone(),
        };
        let request = self.link.stream(command, vec![], move |event, _| {
            if work.is_current(round) {
                work.take(event, &order, round);
            }
        });
        // A link without a worker has answered by now.
        if untrack(|| self.busy()) {
            self.under_way
                .update_value(|under_way| under_way.request = Some(request));
        }
    }
}

/// The way of a flow with these steps and guidance; nothing for other models. Where it
/// has learned leaps, it leaps.
pub fn sampling(model: &ModelConfig, steps: u16, guidance: f32) -> Option<Sampling> {
    let usual = Sampling::usual(model)?;
    Some(match model {
        ModelConfig::Flow(config) if config.shortcut.is_some() => Sampling { steps, ..usual },
        _ => Sampling {
            steps,
            guidance,
            ..usual
        },
    })
}
