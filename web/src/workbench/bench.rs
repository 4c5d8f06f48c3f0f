//! Who computes the run of a board: the studio for pictures, the desk for words.

use lampwork_protocol::words::{self, RunOrder, Source};
use lampwork_protocol::{
    Command, DataSet, DeviceInfo, Event, Failure, Payload, RunRecipe, Side, Tuning,
};

use crate::library::Library;
use crate::link::Link;
use crate::words::{Shelf, unexpected};

/// What is trained, and who trains it.
#[derive(Clone, Copy)]
pub enum Bench {
    /// Nets that make pictures.
    Pictures(Link, Library),
    /// Nets that write.
    Words(Shelf),
}

/// What a run is told to do, whoever computes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Steer {
    /// Train until paused.
    Play,
    /// Stop after the slice under way.
    Pause,
    /// Train this many steps, then pause.
    Step(u32),
    /// Train one side of a GAN this many steps; of any other net, all of it.
    StepSide(Side, u32),
    /// Back to step 0.
    Reset,
    /// Change knobs of the run under way.
    Change(RunRecipe),
}

impl Steer {
    fn of_pictures(self) -> Command {
        match self {
            Steer::Play => Command::Play,
            Steer::Pause => Command::Pause,
            Steer::Step(steps) => Command::Step { steps },
            Steer::StepSide(side, steps) => Command::StepSide { side, steps },
            Steer::Reset => Command::ResetRun,
            Steer::Change(recipe) => Command::ChangeKnobs { recipe },
        }
    }

    fn of_words(self) -> words::Command {
        match self {
            Steer::Play => words::Command::Play,
            Steer::Pause => words::Command::Pause,
            Steer::Step(steps) | Steer::StepSide(_, steps) => words::Command::Step { steps },
            Steer::Reset => words::Command::ResetRun,
            Steer::Change(recipe) => words::Command::ChangeKnobs { recipe },
        }
    }
}

impl Bench {
    /// Whether what is trained writes.
    pub fn writes(&self) -> bool {
        matches!(self, Bench::Words(_))
    }

    /// Whether the run that is there is none of this bench's with this source: a lesson,
    /// or one that learns from another text; tracked.
    pub fn learns_elsewhere(&self, source: Source) -> bool {
        match self {
            Bench::Pictures(..) => false,
            Bench::Words(shelf) => shelf
                .order()
                .is_some_and(|order| order.base.is_some() || order.source != source),
        }
    }

    /// Tells the run what to do; what it answers, its log hears.
    ///
    /// # Errors
    ///
    /// Why it does not.
    pub async fn steer(&self, steer: Steer) -> Result<(), Failure> {
        match self {
            Bench::Pictures(link, _) => {
                let command = steer.of_pictures();
                link.ask(command, Payload::new()).await.map(|_| ())
            }
            Bench::Words(shelf) => {
                let command = steer.of_words();
                shelf.link.ask(command, Payload::new()).await.map(|_| ())
            }
        }
    }

    /// Sets up a run of a recipe, of which `source` says what it learns from where it
    /// writes.
    ///
    /// # Errors
    ///
    /// Why it cannot be.
    pub async fn start(&self, recipe: RunRecipe, source: Source) -> Result<(), Failure> {
        match self {
            Bench::Pictures(link, _) => {
                let command = Command::StartRun { recipe };
                link.ask(command, Payload::new()).await.map(|_| ())
            }
            Bench::Words(shelf) => {
                let order = RunOrder {
                    recipe,
                    source,
                    base: None,
                    tuning: Tuning::Full,
                    name: None,
                };
                shelf.start_run(order).await
            }
        }
    }

