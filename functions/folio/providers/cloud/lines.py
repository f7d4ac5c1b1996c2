"""Lines and words out of what the services give: a line's text, and perhaps its single characters."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from folio.models import Line, PageText, Word, weighted_mean
from folio.text.spacing import is_wide
from folio.transform import Point, Polygon, bounds, box


class Unit(Struct, frozen=True):
    """A character, or a few, as a service places them."""

    text: str
    polygon: Polygon
    confidence: float | None = None


def line(text: str, confidence: float | None, polygon: Polygon, units: Sequence[Unit] = ()) -> Line:
    """A line and its words.

    Where the service places the characters, a word is what stands between spaces, or between a Chinese and a Latin
    character; where it does not, the line is one word: to divide its box would be guessing.
    """
    words = _words(text, units) if units else ()
    return Line(text, confidence, polygon, words or (Word(text, confidence, polygon),))


def page_text(lines: Iterable[Line], paragraphs: Sequence[int] = ()) -> PageText:
    """The text of lines in reading order; `paragraphs` numbers each line's, and an empty line sets them apart."""
    lines = tuple(lines)
    text = ""
    for index, one in enumerate(lines):
        apart = bool(paragraphs) and index > 0 and paragraphs[index] != paragraphs[index - 1]
        text += ("\n\n" if apart else "\n" if index else "") + one.text
    return PageText(text, lines)


def _words(text: str, units: Sequence[Unit]) -> tuple[Word, ...]:
    """Empty if the units are not the text's own."""
    groups: list[list[Unit]] = []
    at = 0
    for unit in units:
        written = unit.text.strip()
        if not written:
            continue
        start = text.find(written, at)
        if start < 0 or text[at:start].strip():
            return ()
        if not groups or text[at:start] or is_wide(written[0]) != is_wide(groups[-1][-1].text.strip()[-1]):
            groups.append([])
        groups[-1].append(unit)
        at = start + len(written)
    return tuple(map(_word, groups)) if not text[at:].strip() else ()


def _word(units: list[Unit]) -> Word:
    return Word(
        "".join(unit.text.strip() for unit in units),
        weighted_mean((unit.confidence, 1) for unit in units),
        _around([unit.polygon for unit in units]),
    )


def _around(polygons: list[Polygon]) -> Polygon:
    """From the start of the first to the end of the last; upright ones are boxed whole."""
    if all(_upright(polygon) for polygon in polygons):
        return box(*bounds(*polygons))
    return polygons[0][0], polygons[-1][1], polygons[-1][2], polygons[0][3]


def _upright(polygon: Polygon) -> bool:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = polygon
    return (ay, bx, cy, dx) == (by, cx, dy, ax) and ax < bx and ay < dy


def percent(value: float | None) -> float | None:
    """A confidence from 0 to 100 as one from 0 to 1; null for what cannot be one."""
    return round(value / 100, 4) if value is not None and 0 <= value <= 100 else None


def clamped(value: float | None) -> float | None:
    """A confidence from 0 to 1; null for what cannot be one."""
    return round(value, 4) if value is not None and 0 <= value <= 1 else None


def polygon_of(points: Sequence[Point]) -> Polygon | None:
    """Four points in order, or null."""
    return (points[0], points[1], points[2], points[3]) if len(points) == 4 else None
