"""Chinese that no list of words has: the zero of dates, and traditional characters."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from folio.config.options import AUTO
from folio.providers.ppocr.page.reader import read_page
from tests.support.documents.cards import font

pytestmark = pytest.mark.slow("loads the networks")

DATES = (
    "公司定于二〇二六年五月十八日召开大会",
    "兹证明该生于二〇一九年九月至",
    "二〇二三年六月在本校学习",
    "租期至二〇三〇年十二月",
)
LETTER = (
    "依據貴公司三月二日來函辦理",
    "請於收到後十五日內回覆",
    "當事人應將餘額匯入帳戶",
    "維修責任由賣方負擔與處理",
    "學校規定學生須準時報到",
)


def read(path: Path, lines: tuple[str, ...], *, size: int, blur: float) -> str:
    """What is read of lines that are drawn on noisy paper."""
    sheet = Image.new("L", (1100, 80 + 70 * len(lines)), 255)
    for number, line in enumerate(lines):
        ImageDraw.Draw(sheet).text((60, 40 + 70 * number), line, 0, font(size))
    grain = np.random.default_rng(1).normal(0, 6, (sheet.height, sheet.width))
    blurred = np.asarray(sheet.filter(ImageFilter.GaussianBlur(blur)), np.float32)
    Image.fromarray(np.clip(blurred + grain, 0, 255).astype(np.uint8)).save(path)
    return "".join(word.text for line in read_page(path, (AUTO,)).lines for word in line.words)


@pytest.mark.parametrize(("size", "blur"), [(22, 0.7), (34, 2.2)])
def test_the_zeros_of_dates_are_read(tmp_path: Path, size: int, blur: float) -> None:
    text = read(tmp_path / "page.pgm", DATES, size=size, blur=blur)
    assert [year for year in ("二〇二六年", "二〇一九年", "二〇二三年", "二〇三〇年") if year not in text] == []


@pytest.mark.parametrize(("size", "blur"), [(22, 0.7), (30, 1.2)])
def test_traditional_characters_stay_what_they_are(tmp_path: Path, size: int, blur: float) -> None:
    text = read(tmp_path / "page.pgm", LETTER, size=size, blur=blur)
    assert [
        one
        for one in "据贵来办请于后内应将余汇帐维责卖负担与处学规须准时报"
        if one in text and one not in "".join(LETTER)
    ] == []
