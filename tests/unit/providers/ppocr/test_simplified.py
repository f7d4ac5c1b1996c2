"""Rewrites of a network: where they fit, and that anything else stays as it is."""

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from folio.providers.ppocr.onnx.head import halve_head
from folio.providers.ppocr.onnx.network_file import Attributes, NetworkFile, Node
from folio.providers.ppocr.onnx.simplified import (
    add_up_parts,
    keep_layout,
    scale_once,
    show_one_channel,
    simplify,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A model (onnx.proto) of a graph without nodes, whose input "in" has 1 x 3 x h x w floats.
SHAPE = b"\x0a\x02\x08\x01\x0a\x02\x08\x03\x0a\x03\x12\x01h\x0a\x03\x12\x01w"
EMPTY = b"\x3a\x26\x5a\x1e\x0a\x02in\x12\x18\x0a\x16\x08\x01\x12\x12" + SHAPE + b"\x62\x04\x0a\x02in"
SHAPELESS = b"\x3a\x12\x5a\x0a\x0a\x02in\x12\x04\x0a\x02\x08\x01\x62\x04\x0a\x02in"
POINT: Attributes = {"kernel_shape": (1, 1), "strides": (1, 1), "pads": (0, 0, 0, 0)}
AROUND: Attributes = {"kernel_shape": (3, 3), "strides": (1, 1), "pads": (1, 1, 1, 1)}
TWICE: Attributes = {"kernel_shape": (2, 2), "strides": (2, 2), "pads": (0, 0, 0, 0)}
NEAREST: Attributes = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}


class Drawing:
    """A network, drawn node by node."""

    def __init__(self, model: bytes = EMPTY) -> None:
        self._file = NetworkFile(model)
        self._last = "in"

    @property
    def file(self) -> NetworkFile:
        """The network that ends at the last node."""
        if self._file.output != self._last:
            self._file.end_at(self._last)
        return self._file

    def add(self, kind: str, *inputs: str, to: str, attributes: Attributes | None = None) -> str:
        self._file.append(Node(kind=kind, inputs=inputs, outputs=(to,), attributes=attributes or {}))
        self._last = to
        return to

    def constant(self, name: str, *shape: int, values: "NDArray[np.float32] | None" = None) -> str:
        numbers = np.random.default_rng(len(name)).random(shape, np.float32) if values is None else values
        return self._file.add_constant(name, numbers)

    def conv(
        self, source: str, to: str, shape: tuple[int, ...], attributes: Attributes = POINT, kind: str = "Conv"
    ) -> str:
        self.add(kind, source, self.constant(f"{to}/w", *shape), to=f"{to}/c", attributes=attributes)
        count = shape[0 if kind == "Conv" else 1]
        return self.add("Add", f"{to}/c", self.constant(f"{to}/b", 1, count, 1, 1), to=to)

    def kinds(self) -> Counter[str]:
        return Counter(node.kind for node in NetworkFile(self.file.content()).nodes.values())


def test_a_network_takes_one_channel_with_the_sum_of_its_weights() -> None:
    drawing = Drawing()
    drawing.conv("in", "out", (4, 3, 3, 3), AROUND)
    weights = drawing.file.constant("out/w")
    show_one_channel(drawing.file)
    changed = NetworkFile(drawing.file.content())
    node = next(node for node in changed.nodes.values() if node.kind == "Conv")
    np.testing.assert_array_equal(changed.constant(node.inputs[1]), weights.sum(axis=1, keepdims=True))
    assert (b"\x0a\x02\x08\x01" * 2 in drawing.file.content(), changed.inputs) == (True, ["in"])
    index = changed.maker(node.outputs[0])
    assert index is not None
    assert changed.attributes(index) == AROUND


