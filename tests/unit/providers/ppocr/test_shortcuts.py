"""On which pages the quick recognizer is sure enough."""

import math

import numpy as np

from folio.providers.ppocr.onnx.graph import LastLayer
from folio.providers.ppocr.onnx.recognizer import Recognizer
from folio.providers.ppocr.text.shortcuts import Shortcut
from folio.providers.ppocr.text.trials import Trials
from tests.support.recognized import line


def quick() -> Shortcut:
    """Return the shortcut, without a network."""
    recognizer = Recognizer(lambda: None, LastLayer(np.zeros((1, 1), np.float32), np.zeros(1, np.float32)))
    return Shortcut(recognizer, 1.0, (0.0, math.inf), Trials(0.9, 100), by_character=True)


def test_letters_tell_whether_a_page_is_clear_and_blanks_do_not() -> None:
    shortcut = quick()
    for _ in range(10):
        shortcut.count(line("the quick brown fox", blank=0.5))
    assert shortcut.trials.pay()
    shortcut.count(line("the quick brown fox jumps over", doubtful="aeiou"))
    assert shortcut.trials.pay()
    for _ in range(3):
        shortcut.count(line("the quick brown fox jumps over", doubtful="aeiou"))
    assert not shortcut.trials.pay()
