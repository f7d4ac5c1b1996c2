"""A sheet, what was read of it at first, and who looks again."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from folio.models import Line, PageImage, PageText, Word
from folio.providers.tesseract.second_pass import SecondPass, second_pass
from folio.text.geometry import join_words
from folio.transform import box
from tests.fakes.paid_provider import page_of
from tests.support.documents.drawings import Drawing, draw

SHEET = draw("Invoice number 4217", "Total amount due", "Paid on Monday", gap=0.5)  # a line is one strip
CLOSE = 2

type Read = Callable[[PageImage, str], PageText]


def first_read(*left_out: str, sheet: Drawing = SHEET, **unsure: float) -> PageText:
    """The sheet's lines with some words left out and some read with another confidence."""
    lines = []
    for line in sheet.lines:
        words = [
            Word(spot.text, unsure.get(spot.text, 0.9), box(*spot.box)) for spot in line if spot.text not in left_out
        ]
        if words:
            lines.append(join_words(tuple(words)))
    return text_of(lines)


def text_of(lines: list[Line]) -> PageText:
    return PageText("\n".join(line.text for line in lines), tuple(lines))


def nobody(page: PageImage, psm: str) -> PageText:
    raise AssertionError("nothing was to be read again")


def ink_of(page: PageImage) -> list[tuple[int, int, int, int]]:
    """Boxes of the words' ink on a list, from top to bottom and from left to right."""
    image = cv2.imread(str(page.path), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    inked = (image < 255 - 96).astype(np.uint8)
    joined = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, np.ones((41, 19), np.uint8))
    stats = cv2.connectedComponentsWithStats(joined)[2][1:]
    found = [(int(x), int(y), int(x + wide), int(y + high)) for x, y, wide, high, _ in stats]
    return sorted(found, key=lambda one: (round(one[1] / 40), one[0]))


def reads(*words: tuple[str, float]) -> Read:
    """Who takes the ink on the list, piece by piece, for these words; each is a line of its own."""

    def read(page: PageImage, psm: str) -> PageText:
        assert psm == "6"
        found = zip(ink_of(page), words, strict=True)
        return text_of([join_words((Word(text, sure, box(*place)),)) for place, (text, sure) in found])

    return read


def look(tmp_path: Path, first: PageText, read: Read, sheet: Drawing = SHEET, budget: float = 0.99) -> PageText:
    """Less than 1 is not enough for reading the whole page again."""
    return second_pass(SecondPass(page_of(np.asarray(sheet.image), tmp_path), read, tmp_path, "3", budget), first)


def words_of(text: PageText) -> list[Word]:
    return [word for line in text.lines for word in line.words]
