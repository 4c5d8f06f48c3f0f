//! How like real pictures made ones are, in the features of the judge.

use lampwork_metrics::{
    KernelDistance, Manifold, MeanAndDeviation, Overlap, PrecisionRecall, Spread, agreement,
    class_entropy, frechet_distance,
};
use lampwork_protocol::Figure;

use crate::{Judge, JudgeError, Seen, Set, Sets};

/// Fewest pictures that the Frechet distance makes sense with, for each dimension of
/// the features: it needs more of them than those.
pub const FEWEST: usize = 2;

/// Neighbours that make a picture's surroundings (Kynkaanniemi 2019).
const NEIGHBOURS: usize = 3;

/// Subsets that the kernel distance is averaged over, and pictures in each
/// (Binkowski 2018).
const SUBSETS: usize = 50;
const SUBSET: usize = 1000;
const SUBSET_SEED: u64 = 1;

/// Pictures whose spread is taken: every pair within a class is compared.
const SPREAD_OVER: usize = 1000;

/// What is compared, and by what.
#[derive(Clone, Copy)]
pub struct Compared<'a> {
    /// The pictures.
    pub sets: &'a Sets,
    /// What is seen in them.
    pub looks: &'a Looks,
    /// Who sees it.
    pub judge: &'a Judge,
}

/// What is seen in each of the [`Sets`].
#[derive(Debug, Clone, Default)]
pub struct Looks {
    /// In pictures of the test split.
    pub test: Seen,
    /// Of the training split.
    pub train: Seen,
    /// In made pictures.
    pub made: Seen,
    /// In noise.
    pub noise: Seen,
}

impl Looks {
    /// Of what is measured, in this order: made pictures, real training pictures,
    /// noise.
    fn three(&self) -> [&Seen; 3] {
        [&self.made, &self.train, &self.noise]
    }
}

/// The figures of a comparison, computed a piece at a time.
pub struct Likeness {
    conditional: bool,
    next: Piece,
    /// Pieces done, a subset of the kernel distance being one.
    done: usize,
    frechet: [f64; 3],
    kernel: [Option<MeanAndDeviation>; 3],
    manifold: Option<Box<Manifold>>,
    overlaps: Vec<PrecisionRecall>,
    /// Of made, test and training pictures.
    spreads: Vec<f64>,
    figures: Vec<Figure>,
}

/// What is to be done next; the number says of which of three sets.
enum Piece {
    Frechet(usize),
    Kernel(usize, Option<Box<KernelDistance>>),
    Manifold,
    Overlap(usize, Option<Box<Overlap>>),
    Spread(usize, Option<Box<Spread>>),
    Figures,
    Nothing,
}

impl Likeness {
    /// Begins; `conditional` where classes were asked for.
    ///
    /// Of fewer pictures than [`FEWEST`] for each dimension of the features there is
    /// no Frechet distance.
    pub fn new(compared: &Compared<'_>, conditional: bool) -> Self {
        let enough = compared.sets.count() >= FEWEST * compared.judge.dimensions();
        Self {
            conditional,
            next: match enough {
                true => Piece::Frechet(0),
                false => Piece::Kernel(0, None),
            },
            done: 0,
            frechet: [0.0; 3],
            kernel: [None; 3],
            manifold: None,
            overlaps: Vec::new(),
            spreads: Vec::new(),
            figures: Vec::new(),
        }
    }

