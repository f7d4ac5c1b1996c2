"""What a recognizer says of a line, made up step by step."""

import numpy as np

from folio.providers.ppocr.onnx.characters import Character, decoded

STEP = 4.0  # pixels between two steps
WIDTH = 10.0  # pixels of each character of a line that is not read of steps

type Step = dict[str, float]  # characters that are likely there, and how likely
type Answer = np.ndarray[tuple[int, int], np.dtype[np.float32]]


def recognized(alphabet: tuple[str, ...], *steps: Step) -> tuple[list[Character], Answer]:
    """Return what is read of steps with their likely characters, between each two of which stands none."""
    answer = np.full((2 * len(steps) + 1, len(alphabet)), 1e-6, np.float32)
    answer[:, 0] = 1.0
    for index, step in enumerate(steps):
        answer[2 * index + 1] = 1e-6
        for character, probability in step.items():
            answer[2 * index + 1, alphabet.index(character)] = probability
    return decoded(answer, alphabet, None, STEP), answer


def part_of(answer: Answer, left: float, right: float) -> Answer:
    """Return the steps between two pixels, and one more at both ends."""
    return answer[max(0, round(left / STEP) - 1) : round(right / STEP) + 1]


def line(text: str, *, doubtful: str = "", least: float = 0.5, blank: float = 0.99) -> list[Character]:
    """Return characters of one width; those that are `doubtful` have the probability `least`, blanks `blank`."""
    return [
        Character(
            one,
            blank if one == " " else least if one in doubtful else 0.99,
            index * WIDTH,
            (index + 1) * WIDTH,
            blank if one == " " else 0.0,
        )
        for index, one in enumerate(text)
    ]
