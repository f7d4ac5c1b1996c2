"""The lines of a text layer in the pixels of its page."""

from collections.abc import Sequence

from folio.models import Line, Word
from folio.text.spacing import join
from folio.textlayer.directions import as_read
from folio.textlayer.layout import LayoutLine

# In line heights: pdftotext parts words at a space, typed or seen, so that any gap between Chinese and Latin is one.
_MIN_SPACE = 0.15


def placed(blocks: Sequence[Sequence[LayoutLine]], scale: float, size: tuple[int, int]) -> list[list[Line]]:
    """Return the lines in pixels: `scale` for each point, within a page of that width and height."""
    import numpy as np

    words = [word for block in blocks for line in block for word in line.words]
    scaled = np.array([word.box for word in words]).reshape(-1, 4) * scale
    boxes = iter(np.clip(scaled, 0.0, [*size, *size]).round(1).tolist())
    return [[_line(line, [next(boxes) for _ in line.words]) for line in block] for block in blocks]


def _line(line: LayoutLine, boxes: list[list[float]]) -> Line:
    words = tuple(
        Word(word.text, None, as_read((left, top, right, bottom), line.direction))
        for word, (left, top, right, bottom) in zip(line.words, boxes, strict=True)
    )
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    around = as_read((min(lefts), min(tops), max(rights), max(bottoms)), line.direction)
    heights = [box[3] - box[1] for box in boxes]
    parts_touch = not line.slope and max(heights) - min(heights) > 1.0
    text = join(words, min_word_gap=_MIN_SPACE, parts_touch=parts_touch)
    return Line(text, None, around, words)
