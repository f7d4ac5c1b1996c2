"""White space that parts the cells of a row, and that of prose, whose pages need no look at their lines."""

import pytest

from folio.structure.tables.tokens import Token, has_cells

HEIGHT = 20.0


def row(*words: tuple[str, float], line: int = 0) -> list[Token]:
    """Return words of ten pixels a letter, each with the gap before it, in heights."""
    tokens, left = [], 0.0
    for text, gap in words:
        left += gap * HEIGHT
        tokens.append(Token(text, left, 0, left + 10 * len(text), HEIGHT, 0.99, line))
        left += 10 * len(text)
    return tokens


def wide(*texts: str, gap: float) -> list[Token]:
    return row(*((text, gap) for text in texts))


@pytest.mark.parametrize(
    "prose",
    [
        row(("named.", 0), ("Giant", 1.4), ("beings", 0.5), ("they", 0.5), ("were.", 0.5)),
        row(("in", 0), ("time.”", 0.5), ("Then", 1.5), ("he", 0.5)),
        wide("strength", "as", "anything", "exceptional.", "She", "had", gap=1.4),
        wide("a", "line", "of", "words", gap=0.5),
    ],
    ids=["sentences", "quoted", "set wide", "usual"],
)
def test_spaces_of_prose_part_no_cells(prose: list[Token]) -> None:
    assert not has_cells(prose, HEIGHT)


@pytest.mark.parametrize(
    "cells",
    [
        row(("Mill", 0), ("12", 1.4), ("30", 1.4)),
        row(("Berth", 0), ("North", 1.4), ("pier", 0.4)),
        row(("The", 0), ("end.", 0.4), ("Page", 3.0)),
        wide("12", "14", "9", "31", "28", "7", "21", gap=1.2),
        [*row(("Some", 0), ("words.", 0.5)), *row(("Mill", 7.5), line=1)],
    ],
    ids=["figures", "words", "far away", "figures set wide", "another line"],
)
def test_other_white_space_parts_cells(cells: list[Token]) -> None:
    assert has_cells(cells, HEIGHT)
