"""The text of a seal, of its ink alone: around its ring first, then in the middle, then along the lower edge."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from folio.documents.raster import pixels
from folio.documents.raster.pixels import Grey
from folio.models import Line, SealText, weighted_mean
from folio.providers.ppocr.lines.close_up import find_lines
from folio.providers.ppocr.marks.ring import unwrapped
from folio.providers.ppocr.onnx.characters import Character, filled, mean_probability
from folio.providers.ppocr.onnx.networks import Networks, networks
from folio.providers.ppocr.page.layout import in_order
from folio.providers.ppocr.text.crop import Crop, crop
from folio.providers.ppocr.text.recognition import recognize
from folio.providers.ppocr.text.words import make_line
from folio.transform import box

_MIN_SIDE_PX = 480  # of a seal in which lines are looked for
_SURE = 0.9  # a mean of characters' probabilities; below it a text may lie upside down
_MIN_CONFIDENCE = 0.6  # of a line; less is an ornament or worn off
_MAX_ARCS = 2  # texts on a ring: the name, and a number along the lower edge
_MIN_BORDER = 0.7  # of the seal's sides, of a line that goes around it
_MIN_LETTERS = 2  # of a line within a ring; less is left of a letter or an ornament
_SPECKS = " 、，。·.,'-"  # at a line's ends, what is left of letters beside it
_MARGIN = 0.1  # of white around a seal


def read_ink(path: Path) -> SealText:
    """Return the text of a seal that is black on white; empty if none is read. Raises ToolMissing, EngineFailed."""
    ink = pixels.read(path)
    if ink is None:
        return SealText()
    loaded = networks()
    ring = unwrapped(ink)
    if ring is None:
        return _joined(_lines(_without_border(ink), loaded))
    upper: list[Line] = []
    lower: list[Line] = []
    for index, text in enumerate(ring.texts[:_MAX_ARCS]):
        line, is_flipped = _arc(text, loaded, is_longest=index == 0)
        (lower if is_flipped else upper).extend(_sure([line]))
    middle = (line for line in _lines(ring.middle, loaded) if _letters(line.text) >= _MIN_LETTERS)
    return _joined([*upper, *middle, *lower])


def _arc(text: Grey, loaded: Networks, *, is_longest: bool) -> tuple[Line | None, bool]:
    """Return what is read of a text, and whether it is upside down: its letters' feet stand on the edge."""
    import numpy as np

    whole = Crop(text, np.array(box(0, 0, text.shape[1], text.shape[0]), np.float32))
    line, characters = surer_way(whole, loaded, sure=_SURE if is_longest else 1.0)
    return make_line(line, characters, None), line is not whole


def surer_way(line: Crop, loaded: Networks, sure: float = _SURE) -> tuple[Crop, list[Character]]:
    """Return a line as it is, or upside down where it is surer so, and its characters."""
    characters = recognize(line, loaded, None)
    if mean_probability(characters) >= sure:
        return line, characters
    other = line.flipped()
    flipped = recognize(other, loaded, None)
    return (other, flipped) if _fit(flipped) > _fit(characters) else (line, characters)


def _fit(characters: Sequence[Character]) -> float:
    """Return how well characters fit their line: what lies upside down is read as fewer, sometimes as sure."""
    return mean_probability(characters) * filled(characters)


def _lines(ink: Grey, loaded: Networks) -> list[Line]:
    """Return the straight lines of a seal, from the top down."""
    import cv2
    import numpy as np

    if ink.min() > ink.max() / 2:
        return []
    scale = max(1.0, _MIN_SIDE_PX / max(ink.shape))
    large = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)
    large = np.pad(large, round(_MARGIN * max(large.shape)), constant_values=255)
    crops = [crop(large, region) for region in find_lines(large, loaded)]
    read = (surer_way(one, loaded) for one in crops)
    return list(in_order(_sure(make_line(line, characters, None) for line, characters in read), 0).lines)


def _sure(lines: Iterable[Line | None]) -> list[Line]:
    return [line for line in lines if line and (line.confidence or 0) >= _MIN_CONFIDENCE and _letters(line.text)]


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _without_border(ink: Grey) -> Grey:
    """Return a seal without the line around it."""
    import cv2
    import numpy as np

    dark = pixels.components((ink < ink.max() // 2 + 1).astype(np.uint8))
    high, wide = ink.shape
    around = (dark.width >= _MIN_BORDER * wide) & (dark.height >= _MIN_BORDER * high)
    is_border = cv2.dilate(dark.mask(around), np.ones((5, 5), np.uint8))
    return np.where(is_border > 0, 255, ink).astype(np.uint8)


def _joined(lines: list[Line]) -> SealText:
    confidence = weighted_mean((line.confidence, len(line.text)) for line in lines)
    return SealText("\n".join(line.text.strip(_SPECKS) for line in lines), confidence)
