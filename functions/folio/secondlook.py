"""A second look at a page that was read: what was passed over, or read without confidence, is read once more.

Letters that no confident word covers are gathered into strips, one under the other, on white paper, at the height the
engine likes, without ruling lines and shade; that one small image is read like a list. What comes out replaces what
stood there only where it is more, and surer. A page that lies upside down shows by a confidence no upright page has.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from folio import pixels
from folio.geometry import Box, bounds, line_of, moved
from folio.models import PageImage, PageText, Word
from folio.pixels import Grey
from folio.spacing import is_wide
from folio.transform import Transform

UPSIDE_DOWN = (
    0.5  # mean confidence below which a page may lie upside down; measured: 0.16 to 0.37, upright 0.59 and more
)
CONFIDENT = 0.6
GAIN = 1.1  # by how much more letters times confidence a strip must bring
LIKED_HEIGHT = 30  # pixels of a letter in a strip
MOST_STRIPS = 400

type Reader = Callable[[PageImage, str], PageText]  # image and page segmentation mode -> text
_ONE_BLOCK = "6"


class Strip(Struct, frozen=True):
    """A piece of the page on the list: where it stands there (rows), and the way from there to the page."""

    top: int
    bottom: int
    to_page: Transform


def look_again(page: PageImage, first: PageText, read: Reader, folder: Path, psm: str) -> PageText:
    """The better of what was read first and what a second look finds; coordinates in the image's pixels."""
    image = pixels.load(page)
    if first.confidence is None or first.confidence >= UPSIDE_DOWN:
        return _upright(page, image, first, read, folder)
    turned = read(_saved(page, image[::-1, ::-1], folder / "turned.pgm"), psm)
    if (turned.confidence or 0.0) <= first.confidence:
        return _upright(page, image, first, read, folder)
    height, width = image.shape
    back = Transform((-1, 0, width, 0, -1, height, 0, 0, 1))
    better = _upright(page, image[::-1, ::-1], turned, read, folder)
    return msgspec.structs.replace(moved(better, back.polygon), rotation=90 if better.rotation else 180)


def _upright(page: PageImage, image: Grey, text: PageText, read: Reader, folder: Path) -> PageText:
    """The text of a page that is not on its head."""
    if _on_its_side(text):
        # The engine has turned the page by itself, clockwise by 270; only its boxes do not say where words begin.
        return msgspec.structs.replace(moved(text, lambda box: (box[1], box[2], box[3], box[0])), rotation=270)
    return _completed(page, image, text, read, folder)


def _on_its_side(text: PageText) -> bool:
    """Whether most words are higher than wide."""
    boxes = [bounds(list(word.polygon)) for line in text.lines for word in line.words if len(word.text) > 2]
    return sum(bottom - top > right - left for left, top, right, bottom in boxes) > len(boxes) / 2


def _completed(page: PageImage, image: Grey, text: PageText, read: Reader, folder: Path) -> PageText:
    found = _strips(image, text)
    if found is None:
        return text
    sheet, strips = found
    again = read(_saved(page, sheet, folder / "strips.pgm"), _ONE_BLOCK)
    new = [_words_of(strip, again) for strip in strips]
    return _merged(text, [words for words in new if words])


def _words_of(strip: Strip, again: PageText) -> list[Word]:
    """The words read on a strip, on the page."""
    found = []
    for line in again.lines:
        for word in line.words:
            middle = sum(y for _, y in word.polygon) / 4
            if strip.top <= middle < strip.bottom and _sayable(word):
                found.append(msgspec.structs.replace(word, polygon=strip.to_page.polygon(word.polygon)))
    return found


def _sayable(word: Word) -> bool:
    return (word.confidence or 0.0) >= CONFIDENT and any(sign.isalnum() for sign in word.text)


def _merged(text: PageText, strips: list[list[Word]]) -> PageText:
    """Each strip in the place of the unsure words it covers, where it is more and surer; or beside the sure ones."""
    lines = _with_paragraphs(text)
    sure = _sure(text)
    changed = False
    for strip in strips:
        words = [word for word in strip if not any(_covers(bounds(list(word.polygon)), other) for other in sure)]
        boxes = [bounds(list(word.polygon)) for word in words]
        old = [word for part in lines for word in part.words if any(_covers(box, word) for box in boxes)]
        if _worth(words) <= GAIN * _worth(old) or (old and _mean(words) <= _mean(old)):
            continue
        lines = _placed(lines, words, {id(word) for word in old})
        changed = True
    if not changed:
        return text
    whole = [line_of(tuple(part.words)) for part in lines]
    breaks = ("" if not at else "\n\n" if part.begins else "\n" for at, part in enumerate(lines))
    written = "".join(gap + line.text for gap, line in zip(breaks, whole, strict=True))
    return msgspec.structs.replace(text, text=written, lines=tuple(whole))


class Part(Struct):
    """The words of a line, and whether it begins a paragraph."""

    words: list[Word]
    begins: bool = False

    def box(self) -> Box:
        return bounds([point for word in self.words for point in word.polygon])


