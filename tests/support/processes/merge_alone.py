"""What the merge of a long document takes alone: keep synthetic pages beside a document, then put them together.

Run as `python -m tests.support.processes.merge_alone keep|merge FOLDER PAGES`, each in a process of its own.
"""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.longdocs.steps import merge
from folio.models import Line, Page, Word
from folio.reading.page_outcome import PageOutcome
from folio.reading.pipeline import reading_of
from folio.reading.request import Request, Services
from folio.stores.folder import FolderStore
from folio.transform import Polygon
from tests.fakes.engines import FixedText
from tests.support.defaults import ENGLISH
from tests.support.documents.pdfs import PdfPage, make_pdf

KEY = "long.pdf"
WORDS, LINES = 10, 45  # 450 words are a full page of a book


def services(folder: Path) -> Services:
    settings = Settings(jobs=1, options=msgspec.structs.replace(ENGLISH, outputs=("text", "pdf")), max_pages=10_000)
    return Services(
        store=FolderStore(folder), settings=settings, provider=lambda _: FixedText(), pool=ThreadPoolExecutor(1)
    )


def page(number: int) -> PageOutcome:
    lines = tuple(_line(number, place) for place in range(LINES))
    text = "\n".join(line.text for line in lines)
    return PageOutcome(Page(number=number, width=2480, height=3508, dpi=300.0, text=text, confidence=0.9, lines=lines))


def _line(number: int, place: int) -> Line:
    words = tuple(
        Word(f"word{number}x{n}", 0.9, _box(200.5 + 200 * n, 100.5 + 70 * place, 180.0)) for n in range(WORDS)
    )
    return Line(" ".join(word.text for word in words), 0.9, _box(200.5, 100.5 + 70 * place, 2000.0), words)


def _box(x: float, y: float, width: float) -> Polygon:
    return (x, y), (x + width, y), (x + width, y + 50), (x, y + 50)


def keep(folder: Path, pages: int) -> None:
    (folder / KEY).write_bytes(make_pdf(*[PdfPage(size=(595, 842), content=b"")] * pages))
    with reading_of(Request(key=KEY), services(folder), Deadline()) as reading:
        for index in range(1, pages + 1):
            reading.checkpoint.keep(index, page(index))
            if index % 8 == 0:
                reading.checkpoint.flush()
        reading.checkpoint.flush()


def main() -> None:
    what, folder, pages = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if what == "keep":
        keep(folder, pages)
        return
    outcome = merge(Request(key=KEY), services(folder), Deadline())
    pixels = sorted({"cv2", "numpy"} & set(sys.modules))
    print(outcome.status, outcome.pages, peak(), *pixels)


def peak() -> int:
    """Bytes this process held at most. Not ru_maxrss: that starts from what the parent held when it forked."""
    found = re.search(r"^VmHWM:\s*(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1]) * 1024


if __name__ == "__main__":
    main()
