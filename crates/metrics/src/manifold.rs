//! Precision and recall (Kynkaanniemi 2019), density and coverage (Naeem 2020).
//!
//! The manifold of a set is taken to be the union of balls about its points,
//! each as large as the distance to the k-th nearest other point of the set.
//! Precision asks how much of what is made lies on the manifold of the real:
//! quality. Recall asks how much of the real lies on the manifold of the made:
//! variety; it falls when a generator collapses. Density and coverage ask the
//! same of the manifold of the real alone, which an outlier among the made
//! cannot inflate. All but density are fractions, 0 to 1.

use crate::MetricsError;
use crate::rows::{Points, squared_distances};

/// How much of two sets lies on each other's manifold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrecisionRecall {
    /// Fraction of the made that lies on the manifold of the real.
    pub precision: f64,
    /// Fraction of the real that lies on the manifold of the made.
    pub recall: f64,
    /// How many balls of the real a made point lies in, over `k`; 1 on average
    /// for a perfect generator, and may be above.
    pub density: f64,
    /// Fraction of the balls of the real that a made point lies in.
    pub coverage: f64,
}

/// Precision and recall of `fake` rows against `real` ones, with balls that reach
/// to the `k`-th nearest point (3 in the paper).
///
/// Depends on the number of rows: compare only figures with the same counts.
///
/// # Errors
///
/// Where either set has `k` rows or fewer, or rows that are not whole or finite,
/// and where `k` is 0.
pub fn precision_recall(
    real: &[f32],
    fake: &[f32],
    dims: usize,
    k: usize,
) -> Result<PrecisionRecall, MetricsError> {
    let mut real = Manifold::new(real, dims, k)?;
    while !real.advance(usize::MAX) {}
    let mut overlap = Overlap::new(&real, fake)?;
    while !overlap.advance(&real, usize::MAX) {}
    Ok(overlap.value())
}

/// The manifold of real rows, found a piece at a time; one serves for several
/// [`Overlap`]s.
pub struct Manifold {
    points: Points,
    /// By which the points were moved.
    origin: Vec<f64>,
    radii: Radii,
}

impl Manifold {
    /// Of these rows, with balls that reach to the `k`-th nearest point.
    ///
    /// # Errors
    ///
    /// As [`precision_recall`].
    pub fn new(real: &[f32], dims: usize, k: usize) -> Result<Self, MetricsError> {
        if k == 0 {
            return Err(MetricsError::BadParameter {
                name: "k",
                value: 0.0,
                wanted: "at least 1",
            });
        }
        let points = Points::new("the real set", real, dims, k + 1)?;
        let origin = points.mean();
        Ok(Self {
            points: points.minus(&origin),
            origin,
            radii: Radii::new(k),
        })
    }

    /// Goes on for about `work` multiplications; whether it is found.
    pub fn advance(&mut self, work: usize) -> bool {
        self.radii.advance(&self.points, work)
    }
}

/// [`precision_recall`], a piece at a time.
pub struct Overlap {
    fake: Points,
    fake_radii: Radii,
    /// Real points that were compared.
    at: usize,
    real_is_reached: Vec<bool>,
    ball_is_hit: Vec<bool>,
    balls_about: Vec<u64>,
    k: usize,
}

impl Overlap {
    /// Of `fake` rows with a manifold that is found.
    ///
    /// # Errors
    ///
    /// As [`precision_recall`].
    pub fn new(real: &Manifold, fake: &[f32]) -> Result<Self, MetricsError> {
        let k = real.radii.k;
        let fake = Points::new("the made set", fake, real.points.dims(), k + 1)?;
        let fake = fake.minus(&real.origin);
        Ok(Self {
            fake_radii: Radii::new(k),
            at: 0,
            real_is_reached: vec![false; real.points.count()],
            ball_is_hit: vec![false; real.points.count()],
            balls_about: vec![0; fake.count()],
            fake,
            k,
        })
    }

    /// Goes on for about `work` multiplications, with the manifold that it was made
    /// for; whether the value is there.
    pub fn advance(&mut self, real: &Manifold, work: usize) -> bool {
        if !self.fake_radii.is_found(&self.fake) {
            self.fake_radii.advance(&self.fake, work);
            return false;
        }
        let rows = real.points.rows_of(work, &self.fake);
        let until = (self.at + rows).min(real.points.count());
        let (real_radii, fake_radii) = (&real.radii, &self.fake_radii);
        squared_distances(&real.points, self.at..until, &self.fake, |r, f, squared| {
            if squared <= real_radii.squared(r) {
                self.balls_about[f] += 1;
                self.ball_is_hit[r] = true;
            }
            if squared <= fake_radii.squared(f) {
                self.real_is_reached[r] = true;
            }
        });
        self.at = until;
        until == real.points.count()
    }

    /// How much of the two lies on each other's manifold, of what was compared.
    pub fn value(&self) -> PrecisionRecall {
        let (real, fake) = (self.ball_is_hit.len(), self.fake.count());
        let fraction = |hits: usize, of: usize| hits as f64 / of as f64;
        let count = |flags: &[bool]| flags.iter().filter(|&&f| f).count();
        let inside = self.balls_about.iter().filter(|&&n| n > 0).count();
        let balls: u64 = self.balls_about.iter().sum();
        PrecisionRecall {
            precision: fraction(inside, fake),
            recall: fraction(count(&self.real_is_reached), real),
            density: balls as f64 / (self.k as f64 * fake as f64),
            coverage: fraction(count(&self.ball_is_hit), real),
        }
    }
}

/// The squared distance from each point to its `k`-th nearest other, point by
/// point.
struct Radii {
    k: usize,
    /// Of the points so far: the k nearest, the farthest of them last.
    nearest: Vec<Vec<f64>>,
}

impl Radii {
    fn new(k: usize) -> Self {
        let nearest = Vec::new();
        Self { k, nearest }
    }

    fn is_found(&self, points: &Points) -> bool {
        self.nearest.len() == points.count()
    }

    fn advance(&mut self, points: &Points, work: usize) -> bool {
        let (k, first) = (self.k, self.nearest.len());
        let until = (first + points.rows_of(work, points)).min(points.count());
        self.nearest
            .resize_with(until, || Vec::with_capacity(k + 1));
        squared_distances(points, first..until, points, |i, j, squared| {
            let near = &mut self.nearest[i];
            if i == j || (near.len() == k && squared >= near[k - 1]) {
                return;
            }
            let place = near.partition_point(|&other| other <= squared);
            near.insert(place, squared);
            near.truncate(k);
        });
        self.is_found(points)
    }

    /// Of a point whose radius is found.
    fn squared(&self, point: usize) -> f64 {
        self.nearest[point][self.k - 1]
    }
}
