"""Words of a line as boxes; those of a tilted line in steps along the nearest axis (in PDF units, y upwards)."""

import math
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from folio.outputs.pdf.invisible_fonts import advance
from folio.transform import Point

# Lines whose angle to an axis has a sine between these are laid in steps of words along it.
_MIN_TILT, MAX_TILT = 0.0002, 0.26
_MAX_STEP = 0.06  # font sizes by which a word may be off its base line
_FLATTENED = 0.5  # font sizes by which the steps of a line are lower than it is
# On much tilted pages poppler finds words of the next line in the one before, and takes those that touch for one: fewer
# in a smaller font. From twice the small tilt on words are as high as that says.
_SMALL_TILT, _TILTED_WORD_HEIGHT = 0.03, 0.8
_WORD_HEIGHT = 0.7  # the usual height of a word's box, in font sizes
# Chinese characters and kana, with their punctuation; each can stand by itself.
_SOLID = "\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003ffff"
_UNBREAKABLE = re.compile(rf"(?:[{_SOLID}]|[^\s{_SOLID}]+)\s*")


class Box(Struct, frozen=True):
    """A word in the frame of its line: from left to right along it, from bottom to top across; `base` is its base line.

    All base lines of a line are one, unless it is laid in steps.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    space: bool = False  # after it
    base: float = 0.0
    firm: bool = False  # it ends in a space that no reader leaves out


def tilt_of(along: Point) -> float:
    """Return the sine of the angle between a line and the nearest axis; 0 for lines along it, and far from both."""
    tilt = min(abs(along[0]), abs(along[1]))
    return tilt if _MIN_TILT < tilt < MAX_TILT else 0.0


def font_size(height: float, along: Point) -> float:
    """Return the font size for a line whose words are usually so high."""
    tilted = min(max(tilt_of(along) / _SMALL_TILT - 1, 0.0), 1.0)
    return height / (_WORD_HEIGHT + (_TILTED_WORD_HEIGHT - _WORD_HEIGHT) * tilted)


def axis_of(along: Point) -> Point:
    """Return the nearest axis, as a unit vector."""
    cos, sin = along
    return (math.copysign(1.0, cos), 0.0) if abs(cos) > abs(sin) else (0.0, math.copysign(1.0, sin))


def in_frame(vector: Point, axis: Point) -> Point:
    """Return a vector's parts along and across an axis."""
    return vector[0] * axis[0] + vector[1] * axis[1], vector[1] * axis[0] - vector[0] * axis[1]


def in_steps(boxes: Sequence[Box], along: Point, size: float, *, flat: bool = True) -> list[Box]:
    """Return the words of a tilted line in the frame of the nearest axis, along which each of them is laid.

    poppler tears words whose characters differ by half a point across an axis, and has words in one line if they are
    within half a font size of its first one: the steps are made lower by that, if they are to be `flat`.
    """
    longest = _MAX_STEP * size / tilt_of(along)
    parts = [part for box in boxes for part in (_parts(box) if box.right - box.left > longest else (box,))]
    upright = [_upright(part, along, axis_of(along)) for part in parts]
    low, high = min(box.base for box in upright), max(box.base for box in upright)
    flattened = min(_FLATTENED * size / max(high - low, size / 1000), 1.0) if flat else 0.0
    if tilt_of(along) > _SMALL_TILT and upright[-1].text.endswith("-"):  # the next line is another one to poppler
        upright[-1] = replace(upright[-1], firm=True)
    raised = [_raised(box, flattened * ((low + high) / 2 - box.base)) for box in upright]
    return list(_on_steps(raised, _MAX_STEP * size))


def _on_steps(boxes: Sequence[Box], lowest: float) -> Iterator[Box]:
    """Yield the words on the base line of the word before, unless that is off by more."""
    base = boxes[0].base
    for box in boxes:
        base = box.base if abs(box.base - base) > lowest else base
        yield replace(box, base=base)


def _raised(box: Box, up: float) -> Box:
    return replace(box, bottom=box.bottom + up, top=box.top + up, base=box.base + up)


def _parts(box: Box) -> Iterator[Box]:
    """Part what an engine gave as one word at its blanks and between Chinese characters, by the characters' widths."""
    parts = _UNBREAKABLE.findall(box.text)
    scale = (box.right - box.left) / max(advance(box.text, latin=False), 1e-9)
    x = box.left
    for index, part in enumerate(parts):
        text = part.rstrip()
        right = x + advance(text, latin=False) * scale
        space = len(text) < len(part) or (index == len(parts) - 1 and box.space)
        yield replace(box, text=text, left=x, right=right, space=space)
        x += advance(part, latin=False) * scale


def _upright(box: Box, along: Point, axis: Point) -> Box:
    """Return a word in the frame of an axis, with its middle where it was."""
    cos, sin = in_frame(along, axis)
    center, height = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    x, half = center * cos - height * sin, (box.right - box.left) / 2 * cos
    return _raised(replace(box, left=x - half, right=x + half), center * sin + height * (cos - 1))
