"""Checks what export.py writes, run by ONNX Runtime natively.

    check.py [MODEL_FOLDER ...]

Against the velocities that crates/models/tests/reference keeps, which the Rust
net is tested against too; and against a twin in PyTorch at double precision: the
weights of each folder given, and drawn ones of a net in colour with words and
leaps. Wants numpy, onnx, onnxruntime and torch; fails where they differ.
"""

import json
import pathlib
import sys

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F

from export import (
    BLOCK, COLOUR, GREY, LEAPS, group_count, read_config, read_weights, step_model, velocity_model,
)

ROOT = pathlib.Path(__file__).parents[2]
# Of the largest number: what single precision leaves after some twenty layers.
ALLOWED = 2e-5
rng = np.random.default_rng(1)


def twin(weights, config):
    """The net in PyTorch, a function of what velocity.onnx takes."""
    w = {name: torch.from_numpy(values.astype(np.float64)) for name, values in weights.items()}
    side, channels = COLOUR if config["colour"] else GREY

    def linear(x, name):
        return x @ w[f"{name}.weight"] + w.get(f"{name}.bias", 0.0)

    def conv(x, name, pad=1, stride=1):
        return F.conv2d(x, w[f"{name}.weight"], w[f"{name}.bias"], stride, pad)

    def normed(x, name):
        groups = group_count(x.shape[1])
        return F.group_norm(x, groups, w[f"{name}.gamma"], w[f"{name}.beta"])

    def block(x, name, c):
        h = conv(F.silu(normed(x, f"{name}.norm_in")), f"{name}.conv_in")
        gain, shift = linear(c, f"{name}.zero_condition")[:, :, None, None].chunk(2, 1)
        h = normed(h, f"{name}.norm_out") * (1 + gain) + shift
        h = conv(F.silu(h), f"{name}.zero_conv")
        return h + (conv(x, f"{name}.past.conv", 0) if f"{name}.past.conv.weight" in w else x)

    def velocity(pictures, times, classes=None, words=None, leaps=None):
        # The angles in single precision, as the net has them: they go up to 1000.
        frequencies = torch.tensor(1000.0) ** (torch.arange(32, dtype=torch.float32) / 31)
        angles = (times.float()[:, None] * frequencies).double()
        c = linear(torch.cat([angles.sin(), angles.cos()], 1), "condition.first")
        c = linear(F.silu(c), "condition.second")
        if classes is not None:
            c = c + linear(classes, "condition.class")
        if words is not None:
            hidden = F.silu(linear(words * config["words"] ** 0.5, "condition.words.first"))
            c = c + linear(hidden, "condition.words.second")
        if leaps is not None:
            c = c + linear(leaps, "condition.zero_leap")
        c = F.silu(c)
        x = pictures.reshape(-1, side, side, channels).permute(0, 3, 1, 2)
        fine = block(conv(F.pixel_unshuffle(x, BLOCK), "input"), "fine_down", c)
        x = conv(fine, "down", 1, 2)
        for i in range(config["blocks"]):
            x = block(x, f"coarse.{i}", c)
        up = F.pixel_shuffle(conv(x, "up.conv", 0), BLOCK)
        x = block(torch.cat([up, fine], 1), "fine_up", c)
        x = F.pixel_shuffle(conv(F.silu(normed(x, "norm")), "zero_output"), BLOCK)
        return x.permute(0, 2, 3, 1).flatten(1)

    return lambda **given: velocity(
        **{name: torch.from_numpy(x.astype(np.float64)) for name, x in given.items()}).numpy()


def run(model, given):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {name: x.astype(np.float32) for name, x in given.items()})[0]


def compare(what, made, known, allowed=ALLOWED):
    apart, largest = float(np.abs(made - known).max()), float(np.abs(known).max())
    print(f"{what}: at most {apart:.1e} apart, the largest number being {largest:.2f}")
    if not apart <= allowed * max(1.0, largest):
        raise SystemExit(f"{what}: that is too much")


