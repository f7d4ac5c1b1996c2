"""Ways a page comes to harm before it is read, each with the transform from the page's pixels to the harmed picture's.

Images are grey (height x width, uint8, 0 black). Pixels are squares, pixel i reaching from i to i + 1.
"""

import math
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from folio.transform import Transform

type Grey = NDArray[np.uint8]

ANGLES = (0.5, 1.0, 2.0, 3.5, 5.0, 7.5, 10.0)
_INCHES = 11.7  # the longer side of a page that does not say how large it is
_SHEETS = (5.0, 20.0)  # inches of the longer side; a file that says it is smaller or larger is not believed
_COARSE = 130  # dpi below which 100 dpi is no harm


class Harmed(Struct, frozen=True):
    """A harmed picture; `quality` is that of JPEG, null for a picture that is written as it is."""

    image: Grey
    there: Transform = Transform()
    quality: int | None = None


def rotated(image: Grey, degrees: int) -> Harmed:
    """Turned clockwise by 90, 180 or 270 degrees."""
    height, width = image.shape
    turn, there = {
        90: (cv2.ROTATE_90_CLOCKWISE, Transform((0, -1, height, 1, 0, 0, 0, 0, 1))),
        180: (cv2.ROTATE_180, Transform((-1, 0, width, 0, -1, height, 0, 0, 1))),
        270: (cv2.ROTATE_90_COUNTERCLOCKWISE, Transform((0, 1, 0, -1, 0, width, 0, 0, 1))),
    }[degrees]
    return Harmed(_grey(cv2.rotate(image, turn)), there)


def skewed(image: Grey, degrees: float) -> Harmed:
    """Turned clockwise by some degrees on a sheet large enough, which is as bright as the paper."""
    height, width = image.shape
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    size = math.ceil(width * cos + height * abs(sin)), math.ceil(width * abs(sin) + height * cos)
    right = size[0] / 2 - cos * width / 2 + sin * height / 2
    down = size[1] / 2 - sin * width / 2 - cos * height / 2
    there = Transform((cos, -sin, right, sin, cos, down, 0, 0, 1))
    # OpenCV counts from the middles of pixels.
    matrix = np.array(_shift(0.5).then(there).then(_shift(-0.5)).matrix).reshape(3, 3)[:2]
    paper = float(np.percentile(image, 80))
    return Harmed(_grey(cv2.warpAffine(image, matrix, size, flags=cv2.INTER_CUBIC, borderValue=paper)), there)


def coarse(image: Grey, dpi: float | None) -> Harmed | None:
    """Scanned at 100 dpi; None for what is hardly better than that. `dpi` is what the page says of itself."""
    longer = max(image.shape)
    known = dpi if dpi and _SHEETS[0] <= longer / dpi <= _SHEETS[1] else longer / _INCHES
    if known < _COARSE:
        return None
    height, width = (max(1, round(side * 100 / known)) for side in image.shape)
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return Harmed(_grey(small), Transform.scale(width / image.shape[1], height / image.shape[0]))


def shaded(image: Grey) -> Harmed:
    """In the shadow of a hand: from full light in one corner to two fifths of it in the other, and a darker band."""
    height, width = image.shape
    down, across = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j].astype(np.float32)
    light = 1 - 0.6 * (0.5 * across + 0.5 * down)
    light *= 1 - 0.25 * np.exp(-(((across - down * 0.4 - 0.3) / 0.08) ** 2))
    return Harmed(_grey(image * light))


def salted(image: Grey, seed: int) -> Harmed:
    """Salt and pepper: one pixel of a hundred white, another one black."""
    noise = np.random.default_rng(seed).random(image.shape, dtype=np.float32)
    return Harmed(_grey(np.where(noise < 0.01, 255, np.where(noise > 0.99, 0, image))))


def squeezed(image: Grey) -> Harmed:
    """JPEG of quality 20."""
    return Harmed(image, quality=20)


def inverted(image: Grey) -> Harmed:
    """Light on dark."""
    return Harmed(_grey(255 - image))


def framed(image: Grey) -> Harmed:
    """On the black lid of a scanner, which shows on all sides, by a twentieth of the width."""
    edge = image.shape[1] // 20
    wide = cv2.copyMakeBorder(image, edge, edge // 2, edge, 2 * edge, cv2.BORDER_CONSTANT, value=(8.0,))
    return Harmed(_grey(wide), _shift(edge))


def harms(image: Grey, dpi: float | None, number: int) -> dict[str, Callable[[], Harmed | None]]:
    """All kinds by name; `number` is the page's, by which pages get different angles of skew."""
    left, right = -ANGLES[number % len(ANGLES)], ANGLES[(number + 3) % len(ANGLES)]
    return {
        "rotated 90": lambda: rotated(image, 90),
        "rotated 180": lambda: rotated(image, 180),
        "rotated 270": lambda: rotated(image, 270),
        "skewed left": lambda: skewed(image, left),
        "skewed right": lambda: skewed(image, right),
        "100 dpi": lambda: coarse(image, dpi),
        "shading": lambda: shaded(image),
        "salt noise": lambda: salted(image, number),
        "jpeg 20": lambda: squeezed(image),
        "inverted": lambda: inverted(image),
        "black frame": lambda: framed(image),
    }


def _shift(by: float) -> Transform:
    return Transform((1, 0, by, 0, 1, by, 0, 0, 1))


def _grey(image: NDArray[Any]) -> Grey:
    grey: Grey = np.clip(image, 0, 255).astype(np.uint8)
    return grey
