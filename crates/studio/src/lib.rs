//! Lampwork's studio: owns the device, the models and the training run, and
//! answers [`Request`]s with [`Reply`]s.
//!
//! The same code runs in a web worker and in native tests. It knows no browser,
//! no files and no threads; the clock is handed in. A host calls
//! [`Studio::handle`] for each request and [`Studio::work`] as long as there is
//! something to do, and lets its event loop run between any two calls: each is
//! short, so that a command is answered while a run trains.

mod jobs;
mod measure;
mod models;
mod project;
mod race;
mod redraw;
mod run;
mod translate;

use std::collections::HashMap;

use burn::tensor::Device;
use lampwork_datasets::{Packed, Phrases};
use lampwork_host::{first, selftest};
use lampwork_models::Update;
use lampwork_models::latent::Meaning;
use lampwork_protocol::{
    Command, DataSet, DeviceInfo, DeviceKind, Event, Failure, Payload, Recipe, Reply, Request,
    RequestId, Shape,
};
use lampwork_words::Table;

pub use lampwork_host::{Clock, open};

use crate::jobs::Jobs;
use crate::measure::{Judges, Measuring};
use crate::models::Models;
use crate::run::Training;

/// A reply and the arrays beside it.
pub type Answer = (Reply, Payload);

/// Largest picture count of one request.
const MAX_PICTURES: usize = 4096;
/// Most neighbours of one request.
const MAX_NEIGHBOURS: usize = 64;

/// The device, the models and the training run.
pub struct Studio {
    device: Device,
    info: DeviceInfo,
    update: Update,
    clock: Clock,
    models: Models,
    data: HashMap<DataSet, Packed>,
    judges: Judges,
    /// What words mean; none until a page has sent it.
    words: Option<Table>,
    jobs: Jobs,
    training: Option<Training>,
}

impl Studio {
    /// A studio on a device that was opened with [`open`].
    pub fn new(device: Device, info: DeviceInfo, clock: Clock) -> Self {
        Self {
            update: lampwork_host::update(info.kind),
            device,
            info,
            clock,
            models: Models::default(),
            data: HashMap::new(),
            judges: Judges::new(),
            words: None,
            jobs: Jobs::default(),
            training: None,
        }
    }

    /// The first thing a host tells its page.
    pub fn ready(&self) -> Answer {
        (
            Reply {
                request: None,
                event: Event::Ready(self.info.clone()),
            },
            Payload::new(),
        )
    }

    /// Whether [`Studio::work`] has something to do.
    pub fn has_work(&self) -> bool {
        !self.jobs.is_empty() || self.training.as_ref().is_some_and(Training::plays)
    }

    /// Answers one request.
    pub async fn handle(&mut self, request: Request, payload: Payload) -> Vec<Answer> {
        let id = request.id;
        let outcome = self.answer(id, request.command, payload).await;
        let answers = outcome.unwrap_or_else(|failure| vec![(Event::Failed(failure), vec![])]);
        // The last is the answer; what comes before it is news of the run.
        let last = answers.len().saturating_sub(1);
        answers
            .into_iter()
            .enumerate()
            .map(|(index, (event, payload))| reply((index == last).then_some(id), event, payload))
            .collect()
    }

    /// Does one short piece of what is under way: some pictures of a request, or
    /// a slice of a training step.
    pub async fn work(&mut self) -> Vec<Answer> {
        if let Some(said) = self.jobs.work(&self.models, &self.device).await {
            let Some((id, outcome)) = said else {
                return Vec::new();
            };
            let (event, payload) = match outcome {
                Ok(made) => made,
                Err(failure) => (Event::Failed(failure), vec![]),
            };
            return vec![reply(Some(id), event, payload)];
        }
        let Some(training) = self.training.as_mut().filter(|t| t.plays()) else {
            return Vec::new();
        };
        let Some(data) = self.data.get(&training.recipe().data) else {
            return Vec::new();
        };
        let news = training.work(data, &self.device, self.clock).await;
        news.into_iter()
            .map(|(event, payload)| reply(None, event, payload))
            .collect()
    }

