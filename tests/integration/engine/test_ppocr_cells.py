"""Forms in whose cells one character stands each."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from folio.config.options import AUTO
from folio.providers.ppocr.page.reader import read_page
from tests.support.documents.cards import font

pytestmark = pytest.mark.slow("loads the networks")

NUMBERS = {"Tax ID": "83749201564", "Account": "249901906431", "Post code": "10117", "Phone": "030226984713"}


def form(path: Path) -> None:
    """A label beside each comb, whose ticks end on a rule."""
    sheet = Image.new("L", (1200, 720), 255)
    pen = ImageDraw.Draw(sheet)
    pen.text((60, 30), "Tax identification form", 0, font(40))
    for row, (label, number) in enumerate(NUMBERS.items()):
        top = 130 + 130 * row
        pen.text((60, top + 8), label, 0, font(34))
        for cell, digit in enumerate(number):
            left = 300 + 48 * cell
            pen.line([(left, top + 30), (left, top + 60), (left + 48, top + 60), (left + 48, top + 30)], 0, 2)
            pen.text((left + 24, top + 2), digit, 0, font(40), anchor="ma")
    grain = np.random.default_rng(1).normal(0, 4, (sheet.height, sheet.width))
    Image.fromarray(np.clip(np.asarray(sheet) + grain, 0, 255).astype(np.uint8)).save(path)


def test_ticks_between_digits_are_no_digits_and_a_number_is_one_word(tmp_path: Path) -> None:
    form(tmp_path / "form.pgm")
    words = [word.text for line in read_page(tmp_path / "form.pgm", (AUTO,)).lines for word in line.words]
    assert [number for number in NUMBERS.values() if number not in words] == []
