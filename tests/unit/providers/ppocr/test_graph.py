"""A network's last layer, cut off and made a network of its own."""

import numpy as np

from folio.providers.ppocr.graph import LastLayer, network, split


def test_a_layer_is_found_again_in_the_network_made_of_it() -> None:
    layer = LastLayer(np.arange(12, dtype=np.float32).reshape(3, 4), np.array([1, 2, 3, 4], np.float32))
    rest, found = split(network(layer))
    assert (found.weights == layer.weights).all()
    assert (found.bias == layer.bias).all()
    assert len(rest) < len(network(layer)) / 2
    assert b"features" in rest
    assert b"weights" not in rest


def test_a_layer_of_some_classes_has_their_columns() -> None:
    layer = LastLayer(np.arange(12, dtype=np.float32).reshape(3, 4), np.array([1, 2, 3, 4], np.float32))
    some = layer.of(np.array([0, 2]))
    assert some.weights.tolist() == [[0, 2], [4, 6], [8, 10]]
    assert some.bias.tolist() == [1, 3]
