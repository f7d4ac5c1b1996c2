"""Rewrites a network with its weights in half precision: half.py SOURCE TARGET. What computes with them stays as it is.

Each tensor is followed by a cast to single precision, which the runtime does once, when it loads the network.
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SMALL = 256  # values; what a cast of fewer saves is less than the cast


def halve(model: onnx.ModelProto) -> None:
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < SMALL:
            continue
        name, values = tensor.name, numpy_helper.to_array(tensor)
        halved = values.astype(np.float16)
        if not np.isfinite(halved).all():
            raise SystemExit(f"{name} has values that half precision does not")
        tensor.CopyFrom(numpy_helper.from_array(halved, f"{name}/half"))
        casts.append(helper.make_node("Cast", [tensor.name], [name], to=TensorProto.FLOAT))
    # Before all that use them.
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


network = onnx.load(sys.argv[1])
halve(network)
onnx.checker.check_model(network)
onnx.save(network, sys.argv[2])