    async fn answer(
        &mut self,
        id: RequestId,
        command: Command,
        payload: Payload,
    ) -> Result<Vec<(Event, Payload)>, Failure> {
        let one = |event| Ok(vec![(event, Payload::new())]);
        match command {
            Command::SelfTest => {
                let mut checks = selftest::common(&self.device).await?;
                checks.extend(selftest::convolutions(&self.device).await?);
                one(Event::SelfTested { checks })
            }
            Command::Race => {
                let (sheet_ms, step_ms) = race::run(&self.device, self.update, self.clock).await?;
                one(Event::Raced { sheet_ms, step_ms })
            }
            Command::LoadModel { card } => {
                let bytes = first(payload, "a weights file")?;
                let info = self.models.load(&bytes, card, &self.device)?;
                one(Event::ModelLoaded(info))
            }
            Command::LoadData { data } => {
                let bytes = first(payload, "a data set")?;
                let packed = Packed::read(data, &bytes).map_err(|error| Failure::BadData {
                    reason: error.to_string(),
                })?;
                let counts = [&packed.train, &packed.validation, &packed.test]
                    .map(|split| split.len() as u32);
                self.data.insert(data, packed);
                one(Event::DataLoaded { data, counts })
            }
            Command::LoadWords => {
                let bytes = first(payload, "a table of words")?;
                let table = Table::from_bytes(&bytes).map_err(|error| Failure::BadWords {
                    reason: error.to_string(),
                })?;
                let counts = table.card().counts;
                self.words = Some(table);
                one(Event::WordsLoaded {
                    english: counts.en,
                    chinese: counts.zh,
                })
            }
            Command::Make { recipes } => {
                if recipes.len() > MAX_PICTURES {
                    return Err(Failure::BadKnob {
                        knob: "count".to_owned(),
                        reason: format!("at most {MAX_PICTURES} pictures are made at once"),
                    });
                }
                self.make(id, recipes, false)?;
                Ok(vec![])
            }
            Command::Follow { recipe } => {
                if !self.models.get(&recipe.model)?.is_flow() {
                    return Err(Failure::CannotDo {
                        model: recipe.model,
                        reason: "its pictures come in one step".to_owned(),
                    });
                }
                self.make(id, vec![recipe], true)?;
                Ok(vec![])
            }
            Command::Encode { model, class } => {
                let picture = picture(payload, Shape::GREY)?;
                let (z, class, made) = self
                    .models
                    .encode(&model, &picture, class, &self.device)
                    .await?;
                Ok(vec![(Event::Encoded { z, class }, vec![made])])
            }
            Command::FindNearest { data, count } => {
                let picture = picture(payload, data.shape())?;
                self.nearest(data, &picture, count.min(MAX_NEIGHBOURS))
            }
            Command::Translate { order } => {
                let values = first(payload, "a picture")?;
                let begun = translate::begin(&order, values, &self.models, self.info.kind)?;
                self.jobs.translate(id, begun);
                Ok(vec![])
            }
            Command::Project { order } => {
                let picture = picture(payload, Shape::COLOUR)?;
                let begun = project::begin(&order, &picture, &self.models)?;
                self.jobs.project(id, begun);
                Ok(vec![])
            }
            Command::Redraw { order } => {
                let values = first(payload, "pictures")?;
                let begun = redraw::begin(&order, values, &self.models, self.info.kind)?;
                self.jobs.redraw(id, begun);
                Ok(vec![])
            }
            Command::LoadJudge { data } => {
                let bytes = first(payload, "a net that measures")?;
                let judge = measure::read_judge(&bytes, data, &self.device)?;
                let hash = judge.hash;
                self.judges.insert(data, judge);
                one(Event::JudgeLoaded { data, hash })
            }
            Command::Measure { order } => {
                let batch = self.batch(&order.model);
                let meaning = |text: &str| self.words.as_ref()?.read(text).vector;
                let meaning: Meaning<'_> = &meaning;
                let meaning = self.words.is_some().then_some(meaning);
                let (models, data, judges) = (&self.models, &self.data, &self.judges);
                let measuring = Measuring::new(order, models, data, judges, meaning, batch).await?;
                self.jobs.measure(id, measuring);
                Ok(vec![])
            }
            Command::Cancel { request } => {
                // The cancelled request gets its own last word, under its own
                // number.
                if self.jobs.cancel(request) {
                    self.jobs.say(request, Event::Cancelled);
                }
                one(Event::Done)
            }
            Command::StartRun { recipe } => {
                let training = self.begin(&recipe)?;
                let film = training.film(&self.device).await?;
                let status = training.status();
                self.training = Some(training);
                Ok(vec![film, (Event::Run(status), vec![])])
            }
            Command::RestoreRun { recipe } => {
                let bytes = first(payload, "a weights file")?;
                let (named, metadata) = lampwork_weights::read(&bytes)?;
                let mut training = self.begin(&recipe)?;
                training.restore(&named, &metadata)?;
                let film = training.film(&self.device).await?;
                let status = training.status();
                self.training = Some(training);
                Ok(vec![film, (Event::Run(status), vec![])])
            }
            Command::UseRun => {
                let (bytes, card) = self.export().await?;
                let info = self.models.load(&bytes, Some(card), &self.device)?;
                one(Event::ModelLoaded(info))
            }
            Command::ExportRun => {
                let (bytes, card) = self.export().await?;
                Ok(vec![(Event::Exported { card }, vec![bytes])])
            }
            Command::Snapshot => {
                let device = self.info.name.clone();
                let training = self.training()?;
                let bytes = training.snapshot(&device).await?;
                let status = training.status();
                Ok(vec![(Event::Snapshot { status }, vec![bytes])])
            }
            Command::Play => self.steer(Training::play),
            Command::Pause => {
                let training = self.training()?;
                let mut answers = training.flush().await?;
                training.pause();
                answers.push((Event::Run(training.status()), vec![]));
                Ok(answers)
            }
            Command::Step { steps } => self.steer(|t| t.play_steps(steps, None)),
            Command::StepSide { side, steps } => {
                if !self.training()?.has_sides() {
                    return Err(Failure::CannotDo {
                        model: "VAE".to_owned(),
                        reason: "it has no two sides".to_owned(),
                    });
                }
                self.steer(|t| t.play_steps(steps, Some(side)))
            }
            Command::ResetRun => {
                let recipe = self.training()?.recipe().clone();
                let training = self.begin(&recipe)?;
                let film = training.film(&self.device).await?;
                let status = training.status();
                self.training = Some(training);
                Ok(vec![film, (Event::Run(status), vec![])])
            }
            Command::ChangeKnobs { recipe } => {
                // Of the data it learns from now: other data needs a reset, which
                // is for the run to say.
                let now = self.training()?.recipe().clone();
                let count = self.data_for(&now)?.train.len();
                let training = self.training()?;
                training.change(&recipe, count)?;
                one(Event::Run(training.status()))
            }
        }
    }

