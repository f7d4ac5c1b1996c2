"""Lines that are bent, as on a curled or folded sheet: the strip along their middle, laid straight."""

from typing import TYPE_CHECKING

from msgspec import Struct

from folio.transform import Point

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from folio.documents.raster.pixels import Grey

    type Points = NDArray[np.float32]  # n x 2
    type Floats = NDArray[np.float64]
    type Edges = NDArray[np.float32]  # 2 x n x 2

# Of a piece of the map of text.
_MIN_LENGTH = 8.0  # in thicknesses; shorter ones are as bent as their letters are uneven
_MAX_FULL_SHARE = 0.8  # of the smallest rectangle around it; a straight piece covers more
_MIN_BEND = 0.3  # in thicknesses, by which its middle leaves a straight line
_MAX_OFF = 0.15  # in thicknesses, between its middle and the curve: root mean square
_MAX_UNEVEN = 0.22  # of the thickness, its standard deviation: two lines that touch differ by more
_DEGREE_LENGTH = 6  # in thicknesses, for each degree of the curve
_MIN_DEGREE, _MAX_DEGREE = 2, 5
_STEP = 1.5  # in thicknesses, between two points of the curve
_MAX_POINTS = 64


class Strip(Struct, frozen=True):
    """A bent line on the page: points of its upper and its lower edge, from its beginning to its end."""

    edges: "Edges"

    def flipped(self) -> "Strip":
        return Strip(self.edges[::-1, ::-1])

    def scaled(self, scale: "Points") -> "Strip":
        return Strip(self.edges * scale)

    def corners(self) -> "Points":
        import numpy as np

        (first, last), (below, end) = self.edges[0, [0, -1]], self.edges[1, [0, -1]]
        return np.array([first, last, end, below], np.float32)

    def point(self, across: float, down: float) -> Point:
        """Return where on the page a position of the straight line is, in shares of its length and height."""
        import numpy as np

        index = np.clip(across, 0, 1) * (self.edges.shape[1] - 1)
        first = min(int(index), self.edges.shape[1] - 2)
        upper, lower = self.edges[:, first] + (self.edges[:, first + 1] - self.edges[:, first]) * (index - first)
        x, y = (upper + (lower - upper) * down).tolist()
        return x, y

    def straight(self, image: "Grey", size: tuple[int, int] | None = None) -> "Grey":
        """Return the strip laid straight: as wide and high as it is on the page, or of that size in pixels."""
        import cv2
        import numpy as np

        middle = self.edges.mean(0)
        width = max(1, round(float(np.linalg.norm(np.diff(middle, axis=0), axis=1).sum())))
        height = max(1, round(float(np.linalg.norm(self.edges[1] - self.edges[0], axis=1).mean())))
        way = cv2.INTER_LINEAR if size else cv2.INTER_CUBIC  # what is enlarged is not to be sharpened too
        width, height = size or (width, height)
        steps = (np.arange(width) + 0.5) / width * (len(middle) - 1)
        at = np.arange(len(middle))
        upper, lower = (np.stack([np.interp(steps, at, edge[:, axis]) for axis in (0, 1)], 1) for edge in self.edges)
        down = ((np.arange(height) + 0.5) / height)[:, None, None]
        grid = (upper + (lower - upper) * down - 0.5).astype(np.float32)  # OpenCV's points are middles of pixels
        laid = cv2.remap(image, grid[..., 0], grid[..., 1], interpolation=way, borderMode=cv2.BORDER_REPLICATE)
        return laid.astype("uint8", copy=False)


def bent(contour: "NDArray[np.int32]", rectangle: tuple[float, float], growth: float) -> Strip | None:
    """Return the strip around a piece of the map of text if it is bent, in the map's pixels.

    `rectangle` is width and height of the smallest one around it.
    """
    import cv2
    import numpy as np

    long, short = max(rectangle), min(rectangle)
    area = cv2.contourArea(contour)
    if area > _MAX_FULL_SHARE * long * short or _MIN_LENGTH * area > long * long:
        return None
    left, top, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [contour - [[left, top]]], (1,))
    curve = _curve(inside.T if height > width else inside)
    if curve is None:
        return None
    middle, thickness = curve
    return _strip((middle[:, ::-1] if height > width else middle) + [left, top], thickness, growth)


def _curve(inside: "NDArray[np.uint8]") -> "tuple[Floats, float] | None":
    """Return the points of a curve along a mask that runs to the right, and its thickness; None if it is straight."""
    import numpy as np

    counts = inside.sum(0)
    rows = (np.arange(len(inside)) + 0.5) @ inside / np.maximum(counts, 1)
    columns = np.arange(len(counts)) + 0.5
    slope = (rows[-1] - rows[0]) / len(rows)
    across = 1 / np.hypot(1, slope)  # of the mask, from upright to across it
    thickness = float(np.median(counts)) * across
    degree = int(np.clip(len(rows) / (thickness * _DEGREE_LENGTH), _MIN_DEGREE, _MAX_DEGREE))
    curve = np.polynomial.Chebyshev.fit(columns, rows, degree)
    bend = curve(columns) - np.polynomial.Chebyshev.fit(columns, curve(columns), 1)(columns)
    if np.ptp(bend) * across < _MIN_BEND * thickness:
        return None
    if np.std(curve(columns) - rows) * across > _MAX_OFF * thickness or np.std(counts) > _MAX_UNEVEN * np.median(
        counts
    ):
        return None
    points = min(_MAX_POINTS, int(len(rows) / (thickness * _STEP)))
    at = np.linspace(columns[0], columns[-1], points)
    return np.stack([at, curve(at)], 1), thickness


def _strip(middle: "Floats", thickness: float, growth: float) -> Strip:
    """Return the strip around a curve, longer and wider as a rectangle of its length would be."""
    import numpy as np

    length = float(np.linalg.norm(np.diff(middle, axis=0), axis=1).sum())
    grown = thickness * length / (thickness + length) * growth
    ahead, behind = middle[1] - middle[0], middle[-1] - middle[-2]
    first = middle[0] - ahead / np.linalg.norm(ahead) * grown / 2
    last = middle[-1] + behind / np.linalg.norm(behind) * grown / 2
    middle = np.concatenate([[first], middle, [last]])
    middle = _evenly(middle)
    along = np.gradient(middle, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    up = np.stack([along[:, 1], -along[:, 0]], 1) * (thickness + grown) / 2
    return Strip(np.stack([middle + up, middle - up]).astype(np.float32))


def _evenly(middle: "Floats") -> "Floats":
    """Return as many points of a curve at equal distances."""
    import numpy as np

    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(middle, axis=0), axis=1))])
    at = np.linspace(0, along[-1], len(middle))
    return np.stack([np.interp(at, along, middle[:, axis]) for axis in (0, 1)], 1)
