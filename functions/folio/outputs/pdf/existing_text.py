"""Leaves out of a page's lines what readers of the PDF find in it anyway."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from folio.documents.pdf.text_page import TextPage
from folio.models import Line, Page, Word
from folio.outputs.base import words_of
from folio.transform import Box, bounds

_MIN_SHARE = 0.5  # of the area of the smaller one of two words that are at one place
_CELL_PX = 64  # of the grid that words are looked up in


class _Found(Struct, frozen=True):
    """A word of the PDF itself: its key, and its box in the page's pixels."""

    key: str
    text: str
    box: Box


def without_existing(page: Page, existing: TextPage | None) -> Page:
    """Return the page without the words that its PDF page shows as text, or that were taken from its text layer.

    `existing` is what a reader finds in the PDF. A word is left out if it says the same at the same place; if it says
    something else there (fonts without a mapping to characters, an older OCR's mistake) it stays.
    """
    grid = _Grid(existing, page) if existing and existing.width > 0 and existing.height > 0 else None
    lines = (_remaining(line, page, grid) for line in page.lines)
    return replace(page, lines=tuple(line for line in lines if line))


def _remaining(line: Line, page: Page, grid: "_Grid | None") -> Line | None:
    words = words_of(line)
    # An engine's words have a confidence, those of text layers none.
    remaining = [word for word in words if page.origin == "ocr" or word.confidence is not None]
    remaining = [word for word in remaining if not (grid and grid.has(word))]
    if not remaining:
        return None
    return line if len(remaining) == len(words) else replace(line, words=tuple(remaining))


class _Grid:
    def __init__(self, existing: TextPage, page: Page) -> None:
        across, down = page.width / existing.width, page.height / existing.height
        self._cells: dict[tuple[int, int], list[_Found]] = defaultdict(list)
        for word in existing.words():
            left, top, right, bottom = word.box
            match = _Found(_key(word.text), word.text, (left * across, top * down, right * across, bottom * down))
            for cell in _cells(match.box):
                self._cells[cell].append(match)

    def has(self, word: Word) -> bool:
        """Return whether a word is there, by itself, as part of a longer one or in parts."""
        area = bounds(word.polygon)
        near = {match.box: match for cell in _cells(area) for match in self._cells.get(cell, ())}
        at = [match for match in near.values() if _overlap(match.box, area) > _MIN_SHARE * _smaller(match.box, area)]
        key = _key(word.text)
        if not key:
            return any(word.text.strip() in match.text for match in at)
        if any(key in match.key for match in at if _area(match.box) >= _MIN_SHARE * _area(area)):
            return True
        orders = (sorted(at, key=lambda match: match.box[side]) for side in (0, 1))
        return any(key in "".join(match.key for match in order) for order in orders)


def _key(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (int(side) // _CELL_PX for side in box)
    yield from ((x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))


def _area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def _smaller(*boxes: Box) -> float:
    return min(map(_area, boxes))


def _overlap(a: Box, b: Box) -> float:
    return _area((max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])))
