"""The rows of a page that stand apart from its text, above and below it: running heads, feet, page numbers."""

import re
from collections.abc import Sequence
from statistics import median

from folio.models import BlockKind
from folio.structure.layout.frame import Row

# Of the page's height: where running heads and feet stand, and where they may do so without any other sign.
_MARGIN, _OUTER = 0.1, 0.06
_MIN_ROWS = 3  # of a page that has any
_MIN_TEXT_ROWS = 8  # of a page whose number may stand elsewhere
_MAX_ROWS = 4  # of a running head or foot
_MIN_SPREAD = 4.0  # heights of white space within a row whose parts stand at both sides
_MIN_GAP = 2.0  # heights of white space between a running head and the text, where nothing else tells
_MIN_NEAR_GAP = 0.5  # the same where its form tells as well
_MAX_LOGO_HEIGHT = 2.5  # of most rows' height, in a running head whose parts stand at both sides
_MAX_HEIGHT = 1.8  # the same of others: what is higher is a title
_MAX_CHARACTERS = 90  # of a row that is no text
_STOPS = (".", "!", "?", "。", "！", "？", "；", ";")

type Span = tuple[float, float]

_NUMBER = r"(?:\d{1,4}|[ivxlc]{1,7})"
_PAGE_NUMBER = re.compile(
    rf"[-–—·•.\[(（~]?\s*(?:page|p\.|seite|página|pagina|第)?\s*{_NUMBER}\s*(?:(?:/|of|von|de|di|共)\s*{_NUMBER})?\s*"
    r"(?:页(?:\s*[共/]?\s*\d{1,4}\s*页)?)?\s*[-–—·•.\])）~]?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"(?:^{_NUMBER}\s.*\D|\D\s(?:page\s*)?{_NUMBER}(?:\s*(?:of|/)\s*{_NUMBER})?)$", re.IGNORECASE)


def is_page_number(text: str) -> bool:
    return bool(text) and _PAGE_NUMBER.fullmatch(text.strip()) is not None


def margins(rows: Sequence[Row], top: float, bottom: float) -> dict[int, BlockKind]:
    """Return what the rows at a page's edges are, by index; `rows` are in any order, `top` and `bottom` the page's."""
    if len(rows) < _MIN_ROWS:
        return {}
    edges: tuple[tuple[BlockKind, _Edge], ...] = (
        ("header", _Edge(top, bottom, is_foot=False)),
        ("footer", _Edge(-bottom, -top, is_foot=True)),
    )
    kinds: dict[int, BlockKind] = {}
    for kind, edge in edges:
        for index in edge.apart(rows):
            kinds[index] = "page_number" if is_page_number(rows[index].text) else kind
    return kinds


class _Edge:
    """The upper edge of a page, or the lower one of a page that is turned over: down is away from it."""

    def __init__(self, start: float, end: float, *, is_foot: bool) -> None:
        self._start, self._length, self._is_foot = start, end - start, is_foot

    def apart(self, rows: Sequence[Row]) -> list[int]:
        """Return the rows at the edge that are no text."""
        size = median(row.height for row in rows)
        spans = [self._span(row) for row in rows]
        order = sorted(range(len(rows)), key=lambda index: spans[index])
        limit = self._start + _MARGIN * self._length
        outer = [index for index in order[:_MAX_ROWS] if spans[index][1] < limit]
        if not outer and self._is_far_number(rows, order, spans, size):
            return order[:1]
        while outer:
            inner = min(spans[index][0] for index in order[len(outer) :]) if len(outer) < len(order) else None
            end = max(spans[index][1] for index in outer)
            if inner is not None and self._is_margin([rows[index] for index in outer], (inner - end) / size, size, end):
                return outer
            outer.pop()
        return []

    def _is_far_number(self, rows: Sequence[Row], order: list[int], spans: list[Span], size: float) -> bool:
        """Return whether the outermost row is a page's number on a page that is not filled: it stands in the middle."""
        row, following = rows[order[0]], spans[order[1]]
        edges = min(row.box[0] for row in rows) + max(row.box[2] for row in rows)
        is_central = abs(row.box[0] + row.box[2] - edges) < 2 * size
        is_far = following[0] - spans[order[0]][1] > _MIN_GAP * size
        return is_far and is_central and is_page_number(row.text) and len(rows) >= _MIN_TEXT_ROWS

    def _span(self, row: Row) -> Span:
        return (-row.box[3], -row.box[1]) if self._is_foot else (row.box[1], row.box[3])

    def _is_margin(self, rows: list[Row], gap: float, size: float, end: float) -> bool:
        """Return whether rows are a running head; `gap` is the white space to the text, in heights of a row."""
        if any(len(row.text) > _MAX_CHARACTERS or row.text.endswith(_STOPS) for row in rows):
            return False
        highest = max(row.height for row in rows) / size
        if gap < _MIN_NEAR_GAP or highest > _MAX_LOGO_HEIGHT:
            return False
        if _at_both_sides(rows):
            return True
        if highest > _MAX_HEIGHT:
            return False
        if any(is_page_number(row.text) for row in rows):
            return True
        if self._is_foot and any(_NUMBERED.search(row.text) for row in rows):
            return True
        return gap >= _MIN_GAP and end < self._start + _OUTER * self._length


def _at_both_sides(rows: Sequence[Row]) -> bool:
    for row in rows:
        if row.gap >= _MIN_SPREAD * row.height:
            return True
        for other in rows:
            beside = min(row.box[3], other.box[3]) - max(row.box[1], other.box[1])
            if beside > 0 and other.box[0] - row.box[2] >= _MIN_SPREAD * row.height:
                return True
    return False
