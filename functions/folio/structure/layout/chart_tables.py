"""Tables that are none but the lettering of charts.

Names beside the ticks of an axis that goes on beyond them, or charts beside each other, each with a caption.
"""

from collections.abc import Sequence

import msgspec

from folio.models import Page
from folio.outputs.base import words_of
from folio.structure.layout.axes import axes, may_be_tick
from folio.structure.layout.blocks import table_polygon
from folio.structure.layout.frame import frame_of
from folio.structure.layout.kinds import is_figure
from folio.transform import Box, overlap_across

_MAX_CAPTION_GAP = 3.0  # heights of a caption, to the charts
_MIN_LISTED, _MAX_WIDTH = 3, 0.8  # captions in a list of figures; of a table's width, that a caption in it has
_MIN_BEYOND = 1.0  # heights of a tick, by which an axis is longer than the table across it


def without_charts(page: Page) -> Page:
    """Return a page without the tables that an axis leaves at their top or bottom: a table's columns end with it.

    Nor is one over which captions of figures stand beside each other, or below which they do.
    """
    if not page.tables:
        return page
    frame = frame_of(page.lines, is_flat=page.origin != "ocr")
    words = (word for line in page.lines for word in words_of(line) if may_be_tick(word.text))
    matches = [*axes([(word.text, frame.box(word.polygon)) for word in words])]
    captions = [frame.box(line.polygon) for line in page.lines if is_figure(line.text)]
    polygons = [table_polygon(table) for table in page.tables]
    tables = tuple(
        table
        for table, polygon in zip(page.tables, polygons, strict=True)
        if polygon is None
        or not (
            any(_leaves(axis, size, frame.box(polygon)) for axis, size, _ in matches)
            or _is_below_captions(frame.box(polygon), captions)
        )
    )
    return msgspec.structs.replace(page, tables=tables)


def _leaves(axis: Box, size: float, table: Box) -> bool:
    """Return whether an axis is in a table and beyond it."""
    is_across = axis[0] < table[2] and axis[2] > table[0] and axis[1] < table[3] and axis[3] > table[1]
    return is_across and max(table[1] - axis[1], axis[3] - table[3]) >= _MIN_BEYOND * size


def _is_below_captions(table: Box, captions: Sequence[Box]) -> bool:
    """Return whether two captions beside each other stand right above or below a table, or one or two in it.

    A list of figures has more.
    """
    inside = [one for one in captions if table[1] <= (one[1] + one[3]) / 2 <= table[3] and overlap_across(one, table)]
    if 0 < len(inside) < _MIN_LISTED and all(one[2] - one[0] < _MAX_WIDTH * (table[2] - table[0]) for one in inside):
        return True
    near = [
        one
        for one in captions
        if overlap_across(one, table)
        and max(table[1] - one[3], one[1] - table[3]) <= _MAX_CAPTION_GAP * (one[3] - one[1])
    ]
    return any(one[2] <= two[0] and one[1] < two[3] and two[1] < one[3] for one in near for two in near)
