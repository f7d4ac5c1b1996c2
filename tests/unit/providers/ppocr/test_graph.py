"""A network's last layer, cut off."""

import numpy as np

from folio.providers.ppocr.onnx.graph import LastLayer

LAYER = LastLayer(np.arange(12, dtype=np.float32).reshape(3, 4), np.array([1, 2, 3, 4], np.float32))


def test_a_layer_of_some_classes_has_their_columns() -> None:
    some = LAYER.of(np.array([0, 2]))
    assert some.weights.tolist() == [[0, 2], [4, 6], [8, 10]]
    assert some.bias.tolist() == [1, 3]


def test_probabilities_of_a_step_add_up_to_one_however_large_its_values() -> None:
    steps = LAYER.probabilities(np.array([[0, 0, 0], [1, 0, 0], [1e4, 0, 0]], np.float32))
    powers = np.exp([1, 2, 3, 4])
    np.testing.assert_allclose(steps[0], powers / powers.sum(), atol=1e-6)
    np.testing.assert_allclose(steps.sum(axis=1), 1, atol=1e-6)
    assert steps[2].tolist() == [0, 0, 0, 1]
