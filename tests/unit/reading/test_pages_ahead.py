"""Which pages of a document are begun while one of them takes long."""

import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from folio.config.options import Options
from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.keys import result_key
from folio.models import PageImage, PageText, Result, decode
from folio.providers.cost import Ledger
from folio.reading.pipeline import Request, Services, read_upload
from folio.stores.folder import FolderStore
from tests.fakes.engines import FixedText

PAGES, WORKERS = 7, 2
MOST_SECONDS = 60.0  # for a page that is read beside; the test fails after them


class OneTakesLong(FixedText):
    """One page is read only when a later one was; `begun` are those that were given to it until then."""

    def __init__(self, slow: int, later: int) -> None:
        super().__init__()
        self._slow, self._later = slow, later
        self._is_later_read = threading.Event()
        self.begun: list[int] = []

    def recognize(self, page: PageImage, options: Options, deadline: Deadline, ledger: Ledger) -> PageText:
        if page.number == self._slow:
            assert self._is_later_read.wait(MOST_SECONDS), f"page {self._later} was not begun"
            self.begun = [*self.read]
        text = super().recognize(page, options, deadline, ledger)
        if page.number == self._later:
            self._is_later_read.set()
        return text


def scan() -> bytes:
    """A TIFF of small pages with a mark on each."""
    pages = [Image.new("L", (60, 40), 255) for _ in range(PAGES)]
    for page in pages:
        ImageDraw.Draw(page).rectangle((10, 10, 40, 25), fill=0)
    target = BytesIO()
    pages[0].save(target, "TIFF", save_all=True, append_images=pages[1:])
    return target.getvalue()


def read(engine: FixedText, folder: Path) -> Result:
    (folder / "scan.tif").write_bytes(scan())
    options = {"ocr": "always", "recipe": "none", "codes": "never", "providers": "tesseract"}
    with ThreadPoolExecutor(WORKERS) as pool:
        settings = Settings(jobs=WORKERS)
        services = Services(store=FolderStore(folder), settings=settings, provider=lambda _: engine, pool=pool)
        read_upload(Request(key="scan.tif", options=options), services, Deadline(2 * MOST_SECONDS))
    return decode((folder / result_key("scan.tif")).read_bytes(), Result)


def test_a_worker_goes_on_while_the_other_has_a_page_that_takes_long(tmp_path: Path) -> None:
    engine = OneTakesLong(slow=2, later=6)
    result = read(engine, tmp_path)
    assert engine.begun == [1, 3, 4, 5, 6]
    assert [page.number for page in result.pages] == [1, 2, 3, 4, 5, 6, 7]
    assert all(page.text for page in result.pages)


def test_before_the_first_page_is_read_no_more_are_begun_than_one_beyond_the_workers(tmp_path: Path) -> None:
    engine = OneTakesLong(slow=1, later=3)
    read(engine, tmp_path)
    assert engine.begun == [2, 3]
