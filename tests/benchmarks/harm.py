"""What harm a page can come to and still be read: the recall that is kept, and how well boxes find their words.

Run: .venv/bin/python -m tests.benchmarks.harm [DIR] [--every N] [--kind NAME]... [--recipe auto]
         [--provider tesseract] [--jobs N] [--keep FOLDER] [-o ROWS.jsonl]

Each document of a single page in DIR (else in the shared sets), drawn to a grey picture, is read as it is and after
every kind of harm (`harms.py`). Printed are, per kind: the mean recall before and after, the mean share of it that is
kept, and of words that each reading has exactly once, how far the middles and the farthest corners of their boxes are,
in pixels of the harmed picture, from where the known transform moves them, and how many of the boxes begin at the
corner they should (the top left one of the text as it is read). --keep leaves the pictures in a folder per kind with an
index.jsonl, in which `transform` leads from the page's pixels to the harmed picture's. A page is read twelve times, so
the full run takes about an hour of CPU: --every 10 takes every tenth page. Exit code 1 if a kind keeps less than 95% of
the recall, or more than one box in twenty is off by more than 3 pixels.
"""

import argparse
import math
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from statistics import fmean, median, quantiles

import cv2
import msgspec
import numpy as np
from msgspec import Struct

from folio.bench import scores
from folio.bench.readers import Contender, contenders
from folio.bench.run import score, warmed
from folio.bench.truth import INDEX, Truth, load, sampled
from folio.config.settings import Settings
from folio.documents.opening import open_document
from folio.documents.rasterize import rasterize
from folio.errors import FolioError
from folio.models import Page, PageImage, encode
from folio.process_pool import processes
from folio.transform import Polygon, Transform
from tests.benchmarks.harms import Harmed, harms
from tests.support.paths import SHARED

KEPT = 0.95
NEAR = 3.0  # pixels
SHARE = 0.95  # of boxes that have to be near
_MIN_LETTERS = 3  # of a word that is looked for: shorter ones are easily misread for each other
_DPI = 300


class Row(Struct, frozen=True, kw_only=True):
    """One page after one harm; distances in pixels of the harmed picture, a pair for every word found in both.

    `begins` counts the boxes that begin at the corner they should.
    """

    set: str
    id: str
    kind: str
    before: float
    after: float
    middles: list[float] = []
    corners: list[float] = []
    begins: int = 0
    error: str | None = None


class Task(Struct, frozen=True, kw_only=True):
    number: int
    truth: Truth
    who: Contender
    kinds: list[str]
    keep: Path | None


def measure(task: Task) -> list[Row]:
    """One page, all kinds of harm."""
    with tempfile.TemporaryDirectory(prefix="folio-harm-") as name:
        folder = Path(name)
        try:
            page = drawn(task.truth, folder)
        except FolioError as error:
            told = f"{type(error).__name__}: {error.message}"
            return [Row(set=task.truth.set, id=task.truth.id, kind="not drawn", before=0, after=0, error=told)]
        if page is None:
            return []
        image = cv2.imread(str(page.path), cv2.IMREAD_GRAYSCALE)
        assert image is not None
        grey = image.astype(np.uint8)
        whole = _read(task, Harmed(grey), "whole", folder)
        rows = []
        for kind, work in harms(grey, page.dpi, task.number).items():
            harmed = work() if not task.kinds or kind in task.kinds else None
            if harmed is not None:
                rows.append(_row(task, kind, whole, _read(task, harmed, kind, folder), harmed.there))
        return rows


def drawn(truth: Truth, folder: Path) -> PageImage | None:
    """The page; none of a document that has several, of which the truth tells together."""
    settings = Settings()
    document = open_document(truth.path, settings, settings.page_timeout)
    if document.pages > 1:
        return None
    return rasterize(document, 1, _DPI, folder, settings, settings.page_timeout)


class Seen(Struct, frozen=True):
    recall: float
    page: Page | None
    error: str | None


def _read(task: Task, harmed: Harmed, kind: str, folder: Path) -> Seen:
    truth, who = task.truth, task.who
    home = (task.keep or folder) / kind.replace(" ", "-")
    home.mkdir(parents=True, exist_ok=True)
    path = home / f"{truth.set}-{truth.id}.{'png' if harmed.quality is None else 'jpg'}"
    quality = [] if harmed.quality is None else [cv2.IMWRITE_JPEG_QUALITY, harmed.quality]
    assert cv2.imwrite(str(path), harmed.image, quality)
    (home / f"{path.name}.line").write_bytes(
        encode(
            {
                "file": path.name,
                "id": f"{truth.set}-{truth.id}",
                "lang": truth.languages,
                "text": truth.text,
                "ordered": truth.ordered,
                "transform": harmed.there.matrix,
            }
        )
    )
    read = warmed((who,)).read(msgspec.structs.replace(truth, path=path), who)
    page = read.pages[0] if read.pages else None
    return Seen(score(truth, who.name, read).recall, page, read.error)


