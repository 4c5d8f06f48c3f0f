//! What is asked of runs.

use std::rc::Rc;

use lampwork_protocol::words::{Command, Event, RunOrder, Source, TOKENIZER_KEY, TextRecipe};
use lampwork_protocol::{Failure, Modality, ModelConfig, Payload};
use lampwork_text::Telling;

use crate::run::{Exported, Host, Material, Training, Weights};
use crate::{Desk, Outcome, models, one, own};

impl Desk {
    /// What is asked of the run that is there.
    pub(crate) async fn steer(&mut self, command: Command) -> Outcome {
        let device = format!("{} ({})", self.info.name, self.info.backend);
        let training = self.training.as_mut().ok_or(Failure::NoRun)?;
        match command {
            Command::Play => training.play(),
            Command::Step { steps } => training.play_steps(steps),
            Command::ChangeKnobs { recipe } => training.change(&recipe)?,
            Command::UseRun => {
                return match training.export(&device).await? {
                    (bytes, Exported::Model(card)) => {
                        let info = self.models.load(bytes, Some(*card))?;
                        one(Event::ModelLoaded(info))
                    }
                    (bytes, Exported::Adapter(_)) => {
                        let (card, hash) = self.models.learn(&bytes)?;
                        one(Event::AdapterLoaded { card, hash })
                    }
                };
            }
            Command::ExportRun => {
                let (bytes, exported) = training.export(&device).await?;
                let event = match exported {
                    Exported::Model(card) => Event::Exported { card: *card },
                    Exported::Adapter(card) => Event::AdapterExported { card },
                };
                return Ok(vec![(event, vec![bytes])]);
            }
            Command::Snapshot => {
                let bytes = training.snapshot(&device).await?;
                let status = training.status();
                return Ok(vec![(Event::Snapshot { status }, vec![bytes])]);
            }
            // `Pause`: the others are answered before.
            _ => {
                let news = training.flush().await?;
                training.pause();
                let news = news.into_iter().chain([Event::Run(training.status())]);
                return Ok(news.map(|event| (event, Payload::new())).collect());
            }
        }
        one(Event::Run(training.status()))
    }

    /// A run at step 0. One that goes on from weights says first how good they are.
    pub(crate) async fn start(&mut self, order: RunOrder) -> Outcome {
        let Some(base) = &order.base else {
            let training = self.begin(order, None)?;
            let status = training.status();
            self.training = Some(training);
            return one(Event::Run(status));
        };
        if base.adapter.is_some() {
            return Err(Failure::BadKnob {
                knob: "adapter".to_owned(),
                reason: "a run goes on from the weights alone".to_owned(),
            });
        }
        let base = self.models.base(base)?;
        let (named, metadata) = lampwork_weights::read(&base.file)?;
        let weights = Weights {
            model: &base.info.card.recipe.model,
            named: &named,
            metadata: &metadata,
        };
        let mut training = self.begin(order, Some(weights))?;
        let measured = training.measured().await?;
        let status = training.status();
        self.training = Some(training);
        Ok(vec![
            (measured, Payload::new()),
            (Event::Run(status), Payload::new()),
        ])
    }

    /// A run that goes on from a snapshot, whose tokens are those of its file.
    pub(crate) fn restore(&mut self, order: RunOrder, bytes: &[u8]) -> Outcome {
        let (named, metadata) = lampwork_weights::read(bytes)?;
        let card = lampwork_weights::card(&metadata)?;
        let weights = Weights {
            model: &card.recipe.model,
            named: &named,
            metadata: &metadata,
        };
        let training = self.begin(order, Some(weights))?;
        let status = training.status();
        self.training = Some(training);
        one(Event::Run(status))
    }

