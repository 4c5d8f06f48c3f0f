"""Writes a language model as ONNX, from the weights and the card that the site ships.

    export_text.py static/models/poems-small OUT

writes into the folder OUT

    step.onnx  a Transformer (crates/models/src/language/transformer.rs) or an LSTM
               (lstm.rs) that reads the next tokens [rows, new] of each row and gives
               logits [rows, vocabulary] of what comes after the last; whatever it
               keeps of what it has read is an input `past.*` and an output `kept.*`
               of the same shape: keys and values [rows, heads, tokens, head] by layer,
               or the states [1, rows, width]. A prompt is read by the same graph.
               A Transformer is also told how many tokens are read with these, `total`
               [], and the last one's position, `last` [rows].

and OUT/text.json, which says what a runtime must know to write. It wants numpy and
onnx. `check_text.py` beside it compares what it writes with references.

The Transformer's attention is one node a layer, rotary positions and all, as the
exporters of ONNX Runtime's own language models have it (`GroupQueryAttention`), and
each normalisation takes the addition before it along. That attention wants heads of a
multiple of sixteen numbers: others are filled up with zeros, by which nothing changes.
`--plain` writes standard operations alone instead, and fills nothing up.
"""

import argparse
import json
import pathlib
import struct

import numpy as np
import onnx
from onnx import TensorProto, helper

from export import Nodes, read_weights

EPSILON, ROTARY_BASE = 1e-5, 10000.0
# The runtime's own operations, and what its attention wants a head to be a multiple of.
RUNTIME, MULTIPLE = "com.microsoft", 16


def read_text_config(card):
    model = card["recipe"]["model"]
    if model["family"] not in ("transformer", "lstm"):
        raise SystemExit(f"{card['name']} is neither a Transformer nor an LSTM")
    return model


class TextGraph(Nodes):
    """A net that writes."""

    def __init__(self, weights, config, plain):
        super().__init__(weights)
        self.config, self.plain = config, plain
        self.inputs = {"tokens": (TensorProto.INT64, ["rows", "new"])}
        self.outputs = {"logits": (TensorProto.FLOAT, ["rows", config["vocabulary"]])}

    def embedded(self):
        return self.op("Gather", self.weight("table"), "tokens")

    def past(self, name, shape):
        """What is kept of what was read before."""
        self.inputs[f"past.{name}"] = (TensorProto.FLOAT, shape)
        return f"past.{name}"

    def keep(self, name, value, shape):
        self.output(f"kept.{name}", value, shape)

    def output(self, name, value, shape):
        self.outputs[name] = (TensorProto.FLOAT, shape)
        # Nothing may lie between a node and its output: the runtime would copy it.
        for node in self.nodes:
            for at, made in enumerate(node.output):
                if made == value:
                    node.output[at] = name
            for at, used in enumerate(node.input):
                if used == value:
                    node.input[at] = name

    def logits(self, last):
        turned = self.store("table.turned", self.weights["table"].T)
        self.output("logits", self.op("MatMul", last, turned), ["rows", self.config["vocabulary"]])

    def model(self):
        self.check_used()
        value = lambda item: helper.make_tensor_value_info(item[0], *item[1])
        graph = helper.make_graph(
            self.nodes, "step", list(map(value, self.inputs.items())),
            list(map(value, self.outputs.items())), list(self.stored.values()))
        sets = [helper.make_opsetid("", 18), helper.make_opsetid(RUNTIME, 1)]
        model = helper.make_model(graph, opset_imports=sets, ir_version=10)
        if self.plain:
            onnx.checker.check_model(model, full_check=True)
        return model


