//! A prior for each class, fitted to where its pictures lie.

use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::{Device, Tensor};

use super::Couplings;

/// The least variance left to a direction, so that a rounded covariance has a
/// Cholesky factor.
const LEAST: f32 = 1e-4;

/// A normal distribution over the latent space for each class, with the mean and
/// the covariance of the latent points of its training pictures.
///
/// A light weight on the divergence makes sharp pictures, but the latent points
/// of a class then fill only a part of the standard normal, and a point drawn
/// outside it is a picture of another class or of nothing. Drawing where the
/// training pictures lie is ex-post density estimation (Ghosh 2020, "From
/// Variational to Deterministic Autoencoders", section 4), here with one normal
/// a class. No gradient flows through it: it follows the encoder.
#[derive(Module, Debug)]
pub struct ClassPrior {
    /// `[classes, latent]`; not trained.
    mean: Param<Tensor<2>>,
    /// `[classes, latent, latent]`; not trained.
    covariance: Param<Tensor<3>>,
}

/// A [`ClassPrior`] made ready for many points.
#[derive(Debug, Clone)]
pub struct Placed {
    /// `[classes, latent]`
    mean: Tensor<2>,
    /// Lower Cholesky factors of the covariances, `[classes, latent, latent]`.
    factors: Tensor<3>,
    /// Between the class's points made standard, and standard normal ones.
    couplings: Option<Couplings>,
}

impl ClassPrior {
    /// Standard normals.
    pub fn new(classes: usize, latent: usize, device: &Device) -> Self {
        let mean: Param<Tensor<2>> = Initializer::Zeros.init([classes, latent], device);
        let covariance: Param<Tensor<3>> =
            Initializer::Zeros.init([classes, latent, latent], device);
        Self {
            mean: mean.set_require_grad(false),
            covariance: covariance.set_require_grad(false),
        }
    }

    /// Moves each class towards the moments of its latent points in a batch, by
    /// `rate` times its share of the batch over an equal share.
    ///
    /// # Shapes
    /// - mean, log_variance: `[count, latent]`, of the points' distributions
    /// - classes: `[count, classes]`, weights that sum to one
    pub fn follow(
        mut self,
        mean: Tensor<2>,
        log_variance: Tensor<2>,
        classes: Tensor<2>,
        rate: f32,
    ) -> Self {
        let (mean, log_variance) = (mean.detach(), log_variance.detach());
        let [count, latent] = mean.dims();
        let [_, kinds] = classes.dims();
        // [classes, count] and [classes, 1]
        let members = classes.clone().transpose();
        let number = members.clone().sum_dim(1);
        let share = (number.clone() * (rate * kinds as f32 / count as f32)).clamp_max(1.0);
        let weights = members / number.clamp_min(1e-6);
        let drift = weights.clone().matmul(mean.clone()) - self.mean.val().detach();
        // A class that is not in the batch has nothing to move to, and no share.
        let moved = self.mean.val().detach() + drift * share.clone();
        let own = classes.matmul(moved.clone());
        let apart = mean - own;
        let spread = apart.clone().unsqueeze_dim::<3>(2) * apart.unsqueeze_dim::<3>(1)
            + diagonal(log_variance.exp());
        let spread = weights
            .matmul(spread.reshape([count, latent * latent]))
            .reshape([kinds, latent, latent]);
        let share = share.unsqueeze_dim::<3>(2);
        let covariance = self.covariance.val().detach();
        let covariance = covariance.clone() + (spread - covariance) * share;
        self.mean = self.mean.map(|_| moved);
        self.covariance = self.covariance.map(|_| covariance);
        self
    }

    /// The prior with its covariances factored, bent by `couplings`.
    pub fn placed(&self, couplings: Option<Couplings>) -> Placed {
        Placed {
            mean: self.mean.val().detach(),
            factors: cholesky(self.covariance.val().detach()),
            couplings,
        }
    }
}

impl Placed {
    /// Latent points of standard normal ones: `mean + factor * noise`, mean and
    /// factor blended by the weights of the classes, the noise bent before.
    ///
    /// # Shapes
    /// - noise, output: `[count, latent]`
    /// - classes: `[count, classes]`
    pub fn place(&self, noise: Tensor<2>, classes: Tensor<2>) -> Tensor<2> {
        let noise = match &self.couplings {
            Some(couplings) => couplings.bend(noise, &classes),
            None => noise,
        };
        let (mean, factors) = self.of(classes);
        mean + (factors * noise.unsqueeze_dim(1)).sum_dim(2).squeeze_dim(2)
    }

    /// The standard normal points of latent ones, and the divergence in nats of
    /// a diagonal normal around each from the prior of its class; of a bent prior
    /// an estimate, by its density at the mean.
    ///
    /// # Shapes
    /// - mean, log_variance: `[count, latent]`
    /// - classes: `[count, classes]`
    /// - output: `[count, latent]`, `[count, 1]`
    pub fn standard(
        &self,
        mean: Tensor<2>,
        log_variance: Tensor<2>,
        classes: Tensor<2>,
    ) -> (Tensor<2>, Tensor<2>) {
        let (points, kl) = self.whiten(mean, log_variance, classes.clone());
        match self.straighten(points.clone(), &classes) {
            Some((points, gain)) => (points, kl - gain),
            None => (points, kl),
        }
    }

