//! How good and how varied a model's pictures are, as a small net sees them.
//!
//! Four [`Sets`] of as many pictures each are compared: made ones, those of the
//! test split, those of the training split (the floor: as good as it gets) and
//! noise (the ceiling: as bad as it gets). A [`Judge`] turns each into features
//! and classes ([`Seen`]), and [`Likeness`] into figures.
//!
//! The same code measures in the tab and in `train eval`. It is asynchronous
//! where it reads from a device, and works a piece at a time, so that a worker
//! hears its page in between; [`measure`] does all pieces in one go.

mod captions;
mod error;
mod judge;
mod likeness;
mod sets;

pub use captions::{Captions, found, how as how_captions, median};
pub use error::JudgeError;
pub use judge::{COMPARED, Judge, JudgeCard, KEY, MAX_WORDS, Net, Seen, hexadecimal};
pub use likeness::{Compared, FEWEST, Likeness, Looks, counts};
pub use sets::{Set, Sets, asked, pixels};

use lampwork_protocol::{Figure, ModelConfig, Sampling};

/// All pieces of a [`Likeness`] in one go.
///
/// # Errors
///
/// Where the device fails, or there are too few pictures to compare.
pub async fn measure(
    sets: &Sets,
    judge: &Judge,
    conditional: bool,
) -> Result<Vec<Figure>, JudgeError> {
    let looks = Looks {
        test: judge.see(&sets.test.pictures).await?,
        made: judge.see(&sets.made.pictures).await?,
        train: judge.see(&sets.train.pictures).await?,
        noise: judge.see(&sets.noise.pictures).await?,
    };
    let compared = Compared {
        sets,
        looks: &looks,
        judge,
    };
    let mut likeness = Likeness::new(&compared, conditional);
    while !likeness.advance(&compared, usize::MAX)? {}
    Ok(likeness.into_figures())
}

/// Adds to each figure how a flow made its pictures; nothing of other models.
pub fn say_way(figures: &mut [Figure], model: &ModelConfig, sampling: Option<Sampling>) {
    let Some(usual) = Sampling::usual(model) else {
        return;
    };
    let Sampling {
        steps,
        guidance,
        solver,
    } = sampling.unwrap_or(usual);
    let way = format!("; made in {steps} steps of {solver:?} with guidance {guidance}");
    for figure in figures {
        figure.how.push_str(&way);
    }
}
