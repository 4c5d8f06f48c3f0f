"""Writes a flow as ONNX, from the weights and the card that the site ships.

    export.py static/models/flow-fashion OUT

writes two files into the folder OUT:

    velocity.onnx  the net of crates/models/src/flow/net.rs: pictures [n, values],
                   times [n], then where the net has them classes [n, classes],
                   words [n, words] and leaps [n, 4], to velocity [n, values]
    step.onnx      one step of Euler with guidance, the net evaluated once for
                   both halves as crates/models/src/flow/sample.rs does: pictures,
                   time [1], width [1], guidance [1], classes, words, to next

and OUT/flow.json, which says what a runtime must know to sample. It wants numpy
and onnx. `check.py` beside it compares what it writes with a reference.
"""

import argparse
import json
import pathlib
import struct

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

BLOCK, LEAPS, FREQUENCIES, HIGHEST, GROUPS = 2, 4, 32, 1000.0, 8
# What the grey and the colour pictures of crates/protocol/src/shape.rs are.
GREY, COLOUR = (28, 1), (32, 3)


def read_weights(path):
    """Arrays by name, single precision, of a safetensors file."""
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    kinds = {"F16": np.float16, "F32": np.float32}
    weights = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__":
            start, end = (8 + length + at for at in entry["data_offsets"])
            values = np.frombuffer(data[start:end], kinds[entry["dtype"]])
            weights[name] = values.reshape(entry["shape"]).astype(np.float32)
    return weights


def read_config(card):
    """The net's knobs, those left out as they were before there were such."""
    model = card["recipe"]["model"]
    if model["family"] != "flow":
        raise SystemExit(f"{card['name']} is not a flow")
    usual = {"blocks": 2, "words": 0, "colour": False, "shortcut": None}
    return usual | {name: value for name, value in model.items() if value is not None}


def group_count(channels):
    """The most groups, up to eight, that divide the channels."""
    return max(g for g in range(1, min(GROUPS, channels) + 1) if channels % g == 0)


