"""The objects of an OFD page as operators of PDF: text, paths and pictures where they stand; seals are left alone.

Inside a page's content the unit is the millimeter and y points down, as in OFD. Text is set character by character in
fonts that every viewer has: their boxes are the file's, whatever the font.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.formats.ofd.package import PageParts, Resources, child_text
from folio.documents.formats.ofd.paths import numbers, path
from folio.documents.formats.plain_fonts import shown
from folio.documents.formats.xml import attribute, local
from folio.errors import TooLarge
from folio.text.spacing import is_wide

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

POINTS_PER_MM = 72 / 25.4
_MAX_OBJECTS = 300_000  # of a page; units that draw each other multiply
_MAX_DEPTH = 16
_LINE_WIDTH_MM = 0.353
_SIZE_MM = 3.5
_TURNS = {"0": (1, 0, 0, -1), "90": (0, 1, 1, 0), "180": (-1, 0, 0, 1), "270": (0, -1, -1, 0)}


class Drawing(Struct):
    """A page's content, the names of the pictures in it, and how many were missing."""

    content: bytes
    pictures: frozenset[str]
    missing: int


def draw(page: PageParts, locate: Callable[[str], str | None]) -> Drawing:
    """Draw a page. `locate` takes a picture's name in the archive and returns its name in the PDF, or None."""
    return _Drawer(page.resources, locate).draw(page)


class _Drawer:
    def __init__(self, resources: Resources, locate: Callable[[str], str | None]) -> None:
        self._resources, self._place = resources, locate
        self._drawn = self._missing = 0
        self._pictures: set[str] = set()

    def draw(self, page: PageParts) -> Drawing:
        left, top, _, height = page.box
        k = POINTS_PER_MM
        parts = [b"%.6f 0 0 %.6f %.3f %.3f cm" % (k, -k, -left * k, (top + height) * k)]
        for layer in page.layers:
            parts += self._objects(layer, None, 0)
        return Drawing(b"\n".join(parts), frozenset(self._pictures), self._missing)

    def _objects(self, parent: "Element", inherited: "Element | None", depth: int) -> Iterator[bytes]:
        """Yield the operators of all objects in a layer, a block or a unit."""
        if depth > _MAX_DEPTH:
            return
        parameter = self._parameter(parent, inherited)
        for element in parent:
            kind = local(element)
            if attribute(element, "Visible") == "false":
                continue
            self._drawn += 1
            if self._drawn > _MAX_OBJECTS:
                raise TooLarge(f"A page draws more than the {_MAX_OBJECTS} objects allowed.")
            if kind in ("PageBlock", "Content"):
                yield from self._objects(element, parameter, depth + 1)
            elif kind in _OBJECTS:
                yield b"q"
                yield _placed(element)
                yield from self._object(kind, element, self._parameter(element, parameter), depth)
                yield b"Q"

    def _object(self, kind: str, element: "Element", parameter: "Element | None", depth: int) -> Iterator[bytes]:
        if kind == "TextObject":
            yield from _text(element, parameter)
        elif kind == "PathObject":
            yield from _path(element, parameter)
        elif kind == "ImageObject":
            yield self._picture(element)
        elif (unit := self._resources.units.get(attribute(element, "ResourceID"))) is not None:
            yield from self._objects(unit, parameter, depth + 1)

    def _picture(self, element: "Element") -> bytes:
        file = self._resources.pictures.get(attribute(element, "ResourceID"))
        name = self._place(file) if file else None
        if name is None:
            self._missing += 1
            return b""
        self._pictures.add(name)
        box = numbers(attribute(element, "Boundary"))
        if attribute(element, "CTM"):  # which stretches the unit square
            return b"1 0 0 -1 0 1 cm /%s Do" % name.encode()
        if len(box) < 4:
            return b""
        return b"%.4f 0 0 %.4f 0 %.4f cm /%s Do" % (box[2], -box[3], box[3], name.encode())

    def _parameter(self, element: "Element", inherited: "Element | None") -> "Element | None":
        return self._resources.parameters.get(attribute(element, "DrawParam"), inherited)


_OBJECTS = ("TextObject", "PathObject", "ImageObject", "CompositeObject")


