"""Writes reference.json: what PyTorch computes for small fixed inputs.

    python -m venv venv && venv/bin/pip install numpy torch
    venv/bin/python reference.py

Inputs are float32, the precision in which the Rust gets them; everything is
computed from them in float64, so that what differs is the Rust's own rounding.
Arrays are flat and row-major, with their shape beside them where it is not
plain. A gradient named `d_x` is that of the sum of the outputs, or where
`upstream` is given, of the sum of the outputs times `upstream`.
"""

import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from torch.distributions import MultivariateNormal, Normal, kl_divergence
from torch.nn.utils.parametrizations import spectral_norm

rng = np.random.default_rng(1807)


def given(*shape, scale=1.0, low=None):
    """A float64 tensor of float32 values that wants a gradient."""
    if low is None:
        values = rng.normal(0, scale, shape)
    else:
        values = rng.uniform(low, scale, shape)
    return leaf(values)


def leaf(values):
    rounded = np.asarray(values, dtype=np.float32).astype(np.float64)
    return torch.tensor(rounded, requires_grad=True)


def inputs(tensor):
    """As the shortest decimals that are the same float32."""
    return [float(str(v)) for v in tensor.detach().numpy().astype(np.float32).ravel()]


def outputs(tensor):
    return [float(f"{v:.12g}") for v in tensor.detach().numpy().ravel()]


def gradients(value, *tensors):
    return [outputs(g) for g in torch.autograd.grad(value.sum(), tensors)]


def gaussian_kl():
    mean, log_variance = given(4, 3), given(4, 3)
    with torch.no_grad():
        mean[0], log_variance[0] = 0.0, 0.0  # the standard normal itself
        mean[1, 0], log_variance[1, 1], log_variance[1, 2] = 6.0, -12.0, 5.0
    deviation = (log_variance / 2).exp()
    standard = Normal(torch.zeros_like(mean), torch.ones_like(mean))
    kl = kl_divergence(Normal(mean, deviation), standard).sum(1)
    d_mean, d_log_variance = gradients(kl, mean, log_variance)
    return {
        "rows": 4, "columns": 3,
        "mean": inputs(mean), "log_variance": inputs(log_variance),
        "kl": outputs(kl), "d_mean": d_mean, "d_log_variance": d_log_variance,
    }


def bernoulli():
    logits, targets = given(4, 6, scale=3.0), given(4, 6, scale=1.0, low=0.0)
    with torch.no_grad():
        logits[0] = torch.tensor([0.0, 100.0, -100.0, 30.0, -30.0, 88.0])
        targets[0] = torch.tensor([0.5, 1.0, 0.0, 0.0, 1.0, 0.25])
    nll = F.binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(1)
    (d_logits,) = gradients(nll, logits)
    return {
        "rows": 4, "columns": 6,
        "logits": inputs(logits), "targets": inputs(targets),
        "nll": outputs(nll), "d_logits": d_logits,
    }


def gan_losses():
    real, fake = given(8, 1, scale=3.0), given(8, 1, scale=3.0)
    with torch.no_grad():
        real[0], real[1], fake[0], fake[1] = 60.0, -60.0, 60.0, -60.0
    out = {"count": 8, "real": inputs(real), "fake": inputs(fake), "non_saturating": [], "hinge": {}}
    bce = F.binary_cross_entropy_with_logits
    for smoothing in (0.0, 0.1, 0.25):
        d = bce(real, torch.full_like(real, 1 - smoothing)) + bce(fake, torch.zeros_like(fake))
        d_real, d_fake = gradients(d, real, fake)
        out["non_saturating"].append(
            {"smoothing": smoothing, "d_loss": d.item(), "d_real": d_real, "d_fake": d_fake}
        )
    g = bce(fake, torch.ones_like(fake))
    out["non_saturating_g"] = {"g_loss": g.item(), "d_fake": gradients(g, fake)[0]}
    d = F.relu(1 - real).mean() + F.relu(1 + fake).mean()
    d_real, d_fake = gradients(d, real, fake)
    g = -fake.mean()
    out["hinge"] = {
        "d_loss": d.item(), "d_real": d_real, "d_fake": d_fake,
        "g_loss": g.item(), "g_d_fake": gradients(g, fake)[0],
    }
    return out


