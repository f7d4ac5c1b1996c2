"""A long document takes no more memory and scratch space than a short one.

Run: .venv/bin/python -m tests.benchmarks.memory [PAGES]

Reads a scan of 60 pages and one of 300 (or PAGES), made of the same three pictures, with the real `folio read`; both
are long enough to be read by several processes. Sampled are the memory of its whole process tree and the size of its
scratch folder. Exit code 1 if the long one's peak of memory is above 1.2 times the short one's, or its scratch folder
above 1.2 times plus what has to be there: the document itself and its result.

Judged is RSS, of Folio's own process and of all together. PSS, which counts shared pages once, is printed too, but also
grows and shrinks with what else runs on the machine. The short one is read until as many pages have gone by: the
tools' peaks are brief, and a sum of them that is met once in 300 pages is seldom met in 60.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from msgspec import Struct

from folio.models import Result, decode
from tests.support.documents.pdfs import PdfPage, make_pdf, words
from tests.support.processes.running import FOLIO, MB, environment, measured

SHORT, LONG = 60, 300
LIMIT = 1.2
TEXTS = (
    ("The ferry leaves at nine", "and is back by noon."),
    ("Two sacks of rye flour,", "one of oats, no barley."),
    ("Rain fell on the orchard", "until late in the evening."),
)


class Peak(Struct, frozen=True):
    """The most that reading one document took, in bytes; `files` are the document and its result."""

    own: int
    rss: int
    pss: int
    scratch: int
    files: int


def build(target: Path, pages: int) -> None:
    """An A5 scan at 100 dpi, a picture a page and no text layer."""
    pictures = [words(*lines, size=(583, 826), height=30, at=(60, 80)) for lines in TEXTS]
    target.write_bytes(make_pdf(*[PdfPage(picture=pictures[number % len(pictures)]) for number in range(pages)]))


def size(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(place) / name).stat().st_size
            except OSError:  # it was removed meanwhile
                continue
    return total


def measure(folder: Path, pages: int, rounds: int = 1) -> Peak:
    source, scratch = folder / f"scan{pages}.pdf", folder / "scratch"
    build(source, pages)
    scratch.mkdir()
    most = 0

    def look() -> None:
        nonlocal most
        most = max(most, size(scratch))

    command = [*FOLIO, "read", str(source), "--dpi", "100", "--force"]
    runs = [measured(command, environment(TMPDIR=str(scratch)), timeout=3600, also=look) for _ in range(rounds)]
    result = source.with_name(source.name + ".ocr.json")
    if said := complaint(result, pages):
        sys.exit(f"{said} {runs[-1].err}")
    files = source.stat().st_size + result.stat().st_size
    shutil.rmtree(scratch)
    own, rss, pss = (max(sizes) for sizes in zip(*((ran.own, ran.rss, ran.pss) for ran in runs), strict=True))
    return Peak(own, rss, pss, most, files)


def complaint(result: Path, pages: int) -> str:
    """What is wrong with a result: memory that was saved by not reading is none."""
    read = decode(result.read_bytes(), Result) if result.exists() else None
    if read is None or len(read.pages) != pages:
        return f"Not all {pages} pages were read."
    wrong = (n for n, page in enumerate(read.pages) if page.text.split() != " ".join(TEXTS[n % len(TEXTS)]).split())
    return "".join(f"Page {n + 1} was read as {read.pages[n].text!r}." for n in list(wrong)[:1])


def main() -> int:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else LONG
    with tempfile.TemporaryDirectory() as name:
        short, long = measure(Path(name), SHORT, pages // SHORT), measure(Path(name), pages)
    print(f"{'pages':>5} {'own MB':>7} {'tree MB':>8} {'PSS MB':>7} {'scratch MB':>11} {'document and result MB':>23}")
    for number, peak in ((SHORT, short), (pages, long)):
        memory = f"{peak.own / MB:7.1f} {peak.rss / MB:8.1f} {peak.pss / MB:7.1f}"
        print(f"{number:5} {memory} {peak.scratch / MB:11.2f} {peak.files / MB:23.2f}")
    room = LIMIT * short.scratch + long.files
    own, tree = long.own / short.own, long.rss / short.rss
    print(f"memory: Folio's own process {own:.3f}, with its tools {tree:.3f} times the short one's, at most {LIMIT}")
    print(f"scratch: {long.scratch / MB:.2f} MB, at most {room / MB:.2f}")
    return int(max(own, tree) > LIMIT or long.scratch > room)


if __name__ == "__main__":
    sys.exit(main())