    /// Puts pictures in the queue, `from_noise` if the noise is to be seen, too.
    fn make(
        &mut self,
        id: RequestId,
        recipes: Vec<Recipe>,
        from_noise: bool,
    ) -> Result<(), Failure> {
        let model = recipes.first().map(|recipe| recipe.model.as_str());
        let batch = self.batch(model.unwrap_or_default());
        let words = self.words.as_ref();
        if words.is_none() && recipes.iter().any(|recipe| recipe.latent.says_words()) {
            return Err(Failure::NoWords);
        }
        let meaning = |text: &str| words?.read(text).vector;
        let asked = self.models.points(&recipes, &meaning)?;
        self.jobs.make(id, asked, batch, from_noise);
        Ok(())
    }

    /// So many pictures of a model at once that a command is answered in time.
    fn batch(&self, model: &str) -> usize {
        let flow = self.models.get(model).is_ok_and(|loaded| loaded.is_flow());
        match (self.info.kind, flow) {
            (DeviceKind::Cpu, true) => 8,
            (DeviceKind::Cpu, false) => 16,
            (DeviceKind::WebGpu, _) => 64,
        }
    }

    /// A run at step 0.
    fn begin(&self, recipe: &lampwork_protocol::RunRecipe) -> Result<Training, Failure> {
        let data = self.data_for(recipe)?;
        let phrases = self.phrases(recipe, data)?;
        Training::new(recipe, data, phrases, &self.device, self.update, self.clock)
    }

    /// In which words the pictures of a run are told, where its model has words.
    fn phrases(
        &self,
        recipe: &lampwork_protocol::RunRecipe,
        data: &Packed,
    ) -> Result<Option<Phrases>, Failure> {
        let wanted = recipe.model.words();
        if wanted == 0 {
            return Ok(None);
        }
        let table = self.words.as_ref().ok_or(Failure::NoWords)?;
        if table.dimensions() != wanted {
            return Err(Failure::BadKnob {
                knob: "words".to_owned(),
                reason: format!("the table of words has {}", table.dimensions()),
            });
        }
        let meaning = |text: &str| table.read(text).vector;
        Ok(Some(Phrases::new(&data.concepts, wanted, meaning)))
    }

    fn steer(&mut self, act: impl FnOnce(&mut Training)) -> Result<Vec<(Event, Payload)>, Failure> {
        let training = self.training()?;
        act(training);
        Ok(vec![(Event::Run(training.status()), vec![])])
    }

    fn training(&mut self) -> Result<&mut Training, Failure> {
        self.training.as_mut().ok_or(Failure::NoRun)
    }

    fn data_for(&self, recipe: &lampwork_protocol::RunRecipe) -> Result<&Packed, Failure> {
        self.data.get(&recipe.data).ok_or_else(|| Failure::NoData {
            data: recipe.data.name().to_owned(),
        })
    }

    async fn export(&mut self) -> Result<(Vec<u8>, lampwork_protocol::ModelCard), Failure> {
        let device = format!("{} ({})", self.info.name, self.info.backend);
        self.training()?.export(&device).await
    }

    fn nearest(
        &self,
        data: DataSet,
        picture: &[u8],
        count: usize,
    ) -> Result<Vec<(Event, Payload)>, Failure> {
        let packed = self.data.get(&data).ok_or_else(|| Failure::NoData {
            data: data.name().to_owned(),
        })?;
        let train = &packed.train;
        let mut pixels = Vec::new();
        let found = lampwork_datasets::nearest(train, picture, count)
            .into_iter()
            .map(|(index, distance)| {
                pixels.extend_from_slice(train.picture(index as usize));
                lampwork_protocol::event::Neighbour {
                    index,
                    class: train.labels[index as usize],
                    distance,
                }
            })
            .collect();
        let among = train.len() as u32;
        Ok(vec![(Event::Nearest { found, among }, vec![pixels])])
    }
}

fn reply(request: Option<RequestId>, event: Event, payload: Payload) -> Answer {
    (Reply { request, event }, payload)
}

/// The one picture that a command must come with.
fn picture(payload: Payload, shape: Shape) -> Result<Vec<u8>, Failure> {
    let pixels = first(payload, "a picture")?;
    if pixels.len() != shape.values() {
        return Err(Failure::Internal {
            reason: format!("a picture of {} numbers came", pixels.len()),
        });
    }
    Ok(pixels)
}
