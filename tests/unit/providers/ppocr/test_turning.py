"""Which way the lines of a page lie."""

import numpy as np
import pytest

from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.page.turning import Turning
from folio.providers.ppocr.text.crop import Crop

type Says = tuple[str, float]


class Page:
    """Lines of a page that runs to the right, and what is read of each as it lies and upside down."""

    def __init__(self) -> None:
        self._says: dict[int, list[Character]] = {}
        self.lines: list[Crop] = []
        self.turning = Turning(self.recognize, self.recognize)

    def add(self, upright: Says, over: Says = ("", 0.0)) -> "Page":
        number = len(self.lines)
        image = np.zeros((20, 20 * max(len(upright[0]), 2)), np.uint8)
        image[0, 0] = 1 + number
        left, top = 10.0, 40.0 * number
        corners = np.array([[left, top], [left + 90, top], [left + 90, top + 20], [left, top + 20]], np.float32)
        line = Crop(image, corners)
        for crop, (text, probability) in ((line, upright), (line.flipped(), over)):
            self._says[crop.key] = [Character(one, probability, 0.0, 1.0) for one in text]
        self.lines.append(line)
        return self

    def recognize(self, line: Crop) -> list[Character]:
        return self._says.get(line.key, [])

    def read(self, rotation: int = 0) -> list[str]:
        read = self.turning.settled([self.turning.read(line, rotation) for line in self.lines])
        assert all(characters == self.recognize(line) for line, characters in read)
        return ["".join(one.text for one in characters) for _, characters in read]


def with_long(page: Page) -> Page:
    for text in ("Influence of", "warmer climate", "on apples"):
        page.add((text, 0.85), ("uo", 0.3))
    return page


def test_short_lines_lie_as_the_long_ones_beside_them_even_if_they_are_surer_the_other_way() -> None:
    page = with_long(Page().add(("6", 0.72), ("9", 0.9)).add(("H30", 0.69), ("DDH", 0.83)))
    assert page.read() == ["6", "H30", "Influence of", "warmer climate", "on apples"]


def test_a_short_line_is_turned_over_where_no_long_one_tells_or_some_lie_so() -> None:
    assert Page().add(("6", 0.72), ("9", 0.9)).read() == ["9"]
    page = with_long(Page().add(("6", 0.72), ("9", 0.9))).add(("sjdde", 0.4), ("apples", 0.95))
    assert page.read()[0] == "9"


def test_a_short_word_that_is_clear_the_other_way_alone_is_turned_over() -> None:
    assert with_long(Page().add(("bEZI", 0.5), ("1236", 0.97))).read()[0] == "1236"


def test_lines_of_a_page_that_lies_upside_down_are_read_as_it_lies() -> None:
    page = Page()
    for text in ("Influence of", "warmer climate", "on apples"):
        page.add(("uo", 0.3), (text, 0.85))
    page.add(("9", 0.9), ("6", 0.72))
    assert page.read(rotation=180) == ["Influence of", "warmer climate", "on apples", "6"]


def test_a_page_that_is_clear_upside_down_is_turned_when_one_line_was_not_clear() -> None:
    page = Page()
    for _ in range(6):
        page.add(("ou sı sıɥʇ", 0.5), ("this is no", 0.99))
    read: list[int] = []

    def recognize(line: Crop) -> list[Character]:
        read.append(line.key)
        return page.recognize(line)

    assert Turning(recognize, page.recognize).rotation(page.lines) == 180
    assert len(read) == 1


def test_where_one_line_is_unclear_both_ways_the_mean_of_all_tells() -> None:
    page = Page().add(("a blurred line of text", 0.6), ("ʇxǝʇ ɟo ǝuıl pǝɹɹnlq ɐ", 0.5))
    for _ in range(4):
        page.add(("clear lines", 0.99), ("sǝuıl ɹɐǝlɔ", 0.4))
    assert page.turning.rotation(page.lines) == 0


def test_where_the_longest_lines_are_unclear_both_ways_clear_shorter_ones_tell() -> None:
    page = Page()
    for _ in range(5):
        page.add(("a long blurred line", 0.55), ("ǝuıl pǝɹɹnlq ƃuol ɐ", 0.6))
    for _ in range(3):
        page.add(("a title", 0.99), ("ǝlʇıʇ ɐ", 0.3))
    assert page.turning.rotation(page.lines) == 0


@pytest.mark.parametrize(("lying", "right"), [(("6室", 0.98), "6室"), (("6室", 0.9), "室"), (("室", 0.98), "室")])
def test_two_characters_above_each_other_are_read_beside_each_other_where_both_are_clear(
    lying: Says, right: str
) -> None:
    line = Crop(np.ones((30, 20), np.uint8), np.array([[10, 10], [30, 10], [30, 40], [10, 40]], np.float32))
    says = {line.key: ("室", 1.0), line.lying().key: lying}

    def recognize(crop: Crop) -> list[Character]:
        text, probability = says.get(crop.key, ("", 0.0))
        return [Character(one, probability, 0.0, 1.0) for one in text]

    _, characters = Turning(recognize, recognize).read(line, 90)
    assert "".join(one.text for one in characters) == right
