"""A second pass over a page that was read: what was missed, or read without confidence, is read once more.

A page that lies upside down shows by a confidence no upright page has. One that was read with doubts is read again with
softer strokes, which dots and broken print need, and the reading of higher confidence stays. Then characters that no
confident word covers are gathered into strips, one under the other, on white paper, at the height the engine reads
best, without ruling lines and shade; that one small image is read like a list. The strips replace what stood there only
where they are more text, of higher confidence.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from folio.documents.raster import pixels
from folio.documents.raster.pixels import Grey
from folio.models import PageImage, PageText, Word
from folio.providers.tesseract.merge import confident_words, merged
from folio.providers.tesseract.missed_text import MissedText, find_missed_text
from folio.text.confidence import confidence_of
from folio.text.geometry import transform_text
from folio.text.spacing import is_wide
from folio.transform import Transform

# Mean confidence below which a page may lie upside down; measured: 0.16 to 0.37, upright 0.59 and more.
MIN_UPRIGHT_CONFIDENCE = 0.5
# Below it the whole page is read again; measured on receipts: of pages below it every second one is read better.
MIN_CLEAR_CONFIDENCE = 0.84
_STRIP_TEXT_PX = 30  # height of characters in a strip
_MAX_STRIPS = 400
_MIN_GAIN = 0.02  # by how much the confidence of a whole page must be higher for the reading to be the better one
MIN_CONFIDENCE = 0.7  # of a word from the second pass; measured: of those below every second one was wrong
_SOFT_TEXT_PX = 24.0  # height of characters that a blur by one pixel suits

AUTOMATIC_PSM = "3"
_ONE_COLUMN, _ONE_BLOCK = "4", "6"

type Reader = Callable[[PageImage, str], PageText]  # image and page segmentation mode -> text


class Strip(Struct, frozen=True):
    """A strip of the page on the sheet of strips: its rows there, and the way from there to the page."""

    top: int
    bottom: int
    to_page: Transform


class SecondPass(Struct, frozen=True):
    """Reads other images of a page. `psm` is the mode of a whole page; `budget` is `Options.second_pass`."""

    page: PageImage
    read: Reader
    folder: Path
    psm: str
    budget: float

    def recognize_crop(self, image: Grey, name: str, psm: str) -> PageText:
        """Return what the engine reads on an image, in its pixels."""
        target = self.folder / f"{name}.pgm"
        pixels.save(image, target)
        return self.read(msgspec.structs.replace(self.page, path=target), psm)


def second_pass(second: SecondPass, first: PageText) -> PageText:
    """Return the first reading with what a second pass improves; coordinates in the image's pixels."""
    image = pixels.load(second.page)
    if first.confidence is None or first.confidence >= MIN_UPRIGHT_CONFIDENCE:
        return _upright(second, image, first)
    turned = second.recognize_crop(image[::-1, ::-1], "turned", second.psm)
    if confidence_of(turned) <= first.confidence:
        return _upright(second, image, first)
    height, width = image.shape
    back = Transform((-1, 0, width, 0, -1, height, 0, 0, 1))
    better = _upright(second, image[::-1, ::-1], turned)
    return msgspec.structs.replace(transform_text(better, back.polygon), rotation=90 if better.rotation else 180)


def _upright(second: SecondPass, image: Grey, text: PageText) -> PageText:
    """Return the text of a page that is not upside down."""
    if not _on_its_side(text):
        return _completed(second, image, text)
    # The engine has turned the page by itself, clockwise by 270; only its boxes do not say where words begin.
    back = Transform((0, -1, image.shape[1], 1, 0, 0, 0, 0, 1))
    forward = back.inverse()
    text = transform_text(text, lambda box: forward.polygon((box[1], box[2], box[3], box[0])))
    better = _completed(second, image.T[::-1], text)
    return msgspec.structs.replace(transform_text(better, back.polygon), rotation=270)


def _on_its_side(text: PageText) -> bool:
    """Return whether most words are higher than wide."""
    boxes = [word.bounds for line in text.lines for word in line.words if len(word.text) > 2]
    return sum(bottom - top > right - left for left, top, right, bottom in boxes) > len(boxes) / 2