@pytest.mark.parametrize("case", ["another user", "in groups", "of a shape not said"])
def test_what_takes_channels_otherwise_is_shown_all_three(case: str) -> None:
    drawing = Drawing(SHAPELESS if case == "of a shape not said" else EMPTY)
    drawing.add("Conv", "in", drawing.constant("w", 3, 1, 1, 1), to="c", attributes={**POINT, "group": 3})
    if case != "in groups":
        drawing = Drawing(SHAPELESS if case == "of a shape not said" else EMPTY)
        drawing.conv("in", "c", (3, 3, 1, 1))
    if case == "another user":
        drawing.add("Add", "in", "c", to="out")
    before = drawing.file.content()
    show_one_channel(drawing.file)
    assert drawing.file.content() == before


def parts(second: str, shape: tuple[int, ...] = (4, 8, 3, 3)) -> Drawing:
    drawing = Drawing()
    drawing.add("Relu", drawing.conv("in", "first", (5, 3, 1, 1)), to="active")
    drawing.add(second, drawing.conv("active", "second", (3, 5, 1, 1)), to="other")
    drawing.add("Concat", "active", "other", to="joined", attributes={"axis": 1})
    drawing.conv("joined", "out", shape, AROUND)
    return drawing


def test_a_convolution_of_two_images_is_the_sum_of_two() -> None:
    drawing = parts("MaxPool")
    weights = drawing.file.constant("out/w")
    add_up_parts(drawing.file)
    changed = NetworkFile(drawing.file.content())
    assert (drawing.kinds()["Concat"], drawing.kinds()["Conv"]) == (0, 4)
    np.testing.assert_array_equal(changed.constant("out/0/weights"), weights[:, :5])
    np.testing.assert_array_equal(changed.constant("out/1/weights"), weights[:, 5:])


@pytest.mark.parametrize(("second", "shape"), [("Transpose", (4, 8, 3, 3)), ("MaxPool", (4, 9, 3, 3))])
def test_images_whose_channels_are_not_known_stay_joined(second: str, shape: tuple[int, ...]) -> None:
    drawing = parts(second, shape)
    before = drawing.file.content()
    add_up_parts(drawing.file)
    assert drawing.file.content() == before


def scaled(outputs: int, *, biased: bool = False, pooled: str = "image", used: bool = False) -> Drawing:
    """Return an image plus itself scaled, added to a smaller one."""
    drawing = Drawing()
    if biased:
        drawing.conv("in", "image", (outputs, 3, 1, 1))
    else:
        drawing.add("Conv", "in", drawing.constant("image/w", outputs, 3, 1, 1), to="image", attributes=POINT)
    drawing.add("GlobalAveragePool", pooled, to="mean")
    drawing.add("HardSigmoid", drawing.conv("mean", "squeezed", (outputs, outputs, 1, 1)), to="scale")
    drawing.add("Add", "image", drawing.add("Mul", "image", "scale", to="product"), to="more")
    drawing.add("Resize", drawing.add("Relu", "image" if used else "in", to="small"), "", "", to="large")
    drawing.add("Add", "more", "large", to="out")
    return drawing


def test_a_widening_convolution_is_scaled_by_its_weights_and_added_at_once() -> None:
    drawing = scaled(6)
    scale_once(drawing.file)
    assert (drawing.kinds()["FusedConv"], drawing.kinds()["GlobalAveragePool"], drawing.kinds()["ReduceMean"]) == (
        1,
        0,
        1,
    )
    made = {node.outputs[0]: node for node in NetworkFile(drawing.file.content()).nodes.values()}
    assert made["out"].inputs == ("in", "more/product", "", "large")
    assert "product" not in made


@pytest.mark.parametrize(("outputs", "biased"), [(2, False), (6, True)])
def test_any_other_image_plus_itself_scaled_is_scaled_by_one_more(outputs: int, biased: bool) -> None:
    drawing = scaled(outputs, biased=biased)
    additions = drawing.kinds()["Add"]
    scale_once(drawing.file)
    made = {node.outputs[0]: node for node in NetworkFile(drawing.file.content()).nodes.values()}
    assert (made["more"].kind, made["more"].inputs) == ("Mul", ("image", "more/scale"))
    assert made["more/scale"].inputs == ("scale", "more/one")
    assert drawing.kinds()["Add"] == additions


