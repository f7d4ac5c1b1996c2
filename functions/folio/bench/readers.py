"""The readers that are measured: Folio with a recipe and a provider, bare Tesseract, and the textbook script.

Each reads one document into plain text and boxes of the words on its first page. Seconds of all of them include drawing
the pages of a PDF.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from folio import keys
from folio.bench.truth import Truth
from folio.deadline import Deadline
from folio.errors import BadOption, EngineFailed, FolioError, ToolMissing
from folio.models import Page, Result, decode
from folio.options.resolve import parse_options
from folio.options.settings import load_settings
from folio.reading.pipeline import Request, read_upload
from folio.stores.folder import FolderStore
from folio.transform import Box
from folio.wiring import local_services

BARE, TEXTBOOK = "bare", "textbook"
BASELINES = (BARE, TEXTBOOK)
NO_BASELINE = "none"
_BARE_DPI = 300  # for bare Tesseract
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


class Contender(Struct, frozen=True):
    """A reader under test: a baseline by name, or Folio with `options`."""

    name: str
    options: tuple[tuple[str, str], ...] = ()


class Read(Struct, frozen=True, kw_only=True):
    """What was read of one document: `words` are those of the first page, boxed in its pixels (None: without boxes).

    `pages` are Folio's own. `cpu` counts this process and the programs it started; it and `wall` are seconds. What
    failed has an error; a part of a document may have text all the same.
    """

    text: str = ""
    words: tuple[tuple[str, Box], ...] | None = ()
    pages: tuple[Page, ...] = ()
    cpu: float = 0.0
    wall: float = 0.0
    error: str | None = None


def contenders(
    recipes: list[str], providers: list[str], baselines: list[str], options: Mapping[str, str]
) -> list[Contender]:
    """Return the baselines (`none`: no baseline), then Folio with every recipe and provider. Raises BadOption."""
    baselines = [name for name in baselines if name != NO_BASELINE]
    if unknown := sorted(set(baselines) - set(BASELINES)):
        raise BadOption(f"There is no baseline {unknown[0]!r}; they are {', '.join((*BASELINES, NO_BASELINE))}.")
    for recipe in recipes:
        for provider in providers:
            # Refuses a misspelled option before any reading.
            parse_options({**options, "recipe": recipe, "providers": provider})
    several = len(providers) > 1 or providers != ["tesseract"]
    ours = [
        Contender(
            f"{provider} {recipe}" if several else recipe,
            tuple(({**options, "recipe": recipe, "providers": provider}).items()),
        )
        for provider in providers
        for recipe in recipes
    ]
    return [*map(Contender, baselines), *ours]


class Bench:
    """Reads documents one at a time; not for several threads, whose CPU could not be told apart."""

    def __init__(self) -> None:
        self._local = local_services(msgspec.structs.replace(load_settings(), jobs=1))

    def close(self) -> None:
        self._local.services.pool.shutdown()

    def warm(self, truth: Truth, recipes: list[str]) -> None:
        """Import what is slow to import, which happens once in a process and not once for each document."""
        for recipe in recipes:
            self.read(truth, Contender("", (("recipe", recipe), ("providers", "tesseract"))))

    def read(self, truth: Truth, who: Contender) -> Read:
        """Return what `who` reads of a document; an error is in the answer."""
        read_by_baseline = {BARE: _bare, TEXTBOOK: _textbook}.get(who.name)
        with tempfile.TemporaryDirectory(prefix="folio-bench-") as name:
            folder = Path(name)
            cpu, wall = _cpu(), time.monotonic()
            try:
                read = read_by_baseline(truth, folder) if read_by_baseline else self._folio(truth, who, folder)
            except FolioError as error:
                read = Read(error=f"{type(error).__name__}: {error.message}")
            spent = {"cpu": _cpu() - cpu, "wall": time.monotonic() - wall}
        return msgspec.structs.replace(read, **spent)

    def _folio(self, truth: Truth, who: Contender, folder: Path) -> Read:
        services = self._local.on_folder(truth.path.parent, folder)
        options = {"languages": truth.languages, **dict(who.options)}
        outcome = read_upload(Request(key=truth.path.name, options=options, force=True), services, Deadline())
        stored = FolderStore(truth.path.parent, folder).read(keys.result_key(truth.path.name))
        if stored is None:
            raise outcome.error or EngineFailed("There is no result.")
        result = decode(stored.data, Result)
        failed = next((page.error for page in result.pages if page.error), None)
        return Read(
            text=result.text,
            words=tuple(page_words(result.pages[0])),
            pages=result.pages,
            error=f"{failed.type}: {failed.message}" if failed else None,
        )


def page_words(page: Page) -> list[tuple[str, Box]]:
    """Return texts and upright boxes of a page's words."""
    return [(word.text, word.bounds) for line in page.lines for word in line.words]


def _bare(truth: Truth, folder: Path) -> Read:
    """Run `tesseract page out -l LANG`, one thread, on the picture itself or on the pages as poppler draws them."""
    pages = [truth.path]
    with truth.path.open("rb") as file:
        is_pdf = b"%PDF-" in file.read(1024)
    if is_pdf:
        _run("pdftoppm", "-r", str(_BARE_DPI), "-gray", str(truth.path), str(folder / "page"))
        pages = sorted(folder.glob("page*.pgm"))
    texts, words = [], []
    for number, page in enumerate(pages):
        out = folder / f"out{number}"
        _run("tesseract", str(page), str(out), "-l", truth.languages, "txt", "tsv")
        texts.append(out.with_suffix(".txt").read_text("utf-8"))
        words += _tsv_words(out.with_suffix(".tsv").read_text("utf-8")) if number == 0 else []
    return Read(text="\n".join(texts), words=tuple(words))


def _tsv_words(table: str) -> list[tuple[str, Box]]:
    rows = [row.split("\t", 11) for row in table.splitlines()[1:]]
    words = []
    for row in rows:
        if len(row) == 12 and row[:2] == ["5", "1"] and row[11].strip():
            left, top, width, height = (float(value) for value in row[6:10])
            words.append((row[11].strip(), (left, top, left + width, top + height)))
    return words


def _textbook(truth: Truth, folder: Path) -> Read:  # noqa: ARG001 (as the others are called)
    command = ("env", "-u", "OMP_THREAD_LIMIT", sys.executable, "-c", _TEXTBOOK, str(truth.path), truth.languages)
    return Read(text=_run(*command), words=None)


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


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