def _completed(second: SecondPass, image: Grey, text: PageText) -> PageText:
    missed = find_missed_text(image, confident_words(text))
    budget = second.budget
    doubted = text.confidence is not None and text.confidence < MIN_CLEAR_CONFIDENCE
    if doubted and missed.height and budget >= 1 and not _is_dense(text):
        image, text = _softened(second, image, text, missed.height)
        missed = find_missed_text(image, confident_words(text))
        budget -= 1
    boxes = _within_budget(missed, text, budget)
    if not boxes:
        return text
    sheet, strips = _sheet(image, boxes, missed.rules, missed.height)
    read = second.recognize_crop(sheet, "strips", _ONE_BLOCK)
    new = [_words_of(strip, read) for strip in strips]
    return merged(text, [words for words in new if words])


def _is_dense(text: PageText) -> bool:
    """Return whether most characters are Chinese: their strokes lie too close to be blurred."""
    characters = [character for character in text.text if character.isalpha()]
    return sum(is_wide(character) for character in characters) > len(characters) / 2


def _softened(second: SecondPass, image: Grey, text: PageText, height: float) -> tuple[Grey, PageText]:
    """Read a blurred image too; return the reading of higher confidence, completed from the other, and its image."""
    import cv2

    soft = cv2.GaussianBlur(image, (0, 0), min(2.0, max(1.0, height / _SOFT_TEXT_PX))).astype("uint8")
    other = second.recognize_crop(soft, "soft", _ONE_COLUMN if second.psm == AUTOMATIC_PSM else second.psm)
    if confidence_of(other) > confidence_of(text) + _MIN_GAIN:
        image, text, other = soft, other, text
    lines = [[word for word in line.words if _is_acceptable(word)] for line in other.lines]
    return image, merged(text, [words for words in lines if words])


def _within_budget(missed: MissedText, text: PageText, budget: float) -> list[tuple[int, int, int, int]]:
    """Return as many strips as may be read, from top to bottom; those where nothing at all was read come first."""
    words = [word.bounds for line in text.lines for word in line.words]

    def unread(box: tuple[int, int, int, int]) -> bool:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return not any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in words)

    remaining = budget * missed.total_width
    chosen = []
    for box in sorted(missed.boxes, key=unread, reverse=True)[:_MAX_STRIPS]:
        remaining -= box[2] - box[0]
        if remaining >= 0:
            chosen.append(box)
    return [box for box in missed.boxes if box in chosen]


def _words_of(strip: Strip, read: PageText) -> list[Word]:
    """Return the words read on a strip, with coordinates of the page."""
    words = []
    for line in read.lines:
        for word in line.words:
            middle = sum(y for _, y in word.polygon) / 4
            if strip.top <= middle < strip.bottom and _is_acceptable(word):
                words.append(msgspec.structs.replace(word, polygon=strip.to_page.polygon(word.polygon)))
    return words


def _is_acceptable(word: Word) -> bool:
    return confidence_of(word) >= MIN_CONFIDENCE and any(character.isalnum() for character in word.text)


def _sheet(image: Grey, boxes: list[tuple[int, int, int, int]], rules: Grey, height: float) -> tuple[Grey, list[Strip]]:
    """Put crops of the page one under the other on white paper, and return where each of them went."""
    import cv2
    import numpy as np

    scale = min(3.0, max(0.5, _STRIP_TEXT_PX / height))
    around, gap = int(0.4 * height) + 2, int(0.8 * _STRIP_TEXT_PX)
    crops, strips, y = [], [], gap
    for left, top, right, bottom in boxes:
        x0, y0 = max(0, left - around), max(0, top - around)
        rows, columns = slice(y0, bottom + around), slice(x0, right + around)
        crop = image[rows, columns].copy()
        paper = max(1.0, float(np.percentile(crop, 90)))
        crop[rules[rows, columns] > 0] = int(paper)
        crop = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype("uint8")
        crops.append(np.clip(crop.astype(np.float32) * (255.0 / paper), 0, 255).astype(np.uint8))
        back = Transform((1 / scale, 0, x0 - gap / scale, 0, 1 / scale, y0 - y / scale, 0, 0, 1))
        strips.append(Strip(y - gap // 2, y + crop.shape[0] + gap // 2, back))
        y += crop.shape[0] + gap
    sheet = np.full((y, max(crop.shape[1] for crop in crops) + 2 * gap), 255, np.uint8)
    for crop, strip in zip(crops, strips, strict=True):
        top = strip.top + gap // 2
        sheet[top : top + crop.shape[0], gap : gap + crop.shape[1]] = crop
    return sheet, strips
