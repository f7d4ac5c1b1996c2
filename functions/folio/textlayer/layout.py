"""How the words of a text layer become lines and blocks in reading order.

Built on pdftotext's lines: it knows fonts and base lines, and parts lines at gutters. Not on its order of blocks.
"""

from collections.abc import Sequence

from msgspec import Struct

from folio.documents.pdf.text_page import TextBox, TextPage
from folio.models import Line
from folio.text.reading_order import reading_order
from folio.textlayer import bidi, lettering, normalize
from folio.textlayer.diagonal import diagonal_lines
from folio.textlayer.directions import Direction, direction_of, directions, upright
from folio.transform import Box


class LayoutLine(Struct, frozen=True):
    """A line of a text layer: its words in reading order, boxes in points, and which way it runs.

    `slope` is for a line across the page: degrees that it runs, clockwise from to the right.
    """

    words: list[TextBox]
    direction: Direction
    slope: float = 0.0


def arrange(layer: TextPage) -> list[list[LayoutLine]]:
    """Return the layer's words as blocks of lines in reading order; each word once, some joined.

    First what runs as most of the page's text does; then what runs another way, such as a stamp in the margin; a
    watermark across the page is one line at the end.
    """
    lines, across = diagonal_lines(layer.lines())
    columns = lettering.stacked([word for line in lines for word in line])
    if columns:
        taken = {id(word) for column in columns for word in column}
        lines = [rest for line in lines if (rest := [word for word in line if id(word) not in taken])]
    ways = directions(lines, layer.physical, is_vertical=layer.is_vertical)
    ways += ["column"] * len(columns)
    lines += columns
    texts = [word.text for line in lines for word in line]
    right_to_left, hyphens = bidi.is_rtl(texts), normalize.are_hyphens(texts)
    visual = bidi.is_visual(texts)
    lines = [_words(line, right_to_left=right_to_left, visual=visual) for line in lines]
    order = page_order(
        [lettering.around(line) for line in lines], [" ".join(word.text for word in line) for line in lines], ways
    )
    blocks = [
        [_line([word for index in row for word in lines[index]], ways[row[0]], are_hyphens=hyphens) for row in block]
        for block in order
    ]
    return [*blocks, *([LayoutLine(words, "right", slope)] for words, slope in across)]


def in_reading_order(lines: Sequence[Line]) -> list[list[Line]]:
    """Return lines of one page, from wherever they come, as blocks in reading order; each line once, unchanged.

    What runs as most of the text does comes first. Lines that stand beside each other in a row follow each other.
    """
    order = page_order([line.bounds for line in lines], [line.text for line in lines], list(map(direction_of, lines)))
    return [[lines[index] for row in block for index in row] for block in order]


def page_order(boxes: Sequence[Box], texts: Sequence[str], ways: Sequence[Direction]) -> list[list[list[int]]]:
    """Return blocks of rows of indices of a page's lines, or pieces of lines, in reading order; each index once.

    `boxes` are upright boxes on the page (left, top, right, bottom), `ways` say how the `texts` in them run. Those that
    run as most characters do come first. Pieces that a reader takes as one line, as a table's cells, are one row.
    """
    right_to_left = bidi.is_rtl(texts)
    frames: dict[str, list[int]] = {}
    for index, way in enumerate(ways):
        frames.setdefault("down" if way == "column" else way, []).append(index)
    order: list[list[list[int]]] = []
    for frame in sorted(frames.values(), key=lambda frame: -sum(len(texts[index]) for index in frame)):
        turned = [upright(boxes[index], ways[index], right_to_left=right_to_left) for index in frame]
        blocks = reading_order(turned, [texts[index] for index in frame])
        order += [[[frame[at] for at in row] for row in block] for block in blocks]
    return order


def _words(line: list[TextBox], *, right_to_left: bool, visual: bool) -> list[TextBox]:
    texts = [word.text for word in line]
    if not bidi.has_rtl("".join(texts)):
        return line
    return bidi.to_logical(
        line, right_to_left=bidi.is_rtl(texts) or (right_to_left and not bidi.is_ltr(texts)), visual=visual
    )


def _line(words: list[TextBox], way: Direction, *, are_hyphens: bool) -> LayoutLine:
    if sum(len(word.text) == 1 for word in words) >= lettering.MIN_SPACED_LETTERS:
        sides = [upright(word.box, way) for word in words]
        words = lettering.join_spaced_letters(
            words, [(left, right, bottom - top) for left, top, right, bottom in sides]
        )
    if any(normalize.SOFT_HYPHEN in word.text for word in words):
        words = [
            TextBox(normalize.without_soft_hyphens(word.text, are_hyphens=are_hyphens), word.box) for word in words
        ]
    return LayoutLine(words, way)
