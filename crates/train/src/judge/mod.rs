//! The nets that models are measured with, as part of this binary; what they are
//! stands in `lampwork_judge`, the same for the browser.

mod school;

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use futures::executor::block_on;
use lampwork_protocol::DataSet;

pub use lampwork_judge::{Judge, JudgeCard, Seen, counts, pixels};
pub use school::{Schooling, train};

/// Whether this build has a net to measure pictures of `data` with.
pub fn known(data: DataSet) -> bool {
    data.judged()
}

/// The file of the net that is part of this binary, as the site ships it.
fn file(data: DataSet) -> Result<&'static [u8]> {
    Ok(match data {
        DataSet::Fashion => include_bytes!("../../../../static/judges/fashion.safetensors"),
        DataSet::Digits => include_bytes!("../../../../static/judges/digits.safetensors"),
        DataSet::Emoji => include_bytes!("../../../../static/judges/emoji.safetensors"),
        DataSet::Pixel => include_bytes!("../../../../static/judges/pixel.safetensors"),
        DataSet::Faces => include_bytes!("../../../../static/judges/faces.safetensors"),
        DataSet::Photos | DataSet::Brush | DataSet::Poems | DataSet::Plays => bail!(
            "this build has no net to measure {} with; the model is whole without its figures",
            data.name()
        ),
    })
}

/// The judge of this data set that is part of this binary, so that a figure is the
/// same wherever it is measured.
///
/// # Errors
/// Where its file cannot be read.
pub fn shipped(data: DataSet, device: &Device) -> Result<Judge> {
    Judge::read(file(data)?, device).with_context(|| format!("the judge of {}", data.name()))
}

/// Features and classes of pictures, `[count, values]` in 0..1.
///
/// # Errors
/// Where the device fails.
pub fn see(judge: &Judge, pictures: &[f32]) -> Result<Seen> {
    Ok(block_on(judge.see(pictures))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_classifiers_tell_their_classes() {
        let device = Device::flex();
        for data in DataSet::ALL {
            assert_eq!(known(data), file(data).is_ok());
            if !known(data) {
                continue;
            }
            let judge = shipped(data, &device).unwrap();
            assert_eq!(judge.card.data, data);
            // Shirts, pullovers and coats are hard to tell for a net this small.
            let least = match data {
                DataSet::Fashion => 0.88,
                // Of styles, of concepts that it has not seen.
                DataSet::Emoji => 0.7,
                // Monsters and things that lie about are drawn much alike.
                DataSet::Pixel => 0.88,
                _ => 0.98,
            };
            assert!(judge.card.test_accuracy > least, "{:?}", judge.card);
            assert_eq!(judge.hash_shown().len(), 16);
            let pictures = vec![0.0; 3 * data.shape().values()];
            let seen = see(&judge, &pictures).unwrap();
            assert_eq!(seen.features.len(), 3 * judge.dimensions());
            assert_eq!(seen.classes.len(), 3);
            assert!(file(data).unwrap().len() < 1_200_000);
        }
    }
}
