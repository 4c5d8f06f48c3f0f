//! In which words a worker is spoken to: those of pictures, or of text.

use lampwork_protocol::{Command, DeviceInfo, Event, Failure, Reply, Request, RequestId};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The words that a worker and the page share.
pub trait Speech: 'static {
    /// Name that the worker is started under.
    const NAME: &'static str;

    /// Script of its worker on the CPU.
    const CPU_WORKER: &'static str;

    /// What ends a request that nobody answers.
    const CANCELLED: Self::Event;

    /// What is asked.
    type Command;
    /// That, with its number.
    type Request: Serialize + 'static;
    /// What is said.
    type Event: 'static;
    /// That, with the number of what it answers.
    type Reply: DeserializeOwned;

    /// A command under a number.
    fn request(id: RequestId, command: Self::Command) -> Self::Request;

    /// The number of what a reply answers, and what it says.
    fn parts(reply: Self::Reply) -> (Option<RequestId>, Self::Event);

    /// The device, if the event says that it is open.
    fn ready(event: &Self::Event) -> Option<&DeviceInfo>;

    /// The event, unless it is a failure.
    fn unfailed(event: Self::Event) -> Result<Self::Event, Failure>;

    /// A failure as an event.
    fn failed(failure: Failure) -> Self::Event;

    /// That the worker is of no further use.
    fn lost(reason: String) -> Self::Event;

    /// Whether nothing else answers a request after this event.
    fn is_last(event: &Self::Event) -> bool;
}

/// What both have under the same names.
macro_rules! common {
    ($request:path, $event:ident) => {
        fn request(id: RequestId, command: Self::Command) -> Self::Request {
            $request { id, command }
        }

        fn parts(reply: Self::Reply) -> (Option<RequestId>, Self::Event) {
            (reply.request, reply.event)
        }

        fn ready(event: &Self::Event) -> Option<&DeviceInfo> {
            match event {
                $event::Ready(info) => Some(info),
                _ => None,
            }
        }

        fn unfailed(event: Self::Event) -> Result<Self::Event, Failure> {
            match event {
                $event::Failed(failure) => Err(failure),
                event => Ok(event),
            }
        }

        fn failed(failure: Failure) -> Self::Event {
            $event::Failed(failure)
        }

        fn lost(reason: String) -> Self::Event {
            $event::DeviceLost { reason }
        }
    };
}

/// The words of the studio.
pub struct Pictures;

impl Speech for Pictures {
    const NAME: &'static str = "pictures";
    const CPU_WORKER: &'static str = "workers/cpu.js";
    const CANCELLED: Event = Event::Cancelled;

    type Command = Command;
    type Request = Request;
    type Event = Event;
    type Reply = Reply;

    common!(Request, Event);

    fn is_last(event: &Event) -> bool {
        // What a run measured on the way comes before the answer, under its number.
        !matches!(
            event,
            Event::Working(_)
                | Event::Pictures { done: false, .. }
                | Event::Preview { .. }
                | Event::Measuring { .. }
                | Event::Steps { .. }
                | Event::Filmstrip { .. }
                | Event::Validated { .. }
        )
    }
}

/// The words of the desk.
pub mod words {
    use lampwork_protocol::words::{Command, Event, Reply, Request};
    use lampwork_protocol::{DeviceInfo, Failure, RequestId};

    use super::Speech;

    /// The words of the desk.
    pub struct Words;

    impl Speech for Words {
        const NAME: &'static str = "words";
        const CPU_WORKER: &'static str = "workers/words.js";
        const CANCELLED: Event = Event::Cancelled;

        type Command = Command;
        type Request = Request;
        type Event = Event;
        type Reply = Reply;

        common!(Request, Event);

        fn is_last(event: &Event) -> bool {
            event.is_last()
        }
    }
}
