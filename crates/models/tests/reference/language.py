"""Writes language.json: what PyTorch computes by nets that write.

    python -m venv venv && venv/bin/pip install numpy torch
    venv/bin/python language.py

Weights are float32, the precision in which the Rust gets them; everything is computed
from them in float64. Each net is written here from its paper and from PyTorch's own
layers, not from the Rust. A loss is the mean negative log likelihood, in nats, of the
places that count.
"""

import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

rng = np.random.default_rng(2017)
VOCABULARY, ROWS, COLUMNS = 11, 3, 5


def given(*shape, scale=0.5):
    rounded = rng.normal(0, scale, shape).astype(np.float32).astype(np.float64)
    return torch.tensor(rounded, requires_grad=True)


def inputs(tensor):
    return [float(str(v)) for v in tensor.detach().numpy().astype(np.float32).ravel()]


def outputs(tensor):
    return [float(f"{v:.12g}") for v in tensor.detach().numpy().ravel()]


def texts():
    tokens = rng.integers(0, VOCABULARY, (ROWS, COLUMNS + 1))
    counts = np.ones((ROWS, COLUMNS), dtype=int)
    counts[0, 0] = 0
    counts[1, 3:] = 0
    counts[2, 4] = 0
    return tokens[:, :-1], tokens[:, 1:], counts


def mean_loss(logits, targets, counts):
    nll = F.cross_entropy(
        logits.reshape(-1, VOCABULARY), torch.tensor(targets).reshape(-1), reduction="none"
    )
    counts = torch.tensor(counts).reshape(-1)
    return (nll * counts).sum() / counts.sum()


def described(weights, loss, logits, of_texts, **more):
    tokens, targets, counts = of_texts
    found = torch.autograd.grad(loss, list(weights.values()), allow_unused=True)
    return {
        "vocabulary": VOCABULARY, "rows": ROWS, "columns": COLUMNS,
        "inputs": tokens.ravel().tolist(), "targets": targets.ravel().tolist(),
        "counts": counts.ravel().tolist(),
        "weights": [
            {"name": n, "shape": list(w.shape), "values": inputs(w), "gradient": outputs(g)}
            for (n, w), g in zip(weights.items(), found)
        ],
        "logits": outputs(logits), "loss": loss.item(), **more,
    }