def _row(task: Task, kind: str, whole: Seen, harmed: Seen, there: Transform) -> Row:
    middles, corners, begins = distances(whole.page, harmed.page, there)
    return Row(
        set=task.truth.set,
        id=task.truth.id,
        kind=kind,
        before=whole.recall,
        after=harmed.recall,
        middles=middles,
        corners=corners,
        begins=begins,
        error=harmed.error or whole.error,
    )


def distances(whole: Page | None, harmed: Page | None, there: Transform) -> tuple[list[float], list[float], int]:
    """Between where a word's box is and where it should be: of the middles, and of the farthest corners.

    Wherever a box begins, its corners are compared with those they lie at; counted is how many begin where they should.
    """
    one, other = _once(whole), _once(harmed)
    middles, corners, begins = [], [], 0
    for text in sorted(one.keys() & other.keys()):
        expected, found = there.polygon(one[text]), other[text]
        turns = [max(map(math.dist, expected, found[turn:] + found[:turn])) for turn in range(4)]
        middles.append(round(math.dist(_middle(expected), _middle(found)), 2))
        corners.append(round(min(turns), 2))
        begins += turns[0] == min(turns)
    return middles, corners, begins


def _once(page: Page | None) -> dict[str, Polygon]:
    """The words that are on a page exactly once, and their boxes."""
    found = [
        ("".join(scores.words(word.text)), word.polygon) for line in (page.lines if page else ()) for word in line.words
    ]
    counts = Counter(text for text, _ in found)
    return {text: polygon for text, polygon in found if counts[text] == 1 and len(text) >= _MIN_LETTERS}


def _middle(polygon: Polygon) -> tuple[float, float]:
    return sum(x for x, _ in polygon) / 4, sum(y for _, y in polygon) / 4


def collected(keep: Path) -> None:
    """One index of the lines that were left beside the pictures."""
    for folder in (path for path in keep.iterdir() if path.is_dir()):
        lines = sorted(folder.glob("*.line"))
        (folder / INDEX).write_bytes(b"".join(path.read_bytes() + b"\n" for path in lines))
        for path in lines:
            path.unlink()


def table(rows: list[Row]) -> str:
    lines = [
        "| harm | pages | before | after | kept | words | middle: median | 95% | within 3 px "
        "| corner: median | 95% | within 3 px | begin right |",
        "| --- " + "| ---: " * 12 + "|",
    ]
    for kind in dict.fromkeys(row.kind for row in rows):
        ours = [row for row in rows if row.kind == kind]
        before, after = fmean(row.before for row in ours), fmean(row.after for row in ours)
        middles, corners = _all(row.middles for row in ours), _all(row.corners for row in ours)
        rates = f"{before:.1%} | {after:.1%} | {kept(ours):.1%}"
        begins = f"{sum(row.begins for row in ours) / len(middles):.1%}" if middles else "-"
        spread = f"{_spread(middles)} | {_spread(corners)} | {begins}"
        lines.append(f"| {kind} | {len(ours)} | {rates} | {len(middles)} | {spread} |")
    return "\n".join(lines)


def kept(rows: list[Row]) -> float:
    """The mean share of a page's recall that is left, of pages that can be read at all."""
    shares = [row.after / row.before for row in rows if row.before]
    return fmean(shares) if shares else 1.0


def _all(lists: Iterable[list[float]]) -> list[float]:
    return [value for values in lists for value in values]


def _spread(values: list[float]) -> str:
    if len(values) < 2:
        return "- | - | -"
    return f"{median(values):.1f} | {quantiles(values, n=20)[-1]:.1f} | {near(values):.1%}"


def near(values: list[float]) -> float:
    return sum(value <= NEAR for value in values) / len(values) if values else 1.0


def run(tasks: list[Task], jobs: int) -> Iterator[Row]:
    with processes(jobs, partial(os._exit, 1)) as pool:
        for rows in pool.map(measure, tasks):
            yield from rows


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--kind", action="append", default=[])
    parser.add_argument("--recipe", default="auto")
    parser.add_argument("--provider", default="tesseract")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    return parser.parse_args()


def main() -> int:
    given = parsed()
    truths = sampled(load(given.folder), given.every)
    (who,) = contenders([given.recipe], [given.provider], [], {})
    tasks = [
        Task(number=number, truth=truth, who=who, kinds=given.kind, keep=given.keep)
        for number, truth in enumerate(truths)
    ]
    rows = []
    for row in run(tasks, given.jobs):
        print(f"{row.set}/{row.id} {row.kind}: {row.before:.1%} -> {row.after:.1%} {row.error or ''}", file=sys.stderr)
        rows.append(row)
    if given.keep:
        collected(given.keep)
    if given.output:
        given.output.write_bytes(b"".join(encode(row) + b"\n" for row in rows))
    print(table(rows))
    kinds = [[row for row in rows if row.kind == kind] for kind in dict.fromkeys(row.kind for row in rows)]
    good = all(kept(ours) >= KEPT and near(_all(row.middles for row in ours)) >= SHARE for ours in kinds)
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
