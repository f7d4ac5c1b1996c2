"""Round and oval seals: their text, which runs around in a ring, laid straight, and what stands in the middle."""

from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.raster.pixels import Grey

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Floats = NDArray[np.float64]
    type Mask = NDArray[np.bool_]

_DARK = 128  # below it a pixel is ink
_SECTORS, _MIN_SECTORS = 72, 0.7  # of an edge; and what of them must have it
_MAX_OFF = 0.12, 0.06, 0.04  # between the edge and its ellipse, in radii, fit after fit
# In shorter radii, from the edge inwards.
_DEPTH, _MAX_BORDER, _LETTERS_DEPTH = 0.6, 0.3, 0.2
_MIN_RADIUS_PX = 160  # of a seal as it is laid straight; smaller ones are enlarged
_POINTS = 2048
_MIN_BORDER = 0.6  # of a row of the strip that is the edge's line
_MIN_ROW = 0.2  # of the most ink in a row of letters
_UPPER = 0.7  # of the letters' height, in which nothing reaches from the middle
_SHALLOW, _MIN_SHALLOW = 0.6, 4  # of the letters' height, which small ones do not pass; how many are a number
_MIN_COLUMN = 0.06  # of these rows, for a column that has ink
# In heights of letters.
_MIN_GAP, _KEPT_GAP, _MARGIN = 0.15, 0.3, 0.2
_MIN_PARTING = 1.0  # between two texts on one ring
_MANY_GAPS = 2.2  # times the usual one, between two texts


class Ring(Struct, frozen=True):
    """The texts on a seal's ring laid straight, from the longest on, black on white, and what is within the ring."""

    texts: tuple[Grey, ...]
    middle: Grey


class _Ellipse(Struct, frozen=True):
    """Points evenly along the ring's text, clockwise: where they are on the edge, and the way inwards (n x 2)."""

    edge: "Floats"
    inwards: "Floats"
    radius: float  # the shorter one, in pixels


def unwrapped(ink: Grey) -> Ring | None:
    """Return the texts of a seal that is black on white; None if no ellipse goes around it."""
    import numpy as np

    ellipse = _edge(ink)
    if ellipse is None:
        return None
    strip = _strip(ink, ellipse)
    scale = len(strip) / (_DEPTH * ellipse.radius)
    rows = _letters(strip < _DARK, ellipse.radius * scale)
    if rows is None:
        return Ring((), ink)
    start, first, last = rows
    height = last - first
    inked = (strip[start : first + round(_UPPER * height)] < _DARK).mean(0) > _MIN_COLUMN
    lower = (strip[first + round(_SHALLOW * height) : last] < _DARK).any(0)
    texts, turn = _texts(inked, lower, height)
    rolled = np.roll(strip, -turn, axis=1)
    cut = [_cut(rolled[start:last, left:right], height) for left, right in texts]
    depth = np.where(_widened(inked, height), last, first + height / 2) / scale
    return Ring(tuple(cut), _middle(ink, ellipse, depth))


def _edge(ink: Grey) -> _Ellipse | None:
    """Return the ellipse that the outermost ink lies on."""
    import cv2
    import numpy as np

    rows, columns = np.nonzero(ink < _DARK)
    x, y = (columns - ink.shape[1] / 2) / ink.shape[1], (rows - ink.shape[0] / 2) / ink.shape[0]
    sectors = ((np.arctan2(y, x) + np.pi) / (2 * np.pi) * _SECTORS).astype(int) % _SECTORS
    order = np.lexsort((np.hypot(x, y), sectors))
    farthest = order[np.flatnonzero(np.diff(sectors[order], append=_SECTORS))]
    points = np.column_stack([columns[farthest], rows[farthest]]).astype(np.float32)
    for max_off in _MAX_OFF:
        if len(points) < _MIN_SECTORS * _SECTORS:
            return None
        (x0, y0), (wide, high), degrees = cv2.fitEllipse(points)
        cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        across, down = points[:, 0] - x0, points[:, 1] - y0
        u, v = (across * cosine + down * sine) / wide * 2, (down * cosine - across * sine) / high * 2
        points = points[np.abs(np.hypot(u, v) - 1) < max_off]
    if len(points) < _MIN_SECTORS * _SECTORS:
        return None
    return _along((x0, y0), (wide / 2, high / 2), (cosine, sine))


def _along(center: tuple[float, float], radii: tuple[float, float], turn: tuple[float, float]) -> _Ellipse:
    import numpy as np

    angles = np.linspace(0, 2 * np.pi, _POINTS)
    (a, b), (cosine, sine) = radii, turn
    radius = min(radii)

    def points(angles: "Floats") -> "tuple[Floats, Floats]":
        x, y = a * np.cos(angles), b * np.sin(angles)
        inwards = -np.column_stack([x / a**2, y / b**2])
        inwards /= np.linalg.norm(inwards, axis=1, keepdims=True)
        rotation = np.array([[cosine, sine], [-sine, cosine]])
        return np.column_stack([x, y]) @ rotation + np.array(center), inwards @ rotation

    edge, inwards = points(angles)
    steps = np.linalg.norm(np.diff(edge + inwards * _LETTERS_DEPTH * radius, axis=0), axis=1)
    passed = np.concatenate([[0], np.cumsum(steps)])
    length = passed[-1] * max(1.0, _MIN_RADIUS_PX / radius)
    evenly = np.interp(np.arange(round(length)) / round(length) * passed[-1], passed, angles)
    return _Ellipse(*points(evenly), radius)


