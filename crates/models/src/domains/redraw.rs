//! Pictures on their way between two domains, a few at a time.

use burn::tensor::{Device, Tensor, TensorData};
use lampwork_protocol::{Shape, Way};

use super::Nets;
use crate::ModelError;
use crate::sample::to_bytes;
use crate::translate::Generator;

/// Pictures that go through a net one after another.
///
/// None depends on those beside it, so it makes no difference how many go at once.
#[derive(Debug, Clone)]
pub struct Redrawing {
    net: Generator,
    /// Weights of the hands, for each picture; empty for the first.
    hands: Vec<f32>,
    shape: Shape,
    /// `[count, side, side, channels]`.
    pictures: Vec<u8>,
    made: Vec<u8>,
    at_once: usize,
}

impl Redrawing {
    /// Begins to send pictures, `[count, side, side, channels]`, one way; `None` where
    /// there is no such way.
    ///
    /// # Panics
    /// The pictures are not whole.
    pub fn new(
        nets: &Nets,
        hands: usize,
        way: Way,
        shape: Shape,
        pictures: Vec<u8>,
        at_once: usize,
    ) -> Option<Self> {
        assert!(
            pictures.len().is_multiple_of(shape.values()),
            "whole pictures"
        );
        let (net, hands) = match way {
            Way::To(hand) => {
                let hand = usize::from(hand);
                let weight = |at: usize| f32::from(u8::from(at == hand));
                let weights = (hand < hands).then(|| (0..hands).map(weight).collect());
                (nets.to(), weights?)
            }
            Way::Back => (nets.back()?, vec![]),
        };
        Some(Self {
            net: net.clone(),
            hands,
            shape,
            pictures,
            made: vec![],
            at_once: at_once.max(1),
        })
    }

    /// Pictures made, and pictures in all.
    pub fn progress(&self) -> (u64, u64) {
        let count = |bytes: &[u8]| (bytes.len() / self.shape.values()) as u64;
        (count(&self.made), count(&self.pictures))
    }

    /// The next few; all that were made once there are no more.
    ///
    /// # Errors
    /// The device failed.
    pub async fn advance(&mut self, device: &Device) -> Result<Option<Vec<u8>>, ModelError> {
        let Shape { side, channels } = self.shape;
        let from = self.made.len();
        let until = (from + self.at_once * self.shape.values()).min(self.pictures.len());
        if from < until {
            let shown = self.pictures[from..until].iter();
            let shown: Vec<f32> = shown.map(|&value| f32::from(value) / 255.0).collect();
            let count = shown.len() / self.shape.values();
            let data = TensorData::new(shown, [count, side, side, channels]);
            let shown = Tensor::<4>::from_data(data, device).permute([0, 3, 1, 2]);
            let hands = (!self.hands.is_empty()).then(|| {
                let weights = self.hands.repeat(count);
                let data = TensorData::new(weights, [count, self.hands.len()]);
                Tensor::<2>::from_data(data, device)
            });
            let made = self.net.forward(shown, hands.as_ref());
            let made: Vec<f32> = made
                .permute([0, 2, 3, 1])
                .flatten::<2>(1, 3)
                .into_data_async()
                .await?
                .try_into_vec()
                .map_err(|e| ModelError::Device(format!("{e:?}")))?;
            self.made.extend(to_bytes(&made));
        }
        let over = self.made.len() == self.pictures.len();
        Ok(over.then(|| std::mem::take(&mut self.made)))
    }
}
