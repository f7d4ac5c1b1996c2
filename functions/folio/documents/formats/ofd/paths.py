"""Lines and shapes of OFD as operators of PDF: AbbreviatedData (GB/T 33190, 9.1)."""

import math
from collections.abc import Iterator

from folio.transform import Point

# Operator -> how many numbers it takes.
_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_MAX_NUMBER = 1e6  # millimeters; anything larger is damage


def numbers(text: str) -> list[float]:
    """Return the finite numbers of a list; what is none ends it."""
    values: list[float] = []
    for part in text.replace(",", " ").split():
        try:
            value = float(part)
        except ValueError:
            break
        if not math.isfinite(value) or abs(value) > _MAX_NUMBER:
            break
        values.append(value)
    return values


def path(data: str) -> bytes:
    """Return a path without its painting; what follows a mistake is left out."""
    operators: list[bytes] = []
    current: Point | None = None
    for name, values in _commands(data):
        if name in ("S", "M"):
            current = values[0], values[1]
            operators.append(b"%.3f %.3f m" % current)
        elif current is None:
            continue
        elif name == "C":
            operators.append(b"h")
        else:
            operators += _segment(name, values, current)
            current = values[-2], values[-1]
    return b"\n".join(operators)


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    parts = data.replace(",", " ").split()
    index = 0
    while index < len(parts):
        name = parts[index]
        if (count := _ARGUMENTS.get(name)) is None:
            return
        values = numbers(" ".join(parts[index + 1 : index + 1 + count]))
        if len(values) < count:
            return
        yield name, values
        index += 1 + count


def _segment(name: str, values: list[float], start: Point) -> list[bytes]:
    if name == "L":
        return [b"%.3f %.3f l" % (values[0], values[1])]
    if name == "B":
        return [b"%.3f %.3f %.3f %.3f %.3f %.3f c" % tuple(values)]
    if name == "Q":
        (x0, y0), (x1, y1, x2, y2) = start, values
        first = x0 + (x1 - x0) * 2 / 3, y0 + (y1 - y0) * 2 / 3
        second = x2 + (x1 - x2) * 2 / 3, y2 + (y1 - y2) * 2 / 3
        return [b"%.3f %.3f %.3f %.3f %.3f %.3f c" % (*first, *second, x2, y2)]
    return _arc(start, values)


def _arc(start: Point, values: list[float]) -> list[bytes]:
    """Return an arc of an ellipse as curves of a quarter each (as SVG 1.1 has it, F.6)."""
    rx, ry, degrees, large, sweep, end_x, end_y = values
    rx, ry = abs(rx), abs(ry)
    if not rx or not ry or start == (end_x, end_y):
        return [b"%.3f %.3f l" % (end_x, end_y)]
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    dx, dy = (start[0] - end_x) / 2, (start[1] - end_y) / 2
    x, y = cosine * dx + sine * dy, cosine * dy - sine * dx
    grow = max(1.0, math.sqrt(x * x / (rx * rx) + y * y / (ry * ry)))
    rx, ry = rx * grow, ry * grow
    away = (rx * ry) ** 2 - (rx * y) ** 2 - (ry * x) ** 2
    root = math.sqrt(max(0.0, away) / ((rx * y) ** 2 + (ry * x) ** 2))
    root = -root if bool(large) == bool(sweep) else root
    cx, cy = root * rx * y / ry, -root * ry * x / rx
    first, last = math.atan2((y - cy) / ry, (x - cx) / rx), math.atan2((-y - cy) / ry, (-x - cx) / rx)
    turn = (last - first) % (2 * math.pi) if sweep else -((first - last) % (2 * math.pi))
    middle = (start[0] + end_x) / 2 + cosine * cx - sine * cy, (start[1] + end_y) / 2 + sine * cx + cosine * cy

    def at(u: float, v: float) -> Point:
        return middle[0] + cosine * rx * u - sine * ry * v, middle[1] + sine * rx * u + cosine * ry * v

    curves, steps = [], max(1, math.ceil(abs(turn) / (math.pi / 2)))
    for step in range(steps):
        a, b = first + turn * step / steps, first + turn * (step + 1) / steps
        k = 4 / 3 * math.tan((b - a) / 4)
        one = at(math.cos(a) - k * math.sin(a), math.sin(a) + k * math.cos(a))
        two = at(math.cos(b) + k * math.sin(b), math.sin(b) - k * math.cos(b))
        curves.append(b"%.3f %.3f %.3f %.3f %.3f %.3f c" % (*one, *two, *at(math.cos(b), math.sin(b))))
    return curves