def _with_paragraphs(text: PageText) -> list[Part]:
    """The lines as they stand in the text, where an empty line sets paragraphs apart."""
    begins, gap = [], True
    for row in text.text.split("\n"):
        if row:
            begins.append(gap)
        gap = not row
    begins += [False] * (len(text.lines) - len(begins))
    return [Part(list(line.words), first) for line, first in zip(text.lines, begins, strict=False)]


def _placed(lines: list[Part], words: list[Word], gone: set[int]) -> list[Part]:
    """The lines with new words: instead of old ones, on the row they stand on, or as a line of their own."""
    home = next((part for part in lines if any(id(word) in gone for word in part.words)), None)
    home = home or next((part for part in lines if _beside(part.box(), words)), None)
    inherited = False
    result: list[Part] = []
    for part in lines:
        part.words = [word for word in part.words if id(word) not in gone]
        if part is home:
            part.words = sorted([*part.words, *words], key=lambda word: word.polygon[0][0])
        if part.words:
            part.begins, inherited = part.begins or inherited, False
            result.append(part)
        else:
            inherited = inherited or part.begins
    if home is None:
        at = _place(result, words)
        first = at < len(result) and result[at].begins  # then it begins that paragraph
        if first:
            result[at].begins = False
        result.insert(at, Part(words, first))
    return result


def _beside(line: Box, words: list[Word]) -> bool:
    """Whether words stand on a line's row, no farther from it than words are from each other."""
    left, top, right, bottom = bounds([point for word in words for point in word.polygon])
    gap = max(left - line[2], line[0] - right)
    return line[1] <= (top + bottom) / 2 <= line[3] and gap <= 1.5 * (line[3] - line[1])


def _place(lines: list[Part], words: list[Word]) -> int:
    """Before the first line that begins below the words' middle, or stands on their row to the right."""
    left, top, _, bottom = bounds([point for word in words for point in word.polygon])
    middle = (top + bottom) / 2
    for at, part in enumerate(lines):
        box = part.box()
        if box[1] > middle or (box[1] <= middle <= box[3] and box[0] > left):
            return at
    return len(lines)


def _worth(words: list[Word]) -> float:
    return sum(len(word.text) * (word.confidence or 0.0) for word in words)


def _mean(words: list[Word]) -> float:
    return _worth(words) / max(1, sum(len(word.text) for word in words))


def _covers(box: Box, word: Word) -> bool:
    """Whether the two overlap by a third of the smaller one."""
    left, top, right, bottom = bounds(list(word.polygon))
    across = min(right, box[2]) - max(left, box[0])
    down = min(bottom, box[3]) - max(top, box[1])
    if across <= 0 or down <= 0:
        return False
    smaller = min((right - left) * (bottom - top), (box[2] - box[0]) * (box[3] - box[1]))
    return across * down > 0.3 * smaller


def _strips(image: Grey, text: PageText) -> tuple[Grey, list[Strip]] | None:
    """The list to read, and what on it lies where; null if nothing was passed over."""
    from folio.overlooked import overlooked

    found = overlooked(image, _sure(text))
    if not found.boxes:
        return None
    return _sheet(image, found.boxes[:MOST_STRIPS], found.rules, found.height)


def _sure(text: PageText) -> list[Word]:
    """What needs no second look: confident words; of confident Chinese lines the whole.

    The engine's boxes of Chinese words leave out some of their characters, which would be read twice.
    """
    sure = []
    for line in text.lines:
        wide = sum(map(is_wide, line.text))
        if 2 * wide > len(line.text) and (line.confidence or 0.0) >= CONFIDENT:
            sure.append(Word(line.text, line.confidence, line.polygon))
        else:
            sure += [word for word in line.words if (word.confidence or 0.0) >= CONFIDENT]
    return sure


def _sheet(image: Grey, boxes: list[tuple[int, int, int, int]], rules: Grey, height: float) -> tuple[Grey, list[Strip]]:
    import cv2
    import numpy as np

    scale = min(3.0, max(0.5, LIKED_HEIGHT / height))
    around, gap = int(0.4 * height) + 2, int(0.8 * LIKED_HEIGHT)
    pieces, strips, y = [], [], gap
    for left, top, right, bottom in boxes:
        x0, y0 = max(0, left - around), max(0, top - around)
        rows, columns = slice(y0, bottom + around), slice(x0, right + around)
        piece = image[rows, columns].copy()
        paper = max(1.0, float(np.percentile(piece, 90)))
        piece[rules[rows, columns] > 0] = int(paper)
        piece = cv2.resize(piece, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype("uint8")
        pieces.append(np.clip(piece.astype(np.float32) * (255.0 / paper), 0, 255).astype(np.uint8))
        back = Transform((1 / scale, 0, x0 - gap / scale, 0, 1 / scale, y0 - y / scale, 0, 0, 1))
        strips.append(Strip(y - gap // 2, y + piece.shape[0] + gap // 2, back))
        y += piece.shape[0] + gap
    sheet = np.full((y, max(piece.shape[1] for piece in pieces) + 2 * gap), 255, np.uint8)
    for piece, strip in zip(pieces, strips, strict=True):
        top = strip.top + gap // 2
        sheet[top : top + piece.shape[0], gap : gap + piece.shape[1]] = piece
    return sheet, strips


def _saved(page: PageImage, image: Grey, target: Path) -> PageImage:
    pixels.save(image, target)
    return msgspec.structs.replace(page, path=target)