    /// By how many nats the couplings raise the logarithm of the density at
    /// latent points over that of the class's normal, `[count, 1]`; none where
    /// the prior is a normal. The divergence from the prior is that from the
    /// normal less the mean of this over the points' distribution.
    ///
    /// # Shapes
    /// - z: `[count, latent]`
    /// - classes: `[count, classes]`
    pub fn gain(&self, z: Tensor<2>, classes: Tensor<2>) -> Option<Tensor<2>> {
        self.couplings.as_ref()?;
        let (centre, factors) = self.of(classes.clone());
        let (points, _) = solve(factors, (z - centre).unsqueeze_dim(2));
        let (_, gain) = self.straighten(points.squeeze_dim(2), &classes)?;
        Some(gain)
    }

    /// Points of the class made standard by its normal, made standard by the
    /// couplings too, and their gain at each.
    fn straighten(&self, points: Tensor<2>, classes: &Tensor<2>) -> Option<(Tensor<2>, Tensor<2>)> {
        let couplings = self.couplings.as_ref()?;
        let (straight, log_det) = couplings.straighten(points.clone(), classes);
        let squares = points.square().sum_dim(1) - straight.clone().square().sum_dim(1);
        Some((straight, squares * 0.5 + log_det))
    }

    /// Points made standard by the normal of their class, and the divergence of a
    /// diagonal normal around each from it.
    ///
    /// With `L` the factor and `S` the diagonal covariance, the divergence is
    /// `(|L^-1 sqrt(S)|^2 + |L^-1 (mean - prior mean)|^2 - latent - ln|S|) / 2 +
    /// ln|L|`.
    pub(super) fn whiten(
        &self,
        mean: Tensor<2>,
        log_variance: Tensor<2>,
        classes: Tensor<2>,
    ) -> (Tensor<2>, Tensor<2>) {
        let [count, latent] = mean.dims();
        let (centre, factors) = self.of(classes);
        let deviation = (log_variance.clone() * 0.5).exp();
        // [count, latent, 1 + latent]: the point beside its deviations.
        let columns = Tensor::cat(
            vec![(mean - centre).unsqueeze_dim(2), diagonal(deviation)],
            2,
        );
        let (solved, log_det) = solve(factors, columns);
        let squares = solved.clone().square().sum_dim(2).squeeze_dim::<2>(2);
        let kl = (squares.sum_dim(1) - log_variance.sum_dim(1) - latent as f32) * 0.5 + log_det;
        let points = solved.narrow(2, 0, 1).reshape([count, latent]);
        (points, kl)
    }

    /// Mean and factor for each row of class weights.
    fn of(&self, classes: Tensor<2>) -> (Tensor<2>, Tensor<3>) {
        let [kinds, latent] = self.mean.dims();
        let count = classes.dims()[0];
        let factors = self.factors.clone().reshape([kinds, latent * latent]);
        (
            classes.clone().matmul(self.mean.clone()),
            classes.matmul(factors).reshape([count, latent, latent]),
        )
    }
}

/// Rows as diagonal matrices: `[count, n]` to `[count, n, n]`.
fn diagonal(rows: Tensor<2>) -> Tensor<3> {
    let [_, n] = rows.dims();
    let identity = Tensor::<2>::eye(n, &rows.device());
    rows.unsqueeze_dim::<3>(2) * identity.unsqueeze_dim(0)
}

/// Lower Cholesky factors of symmetric matrices, column by column; a pivot that
/// rounding has brought near zero counts as [`LEAST`].
fn cholesky(matrices: Tensor<3>) -> Tensor<3> {
    let [_, n, _] = matrices.dims();
    let mut rest = matrices;
    let mut columns = Vec::with_capacity(n);
    for at in 0..n {
        let pivot = rest.clone().narrow(1, at, 1).narrow(2, at, 1);
        let pivot = pivot.clamp_min(LEAST).sqrt();
        let [count, _, _] = pivot.dims();
        let mut column = Vec::with_capacity(3);
        if at > 0 {
            column.push(Tensor::zeros([count, at, 1], &pivot.device()));
        }
        column.push(pivot.clone());
        if at + 1 < n {
            let below = rest.clone().narrow(2, at, 1).narrow(1, at + 1, n - at - 1);
            column.push(below / pivot);
        }
        let column = Tensor::cat(column, 1);
        rest = rest - column.clone() * column.clone().transpose();
        columns.push(column);
    }
    Tensor::cat(columns, 2)
}

/// Solves `factor * x = columns` by forward substitution, and gives the logarithm
/// of each factor's determinant, `[count, 1]`.
fn solve(factors: Tensor<3>, columns: Tensor<3>) -> (Tensor<3>, Tensor<2>) {
    let [count, n, _] = factors.dims();
    let mut rest = columns;
    let mut rows = Vec::with_capacity(n);
    let mut log_det = Tensor::<2>::zeros([count, 1], &factors.device());
    for at in 0..n {
        let pivot = factors.clone().narrow(1, at, 1).narrow(2, at, 1);
        let row = rest.clone().narrow(1, at, 1) / pivot.clone();
        rest = rest - factors.clone().narrow(2, at, 1) * row.clone();
        log_det = log_det + pivot.log().reshape([count, 1]);
        rows.push(row);
    }
    (Tensor::cat(rows, 1), log_det)
}

#[cfg(test)]
#[path = "prior_tests.rs"]
mod tests;
