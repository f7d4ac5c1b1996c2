"""Lines of a page that stand in the cells of a form."""

import numpy as np
import pytest

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.page.cells import Read, with_cells
from folio.providers.ppocr.page.combs import Comb, in_words, without_dividers
from folio.providers.ppocr.text.crop import Crop, crop

PITCH_PX, LEFT, TOP, HEIGHT_PX = 50, 100, 80, 44


def page(text: str, *, dividers: bool = True) -> Grey:
    """A box of a form around each character, which is a grey block."""
    image = np.full((300, 800), 250, np.uint8)
    for cell in range(len(text) + 1):
        left = LEFT + cell * PITCH_PX
        if dividers:
            image[TOP - 4 : TOP + HEIGHT_PX + 4, left - 1 : left + 1] = 10
        if cell < len(text) and text[cell] != " ":
            image[TOP + 6 : TOP + 34, left + 15 : left + 35 : 3] = 20
    return image


def singles(image: Grey, text: str) -> list[Read]:
    """A line for each character, as the detector has it."""
    lines: list[Read] = []
    for cell, one in enumerate(text):
        left, right = LEFT + cell * PITCH_PX + 6, LEFT + (cell + 1) * PITCH_PX - 6
        corners = np.array([(left, TOP), (right, TOP), (right, TOP + HEIGHT_PX), (left, TOP + HEIGHT_PX)], np.float32)
        if one != " ":
            lines.append((crop(image, corners), [Character(one, 0.99, 5, right - left - 5)]))
    return lines


def reading(image: Grey, text: str, probability: float = 0.95) -> list[str]:
    """What is made of a page's singles, of which the recognizer reads the text where nothing divides it."""

    def read(line: Crop, comb: Comb) -> Read | None:
        start = line.corners[0][0]
        middles = [LEFT + (cell + 0.5) * PITCH_PX - start for cell in range(len(text))]
        found = [
            Character(one, probability, middle - 8, middle + 8)
            for one, middle in zip(text, middles, strict=True)
            if one != " "
        ]
        return in_words(image, without_dividers(line, comb), comb, found)

    return ["".join(one.text for one in characters) for _, characters in with_cells(image, singles(image, text), read)]


def test_characters_in_the_boxes_of_a_form_are_one_line() -> None:
    assert reading(page("GALWAY"), "GALWAY") == ["GALWAY"]
    assert reading(page("83 749"), "83 749") == ["83749"]  # an empty box is a blank between its words


@pytest.mark.parametrize("text", ["12", "AB "])
def test_few_are_none(text: str) -> None:
    assert reading(page(text), text) == [*text.strip()]


def test_characters_without_boxes_unclear_ones_and_rows_of_tables_stay_apart() -> None:
    assert reading(page("GALWAY", dividers=False), "GALWAY") == [*"GALWAY"]
    assert reading(page("GALWAY"), "GALWAY", 0.5) == [*"GALWAY"]
    table = page("123456")
    table[:, LEFT - 1 : LEFT + 7 * PITCH_PX : PITCH_PX] = 10
    table[:, LEFT : LEFT + 7 * PITCH_PX : PITCH_PX] = 10
    assert reading(table, "123456") == [*"123456"]
