"""Writes metrics.json: what NumPy, SciPy and scikit-image compute for small inputs.

    python -m venv venv && venv/bin/pip install numpy scipy scikit-image
    venv/bin/python metrics.py

Written in the most direct way, by other routes than the Rust: Frechet by a
general matrix square root, kernels and distances by their definitions.
"""

import json
import pathlib

import numpy as np
import scipy
import skimage
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist, pdist
from scipy.stats import entropy, mannwhitneyu, norm
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

rng = np.random.default_rng(20251124)


def rows(values):
    """As float32, the precision in which Rust gets them."""
    return np.asarray(values, dtype=np.float32)


def frechet(a, b):
    a, b = a.astype(np.float64), b.astype(np.float64)
    s1, s2 = (np.atleast_2d(np.cov(x, rowvar=False)) for x in (a, b))
    root = sqrtm(s1 @ s2).real
    mean = a.mean(0) - b.mean(0)
    return float(mean @ mean + np.trace(s1 + s2 - 2 * root))


def kernel(a, b):
    a, b = a.astype(np.float64), b.astype(np.float64)
    k = lambda x, y: (x @ y.T / x.shape[1] + 1) ** 3
    n, m = len(a), len(b)
    aa, bb, ab = k(a, a), k(b, b), k(a, b)
    return float(
        (aa.sum() - np.trace(aa)) / (n * (n - 1))
        + (bb.sum() - np.trace(bb)) / (m * (m - 1))
        - 2 * ab.mean()
    )


def manifold(real, fake, k):
    real, fake = real.astype(np.float64), fake.astype(np.float64)
    radius = lambda x: np.sort(cdist(x, x), axis=1)[:, k]  # 0 is the point itself
    between = cdist(real, fake)
    in_real = between <= radius(real)[:, None]
    in_fake = between <= radius(fake)[None, :]
    return {
        "precision": float(in_real.any(0).mean()),
        "recall": float(in_fake.any(1).mean()),
        "density": float(in_real.sum() / (k * len(fake))),
        "coverage": float(in_real.any(1).mean()),
    }


distributions = []
for name, a, b in [
    ("two normals", rng.normal(size=(40, 5)), rng.normal(0.5, 1.3, size=(30, 5))),
    ("correlated", rng.normal(size=(60, 4)) @ rng.normal(size=(4, 4)), rng.normal(size=(50, 4)) @ rng.normal(size=(4, 4)) + 1),
    ("one dimension", rng.normal(size=(25, 1)), rng.normal(2, 0.5, size=(20, 1))),
    ("features as after a ReLU", np.maximum(rng.normal(size=(50, 8)), 0), np.maximum(rng.normal(0.3, 1, size=(45, 8)), 0)),
    ("collapsed", rng.normal(size=(40, 3)), rng.normal(size=(1, 3)) + 0.05 * rng.normal(size=(30, 3))),
    ("fewer rows than dimensions", rng.normal(size=(6, 10)), rng.normal(size=(7, 10))),
]:
    a, b = rows(a), rows(b)
    nearest = cdist(b.astype(np.float64), a.astype(np.float64))
    distributions.append(
        {
            "name": name,
            "dims": a.shape[1],
            "a": a.ravel().tolist(),
            "b": b.ravel().tolist(),
            "frechet": frechet(a, b),
            "kernel": kernel(a, b),
            "k": 3,
            "manifold": manifold(a, b, 3),
            "nearest_index": nearest.argmin(1).tolist(),
            "nearest_distance": nearest.min(1).tolist(),
            "mean_pairwise_a": float(pdist(a.astype(np.float64)).mean()),
            "mean_pairwise_b": float(pdist(b.astype(np.float64)).mean()),
        }
    )

pictures = []
for name, side, noise, peak in [
    ("a little noise", (28, 28), 0.02, 1.0),
    ("much noise", (28, 28), 0.4, 1.0),
    ("not square, bytes", (17, 23), 20.0, 255.0),
    ("the smallest that fits", (11, 11), 0.1, 1.0),
]:
    y, x = np.mgrid[0 : side[0], 0 : side[1]]
    a = rows(peak * (0.5 + 0.4 * np.sin(x / 3) * np.cos(y / 4)))
    b = rows(np.clip(a + rng.normal(0, noise, a.shape), 0, peak))
    wide = [v.astype(np.float64) for v in (a, b)]
    pictures.append(
        {
            "name": name,
            "width": side[1],
            "height": side[0],
            "peak": peak,
            "a": a.ravel().tolist(),
            "b": b.ravel().tolist(),
            "psnr": float(peak_signal_noise_ratio(*wide, data_range=peak)),
            "ssim": float(
                structural_similarity(
                    *wide,
                    data_range=peak,
                    gaussian_weights=True,
                    sigma=1.5,
                    use_sample_covariance=False,
                )
            ),
        }
    )

entropies = [
    {"counts": counts, "bits": float(entropy(counts, base=2))}
    for counts in ([1, 1], [3, 5, 0, 2], [10] * 10, [997, 1, 1, 1], [0, 7])
]

scores = []
for name, test, made in [
    ("alike", rng.gamma(4, 1, 60), rng.gamma(4, 1, 50)),
    ("copied", rng.gamma(4, 1, 80), rng.gamma(2, 0.5, 40)),
    ("with ties", rng.integers(0, 6, 70) / 2, rng.integers(1, 8, 90) / 2),
]:
    # One side's probability without the continuity correction, as a Z-score.
    found = mannwhitneyu(
        made, test, alternative="less", method="asymptotic", use_continuity=False
    )
    scores.append(
        {
            "name": name,
            "test": test.tolist(),
            "made": made.tolist(),
            "z": float(norm.ppf(found.pvalue)),
        }
    )

queries, keys = rows(rng.normal(size=(9, 6))), rows(rng.normal(size=(25, 6)))
own = rng.integers(0, 25, 9)
products = queries.astype(np.float64) @ keys.astype(np.float64).T
order = np.argsort(-products, axis=1)
retrieval = {
    "dims": 6,
    "queries": queries.ravel().tolist(),
    "keys": keys.ravel().tolist(),
    "own": own.tolist(),
    "ranks": [int(np.where(row == key)[0][0]) + 1 for row, key in zip(order, own)],
}

out = {
    "made_with": {
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-image": skimage.__version__,
    },
    "distributions": distributions,
    "pictures": pictures,
    "entropies": entropies,
    "scores": scores,
    "retrieval": retrieval,
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(out) + "\n")
