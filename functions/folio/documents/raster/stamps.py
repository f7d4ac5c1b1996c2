"""Red and blue stamps on colored pictures: taken off while these become grey, with what they cover left as it is."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from folio.documents.raster.pixels import Grey, components
from folio.documents.raster.stamp_ink import ink_of
from folio.transform import Box, overlap

type Area = tuple[int, int, int, int]  # left, top, right, bottom

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    type Pixels = NDArray[np.int16]
    type Mask = NDArray[np.uint8]
    type MaskOf = Callable[[Pixels, int], Mask]

_LOOK_SIDE_PX = 800  # the longer side of what stamps are looked for on
_MIN_COLOR = 40  # by which red or blue is above the other channels
_MIN_COLOR_REDUCED = 20  # that, of lines that are mixed with the paper around them
_MAX_UNLIKE = 2  # times that, by which the other two differ
# Of the light around it, in its own color: what is darker is a form's brown or dark red print, which hangs together
# with a stamp on it. And the part of the shorter side that counts as around.
_MIN_LIT, _AROUND = 0.68, 6
_MAX_LIGHT = 0.9  # of colored pixels; where more of them are light there is no such print
_MIN_SHARE = 0.001  # of colored pixels on a page that may have a stamp
_MIN_SIDE, _MAX_SIDE = 0.08, 0.5  # of a stamp, in shorter sides of the page
_MAX_ASPECT, _MAX_WIDE_ASPECT = 1.8, 3.5  # the latter with corners; what is so wide may be a box that is printed
_MIN_ASKEW = 1.5  # degrees by which a stamp lies otherwise than the picture
_MIN_FILL, _MAX_FILL = 0.06, 0.55  # a disc with white letters, which a logo may be, is none
_MIN_PAPER = 0.6  # of the page's shade, on which a stamp lies: some have a shadow
_SECTORS, _MIN_RING = 36, 0.85  # of a stamp's edge that must be there
_EDGE, _LINE = (0.86, 1.1), (0.95, 1.05)  # where the edge is, and where its line is, of half of the sides
_CLOSINGS = 0.0, 0.007, 0.025  # widths of gaps in an edge, in shorter sides of the page
_MIN_OVER, _DARK = 0.02, 110  # dark pixels on a wide stamp's line, of half of its length; their shade
_MARGIN = 0.06  # around a stamp whose ink is kept, of its longer side
_CHANNELS = (0, 2)  # red, blue


class Stamp(Struct, frozen=True):
    """Where a stamp was, in its picture's pixels, and its ink alone: black on white, of 1000 pixels at most."""

    box: Box
    ink: Grey


def has_stamp_color(picture: "Image") -> bool:
    """Return whether there is as much red or blue on a picture as a stamp has; it may be reduced by a quarter."""
    import numpy as np

    pixels = np.asarray(picture, np.int16)
    return any(_colored(pixels, channel, _MIN_COLOR_REDUCED).mean() >= _MIN_SHARE for channel in _CHANNELS)


def without_stamps(picture: "Image") -> tuple["Image", tuple[Stamp, ...]]:
    """Return a picture in grey, stamps as light as the paper, and the stamps.

    Under a stamp what is printed in black is as dark in the stamp's own color as anywhere.
    """
    import numpy as np
    from PIL import Image

    grey = picture.convert("L")
    if picture.mode != "RGB":
        return grey, ()
    factor = max(1, round(max(picture.size) / _LOOK_SIDE_PX))
    small = np.asarray(picture.reduce(factor), np.int16)
    stamps = [one for channel in _CHANNELS for one in _find(small, channel)]
    if not stamps:
        return grey, ()
    result = np.array(grey)
    taken = []
    for (left, top, right, bottom), channel, mask_of in stamps:
        box = (left * factor, top * factor, min(right * factor, picture.width), min(bottom * factor, picture.height))
        part = np.asarray(picture.crop(box), np.int16)
        x0, y0, x1, y1 = box
        result[y0:y1, x0:x1] = _lightened(part, channel, mask_of)
        around = np.asarray(picture.crop(_widened(box, picture.size)), np.int16)
        ink = ink_of(around, mask_of(around, channel), channel)
        taken.append(Stamp((float(x0), float(y0), float(x1), float(y1)), ink))
    return Image.fromarray(result), tuple(taken)


def _find(small: "Pixels", channel: int) -> "Iterator[tuple[Area, int, MaskOf]]":
    """Yield the boxes of a color's stamps, and what tells their ink: beside print in that color, light ink alone."""
    colored = _colored(small, channel)
    if colored.mean() < _MIN_SHARE:
        return
    plain = _rings(colored, small)
    yield from ((box, channel, _colored) for box in plain)
    light = _light(small, channel)
    if light.sum() < _MAX_LIGHT * colored.sum():
        others = _rings(light, small)
        yield from ((box, channel, _light) for box in others if not any(map(partial(overlap, box), plain)))


def _widened(box: Area, size: tuple[int, int]) -> Area:
    """Return a box with a margin, within a picture of that size: part of a stamp's edge may lie under print."""
    left, top, right, bottom = box
    margin = round(_MARGIN * max(right - left, bottom - top))
    return max(0, left - margin), max(0, top - margin), min(size[0], right + margin), min(size[1], bottom + margin)


def _colored(pixels: "Pixels", channel: int, least: int = _MIN_COLOR) -> "Mask":
    """Return 1 where a channel is clearly above both of the others, and these are alike: yellow is not red."""
    import numpy as np

    one, other = (pixels[..., index] for index in range(3) if index != channel)
    above = pixels[..., channel] - np.maximum(one, other)
    return ((above > least) & (np.abs(one - other) <= _MAX_UNLIKE * above)).astype(np.uint8)


