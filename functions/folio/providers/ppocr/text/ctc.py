"""How probably a recognizer's answer says a text: the sum over all ways to write it down step by step.

Source: Graves and others, "Connectionist temporal classification" (2006), 4.1.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from folio.providers.ppocr.onnx.sessions import Floats

MIN_PROBABILITY = 1e-300  # whose logarithm is taken


def log_probabilities(texts: Sequence[str], none: "Floats", columns: "Mapping[str, Floats]") -> list[float]:
    """Return the natural logarithm of how probably each text is written in all of the steps.

    `none` has for each step the probability that it writes no character, `columns` that of each character. Unlike those
    of a search these are of all ways, so that the answers of two looks can be compared text by text.
    """
    import numpy as np

    labels = [[none, *(column for one in text for column in (columns[one], none))] for text in texts]
    longest = max(len(one) for one in labels)
    emitted = np.zeros((len(none), len(texts), longest))
    skips = np.zeros((len(texts), longest), bool)  # where a character follows another than itself at once
    for index, (text, label) in enumerate(zip(texts, labels, strict=True)):
        emitted[:, index, : len(label)] = np.stack(label, 1)
        skips[index, [2 * at + 1 for at in range(1, len(text)) if text[at] != text[at - 1]]] = True
    reached = emitted[0].copy()
    reached[:, 2:] = 0.0
    logarithms = np.zeros(len(texts))
    for step in range(1, len(none)):
        following = reached.copy()
        following[:, 1:] += reached[:, :-1]
        following[:, 2:] += reached[:, :-2] * skips[:, 2:]
        following *= emitted[step]
        total = np.maximum(following.sum(1), MIN_PROBABILITY)
        reached = following / total[:, None]
        logarithms += np.log(total)
    ends = [(row, len(label) - 1) for row, label in enumerate(labels)]
    at_end = np.array([reached[row, max(0, last - 1) : last + 1].sum() for row, last in ends])
    result: list[float] = (logarithms + np.log(at_end + MIN_PROBABILITY)).tolist()
    return result