def _strip(ink: Grey, ellipse: _Ellipse) -> Grey:
    """Return the ring laid straight, its edge on top: as fine across as along it."""
    import cv2
    import numpy as np

    depths = np.arange(0, _DEPTH * max(ellipse.radius, _MIN_RADIUS_PX)) * min(1.0, ellipse.radius / _MIN_RADIUS_PX)
    grid = (ellipse.edge[None] + ellipse.inwards[None] * depths[:, None, None]).astype(np.float32)
    white = (255.0, 255.0, 255.0, 255.0)
    laid = cv2.remap(ink, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR, None, cv2.BORDER_CONSTANT, white)
    return laid.astype(np.uint8, copy=False)


def _letters(dark: "Mask", radius: float) -> tuple[int, int, int] | None:
    """Return the first row below the lines of a ring's edge, the first of its letters and the one after their last."""
    import numpy as np

    inked = dark.mean(1)
    lines = np.flatnonzero(inked[: round(_MAX_BORDER * radius)] > _MIN_BORDER)
    start = int(lines[-1]) + 1 if len(lines) else 0
    while start + 1 < len(inked) and inked[start + 1] < inked[start]:
        start += 1  # the blurred side of the line
    peak = inked[start : round(start + _MAX_BORDER * radius)].max(initial=0)
    if not peak:
        return None
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inked[start:] >= _MIN_ROW * peak, [False]])))
    longest = int(np.argmax(edges[1::2] - edges[::2])) * 2
    first, last = (start + edges[longest : longest + 2]).tolist()
    return start, first, last


def _texts(inked: "Mask", lower: "Mask", height: int) -> tuple[list[tuple[int, int]], int]:
    """Return where the texts of a ring begin and end, from the longest on, and by how much the ring is turned before.

    It is turned so that it begins within its widest gap. Where `lower` is false nothing reaches far from the edge.
    """
    import numpy as np

    starts = np.flatnonzero(inked & ~np.roll(inked, 1))
    if not len(starts):
        return [], 0
    ends = np.flatnonzero(inked & ~np.roll(inked, -1)) + 1
    ends = np.append(ends[ends > starts[0]], ends[ends <= starts[0]] + len(inked))
    gaps = np.append(starts[1:], starts[0] + len(inked)) - ends
    widest = int(gaps.argmax())
    turn = int(ends[widest] + gaps[widest] // 2) % len(inked)
    usual = float(np.median(gaps[gaps > _MIN_GAP * height])) if (gaps > _MIN_GAP * height).any() else 0.0
    parting = max(_MIN_PARTING * height, _MANY_GAPS * usual)
    shallow = _shallow(lower, starts, ends)
    texts: list[tuple[int, int]] = []
    is_shallow = False
    for index in range(widest + 1, widest + 1 + len(starts)):
        left = int(starts[index % len(starts)] - turn) % len(inked)
        right = left + int(ends[index % len(starts)] - starts[index % len(starts)])
        if texts and left - texts[-1][1] < parting and shallow[index % len(starts)] == is_shallow:
            texts[-1] = texts[-1][0], right
        else:
            texts.append((left, right))
        is_shallow = shallow[index % len(starts)]
    return sorted((one for one in texts if one[1] - one[0] > height), key=lambda one: one[0] - one[1]), turn


def _shallow(lower: "Mask", starts: "NDArray[np.intp]", ends: "NDArray[np.intp]") -> list[bool]:
    """Return which letters are small and close to the edge, as those of numbers are: several side by side."""
    import numpy as np

    twice = np.concatenate([lower, lower])
    small = [not twice[start:end].any() for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    result = [False] * len(small)
    for first in range(len(small)):
        several = [(first + by) % len(small) for by in range(_MIN_SHALLOW)]
        if all(small[index] for index in several):
            for index in several:
                result[index] = True
    return result


def _cut(text: Grey, height: int) -> Grey:
    """Return a text with wide gaps between its letters closed up, and a margin around it."""
    import numpy as np

    dark = text < _DARK
    inked = dark.mean(1)
    rows = np.flatnonzero(inked >= min(_MIN_COLUMN / 2, inked.max()))
    text, dark = text[rows[0] : rows[-1] + 1], dark[rows[0] : rows[-1] + 1]
    columns, blank = [], 0
    for index, is_inked in enumerate(dark.any(0).tolist()):
        blank = 0 if is_inked else blank + 1
        if blank <= _KEPT_GAP * height:
            columns.append(index)
    return np.pad(text[:, columns], max(2, round(_MARGIN * len(text))), constant_values=255)


def _widened(inked: "Mask", height: int) -> "Mask":
    import numpy as np

    width = height // 2 | 1
    around = np.pad(inked.astype(float), width, mode="wrap")
    return np.convolve(around, np.ones(2 * width + 1), "valid") > 0


def _middle(ink: Grey, ellipse: _Ellipse, depth: "Floats") -> Grey:
    """Return a seal without its ring, which is so deep at each point, and without a solid star."""
    import cv2
    import numpy as np

    inner = (ellipse.edge + ellipse.inwards * depth[:, None]).round().astype(np.int32)
    inside = np.zeros_like(ink)
    cv2.fillPoly(inside, [inner], (1,))
    middle = np.where(inside > 0, ink, 255).astype(np.uint8)
    dark = (middle < _DARK).astype(np.uint8)
    thickness = cv2.distanceTransform(dark, cv2.DIST_L2, 3)
    labels = cv2.connectedComponents(dark)[1]
    solid = np.unique(labels[thickness > 0.07 * ellipse.radius])
    is_solid = cv2.dilate(np.isin(labels, solid[solid > 0]).astype(np.uint8), np.ones((5, 5), np.uint8))
    return np.where(is_solid > 0, 255, middle).astype(np.uint8)
