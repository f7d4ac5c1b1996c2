"""Searchable PDFs of tilted pages: the share of a page's words that readers of PDFs find whole, and each once.

Run: .venv/bin/python -m tests.benchmarks.findable [DIR] [--every N] [--angle DEGREES]... [--read] [--results FOLDER]

Each page of the public scans is read once as it is (its result is kept in FOLDER/SET/NAME.ocr.json, or taken from
there), its polygons are turned by every angle (counterclockwise; negative: clockwise), and its words laid over an empty
picture of the turned size. With --read the drawn page itself is turned and read, each page at one of the angles in
turn. pdftotext (plain, -layout, -raw, -bbox), pypdf and pdf.js in Chromium then say what they find. A word is what
stands between blanks in a line's text, or one Chinese character; one that a reader joins where a line ends in a hyphen
is both its halves. Printed are, per angle and reader: the share of words found (`whole`), how many more words than
those there are (`more`), the share of neighbors in a line that follow each other in what is found (`order`), and for
pdftotext the share of words whose box ends within 3 pixels along the line (`boxes`). Exit code 1 if a reader finds less
than 99%, or 1% more.
"""

import argparse
import html
import math
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from PIL import Image
from pypdf import PdfReader

from folio.config.settings import Settings
from folio.deadline import Deadline
from folio.documents.opening import open_document
from folio.documents.raster import images
from folio.documents.rasterize import rasterize
from folio.models import Page, Result, decode, encode
from folio.outputs.writers import Outputs
from folio.reading.pipeline import Request, read_upload
from folio.stores.folder import FolderStore
from folio.transform import Polygon, Transform
from folio.wiring import make_services
from tests.support.browser import pdfjs
from tests.support.browser.chromium import Tab, chromium
from tests.support.paths import SHARED

