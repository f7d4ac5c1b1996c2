"""What Folio costs over Tesseract itself: one page, already drawn, at most 1.25 times the CPU.

Run: .venv/bin/python -m tests.benchmarks.overhead [PICTURE ...]

A scan of ten pages (pictures given, else the shared ones, else our own sample) is drawn to PGM files first, which is
not counted. Then each page is read twice, one right after the other: by `OMP_THREAD_LIMIT=1 tesseract page.pgm out`,
and by Folio's own path (prepare, recognize, finished_page, through its pool). Counted is the CPU of this process and
its children, summed over all pages. Exit code 1 if Folio needs more than 1.25 times as much.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents import children
from folio.documents.opening import open_document
from folio.documents.rasterize import rasterize
from folio.models import Page, PageImage
from folio.preprocess.recipes import prepare
from folio.providers.chain import Chain
from folio.providers.cost import Ledger
from folio.reading.page_outcome import finished_page
from folio.reading.pipeline import Services
from folio.stores.folder import FolderStore
from folio.wiring import make_services
from tests.support.defaults import ENGLISH
from tests.support.paths import DATA, SHARED

PAGES = 10
LIMIT = 1.25
SETTINGS = Settings(jobs=1)  # one at a time, as bare Tesseract is run


def cpu() -> float:
    """CPU seconds of this process and all its children, which are ended for that."""
    children.close()
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def cost(work: Callable[[], object]) -> float:
    before = cpu()
    work()
    return cpu() - before


def scan() -> list[Path]:
    """Ten pages: scans of books and of filings, or our own letter ten times."""
    if given := [Path(name) for name in sys.argv[1:]]:
        return given
    shared = [file for name in ("books", "mixed") for file in sorted((SHARED / name).glob("*.[jp][pn]g"))[: PAGES // 2]]
    return shared if len(shared) == PAGES else [DATA / "english.pdf"] * PAGES


def drawn(sources: list[Path], folder: Path) -> list[PageImage]:
    images = []
    for number, source in enumerate(sources):
        place = folder / str(number)
        place.mkdir()
        document = open_document(source, SETTINGS, SETTINGS.page_timeout)
        images.append(rasterize(document, 1, ENGLISH.dpi, place, SETTINGS, SETTINGS.page_timeout))
    return images


def bare(image: PageImage) -> None:
    command = ["tesseract", str(image.path), str(image.path.with_suffix(""))]
    subprocess.run(command, env=os.environ | {"OMP_THREAD_LIMIT": "1"}, check=True, capture_output=True)


def ours(image: PageImage, services: Services) -> Page:
    """One page as the story reads it once it is drawn."""

    def read() -> Page:
        options = ENGLISH
        prepared = prepare(image, options.recipe, image.path.parent)
        chain = Chain(services.provider, options, Ledger(), SETTINGS.page_timeout)
        return finished_page(prepared, chain.read(lambda _kind: prepared, Deadline()))[0]

    return services.pool.submit(read).result()


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        images = drawn(scan(), folder)
        services = make_services(FolderStore(folder), SETTINGS)
        ours(images[0], services)  # what is slow to import is imported once in a process, not once a page
        theirs = folio = 0.0
        print(f"{'page':>4} {'pixels':>14} {'bare':>7} {'folio':>7} {'ratio':>6}")
        for number, image in enumerate(images, start=1):
            alone, whole = cost(partial(bare, image)), cost(partial(ours, image, services))
            print(f"{number:4} {f'{image.width} x {image.height}':>14} {alone:7.2f} {whole:7.2f} {whole / alone:6.2f}")
            theirs, folio = theirs + alone, folio + whole
        services.pool.shutdown()
    print(f"bare tesseract {theirs:.2f} CPU seconds, Folio {folio:.2f}: ratio {folio / theirs:.3f}, at most {LIMIT}")
    return int(folio > LIMIT * theirs)


if __name__ == "__main__":
    sys.exit(main())
