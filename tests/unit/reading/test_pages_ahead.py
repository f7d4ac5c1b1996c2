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


def scan_in_which_one_is_large(large: int, pages: int) -> bytes:
    """A PDF of such pages, of which one has grain."""
    images = [Image.new("L", (60, 40), 255) for _ in range(pages)]
    images[large - 1] = Image.effect_noise((60, 40), 90)
    for image in images:
        ImageDraw.Draw(image).rectangle((10, 10, 40, 25), fill=0)
    target = BytesIO()
    images[0].save(target, "PDF", save_all=True, append_images=images[1:])
    return target.getvalue()


def read(engine: FixedText, folder: Path, name: str = "scan.tif", workers: int = WORKERS) -> Result:
    if name == "scan.tif":
        (folder / name).write_bytes(scan())
    options = {"ocr": "always", "recipe": "none", "codes": "never", "providers": "tesseract"}
    with ThreadPoolExecutor(workers) as pool:
        settings = Settings(jobs=workers)
        services = Services(store=FolderStore(folder), settings=settings, provider=lambda _: engine, pool=pool)
        read_upload(Request(key=name, options=options), services, Deadline(2 * MOST_SECONDS))
    return decode((folder / result_key(name)).read_bytes(), Result)


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


def test_of_the_last_pages_of_a_scan_the_largest_is_begun_first_and_told_in_its_place(tmp_path: Path) -> None:
    engine = FixedText()
    (tmp_path / "scan.pdf").write_bytes(scan_in_which_one_is_large(5, pages=6))
    result = read(engine, tmp_path, "scan.pdf", workers=1)
    assert engine.read[:4] == [1, 2, 3, 5]
    assert [page.number for page in result.pages] == [1, 2, 3, 4, 5, 6]
