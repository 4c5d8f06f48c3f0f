//! Lampwork's desk: owns the device, the language models and their training run, and
//! answers [`Request`]s with [`Reply`]s. What the studio is to pictures.
//!
//! The same code runs in a web worker and in native tests. It knows no browser, no
//! files and no threads; the clock is handed in. A host calls [`Desk::handle`] for each
//! request and [`Desk::work`] as long as there is something to do, and lets its event
//! loop run between any two calls: each is one token of a text, or one slice of a
//! training step, so that a command is answered while texts stream and a run trains.

mod foretell;
mod form;
mod jobs;
mod models;
mod own;
mod prompt;
mod read;
mod run;
mod runs;
mod selftest;
mod source;
mod spelling;
mod summarise;
mod walk;
mod write;

use std::collections::HashMap;
use std::rc::Rc;

use burn::tensor::Device;
use lampwork_host::first;
use lampwork_models::Update;
use lampwork_protocol::words::charset::decode;
use lampwork_protocol::words::{
    Command, Event, MAX_FILE, MAX_ROWS, MAX_SHOWN, Opened, Reply, Request, Sentence,
};
use lampwork_protocol::{DataSet, DeviceInfo, Failure, Payload, RequestId};
use lampwork_text::prosody::Readings;
use lampwork_text::{Corpus, Texts};

use crate::foretell::Foretell;
use crate::jobs::{Job, Jobs};
use crate::models::Models;
use crate::read::Read;
use crate::run::Training;
use crate::summarise::Summarise;
use crate::walk::Walk;
use crate::write::Write;

pub use lampwork_host::{Clock, open};

/// A reply and the arrays beside it.
pub type Answer = (Reply, Payload);

/// What a command led to, in order; the last is its answer.
type Outcome = Result<Vec<(Event, Payload)>, Failure>;

/// The device, the models and the training run.
pub struct Desk {
    device: Device,
    info: DeviceInfo,
    update: Update,
    clock: Clock,
    models: Models,
    corpora: HashMap<DataSet, Rc<Corpus>>,
    /// How characters were read; none until a page has sent it.
    readings: Option<Readings>,
    /// The visitor's own text.
    own: Option<String>,
    jobs: Jobs,
    training: Option<Training>,
}

impl Desk {
    /// A desk on a device that was opened with [`open`].
    pub fn new(device: Device, info: DeviceInfo, clock: Clock) -> Self {
        Self {
            update: lampwork_host::update(info.kind),
            models: Models::new(device.clone()),
            device,
            info,
            clock,
            corpora: HashMap::new(),
            readings: None,
            own: None,
            jobs: Jobs::default(),
            training: None,
        }
    }

    /// The first thing a host tells its page.
    pub fn ready(&self) -> Answer {
        reply(None, Event::Ready(self.info.clone()), Payload::new())
    }

