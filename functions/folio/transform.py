"""Points, polygons, and the ways from one image's pixels to another's."""

import math
from collections.abc import Iterable

import msgspec
from msgspec import Struct

type Point = tuple[float, float]
# Clockwise from the top left corner of the text, as it is read.
type Polygon = tuple[Point, Point, Point, Point]
type Box = tuple[float, float, float, float]  # left, top, right, bottom


def box(left: float, top: float, right: float, bottom: float) -> Polygon:
    """Return the polygon of an upright box."""
    return (left, top), (right, top), (right, bottom), (left, bottom)


def bounds(*polygons: Polygon) -> Box:
    """Return the smallest upright box that holds all of the polygons, of which there must be at least one."""
    if len(polygons) == 1:  # most are asked for one: four times as fast
        (a, b), (c, d), (e, f), (g, h) = polygons[0]
        return min(a, c, e, g), min(b, d, f, h), max(a, c, e, g), max(b, d, f, h)
    xs, ys = zip(*(point for polygon in polygons for point in polygon), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def bounds_of(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all of the boxes, of which there must be at least one."""
    return bounds(*(box(*one) for one in boxes))


def overlap(one: Box, other: Box) -> bool:
    """Return whether two boxes have an area in common; edges that touch are none."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def overlap_across(one: Box, other: Box) -> bool:
    """Return whether two boxes have a stretch from left to right in common, wherever they stand from top to bottom."""
    return one[0] < other[2] and other[0] < one[2]


def angle_of(polygon: Polygon) -> float:
    """Return by how many degrees a text is turned clockwise, as its upper edge runs; from -180 to 180."""
    (x, y), (end_x, end_y), _, _ = polygon
    return math.degrees(math.atan2(end_y - y, end_x - x))


def quarter_of(angle: float) -> int:
    """Return the nearest number of quarters clockwise, from 0 to 3."""
    return round(angle / 90) % 4


class Transform(Struct, frozen=True):
    """A homography (3 x 3, row by row) from one image's pixels to another's."""

    matrix: tuple[float, float, float, float, float, float, float, float, float] = (1, 0, 0, 0, 1, 0, 0, 0, 1)

    @classmethod
    def scale(cls, x: float, y: float) -> "Transform":
        return cls((x, 0, 0, 0, y, 0, 0, 0, 1))

    def then(self, after: "Transform") -> "Transform":
        """The transform that applies this one first and `after` second."""
        a, b = after.matrix, self.matrix
        product = [sum(a[3 * i + k] * b[3 * k + j] for k in range(3)) for i in range(3) for j in range(3)]
        return Transform(msgspec.convert(product, tuple[float, float, float, float, float, float, float, float, float]))

    def inverse(self) -> "Transform":
        """The way back. Raises ZeroDivisionError for a transform that flattens everything onto a line."""
        a, b, c, d, e, f, g, h, i = self.matrix
        cofactors = (
            *(e * i - f * h, c * h - b * i, b * f - c * e),
            *(f * g - d * i, a * i - c * g, c * d - a * f),
            *(d * h - e * g, b * g - a * h, a * e - b * d),
        )
        whole = a * cofactors[0] + b * cofactors[3] + c * cofactors[6]
        back = [value / whole for value in cofactors]
        return Transform(msgspec.convert(back, tuple[float, float, float, float, float, float, float, float, float]))

    def point(self, point: Point) -> Point:
        x, y = point
        a, b, c, d, e, f, g, h, i = self.matrix
        depth = g * x + h * y + i
        return (a * x + b * y + c) / depth, (d * x + e * y + f) / depth

    def polygon(self, polygon: Polygon) -> Polygon:
        p, q, r, s = polygon
        return self.point(p), self.point(q), self.point(r), self.point(s)
