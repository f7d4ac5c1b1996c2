"""The detector's head at half of its size: most of what it convolves are coarse levels of the page, enlarged."""

from typing import TYPE_CHECKING

from msgspec import Struct

from folio.providers.ppocr.onnx.layers import POINT, Convolution, channels, convolution, made_by
from folio.providers.ppocr.onnx.network_file import Attributes, NetworkFile, Node

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.network_file import Floats

_ENLARGED: Attributes = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
_TWICE: Attributes = {"kernel_shape": (2, 2), "strides": (2, 2), "pads": (0, 0, 0, 0)}
_AROUND: Attributes = {"kernel_shape": (3, 3), "strides": (1, 1), "pads": (1, 1, 1, 1)}
# Which of the three rows that a convolution sees of an image enlarged twice lie in the first and in the second of the
# two that it has of the image itself, for even and for odd rows. Columns are the same.
_FOLDED = (((1, 0, 0), (0, 1, 1)), ((1, 1, 0), (0, 0, 1)))
_PARITIES = ((0, 0), (0, 1), (1, 0), (1, 1))  # of rows and columns
_SHOWN = 4  # pixels of the output for one of the finest level, along each side


class Level(Struct, frozen=True):
    source: str
    times: int  # what it is enlarged by
    region: str  # a value that enlarging names and does not use
    weights: "Floats"  # of the convolution, for its channels


class Head(Struct, frozen=True):
    """Levels, convolved together; each pixel of that becomes two by two, and each of those again."""

    levels: list[Level]
    joined: Convolution
    inner: Convolution
    outer: Convolution


def halve_head(network: NetworkFile) -> None:
    """Convolve the levels at half of the size of the finest one, even and odd rows and columns by themselves.

    A convolution of 3 x 3 pixels of an image enlarged twice sees only 2 x 2 of the image. What follows takes each pixel
    by itself: enlarging by a transposed convolution is one of single pixels with more channels, which are laid out as
    pixels at the end.
    """
    head, index = _find(network), network.maker(network.output)
    if head and index is not None:
        network.replace(index, [])
        _add_constants(network, head)
        sources = _sources(network, head.levels)
        _lay_out(network, [_add_part(network, parity, *sources) for parity in _PARITIES])


def _find(network: NetworkFile) -> Head | None:
    last = made_by(network, network.output, "Sigmoid")
    outer = convolution(network, last.inputs[0], "ConvTranspose") if last else None
    inner = _before(network, outer, "ConvTranspose")
    joined = _before(network, inner, "Conv")
    if outer is None or inner is None or joined is None:
        return None
    are_expected = inner.has(_TWICE) and outer.has(_TWICE) and outer.weights.shape[1] == 1 and joined.has(_AROUND)
    levels = _levels(network, joined)
    return Head(levels, joined, inner, outer) if are_expected and levels else None


def _before(network: NetworkFile, layer: Convolution | None, kind: str) -> Convolution | None:
    active = made_by(network, layer.source, "Relu") if layer else None
    return convolution(network, active.inputs[0], kind) if active else None


def _levels(network: NetworkFile, joined: Convolution) -> list[Level]:
    """Return the levels that a convolution sees; none if they are not as expected."""
    concat = made_by(network, joined.source, "Concat")
    levels, start = [], 0
    for name in concat.inputs if concat else ():
        size = channels(network, name)
        level = size and _level(network, name, joined.weights[:, start : start + size])
        if not level:
            return []
        levels.append(level)
        start += size or 0
    times = {level.times for level in levels}
    is_expected = start == joined.weights.shape[1] and 1 in times and len(times) > 1
    return levels if is_expected and not any(one % 2 for one in times - {1}) else []


def _level(network: NetworkFile, name: str, weights: "Floats") -> Level | None:
    index = network.maker(name)
    if index is None or network.nodes[index].kind != "Resize":
        return Level(name, 1, "", weights)
    inputs, attributes = network.nodes[index].inputs, network.attributes(index)
    factors = network.constant(inputs[2]).tolist() if len(inputs) == 3 and network.is_constant(inputs[2]) else []
    times = int(factors[-1]) if factors else 0
    is_expected = factors == [1, 1, times, times] and _ENLARGED.items() <= attributes.items()
    return Level(inputs[0], times, inputs[1], weights) if is_expected else None


