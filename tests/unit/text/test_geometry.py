import pytest
from hypothesis import given
from hypothesis import strategies as st

from folio.models import Cell, Field, Line, PageText, Table, Word
from folio.text.geometry import clip_text, join_words, transform_text
from folio.transform import Polygon, Transform, bounds, box
from tests.fakes.paid_provider import flat, text_of, word

numbers = st.floats(-1000, 1000)
PAGE = PageText(
    "a b",
    (Line("a b", 0.9, box(0, 0, 100, 20), (word("a", 0, 0), word("b", 60, 0))),),
    fields=(Field(name="name", value="a", polygon=box(0, 0, 40, 20), provider_name="n"),
            Field(name="sex", value="b", provider_name="s")),
    tables=(Table(cells=(Cell(text="c", row=0, column=0, polygon=box(0, 30, 10, 40)), Cell(text="d", row=0, column=1)),
                  polygon=box(0, 30, 50, 40)), Table(cells=())),
    warnings=("w",),
    rotation=90,
)  # fmt: skip


def polygons(read: PageText) -> list[Polygon]:
    """Every one there is, in a fixed order."""
    found: list[Polygon | None] = [line.polygon for line in read.lines]
    found += [one.polygon for line in read.lines for one in line.words]
    found += [one.polygon for one in read.fields]
    for table in read.tables:
        found += [table.polygon, *(cell.polygon for cell in table.cells)]
    return [polygon for polygon in found if polygon]


def test_moving_moves_everything_and_changes_nothing_else() -> None:
    shift = Transform((1, 0, 5, 0, 1, 7, 0, 0, 1))
    there = transform_text(PAGE, shift.polygon)
    assert polygons(there) == [shift.polygon(polygon) for polygon in polygons(PAGE)]
    assert len(polygons(there)) == 6
    assert transform_text(there, Transform((1, 0, -5, 0, 1, -7, 0, 0, 1)).polygon) == PAGE


@given(numbers, numbers, numbers, numbers)
def test_bounds_hold_every_point(a: float, b: float, c: float, d: float) -> None:
    left, top, right, bottom = bounds(((a, b), (c, d), (a, d), (c, b)))
    assert (left, top) == (min(a, c), min(b, d))
    assert (right, bottom) == (max(a, c), max(b, d))


def test_a_line_is_boxed_by_its_words_and_as_sure_as_their_letters() -> None:
    line = join_words((Word("ab", 1.0, box(0, 0, 20, 10)), Word("abcdef", 0.6, box(30, -5, 90, 8))))
    assert (line.text, line.confidence) == ("ab abcdef", 0.7)
    assert line.polygon == box(0, -5, 90, 10)


def test_chinese_words_are_joined_without_spaces() -> None:
    assert join_words((word("发票", 0, 0), word("代码", 50, 0))).text == "发票代码"


def test_a_word_belongs_where_its_middle_is() -> None:
    read = text_of(word("above", 0, 79), word("below", 0, 81))
    assert [line.text for line in clip_text(read, (0, 0, 200, 90)).lines] == ["above"]
    assert [line.text for line in clip_text(read, (0, 90, 200, 200)).lines] == ["below"]


@given(st.lists(st.tuples(st.integers(0, 160), st.integers(0, 180)), max_size=12), st.integers(1, 199))
def test_two_parts_have_every_word_once(places: list[tuple[int, int]], cut: int) -> None:
    read = text_of(*(word(f"w{number}", left, top) for number, (left, top) in enumerate(places)))
    for parts in ([(0, 0, 200, cut), (0, cut, 200, 200)], [(0, 0, cut, 200), (cut, 0, 200, 200)]):
        found = [line.text for part in parts for line in clip_text(read, part).lines]
        assert sorted(found) == sorted(line.text for line in read.lines)


def test_of_a_line_across_the_cut_each_side_has_its_words() -> None:
    words = word("left", 0, 0), word("right", 60, 0)
    read = PageText("left right", (Line("left right", 0.5, box(0, 0, 100, 20), words),))
    here = clip_text(read, (0, 0, 50, 100))
    assert (here.text, [line.words for line in here.lines]) == ("left", [words[:1]])
    assert clip_text(read, (0, 0, 200, 100)).lines == read.lines


def test_fields_and_tables_belong_where_their_middle_is_or_everywhere() -> None:
    here = clip_text(PAGE, (0, 0, 200, 25))
    assert [one.name for one in here.fields] == ["name", "sex"]
    assert [table.polygon for table in here.tables] == [None]
    assert here.warnings == ("w",)


def test_a_homography_undone_is_none() -> None:
    turn = Transform((0, -1, 300, 1, 0, 0, 0, 0, 1))
    back = Transform((0, 1, 0, -1, 0, 300, 0, 0, 1))
    polygon = box(10, 20, 110, 60)
    assert flat(turn.then(back).polygon(polygon)) == pytest.approx(flat(polygon))
