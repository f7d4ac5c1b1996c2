"""Reading order of boxes: columns one after the other, rows of tables row by row."""

import random

import pytest

from folio.text.reading_order import reading_order
from folio.transform import Box

PROSE = "It was a bright cold day in April and the clocks"
HEIGHT, LEADING = 10.0, 12.0

type Piece = tuple[str, Box]


def piece(text: str, left: float, top: float, width: float | None = None) -> Piece:
    return text, (left, top, left + (width or 5.0 * len(text)), top + HEIGHT)


def column(name: str, left: float, top: float, lines: int, width: float = 240.0) -> list[Piece]:
    return [piece(f"{name}{at} {PROSE}", left, top + at * LEADING, width) for at in range(lines)]


def read(pieces: list[Piece]) -> list[list[str]]:
    """The rows as lists of first words, whatever order the pieces are given in."""
    shuffled = random.Random(3).sample(pieces, len(pieces))
    order = reading_order([box for _, box in shuffled], [text for text, _ in shuffled])
    assert sorted(index for block in order for row in block for index in row) == list(range(len(pieces)))
    return [[shuffled[index][0].split()[0] for index in row] for block in order for row in block]


def names(prefix: str, lines: int) -> list[list[str]]:
    return [[f"{prefix}{at}"] for at in range(lines)]


@pytest.mark.parametrize("shift", [0.0, 5.0, 40.0, -40.0])
def test_columns_are_read_one_after_the_other(shift: float) -> None:
    pieces = [piece("Title of the page", 100, 20, 300), *column("l", 20, 100, 12), *column("r", 280, 100 + shift, 12)]
    assert read(pieces) == [["Title"], *names("l", 12), *names("r", 12)]


def test_a_line_across_the_columns_parts_them() -> None:
    pieces = [
        *column("a", 20, 20, 5),
        *column("b", 280, 20, 5),
        piece("across both of the columns", 20, 90, 500),
        *column("c", 20, 120, 5),
        *column("d", 280, 120, 5),
    ]
    assert read(pieces) == [*names("a", 5), *names("b", 5), ["across"], *names("c", 5), *names("d", 5)]


def test_columns_that_a_picture_between_them_makes_narrower_are_read_one_after_the_other() -> None:
    """Their lines stand on one baseline, and fewer than half of them are as wide as the widest."""
    left = [*column("l", 20, 20, 5), *column("m", 20, 20 + 5 * LEADING, 8, 125)]
    right = [*column("r", 280, 20, 5), *column("s", 395, 20 + 5 * LEADING, 8, 125)]
    assert read([*left, *right]) == [*names("l", 5), *names("m", 8), *names("r", 5), *names("s", 8)]


ROWS = [("Screws", "12", "4.50"), ("Washers", "30", "1.20"), ("Bolts", "7", "9.99"), ("Nuts", "16", "2.80")]


@pytest.mark.parametrize("leading", [12.0, 18.0, 24.0])
def test_figures_stand_beside_their_labels(leading: float) -> None:
    pieces = [
        piece(text, left, 50 + leading * at)
        for at, row in enumerate(ROWS)
        for text, left in zip(row, (20, 200, 320), strict=True)
    ]
    assert read(pieces) == [list(row) for row in ROWS]


def test_figures_stand_beside_labels_whose_letters_hang_below_the_line() -> None:
    """Engines' boxes are those of the ink: of a label with a "y" they end a third of a line below those of figures."""
    rows = [("Grey", "40", "2.30"), ("Delivery", "1", "9.00"), ("Twine", "5", "18.20"), ("Packaging", "20", "4.50")]
    pieces = []
    for at, (label, number, price) in enumerate(rows):
        text, (left, top, right, bottom) = piece(label, 20, 20 + at * 1.8 * LEADING)
        hangs = not {"g", "y"}.isdisjoint(label)
        pieces += [(text, (left, top, right, bottom + (3.2 if hangs else 0)))]
        pieces += [piece(number, 200, top), piece(price, 300, top)]
    assert read(pieces) == [list(row) for row in rows]


def test_long_labels_have_their_figures_too() -> None:
    labels = column("t", 20, 50, 8, width=300)
    figures = [piece(f"{at},250", 400, 50 + at * LEADING) for at in range(8)]
    assert read([*labels, *figures]) == [[f"t{at}", f"{at},250"] for at in range(8)]


