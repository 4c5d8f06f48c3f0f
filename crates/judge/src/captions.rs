//! Whether pictures show what was said: the rank of their caption among all.

use lampwork_datasets::Packed;
use lampwork_metrics::retrieval_ranks;
use lampwork_models::latent::Meaning;
use lampwork_protocol::Figure;

use crate::{COMPARED, Compared, Judge, JudgeError, Seen};

/// A caption that ranks this high is found.
const FOUND: usize = 10;

/// What pictures are compared with: the captions of all concepts.
#[derive(Debug, Clone)]
pub struct Captions {
    /// Word vectors, `[concepts, dimensions]`.
    pub meant: Vec<f32>,
    /// As the judge compares them, `[concepts, COMPARED]`.
    keys: Vec<f32>,
}

impl Captions {
    /// The English captions of a data set, by `meaning`, which gives vectors of as
    /// many dimensions as the judge takes.
    ///
    /// # Errors
    ///
    /// Where the device fails, or the judge was trained for another table of words.
    pub async fn new(
        judge: &Judge,
        packed: &Packed,
        meaning: Meaning<'_>,
    ) -> Result<Captions, JudgeError> {
        let dims = judge.card.words;
        let nothing = || vec![0.0; dims];
        let meant: Vec<f32> = packed
            .concepts
            .iter()
            .flat_map(|concept| meaning(&concept.en).unwrap_or_else(nothing))
            .collect();
        if meant.len() != dims * packed.concepts.len() {
            let reason = format!("it was trained for words of {dims} dimensions");
            return Err(JudgeError::NotAJudge(reason));
        }
        Ok(Captions {
            keys: judge.words(&meant).await?,
            meant,
        })
    }

    /// Ranks of the captions of `concepts`, by what is seen in as many pictures.
    ///
    /// # Errors
    ///
    /// Where there is not one concept a picture.
    pub fn ranks(&self, seen: &Seen, concepts: &[usize]) -> Result<Vec<usize>, JudgeError> {
        let (queries, keys) = (&seen.matched, &self.keys);
        Ok(retrieval_ranks(queries, keys, COMPARED, concepts)?)
    }

    /// How well the captions of the test split, which were said, are found.
    ///
    /// # Errors
    ///
    /// As [`Captions::ranks`].
    pub fn figures(&self, compared: &Compared<'_>) -> Result<Vec<Figure>, JudgeError> {
        let Compared { sets, looks, judge } = compared;
        let concepts: Vec<usize> = sets.test.concepts.iter().map(|&c| c.into()).collect();
        let made = self.ranks(&looks.made, &concepts)?;
        let drawn = self.ranks(&looks.test, &concepts)?;
        let noise = self.ranks(&looks.noise, &concepts)?;
        let all = self.keys.len() / COMPARED;
        let figure = |name: &str, what: &str, of: fn(Vec<usize>) -> f64| Figure {
            name: name.to_owned(),
            value: of(made.clone()),
            unit: String::new(),
            floor: Some(of(drawn.clone())),
            ceiling: Some(of(noise.clone())),
            how: how(what, concepts.len(), all, judge),
        };
        Ok(vec![
            figure(FOUND_UNSEEN.0, FOUND_UNSEEN.1, found),
            figure(RANK_UNSEEN.0, RANK_UNSEEN.1, median),
        ])
    }
}

/// Name of a figure, and what it is.
const FOUND_UNSEEN: (&str, &str) = (
    "caption_found_unseen",
    "share of captions of the test split, which no net has seen, that rank among the first 10",
);
const RANK_UNSEEN: (&str, &str) = (
    "caption_rank_unseen",
    "median rank of a caption of the test split, which no net has seen",
);

/// How a figure of captions was computed; `what` says what it is.
pub fn how(what: &str, count: usize, all: usize, judge: &Judge) -> String {
    format!(
        "{what}, by the {} {} of {count} pictures, one for each drawing drawn from the split, \
         made from its style and its English caption; among the captions of all {all} concepts; \
         floor: the drawings themselves; ceiling: noise",
        judge.kind(),
        judge.hash_shown()
    )
}

/// Share of captions that are found.
pub fn found(ranks: Vec<usize>) -> f64 {
    ranks.iter().filter(|&&rank| rank <= FOUND).count() as f64 / ranks.len().max(1) as f64
}

/// The middle rank.
pub fn median(mut ranks: Vec<usize>) -> f64 {
    ranks.sort_unstable();
    let middle = ranks.len() / 2;
    match ranks.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => ranks[middle] as f64,
        _ => (ranks[middle - 1] + ranks[middle]) as f64 / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_summed_up() {
        assert_eq!(found(vec![1, 10, 11, 500]), 0.5);
        assert_eq!(median(vec![9, 1, 5]), 5.0);
        assert_eq!(median(vec![4, 1, 2, 9]), 3.0);
    }
}
