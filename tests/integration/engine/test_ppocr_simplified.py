"""The networks as Folio rewrites them when it loads them: they give what those of the files give."""

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import onnxruntime
import pytest
from onnxruntime import GraphOptimizationLevel as Level

from folio.providers.ppocr.onnx import graph
from folio.providers.ppocr.onnx.network_file import NetworkFile
from folio.providers.ppocr.onnx.networks import find_models, find_quick_models
from folio.providers.ppocr.onnx.quantized import quantize
from folio.providers.ppocr.onnx.simplified import keep_layout, simplify

if TYPE_CHECKING:
    from numpy.typing import NDArray

pytestmark = pytest.mark.slow("loads the networks")

SIZES = [(32, 32), (64, 160), (160, 96), (320, 224)]


def session(network: NetworkFile, level: Level = Level.ORT_ENABLE_ALL) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = level
    return onnxruntime.InferenceSession(network.content(), options, providers=["CPUExecutionProvider"])


def image(height: int, width: int, seed: int) -> "NDArray[np.float32]":
    """Return letters on noise, between -1 and 1."""
    dice = np.random.default_rng(seed)
    picture = cv2.resize(dice.integers(120, 255, (height // 8, width // 8)).astype(np.uint8), (width, height))
    for row in range(24, height, 32):
        cv2.putText(picture, "Total 12,345", (2, row), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (int(dice.integers(60)),), 2)
    return (picture.astype(np.float32) / 127.5 - 1)[None, None]


def quick(name: str) -> Path:
    folder = find_quick_models()
    if folder is None:
        pytest.skip("PP-OCRv6 tiny is not there")
    return folder / name


def kinds(network: NetworkFile) -> list[str]:
    return [node.kind for node in NetworkFile(network.content()).nodes.values()]


@pytest.mark.parametrize("is_quick", [False, True], ids=["small", "tiny"])
@pytest.mark.parametrize("level", [Level.ORT_ENABLE_ALL, Level.ORT_ENABLE_EXTENDED], ids=["in blocks", "plain"])
def test_detectors_give_the_same_map_of_one_channel_without_transposed_convolutions(
    is_quick: bool, level: Level
) -> None:
    model = (quick("det.onnx") if is_quick else find_models() / "ppocrv6_det.onnx").read_bytes()
    plain, simple = NetworkFile(model), NetworkFile(model)
    simplify(simple)
    keep_layout(simple)  # also where the processor has none
    before, after = session(plain), session(simple, level)
    for seed, size in enumerate(SIZES):
        shown = image(*size, seed)
        (expected,) = before.run(None, {"x": shown.repeat(3, axis=1)})
        (found,) = after.run(None, {"x": shown})
        np.testing.assert_allclose(found.reshape(size), expected[0, 0], atol=1e-3)
    assert "ConvTranspose" in kinds(plain)
    assert "ConvTranspose" not in kinds(simple)
    assert kinds(simple).count("FusedConv") >= 2  # levels that are widened, added to smaller ones
    assert kinds(simple).count("Resize") == kinds(plain).count("Resize") - 1  # the level enlarged twice
    assert after.get_inputs()[0].shape[1] == 1


@pytest.mark.parametrize("is_quick", [False, True], ids=["small", "tiny"])
def test_recognizers_give_the_same_features_of_one_channel(is_quick: bool) -> None:
    plain, simple = (
        NetworkFile((quick("rec.onnx") if is_quick else find_models() / "ppocrv6_rec.onnx").read_bytes())
        for _ in range(2)
    )
    layer = graph.split(plain)
    graph.split(simple)
    simplify(simple)
    before, after = session(plain), session(simple)
    for width in (48, 160, 1000):
        shown = image(48, width, width)
        (expected,) = before.run(None, {"x": shown.repeat(3, axis=1)})
        (found,) = after.run(None, {"x": shown})
        np.testing.assert_allclose(layer.probabilities(found[0]), layer.probabilities(expected[0]), atol=1e-3)
    assert len(kinds(simple)) != len(kinds(plain))


def test_what_whole_numbers_are_added_to_changes_nothing_of_their_products() -> None:
    """Sums are laid out as products are: as many additions, and half as many transposes as there were."""
    network = NetworkFile((find_models() / "ppocrv6_rec.onnx").read_bytes())
    graph.split(network)
    additions = kinds(network).count("Add")
    layers = quantize(network)
    assert kinds(network).count("Add") == additions - layers
    assert kinds(network).count("Transpose") < 3 * layers


@pytest.mark.parametrize("fraction", [0.2, 0.5, 0.9])
def test_a_network_that_ends_elsewhere_has_its_other_rewrites(fraction: float) -> None:
    """Another release may have the same layers in another order: what does not fit is left out."""
    model = (find_models() / "ppocrv6_det.onnx").read_bytes()
    plain, simple = NetworkFile(model), NetworkFile(model)
    convolutions = [node.outputs[0] for node in plain.nodes.values() if node.kind == "Conv"]
    name = convolutions[int(fraction * len(convolutions))]
    for network in (plain, simple):
        network.end_at(name)
    simplify(simple)
    shown = image(64, 96, 1)
    (expected,) = session(plain).run(None, {"x": shown.repeat(3, axis=1)})
    (found,) = session(simple).run(None, {"x": shown})
    np.testing.assert_allclose(found, expected, atol=1e-3 * max(1.0, abs(expected).max()))
