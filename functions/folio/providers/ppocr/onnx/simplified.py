"""The same networks with less to move: a tenth of a detector's time went into copying, adding and laying out anew.

What each rewrite gives is the same by algebra, but for the order in which numbers are added. A network that is not
shaped as one of them expects stays as it is in that place.
"""

import platform
from typing import TYPE_CHECKING

from folio.providers.ppocr.onnx.head import halve_head
from folio.providers.ppocr.onnx.layers import POINT, channels, convolution, made_by, pool_behind
from folio.providers.ppocr.onnx.network_file import OPERATORS, NetworkFile, Node

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.layers import Convolution

# The runtime has a layout of its own for convolutions there: eight or sixteen channels beside each other.
_IN_BLOCKS = ("x86_64", "AMD64")
_AXES_ARE_INPUTS = 18  # from this version of ONNX's operations on, those of means


def simplify(network: NetworkFile) -> None:
    """Apply all rewrites that fit."""
    halve_head(network)
    show_one_channel(network)
    add_up_parts(network)
    scale_once(network)
    if platform.machine() in _IN_BLOCKS:
        keep_layout(network)


def show_one_channel(network: NetworkFile) -> None:
    """Let a network that is shown a grey page three times take it once: its weights for the three are added up."""
    if len(network.inputs) != 1:
        return
    (source,) = network.inputs
    users = network.users(source)
    if not all(_takes_channels(network, user) for user in users) or not network.set_channels(source, 1):
        return
    for user in users:
        node, attributes = network.nodes[user], network.attributes(user)
        weights = network.constant(node.inputs[1]).sum(axis=1, keepdims=True)
        name = network.add_constant(f"{node.outputs[0]}/grey", weights)
        inputs = (source, name, *node.inputs[2:])
        network.replace(user, [Node(kind="Conv", inputs=inputs, outputs=node.outputs, attributes=attributes)])


def _takes_channels(network: NetworkFile, index: int) -> bool:
    node = network.nodes[index]
    is_whole = node.kind == "Conv" and network.attributes(index).get("group", 1) == 1
    return is_whole and network.is_constant(node.inputs[1])


def add_up_parts(network: NetworkFile) -> None:
    """Make a convolution of images laid beside each other the sum of two: the runtime adds as it convolves."""
    for joined in [node for node in network.nodes.values() if node.kind == "Concat" and len(node.inputs) == 2]:
        users = network.users(joined.outputs[0])
        users = network.users(network.nodes[users[0]].outputs[0]) if len(users) == 1 else []
        layer = convolution(network, network.nodes[users[0]].outputs[0]) if len(users) == 1 else None
        if layer is None or made_by(network, layer.source, "Concat") != joined:
            continue
        sizes = [channels(network, part) for part in joined.inputs]
        if None not in sizes and sum(filter(None, sizes)) == layer.weights.shape[1]:
            _add_up(network, users[0], layer, joined.inputs, sizes[0] or 0)


def _add_up(network: NetworkFile, index: int, layer: "Convolution", parts: tuple[str, ...], size: int) -> None:
    (target,) = network.nodes[index].outputs
    bias = network.add_constant(f"{target}/bias", layer.bias)
    network.replace(index, [Node(kind="Add", inputs=(f"{target}/0", f"{target}/1"), outputs=(target,))])
    for number, weights in enumerate((layer.weights[:, :size], layer.weights[:, size:])):
        name = f"{target}/{number}"
        inputs = (parts[number], network.add_constant(f"{name}/weights", weights), *([] if number else [bias]))
        network.append(Node(kind="Conv", inputs=inputs, outputs=(name,), attributes=layer.attributes))


def scale_once(network: NetworkFile) -> None:
    """Make an image plus the same image scaled, channel by channel, the image scaled by one more.

    Where a convolution of single pixels makes as many channels or more, its weights are scaled instead of what it
    gives: the mean of that, which the scales are made of, is the convolution of the mean.
    """
    import numpy as np

    for index, node in list(network.nodes.items()):
        scaled = made_by(network, node.inputs[1], "Mul") if node.kind == "Add" else None
        pool = pool_behind(network, scaled.inputs[1]) if scaled else None
        if scaled is None or pool is None or not _are_of_one(network, node, scaled, network.nodes[pool]):
            continue
        image, target = scaled.inputs[0], node.outputs[0]
        one = network.add_constant(f"{target}/one", np.ones(1, np.float32))
        scale = f"{target}/scale"
        network.append(Node(kind="Add", inputs=(scaled.inputs[1], one), outputs=(scale,)))
        layer = convolution(network, image)
        is_mean = network.nodes[pool].kind == "GlobalAveragePool" and network.version < _AXES_ARE_INPUTS
        if layer and is_mean and _is_widening(layer):
            _scale_weights(network, layer, index)
            _pool_before(network, pool, layer)
        else:
            network.replace(index, [Node(kind="Mul", inputs=(image, scale), outputs=(target,))])