def test_rows_of_words_are_rows() -> None:
    rows = [("Oslo", "Norway"), ("Rome", "Italy"), ("Riga", "Latvia"), ("Bern", "Switzerland")]
    pieces = [
        piece(text, left, 50 + 14 * at)
        for at, row in enumerate(rows)
        for text, left in zip(row, (20, 200), strict=True)
    ]
    assert read(pieces) == [list(row) for row in rows]


def test_a_table_within_a_column_stays_there() -> None:
    table = [piece(text, 20 + 80 * at, 120 + 14 * row) for row in range(3) for at, text in enumerate(ROWS[row])]
    pieces = [*column("l", 20, 20, 8), *table, *column("m", 20, 170, 8), *column("r", 280, 23, 20)]
    expected = [*names("l", 8), *(list(row) for row in ROWS[:3]), *names("m", 8), *names("r", 20)]
    assert read(pieces) == expected


def test_justified_lines_torn_at_wide_spaces_are_whole() -> None:
    torn = [piece(f"l{at}", 20, 20 + at * LEADING, 60) for at in range(0, 10, 2)]
    rests = [piece(f"rest{at} of the line", 110, 20 + at * LEADING, 150) for at in range(0, 10, 2)]
    whole = [piece(f"l{at} {PROSE}", 20, 20 + at * LEADING, 240) for at in range(1, 10, 2)]
    pieces = [*torn, *rests, *whole, *column("r", 280, 26, 10)]
    expected = [[f"l{at}"] if at % 2 else [f"l{at}", f"rest{at}"] for at in range(10)]
    assert read(pieces) == [*expected, *names("r", 10)]


def test_running_titles_belong_to_no_column() -> None:
    head = [piece("journal", 20, 20), piece("volume", 480, 20)]
    foot = [piece("publisher", 20, 230), piece("17", 500, 230)]
    pieces = [*head, *column("l", 20, 45, 12), *column("r", 280, 45, 12), *foot]
    assert read(pieces) == [["journal", "volume"], *names("l", 12), *names("r", 12), ["publisher", "17"]]


def test_columns_of_an_index_are_no_table() -> None:
    index = [
        [piece(f"{name}{at} and more, {7 * at + 3}", left, 20 + 12 * at) for at in range(9)]
        for name, left in (("l", 20), ("r", 280))
    ]
    assert read([*index[0], *index[1]]) == [*names("l", 9), *names("r", 9)]


def test_boxes_without_a_height_have_an_order() -> None:
    boxes = [(10, 10, 20, 10), (30, 10, 30, 10), (10, 30, 20, 30)]
    order = reading_order(boxes, ["a", "b", "c"])
    assert [row for block in order for row in block] == [[0, 1], [2]]


def test_blocks_begin_where_the_gap_is_wide() -> None:
    boxes = [box for _, box in [*column("a", 20, 20, 3), *column("b", 20, 80, 3)]]
    assert reading_order(boxes, [PROSE] * 6) == [[[0], [1], [2]], [[3], [4], [5]]]


def test_nothing_has_an_order() -> None:
    assert reading_order([], []) == []


def test_a_cell_of_two_lines_stands_beside_the_middle_of_its_row() -> None:
    """Between the baselines of the rows, so that few of its column's lines stand on one."""
    pieces: list[Piece] = []
    expected: list[list[str]] = []
    for at, state in enumerate(("Ohio", "Iowa", "Utah", "Texas", "Maine", "Idaho")):
        top = 50 + 30.0 * at
        pieces += [piece(state, 20, top), piece("Yes", 120, top), piece("No", 220, top)]
        if at % 2:
            pieces.append(piece("na", 320, top))
            expected.append([state, "Yes", "No", "na"])
        else:
            pieces += [piece("Respondent", 320, top - 6), piece("unsure", 320, top + 6)]
            expected += [["Respondent"], [state, "Yes", "No"], ["unsure"]]
    assert read(pieces) == expected


PARAGRAPHS = {"Major": (4, 3), "Area": (4, 4), "Road": (3, 3), "Rail": (2, 4)}  # lines of a row's two cells