    /// A run of an order, which goes on from weights or draws new ones.
    fn begin(
        &self,
        mut order: RunOrder,
        weights: Option<Weights<'_>>,
    ) -> Result<Training, Failure> {
        let longest = TextRecipe::MAX_NAME;
        if order.name.as_ref().is_some_and(|name| name.len() > longest) {
            return Err(Failure::BadKnob {
                knob: "name".to_owned(),
                reason: format!("it may have {longest} bytes"),
            });
        }
        let recipe = &mut order.recipe;
        if recipe.data.modality() != Modality::Text {
            return Err(Failure::BadKnob {
                knob: "data".to_owned(),
                reason: format!("{} holds pictures", recipe.data.name()),
            });
        }
        if let Some(weights) = &weights {
            recipe.model = going_on(&recipe.model, weights.model);
        }
        let language = match &weights {
            Some(weights) => {
                let json = weights.metadata.get(TOKENIZER_KEY);
                own::language(&models::tokenizer(json)?)?
            }
            None => own::language(&self.corpus(recipe.data)?.tokenizer)?,
        };
        let context = recipe.model.context();
        let (corpus, telling) = match order.source {
            Source::Corpus => {
                let corpus = self.corpus(recipe.data)?;
                if corpus.tokenizer != language.tokenizer {
                    return Err(Failure::WrongNet {
                        reason: format!(
                            "its tokens are not those of the corpus {}",
                            recipe.data.name()
                        ),
                    });
                }
                (Rc::clone(corpus), Telling::training(context))
            }
            Source::Own { held_out, of } => {
                if !(held_out > 0.0 && held_out <= Source::MAX_HELD_OUT) {
                    return Err(Failure::BadKnob {
                        knob: "held_out".to_owned(),
                        reason: format!("it goes from 0 to {}", Source::MAX_HELD_OUT),
                    });
                }
                let text = self.own.as_ref().ok_or(Failure::NoText)?;
                let readings = self.readings.as_ref();
                let (corpus, telling) =
                    own::corpus(text, &language, readings, held_out, of, context)?;
                (Rc::new(corpus), telling)
            }
        };
        fit_vocabulary(&mut recipe.model, language.tokenizer.len())?;
        let material = Material {
            corpus,
            language,
            telling,
        };
        let host = Host {
            device: &self.device,
            update: self.update,
            clock: self.clock,
        };
        Training::new(order, material, weights.as_ref(), &host)
    }
}

/// The net that a run goes on with: that of its weights, with the dropout asked for.
fn going_on(asked: &ModelConfig, found: &ModelConfig) -> ModelConfig {
    let mut found = found.clone();
    if let (ModelConfig::Transformer(asked), ModelConfig::Transformer(found)) = (asked, &mut found)
    {
        found.dropout = asked.dropout;
    }
    found
}

/// Gives a net of no vocabulary the one that is there.
fn fit_vocabulary(model: &mut ModelConfig, found: usize) -> Result<(), Failure> {
    let asked = match model {
        ModelConfig::Transformer(config) => &mut config.vocabulary,
        ModelConfig::Lstm(config) => &mut config.vocabulary,
        ModelConfig::TextVae(config) => &mut config.vocabulary,
        ModelConfig::Vae(_)
        | ModelConfig::Gan(_)
        | ModelConfig::Flow(_)
        | ModelConfig::Translate(_)
        | ModelConfig::Style(_)
        | ModelConfig::Domains(_) => {
            return Err(Failure::CannotDo {
                model: "a net that makes pictures".to_owned(),
                reason: "it writes no text".to_owned(),
            });
        }
    };
    if *asked == 0 {
        *asked = found;
    }
    if *asked == found {
        return Ok(());
    }
    Err(Failure::BadKnob {
        knob: "vocabulary".to_owned(),
        reason: format!("it is {asked}, and the text has {found} tokens; 0 takes them"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weights_net_keeps_its_shape_and_takes_the_dropout() {
        let net = |layers, dropout| {
            ModelConfig::Transformer(lampwork_protocol::TransformerConfig {
                vocabulary: 9,
                context: 32,
                layers,
                width: 8,
                heads: 2,
                hidden: 8,
                dropout,
            })
        };
        assert_eq!(going_on(&net(4, 0.2), &net(2, 0.0)), net(2, 0.2));
        let mut fitted = net(2, 0.0);
        assert!(fit_vocabulary(&mut fitted, 10).is_err());
        assert!(fit_vocabulary(&mut fitted, 9).is_ok());
    }
}
