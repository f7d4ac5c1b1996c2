"""One page image read by PP-OCR: lines found, turned the right way, each recognized, their words boxed."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from folio.documents import pixels
from folio.errors import EngineFailed
from folio.models import PageText
from folio.providers.ppocr.detection import detect
from folio.providers.ppocr.languages import allowed_classes
from folio.providers.ppocr.layout import in_order
from folio.providers.ppocr.networks import Networks, networks
from folio.providers.ppocr.recognition import Character, Crop, crop, recognize
from folio.providers.ppocr.words import make_line

if TYPE_CHECKING:
    from folio.providers.ppocr.recognition import Classes

_MIN_CONFIDENCE = 0.5  # of a line; below it is mostly no writing
_CLEAR_CONFIDENCE = 0.8  # above it a line lies the right way
_MIN_GAIN = 0.05  # in confidence, for a line or a page to lie the other way
_SAMPLE = 5  # lines, by which it is told how a page lies


def read_page(path: Path, languages: tuple[str, ...]) -> PageText:
    """Return the text of a grey image in its pixels. Raises ToolMissing, EngineFailed."""
    image = pixels.read(path)
    if image is None:
        raise EngineFailed("The image of the page is incomplete; the scratch space may be full.")
    loaded = networks()
    reader = _Reader(loaded, allowed_classes(loaded.characters, languages))
    crops = [crop(image, corners) for corners in detect(image, loaded)]
    rotation = reader.rotation(crops)
    read = (reader.read(one, rotation) for one in crops)
    lines = [line for line in (make_line(one, characters) for one, characters in read) if line]
    return in_order([line for line in lines if (line.confidence or 0.0) >= _MIN_CONFIDENCE], rotation)


class _Reader:
    """Recognizes lines, each once and those that lie the wrong way a second time."""

    def __init__(self, networks: Networks, classes: "Classes | None") -> None:
        self._networks = networks
        self._classes = classes
        self._known: dict[int, list[Character]] = {}

    def rotation(self, crops: Sequence[Crop]) -> Literal[0, 90, 180, 270]:
        """Return by how many degrees the page is turned clockwise, told by the direction of its longest lines."""
        is_sideways = sum(one.length for one in crops if one.is_turned) > sum(
            one.length for one in crops if not one.is_turned
        )
        along = sorted((one for one in crops if one.is_turned == is_sideways), key=lambda one: -one.length)[:_SAMPLE]
        sure = _mean([_confidence(self._recognized(one)) for one in along])
        is_over = sure < _CLEAR_CONFIDENCE and (
            _mean([_confidence(self._recognized(one.flipped())) for one in along]) > sure + _MIN_GAIN
        )
        if is_sideways:
            return 270 if is_over else 90
        return 180 if is_over else 0

    def read(self, line: Crop, rotation: int) -> tuple[Crop, list[Character]]:
        """Return the line the right way and its characters. A line across the page's direction may lie either way."""
        if line.is_turned == (rotation in (90, 270)):
            line = line.flipped() if rotation >= 180 else line
            return line, self._recognized(line)
        characters = self._recognized(line)
        if (sure := _confidence(characters)) < _CLEAR_CONFIDENCE:
            flipped = line.flipped()
            other = self._recognized(flipped)
            if _confidence(other) > sure + _MIN_GAIN:
                return flipped, other
        return line, characters

    def _recognized(self, line: Crop) -> list[Character]:
        key = hash(line.corners.tobytes())
        if key not in self._known:
            self._known[key] = recognize(line, self._networks, self._classes)
        return self._known[key]


def _confidence(characters: Sequence[Character]) -> float:
    return _mean([character.probability for character in characters])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
