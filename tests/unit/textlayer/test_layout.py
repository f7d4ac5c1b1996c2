"""Layers of any shape: each word once, and no page that takes long."""

import random
import time
from collections.abc import Callable

import pytest

from folio.documents.pdf.text_page import TextBox, TextPage
from folio.models import Line
from folio.textlayer.layout import arrange, in_reading_order
from folio.textlayer.lines import placed
from folio.transform import box

TEXTS = ("a", "H", "word", "12", "1,234", "中", "中文字", "שלום", "العربية", "\u00ad", "soft\u00adware", "x²", "(", ".")
SIZES = ((0, 0), (5, 10), (40, 10), (10, 40), (30, 30), (0, 10), (40, 0), (1e6, 1e6), (600, 10), (12, 12))


def layer(draw: random.Random) -> TextPage:
    def word() -> TextBox:
        left, top, (width, height) = draw.uniform(-50, 700), draw.uniform(-50, 900), draw.choice(SIZES)
        return TextBox(draw.choice(TEXTS), (left, top, left + width, top + height))

    lines = [[word() for _ in range(draw.choice((1, 1, 2, 8)))] for _ in range(draw.choice((1, 3, 10, 40)))]
    return TextPage(595, 842, [lines], physical=draw.choice(("", "a 12 word")), is_vertical=draw.random() < 0.3)


def plain(texts: list[str]) -> list[str]:
    return sorted("".join(texts).replace("\u00ad", "").replace("-", ""))


@pytest.mark.parametrize("seed", range(60))
def test_each_word_comes_once(seed: int) -> None:
    page = layer(random.Random(seed))
    lines = [line for block in placed(arrange(page), 2.0, (1190, 1684)) for line in block]
    assert plain([word.text for line in lines for word in line.words]) == plain([word.text for word in page.words()])
    assert all(0 <= x <= 1190 and 0 <= y <= 1684 for line in lines for x, y in line.polygon)


def test_lines_from_anywhere_come_in_order() -> None:
    stamp = Line("paid", None, ((580.0, 400.0), (580.0, 440.0), (570.0, 440.0), (570.0, 400.0)), ())
    texts = {"Title of the page": (40, 20), "first line of text": (40, 60), "second line of text": (40, 72)}
    upright = [Line(text, None, box(x, y, x + 200, y + 10), ()) for text, (x, y) in texts.items()]
    ordered = in_reading_order([stamp, *reversed(upright)])
    assert [line for block in ordered for line in block] == [*upright, stamp]


CROWDS: dict[str, Callable[[int], tuple[float, float]]] = {
    "one row": lambda at: (20.0 * at, 10.0),
    "one column": lambda at: (10.0, 0.5 * at),
    "one spot": lambda _: (10.0, 10.0),
    "a grid": lambda at: (8.0 * (at % 60), 10.0 * (at // 60)),
    "a slant": lambda at: (5.0 * at, 5.0 * at),
}


@pytest.mark.parametrize("crowd", CROWDS)
@pytest.mark.parametrize("text", ["7", "中"])
def test_crowded_pages_take_no_longer_than_others(crowd: str, text: str) -> None:
    """Four times the words take about four times as long; sixteen times where each is compared with all others."""

    def spent(count: int) -> float:
        lines = [[TextBox(text, (x, y, x + 5, y + 9))] for x, y in map(CROWDS[crowd], range(count))]
        page = TextPage(595, 842, [lines])
        started = time.process_time()
        arrange(page)
        return time.process_time() - started

    spent(100)  # what the first page alone loads
    assert min(spent(4000) for _ in range(2)) < 9 * min(spent(1000) for _ in range(2))