def spectral():
    """torch keeps v and starts an iteration with u; ours keeps u: the same
    sequence, if torch's v is made from our u."""
    cases = []
    for shape in ((3, 5), (6, 4), (4, 2, 4, 4), (8, 1, 3, 3)):
        weight, upstream = given(*shape), given(*shape)
        matrix = weight.detach().reshape(shape[0], -1)
        u = F.normalize(given(shape[0]).detach(), dim=0)
        u = torch.tensor(u.numpy().astype(np.float32).astype(np.float64))
        after = []
        for iterations in (1, 3, 10, 200):
            if len(shape) == 2:
                layer = torch.nn.Linear(shape[1], shape[0], bias=False)
            else:
                layer = torch.nn.Conv2d(shape[1], shape[0], shape[2], bias=False)
            layer = layer.double()
            with torch.no_grad():
                layer.weight.copy_(weight)
            spectral_norm(layer, n_power_iterations=iterations)
            kept = layer.parametrizations.weight[0]
            with torch.no_grad():
                kept._u.copy_(u)
                kept._v.copy_(F.normalize(matrix.T @ u, dim=0))
            layer.train()
            normalised = layer.weight
            original = layer.parametrizations.weight.original
            (d_weight,) = torch.autograd.grad((normalised * upstream.detach()).sum(), original)
            sigma = kept._u @ (matrix @ kept._v)
            after.append(
                {
                    "iterations": iterations,
                    "u": outputs(kept._u),
                    "sigma": sigma.item(),
                    "normalised": outputs(normalised),
                    "d_weight": outputs(d_weight),
                }
            )
        cases.append(
            {
                "shape": list(shape),
                "weight": inputs(weight), "upstream": inputs(upstream), "u": inputs(u),
                "largest_singular_value": torch.linalg.svdvals(matrix)[0].item(),
                "after": after,
            }
        )
    return cases


def optimizers():
    """Two parameters; the gradients of each step are given, not computed."""
    shapes = [(3,), (2, 2)]
    start = [given(*shape) for shape in shapes]
    steps = [[given(*shape, scale=1.0 + step % 3) for shape in shapes] for step in range(10)]
    with torch.no_grad():
        steps[4][0][:] = 0.0  # a parameter without gradient for one step
        steps[6][1] *= 1e-6
        steps[7][1] *= 1e3
    for step in steps:  # float32 again after the scaling
        step[:] = [leaf(g.detach().numpy()) for g in step]
    build = torch.optim
    rules = [
        ("adam", {"beta1": 0.9, "beta2": 0.999}, 0.01, None),
        ("adam", {"beta1": 0.5, "beta2": 0.99}, 0.1, None),
        ("adam", {"beta1": 0.0, "beta2": 0.9}, 0.02, 1.0),
        ("adamw", {"beta1": 0.9, "beta2": 0.999, "weight_decay": 0.1}, 0.01, None),
        ("adamw", {"beta1": 0.9, "beta2": 0.95, "weight_decay": 0.5}, 0.05, 0.5),
        ("sgd", {"momentum": 0.0}, 0.1, None),
        ("sgd", {"momentum": 0.9}, 0.01, None),
        ("sgd", {"momentum": 0.9}, 0.01, 2.0),
    ]
    cases = []
    for rule, numbers, rate, clip_norm in rules:
        weights = [torch.nn.Parameter(w.detach().clone()) for w in start]
        if rule == "sgd":
            optimizer = build.SGD(weights, lr=rate, momentum=numbers["momentum"])
        else:
            betas = (numbers["beta1"], numbers["beta2"])
            optimizer = (
                build.Adam(weights, lr=rate, betas=betas)
                if rule == "adam"
                else build.AdamW(weights, lr=rate, betas=betas, weight_decay=numbers["weight_decay"])
            )
        after, norms = [], []
        for step in steps:
            for weight, gradient in zip(weights, step):
                weight.grad = gradient.detach().clone()
            if clip_norm is not None:
                norms.append(torch.nn.utils.clip_grad_norm_(weights, clip_norm).item())
            optimizer.step()
            after.append([outputs(w) for w in weights])
        cases.append(
            {
                "rule": rule, **numbers, "rate": rate,
                "clip_norm": clip_norm, "norms": norms, "after": after,
            }
        )
    return {
        "shapes": shapes,
        "start": [inputs(w) for w in start],
        "gradients": [[inputs(g) for g in step] for step in steps],
        "cases": cases,
    }


