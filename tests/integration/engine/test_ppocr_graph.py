"""The recognizer as Folio changes it: without its last layer, and its wide layers in whole numbers."""

import cv2
import numpy as np
import onnxruntime
import pytest

from folio.providers.ppocr.onnx import graph
from folio.providers.ppocr.onnx.network_file import NetworkFile
from folio.providers.ppocr.onnx.networks import find_models
from folio.providers.ppocr.onnx.quantized import quantize

pytestmark = pytest.mark.slow("loads the recognizer")


def session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def test_both_parts_give_what_the_whole_gives_and_fewer_classes_share_it_out_among_them() -> None:
    model = (find_models() / "ppocrv6_rec.onnx").read_bytes()
    network = NetworkFile(model)
    layer = graph.split(network)
    line = np.random.default_rng(1).random((1, 3, 48, 160), np.float32) * 2 - 1
    (whole,) = session(model).run(None, {"x": line})
    (features,) = session(network.content()).run(None, {"x": line})
    # Processors sum in orders of their own.
    np.testing.assert_allclose(layer.probabilities(features[0]), whole[0], atol=1e-4)
    classes = np.arange(0, whole.shape[2], 50)
    expected = whole[0][:, classes]
    some = layer.of(classes).probabilities(features[0])
    np.testing.assert_allclose(some, expected / expected.sum(1, keepdims=True), atol=1e-4)


def test_a_network_that_ends_otherwise_is_refused() -> None:
    model = (find_models() / "ppocrv6_det.onnx").read_bytes()
    with pytest.raises(ValueError, match="ends in Sigmoid"):
        graph.split(NetworkFile(model))


def test_its_wide_layers_in_whole_numbers_give_nearly_the_same_features() -> None:
    model = (find_models() / "ppocrv6_rec.onnx").read_bytes()
    exact, rounded = NetworkFile(model), NetworkFile(model)
    layer = graph.split(exact)
    graph.split(rounded)
    assert quantize(rounded) == 25
    assert len(rounded.content()) < 0.5 * len(exact.content())
    paper = np.full((48, 480), 255, np.uint8)
    cv2.putText(paper, "Amount due 12,345.60", (10, 34), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,), 2, cv2.LINE_AA)
    line = np.broadcast_to(paper.astype(np.float32) / 127.5 - 1, (1, 3, *paper.shape)).copy()
    (features,) = session(exact.content()).run(None, {"x": line})
    (near,) = session(rounded.content()).run(None, {"x": line})
    assert 0 < ((near - features) ** 2).mean() < 0.1 * (features**2).mean()
    np.testing.assert_array_equal(layer.probabilities(near[0]).argmax(1), layer.probabilities(features[0]).argmax(1))
