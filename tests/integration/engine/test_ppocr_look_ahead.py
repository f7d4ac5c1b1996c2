"""A page read with one core and with several that no other page needs: the same to the last digit."""

from pathlib import Path

import pytest
from PIL import ImageFilter

from folio.deadline import Deadline
from folio.documents import children
from folio.models import PageText
from folio.providers.ppocr.processes import read_in_child
from tests.support.documents.drawings import draw
from tests.support.tools import needs_tools

pytestmark = needs_tools

LINES = [
    f"Paragraph {number} of the lease was signed on 1{number % 10} May, {number * 317} copies" for number in range(24)
]


def read(path: Path, cores: int) -> PageText:
    children.use_cores(cores)
    try:
        return children.call("Test", Deadline(), read_in_child, path, ("auto",))
    finally:
        children.use_cores(1)


@pytest.mark.parametrize("blur", [0.0, 1.6], ids=["clean", "blurred"])
def test_a_page_is_the_same_with_free_cores(blur: float, tmp_path: Path) -> None:
    path = tmp_path / "page.pgm"
    drawn = draw(*LINES, size=(1400, 2100), height=30, at=(60, 40)).image
    drawn.filter(ImageFilter.GaussianBlur(blur)).save(path)
    alone, beside = read(path, 1), read(path, 3)
    assert alone.text.count("Paragraph") == len(LINES)
    assert beside == alone