def drawn_weights(config, width):
    """Weights of any flow's net, drawn so that no part of it is silent."""
    weights, told = {}, 4 * width

    def layer(name, *shape, bias=None):
        inputs = shape[0] if len(shape) == 2 else np.prod(shape[1:])
        weights[f"{name}.weight"] = rng.normal(0, inputs**-0.5, shape).astype(np.float32)
        if bias:
            weights[f"{name}.bias"] = rng.normal(0, 0.1, bias).astype(np.float32)

    def norm(name, channels):
        weights[f"{name}.gamma"] = rng.normal(1, 0.2, channels).astype(np.float32)
        weights[f"{name}.beta"] = rng.normal(0, 0.2, channels).astype(np.float32)

    def residual(name, i, o):
        norm(f"{name}.norm_in", i)
        layer(f"{name}.conv_in", o, i, 3, 3, bias=o)
        norm(f"{name}.norm_out", o)
        layer(f"{name}.zero_condition", told, 2 * o, bias=2 * o)
        layer(f"{name}.zero_conv", o, o, 3, 3, bias=o)
        if i != o:
            layer(f"{name}.past.conv", o, i, 1, 1, bias=o)

    blocked = 4 * (COLOUR if config["colour"] else GREY)[1]
    layer("condition.first", 64, told, bias=told)
    layer("condition.second", told, told, bias=told)
    if config["classes"]:
        layer("condition.class", config["classes"], told)
    if config["words"]:
        layer("condition.words.first", config["words"], told, bias=told)
        layer("condition.words.second", told, told, bias=told)
    if config["shortcut"]:
        layer("condition.zero_leap", LEAPS, told)
    layer("input", width, blocked, 3, 3, bias=width)
    residual("fine_down", width, width)
    layer("down", 2 * width, width, 3, 3, bias=2 * width)
    for i in range(config["blocks"]):
        residual(f"coarse.{i}", 2 * width, 2 * width)
    layer("up.conv", 4 * width, 2 * width, 1, 1, bias=4 * width)
    residual("fine_up", 2 * width, width)
    norm("norm", width)
    layer("zero_output", blocked, width, 3, 3, bias=blocked)
    return weights


def check(name, weights, config, count=5):
    """Both files beside the twin."""
    side, channels = COLOUR if config["colour"] else GREY
    told = {}
    if config["classes"]:
        told["classes"] = np.eye(config["classes"])[np.arange(count) % config["classes"]]
    if config["words"]:
        words = rng.normal(size=(count, config["words"]))
        told["words"] = words / np.linalg.norm(words, axis=1, keepdims=True)
    given = {"pictures": rng.normal(size=(count, side * side * channels)),
             "times": np.linspace(0, 0.95, count)} | told
    if "condition.zero_leap.weight" in weights:
        given["leaps"] = np.eye(LEAPS + 1, LEAPS)[np.arange(count) % (LEAPS + 1)]
    # What the runtime gets is what the twin gets.
    given = {kind: x.astype(np.float32) for kind, x in given.items()}
    net = twin(weights, config)
    compare(f"{name}, velocity", run(velocity_model(weights, config), given), net(**given))

    told = {kind: given[kind] for kind in told}
    without = told | {kind: 0 * told[kind] for kind in (["words"] if config["words"] else ["classes"])}
    step = step_model(weights, config)
    now = known = given["pictures"]
    steps, guidance = 4, 1.5
    for i in range(steps):
        time = np.array([i / steps], np.float32)
        now = run(step, {"pictures": now, "time": time, "width": np.array([1 / steps]),
                         "guidance": np.array([guidance])} | told)
        times = np.repeat(time, count)
        given_, other = (net(pictures=known, times=times, **t) for t in (told, without))
        known = known + (other + guidance * (given_ - other)) / steps
    compare(f"{name}, {steps} steps with guidance", now, known, 4 * ALLOWED)


def main():
    known = json.loads((ROOT / "crates/models/tests/reference/reference.json").read_text())["flow"]
    weights = {each["name"]: np.array(each["values"], np.float32).reshape(
        [int(size) for size in each["shape"]]) for each in known["weights"]}
    config = {"classes": known["classes"], "blocks": 2, "words": 0, "colour": False, "shortcut": None}
    rows = lambda name, columns: np.array(known[name], np.float32).reshape(-1, columns)
    given = {"pictures": rows("pictures", 784), "times": np.array(known["times"], np.float32),
             "classes": rows("shares", known["classes"])}
    compare("what the Rust is tested against", run(velocity_model(weights, config), given),
            rows("velocity", 784))
    for folder in map(pathlib.Path, sys.argv[1:] or [ROOT / "static/models/flow-fashion"]):
        card = json.loads((folder / "card.json").read_text())
        check(card["name"], read_weights(folder / "weights.safetensors"), read_config(card))
    config = {"classes": 4, "blocks": 3, "words": 80, "colour": True, "shortcut": 1.5}
    check("colour, words and leaps", drawn_weights(config, 24), config)
    print("all agree")


if __name__ == "__main__":
    main()