@pytest.mark.parametrize("drawing", [scaled(6, pooled="in"), scaled(6, used=True)], ids=["another mean", "used twice"])
def test_an_image_that_is_scaled_otherwise_stays(drawing: Drawing) -> None:
    before = drawing.file.content()
    scale_once(drawing.file)
    assert drawing.file.content() == before


@pytest.mark.parametrize("is_added", [True, False])
def test_a_scaled_image_that_a_convolution_is_added_to_comes_from_one_that_changes_nothing(is_added: bool) -> None:
    drawing = Drawing()
    drawing.add("ReduceMean", drawing.conv("in", "image", (6, 3, 1, 1)), to="mean", attributes={"axes": (2, 3)})
    drawing.add("Mul", "image", drawing.add("HardSigmoid", "mean", to="scale"), to="product")
    drawing.add("Add", "product", drawing.conv("product", "other", (6, 6, 1, 1)) if is_added else "in", to="out")
    keep_layout(drawing.file)
    changed = NetworkFile(drawing.file.content())
    assert drawing.kinds()["Conv"] == (3 if is_added else 1)
    if is_added:
        index = changed.maker("product")
        assert index is not None
        assert changed.attributes(index) == {**POINT, "group": 6}
        np.testing.assert_array_equal(changed.constant("product/ones"), np.ones((6, 1, 1, 1)))


def head(
    times: tuple[int, ...] = (4, 2, 1),
    around: Attributes = AROUND,
    twice: Attributes = TWICE,
    enlarged: Attributes = NEAREST,
    last: str = "Sigmoid",
) -> Drawing:
    drawing = Drawing()
    levels = [drawing.conv("in", f"level{number}", (2, 3, 1, 1)) for number in range(len(times))]
    for number, factor in enumerate(times):
        if factor > 1:
            scales = drawing.constant(f"scales{number}", values=np.array([1, 1, factor, factor], np.float32))
            levels[number] = drawing.add("Resize", levels[number], "", scales, to=f"large{number}", attributes=enlarged)
    drawing.add("Concat", *levels, to="joined", attributes={"axis": 1})
    drawing.add("Relu", drawing.conv("joined", "seen", (3, 2 * len(times), 3, 3), around), to="active")
    drawing.add("Relu", drawing.conv("active", "inner", (3, 3, 2, 2), twice, "ConvTranspose"), to="larger")
    drawing.add(last, drawing.conv("larger", "outer", (3, 1, 2, 2), TWICE, "ConvTranspose"), to="out")
    return drawing


def test_a_head_is_convolved_at_half_of_its_size_for_even_and_odd_rows_and_columns() -> None:
    drawing = head()
    halve_head(drawing.file)
    kinds = drawing.kinds()
    assert (kinds["ConvTranspose"], kinds["Sigmoid"], kinds["Resize"]) == (0, 4, 1)
    changed = NetworkFile(drawing.file.content())
    assert changed.output == "out"
    assert changed.constant("head/10/coarse/weights").shape == (3, 4, 2, 2)
    np.testing.assert_allclose(
        changed.constant("head/01/coarse/weights").sum(axis=(2, 3)),
        drawing.file.constant("seen/w")[:, :4].sum(axis=(2, 3)),
        rtol=1e-5,
    )


@pytest.mark.parametrize(
    "drawing",
    [
        head(times=(3, 1)),
        head(times=(1, 1)),
        head(times=(4, 2)),
        head(around={**AROUND, "strides": (2, 2)}),
        head(twice={**TWICE, "group": 3}),
        head(enlarged={**NEAREST, "mode": "linear"}),
        head(last="Relu"),
    ],
    ids=["three times", "no coarse level", "no fine level", "strides", "groups", "linear", "no probabilities"],
)
def test_a_head_of_another_shape_stays(drawing: Drawing) -> None:
    before = drawing.file.content()
    halve_head(drawing.file)
    assert drawing.file.content() == before


def test_a_network_without_inputs_or_layers_stays() -> None:
    for model in (b"\x3a\x06\x62\x04\x0a\x02in", SHAPELESS):
        file = NetworkFile(model)
        before = file.content()
        simplify(file)
        assert file.content() == before
