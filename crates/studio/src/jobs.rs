//! Requests that take several pieces of work.

use std::collections::VecDeque;

use burn::tensor::Device;
use lampwork_models::domains::Redrawing;
use lampwork_models::sample::Making;
use lampwork_models::translate::Translating;
use lampwork_protocol::{Event, Failure, Payload, RequestId};

use crate::measure::{Measuring, Piece};
use crate::models::{Models, Points, read_pictures};
use crate::{redraw, translate};

/// Pictures that are asked for and not yet all made.
struct Make {
    id: RequestId,
    asked: Points,
    made: usize,
    batch: usize,
    /// Whether the noise that they come from is shown, too.
    from_noise: bool,
    /// The batch that is under way.
    making: Option<Making>,
}

/// What is said under a request's number.
pub(crate) type Said = (RequestId, Result<(Event, Payload), Failure>);

/// What is to be done, in the order it was asked for.
#[derive(Default)]
pub(crate) struct Jobs {
    makes: VecDeque<Make>,
    /// Pictures on their way through a net.
    translations: VecDeque<(RequestId, Box<Translating>)>,
    /// Pictures on their way between two domains.
    redrawings: VecDeque<(RequestId, Box<Redrawing>)>,
    /// What is measured while there are no pictures to make.
    measures: VecDeque<(RequestId, Measuring)>,
    /// Last words of requests that were cancelled.
    words: VecDeque<(RequestId, Event)>,
}

impl Jobs {
    pub(crate) fn is_empty(&self) -> bool {
        self.makes.is_empty()
            && self.translations.is_empty()
            && self.redrawings.is_empty()
            && self.measures.is_empty()
            && self.words.is_empty()
    }

    /// Puts pictures in the queue.
    pub(crate) fn make(&mut self, id: RequestId, asked: Points, batch: usize, from_noise: bool) {
        self.makes.push_back(Make {
            id,
            asked,
            made: 0,
            batch,
            from_noise,
            making: None,
        });
    }

    /// Puts a picture on its way through a net.
    pub(crate) fn translate(&mut self, id: RequestId, translating: Translating) {
        self.translations.push_back((id, Box::new(translating)));
    }

    /// Puts pictures on their way between two domains.
    pub(crate) fn redraw(&mut self, id: RequestId, redrawing: Redrawing) {
        self.redrawings.push_back((id, Box::new(redrawing)));
    }

    /// Puts a measuring in the queue.
    pub(crate) fn measure(&mut self, id: RequestId, measuring: Measuring) {
        self.measures.push_back((id, measuring));
    }

    /// Takes a request from the queue; whether it was there.
    pub(crate) fn cancel(&mut self, id: RequestId) -> bool {
        let before = self.waiting();
        self.makes.retain(|make| make.id != id);
        self.translations.retain(|(other, _)| *other != id);
        self.redrawings.retain(|(other, _)| *other != id);
        self.measures.retain(|(other, _)| *other != id);
        self.waiting() < before
    }

    /// Requests that are not done.
    fn waiting(&self) -> usize {
        self.makes.len() + self.translations.len() + self.redrawings.len() + self.measures.len()
    }

    /// Says something under a request's number at the next piece of work.
    pub(crate) fn say(&mut self, id: RequestId, event: Event) {
        self.words.push_back((id, event));
    }

    /// One piece of work, if there is any, and what there is to say after it:
    /// nothing, half way through a step of a flow.
    pub(crate) async fn work(&mut self, models: &Models, device: &Device) -> Option<Option<Said>> {
        if let Some((id, event)) = self.words.pop_front() {
            return Some(Some((id, Ok((event, vec![])))));
        }
        let Some(mut make) = self.makes.pop_front() else {
            return match self.translate_on(device).await {
                None => match self.redraw_on(device).await {
                    None => self.measure_on(device).await,
                    said => said,
                },
                said => said,
            };
        };
        let id = make.id;
        let outcome = make.piece(models, device).await.transpose();
        let over = matches!(
            outcome,
            Some(Err(_) | Ok((Event::Pictures { done: true, .. }, _)))
        );
        if !over {
            self.makes.push_front(make);
        }
        Some(outcome.map(|outcome| (id, outcome)))
    }

    async fn translate_on(&mut self, device: &Device) -> Option<Option<Said>> {
        let (id, mut translating) = self.translations.pop_front()?;
        let outcome = translate::piece(&mut translating, device).await;
        if matches!(outcome, Ok((Event::Working(_), _))) {
            self.translations.push_front((id, translating));
        }
        Some(Some((id, outcome)))
    }

    async fn redraw_on(&mut self, device: &Device) -> Option<Option<Said>> {
        let (id, mut redrawing) = self.redrawings.pop_front()?;
        let outcome = redraw::piece(&mut redrawing, device).await;
        if matches!(outcome, Ok((Event::Working(_), _))) {
            self.redrawings.push_front((id, redrawing));
        }
        Some(Some((id, outcome)))
    }

    async fn measure_on(&mut self, device: &Device) -> Option<Option<Said>> {
        let (id, mut measuring) = self.measures.pop_front()?;
        let (event, over) = match measuring.piece(device).await {
            Ok(Piece::Nothing) => (None, false),
            Ok(Piece::News(event)) => (Some(Ok((event, vec![]))), false),
            Ok(Piece::Last(event)) => (Some(Ok((event, vec![]))), true),
            Err(failure) => (Some(Err(failure)), true),
        };
        if !over {
            self.measures.push_front((id, measuring));
        }
        Some(event.map(|event| (id, event)))
    }
}

impl Make {
    /// A batch of pictures, or of a flow one evaluation of its net towards it; where
    /// that ends no step, there is nothing new to see.
    async fn piece(
        &mut self,
        models: &Models,
        device: &Device,
    ) -> Result<Option<(Event, Payload)>, Failure> {
        let Points {
            model,
            sampling,
            points,
            starts,
        } = &self.asked;
        let first = self.made;
        let until = (first + self.batch).min(points.len());
        let (at, count) = (first as u32, (until - first) as u32);
        let mut pixels = Vec::new();
        if count > 0 {
            let sampler = &models.get(model)?.sampler;
            let begun = self.making.is_some();
            let making = self.making.get_or_insert_with(|| {
                // As many as points, or none at all.
                let starts = starts.get(first..until).unwrap_or_default();
                sampler.begin(&points[first..until], starts, *sampling, device)
            });
            let (before, steps) = making.progress();
            let noise = self.from_noise && !begun;
            let there = !noise && sampler.advance(making);
            let (step, _) = making.progress();
            if !there && !noise && step == before {
                return Ok(None);
            }
            pixels = read_pictures(making.pictures()).await?;
            if !there {
                let event = Event::Preview {
                    first: at,
                    count,
                    step,
                    steps,
                };
                return Ok(Some((event, vec![pixels])));
            }
        }
        self.making = None;
        self.made = until;
        let event = Event::Pictures {
            first: at,
            count,
            done: until == points.len(),
        };
        Ok(Some((event, vec![pixels])))
    }
}