    /// Makes ready what a run of a recipe learns from, and the words that its pictures
    /// are told in.
    ///
    /// # Errors
    ///
    /// Where it cannot be had.
    pub async fn load(&self, recipe: &RunRecipe, source: Source) -> Result<(), Failure> {
        match self {
            Bench::Pictures(_, library) => {
                library.load_data(recipe.data).await?;
                if recipe.model.words() > 0 {
                    library.load_words().await?;
                }
            }
            // One's own text is read by the tokens of the corpus, too.
            Bench::Words(shelf) => {
                shelf.load_corpus(recipe.data).await?;
                if let Source::Own { .. } = source {
                    shelf.own_untracked().ok_or(Failure::NoText)?;
                }
            }
        }
        Ok(())
    }

    /// The bytes of a data set of pictures, where they are there.
    pub fn data_bytes(&self, data: DataSet) -> Option<std::rc::Rc<Vec<u8>>> {
        match self {
            Bench::Pictures(_, library) => library.data_bytes(data),
            Bench::Words(_) => None,
        }
    }

    /// The run's weights as a file, and the part of its name before the ending.
    ///
    /// # Errors
    ///
    /// Where there is no run.
    pub async fn export(&self) -> Result<(String, Vec<u8>), Failure> {
        match self {
            Bench::Pictures(link, _) => {
                let (event, mut payload) = link.ask(Command::ExportRun, vec![]).await?;
                match event {
                    Event::Exported { card } if !payload.is_empty() => {
                        let name = named(&card.name, card.recipe.data, card.steps);
                        Ok((name, payload.remove(0)))
                    }
                    event => Err(crate::library::unexpected(&event)),
                }
            }
            Bench::Words(shelf) => {
                let (event, mut payload) =
                    shelf.link.ask(words::Command::ExportRun, vec![]).await?;
                let name = match &event {
                    words::Event::Exported { card } => {
                        named(&card.name, card.recipe.data, card.steps)
                    }
                    words::Event::AdapterExported { card } => {
                        format!("{}-{}-{}", card.name, card.model, card.steps)
                    }
                    _ => return Err(unexpected(&event)),
                };
                match payload.is_empty() {
                    false => Ok((name, payload.remove(0))),
                    true => Err(unexpected(&event)),
                }
            }
        }
    }

    /// Makes the run's weights, as they are now, the model `yours`.
    ///
    /// # Errors
    ///
    /// Where there is no run.
    pub async fn use_run(&self) -> Result<(), Failure> {
        match self {
            Bench::Pictures(_, library) => library.use_run().await.map(|_| ()),
            Bench::Words(shelf) => {
                let (_, weights) = self.export().await?;
                shelf.load_yours(weights).await.map(|_| ())
            }
        }
    }

    /// Lets the run go on from weights of its net.
    ///
    /// # Errors
    ///
    /// [`Failure::WrongNet`] where they are of another.
    pub async fn restore(&self, recipe: RunRecipe, weights: Vec<u8>) -> Result<(), Failure> {
        match self {
            Bench::Pictures(link, _) => {
                let command = Command::RestoreRun { recipe };
                link.ask(command, vec![weights]).await.map(|_| ())
            }
            Bench::Words(shelf) => shelf.restore_run(recipe, weights).await,
        }
    }

    /// Makes a weights file the model `yours`.
    ///
    /// # Errors
    ///
    /// Where it is none.
    pub async fn load_yours(&self, weights: Vec<u8>) -> Result<(), Failure> {
        match self {
            Bench::Pictures(_, library) => library.load_yours(weights).await.map(|_| ()),
            Bench::Words(shelf) => shelf.load_yours(weights).await.map(|_| ()),
        }
    }

    /// The device that computes it, once it is open; tracked.
    pub fn device(&self) -> Option<DeviceInfo> {
        use leptos::prelude::Get;
        match self {
            Bench::Pictures(link, _) => link.device().get(),
            Bench::Words(shelf) => shelf.link.device(),
        }
    }
}

fn named(name: &str, data: DataSet, steps: u64) -> String {
    format!("{name}-{}-{steps}", data.name())
}
