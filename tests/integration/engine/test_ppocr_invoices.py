"""PP-OCR's reading of Chinese VAT invoices, drawn and as if photographed."""

import shutil
from collections import Counter
from pathlib import Path

import cv2
import pytest

from folio.config.options import AUTO
from folio.documents.raster import pixels
from folio.models import PageText
from folio.providers.ppocr.page.reader import read_page
from folio.transform import bounds

if not shutil.which("fc-match"):
    pytest.skip("fontconfig is not installed", allow_module_level=True)

from tests.benchmarks.invoices import KINDS, Invoice, draw, in_words, photograph

_LEAST = 0.985  # of the fields' characters


def share_read(invoice: Invoice, read: PageText) -> float:
    """Return how much of the fields' characters was read where they stand."""
    wanted = hits = 0
    for name, text in invoice.fields.items():
        left, top, right, bottom = bounds(invoice.boxes[name])  # type: ignore[arg-type]
        there: Counter[str] = Counter()
        for word in (word for line in read.lines for word in line.words):
            x0, y0, x1, y1 = word.bounds
            if left - 20 <= (x0 + x1) / 2 <= right + 20 and top - 10 <= (y0 + y1) / 2 <= bottom + 10:
                there.update(word.text.replace("￥", "¥"))
        wanted += len(text)
        hits += (there & Counter(text)).total()
    return hits / wanted


@pytest.mark.slow("it loads the networks and reads six invoices")
def test_fields_of_invoices_are_read_where_they_stand(tmp_path: Path) -> None:
    shares = {}
    for number, kind in enumerate(KINDS):
        flat = draw(kind, number)
        for name, shown in ((kind, flat), (f"{kind} photo", photograph(flat, number))):
            grey = cv2.cvtColor(shown.image, cv2.COLOR_BGR2GRAY).astype("uint8")
            pixels.save(grey, tmp_path / "page.pgm")
            shares[name] = share_read(shown, read_page(tmp_path / "page.pgm", (AUTO,)))
    assert sum(shares.values()) / len(shares) >= _LEAST, shares


@pytest.mark.slow("it draws two photographs")
def test_the_same_seed_draws_the_same_invoice() -> None:
    one, other = draw("special", 3), draw("special", 3)
    assert one.fields == other.fields
    assert (one.image == other.image).all()
    assert (photograph(one, 3).image == photograph(other, 3).image).all()
    assert draw("special", 4).fields != one.fields


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (1608232, "壹万陆仟零捌拾贰圆叁角贰分"),
        (10000000, "壹拾万圆整"),
        (100500, "壹仟零伍圆整"),
        (500005, "伍仟圆零伍分"),
        (1010, "壹拾圆壹角整"),
    ],
)
def test_amounts_are_written_out_as_on_invoices(cents: int, words: str) -> None:
    assert in_words(cents) == words
