"""What a watermark says: its copies are read where they are longest, and what is in most of them is taken."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from folio.documents.raster import pixels
from folio.models import Line, SealText, weighted_mean
from folio.providers.ppocr.lines.close_up import find_lines
from folio.providers.ppocr.lines.detection import corners_of
from folio.providers.ppocr.marks.seals import surer_way
from folio.providers.ppocr.onnx.networks import networks
from folio.providers.ppocr.text.crop import Crop, crop
from folio.providers.ppocr.text.words import make_line
from folio.transform import box

if TYPE_CHECKING:
    from folio.providers.ppocr.lines.detection import Region

_MAX_COPIES = 16  # of which each is read; the longest are the least covered by print, or cut by the page's edge
_MIN_COPIES = 2  # that agree
_MIN_LETTERS = 2
_MAX_LINES = 3
_BLACK = 128
_MIN_GAP = 0.8  # between copies, in a line's heights
_MIN_LIKENESS = 0.6  # of a reading's letters, of those that are another one's
_MIN_PART = 0.2  # of the copies that are read, of those that say a further line


def read_watermark(path: Path) -> SealText:
    """Return the text of a watermark that is black on white; empty if no two copies agree. Raises ToolMissing,
    EngineFailed.
    """
    ink = pixels.read(path)
    if ink is None:
        return SealText()
    loaded = networks()
    longest = sorted(find_lines(ink, loaded), key=_length, reverse=True)[:_MAX_COPIES]
    copies = [copy for region in longest for copy in _apart(crop(ink, region))]
    copies = sorted(copies, key=lambda copy: copy.length, reverse=True)[:_MAX_COPIES]
    read = (surer_way(copy, loaded) for copy in copies)
    lines = [line for line in (make_line(one, characters, None) for one, characters in read) if line]
    return _agreed(lines)


def _length(region: "Region") -> float:
    import numpy as np

    corners = np.asarray(corners_of(region))
    return float(np.linalg.norm(corners[0] - corners[1]))


def _apart(line: Crop) -> Iterator[Crop]:
    """Cut a line where there is more white than between words: copies stand one after the other in it."""
    import numpy as np

    height, width = line.image.shape
    inked = np.flatnonzero((line.image < _BLACK).any(axis=0))
    if not len(inked):
        return
    ends = np.flatnonzero(np.diff(inked) > _MIN_GAP * height)
    for left, right in zip(inked[[0, *(ends + 1)]], inked[[*ends, -1]], strict=True):
        start, end = max(0, left - height // 4), min(width, right + height // 4)
        yield Crop(line.image[:, start:end], np.array(box(0, 0, end - start, height), np.float32))


def _agreed(lines: Sequence[Line]) -> SealText:
    """Return the texts that most copies say, whole or in part."""
    remaining = [line for line in lines if sum(map(str.isalnum, line.text)) >= _MIN_LETTERS]
    agreed: list[Line] = []
    while remaining and len(agreed) < _MAX_LINES:
        best = max(remaining, key=lambda line: _support(line, remaining))
        copies = [line for line in remaining if _is_of(line.text, best.text)]
        if len(copies) < _MIN_COPIES or len(copies) < _MIN_PART * len(lines):
            break
        agreed.append(best)
        remaining = [line for line in remaining if line not in copies]
    confidence = weighted_mean((line.confidence, len(line.text)) for line in agreed)
    return SealText("\n".join(line.text for line in agreed), confidence)


def _support(line: Line, lines: Sequence[Line]) -> float:
    """Return how many letters of all copies are a line's, less the longer it is; of two alike the surer has more."""
    shared = sum(_shared(one.text, line.text) for one in lines if _is_of(one.text, line.text))
    return shared - len(line.text) / 2 + (line.confidence or 0)


def _is_of(text: str, whole: str) -> bool:
    """Return whether a text is a part of another one, or that misread."""
    return _shared(text, whole) >= _MIN_LIKENESS * len(text)


def _shared(text: str, other: str) -> int:
    """Return how many letters two texts have in the same order, in runs."""
    return sum(run.size for run in SequenceMatcher(None, text, other, autojunk=False).get_matching_blocks())
