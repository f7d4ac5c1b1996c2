"""The recognizer without its last layer, and that layer by itself, give what the network gives as a whole."""

import numpy as np
import onnxruntime
import pytest

from folio.providers.ppocr import graph
from folio.providers.ppocr.networks import find_models

pytestmark = pytest.mark.slow("loads the recognizer")


def session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def test_both_parts_give_what_the_whole_gives_and_fewer_classes_share_it_out_among_them() -> None:
    model = (find_models() / "ppocrv6_rec.onnx").read_bytes()
    rest, layer = graph.split(model)
    line = np.random.default_rng(1).random((1, 3, 48, 160), np.float32) * 2 - 1
    (whole,) = session(model).run(None, {"x": line})
    (features,) = session(rest).run(None, {"x": line})
    np.testing.assert_allclose(layer.probabilities(features[0]), whole[0], atol=1e-5)
    classes = np.arange(0, whole.shape[2], 50)
    expected = whole[0][:, classes]
    some = layer.of(classes).probabilities(features[0])
    np.testing.assert_allclose(some, expected / expected.sum(1, keepdims=True), atol=1e-4)


def test_a_network_that_ends_otherwise_is_refused() -> None:
    model = (find_models() / "ppocrv6_det.onnx").read_bytes()
    with pytest.raises(ValueError, match="ends in Sigmoid"):
        graph.split(model)
