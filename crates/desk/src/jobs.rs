//! Requests that take several pieces of work.

use std::collections::VecDeque;

use lampwork_protocol::words::Event;
use lampwork_protocol::{Failure, Payload, RequestId};

use crate::foretell::{Foretell, Remembered};
use crate::read::Read;
use crate::summarise::Summarise;
use crate::walk::Walk;
use crate::write::Write;

/// What a request is about.
pub(crate) enum Job {
    Write(Box<Write>),
    Foretell(Box<Foretell>),
    Read(Box<Read>),
    Walk(Box<Walk>),
    Summarise(Box<Summarise>),
}

/// What is said under a request's number.
pub(crate) type Said = (RequestId, Result<(Event, Payload), Failure>);

/// What is to be done, in the order it was asked for; hints at what comes next before
/// all else, since somebody types.
#[derive(Default)]
pub(crate) struct Jobs {
    queue: VecDeque<(RequestId, Job)>,
    /// Last words of requests that were cancelled.
    words: VecDeque<(RequestId, Event)>,
    /// What was read for the last hint.
    pub(crate) remembered: Option<Remembered>,
}

impl Jobs {
    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty() && self.words.is_empty()
    }

    pub(crate) fn push(&mut self, id: RequestId, job: Job) {
        if matches!(job, Job::Foretell(_)) {
            self.queue.push_front((id, job));
        } else {
            self.queue.push_back((id, job));
        }
    }

    /// Takes a request from the queue; whether it was there.
    pub(crate) fn cancel(&mut self, id: RequestId) -> bool {
        let before = self.queue.len();
        self.queue.retain(|(other, _)| *other != id);
        self.queue.len() < before
    }

    /// Says something under a request's number at the next piece of work.
    pub(crate) fn say(&mut self, id: RequestId, event: Event) {
        self.words.push_back((id, event));
    }

    /// One piece of work, if there is any, and what there is to say after it.
    pub(crate) async fn work(&mut self) -> Option<Option<Said>> {
        if let Some((id, event)) = self.words.pop_front() {
            return Some(Some((id, Ok((event, vec![])))));
        }
        let (id, mut job) = self.queue.pop_front()?;
        let outcome = job.piece().await.transpose();
        let over = match &outcome {
            Some(Ok((event, _))) => event.is_last(),
            Some(Err(_)) => true,
            None => false,
        };
        if !over {
            self.queue.push_front((id, job));
        } else if let Job::Foretell(foretold) = job {
            self.remembered = foretold.remember();
        }
        Some(outcome.map(|outcome| (id, outcome)))
    }
}

impl Job {
    async fn piece(&mut self) -> Result<Option<(Event, Payload)>, Failure> {
        let plain = |event: Event| (event, Payload::new());
        match self {
            Job::Write(write) => Ok(write.piece().await?.map(plain)),
            Job::Foretell(foretell) => Ok(foretell.piece().await?.map(plain)),
            Job::Read(read) => read.piece().await.map(Some),
            Job::Walk(walk) => Ok(walk.piece().await?.map(plain)),
            Job::Summarise(summarise) => Ok(summarise.piece().await?.map(plain)),
        }
    }
}