def _add_constants(network: NetworkFile, head: Head) -> None:
    """Add the weights of all parts: those of levels, and those of what enlarges as convolutions of single pixels."""
    import numpy as np

    fine, coarse = (
        np.concatenate([level.weights for level in head.levels if (level.times > 1) is is_coarse], axis=1)
        for is_coarse in (False, True)
    )
    network.add_constant("head/fine/weights", fine)
    network.add_constant("head/coarse/bias", head.joined.bias)
    for row, column in _PARITIES:
        folds = np.array([_FOLDED[row], _FOLDED[column]], np.float32)
        folded = np.einsum("oiyx,ry,cx->oirc", coarse, *folds)
        network.add_constant(f"head/{row}{column}/coarse/weights", folded)
    inputs, outputs = head.inner.weights.shape[:2]
    upright = head.inner.weights.transpose(2, 3, 1, 0).reshape(4 * outputs, inputs, 1, 1)
    network.add_constant("head/inner/weights", upright)
    network.add_constant("head/inner/bias", np.tile(head.inner.bias, 4))
    # Of each of four rows, two of two, and as many columns: what the four pixels before give to it.
    weights = np.zeros((2, 2, 2, 2, 2, 2, outputs), np.float32)
    for row, column in _PARITIES:
        weights[row, :, column, :, row, column] = head.outer.weights[:, 0].transpose(1, 2, 0)
    network.add_constant("head/outer/weights", weights.reshape(_SHOWN**2, 4 * outputs, 1, 1))
    network.add_constant("head/outer/bias", np.repeat(head.outer.bias, _SHOWN**2))


def _sources(network: NetworkFile, levels: list[Level]) -> tuple[str, str]:
    """Return the finest level, and the others at half of its size."""
    fine = [level.source for level in levels if level.times == 1]
    coarse = [_half(network, level) for level in levels if level.times > 1]
    return _joined(network, fine, "head/fine/levels"), _joined(network, coarse, "head/coarse/levels")


def _half(network: NetworkFile, level: Level) -> str:
    """Return a level at half of the size of the finest one."""
    import numpy as np

    if level.times == 2:
        return level.source
    half, name = level.times / 2, f"head/{level.source}"
    scales = network.add_constant(f"{name}/scales", np.array([1, 1, half, half], np.float32))
    inputs = (level.source, level.region, scales)
    network.append(Node(kind="Resize", inputs=inputs, outputs=(name,), attributes=_ENLARGED))
    return name


def _joined(network: NetworkFile, names: list[str], target: str) -> str:
    if len(names) == 1:
        return names[0]
    network.append(Node(kind="Concat", inputs=tuple(names), outputs=(target,), attributes={"axis": 1}))
    return target


def _add_part(network: NetworkFile, parity: tuple[int, int], fine: str, coarse: str) -> str:
    """Return the probabilities of 4 x 4 pixels, in channels, for even or odd rows and columns of the finest level."""
    row, column = parity
    part = f"head/{row}{column}"
    pads = (1 - row, 1 - column, row, column)
    every_second: Attributes = {"kernel_shape": (3, 3), "strides": (2, 2), "pads": pads}
    folded: Attributes = {"kernel_shape": (2, 2), "strides": (1, 1), "pads": pads}

    def add(kind: str, inputs: tuple[str, ...], name: str, attributes: Attributes) -> str:
        target = f"{part}/{name}"
        network.append(Node(kind=kind, inputs=inputs, outputs=(target,), attributes=attributes))
        return target

    fine = add("Conv", (fine, "head/fine/weights"), "fine", every_second)
    coarse = add("Conv", (coarse, f"{part}/coarse/weights", "head/coarse/bias"), "coarse", folded)
    active = add("Relu", (add("Add", (fine, coarse), "sum", {}),), "active", {})
    inner = add("Conv", (active, "head/inner/weights", "head/inner/bias"), "inner", POINT)
    active = add("Relu", (inner,), "inner/active", {})
    outer = add("Conv", (active, "head/outer/weights", "head/outer/bias"), "outer", POINT)
    return add("Sigmoid", (outer,), "probabilities", {})


def _lay_out(network: NetworkFile, parts: list[str]) -> None:
    """Make the output of the four parts: channels last first, so that four pixels beside each other move together.

    It is 1 x rows x 2 x 4 x columns x 2 x 4, in the order of the pixels: an image's shape would have to be computed.
    """
    import numpy as np

    shape = network.add_constant("head/shape", np.array([0, 0, 0, 2, 2, _SHOWN, _SHOWN]))  # of which 0 stay
    steps: list[tuple[str, tuple[str, ...], str, Attributes]] = [
        ("Concat", tuple(parts), "head/parts", {"axis": 1}),
        ("Transpose", ("head/parts",), "head/last", {"perm": (0, 2, 3, 1)}),
        ("Reshape", ("head/last", shape), "head/pixels", {}),
        ("Transpose", ("head/pixels",), network.output, {"perm": (0, 1, 3, 5, 2, 4, 6)}),
    ]
    for kind, inputs, target, attributes in steps:
        network.append(Node(kind=kind, inputs=inputs, outputs=(target,), attributes=attributes))