SETS = ("books", "receipts", "mixed", "forms", "zh_annual", "orientation", "encodings", "photos_multi")
ANGLES = (-5.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
FOUND = 0.99
NEAR_PX = 3.0
_SETTINGS = Settings(page_timeout=900)  # a machine may be busy
_DPI = 300

_TOKEN = re.compile(r"[\u2e80-\U0010ffff]|[^\s\u2e80-\U0010ffff]+")

type Readers = dict[str, Callable[[Path], str]]


class Counts(Struct):
    """Of one reader at one angle, in words."""

    words: int = 0
    found: int = 0
    more: int = 0
    pairs: int = 0
    following: int = 0
    boxes: int = 0
    near: int = 0


def main() -> int:
    arguments = _arguments()
    angles = arguments.angle or ANGLES
    totals: dict[tuple[float, str], Counts] = defaultdict(Counts)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        browser, address = stack.enter_context(chromium()), stack.enter_context(pdfjs.served())
        readers = _readers(stack.enter_context(pdfjs.viewer(browser, address)))
        documents = sorted(path for name in SETS for path in (arguments.folder / name).iterdir() if _is_document(path))
        for index, path in enumerate(documents[:: arguments.every]):
            if arguments.read:
                angle = angles[index % len(angles)]
                _count(*_read_turned(path, angle, folder), angle, readers, totals)
                continue
            for page in _pages(path, arguments.results, folder):
                for angle in angles:
                    turned = _turned(page, angle)
                    _count(_laid(turned, path, folder), [turned], angle, readers, totals)
    return _report(totals)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--angle", type=float, action="append")
    parser.add_argument("--read", action="store_true")
    parser.add_argument("--results", type=Path)
    return parser.parse_args()


def _is_document(path: Path) -> bool:
    return path.suffix.lower() in (".pdf", ".png", ".jpg", ".jpeg", ".tif")


def _pages(path: Path, results: Path | None, folder: Path) -> Iterator[Page]:
    stored = results / path.parent.name / f"{path.name}.ocr.json" if results else None
    if stored and stored.exists():
        result = decode(stored.read_bytes(), Result)
    else:
        work = Path(tempfile.mkdtemp(dir=folder))
        (work / path.name).write_bytes(path.read_bytes())
        read = _read(work / path.name, "none")
        if read is None:
            return
        result = read
        if stored:
            stored.parent.mkdir(parents=True, exist_ok=True)
            stored.write_bytes(encode(result))
    yield from (page for page in result.pages if page.lines)


def _read(source: Path, outputs: str) -> Result | None:
    """Return what is read of a document; None of one that no engine here can read, such as Korean."""
    services = make_services(FolderStore(source.parent), _SETTINGS)
    with services.pool:
        options = {"outputs": outputs, "ocr": "always"}
        outcome = read_upload(Request(key=source.name, options=options), services, Deadline())
    if outcome.written is None or outcome.written.endswith(".error.json"):
        return None
    return decode((source.parent / outcome.written).read_bytes(), Result)


def _turn(width: int, height: int, angle: float) -> tuple[Transform, tuple[int, int]]:
    """Return how points move when a page is turned counterclockwise on a sheet that holds all of it, and its size."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    across, down = math.ceil(width * cos + height * abs(sin)), math.ceil(width * abs(sin) + height * cos)
    x, y = (across - width * cos - height * sin) / 2, (down + width * sin - height * cos) / 2
    return Transform((cos, sin, x, -sin, cos, y, 0, 0, 1)), (across, down)


def _turned(page: Page, angle: float) -> Page:
    transform, size = _turn(page.width, page.height, angle)
    lines = tuple(
        replace(
            line,
            polygon=transform.polygon(line.polygon),
            words=tuple(replace(word, polygon=transform.polygon(word.polygon)) for word in line.words),
        )
        for line in page.lines
    )
    return replace(page, number=1, width=size[0], height=size[1], lines=lines, origin="ocr", status="ok")


def _laid(page: Page, path: Path, folder: Path) -> Path:
    """Return a searchable PDF of the words of a page over a white picture, as large as that of the document's."""
    work = Path(tempfile.mkdtemp(dir=folder))
    _save(Image.new("1", (page.width, page.height), 1), work / "page.png", path)
    outputs = Outputs(("pdf",), open_document(work / "page.png", _SETTINGS, 60), work, _SETTINGS)
    outputs.add(page)
    return outputs.finish()[0]["pdf"]


def _save(picture: Image.Image, target: Path, document: Path) -> None:
    """Save a picture with the resolution of a document."""
    dpi = _stated_dpi(document)
    if dpi:
        picture.save(target, dpi=dpi)
    else:
        picture.save(target)


def _stated_dpi(path: Path) -> tuple[float, float] | None:
    if path.suffix == ".pdf":
        return _DPI, _DPI
    with images.opened(path) as image:
        return images.resolution(image)


def _read_turned(path: Path, angle: float, folder: Path) -> tuple[Path, list[Page]]:
    """Return the searchable PDF of the first page of a document, turned before it is read, and what was read."""
    work = Path(tempfile.mkdtemp(dir=folder))
    drawn = rasterize(open_document(path, _SETTINGS, 60), 1, _DPI, work, _SETTINGS, 60)
    grey = cv2.imread(str(drawn.path), cv2.IMREAD_GRAYSCALE)
    assert grey is not None
    transform, size = _turn(grey.shape[1], grey.shape[0], angle)
    matrix = np.array(transform.matrix).reshape(3, 3)[:2]
    picture = cv2.warpAffine(grey, matrix, size, flags=cv2.INTER_AREA, borderValue=255)
    _save(Image.fromarray(picture), work / "page.png", path)
    result = _read(work / "page.png", "pdf")
    if result is None:
        raise ValueError(f"{path.name} was not read.")
    return work / result.outputs["pdf"], list(result.pages)


def _readers(viewer: Tab) -> Readers:
    def poppler(*options: str) -> Callable[[Path], str]:
        def read(pdf: Path) -> str:
            return subprocess.run(["pdftotext", *options, pdf, "-"], capture_output=True, check=True).stdout.decode()

        return read

    return {
        "pdftotext": poppler(),
        "-layout": poppler("-layout"),
        "-raw": poppler("-raw"),
        "-bbox": lambda pdf: "\n".join(spot[0] for spot in _spots(poppler("-bbox")(pdf))),
        "pypdf": lambda pdf: "\n".join(page.extract_text() for page in PdfReader(pdf).pages),
        "pdf.js": lambda pdf: "\n".join(pdfjs.texts(viewer, pdf)),
    }


def _count(
    pdf: Path, pages: Sequence[Page], angle: float, readers: Readers, totals: dict[tuple[float, str], Counts]
) -> None:
    lines = [_tokens(line.text) for page in pages for line in page.lines]
    wanted = Counter(word for line in lines for word in line)
    pairs = Counter(pair for line in lines for pair in pairwise(line))
    for name, read in readers.items():
        found = _tokens(read(pdf))
        there = _parted(Counter(found), lines, wanted)
        counts = totals[angle, name]
        counts.words += wanted.total()
        counts.found += (wanted & there).total()
        counts.more += (there - wanted).total()
        counts.pairs += pairs.total()
        counts.following += (pairs & Counter(pairwise(found))).total()
    _count_boxes(pdf, pages, totals[angle, "-bbox"])


def _parted(there: Counter[str], lines: Sequence[list[str]], wanted: Counter[str]) -> Counter[str]:
    """Return the words found, with those parted again that a reader joined where a line ends in a hyphen."""
    parted = Counter(there)
    for line, following in pairwise(lines):
        if line and following and len(line[-1]) > 1 and line[-1].endswith("-"):
            joined = line[-1].removesuffix("-") + following[0]
            if parted[joined] > wanted[joined]:
                parted[joined] -= 1
                parted.update((line[-1], following[0]))
    return parted


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _count_boxes(pdf: Path, pages: Sequence[Page], counts: Counts) -> None:
    """Count the words that are there once, and those of them whose ends pdftotext has where the page has them."""
    told = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, check=True).stdout.decode()
    for page, frame in zip(pages, told.split("<page ")[1:], strict=True):
        scale = page.width / float(frame.split('"')[1])
        spots = {text: sides for text, *sides in _spots(frame)}
        words = [word for line in page.lines for word in line.words]
        once = Counter(word.text for word in words)
        for word in words:
            if once[word.text] == 1 and word.text in spots and word.text.isascii() and not _is_sideways(word.polygon):
                (p, q, r, s), (left, _, right, _) = word.polygon, (side * scale for side in spots[word.text])
                ends = sorted(((p[0] + s[0]) / 2, (q[0] + r[0]) / 2))
                counts.boxes += 1
                counts.near += abs(ends[0] - left) <= NEAR_PX and abs(ends[1] - right) <= NEAR_PX


def _is_sideways(polygon: Polygon) -> bool:
    p, q, _, _ = polygon
    return abs(q[0] - p[0]) < abs(q[1] - p[1])


def _spots(told: str) -> list[tuple[str, float, float, float, float]]:
    found = re.findall(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>', told)
    return [(html.unescape(text), float(a), float(b), float(c), float(d)) for a, b, c, d, text in found]


def _report(totals: dict[tuple[float, str], Counts]) -> int:
    """Print the shares; return the exit code."""
    missed = False
    for (angle, name), counts in sorted(totals.items()):
        whole, more = counts.found / max(counts.words, 1), counts.more / max(counts.words, 1)
        order = counts.following / max(counts.pairs, 1)
        boxes = f"  boxes {counts.near / counts.boxes:.4f}" if counts.boxes else ""
        shares = f"whole {whole:.4f}  more {more:.4f}  order {order:.4f}{boxes}"
        print(f"{angle:4.1f} {name:10} words {counts.words:6}  {shares}")
        missed |= whole < FOUND or more > 1 - FOUND
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
