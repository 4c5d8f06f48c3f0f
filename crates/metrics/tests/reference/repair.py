"""What classical filters make of the pictures that `upscale` and `repair` are measured on.

    train eval --model static/models/repair --count 150 --pairs /tmp/repair.safetensors
    train eval --model static/models/upscale --count 250 --pairs /tmp/upscale.safetensors
    python repair.py /tmp/repair.safetensors /tmp/upscale.safetensors

Filters are those of scikit-image (with PyWavelets), SciPy and OpenCV, enlargement is Pillow's. Each filter's
parameters are chosen by PSNR on the validation split, case by case, so they know how
strong the noise is; the net is told nothing. Figures are of the same pictures of the
test split, as bytes, and are kept in `repair.json` beside this file.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from safetensors.numpy import load_file
from scipy.ndimage import median_filter
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from skimage.restoration import (
    denoise_bilateral,
    denoise_nl_means,
    denoise_tv_chambolle,
    denoise_wavelet,
)

SAME = 60.0


def bytes_of(picture):
    return np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def figures(made, truth):
    near, alike = [], []
    for a, b in zip(made, truth):
        a, b = bytes_of(a), bytes_of(b)
        near.append(SAME if (a == b).all() else min(SAME, peak_signal_noise_ratio(b, a)))
        alike.append(
            structural_similarity(
                b, a, channel_axis=2, gaussian_weights=True, sigma=1.5,
                use_sample_covariance=False, data_range=255,
            )
        )
    return float(np.mean(near)), float(np.mean(alike))


def cv_nl_means(picture, h):
    return cv2.fastNlMeansDenoisingColored(bytes_of(picture), None, h, h, 3, 11) / 255.0


FILTERS = {
    "median": (lambda p, size: median_filter(p, (size, size, 1)), [(3,), (5,)]),
    "bilateral": (
        lambda p, colour, space: denoise_bilateral(
            p, sigma_color=colour, sigma_spatial=space, channel_axis=2
        ),
        [(c, s) for c in (0.05, 0.1, 0.2, 0.4) for s in (1.0, 2.0)],
    ),
    "non-local means": (
        lambda p, h: denoise_nl_means(
            p, patch_size=3, patch_distance=7, h=h, fast_mode=True, channel_axis=2
        ),
        [(h,) for h in (0.02, 0.04, 0.06, 0.09, 0.13, 0.18)],
    ),
    "non-local means (OpenCV)": (cv_nl_means, [(h,) for h in (3, 6, 10, 15, 25, 40)]),
    "total variation": (
        lambda p, weight: denoise_tv_chambolle(p, weight=weight, channel_axis=2),
        [(w,) for w in (0.02, 0.05, 0.08, 0.12, 0.2, 0.3)],
    ),
    "wavelets": (
        lambda p, sigma: denoise_wavelet(
            p, sigma=sigma, channel_axis=2, convert2ycbcr=True, rescale_sigma=True
        ),
        [(s,) for s in (0.03, 0.06, 0.1, 0.15, 0.2)],
    ),
    "none": (lambda p: p, [()]),
}


def filtered(name, parameters, pictures):
    return [FILTERS[name][0](picture, *parameters) for picture in pictures]


def repair(file):
    arrays = load_file(file)
    cases = sorted({name.split(".")[1] for name in arrays if name.count(".") == 2})
    found = {}
    for case in cases:
        # Sixty are enough to choose a parameter by.
        shown, truth = arrays[f"validation.{case}.shown"][:60], arrays["validation.truth"][:60]
        rows = {}
        for name, (_, grid) in FILTERS.items():
            best = max(grid, key=lambda p: figures(filtered(name, p, shown), truth)[0])
            near, alike = figures(
                filtered(name, best, arrays[f"test.{case}.shown"]), arrays["test.truth"]
            )
            rows[name] = {"parameters": best, "psnr": round(near, 3), "ssim": round(alike, 4)}
        near, alike = figures(arrays[f"test.{case}.made"], arrays["test.truth"])
        rows["repair"] = {"psnr": round(near, 3), "ssim": round(alike, 4)}
        found[case] = rows
        print(case, json.dumps(rows, indent=1), flush=True)
    return {"pictures": len(arrays["test.truth"]), "cases": found}


def upscale(file):
    arrays = load_file(file)
    shown, truth = arrays["test.small.shown"], arrays["test.truth"]
    side = truth.shape[1]
    rows = {}
    for name, way in [("nearest", Image.NEAREST), ("bicubic", Image.BICUBIC), ("lanczos", Image.LANCZOS)]:
        made = [
            np.asarray(Image.fromarray(bytes_of(p)).resize((side, side), way)) / 255.0
            for p in shown
        ]
        near, alike = figures(made, truth)
        rows[name] = {"psnr": round(near, 3), "ssim": round(alike, 4)}
    near, alike = figures(arrays["test.small.made"], truth)
    rows["upscale"] = {"psnr": round(near, 3), "ssim": round(alike, 4)}
    print(json.dumps(rows, indent=1))
    return {"pictures": len(truth), "ways": rows}


if __name__ == "__main__":
    result = {"repair": repair(sys.argv[1]), "upscale": upscale(sys.argv[2])}
    out = Path(__file__).with_name("repair.json")
    out.write_text(json.dumps(result, indent=1) + "\n")