def transformer():
    width, heads, hidden, layers = 8, 2, 6, 2
    head = width // heads
    weights = {"table": given(VOCABULARY, width)}
    for i in range(layers):
        weights |= {
            f"layers.{i}.before_attention.gamma": given(width, scale=1.0),
            f"layers.{i}.attend.weight": given(width, 3 * width),
            f"layers.{i}.gather.weight": given(width, width),
            f"layers.{i}.before_feed.gamma": given(width, scale=1.0),
            f"layers.{i}.up.weight": given(width, 2 * hidden),
            f"layers.{i}.down.weight": given(hidden, width),
        }
    weights["norm.gamma"] = given(width, scale=1.0)
    of_texts = texts()
    tokens = torch.tensor(of_texts[0])

    # Rotations as products of complex numbers: coordinate i pairs with i + head / 2.
    frequencies = 10000.0 ** (-torch.arange(head // 2, dtype=torch.float64) / (head // 2))
    angles = torch.outer(torch.arange(COLUMNS, dtype=torch.float64), frequencies)
    turns = torch.polar(torch.ones_like(angles), angles)

    def turned(x):
        pairs = torch.complex(x[..., : head // 2], x[..., head // 2 :]) * turns
        return torch.cat([pairs.real, pairs.imag], -1)

    def norm(x, name):
        return F.rms_norm(x, (width,), weights[name], eps=1e-5)

    x = F.embedding(tokens, weights["table"])
    for i in range(layers):
        mixed = norm(x, f"layers.{i}.before_attention.gamma") @ weights[f"layers.{i}.attend.weight"]
        split = lambda t: t.view(ROWS, COLUMNS, heads, head).transpose(1, 2)
        q, k, v = (split(t) for t in mixed.chunk(3, -1))
        seen = F.scaled_dot_product_attention(turned(q), turned(k), v, is_causal=True)
        seen = seen.transpose(1, 2).reshape(ROWS, COLUMNS, width)
        x = x + seen @ weights[f"layers.{i}.gather.weight"]
        gate, up = (
            norm(x, f"layers.{i}.before_feed.gamma") @ weights[f"layers.{i}.up.weight"]
        ).chunk(2, -1)
        x = x + (F.silu(gate) * up) @ weights[f"layers.{i}.down.weight"]
    logits = norm(x, "norm.gamma") @ weights["table"].T
    loss = mean_loss(logits, of_texts[1], of_texts[2])
    return described(
        weights, loss, logits, of_texts, width=width, heads=heads, hidden=hidden, layers=layers
    )


def memory(weights, prefix, x, state, more=None):
    """One layer of memory (Hochreiter 1997); `more` is added to its gates each time."""
    h, c = state
    made = []
    for time in range(x.shape[1]):
        gates = x[:, time] @ weights[f"{prefix}.input"] + h @ weights[f"{prefix}.recurrent"]
        gates = gates + weights[f"{prefix}.bias"] + (0 if more is None else more)
        i, f, g, o = gates.chunk(4, 1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        made.append(h)
    return torch.stack(made, 1), (h, c)


def layer_of(prefix, width):
    return {
        f"{prefix}.input": given(width, 4 * width),
        f"{prefix}.recurrent": given(width, 4 * width),
        f"{prefix}.bias": given(4 * width),
    }


def lstm():
    width, layers = 6, 2
    weights = {"table": given(VOCABULARY, width)}
    for i in range(layers):
        weights |= layer_of(f"layers.{i}", width)
    of_texts = texts()
    x = F.embedding(torch.tensor(of_texts[0]), weights["table"])
    net = torch.nn.LSTM(width, width, layers, batch_first=True, dtype=torch.float64)
    own = {}
    for i in range(layers):
        own[f"weight_ih_l{i}"] = weights[f"layers.{i}.input"].T
        own[f"weight_hh_l{i}"] = weights[f"layers.{i}.recurrent"].T
        own[f"bias_ih_l{i}"] = weights[f"layers.{i}.bias"]
        own[f"bias_hh_l{i}"] = torch.zeros(4 * width, dtype=torch.float64)
    made, _ = torch.func.functional_call(net, own, (x,))
    logits = made @ weights["table"].T
    loss = mean_loss(logits, of_texts[1], of_texts[2])
    return described(weights, loss, logits, of_texts, width=width, layers=layers)


def text_vae():
    width, latent, beta = 6, 3, 0.7
    weights = {"table": given(VOCABULARY, width)}
    weights |= layer_of("reader_layer", width)
    weights |= {
        "to_latent.weight": given(width, 2 * latent), "to_latent.bias": given(2 * latent),
        "to_state.weight": given(latent, 2 * width), "to_state.bias": given(2 * width),
        "to_gates.weight": given(latent, 4 * width),
    }
    weights |= layer_of("writer_layer", width)
    tokens, targets, counts = of_texts = texts()
    x = F.embedding(torch.tensor(tokens), weights["table"])
    blank = torch.zeros(ROWS, width, dtype=torch.float64)
    read, _ = memory(weights, "reader_layer", x, (blank, blank))
    lengths = [int(np.flatnonzero(row)[-1]) + 1 for row in counts]
    last = torch.stack([read[row, length - 1] for row, length in enumerate(lengths)])
    mean, log_variance = (last @ weights["to_latent.weight"] + weights["to_latent.bias"]).chunk(2, 1)
    h, c = (mean @ weights["to_state.weight"] + weights["to_state.bias"]).tanh().chunk(2, 1)
    made, _ = memory(weights, "writer_layer", x, (h, c), mean @ weights["to_gates.weight"])
    logits = made @ weights["table"].T
    reconstruction = mean_loss(logits, targets, counts)
    normal = torch.distributions.Normal
    kl = torch.distributions.kl_divergence(
        normal(mean, (log_variance / 2).exp()), normal(torch.zeros_like(mean), 1.0)
    )
    loss = reconstruction + beta * kl.sum() / counts.sum()
    return described(
        weights, loss, logits, of_texts, width=width, latent=latent, beta=beta,
        mean=outputs(mean), log_variance=outputs(log_variance),
        reconstruction=reconstruction.item(), kl=(kl.sum() / counts.sum()).item(),
    )


out = {
    "made_with": {"torch": torch.__version__, "numpy": np.__version__},
    "transformer": transformer(), "lstm": lstm(), "text_vae": text_vae(),
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
