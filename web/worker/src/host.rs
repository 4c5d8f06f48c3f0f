//! What answers the page: the studio, or the desk.

use lampwork_protocol::Payload;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What answers the page.
#[allow(async_fn_in_trait, reason = "a worker has one thread")]
pub trait Host {
    /// What it is asked.
    type Request: DeserializeOwned + 'static;
    /// What it says.
    type Reply: Serialize;

    /// The first thing it says.
    fn ready(&self) -> (Self::Reply, Payload);

    /// Whether [`Host::work`] has something to do.
    fn has_work(&self) -> bool;

    /// Answers one request.
    async fn handle(
        &mut self,
        request: Self::Request,
        payload: Payload,
    ) -> Vec<(Self::Reply, Payload)>;

    /// Does one short piece of what is under way.
    async fn work(&mut self) -> Vec<(Self::Reply, Payload)>;
}

/// Both have the same methods, over requests and replies of their own.
macro_rules! host {
    ($feature:meta, $host:ty, $request:ty, $reply:ty) => {
        #[cfg($feature)]
        impl Host for $host {
            type Request = $request;
            type Reply = $reply;

            fn ready(&self) -> (Self::Reply, Payload) {
                Self::ready(self)
            }

            fn has_work(&self) -> bool {
                Self::has_work(self)
            }

            async fn handle(
                &mut self,
                request: Self::Request,
                payload: Payload,
            ) -> Vec<(Self::Reply, Payload)> {
                Self::handle(self, request, payload).await
            }

            async fn work(&mut self) -> Vec<(Self::Reply, Payload)> {
                Self::work(self).await
            }
        }
    };
}

host!(
    any(feature = "cpu", feature = "webgpu"),
    lampwork_studio::Studio,
    lampwork_protocol::Request,
    lampwork_protocol::Reply
);
host!(
    any(feature = "words", feature = "webgpu"),
    lampwork_desk::Desk,
    lampwork_protocol::words::Request,
    lampwork_protocol::words::Reply
);