    /// Whether [`Desk::work`] has something to do.
    pub fn has_work(&self) -> bool {
        !self.jobs.is_empty() || self.training.as_ref().is_some_and(Training::has_work)
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

    /// Does one short piece of what is under way: a token or a few of a request's
    /// texts, or a slice of a training step.
    pub async fn work(&mut self) -> Vec<Answer> {
        if let Some(said) = self.jobs.work().await {
            let Some((id, outcome)) = said else {
                return Vec::new();
            };
            let (event, payload) =
                outcome.unwrap_or_else(|failure| (Event::Failed(failure), Payload::new()));
            return vec![reply(Some(id), event, payload)];
        }
        let Some(training) = self.training.as_mut().filter(|t| t.has_work()) else {
            return Vec::new();
        };
        let news = training.work().await;
        news.into_iter()
            .map(|event| reply(None, event, Payload::new()))
            .collect()
    }

    async fn answer(&mut self, id: RequestId, command: Command, payload: Payload) -> Outcome {
        match command {
            Command::SelfTest => one(Event::SelfTested {
                checks: selftest::run(&self.device).await?,
            }),
            Command::LoadModel { card } => {
                let file = first(payload, "a weights file")?;
                one(Event::ModelLoaded(self.models.load(file, card)?))
            }
            Command::LoadAdapter => {
                let (card, hash) = self.models.learn(&first(payload, "an adapter")?)?;
                one(Event::AdapterLoaded { card, hash })
            }
            Command::LoadReadings => self.load_readings(&first(payload, "a table of readings")?),
            Command::LoadCorpus { data } => self.load_corpus(data, &first(payload, "a corpus")?),
            Command::OpenText => self.open_text(&first(payload, "a text")?),
            Command::Write { recipes, shown } => {
                check_count("texts", recipes.len(), MAX_ROWS)?;
                check_shown(shown.unwrap_or(0))?;
                let write = Write::new(
                    recipes,
                    shown,
                    &mut self.models,
                    self.readings.as_ref(),
                    self.clock,
                )?;
                self.queue(id, Job::Write(Box::new(write)))
            }
            Command::Next {
                base,
                prompt,
                shown,
                ghost,
            } => {
                check_shown(shown)?;
                check_count("ghost", ghost.into(), Command::MAX_GHOST.into())?;
                let loaded = self.models.base(&base)?;
                let remembered = self.jobs.remembered.take();
                let foretell = Foretell::new(loaded, &prompt, shown, ghost, remembered)?;
                self.queue(id, Job::Foretell(Box::new(foretell)))
            }
            Command::Read {
                base,
                prompt,
                attention,
                shown,
            } => {
                check_shown(shown)?;
                let read = Read::new(self.models.base(&base)?, &prompt, attention, shown)?;
                self.queue(id, Job::Read(Box::new(read)))
            }
            Command::Walk { base, a, b, steps } => {
                check_count("steps", steps.into(), Command::MAX_STEPS.into())?;
                let loaded = self.models.base(&base)?;
                let walk = Walk::new(loaded, &a, &b, usize::from(steps).max(2)).await?;
                self.queue(id, Job::Walk(Box::new(walk)))
            }
            Command::Extract { text, sentences } => extract(&text, sentences),
            Command::Summarise {
                base,
                text,
                sentences,
            } => {
                check_length(&text)?;
                let loaded = self.models.base(&base)?;
                let summarise = Summarise::new(loaded, &text, sentences as usize)?;
                self.queue(id, Job::Summarise(Box::new(summarise)))
            }
            Command::CheckForm { form, lines } => {
                let readings = self.readings.as_ref().ok_or(Failure::NoReadings)?;
                one(Event::FormChecked(form::check(&form, &lines, readings)?))
            }
            Command::Simplify { text } => {
                check_length(&text)?;
                let readings = self.readings.as_ref().ok_or(Failure::NoReadings)?;
                one(Event::Simplified {
                    text: readings.simplify(&text),
                })
            }
            Command::Spell { base, text } => {
                let loaded = self.models.base(&base)?;
                let readings = self.readings.as_ref().ok_or(Failure::NoReadings)?;
                one(spelling::spell(&text, &loaded, readings)?)
            }
            Command::FindSource { data, text } => {
                check_length(&text)?;
                let corpus = self.corpus(data)?;
                one(Event::SourceFound {
                    run: source::find(&text, corpus),
                    among: corpus.card.documents[0],
                })
            }
            Command::Cancel { request } => {
                // The cancelled request gets its own last word, under its own number.
                if self.jobs.cancel(request) {
                    self.jobs.say(request, Event::Cancelled);
                }
                one(Event::Done)
            }
            Command::StartRun { order } => self.start(order).await,
            Command::ResetRun => {
                let order = self.training()?.order().clone();
                self.start(order).await
            }
            Command::RestoreRun { order } => self.restore(order, &first(payload, "a snapshot")?),
            command => self.steer(command).await,
        }
    }

    fn queue(&mut self, id: RequestId, job: Job) -> Outcome {
        self.jobs.push(id, job);
        Ok(vec![])
    }

    fn load_readings(&mut self, bytes: &[u8]) -> Outcome {
        let readings = Readings::from_bytes(bytes).map_err(|error| Failure::BadData {
            reason: error.to_string(),
        })?;
        let event = Event::ReadingsLoaded {
            characters: readings.characters().count() as u32,
            tunes: readings
                .tunes()
                .iter()
                .map(|tune| tune.name.clone())
                .collect(),
        };
        self.readings = Some(readings);
        one(event)
    }

    fn load_corpus(&mut self, data: DataSet, bytes: &[u8]) -> Outcome {
        let bad = |reason: String| Failure::BadData { reason };
        let texts = match data {
            DataSet::Poems => Texts::Poems,
            DataSet::Plays => Texts::Plays,
            _ => return Err(bad(format!("{} holds pictures and no text", data.name()))),
        };
        let corpus = Corpus::from_bytes(texts, bytes).map_err(|error| bad(error.to_string()))?;
        let (documents, tokens) = (corpus.card.documents, corpus.card.tokens);
        self.corpora.insert(data, Rc::new(corpus));
        one(Event::CorpusLoaded {
            data,
            documents,
            tokens,
        })
    }

    fn open_text(&mut self, bytes: &[u8]) -> Outcome {
        let Some((charset, text)) = decode(bytes)? else {
            return Err(Failure::BadText {
                reason: "it is in GB 18030, and nobody has made UTF-8 of it".to_owned(),
            });
        };
        let opened = Opened {
            charset,
            characters: text.chars().count() as u32,
            lines: text.lines().count() as u32,
        };
        self.own = Some(text);
        one(Event::TextOpened(opened))
    }

    fn corpus(&self, data: DataSet) -> Result<&Rc<Corpus>, Failure> {
        self.corpora.get(&data).ok_or_else(|| Failure::NoData {
            data: data.name().to_owned(),
        })
    }

    fn training(&self) -> Result<&Training, Failure> {
        self.training.as_ref().ok_or(Failure::NoRun)
    }
}

/// The main sentences of a text.
fn extract(text: &str, sentences: u32) -> Outcome {
    check_length(text)?;
    let ranked = lampwork_metrics::text::extract(text, sentences as usize);
    let ranked = ranked.map_err(|error| Failure::BadText {
        reason: error.to_string(),
    })?;
    let sentences = ranked.into_iter().map(|ranked| Sentence {
        start: ranked.range.start as u32,
        end: ranked.range.end as u32,
        rank: ranked.rank as f32,
    });
    one(Event::Summarised {
        sentences: sentences.collect(),
    })
}

fn check_length(text: &str) -> Result<(), Failure> {
    if text.len() <= MAX_FILE {
        return Ok(());
    }
    Err(Failure::TooLarge {
        bytes: text.len() as u64,
        limit: MAX_FILE as u64,
    })
}

fn check_shown(shown: u8) -> Result<(), Failure> {
    check_count("shown", shown.into(), MAX_SHOWN.into())
}

fn check_count(knob: &str, count: usize, most: usize) -> Result<(), Failure> {
    if count <= most {
        return Ok(());
    }
    Err(Failure::BadKnob {
        knob: knob.to_owned(),
        reason: format!("it is {count}, and at most {most}"),
    })
}

fn one(event: Event) -> Outcome {
    Ok(vec![(event, Payload::new())])
}

fn reply(request: Option<RequestId>, event: Event, payload: Payload) -> Answer {
    (Reply { request, event }, payload)
}