    /// Pieces done, and about how many there are in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.done.min(PIECES), PIECES)
    }

    /// Does one piece, of about `work` multiplications where it can be cut; whether it
    /// was the last. What is compared must be the same for all.
    ///
    /// # Errors
    ///
    /// Where there are too few pictures, or a feature is not a finite number.
    pub fn advance(&mut self, compared: &Compared<'_>, work: usize) -> Result<bool, JudgeError> {
        let Compared { sets, looks, .. } = *compared;
        let (test, dims) = (&looks.test, looks.test.dimensions());
        let three = looks.three();
        let then = |which: usize, same: fn(usize) -> Piece, next: Piece| {
            if which + 1 < three.len() {
                same(which + 1)
            } else {
                next
            }
        };
        let piece = std::mem::replace(&mut self.next, Piece::Nothing);
        self.next = match piece {
            Piece::Frechet(which) => {
                self.frechet[which] =
                    frechet_distance(&test.features, &three[which].features, dims)?;
                self.done += 1;
                then(which, Piece::Frechet, Piece::Kernel(0, None))
            }
            Piece::Kernel(which, under_way) => {
                let mut distance = match under_way {
                    Some(distance) => distance,
                    None => Box::new(KernelDistance::new(
                        &test.features,
                        &three[which].features,
                        dims,
                        SUBSETS,
                        subset(sets.count()),
                        SUBSET_SEED,
                    )?),
                };
                self.done += 1;
                if distance.advance() {
                    self.kernel[which] = Some(distance.value());
                    then(which, |which| Piece::Kernel(which, None), Piece::Manifold)
                } else {
                    Piece::Kernel(which, Some(distance))
                }
            }
            Piece::Manifold => {
                let mut manifold = match self.manifold.take() {
                    Some(manifold) => manifold,
                    None => Box::new(Manifold::new(&test.features, dims, NEIGHBOURS)?),
                };
                let found = manifold.advance(work);
                self.manifold = Some(manifold);
                match found {
                    true => Piece::Overlap(0, None),
                    false => Piece::Manifold,
                }
            }
            Piece::Overlap(which, under_way) => match &self.manifold {
                None => Piece::Manifold,
                Some(manifold) => {
                    let mut overlap = match under_way {
                        Some(overlap) => overlap,
                        None => Box::new(Overlap::new(manifold, &three[which].features)?),
                    };
                    if overlap.advance(manifold, work) {
                        self.done += 1;
                        self.overlaps.push(overlap.value());
                        let next = Piece::Spread(0, None);
                        then(which, |which| Piece::Overlap(which, None), next)
                    } else {
                        Piece::Overlap(which, Some(overlap))
                    }
                }
            },
            Piece::Spread(which, under_way) => {
                let mut spread = match under_way {
                    Some(spread) => spread,
                    None => Box::new(self.spread(compared, which)?),
                };
                if spread.advance(work) {
                    self.done += 1;
                    self.spreads.push(spread.value());
                    let next = Piece::Figures;
                    then(which, |which| Piece::Spread(which, None), next)
                } else {
                    Piece::Spread(which, Some(spread))
                }
            }
            Piece::Figures => {
                self.done = PIECES;
                self.figures = self.summed_up(compared)?;
                Piece::Nothing
            }
            Piece::Nothing => Piece::Nothing,
        };
        Ok(matches!(self.next, Piece::Nothing))
    }

    /// The figures, once all pieces are done.
    pub fn into_figures(self) -> Vec<Figure> {
        self.figures
    }

    /// Spread of made, test or training pictures, by their number.
    fn spread(&self, compared: &Compared<'_>, which: usize) -> Result<Spread, JudgeError> {
        let Compared { sets, looks, .. } = compared;
        let count = sets.count().min(SPREAD_OVER);
        let of = |set: &Set, classes: &[u8]| Spread::new(set.first(count), &classes[..count]);
        Ok(match which {
            // An unconditional model's pictures have the classes that are seen in them.
            0 if self.conditional => of(&sets.made, &sets.made.classes),
            0 => of(&sets.made, &looks.made.classes),
            1 => of(&sets.test, &sets.test.classes),
            _ => of(&sets.train, &sets.train.classes),
        }?)
    }

    fn summed_up(&self, compared: &Compared<'_>) -> Result<Vec<Figure>, JudgeError> {
        let Compared { sets, looks, judge } = *compared;
        let (count, kind, hash) = (sets.count(), judge.kind(), judge.hash_shown());
        let how = format!(
            "{count} pictures on each side, against the test split, in the {} features of \
             Lampwork's own {kind} {hash} ({:.1} % of the test split told right); not comparable \
             with distances in Inception features",
            judge.dimensions(),
            100.0 * judge.card.test_accuracy
        );
        let mut figures = Vec::new();
        if count >= FEWEST * judge.dimensions() {
            figures.push(figure("frechet_distance", "", self.frechet, &how));
        }
        if let [Some(made), Some(train), Some(noise)] = self.kernel {
            let how = format!(
                "{how}; mean over {SUBSETS} subsets of {}, between which the deviation is {:.2e}",
                subset(count),
                made.deviation
            );
            let means = [made.mean, train.mean, noise.mean];
            figures.push(figure("kernel_distance", "", means, &how));
        }
        if let [made, train, noise] = self.overlaps[..] {
            let how = format!("{how}; k = {NEIGHBOURS}");
            let mut add = |name: &str, of: fn(&PrecisionRecall) -> f64| {
                figures.push(figure(name, "", [of(&made), of(&train), of(&noise)], &how));
            };
            add("precision", |found| found.precision);
            add("recall", |found| found.recall);
            add("density", |found| found.density);
            add("coverage", |found| found.coverage);
        }
        if self.conditional {
            let asked = [&sets.made.classes, &sets.train.classes, &sets.noise.classes];
            let mut shares = [0.0; 3];
            for ((share, asked), seen) in shares.iter_mut().zip(asked).zip(looks.three()) {
                *share = agreement(asked, &seen.classes)?;
            }
            let how = format!(
                "share of {count} pictures that the {kind} {hash} takes for the class asked for, \
                 each asked for as often as the test split has it"
            );
            figures.push(figure("agreement", "", shares, &how));
        }
        let classes = judge.card.data.classes();
        let how = format!(
            "entropy of the classes that the {kind} {hash} sees in {count} pictures; {classes} \
             classes equally often have {:.3}; floor: the test split",
            (classes as f64).log2()
        );
        let bits = |seen: &Seen| Ok(class_entropy(&counts(&seen.classes))?.bits);
        let entropies: Result<Vec<f64>, JudgeError> = [&looks.made, &looks.test, &looks.noise]
            .into_iter()
            .map(bits)
            .collect();
        if let [made, test, noise] = entropies?[..] {
            figures.push(figure("class_entropy", "bits", [made, test, noise], &how));
        }
        if let [made, test, train] = self.spreads[..] {
            let how = format!(
                "mean distance between two of {} pictures within a class, over that of the test \
                 split; near 0 where the modes have collapsed",
                count.min(SPREAD_OVER)
            );
            let [value, floor] = [made, train].map(|spread| spread / test);
            figures.push(Figure {
                ceiling: None,
                ..figure("spread", "", [value, floor, 0.0], &how)
            });
        }
        Ok(figures)
    }
}

/// Pieces in all: the distances of three sets, and what follows them.
const PIECES: usize = 3 + 3 * SUBSETS + 3 + 3 + 1;

/// Pictures in a subset of so many: subsets of nearly all would hardly differ.
fn subset(count: usize) -> usize {
    SUBSET.min(count / 2)
}

fn figure(name: &str, unit: &str, [value, floor, ceiling]: [f64; 3], how: &str) -> Figure {
    Figure {
        name: name.into(),
        value,
        unit: unit.into(),
        floor: Some(floor),
        ceiling: Some(ceiling),
        how: how.to_owned(),
    }
}

/// How often each class is there.
pub fn counts(classes: &[u8]) -> [u64; 10] {
    let mut counts = [0; 10];
    for &class in classes {
        counts[usize::from(class) % 10] += 1;
    }
    counts
}
