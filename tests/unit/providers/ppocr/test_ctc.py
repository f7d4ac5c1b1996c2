"""How probably an answer says a text, beside the sum over all ways to write it."""

import itertools
import math

import numpy as np

from folio.providers.ppocr.text.ctc import log_probabilities

CHARACTERS = "火水"


def by_all_ways(text: str, answer: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> float:
    total = 0.0
    for way in itertools.product(range(len(CHARACTERS) + 1), repeat=len(answer)):
        runs = [one for one, _ in itertools.groupby(way)]
        if "".join(CHARACTERS[one - 1] for one in runs if one) == text:
            total += math.prod(answer[step, one] for step, one in enumerate(way))
    return total


def test_it_is_the_sum_of_all_ways_of_several_texts_at_once() -> None:
    answer = np.random.default_rng(1).dirichlet([1, 1, 1], 5).astype(np.float32)
    columns = {one: answer[:, index] for index, one in enumerate(CHARACTERS, 1)}
    texts = ["", "火", "水", "火水", "火火", "水火水", "火火水", "火水火水火"]
    said = np.exp(log_probabilities(texts, answer[:, 0], columns))
    np.testing.assert_allclose(said, [by_all_ways(text, answer) for text in texts], rtol=1e-5)


def test_what_takes_more_steps_than_there_are_is_next_to_impossible() -> None:
    answer = np.full((2, 3), 1 / 3, np.float32)
    columns = {one: answer[:, index] for index, one in enumerate(CHARACTERS, 1)}
    assert log_probabilities(["火火"], answer[:, 0], columns)[0] < -100