def rates(total, make):
    """The learning rate at each step, as torch's schedulers give it."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.002)
    scheduler = make(optimizer)
    found = []
    for _ in range(total):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def schedules():
    lr = torch.optim.lr_scheduler
    rising = lambda warm: lambda o: lr.LinearLR(o, 1 / warm, 1.0, warm - 1)
    total, per_epoch = 60, 10
    cases = []
    for warm, floor in ((0, 0.0), (0, 0.1), (8, 0.05)):
        after = lambda o: lr.CosineAnnealingLR(o, total - warm, 0.002 * floor)
        make = after if warm == 0 else lambda o: lr.SequentialLR(o, [rising(warm)(o), after(o)], [warm])
        cases.append({"shape": "cosine", "floor": floor, "warmup": warm, "rates": rates(total, make)})
    for warm, every, factor in ((0, 2, 0.5), (8, 1, 0.3)):
        # Drops are counted from the run's start, not from the end of the rise.
        found = rates(total, lambda o: lr.StepLR(o, every * per_epoch, factor))
        if warm:
            found[:warm] = rates(warm, rising(warm))
        cases.append({"shape": "step", "every": every, "factor": factor, "warmup": warm, "rates": found})
    found = rates(total, rising(8))
    cases.append({"shape": "constant", "warmup": 8, "rates": found})
    for case in cases:
        case["rates"] = [float(f"{r:.12g}") for r in case["rates"]]
    return {"learning_rate": 0.002, "steps_per_epoch": per_epoch, "total": total, "cases": cases}


def layers():
    x = given(2, 6, 3, 3, scale=2.0)  # moved off zero, so that the mean matters
    gamma, beta, upstream = given(6), given(6), given(2, 6, 3, 3)
    shifted = leaf((x + 1.5).detach().numpy())
    y = F.group_norm(shifted, 3, gamma, beta, eps=1e-5)
    d_x, d_gamma, d_beta = gradients(y * upstream, shifted, gamma, beta)
    norm = {
        "shape": [2, 6, 3, 3], "groups": 3, "epsilon": 1e-5,
        "x": inputs(shifted), "gamma": inputs(gamma), "beta": inputs(beta),
        "upstream": inputs(upstream), "y": outputs(y),
        "d_x": d_x, "d_gamma": d_gamma, "d_beta": d_beta,
    }
    found = {"group_norm": norm}
    for name, function, x_shape, w_shape in (
        ("conv_transpose", F.conv_transpose2d, (2, 2, 4, 4), (2, 3, 4, 4)),
        ("conv", F.conv2d, (2, 2, 8, 8), (3, 2, 4, 4)),
    ):
        x, weight, bias = given(*x_shape), given(*w_shape), given(3)
        y = function(x, weight, bias, stride=2, padding=1)
        upstream = given(*y.shape)
        d_x, d_weight, d_bias = gradients(y * upstream, x, weight, bias)
        found[name] = {
            "stride": 2, "padding": 1,
            "x_shape": x_shape, "weight_shape": w_shape, "y_shape": list(y.shape),
            "x": inputs(x), "weight": inputs(weight), "bias": inputs(bias),
            "upstream": inputs(upstream), "y": outputs(y),
            "d_x": d_x, "d_weight": d_weight, "d_bias": d_bias,
        }
    return found


def ema():
    """The decay of each step is `min(decay, (1 + step) / (10 + step))`, steps
    from 0: the early weights are forgotten sooner."""
    decay, steps = 0.8, 60
    weights = [given(4) for _ in range(steps)]
    average = given(4)
    start, after, decays = inputs(average), [], []
    model = torch.optim.swa_utils
    average = average.detach().clone()
    for step, weight in enumerate(weights):
        d = min(decay, (1 + step) / (10 + step))
        model.get_ema_multi_avg_fn(d)([average], [weight.detach()], None)
        decays.append(float(f"{d:.12g}"))
        after.append(outputs(average))
    return {
        "decay": decay, "start": start, "weights": [inputs(w) for w in weights],
        "decays": decays, "after": after,
    }


def class_prior():
    """Moments of each class followed over two batches, a class missing from the
    second, then divergences and points under what was fitted."""
    kinds, latent, count = 3, 4, 12
    mean, covariance = np.zeros((kinds, latent)), np.stack([np.eye(latent)] * kinds)
    batches = []
    for rate, labels in ((0.9, [0, 1, 2] * 4), (0.4, [0, 1] * 6)):
        centres, log_variances = given(count, latent, scale=2.0), given(count, latent)
        m, v = centres.detach().numpy(), log_variances.detach().exp().numpy()
        for c in range(kinds):
            own = [i for i, label in enumerate(labels) if label == c]
            if not own:
                continue
            share = min(1.0, rate * len(own) * kinds / count)
            mean[c] += share * (m[own].mean(0) - mean[c])
            apart = m[own] - mean[c]
            spread = (apart[:, :, None] * apart[:, None, :]).mean(0) + np.diag(v[own].mean(0))
            covariance[c] += share * (spread - covariance[c])
        batches.append({
            "rate": rate, "labels": labels,
            "mean": inputs(centres), "log_variance": inputs(log_variances),
        })
    centres, log_variances = given(kinds, latent, scale=2.0), given(kinds, latent)
    prior = MultivariateNormal(torch.tensor(mean), torch.tensor(covariance))
    points = MultivariateNormal(centres, torch.diag_embed(log_variances.exp()))
    factors = torch.linalg.cholesky(torch.tensor(covariance))
    noise, weights = given(2, latent), given(2, kinds, scale=1.0, low=-0.5)
    blend = lambda of: torch.einsum("nc,c...->n...", weights, of)
    placed = blend(torch.tensor(mean)) + (blend(factors) @ noise[:, :, None])[:, :, 0]
    return {
        "kinds": kinds, "latent": latent, "count": count, "batches": batches,
        "mean": inputs(centres), "log_variance": inputs(log_variances),
        "kl": outputs(kl_divergence(points, prior)),
        "standard": outputs(torch.linalg.solve_triangular(
            factors, (centres - torch.tensor(mean))[:, :, None], upper=False)),
        "noise": inputs(noise), "weights": inputs(weights), "placed": outputs(placed),
    }


def flow():
    """The U-Net of a flow, with the names that the Rust gives its parameters."""
    width, classes, count, told = 4, 3, 2, 16
    weights = {}

    def layer(name, *shape, bias=None):
        weights[f"{name}.weight"] = given(*shape, scale=0.3)
        if bias:
            weights[f"{name}.bias"] = given(bias, scale=0.3)

    def norm(name, channels):
        weights[f"{name}.gamma"], weights[f"{name}.beta"] = given(channels), given(channels)

    def residual(name, i, o):
        norm(f"{name}.norm_in", i)
        layer(f"{name}.conv_in", o, i, 3, 3, bias=o)
        norm(f"{name}.norm_out", o)
        layer(f"{name}.zero_condition", told, 2 * o, bias=2 * o)
        layer(f"{name}.zero_conv", o, o, 3, 3, bias=o)
        if i != o:
            layer(f"{name}.past.conv", o, i, 1, 1, bias=o)

    layer("condition.first", 64, told, bias=told)
    layer("condition.second", told, told, bias=told)
    layer("condition.class", classes, told)
    layer("input", width, 4, 3, 3, bias=width)
    residual("fine_down", width, width)
    layer("down", 2 * width, width, 3, 3, bias=2 * width)
    residual("coarse.0", 2 * width, 2 * width)
    residual("coarse.1", 2 * width, 2 * width)
    layer("up.conv", 4 * width, 2 * width, 1, 1, bias=4 * width)
    residual("fine_up", 2 * width, width)
    norm("norm", width)
    layer("zero_output", 4, width, 3, 3, bias=4)

    w = weights
    linear = lambda x, name: x @ w[f"{name}.weight"] + w.get(f"{name}.bias", 0.0)
    conv = lambda x, name, pad=1, stride=1: F.conv2d(
        x, w[f"{name}.weight"], w[f"{name}.bias"], stride, pad)
    groups = lambda c: max(g for g in range(1, min(8, c) + 1) if c % g == 0)
    normed = lambda x, name: F.group_norm(
        x, groups(x.shape[1]), w[f"{name}.gamma"], w[f"{name}.beta"])

    def block(x, name, c):
        h = conv(F.silu(normed(x, f"{name}.norm_in")), f"{name}.conv_in")
        gain, shift = linear(c, f"{name}.zero_condition")[:, :, None, None].chunk(2, 1)
        h = normed(h, f"{name}.norm_out") * (1 + gain) + shift
        h = conv(F.silu(h), f"{name}.zero_conv")
        return h + (conv(x, f"{name}.past.conv", 0) if f"{name}.past.conv.weight" in w else x)

    pictures, times = given(count, 784), [0.25, 0.875]
    shares, upstream = given(count, classes, scale=1.0, low=0.0), given(count, 784)
    angles = torch.tensor(times, dtype=torch.float64)[:, None] * 1000.0 ** (
        torch.arange(32, dtype=torch.float64) / 31)
    c = linear(torch.cat([angles.sin(), angles.cos()], 1), "condition.first")
    c = F.silu(linear(F.silu(c), "condition.second") + linear(shares, "condition.class"))
    fine = conv(F.pixel_unshuffle(pictures.reshape(count, 1, 28, 28), 2), "input")
    fine = block(fine, "fine_down", c)
    coarse = block(block(conv(fine, "down", 1, 2), "coarse.0", c), "coarse.1", c)
    up = F.pixel_shuffle(conv(coarse, "up.conv", 0), 2)
    fine = block(torch.cat([up, fine], 1), "fine_up", c)
    out = F.pixel_shuffle(conv(F.silu(normed(fine, "norm")), "zero_output"), 2).flatten(1)
    names = list(weights)
    found = torch.autograd.grad((out * upstream.detach()).sum(), [weights[n] for n in names])
    return {
        "width": width, "classes": classes, "times": times,
        "weights": [
            {"name": n, "shape": list(w[n].shape), "values": inputs(w[n]), "gradient": outputs(g)}
            for n, g in zip(names, found)
        ],
        "pictures": inputs(pictures), "shares": inputs(shares), "upstream": inputs(upstream),
        "velocity": outputs(out),
    }


def couplings():
    """Affine couplings over five coordinates, three layers; the log-determinant
    is that of the Jacobian, which torch finds row by row."""
    count, latent, classes, hidden, layers, most = 4, 5, 3, 6, 3, 1.5
    kept, moved = latent // 2, latent - latent // 2
    weights = {}
    for at in range(layers):
        for name, *shape in (
            ("input", kept, hidden), ("class", classes, hidden),
            ("hidden", hidden, hidden), ("zero_output", hidden, 2 * moved),
        ):
            weights[f"layers.{at}.{name}.weight"] = given(*shape, scale=0.7)
            if name != "class":
                weights[f"layers.{at}.{name}.bias"] = given(shape[-1], scale=0.3)

    def straight(x, shares):
        for at in range(layers):
            linear = lambda x, name: (
                x @ weights[f"layers.{at}.{name}.weight"]
                + weights.get(f"layers.{at}.{name}.bias", 0.0))
            still, rest = x[:kept], x[kept:]
            h = F.silu(linear(still, "input") + linear(shares, "class"))
            stretch, shift = linear(F.silu(linear(h, "hidden")), "zero_output").chunk(2)
            rest = (rest + shift) * (most * torch.tanh(stretch / most)).exp()
            x = torch.roll(torch.cat([still, rest]), -(kept + at % 2 * (kept // 2)))
        return x

    points, shares = given(count, latent), given(count, classes, scale=1.0, low=0.0)
    out = torch.stack([straight(x, c) for x, c in zip(points, shares)])
    log_det = torch.stack([
        torch.linalg.slogdet(torch.autograd.functional.jacobian(
            lambda x: straight(x, c), x, create_graph=True))[1]
        for x, c in zip(points, shares)
    ])
    loss = (out.square().sum(1) / 2 - log_det).mean()
    names = list(weights)
    found = torch.autograd.grad(loss, [weights[n] for n in names])
    return {
        "latent": latent, "classes": classes, "hidden": hidden, "layers": layers,
        "weights": [
            {"name": n, "shape": list(weights[n].shape), "values": inputs(weights[n]),
             "gradient": outputs(g)}
            for n, g in zip(names, found)
        ],
        "points": inputs(points), "shares": inputs(shares),
        "straight": outputs(out), "log_det": outputs(log_det),
    }


out = {
    "made_with": {"torch": torch.__version__, "numpy": np.__version__},
    "gaussian_kl": gaussian_kl(),
    "bernoulli": bernoulli(),
    "gan": gan_losses(),
    "spectral": spectral(),
    "optimizers": optimizers(),
    "schedules": schedules(),
    "layers": layers(),
    "ema": ema(),
    "class_prior": class_prior(),
    "flow": flow(),
    "couplings": couplings(),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
