"""Checks what export_text.py writes, run by ONNX Runtime natively.

    check_text.py [MODEL_FOLDER ...]

Against the logits that crates/models/tests/reference/language.json keeps, which the
Rust nets are tested against too, all tokens at once and one by one; and against a twin
in NumPy at double precision with the weights of each folder given. Wants numpy, onnx
and onnxruntime; fails where they differ.
"""

import json
import pathlib
import sys

import numpy as np
import onnxruntime

from export import read_weights
from export_text import EPSILON, ROTARY_BASE, read_text_config, text_model

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Of the largest logit.
ALLOWED = 2e-5


class Step:
    """A graph, and what it keeps."""

    def __init__(self, weights, config, plain):
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        model = text_model(weights, config, plain).SerializeToString()
        self.session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
        self.names = [output.name for output in self.session.get_outputs()]
        self.config, self.past, self.read = config, None, 0

    def __call__(self, tokens):
        """Logits after the next tokens, [rows, new]."""
        rows, new = tokens.shape
        self.read += new
        if self.past is None:
            sizes = {"rows": rows, "tokens": 0}
            self.past = {
                put.name: np.zeros([sizes.get(dim, dim) for dim in put.shape], np.float32)
                for put in self.session.get_inputs() if put.name.startswith("past.")}
        told = {"tokens": tokens.astype(np.int64)}
        if self.config["family"] == "transformer":
            told |= {"total": np.array(self.read, np.int32),
                     "last": np.full(rows, self.read - 1, np.int32)}
        made = dict(zip(self.names, self.session.run(None, told | self.past)))
        self.past = {name: made[name.replace("past.", "kept.")] for name in self.past}
        return made["logits"]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def transformer_twin(weights, config, tokens):
    """Logits after each token, in double precision."""
    w = {name: values.astype(np.float64) for name, values in weights.items()}
    (rows, count), heads = tokens.shape, config["heads"]
    head = config["width"] // heads
    half = head // 2
    angles = np.outer(np.arange(count), ROTARY_BASE ** -(np.arange(half) / half))
    cos, sin = np.cos(angles), np.sin(angles)

    def turned(x):
        a, b = x[..., :half], x[..., half:]
        return np.concatenate([a * cos - b * sin, b * cos + a * sin], -1)

    def norm(x, name):
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON) * w[f"{name}.gamma"]

    x = w["table"][tokens]
    for layer in range(config["layers"]):
        name = f"layers.{layer}"
        mixed = norm(x, f"{name}.before_attention") @ w[f"{name}.attend.weight"]
        apart = lambda x: x.reshape(rows, count, heads, head).transpose(0, 2, 1, 3)
        queries, keys, values = map(apart, np.split(mixed, 3, -1))
        scores = turned(queries) @ turned(keys).transpose(0, 1, 3, 2) / np.sqrt(head)
        scores = np.where(np.tri(count, dtype=bool), scores, -np.inf)
        odds = np.exp(scores - scores.max(-1, keepdims=True))
        seen = (odds / odds.sum(-1, keepdims=True)) @ values
        seen = seen.transpose(0, 2, 1, 3).reshape(rows, count, -1)
        x = x + seen @ w[f"{name}.gather.weight"]
        gate, up = np.split(norm(x, f"{name}.before_feed") @ w[f"{name}.up.weight"], 2, -1)
        x = x + gate * sigmoid(gate) * up @ w[f"{name}.down.weight"]
    return norm(x, "norm") @ w["table"].T


def lstm_twin(weights, config, tokens):
    """The same of an LSTM."""
    w = {name: values.astype(np.float64) for name, values in weights.items()}
    x = w["table"][tokens]
    for layer in range(config["layers"]):
        name, made = f"layers.{layer}", []
        output = cell = np.zeros((len(tokens), config["width"]))
        for time in range(tokens.shape[1]):
            gates = x[:, time] @ w[f"{name}.input"] + output @ w[f"{name}.recurrent"]
            enter, keep, value, leave = np.split(gates + w[f"{name}.bias"], 4, -1)
            cell = sigmoid(keep) * cell + sigmoid(enter) * np.tanh(value)
            output = sigmoid(leave) * np.tanh(cell)
            made.append(output)
        x = np.stack(made, 1)
    return x @ w["table"].T


def compare(name, made, known):
    largest = np.abs(known).max()
    apart = np.abs(made - known).max()
    print(f"{name}: {apart:.1e} apart, the largest {largest:.1f}")
    if not apart <= ALLOWED * largest:
        raise SystemExit(f"{name} differs")


def check(name, weights, config, tokens, known):
    """All tokens at once; one by one; some at once and the rest one by one."""
    count = tokens.shape[1]
    for plain in (True, False):
        for pieces in ([count], [1] * count, [count - 2, 1, 1]):
            step, at = Step(weights, config, plain), 0
            for piece in pieces:
                made = step(tokens[:, at : at + piece])
                at += piece
                way = f"{name}{', plain' if plain else ''}, token {at} of {count} in {len(pieces)} pieces"
                if piece == pieces[0] or at == count:
                    compare(way, made, known[:, at - 1])


def main():
    reference = json.loads((ROOT / "crates/models/tests/reference/language.json").read_text())
    for family in ("transformer", "lstm"):
        known = reference[family]
        weights = {each["name"]: np.array(each["values"], np.float32).reshape(each["shape"])
                   for each in known["weights"]}
        rows, count = known["rows"], known["columns"]
        config = {"family": family, "context": count} | {
            name: known[name] for name in ("vocabulary", "width", "heads", "hidden", "layers") if name in known}
        config["layers"] = len({name.split(".")[1] for name in weights if name.startswith("layers.")})
        tokens = np.array(known["inputs"]).reshape(rows, count)
        logits = np.array(known["logits"]).reshape(rows, count, -1)
        check(f"what the Rust is tested against, {family}", weights, config, tokens, logits)
    twins = {"transformer": transformer_twin, "lstm": lstm_twin}
    for folder in map(pathlib.Path, sys.argv[1:]):
        card = json.loads((folder / "card.json").read_text())
        weights, config = read_weights(folder / "weights.safetensors"), read_text_config(card)
        tokens = np.random.default_rng(1).integers(0, config["vocabulary"], (3, 40))
        known = twins[config["family"]](weights, config, tokens)
        check(card["name"], weights, config, tokens, known)
    print("all agree")


if __name__ == "__main__":
    main()