def _placed(element: "Element") -> bytes:
    box = numbers(attribute(element, "Boundary"))
    shift = b"1 0 0 1 %.4f %.4f cm" % (box[0], box[1]) if len(box) >= 2 else b""
    matrix = numbers(attribute(element, "CTM"))
    return shift + (b" %.5f %.5f %.5f %.5f %.4f %.4f cm" % tuple(matrix[:6]) if len(matrix) >= 6 else b"")


def _text(element: "Element", parameter: "Element | None") -> Iterator[bytes]:
    size = (numbers(attribute(element, "Size")) or [_SIZE_MM])[0]
    scale = (numbers(attribute(element, "HScale")) or [1.0])[0] or 1.0
    turn = _TURNS.get(attribute(element, "CharDirection"), _TURNS["0"])
    reads_down = attribute(element, "ReadDirection") in ("90", "270")
    if size <= 0:
        return
    yield _color(element, parameter, "FillColor", b"rg")
    yield b"BT"
    x = y = 0.0
    for code in (one for one in element if local(one) == "TextCode"):
        text = "".join(character for character in code.text or "" if character not in "\r\n\t")
        x, y = (numbers(attribute(code, "X")) or [x])[0], (numbers(attribute(code, "Y")) or [y])[0]
        across = _deltas(attribute(code, "DeltaX"), len(text))
        down = _deltas(attribute(code, "DeltaY"), len(text))
        at_x, at_y = x, y
        for index, character in enumerate(text):
            if not character.isspace():
                matrix = turn[0] * scale, turn[1], turn[2], turn[3], at_x, at_y
                yield b"%.4f %.4f %.4f %.4f %.4f %.4f Tm" % matrix
                yield shown(character, size)
            advance = size * scale * (1 if is_wide(character) else 0.5)
            at_x += across[index] if index < len(across) else 0.0 if down or reads_down else advance
            at_y += down[index] if index < len(down) else size if reads_down and not across else 0.0
    yield b"ET"


def _deltas(text: str, length: int) -> list[float]:
    """Return distances from each character to the next; `g 3 2.5` is 2.5 three times."""
    values: list[float] = []
    parts = iter(text.replace(",", " ").split())
    for part in parts:
        if part == "g":
            count, value = numbers(next(parts, "")), numbers(next(parts, ""))
            if count and value:
                values += value * min(int(max(count[0], 0)), length)
        else:
            values += numbers(part)
        if len(values) > length:
            break
    return values


def _path(element: "Element", parameter: "Element | None") -> Iterator[bytes]:
    shape = path(child_text(element, "AbbreviatedData") or "")
    strokes, fills = attribute(element, "Stroke") != "false", attribute(element, "Fill") == "true"
    if not shape or not (strokes or fills):
        return
    widths = (numbers(attribute(one, "LineWidth")) for one in (element, parameter) if one is not None)
    yield b"%.4f w" % next((width[0] for width in widths if width), _LINE_WIDTH_MM)
    yield _color(element, parameter, "FillColor", b"rg")
    yield _color(element, parameter, "StrokeColor", b"RG")
    yield shape
    even = b"*" if attribute(element, "Rule") == "Even-Odd" else b""
    yield (b"B" if strokes else b"f") + even if fills else b"S"


def _color(element: "Element", parameter: "Element | None", name: str, operator: bytes) -> bytes:
    """Return the color of an object, its own or its parameter's; what has none that is known is black."""
    for holder in (element, parameter):
        matched = next((one for one in holder if local(one) == name), None) if holder is not None else None
        if matched is not None and (value := numbers(attribute(matched, "Value"))):
            return _values(value, operator)
    return b"0 0 0 " + operator


def _values(values: list[float], operator: bytes) -> bytes:
    parts = [min(max(value / 255, 0.0), 1.0) for value in values]
    if len(parts) == 1:
        parts *= 3
    if len(parts) == 4:
        black = 1 - parts[3]
        parts = [(1 - part) * black for part in parts[:3]]
    return b"%.3f %.3f %.3f " % tuple(parts[:3]) + operator if len(parts) >= 3 else b"0 0 0 " + operator
