"""What Folio is compared with: bare Tesseract, the script of the textbooks, and stock RapidOCR."""

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from folio.bench.truth import Truth
from folio.config.environment import variable
from folio.errors import EngineFailed, ToolMissing
from folio.transform import Box

BARE, TEXTBOOK, RAPIDOCR = "bare", "textbook", "rapidocr"
# The Python that has rapidocr; it is no part of Folio.
RAPIDOCR_PYTHON = "FOLIO_RAPIDOCR_PYTHON"
_DPI = 300  # at which a PDF is drawn
_MAX_SECONDS = 600.0  # for one document

# As tutorials have it. It keeps Tesseract's default of several threads, which is part of what it costs.
_TEXTBOOK = """
import sys
import pytesseract
from pdf2image import convert_from_path
from PIL import Image
name, language = sys.argv[1:]
with open(name, "rb") as file:
    is_pdf = b"%PDF-" in file.read(1024)
pages = convert_from_path(name, dpi=200) if is_pdf else [Image.open(name)]
for page in pages:
    print(pytesseract.image_to_string(page, lang=language))
"""


class ReadWord(Struct, frozen=True):
    """A word, its confidence (None: unknown) and its box in the page's pixels."""

    text: str
    confidence: float | None
    box: Box


class PlainText(Struct, frozen=True):
    """What a baseline reads: `words` are those of the first page, None if it does not tell their boxes."""

    text: str
    words: tuple[ReadWord, ...] | None


def _bare(truth: Truth, folder: Path) -> PlainText:
    """Run `tesseract page out -l LANG`, one thread, on the picture itself or on the pages as poppler draws them."""
    texts: list[str] = []
    words: list[ReadWord] = []
    for number, page in enumerate(_pictures(truth, folder)):
        out = folder / f"out{number}"
        _run("tesseract", str(page), str(out), "-l", truth.languages, "txt", "tsv")
        texts.append(out.with_suffix(".txt").read_text("utf-8"))
        words += _tsv_words(out.with_suffix(".tsv").read_text("utf-8")) if number == 0 else []
    return PlainText("\n".join(texts), tuple(words))


def _tsv_words(table: str) -> list[ReadWord]:
    rows = [row.split("\t", 11) for row in table.splitlines()[1:]]
    words = []
    for row in rows:
        if len(row) == 12 and row[:2] == ["5", "1"] and row[11].strip():
            left, top, width, height, confidence = (float(value) for value in row[6:11])
            words.append(ReadWord(row[11].strip(), confidence / 100, (left, top, left + width, top + height)))
    return words


def _textbook(truth: Truth, folder: Path) -> PlainText:  # noqa: ARG001 (as the others are called)
    command = ("env", "-u", "OMP_THREAD_LIMIT", sys.executable, "-c", _TEXTBOOK, str(truth.path), truth.languages)
    return PlainText(_run(*command), None)


def _rapidocr(truth: Truth, folder: Path) -> PlainText:
    """Ask RapidOCR with its own models and settings, but for one thread."""
    texts: list[str] = []
    words: list[ReadWord] = []
    for number, page in enumerate(_pictures(truth, folder)):
        lines, boxed = _rapidocr_server().read(page)
        texts += lines
        words += boxed if number == 0 else []
    return PlainText("\n".join(texts), tuple(words))


class _RapidOCR:
    """A process that keeps RapidOCR's models; it ends with this one, whose pipe it reads."""

    def __init__(self) -> None:
        python = variable(RAPIDOCR_PYTHON) or sys.executable
        server = Path(__file__).with_name("rapidocr_server.py")
        self._process = subprocess.Popen(
            ["env", "OMP_NUM_THREADS=1", python, "-P", str(server)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def read(self, page: Path) -> tuple[list[str], list[ReadWord]]:
        if self._process.stdin is None or self._process.stdout is None:
            raise EngineFailed("RapidOCR has no pipes.")
        try:
            print(page, file=self._process.stdin, flush=True)
            answer = self._process.stdout.readline()
        except OSError:
            answer = ""
        if not answer:
            raise ToolMissing(f"RapidOCR stopped; is rapidocr installed where {RAPIDOCR_PYTHON} says?")
        read = msgspec.json.decode(answer, type=tuple[list[str], list[ReadWord]] | None)
        if read is None:
            raise EngineFailed("RapidOCR failed on this page.")
        return read


_rapidocr_server = cache(_RapidOCR)


def _pictures(truth: Truth, folder: Path) -> list[Path]:
    """Return the picture itself, or the pages of a PDF as poppler draws them."""
    with truth.path.open("rb") as file:
        if b"%PDF-" not in file.read(1024):
            return [truth.path]
    _run("pdftoppm", "-r", str(_DPI), "-gray", str(truth.path), str(folder / "page"))
    return sorted(folder.glob("page*.pgm"))


def _run(*command: str) -> str:
    """Return a foreign program's output. Folio is only compared with it, so it has no module of its own."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_MAX_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise ToolMissing(f"{command[0]} is not installed.") from error
    except subprocess.TimeoutExpired as error:
        raise EngineFailed(f"{command[0]} took longer than {_MAX_SECONDS:.0f} seconds.") from error
    if done.returncode:
        raise EngineFailed(f"{command[0]} stopped with status {done.returncode}.")
    return done.stdout


# A reader of one document, given a folder for its files.
BASELINES: dict[str, Callable[[Truth, Path], PlainText]] = {BARE: _bare, TEXTBOOK: _textbook, RAPIDOCR: _rapidocr}
