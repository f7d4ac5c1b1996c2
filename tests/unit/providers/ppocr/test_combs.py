"""Dividers between the cells of a form, in which one character stands each."""

import numpy as np
import pytest
from msgspec.structs import replace

from folio.documents.raster.pixels import Grey
from folio.providers.ppocr.onnx.characters import Character
from folio.providers.ppocr.page.combs import (
    find_comb,
    has_one_in_each,
    is_of_table,
    joined,
    may_be_in_cells,
    without_dividers,
)
from folio.providers.ppocr.text.crop import Crop
from folio.providers.ppocr.text.monospaced import blanks_of_cells

HEIGHT_PX, PITCH_PX, CELLS = 50, 40, 8


def ticks(*, cells: int = CELLS, pitch: int = PITCH_PX, missing: int | None = None) -> Grey:
    """A line with a character in each cell, and ticks between them that end at its lower edge."""
    image = np.full((HEIGHT_PX, cells * pitch + 10), 250, np.uint8)
    for cell in range(cells + 1):
        left = 4 + cell * pitch
        if cell != missing:
            image[28:, left : left + 2] = 10
        if cell < cells:
            image[8:38, left + 15 : left + 25 : 3] = 20
    return image


def on_page(image: Grey) -> Crop:
    height, width = image.shape
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32) + np.float32(60)
    return Crop(image, corners)


def characters(text: str) -> list[Character]:
    """Characters in the middles of cells, a blank between two of them at a divider."""
    return [
        Character(one, 0.9, 4 + index * PITCH_PX / 2 + 10, 4 + index * PITCH_PX / 2 + 30)
        for index, one in enumerate(text)
    ]


def test_ticks_are_found_by_standing_evenly_below_the_characters() -> None:
    comb = find_comb(ticks())
    assert comb
    assert comb.pitch == pytest.approx(PITCH_PX)
    assert [round(one) for one in comb.middles] == [5 + PITCH_PX * cell for cell in range(CELLS + 1)]


def test_a_missing_tick_parts_no_row_of_cells() -> None:
    comb = find_comb(ticks(missing=2))
    assert comb
    assert len(comb.middles) == CELLS
    assert comb.pitch == pytest.approx(PITCH_PX)


def test_few_or_uneven_strokes_and_those_far_apart_are_no_cells() -> None:
    assert find_comb(ticks(cells=2)) is None
    assert find_comb(ticks(pitch=2 * HEIGHT_PX)) is None
    uneven = np.full((HEIGHT_PX, 400), 250, np.uint8)
    for left in (10, 50, 110, 135, 200, 290):
        uneven[28:, left : left + 2] = 10
    assert find_comb(uneven) is None
    assert find_comb(np.full((HEIGHT_PX, 400), 250, np.uint8)) is None


def test_paper_takes_the_place_of_dividers_and_rules_and_characters_stay() -> None:
    image = ticks()
    image[46:48, 4:-4] = 10
    comb = find_comb(image)
    assert comb
    free = without_dividers(on_page(image), comb).image
    assert free[40:, :].min() > 200
    assert free[8:38].min() < 30


def test_blanks_between_neighboring_cells_go_and_an_empty_cell_is_one() -> None:
    comb = find_comb(ticks())
    assert comb
    read = characters("8 3 7 9")
    assert "".join(one.text for one in joined(read, comb)) == "8379"
    apart = [read[0], read[2], replace_center(read[4], read[4].center + PITCH_PX)]
    assert dict(blanks_of_cells(apart, comb.pitch)) == {1: False, 2: True}


def replace_center(one: Character, center: float) -> Character:
    return one.shifted(center - one.center)


def test_cells_of_several_characters_are_words() -> None:
    comb = find_comb(ticks())
    assert comb
    single = characters("8 3 7 9")
    assert has_one_in_each(single, comb)
    assert not has_one_in_each([*single, single[2].shifted(8)], comb)


def test_dividers_that_go_on_above_or_below_are_those_of_a_table() -> None:
    image = ticks()
    comb = find_comb(image)
    assert comb
    page = np.full((300, 500), 250, np.uint8)
    page[60 : 60 + HEIGHT_PX, 60 : 60 + image.shape[1]] = image
    assert not is_of_table(page, on_page(image), comb)
    for middle in comb.middles:
        page[60 + HEIGHT_PX : 200, 60 + round(middle) - 1 : 60 + round(middle) + 1] = 10
    assert is_of_table(page, on_page(image), comb)


def test_strokes_blanks_and_wide_gaps_between_characters_tell_that_a_line_may_be_in_cells() -> None:
    line = on_page(ticks())
    assert may_be_in_cells(line, characters("1813171"))
    assert may_be_in_cells(line, characters("O C O N N"))
    assert not may_be_in_cells(line, characters("Total 42.00 for a stay"))
    apart = [one.shifted(15.0 * index) for index, one in enumerate(characters("834729"))]
    assert may_be_in_cells(line, apart)
    assert not may_be_in_cells(line, [replace(one, text="一") for one in apart])
