"""How much of documents is read whose text is known: writes docs/accuracy.md.

Run: .venv/bin/python -m tests.benchmarks.accuracy [DIR] [--every N] [--jobs N] [--recipes auto,none]
         [--baselines bare,textbook] [--to FILE] [--rows FILE [--resume]]

DIR is ../shared/data if it is there, or any folder as `folio bench` takes it. Read by bare Tesseract, by the script of
the textbooks and by Folio with each recipe. --rows FILE keeps the scores of every document too, as JSON lines; with
--resume those that are in it already are not measured again.
"""

import argparse
import itertools
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from folio.bench.readers import BASELINES, contenders
from folio.bench.run import Row, recorded, run
from folio.bench.tables import report
from folio.bench.truth import load, sampled
from folio.documents import poppler
from folio.models import decode
from folio.options.table import values
from folio.version import __version__
from tests.support.paths import ROOT, SHARED

RECIPES = values("recipe")

TARGET = ROOT / "docs" / "accuracy.md"

TEXT = """\
# Accuracy

Written by `make bench` on {date} from {documents}.
With {versions}.

Rates are means over documents, in percent. Words are runs of letters and digits (Chinese: characters), NFKC and
case-folded, words divided at line ends joined; recall and precision count them as multisets. CER and WER only where the
truth is in reading order; boxes: truth words that a read word of the same text covers to 30% at least. `CPU s` is per
document, `wall` against bare Tesseract in the same run, both with the drawing of PDF pages.

`bare` is `tesseract page out -l LANG`, one thread, on the picture itself or the page drawn at 300 dpi; `textbook` is
pdf2image at 200 dpi and `pytesseract.image_to_string`; the others are Folio's recipes.

{report}
"""


def versions() -> str:
    """Of all that has a part in what is read, the machine left out."""
    from cv2 import __version__ as opencv

    told = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True)
    tesseract = (told.stdout or told.stderr).split()[1]
    return f"Folio {__version__}, Tesseract {tesseract}, poppler {poppler.version()}, OpenCV {opencv}"


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How much of documents is read whose text is known.")
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--recipes", default=",".join(RECIPES))
    parser.add_argument("--baselines", default=",".join(BASELINES))
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--to", type=Path, default=TARGET)
    parser.add_argument("--rows", type=Path)
    return parser.parse_args()


def before(rows: Path) -> list[Row]:
    """What an earlier run has measured, but for its last document, which may not be whole."""
    found = [decode(line, Row) for line in rows.read_bytes().splitlines()] if rows.is_file() else []
    return [row for row in found if (row.set, row.id) != (found[-1].set, found[-1].id)]


def main() -> int:
    given = parsed()
    if not given.folder.is_dir():
        print(f"{given.folder} is not there: give a folder with an index.jsonl.", file=sys.stderr)
        return 1
    if not shutil.which("tesseract"):
        print("tesseract is not installed; run `make setup`.", file=sys.stderr)
        return 1
    truths = sampled(load(given.folder), given.every)
    everybody = contenders(given.recipes.split(","), ["tesseract"], given.baselines.split(","), {})
    there = before(given.rows) if given.resume else []
    known = {(row.set, row.id) for row in there}
    rows = []
    missing = run([truth for truth in truths if (truth.set, truth.id) not in known], everybody, given.jobs)
    for row in recorded(itertools.chain(there, missing), given.rows):
        print(f"{row.set}/{row.id} {row.reader}: {row.recall:.1%} {row.error or ''}", file=sys.stderr)
        rows.append(row)
    some = "" if given.every == 1 else f", one in {given.every} of each set"
    text = TEXT.format(
        date=datetime.now(UTC).date(),
        documents=f"{len(truths)} documents{some}",
        versions=versions(),
        report=report(rows),
    )
    given.to.write_text(text, "utf-8")
    print(given.to)
    return 0


if __name__ == "__main__":
    sys.exit(main())
