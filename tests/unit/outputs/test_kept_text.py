"""Every word of a page is in every output, once: beside tables, in their boxes, in charts, in joined lines."""

import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folio.models import Cell, Line, Page, Table
from folio.structure.layout.blocks import with_blocks
from folio.structure.tables.find import find_tables
from folio.structure.tables.rules import Rules, rules_in
from folio.text.bend import Bend
from folio.transform import Transform, box
from tests.support.kept_text import characters, differences
from tests.support.pages import HEIGHT, WIDTH, page_of, written
from tests.support.ruled_sheets import draw_sheet

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PITCH = 28


class _Words:
    """Words that differ, so that each can be missed."""

    def __init__(self) -> None:
        self._names = map("".join, itertools.product(LETTERS, "aeiou", LETTERS, "aeiou"))

    def text(self, count: int) -> str:
        return " ".join(itertools.islice(self._names, count))


def _joined(*lines: Line) -> Line:
    """Return lines beside each other as an engine gives them that joins what stands in a row."""
    polygon = box(
        min(line.bounds[0] for line in lines), min(line.bounds[1] for line in lines),
        max(line.bounds[2] for line in lines), max(line.bounds[3] for line in lines),
    )  # fmt: skip
    return Line(
        " ".join(line.text for line in lines), 0.9, polygon, tuple(word for line in lines for word in line.words)
    )


@st.composite
def pages(draw: st.DrawFn) -> Page:
    words, lines, top = _Words(), list[Line](), 60.0
    for kind in draw(
        st.lists(st.sampled_from(("prose", "table", "beside", "chart", "leaders")), min_size=1, max_size=4)
    ):
        for row in range(draw(st.integers(3, 6))):
            if kind == "prose":
                lines.append(written(words.text(9), 50, top))
            elif kind == "chart":
                text = f"Figure 1: {words.text(3)}" if row == 0 else words.text(1)
                lines.append(written(text, 50 if row == 0 else 90 + 130 * (row % 3), top, 16))
            elif kind == "leaders":
                lines.append(written(f"{words.text(2)} .......... {row}1", 50, top))
            else:
                prose = written(words.text(4), 50, top)
                cells = [
                    written(f"{words.text(1)}", 330, top),
                    *(written(f"{row}{at}4.5", at, top) for at in (450, 560)),
                ]
                parts = [prose, *cells] if kind == "beside" else [written(words.text(1), 50, top), *cells]
                cut = draw(st.integers(0, len(parts)))
                lines += [_joined(*part) for part in (parts[:cut], parts[cut:]) if part]
            top += PITCH
        top += draw(st.sampled_from((0, PITCH, 2 * PITCH)))
    return _turned(page_of(*lines), draw(st.sampled_from((0.0, 90.0, 180.0, 1.5, -4.0))))


def _turned(page: Page, degrees: float) -> Page:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turn = Transform((cosine, -sine, 600.0, sine, cosine, 600.0, 0, 0, 1))
    lines = [
        msgspec.structs.replace(
            line,
            polygon=turn.polygon(line.polygon),
            words=tuple(msgspec.structs.replace(word, polygon=turn.polygon(word.polygon)) for word in line.words),
        )
        for line in page.lines
    ]
    return msgspec.structs.replace(page, lines=tuple(lines), width=3 * WIDTH, height=3 * HEIGHT)


@settings(deadline=None, max_examples=60)
@given(pages())
def test_every_word_is_in_every_output_once(page: Page) -> None:
    tables = find_tables(page, lambda *_: [Rules()])
    whole = with_blocks(msgspec.structs.replace(page, tables=tables))
    assert characters(" ".join(line.text for line in whole.lines)) == characters(page.text)
    assert sorted(index for block in whole.blocks for index in block.lines) == list(range(len(whole.lines)))
    with TemporaryDirectory() as folder:
        assert differences(whole, Path(folder)) == {}


@pytest.mark.parametrize(("turned", "skew"), [(0, 0.0), (90, 0.7), (180, -2.0)])
def test_so_it_is_with_ruled_tables_however_they_lie(turned: int, skew: float, tmp_path: Path) -> None:
    sheet = draw_sheet(11, tmp_path / "sheet.png", turned=turned, skew=skew)

    def find_rules(
        upright: Transform, size: tuple[float, float], height: float, bends: Sequence[Bend | None]
    ) -> list[Rules]:
        return rules_in(sheet.path, upright, size, height, bends)

    tables = find_tables(sheet.page, find_rules)
    page = with_blocks(msgspec.structs.replace(sheet.page, tables=tables))
    assert [block.kind for block in page.blocks].count("table") == 1
    assert differences(page, tmp_path) == {}


def _cell(line: Line, row: int, column: int) -> Cell:
    return Cell(text=line.text, row=row, column=column, polygon=line.polygon)


def test_a_line_that_runs_into_a_table_is_parted_at_its_edge(tmp_path: Path) -> None:
    outside, inside = written("prose beside it", 50), written("Buildings 60", 400)
    below = written("Halls 22", 400, 130)
    table = Table(cells=(_cell(inside, 0, 0), _cell(below, 1, 0)), polygon=box(400, 100, 520, 150))
    page = with_blocks(page_of(_joined(outside, inside), below, tables=(table,)))
    assert [line.text for line in page.lines] == ["prose beside it", "Buildings 60", "Halls 22"]
    assert [(block.kind, block.lines) for block in page.blocks] == [("paragraph", (0,)), ("table", (1, 2))]
    assert page.lines[0].bounds == pytest.approx(outside.bounds)
    assert differences(page, tmp_path) == {}


def test_a_line_within_a_tables_box_but_in_no_cell_stays_text(tmp_path: Path) -> None:
    first, stray, last = written("A 1", 50, 100), written("a note", 200, 130), written("B 2", 50, 160)
    table = Table(cells=(_cell(first, 0, 0), _cell(last, 1, 0)), polygon=box(40, 90, 400, 200))
    page = with_blocks(page_of(first, stray, last, tables=(table,)))
    assert ("paragraph", "a note") in [(block.kind, block.text) for block in page.blocks]
    assert differences(page, tmp_path) == {}


def test_the_words_of_a_table_without_places_are_those_in_its_box(tmp_path: Path) -> None:
    first, last = written("A", 50, 100), written("B", 50, 130)
    cells = tuple(Cell(text=line.text, row=row, column=0) for row, line in enumerate((first, last)))
    page = with_blocks(page_of(first, last, tables=(Table(cells=cells, polygon=box(40, 90, 400, 200)),)))
    assert [block.kind for block in page.blocks] == ["table"]
    assert differences(page, tmp_path) == {}
