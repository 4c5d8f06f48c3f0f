//! How like real pictures made ones are, in the features of the classifier.

use anyhow::Result;
use lampwork_metrics::{
    PrecisionRecall, agreement, class_entropy, frechet_distance, kernel_distance_over_subsets,
    precision_recall,
};
use lampwork_protocol::Figure;

use super::{Measured, Set, Sets};
use crate::diversity;
use crate::judge::{self, Judge, Seen};

/// Neighbours that make a picture's surroundings (Kynkaanniemi 2019).
const NEIGHBOURS: usize = 3;

/// Subsets that the kernel distance is averaged over, and pictures in each
/// (Binkowski 2018).
const SUBSETS: usize = 50;
const SUBSET: usize = 1000;
const SUBSET_SEED: u64 = 1;

/// Pictures whose spread is taken: every pair within a class is compared.
const SPREAD_OVER: usize = 1000;

/// The Frechet distance (Heusel 2017) between two sets of pictures.
///
/// # Errors
/// Where there are too few pictures or the device fails.
pub fn frechet(judge: &Judge, a: &[f32], b: &[f32]) -> Result<f64> {
    let (a, b) = (judge.see(a)?, judge.see(b)?);
    Ok(frechet_distance(&a.features, &b.features, a.dimensions())?)
}

pub(super) fn figures(sets: &Sets, judge: &Judge, conditional: bool) -> Result<Vec<Figure>> {
    let test = judge.see(&sets.test.pictures)?;
    let train = judge.see(&sets.train.pictures)?;
    let made = judge.see(&sets.made.pictures)?;
    let noise = judge.see(&sets.noise.pictures)?;
    let how = format!(
        "{} pictures on each side, against the test split, in the {} features of \
         Lampwork's own {} {} ({:.1} % of the test split told right); not comparable with \
         distances in Inception features",
        sets.count(),
        judge.dimensions(),
        judge.kind(),
        judge.hash,
        100.0 * judge.card.test_accuracy
    );

    let mut figures = vec![frechet_figure(&test, [&made, &train, &noise], &how)?];
    figures.push(kernel_figure(
        &test,
        [&made, &train, &noise],
        sets.count(),
        &how,
    )?);
    figures.extend(manifold_figures(&test, [&made, &train, &noise], &how)?);
    if conditional {
        figures.push(agreement_figure(sets, [&made, &train, &noise], judge)?);
    }
    figures.push(entropy_figure([&made, &test, &noise], sets.count(), judge)?);
    figures.push(spread(sets, &made, conditional)?);
    Ok(figures)
}

/// Of what is measured, in this order: made pictures, real training pictures,
/// noise.
type Three<'a> = [&'a Seen; 3];

fn measured(values: [f64; 3]) -> Measured {
    let [value, floor, ceiling] = values;
    Measured {
        value,
        floor: Some(floor),
        ceiling: Some(ceiling),
    }
}

fn each(three: Three, of: impl Fn(&Seen) -> Result<f64>) -> Result<Measured> {
    let [made, train, noise] = three;
    Ok(measured([of(made)?, of(train)?, of(noise)?]))
}

fn frechet_figure(test: &Seen, three: Three, how: &str) -> Result<Figure> {
    let distance = |seen: &Seen| {
        Ok(frechet_distance(
            &test.features,
            &seen.features,
            test.dimensions(),
        )?)
    };
    Ok(each(three, distance)?.into_figure("frechet_distance", "", how.to_owned()))
}

fn kernel_figure(test: &Seen, three: Three, count: usize, how: &str) -> Result<Figure> {
    // Subsets of nearly all pictures would hardly differ.
    let size = SUBSET.min(count / 2);
    let distance = |seen: &Seen| {
        kernel_distance_over_subsets(
            &test.features,
            &seen.features,
            test.dimensions(),
            SUBSETS,
            size,
            SUBSET_SEED,
        )
    };
    let deviation = distance(three[0])?.deviation;
    let how = format!(
        "{how}; mean over {SUBSETS} subsets of {size}, between which the deviation is \
         {deviation:.2e}"
    );
    Ok(each(three, |seen| Ok(distance(seen)?.mean))?.into_figure("kernel_distance", "", how))
}

fn manifold_figures(test: &Seen, three: Three, how: &str) -> Result<Vec<Figure>> {
    let [made, train, noise] = three.map(|seen| {
        precision_recall(
            &test.features,
            &seen.features,
            test.dimensions(),
            NEIGHBOURS,
        )
    });
    let found = [made?, train?, noise?];
    let how = format!("{how}; k = {NEIGHBOURS}");
    let figure = |name: &str, of: fn(&PrecisionRecall) -> f64| {
        measured([of(&found[0]), of(&found[1]), of(&found[2])]).into_figure(name, "", how.clone())
    };
    Ok(vec![
        figure("precision", |found| found.precision),
        figure("recall", |found| found.recall),
        figure("density", |found| found.density),
        figure("coverage", |found| found.coverage),
    ])
}

fn agreement_figure(sets: &Sets, three: Three, judge: &Judge) -> Result<Figure> {
    let asked = [&sets.made.classes, &sets.train.classes, &sets.noise.classes];
    let mut shares = [0.0; 3];
    for ((share, asked), seen) in shares.iter_mut().zip(asked).zip(three) {
        *share = agreement(asked, &seen.classes)?;
    }
    let how = format!(
        "share of {} pictures that the {} {} takes for the class asked for, each asked \
         for as often as the test split has it",
        sets.count(),
        judge.kind(),
        judge.hash
    );
    Ok(measured(shares).into_figure("agreement", "", how))
}

fn entropy_figure(three: Three, count: usize, judge: &Judge) -> Result<Figure> {
    let how = format!(
        "entropy of the classes that the {} {} sees in {count} pictures; {} classes \
         equally often have {:.3}; floor: the test split",
        judge.kind(),
        judge.hash,
        judge.card.data.classes(),
        (judge.card.data.classes() as f64).log2()
    );
    let entropy = |seen: &Seen| Ok(class_entropy(&judge::counts(&seen.classes))?.bits);
    Ok(each(three, entropy)?.into_figure("class_entropy", "bits", how))
}

/// Mean distance between pictures of a class, over that of the test split.
fn spread(sets: &Sets, made: &Seen, conditional: bool) -> Result<Figure> {
    let count = sets.count().min(SPREAD_OVER);
    let of = |set: &Set, classes: &[u8]| diversity::spread(set.first(count), &classes[..count]);
    // An unconditional model's pictures have the classes that are seen in them.
    let asked = if conditional {
        &sets.made.classes
    } else {
        &made.classes
    };
    let real = of(&sets.test, &sets.test.classes)?;
    let how = format!(
        "mean distance between two of {count} pictures within a class, over that of the test \
         split; near 0 where the modes have collapsed"
    );
    Ok(Measured {
        value: of(&sets.made, asked)? / real,
        floor: Some(of(&sets.train, &sets.train.classes)? / real),
        ceiling: None,
    }
    .into_figure("spread", "", how))
}
