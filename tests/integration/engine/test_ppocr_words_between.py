"""Chinese words on a page in Latin letters, outside of the lines by which its script is told."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from folio.config.options import AUTO
from folio.providers.ppocr.page.reader import read_page
from tests.support.documents.cards import font

pytestmark = pytest.mark.slow("loads the networks")

LONG = "Whoever wants the files opens the menu and looks for the entry that says so, as on any machine"
SHORT = ("Then press {} to save", "or {} to begin anew", "and the file ends with {}")
WORDS = ("确定", "打开文件", "用户名称")


def page(*words: str) -> Image.Image:
    """Long lines, by which the script is told, and three short ones with a word in each, which tell nothing."""
    image = Image.new("L", (1300, 1400), 255)
    lines = [LONG] * 24
    for number, (line, word) in enumerate(zip(SHORT, words, strict=True)):
        lines[4 + 6 * number] = line.format(word)
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((60, 40 + 54 * number), line, 0, font(26))
    return image


def test_they_are_read_though_the_page_is_in_latin_letters(tmp_path: Path) -> None:
    page(*WORDS).save(tmp_path / "page.pgm")
    read = read_page(tmp_path / "page.pgm", (AUTO,))
    assert read.script == "Latn"
    text = "".join(word.text for line in read.lines for word in line.words)
    for word in WORDS:
        assert word in text


def test_what_is_no_word_between_them_is_not_read_as_one(tmp_path: Path) -> None:
    image = page("Save", "New", "it")
    pen = ImageDraw.Draw(image)
    for number in range(4):  # an ornament after some lines
        left, top = 700, 270 + 324 * number
        pen.ellipse((left, top, left + 26, top + 26), outline=0, width=3)
        pen.line((left, top + 13, left + 26, top + 13), 0, 3)
    image.save(tmp_path / "page.pgm")
    read = read_page(tmp_path / "page.pgm", (AUTO,))
    assert not [word.text for line in read.lines for word in line.words if any(one > "\u2e80" for one in word.text)]
