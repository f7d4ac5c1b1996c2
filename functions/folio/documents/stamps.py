"""Red and blue stamps on colored pictures: taken off while these become grey, with what they cover left as it is."""

from typing import TYPE_CHECKING

from folio.transform import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

_LOOK_SIDE_PX = 800  # the longer side of what stamps are looked for on
_MIN_COLOR = 40  # by which red or blue is above the other channels
_MIN_SHARE = 0.001  # of colored pixels on a page that may have a stamp
_MIN_SIDE, _MAX_SIDE = 0.08, 0.5  # of a stamp, in shorter sides of the page
_MAX_ASPECT = 1.8
_MIN_FILL, _MAX_FILL = 0.06, 0.55  # a disc with white letters, which a logo may be, is none
_SECTORS, _MIN_RING = 36, 0.85  # of a stamp's edge that must be there
_CHANNELS = (0, 2)  # red, blue


def without_stamps(picture: "Image") -> tuple["Image", tuple[Box, ...]]:
    """Return a picture in grey, stamps as light as the paper, and where they were, in its pixels.

    Under a stamp what is printed in black is as dark in the stamp's own color as anywhere.
    """
    import numpy as np
    from PIL import Image

    grey = picture.convert("L")
    if picture.mode != "RGB":
        return grey, ()
    factor = max(1, round(max(picture.size) / _LOOK_SIDE_PX))
    small = np.asarray(picture.reduce(factor), np.int16)
    stamps = [(box, channel) for channel in _CHANNELS for box in _rings(_colored(small, channel))]
    if not stamps:
        return grey, ()
    shades = np.array(grey)
    boxes = []
    for (left, top, right, bottom), channel in stamps:
        box = (left * factor, top * factor, min(right * factor, picture.width), min(bottom * factor, picture.height))
        part = np.asarray(picture.crop(box), np.int16)
        x0, y0, x1, y1 = box
        shades[y0:y1, x0:x1] = _lightened(part, channel)
        boxes.append((float(x0), float(y0), float(x1), float(y1)))
    return Image.fromarray(shades), tuple(boxes)


def _colored(pixels: "NDArray[np.int16]", channel: int) -> "NDArray[np.uint8]":
    """Return 1 where a channel is clearly above both of the others."""
    import numpy as np

    others = np.delete(pixels, channel, axis=2).max(axis=2)
    return (pixels[..., channel] - others > _MIN_COLOR).astype(np.uint8)


def _lightened(part: "NDArray[np.int16]", channel: int) -> "NDArray[np.uint8]":
    """Return a part in one channel, in which the stamp is stretched to the shade of the paper."""
    import numpy as np

    shade = part[..., channel].astype(np.float32)
    mask = _colored(part, channel) > 0
    paper = float(np.percentile(shade[~mask], 75)) if not mask.all() else 255.0
    stamp = float(np.percentile(shade[mask], 25)) if mask.any() else paper
    stretched: NDArray[np.float32] = shade * (paper / max(1.0, min(stamp, paper)))
    return np.minimum(stretched, paper).astype(np.uint8)


def _rings(mask: "NDArray[np.uint8]") -> list[tuple[int, int, int, int]]:
    """Return the boxes of what has the size of a stamp, and an edge around it, round or with corners."""
    import cv2
    import numpy as np

    if mask.mean() < _MIN_SHARE:
        return []
    shorter = min(mask.shape)
    width = max(3, shorter // 40) | 1
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((width, width), np.uint8))
    stats = cv2.connectedComponentsWithStats(joined)[2]
    boxes = []
    for left, top, wide, high, _ in stats[1:].tolist():
        is_sized = _MIN_SIDE * shorter <= min(wide, high) and max(wide, high) <= _MAX_SIDE * shorter
        inside = mask[top : top + high, left : left + wide]
        is_open = _MIN_FILL <= inside.mean() <= _MAX_FILL
        if is_sized and is_open and max(wide, high) <= _MAX_ASPECT * min(wide, high) and _has_edge(inside):
            boxes.append((left, top, left + wide, top + high))
    return boxes


def _has_edge(inside: "NDArray[np.uint8]") -> bool:
    """Return whether the edge of an ellipse or of a rectangle goes around, seen from the middle in each direction."""
    import numpy as np

    high, wide = inside.shape
    rows, columns = np.nonzero(inside)
    x, y = (columns + 0.5) / wide * 2 - 1, (rows + 0.5) / high * 2 - 1
    sectors = ((np.arctan2(y, x) + np.pi) / (2 * np.pi) * _SECTORS).astype(int) % _SECTORS
    for distance in (np.hypot(x, y), np.maximum(np.abs(x), np.abs(y))):
        edge = sectors[(distance > 0.86) & (distance < 1.1)]
        if len(np.unique(edge)) >= _MIN_RING * _SECTORS:
            return True
    return False