class Nodes:
    """Nodes and weights, each operation a method from names to a name."""

    def __init__(self, weights):
        self.weights = weights
        self.nodes, self.stored, self.used = [], {}, set()

    def op(self, kind, *inputs, outputs=1, **attributes):
        made = [f"{kind.lower()}_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), made, **attributes))
        return made[0] if outputs == 1 else made

    def store(self, name, values):
        self.stored[name] = numpy_helper.from_array(np.asarray(values, order="C"), name)
        return name

    def numbers(self, *values, kind=np.float32):
        name = f"{np.dtype(kind).name}_" + "_".join(map(str, values))
        return self.store(name, np.array(values, kind))

    def weight(self, name, shape=None):
        self.used.add(name)
        values = self.weights[name]
        return self.store(name, values if shape is None else values.reshape(shape))

    def reshape(self, x, *shape):
        return self.op("Reshape", x, self.numbers(*shape, kind=np.int64))

    def check_used(self):
        left = set(self.weights) - self.used
        if left:
            raise SystemExit(f"weights that the net has no place for: {sorted(left)}")


class Graph(Nodes):
    """A flow."""

    def __init__(self, weights, config):
        super().__init__(weights)
        self.config = config
        self.side, self.channels = COLOUR if config["colour"] else GREY
        self.values = self.side * self.side * self.channels

    def silu(self, x):
        return self.op("Mul", x, self.op("Sigmoid", x))

    def linear(self, x, name):
        weight = self.weight(f"{name}.weight")  # [in, out]
        if f"{name}.bias" not in self.weights:
            return self.op("MatMul", x, weight)
        return self.op("Gemm", x, weight, self.weight(f"{name}.bias"))

    def conv(self, x, name, stride=1):
        side = self.weights[f"{name}.weight"].shape[-1]
        return self.op(
            "Conv", x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"),
            kernel_shape=[side] * 2, strides=[stride] * 2, pads=[side // 2] * 4)

    def norm(self, x, name, rows):
        """Group normalisation: over each group as one channel of an instance
        normalisation, which every version of the runtime has a kernel for."""
        channels = len(self.weights[f"{name}.gamma"])
        groups = group_count(channels)
        ones = self.store(f"ones_{groups}", np.ones(groups, np.float32))
        zeros = self.store(f"zeros_{groups}", np.zeros(groups, np.float32))
        flat = self.reshape(x, 0, groups, -1)
        even = self.op("InstanceNormalization", flat, ones, zeros, epsilon=1e-5)
        even = self.reshape(even, 0, channels, rows, rows)
        shape = (1, channels, 1, 1)
        scaled = self.op("Mul", even, self.weight(f"{name}.gamma", shape))
        return self.op("Add", scaled, self.weight(f"{name}.beta", shape))

    def residual(self, x, name, told, rows):
        hidden = self.conv(self.silu(self.norm(x, f"{name}.norm_in", rows)), f"{name}.conv_in")
        both = self.reshape(self.linear(told, f"{name}.zero_condition"), 0, -1, 1, 1)
        gain, shift = self.op("Split", both, axis=1, num_outputs=2, outputs=2)
        hidden = self.norm(hidden, f"{name}.norm_out", rows)
        hidden = self.op("Mul", hidden, self.op("Add", gain, self.numbers(1.0)))
        hidden = self.conv(self.silu(self.op("Add", hidden, shift)), f"{name}.zero_conv")
        past = f"{name}.past.conv"
        return self.op("Add", hidden, self.conv(x, past) if f"{past}.weight" in self.weights else x)

    def condition(self, times, classes, words, leaps):
        """Time, class, words and leap as one vector; of one time for all rows,
        the time's part is computed once."""
        powers = np.arange(FREQUENCIES, dtype=np.float32) / np.float32(FREQUENCIES - 1)
        frequencies = self.store("frequencies", np.float32(HIGHEST) ** powers[None])
        angles = self.op("Mul", self.reshape(times, -1, 1), frequencies)
        waves = self.op("Concat", self.op("Sin", angles), self.op("Cos", angles), axis=1)
        told = self.linear(self.silu(self.linear(waves, "condition.first")), "condition.second")
        if classes:
            told = self.op("Add", told, self.linear(classes, "condition.class"))
        if words:
            scaled = self.op("Mul", words, self.numbers(float(np.sqrt(self.config["words"]))))
            hidden = self.silu(self.linear(scaled, "condition.words.first"))
            told = self.op("Add", told, self.linear(hidden, "condition.words.second"))
        if leaps:
            told = self.op("Add", told, self.linear(leaps, "condition.zero_leap"))
        return self.silu(told)

    def velocity(self, pictures, times, classes, words, leaps=None):
        fine, coarse = self.side // BLOCK, self.side // (2 * BLOCK)
        told = self.condition(times, classes, words, leaps)
        x = self.reshape(pictures, -1, fine, BLOCK, fine, BLOCK, self.channels)
        x = self.op("Transpose", x, perm=[0, 5, 2, 4, 1, 3])
        x = self.reshape(x, 0, self.channels * BLOCK * BLOCK, fine, fine)
        down = self.residual(self.conv(x, "input"), "fine_down", told, fine)
        x = self.conv(down, "down", stride=2)
        for block in range(self.config["blocks"]):
            x = self.residual(x, f"coarse.{block}", told, coarse)
        up = self.op("DepthToSpace", self.conv(x, "up.conv"), blocksize=BLOCK, mode="CRD")
        x = self.residual(self.op("Concat", up, down, axis=1), "fine_up", told, fine)
        x = self.conv(self.silu(self.norm(x, "norm", fine)), "zero_output")
        x = self.reshape(x, 0, self.channels, BLOCK, BLOCK, fine, fine)
        return self.reshape(self.op("Transpose", x, perm=[0, 4, 2, 5, 3, 1]), 0, self.values)

    def model(self, name, inputs, output):
        """The file of what leads to `output`."""
        self.nodes.append(helper.make_node("Identity", [output], [name]))
        value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        graph = helper.make_graph(
            self.nodes, name, [value(*each) for each in inputs.items()],
            [value(name, ["n", self.values])], list(self.stored.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
        onnx.checker.check_model(model, full_check=True)
        return model


def told_inputs(config):
    """The inputs by which a net is told what to make."""
    return {kind: ["n", config[kind]] for kind in ("classes", "words") if config[kind]}


def velocity_model(weights, config):
    graph = Graph(weights, config)
    told = told_inputs(config)
    leaps = {"leaps": ["n", LEAPS]} if "condition.zero_leap.weight" in weights else {}
    inputs = {"pictures": ["n", graph.values], "times": ["n"]} | told | leaps
    name = lambda kind: kind if kind in inputs else None
    output = graph.velocity("pictures", "times", *map(name, ("classes", "words", "leaps")))
    graph.check_used()
    return graph.model("velocity", inputs, output)


def step_model(weights, config):
    graph = Graph(weights, config)
    told = told_inputs(config)
    inputs = {"pictures": ["n", graph.values], "time": [1], "width": [1]}
    if not told:
        velocity = graph.velocity("pictures", "time", None, None)
    else:
        inputs |= {"guidance": [1]} | told
        # What guidance leaves out: the words where the net has words, else the class.
        omitted = "words" if config["words"] else "classes"
        both = {}
        for kind in told:
            other = graph.op("Mul", kind, graph.numbers(0.0)) if kind == omitted else kind
            both[kind] = graph.op("Concat", kind, other, axis=0)
        doubled = graph.op("Concat", "pictures", "pictures", axis=0)
        twice = graph.velocity(doubled, "time", both.get("classes"), both.get("words"))
        given, without = graph.op("Split", twice, axis=0, num_outputs=2, outputs=2)
        apart = graph.op("Sub", given, without)
        velocity = graph.op("Add", without, graph.op("Mul", apart, "guidance"))
    return graph.model("next", inputs, graph.op("Add", "pictures", graph.op("Mul", velocity, "width")))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=pathlib.Path, help="a folder with card.json and weights.safetensors")
    parser.add_argument("out", type=pathlib.Path)
    asked = parser.parse_args()
    card = json.loads((asked.model / "card.json").read_text())
    weights, config = read_weights(asked.model / "weights.safetensors"), read_config(card)
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, make in (("velocity", velocity_model), ("step", step_model)):
        onnx.save(make(weights, config), asked.out / f"{name}.onnx")
    side, channels = COLOUR if config["colour"] else GREY
    about = {"name": card["name"], "side": side, "channels": channels,
             "classes": config["classes"], "words": config["words"]}
    (asked.out / "flow.json").write_text(json.dumps(about))
    print(f"{card['name']}: {sum(w.size for w in weights.values()):,} numbers")


if __name__ == "__main__":
    main()