def test_cells_that_are_paragraphs_are_read_row_by_row() -> None:
    pieces, expected, top = (
        [piece("Source", 20, 30), piece("Definition", 120, 30), piece("Examples", 380, 30)],
        [],
        60.0,
    )
    for label, (first, second) in PARAGRAPHS.items():
        pieces.append(piece(label, 20, top))
        pieces += [*column(f"{label}-a", 120, top, first), *column(f"{label}-b", 380, top, second)]
        definition = names(f"{label}-a", first)
        expected += [[label, *definition[0]], *definition[1:], *names(f"{label}-b", second)]
        top += max(first, second) * LEADING + LEADING / 2
    assert read(pieces) == [["Source", "Definition", "Examples"], *expected]


def test_columns_whose_paragraphs_begin_each_for_itself_are_no_table() -> None:
    """At the first one they begin together, as columns do; of the others some happen to."""
    pieces = []
    for name, left, lengths in (("l", 20, (4, 5, 3, 6)), ("r", 280, (4, 3, 5, 6))):
        top = 50.0
        for at, lines in enumerate(lengths):
            pieces += column(f"{name}{at}-", left, top, lines)
            top += lines * LEADING + LEADING / 2
    rows = [
        [f"{name}{at}-{line}"]
        for name, lengths in (("l", (4, 5, 3, 6)), ("r", (4, 3, 5, 6)))
        for at, lines in enumerate(lengths)
        for line in range(lines)
    ]
    assert read(pieces) == rows


def test_narrow_columns_of_chinese_are_no_table() -> None:
    """Eight characters a line, set on the same lines as the next column."""
    pieces = [
        piece(chr(first + at) + "河水从磨坊旁流"[: 7 if at % 7 else 4], left, 20 + at * LEADING, 80 if at % 7 else 50)
        for first, left in ((0x4E00, 20), (0x5E00, 116))
        for at in range(16)
    ]
    order = reading_order([box for _, box in pieces], [text for text, _ in pieces])
    assert [index for block in order for row in block for index in row] == list(range(len(pieces)))


def test_names_of_a_few_characters_in_columns_are_a_table() -> None:
    rows = [(f"桥头{'磨坊' * (at % 3)}", f"河水{'大海' * ((at + 1) % 4)}流过") for at in range(12)]
    pieces = [
        piece(text, left, 20 + at * LEADING, 10.0 * len(text))
        for at, row in enumerate(rows)
        for text, left in zip(row, (20, 130), strict=True)
    ]
    order = reading_order([box for _, box in pieces], [text for text, _ in pieces])
    assert [[pieces[index][0] for index in row] for block in order for row in block] == [list(row) for row in rows]


def magazine(last: str, width: float = 240.0, box_top: float = 180.0) -> list[Piece]:
    """Two columns above a box as wide as both, and a third column beside all of it; `last` ends the second column."""
    second = [*column("b", 280, 20, 9), piece(f"b9 {last}", 280, 20 + 9 * LEADING, 240)]
    box = [piece(f"x{at} {PROSE}", 150, box_top + at * LEADING, 330) for at in range(6)]
    return [*column("a", 20, 20, 10), *second, *box, *column("c", 540, 20, 19, width)]


def test_a_sentence_goes_on_in_the_next_column_before_the_box_below_it() -> None:
    columns = [*names("a", 10), *names("b", 10)]
    assert read(magazine(f"{PROSE} and")) == [*columns, *names("c", 19), *names("x", 6)]
    assert read(magazine("It was a bright cold day, and it was over.")) == [*columns, *names("x", 6), *names("c", 19)]
    assert read(magazine(f"{PROSE} and", 380)) == [*columns, *names("x", 6), *names("c", 19)]


def test_lines_across_two_columns_that_stand_close_below_them_do_not_wait_for_the_third() -> None:
    columns = [*names("a", 10), *names("b", 10)]
    assert read(magazine(f"{PROSE} and", box_top=143)) == [*columns, *names("x", 6), *names("c", 19)]


def test_a_sentence_goes_on_below_a_caption_at_the_head_of_the_next_column() -> None:
    caption = [piece(f"c{at} a picture of the town", 560, 40 + at * LEADING, 120) for at in range(3)]
    pieces = [*column("l", 20, 40, 12), *column("m", 280, 40, 12), *caption, *column("r", 540, 120, 6)]
    assert read(pieces) == [*names("l", 12), *names("m", 12), *names("r", 6), *names("c", 3)]