def _light(pixels: "Pixels", channel: int) -> "Mask":
    """Return 1 where a color is and lets more light through than the print of a form in brown or dark red."""
    import cv2
    import numpy as np

    colored = _colored(pixels, channel)
    if not colored.any():
        return colored
    shades = pixels[..., channel].astype(np.float32)
    side = max(3, min(shades.shape) // _AROUND)
    return colored & (shades >= _MIN_LIT * cv2.blur(shades, (side, side))).astype(np.uint8)


def _lightened(part: "Pixels", channel: int, mask_of: "MaskOf") -> "Mask":
    """Return a part in one channel, in which the stamp is stretched to the shade of the paper."""
    import numpy as np

    shade = part[..., channel].astype(np.float32)
    mask = mask_of(part, channel) > 0
    paper = float(np.percentile(shade[~mask], 75)) if not mask.all() else 255.0
    stamp = float(np.percentile(shade[mask], 25)) if mask.any() else paper
    stretched: NDArray[np.float32] = shade * (paper / max(1.0, min(stamp, paper)))
    return np.minimum(stretched, paper).astype(np.uint8)


def _rings(mask: "Mask", pixels: "Pixels") -> list[Area]:
    """Return the boxes of what has the size of a stamp, and an edge around it, round or with corners.

    `mask` is 1 where the color is, `pixels` are the picture's. Gaps in edges are closed step by step: wide ones
    close white space between two stamps as well.
    """
    import cv2
    import numpy as np

    boxes: list[Area] = []
    shorter = min(mask.shape)
    paper = float(np.percentile(pixels.mean(axis=2), 75))
    rest = mask.copy()
    for closing in _CLOSINGS:
        if rest.mean() < _MIN_SHARE:
            break
        width = round(closing * shorter) | 1
        joined = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((width, width), np.uint8))
        joint = components(joined.astype(np.uint8, copy=False))
        for label, (left, top, right, bottom) in enumerate(joint.boxes(), 1):
            wide, high = right - left, bottom - top
            if min(wide, high) < _MIN_SIDE * shorter or max(wide, high) > _MAX_SIDE * shorter:
                continue
            part = np.s_[top:bottom, left:right]
            ink = np.where(joint.labels[part] == label, rest[part], 0).astype(np.uint8)
            if _MIN_FILL <= rest[part].mean() <= _MAX_FILL and _is_stamp(ink, pixels[part], paper):
                boxes.append((left, top, right, bottom))
                rest[part] = 0
    return boxes


def _is_stamp(ink: "Mask", pixels: "Pixels", paper: float) -> bool:
    """Return whether an edge goes around what has a color, on lighter paper, of which the page has that shade.

    A wide one with corners must lie askew or over print.
    """
    import cv2
    import numpy as np

    shades = pixels.mean(axis=2)
    ground = float(np.median(shades[ink == 0]))
    if ground <= np.median(shades[ink > 0]) or ground < _MIN_PAPER * paper:
        return False
    rows, columns = np.nonzero(ink)
    (x, y), sides, degrees = cv2.minAreaRect(np.column_stack([columns, rows]).astype(np.float32))
    askew = abs((degrees + 45) % 90 - 45)
    high, wide = ink.shape
    frames = [(wide / 2, high / 2, wide, high, 0.0)]
    if askew >= _MIN_ASKEW:
        frames.append((x + 0.5, y + 0.5, sides[0] + 1, sides[1] + 1, degrees))
    for frame in frames:
        aspect = max(frame[2:4]) / min(frame[2:4])
        u, v = _within(frame, columns, rows)
        if aspect <= _MAX_ASPECT and (_goes_around(u, v, np.hypot(u, v)) or _goes_around(u, v, _square(u, v))):
            return True
        if aspect <= _MAX_WIDE_ASPECT and _goes_around(u, v, _square(u, v)):
            distance = _square(*_within(frame, *np.nonzero(pixels.max(axis=2) < _DARK)[::-1]))
            over = ((distance > _LINE[0]) & (distance < _LINE[1])).sum()
            return frame[4] != 0.0 or bool(over >= _MIN_OVER * (wide + high))
    return False


def _within(
    frame: tuple[float, float, float, float, float], columns: "NDArray[np.int_]", rows: "NDArray[np.int_]"
) -> tuple["NDArray[np.float64]", "NDArray[np.float64]"]:
    """Return where pixels are in a frame (middle, sides, clockwise degrees), from -1 to 1 on both axes."""
    import numpy as np

    x, y, wide, high, degrees = frame
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    across, down = columns + 0.5 - x, rows + 0.5 - y
    return (across * cosine + down * sine) / wide * 2, (down * cosine - across * sine) / high * 2


def _square(u: "NDArray[np.float64]", v: "NDArray[np.float64]") -> "NDArray[np.float64]":
    import numpy as np

    return np.maximum(np.abs(u), np.abs(v))


def _goes_around(u: "NDArray[np.float64]", v: "NDArray[np.float64]", distance: "NDArray[np.float64]") -> bool:
    """Return whether an ellipse's or a rectangle's edge is seen from the middle in nearly each direction."""
    import numpy as np

    sectors = ((np.arctan2(v, u) + np.pi) / (2 * np.pi) * _SECTORS).astype(int) % _SECTORS
    edge = sectors[(distance > _EDGE[0]) & (distance < _EDGE[1])]
    return len(np.unique(edge)) >= _MIN_RING * _SECTORS
