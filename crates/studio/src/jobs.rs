//! Requests that take several pieces of work.

use std::collections::VecDeque;

use burn::tensor::Device;
use lampwork_models::latent::Point;
use lampwork_protocol::{Event, Failure, Payload, Recipe, RequestId};

use crate::models::{Models, read_pictures};

/// Pictures that are asked for and not yet all made.
struct Make {
    id: RequestId,
    model: String,
    points: Vec<Point>,
    made: usize,
    batch: usize,
}

/// What is to be done, in the order it was asked for.
#[derive(Default)]
pub(crate) struct Jobs {
    makes: VecDeque<Make>,
    /// Last words of requests that were cancelled.
    words: VecDeque<(RequestId, Event)>,
}

impl Jobs {
    pub(crate) fn is_empty(&self) -> bool {
        self.makes.is_empty() && self.words.is_empty()
    }

    /// Puts pictures in the queue; what is wrong with a recipe is said at once.
    pub(crate) fn make(
        &mut self,
        id: RequestId,
        recipes: Vec<Recipe>,
        batch: usize,
        models: &Models,
    ) -> Result<(), Failure> {
        let (model, points) = models.points(&recipes)?;
        self.makes.push_back(Make {
            id,
            model,
            points,
            made: 0,
            batch,
        });
        Ok(())
    }

    /// Takes a request from the queue; whether it was there.
    pub(crate) fn cancel(&mut self, id: RequestId) -> bool {
        let before = self.makes.len();
        self.makes.retain(|make| make.id != id);
        self.makes.len() < before
    }

    /// Says something under a request's number at the next piece of work.
    pub(crate) fn say(&mut self, id: RequestId, event: Event) {
        self.words.push_back((id, event));
    }

    /// One piece of work, if there is any.
    pub(crate) async fn work(
        &mut self,
        models: &Models,
        device: &Device,
    ) -> Option<(RequestId, Result<(Event, Payload), Failure>)> {
        if let Some((id, event)) = self.words.pop_front() {
            return Some((id, Ok((event, vec![]))));
        }
        let mut make = self.makes.pop_front()?;
        let id = make.id;
        let outcome = make.piece(models, device).await;
        if outcome.is_ok() && make.made < make.points.len() {
            self.makes.push_front(make);
        }
        Some((id, outcome))
    }
}

impl Make {
    async fn piece(
        &mut self,
        models: &Models,
        device: &Device,
    ) -> Result<(Event, Payload), Failure> {
        let first = self.made;
        let until = (first + self.batch).min(self.points.len());
        let points = &self.points[first..until];
        let pixels = if points.is_empty() {
            Vec::new()
        } else {
            let sampler = &models.get(&self.model)?.sampler;
            read_pictures(sampler.decode(points, device)).await?
        };
        self.made = until;
        let event = Event::Pictures {
            first: first as u32,
            count: (until - first) as u32,
            done: until == self.points.len(),
        };
        Ok((event, vec![pixels]))
    }
}
