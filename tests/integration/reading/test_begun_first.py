"""At a desk, too, the last pages of a scan are begun with those that take long; else the other cores wait for them."""

import io
import random
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from folio.deadline import Deadline
from folio.desk.local import ReadOptions, find_files, read_files
from folio.wiring import local_services
from tests.fakes.cloud.baidu import BaiduServer
from tests.support.clouds import pointed, variables
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.tools import needs_tools

pytestmark = needs_tools

WIDTH = 600  # of the first page; each other one is ten pixels wider than the one before
GRAINY = (4, 6)  # pages of paper, with more bytes
PAGES = 6


class Watched(BaiduServer):
    """Keeps the widths of what it is shown."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.widths: list[int] = []

    def answer(self, call: Any, image: bytes) -> Any:
        self.widths.append(Image.open(io.BytesIO(image)).width)
        return super().answer(call, image)


def page(number: int) -> PdfPage:
    size = WIDTH + 10 * number, 800
    picture = words(f"Page {number}", size=size)
    if number in GRAINY:
        noise = Image.frombytes("L", (size[0], 200), random.Random(number).randbytes(size[0] * 200))
        picture.paste(noise.point(lambda value: 235 + value // 13), (0, 600))
    return PdfPage(picture=picture, size=(size[0] * 0.48, size[1] * 0.48))  # at 150 dpi


def test_the_last_pages_of_a_scan_are_begun_large_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scan.pdf").write_bytes(make_pdf(*map(page, range(1, PAGES + 1))))
    with Watched(qps=1000) as server:
        for name, value in variables({"baidu": server}).items():
            monkeypatch.setenv(name, value)
        services = local_services(pointed({"baidu": server}, jobs=1))
        run = ReadOptions(options={"providers": "baidu", "dpi": "150", "recipe": "none"}, results=None, force=False)
        outcomes = dict(read_files(find_files([str(tmp_path)]).files, run, services, Deadline()))
    assert [outcome.status for outcome in outcomes.values()] == ["complete"]
    assert [round((width - WIDTH) / 10) for width in server.widths] == [1, 2, 3, 6, 4, 5]
