"""How much of documents is read whose text is known: writes docs/accuracy.md.

Run: .venv/bin/python -m tests.benchmarks.accuracy [DIR] [--every N] [--jobs N] [--sets forms,mixed]
         [--providers auto,ppocr,tesseract] [--recipes auto] [--baselines bare,rapidocr] [--to FILE]
         [--rows FILE [--resume]]

DIR is ../shared/data if it is there, or any folder as `folio bench` takes it. Read by the baselines, stock RapidOCR in
an environment of its own among them, and by Folio with each provider and recipe; PDFs are drawn, whatever they say.
--rows FILE keeps the scores of every document too, as JSON lines; with --resume those that are in it already are not
measured again. Seconds are only comparable within a run.
"""

import argparse
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from scripts.find_uv import find_uv

from folio.bench.baselines import RAPIDOCR, RAPIDOCR_PYTHON
from folio.bench.readers import Contender, contenders
from folio.bench.run import Row, recorded, run
from folio.bench.tables import report
from folio.bench.truth import Truth, load, sampled
from folio.config.options import Options
from folio.documents.pdf import poppler
from folio.models import decode
from folio.options.table import values
from folio.providers.ppocr.language.languages import LANGUAGES
from folio.version import __version__
from tests.support.paths import ROOT, SHARED

TARGET = ROOT / "docs" / "accuracy.md"
AUTO = "auto"
PROVIDERS = (AUTO, "ppocr", "tesseract")

# RapidOCR asks for the OpenCV with windows, which lacks a library on servers; the other is the same without them.
RAPIDOCR_PACKAGES = ("rapidocr==3.10.0", "onnxruntime==1.32.0", "opencv-python-headless==5.0.0.93")
LEFT_OUT = "opencv-python ; python_version < '3'\n"

TEXT = """\
# Accuracy

Written by `make bench` on {date} from {documents}.
With {versions}.

Rates are means over documents, in percent, except `summed`: recall and precision of all documents' words together.
Words are runs of letters and digits (Chinese, Japanese: characters), NFKC and case-folded, words divided at line ends
joined; recall and precision count them as multisets. CER and WER only where the truth is in reading order; boxes: truth
words that a read word of the same text covers to 30% at least. `CPU s` is per document, on one thread, with the drawing
of PDF pages, `of bare` the same against bare Tesseract in this run.

`bare` is `tesseract page out -l LANG` on the picture itself or the page drawn at 300 dpi; `rapidocr` is {rapidocr}
as it comes; the others are Folio with that provider{languages}. PDFs are drawn, whatever they say themselves.
A word is right, for the table of confidences, if the truth has it there or, without boxes, as often as it was read
(characters: beside a neighbor). `in the truth` leaves out wrong words of which the truth has nothing there, or nothing
unread that they can be misread from: lettering of charts and stamps, but patterns read as writing too.

{report}
"""


def versions() -> str:
    """Of all that has a part in what is read, the machine left out."""
    from cv2 import __version__ as opencv
    from onnxruntime import __version__ as onnxruntime

    told = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=True)
    tesseract = (told.stdout or told.stderr).split()[1]
    return (
        f"Folio {__version__}, Tesseract {tesseract}, onnxruntime {onnxruntime}, poppler {poppler.version()}, "
        f"OpenCV {opencv}"
    )


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How much of documents is read whose text is known.")
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--sets", default="")
    known = [name for name in PROVIDERS if name in values("providers")]
    parser.add_argument("--providers", default=",".join(known))
    parser.add_argument("--recipes", default="auto")
    parser.add_argument("--baselines", default="bare,rapidocr")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--to", type=Path, default=TARGET)
    parser.add_argument("--rows", type=Path)
    return parser.parse_args()


def readers(given: argparse.Namespace) -> list[Contender]:
    """Return the baselines and Folio's; `auto` finds the languages too, the others are told them."""
    options = {"ocr": "always"}
    everybody = contenders(given.recipes.split(","), given.providers.split(","), given.baselines.split(","), options)
    if not finds_languages():
        return everybody
    return [
        msgspec.structs.replace(one, options=(*one.options, ("languages", AUTO)))
        if dict(one.options).get("providers") == AUTO
        else one
        for one in everybody
    ]


def finds_languages() -> bool:
    """Return whether Folio finds the languages of a page that nobody told."""
    return Options().languages == (AUTO,)


def grouped(truth: Truth) -> Truth:
    """Return a page of photos_multi in a set by script, photographs apart."""
    if truth.set != "photos_multi":
        return truth
    script = "English" if truth.languages == "eng" else "Latin"
    if truth.by_character:
        script = "Chinese, Japanese"
    elif truth.languages not in LANGUAGES:
        script = "Korean, Arabic"
    return msgspec.structs.replace(truth, set=f"{truth.set} {script}{' photographs' if truth.photo else ''}")


def with_rapidocr() -> None:
    """Make the environment in which RapidOCR runs, once, and say where it is."""
    cache, uv = Path(os.environ["FOLIO_CACHE"]), find_uv()
    home = cache / RAPIDOCR_PACKAGES[0].replace("==", "-")  # env takes a path with = for a variable
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        override = cache / "rapidocr-left-out.txt"
        override.write_text(LEFT_OUT)
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, home], check=True)
        install: list[str | Path] = [
            uv,
            "pip",
            "install",
            "-q",
            "--native-tls",
            "--python",
            python,
            "--override",
            override,
        ]
        subprocess.run([*install, *RAPIDOCR_PACKAGES], check=True)
        (home / "ready").touch()
    os.environ[RAPIDOCR_PYTHON] = str(python)


def before(rows: Path, readers: Iterable[Contender]) -> list[Row]:
    """What an earlier run has measured, but for documents not read by all of the readers."""
    found = [decode(line, Row) for line in rows.read_bytes().splitlines()] if rows.is_file() else []
    names = {one.name for one in readers}
    by_document: dict[tuple[str, str], set[str]] = {}
    for row in found:
        by_document.setdefault((row.set, row.id), set()).add(row.reader)
    return [row for row in found if by_document[row.set, row.id] >= names]


def main() -> int:
    given = parsed()
    if not given.folder.is_dir():
        print(f"{given.folder} is not there: give a folder with an index.jsonl.", file=sys.stderr)
        return 1
    if not shutil.which("tesseract"):
        print("tesseract is not installed; run `make setup`.", file=sys.stderr)
        return 1
    if RAPIDOCR in given.baselines.split(","):
        with_rapidocr()
    sets = given.sets.split(",") if given.sets else []
    truths = [grouped(one) for one in sampled(load(given.folder), given.every) if not sets or one.set in sets]
    everybody = readers(given)
    there = before(given.rows, everybody) if given.resume else []
    known = {(row.set, row.id) for row in there}
    rows = []
    missing = run([truth for truth in truths if (truth.set, truth.id) not in known], everybody, given.jobs)
    for row in recorded(itertools.chain(there, missing), given.rows):
        print(f"{row.set}/{row.id} {row.reader}: {row.recall:.1%} {row.error or ''}", file=sys.stderr)
        rows.append(row)
    some = "" if given.every == 1 else f", one in {given.every} of each set"
    text = TEXT.format(
        date=datetime.now(UTC).date(),
        documents=f"{len({(row.set, row.id) for row in rows})} documents{some}",
        versions=versions(),
        rapidocr=RAPIDOCR_PACKAGES[0].replace("==", " "),
        languages=", told the languages but for `auto`, which finds them" if finds_languages() else "",
        report=report(rows),
    )
    given.to.write_text(text, "utf-8")
    print(given.to)
    return 0


if __name__ == "__main__":
    sys.exit(main())