def test_a_caption_comes_first_where_no_sentence_goes_on() -> None:
    caption = [piece(f"c{at} a picture of the town", 560, 40 + at * LEADING, 120) for at in range(3)]
    end = piece("m12 ends here.", 280, 40 + 12 * LEADING)
    pieces = [*column("l", 20, 40, 13), *column("m", 280, 40, 12), end, *caption, *column("r", 540, 120, 7)]
    assert read(pieces) == [*names("l", 13), *names("m", 13), *names("c", 3), *names("r", 7)]


def test_a_line_that_reaches_into_a_narrow_gutter_does_not_close_it() -> None:
    left = [
        piece(text, x, y, 246 if at == 5 else 240) for at, (text, (x, y, _, _)) in enumerate(column("l", 20, 40, 12))
    ]
    assert read([*left, *column("r", 268, 40, 12)]) == [*names("l", 12), *names("r", 12)]


def test_a_gutter_that_leans_a_little_stays_one_where_it_has_parted_lines_before() -> None:
    left = [piece(f"l{at} {PROSE}", 20 + 0.2 * at, 20 + at * LEADING, 240) for at in range(20)]
    right = [piece(f"r{at} {PROSE}", 267 + 0.2 * at, 20 + at * LEADING, 240) for at in range(20)]
    assert read([*left, *right]) == [*names("l", 20), *names("r", 20)]


def test_years_beside_a_column_are_no_part_of_the_one_before_it() -> None:
    """Each stands on a line of either column; the white space between them and their own column is narrower."""
    years = [piece(f"19{at + 10}", 280, 20 + at * LEADING, 20) for at in (0, 5, 10, 15)]
    texts = [*column("l", 20, 20, 20), *column("r", 310, 20, 20)]
    expected = [[f"19{at + 10}", f"r{at}"] if at % 5 == 0 else [f"r{at}"] for at in range(20)]
    assert read([*texts, *years]) == [*names("l", 20), *expected]


def test_labels_without_figures_do_not_part_a_column_of_labels_from_the_columns_of_figures() -> None:
    rows = [
        [piece(f"a{at} of three levels", 20, 20 + at * 2 * LEADING), *(
            piece(f"{at},{number}00", 300 + 100 * number, 20 + at * 2 * LEADING) for number in range(1, 5)
        )]
        for at in range(1, 5)
    ]  # fmt: skip
    heads = [piece(f"h{at} of what it is", 20, 20 + at * 2 * LEADING + LEADING) for at in range(1, 5)]
    expected = [line for at in range(1, 5) for line in ([f"a{at}", *(f"{at},{n}00" for n in range(1, 5))], [f"h{at}"])]
    assert read([*(one for row in rows for one in row), *heads]) == expected


def test_two_lines_that_were_read_as_one_across_a_gutter_do_not_part_the_columns() -> None:
    left, right = column("l", 20, 20, 12), column("r", 280, 20, 12)
    left[5], right[5:6] = piece(left[5][0], 20, 20 + 5 * LEADING, 500), []
    assert read([*left, *right]) == [*names("l", 12), *names("r", 5), *names("r", 12)[6:]]


def test_a_speck_in_a_gutter_does_not_part_the_columns() -> None:
    speck = "8", (261.0, 22.0 + 10 * LEADING, 267.0, 28.0 + 10 * LEADING)
    order = read([*column("l", 20, 20, 12), *column("r", 268, 20, 12), speck])
    assert [[text] for row in order for text in row if text != "8"] == [*names("l", 12), *names("r", 12)]


def test_headlines_beside_each_other_belong_to_the_columns_below_them() -> None:
    heads = [(f"{name} {PROSE}", (x, 20.0, x + 240.0, 36.0)) for name, x in (("L", 20.0), ("R", 300.0))]
    pieces = [*heads, *column("l", 20, 60, 12), piece("l12 .", 20, 60 + 12 * LEADING), *column("r", 300, 60, 12)]
    assert read(pieces) == [["L"], *names("l", 13), ["R"], *names("r", 12)]
