"""Long lines are read narrowed, and once more at their own width where that is not clear."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from folio.documents.pixels import Grey
from folio.providers.ppocr.languages import allowed_classes
from folio.providers.ppocr.networks import Networks, find_models
from folio.providers.ppocr.recognition import HEIGHT_PX, Crop, Recognition, mean_probability, narrowing, recognize
from tests.support.documents.drawings import draw

if TYPE_CHECKING:
    from folio.providers.ppocr.networks import Floats

pytestmark = pytest.mark.slow("loads the networks")


class Recording(Networks):
    """The networks, and the widths of the lines they are shown."""

    def __init__(self) -> None:
        super().__init__(find_models())
        self.widths: list[int] = []

    def features(self, line: Grey) -> "Floats":
        self.widths.append(line.shape[1])
        return super().features(line)


def line(text: str, width: int) -> Crop:
    drawn = np.asarray(draw(text, size=(width, 60), height=34, at=(10, 10)).image.convert("L"))
    corners = np.array([[0, 0], [width, 0], [width, 60], [0, 60]], np.float32)
    return Crop(drawn, corners)


def test_a_clear_long_line_is_read_once_and_narrowed() -> None:
    networks = Recording()
    long = line("the quick brown fox jumps over it", 640)
    characters = recognize(long, networks, None)
    assert "".join(one.text for one in characters) == "the quick brown fox jumps over it"
    (width,) = networks.widths
    assert width < 0.85 * HEIGHT_PX * 640 / 60
    # Where they stand is told in the crop's pixels all the same.
    assert characters[-1].center == pytest.approx(np.flatnonzero((long.image < 128).any(0))[-1], abs=30)


def test_an_unclear_one_is_read_at_its_own_width_too_and_a_short_one_only_so() -> None:
    networks = Recording()
    long = line("the quick brown fox jumps over it", 640)
    noise = np.random.default_rng(2).integers(0, 256, long.image.shape, np.uint8)
    assert mean_probability(recognize(Crop(noise, long.corners), networks, None)) < 0.95
    recognize(line("fox", 240), networks, None)
    assert [width >= HEIGHT_PX * 640 / 60 for width in networks.widths[:2]] == [False, True]
    assert networks.widths[2:] == [HEIGHT_PX * 4]


def test_a_line_is_shown_to_the_network_once_for_whatever_classes() -> None:
    networks = Recording()
    recognition = Recognition(line("fox", 240), networks, narrowing())
    classes = allowed_classes(networks.characters, ("eng",))
    read = [recognition.characters(one) for one in (None, classes)]
    assert ["".join(character.text for character in one) for one in read] == ["fox", "fox"]
    assert len(networks.widths) == 1


def test_where_lines_are_unclear_when_narrowed_they_are_not_narrowed_any_more() -> None:
    networks, page = Recording(), narrowing()
    noise = np.random.default_rng(2).integers(0, 256, (60, 640), np.uint8)
    for _ in range(18):
        Recognition(Crop(noise, line("", 640).corners), networks, page).characters(None)
    assert len(networks.widths) == 16 * 2 + 2
