"""The lettering of charts: rows of figures and short labels between a figure's caption and the text."""

from collections.abc import Sequence
from statistics import median

from folio.structure.layout.frame import Row
from folio.structure.layout.kinds import is_caption
from folio.text.spacing import is_wide
from folio.transform import Box, overlap

_MIN_ROWS = 4
_MIN_LABELS = 0.6  # of the rows, that are labels
_MAX_ROW_GAP = 6.0  # heights of the text between two rows of a chart
_MAX_TICK_GAP = 20.0  # the same to figures of an axis, some of which were not read
_MAX_SMALL = 0.88  # of the text's height
_MAX_LABEL = 12.0  # letters' widths of a label; a Chinese character is two wide
_MIN_WORDS = 6  # of a row of prose in Latin letters, most of which begin small
_MIN_HIRAGANA = 4  # of a row of Japanese prose: names have hardly any
_MIN_PROSE = 40.0  # widths of a row of text
_BRACKETS, _TABLE = "【［〔[", ("表", "附表", "tab")


def figures(rows: Sequence[Row], body: float) -> list[Box]:
    """Return the areas of charts: below a caption, or above it. `body` is the height of the page's text."""
    order = sorted(rows, key=lambda row: row.box[1])
    areas: list[Box] = []
    for index, row in enumerate(order):
        if not is_caption(row.text) or row.text.lstrip(_BRACKETS).casefold().startswith(_TABLE):
            continue
        for near in (order[index + 1 :], order[:index][::-1]):
            chart = _chart(row, near, body)
            if chart and not any(overlap(chart, area) for area in areas):
                areas.append(chart)
                break
    return areas


def _chart(caption: Row, near: Sequence[Row], body: float) -> Box | None:
    """Return the area of the chart that begins at a caption, among rows by their distance from it."""
    chart: list[Row] = []
    edge = caption.box
    for row in near:
        gap = max(row.box[1] - edge[3], edge[1] - row.box[3])
        widest = _MAX_TICK_GAP if chart and _is_number(row) else _MAX_ROW_GAP
        if gap > widest * body or is_caption(row.text) or _is_text(row):
            break
        chart.append(row)
        edge = row.box
    if len(chart) < _MIN_ROWS or sum(_is_label(row, body) for row in chart) < _MIN_LABELS * len(chart):
        return None
    lefts, tops, rights, bottoms = zip(*(row.box for row in chart), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _is_label(row: Row, body: float) -> bool:
    tokens = row.text.split()
    sizes = [len(token) + sum(map(is_wide, token)) for token in tokens]
    return row.height <= _MAX_SMALL * body or median(sizes) <= _MAX_LABEL / 2 or sum(sizes) <= _MAX_LABEL


def _is_number(row: Row) -> bool:
    return not any(map(str.isalpha, row.text))


def _is_text(row: Row) -> bool:
    """Return whether a row is prose, or says where a chart's figures are from."""
    size = len(row.text) + sum(map(is_wide, row.text))
    digits, alphabetic = sum(map(str.isdigit, row.text)), sum(map(str.isalpha, row.text))
    if alphabetic <= 2 * digits:
        return False
    if "：" in row.text or ":" in row.text:
        return True
    tokens = row.text.split()
    is_latin = sum(token[0].islower() for token in tokens) * 2 >= len(tokens) >= _MIN_WORDS
    is_japanese = sum("\u3041" <= character <= "\u309f" for character in row.text) >= _MIN_HIRAGANA
    return size >= _MIN_PROSE and (is_latin or is_japanese or any(sign in row.text for sign in "，。、；"))