def _is_widening(layer: "Convolution") -> bool:
    outputs, inputs, *_ = layer.weights.shape
    return layer.has(POINT) and outputs >= inputs and not layer.bias.any()


def _are_of_one(network: NetworkFile, added: Node, scaled: Node, pool: Node) -> bool:
    """Return whether all three take the same image, and nobody else does."""
    makers = {network.maker(node.inputs[0]) for node in (added, scaled, pool)}
    return len(makers) == 1 and None not in makers and len(network.users(added.inputs[0])) == len((added, scaled, pool))


def _scale_weights(network: NetworkFile, layer: "Convolution", index: int) -> None:
    """Replace a node by a convolution whose weights are scaled, and which adds it to the next larger image at once."""
    import numpy as np

    (target,) = network.nodes[index].outputs
    weights = network.add_constant(f"{target}/weights", layer.weights)
    shape = network.add_constant(f"{target}/shape", np.array([-1, 1, 1, 1]))
    upright, product = f"{target}/upright", f"{target}/product"
    network.append(Node(kind="Reshape", inputs=(f"{target}/scale", shape), outputs=(upright,)))
    network.append(Node(kind="Mul", inputs=(weights, upright), outputs=(product,)))
    users = network.users(target)
    added = network.nodes[users[0]] if len(users) == 1 else None
    if added and added.kind == "Add" and made_by(network, added.inputs[1], "Resize"):
        summed = (layer.source, product, "", added.inputs[1])
        fused = Node(kind="FusedConv", inputs=summed, outputs=added.outputs, attributes=POINT, domain=OPERATORS)
        network.use_operators(OPERATORS)
        network.replace(index, [])
        network.replace(users[0], [fused])
    else:
        alone = (layer.source, product)
        network.replace(index, [Node(kind="Conv", inputs=alone, outputs=(target,), attributes=POINT)])


def _pool_before(network: NetworkFile, pool: int, layer: "Convolution") -> None:
    """Let the mean of what a convolution gives be the convolution of the mean."""
    (target,) = network.nodes[pool].outputs
    inputs = (f"{target}/mean", network.add_constant(f"{target}/weights", layer.weights))
    mean = Node(kind="ReduceMean", inputs=(layer.source,), outputs=inputs[:1], attributes={"axes": (2, 3)})
    network.replace(pool, [mean, Node(kind="Conv", inputs=inputs, outputs=(target,), attributes=POINT)])


def keep_layout(network: NetworkFile) -> None:
    """Bring scaled images back to the layout of convolutions once, by one that changes nothing.

    A convolution adds another image as it goes only if that has its layout; else both are laid out anew, added, and
    laid out anew.
    """
    import numpy as np

    for index, node in list(network.nodes.items()):
        if node.kind != "Mul" or pool_behind(network, node.inputs[1]) is None:
            continue
        (target,) = node.outputs
        size = channels(network, target)
        if size is None or not _is_added_to_convolution(network, target):
            continue
        scaled, ones = f"{target}/scaled", np.ones((size, 1, 1, 1), np.float32)
        inputs = (scaled, network.add_constant(f"{target}/ones", ones))
        alone = {**POINT, "group": size}
        network.replace(index, [Node(kind="Mul", inputs=node.inputs, outputs=(scaled,))])
        network.append(Node(kind="Conv", inputs=inputs, outputs=(target,), attributes=alone))


def _is_added_to_convolution(network: NetworkFile, name: str) -> bool:
    added = [network.nodes[user] for user in network.users(name) if network.nodes[user].kind == "Add"]
    biased = [made_by(network, node.inputs[1], "Add") for node in added]
    return any(made_by(network, node.inputs[0], "Conv") for node in biased if node)
