"""Documents that one provider reads worse than another, both told the language, by more than a point.

Run: .venv/bin/python -m tests.benchmarks.never_worse [DIR] [--every N] [--providers ppocr,tesseract] [--jobs N]
         [--rows FILE [--resume]]

DIR is ../shared/data if it is there, or any folder as `folio bench` takes it. Text layers are not read. --rows keeps
the scores of every document, as JSON lines; with --resume those that are in it already are not measured again. Exit
code 1 if the first provider loses more than a point of recall or precision on more than two documents.
"""

import argparse
import itertools
import sys
from collections.abc import Iterable
from pathlib import Path

from folio.bench.readers import contenders
from folio.bench.run import Row, recorded, run
from folio.bench.truth import load, sampled
from tests.benchmarks.accuracy import before
from tests.support.paths import SHARED

MAX_LOSS = 0.01
MAX_WORSE = 2  # documents


def losses(rows: Iterable[Row], mine: str, theirs: str) -> dict[tuple[str, str], tuple[float, float]]:
    """Return how much lower recall and precision of `mine` are, of documents where either is by more than allowed."""
    by_document: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        by_document.setdefault((row.set, row.id), {})[row.reader] = row
    pairs = {key: (both[mine], both[theirs]) for key, both in by_document.items() if {mine, theirs} <= both.keys()}
    lost = {key: (other.recall - own.recall, other.precision - own.precision) for key, (own, other) in pairs.items()}
    return {key: both for key, both in lost.items() if max(both) > MAX_LOSS}


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--providers", default="ppocr,tesseract")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--resume", action="store_true")
    return parser.parse_args()


def main() -> int:
    given = parsed()
    first, second = contenders(["auto"], given.providers.split(","), [], {"ocr": "always"})
    there = before(given.rows, [first, second]) if given.resume else []
    known = {(row.set, row.id) for row in there}
    truths = [truth for truth in sampled(load(given.folder), given.every) if (truth.set, truth.id) not in known]
    rows = []
    for row in recorded(itertools.chain(there, run(truths, [first, second], given.jobs)), given.rows):
        print(
            f"{row.set}/{row.id} {row.reader}: {row.recall:.1%} {row.precision:.1%} {row.error or ''}", file=sys.stderr
        )
        rows.append(row)
    lost = losses(rows, first.name, second.name)
    for (name, document), (recall, precision) in lost.items():
        print(f"{name}/{document}: recall {-recall:+.1%}, precision {-precision:+.1%}")
    print(f"{len(rows) // 2} documents, {len(lost)} of them read worse by {first.name} than by {second.name}")
    return int(len(lost) > MAX_WORSE)


if __name__ == "__main__":
    sys.exit(main())
