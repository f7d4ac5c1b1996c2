"""A second pass at a page that was read: what was passed over, or read without confidence, is read once more.

A page that lies upside down shows by a confidence no upright page has. One that was read with doubts is read again with
softer strokes, which dots and broken print need, and the surer reading is kept. Then letters that no confident word
covers are gathered into strips, one under the other, on white paper, at the height the engine likes, without ruling
lines and shade; that one small image is read like a list. What comes out replaces what stood there only where it is
more, and surer.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from folio.documents import pixels
from folio.documents.pixels import Grey
from folio.models import PageImage, PageText, Word
from folio.providers.tesseract.merge import confident_words, merged
from folio.providers.tesseract.missed_text import MissedText, find_missed_text
from folio.text.confidence import confidence_of
from folio.text.geometry import transform_text
from folio.text.spacing import is_wide
from folio.transform import Transform

# Mean confidence below which a page may lie upside down; measured: 0.16 to 0.37, upright 0.59 and more.
UPSIDE_DOWN = 0.5
# Below it the whole page is read again; measured on receipts: of pages below it every second one is read better.
DOUBTFUL = 0.84
LIKED_HEIGHT = 30  # pixels of a letter in a strip
MOST_STRIPS = 400
MIN_GAIN = 0.02  # by how much surer a reading of the whole page must be to be the better one
MIN_CONFIDENCE = 0.7  # confidence of a word that is worth to be put in; of those below every second one was wrong
_SOFT = 24.0  # height of letters in pixels that a blur by one pixel suits

AUTOMATIC_PSM = "3"
_ONE_COLUMN, _ONE_BLOCK = "4", "6"

type Reader = Callable[[PageImage, str], PageText]  # image and page segmentation mode -> text


class Strip(Struct, frozen=True):
    """A piece of the page on the list: where it stands there (rows), and the way from there to the page."""

    top: int
    bottom: int
    to_page: Transform


class SecondPass(Struct, frozen=True):
    """Reads images other than the page's own. `psm` is the mode of a whole page; `most` as `Options.second_pass`."""

    page: PageImage
    read: Reader
    folder: Path
    psm: str
    most: float

    def see(self, image: Grey, name: str, psm: str) -> PageText:
        target = self.folder / f"{name}.pgm"
        pixels.save(image, target)
        return self.read(msgspec.structs.replace(self.page, path=target), psm)


def second_pass(again: SecondPass, first: PageText) -> PageText:
    """The better of what was read first and what a second pass finds; coordinates in the image's pixels."""
    image = pixels.load(again.page)
    if first.confidence is None or first.confidence >= UPSIDE_DOWN:
        return _upright(again, image, first)
    turned = again.see(image[::-1, ::-1], "turned", again.psm)
    if confidence_of(turned) <= first.confidence:
        return _upright(again, image, first)
    height, width = image.shape
    back = Transform((-1, 0, width, 0, -1, height, 0, 0, 1))
    better = _upright(again, image[::-1, ::-1], turned)
    return msgspec.structs.replace(transform_text(better, back.polygon), rotation=90 if better.rotation else 180)


def _upright(again: SecondPass, image: Grey, text: PageText) -> PageText:
    """The text of a page that is not on its head."""
    if not _on_its_side(text):
        return _completed(again, image, text)
    # The engine has turned the page by itself, clockwise by 270; only its boxes do not say where words begin.
    back = Transform((0, -1, image.shape[1], 1, 0, 0, 0, 0, 1))
    there = back.inverse()
    text = transform_text(text, lambda box: there.polygon((box[1], box[2], box[3], box[0])))
    better = _completed(again, image.T[::-1], text)
    return msgspec.structs.replace(transform_text(better, back.polygon), rotation=270)


def _on_its_side(text: PageText) -> bool:
    """Whether most words are higher than wide."""
    boxes = [word.bounds for line in text.lines for word in line.words if len(word.text) > 2]
    return sum(bottom - top > right - left for left, top, right, bottom in boxes) > len(boxes) / 2


def _completed(again: SecondPass, image: Grey, text: PageText) -> PageText:
    found = find_missed_text(image, confident_words(text))
    most = again.most
    doubted = text.confidence is not None and text.confidence < DOUBTFUL
    if doubted and found.height and most >= 1 and not _is_dense(text):
        image, text = _softened(again, image, text, found.height)
        found = find_missed_text(image, confident_words(text))
        most -= 1
    boxes = _affordable(found, text, most)
    if not boxes:
        return text
    sheet, strips = _sheet(image, boxes, found.rules, found.height)
    read = again.see(sheet, "strips", _ONE_BLOCK)
    new = [_words_of(strip, read) for strip in strips]
    return merged(text, [words for words in new if words])


def _is_dense(text: PageText) -> bool:
    """Whether most letters are Chinese: their strokes lie too close to be blurred."""
    letters = [sign for sign in text.text if sign.isalpha()]
    return sum(is_wide(sign) for sign in letters) > len(letters) / 2


def _softened(again: SecondPass, image: Grey, text: PageText, height: float) -> tuple[Grey, PageText]:
    """The surer of two readings, the second of a blurred image, with what only the other one has; and its image."""
    import cv2

    soft = cv2.GaussianBlur(image, (0, 0), min(2.0, max(1.0, height / _SOFT))).astype("uint8")
    other = again.see(soft, "soft", _ONE_COLUMN if again.psm == AUTOMATIC_PSM else again.psm)
    if confidence_of(other) > confidence_of(text) + MIN_GAIN:
        image, text, other = soft, other, text
    lines = [[word for word in line.words if _is_acceptable(word)] for line in other.lines]
    return image, merged(text, [words for words in lines if words])


def _affordable(found: MissedText, text: PageText, most: float) -> list[tuple[int, int, int, int]]:
    """As many strips as may be read, from top to bottom; first those where nothing at all was read."""
    words = [word.bounds for line in text.lines for word in line.words]

    def unread(box: tuple[int, int, int, int]) -> bool:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return not any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in words)

    left = most * found.letters
    chosen = []
    for box in sorted(found.boxes, key=unread, reverse=True)[:MOST_STRIPS]:
        left -= box[2] - box[0]
        if left >= 0:
            chosen.append(box)
    return [box for box in found.boxes if box in chosen]


def _words_of(strip: Strip, again: PageText) -> list[Word]:
    """The words read on a strip, on the page."""
    found = []
    for line in again.lines:
        for word in line.words:
            middle = sum(y for _, y in word.polygon) / 4
            if strip.top <= middle < strip.bottom and _is_acceptable(word):
                found.append(msgspec.structs.replace(word, polygon=strip.to_page.polygon(word.polygon)))
    return found


def _is_acceptable(word: Word) -> bool:
    return confidence_of(word) >= MIN_CONFIDENCE and any(sign.isalnum() for sign in word.text)


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