class TransformerGraph(TextGraph):
    def __init__(self, weights, config, plain):
        super().__init__(weights, config, plain)
        self.own_head = config["width"] // config["heads"]
        self.head = self.own_head if plain else -(-self.own_head // MULTIPLE) * MULTIPLE
        self.inputs["last"] = (TensorProto.INT32, ["rows"])
        self.inputs["total"] = (TensorProto.INT32, [])
        half = self.own_head // 2
        frequencies = np.zeros(self.head // 2)
        frequencies[:half] = ROTARY_BASE ** -(np.arange(half) / half)
        angles = np.outer(np.arange(config["context"]), frequencies)
        self.cos = self.store("cos", np.cos(angles).astype(np.float32))
        self.sin = self.store("sin", np.sin(angles).astype(np.float32))

    def filled(self, values, parts):
        """The last axis, of `parts` heads, with each half of a head filled up."""
        own, half = self.own_head // 2, self.head // 2
        apart = values.reshape(*values.shape[:-1], parts, 2, own)
        made = np.zeros((*apart.shape[:-1], half), np.float32)
        made[..., :own] = apart
        return made.reshape(*values.shape[:-1], -1)

    def attend_weight(self, name):
        self.used.add(name)
        return self.store(name, self.filled(self.weights[name], 3 * self.config["heads"]))

    def gather_weight(self, name):
        self.used.add(name)
        return self.store(name, self.filled(self.weights[name].T, self.config["heads"]).T)

    def norm(self, x, name, added=None):
        """`x + added` and its normalisation."""
        gamma = self.weight(f"{name}.gamma")
        if self.plain:
            x = x if added is None else self.op("Add", x, added)
            mean = self.op("ReduceMean", self.op("Mul", x, x), self.numbers(-1, kind=np.int64))
            root = self.op("Sqrt", self.op("Add", mean, self.numbers(EPSILON)))
            return x, self.op("Mul", self.op("Div", x, root), gamma)
        if added is None:
            return x, self.op("SimplifiedLayerNormalization", x, gamma, epsilon=EPSILON, axis=-1)
        even, _, _, x = self.op(
            "SkipSimplifiedLayerNormalization", x, added, gamma, outputs=4, epsilon=EPSILON,
            domain=RUNTIME)
        # Not asked for, and not all of its kernels make them.
        self.nodes[-1].output[1] = self.nodes[-1].output[2] = ""
        return x, even

    def attention(self, mixed, layer):
        """What each new token sees; keeps keys and values."""
        heads, head = self.config["heads"], self.head
        shape = ["rows", heads, "tokens", head]
        keys, values = (self.past(f"{layer}.{kind}", shape) for kind in ("keys", "values"))
        shape = ["rows", heads, "all", head]
        if not self.plain:
            seen, keys, values = self.op(
                "GroupQueryAttention", mixed, "", "", keys, values, "last", "total", self.cos, self.sin,
                outputs=3, num_heads=heads, kv_num_heads=heads, do_rotary=1,
                scale=float(self.own_head ** -0.5), domain=RUNTIME)
        else:
            seen, keys, values = self.plain_attention(mixed, keys, values)
        self.keep(f"{layer}.keys", keys, shape)
        self.keep(f"{layer}.values", values, shape)
        return seen

    def places(self):
        """Cosines and sines of the new tokens, and what is added to their scores."""
        whole = self.op("Cast", "total", to=TensorProto.INT64)
        new = self.op("Gather", self.op("Shape", "tokens"), self.numbers(1, kind=np.int64))
        zero, one = (self.store(f"int64_{x}_single", np.array(x)) for x in (0, 1))
        first = self.op("Sub", whole, self.op("Squeeze", new))
        own = self.op("Range", first, whole, one)
        every = self.op("Range", zero, whole, one)
        seen = self.op("LessOrEqual", every, self.op("Unsqueeze", own, self.numbers(1, kind=np.int64)))
        mask = self.op("Where", seen, self.numbers(0.0), self.numbers(-1e9))
        return self.op("Gather", self.cos, own), self.op("Gather", self.sin, own), mask

    def plain_attention(self, mixed, old_keys, old_values):
        if not hasattr(self, "placed"):
            self.placed = self.places()
        cos, sin, mask = self.placed
        heads, head = self.config["heads"], self.head
        apart = lambda x: self.op("Transpose", self.reshape(x, 0, 0, heads, head), perm=[0, 2, 1, 3])
        queries, keys, values = map(apart, self.op("Split", mixed, axis=-1, num_outputs=3, outputs=3))

        def turned(x):
            a, b = self.op("Split", x, axis=-1, num_outputs=2, outputs=2)
            times = lambda x, y: self.op("Mul", x, y)
            first = self.op("Sub", times(a, cos), times(b, sin))
            return self.op("Concat", first, self.op("Add", times(b, cos), times(a, sin)), axis=-1)

        keys = self.op("Concat", old_keys, turned(keys), axis=2)
        values = self.op("Concat", old_values, values, axis=2)
        queries = self.op("Mul", turned(queries), self.numbers(float(self.own_head ** -0.5)))
        scores = self.op("MatMul", queries, self.op("Transpose", keys, perm=[0, 1, 3, 2]))
        odds = self.op("Softmax", self.op("Add", scores, mask), axis=-1)
        seen = self.op("Transpose", self.op("MatMul", odds, values), perm=[0, 2, 1, 3])
        return self.reshape(seen, 0, 0, self.config["width"]), keys, values

    def feed(self, x, name):
        gate, up = self.op("Split", self.op("MatMul", x, self.weight(f"{name}.up.weight")),
                           axis=-1, num_outputs=2, outputs=2)
        if self.plain:
            gate = self.op("Mul", gate, self.op("Sigmoid", gate))
        else:
            gate = self.op("QuickGelu", gate, alpha=1.0, domain=RUNTIME)
        return self.op("MatMul", self.op("Mul", gate, up), self.weight(f"{name}.down.weight"))

    def build(self):
        x, added = self.embedded(), None
        for layer in range(self.config["layers"]):
            name = f"layers.{layer}"
            x, even = self.norm(x, f"{name}.before_attention", added)
            mixed = self.op("MatMul", even, self.attend_weight(f"{name}.attend.weight"))
            seen = self.attention(mixed, layer)
            added = self.op("MatMul", seen, self.gather_weight(f"{name}.gather.weight"))
            x, even = self.norm(x, f"{name}.before_feed", added)
            added = self.feed(even, name)
        # Only the last token's row is needed from here on.
        last = lambda x: self.op("Gather", x, self.store("last_row", np.array(-1)), axis=1)
        _, even = self.norm(last(x), "norm", last(added))
        self.logits(even)
        return self.model()


class LstmGraph(TextGraph):
    # Of input, forget, cell and output gates, those of ONNX: input, output, forget, cell.
    ORDER = [0, 3, 1, 2]

    def gates(self, name):
        """A layer's weights as ONNX has them: turned, gates in its order."""
        self.used.add(name)
        parts = np.split(self.weights[name], 4, axis=-1)
        return np.concatenate([parts[at] for at in self.ORDER], axis=-1).T[None]

    def build(self):
        width = self.config["width"]
        x = self.op("Transpose", self.embedded(), perm=[1, 0, 2])
        for layer in range(self.config["layers"]):
            name = f"layers.{layer}"
            bias = self.gates(f"{name}.bias")
            made = self.op(
                "LSTM", x, self.store(f"{name}.w", self.gates(f"{name}.input")),
                self.store(f"{name}.r", self.gates(f"{name}.recurrent")),
                self.store(f"{name}.b", np.concatenate([bias, np.zeros_like(bias)], axis=-1)), "",
                *(self.past(f"{layer}.{kind}", [1, "rows", width]) for kind in ("outputs", "cells")),
                outputs=3, hidden_size=width)
            x = self.op("Squeeze", made[0], self.numbers(1, kind=np.int64))
            for kind, value in zip(("outputs", "cells"), made[1:]):
                self.keep(f"{layer}.{kind}", value, [1, "rows", width])
        self.logits(self.op("Gather", x, self.store("last_row", np.array(-1)), axis=0))
        return self.model()


def text_model(weights, config, plain=False):
    """One step of writing."""
    graph = {"transformer": TransformerGraph, "lstm": LstmGraph}[config["family"]]
    return graph(weights, config, plain).build()


def read_tokenizer(path):
    """The tokenizer in the metadata of a safetensors file."""
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    return json.loads(json.loads(data[8 : 8 + length])["__metadata__"]["lampwork.tokenizer"])


def texts(tokenizer):
    """What each token that is not special stands for, as bytes."""
    if tokenizer["kind"] == "characters":
        return [list(character.encode()) for character in tokenizer["characters"]]
    made = [[byte] for byte in range(256)]
    for left, right in tokenizer["merges"]:
        made.append(made[left] + made[right])
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=pathlib.Path, help="a folder with card.json and weights.safetensors")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--plain", action="store_true", help="standard operations alone")
    asked = parser.parse_args()
    card = json.loads((asked.model / "card.json").read_text())
    file = asked.model / "weights.safetensors"
    weights, config, tokenizer = read_weights(file), read_text_config(card), read_tokenizer(file)
    asked.out.mkdir(parents=True, exist_ok=True)
    model = text_model(weights, config, asked.plain)
    onnx.save(model, asked.out / "step.onnx")
    past = [[put.name, [dim.dim_param or dim.dim_value for dim in put.type.tensor_type.shape.dim]]
            for put in model.graph.input if put.name.startswith("past.")]
    about = {"name": card["name"], "family": config["family"], "vocabulary": config["vocabulary"],
             "context": config["context"], "past": past, "specials": tokenizer["specials"],
             "texts": texts(tokenizer)}
    (asked.out / "text.json").write_text(json.dumps(about))
    print(f"{card['name']}: {sum(w.size for w in weights.values()):,} numbers")


if __name__ == "__main__":
    main()
